"""The built page beside the doors: its files and nothing else, with the caching that their names promise."""

from pathlib import Path

import pytest

from tests.client import running_app
from tests.conftest import migrated, settings_for

pytestmark = pytest.mark.asyncio


async def test_only_files_that_exist_are_served(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html><title>OmniAI</title>")
    (dist / "frame.html").write_text('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">')
    (dist / "runtime-config.json").write_text('{"apiBaseUrl": ""}')
    (dist / "assets" / "app-1a2b.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("secret")
    async with running_app(migrated(settings_for(tmp_path, WEB_DIR=str(dist)))) as api:
        page = await api.http.get("/")
        assert page.text.startswith("<!doctype html>")
        assert page.headers["cache-control"] == "no-cache"
        assert page.headers["content-security-policy"] == "frame-ancestors 'none'"
        assert page.headers["x-content-type-options"] == "nosniff"
        frame = await api.http.get("/frame.html")
        assert frame.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"
        assert (await api.http.get("/runtime-config.json")).json() == {"apiBaseUrl": ""}
        asset = await api.http.get("/assets/app-1a2b.js")
        assert "immutable" in asset.headers["cache-control"]
        assert (await api.http.head("/")).status_code == 200
        for path in ("/assets/none.js", "/assets/", "/assets/..%2f..%2fsecret.txt", "/assets/../../secret.txt", "/c/x"):
            missing = await api.http.get(path)
            assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND"), path
        wrong = await api.http.post("/", json={})
        assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD")
        for path in ("/assets/app-1a2b.js", "/assets/none.js", "/assets/"):
            wrong = await api.http.post(path, json={})
            assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD"), path
        assert (await api.http.put("/conversations", json={})).status_code == 405


async def test_without_a_built_page_only_the_doors_are_there(tmp_path: Path) -> None:
    async with running_app(migrated(settings_for(tmp_path, WEB_DIR=str(tmp_path / "none")))) as api:
        assert (await api.http.get("/")).status_code == 404
        assert (await api.http.get("/health")).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br", "br", "in br"),
        ("gzip", "gzip", "in gz"),
        ("gzip, br;q=0", "gzip", "in gz"),
        ("br;q=0.0, gzip;q=0", None, "plain"),
        ("identity", None, "plain"),
    ],
)
async def test_an_asset_is_sent_in_the_best_form_that_is_taken(
    tmp_path: Path, accepted: str, coding: str | None, body: str
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    for ending, text in (("", "plain"), (".br", "in br"), (".gz", "in gz")):
        (tmp_path / "assets" / f"app-1a2b.css{ending}").write_text(text)
    (tmp_path / "assets" / "small-3c4d.js").write_text("only plain")
    settings = migrated(settings_for(tmp_path / "data", WEB_DIR=str(tmp_path)))
    async with running_app(settings) as api:
        headers = {"Accept-Encoding": accepted}
        async with api.http.stream("GET", "/assets/app-1a2b.css", headers=headers) as asset:
            assert b"".join([piece async for piece in asset.aiter_raw()]).decode() == body
        assert asset.headers.get("content-encoding") == coding
        assert asset.headers["content-type"] == "text/css; charset=utf-8"
        assert "Accept-Encoding" in asset.headers["vary"]
        plain = await api.http.get("/assets/small-3c4d.js", headers=headers)
        assert (plain.text, plain.headers.get("content-encoding")) == ("only plain", None)

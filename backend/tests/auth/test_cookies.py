"""Cookies in every combination of addresses and settings, how they are read, and the headers of every answer."""

from itertools import product
from pathlib import Path

import httpx2
import pytest
from app.auth.cookies import DEVICE_SECONDS, Cookies
from app.config.load import SettingsError
from app.config.settings import ServerSettings
from fastapi import Request, Response

from tests.client import PASSWORD, running_app
from tests.conftest import BOOTSTRAP, migrated, settings_for

pytestmark = pytest.mark.asyncio

PUBLIC = "https://chat.example.org"
API_POLICY = "default-src 'none'; frame-ancestors 'none'"


def cookies(**names: str) -> Cookies:
    return Cookies.of(ServerSettings.model_validate(names))


def written(jar: Cookies) -> list[str]:
    """The two cookies as a browser gets them."""
    response = Response()
    jar.put_session(response, "s3cret", 60)
    jar.put_device(response, "d3vice")
    return response.headers.getlist("set-cookie")


@pytest.mark.parametrize(
    ("public", "origins", "secure", "same_site", "partitioned"),
    [
        ("", "", False, "Lax", False),
        ("", "https://page.example", False, "Lax", False),
        ("http://chat.example.org", "https://page.example", False, "Lax", False),
        (PUBLIC, "", True, "Lax", False),
        (PUBLIC, PUBLIC, True, "Lax", False),
        (PUBLIC, f"{PUBLIC}:8443", True, "Lax", False),
        (PUBLIC, "https://example.org", True, "Lax", False),
        (PUBLIC, "https://page.chat.example.org", True, "Lax", False),
        (PUBLIC, "https://page.example", True, "None", True),
        (PUBLIC, f"{PUBLIC},https://page.example", True, "None", True),
        (PUBLIC, "https://page.example.org", True, "None", True),
        (PUBLIC, "https://evilchat.example.org", True, "None", True),
        (PUBLIC, "https://chat.example.org.evil.example", True, "None", True),
        ("https://Chat.Example.ORG:443/sub", "https://CHAT.example.org", True, "Lax", False),
    ],
)
async def test_attributes_follow_the_addresses(
    public: str, origins: str, secure: bool, same_site: str, partitioned: bool
) -> None:
    given = {"PUBLIC_URL": public} if public else {}
    assert cookies(CORS_ORIGINS=origins, **given) == Cookies(secure, same_site, partitioned)


async def test_every_attribute_can_be_set_and_is_written_so() -> None:
    switches, sites = ("", "true", "false"), ("", "lax", "strict", "none")
    for public, foreign, secure, site, parted in product(("", PUBLIC), (False, True), switches, sites, switches):
        names = {"PUBLIC_URL": public, "COOKIE_SECURE": secure, "COOKIE_SAME_SITE": site, "COOKIE_PARTITIONED": parted}
        origins = {"CORS_ORIGINS": "https://page.example"} if foreign else {}
        jar = cookies(**{name: value for name, value in names.items() if value}, **origins)
        is_secure = secure == "true" or (not secure and bool(public))
        apart = is_secure and foreign
        wanted = site or ("none" if apart else "lax")
        is_partitioned = is_secure and (parted == "true" or (not parted and apart))
        prefix = "__Host-" if is_secure else ""
        ends = ["HttpOnly", f"SameSite={wanted.capitalize()}"]
        ends += ["Secure"] * is_secure + ["Partitioned"] * is_partitioned
        assert written(jar) == [
            "; ".join([f"{prefix}omniai_session=s3cret", "Path=/", "Max-Age=60", *ends]),
            "; ".join([f"{prefix}omniai_device=d3vice", "Path=/", f"Max-Age={DEVICE_SECONDS}", *ends]),
        ]


async def test_no_cookie_ever_names_a_domain_or_stays_open_to_scripts() -> None:
    for names in ({}, {"PUBLIC_URL": PUBLIC}, {"PUBLIC_URL": PUBLIC, "CORS_ORIGINS": "https://page.example"}):
        for line in written(cookies(**names)):
            attributes = line.split("; ")[1:]
            assert "HttpOnly" in attributes
            assert "Path=/" in attributes
            assert not any(attribute.lower().startswith("domain") for attribute in attributes)


@pytest.mark.parametrize("given", [{}, {"PUBLIC_URL": PUBLIC, "COOKIE_SECURE": "false"}])
async def test_a_cookie_for_other_sites_is_refused_over_plain_http(tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="COOKIE_SAME_SITE"):
        settings_for(tmp_path, COOKIE_SAME_SITE="none", **given)
    secure = settings_for(tmp_path, COOKIE_SAME_SITE="none", PUBLIC_URL=PUBLIC)
    assert Cookies.of(secure.server) == Cookies(secure=True, same_site="None", partitioned=False)


def found(jar: Cookies, *headers: str) -> tuple[str | None, str | None]:
    """What is read from Cookie headers: the session, the device."""
    raw = [(b"cookie", header.encode("latin-1")) for header in headers]
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": raw})
    return jar.session(request), jar.device(request)


async def test_only_the_name_that_was_written_is_read() -> None:
    plain, secure = cookies(), cookies(PUBLIC_URL=PUBLIC)
    assert found(plain, "omniai_session=a; omniai_device=b") == ("a", "b")
    assert found(secure, "__Host-omniai_session=a; __Host-omniai_device=b") == ("a", "b")
    assert found(secure, "other=1;__Host-omniai_session=a=b; \tx") == ("a=b", None)
    assert found(secure, "omniai_session=a; omniai_device=b") == (None, None)
    assert found(plain, "__Host-omniai_session=a; __Secure-omniai_session=b") == (None, None)
    for name in ("__host-omniai_session", "__Host-Omniai_session", "__Host-omniai_session ", " __Host-omniai_sessio"):
        assert found(secure, f"{name}=a") == (None, None), name
    assert found(secure) == found(secure, "") == found(secure, "__Host-omniai_session") == (None, None)
    assert found(secure, "__Host-omniai_session=") == (None, None)


async def test_a_cookie_that_a_sibling_site_could_set_never_passes_for_ours() -> None:
    secure = cookies(PUBLIC_URL=PUBLIC)
    good = "__Host-omniai_session=good"
    for blank in ("\xa0", "\x85", "\x1f", "\x0b", "\xe2\x80\x80"):
        for name in (f"{blank}__Host-omniai_session", f"__Host-omniai_session{blank}"):
            assert found(secure, f"{name}=evil") == (None, None), name
            assert found(secure, f"{good}; {name}=evil") == ("good", None), name
            assert found(secure, f"{name}=evil; {good}") == ("good", None), name
    assert found(secure, f'x="; {good}') == ("good", None)
    assert found(secure, "=__Host-omniai_session=evil") == (None, None)


async def test_two_of_a_name_are_none() -> None:
    jar = cookies()
    assert found(jar, "omniai_session=a; omniai_session=b; omniai_device=c") == (None, "c")
    assert found(jar, "omniai_session=a", "omniai_session=a") == (None, None)
    assert found(jar, "omniai_session=a", "omniai_device=b") == ("a", "b")


async def test_a_sign_in_over_https_sets_and_removes_the_protected_cookie(tmp_path: Path) -> None:
    body = {"username": "owner", "password": PASSWORD, "transport": "session"}
    async with running_app(migrated(settings_for(tmp_path, PUBLIC_URL=PUBLIC))) as api:
        made = await api.http.post("/admin/bootstrap", json=body, headers={"X-Bootstrap-Token": BOOTSTRAP})
        session, device = made.headers.get_list("set-cookie")
        ends = "Path=/; Max-Age={}; HttpOnly; SameSite=Lax; Secure"
        assert session.split("; ", 1)[1] == ends.format(30 * 86_400)
        assert device.split("; ", 1)[1] == ends.format(DEVICE_SECONDS)
        name, _, secret = session.split(";")[0].partition("=")
        assert name == "__Host-omniai_session"
        assert len(secret) >= 43
        api.http.cookies.clear()
        for cookie, status in ((f"{name}={secret}", 200), (f"omniai_session={secret}", 401)):
            assert (await api.http.get("/auth/me", headers={"Cookie": cookie})).status_code == status
        page = {"Cookie": f"{name}={secret}", "X-CSRF-Token": made.json()["csrf_token"]}
        (gone,) = (await api.http.post("/auth/logout", headers=page)).headers.get_list("set-cookie")
        assert gone == f"{name}=; {ends.format(0)}"


def guarded(answer: httpx2.Response) -> dict[str, str]:
    """The headers that tell a browser what it must not do."""
    names = (
        "cache-control",
        "content-security-policy",
        "cross-origin-opener-policy",
        "permissions-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
    )
    assert "server" not in answer.headers
    return {name: answer.headers[name] for name in names if name in answer.headers}


@pytest.mark.parametrize("public", ["", "http://127.0.0.1:8787", PUBLIC])
async def test_answers_tell_browsers_what_not_to_do(tmp_path: Path, public: str) -> None:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    meta = "default-src &#39;none&#39;; script-src &#39;self&#39;"
    (dist / "index.html").write_text(f'<meta http-equiv="Content-Security-Policy" content="{meta}"><title>x</title>')
    (dist / "runtime-config.json").write_text("{}")
    (dist / "assets" / "app-1a2b.js").write_text("export {}")
    hsts = {"strict-transport-security": "max-age=31536000"} if public == PUBLIC else {}
    always = {"referrer-policy": "no-referrer", "x-content-type-options": "nosniff", **hsts}
    api_headers = {**always, "cache-control": "no-store", "content-security-policy": API_POLICY}
    page_headers = {
        **always,
        "cache-control": "no-cache",
        "content-security-policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    asset_headers = {**api_headers, "cache-control": "public, max-age=31536000, immutable"}
    names = {"PUBLIC_URL": public} if public else {}
    async with running_app(migrated(settings_for(tmp_path, WEB_DIR=str(dist), **names))) as api:
        for path, status in (("/health", 200), ("/auth/config", 200), ("/auth/me", 401), ("/nowhere", 404)):
            for method in ("GET", "HEAD"):
                answer = await api.http.request(method, path)
                assert (answer.status_code, guarded(answer)) == (status, api_headers)
        evil = {"Origin": "https://evil.example"}
        assert guarded(await api.http.post("/auth/login", json={}, headers=evil)) == api_headers
        assert guarded(await api.http.get("/health", headers={"Host": "evil.example"})) == api_headers
        asks = {"Origin": "http://127.0.0.1:8787", "Access-Control-Request-Method": "POST"}
        assert guarded(await api.http.options("/auth/login", headers=asks)) == api_headers
        for path in ("/", "/runtime-config.json"):
            assert guarded(await api.http.get(path)) == page_headers
        assert guarded(await api.http.get("/assets/app-1a2b.js")) == asset_headers

"""Secrets planted everywhere, every door used rightly and wrongly, then looked for in all that is left behind."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.gates.story import ANSWER, PEOPLES_WORDS, THOUGHT, Story
from tests.gates.witness import Canaries, Witness, columns_holding
from tests.peers.process import running
from tests.process.server import ADDRESS, BACKEND, command, environment

pytestmark = [pytest.mark.asyncio, pytest.mark.process]

SETTINGS = {
    "SECRET_KEY": "secret key",
    "CSRF_SECRET": "CSRF key",
    "AUDIT_KEY": "audit key",
    "BOOTSTRAP_TOKEN": "bootstrap token",
    "ORIGIN_LOCK_SECRET": "origin secret",
    "LMSTUDIO_API_KEY": "first API key",
    "OPENAI_COMPAT_API_KEY": "second API key",
    "ANTHROPIC_API_KEY": "third API key",
}
BROKEN_TABLES = ("messages", "conversations", "sessions", "session_tokens", "wrong_tries", "known_devices", "invites")


@dataclass
class Place:
    """A server whose every word is kept."""

    folder: Path
    url: str
    log: Path
    greeting: Path


@asynccontextmanager
async def overheard(folder: Path, **names: str) -> AsyncIterator[Place]:
    """A server at `LOG_LEVEL=debug` that writes both its outputs to files."""
    log, greeting = folder / "stderr.txt", folder / "stdout.txt"
    with ExitStack() as stack:
        outputs = [stack.enter_context(path.open("wb")) for path in (greeting, log)]
        process = await asyncio.create_subprocess_exec(
            *command("serve"),
            cwd=BACKEND,
            env=environment(folder / "data", LOG_LEVEL="debug", **names),
            stdout=outputs[0],
            stderr=outputs[1],
        )
    try:
        async with asyncio.timeout(20):
            while not (found := ADDRESS.search(greeting.read_text())):
                assert process.returncode is None, log.read_text()
                await asyncio.sleep(0.05)
        yield Place(folder, found[1], log, greeting)
        process.terminate()
        async with asyncio.timeout(30):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
def canaries() -> Canaries:
    found = Canaries()
    for name in (
        *SETTINGS.values(),
        "fourth API key",
        "first password",
        "second password",
        "third password",
        "wrong",
        "prompt",
        "system",
    ):
        found.plant(name)
    found.values |= {"answer": ANSWER, "thought": THOUGHT}
    return found


@pytest.fixture
def settings(canaries: Canaries) -> Iterator[dict[str, str]]:
    key = canaries.values["first API key"]
    with (
        running("tests.peers.lmstudio", "--api-key", key, "--token-ms", "1") as one,
        running("tests.peers.lmstudio", "--token-ms", "1") as two,
        running("tests.peers.anthropic", "--token-ms", "1") as three,
    ):
        yield {
            **{name: canaries.values[canary] for name, canary in SETTINGS.items()},
            "ORIGIN_LOCK_ENABLED": "true",
            "LMSTUDIO_BASE_URL": f"{one.url}/v1",
            "OPENAI_COMPAT_BASE_URL": f"{two.url}/v1",
            "ANTHROPIC_BASE_URL": three.url,
            "OPENAI_COMPAT_SERVERS": f"desk={two.url}/v1",
            "OPENAI_COMPAT_API_KEYS": f"desk={canaries.values['fourth API key']}",
            "PROVIDER_PRIORITY": "lmstudio",
            "REFRESH_GRACE_SECONDS": "0",
            "PROVIDER_FIRST_TOKEN_SECONDS": "1",
        }


async def test_no_secret_is_found_again_anywhere(tmp_path: Path, canaries: Canaries, settings: dict[str, str]) -> None:
    locked = {"X-Origin-Secret": canaries.values["origin secret"]}
    async with (
        overheard(tmp_path, **settings) as place,
        httpx2.AsyncClient(base_url=place.url, headers=locked, timeout=30) as http,
    ):
        story = Story(Witness(http, canaries))
        owner = await story.found_the_place()
        member = await story.join(owner)
        member = await story.use_credentials(owner, member)
        await story.chat(member)
        await story.sweep(owner, member)
        await story.administer(owner, member)
        assert (await story.send("DELETE", "/auth/me", None, member.headers)).status_code == 204
        await story.send("GET", "/auth/me", None, member.headers)
        live = await story.sign_in("owner", canaries.values["first password"])
        assert (await story.send("POST", "/auth/logout", None, live.headers)).status_code == 204
    assert len(story.witness.refusals) > 500
    assert canaries.found_in(place.log.read_bytes()) == []
    assert len(place.log.read_text().splitlines()) > 500, "the log was on"
    # The set-up link is printed for the person who starts the server, and nothing besides.
    assert canaries.found_in(place.greeting.read_bytes(), but=("bootstrap token",)) == []
    rest = [path for path in (place.folder / "data").rglob("*") if path.is_file() and path.suffix != ".db"]
    assert [path.name for path in rest if canaries.found_in(path.read_bytes())] == []
    assert canaries.found_in((place.folder / "data" / "omniai.db").read_bytes(), but=PEOPLES_WORDS) == []


async def test_peoples_words_stand_in_their_conversations_and_nowhere_else(
    tmp_path: Path, canaries: Canaries, settings: dict[str, str]
) -> None:
    locked = {"X-Origin-Secret": canaries.values["origin secret"]}
    async with (
        overheard(tmp_path, **settings) as place,
        httpx2.AsyncClient(base_url=place.url, headers=locked, timeout=30) as http,
    ):
        story = Story(Witness(http, canaries))
        owner = await story.found_the_place()
        await story.chat(await story.join(owner))
        holding = columns_holding(place.folder / "data" / "omniai.db", canaries)
    assert holding == {
        "messages.content": {"prompt", "answer"},
        "messages.reasoning": {"thought"},
        "conversations.title": {"prompt"},
        "conversations.system": {"system"},
    }


async def test_a_failure_of_the_server_itself_tells_nothing(
    tmp_path: Path, canaries: Canaries, settings: dict[str, str]
) -> None:
    locked = {"X-Origin-Secret": canaries.values["origin secret"]}
    async with (
        overheard(tmp_path, **settings) as place,
        httpx2.AsyncClient(base_url=place.url, headers=locked, timeout=30) as http,
    ):
        story = Story(Witness(http, canaries))
        owner = await story.found_the_place()
        made = (await story.send("POST", "/admin/invites", {"max_uses": 9}, owner.headers)).json()
        code, password = canaries.note("invite code", made["code"]), canaries.values["first password"]
        ask = {
            "message": {"content": canaries.values["prompt"]},
            "system": canaries.values["system"],
            "model": "tiny-chat-1b",
        }
        failed = 0
        for table in BROKEN_TABLES:
            with closing(sqlite3.connect(place.folder / "data" / "omniai.db")) as database:
                database.execute("PRAGMA legacy_alter_table = ON")
                database.execute(f"ALTER TABLE {table} RENAME TO away")
                for method, path, body, headers in (
                    ("POST", "/chat/stream", ask, owner.headers),
                    ("POST", "/auth/login", {"username": "owner", "password": password}, {}),
                    ("POST", "/auth/login", {"username": "owner", "password": canaries.values["wrong"]}, {}),
                    ("POST", "/auth/refresh", {"refresh_token": owner.refresh}, {}),
                    ("POST", "/auth/reset", {"token": canaries.values["wrong"], "new_password": password}, {}),
                    ("POST", "/auth/register", {"invite_code": code, "username": "eve", "password": password}, {}),
                    ("GET", f"/conversations?q={canaries.values['prompt']}", None, owner.headers),
                ):
                    answer = await story.send(method, path, body, headers, may_tell=(*PEOPLES_WORDS, "device token"))
                    failed += answer.status_code == 500
                    if answer.status_code == 200 and "access_token" in answer.text:
                        owner = story.keep(answer)
                database.execute(f"ALTER TABLE away RENAME TO {table}")
    log = place.log.read_text()
    assert failed >= len(BROKEN_TABLES), "the server was made to fail"
    assert log.count("no such table") >= failed
    assert canaries.found_in(log) == []

"""What `omniai doctor` says of a real server behind a real tunnel, in order and not."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.peers.process import running
from tests.process.conftest import ModelServer, deadlines
from tests.process.server import Server, serving
from tests.process.test_command_line import omniai

pytestmark = [pytest.mark.asyncio, pytest.mark.process]

SECRET = "lock-Secret-of-the-tests-9f8e7d6c5b4a"
LOCK = {"ORIGIN_LOCK_ENABLED": "true", "ORIGIN_LOCK_SECRET": SECRET}
HOME = "https://you.github.io"
IN_ORDER = (
    "The database answers.",
    "Its schema is this version's.",
    "There is room on the disk.",
    "The data folder is yours alone to read.",
)
OUTSIDE = (
    "OmniAI answers through it.",
    "The origin lock is on.",
    "Whoever comes round the tunnel is refused.",
    "The tunnel opens the lock.",
    "A secret that a client sends is taken away.",
    "Its answers bear every header that protects them.",
    "Pages of strangers are told nothing.",
    f"The page at {HOME} may ask.",
)


def said(out: str, state: str) -> list[str]:
    """What is said of one state."""
    return [line[9:] for line in out.splitlines() if line.startswith(f"{state} ")]


async def examined(folder: Path, server: Server, public: str, **names: str) -> tuple[int, str, str]:
    """Run the command against a running server."""
    port = str(urlsplit(server.url).port)
    return await omniai(folder, "doctor", "--public", PORT=port, PUBLIC_URL=public, CORS_ORIGINS=HOME, **names)


@pytest.mark.parametrize("policy", ["right", "naive"])
async def test_the_way_in_is_looked_at_from_outside(tmp_path: Path, studio: ModelServer, policy: str) -> None:
    names = {**deadlines(studio), **LOCK}
    async with serving(tmp_path, **names, CORS_ORIGINS=HOME) as server:
        given = ("tests.peers.tunnel", "--upstream", server.url, "--secret", SECRET, "--policy", policy)
        with running(*given) as tunnel:
            code, out, err = await examined(tmp_path, server, tunnel.url, **names)
    assert [words for words in IN_ORDER if words not in said(out, "ok")] == []
    assert any(words.endswith("models are there.") for words in said(out, "ok"))
    warnings = said(out, "warning")
    assert any(words.startswith("The server makes no backups;") for words in warnings)
    assert any(words.endswith("is not https: passwords cross the net in plain.") for words in warnings)
    assert any(words.startswith("The tunnel shows browsers a page of its own first;") for words in warnings)
    if policy == "right":
        assert (code, err, said(out, "failed")) == (0, "", [])
        assert [words for words in OUTSIDE if words not in said(out, "ok")] == []
    else:
        assert code == 1
        assert err == "omniai: 1 of 17 checks failed; each line says what to do."
        assert said(out, "failed")[0].startswith("The tunnel lets a client's own X-Origin-Secret through;")


async def test_what_is_missing_is_named_with_what_to_do(tmp_path: Path) -> None:
    async with serving(tmp_path, **LOCK) as server:
        code, out, _ = await examined(tmp_path, server, server.url, **LOCK)
        assert code == 1
        assert "The tunnel does not open the lock; let it add X-Origin-Secret (deploy/ngrok/policy.yml)." in said(
            out, "failed"
        )
    code, out, _ = await examined(tmp_path, server, server.url, **LOCK)
    assert code == 1
    assert said(out, "failed") == [f"{server.url} does not answer (ConnectionRefusedError); start the tunnel."]
    code, out, err = await omniai(tmp_path, "doctor", "--public")
    assert (code, err) == (1, "omniai: 1 of 7 checks failed; each line says what to do.")
    assert said(out, "failed") == ["There is no address for others; set OMNIAI_PUBLIC_URL to the tunnel's."]
    await asyncio.to_thread(tmp_path.chmod, 0o755)
    code, out, _ = await omniai(tmp_path, "doctor")
    assert said(out, "failed") == [f"Others can read the data folder: chmod 700 {tmp_path}"]


async def test_an_open_server_is_told(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        code, out, _ = await examined(tmp_path, server, server.url)
        assert code == 1
        assert [words[:23] for words in said(out, "failed")] == ["The origin lock is off:", f"The page at {HOME}"[:23]]


async def test_no_installation_is_told_in_one_line(tmp_path: Path) -> None:
    code, out, err = await omniai(tmp_path, "doctor")
    assert (code, "Traceback" in err) == (1, False)
    assert "The database does not answer." in said(out, "failed")

"""Backups of a real server: made while it writes, proven, restored elsewhere, and made by the server itself."""

import asyncio
import resource
import shutil
import signal
import sqlite3
import stat
import zipfile
from contextlib import suppress
from pathlib import Path

import httpx2
import pyrage
import pytest

from tests.client import Person
from tests.process.conftest import ModelServer, deadlines, installation, signed_in
from tests.process.server import BACKEND, command, environment, serving
from tests.process.test_command_line import omniai

pytestmark = [pytest.mark.asyncio, pytest.mark.process]

WHOLE = "The database is whole"


@pytest.fixture
async def kept(tmp_path: Path, studio: ModelServer) -> tuple[Path, Path]:
    """A data folder in which somebody has chatted, and a backup of it."""
    data, backup = tmp_path / "data", tmp_path / "kept.zip"
    async with installation(data, studio) as (_, owner):
        await owner.ask("Keep this zebrafish")
    code, out, err = await omniai(data, "backup", "--to", str(backup))
    assert (code, err) == (0, "")
    assert WHOLE in out
    return data, backup


async def texts(owner: Person) -> list[str]:
    """Everything that stands in somebody's conversations."""
    found = []
    for home in (await owner.get("/conversations")).json()["items"]:
        answer = await owner.get(f"/conversations/{home['id']}/messages?all=true&limit=200")
        found += [message["content"] for message in answer.json()["items"]]
    return found


async def test_a_backup_made_amid_writing_is_whole_and_restored_elsewhere(tmp_path: Path, studio: ModelServer) -> None:
    data, backup, elsewhere = tmp_path / "data", tmp_path / "made" / "b.zip", tmp_path / "elsewhere"
    without_quota = {"QUOTA_MESSAGES_PER_DAY": "unlimited", "QUOTA_TOKENS_PER_DAY": "unlimited"}
    async with installation(data, studio, **without_quota) as (server, owner):
        asking = True

        async def keep_asking(number: int) -> None:
            while asking:
                await owner.ask(f"Question {number}", model="tiny-chat-1b")

        busy = [asyncio.create_task(keep_asking(number)) for number in range(3)]
        await asyncio.sleep(1)
        for number in range(3):
            code, out, err = await omniai(data, "backup", "--to", str(backup.with_name(f"{number}.zip")))
            assert (code, err) == (0, ""), err
            assert WHOLE in out
        code, out, _ = await omniai(data, "backup", "--to", str(backup))
        asking = False
        await asyncio.gather(*busy)
        assert (code, server.process.returncode) == (0, None)
        written = await texts(owner)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    code, out, err = await omniai(elsewhere, "restore", str(backup))
    assert (code, err) == (0, "")
    assert out.endswith("Restored. Start OmniAI.")
    names = {**deadlines(studio), **without_quota}
    async with serving(elsewhere, **names) as server, signed_in(server) as owner:
        restored = await texts(owner)
        assert len(restored) > 4
        # An answer that was being written stands there as far as it had come.
        assert [text for text in restored if not any(whole.startswith(text) for whole in written)] == []
        assert (await owner.get("/admin/audit/verify")).json()["ok"] is True
        await owner.ask("And after it", model="tiny-chat-1b")
    assert (await omniai(elsewhere, "audit", "verify"))[0] == 0


async def test_what_is_there_is_never_written_over(
    tmp_path: Path, kept: tuple[Path, Path], studio: ModelServer
) -> None:
    data, backup = kept
    code, _, err = await omniai(data, "backup", "--to", str(backup))
    assert (code, err) == (1, f"omniai: {backup} is there already; name another file.")
    async with installation(data, studio) as (_, owner):
        await owner.ask("Written after the backup")
        code, _, err = await omniai(data, "restore", str(backup), "--replace")
        assert (code, "another OmniAI uses this data folder" in err) == (1, True)
    code, _, err = await omniai(data, "restore", str(backup))
    assert code == 1
    assert err.startswith("omniai: there is a database in this data folder; restore with --replace")
    code, out, _ = await omniai(data, "restore", str(backup), "--replace")
    assert code == 0
    (aside,) = data.glob("before-restore-*")
    assert out.endswith(f"What was there lies in {aside}.")
    with sqlite3.connect(aside / "omniai.db") as old:
        assert old.execute("SELECT count(*) FROM messages WHERE content = 'Written after the backup'").fetchone() == (
            1,
        )
    async with installation(data, studio) as (_, owner):
        assert (await texts(owner))[0] == "Keep this zebrafish"
        assert len(await texts(owner)) == 2


async def test_a_backup_can_be_encrypted_for_a_key(tmp_path: Path, kept: tuple[Path, Path]) -> None:
    data, _ = kept
    own, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    (tmp_path / "own.key").write_text(f"# a comment, as age-keygen writes it\n{own}\n")
    (tmp_path / "other.key").write_text(str(other))
    (tmp_path / "no.key").write_text("nothing")
    sealed = tmp_path / "kept.age"
    code, out, _ = await omniai(data, "backup", "--to", str(sealed), "--recipient", str(own.to_public()))
    assert (code, "Backed up to" in out) == (0, True)
    assert b"zebrafish" not in sealed.read_bytes()
    assert zipfile.is_zipfile(sealed) is False
    code, out, _ = await omniai(data, "backup", "verify", str(sealed), "--identity", str(tmp_path / "own.key"))
    assert (code, WHOLE in out) == (0, True)
    for key, said in (
        ((), "omniai: the backup is encrypted; name the file with its secret key by --identity."),
        (("other.key",), "omniai: the backup cannot be decrypted: it is damaged, or was encrypted for another key."),
        (("no.key",), "omniai: there is no age secret key in the identity file; age-keygen makes one."),
        (("gone.key",), f"omniai: {tmp_path / 'gone.key'} cannot be read."),
    ):
        given = [part for name in key for part in ("--identity", str(tmp_path / name))]
        assert (await omniai(data, "backup", "verify", str(sealed), *given))[::2] == (1, said)
    code, _, err = await omniai(data, "backup", "--to", str(tmp_path / "x.age"), "--recipient", "age1nonsense")
    assert (code, err) == (1, "omniai: that is no age public key; it begins with age1.")
    assert not (tmp_path / "x.age").exists()
    code, _, _ = await omniai(tmp_path / "new", "restore", str(sealed), "--identity", str(tmp_path / "own.key"))
    assert code == 0


async def test_a_backup_that_is_killed_or_finds_no_room_leaves_no_file(kept: tuple[Path, Path], tmp_path: Path) -> None:
    data, _ = kept
    folder = tmp_path / "backups"
    folder.mkdir()
    for pause in (0.3, 0.6, 0.9, 1.2, 1.5):
        process = await asyncio.create_subprocess_exec(
            *command("backup", "--to", str(folder / "killed.zip")), cwd=BACKEND, env=environment(data),
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await asyncio.sleep(pause)
        with suppress(ProcessLookupError):  # it may be done by then
            process.send_signal(signal.SIGKILL)
        await process.wait()
        if (folder / "killed.zip").exists():
            assert (await omniai(data, "backup", "verify", str(folder / "killed.zip")))[0] == 0
            (folder / "killed.zip").unlink()
    process = await asyncio.create_subprocess_exec(
        *command("backup", "--to", str(folder / "full.zip")), cwd=BACKEND, env=environment(data),
        stderr=asyncio.subprocess.PIPE, preexec_fn=_little_room,
    )  # fmt: skip
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.decode().strip().count("\n") == 0
    assert errors.startswith(b"omniai: ")
    assert list(folder.iterdir()) == []
    assert (await omniai(data, "backup", "--to", str(folder)))[0] == 0
    assert [path.suffix for path in folder.iterdir()] == [".zip"]


def _little_room() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))


async def test_the_server_makes_and_proves_them_by_itself(tmp_path: Path, studio: ModelServer) -> None:
    folder, key = tmp_path / "auto", pyrage.x25519.Identity.generate()
    names = {
        "BACKUP_EVERY_HOURS": "0.0003", "BACKUP_DIR": str(folder), "BACKUP_KEEP": "2",
        "BACKUP_RECIPIENT": str(key.to_public()),
    }  # fmt: skip
    async with installation(tmp_path / "data", studio, **names) as (_, owner):
        seen: set[str] = set()
        async with asyncio.timeout(60):
            while len(seen) < 4:
                seen |= {path.name for path in folder.glob("omniai-auto-*")}
                await asyncio.sleep(0.1)
        told = (await owner.get("/admin/overview")).json()["backup"]
        assert (told["problem"], told["every_hours"]) == (None, 0.0003)
        assert told["proven_at"] == told["tried_at"] is not None
        shutil.rmtree(folder)
        folder.write_text("in the way")
        async with asyncio.timeout(60):
            while (told := (await owner.get("/admin/overview")).json()["backup"])["problem"] is None:
                await asyncio.sleep(0.1)
        assert told["proven_at"] < told["tried_at"]
        folder.unlink()
        async with asyncio.timeout(60):
            while len(list(folder.glob("omniai-auto-*"))) < 2:
                await asyncio.sleep(0.1)
    assert len(list(folder.glob("omniai-auto-*.zip.age"))) <= 3
    (tmp_path / "key").write_text(str(key))
    newest = max(folder.glob("omniai-auto-*"))
    code, out, _ = await omniai(tmp_path / "data", "backup", "verify", str(newest), "--identity", str(tmp_path / "key"))
    assert (code, WHOLE in out) == (0, True)


async def test_nothing_is_made_unasked(tmp_path: Path) -> None:
    async with serving(tmp_path) as server, signed_in(server) as owner:
        told = (await owner.get("/admin/overview")).json()["backup"]
        assert told == {"every_hours": None, "proven_at": None, "tried_at": None, "problem": None}
        async with httpx2.AsyncClient(base_url=server.url) as http:
            assert (await http.get("/health")).status_code == 200
    assert not (tmp_path / "backups").exists()

"""The command line: what wrong settings, taken ports and folders and newer databases say; starting and stopping."""

import asyncio
import re
import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from app.cli import reached_at

from tests.client import PASSWORD
from tests.process.conftest import signed_in
from tests.process.server import BACKEND, command, environment, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.process]


async def refused(folder: Path, **names: str) -> str:
    """Start a server that must not start; returns what it said."""
    process = await asyncio.create_subprocess_exec(
        *command("serve"),
        cwd=BACKEND,
        env=environment(folder, **names),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(20):
        _, errors = await process.communicate()
    assert process.returncode == 1
    (line,) = errors.decode().strip().splitlines()
    assert line.startswith("omniai: ")
    return line


async def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path: Path) -> None:
    line = await refused(tmp_path, PORT="s3cret-port")
    assert "OMNIAI_PORT" in line
    assert "s3cret" not in line


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port} is taken" in await refused(tmp_path, PORT=str(port))


async def test_a_data_folder_has_one_server(tmp_path: Path) -> None:
    async with serving(tmp_path):
        assert "another OmniAI uses this data folder" in await refused(tmp_path)


async def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        assert await server.stop() == 0
    database = sqlite3.connect(tmp_path / "omniai.db")
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()
    assert "newer version" in await refused(tmp_path)


async def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "omniai.db").write_bytes(b"not a database at all, only some text " * 100)
    assert "database" in await refused(tmp_path)


async def test_the_first_start_prints_a_link_that_makes_the_owner_and_the_second_does_not(tmp_path: Path) -> None:
    async with serving(tmp_path, BOOTSTRAP_TOKEN="") as server:
        link = re.search(r"/#/setup\?token=(\S+)", server.greeting + await rest_of_greeting(server.process))
        assert link is not None
        body = {"username": "owner", "password": PASSWORD}
        async with httpx2.AsyncClient(base_url=server.url) as http:
            made = await http.post("/admin/bootstrap", json=body, headers={"X-Bootstrap-Token": link[1]})
        assert made.status_code == 201
        assert await server.stop(signal.SIGINT) == 0
    async with serving(tmp_path, BOOTSTRAP_TOKEN="") as server:
        assert "setup" not in server.greeting + await rest_of_greeting(server.process)
        async with httpx2.AsyncClient(base_url=server.url) as http:
            assert (await http.post("/auth/login", json=body)).status_code == 200


async def rest_of_greeting(process: asyncio.subprocess.Process) -> str:
    """What a server prints within a moment after its address."""
    assert process.stdout is not None
    text = ""
    try:
        async with asyncio.timeout(1):
            while line := await process.stdout.readline():
                text += line.decode()
                if "setup?token" in text:
                    break
    except TimeoutError:
        pass
    return text


async def test_bytes_that_are_not_http_get_a_400_and_a_closed_connection(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        host, port = server.url.removeprefix("http://").split(":")
        for raw in (b"\x16\x03\x01\x02\x00\x01\x00\x01", b"GET / HTTP/9.9\r\n\r\n", b"nonsense\r\n\r\n"):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(raw)
            async with asyncio.timeout(5):
                answer = await reader.read()
            writer.close()
            assert answer.startswith(b"HTTP/1.1 400"), raw
        async with httpx2.AsyncClient(base_url=server.url) as http:
            assert (await http.get("/health")).status_code == 200


async def omniai(folder: Path, *arguments: str, **names: str) -> tuple[int, str, str]:
    """Run a command on an installation."""
    process = await asyncio.create_subprocess_exec(
        *command(*arguments),
        cwd=BACKEND,
        env=environment(folder, **names),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, out.decode().strip(), err.decode().strip()


async def test_the_audit_log_is_checked_while_the_server_runs_and_after(tmp_path: Path) -> None:
    async with serving(tmp_path) as server, signed_in(server):
        code, out, _ = await omniai(tmp_path, "audit", "verify")
        assert (code, out) == (0, "1 audit entries are as they were written (0 checkpoints compared).")
        await server.stop()
    kept = tmp_path / "kept.jsonl"
    kept.write_text((await omniai(tmp_path, "audit", "checkpoint"))[1] + "\n")
    code, out, _ = await omniai(tmp_path, "audit", "verify", "--checkpoints", str(kept))
    assert (code, out) == (0, "1 audit entries are as they were written (2 checkpoints compared).")
    kept.write_text(kept.read_text()[:-9])
    code, out, _ = await omniai(tmp_path, "audit", "verify", "--checkpoints", str(kept))
    assert (code, out) == (
        0,
        "1 audit entries are as they were written (1 checkpoints compared; "
        "a last line that was not written to its end was skipped).",
    )
    with closing(sqlite3.connect(tmp_path / "omniai.db")) as file:
        file.execute("DROP TRIGGER audit_entries_change")
        file.execute("UPDATE audit_entries SET action = 'auth.login'")
        file.commit()
    code, out, err = await omniai(tmp_path, "audit", "verify")
    assert (code, out) == (1, "")
    assert err == "omniai: audit entry 1: was altered or forged; entries before it are as they were written."
    kept.write_text("{}\n")
    code, _, err = await omniai(tmp_path, "audit", "verify", "--checkpoints", str(kept))
    assert (code, err.count("\n")) == (1, 0)
    assert "audit checkpoints" in err


async def test_somebody_without_an_admin_gets_back_in_by_the_command_line(tmp_path: Path) -> None:
    async with serving(tmp_path) as server, signed_in(server) as owner:
        code, link, _ = await omniai(tmp_path, "user", "reset-password", "Owner", PUBLIC_URL="https://chat.example")
        assert (code, link.split("=")[0]) == (0, "https://chat.example/#/reset?token")
        body = {"token": link.split("=")[1], "new_password": "another horse battery"}
        assert (await owner.http.post("/auth/reset", json=body)).status_code == 204
        code, _, err = await omniai(tmp_path, "user", "reset-password", "nobody")
        assert (code, err) == (1, "omniai: there is nobody of that name.")


async def test_a_command_on_no_installation_says_so(tmp_path: Path) -> None:
    code, _, err = await omniai(tmp_path, "audit", "verify")
    assert code == 1
    assert err == "omniai: there is no database in this data folder; set OMNIAI_DATA_DIR to the installation's."


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("192.168.1.5", "192.168.1.5"),
        ("box.local", "box.local"),
    ],
)
async def test_the_printed_address_can_be_opened_wherever_it_listens(host: str, name: str) -> None:
    assert reached_at(host) == name

"""The command line: serve, audit, backup, restore, doctor, user, memory, openapi. Says in one line what is wrong."""

import argparse
import asyncio
import errno
import fcntl
import gc
import json
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
import uvloop
from sqlalchemy.exc import DatabaseError

from app import doctor, maintenance
from app.api.deps import Services
from app.api.http_protocol import careful_protocol
from app.auth.origins import Origins
from app.config.load import SettingsError, load
from app.config.settings import Settings
from app.core.errors import OmniError
from app.db.migrate import NewerSchema, migrate
from app.db.session import Database
from app.domain.accounts.service import setup_required
from app.main import create_app
from app.observability import logging
from app.providers.embedded.provider import shortcoming
from app.services.backup.archive import BackupError
from app.wiring import engine_of

CLOSING_SECONDS: Final = 5
"""What connections get to close after the streams have been drained."""
SWITCH_SECONDS: Final = 0.0005
"""How long a thread keeps the interpreter that another waits for. A database thread asks for it back after every
statement, and Python's own 5 ms each time would keep questions waiting behind busy streams."""
RELOAD_FACTORY: Final = "app.main:create_app"


type Commands = argparse._SubParsersAction[argparse.ArgumentParser]


class CannotStart(Exception):
    """Why the server does not start, in one line."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exits with 1 when something is wrong, 2 on wrong usage."""
    # What has been loaded stays as long as the process: the collector need never look at it again.
    gc.freeze()
    gc.enable()
    parser = argparse.ArgumentParser(prog="omniai", description="Private AI chat for invited people.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve_command = commands.add_parser("serve", help="migrate the database and serve")
    serve_command.add_argument("--reload", action="store_true", help="restart when the code changes (development)")
    audit_commands = commands.add_parser("audit", help="check and sign the audit log").add_subparsers(
        dest="act", required=True
    )
    verify_command = audit_commands.add_parser("verify", help="walk the whole log and name the first bad entry")
    verify_command.add_argument("--checkpoints", type=Path, help="a checkpoint file that was kept elsewhere")
    audit_commands.add_parser("checkpoint", help="sign for the newest entry and print the line, to keep elsewhere")
    user_commands = commands.add_parser("user", help="help people back in").add_subparsers(dest="act", required=True)
    reset_command = user_commands.add_parser("reset-password", help="print a one-time link to a new password")
    reset_command.add_argument("name", help="the user name")
    doctor_command = commands.add_parser("doctor", help="look whether everything is in order")
    doctor_command.add_argument(
        "--public", action="store_true", help="look from outside too, through OMNIAI_PUBLIC_URL"
    )
    _add_backup_commands(commands)
    memory_commands = commands.add_parser("memory", help="what is remembered").add_subparsers(dest="act", required=True)
    memory_commands.add_parser("reindex", help="build the search by meaning anew; the server must not run")
    commands.add_parser("openapi", help="print the OpenAPI document")
    chosen = parser.parse_args(arguments)
    try:
        _run_command(chosen)
    except (SettingsError, CannotStart, NewerSchema, BackupError, maintenance.Failed) as error:
        sys.exit(f"omniai: {error}")
    except OmniError as error:
        sys.exit(f"omniai: {error.text}")


def _examine(settings: Settings, *, public: bool) -> None:
    logging.configure("error")
    findings = doctor.look_inside(settings)
    if public:
        findings += doctor.look_from_outside(settings)
    print("\n".join(finding.line() for finding in findings), flush=True)
    failed = sum(finding.state == "failed" for finding in findings)
    if failed:
        raise maintenance.Failed(f"{failed} of {len(findings)} checks failed; each line says what to do.")


def _add_backup_commands(commands: Commands) -> None:
    backup_command = commands.add_parser("backup", help="make a backup while the server runs, and prove it")
    backup_command.add_argument("--to", type=Path, help="the file to make, or its folder (data/backups)")
    backup_command.add_argument("--recipient", help="encrypt for this age public key (age1...)")
    acts = backup_command.add_subparsers(dest="act")
    verify_command = acts.add_parser("verify", help="prove that one can be restored")
    restore_command = commands.add_parser("restore", help="put a backup in place; the server must not run")
    restore_command.add_argument("--replace", action="store_true", help="lay aside what is in the data folder")
    for command in (verify_command, restore_command):
        command.add_argument("file", type=Path)
        command.add_argument("--identity", type=Path, help="the file with the age secret key")


def _run_command(chosen: argparse.Namespace) -> None:
    match chosen.command, getattr(chosen, "act", None):
        case "serve", _:
            serve(reload=chosen.reload)
        case "audit", "verify":
            print(maintenance.verify_audit(load().settings, chosen.checkpoints))
        case "audit", _:
            print(maintenance.sign_audit(load().settings))
        case "user", _:
            print(maintenance.reset_password(load().settings, chosen.name))
        case "backup", "verify":
            print(maintenance.verify_backup(load().settings, chosen.file, chosen.identity))
        case "backup", _:
            print(maintenance.back_up(load().settings, chosen.to, chosen.recipient))
        case "restore", _:
            settings = load().settings
            with _only_one(settings.server.data_dir):
                print(maintenance.restore(settings, chosen.file, chosen.identity, replace=chosen.replace))
        case "doctor", _:
            _examine(load().settings, public=chosen.public)
        case "memory", _:
            settings = load().settings
            with _only_one(settings.server.data_dir):
                print(maintenance.reindex_memory(settings))
        case _:
            print_openapi()


def serve(*, reload: bool = False) -> None:
    """Migrate, then serve until SIGTERM or SIGINT; open streams get DRAIN_SECONDS to end.

    Raises:
        SettingsError: A setting is wrong.
        CannotStart: The port or the data folder is taken.
        NewerSchema: The database was made by a newer version.
    """
    loaded = load()
    settings = loaded.settings
    logging.configure(settings.server.log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    for warning in filter(None, (*loaded.warnings, shortcoming(settings.embedded))):
        print(f"omniai: warning: {warning}", file=sys.stderr)
    with _only_one(settings.server.data_dir):
        needs_owner = _prepare_database(settings)
        if reload:
            _announce(settings, settings.server.port, needs_owner=needs_owner)
            uvicorn.run(
                RELOAD_FACTORY,
                factory=True,
                reload=True,
                reload_dirs=[str(Path(__file__).parent)],
                host=settings.server.host,
                port=settings.server.port,
                log_config=None,
            )
            return
        with _listening(settings) as listener:
            _announce(settings, listener.getsockname()[1], needs_owner=needs_owner)
            asyncio.run(_run(settings, listener), loop_factory=uvloop.new_event_loop)


def print_openapi() -> None:
    """Print the OpenAPI document as it is in development."""
    app = create_app(load().settings)
    json.dump(app.openapi(), sys.stdout, indent=2, ensure_ascii=False)
    print()


class _Server(uvicorn.Server):
    """Drains at the first signal, stops at the second, and ends with exit code 0 either way."""

    def __init__(self, config: uvicorn.Config, drain: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._drain = drain
        self._draining: asyncio.Task[None] | None = None

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the base class calls it so
        # Called from a signal handler: the loop must be woken to notice.
        self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        if self._draining is None:
            self._draining = self._loop.create_task(self._drain_then_exit(), name="drain")
        else:
            self.should_exit = self.force_exit = True

    async def _drain_then_exit(self) -> None:
        await self._drain()
        self.should_exit = True


async def _run(settings: Settings, listener: socket.socket) -> None:
    app = create_app(settings)
    gc.freeze()
    config = uvicorn.Config(
        app,
        http=careful_protocol(settings.server.request_timeout_seconds, Origins(settings.server)),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=CLOSING_SECONDS,
    )
    services: Services = app.state.services
    await _Server(config, lambda: services.manager.shut_down(settings.server.drain_seconds)).serve([listener])


def _prepare_database(settings: Settings) -> bool:
    engine = engine_of(settings)
    database = Database(engine)
    try:
        migrate(engine)
        return database.write_now(setup_required)
    except DatabaseError as error:
        raise CannotStart(f"the database cannot be opened or migrated ({type(error.orig).__name__}).") from None
    finally:
        database.close()


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(data_dir / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                "another OmniAI uses this data folder; stop it, or choose another OMNIAI_DATA_DIR."
            ) from None
        yield
    finally:
        os.close(handle)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    host, port = settings.server.host, settings.server.port
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise CannotStart(f"{host}:{port} {reason}; set OMNIAI_HOST or OMNIAI_PORT to another address.") from None
    with listener:
        yield listener


def reached_at(host: str) -> str:
    """Under which name a server that listens on `host` is reached from its own machine, as an address spells it."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return "127.0.0.1" if address.is_unspecified else host
    return "[::1]" if address.is_unspecified else f"[{host}]"


def _announce(settings: Settings, port: int, *, needs_owner: bool) -> None:
    home = settings.server.public_url or f"http://{reached_at(settings.server.host)}:{port}"
    print(f"OmniAI is at {home}/", flush=True)
    if needs_owner:
        token = settings.auth.bootstrap_token.get_secret_value()
        print(f"\nMake the owner's account with this one-time link:\n\n    {home}/#/setup?token={token}\n", flush=True)
    if not (settings.server.web_dir / "index.html").is_file():
        print("The page is not built; only the API is served. `make run` builds it.", flush=True)

"""Builds and runs the container image without a container engine: the Dockerfile's steps, each stage in its own root.

For machines that have none. A root is made of this machine's own /usr and libraries, read-only, in a mount namespace;
its Python 3.12 and Node stand for those of the base images. Standard library only. Needs root.
"""

import argparse
import fcntl
import http
import http.client
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dockerfile import Copy, Run, Stage, read
from prepare import ROOT

DOCKERFILE: Final = ROOT / "deploy" / "docker" / "Dockerfile"
INSIDE: Final = "OMNIAI_REHEARSAL"
SYSTEM: Final = ("bin", "sbin", "lib", "lib64", "usr", "dev")
CHROOT: Final = shutil.which("chroot") or "/usr/sbin/chroot"
PORT: Final = 8787
"""The image's own."""
PATIENCE_SECONDS: Final = 30
WAY_OUT: Final = re.compile(r"_PROXY$|^SSL_CERT_|_CA_BUNDLE$|_EXTRA_CA_CERTS$|^(UV|PIP|NPM_CONFIG)_")
UID: Final = 10001
SIOCSIFFLAGS: Final = 0x8914
IFF_UP: Final = 1
"""Of Linux's `netdevice`: what sets the flags of a network interface, and the one that turns it on."""


class RehearsalError(Exception):
    """What did not work, in one line."""


def main() -> int:
    """Rehearse; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.parse_args()
    if os.environ.get(INSIDE) is None:
        # Mounts end with their namespace, and all processes with its first one.
        own = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"]
        return subprocess.run([*own, sys.executable, __file__], env=os.environ | {INSIDE: "1"}, check=False).returncode
    with tempfile.TemporaryDirectory(prefix="omniai-image-") as folder:
        try:
            _rehearse(Path(folder))
        except RehearsalError as error:
            print(f"The image was not rehearsed: {error}", file=sys.stderr)
            return 1
        finally:
            _unmount_below(Path(folder))
    return 0


def _rehearse(folder: Path) -> None:
    built: dict[str, Path] = {}
    stages = read(DOCKERFILE)
    for number, stage in enumerate(stages):
        root = folder / f"stage-{number}"
        _make_root(root, stage)
        for step in stage.steps:
            match step.act:
                case Copy():
                    _copy(step.act, root, step.folder, built)
                case Run(line):
                    _say(line)
                    (root / step.folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
                    _run_inside(root, _environ(step.environ), step.folder, line)
        built[stage.name or "last"] = root
    _serve(built["last"], stages[-1])


def _make_root(root: Path, stage: Stage) -> None:
    """What a base image brings: a system, and below /usr/local the one program that it is called for."""
    for name in SYSTEM:
        source, place = Path("/") / name, root / name
        if source.is_symlink():
            root.mkdir(parents=True, exist_ok=True)
            place.symlink_to(source.readlink())
        elif source.is_dir():
            place.mkdir(parents=True)
            _mount("--rbind", source, place)
            if name != "dev":
                _mount("-o", "remount,bind,ro", place)
    # The accounts are the stage's own; names are looked up as this machine does.
    shutil.copytree("/etc", root / "etc", symlinks=True)
    for name in ("tmp", "proc", "root", "var/tmp"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    _mount("-t", "proc", Path("proc"), root / "proc")
    if stage.base.startswith("python:"):
        _mount("--bind", Path(sys.base_prefix), root / "usr" / "local")
        _mount("-o", "remount,bind,ro", root / "usr" / "local")


def _copy(step: Copy, root: Path, where: str, built: dict[str, Path]) -> None:
    target = root / (Path(where) / step.target).as_posix().lstrip("/")
    for name in step.paths:
        source = built[step.source] / name.lstrip("/") if step.source else ROOT / name
        if source.is_dir():
            ignored = None if step.source else shutil.ignore_patterns(*_ignored())
            shutil.copytree(source, target, symlinks=True, ignore=ignored, dirs_exist_ok=True)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / source.name)


def _ignored() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.rsplit("/", 1)[-1] for line in lines if line[:1] not in {"", "#", "!"} and line != "*"]


def _environ(own: dict[str, str]) -> dict[str, str]:
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    # This machine's Python finds its library by its first place, which is not in the root.
    base = {"PATH": path, "HOME": "/root", "LD_LIBRARY_PATH": "/usr/local/lib", "LANG": "C.UTF-8"}
    return base | own


def _way_out() -> dict[str, str]:
    """How this machine reaches what the image is built of: proxies, certificates, indexes."""
    return {name: value for name, value in os.environ.items() if WAY_OUT.search(name.upper())}


def _run_inside(root: Path, environ: dict[str, str], where: str, line: str) -> None:
    command = [CHROOT, str(root), "/bin/sh", "-c", f"cd {where} && {line}"]
    done = subprocess.run(command, env=environ | _way_out(), check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RehearsalError(f"{line}: {done.stderr.strip()[-2000:] or done.stdout.strip()[-2000:]}")


def _serve(root: Path, stage: Stage) -> None:
    """Run the image as its user, on a tree that nobody may write, without a single capability."""
    for name in ("opt", "etc"):
        _mount("--bind", root / name, root / name)
        _mount("-o", "remount,bind,ro", root / name)
    _say(" ".join(stage.command))
    _leave_the_network()
    server = subprocess.Popen(_as_user(root, stage, stage.command), env=_environ(stage.environ))
    try:
        _wait_until_well(root, stage, server)
        _see(
            "the health check",
            subprocess.run(_as_user(root, stage, stage.health), env=_environ(stage.environ), check=False),
        )
        _see_the_page()
        for place in ("/opt/omniai/x", "/etc/x", "/usr/local/x", "/x"):
            tried = _as_user(root, stage, ("/bin/sh", "-c", f": > {place}"))
            if (
                subprocess.run(tried, env=_environ(stage.environ), check=False, stderr=subprocess.DEVNULL).returncode
                == 0
            ):
                raise RehearsalError(f"it can write {place}")
        if not (root / "data" / "omniai.db").exists():
            raise RehearsalError("its data is not in /data")
        server.send_signal(signal.SIGTERM)
        if (code := server.wait(timeout=PATIENCE_SECONDS)) != 0:
            raise RehearsalError(f"it ended with {code} at SIGTERM")
    finally:
        server.kill()
    _say(
        "The image was built, served its page as a user without rights on a tree that nobody can write, "
        "and ended in order."
    )


def _leave_the_network() -> None:
    """For a network of loopback alone, so that no other server has the port and nothing is asked outside."""
    os.unshare(os.CLONE_NEWNET)
    with socket.socket() as any_socket:
        request = struct.pack("16sh", b"lo", IFF_UP)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, request)


def _as_user(root: Path, stage: Stage, command: Sequence[str]) -> list[str]:
    rights = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--clear-groups"]
    inside = ["setpriv", f"--reuid={UID}", f"--regid={UID}", *rights, "--", "/bin/sh", "-c", 'cd "$0" && exec "$@"']
    return [CHROOT, str(root), *inside, stage.folder, *command]


def _wait_until_well(root: Path, stage: Stage, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RehearsalError(f"it ended with {server.returncode} at its start")
        asked = subprocess.run(
            _as_user(root, stage, stage.health), env=_environ(stage.environ), check=False, stderr=subprocess.DEVNULL
        )
        if asked.returncode == 0:
            return
        time.sleep(0.2)
    raise RehearsalError("it did not become well")


def _see(what: str, done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode != 0:
        raise RehearsalError(f"{what} failed")


def _see_the_page() -> None:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    connection.request("GET", "/")
    answer = connection.getresponse()
    if answer.status != http.HTTPStatus.OK or b"<title>OmniAI</title>" not in answer.read():
        raise RehearsalError("it does not serve its page")


def _mount(*arguments: str | Path) -> None:
    done = subprocess.run(["mount", *map(str, arguments)], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RehearsalError(f"mount: {done.stderr.strip()}")


def _unmount_below(folder: Path) -> None:
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    for place in reversed([line.split()[1] for line in mounts if line.split()[1].startswith(str(folder))]):
        subprocess.run(["umount", "--lazy", place], check=False)


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Finds the Chrome or Chromium that the tests and the picture drive; a Debian root account gets one installed.

Standard library only.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
DEBIAN_PACKAGES: Final = ("chromium", "fonts-liberation")


class BrowserMissingError(Exception):
    """No browser was found and none can be installed; says what a person can do."""


def find_or_install() -> str:
    """The path of a browser's program.

    Raises:
        BrowserMissingError: There is none, and this account cannot install one.
    """
    named = os.environ.get("PLAYWRIGHT_CHROMIUM")
    if named:
        if shutil.which(named) is None:
            raise BrowserMissingError("PLAYWRIGHT_CHROMIUM does not name a program")
        return named
    found = _find()
    if found is None and _is_debian_root():
        _install()
        found = _find()
    if found is None:
        raise BrowserMissingError(
            "no Chrome or Chromium was found; install one, or set PLAYWRIGHT_CHROMIUM to its path"
        )
    return found


def _find() -> str | None:
    on_path = (shutil.which(name) for name in NAMES)
    on_mac = (place for place in MAC if Path(place).is_file())
    return next((found for found in (*on_path, *on_mac) if found), None)


def _is_debian_root() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").is_file() and shutil.which("apt-get") is not None


def _install() -> None:
    print("OmniAI: Installing Chromium for the tests …", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("update",), ("install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES)):
        subprocess.run(["apt-get", "--quiet=2", *command], env=environ, check=False, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    try:
        print(find_or_install())
    except BrowserMissingError as problem:
        sys.exit(f"OmniAI: {problem}.")

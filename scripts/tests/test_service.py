"""The unit for systemd starts what there is, with settings that exist, and lets it do nothing else."""

import re
from configparser import RawConfigParser

import pytest

from prepare import ROOT

UNIT = ROOT / "deploy" / "systemd" / "omniai.service"
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
    "User": "omniai",
}


@pytest.fixture(scope="module")
def service() -> dict[str, str]:
    """The section of the service."""
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names have capitals
    parser.read_string(UNIT.read_text(encoding="utf-8"))
    return dict(parser["Service"])


def test_it_may_do_nothing_but_serve(service: dict[str, str]) -> None:
    assert {name: service.get(name) for name in HARDENED} == HARDENED


def test_it_starts_the_command_that_the_environment_holds(service: dict[str, str]) -> None:
    assert service["ExecStart"] == "/opt/omniai/backend/.venv/bin/omniai serve"


def test_it_names_settings_that_exist(service: dict[str, str], known_settings: set[str]) -> None:
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    named = {name.removesuffix("_FILE") for name in re.findall(r"OMNIAI_[A-Z_]+", service["Environment"] + page)}
    assert named
    assert named <= known_settings

"""Reads the project's Dockerfile into its stages. Knows the instructions that it uses, and refuses others."""

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

SILENT: Final = frozenset({"VOLUME", "EXPOSE", "STOPSIGNAL"})
"""What changes nothing about files and commands."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Files from the project's folder, or from the stage `source`."""

    source: str | None
    paths: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Run:
    """A line for the shell."""

    line: str


@dataclass(frozen=True, slots=True)
class Step:
    """An act, the folder it works in, and the variables that are set by then."""

    act: Copy | Run
    folder: str
    environ: dict[str, str]


@dataclass(slots=True)
class Stage:
    """One image.

    Attributes:
        base: The image it begins with.
        name: What others call it.
        steps: In their order.
        environ: Variables of the command, arguments included.
        user: Who runs the command.
        folder: Where it runs.
        health: The command that tells whether it is well.
        command: What it runs.
    """

    base: str
    name: str | None
    steps: list[Step] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    folder: str = "/"
    health: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


def read(path: Path) -> list[Stage]:
    """The stages of a Dockerfile, in their order.

    Raises:
        ValueError: It has an instruction that is not known here.
    """
    stages: list[Stage] = []
    for instruction, rest in _instructions(path.read_text(encoding="utf-8")):
        if instruction == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(base, name or None))
        elif instruction not in SILENT:
            _apply(stages[-1], instruction, rest)
    return stages


def _instructions(text: str) -> list[tuple[str, str]]:
    lines = text.replace("\\\n", " ").splitlines()
    said = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in said)]


def _apply(stage: Stage, instruction: str, rest: str) -> None:
    match instruction:
        case "WORKDIR":
            stage.folder = rest
        case "USER":
            stage.user = rest
        case "ENV" | "ARG":
            stage.environ |= dict(_variable(word) for word in shlex.split(rest))
        case "RUN":
            stage.steps.append(Step(Run(rest), stage.folder, dict(stage.environ)))
        case "COPY":
            stage.steps.append(Step(_copy(rest), stage.folder, dict(stage.environ)))
        case "HEALTHCHECK":
            stage.health = _words(rest[rest.index("CMD ") + len("CMD ") :])
        case "ENTRYPOINT":
            stage.command = _words(rest)
        case "CMD":
            stage.command += _words(rest)
        case _:
            raise ValueError(f"The Dockerfile has an instruction that is not known here: {instruction}")


def _variable(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value


def _copy(rest: str) -> Copy:
    words = rest.split()
    flag: Literal["--from="] = "--from="
    source = words.pop(0).removeprefix(flag) if words[0].startswith(flag) else None
    return Copy(source, tuple(words[:-1]), words[-1])


def _words(rest: str) -> tuple[str, ...]:
    found = json.loads(rest)
    if not (isinstance(found, list) and all(isinstance(word, str) for word in found)):
        raise ValueError(f"The Dockerfile does not name its words one by one: {rest}")
    return tuple(found)

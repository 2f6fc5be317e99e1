"""Secrets that can be found again, and a client that looks for them in every answer it gets.

A secret is found whole or by its first or last sixteen characters, as it is or in base64.
"""

import base64
import json
import re
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

PIECE = 16
BODIES = ("broken", "unknown field", "wrong type", "not JSON", "too large")


@dataclass
class Canaries:
    """What must not be found again, by name."""

    values: dict[str, str] = field(default_factory=dict)

    def plant(self, name: str) -> str:
        """A new secret that nothing else resembles."""
        self.values[name] = f"{secrets.token_urlsafe(18)}.canary.{secrets.token_urlsafe(18)}"
        return self.values[name]

    def note(self, name: str, value: object) -> str:
        """A secret that the server made."""
        assert isinstance(value, str), name
        assert len(value) >= PIECE, name
        self.values[f"{name} {len(self.values)}"] = value
        return value

    def found_in(self, text: str | bytes, *, but: tuple[str, ...] = ()) -> list[str]:
        """Names of the secrets that a text holds, save those whose name begins with one of `but`."""
        raw = text.encode() if isinstance(text, str) else text
        wanted = {name: value for name, value in self.values.items() if not name.startswith(but)}
        return [name for name, value in wanted.items() if any(form in raw for form in _forms(value))]


def _forms(value: str) -> list[bytes]:
    raw = value.encode()
    inner = base64.b64encode(raw)[:-4].rstrip(b"=")
    return [raw[:PIECE], raw[-PIECE:], inner]


@dataclass
class Witness:
    """Sends requests and refuses every answer that tells a secret known before it.

    Attributes:
        http: The client.
        canaries: What is looked for.
        seen: Requests by method and path as they were sent, with the answers' statuses.
        refusals: Texts of every answer from 400 on.
    """

    http: httpx2.AsyncClient
    canaries: Canaries
    seen: list[tuple[str, str, int]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        raw: bytes | None = None,
        may_tell: tuple[str, ...] = (),
    ) -> httpx2.Response:
        """Send a request.

        Args:
            method: Its verb.
            path: Where to.
            body: As JSON.
            headers: With these.
            raw: These bytes in place of JSON.
            may_tell: Secrets that a success may hold, by the beginning of their names; a refusal may hold none.
        """
        answer = await self.http.request(method, path, headers=headers, json=body, content=raw)
        told = answer.text + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        but = may_tell if answer.status_code < 400 else ()
        assert self.canaries.found_in(told, but=but) == [], (method, path, answer.status_code)
        self.seen.append((method, path, answer.status_code))
        if answer.status_code >= 400:
            self.refusals.append(answer.text)
        return answer

    def unseen(self, document: Mapping[str, Mapping[str, Mapping[str, object]]]) -> set[str]:
        """Operations of an OpenAPI document that no request was sent to."""
        missing = set()
        for path, operations in document["paths"].items():
            pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path))
            for method in operations:
                hits = [
                    sent
                    for verb, sent, _ in self.seen
                    if verb == method.upper() and pattern.fullmatch(sent.partition("?")[0])
                ]
                missing |= set() if hits else {f"{method} {path}"}
        return missing


def bad_body(kind: str, secret: str) -> tuple[bytes, dict[str, str]]:
    """A body that cannot be accepted and holds a secret, with its headers."""
    plain = {"Content-Type": "application/json"}
    match kind:
        case "broken":
            return f'{{"password": "{secret}"'.encode(), plain
        case "unknown field":
            return json.dumps(dict.fromkeys((secret, "password", "username", "token"), secret)).encode(), plain
        case "wrong type":
            names = ("message", "username", "password", "conversation_id", "role", "max_uses", "preferences", "title")
            return json.dumps({name: [secret] for name in names}).encode(), plain
        case "not JSON":
            return f"password={secret}".encode(), {"Content-Type": f"text/{secret}"}
        case _:
            return json.dumps({"password": secret * 1_000}).encode(), plain


def columns_holding(database: Path, canaries: Canaries) -> dict[str, set[str]]:
    """Secrets by the column of a database file in which they stand in clear."""
    found: dict[str, set[str]] = {}
    with closing(sqlite3.connect(database)) as connection:
        # The index of words cannot be read through its virtual table; the tables that it keeps its words in are here.
        real = "type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'"
        tables = [row[0] for row in connection.execute(f"SELECT name FROM sqlite_master WHERE {real}")]
        for table in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                for name, value in zip(names, row, strict=True):
                    told = canaries.found_in(value if isinstance(value, bytes) else str(value))
                    if told:
                        found.setdefault(f"{table}.{name}", set()).update(told)
    return found

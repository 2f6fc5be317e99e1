"""Every door against generated requests, valid and not: nothing but documented answers in their documented shapes."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.client import Person
from tests.process.server import Server

pytestmark = [pytest.mark.asyncio, pytest.mark.process]

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# The sign-in that all requests bear must live on.
ENDING = ("logout", "end_session", "revoke_user_sessions")


async def test_no_generated_request_breaks_a_door(
    server: Server, person: Person, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seconds: int = request.config.getoption("--fuzz-seconds")
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        str(Path(__file__).with_name("schemathesis.toml")),
        "run",
        f"{server.url}/openapi.json",
        "--header",
        f"Authorization: {person.headers['Authorization']}",
        "--checks",
        ",".join(CHECKS),
        *(word for name in ENDING for word in ("--exclude-operation-id", name)),
        "--phases",
        "coverage,fuzzing",
        "--max-examples",
        str(seconds),
        "--max-time",
        str(seconds),
        "--workers",
        "2",
        "--seed",
        "1",
        "--continue-on-failure",
        "--no-color",
        "--warnings",
        "off",
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(seconds * 3):
        output, _ = await process.communicate()
    assert process.returncode == 0, _shortened(output.decode())
    assert server.process.returncode is None
    assert (await person.get("/auth/me")).status_code == 200
    assert (await person.get("/admin/audit/verify")).json()["ok"]
    print(output.decode()[-1500:])


def _shortened(report: str) -> str:
    """The report without the megabytes that a generated body may have."""
    return "\n".join(line[:300] for line in report.splitlines())[-12_000:]

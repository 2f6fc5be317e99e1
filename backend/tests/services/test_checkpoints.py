"""The file of checkpoints: what stands in it after a crash, a full disk, or a stranger's pen."""

from pathlib import Path

import pytest
from app.config.settings import Settings
from app.wiring import CHECKPOINT_FILE

from tests.client import Api, Person

VERIFIED = "/admin/audit/verify"


@pytest.fixture
def file(settings: Settings) -> Path:
    """Where they are kept."""
    return settings.server.data_dir / CHECKPOINT_FILE


def text_of(file: Path) -> str:
    return file.read_text()


def put(file: Path, text: str) -> None:
    file.write_bytes(text.encode(errors="surrogateescape"))


def put_folder(file: Path) -> None:
    file.mkdir()


def put_away(file: Path) -> None:
    file.rmdir()


@pytest.mark.parametrize("kept", [1, 40, -2])
async def test_a_torn_line_is_passed_over_and_gives_way_to_the_next(
    api: Api, owner: Person, file: Path, kept: int
) -> None:
    keeper = api.app.state.services.checkpoints
    await keeper.write()
    whole = text_of(file)
    put(file, whole + whole[:kept])
    assert (await owner.get(VERIFIED)).json() == {"ok": True, "checked": 1, "first_bad": None}
    await owner.post("/admin/invites", {})
    made = await keeper.write()
    assert text_of(file) == f"{whole}{made.line()}\n"
    assert (await owner.get(VERIFIED)).json() == {"ok": True, "checked": 2, "first_bad": None}


async def test_a_line_without_its_end_alone_is_kept(api: Api, owner: Person, file: Path) -> None:
    keeper = api.app.state.services.checkpoints
    first = await keeper.write()
    put(file, first.line())
    await owner.post("/admin/invites", {})
    second = await keeper.write()
    assert text_of(file) == f"{first.line()}\n{second.line()}\n"


@pytest.mark.parametrize("line", ["{}", "nonsense", '{"seq": 1}', "\udcff"])
async def test_a_strange_line_is_told_in_the_verdict(api: Api, owner: Person, file: Path, line: str) -> None:
    await api.app.state.services.checkpoints.write()
    whole = text_of(file)
    put(file, f"{line}\n{whole}")
    assert (await owner.get(VERIFIED)).json() == {"ok": False, "checked": 1, "first_bad": None}


async def test_a_file_that_cannot_be_read_is_a_conflict(api: Api, owner: Person, file: Path) -> None:
    put_folder(file)
    answer = await owner.get(VERIFIED)
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    put_away(file)

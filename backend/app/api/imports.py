"""The doors of what people bring: a file in, and what became of it."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, File, Query, UploadFile

from app.api.deps import CurrentUser, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import WireOut, errors
from app.core.errors import InvalidFields, PayloadTooLarge, StorageFull, UnsupportedMediaType
from app.domain.imports import service as imports
from app.domain.imports.errors import ImportMissing, ImportRunning
from app.domain.imports.rules import ImportState, Result

router = APIRouter(tags=["import"], route_class=DoorRoute)


class ResultOut(WireOut):
    """What became of one conversation; `source_id` null for the file itself."""

    source_id: str | None
    title: str
    result: Result
    reason: str | None


class ImportOut(WireOut):
    """Where an import stands. `total` counts what has been looked at; the counts sum up to it."""

    id: str
    state: ImportState
    dry_run: bool
    total: int
    imported: int
    skipped: int
    failed: int
    report: list[ResultOut]
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, found: imports.Reported) -> Self:
        """From its rows."""
        row = found.row
        return cls.model_validate(
            {
                **{name: getattr(row, name) for name in ("id", "state", "dry_run", "created_at", "finished_at")},
                "total": len(found.results),
                **{result: found.count(result) for result in ("imported", "skipped", "failed")},
                "report": [ResultOut.model_validate(each) for each in found.results],
            }
        )


@router.post(
    "/import",
    operation_id="import_conversations",
    status_code=202,
    responses=errors(ImportRunning, InvalidFields, PayloadTooLarge, StorageFull, UnsupportedMediaType),
)
@door("user", whose="caller", limit="write", size=None, takes="file")
async def import_conversations(
    user: CurrentUser,
    wired: Wired,
    file: Annotated[UploadFile, File(description="An export of OmniAI, ChatGPT or Claude: the zip, or its JSON.")],
    dry_run: Annotated[bool, Query(description="Only tell what would become of it.")] = False,
) -> ImportOut:
    """Take in what was exported elsewhere, in the background; what is here already is skipped."""
    made = await wired.importing.begin(user.user_id, file.file, file.filename or "", dry_run=dry_run)
    return ImportOut.of(imports.Reported(made, []))


@router.get("/import/{import_id}", operation_id="read_import", responses=errors(ImportMissing))
@door("user", whose="by id", limit="read")
async def read_import(import_id: str, user: CurrentUser, tx: Tx) -> ImportOut:
    """Where an import stands, and what became of each conversation so far."""
    return ImportOut.of(await tx.read(lambda session: imports.read(session, user.user_id, import_id)))

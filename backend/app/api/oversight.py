"""The door of admins to the whole: figures, usage, model servers, the audit log. Shows nobody's conversations."""

import re
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BeforeValidator, Field

from app.api.deps import Acting, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import Page, WireOut
from app.core.clock import now
from app.core.errors import Code, InvalidFields
from app.core.pagination import DEFAULT_LIMIT, MAX_LIMIT, NumberCursor
from app.domain.audit import service as audit
from app.domain.audit.models import AuditEntry
from app.domain.audit.rules import Filter, Format
from app.domain.quotas import repository as quota_rows
from app.domain.quotas.rules import Group
from app.providers.base import Location
from app.providers.discovery import Kind

router = APIRouter(prefix="/admin", tags=["admin"], route_class=DoorRoute)

ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
EARLIEST: Final = date(1970, 1, 1)
"""From here on a span of days ends before the calendar does."""
MAX_DAYS: Final = 366
EXPORT_ROWS: Final = 500
MEDIA: Final[dict[Format, str]] = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
Text = Annotated[str | None, Query(max_length=100)]


def _written_out(value: object) -> object:
    # Pydantic takes bare numbers for seconds since 1970.
    if isinstance(value, str) and not ISO.match(value):
        raise ValueError("must be written as in 2026-11-23")
    return value


Day = Annotated[date, BeforeValidator(_written_out), Field(ge=EARLIEST)]
Instant = Annotated[datetime, BeforeValidator(_written_out)]


class PeopleFigures(WireOut):
    total: int
    active: int
    disabled: int
    admins: int


class TodayFigures(WireOut):
    day: date
    messages: int
    prompt_tokens: int
    completion_tokens: int


class BackupFigures(WireOut):
    """How backups that the server makes go; `every_hours` None where it makes none."""

    every_hours: float | None
    proven_at: datetime | None
    tried_at: datetime | None
    problem: str | None


class Overview(WireOut):
    version: str
    started_at: datetime
    users: PeopleFigures
    open_invites: int
    live_sessions: int
    conversations: int
    messages: int
    active_streams: int
    today: TodayFigures
    database_bytes: int
    audit_entries: int
    backup: BackupFigures
    public_url: bool
    origin_lock: bool


class ProviderItem(WireOut):
    id: str
    label: str
    location: Location
    state: Literal["up", "down", "unknown"]
    checked_at: datetime | None
    models: int
    error_code: Code | None
    latency_ms: float | None
    cut_off: bool


class FoundItem(WireOut):
    """A model server on this machine that is not configured; `setting` is the line that configures it."""

    kind: Kind
    label: str
    base_url: str
    setting: str


class ProviderPage(Page[ProviderItem]):
    """`found` is empty unless it was asked for."""

    found: list[FoundItem]


class UsageItem(WireOut):
    """A sum; what it was not grouped by is null."""

    day: date | None
    user_id: str | None
    provider: str | None
    model: str | None
    messages: int
    prompt_tokens: int
    completion_tokens: int


class AuditItem(WireOut):
    """An entry; personal columns are null once its person was erased."""

    seq: int
    at: datetime
    action: str
    outcome: Literal["success", "refused"]
    actor_id: str | None
    actor_name: str | None
    target_type: str | None
    target_id: str | None
    address: str | None
    user_agent: str | None
    request_id: str | None
    detail: dict[str, Any] | None
    hash: str


class AuditVerdict(WireOut):
    ok: bool
    checked: int
    first_bad: int | None


@router.get("/overview", operation_id="get_overview")
@door("admin", whose="everybody", limit="read")
async def overview(wired: Wired) -> Overview:
    """The place in figures."""
    found = await wired.administration.figures()
    people = found.people
    active = sum(count for (_, status), count in people.items() if status == "active")
    messages, prompt_tokens, completion_tokens = found.used
    last = await wired.backups.standing()
    return Overview(
        version=wired.version,
        started_at=wired.started_at,
        users=PeopleFigures(
            total=sum(people.values()),
            active=active,
            disabled=sum(people.values()) - active,
            admins=people.get(("admin", "active"), 0),
        ),
        today=TodayFigures(
            day=now().date(), messages=messages, prompt_tokens=prompt_tokens, completion_tokens=completion_tokens
        ),
        backup=BackupFigures(
            every_hours=wired.backups.every_hours,
            proven_at=last.proven_at,
            tried_at=last.tried_at,
            problem=last.problem,
        ),
        public_url=wired.settings.server.public_url is not None,
        origin_lock=wired.settings.server.origin_lock_enabled,
        **{name: getattr(found, name) for name in Overview.model_fields if hasattr(found, name)},
    )


@router.get("/providers", operation_id="list_admin_providers")
@door("admin", whose="everybody", limit="read")
async def list_admin_providers(wired: Wired, discover: bool = False) -> ProviderPage:
    """The configured model servers, as they were when last asked; with `discover` the usual ports are looked at too."""
    items = [ProviderItem.model_validate(state) for state in wired.registry.states()]
    found = await wired.discovery.look() if discover else []
    return ProviderPage(items=items, next_cursor=None, found=[FoundItem.model_validate(server) for server in found])


@router.get("/usage", operation_id="list_usage")
@door("admin", whose="everybody", limit="read")
async def list_usage(
    tx: Tx,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
    group: Group = "day",
) -> Page[UsageItem]:
    """What was used by day, person or model; the last thirty days unless said otherwise, at most a year."""
    end = last or now().date()
    begin = first or end - timedelta(days=29)
    if not 0 <= (end - begin).days < MAX_DAYS:
        raise InvalidFields({"from": f"must lie before `to`, by less than {MAX_DAYS} days"})
    rows = await tx.read(lambda session: quota_rows.usage_by(session, begin, end, group))
    return Page(items=[UsageItem.model_validate(row) for row in rows], next_cursor=None)


@router.get("/audit", operation_id="list_audit")
@door("admin", whose="everybody", limit="read")
async def list_audit(
    tx: Tx,
    action: Text = None,
    actor: Text = None,
    outcome: Annotated[Literal["success", "refused"] | None, Query()] = None,
    since: Annotated[Instant | None, Query()] = None,
    until: Annotated[Instant | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[AuditItem]:
    """The audit log, newest first; an `action` that ends with a dot names a family of them."""
    wanted = Filter(action, actor, outcome, _aware("since", since), _aware("until", until))
    before = NumberCursor.decode(cursor).number if cursor else None
    rows, next_seq = await tx.read(lambda session: audit.list_entries(session, wanted, limit, before))
    following = NumberCursor(next_seq).encode() if next_seq else None
    return Page(items=[_audit_item(row) for row in rows], next_cursor=following)


@router.get("/audit/verify", operation_id="verify_audit")
@door("admin", whose="everybody", limit="read")
async def verify_audit(tx: Tx, wired: Wired) -> AuditVerdict:
    """Walk the whole log, and compare it with the checkpoints, all of which must have been signed here."""
    notes = await wired.checkpoints.read()
    found = await tx.read(lambda session: wired.trail.verify(session, notes.checkpoints))
    return AuditVerdict(ok=found.ok and notes.bad_line is None, checked=found.checked, first_bad=found.first_bad)


@router.get(
    "/audit/export",
    operation_id="export_audit",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}, "text/csv": {}}}},
)
@door("admin", whose="everybody", limit="read")
async def export_audit(
    tx: Tx, wired: Wired, source: Acting, kind: Annotated[Format, Query(alias="format")] = "jsonl"
) -> StreamingResponse:
    """The whole log, oldest first, as a file."""
    await tx.write(lambda session: wired.trail.note(session, source, "audit.exported", detail={"format": kind}))

    async def lines() -> AsyncIterator[str]:
        after: int | None = 0
        while after is not None:
            chunk, after = await tx.read(
                lambda session, seen=after: audit.export_lines(session, kind, seen, EXPORT_ROWS)  # type: ignore[misc]
            )
            if chunk:
                yield chunk

    headers = {"Content-Disposition": f'attachment; filename="omniai-audit.{kind}"'}
    return StreamingResponse(lines(), media_type=MEDIA[kind], headers=headers)


def _audit_item(row: AuditEntry) -> AuditItem:
    columns = {name: getattr(row, name) for name in AuditItem.model_fields if name != "detail"}
    return AuditItem.model_validate({**columns, "detail": audit.detail_of(row)})


def _aware(name: str, moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise InvalidFields({name: "must say its zone, such as Z"})
    return moment

"""The door of one's own allowance."""

from datetime import date, datetime

from fastapi import APIRouter

from app.api.deps import CurrentUser, Tx, Wired
from app.api.doors import DoorRoute, door
from app.api.schemas import WireOut
from app.core.clock import now
from app.domain.quotas import service as quotas

router = APIRouter(prefix="/usage", tags=["usage"], route_class=DoorRoute)


class Allowance(WireOut):
    """`limit` null is no limit."""

    used: int
    limit: int | None
    resets_at: datetime


class UsageOut(WireOut):
    day: date
    messages: Allowance
    tokens: Allowance


@router.get("/me", operation_id="get_my_usage")
@door("user", whose="caller", limit="read")
async def my_usage(user: CurrentUser, tx: Tx, wired: Wired) -> UsageOut:
    """What the caller has used of today, in UTC."""
    found = await tx.read(lambda session: quotas.standing(session, user.user_id, wired.limits, now()))
    return UsageOut(
        day=found.day,
        messages=Allowance(used=found.messages, limit=found.limits.messages, resets_at=found.resets_at),
        tokens=Allowance(used=found.tokens, limit=found.limits.tokens, resets_at=found.resets_at),
    )

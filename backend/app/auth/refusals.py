"""Notes refusals that somebody may have to answer for; a flood of one kind from one place is one entry a minute."""

import time
from collections import OrderedDict
from typing import Final

import structlog

from app.core.addresses import counted_by
from app.core.errors import Code, OmniError
from app.db.session import Database
from app.domain.audit.service import Source, Trail

log = structlog.get_logger(__name__)

NOTED: Final = frozenset(
    {
        Code.INVALID_INVITE,
        Code.INVALID_RESET,
        Code.CSRF_INVALID,
        Code.USER_INACTIVE,
        Code.ADMIN_REQUIRED,
        Code.ORIGIN_LOCKED,
        Code.ORIGIN_NOT_ALLOWED,
        Code.REAUTH_REQUIRED,
        Code.BOOTSTRAP_CLOSED,
        Code.LAST_ADMIN,
        Code.RATE_LIMITED,
        Code.QUOTA_EXCEEDED,
        Code.TOO_MANY_STREAMS,
        Code.ACCOUNT_LOCKED,
        Code.MISDIRECTED,
    }
)
"""Refusals that tell of somebody trying what they may not; AUTH_REQUIRED is noted when a credential was shown."""
QUIET_SECONDS: Final = 60.0
MAX_KEYS: Final = 4_096


class RefusalLog:
    """Writes refusals into the audit log.

    Args:
        database: Where it is kept.
        trail: Its writer.
    """

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail
        self._seen: OrderedDict[tuple[str, ...], tuple[float, int]] = OrderedDict()

    async def note(self, source: Source, error: OmniError, route: str, *, credential: bool = False) -> None:
        """Note a refusal, unless its like was noted within the last minute.

        Args:
            source: Who was refused.
            error: Why.
            route: At which door.
            credential: Whether one was shown that is nobody's.
        """
        if error.code not in NOTED and not (credential and error.code is Code.AUTH_REQUIRED):
            return
        suppressed = self._suppressed((error.code.value, route, source.actor_id or counted_by(source.address)))
        if suppressed is None:
            return
        detail: dict[str, object] = {"reason": error.code.value, "route": route}
        if suppressed:
            detail["like_it_before"] = suppressed
        try:
            await self._database.write(
                lambda session: self._trail.note(session, source, "access.refused", outcome="refused", detail=detail)
            )
        except OmniError as failure:
            log.warning("refusal_not_noted", error=failure.code.value)

    def _suppressed(self, key: tuple[str, ...]) -> int | None:
        moment = time.monotonic()
        since, count = self._seen.get(key, (-QUIET_SECONDS, 0))
        if moment - since < QUIET_SECONDS:
            self._seen[key] = (since, count + 1)
            return None
        self._seen[key] = (moment, 0)
        self._seen.move_to_end(key)
        while len(self._seen) > MAX_KEYS:
            self._seen.popitem(last=False)
        return count

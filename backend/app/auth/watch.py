"""Ends open streams whose sign-in has ended: one look at the database for all of them, every two seconds.

The database is asked, not the act that ended the sign-in, so that no act can forget to tell and any process may do it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.auth.errors import SessionExpired, UserInactive
from app.auth.principal import Principal
from app.core.clock import now
from app.core.errors import OmniError
from app.db.session import Database
from app.domain.accounts import repository

log = structlog.get_logger(__name__)

PAUSE_SECONDS: Final = 2.0
"""Well below the 5 s within which a revocation must reach open streams."""

Verdict = asyncio.Future[OmniError]


class StreamWatch:
    """Knows the sign-ins that read streams in this process.

    Args:
        database: Where sign-ins are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._readers: dict[str, set[Verdict]] = {}

    @contextmanager
    def watching(self, principal: Principal) -> Iterator[Verdict]:
        """Watch a reader's sign-in; the future gets why it is over, once it is."""
        verdict: Verdict = asyncio.get_running_loop().create_future()
        readers = self._readers.setdefault(principal.session_id, set())
        readers.add(verdict)
        try:
            yield verdict
        finally:
            verdict.cancel()
            readers.discard(verdict)
            if not readers and self._readers.get(principal.session_id) is readers:
                del self._readers[principal.session_id]

    async def check(self) -> None:
        """Look at every watched sign-in now.

        Raises:
            Overloaded: The database stayed locked.
        """
        watched = list(self._readers)
        if not watched:
            return
        over = await self._database.read(lambda session: _over(session, watched))
        for session_id, error in over.items():
            for verdict in self._readers.get(session_id, ()):
                if not verdict.done():
                    verdict.set_result(error)

    async def run_forever(self) -> None:
        """Check again and again. Runs until cancelled."""
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            try:
                await self.check()
            except OmniError as error:
                log.warning("stream_check_postponed", error=error.code.value)


def _over(session: Session, session_ids: list[str]) -> dict[str, OmniError]:
    moment = now()
    states = repository.session_states(session, session_ids)
    found: dict[str, OmniError] = {}
    for session_id in session_ids:
        login, user = states.get(session_id, (None, None))
        if login is None or user is None or login.ended_at or login.expires_at <= moment:
            found[session_id] = SessionExpired()
        elif user.status != "active":
            found[session_id] = UserInactive()
    return found

"""Answers a search: what stands nearer to what was typed comes first, and of that the newer."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.domain.conversations import repository
from app.domain.conversations.repository import Match
from app.services.search.query import parse
from app.services.search.snippet import Cutter, Part

CANDIDATES: Final = 200
"""The newest of all that match are ranked: the index brings them in that order without looking at the others."""
PER_CONVERSATION: Final = 3
"""So that one long conversation does not hide the others."""
TITLE_WEIGHT: Final = 2.0
TERM_WEIGHT: Final = 1.0
RECENCY_WEIGHT: Final = 1.5
HALF_LIFE_DAYS: Final = 60.0
DAY_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation by its title (then without a message), or a message in it."""

    match: Match
    snippet: list[Part]


def search(session: Session, owner_id: str, text: str, now: datetime, limit: int) -> list[Hit]:
    """Find titles and messages.

    Args:
        session: A read transaction.
        owner_id: Whose.
        text: What was typed (`query.parse`).
        now: Against which age is measured.
        limit: How many at most.
    """
    query = parse(text)
    if query.is_empty:
        return []
    cutter = Cutter(query.terms)

    def score(match: Match) -> float:
        near = TERM_WEIGHT * cutter.nearness(match.text) + TITLE_WEIGHT * (match.message_id is None)
        return near + _recency(match.at, now)

    ranked = sorted(repository.matches(session, owner_id, query.search, CANDIDATES), key=score, reverse=True)
    shown: Counter[str] = Counter()
    hits: list[Hit] = []
    for match in ranked:
        if len(hits) < limit and shown[match.conversation_id] < PER_CONVERSATION:
            shown[match.conversation_id] += 1
            hits.append(Hit(match, cutter.cut(match.text)))
    return hits


def _recency(at: datetime, now: datetime) -> float:
    """The weight of youth: all of it today, half of it after the half-life."""
    age = max(0.0, (now - at).total_seconds()) / DAY_SECONDS
    return RECENCY_WEIGHT * math.exp2(-age / HALF_LIFE_DAYS)

"""How well words alone bring the right memory back; the figures are printed and stand in docs/memory.md."""

import pytest
from app.config.settings import MemorySettings
from app.services.memory.lexical import Lexicon

from tests.services.facts import FACTS, UNANSWERED

FEWEST_FOUND = 118
MOST_UNASKED = 2
FITS = MemorySettings.model_fields["min_score"].default
"""Of the questions that nothing answers, these share a rare word with a memory ("dark", "kilometre")."""


def first_three(lexicon: Lexicon, question: str) -> list[int]:
    """Places of the three best that fit well enough."""
    scores = lexicon.scores(question)
    best = sorted(scores, key=lambda place: (-scores[place], place))[:3]
    return [place for place in best if scores[place] >= FITS]


def test_questions_bring_their_memory_back_and_others_none(capsys: pytest.CaptureFixture[str]) -> None:
    lexicon = Lexicon(list(FACTS))
    asked = [(place, question) for place, questions in enumerate(FACTS.values()) for question in questions]
    found = sum(place in first_three(lexicon, question) for place, question in asked)
    unasked = [question for question in UNANSWERED if first_three(lexicon, question)]
    with capsys.disabled():
        print(f"\nrecall@3 by words {found}/{len(asked)}, brought back unasked {len(unasked)}/{len(UNANSWERED)}")
    assert found >= FEWEST_FOUND
    assert len(unasked) <= MOST_UNASKED


def test_the_better_memory_comes_first_and_cases_and_accents_do_not_matter() -> None:
    lexicon = Lexicon(["I like cafés in Málaga", "I like cafés", "Wir haben eine Katze", "高い山が好き"])
    assert first_three(lexicon, "Which CAFES in malaga?") == [0, 1]
    assert first_three(lexicon, "Was frisst eine katze?") == [2]
    assert first_three(lexicon, "高い山に行く") == [3]
    assert Lexicon([]).scores("anything") == {}

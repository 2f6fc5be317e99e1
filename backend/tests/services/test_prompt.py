"""Prompts: what is kept, what is dropped, and when a question is too long."""

import pytest
from app.providers.base import PromptMessage
from app.services.chat.prompt import MAX_SCALE, MIN_SCALE, ContextTooLong, Scales, build, estimate_tokens
from hypothesis import given
from hypothesis import strategies as st


def turns(count: int) -> list[PromptMessage]:
    return [PromptMessage("assistant" if n % 2 else "user", f"turn {n} " + "x" * 40) for n in range(count)]


def test_everything_is_kept_when_the_window_is_large() -> None:
    prompt = build(system="be brief", history=turns(4), question="why?", window=1_000_000, max_tokens=None)
    assert [message.role for message in prompt.messages] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert prompt.dropped == 0


def test_the_oldest_turns_are_dropped_first() -> None:
    prompt = build(system="be brief", history=turns(20), question="why?", window=200, max_tokens=None)
    assert prompt.dropped > 0
    assert prompt.messages[0].content == "be brief"
    assert prompt.messages[-1].content == "why?"
    assert "turn 19" in prompt.messages[-2].content
    assert prompt.tokens <= 150


def test_a_question_that_alone_does_not_fit_is_refused() -> None:
    with pytest.raises(ContextTooLong):
        build(system=None, history=[], question="x" * 4000, window=1000, max_tokens=None)


def test_an_unanswered_question_is_joined_with_the_next() -> None:
    history = [PromptMessage("user", "first"), PromptMessage("assistant", "")]
    prompt = build(system=None, history=history, question="second", window=1_000_000, max_tokens=None)
    assert [(message.role, message.content) for message in prompt.messages] == [("user", "first\n\nsecond")]


@given(st.lists(st.sampled_from(["user", "assistant"])), st.integers(64, 4096))
def test_roles_always_alternate_from_a_question(roles: list[str], window: int) -> None:
    history = [PromptMessage("user" if role == "user" else "assistant", "word " * 5) for role in roles]
    prompt = build(system=None, history=history, question="why?", window=window, max_tokens=None)
    sent = [message.role for message in prompt.messages]
    assert sent == ["user" if place % 2 == 0 else "assistant" for place in range(len(sent))]
    assert prompt.tokens <= window
    assert estimate_tokens("") == 0


def test_estimates_follow_what_the_server_counts() -> None:
    scales = Scales()
    assert scales.of("home", "dense") == 1
    for _ in range(40):
        estimated = round(1_000 * scales.of("home", "dense"))
        scales.learn("home", "dense", estimated, 1_500)
        scales.learn("home", "odd", round(1_000 * scales.of("home", "odd")), 100_000)
        scales.learn("home", "sparse", round(1_000 * scales.of("home", "sparse")), 1)
        scales.learn("home", "short", 10, 90)
    assert 1.45 < scales.of("home", "dense") < 1.55
    assert scales.of("home", "odd") <= MAX_SCALE
    assert scales.of("home", "sparse") >= MIN_SCALE
    assert scales.of("home", "short") == 1
    dense = scales.of("home", "dense")
    plain = build(system=None, history=turns(20), question="why?", window=400, max_tokens=None)
    scaled = build(system=None, history=turns(20), question="why?", window=400, max_tokens=None, scale=dense)
    assert scaled.dropped > plain.dropped
    assert scaled.tokens <= 400

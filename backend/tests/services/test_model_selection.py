"""Which model answers: deterministic, in the contract's order, and never away from home without a person's word."""

from collections.abc import Sequence

import pytest
from app.config.settings import SelectionSettings
from app.core.errors import Code
from app.providers.base import (
    Location,
    Model,
    ModelMissing,
    ProviderBusy,
    ProviderError,
    ProviderUnreachable,
)
from app.providers.registry import Catalogue
from app.services.model_selection import AWAY, GONE, GUIDE, Choice, NoModelsAvailable, Wish, select
from hypothesis import given
from hypothesis import strategies as st

WHERE: dict[str, Location] = {"anthropic": "remote", "lmstudio": "home", "ollama": "home", "guide": "home"}


def model(name: str, window: int | None = None) -> Model:
    provider, _, model_id = name.partition("/")
    return Model(model_id, provider, model_id, context_length=window, location=WHERE[provider])


def offer(*names: str, down: Sequence[str] = (), missed: Sequence[str] = ()) -> Catalogue:
    failed: dict[str, ProviderError] = {name: ProviderUnreachable() for name in down}
    return Catalogue(tuple(model(name) for name in names), failed, WHERE, frozenset(missed))


def settings(**names: str) -> SelectionSettings:
    return SelectionSettings.model_validate({key.upper(): value for key, value in names.items()})


def wish(source: str, name: str) -> Wish:
    provider, _, model_id = name.partition("/")
    return Wish(source, provider or None, model_id or None)  # type: ignore[arg-type]


def name_of(choice: Choice) -> str:
    return f"{choice.model.provider}/{choice.model.id}"


EVERY = ("anthropic/big", "lmstudio/a", "lmstudio/b", "ollama/a", "ollama/c")


@pytest.mark.parametrize(
    ("wishes", "given", "chosen", "source"),
    [
        (["explicit:ollama/c", "conversation:lmstudio/b", "user:lmstudio/a"], {}, "ollama/c", "explicit"),
        (["explicit:/a"], {}, "lmstudio/a", "explicit"),
        (["explicit:anthropic/"], {}, "anthropic/big", "explicit"),
        (["conversation:lmstudio/b", "user:ollama/a"], {}, "lmstudio/b", "conversation"),
        (["conversation:anthropic/big"], {}, "anthropic/big", "conversation"),
        (["user:ollama/a"], {"default_model": "c"}, "ollama/a", "user"),
        ([], {"default_model": "c", "provider_priority": "lmstudio"}, "ollama/c", "default"),
        ([], {"default_provider": "anthropic"}, "anthropic/big", "default"),
        ([], {"provider_priority": "ollama,lmstudio"}, "ollama/a", "priority"),
        ([], {"provider_priority": "ollama", "model_priority": "c"}, "ollama/c", "priority"),
        ([], {"model_priority": "c,b"}, "ollama/c", "priority"),
        ([], {"provider_priority": "anthropic"}, "anthropic/big", "priority"),
        ([], {}, "lmstudio/a", "first"),
    ],
)
def test_the_steps_come_in_the_contracts_order(
    wishes: list[str], given: dict[str, str], chosen: str, source: str
) -> None:
    ranked = [wish(*text.split(":", 1)) for text in wishes]
    choice = select(offer(*EVERY), ranked, settings(**given))
    assert (name_of(choice), choice.source) == (chosen, source)
    assert (choice.reason, choice.fallback_from) == (None, None)


def test_an_explicit_choice_is_kept_or_refused() -> None:
    with pytest.raises(ModelMissing):
        select(offer(*EVERY), [wish("explicit", "lmstudio/none")], settings())
    with pytest.raises(ProviderUnreachable):
        select(offer("ollama/a", down=["lmstudio"]), [wish("explicit", "lmstudio/a")], settings())
    assert select(offer(*EVERY), [wish("explicit", "lmstudio/a")], settings()).others == ()


@pytest.mark.parametrize(("down", "reason"), [(["lmstudio"], AWAY), ([], GONE)])
def test_what_is_skipped_is_said(down: list[str], reason: str) -> None:
    choice = select(offer("ollama/a", down=down), [wish("user", "lmstudio/a")], settings())
    assert (name_of(choice), choice.source) == ("ollama/a", "first")
    assert (choice.fallback_from, choice.reason) == ("lmstudio/a", reason)


@pytest.mark.parametrize(
    ("wishes", "answered_by", "missed"),
    [
        (["conversation:lmstudio/a"], None, []),
        (["user:lmstudio/a"], None, []),
        (["conversation:lmstudio/a", "user:anthropic/big"], None, []),
        ([], "lmstudio", []),
        (["user:anthropic/big"], "lmstudio", []),
        ([], None, ["lmstudio"]),
    ],
)
def test_what_was_at_home_waits_for_home(wishes: list[str], answered_by: str | None, missed: list[str]) -> None:
    ranked = [wish(*text.split(":", 1)) for text in wishes]
    catalogue = offer("anthropic/big", down=["lmstudio"], missed=missed)
    with pytest.raises(ProviderUnreachable):
        select(catalogue, ranked, settings(), answered_by)


def test_a_persons_word_leads_away_from_home() -> None:
    catalogue = offer("anthropic/big", down=["lmstudio"], missed=["lmstudio"])
    for ranked, names in (
        ([wish("explicit", "anthropic/big")], {}),
        ([wish("conversation", "anthropic/big")], {}),
        ([wish("user", "anthropic/big")], {}),
        ([], {"default_provider": "anthropic"}),
        ([], {"provider_priority": "lmstudio,anthropic"}),
    ):
        assert name_of(select(catalogue, ranked, settings(**names))) == "anthropic/big"
    # Where there never was a model at home, the only one there is answers.
    assert name_of(select(offer("anthropic/big", down=["lmstudio"]), [], settings())) == "anthropic/big"


def test_nobody_is_left() -> None:
    with pytest.raises(NoModelsAvailable):
        select(offer(), [], settings())
    with pytest.raises(ProviderUnreachable):
        select(offer(down=["lmstudio"]), [], settings())
    assert name_of(select(offer("guide/guide", down=["lmstudio"]), [], settings())) == "guide/guide"


def test_the_next_candidate_takes_over_once() -> None:
    choice = select(offer(*EVERY), [wish("user", "lmstudio/a")], settings())
    away = choice.instead(ProviderUnreachable(), 100)
    assert away
    assert (name_of(away), away.fallback_from) == ("ollama/a", "lmstudio/a")
    assert away.reason
    assert away.instead(ProviderUnreachable(), 100) is None
    missing = choice.instead(ModelMissing(), 100)
    assert missing
    assert name_of(missing) == "lmstudio/b"


def test_a_candidate_must_have_room_for_the_question() -> None:
    catalogue = Catalogue((model("lmstudio/a"), model("ollama/a", 1_000), model("ollama/c", 8_000)), {}, WHERE)
    choice = select(catalogue, [], settings())
    found = choice.instead(ProviderBusy(), 2_000)
    assert found
    assert name_of(found) == "ollama/c"
    assert choice.instead(ProviderBusy(), 9_000) is None


NAMES = st.sampled_from([*EVERY, "lmstudio/c", "ollama/b", "guide/guide"])
SOURCES = ("explicit", "conversation", "user")


@given(
    st.lists(NAMES, unique=True),
    st.lists(st.sampled_from(["lmstudio", "ollama", "anthropic"]), unique=True),
    st.lists(NAMES, max_size=3),
    st.permutations(["lmstudio", "ollama", "anthropic"]),
    st.integers(0, 3),
    st.sampled_from([None, "lmstudio", "ollama", "anthropic"]),
)
def test_a_choice_is_the_same_whatever_order_things_come_in(
    offered: list[str],
    down: list[str],
    wished: list[str],
    priority: list[str],
    named: int,
    answered_by: str | None,
) -> None:
    up = [name for name in offered if name.partition("/")[0] not in down]
    wishes = [wish(source, name) for source, name in zip(SOURCES[1:], wished, strict=False)]
    chosen = settings(provider_priority=",".join(priority[:named]))
    results: list[Choice | Code] = []
    for names in (up, sorted(up), list(reversed(up))):
        try:
            results.append(select(offer(*names, down=down), wishes, chosen, answered_by))
        except (ProviderUnreachable, NoModelsAvailable) as error:
            results.append(error.code)
    first = results[0]
    assert all(result == first for result in results)
    if not isinstance(first, Choice):
        return
    assert name_of(first) in up
    remote_named = "anthropic" in priority[:named]
    if first.model.location == "remote" and not remote_named:
        asked = next((wish for wish in wishes if wish), None)
        by_word = asked is not None and asked.provider == "anthropic"
        assert by_word or not (asked or (answered_by in down and answered_by != "anthropic"))
    for other in first.others:
        assert other.model.location == "home" or first.model.location == "remote"
        assert other.model.provider != GUIDE
    assert len({name_of(other) for other in first.others} | {name_of(first)}) == len(first.others) + 1

"""Titles out of what models say instead of one."""

import pytest
from app.providers.base import ChatCall
from app.providers.scripted import ScriptedProvider
from app.services.titles import cleaned, title_for


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("A boat for the lake", "A boat for the lake"),
        ('"A boat for the lake."', "A boat for the lake"),
        ("\n\n**Title:** A boat\n\nI chose it because …", "A boat"),
        ("# A   boat", "A boat"),
        ("„Ein Boot für den See“", "Ein Boot für den See"),
        ("湖の小舟", "湖の小舟"),
        ("", None),
        ("***", None),
        ("Certainly, here is a title for the conversation that you asked me to give a title to", None),
    ],
)
def test_what_is_left_of_it(said: str, title: str | None) -> None:
    assert cleaned(said) == title


async def test_a_model_that_cannot_say_gives_none() -> None:
    def script(call: ChatCall) -> str:
        assert "Question:\nWhy?" in call.messages[0].content
        return "Why things are"

    provider = ScriptedProvider("one", "One", script, pieces_per_second=None)
    assert await title_for(provider, "one", "Why?", "Because.") == "Why things are"
    assert await title_for(provider, "two", "Why?", "Because.") is None

"""What a message asks to be remembered, and what it says of its writer, by patterns alone."""

import pytest
from app.domain.memories.rules import secret_in
from app.services.memory.extraction import FACT_CHARS, MOST_WISHES, speaks_of_self, stated, wished


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("Remember that I sail.", ["I sail."]),
        ("Hello! Please remember: my boat is Ada. Thanks.", ["My boat is Ada."]),
        ("Remember that Dr. Smith is my dentist. Bye", ["Dr. Smith is my dentist."]),
        ("remember my site is ada.example.org and I owe 3.5 euros", ["My site is ada.example.org and I owe 3.5 euros"]),
        ("Merk dir bitte, dass ich segle", ["Ich segle"]),
        ("Could you please remember that I sail.", ["I sail."]),
        ("Recuerda que mi gata se llama Luna", ["Mi gata se llama Luna"]),
        ("记住我住在上海。谢谢", ["我住在上海。"]),
        ("Do you remember me?", []),
        ("Remember when we sailed", []),
        ("Remember that we sail?", []),
        ("> Remember that I sail", []),
        ("What do I remember best", []),
    ],
)
def test_what_is_wished_to_be_remembered(message: str, facts: list[str]) -> None:
    assert wished(message) == facts


def test_a_message_wishes_for_so_much_at_most() -> None:
    assert len(wished("\n".join(f"remember boat {number}" for number in range(3_000)))) == MOST_WISHES


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("Hi. My name is Eve. What is TCP?", ["My name is Eve."]),
        ("Ich heiße Eva und wohne in Stralsund", ["Ich heiße Eva und wohne in Stralsund"]),
        ("Do I live in a city?", []),
        ("> I live in Paris", []),
        ("I live in " + "x" * FACT_CHARS, []),
    ],
)
def test_what_one_says_of_oneself(message: str, facts: list[str]) -> None:
    assert stated(message) == facts


def test_who_speaks_of_themselves_is_told_from_who_asks() -> None:
    assert speaks_of_self("My knee hurts")
    assert speaks_of_self("我喜欢茶")
    assert not speaks_of_self("What is the capital of Peru?")


def test_ordinary_numbers_are_no_secret() -> None:
    assert secret_in("Call 0049 3831 123456, IBAN later, in 2026, 12 times") is None

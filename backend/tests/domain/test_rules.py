"""Pure decisions: names, passwords, titles."""

import pytest
from app.domain.accounts.rules import normal_username, password_problem, username_problem
from app.domain.conversations.rules import TITLE_CHARS, UNTITLED, title_from
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "name"), [("María", "maría"), ("\uff2f\uff37\uff2e\uff25\uff32", "owner"), (" Bob ", "bob")]
)
def test_names_have_one_form(text: str, name: str) -> None:
    assert normal_username(text) == name


@pytest.mark.parametrize("name", ["ab", "x" * 33, "a b c", "maría", "a/b/c", "", "a\0bc"])
def test_odd_names_are_refused(name: str) -> None:
    assert username_problem(name)


@pytest.mark.parametrize(
    "password",
    ["password12", "Qwertyuiop", "iloveyou2!", "1212121212", "aaaaaaaaaa", "0123456789", "Welcome-2026", "Sunsh1ne!!"],
)
def test_common_passwords_are_refused(password: str) -> None:
    assert password_problem(password, "maria") == "is on the list of common passwords"


@pytest.mark.parametrize("password", ["correct horse battery", "tr0ub4dor&3-x", "пароль мой длинный", "zzzzzzzzzy-kkw"])
def test_other_passwords_pass(password: str) -> None:
    assert password_problem(password, "maria") is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("How do I bake bread?", "How do I bake bread?"),
        ("\n\n  ## A heading\nmore", "A heading"),
        ("   \n\t ", UNTITLED),
        ("```\ncode\n```", "code"),
    ],
)
def test_titles_are_first_words(text: str, title: str) -> None:
    assert title_from(text) == title


@given(st.text(max_size=500))
def test_titles_always_fit(text: str) -> None:
    title = title_from(text)
    assert 0 < len(title) <= TITLE_CHARS
    assert "\n" not in title

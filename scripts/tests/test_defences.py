"""Each listed defence stands where the list says, once, and its tests are there."""

import pytest

from defences import Defence, read_list, switched_off
from prepare import BACKEND

DEFENCES = read_list()
ENOUGH = 25


@pytest.mark.parametrize("defence", DEFENCES, ids=lambda defence: defence.name)
def test_a_defence_stands_where_it_is_listed(defence: Defence) -> None:
    source = (BACKEND / defence.file).read_text(encoding="utf-8")
    assert switched_off(defence, source) != source
    assert all((BACKEND / test).exists() for test in defence.tests)


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len({defence.name for defence in DEFENCES}) == len(DEFENCES) >= ENOUGH


def test_a_line_that_is_not_there_is_named() -> None:
    defence = Defence("x", "app/main.py", "no such line", "", ())
    with pytest.raises(ValueError, match=r"x: app/main\.py does not hold"):
        switched_off(defence, "another line")

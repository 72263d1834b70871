"""How many there are, in words."""

import pytest

from smartduka.counting import counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 sales"), (1, "1 sale"), (2, "2 sales"), (1200, "1,200 sales")])
def test_only_one_is_one(number, said):
    assert counted(number, "sale") == said


def test_several_may_be_more_than_an_s():
    words = ("person waits", "people wait")
    assert [counted(number, *words) for number in (1, 2)] == ["1 person waits", "2 people wait"]

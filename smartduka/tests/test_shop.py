"""There is one shop, and its settings are such as the rest can count on."""

import pytest

from smartduka.models import Shop
from smartduka.tests.forgery import TWICE, forge, refused, rules_of

pytestmark = pytest.mark.django_db

CHECKS = [
    ("shop_is_one", {"pk": 2}),
    *[("shop_rounding_step", {"rounding_step": step}) for step in (0, 2, 10)],
    *[("shop_paper_known", {"paper": paper}) for paper in ("", "57", "a5")],
    ("shop_day_turns_at", {"day_turns_at": 24}),
]


@pytest.mark.parametrize(("rule", "changes"), CHECKS)
def test_what_cannot_be_true_of_a_shop_is_refused(rule, changes):
    with refused(rule):
        forge(Shop(), **changes)
    assert not Shop.objects.exists()


def test_every_rule_of_the_shop_is_seen_to_hold():
    assert {rule for rule, _ in CHECKS} == rules_of("smartduka")


def test_a_second_shop_is_refused(shop):
    with refused(TWICE):
        forge(shop)


def test_a_shop_that_nobody_described_has_the_usual_settings(db):
    assert (Shop.current().rounding_step, Shop.current().day_turns_at) == (1, 0)
    assert not Shop.objects.exists()


def test_the_shop_is_the_one_that_was_described(shop):
    assert Shop.current() == shop

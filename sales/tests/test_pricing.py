"""What a basket comes to. Arithmetic only: no database is asked."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.models import Pack, Product
from sales import pricing
from sales.pricing import BasketLine
from smartduka import money
from smartduka.refusals import Refusal

SUGAR = Product(
    pk=1,
    name="Sugar",
    unit="kilogram",
    selling_price=Decimal(160),
    buying_price=Decimal(130),
    floor_price=Decimal(150),
)
SACK = Pack(pk=1, product=SUGAR, name="Sack of 50 kg", size=50_000, selling_price=Decimal(7600))
SOAP = Product(pk=2, name="Soap", unit="piece", selling_price=Decimal("27.08"), buying_price=Decimal(20))
AMOUNTS = st.decimals("0.00", "9999999999.99", places=2)
QUANTITIES = st.integers(1, 2_000_000_000)


def priced(line: BasketLine, product: Product = SUGAR, *, manager: bool = False) -> pricing.PricedLine:
    return pricing.price_line(line, product, rights=pricing.Rights(may_change_price=manager), field="lines.0")


def sugar(units: str, **fields) -> BasketLine:
    return BasketLine(1, Decimal(units), **{name: Decimal(amount) for name, amount in fields.items()})


def refused(line: BasketLine, product: Product = SUGAR, *, manager: bool = False) -> Refusal:
    with pytest.raises(Refusal) as caught:
        priced(line, product, manager=manager)
    return caught.value


@pytest.mark.parametrize(
    ("units", "base", "total"),
    [("0.125", 125, "20.00"), ("1", 1000, "160.00"), ("0.001", 1, "0.16"), ("1.003", 1003, "160.48")],
)
def test_a_line_is_priced_by_its_weight(units, base, total):
    line = priced(sugar(units))
    assert (line.quantity, str(line.total), line.sold_as, line.priced_per) == (base, total, "kilogram", 1000)


def test_a_pack_has_a_price_of_its_own():
    line = priced(BasketLine(1, Decimal(2), SACK))
    assert (line.quantity, str(line.total), line.sold_as, line.priced_per) == (
        100_000,
        "15200.00",
        "Sack of 50 kg",
        50_000,
    )


class TestTheFloor:
    def test_is_the_shelf_price_for_a_cashier(self):
        assert refused(sugar("1", unit_price="159.99")).message == (
            "Sugar may not be sold below 160 by you: changing a price is for a manager."
        )

    def test_is_lower_for_a_manager(self):
        assert str(priced(sugar("1", unit_price="150"), manager=True).total) == "150.00"
        assert refused(sugar("1", unit_price="149.99"), manager=True).message == "Sugar may not be sold below 150."

    def test_is_not_passed_by_a_discount(self):
        assert str(priced(sugar("2", discount="20"), manager=True).total) == "300.00"
        assert refused(sugar("2", discount="20.01"), manager=True).code == "price_below_floor"

    def test_is_the_shelf_price_where_none_is_set(self):
        line = BasketLine(2, Decimal(1), unit_price=Decimal("27.07"))
        assert refused(line, SOAP, manager=True).code == "price_below_floor"

    def test_of_a_pack_is_what_its_content_may_go_for(self):
        assert pricing.floor_price(SUGAR, SACK) == Decimal("7500.00")
        assert pricing.floor_price(SOAP, Pack(product=SOAP, size=12, selling_price=Decimal(300))) == Decimal(300)

    def test_of_a_pack_is_never_above_its_own_price(self):
        cheap = Pack(product=SUGAR, size=50_000, selling_price=Decimal(7000))
        assert pricing.floor_price(SUGAR, cheap) == Decimal(7000)


def test_a_cashier_may_charge_no_more_either_and_a_manager_may():
    assert refused(sugar("1", unit_price="161")).message == "Sugar costs 160: changing a price is for a manager."
    assert refused(sugar("1", unit_price="200", discount="40")).code == "invalid"
    assert str(priced(sugar("1", unit_price="161"), manager=True).total) == "161.00"


def test_a_discount_is_at_most_the_price():
    assert refused(sugar("1", discount="160.01"), manager=True).fields == {
        "lines.0.discount": "The discount on Sugar is more than its price."
    }


class TestTotals:
    @pytest.mark.parametrize(("step", "rounding", "total"), [(1, "-0.24", "81.00"), (5, "-1.24", "80.00")])
    def test_are_the_sum_of_rounded_lines_rounded_to_the_step(self, step, rounding, total):
        totals = pricing.totals([priced(BasketLine(2, Decimal(1)), SOAP)] * 3, rounding_step=step)
        assert (str(totals.subtotal), str(totals.rounding), str(totals.total)) == ("81.24", rounding, total)

    def test_of_nothing_are_nothing(self):
        assert pricing.totals([], rounding_step=5) == pricing.Totals(money.ZERO, money.ZERO, money.ZERO)

    @given(st.lists(st.integers(1, 10_000), min_size=1, max_size=20), st.sampled_from([1, 5]))
    def test_tie_out(self, grams, step):
        lines = [priced(BasketLine(1, Decimal(each) / 1000)) for each in grams]
        totals = pricing.totals(lines, rounding_step=step)
        assert totals.subtotal == sum(line.total for line in lines)
        assert totals.subtotal + totals.rounding == totals.total
        assert abs(totals.rounding) <= Decimal(step) / 2


@given(total=AMOUNTS, parts=st.lists(QUANTITIES, min_size=1, max_size=8))
def test_shares_add_up_to_the_whole_and_are_never_negative(total, parts):
    whole, before, shares = sum(parts), 0, []
    for part in parts:
        shares.append(pricing.share(total, before + part, whole) - pricing.share(total, before, whole))
        before += part
    assert sum(shares) == total
    assert min(shares) >= 0


@given(total=AMOUNTS, whole=QUANTITIES)
def test_nothing_is_a_share_of_nothing_and_all_of_all(total, whole):
    assert pricing.share(total, 0, whole) == 0
    assert pricing.share(total, whole, whole) == total

"""The till and the books come to the same cent: random baskets, priced by the till's own code and by the server's."""

import json
import random
from decimal import Decimal

import pytest

from inventory.models import Category, Pack, Product
from sales import catalogue, pricing, wire
from sales.pricing import Rights
from smartduka import quantity
from smartduka.models import Shop
from smartduka.tests.scale import scaled

pytestmark = pytest.mark.browser

OWNER = Rights(may_change_price=True, may_sell_below_floor=True, reason="A regular")
BASKETS = scaled(3000)

SELL = """async ({ catalogue, baskets }) => {
  const [{ build }, { Basket }] = await Promise.all(
    ["catalogue", "basket"].map((name) => import(`/${name}.js`)));
  const shop = await build(catalogue);
  return baskets.map(({ lines, discount }) => {
    const basket = new Basket();
    for (const { key, base, asked, price, off } of lines) {
      const article = shop.byKey.get(key);
      basket.add(article, base ?? article.per, null);
      if (price !== null) basket.setPrice(article, price);
      if (asked !== null) basket.set(article, basket.line(article).base, asked);
      basket.setDiscount(article, off);
    }
    basket.discount = discount;
    if (basket.needsReason) basket.reason = "A regular";
    const priced = basket.priced();
    return {
      document: basket.document([{ type: "cash", amount: "1.00" }], ""),
      total: basket.total(shop.step),
      bases: basket.lines.map(({ base }) => base),
      totals: priced.map(({ total }) => total),
      below: priced.map(({ isBelow }) => isBelow),
    };
  });
}"""


@pytest.fixture
def many_goods(shop: Shop) -> list[Product]:
    """Goods of all kinds: odd prices, floors and none, pieces and kilograms, packs dearer and cheaper than these."""
    category, _ = Category.objects.get_or_create(name="Groceries")
    chance = random.Random(11)  # noqa: S311 – examples, not secrets
    goods = []
    for at, unit in enumerate(["piece", "kilogram", "litre", "metre"] * 4):
        price = Decimal(chance.choice([100, 2, 4999, 15900, chance.randint(1, 99999)])) / 100
        floor = chance.choice([None, round(price * chance.randint(30, 70) / 100, 2)])
        product = Product.objects.create(
            name=f"Goods {at}", sku=f"G-{at}", category=category, unit=unit, buying_price=1, selling_price=price,
            floor_price=floor,
        )  # fmt: skip
        size = chance.randint(2, 48) * product_unit(product)
        Pack.objects.create(
            product=product, name="Carton", size=size, selling_price=round(price * chance.randint(1, 50), 2)
        )
        goods.append(Product.objects.get(pk=product.pk))
    return goods


def product_unit(product: Product) -> int:
    return quantity.Unit(product.unit).base_units


def a_discount(chance: random.Random) -> dict[str, int] | None:
    kinds = [{"cents": chance.randint(1, 20000)}, {"percent": chance.choice([250, 500, 1000, 3333, 10000])}]
    return chance.choice([None, None, *kinds])


def a_basket(chance: random.Random, goods: list[Product]) -> dict:
    chosen = chance.sample(goods, chance.randint(1, 8))
    return {"lines": [a_line(chance, product) for product in chosen], "discount": a_discount(chance)}


def a_line(chance: random.Random, product: Product) -> dict:
    pack = product.packs.get() if chance.random() < 0.25 else None
    divisible = not pack and product_unit(product) > 1
    per = pack.size if pack else product_unit(product)
    line = {
        "key": f"{product.pk}/{pack.pk}" if pack else str(product.pk),
        "base": chance.randint(1, 3000) if divisible else per * chance.randint(1, 20),
        "asked": chance.randint(1, 30000) if divisible and chance.random() < 0.4 else None,
        "price": chance.randint(1, 30000) if chance.random() < 0.2 else None,
        "off": a_discount(chance),
    }
    if divisible and product.floor_price and chance.random() < 0.2:
        # A cent below the floor, for so little that the amount does not show it.
        line |= {"asked": chance.randint(1, 99), "price": max(1, int(product.floor_price * 100) - 1), "off": None}
    return line


def by_the_books(document: dict) -> tuple[list[int], list[int], list[bool], int]:
    """Base units, cents, whether below the floor, for each line; and what the sale comes to."""
    asked = wire.read_sale(document)
    products = Product.objects.in_bulk(line.product_id for line in asked.lines)
    priced = [
        pricing.price_line(line, products[line.product_id], rights=OWNER, field=f"lines.{at}")
        for at, line in enumerate(asked.lines)
    ]
    total = pricing.totals(priced, rounding_step=Shop.current().rounding_step).total
    return (
        [line.quantity for line in priced],
        [int(line.total * 100) for line in priced],
        [line.passed_floor is not None for line in priced],
        int(total * 100),
    )


def test_the_till_and_the_books_come_to_the_same_cent(modules, many_goods):
    chance = random.Random(4)  # noqa: S311 – examples, not secrets
    may = {"change_price": True, "sell_below_floor": True, "count_stock": True, "add_customer": True}
    baskets = [a_basket(chance, many_goods) for _ in range(BASKETS)]
    document = json.loads(catalogue.read(Shop.current(), may=may, in_columns=True).text)
    sold = modules.evaluate(SELL, {"catalogue": document, "baskets": baskets})
    seen = set()
    for basket, said in zip(baskets, sold, strict=True):
        bases, totals, below, total = by_the_books(said["document"])
        assert (said["bases"], said["totals"], said["below"], said["total"]) == (bases, totals, below, total), basket
        seen |= {("below", each) for each in below} | {
            ("amount", "amount" in line) for line in said["document"]["lines"]
        }
        seen.add(("reason", "override_reason" in said["document"]))
    assert seen == {(word, each) for word in ("below", "amount", "reason") for each in (True, False)}


SPREAD = """async (cases) => {
  const { spread, inProportion } = await import("/pricing.js");
  return cases.map(([discount, lines]) =>
    [spread(discount, lines), inProportion(discount, lines.map(({ net }) => net))]);
}"""


def test_a_discount_is_spread_to_the_cent_and_above_the_floors_while_it_can_be(modules):
    chance = random.Random(8)  # noqa: S311 – examples, not secrets
    cases = []
    for _ in range(400):
        lines = []
        for _ in range(chance.randint(1, 12)):
            net = chance.randint(0, 50_000)
            lines.append({"net": net, "room": chance.choice([0, net, chance.randint(0, net)])})
        whole, room = (sum(line[name] for line in lines) for name in ("net", "room"))
        cases.append([chance.choice([0, whole, room, chance.randint(0, whole), chance.randint(0, room)]), lines])
    for (discount, lines), (shares, plain) in zip(cases, modules.evaluate(SPREAD, cases), strict=True):
        assert sum(shares) == discount
        assert sum(plain) == discount
        assert all(0 <= share <= line["net"] for share, line in zip(shares, lines, strict=True))
        if discount <= sum(line["room"] for line in lines):
            assert all(share <= line["room"] for share, line in zip(shares, lines, strict=True))
        else:
            assert all(share >= line["room"] for share, line in zip(shares, lines, strict=True))


@pytest.mark.parametrize(
    ("discount", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # the first of equals gets the cent that is left
        (100, [0, 300, 100], [0, 75, 25]),
        (5, [999, 1], [5, 0]),
        (0, [5, 5], [0, 0]),
        (999_999_999_999, [999_999_999_999, 1], [999_999_999_998, 1]),
    ],
)
def test_a_discount_is_shared_in_proportion(modules, discount, weights, shares):
    asked = """async ([discount, weights]) =>
      (await import("/pricing.js")).inProportion(discount, weights)"""
    assert modules.evaluate(asked, [discount, weights]) == shares


def test_a_discount_is_an_amount_or_a_percentage(modules):
    texts = {
        "50": {"cents": 5000}, "1,000.50": {"cents": 100050}, "10%": {"percent": 1000}, " 2.5 % ": {"percent": 250},
        "100%": {"percent": 10000}, "100.01%": None, "0": None, "0%": None, "": None, "%": None, "-5": None,
        "5%5": None, "ten": None,
    }  # fmt: skip
    asked = """async (texts) => {
      const { parseDiscount } = await import("/pricing.js");
      return Object.fromEntries(texts.map((text) => [text, parseDiscount(text)]));
    }"""
    assert modules.evaluate(asked, list(texts)) == texts

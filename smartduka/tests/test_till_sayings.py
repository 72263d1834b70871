"""What people say of quantities and goods, as the till's own code reads it."""

import json
import random
from decimal import Decimal

import pytest

from inventory.models import Product
from sales import catalogue
from smartduka import quantity
from smartduka.models import Shop
from smartduka.tests.builders import a_pack

pytestmark = pytest.mark.browser

IMPORTS = """const module = (name) => import(`/${name}.js`);
const [saying, units, search, { build }] = await Promise.all(
  ["saying", "quantity", "search", "catalogue"].map(module));
"""


def ask(modules, body: str, content: object = None) -> object:
    """What the till's modules answer to a few lines of code, in which `content` stands for what is given."""
    return modules.evaluate(f"async (content) => {{ {IMPORTS} {body} }}", content)


@pytest.fixture
def document(goods: dict[str, Product], shop: Shop) -> dict:
    """The catalogue of the shop, with a tray of twelve and a dozen of bread besides."""
    a_pack(goods["bread"], "Tray of 12", size=12, price="700")
    a_pack(goods["bread"], "Half dozen", size=6, price="360")
    may = dict.fromkeys(catalogue.RIGHTS, False)
    return json.loads(catalogue.read(shop, may=may).text)


SAYINGS = {
    "3": {"text": "3"}, "0.25": {"text": "0.25"}, "1/4": {"text": "1/4"}, " 1 1/2 ": {"text": "1 1/2"},
    "1,000": {"text": "1,000"}, "250g": {"text": "250", "word": "g"}, "1/2 kg": {"text": "1/2", "word": "kg"},
    "1 1/2 Kg": {"text": "1 1/2", "word": "kg"}, "2 ctn": {"text": "2", "word": "ctn"},
    "2CTN": {"text": "2", "word": "ctn"},
    "20 bob": {"cents": 2000}, "20bob": {"cents": 2000}, "20/=": {"cents": 2000}, "20/-": {"cents": 2000},
    "20 /=": {"cents": 2000}, "sh20": {"cents": 2000}, "sh 20": {"cents": 2000}, "Ksh 20": {"cents": 2000},
    "KES20.50": {"cents": 2050}, "ksh. 1,000": {"cents": 100000}, "20 sh": {"cents": 2000},
    "20 shillings": {"cents": 2000},
    "ksh 20/=": {"cents": 2000}, "0 bob": {"text": "0", "word": "bob"},
    "": None, "sugar": None, "bob": None, "-3": None, "20 bob sugar": None, "½": None, "1½": None, "١٢": None,
    "1/4/2": None, "20/": None, "=20": None, "3*": None,
}  # fmt: skip


def test_sayings_are_read_by_the_table(modules):
    body = "return Object.fromEntries(content.map((text) => [text, saying.read(text)]));"
    assert ask(modules, body, list(SAYINGS)) == SAYINGS


RESOLVED = [
    # what, of what: its key, base units, and the cents that were asked for
    ("3", "bread", ("bread", 3, None)),
    ("1/2", "bread", None),
    ("1/4", "sugar", ("sugar", 250, None)),
    ("1 1/2 kg", "sugar", ("sugar", 1500, None)),
    ("250 g", "sugar", ("sugar", 250, None)),
    ("250 ml", "sugar", None),
    ("3 pcs", "bread", ("bread", 3, None)),
    ("1/3", "sugar", None),
    ("2 crate", "soda", ("soda/Crate of 24", 48, None)),
    ("2cra", "soda", ("soda/Crate of 24", 48, None)),
    ("2 crates", "soda", ("soda/Crate of 24", 48, None)),
    ("1/2 crate", "soda", None),
    ("2 ctn", "soda", None),
    ("1 tray", "bread", ("bread/Tray of 12", 12, None)),
    ("1 doz", "bread", ("bread/Half dozen", 6, None)),
    ("20 bob", "sugar", ("sugar", 126, 2000)),  # 125.79 g at 159
    ("1 bob", "sugar", ("sugar", 6, 100)),  # 6.29 g
    ("0.07 bob", "sugar", None),  # 0.44 g
    ("0.08 bob", "sugar", ("sugar", 1, 8)),  # 0.503 g
    ("130 bob", "bread", ("bread", 2, None)),
    ("98 bob", "bread", None),
    ("200/=", "airtime", ("airtime", 2, None)),
]


@pytest.mark.parametrize(("said", "of", "expected"), RESOLVED)
def test_how_much_of_what_is_meant(modules, goods, document, said, of, expected):
    body = """const shop = await build(content.document);
    const choice = saying.resolve(saying.read(content.said), shop.byKey.get(content.key));
    return choice && [choice.article.product.id, choice.article.pack?.name ?? "", choice.base, choice.asked];"""
    found = ask(modules, body, {"document": document, "said": said, "key": str(goods[of].pk)})
    if expected is None:
        assert found is None
        return
    (name, _, pack), base, asked = expected[0].partition("/"), *expected[1:]
    assert found == [goods[name].pk, pack, base, asked]


def test_a_pack_that_was_found_is_sold_by_its_name_too(modules, goods, document):
    pack = goods["soda"].packs.get()
    body = """const shop = await build(content.document);
    const article = shop.byKey.get(content.key);
    return ["2", "2 crate", "2 tray", "80 bob", "1/2"].map((text) =>
      saying.resolve(saying.read(text), article)?.base ?? null);"""
    found = ask(modules, body, {"document": document, "key": f"{goods['soda'].pk}/{pack.pk}"})
    assert found == [48, 48, None, None, None]


def test_what_an_amount_buys_is_what_the_books_say(modules):
    chance = random.Random(3)  # noqa: S311 – examples, not secrets
    cases = [
        (chance.randint(1, 10 ** chance.randint(1, 8)), chance.randint(1, 10 ** chance.randint(1, 6)))
        for _ in range(2000)
    ]
    cases += [(1, 2000), (1, 2001), (3, 2000), (999_999_999, 1)]  # half a base unit is one; less is none

    def bought(cents: int, price: int) -> int | None:
        base = quantity.bought_for(Decimal(cents) / 100, Decimal(price) / 100, 1000)
        return base if 0 < base <= quantity.LARGEST else None

    found = ask(modules, "return content.map(([cents, price]) => units.boughtFor(cents, price, 1000));", cases)
    assert found == [bought(*case) for case in cases]
    assert None in found


def test_a_star_parts_how_much_from_what(modules):
    texts = ["3*soda", "20 bob * sugar", "1/4×sugar", "soda", "*soda", "3*", "x*soda", "3*6161100110011"]
    body = """return content.map((text) => {
      const { wanted, quantity, words } = saying.split(text);
      return [wanted || null, quantity, words];
    });"""
    assert ask(modules, body, texts) == [
        [{"text": "3"}, "3", "soda"],
        [{"cents": 2000}, "20 bob", "sugar"],
        [{"text": "1/4"}, "1/4", "sugar"],
        [None, "", "soda"],
        [None, "", "soda"],
        [{"text": "3"}, "3", ""],
        [None, "x", "soda"],
        [{"text": "3"}, "3", "6161100110011"],
    ]


def test_the_likeliest_comes_first(modules, document):
    body = """const shop = await build(content);
    const find = (words, options) => shop.search.find(words, options).articles.map(({ name }) => name);
    const likes = ({ product }) => (product.name === "Sugar" ? 1 : 0);
    return [find("s"), find("s", { likes }), find("24 so"), find("ca"), find("BAKE"), find("sugar x"), find("")[0],
      find("a", { most: 2 }), find("soda", { fits: ({ pack }) => pack }), find("5449000000996"), find("cafe")];"""
    assert ask(modules, body, document) == [
        ["Soda 300 ml", "Soda 300 ml · Crate of 24", "Sugar", "Airtime Café 100"],
        ["Sugar", "Soda 300 ml", "Soda 300 ml · Crate of 24", "Airtime Café 100"],
        ["Soda 300 ml · Crate of 24"],
        ["Airtime Café 100"],
        ["Bread 400 g"],
        [],
        "Airtime Café 100",
        ["Airtime Café 100", "Bread 400 g"],
        ["Soda 300 ml · Crate of 24"],
        ["Soda 300 ml"],
        ["Airtime Café 100"],
    ]


@pytest.mark.parametrize(("text", "first"), [("breads", "Bread 400 g"), ("sugars", "Sugar"), ("sugar", "Sugar")])
def test_one_of_them_is_found_by_the_word_for_many_before_its_shelf(modules, document, text, first):
    for product in document["products"]:
        product["category"] = "Breads & Sugars"
    body = """const shop = await build(content.document);
    return shop.search.find(content.text).articles[0].name;"""
    assert ask(modules, body, {"document": document, "text": text}) == first


def test_what_was_narrowed_is_what_would_have_been_found_at_once(modules, document):
    """Letters are added and taken away in any order; the finder that remembers and a fresh one agree."""
    chance = random.Random(6)  # noqa: S311 – examples, not secrets
    texts = [
        chance.choice(["s", "so", "soda", "sodas", "a", "ai", "24", "b", "br 400", "soda c", "400 b", "ca fe", ""])
        for _ in range(200)
    ]
    body = """const shop = await build(content.document);
    const names = (search, text) => search.find(text).articles.map(({ key }) => key);
    const fresh = () => search.index(shop.goods);
    const pairs = [];
    for (const text of content.texts) pairs.push([names(shop.search, text), names(await fresh(), text)]);
    return pairs.filter(([one, other]) => String(one) !== String(other)).length;"""
    assert ask(modules, body, {"document": document, "texts": texts}) == 0


def test_what_is_sold_often_comes_first_and_fades(modules, document):
    body = """const { Often } = await module("often");
    const shop = await build(content);
    const named = (name) => shop.goods.find((each) => each.name === name);
    const day = 24 * 3600 * 1000;
    const now = Date.UTC(2026, 5, 23);
    const often = new Often();
    for (let at = 0; at < 3; at += 1) often.count(named("Sugar"), now - 60 * day);
    often.count(named("Soda 300 ml · Crate of 24"), now);
    const first = new Often().first(shop.goods, 3).map(({ name }) => name);
    for (let at = 0; at < 40; at += 1) often.count(named("Sugar"), now - 60 * day);
    return [first, often.first(shop.goods, 9).map(({ name }) => name)];"""
    assert ask(modules, body, document) == [
        ["Soda 300 ml", "Sugar"],
        ["Sugar", "Soda 300 ml"],
    ]


@pytest.mark.parametrize(
    ("base", "unit", "shown"),
    [(33497, 1000, "33 kg"), (10000, 1000, "10 kg"), (9999, 1000, "9.9 kg"), (5340, 1000, "5.3 kg"),
     (1000, 1000, "1 kg"), (999, 1000, "0.999 kg"), (125, 1000, "0.125 kg"), (0, 1000, "0 kg"),
     (7, 1, "7"), (1234, 1, "1234")],
)  # fmt: skip
def test_at_a_glance_a_shelf_never_holds_more_than_it_does(modules, base, unit, shown):
    product = {"unit": "kilogram" if unit > 1 else "piece", "unit_label": "kg", "base_units": unit}
    content = {"base": base, "product": product}
    assert ask(modules, "return units.glance(content.base, content.product);", content) == shown

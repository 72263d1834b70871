"""Goods received, counted and written off in the browser."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import GoodsReceipt, StockMovement, Supplier
from inventory.tests.conftest import errors_of
from smartduka.tests.builders import a_pack, a_product, receive, what_is_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def bread(amina):
    return a_product("Bread", by=amina, stock="8", cost="50", price="60", sku="BREAD", low_stock_threshold=3)


def receipts_written():
    return GoodsReceipt.objects.count(), what_is_written()


def send(client, name, product, **words):
    """Open the page of a form and send it, as a browser does."""
    address = reverse(name, args=[product.sku])
    return client.post(address, {**hidden(client, address), **words})


def hidden(client, address):
    """What the page of a form sends along."""
    return {field.name: str(field.value()) for field in client.get(address).context["form"].hidden_fields()}


# --- Goods receipt -----------------------------------------------------------------------------------------


def test_goods_come_in_by_the_pack_at_a_cost_per_pack(shopkeeper, bread, amina):
    crate = a_pack(bread, "Crate of 24", size=24)
    baker = Supplier.objects.create(name="Baker")
    response = send(
        shopkeeper, "product-receive", bread,
        quantity="2", counted_in=str(crate.pk), cost="1,248.00", cost_is_for=str(crate.pk),
        supplier=str(baker.pk), supplier_reference="INV 7",
    )  # fmt: skip
    assert response.headers["Location"] == "/products/BREAD/"
    receipt = GoodsReceipt.objects.first()
    line = receipt.lines.get()
    assert (line.quantity, line.total, line.pack, receipt.supplier) == (48, Decimal("2496.00"), crate, baker)
    assert (receipt.supplier_reference, receipt.received_by) == ("INV 7", amina)
    bread.refresh_from_db()
    assert (bread.stock_quantity, bread.buying_price, bread.average_cost) == (
        56,
        Decimal("52.00"),
        Decimal("51.7143"),
    )


@pytest.mark.parametrize(
    ("cost", "cost_is_for", "total", "buying_price"),
    [("135.50", "unit", "3387.50", "135.50"), ("3400", "all", "3400.00", "136.00")],
)
def test_goods_come_in_by_the_unit(shopkeeper, sugar, cost, cost_is_for, total, buying_price):
    send(shopkeeper, "product-receive", sugar, quantity="25", counted_in="unit", cost=cost, cost_is_for=cost_is_for)
    assert GoodsReceipt.objects.first().total == Decimal(total)
    sugar.refresh_from_db()
    assert (sugar.stock_quantity, sugar.buying_price) == (26_500, Decimal(buying_price))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "0.5"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "1e3"}, "quantity"),
        ({"quantity": "٣"}, "quantity"),
        ({"quantity": "9" * 19}, "quantity"),
        ({"quantity": "9" * 5000}, "quantity"),
        ({"quantity": "1\x00"}, "quantity"),
        ({"quantity": ""}, "quantity"),
        ({"counted_in": "999"}, "counted_in"),
        ({"cost": "NaN"}, "cost"),
        ({"cost": "-5"}, "cost"),
        ({"cost": ""}, "cost"),
        ({"cost": "100000000"}, "cost"),
        ({"cost_is_for": ""}, "cost_is_for"),
        ({"supplier": "999"}, "supplier"),
        ({"supplier_reference": "x" * 41}, "supplier_reference"),
        ({"client_ref": "x"}, "client_ref"),
        ({"client_ref": ""}, "client_ref"),
    ],
)
def test_a_wrong_receipt_names_the_field_keeps_what_was_typed_and_writes_nothing(shopkeeper, bread, wrong, field):
    before = receipts_written()
    right = {"quantity": "2", "counted_in": "unit", "cost": "52.5", "cost_is_for": "unit"}
    response = send(shopkeeper, "product-receive", bread, **right | wrong)
    assert list(errors_of(response)) == [field]
    assert receipts_written() == before
    if field != "quantity":
        assert 'value="2"' in response.content.decode()


def test_a_receipt_that_was_sent_twice_is_written_once(shopkeeper, bread):
    words = {"quantity": "2", "counted_in": "unit", "cost": "52", "cost_is_for": "unit"}
    words |= hidden(shopkeeper, "/products/BREAD/receive/")
    before = GoodsReceipt.objects.count()
    for _ in range(2):
        assert shopkeeper.post("/products/BREAD/receive/", words).status_code == 302
    bread.refresh_from_db()
    assert (GoodsReceipt.objects.count() - before, bread.stock_quantity) == (1, 10)


def test_a_cost_above_the_price_is_pointed_out(shopkeeper, bread):
    words = {"quantity": "2", "counted_in": "unit", "cost_is_for": "unit"}
    response = send(shopkeeper, "product-receive", bread, cost="61", **words)
    assert "each one sold loses money" in shopkeeper.get(response.headers["Location"]).content.decode()
    response = send(shopkeeper, "product-receive", bread, cost="60", **words)
    assert "loses money" not in shopkeeper.get(response.headers["Location"]).content.decode()


# --- Counts and write-offs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("counted", "base"), [("0", 0), ("1.25", 1250), ("2", 2000)])
def test_a_count_sets_the_stock(shopkeeper, sugar, amina, counted, base):
    response = send(shopkeeper, "product-count", sugar, counted=counted, note="sack torn")
    assert response.headers["Location"] == "/products/SUGAR/"
    movement = StockMovement.objects.first()
    assert (movement.reason, movement.quantity_after, movement.note) == ("count", base, "sack torn")
    assert (movement.posted_by, movement.posted_on) == (amina, movement.posted_at.astimezone().date())
    sugar.refresh_from_db()
    assert sugar.stock_quantity == base


def test_a_count_tells_how_far_the_books_were_off(shopkeeper, sugar):
    said = []
    for counted in ("1.25", "1.25", "2"):
        page = shopkeeper.get(send(shopkeeper, "product-count", sugar, counted=counted).headers["Location"])
        said += [str(message) for message in page.context["messages"]]
    assert said == [
        "Counted 1.25 kg: 0.25 kg less than the books said.",
        "Counted 1.25 kg, as the books said.",
        "Counted 2 kg: 0.75 kg more than the books said.",
    ]


@pytest.mark.parametrize("counted", ["", "-1", "1.5", "x", "2000000001", "\uff19"])
def test_a_wrong_count_writes_nothing(shopkeeper, bread, counted):
    before = what_is_written()
    assert list(errors_of(send(shopkeeper, "product-count", bread, counted=counted))) == ["counted"]
    assert what_is_written() == before


def test_when_goods_moved_while_they_were_counted_the_page_asks_again_with_what_the_books_say_now(
    shopkeeper, bread, amina
):
    sent = hidden(shopkeeper, "/products/BREAD/count/")
    receive(bread, "2", "50", by=amina)
    before = what_is_written()

    response = shopkeeper.post("/products/BREAD/count/", {**sent, "counted": "7"})

    assert "the books now say 10" in errors_of(response)["__all__"][0]
    assert what_is_written() == before
    seen = response.context["form"]["seen"].value()
    assert f'name="seen" value="{seen}"' in response.content.decode()
    words = {**sent, "seen": seen, "counted": "9"}
    assert [shopkeeper.post("/products/BREAD/count/", words).status_code for _ in range(2)] == [302, 302]
    bread.refresh_from_db()
    assert bread.stock_quantity == 9


def test_a_write_off_takes_stock_and_keeps_why(shopkeeper, sugar):
    response = send(shopkeeper, "product-write-off", sugar, quantity="0.5", note="Damaged")
    assert response.headers["Location"] == "/products/SUGAR/"
    movement = StockMovement.objects.first()
    assert (movement.reason, movement.quantity, movement.value) == ("write_off", -500, Decimal("-70.00"))
    assert movement.note == "Damaged"


def test_two_tabs_write_off_the_same_twice_and_one_pressed_twice_writes_it_once(shopkeeper, bread):
    address = "/products/BREAD/write-off/"
    tabs = [{**hidden(shopkeeper, address), "quantity": "2", "note": "Broken"} for _ in range(2)]
    for words in (*tabs, tabs[1]):
        assert shopkeeper.post(address, words).status_code == 302
    bread.refresh_from_db()
    assert bread.stock_quantity == 4


def test_a_form_that_was_used_for_something_else_says_so(shopkeeper, bread):
    address = "/products/BREAD/write-off/"
    words = {**hidden(shopkeeper, address), "quantity": "2", "note": "Broken"}
    shopkeeper.post(address, words)
    before = what_is_written()
    response = shopkeeper.post(address, words | {"quantity": "3"})
    assert "Open it anew for something else." in response.content.decode()
    assert what_is_written() == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": "9"}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"note": ""}, "note"),
        ({"note": "  "}, "note"),
    ],
)
def test_a_wrong_write_off_writes_nothing(shopkeeper, bread, wrong, field):
    before = what_is_written()
    response = send(shopkeeper, "product-write-off", bread, **{"quantity": "1", "note": "Expired"} | wrong)
    assert list(errors_of(response)) == [field]
    assert what_is_written() == before


def test_what_is_not_counted_is_refused_with_a_sentence(shopkeeper, amina):
    airtime = a_product("Airtime", by=amina, sku="AIRTIME", is_counted=False)
    before = receipts_written()
    words = {
        "product-receive": {"quantity": "1", "counted_in": "unit", "cost": "1", "cost_is_for": "unit"},
        "product-count": {"counted": "1"},
        "product-write-off": {"quantity": "1", "note": "Lost"},
    }
    for name, each in words.items():
        response = send(shopkeeper, name, airtime, **each)
        assert errors_of(response) == {"__all__": ["The stock of Airtime is not counted."]}
    assert receipts_written() == before


def test_the_shop_day_of_a_posting_turns_when_the_shop_says(shopkeeper, shop, bread, time_machine):
    shop.day_turns_at = 4
    shop.save()
    time_machine.move_to(datetime(2026, 6, 24, 0, 30, tzinfo=UTC), tick=False)  # 03:30 in Nairobi
    send(shopkeeper, "product-write-off", bread, quantity="1", note="Stolen")
    assert str(StockMovement.objects.first().posted_on) == "2026-06-23"

"""The pages on which a sale is undone."""

from decimal import Decimal
from uuid import uuid4

import pytest

from customers import ledger as customer_ledger
from inventory.models import Product
from sales.models import Return
from smartduka.tests.builders import a_line, a_pack, a_product, a_sale, a_user, paid, what_is_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def bread(shop, amina):
    return a_product("Bread 400 g", stock="10", price="65", cost="50", by=amina)


@pytest.fixture
def sugar(shop, amina):
    return a_product("Sugar", stock="20", price="159", cost="130", unit="kilogram", by=amina)


@pytest.fixture
def manager():
    return a_user("Makena", "Manager")


@pytest.fixture
def sale(bread, sugar, otieno, wanjiku):
    """Three loaves and a quarter of sugar, 50 in cash and the rest on account."""
    lines = [a_line(bread, "3"), a_line(sugar, "0.25")]
    return a_sale(lines, [paid("50"), paid("185", "on_account")], by=otieno, customer=wanjiku)


def words(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def back(sale, **changed):
    """A filled-in form for a return of two loaves."""
    line = sale.lines.get(product_name="Bread 400 g")
    form = {f"quantity_{line.pk}": "2", "reason": "stale", "type": "cash", "reference": ""}
    return {"client_ref": str(uuid4()), **form, **changed}


# --- Who may -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "{number}/", "{number}/return/", "{number}/void/"])
def test_strangers_log_in_and_baraka_may_not(page, sale, baraka, client, browser_of):
    address = "/sales/" + page.format(number=sale.number)
    assert client.get(address).headers["Location"] == f"/login/?next={address}"
    assert browser_of(baraka).get(address).status_code == 403


@pytest.mark.parametrize("page", ["return", "void"])
def test_a_cashier_undoes_nothing(page, sale, otieno, client):
    client.force_login(otieno)
    before = what_is_written()
    assert client.post(f"/sales/{sale.number}/{page}/", back(sale)).status_code == 403
    assert what_is_written() == before


# --- Goods come back ---------------------------------------------------------------------------------------


def test_goods_come_back_on_the_shelf_and_off_the_debt(sale, bread, wanjiku, manager, client):
    client.force_login(manager)
    response = client.post(f"/sales/{sale.number}/return/", back(sale), follow=True)
    done = Return.objects.get()
    assert response.redirect_chain == [(f"/sales/{sale.number}/", 302)]
    shown = words(response)
    assert f"{done.number}: The goods are back; 130 less is owed." in shown
    assert f"{done.number}</a>: <bdi>2 Bread 400 g returned, 130 back</bdi>" in shown
    assert (done.total, done.reason, done.returned_by) == (Decimal(130), "stale", manager)
    assert Product.objects.get(pk=bread.pk).stock_quantity == 9
    assert customer_ledger.balance(wanjiku) == 55


def test_damaged_goods_come_back_but_not_on_the_shelf(sale, bread, manager, client):
    client.force_login(manager)
    line = sale.lines.get(product=bread)
    client.post(f"/sales/{sale.number}/return/", back(sale, **{f"damaged_{line.pk}": "on"}))
    assert Product.objects.get(pk=bread.pk).stock_quantity == 7
    assert Return.objects.get().lines.get().is_damaged


def test_part_of_a_crate_comes_back_in_bottles(shop, amina, manager, client):
    soda = a_product("Soda", stock="30", price="40", cost="30", by=amina)
    crate = a_pack(soda, "Crate of 24", size=24, price="900")
    sold = a_sale([a_line(soda, pack=crate)], [paid("900")], by=amina)
    client.force_login(manager)
    line = sold.lines.get()
    form = {f"quantity_{line.pk}": "4", "reason": "too many", "type": "cash", "client_ref": str(uuid4())}
    shown = words(client.post(f"/sales/{sold.number}/return/", form, follow=True))
    assert "give 150 back (Cash)" in shown
    assert Product.objects.get(pk=soda.pk).stock_quantity == 10


@pytest.mark.parametrize("quantity", ["1", "3"], ids=["a part", "all of it"])
def test_a_return_form_that_is_sent_twice_takes_the_goods_back_once(sale, quantity, manager, client):
    client.force_login(manager)
    address = f"/sales/{sale.number}/return/"
    line = sale.lines.get(product_name="Bread 400 g")
    ref = str(client.get(address).context["form"]["client_ref"].value())
    form = back(sale, **{f"quantity_{line.pk}": quantity, "client_ref": ref})
    said = [str(message) for message in client.post(address, form, follow=True).context["messages"]]
    before = what_is_written()
    again = client.post(address, form, follow=True)
    assert again.redirect_chain == [(f"/sales/{sale.number}/", 302)]
    assert [str(message) for message in again.context["messages"]] == said
    assert said[0].startswith(f"{Return.objects.get().number}: The goods are back")
    assert what_is_written() == before


def test_a_return_form_that_was_used_for_something_else_says_so(sale, manager, client):
    client.force_login(manager)
    form = back(sale)
    client.post(f"/sales/{sale.number}/return/", form)
    before = what_is_written()
    said = words(client.post(f"/sales/{sale.number}/return/", form | {"reason": "torn"}))
    assert f"This was kept already as {Return.objects.get().number}, with other content." in said
    assert what_is_written() == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": ""}, "This field is required."),
        ({"reason": "   "}, "This field is required."),
        ({"type": "mpesa"}, "Write the M-Pesa code"),
        ({"type": "on_account"}, "not one of the available choices"),
        ({"type": "shells"}, "not one of the available choices"),
        ({"quantity_{bread}": ""}, "Write how much of something comes back."),
        ({"quantity_{bread}": "4"}, "Of Bread 400 g, at most 3 can come back."),
        ({"quantity_{bread}": "0"}, "more than zero"),
        ({"quantity_{bread}": "-1"}, "Write a quantity such as 3 or 0.25."),
        ({"quantity_{bread}": "1.5"}, "This cannot be divided"),
        ({"quantity_{bread}": "\x00"}, "Null characters are not allowed."),
        ({"client_ref": "x"}, "Enter a valid UUID."),
        ({"client_ref": ""}, "Load this page again"),
    ],
)
def test_a_return_that_cannot_be_is_refused_with_a_sentence(changed, said, sale, manager, client):
    client.force_login(manager)
    bread_line = sale.lines.get(product_name="Bread 400 g").pk
    before = what_is_written()
    fields = {name.format(bread=bread_line): text for name, text in changed.items()}
    assert said in words(client.post(f"/sales/{sale.number}/return/", back(sale, **fields)))
    assert what_is_written() == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "come to <strong>130</strong>: 130 comes off Wanjiku’s debt. </p>"),
        (
            {"quantity_{bread}": "3", "quantity_{sugar}": "0.25"},
            "come to <strong>235</strong>: 185 comes off Wanjiku’s debt, and 50 is paid out. </p>",
        ),
        ({"quantity_{bread}": "4"}, "Of Bread 400 g, at most 3 can come back."),
        ({"quantity_{bread}": "x"}, "Write a quantity such as 3 or 0.25."),
        ({"quantity_{bread}": ""}, "Write how much of something comes back."),
    ],
)
def test_what_a_return_comes_to_is_said_before_it_is_finished(changed, said, sale, manager, client):
    client.force_login(manager)
    bread_line, sugar_line = sale.lines.all()
    before = what_is_written()
    fields = {name.format(bread=bread_line.pk, sugar=sugar_line.pk): text for name, text in changed.items()}
    unfinished = {"check": "1", "reason": "", "type": "mpesa"}
    shown = words(client.post(f"/sales/{sale.number}/return/", back(sale, **fields, **unfinished)))
    assert said in shown
    assert "This field is required." not in shown
    assert "Write the M-Pesa code" not in shown
    assert what_is_written() == before


def test_what_it_comes_to_is_said_beside_an_error_too(sale, manager, client):
    client.force_login(manager)
    shown = words(client.post(f"/sales/{sale.number}/return/", back(sale, reason="")))
    assert "This field is required." in shown
    assert "130 comes off Wanjiku’s debt" in shown


def test_a_return_of_what_was_paid_takes_nothing_off_a_debt(bread, otieno, manager, client):
    sold = a_sale([a_line(bread, "2")], [paid("130")], by=otieno)
    client.force_login(manager)
    shown = words(client.post(f"/sales/{sold.number}/return/", back(sold, check="1")))
    assert "come to <strong>130</strong>: 130 is paid out. </p>" in shown


def test_what_came_back_whole_is_not_offered_again(sale, manager, client):
    client.force_login(manager)
    fields = {f"quantity_{line.pk}": line.quantity_shown.removesuffix(" kg") for line in sale.lines.all()}
    client.post(f"/sales/{sale.number}/return/", back(sale, **fields))
    assert "came back already" in words(client.get(f"/sales/{sale.number}/return/"))
    assert "return the rest instead" in words(client.get(f"/sales/{sale.number}/void/"))


# --- A sale is void ----------------------------------------------------------------------------------------


def test_what_a_void_comes_to_is_said_beforehand(sale, manager, client):
    client.force_login(manager)
    shown = words(client.get(f"/sales/{sale.number}/void/"))
    assert "All of it comes to <strong>235</strong>: 185 comes off Wanjiku’s debt, and 50 is paid out." in shown


def test_a_void_brings_everything_back_and_marks_the_receipt(sale, bread, sugar, wanjiku, manager, client):
    client.force_login(manager)
    form = {"reason": "wrong customer", "type": "cash", "reference": "", "client_ref": str(uuid4())}
    shown = words(client.post(f"/sales/{sale.number}/void/", form, follow=True))
    assert "The sale is void; 185 less is owed and give 50 back (Cash)." in shown
    assert "VOID" in shown
    assert customer_ledger.balance(wanjiku) == 0
    assert list(Product.objects.order_by("pk").values_list("stock_quantity", flat=True)) == [10, 20_000]
    assert "Void" in words(client.get("/sales/"))
    before = what_is_written()
    again = client.post(f"/sales/{sale.number}/void/", form, follow=True)
    assert "The sale is void; 185 less is owed and give 50 back (Cash)." in words(again)
    other = form | {"client_ref": str(uuid4())}
    assert "is void already." in words(client.post(f"/sales/{sale.number}/void/", other))
    assert "is void." in words(client.get(f"/sales/{sale.number}/return/"))
    assert what_is_written() == before


@pytest.mark.parametrize(
    ("back_by", "reference", "said"),
    [
        ("cash", "", "M-Pesa code QBC2DE3FG4 stays used, as the money did not go back by M-Pesa."),
        ("mpesa", "rbc2de3fg4", "M-Pesa code QBC2DE3FG4 may be used again."),
    ],
)
def test_a_void_says_what_becomes_of_the_transaction_code(bread, otieno, manager, client, back_by, reference, said):
    sold = a_sale([a_line(bread)], [paid("65", "mpesa", "QBC2DE3FG4")], by=otieno)
    client.force_login(manager)
    form = {"reason": "wrong goods", "type": back_by, "reference": reference, "client_ref": str(uuid4())}
    assert said in words(client.post(f"/sales/{sold.number}/void/", form, follow=True))


def test_a_code_that_sent_money_back_already_is_refused_beside_its_field(bread, otieno, manager, client):
    sold = [a_sale([a_line(bread)], [paid("65")], by=otieno) for _ in range(2)]
    client.force_login(manager)
    form = {"reason": "wrong goods", "type": "mpesa", "reference": "QBC2DE3FG4"}
    client.post(f"/sales/{sold[0].number}/void/", {**form, "client_ref": str(uuid4())})
    before = what_is_written()
    response = client.post(f"/sales/{sold[1].number}/void/", {**form, "client_ref": str(uuid4())})
    assert "was used already, for R-" in response.context["form"].errors["reference"][0]
    assert what_is_written() == before

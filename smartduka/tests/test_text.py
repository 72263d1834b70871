"""Whatever people write is stored and shown as they wrote it."""

from html import escape
from typing import Any

import pytest
from django.utils.html import escape as escaped

from customers.models import Customer
from inventory import corrections
from inventory.models import Category, Pack, Supplier
from inventory.receipts import ReceiptLine, receive_goods
from sales import payments, returns
from sales.returns import Refund, ReturnedLine
from sales.tenders import CASH
from smartduka import text
from smartduka.models import Shop
from smartduka.tests.builders import a_line, a_product, a_sale, a_voucher, paid
from smartduka.tests.words import HIDING, WRITTEN

pytestmark = pytest.mark.django_db


class TestCheck:
    @pytest.mark.parametrize("typed", ["", "Sugar", "👨‍👩‍👧", "می‌خواهم", "क्‍ष", "\U0001fae9", *WRITTEN.values()])
    def test_what_people_write_is_left_alone(self, typed):
        assert text.check(typed) == typed

    @pytest.mark.parametrize("typed", HIDING.values(), ids=HIDING)
    @pytest.mark.parametrize("one_line", [True, False])
    def test_what_hides_is_refused(self, typed, one_line):
        with pytest.raises(ValueError, match=r"invisible sign|nothing to be seen"):
            text.check(typed, one_line=one_line)

    def test_the_sign_is_named_and_the_cure(self):
        with pytest.raises(
            ValueError, match=r"^An invisible sign hides .* \(U\+202E\)\. Type it instead of pasting\.$"
        ):
            text.check("a\u202eb")

    @pytest.mark.parametrize("typed", ["a\nb", "a\r\nb", "a\tb"])
    def test_only_prose_has_lines(self, typed):
        assert text.check(typed, one_line=False) == typed
        with pytest.raises(ValueError, match="in one line"):
            text.check(typed)


def write_everywhere(words: str, by: Any) -> dict[str, str]:
    """A shop in which everything that can be written is these words; the addresses that show it."""
    Shop.objects.update(name=words, receipt_footer=words)
    product = a_product(words, sku="ODD", stock="10", category=words, by=by)
    Pack.objects.create(product=product, name=words, size=6, selling_price=300)
    customer = Customer.objects.create(name=words, credit_limit=5000, notes=words)
    supplier = Supplier.objects.create(name=words)
    line = ReceiptLine(product.pk, 1, cost=product.buying_price, cost_for=1)
    receive_goods([line], a_voucher(by), supplier=supplier, supplier_reference=words[:40])
    corrections.write_off(product.pk, 1, a_voucher(by, note=words))
    sale = a_sale(
        [a_line(product, "2")], [paid("60", "on_account"), paid("60", "card", words)], by=by, customer=customer
    )
    payments.receive_payment(customer.pk, paid("10", "bank", words), a_voucher(by, note=words))
    part = [ReturnedLine(sale.lines.get().pk, 1)]
    returns.take_back(sale.pk, part, refund=Refund(CASH), shop=Shop.current(), voucher=a_voucher(by, note=words))
    return {
        "/products/": "product, category",
        "/products/ODD/": "product, pack, note",
        "/products/ODD/receive/": "pack, supplier",
        "/customers/": "customer",
        f"/customers/{customer.pk}/": "customer, notes, note",
        f"/customers/{customer.pk}/edit/": "customer, notes",
        f"/customers/{customer.pk}/payment/": "customer",
        "/sales/": "customer",
        f"/sales/{sale.number}/": "shop, footer, product, customer, reference, reason",
        f"/sales/{sale.number}/return/": "product",
        f"/returns/{sale.returns.get().number}/": "shop, footer, product, customer, reason",
        "/admin/inventory/product/": "product, category",
        f"/admin/inventory/product/{product.pk}/change/": "product, pack",
        "/admin/inventory/category/": "category",
        "/admin/inventory/supplier/": "supplier",
        "/admin/inventory/stockmovement/": "product",
        "/admin/inventory/goodsreceipt/": "supplier",
        "/admin/customers/customer/": "customer",
        "/admin/customers/ledgerentry/": "customer",
        "/admin/sales/sale/": "customer",
        f"/admin/sales/sale/{sale.pk}/change/": "product, reference",
        "/admin/sales/return/": "reason",
        "/admin/sales/tender/": "reference",
        "/admin/sales/payment/": "customer",
    }


@pytest.mark.parametrize("words", WRITTEN.values(), ids=WRITTEN)
def test_whatever_is_written_is_shown_as_text(words, office, amina):
    for address, what in write_everywhere(words, amina).items():
        response = office.get(address)
        assert response.status_code == 200, address
        page = response.content.decode()
        assert escaped(words) in page or escape(words) in page, f"{address} does not show the {what}"
        for raw in ("<script>alert", "<img src=x"):
            assert raw not in page, f"{address} takes the {what} for HTML"


@pytest.mark.parametrize("words", WRITTEN.values(), ids=WRITTEN)
def test_whatever_is_written_reaches_the_till_unchanged(words, office, amina):
    write_everywhere(words, amina)
    (product,) = office.get("/till/catalogue.json").json()["products"]
    assert (product["name"], product["category"], product["packs"][0]["name"]) == (words, words, words)
    found = office.get("/till/customers.json", {"q": words.split()[0]}).json()["customers"]
    assert [each["name"] for each in found] == [words]


@pytest.mark.parametrize("words", WRITTEN.values(), ids=WRITTEN)
def test_whatever_is_typed_is_stored_unchanged(words, office):
    sent = {"name": words, "notes": words, "credit_limit": "0", "is_active": "on"}
    assert office.post("/admin/customers/customer/add/", sent).status_code == 302
    stored = Customer.objects.get()
    assert (stored.name, stored.notes) == (words, words)
    assert office.post("/admin/inventory/category/add/", {"name": words}).status_code == 302
    assert Category.objects.get().name == words


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("words", WRITTEN.values(), ids=WRITTEN)
def test_a_browser_shows_it_as_text_and_no_page_grows_wider_than_a_phone(words, shop, amina, page_of, live_server):
    addresses = write_everywhere(words, amina)
    page = page_of(amina)
    page.on("dialog", lambda dialog: pytest.fail(f"{words} ran as a script"))
    page.goto(f"{live_server.url}/till/")
    page.locator("#till .tile").first.wait_for()
    for address in ["", *(each for each in addresses if not each.startswith("/admin/"))]:
        if address:
            page.goto(f"{live_server.url}{address}")
        shown = page.locator("body").inner_text()
        assert words.split()[0] in shown or address.endswith("/edit/"), address
        assert page.locator("img[src=x]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address

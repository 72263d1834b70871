"""Whatever people write is stored and shown as they wrote it, and what hides is refused."""

from html import escape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.html import escape as escaped

from customers.models import Customer
from inventory import corrections
from inventory.models import Category, Pack, Product, Supplier
from inventory.receipts import ReceiptLine, receive_goods
from sales import payments, returns
from sales.returns import Refund, ReturnedLine
from sales.tenders import CASH
from smartduka import text
from smartduka.models import Shop
from smartduka.tests.builders import a_line, a_product, a_sale, a_voucher, paid, what_is_written
from smartduka.tests.formfields import typed_fields

pytestmark = pytest.mark.django_db

WRITTEN = {
    "emoji": "👩🏾‍🌾 Mboga 🥬 🇰🇪",
    "right-to-left": "سكر مكرر",
    "both ways": "Duka la עברית 400 g",
    "combining marks": "Cafe\u0301 Z\u0338\u0327\u0321a\u0337lgo",
    "wide": "漢" * 60,
    "long": "W" * 60,
    "tags": "<script>alert(1)</script>",
    "an image": '"><img src=x onerror=alert(1)>',
    "a template": "{{7*7}} {% now 'Y' %} {#x#}",
    "an entity": "&lt;b&gt; &amp;amp; 'x' \"y\"",
    "formats": "100% _safi_ \\ %s %(x)s {0} $1",
    "a formula": "=1+1",
}

HIDING = {
    "NUL": "Su\0gar",
    "escape": "Su\x1bgar",
    "backspace": "Su\bgar",
    "delete": "Su\x7fgar",
    "C1": "Su\x9bgar",
    "right-to-left override": "Su\u202egar",
    "left-to-right mark": "Su\u200egar",
    "right-to-left mark": "\u200fSugar",
    "Arabic letter mark": "Su\u061cgar",
    "isolate": "Su\u2067gar\u2069",
    "half a character": "Su\ud83dgar",
    "only what cannot be seen": "\u200b\u2060",
}
AS_SENT = {name: typed for name, typed in HIDING.items() if name != "half a character"}
"""No browser can send half a character; JSON can."""


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


@pytest.fixture
def office(amina, shop) -> Client:
    client = Client()
    client.force_login(amina)
    return client


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


FORMS = {
    "a count's note": ("/products/BREAD/count/", "note", {"counted": "3"}),
    "a write-off's note": ("/products/BREAD/write-off/", "note", {"quantity": "1"}),
    "an invoice's number": (
        "/products/BREAD/receive/",
        "supplier_reference",
        {"quantity": "1", "counted_in": "unit", "cost": "5", "cost_is_for": "unit"},
    ),
    "a payment's note": ("/customers/{customer}/payment/", "note", {"amount": "5", "type": "cash"}),
    "a slip's number": ("/customers/{customer}/payment/", "reference", {"amount": "5", "type": "card"}),
    "a void's reason": ("/sales/{sale}/void/", "reason", {"type": "cash"}),
    "a customer's name": ("/customers/{customer}/edit/", "name", {"credit_limit": "0", "is_active": "on"}),
    "a customer's notes": (
        "/customers/{customer}/edit/",
        "notes",
        {"name": "Wanjiku", "credit_limit": "0", "is_active": "on"},
    ),
    "a category's name": ("/admin/inventory/category/add/", "name", {}),
    "a supplier's name": ("/admin/inventory/supplier/add/", "name", {"is_active": "on"}),
}
"""Each form in which people write: where, in which field, and what else it needs."""
LONGEST = {"notes": 2000, "note": 200, "reason": 200, "supplier_reference": 40, "reference": 60}
LONGEST_NAME = {"a category's name": 60, "a customer's name": 80, "a supplier's name": 80}


class FormPage:
    """One of the forms, as a browser has it: with its hidden fields."""

    def __init__(self, which: str, office: Client, numbers: dict[str, Any]) -> None:
        address, self.field, self.others = FORMS[which]
        self.office, self.address = office, address.format(**numbers)

    def send(self, typed: str) -> Any:
        form = _form_of(self.office.get(self.address))
        hidden = {field.html_name: field.value() for field in form.hidden_fields()}
        return self.office.post(self.address, {**hidden, **self.others, self.field: typed})

    def errors(self, response: Any) -> list[str]:
        return list(_form_of(response).errors.get(self.field, []))


def _form_of(response: Any) -> Any:
    return response.context.get("form") or response.context["adminform"].form


@pytest.fixture(params=FORMS)
def form(request, office, amina, wanjiku) -> FormPage:
    bread = a_product("Bread", sku="BREAD", stock="10", by=amina)
    sale = a_sale([a_line(bread)], [paid("60")], by=amina)
    return FormPage(request.param, office, {"customer": wanjiku.pk, "sale": sale.number})


def everything() -> tuple[Any, ...]:
    names = [list(model.objects.order_by("pk").values()) for model in (Customer, Category, Supplier, Product)]
    return (*names, what_is_written())


@pytest.mark.parametrize("typed", AS_SENT.values(), ids=AS_SENT)
def test_a_form_refuses_what_hides_and_writes_nothing(typed, form):
    before = everything()
    response = form.send(typed)
    assert response.status_code == 200
    assert form.errors(response)
    assert everything() == before


@pytest.mark.parametrize("sign", ["x", "漢", "🥬"])
def test_a_form_takes_so_many_signs_and_no_more(sign, form, request):
    longest = LONGEST_NAME.get(request.node.callspec.params["form"]) or LONGEST[form.field]
    before = everything()
    assert len(form.errors(form.send(sign * (longest + 1)))) == 1
    assert everything() == before
    assert form.send(sign * longest).status_code == 302
    assert everything() != before


def test_every_model_field_that_people_fill_refuses_what_hides():
    """Fields of facts are left out: what is written there came through a form."""
    for model in (Shop, Category, Supplier, Product, Pack, Customer):
        written = [
            field
            for field in model._meta.concrete_fields
            if field.editable and not field.choices and field.get_internal_type() in ("CharField", "TextField")
        ]
        assert written
        for field in written:
            if (model, field.name) == (Customer, "phone"):
                continue  # parsed into digits before it is looked at
            for typed in HIDING.values():
                with pytest.raises(ValidationError):
                    field.run_validators(typed)


def test_every_field_that_people_type_into_refuses_what_hides():
    """By itself, or because it fills a field of a row that does. What is searched for may be anything."""
    checked = set()
    for form, name, field in typed_fields():
        if name == "q" or form.__qualname__.startswith("Group"):
            continue
        model = getattr(getattr(form, "_meta", None), "model", None)
        filled = {each.name: each for each in model._meta.concrete_fields}.get(name) if model else None
        if (model, name) == (Customer, "phone"):
            continue
        for typed in HIDING.values():
            assert _refuses(field.clean, typed) or (filled and _refuses(filled.run_validators, typed)), (form, name)
        checked.add(name)
    assert checked >= {"name", "notes", "note", "reason", "reference", "first_name", "receipt_footer", "shop_name"}


def _refuses(check: Any, typed: str) -> bool:
    try:
        check(typed)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("typed", HIDING.values(), ids=HIDING)
def test_the_wire_refuses_what_hides_in_a_reference(typed, office, amina):
    bread = a_product("Bread", sku="BREAD", stock="10", by=amina)
    before = what_is_written()
    sale = {
        "client_ref": "0d4c1c62-3b7b-4f0c-9f8e-3d1f0a7e5b11",
        "lines": [{"product": bread.pk, "pack": None, "quantity": "1"}],
        "tenders": [{"type": "card", "amount": "60.00", "reference": typed}],
    }
    response = office.post("/till/sales/", sale, content_type="application/json")
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid"
    assert "tenders.0.reference" in response.json()["error"]["fields"]
    assert what_is_written() == before


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

"""What people type finds the same rows on every engine, whatever signs, capitals and accents are in it."""

import pytest
from django.core.management import call_command

from customers.models import Customer
from inventory.models import Category, Product
from sales.models import Sale
from smartduka.search import fold
from smartduka.tests.builders import a_customer, a_line, a_pack, a_product, a_sale, paid

pytestmark = pytest.mark.django_db

NAMES = (
    "Café Noir",
    "CAFE blanc",
    "100% Juice",
    "Sugar_1kg",
    "Sugar 1kg",
    "O'Neil's",
    "Back\\slash",
    "ИКРА",
    "Straße",
)

TYPED = {
    "café": ["CAFE blanc", "Café Noir"],
    "CAFÉ": ["CAFE blanc", "Café Noir"],
    "cafe\u0301": ["CAFE blanc", "Café Noir"],
    "noir CAFE": ["Café Noir"],
    "%": ["100% Juice"],
    "0% j": ["100% Juice"],
    "_": ["Sugar_1kg"],
    "sugar_1": ["Sugar_1kg"],
    "'": ["O'Neil's"],
    "o'neil'": ["O'Neil's"],
    "\\": ["Back\\slash"],
    "икра": ["ИКРА"],
    "STRASSE": ["Straße"],
    "\uff53ugar\uff3f": ["Sugar_1kg"],
    "zzz": [],
}


@pytest.mark.parametrize(("typed", "found"), TYPED.items())
def test_products_and_customers_are_found_alike(amina, typed, found):
    category = Category.objects.create(name="All")
    for number, name in enumerate(NAMES):
        Product.objects.create(name=name, sku=f"S-{number}", category=category, selling_price=2, buying_price=1)
        Customer.objects.create(name=name)
    assert sorted(product.name for product in Product.objects.search(typed)) == sorted(found)
    assert sorted(customer.name for customer in Customer.objects.search(typed)) == sorted(found)


def test_a_sale_is_found_by_its_customer_alike(shop, amina):
    bread = a_product("Bread", by=amina, stock="5", price="60")
    noir = a_customer("Café Noir", limit="500")
    sale = a_sale([a_line(bread)], [paid("60", "on_account")], by=amina, customer=noir)
    a_sale([a_line(bread)], [paid("60")], by=amina)
    for typed in ("CAFE", "noir café"):
        assert list(Sale.objects.search(typed)) == [sale]


def test_a_product_is_found_by_its_sku_and_by_a_scan_of_it_or_of_its_pack(amina):
    bread = a_product("Bread", by=amina, sku="BRD-400", barcode="2000100000014")
    a_pack(bread, barcode="2010100001010")
    a_pack(bread, "Bale", size=24)
    a_product("Milk", by=amina)
    for typed in ("brd", "brd-4 bread", "2000100000014", " 2010100001010 "):
        assert list(Product.objects.search(typed)) == [bread]
    assert list(Product.objects.search("20001000000")) == []


def test_what_is_searched_follows_every_way_of_saving(amina, tmp_path):
    bread = a_product("Café", by=amina, sku="A")
    bread.name = "Thé"
    bread.save()
    bread.refresh_from_db()
    assert stored(bread) == "the a"

    again = Product.objects.get(pk=bread.pk)
    again.name = "Kahawa"
    again.save(update_fields=["name", "search_text"])
    assert stored(bread) == "kahawa a"

    other = Product(name="Ñame", sku="B", category=bread.category, selling_price=2, buying_price=1)
    other.search_text = "nobody decides this"
    Product.objects.bulk_create([other])
    assert stored(Product.objects.get(sku="B")) == "name b"

    fixture = tmp_path / "goods.json"
    fixture.write_text(
        '[{"model": "inventory.product", "fields": {"name": "SUKARI", "sku": "A", "category": ["Groceries"],'
        ' "buying_price": "1", "selling_price": "2"}}]',
        encoding="utf-8",
    )
    call_command("loaddata", str(fixture), verbosity=0)
    assert stored(bread) == "sukari a"


def stored(product: Product) -> str:
    return Product.objects.filter(pk=product.pk).values_list("search_text", flat=True).get()


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Café", "cafe"), ("İ", "i"), ("ﬁ", "fi"), ("\U0001d400", "a"), ("ẞ", "ss"), ("Å", "a"), ("\u0301", "")],
)
def test_folding(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded

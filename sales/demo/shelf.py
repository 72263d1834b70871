"""The demo's shelf: what is left of everything, what comes in, what is counted and what breaks."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import ceil
from statistics import mean

from django.utils import timezone

from inventory import corrections
from inventory.models import Pack, Product, StockMovement, Supplier
from inventory.receipts import ReceiptLine, receive_goods
from sales.demo import goods, rhythm
from sales.demo.people import Duka
from smartduka import money
from smartduka.quantity import Unit

LINES_PER_SALE = 2.3
DAYS_OF_COVER, DAYS_OF_COVER_FRESH, DAYS_OF_COVER_SCARCE = 7, 1.5, 5
LEAD_DAYS = 2
LETDOWN = timedelta(days=9)
"""For how long, up to the demo's last day, the scarce goods have not been delivered."""
LONG_AGO = timedelta(days=97)
"""How long before the demo's last day the goods that nobody wants were bought, at least."""


class Shelf:
    """Knows what is asked for on an average day, orders by it, and remembers what is left."""

    def __init__(self, duka: Duka, per_day: int) -> None:
        self._duka = duka
        self.products = {p.pk: p for p in Product.objects.active().select_related("category").order_by("pk")}
        self.packs = _packs()
        self.left: dict[int, int] = {}
        self.look()
        self._usual_cost = {pk: product.buying_price for pk, product in self.products.items()}
        habits = {pk: goods.habit(product) for pk, product in self.products.items()}
        lines = per_day * LINES_PER_SALE / sum(habit.weight for habit in habits.values())
        self._daily = {pk: lines * habit.weight * mean(habit.portions) for pk, habit in habits.items()}
        suppliers = {supplier.name: supplier for supplier in Supplier.objects.order_by("pk")}
        self._brought: dict[Supplier | None, list[Product]] = defaultdict(list)
        for product in self.products.values():
            if product.is_counted:
                self._brought[suppliers.get(goods.supplier_name(product))].append(product)

    def look(self) -> None:
        """See what is left, by primary key, as the books have it."""
        self.left = dict(Product.objects.values_list("pk", "stock_quantity"))

    # -- What comes in ------------------------------------------------------------------------------------

    def fill(self, first_day: date, last_day: date) -> None:
        """Everything is bought on the evening before the first day, and what nobody wants long before."""
        evening = rhythm.at(first_day - timedelta(days=1), 18)
        long_ago = min(evening, rhythm.at(last_day - LONG_AGO, 18))
        for at, is_wanted in ((long_ago, False), (evening, True)):
            for supplier, products in self._brought.items():
                wanted = [p for p in products if (p.sku not in goods.NEVER_SOLD) == is_wanted]
                self._receive(supplier, wanted, at)

    def suppliers_of(self, day: date) -> list[tuple[Supplier, datetime]]:
        """Who comes that day, and when: the daily ones before the shop opens."""
        calls = []
        for number, supplier in enumerate(filter(None, self._brought)):
            weekdays = goods.DELIVERY_DAYS.get(supplier.name, frozenset())
            if day.weekday() in weekdays:
                hour, minute = (5, 40) if len(weekdays) == 7 else (9, 15)
                calls.append((supplier, rhythm.at(day, hour, minute + number)))
        return calls

    def restock(self, supplier: Supplier, at: datetime, *, last_day: date) -> None:
        """A supplier brings what is low."""
        is_letdown = timezone.localdate(at) > last_day - LETDOWN
        low = [
            product
            for product in self._brought[supplier]
            if self.left[product.pk] <= self._reorder_at(product) and product.sku not in goods.NEVER_SOLD
        ]
        self._receive(supplier, [p for p in low if not (is_letdown and p.sku in goods.SCARCE)], at)

    def _reorder_at(self, product: Product) -> float:
        return max(product.low_stock_threshold, LEAD_DAYS * self._daily[product.pk])

    def _order_up_to(self, product: Product) -> float:
        daily = self._daily[product.pk]
        if product.sku in goods.SCARCE:
            return DAYS_OF_COVER_SCARCE * daily
        is_fresh = product.category.name in goods.FRESH
        return 1.2 * self._reorder_at(product) + (DAYS_OF_COVER_FRESH if is_fresh else DAYS_OF_COVER) * daily

    def _receive(self, supplier: Supplier | None, products: Iterable[Product], at: datetime) -> None:
        lines = [line for product in products if (line := self._order(product))]
        if lines:
            invoice = f"INV {self._duka.rng.randrange(1000, 10_000)}"
            voucher = self._duka.voucher(at, self._duka.manager)
            receive_goods(lines, voucher, supplier=supplier, supplier_reference=invoice)
            self.look()

    def _order(self, product: Product) -> ReceiptLine | None:
        """In whole packs where there are any, at about the usual cost; nothing when there is enough."""
        missing = self._order_up_to(product) - self.left[product.pk]
        pack = max(self.packs[product.pk], key=lambda pack: pack.size, default=None)
        unit = Unit(product.unit).base_units
        lot = pack.size if pack else unit if self._usual_cost[product.pk] > 250 else 6 * unit
        lots = ceil(missing / lot)
        if lots <= 0:
            return None
        cost_for = pack.size if pack else unit
        percent = self._duka.rng.randint(98, 103)
        cost = money.to_cents(self._usual_cost[product.pk] * cost_for / unit * percent / 100)
        return ReceiptLine(product.pk, lots * lot, cost=cost, cost_for=cost_for, pack=pack)

    # -- What the books do not know -----------------------------------------------------------------------

    def count_some(self, at: datetime) -> None:
        """Loose goods are never quite what the books say."""
        sold = [p for p in self.products.values() if p.sku not in goods.NEVER_SOLD]
        loose = [p for p in sold if p.unit != Unit.PIECE and self.left[p.pk] > 2000]
        voucher = self._duka.voucher(at, self._duka.manager, "Weekly count")
        for product in self._duka.rng.sample(loose, min(4, len(loose))):
            variance = self._duka.rng.choice((-180, -120, -60, -35, 20))
            corrections.count(product.pk, self.left[product.pk] + variance, voucher, seen=_newest(product))
        self.look()

    def break_eggs(self, at: datetime) -> None:
        eggs = next((product for product in self.products.values() if product.sku == "EGG"), None)
        broken = self._duka.rng.randint(2, 5)
        if eggs and self.left[eggs.pk] >= broken:
            voucher = self._duka.voucher(at, self._duka.manager, "Broken eggs")
            corrections.write_off(eggs.pk, broken, voucher)
            self.look()


def _packs() -> dict[int, list[Pack]]:
    by_product: dict[int, list[Pack]] = defaultdict(list)
    for pack in Pack.objects.active().order_by("pk"):
        by_product[pack.product_id].append(pack)
    return by_product


def _newest(product: Product) -> int:
    return StockMovement.objects.filter(product=product).values_list("pk", flat=True).first() or 0

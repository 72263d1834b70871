"""A shop that trades, with a row in each of its tables, posted through the ledgers."""

from decimal import Decimal

from django.contrib.auth.models import User

from inventory.models import Supplier
from inventory.receipts import ReceiptLine, receive_goods
from sales import payments, prints, returns, sessions
from sales.drawer import Count
from sales.tenders import CASH
from smartduka import events
from smartduka.models import Shop
from smartduka.tests.builders import a_customer, a_line, a_pack, a_product, a_sale, a_voucher, paid


def trade(by: User) -> None:
    """A day: goods received, sold in a pack and on account, partly brought back, paid for, and the drawer counted."""
    shop = Shop.objects.create(name="Duka la Amina", rounding_step=5)
    bread = a_product(by=by, stock="24", barcode="6161101234567")
    carton = a_pack(bread)
    supplier = Supplier.objects.create(name="Wholesaler")
    receive_goods([ReceiptLine(bread.pk, 12, Decimal(600), 12)], a_voucher(by), supplier=supplier)
    wanjiku = a_customer("Wanjiku", limit="5000", phone="+254712345678", notes="Pays on Fridays")
    tenders = [paid("700", "on_account"), paid("20", "mpesa", "QBC2DE3FG4")]
    sale = a_sale([a_line(bread, pack=carton), a_line(bread)], tenders, by=by, customer=wanjiku)
    stale = [returns.ReturnedLine(sale.lines.latest("pk").pk, 1)]
    because = a_voucher(by, note="Stale")
    returns.take_back(sale.pk, stale, refund=returns.Refund(CASH), shop=shop, voucher=because)
    payments.receive_payment(wanjiku.pk, paid("20"), a_voucher(by))
    prints.record(sale, at=because.at, by=by)
    sessions.pay_out(sale.till_session_id, Decimal(5), a_voucher(by, note="Tea"))
    events.record(events.PRICE_CHANGED, by=by, subject=bread.name, before="60", after="65")
    sessions.close_session(sale.till_session_id, Count({}), a_voucher(by))

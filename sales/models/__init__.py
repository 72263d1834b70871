"""What happened at the till."""

from sales.models.payments import Payment, PaymentCode, Tender
from sales.models.returns import Return, ReturnLine
from sales.models.sale import ReceiptPrint, Sale, SaleLine
from sales.models.sessions import CashMovement, TillSession

__all__ = [
    "CashMovement",
    "Payment",
    "PaymentCode",
    "ReceiptPrint",
    "Return",
    "ReturnLine",
    "Sale",
    "SaleLine",
    "Tender",
    "TillSession",
]

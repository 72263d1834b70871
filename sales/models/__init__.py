"""What happened at the till."""

from sales.models.payments import Payment, PaymentCode, Tender
from sales.models.returns import Return, ReturnLine
from sales.models.sale import Sale, SaleLine

__all__ = ["Payment", "PaymentCode", "Return", "ReturnLine", "Sale", "SaleLine", "Tender"]

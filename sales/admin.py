"""The back office of the till: everything that was sold, to look at and to search."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from sales import tenders
from sales.models import CashMovement, Payment, Return, ReturnLine, Sale, SaleLine, Tender, TillSession
from smartduka.admin import FactAdmin, FactInline


class QuantityShown:
    """How much was sold or came back."""

    @admin.display(description="quantity")
    def how_much(self, line: SaleLine | ReturnLine) -> str:
        return line.quantity_shown


class TenderShown:
    """How a tender reads."""

    @admin.display(description="means of payment", ordering="type")
    def means(self, tender: Tender) -> str:
        return tenders.label(tender.type)


class TenderInline(TenderShown, FactInline):
    model = Tender
    view_permission = "sales.view_sale"
    fields = ["means", "amount", "reference"]
    readonly_fields = ["means"]


class SaleLineInline(QuantityShown, FactInline):
    model = SaleLine
    view_permission = "sales.view_sale"
    cost_fields = ["line_cost"]
    fields = ["product_name", "how_much", "list_price", "unit_price", "discount", "line_total", "line_cost"]
    readonly_fields = ["how_much"]


@admin.register(Sale)
class SaleAdmin(FactAdmin):
    number_prefix = "S"
    inlines = [SaleLineInline, TenderInline]
    list_display = ["number", "sold_at", "cashier", "customer", "total", "is_void"]
    list_filter = ["sold_on", "tenders__type", "cashier"]
    list_select_related = ["cashier", "customer"]
    search_fields = ["customer__name", "customer__phone", "cashier__username", "tenders__reference"]
    fields = [
        "number", "sold_at", "sold_on", "received_at", "cashier", "customer", "subtotal", "rounding", "total",
        "is_void", "note", "client_ref",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sale]:
        return super().get_queryset(request).with_is_void()

    @admin.display(description="void", empty_value="")
    def is_void(self, sale: Sale) -> str | None:
        return "VOID" if sale.was_voided else None

    def view_on_site(self, sale: Sale) -> str:
        return reverse("sale", args=[sale.number])


@admin.register(SaleLine)
class SaleLineAdmin(QuantityShown, FactAdmin):
    view_permission = "sales.view_sale"
    cost_fields = ["unit_cost", "line_cost"]
    list_display = ["sale", "sold_on", "product_name", "how_much", "unit_price", "line_total", "line_cost"]
    list_filter = ["sale__sold_on"]
    list_select_related = ["sale"]
    search_fields = ["product_name", "product__sku"]
    fields = [
        "sale", "product", "product_name", "how_much", "asked_amount", "list_price", "unit_price", "discount",
        "line_total", "unit_cost", "line_cost",
    ]  # fmt: skip

    @admin.display(ordering="sale__sold_on")
    def sold_on(self, line: SaleLine) -> object:
        return line.sale.sold_on


class ReturnLineInline(QuantityShown, FactInline):
    model = ReturnLine
    view_permission = "sales.view_return"
    cost_fields = ["cost"]
    fields = ["product_name", "how_much", "amount", "cost", "is_damaged"]
    readonly_fields = ["product_name", "how_much"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnLine]:
        return super().get_queryset(request).select_related("sale_line")

    @admin.display(description="product")
    def product_name(self, line: ReturnLine) -> str:
        return line.sale_line.product_name


class ReturnTenderInline(TenderInline):
    view_permission = "sales.view_return"


@admin.register(Return)
class ReturnAdmin(FactAdmin):
    number_prefix = "R"
    inlines = [ReturnLineInline, ReturnTenderInline]
    list_display = ["number", "returned_at", "sale", "is_void", "reason", "total", "returned_by"]
    list_filter = ["returned_on", ("voided_sale", admin.EmptyFieldListFilter)]
    list_select_related = ["sale", "returned_by"]
    search_fields = ["reason", "sale__customer__name", "returned_by__username"]
    fields = [
        "number", "sale", "is_void", "reason", "subtotal", "rounding", "total", "returned_at", "returned_on",
        "returned_by",
    ]  # fmt: skip

    @admin.display(description="void", empty_value="")
    def is_void(self, sale_return: Return) -> str | None:
        return "VOID" if sale_return.is_void else None


class PaymentTenderInline(TenderInline):
    view_permission = "sales.view_payment"


@admin.register(Payment)
class PaymentAdmin(FactAdmin):
    number_prefix = "P"
    inlines = [PaymentTenderInline]
    list_display = ["number", "received_at", "customer", "amount", "received_by", "reverses"]
    list_filter = ["received_on", "tenders__type"]
    list_select_related = ["customer", "received_by", "reverses"]
    search_fields = ["customer__name", "customer__phone", "tenders__reference", "note"]
    fields = ["number", "customer", "amount", "note", "reverses", "received_at", "received_on", "received_by"]


@admin.register(Tender)
class TenderAdmin(TenderShown, FactAdmin):
    view_permission = "sales.view_payment"
    list_display = ["cause", "means", "amount", "reference"]
    list_filter = ["type", "sale__sold_on"]
    list_select_related = ["sale", "sale_return", "payment"]
    search_fields = ["reference"]
    fields = ["cause", "means", "amount", "reference"]
    readonly_fields = ["means"]

    @admin.display(description="for")
    def cause(self, tender: Tender) -> str:
        return str(tender.sale or tender.sale_return or tender.payment)


class CashMovementInline(FactInline):
    model = CashMovement
    fields = ["moved_at", "amount", "reason", "moved_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CashMovement]:
        return super().get_queryset(request).select_related("moved_by")


@admin.register(TillSession)
class TillSessionAdmin(FactAdmin):
    number_prefix = "Z"
    inlines = [CashMovementInline]
    list_display = ["number", "cashier", "opened_at", "closed_at", "expected", "counted", "over_short"]
    list_filter = ["opened_on", "is_automatic", "cashier"]
    list_select_related = ["cashier"]
    search_fields = ["cashier__username", "note"]
    fields = [
        "number", "cashier", "is_automatic", "opening_float", "opened_at", "opened_on", "closed_at", "closed_on",
        "closed_by", "expected", "counted", "over_short", "denominations", "note",
    ]  # fmt: skip

    def view_on_site(self, session: TillSession) -> str:
        return reverse("till-report", args=[session.number])


@admin.register(CashMovement)
class CashMovementAdmin(FactAdmin):
    list_display = ["till_session", "moved_at", "amount", "reason", "moved_by"]
    list_filter = ["moved_on", "moved_by"]
    list_select_related = ["till_session", "moved_by"]
    search_fields = ["reason", "moved_by__username"]
    fields = ["till_session", "amount", "reason", "moved_at", "moved_on", "moved_by"]

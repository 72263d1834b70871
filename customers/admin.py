"""The back office of the credit book."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse

from customers import book, ledger
from customers.forms import CustomerForm
from customers.models import Customer, LedgerEntry
from smartduka import money
from smartduka.admin import FactAdmin, KeptByDomain, ProtectedByHistory


class CustomerChangeList(ChangeList):
    """A page of customers, with what they owe, in one query more."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        balances = ledger.balances(self.result_list)
        for customer in self.result_list:
            customer.owed = balances.get(customer.pk, money.ZERO)


@admin.register(Customer)
class CustomerAdmin(KeptByDomain, ProtectedByHistory, admin.ModelAdmin):
    domain = book
    form = CustomerForm
    list_display = ["name", "phone_number", "limit", "balance", "is_active"]
    list_filter = ["is_active"]
    list_per_page = 50
    search_fields = ["name", "phone"]
    fields = ["name", "phone", "credit_limit", "balance", "notes", "is_active", "created_at"]
    readonly_fields = ["balance", "created_at"]

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return CustomerChangeList

    @admin.display(description="phone", ordering="phone", empty_value="")
    def phone_number(self, customer: Customer) -> str | None:
        return customer.phone_shown or None

    @admin.display(description="credit limit", ordering="credit_limit")
    def limit(self, customer: Customer) -> str:
        return f"{customer.credit_limit:,.2f}"

    @admin.display(description="owes")
    def balance(self, customer: Customer) -> str:
        if customer.pk is None:
            return "–"
        owed = customer.owed if hasattr(customer, "owed") else ledger.balance(customer)
        return f"{owed:,.2f}"

    def view_on_site(self, customer: Customer) -> str:
        return reverse("customer", args=[customer.pk])


@admin.register(LedgerEntry)
class LedgerEntryAdmin(FactAdmin):
    list_display = ["posted_at", "customer", "kind", "amount", "due_on", "reference", "posted_by"]
    list_filter = ["kind", "posted_on", "due_on"]
    list_select_related = ["customer", "posted_by"]
    search_fields = ["customer__name", "customer__phone", "reference", "note"]
    fields = [
        "customer", "kind", "amount", "due_on", "reference", "note", "reverses",
        "posted_at", "posted_on", "posted_by",
    ]  # fmt: skip

"""A customer pays."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from customers import ledger as customer_ledger
from customers.models import Customer
from sales import payments
from sales.forms import PaymentForm
from smartduka import money, vouchers
from smartduka.forms import add_refusal
from smartduka.models import Shop
from smartduka.refusals import Refusal


@require_http_methods(["GET", "POST"])
@permission_required("sales.add_payment", raise_exception=True)
def customer_payment(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    form = PaymentForm(request.POST or None)
    form.offer_drawers(request.user)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        voucher = vouchers.of_now(Shop.current(), by=request.user, note=words["note"])
        try:
            payment = payments.receive_payment(
                customer.pk, form.tendered, voucher, drawer=form.chosen_drawer, client_ref=words["client_ref"]
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"{payment.number}: {money.show(payment.amount)} from {customer}.")
            return redirect("customer", pk=customer.pk)
    context = {"customer": customer, "form": form, "balance": customer_ledger.balance(customer)}
    return render(request, "sales/customer_payment.html", context)

"""The shelf in the browser: its list, one product, and what moves its stock."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from inventory import corrections
from inventory.forms import LOSSES, CountForm, ProductSearchForm, ReceiveForm, StockForm, WriteOffForm
from inventory.models import Product
from inventory.receipts import receive_goods
from smartduka import money, quantity, vouchers
from smartduka.forms import add_refusal
from smartduka.models import Shop
from smartduka.refusals import Refusal

PRODUCTS_PER_PAGE = 50
MOVEMENTS_PER_PAGE = 25


@require_safe
@permission_required("inventory.view_product", raise_exception=True)
def products(request: HttpRequest) -> HttpResponse:
    form = ProductSearchForm(request.GET)
    words = form.words()
    found = Product.objects.filter(is_active=not words["off"]).search(words["q"] or "")
    if words["low"]:
        found = found.low_stock()
    if words["category"]:
        found = found.filter(category=words["category"])
    page = Paginator(found.select_related("category"), PRODUCTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "words": words, "page": page, "is_filtered": any(words.values())}
    return render(request, "inventory/products.html", context)


@require_safe
@permission_required("inventory.view_product", raise_exception=True)
def product(request: HttpRequest, sku: str) -> HttpResponse:
    """Its facts and packs, and, for who may see them, its movements from the newest on."""
    shown = get_object_or_404(Product.objects.select_related("category"), sku=sku)
    context = {"product": shown, "packs": shown.packs.all()}
    if request.user.has_perm("inventory.view_stockmovement"):
        movements = shown.movements.select_related("posted_by")
        page = Paginator(movements, MOVEMENTS_PER_PAGE).get_page(request.GET.get("page"))
        for movement in page:
            movement.product = shown
        context["page"] = page
    return render(request, "inventory/product.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("inventory.add_goodsreceipt", raise_exception=True)
def product_receive(request: HttpRequest, sku: str) -> HttpResponse:
    product = get_object_or_404(Product, sku=sku)
    form = ReceiveForm(product, request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            receipt = receive_goods(
                [form.line],
                vouchers.of_now(Shop.current(), by=request.user),
                supplier=words["supplier"],
                supplier_reference=words["supplier_reference"],
                client_ref=words["client_ref"],
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            came = quantity.show(words["quantity"], product.unit)
            messages.success(request, f"{receipt.number}: {came} came in for {money.show(receipt.total)}.")
            _warn_of_loss(request, product)
            return redirect("product", sku)
    return _render_form(request, "inventory/product_receive.html", form)


@require_http_methods(["GET", "POST"])
@permission_required("inventory.count_stock", raise_exception=True)
def product_count(request: HttpRequest, sku: str) -> HttpResponse:
    product = get_object_or_404(Product, sku=sku)
    form = CountForm(product, request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        voucher = vouchers.of_now(Shop.current(), by=request.user, note=words["note"])
        try:
            movement = corrections.count(
                product.pk, words["counted"], voucher, seen=words["seen"], client_ref=words["client_ref"]
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _say_count(product, movement.quantity, words["counted"]))
            return redirect("product", sku)
    return _render_form(request, "inventory/product_count.html", form)


@require_http_methods(["GET", "POST"])
@permission_required("inventory.count_stock", raise_exception=True)
def product_write_off(request: HttpRequest, sku: str) -> HttpResponse:
    product = get_object_or_404(Product, sku=sku)
    form = WriteOffForm(product, request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        voucher = vouchers.of_now(Shop.current(), by=request.user, note=words["note"])
        try:
            corrections.write_off(product.pk, words["quantity"], voucher, client_ref=words["client_ref"])
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            lost = quantity.show(words["quantity"], product.unit)
            messages.success(request, f"{lost} written off: {words['note']}.")
            return redirect("product", sku)
    return _render_form(request, "inventory/product_write_off.html", form, losses=LOSSES)


def _render_form(request: HttpRequest, template: str, form: StockForm, **context: object) -> HttpResponse:
    """The page of a form, with what the books say now."""
    form.product.refresh_from_db()
    return render(request, template, {"product": form.product, "form": form, **context})


def _say_count(product: Product, variance: int, counted: int) -> str:
    """What the count did to the books, in a sentence."""
    held = quantity.show(counted, product.unit)
    if not variance:
        return f"Counted {held}, as the books said."
    difference = quantity.show(abs(variance), product.unit)
    return f"Counted {held}: {difference} {'more' if variance > 0 else 'less'} than the books said."


def _warn_of_loss(request: HttpRequest, product: Product) -> None:
    """Say so when goods now cost more than they sell for."""
    product.refresh_from_db()
    if product.buying_price > product.selling_price:
        messages.warning(
            request,
            f"{product} now costs {money.show(product.buying_price)} and sells for "
            f"{money.show(product.selling_price)}: each one sold loses money. Check the cost or raise the price.",
        )

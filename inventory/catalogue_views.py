"""The catalogue in the browser: products and packs, categories and suppliers, added and edited."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory import catalogue
from inventory.catalogue_forms import (
    CategoryForm,
    CategorySearchForm,
    PackPageForm,
    ProductPageForm,
    SupplierForm,
    SupplierSearchForm,
)
from inventory.models import Category, Pack, Product, Supplier
from smartduka.refusals import Refusal

ROWS_PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@permission_required("inventory.add_product", raise_exception=True)
def product_add(request: HttpRequest) -> HttpResponse:
    form = ProductPageForm(request.POST or None, may_see_cost=True)
    if added := form.kept(catalogue.save, by=request.user):
        messages.success(request, f"{added} is in the catalogue. Receive the goods, and the till can sell them.")
        return redirect("product", added.sku)
    return render(request, "inventory/product_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
@permission_required("inventory.change_product", raise_exception=True)
def product_edit(request: HttpRequest, sku: str) -> HttpResponse:
    product = get_object_or_404(Product, sku=sku)
    name = product.name
    form = ProductPageForm(
        request.POST or None, instance=product, may_see_cost=request.user.has_perm("inventory.view_cost")
    )
    if form.kept(catalogue.save, by=request.user):
        messages.success(request, f"What you changed about {product} is kept.")
        if not product.is_active and product.stock_quantity:
            messages.warning(request, f"{product.stock_shown} of it are still on the shelf, and off sale now.")
        return redirect("product", product.sku)
    return render(request, "inventory/product_edit.html", {"form": form, "name": name, "sku": sku})


@require_http_methods(["GET", "POST"])
@permission_required("inventory.add_pack", raise_exception=True)
def pack_add(request: HttpRequest, sku: str) -> HttpResponse:
    product = get_object_or_404(Product, sku=sku)
    form = PackPageForm(request.POST or None, product=product)
    if added := form.kept(catalogue.save, by=request.user):
        messages.success(request, f"{product} is now sold by the {added} too.")
        return redirect("product", sku)
    return render(request, "inventory/pack_add.html", {"form": form, "product": product})


@require_http_methods(["GET", "POST"])
@permission_required("inventory.change_pack", raise_exception=True)
def pack_edit(request: HttpRequest, sku: str, pk: int) -> HttpResponse:
    pack = get_object_or_404(Pack.objects.select_related("product"), pk=pk, product__sku=sku)
    name = pack.name
    form = PackPageForm(request.POST or None, instance=pack, product=pack.product)
    if form.kept(catalogue.save, by=request.user):
        messages.success(request, f"What you changed about {pack} is kept.")
        return redirect("product", sku)
    return render(request, "inventory/pack_edit.html", {"form": form, "name": name, "product": pack.product})


@require_safe
@permission_required("inventory.view_category", raise_exception=True)
def categories(request: HttpRequest) -> HttpResponse:
    form = CategorySearchForm(request.GET)
    asked = form.words()["q"] or ""
    found = Category.objects.search(asked).annotate(products_there=Count("products")).order_by("name")
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "inventory/categories.html", {"form": form, "asked": asked, "page": page})


@require_http_methods(["GET", "POST"])
@permission_required("inventory.add_category", raise_exception=True)
def category_add(request: HttpRequest) -> HttpResponse:
    form = CategoryForm(request.POST or None)
    if added := form.kept(catalogue.save, by=request.user):
        messages.success(request, f"{added} is now a category.")
        return redirect("categories")
    return render(request, "inventory/category_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
@permission_required("inventory.change_category", raise_exception=True)
def category_edit(request: HttpRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(Category, pk=pk)
    name, holds = category.name, category.products.count()
    form = CategoryForm(request.POST or None, instance=category)
    if form.kept(catalogue.save, by=request.user):
        messages.success(request, f"The category is called {category} now.")
        return redirect("categories")
    return render(request, "inventory/category_edit.html", {"form": form, "name": name, "pk": pk, "holds": holds})


@require_POST
@permission_required("inventory.delete_category", raise_exception=True)
def category_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an empty label; goods keep theirs."""
    return _delete(request, Category.objects.filter(pk=pk).first(), to="categories")


@require_safe
@permission_required("inventory.view_supplier", raise_exception=True)
def suppliers(request: HttpRequest) -> HttpResponse:
    form = SupplierSearchForm(request.GET)
    words = form.words()
    found = Supplier.objects.filter(is_active=not words["off"]).search(words["q"] or "")
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "words": words, "page": page, "is_filtered": any(words.values())}
    return render(request, "inventory/suppliers.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("inventory.add_supplier", raise_exception=True)
def supplier_add(request: HttpRequest) -> HttpResponse:
    form = SupplierForm(request.POST or None)
    if added := form.kept(catalogue.save, by=request.user):
        messages.success(request, f"{added} is now a supplier.")
        return redirect("suppliers")
    return render(request, "inventory/supplier_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
@permission_required("inventory.change_supplier", raise_exception=True)
def supplier_edit(request: HttpRequest, pk: int) -> HttpResponse:
    supplier = get_object_or_404(Supplier, pk=pk)
    name, has_delivered = supplier.name, supplier.receipts.exists()
    form = SupplierForm(request.POST or None, instance=supplier)
    if form.kept(catalogue.save, by=request.user):
        messages.success(request, f"What you changed about {supplier} is kept.")
        return redirect("suppliers")
    context = {"form": form, "name": name, "pk": pk, "has_delivered": has_delivered}
    return render(request, "inventory/supplier_edit.html", context)


@require_POST
@permission_required("inventory.delete_supplier", raise_exception=True)
def supplier_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete who never delivered; anybody else stays, perhaps not active."""
    return _delete(request, Supplier.objects.filter(pk=pk).first(), to="suppliers")


def _delete(request: HttpRequest, row: Category | Supplier | None, *, to: str) -> HttpResponse:
    """Sent twice it is done once; what is gone is gone."""
    if row is not None:
        try:
            catalogue.delete(row, by=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"{row} is deleted.")
    return redirect(to)

"""The back office of the shelf: its master data, and its ledger to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inventory import catalogue
from inventory.forms import PackForm, PackFormSet, ProductForm
from inventory.models import Category, GoodsReceipt, GoodsReceiptLine, Pack, Product, StockMovement, Supplier
from smartduka.admin import CostsHidden, FactAdmin, FactInline, KeptByDomain, ProtectedByHistory


class LowStockFilter(admin.SimpleListFilter):
    title = "stock"
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("low", "Low")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        return queryset.low_stock() if self.value() == "low" else queryset


class PackInline(admin.TabularInline):
    model = Pack
    form = PackForm
    formset = PackFormSet
    fields = ["name", "size", "selling_price", "barcode", "is_active"]
    extra = 0
    verbose_name = "pack"


@admin.register(Product)
class ProductAdmin(CostsHidden, KeptByDomain, ProtectedByHistory, admin.ModelAdmin):
    domain = catalogue
    form = ProductForm
    inlines = [PackInline]
    cost_fields = ["profit", "buying_price", "average_cost"]
    list_display = ["name", "sku", "category", "stock", "low", "selling_price", "profit", "is_active"]
    list_filter = [LowStockFilter, "is_active", "is_counted", "category"]
    list_per_page = 50
    list_select_related = ["category"]
    search_fields = ["name", "sku", "barcode", "packs__barcode"]
    readonly_fields = ["stock", "average_cost", "profit", "last_sold_at", "created_at"]
    fieldsets = [
        (None, {"fields": ["name", "sku", "barcode", "category", "unit"]}),
        ("Prices", {"fields": ["selling_price", "floor_price", "buying_price", "average_cost", "profit"]}),
        ("Stock", {"fields": ["stock", "low_stock_threshold", "is_counted", "is_active"]}),
        ("History", {"fields": ["last_sold_at", "created_at"]}),
    ]

    @admin.display(description="stock", ordering="stock_quantity")
    def stock(self, product: Product) -> str:
        return product.stock_shown if product.is_counted else "not counted"

    @admin.display(description="low stock", empty_value="")
    def low(self, product: Product) -> str | None:
        return "LOW" if product.is_low_stock() else None

    @admin.display(description="profit per item")
    def profit(self, product: Product) -> str:
        return f"{product.profit_per_item():,.2f}" if product.pk else "–"

    def get_form(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> type[ModelForm]:
        """A new product needs a buying price, so who adds one types it; afterwards it is for who may see costs."""
        form = super().get_form(request, obj, **kwargs)
        if obj and not request.user.has_perm("inventory.view_cost"):
            form.base_fields.pop("buying_price", None)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else self.fieldsets

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        formset.save(commit=False)
        for pack in formset.deleted_objects:
            catalogue.delete(pack, by=request.user)
        for pack, typed in formset.changed_objects:
            catalogue.save(pack, by=request.user, fields=typed)
        for pack in formset.new_objects:
            catalogue.save(pack, by=request.user, fields=self.inlines[0].fields)

    def response_post_save_add(self, request: HttpRequest, obj: Product) -> HttpResponse:
        """What is new has no stock yet: go on to where it is received."""
        return redirect("product", obj.sku)

    def view_on_site(self, product: Product) -> str:
        # Not of `product`, which on a page with errors has whatever was typed.
        return reverse("product", args=Product.objects.filter(pk=product.pk).values_list("sku", flat=True))


@admin.register(Category)
class CategoryAdmin(KeptByDomain, ProtectedByHistory, admin.ModelAdmin):
    domain = catalogue
    list_display = ["name", "products"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).annotate(product_count=Count("products"))

    @admin.display(ordering="product_count")
    def products(self, category: Category) -> int:
        return category.product_count


@admin.register(Supplier)
class SupplierAdmin(KeptByDomain, ProtectedByHistory, admin.ModelAdmin):
    domain = catalogue
    list_display = ["name", "phone", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "phone"]


@admin.register(StockMovement)
class StockMovementAdmin(FactAdmin):
    cost_fields = ["unit_cost", "value"]
    list_display = ["posted_at", "product", "reason", "moved", "on_the_shelf", "value", "reference", "posted_by"]
    list_filter = ["reason", "posted_on"]
    list_select_related = ["product", "posted_by"]
    search_fields = ["product__name", "product__sku", "reference", "note"]
    fields = [
        "product", "reason", "moved", "on_the_shelf", "unit_cost", "value", "reference", "note", "reverses",
        "posted_at", "posted_on", "posted_by",
    ]  # fmt: skip

    @admin.display(ordering="quantity")
    def moved(self, movement: StockMovement) -> str:
        return movement.quantity_shown

    @admin.display(description="on the shelf")
    def on_the_shelf(self, movement: StockMovement) -> str:
        return movement.quantity_after_shown


class GoodsReceiptLineInline(FactInline):
    model = GoodsReceiptLine
    view_permission = "inventory.view_goodsreceipt"
    cost_fields = ["total"]
    fields = ["product", "pack", "came_in", "total"]
    readonly_fields = ["came_in"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GoodsReceiptLine]:
        return super().get_queryset(request).select_related("product", "pack", "movement__product")

    @admin.display(description="quantity")
    def came_in(self, line: GoodsReceiptLine) -> str:
        return line.movement.quantity_shown


@admin.register(GoodsReceipt)
class GoodsReceiptAdmin(FactAdmin):
    number_prefix = "GR"
    inlines = [GoodsReceiptLineInline]
    cost_fields = ["total"]
    list_display = ["number", "received_at", "supplier", "supplier_reference", "total", "received_by"]
    list_filter = ["received_on", "supplier"]
    list_select_related = ["supplier", "received_by"]
    search_fields = ["supplier__name", "supplier_reference", "lines__product__name"]
    fields = ["number", "supplier", "supplier_reference", "total", "received_at", "received_on", "received_by"]

from django.urls import path, register_converter

from inventory import catalogue_views, views


class SkuConverter:
    """A SKU, with the slashes of an address around it."""

    regex = r"[A-Z0-9._-]{1,40}"

    def to_python(self, text: str) -> str:
        return text

    def to_url(self, sku: str) -> str:
        return sku


register_converter(SkuConverter, "sku")

urlpatterns = [
    path("products/", views.products, name="products"),
    path("products/new/", catalogue_views.product_add, name="product-add"),
    path("products/<sku:sku>/", views.product, name="product"),
    path("products/<sku:sku>/edit/", catalogue_views.product_edit, name="product-edit"),
    path("products/<sku:sku>/packs/new/", catalogue_views.pack_add, name="pack-add"),
    path("products/<sku:sku>/packs/<int:pk>/", catalogue_views.pack_edit, name="pack-edit"),
    path("products/<sku:sku>/receive/", views.product_receive, name="product-receive"),
    path("products/<sku:sku>/count/", views.product_count, name="product-count"),
    path("products/<sku:sku>/write-off/", views.product_write_off, name="product-write-off"),
    path("categories/", catalogue_views.categories, name="categories"),
    path("categories/new/", catalogue_views.category_add, name="category-add"),
    path("categories/<int:pk>/", catalogue_views.category_edit, name="category-edit"),
    path("categories/<int:pk>/delete/", catalogue_views.category_delete, name="category-delete"),
    path("suppliers/", catalogue_views.suppliers, name="suppliers"),
    path("suppliers/new/", catalogue_views.supplier_add, name="supplier-add"),
    path("suppliers/<int:pk>/", catalogue_views.supplier_edit, name="supplier-edit"),
    path("suppliers/<int:pk>/delete/", catalogue_views.supplier_delete, name="supplier-delete"),
]

from django.urls import path, register_converter

from inventory import views


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
    path("products/<sku:sku>/", views.product, name="product"),
    path("products/<sku:sku>/receive/", views.product_receive, name="product-receive"),
    path("products/<sku:sku>/count/", views.product_count, name="product-count"),
    path("products/<sku:sku>/write-off/", views.product_write_off, name="product-write-off"),
]

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = "Goods and stock"

    def ready(self) -> None:
        from smartduka.databases.append_only import Follower, follow

        follow(
            Follower(
                table="inventory_product",
                column="stock_quantity",
                ledger="inventory_stockmovement",
                key="product_id",
                says="quantity_after",
            )
        )

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "sales"
    verbose_name = "The till"

    def ready(self) -> None:
        from smartduka.databases.append_only import Seal, seal

        seal(
            Seal(
                table="sales_tillsession",
                open_while="open_for_id",
                fixed=("client_ref", "cashier_id", "opening_float", "is_automatic", "opened_at", "opened_on"),
                key="till_session_id",
                parts=("sales_sale", "sales_return", "sales_payment", "sales_cashmovement"),
            )
        )

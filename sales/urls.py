from django.urls import path

from sales.views import (
    payments,
    receipts,
    sales,
    sessions,
    till,
    till_codes,
    till_customers,
    till_stock,
    today,
    undoing,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("till/", till.till, name="till"),
    path("till/catalogue.json", till.show_catalogue, name="till-catalogue"),
    path("till/customers.json", till_customers.find, name="till-customers"),
    path("till/customers/", till_customers.add, name="till-customer-add"),
    path("till/codes.json", till_codes.find, name="till-codes"),
    path("till/stock/<int:pk>/", till_stock.show, name="till-stock"),
    path("till/counts/", till_stock.count, name="till-count"),
    path("till/sales/", till.sell, name="till-sales"),
    path("till/session/", sessions.mine, name="till-session"),
    path("till/sessions/", sessions.listed, name="till-sessions"),
    path("till/sessions/<number>/", sessions.report, name="till-report"),
    path("till/sessions/<number>/pay-in/", sessions.pay_in, name="till-pay-in"),
    path("till/sessions/<number>/pay-out/", sessions.pay_out, name="till-pay-out"),
    path("till/sessions/<number>/close/", sessions.close, name="till-close"),
    path("sales/", sales.sales, name="sales"),
    path("sales/<number>/", receipts.sale, name="sale"),
    path("sales/<number>/prints/", receipts.print_sale, name="sale-prints"),
    path("sales/<number>/return/", undoing.sale_return, name="sale-return"),
    path("sales/<number>/void/", undoing.sale_void, name="sale-void"),
    path("returns/<number>/", receipts.sale_return, name="return-receipt"),
    path("customers/<int:pk>/payment/", payments.customer_payment, name="customer-payment"),
]

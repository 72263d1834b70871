from django.urls import path

from sales.views import payments, sales, till, today

urlpatterns = [
    path("", today.today, name="today"),
    path("till/", till.till, name="till"),
    path("till/catalogue.json", till.show_catalogue, name="till-catalogue"),
    path("till/customers.json", till.find_customers, name="till-customers"),
    path("till/sales/", till.sell, name="till-sales"),
    path("sales/", sales.sales, name="sales"),
    path("sales/<number>/", sales.sale, name="sale"),
    path("sales/<number>/return/", sales.sale_return, name="sale-return"),
    path("sales/<number>/void/", sales.sale_void, name="sale-void"),
    path("customers/<int:pk>/payment/", payments.customer_payment, name="customer-payment"),
]

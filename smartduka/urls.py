"""The front door: every address of the shop."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from smartduka import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("welcome/", views.welcome, name="welcome"),
    path("healthz", views.healthz, name="healthz"),
    path("health/", views.show_health, name="health"),
    # One door: the admin's own login would be another.
    path("admin/login/", views.Login.as_view()),
    path("admin/", admin.site.urls),
    path("", include("inventory.urls")),
    path("", include("customers.urls")),
    path("", include("sales.urls")),
]

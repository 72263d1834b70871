"""The front door: every address of the shop."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from smartduka import backup_views, setup_views, views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("welcome/", views.welcome, name="welcome"),
    path("healthz", views.healthz, name="healthz"),
    path("health/", views.show_health, name="health"),
    path("backups/", backup_views.backups, name="backups"),
    path("backups/new/", backup_views.backup_now, name="backup-now"),
    path("backups/upload/", backup_views.backup_upload, name="backup-upload"),
    path("backups/<name>/", backup_views.backup, name="backup"),
    path("backups/<name>/download/", backup_views.backup_download, name="backup-download"),
    path("setup/", setup_views.setup, name="setup"),
    path("events/", setup_views.events, name="events"),
    path("people/", setup_views.people, name="people"),
    path("people/new/", setup_views.person_add, name="person-add"),
    path("people/<int:pk>/", setup_views.person_edit, name="person-edit"),
    path("people/<int:pk>/password/", setup_views.person_password, name="person-password"),
    path("shop/", setup_views.shop_settings, name="shop-settings"),
    # One door: the admin's own login would be another.
    path("admin/login/", views.Login.as_view()),
    path("admin/", admin.site.urls),
    path("", include("inventory.urls")),
    path("", include("customers.urls")),
    path("", include("sales.urls")),
]

handler500 = "smartduka.outages.server_error"

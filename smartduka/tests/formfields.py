"""Every field that somebody can type into, on the pages and in the back office."""

from collections.abc import Iterator

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import get_resolver

_ADMINS = (AdminTextInputWidget, AdminTextareaWidget)
APPS = ("smartduka.", "inventory.", "customers.", "sales.")


def typed_fields() -> Iterator[tuple[type[forms.BaseForm], str, forms.Field]]:
    """The form, the field's name and the field; hidden ones, passwords and what is chosen are left out."""
    for form in {*_forms_of_pages(forms.BaseForm), *_forms_of_the_back_office()}:
        if hasattr(form, "_meta") and form._meta.model is None:
            continue  # what the forms of a model have in common
        for name, field in form.base_fields.items():
            if name not in ("password", "code") and type(field.widget) in (forms.TextInput, forms.Textarea, *_ADMINS):
                yield form, name, field


def _forms_of_pages(above: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    get_resolver().url_patterns  # noqa: B018 – imports the views, and with them the forms
    for form in above.__subclasses__():
        if form.__module__.startswith(APPS) and hasattr(form, "base_fields"):
            yield form
        yield from _forms_of_pages(form)


def _forms_of_the_back_office() -> Iterator[type[forms.BaseForm]]:
    request = _asked_by(User(username="root", is_active=True, is_staff=True, is_superuser=True))
    for model_admin in admin.site._registry.values():
        if not model_admin.has_add_permission(request) and not model_admin.has_change_permission(request):
            continue
        yield model_admin.get_form(request)
        for inline in model_admin.get_inline_instances(request):
            yield inline.get_formset(request).form


def _asked_by(user: User) -> HttpRequest:
    request = RequestFactory().get("/admin/")
    request.user = user
    return request

"""The back office: Django's admin, and the bases on which every app's part of it stands."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.db.models import Field, ManyToManyField, PositiveSmallIntegerField, QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm, ModelMultipleChoiceField
from django.forms import Field as FormField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from smartduka import people, shopkeeping
from smartduka.forms import LineField, PersonForm, RowsField, WholeNumberField
from smartduka.models import Shop
from smartduka.references import is_key, primary_key
from smartduka.refusals import Refusal
from smartduka.roles import ROLES

admin.site.site_title = admin.site.site_header = "SmartDuka"
admin.site.index_title = "Back office"

EXAMPLES = 10

_LOOKUPS = ("exact", "id__exact", "gte", "lt", "isnull", "isempty")
"""What Django's filters append to the name of a field."""


class CostsHidden:
    """Columns and fields in `cost_fields` are for who may see costs."""

    cost_fields: Iterable[str] = ()

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return self._permitted(request, super().get_list_display(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[str | None, dict[str, Any]]]:
        return [
            (name, {**options, "fields": self._permitted(request, options["fields"])})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def _permitted(self, request: HttpRequest, fields: Iterable[str]) -> list[str]:
        hidden = () if request.user.has_perm("inventory.view_cost") else self.cost_fields
        return [field for field in fields if field not in hidden]


class ProtectedByHistory:
    """Whoever asks to delete what has a history is told so, with a few examples of it."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], Any, set[str], list[Any]]:
        deleted, counts, missing_permissions, protected = super().get_deleted_objects(objs, request)
        if not protected:
            return deleted, counts, missing_permissions, protected
        more = len(protected) - EXAMPLES
        shown = [*protected[:EXAMPLES], f"and {more} more"] if more > 0 else protected
        # Nobody may delete facts; that is not what stands in the way here.
        return deleted, counts, set(), shown


class PlainlyAsked:
    """A list answers what its page offers to ask.

    Anything else was written by hand, and is a bad request: engines differ in what they can be asked – a NUL, a
    pattern, a number beyond 64 bits – and would end in a server error.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        offered = [self._parameter(each) for each in self.get_list_filter(request)]
        return "\0" not in value and any(_is_asked_by(lookup, name) for name in offered)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        return to_field == self.opts.pk.name

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        if not all(is_key(chosen) for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise SuspiciousOperation("A row was chosen that cannot be there.")
        return super().response_action(request, queryset)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        return super().formfield_for_manytomany(db_field, request, **{"form_class": RowsField, **kwargs})

    def _parameter(self, offered: Any) -> str:
        """The field's name, or the name that a filter of ours has in the address."""
        if isinstance(offered, tuple):
            return offered[0]
        return getattr(offered, "parameter_name", offered)


def _is_asked_by(lookup: str, name: str) -> bool:
    return lookup == name or lookup in {f"{name}__{how}" for how in _LOOKUPS}


class KeptByDomain(PlainlyAsked):
    """Saves and deletes through the verbs of a domain module, which write into the diary who changed what."""

    domain: Any
    """The module, with its verbs `save` and `delete`."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        self.domain.save(obj, by=request.user, fields=form.changed_data if change else form.fields.keys())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.domain.delete(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            for row in queryset:
                self.domain.delete(row, by=request.user)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_refused(super().changeform_view, request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_refused(super().delete_view, request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_refused(super().changelist_view, request, *args, **kwargs)

    def _or_refused(self, view: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the view answers; a refusal, after which nothing is written, is said on the same page."""
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect(request.get_full_path())


class ReadOnly:
    """To be looked at: nobody, not even a superuser, adds, changes or deletes here."""

    view_permission: str | None = None
    """Whoever has this may look; unset: whoever may look at the model."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if self.view_permission:
            return request.user.has_perm(self.view_permission)
        return super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FactAdmin(CostsHidden, PlainlyAsked, ReadOnly, admin.ModelAdmin):
    """A list of facts, found also by their printed number when they have a `number_prefix`."""

    number_prefix = ""
    list_per_page = 50
    show_full_result_count = False

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        try:
            return queryset.filter(pk=primary_key(self.number_prefix, search_term.strip().upper())), False
        except ValueError:
            return super().get_search_results(request, queryset, search_term)


class FactInline(CostsHidden, ReadOnly, admin.TabularInline):
    """The facts that belong to another one."""

    extra = 0
    can_delete = False


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(PlainlyAsked, GroupAdmin):
    """The roles, which `migrate` keeps; a superuser may add others."""


@admin.register(Shop)
class ShopAdmin(KeptByDomain, admin.ModelAdmin):
    """There is one shop: its list is its page."""

    domain = shopkeeping
    formfield_overrides = {PositiveSmallIntegerField: {"form_class": WholeNumberField}}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        if Shop.objects.exists():
            return redirect("admin:smartduka_shop_change", Shop.current().pk)
        return redirect("admin:smartduka_shop_add")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Shop.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Shop | None = None) -> bool:
        return False


admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(KeptByDomain, ProtectedByHistory, UserAdmin):
    """Who works here. An owner hands out the three roles; only a superuser hands out more, or is one."""

    domain = people
    readonly_fields = ["last_login", "date_joined"]
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "groups"]
    owners_fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Personal info", {"fields": ["first_name", "last_name", "email"]}),
        ("What this person may do", {"fields": ["is_active", "groups", "is_staff"]}),
    ]

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if "groups" in form.cleaned_data:
            people.choose(obj, form.cleaned_data["groups"])
        # An owner's right to the back office follows from the role, also where nobody typed it.
        people.save(obj, by=request.user, fields={*form.changed_data, "groups", "is_staff"})

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """One page sets passwords, and it writes the diary."""
        person = self.get_object(request, unquote(id))
        if person is None:
            raise Http404
        return redirect("person-password", person.pk)

    @admin.display(description="roles")
    def roles(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None or request.user.is_superuser:
            return super().get_fieldsets(request, obj)
        return self.owners_fieldsets

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> type[ModelForm]:
        if obj is None or request.user.is_superuser or not self.has_change_permission(request, obj):
            return super().get_form(request, obj, **kwargs)
        form = super().get_form(request, obj, form=PersonForm, **kwargs)
        form.asked_by = request.user
        return form

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> FormField | None:
        if db_field.name in ("first_name", "last_name"):
            kwargs["form_class"] = LineField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs |= {"queryset": Group.objects.filter(name__in=ROLES), "widget": CheckboxSelectMultiple()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    def _may_touch(self, request: HttpRequest, obj: User | None) -> bool:
        return obj is None or request.user.is_superuser or not obj.is_superuser

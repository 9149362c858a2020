"""Django's admin for master data: themed, scoped, and read-only where the house is append-only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ikm_program import audit, conflicts
from ikm_program.models import AuditEvent, Record
from ikm_program.scoping import ScopedQuerySet

SEEN = "seen_version"


class VersionedForm(forms.ModelForm[Any]):
    """Carries the version that was seen when it was opened, so that nobody saves over somebody else's change."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[SEEN].initial = getattr(self.instance, "version", None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and isinstance(self.instance, Record):
            rows = type(self.instance)._base_manager.select_for_update()  # the admin saves in this same transaction
            if not list(rows.filter(pk=self.instance.pk, version=self.cleaned_data.get(SEEN) or 0).values_list("pk")):
                self._be_told()
        return cleaned

    def _be_told(self) -> None:
        """What is stored now, beside what was typed: whoever saves once more has seen it."""
        stored = type(self.instance)._base_manager.get(pk=self.instance.pk)
        fresh = type(self)(instance=stored)
        for name, value in list(conflicts.stored_beside(self, fresh, fresh.initial)):
            self.add_error(name, _("Stored now: %(value)s") % {"value": value})
        self.add_error(None, _("Somebody else changed this record meanwhile. Nothing was saved; saving again replaces what is stored."))
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix(SEEN)] = str(stored.version)


class ScopedChoicesFilter(admin.RelatedFieldListFilter):
    """The values of a foreign key that the person may see: a filter names no other province's rows."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Any:
        rows = field.remote_field.model._default_manager.for_user(request.user)
        return [(str(row.pk), str(row)) for row in rows]


class ScopedAdmin(admin.ModelAdmin[Any]):
    """Rows, choices and changes pass the same scope as every page, and every save is audited.

    Only for what no screen changes: a save here asks no action, and so none of its rules.
    """

    list_per_page = 50
    show_full_result_count = False
    view_on_site = False  # its address would answer for rows out of reach as well
    form: type[forms.ModelForm[Any]] = VersionedForm
    fixed: ClassVar[Sequence[str]] = ()  # set once: ledgers and papers stand on it

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(self.fixed if obj else ())]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [name for name in super().get_fields(request, obj) if name != SEEN]
        return [*fields, SEEN] if obj and issubclass(self.form, VersionedForm) else fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        assert isinstance(queryset, ScopedQuerySet)
        return queryset.for_user(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self._owns(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Records are closed or end their validity; nothing is deleted here."""
        return False

    def formfield_for_foreignkey(self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        queryset = db_field.remote_field.model._default_manager.all()
        if isinstance(queryset, ScopedQuerySet):
            own = db_field.name in ("region", "office", "programme")
            kwargs["queryset"] = queryset.owned_by(request.user) if own else queryset.for_user(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:  # noqa: FBT001  (Django's signature)
        if not change and hasattr(obj, "created_by_id"):
            obj.created_by = request.user
        names = [name for name in form.changed_data if name != SEEN and hasattr(obj, name)]
        before = {name: form.initial.get(name) for name in names} if change else {}
        if change and hasattr(obj, "version"):
            obj.version += 1  # a form that somebody opened elsewhere is stale now
        super().save_model(request, obj, form, change)
        after = {name: getattr(obj, name) for name in names}
        audit.record("admin_changed" if change else "admin_added", obj, by=request.user, before=before, after=after)

    def _owns(self, request: HttpRequest, obj: Any) -> bool:
        return type(obj)._default_manager.all().owned_by(request.user).filter(pk=obj.pk).exists()


class ReadOnlyAdmin(ScopedAdmin):
    """Ledgers, issued documents and the audit trail, and whatever is changed on a screen of its own: looked at, never changed."""

    view_permission = ""  # of the record it belongs to, where the model has none of its own in the roles

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(self.view_permission) if self.view_permission else super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("sequence", "at", "by", "verb", "label")
    list_filter = ("verb",)
    search_fields = ("label", "object_id")
    list_select_related = ("by",)

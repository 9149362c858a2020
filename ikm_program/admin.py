"""Django's admin for master data: themed, scoped, and read-only where the house is append-only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from ikm_program import audit
from ikm_program.models import AuditEvent
from ikm_program.scoping import ScopedQuerySet


class ScopedAdmin(admin.ModelAdmin[Any]):
    """Rows, choices and changes pass the same scope as every page, and every save is audited."""

    list_per_page = 50
    show_full_result_count = False

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

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001  (Django's signature)
        if not change and hasattr(obj, "created_by_id"):
            obj.created_by = request.user
        names = [name for name in form.changed_data if hasattr(obj, name)]
        before = {name: form.initial.get(name) for name in names} if change else {}
        if change and hasattr(obj, "version"):
            obj.version += 1  # a form that somebody opened elsewhere is stale now
        super().save_model(request, obj, form, change)
        after = {name: getattr(obj, name) for name in names}
        audit.record("admin_changed" if change else "admin_added", obj, by=request.user, before=before, after=after)

    def _owns(self, request: HttpRequest, obj: Any) -> bool:
        return type(obj)._default_manager.all().owned_by(request.user).filter(pk=obj.pk).exists()


class ReadOnlyAdmin(ScopedAdmin):
    """Ledgers, issued documents and the audit trail: looked at, never changed."""

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

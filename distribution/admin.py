"""Recipients are master data; what was issued is looked at, never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from distribution.models import IssuedDocument, IssuedFile, Recipient
from ikm_program.admin import ReadOnlyAdmin, ScopedAdmin


@admin.register(Recipient)
class RecipientAdmin(ScopedAdmin):
    fixed = ("region",)
    list_display = ("name", "kind", "region", "valid_from", "valid_until")
    list_filter = ("kind", "is_example")
    list_select_related = ("region",)
    search_fields = ("name", "legal_basis", "region__name")


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind", "document_on", "office", "issued_by")
    list_filter = ("kind", "year")
    list_select_related = ("office__region", "issued_by")
    search_fields = ("number",)
    date_hierarchy = "document_on"


@admin.register(IssuedFile)
class IssuedFileAdmin(ReadOnlyAdmin):
    """The paper's bytes stay out of the page; they are downloaded where the document is shown."""

    view_permission = "distribution.view_issueddocument"

    list_display = ("document", "sha256", "rendered_at")
    list_select_related = ("document",)
    search_fields = ("document__number", "sha256")
    fields = ("document", "sha256", "rendered_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")

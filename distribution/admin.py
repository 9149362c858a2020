"""Recipients are looked up here; they are written on their screen."""

from __future__ import annotations

from django.contrib import admin

from distribution.models import Recipient
from ikm_program.admin import ReadOnlyAdmin


@admin.register(Recipient)
class RecipientAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "region", "valid_from", "valid_until")
    list_filter = ("kind", "is_example")
    list_select_related = ("region",)
    search_fields = ("name", "legal_basis", "region__name")

"""Stores and stamp duty are kept here, having no screen; products have one; the ledgers and what follows from them are never changed."""

from __future__ import annotations

from django.contrib import admin

from ikm_program.admin import ReadOnlyAdmin, ScopedAdmin, ScopedChoicesFilter
from production.models import Lot, Product, ReportMovement, StampDuty, StockBalance, StockMovement, Store


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    list_display = ("name", "code", "unit", "region", "is_active")
    list_filter = ("is_active", "is_free")
    list_select_related = ("region",)
    search_fields = ("name", "short_name", "code")


@admin.register(Store)
class StoreAdmin(ScopedAdmin):
    fixed = ("region",)
    list_display = ("name", "region", "office", "is_default")
    list_filter = ("is_default",)
    list_select_related = ("region", "office__region")
    search_fields = ("name", "region__name")


@admin.register(StampDuty)
class StampDutyAdmin(ScopedAdmin):
    fixed = ("region",)
    list_display = ("valid_from", "valid_until", "above", "duty", "basis")
    list_select_related = ("region",)


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    list_display = ("id", "effective_on", "kind", "store", "lot", "account", "quantity", "recorded_at")
    list_filter = ("kind", "account")
    list_select_related = ("store", "lot__product", "lot__line__participant")
    search_fields = ("description", "store__name")
    date_hierarchy = "effective_on"


@admin.register(ReportMovement)
class ReportMovementAdmin(ReadOnlyAdmin):
    view_permission = "production.view_stockmovement"
    list_display = ("id", "effective_on", "product", "region", "reported", "pending", "verified", "rejected", "recorded_at")
    list_filter = (("product", ScopedChoicesFilter),)
    list_select_related = ("product", "region")
    date_hierarchy = "effective_on"


@admin.register(StockBalance)
class StockBalanceAdmin(ReadOnlyAdmin):
    list_display = ("id", "store", "lot", "account", "quantity")
    list_filter = ("account",)
    list_select_related = ("store", "lot__product", "lot__line__participant")


@admin.register(Lot)
class LotAdmin(ReadOnlyAdmin):
    list_display = ("id", "product", "region", "made_on")
    list_filter = (("product", ScopedChoicesFilter),)
    list_select_related = ("product", "region")

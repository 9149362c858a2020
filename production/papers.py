"""This app's kinds of papers, as the register, the worker and the public check know them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ikm_program.papers import VOID, Paper, Standing, State
from ikm_program.templatetags.office import tone_of
from production import documents, stocktake_documents
from production.models import Inspection, Purchase, Stocktake


def of_inspection(document: Any) -> Standing:
    return _standing(document.inspection)


def of_purchase(document: Any) -> Standing:
    return _standing(document.purchase)


def of_stocktake(document: Any) -> Standing:
    return _standing(document.stocktake)


def _standing(record: Any) -> Standing:
    is_void = record.status == type(record).Status.CANCELLED
    return Standing(word=record.get_status_display(), tone=tone_of(record), is_void=is_void, void_on=record.cancelled_on)


INSPECTION = Paper(
    kind="ba-periksa",
    letters="BA-PERIKSA",
    title=_("Inspection record"),
    subject="inspection",
    render=documents.inspection_pdf,
    entry=documents.inspection_entry,
    public=documents.inspection_facts,
    standing=of_inspection,
    states=(State(VOID, _("Cancelled"), Q(inspection__status=Inspection.Status.CANCELLED)),),
    search_fields=("inspection__product__name", "inspection__store__name"),
    related=("inspection__product",),
)
RECEIPT = Paper(
    kind="kwitansi",
    letters="KWT",
    title=_("Receipt of a purchase"),
    subject="purchase",
    render=documents.receipt_pdf,
    entry=documents.receipt_entry,
    public=documents.receipt_facts,
    standing=of_purchase,
    states=(State(VOID, _("Cancelled"), Q(purchase__status=Purchase.Status.CANCELLED)),),
    search_fields=("purchase__seller__name",),
    related=("purchase__product", "purchase__seller"),
)
STOCKTAKE = Paper(
    kind="ba-opname",
    letters="BA-OPNAME",
    title=_("Stocktake record"),
    subject="stocktake",
    render=stocktake_documents.pdf_bytes,
    entry=stocktake_documents.entry,
    public=stocktake_documents.public_facts,
    standing=of_stocktake,
    states=(State(VOID, _("Cancelled"), Q(stocktake__status=Stocktake.Status.CANCELLED)),),
    search_fields=("stocktake__store__name",),
    related=("stocktake__store",),
)
KINDS = (INSPECTION, RECEIPT, STOCKTAKE)

"""The records behind one figure of the reconciliation: the same ledgers, summed by record instead of by district.

A report that was corrected, a paper that was cancelled, a piece that came back: each stands here with what it still contributes on
the day asked for, so that the lines always add up to the figure they explain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db.models import Min, Model, QuerySet, Sum
from django.utils.translation import gettext as _

from distribution.reports.reconciliation import LABELS, as_of, of_origin, seen
from ikm_program.figure_records import Contribution, records_report
from ikm_program.reporting import Report
from production.models import IN_STORE, Account, Lot, OutputEntry, Product, ReportMovement, StockMovement
from trainings.models import Programme, Region

REPORTS = ("reported", "pending", "rejected", "verified")
HANDED_OVER = (Account.AWAITING, Account.ACKNOWLEDGED)
PLACES: dict[str, tuple[Account, ...]] = {
    "in_evaluation": (Account.EVALUATION,),
    "in_transit": (Account.TRANSIT,),
    "handed_over": HANDED_OVER,
    "acknowledged": (Account.ACKNOWLEDGED,),
    "awaiting": (Account.AWAITING,),
    "written_off": (Account.WRITTEN_OFF,),
}
EXPLAINED = (*REPORTS, "stock", *PLACES, "returned")
# figure -> how the address calls it
WORDS = {
    "reported": "dilaporkan",
    "pending": "menunggu",
    "rejected": "tidak-layak",
    "verified": "diverifikasi",
    "stock": "persediaan",
    "in_evaluation": "evaluasi",
    "in_transit": "perjalanan",
    "handed_over": "diserahkan",
    "acknowledged": "diterima",
    "awaiting": "belum-dikonfirmasi",
    "written_off": "dihapuskan",
    "returned": "kembali",
}


@dataclass(frozen=True)
class Question:
    """Which figure of which cell. Without a region all that the person sees; with both days as the sheet itself was asked."""

    figure: str
    programme: Programme
    product: Product
    region: Region | None
    as_of: dt.date
    known_on: dt.date | None = None


@dataclass(frozen=True)
class Part:
    """What one record contributes. `record` is None where this person may not open it."""

    record: Model | None
    on: dt.date | None
    detail: str
    quantity: int

    @property
    def url(self) -> str:
        return str(self.record.get_absolute_url()) if self.record is not None else ""  # type: ignore[attr-defined]


def parts_of(question: Question, user: Any) -> list[Part]:
    """The records, by date; their quantities add up to the figure."""
    find: Callable[[Question, Any], list[Part]] = _documents
    if question.figure in REPORTS:
        find = _reports
    elif question.figure == "stock":
        find = _lots
    return sorted(find(question, user), key=lambda part: (part.on is None, part.on or dt.date.min, str(part.record)))


def changed_parts(after: Question, before: Question, user: Any) -> list[Part]:
    """What each record contributes to the one figure and not to the other: their difference."""
    found: dict[tuple[Any, ...], Part] = {}
    earlier = [replace(part, quantity=-part.quantity) for part in parts_of(before, user)]
    for part in [*parts_of(after, user), *earlier]:
        key = (part.record, part.detail) if part.record is not None else (None, part.on, part.detail)
        same = found.get(key)
        found[key] = replace(same, quantity=same.quantity + part.quantity) if same else part
    return [part for part in found.values() if part.quantity]


def as_report(question: Question, parts: list[Part]) -> Report:
    where = question.region.name if question.region else _("All districts")
    lines = [
        Contribution(record=str(part.record) if part.record else None, quantity=part.quantity, detail=part.detail, on=part.on, url=part.url)
        for part in parts
    ]
    subtitle = f"{question.product.name} · {where} · {question.programme}"
    return records_report(LABELS[question.figure], lines, subtitle=subtitle, as_of=question.as_of, unit=question.product.unit)


def _reports(question: Question, user: Any) -> list[Part]:
    found = _narrowed(seen(ReportMovement.objects.all(), user), question)
    sums = dict(found.order_by().values_list("entry").annotate(part=Sum(question.figure)).exclude(part=0))
    entries: Any = OutputEntry.objects.filter(pk__in=sums)
    return [
        Part(entry, entry.made_on, str(_("correction") if entry.is_correction else entry.batch.activity.name), sums[entry.pk])
        for entry in seen(entries, user).with_names()
    ]


def _lots(question: Question, user: Any) -> list[Part]:
    """What lies in stock, lot by lot; each opens the report it was made from."""
    moved = _narrowed(of_origin(StockMovement.objects.all(), user), question, "lot__").filter(account__in=IN_STORE)
    rows = list(moved.order_by().values("lot", "store__name").annotate(part=Sum("quantity")).exclude(part=0))
    names = ("product", "region", "line__entry__product", "line__entry__region", "line__participant")
    lots = Lot.objects.select_related(*names).in_bulk({row["lot"] for row in rows})
    return [
        Part(
            lots[row["lot"]].line.entry, lots[row["lot"]].made_on, f"{lots[row['lot']].line.maker_name} · {row['store__name']}", row["part"]
        )
        for row in rows
    ]


def _documents(question: Question, user: Any) -> list[Part]:
    """What stands in the accounts of a figure, by the document that put it there."""
    moved = _narrowed(of_origin(StockMovement.objects.all(), user), question, "lot__")
    if question.figure == "returned":
        moved = moved.filter(kind=StockMovement.Kind.RETURN, account=Account.STOCK)
    else:
        moved = moved.filter(account__in=PLACES[question.figure])
    rows = list(moved.order_by().values("source_model", "source_id").annotate(part=Sum("quantity"), on=Min("effective_on")).exclude(part=0))
    records = _records({(row["source_model"], row["source_id"]) for row in rows}, user)
    found = [(records.get((row["source_model"], row["source_id"])), row) for row in rows]
    return [Part(record, row["on"], _whereto(record), row["part"]) for record, row in found]


def _whereto(record: Any) -> str:
    """Who received it, or which store."""
    return str(getattr(record, "recipient", None) or getattr(record, "to_store", None) or "")


def _records(sources: set[tuple[str, int]], user: Any) -> dict[tuple[str, int], Model]:
    found: dict[tuple[str, int], Model] = {}
    for label in sorted({model for model, _pk in sources}):
        rows: Any = apps.get_model(label)._default_manager.for_user(user).with_names()
        found |= {(label, row.pk): row for row in rows.filter(pk__in=[pk for model, pk in sources if model == label])}
    return found


def _narrowed(movements: QuerySet[Any], question: Question, prefix: str = "") -> QuerySet[Any]:
    of_cell: dict[str, Any] = {f"{prefix}programme": question.programme, f"{prefix}product": question.product}
    if question.region is not None:
        of_cell[f"{prefix}region"] = question.region
    return as_of(movements.filter(**of_cell), question.as_of, question.known_on)

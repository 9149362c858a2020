"""Of what was bought: what was on payment lists, what was paid, what was open on a day; by programme and region."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program.reporting import Column, Report
from production.models import Purchase
from trainings.models import PaymentLine, PaymentList, Programme
from trainings.reports.paid import begun_by, cancelled_by, paid_lists

COLUMNS = (
    Column(key="programme", label=gettext_lazy("Programme"), width=4),
    Column(key="district", label=gettext_lazy("Region"), width=3),
    Column(key="bought", label=gettext_lazy("Purchases approved"), kind="integer", width=2),
    Column(key="listed", label=gettext_lazy("Of them on a list"), kind="integer", width=2),
    Column(key="paid", label=gettext_lazy("Of them paid"), kind="integer", width=2),
    Column(key="open", label=gettext_lazy("Of them open"), kind="integer", width=2),
    Column(key="money_listed", label=gettext_lazy("On lists"), kind="integer", unit="Rp", width=3),
    Column(key="money_paid", label=gettext_lazy("Paid"), kind="integer", unit="Rp", width=3),
    Column(key="money_open", label=gettext_lazy("Not on a list yet"), kind="integer", unit="Rp", width=3),
)
SUMMED = ("bought", "listed", "paid", "open", "money_listed", "money_paid", "money_open")


def purchases_to_pay(user: Any, *, as_of: dt.date, programme: Programme | None = None) -> Report:
    """A purchase stood in one of three columns: open, on a list, paid."""
    found = _bought_by(as_of, user)
    found = found.filter(programme=programme) if programme else found
    names = {"name": F("programme__name"), "district": F("store__region__name")}
    rows = [
        {**row, "programme": row["name"], **{key: row[key] or 0 for key in SUMMED}}
        for row in found.order_by("-programme__year", "programme_id", "store__region__kemendagri_code")
        .values("programme_id", "store__region_id", **names)
        .annotate(**_figures())
    ]
    total: dict[str, Any] = {key: sum(row[key] for row in rows) for key in SUMMED}
    return Report(
        title=gettext_lazy("Purchases to be paid"),
        subtitle=str(programme) if programme else "",
        columns=COLUMNS,
        rows=rows,
        totals=[{"programme": str(_("Total")), **total}] if len(rows) > 1 else [],
        as_of=as_of,
        notes=[_("A purchase on a list that was cancelled is open again.")],
    )


def _bought_by(day: dt.date, user: Any) -> Any:
    """Approved by then and not cancelled by then, each with whether a list paid it or was about to."""
    lists = PaymentList.objects.filter(begun_by(day) | Q(created_at__date__lte=day)).exclude(cancelled_by(day))
    lines = PaymentLine.objects.filter(pays_for=OuterRef("pk"))
    found: Any = Purchase.objects.owned_by(user).filter(document__document_on__lte=day)
    return found.exclude(status=Purchase.Status.CANCELLED, cancelled_on__lte=day).annotate(
        has_line=Exists(lines.filter(list__in=lists)), is_paid=Exists(lines.filter(list__in=paid_lists(day)))
    )


def _figures() -> dict[str, Any]:
    paid, listed, is_open = Q(is_paid=True), Q(is_paid=False, has_line=True), Q(is_paid=False, has_line=False)
    return {
        "bought": Count("pk"),
        "listed": Count("pk", filter=listed),
        "paid": Count("pk", filter=paid),
        "open": Count("pk", filter=is_open),
        "money_listed": Sum("amount", filter=listed),
        "money_paid": Sum("amount", filter=paid),
        "money_open": Sum("amount", filter=is_open),
    }

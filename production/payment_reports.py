"""Of what was bought: what is on payment lists, what is paid, what is open; by programme and region."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program.reporting import Column, Report
from production.models import Purchase
from trainings.models import PaymentList, Programme

COLUMNS = (
    Column(key="programme", label=gettext_lazy("Programme"), width=4),
    Column(key="district", label=gettext_lazy("Region"), width=3),
    Column(key="bought", label=gettext_lazy("Purchases approved"), kind="integer", width=2),
    Column(key="listed", label=gettext_lazy("of them on a list"), kind="integer", width=2),
    Column(key="paid", label=gettext_lazy("of them paid"), kind="integer", width=2),
    Column(key="open", label=gettext_lazy("of them open"), kind="integer", width=2),
    Column(key="money_listed", label=gettext_lazy("On lists"), kind="integer", unit="Rp", width=3),
    Column(key="money_paid", label=gettext_lazy("Paid"), kind="integer", unit="Rp", width=3),
    Column(key="money_open", label=gettext_lazy("Not on a list yet"), kind="integer", unit="Rp", width=3),
)
SUMMED = ("bought", "listed", "paid", "open", "money_listed", "money_paid", "money_open")
STATUS = "payment_line__list__status"
OPEN = Q(payment_line__isnull=True) | Q(**{STATUS: PaymentList.Status.CANCELLED})
PAID = Q(**{f"{STATUS}__in": PaymentList.PAID})


def purchases_to_pay(user: Any, *, as_of: dt.date, programme: Programme | None = None) -> Report:
    """A purchase stands in one of three columns: open, on a list, paid."""
    found: Any = Purchase.objects.owned_by(user).approved()
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


def _figures() -> dict[str, Any]:
    listed = ~OPEN & ~PAID
    return {
        "bought": Count("pk"),
        "listed": Count("pk", filter=listed),
        "paid": Count("pk", filter=PAID),
        "open": Count("pk", filter=OPEN),
        "money_listed": Sum("amount", filter=listed),
        "money_paid": Sum("amount", filter=PAID),
        "money_open": Sum("amount", filter=OPEN),
    }

"""Who made what, for the pages of people and businesses (see `ikm_program.passports`)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah
from ikm_program.passports import Section
from ikm_program.screens import Column
from production.models import OutputLine, Purchase

SHOWN = 12
PERMISSION = "production.view_outputentry"
COLUMNS = (
    Column(_("Report"), "entry", link="entry"),
    Column(_("Production date"), "entry.made_on", kind="date"),
    Column(_("Maker"), "participant", link="participant"),
    Column(_("Good"), "good", kind="number", unit="entry.product.unit"),
    Column(_("Status"), "entry.status", kind="status"),
)

PURCHASE_PERMISSION = "production.view_purchase"
PURCHASES = (
    Column(_("Purchase"), "self", link="self"),
    Column(_("Date"), "purchased_on", kind="date"),
    Column(_("Quantity"), "quantity", kind="number", unit="product.unit"),
    Column(_("Amount"), "amount", kind="money"),
    Column(_("Status"), "status", kind="status"),
)


def output_of_enterprise(enterprise: Any, user: Any) -> Section:
    return _section(OutputLine.objects.filter(participant__enterprise=enterprise), COLUMNS, user)


def output_of_participant(participant: Any, user: Any) -> Section:
    columns = tuple(column for column in COLUMNS if column.path != "participant")
    return _section(OutputLine.objects.filter(participant=participant), columns, user)


def _section(lines: QuerySet[OutputLine], columns: tuple[Column, ...], user: Any) -> Section:
    lines = lines.filter(pk__in=OutputLine.objects.for_user(user).values("pk"))
    rows = lines.select_related("entry__product", "entry__region", "participant").order_by("-entry__made_on", "-pk")[:SHOWN]
    return Section(_("Output made"), columns, rows, empty=_("No output is recorded for it yet."), lead=_verified(lines))


def _verified(lines: QuerySet[OutputLine]) -> str:
    """What the province has accepted, product by product; rejected and waiting pieces are not in it."""
    names = ("entry__product__short_name", "entry__product__unit")
    sums = lines.filter(verified_quantity__isnull=False).values_list(*names).annotate(total=Sum("verified_quantity")).order_by(*names)
    goods = ", ".join(f"{name} {jumlah(total)} {unit}" for name, unit, total in sums)
    return gettext("Verified: %(goods)s.") % {"goods": goods} if goods else ""


def purchases_of_enterprise(enterprise: Any, user: Any) -> Section:
    return _purchases(Purchase.objects.filter(seller__enterprise=enterprise), user)


def purchases_of_participant(participant: Any, user: Any) -> Section:
    return _purchases(Purchase.objects.filter(seller=participant), user)


def _purchases(purchases: QuerySet[Purchase], user: Any) -> Section:
    """What the programmes bought from them, newest first."""
    rows = purchases.filter(pk__in=Purchase.objects.for_user(user).values("pk")).select_related("product", "seller", "document")
    shown = rows.defer("document__arms", "document__snapshot").order_by("-purchased_on", "-pk")[:SHOWN]
    return Section(_("Bought back"), PURCHASES, shown, empty=_("Nothing was bought back."))

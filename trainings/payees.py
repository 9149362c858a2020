"""Payments on the pages of people, businesses, batches and activities (see `ikm_program.passports`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import rupiah
from ikm_program.passports import Section
from ikm_program.screens import Column, Link, NextStep
from trainings.models import Activity, AllowanceScheme, Batch, Enterprise, Participant, PaymentLine, PaymentList

SHOWN = 12
PAYMENTS, RULES = "trainings.view_paymentlist", "trainings.view_allowancescheme"
LINE_COLUMNS = (
    Column(_("List"), "list.get_kind_display", link="list"),
    Column(_("Name"), "payee", link="participant"),
    Column(_("Days present"), "day_count", kind="number", unknown=_("once")),
    Column(_("To be received"), "net", kind="money"),
    Column(_("Status"), "list.status", kind="status"),
    Column(_("Received on"), "proof.received_on", kind="date", unknown=_("not yet")),
)
LIST_COLUMNS = (
    Column(_("Kind"), "get_kind_display", link="self"),
    Column(_("Nature"), "get_nature_display"),
    Column(_("To be received"), "net", kind="money"),
    Column(_("Status"), "status", kind="status"),
    Column(_("Paid on"), "paid_on", kind="date", unknown=_("not yet")),
)
RULE_COLUMNS = (
    Column(_("Kind"), "get_kind_display", template="trainings/_scheme_kind.html"),
    Column(_("Modes"), "modes"),
    Column(_("Rate"), "rate", kind="money"),
    Column(_("Income tax (PPh 21)"), "tax_words"),
    Column(_("Account code"), "account_code"),
    Column(_("Valid from"), "valid_from", kind="date", unknown=_("not limited")),
    Column(_("Valid until"), "valid_until", kind="date", unknown=_("not limited")),
    Column(_("Stipulations"), "stipulations", unknown=_("none")),
)

EDIT = NextStep(_("Edit"), "trainings:scheme_update", "trainings.change_allowancescheme")


def payments_of_participant(participant: Participant, user: Any) -> Section:
    columns = tuple(column for column in LINE_COLUMNS if column.path != "payee")
    return _section(PaymentLine.objects.filter(participant=participant), columns, user)


def payments_of_enterprise(enterprise: Enterprise, user: Any) -> Section:
    """What the business was paid, and what its people were."""
    return _section(PaymentLine.objects.filter(Q(enterprise=enterprise) | Q(participant__enterprise=enterprise)), LINE_COLUMNS, user)


def payments_of_batch(batch: Batch, user: Any) -> Section:
    lists = PaymentList.objects.for_user(user).filter(batch=batch).defer("snapshot").order_by("pk")
    paid = lists.paid().aggregate(sum=Sum("net"))["sum"]
    lead = gettext("Paid so far: %(sum)s.") % {"sum": rupiah(paid)} if paid else ""
    way = Link(_("Make a payment list"), "trainings:payment_make", "trainings.add_paymentlist", {"pk": batch.pk, "kind": "uang_harian"})
    return Section(_("Payments"), LIST_COLUMNS, lists, empty=_("No payment list yet."), lead=lead, link=way)


def rules_of_activity(activity: Activity, user: Any) -> Section:
    rows = list(AllowanceScheme.objects.for_user(user).filter(activity=activity))
    for row in rows:
        row.way = EDIT.link_for(row, user)  # type: ignore[attr-defined]  # the row carries its own step
    way = Link(_("Add a payment rule"), "trainings:scheme_create", "trainings.add_allowancescheme", {"pk": activity.pk})
    return Section(_("What participants are paid"), RULE_COLUMNS, rows, empty=_("Nothing is paid in this activity yet."), link=way)


def _section(lines: QuerySet[PaymentLine], columns: tuple[Column, ...], user: Any) -> Section:
    lines = lines.filter(pk__in=PaymentLine.objects.for_user(user).values("pk"), list__status__in=PaymentList.LIVE)
    rows = lines.select_related("list", "participant", "receipt").defer("list__snapshot").order_by("-list_id", "number")[:SHOWN]
    paid = lines.filter(list__status__in=PaymentList.PAID).aggregate(sum=Sum("net"))["sum"]
    lead = gettext("Paid so far: %(sum)s.") % {"sum": rupiah(paid)} if paid else ""
    return Section(_("Payments"), columns, rows, empty=_("No payment yet."), lead=lead)

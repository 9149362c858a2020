from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.reporting import Column, Report, Row
from ikm_program.screens import Link, permitted
from ikm_program.views import ReportScreen
from trainings.forms.payments import PaymentParameters
from trainings.reports.payments import realisation, to_pay

OF_LISTS = {"money_listed", "money_paid", "listed", "paid"}  # figures that open the batch's lists


class _PaymentReport(ReportScreen):
    permission = "trainings.view_paymentlist"
    form_class = PaymentParameters
    paper = "F4"
    as_of_field = "per"


class ToPay(_PaymentReport):
    """Where the work of paying begins: an open figure leads to the draft that pays it."""

    title = _("What is to be paid")
    lead = _("Per batch: what attendance has earned, what is on a list, what is paid, what is open.")
    place = "trainings:to_pay"
    file_name = "yang-harus-dibayar"

    def get_report(self, **parameters: Any) -> Report:
        day = parameters.get("per") or timezone.localdate()
        return self.on_page(to_pay(self.request.user, as_of=day, programme=parameters.get("program")), self.link_of, subtitle="")

    def link_of(self, row: Row, column: Column) -> str:
        if "pk" not in row:
            return ""
        if column.key in OF_LISTS and row[column.key]:
            return f"{reverse('trainings:payment_list')}?{urlencode({'batch': row['pk']})}"
        if column.key == "activity":
            return reverse("trainings:batch_detail", kwargs={"pk": row["pk"]})
        kind = {"open": row["kind"], "money_open": row["kind"] if row["open"] else "kuota", "open_quotas": "kuota"}.get(column.key)
        if not kind or not row[column.key]:
            return ""
        way = Link("", "trainings:payment_make", "trainings.add_paymentlist", {"pk": row["pk"], "kind": kind})
        return next((link.href() for link in permitted([way], self.request.user)), "")


class Realisation(_PaymentReport):
    """What was paid by activity and region; every amount opens its lists."""

    title = _("Payments made")
    lead = _("Per activity and kabupaten/kota, from lists that are locked and beyond.")
    place = "trainings:payment_report"
    file_name = "realisasi-pembayaran"

    def get_report(self, **parameters: Any) -> Report:
        day = parameters.get("per") or timezone.localdate()
        return self.on_page(realisation(self.request.user, as_of=day, programme=parameters.get("program")), _to_lists, subtitle="")


def _to_lists(row: Row, column: Column) -> str:
    if not column.unit or "region" not in row or not row[column.key]:
        return ""
    query = {"region": str(row["region"])}
    if row["activity_pk"]:
        query["activity"] = str(row["activity_pk"])
    if column.key in ("uang_harian", "konsumsi", "kuota", "pembelian"):
        query["kind"] = column.key
    return f"{reverse('trainings:payment_list')}?{urlencode(query)}"

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.figure_records import NOTHING_ASKED
from ikm_program.reporting import Column, Report, Row
from ikm_program.screens import Link, permitted
from ikm_program.views import RecordsScreen, ReportScreen
from trainings.forms.payments import PaymentParameters, RealisedRecordsForm, ToPayRecordsForm
from trainings.models import Batch, PaymentList
from trainings.reports.payment_records import TO_PAY, realised_records, to_pay_records
from trainings.reports.payments import ADDED, open_kinds, realisation, to_pay

OPEN = ("open", "money_open", "open_quotas")


class _PaymentReport(ReportScreen):
    permission = "trainings.view_paymentlist"
    form_class = PaymentParameters
    paper = "F4"
    as_of_field = "per"
    day: dt.date
    asked_for: dict[str, Any]


class ToPay(_PaymentReport):
    """Where the work of paying begins: an open figure leads to its days, and from there to the draft that pays them."""

    title = _("What is to be paid")
    lead = _("Per batch: what attendance has earned, what is on a list, what is paid, what is open.")
    place = "trainings:to_pay"
    file_name = "yang-harus-dibayar"

    def get_report(self, **parameters: Any) -> Report:
        self.day, programme = parameters.get("per") or timezone.localdate(), parameters.get("program")
        self.asked_for = {"program": programme.pk} if programme else {}
        report = to_pay(self.request.user, as_of=self.day, programme=programme)
        return self.opening(report, self.link_of, subtitle="")

    def link_of(self, row: Row, column: Column) -> str:
        if column.key == "activity" and "pk" in row:
            return reverse("trainings:batch_detail", kwargs={"pk": row["pk"]})
        if column.key not in TO_PAY or not row[column.key]:
            return ""
        where = {"batch": row["pk"]} if "pk" in row else self.asked_for
        return _records("trainings:to_pay_records", column, self.day, where)


class Realisation(_PaymentReport):
    """What was paid by activity and region; every amount opens its lists."""

    title = _("Payments made")
    lead = _("Per activity and kabupaten/kota, from lists that are locked and beyond.")
    place = "trainings:payment_report"
    file_name = "realisasi-pembayaran"

    def get_report(self, **parameters: Any) -> Report:
        self.day, programme = parameters.get("per") or timezone.localdate(), parameters.get("program")
        self.asked_for = {"program": programme.pk} if programme else {}
        report = realisation(self.request.user, as_of=self.day, programme=programme)
        return self.opening(report, self.link_of, subtitle="")

    def link_of(self, row: Row, column: Column) -> str:
        if column.key not in (*ADDED, "people") or not row.get(column.key):
            return ""
        if "region" not in row:
            return _records("trainings:payment_records", column, self.day, self.asked_for)
        activity = {"kegiatan": row["activity_pk"]} if row["activity_pk"] else {"tanpa_kegiatan": 1}
        return _records("trainings:payment_records", column, self.day, {"program": row["programme"], "wilayah": row["region"], **activity})


def _records(url_name: str, column: Column, day: dt.date, where: dict[str, Any]) -> str:
    return f"{reverse(url_name)}?{urlencode({'angka': column.key, **where, 'per': day.isoformat()})}"


class ToPayRecords(RecordsScreen):
    """The people, days and lists behind a figure of what is to be paid; from the open ones the draft is made."""

    permission = "trainings.view_paymentlist"
    form_class = ToPayRecordsForm
    place = "trainings:to_pay"

    def get_report(self, **asked: Any) -> Report:
        if not asked["angka"]:
            return NOTHING_ASKED
        day = asked["per"] or timezone.localdate()
        return to_pay_records(self.request.user, asked["angka"], as_of=day, programme=asked["program"], batch=asked["batch"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        asked = self.asked.cleaned_data if self.asked.is_valid() else {}
        batch: Batch | None = asked.get("batch")
        if batch and asked["angka"] in OPEN:
            ways = [self._way(batch, kind) for kind in open_kinds(batch, asked["per"] or timezone.localdate())]
            context["links"] = [*context["links"], *permitted(ways, self.request.user)]
        return context

    @staticmethod
    def _way(batch: Batch, kind: str) -> Link:
        label = gettext("Make a payment list: %(kind)s") % {"kind": PaymentList.Kind(kind).label}
        return Link(label, "trainings:payment_make", "trainings.add_paymentlist", {"pk": batch.pk, "kind": kind}, icon="plus")


class RealisedRecords(RecordsScreen):
    """The lists, or the people, behind a figure of the payments made."""

    permission = "trainings.view_paymentlist"
    form_class = RealisedRecordsForm
    place = "trainings:payment_report"

    def get_report(self, **asked: Any) -> Report:
        if not asked["angka"]:
            return NOTHING_ASKED
        return realised_records(
            self.request.user,
            asked["angka"],
            as_of=asked["per"] or timezone.localdate(),
            programme=asked["program"],
            region=asked["wilayah"],
            activity=asked["kegiatan"],
            is_of_no_activity=asked["tanpa_kegiatan"],
        )

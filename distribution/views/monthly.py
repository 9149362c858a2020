"""Monthly reports: the list, one report as it was frozen, its paper, and what officials do with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions.monthly import prepare_again, prepare_report, sign_report
from distribution.filters.reports import MonthlyFilter
from distribution.forms.handovers import ReasonForm
from distribution.forms.monthly import MonthlyForm, SignForm
from distribution.freezing import hash_of
from distribution.models import MonthlyReport
from distribution.monthly_paper import filename, pdf_bytes
from distribution.reports.monthly import blocks_of, end_of, moved
from ikm_program import audit
from ikm_program.blocks import dressed
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from trainings.views.documents import pdf_response

PLACE = "distribution:monthly_list"
VIEW, ADD, SIGN = "distribution.view_monthlyreport", "distribution.add_monthlyreport", "distribution.sign_monthlyreport"
NEW = Link(_("Prepare a report"), "distribution:monthly_create", ADD, icon="plus")
MOST_SHOWN = 8  # figures that have changed; the live report has them all
RELATED = ("programme", "region", "signed_by", "created_by")


def may_sign(report: MonthlyReport, user: Any) -> bool:
    return report.is_waiting and user.region_id == report.region_id and report.created_by_id != user.pk


def may_prepare_again(report: MonthlyReport, user: Any) -> bool:
    return report.stands and bool(user.region.covers(report.region))


def _moved(report: MonthlyReport) -> dict[str, Any]:
    """For `distribution/_moved.html`: what differs today from what was frozen, and the live report of the same month."""
    if not report.stands or hash_of(report.figures) != report.sha256:
        return {}
    asked = {"program": report.programme_id, "dari": report.month - dt.timedelta(days=1), "per": end_of(report.month)}
    if report.region.is_district:
        asked["wilayah"] = report.region_id
    rows = moved(report)
    return {
        "moved": rows[:MOST_SHOWN], "moved_count": len(rows), "moved_more": len(rows[MOST_SHOWN:]),
        "live_url": f"{reverse('distribution:changes_report')}?{urlencode(asked)}",
    }  # fmt: skip


class MonthlyList(ListScreen):
    model = MonthlyReport
    permission = VIEW
    title = _("Monthly reports")
    lead = _("Prepared by themselves on the first of a month, for an official to sign.")
    place = PLACE
    links = (NEW,)
    columns = (
        Column(_("Month"), "month_in_words", link="self", sort="month"),
        Column(_("Region"), "region.name", sort="region__kemendagri_code"),
        Column(_("Programme"), "programme", sort="programme__name"),
        Column(_("Edition"), "edition", kind="number"),
        Column(_("Prepared on"), "created_at", kind="date", sort="created_at"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    search_fields = ("region__name", "programme__name")
    filterset_class = MonthlyFilter
    ordering = ("-month", "region__kemendagri_code")
    empty = Empty(_("No monthly report yet."), _("The report of a month is prepared on the first of the next."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()


class MonthlyDetail(DetailScreen):
    """The report as it was frozen. A report whose figures were touched says so instead of showing them."""

    model = MonthlyReport
    permission = VIEW
    place = PLACE
    related: ClassVar[Sequence[str]] = RELATED
    template_name = "distribution/monthly_detail.html"
    facts = (
        Fact(_("Programme"), "programme", link="programme"),
        Fact(_("Region"), "region.name"),
        Fact(_("Edition"), "edition", kind="number"),
        Fact(_("Reason for preparing it again"), "reason", unknown=_("first edition")),
        Fact(_("Prepared by"), "created_by", unknown=_("the system, by itself")),
        Fact(_("Prepared on"), "created_at", kind="datetime"),
        Fact(_("Signed as"), "signed_as", unknown=_("not signed yet")),
        Fact(_("Signed by"), "signed_by", unknown=_("not signed yet")),
        Fact(_("Signed at"), "signed_at", kind="datetime", unknown=_("not signed yet")),
    )
    steps = (
        NextStep(_("Sign"), "distribution:monthly_sign", SIGN, may_sign, icon="check"),
        NextStep(_("PDF"), "distribution:monthly_file", VIEW, icon="download", is_download=True),
        NextStep(_("Prepare again"), "distribution:monthly_again", ADD, may_prepare_again, icon="edit"),
    )

    def get_title(self) -> Text:
        return gettext("Monthly report %(month)s · %(region)s") % {
            "month": self.object.month_in_words,
            "region": self.object.region.short_name,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_intact = hash_of(self.object.figures) == self.object.sha256
        blocks = dressed(blocks_of(self.object.figures)) if is_intact else []
        return super().get_context_data(blocks=blocks, is_intact=is_intact, **_moved(self.object), **kwargs)


class MonthlyFile(ObjectScreen):
    model = MonthlyReport
    permission = VIEW
    place = PLACE
    related: ClassVar[Sequence[str]] = RELATED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.object
        if hash_of(report.figures) != report.sha256:
            audit.record("file_damaged", report, by=request.user, after={"expected": report.sha256})
            self.template_name, self.title = "trainings/file_damaged.html", _("The stored file is damaged")
            return self.render_to_response(self.get_context_data(document=None), status=500)
        audit.record("download", report, by=request.user, after={"file": filename(report), "sha256": report.sha256})
        return pdf_response(pdf_bytes(report), filename(report))


class MonthlyCreate(FormScreen):
    model: ClassVar[type[Model] | None] = MonthlyReport
    form_class = MonthlyForm
    action = prepare_report
    place = PLACE
    title = _("Prepare a monthly report")
    lead = _("For a month before the programme was recorded here; otherwise it prepares itself.")
    submit_label = _("Prepare")
    success_message = _("The report is prepared. An official signs it.")


class MonthlyAgain(FormScreen):
    model: ClassVar[type[Model] | None] = MonthlyReport
    form_class = ReasonForm
    action = prepare_again
    place = PLACE
    related: ClassVar[Sequence[str]] = RELATED
    submit_label = _("Prepare again")
    success_message = _("A new edition is prepared. The earlier one stays, marked as replaced.")

    def get_title(self) -> Text:
        return gettext("Prepare again: %(report)s") % {"report": self.object}

    def get_confirmation(self) -> Text:
        return gettext("The figures are taken anew from what is recorded today; edition %(edition)s is marked as replaced.") % {
            "edition": self.object.edition
        }

    def parents(self) -> Sequence[tuple[Text, str]]:
        return ((str(self.object), self.object.get_absolute_url()),)


class MonthlySign(FormScreen):
    model: ClassVar[type[Model] | None] = MonthlyReport
    form_class = SignForm
    action = sign_report
    place = PLACE
    related: ClassVar[Sequence[str]] = RELATED
    template_name = "distribution/monthly_sign.html"
    submit_label = _("Sign")
    success_message = _("The report is signed.")

    def get_title(self) -> Text:
        return gettext("Sign: %(report)s") % {"report": self.object}

    def get_confirmation(self) -> Text:
        return gettext(
            "The paper bears name and position of the official. This is the record of a signature, not a certified electronic one."
        )

    def parents(self) -> Sequence[tuple[Text, str]]:
        return ((str(self.object), self.object.get_absolute_url()),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**_moved(self.object), **kwargs)

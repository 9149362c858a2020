"""The passport of a business: the sections of its page that this app gives. Materials, payments and output come from the apps above."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.passports import Section
from ikm_program.screens import Column, Link, may_open
from trainings.models import Enrolment, Enterprise, Pipeline, ProductLine, SuperiorProduct, WorkforceReport

CHANGE = "trainings.change_enterprise"
EDIT = Column(_("Act"), "self", template="trainings/_row_edit.html")
NOT_KNOWN = _("not known")


def sections_of(enterprise: Enterprise, user: Any) -> list[Section]:
    """In the order in which somebody gets to know a business."""
    return [
        product_lines(enterprise, user),
        pandemic(enterprise, user),
        licences(enterprise),
        pipelines(enterprise, user),
        superior_products(enterprise, user),
        participants(enterprise, user),
        trainings(enterprise, user),
    ]


def _edit(screen: str, user: Any) -> tuple[Column, ...]:
    """The column with the ways to edit the rows, for whoever may."""
    return (EDIT,) if may_open(reverse(screen, kwargs={"pk": 0}), user) else ()


def product_lines(enterprise: Enterprise, user: Any) -> Section:
    """What it makes, and since when: begun with it, or turned to it."""
    rows: list[ProductLine] = list(enterprise.product_lines.all())
    for row in rows:
        row.edit_url = reverse("trainings:product_line_update", kwargs={"pk": row.pk})  # type: ignore[attr-defined]
    return Section(
        _("What it makes, and since when"),
        (
            Column(_("Product"), "name"),
            Column(_("How it began"), "get_beginning_display"),
            Column(_("Since"), "since", kind="date", unknown=NOT_KNOWN),
            Column(_("Until"), "until", kind="date", unknown=_("still makes it")),
            Column(_("Source"), "source"),
            *_edit("trainings:product_line_update", user),
        ),
        rows,
        empty=_("Nobody has recorded yet since when it makes what."),
        link=Link(_("Add a product line"), "trainings:product_line_create", CHANGE, kwargs={"pk": enterprise.pk}),
    )


MEASURES = (
    ("is_affected", _("Affected by the pandemic")),
    ("kept", _("Workers kept")),
    ("furloughed", _("Workers furloughed (dirumahkan)")),
    ("laid_off", _("Workers laid off (PHK)")),
)


def pandemic(enterprise: Enterprise, user: Any) -> Section:
    """Of each of the four what was last said, with its day and its source; what nobody said is not known."""
    reports = list(enterprise.workforce_reports.all())  # the latest first
    return Section(
        _("Pandemic and workers"),
        (
            Column(_("What"), "what"),
            Column(_("Figure"), "figure", unknown=NOT_KNOWN),
            Column(_("As of"), "as_of", kind="date", unknown=""),
            Column(_("Source"), "source", unknown=""),
            *_edit("trainings:workforce_update", user),
        ),
        [_last_said(name, label, reports) for name, label in MEASURES],
        lead=gettext("Furloughed and laid off are two figures. The latest word on each counts."),
        link=Link(_("Record what is known of the pandemic"), "trainings:workforce_create", CHANGE, kwargs={"pk": enterprise.pk}),
    )


def _last_said(name: str, label: Any, reports: Iterable[WorkforceReport]) -> dict[str, Any]:
    report = next((report for report in reports if getattr(report, name) is not None), None)
    if report is None:
        return {"self": None, "what": label, "figure": None, "as_of": None, "source": None}
    value = getattr(report, name)
    words = (gettext("Yes") if value else gettext("No")) if name == "is_affected" else gettext("%(n)s people") % {"n": value}
    url = reverse("trainings:workforce_update", kwargs={"pk": report.pk})
    return {"self": report, "what": label, "figure": words, "as_of": report.as_of, "source": report.source, "edit_url": url}


def licences(enterprise: Enterprise) -> Section:
    return Section(
        _("Licences"),
        (
            Column(_("Licence"), "get_kind_display"),
            Column(_("Number"), "number"),
            Column(_("Issued by"), "issuer"),
            Column(_("Issued on"), "issued_on", kind="date"),
            Column(_("Valid until"), "valid_until", template="trainings/_licence_validity.html", unknown=_("no end known")),
        ),
        enterprise.licences.all(),
        empty=_("No licence on record yet."),
    )


def pipelines(enterprise: Enterprise, user: Any) -> Section:
    rows = Pipeline.objects.for_user(user).filter(enterprise=enterprise)
    return Section(
        _("Mentoring"),
        (
            Column(_("Kind"), "get_kind_display", link="self"),
            Column(_("Begun"), "started_on", kind="date"),
            Column(_("Steps"), "progress_words"),
            Column(_("Next action"), "next_action", unknown=""),
            Column(_("Handed over at"), "handed_words", unknown=""),
            Column(_("Status"), "status", kind="status"),
        ),
        rows.select_related("enterprise", "handed__occasion").with_passed_count(),
        empty=_("No mentoring yet."),
        link=Link(_("Begin a mentoring"), permission="trainings.add_pipeline", url=_address("trainings:pipeline_create", enterprise)),
    )


def superior_products(enterprise: Enterprise, user: Any) -> Section:
    return Section(
        _("Superior products"),
        (
            Column(_("Product"), "name", link="self"),
            Column(_("Of export quality"), "is_export_quality", kind="yesno", unknown=_("not judged yet")),
            Column(_("Stage"), "stage"),
        ),
        SuperiorProduct.objects.for_user(user).filter(enterprise=enterprise).with_stage(),
        empty=_("None of its products is in the inventory."),
        link=Link(
            _("Propose a product"), permission="trainings.add_superiorproduct", url=_address("trainings:superior_create", enterprise)
        ),
    )


def participants(enterprise: Enterprise, user: Any) -> Section:
    return Section(
        _("Participants of this business"),
        (Column(_("Participant"), "name", link="self"), Column(_("Kabupaten/kota"), "region")),
        enterprise.participants.for_user(user).select_related("region"),
        empty=_("No participant yet."),
    )


def trainings(enterprise: Enterprise, user: Any) -> Section:
    rows = Enrolment.objects.for_user(user).filter(participant__enterprise=enterprise)
    return Section(
        _("Training"),
        (
            Column(_("Activity"), "activity", link="activity"),
            Column(_("Participant"), "participant", link="participant"),
            Column(_("Starts on"), "batch.starts_on", kind="date", unknown=NOT_KNOWN),
            Column(_("Status"), "status", kind="status"),
        ),
        rows.select_related("activity", "participant", "batch").order_by("-batch__starts_on", "-pk"),
        empty=_("Nobody of this business has taken part in a training."),
    )


def _address(name: str, enterprise: Enterprise) -> str:
    return f"{reverse(name)}?enterprise={enterprise.pk}"

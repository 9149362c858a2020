"""The records behind the figures of the recapitulation and of the reports by receiver, found by the functions that made the figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distribution.models import Handover, OnwardLine, Recipient
from distribution.reports.placed import handed_over
from distribution.reports.receivers import Final, final_recipients
from distribution.reports.reconciliation import LABELS, reconcile
from ikm_program.figure_records import Contribution, records_report
from ikm_program.reporting import Report
from production.models import Product
from trainings.models import ActivityDistrict, Enrolment, Programme

HANDED_OVER = {  # figure -> its heading
    "papers": gettext_lazy("BAST"),
    "quantity": LABELS["handed_over"],
    "acknowledged": LABELS["acknowledged"],
    "awaiting": LABELS["awaiting"],
}
PEOPLE = {"quota": gettext_lazy("Participants: places"), "enrolled": gettext_lazy("Participants: enrolled")}


def handed_over_records(
    viewer: Any,
    programme: Programme,
    day: dt.date,
    *,
    figure: str,
    product: Product,
    recipient: int | None = None,
    kinds: Collection[str] = (),
    since: dt.date | None = None,
) -> Report:
    """The papers that brought a product to a receiver, or to receivers of some kinds."""
    sums: dict[Handover, dict[str, int]] = {}
    for part in handed_over(viewer, programme, day, since=since):
        to = part.handover.recipient
        if part.product != product.pk or recipient not in (None, to.pk) or (kinds and to.kind not in kinds):
            continue
        paper = sums.setdefault(part.handover, dict.fromkeys(HANDED_OVER, 0) | {"papers": 1})
        paper["quantity"] += part.quantity
        paper["acknowledged"] += part.acknowledged
        paper["awaiting"] += part.quantity - part.acknowledged
    papers = sorted(sums, key=lambda paper: (paper.handed_over_on, paper.number))
    lines = [_of_paper(paper, sums[paper][figure], paper.recipient.name) for paper in papers if sums[paper][figure]]
    to_whom = ", ".join(str(Recipient.Kind(kind).label) for kind in kinds)
    if recipient is not None and papers:
        to_whom = papers[0].recipient.name
    title = " · ".join(filter(None, (str(HANDED_OVER[figure]), product.short_name, to_whom)))
    is_count = figure == "papers"
    return records_report(title, lines, subtitle=str(programme), as_of=day, unit="" if is_count else product.unit, is_count=is_count)


def _of_paper(paper: Handover, quantity: int, detail: str) -> Contribution:
    return Contribution(record=str(paper), quantity=quantity, detail=detail, on=paper.handed_over_on, url=paper.get_absolute_url())


def final_records(viewer: Any, programme: Programme, day: dt.date, *, product: Product, paper: int, step: int | None = None) -> Report:
    """What came to a final recipient, and what went further from there."""
    finals = final_recipients(viewer, programme, day)
    found = next((one for one in finals if (one.handover.pk, one.product, one.step) == (paper, product, step)), None)
    title = f"{product.short_name} · {found.recipient.name}" if found else product.short_name
    return records_report(title, _account_of(found) if found else [], subtitle=str(programme), as_of=day, unit=product.unit)


def _account_of(final: Final) -> list[Contribution]:
    came = final.quantity + sum(line.quantity for line in final.passed_on)
    how = _("passed on") if final.is_onward else _("handed over by BAST")
    first = Contribution(record=str(final.handover), quantity=came, detail=how, on=final.on, url=final.handover.get_absolute_url())
    return [first, *(_went(final, line) for line in final.passed_on)]


def _went(final: Final, line: OnwardLine) -> Contribution:
    onward = line.onward_handover
    to = _("passed on to %(recipient)s") % {"recipient": onward.recipient.name}
    return Contribution(
        record=str(final.handover), quantity=-line.quantity, detail=to, on=onward.handed_over_on, url=final.handover.get_absolute_url()
    )


def people_records(viewer: Any, programme: Programme, day: dt.date, *, figure: str, product: Product) -> Report:
    """The activities that set a number of places, or the people enrolled, of the districts that the sheet of the product has."""
    regions = {row.region.pk for row in reconcile(viewer, as_of=day, programmes=[programme]).of_product(product)}
    found = _places(programme, product, regions) if figure == "quota" else _enrolled(programme, product, regions)
    title = f"{PEOPLE[figure]} · {product.short_name}"
    what = _("Activity") if figure == "quota" else _("Name")
    return records_report(title, found, subtitle=str(programme), as_of=day, what=what, is_count=figure == "enrolled")


def _places(programme: Programme, product: Product, regions: Iterable[int]) -> list[Contribution]:
    rows = ActivityDistrict.objects.filter(activity__programme=programme, activity__products__product=product, region__in=regions)
    rows = rows.exclude(quota=None).select_related("activity", "region").order_by("activity", "region__kemendagri_code")
    return [
        Contribution(record=row.activity.name, quantity=row.quota or 0, detail=row.region.name, url=row.activity.get_absolute_url())
        for row in rows
    ]


def _enrolled(programme: Programme, product: Product, regions: Iterable[int]) -> list[Contribution]:
    people = Enrolment.objects.active().filter(
        batch__activity__programme=programme, batch__activity__products__product=product, participant__region__in=regions
    )
    names = ("participant", "batch__activity", "batch__region")
    return [
        Contribution(record=one.participant.name, quantity=1, detail=str(one.batch), url=one.get_absolute_url())
        for one in people.select_related(*names).order_by("participant__name", "pk")
    ]

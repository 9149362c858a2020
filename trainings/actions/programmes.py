"""Programmes and what is taught in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.db.models import F, Max, Min
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import tanggal_layar
from ikm_program.states import advance
from trainings.actions.rules import require_open, require_within_reach
from trainings.models import Activity, ActivityDistrict, Batch, Programme, Region


class DistrictPart(TypedDict, total=False):
    """A district's part in an activity; `quota` None: nobody has set it."""

    region: Region
    quota: int | None
    reason: str


@action("trainings.add_programme")
def create_programme(model: type[Programme], *, by: Any, region: Region, name: str, year: int, code: str = "", **values: Any) -> Programme:
    """Without a code it is called after its name and year."""
    require_within_reach(region, by=by)
    code = code or slugify(f"{name} {year}")[:40].strip("-")
    return records.create(model, by=by, region=region, name=name, year=year, code=code, **values)


@action("trainings.change_programme")
def update_programme(programme: Programme, *, by: Any, version: int | None = None, **values: Any) -> Programme:
    require_within_reach(programme.region, by=by)
    if "region" in values:
        require_within_reach(values["region"], by=by)
    _refuse_dates_within_reports(programme, values)
    _refuse_other_gates(programme, values)
    return records.update(programme, by=by, version=version, **values)


def _refuse_dates_within_reports(programme: Programme, values: Mapping[str, Any]) -> None:
    """What was made in a programme was made while it ran: a report outside its dates would belong to no sheet."""
    days = Batch.objects.filter(activity__programme=programme).aggregate(first=Min("outputs__made_on"), last=Max("outputs__made_on"))
    starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
    if starts_on and days["first"] and starts_on > days["first"]:
        raise Refusal(_("The first report of this programme is of %(day)s.") % {"day": tanggal_layar(days["first"])}, "starts_on")
    if ends_on and days["last"] and ends_on < days["last"]:
        raise Refusal(_("The last report of this programme is of %(day)s.") % {"day": tanggal_layar(days["last"])}, "ends_on")


def _refuse_other_gates(programme: Programme, values: Mapping[str, Any]) -> None:
    """What was verified already has passed the gates as they stood, or waits before one: they stay for all of a programme's goods."""
    gates = ("requires_inspection", "requires_purchase")
    changed = [name for name in gates if values.get(name, getattr(programme, name)) != getattr(programme, name)]
    if changed and programme.lots.exists():
        raise Refusal(_("Goods of this programme are verified already, so this stays as it is."), changed[0])


@action("trainings.close_programme")
def close_programme(programme: Programme, *, by: Any, reason: str = "") -> Programme:
    """From now on nothing new is entered in it."""
    require_within_reach(programme.region, by=by)
    return advance(programme, Programme.Status.CLOSED, by=by, reason=reason)


@action("trainings.close_programme")
def open_programme(programme: Programme, *, by: Any, reason: str = "") -> Programme:
    require_within_reach(programme.region, by=by)
    return advance(programme, Programme.Status.OPEN, by=by, reason=reason)


@action("trainings.add_activity")
def create_activity(
    model: type[Activity], *, by: Any, programme: Programme, name: str, districts: Sequence[DistrictPart] = (), **values: Any
) -> Activity:
    require_within_reach(programme.region, by=by, field="programme")
    require_open(programme)
    activity = records.create(model, by=by, programme=programme, name=name, **values)
    for part in districts:
        _put_district(activity, by=by, **part)
    return activity


@action("trainings.change_activity")
def update_activity(
    activity: Activity, *, by: Any, version: int | None = None, districts: Sequence[DistrictPart] | None = None, **values: Any
) -> Activity:
    """`districts` is the whole list of those taking part (None: leave it as it is)."""
    require_within_reach(activity.programme.region, by=by)
    require_open(activity.programme)
    before = activity.version
    records.update(activity, by=by, version=version, **values)
    if districts is None:
        return activity
    if activity.version == before:
        records.claim(activity, version=version)  # two people editing the table at once: the second is told
    staying = {part["region"].pk for part in districts}
    for leaving in activity.districts.exclude(region__in=staying).select_related("region").order_by("pk"):
        _drop_district(leaving, by=by)
    for part in sorted(districts, key=lambda part: part["region"].kemendagri_code):
        _put_district(activity, by=by, **part)
    return activity


@action("trainings.change_activity")
def put_district(activity: Activity, *, by: Any, region: Region, quota: int | None = None, reason: str = "") -> ActivityDistrict:
    """Let a district take part, or change its quota and why it was chosen."""
    require_within_reach(activity.programme.region, by=by)
    require_open(activity.programme)
    return _put_district(activity, by=by, region=region, quota=quota, reason=reason)


def _put_district(activity: Activity, *, by: Any, region: Region, quota: int | None = None, reason: str = "") -> ActivityDistrict:
    if not (region.is_district and activity.programme.region.covers(region)):
        raise Refusal(_("%(region)s is not a kabupaten/kota of this programme.") % {"region": region}, "districts")
    part = ActivityDistrict.objects.select_for_update(of=("self",)).filter(activity=activity, region=region).first()
    if part is None:
        return records.create(ActivityDistrict, by=by, activity=activity, region=region, quota=quota, reason=reason)
    if quota is not None and quota < part.enrolled:
        raise Refusal(
            _("%(region)s: the quota cannot be lower than the number of people enrolled (%(enrolled)s).")
            % {"region": region, "enrolled": part.enrolled},
            "districts",
        )
    return records.update(part, by=by, quota=quota, reason=reason)


def _drop_district(part: ActivityDistrict, *, by: Any) -> None:
    has_batches = Batch.objects.filter(activity=part.activity_id, region=part.region_id).exists()
    if part.enrolled or has_batches:
        raise Refusal(
            _("%(region)s already has batches or participants in this activity and cannot leave it.") % {"region": part.region}, "districts"
        )
    audit.record("deleted", part, by=by, before={"region": part.region, "quota": part.quota, "reason": part.reason})
    part.delete()


def take_place(activity: Activity, region: Region) -> None:
    """Count one participant of the district: one conditional UPDATE, exact under any number of writers."""
    part = ActivityDistrict.objects.filter(activity=activity, region=region)
    if part.with_free_places().update(enrolled=F("enrolled") + 1):
        return
    require_part(activity, region)
    known = part.values("enrolled", "quota").get()
    raise Refusal(
        _("The participant quota of this kabupaten/kota is already full (%(enrolled)s of %(quota)s).") % known,
        "participant",
    )


def require_part(activity: Activity, region: Region) -> None:
    if not ActivityDistrict.objects.filter(activity=activity, region=region).exists():
        raise Refusal(_("This kabupaten/kota does not take part in this activity."), "participant")


def free_place(activity: Activity, region: Region) -> None:
    """Give a place back."""
    ActivityDistrict.objects.filter(activity=activity, region=region, enrolled__gt=0).update(enrolled=F("enrolled") - 1)

"""Events: what took place, who was there, which certificates were handed over, photos and minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from trainings.actions.rules import require_within_reach
from trainings.actions.uploads import accepted
from trainings.models import HandedCertificate, Occasion, OccasionFile, OccasionGuest, Pipeline, Region

Rows = Iterable[Mapping[str, Any]]


@action("trainings.add_occasion")
def create_occasion(
    model: type[Occasion], *, by: Any, region: Region, name: str, happened_on: dt.date, guests: Rows = (), **values: Any
) -> Occasion:
    require_within_reach(region, by=by)
    _require_past(happened_on)
    occasion = records.create(model, by=by, region=region, name=name, happened_on=happened_on, **values)
    _put_guests(occasion, guests, by=by)
    return occasion


@action("trainings.change_occasion")
def update_occasion(occasion: Occasion, *, by: Any, version: int | None = None, guests: Rows | None = None, **values: Any) -> Occasion:
    """No `guests` (None) leaves them."""
    require_within_reach(occasion.region, by=by)
    if "region" in values:
        require_within_reach(values["region"], by=by)
    happened_on = values.get("happened_on", occasion.happened_on)
    _require_past(happened_on)
    late = occasion.handed.filter(pipeline__ended_on__gt=happened_on).select_related("pipeline__enterprise").first()
    if late is not None:
        raise Refusal(gettext("%(what)s had no certificate on that day yet.") % {"what": late.pipeline}, "happened_on")
    before = occasion.version
    records.update(occasion, by=by, version=version, **values)
    if guests is not None and _put_guests(occasion, guests, by=by) and occasion.version == before:
        records.claim(occasion, version=version)
    return occasion


@action("trainings.change_occasion")
def hand_over_certificates(occasion: Occasion, *, by: Any, pipelines: Iterable[Pipeline], version: int | None = None) -> Occasion:
    """Certificates that were given at this event, each of them once."""
    require_within_reach(occasion.region, by=by, field=None)
    chosen = list(pipelines)
    if not chosen:
        raise Refusal(_("Choose at least one certificate."), "pipelines")
    for pipeline in chosen:
        require_within_reach(pipeline.enterprise.region, by=by, field="pipelines")
        if pipeline.status != Pipeline.Status.PASSED or pipeline.ended_on is None or pipeline.ended_on > occasion.happened_on:
            raise Refusal(gettext("%(what)s had no certificate on that day yet.") % {"what": pipeline}, "pipelines")
        if HandedCertificate.objects.filter(pipeline=pipeline).exists():
            raise Refusal(gettext("%(what)s: the certificate has been handed over already.") % {"what": pipeline}, "pipelines")
    records.claim(occasion, version=version)
    for pipeline in chosen:
        records.create(HandedCertificate, by=by, occasion=occasion, pipeline=pipeline, received_by=pipeline.enterprise.owner_name)
    return occasion


@action("trainings.change_occasion")
def add_file(occasion: Occasion, *, by: Any, kind: str, file: File[bytes], caption: str = "") -> OccasionFile:
    require_within_reach(occasion.region, by=by, field=None)
    content, sha256 = accepted(file, field="file")
    return records.create(OccasionFile, by=by, occasion=occasion, kind=kind, caption=caption, file=content, sha256=sha256)


def _require_past(day: dt.date) -> None:
    if day > timezone.localdate():
        raise Refusal(_("This day lies in the future."), "happened_on")


def _put_guests(occasion: Occasion, rows: Rows, *, by: Any) -> bool:
    """Bring the list of those present to what the rows say; one event on the occasion. Whether anything changed."""
    present = {_key(vars_of(guest)): guest for guest in occasion.guests.select_related("office", "participant")}
    wanted = {_key(row): row for row in rows}
    fresh = [row for key, row in wanted.items() if key not in present]
    gone = [guest for key, guest in present.items() if key not in wanted]
    if not fresh and not gone:
        return False
    before = [_words(guest) for guest in present.values()]
    for guest in gone:
        guest.delete()
    made = [OccasionGuest(occasion=occasion, created_by=by, **row) for row in fresh]
    for guest in made:
        records.validate(guest)
        guest.save()
    after = [_words(guest) for guest in occasion.guests.select_related("office", "participant")]
    audit.record("changed", occasion, by=by, before={"guests": before}, after={"guests": after})
    return True


def vars_of(guest: OccasionGuest) -> dict[str, Any]:
    return {name: getattr(guest, name) for name in ("office", "participant", "name", "position")}


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    office, participant = row.get("office"), row.get("participant")
    return (office and office.pk, participant and participant.pk, row.get("name") or "", row.get("position") or "")


def _words(guest: OccasionGuest) -> str:
    return ", ".join(part for part in (guest.who, guest.position, str(guest.office) if guest.office else "") if part)

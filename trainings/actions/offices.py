"""Offices (dinas) and the officials who sign for them."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import number_patterns, records
from ikm_program.actions import Refusal, action
from trainings.actions.letterheads import keep_arms, picture_of
from trainings.actions.rules import read_identity, read_number, require_within_reach
from trainings.models import Office, Official, Region

NUMBERED_BY = {"region", "abbreviation", "classification", "unit_code", "number_pattern"}


@action("trainings.add_office")
def create_office(model: type[Office], *, by: Any, region: Region, **values: Any) -> Office:
    require_within_reach(region, by=by)
    _require_sound_pattern(values)
    _refuse_shared_numbers(model(region=region, **values))
    return records.create(model, by=by, region=region, **values)


@action("trainings.change_office")
def update_office(office: Office, *, by: Any, version: int | None = None, **values: Any) -> Office:
    require_within_reach(office.region, by=by)
    if "region" in values:
        require_within_reach(values["region"], by=by)
    _require_sound_pattern(values)
    if NUMBERED_BY & {name for name, value in values.items() if getattr(office, name) != value}:
        changed = copy.copy(office)
        for name, value in values.items():
            setattr(changed, name, value)
        _refuse_shared_numbers(changed)
    return records.update(office, by=by, version=version, **values)


@action("trainings.change_office")
def set_office_arms(office: Office, *, by: Any, arms: Any, version: int | None = None) -> Office:
    """The picture on the letterhead: written anew on white, like every picture that is sent. Papers issued before keep theirs."""
    require_within_reach(office.region, by=by)
    keep_arms(office, picture_of(arms, current=None, without=False), by=by, version=version)
    return office


@action("trainings.add_official")
def create_official(model: type[Official], *, by: Any, office: Office, **values: Any) -> Official:
    require_within_reach(office.region, by=by, field="office")
    kind, number = read_identity(values.pop("identity_kind", Official.IdentityKind.NIP), values.pop("identity_number", ""))
    return records.create(model, by=by, office=office, identity_kind=kind, identity_number=number, **values)


@action("trainings.change_official")
def update_official(official: Official, *, by: Any, version: int | None = None, **values: Any) -> Official:
    require_within_reach(official.office.region, by=by, field="office")
    if "office" in values:
        require_within_reach(values["office"].region, by=by, field="office")
    if {"identity_kind", "identity_number"} & values.keys():
        kind = values.get("identity_kind", official.identity_kind)
        on_record = official.identity_number if kind == official.identity_kind else ""
        number = values.get("identity_number", on_record)
        values["identity_kind"], values["identity_number"] = read_identity(kind, number, on_record=on_record)
    return records.update(official, by=by, version=version, **values)


def _refuse_shared_numbers(office: Office) -> None:
    """Two offices of a province never give two papers the same number: that is what tells the papers apart outside this system."""
    day = timezone.localdate()
    province = "/".join(office.region.path.split("/")[:2])
    others = Office.objects.filter(region__path__startswith=f"{province}/").exclude(pk=office.pk).exclude(valid_until__lt=day)
    number = _first_number(office, day)
    for other in others.select_related("region").defer("arms"):
        if _first_number(other, day) == number:
            words = _("%(office)s numbers its papers in the same way, for example %(number)s. Choose another abbreviation.")
            raise Refusal(words % {"office": other, "number": number}, "abbreviation")


def _first_number(office: Office, day: dt.date) -> str:
    return number_patterns.render(
        office.number_pattern, sequence=1, classification=office.classification, kind="BAST",
        unit=office.unit_code, office=office.abbreviation, on=day,
    )  # fmt: skip


def _require_sound_pattern(values: dict[str, Any]) -> None:
    if "number_pattern" in values:
        read_number(values["number_pattern"], number_patterns.validate, field="number_pattern")

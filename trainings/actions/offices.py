"""Offices (dinas) and the officials who sign for them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from ikm_program import audit, number_patterns, records
from ikm_program.actions import Refusal, action
from ikm_program.images import clean_photo, sha256_of
from trainings.actions.rules import read_identity, read_number, require_within_reach
from trainings.models import Office, Official, Region

ARMS_MAX_SIDE = 400  # printed some 20 mm high: more would only make every paper and every row heavier


@action("trainings.add_office")
def create_office(model: type[Office], *, by: Any, region: Region, **values: Any) -> Office:
    require_within_reach(region, by=by)
    _require_sound_pattern(values)
    return records.create(model, by=by, region=region, **values)


@action("trainings.change_office")
def update_office(office: Office, *, by: Any, version: int | None = None, **values: Any) -> Office:
    require_within_reach(office.region, by=by)
    if "region" in values:
        require_within_reach(values["region"], by=by)
    _require_sound_pattern(values)
    return records.update(office, by=by, version=version, **values)


@action("trainings.change_office")
def set_office_arms(office: Office, *, by: Any, arms: Any, version: int | None = None) -> Office:
    """The picture on the letterhead: written anew on white, like every picture that is sent. Papers issued before keep theirs."""
    require_within_reach(office.region, by=by)
    try:
        picture = clean_photo(arms, max_side=ARMS_MAX_SIDE)
    except ValidationError as error:
        raise Refusal(error.messages[0], "arms") from error
    before = sha256_of(bytes(office.arms)) if office.arms else None
    records.claim(office, version=version, arms=picture.content)
    office.arms = picture.content
    audit.record("changed", office, by=by, before={"arms": before}, after={"arms": picture.sha256})
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


def _require_sound_pattern(values: dict[str, Any]) -> None:
    if "number_pattern" in values:
        read_number(values["number_pattern"], number_patterns.validate, field="number_pattern")

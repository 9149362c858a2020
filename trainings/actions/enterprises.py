"""Small and medium industries (IKM)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from trainings import identity
from trainings.actions.rules import read_number, read_phone, require_within_reach
from trainings.models import Enterprise, Region


@action("trainings.add_enterprise")
def create_enterprise(model: type[Enterprise], *, by: Any, region: Region, name: str, **values: Any) -> Enterprise:
    require_within_reach(region, by=by)
    return records.create(model, by=by, region=region, name=name, **_with_numbers_read(values))


@action("trainings.change_enterprise")
def update_enterprise(enterprise: Enterprise, *, by: Any, version: int | None = None, **values: Any) -> Enterprise:
    require_within_reach(enterprise.region, by=by)
    if "region" in values:
        require_within_reach(values["region"], by=by)
    was_called = enterprise.name
    records.update(enterprise, by=by, version=version, **_with_numbers_read(values))
    if enterprise.name != was_called:
        records.find_again(enterprise.participants.select_related("enterprise"))
    return enterprise


@action("trainings.change_enterprise")
def confirm_enterprise(enterprise: Enterprise, *, by: Any, confirmed_on: dt.date, how: str) -> Enterprise:
    """Somebody has asked the business, and its data still hold."""
    require_within_reach(enterprise.region, by=by)
    if confirmed_on > timezone.localdate():
        raise Refusal(_("The day lies in the future."), "confirmed_on")
    if enterprise.confirmed_on is not None and confirmed_on < enterprise.confirmed_on:
        raise Refusal(_("It was confirmed later than that already."), "confirmed_on")
    return records.update(enterprise, by=by, confirmed_on=confirmed_on, confirmed_by=by, confirmed_how=how)


def _with_numbers_read(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers are typed with dots, spaces and dashes and kept as digits."""
    read = dict(values)
    if "phone" in read:
        read["phone"] = read_phone(read["phone"])
    for name, parse in (("nib", identity.parse_nib), ("npwp", _parse_npwp), ("kbli", identity.parse_kbli)):
        if name in read:
            read[name] = read_number(read[name], parse, field=name)
    return read


def _parse_npwp(text: str) -> str:
    return identity.parse_npwp(text, demo=settings.DEMO_MODE)

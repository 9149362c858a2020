"""Small and medium industries (IKM): their profile, their licences, and who last confirmed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from trainings import identity
from trainings.actions.licences import put_licences
from trainings.actions.pairs import follow_region, remember_distinct
from trainings.actions.rules import read_nik, read_number, read_phone, require_within_reach
from trainings.models import Enterprise, Region, Sentra


@action("trainings.add_enterprise")
def create_enterprise(
    model: type[Enterprise],
    *,
    by: Any,
    region: Region,
    name: str,
    owner_nik: str = "",
    licences: Iterable[Mapping[str, Any]] = (),
    confirmed_how: str = "",
    is_distinct: bool = False,
    **values: Any,
) -> Enterprise:
    """With `confirmed_how` the data was heard from the business itself, today; with `is_distinct` it is none of those it looks like."""
    require_within_reach(region, by=by)
    _require_sentra_of(region, values.get("sentra"))
    values["owner_nik"] = _checked_nik(owner_nik, sex=values.get("owner_sex", ""))
    if confirmed_how:
        values |= _confirmation(by=by, on=timezone.localdate(), how=confirmed_how)
    enterprise = records.create(model, by=by, region=region, name=name, **_read(values))
    put_licences(enterprise, licences, by=by)
    if is_distinct:
        remember_distinct(enterprise, by=by)
    return enterprise


@action("trainings.change_enterprise")
def update_enterprise(
    enterprise: Enterprise,
    *,
    by: Any,
    version: int | None = None,
    owner_nik: str = "",
    licences: Iterable[Mapping[str, Any]] | None = None,
    confirmed_how: str = "",
    **values: Any,
) -> Enterprise:
    """An empty `owner_nik` keeps the one on record: forms never show it. No `licences` (None) leaves them.

    An edit alone confirms nothing: who corrects a spelling has not asked the owner. `confirmed_how` says that somebody has.
    """
    require_within_reach(enterprise.region, by=by)
    if "region" in values:
        require_within_reach(values["region"], by=by)
    if "region" in values or "sentra" in values:
        _require_sentra_of(values.get("region", enterprise.region), values.get("sentra", enterprise.sentra))
    was_called, before = enterprise.name, enterprise.version
    sex = values.get("owner_sex", enterprise.owner_sex)
    is_recorded = not owner_nik.strip()
    values["owner_nik"] = _checked_nik(owner_nik.strip() or enterprise.owner_nik, sex=sex, is_recorded=is_recorded)
    if confirmed_how:
        values |= _confirmation(by=by, on=timezone.localdate(), how=confirmed_how)
    was_in = enterprise.region_id
    records.update(enterprise, by=by, version=version, **_read(values))
    if enterprise.region_id != was_in:
        follow_region(enterprise)
    if licences is not None and put_licences(enterprise, licences, by=by) and enterprise.version == before:
        records.claim(enterprise, version=version)
    if enterprise.name != was_called:
        records.find_again(enterprise.participants.select_related("enterprise"))
    return enterprise


@action("trainings.change_enterprise")
def confirm_enterprise(enterprise: Enterprise, *, by: Any, confirmed_on: dt.date, how: str, version: int | None = None) -> Enterprise:
    """Somebody has asked the business, and its data is right."""
    require_within_reach(enterprise.region, by=by)
    if confirmed_on > timezone.localdate():
        raise Refusal(_("A confirmation cannot lie in the future."), "confirmed_on")
    if enterprise.confirmed_on and confirmed_on < enterprise.confirmed_on:
        raise Refusal(_("The data has been confirmed on a later day already."), "confirmed_on")
    return records.update(enterprise, by=by, version=version, **_confirmation(by=by, on=confirmed_on, how=how))


@action("trainings.reveal_nik")
def reveal_owner_nik(enterprise: Enterprise, *, by: Any) -> str:
    """The owner's full number, and the fact that it was shown."""
    require_within_reach(enterprise.region, by=by)
    audit.record("reveal", enterprise, by=by, after={"owner_nik": enterprise.masked_owner_nik})
    return enterprise.owner_nik


def _require_sentra_of(region: Region, sentra: Sentra | None) -> None:
    if sentra is not None and sentra.region_id != region.pk:
        raise Refusal(_("The sentra lies in another kabupaten/kota than the business."), "sentra")


def _confirmation(*, by: Any, on: dt.date, how: str) -> dict[str, Any]:
    if how not in Enterprise.ConfirmedHow.values:
        raise Refusal(_("Say how the data was confirmed."), "how")
    return {"confirmed_on": on, "confirmed_by": by, "confirmed_how": how}


def _checked_nik(text: str, *, sex: str, is_recorded: bool = False) -> str:
    """Of an owner only the sex is known besides, and nothing excuses that."""
    nik = read_nik(text, field="owner_nik", accepts_example=is_recorded)
    if nik is None:
        return ""
    for problem in identity.nik_problems(nik, sex=sex):
        raise Refusal(problem.message, "owner_nik")
    return nik.digits


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers are typed with dots, spaces and dashes and kept as digits; an address of e-mail in small letters."""
    read = dict(values)
    if "phone" in read:
        read["phone"] = read_phone(read["phone"])
    if "email" in read:
        read["email"] = str(read["email"]).strip().lower()
    parsers: dict[str, Callable[[str], str]] = {
        "nib": identity.parse_nib,
        "npwp": _parse_npwp,
        "kbli": identity.parse_kbli,
        "village_code": identity.parse_village_code,
    }
    for name, parse in parsers.items():
        if name in read:
            read[name] = read_number(read[name], parse, field=name)
    return read


def _parse_npwp(text: str) -> str:
    return identity.parse_npwp(text, demo=settings.DEMO_MODE)

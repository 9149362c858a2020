"""The licences of a business: brought to what a form's rows say, or put there by the mentoring that won them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal
from trainings.models import Enterprise, Licence

FACTS = ("issuer", "issued_on", "valid_until")


def put_licences(enterprise: Enterprise, rows: Iterable[Mapping[str, Any]], *, by: Any) -> bool:
    """Bring the licences to what the rows say, told apart by kind and number; one event on the business. Whether anything changed."""
    present = {(licence.kind, licence.number): licence for licence in enterprise.licences.all()}
    before = [_words(licence) for licence in present.values()]
    wanted: dict[tuple[str, str], Licence] = {}
    for row in rows:
        key = (row["kind"], str(row.get("number") or "").strip())
        if key in wanted:
            raise Refusal(_("This licence is already on record."))
        licence = present.get(key) or Licence(enterprise=enterprise, kind=key[0], number=key[1], created_by=by)
        wanted[key] = licence
        _write(licence, {name: row.get(name, "" if name == "issuer" else None) for name in FACTS})
    for key in present.keys() - wanted.keys():
        _remove(present[key])
    after = [_words(licence) for licence in wanted.values()]
    if sorted(before) == sorted(after):
        return False
    _tell(enterprise, before, after, by=by)
    return True


def put_licence(enterprise: Enterprise, *, by: Any, kind: str, number: str, **facts: Any) -> Licence:
    """One licence more, or facts more about one that is there: what is empty in `facts` leaves what is known.

    A form that somebody has open on the business is stale then: it would say nothing of this licence.
    """
    present = list(enterprise.licences.all())
    before = [_words(licence) for licence in present]
    same = next((licence for licence in present if (licence.kind, licence.number) == (kind, number)), None)
    licence = same or Licence(enterprise=enterprise, kind=kind, number=number, created_by=by)
    _write(licence, {name: value for name, value in facts.items() if value not in (None, "")})
    after = [_words(one) for one in [*(one for one in present if one is not same), licence]]
    if sorted(before) != sorted(after):
        _tell(enterprise, before, after, by=by)
    _make_stale(enterprise)
    return licence


def change_licence(licence: Licence, *, by: Any, **values: Any) -> None:
    """What was written down wrongly, the number too."""
    enterprise = Enterprise.objects.get(pk=licence.enterprise_id)
    before = [_words(one) for one in enterprise.licences.all()]
    for name, value in values.items():
        setattr(licence, name, value)
    _refuse_future(licence)
    records.validate(licence)
    with records.refusing_in_words(Licence):
        licence.save()
    after = [_words(one) for one in enterprise.licences.all()]
    if sorted(before) != sorted(after):
        _tell(enterprise, before, after, by=by)
    _make_stale(enterprise)


def _make_stale(enterprise: Enterprise) -> None:
    records.claim(Enterprise.objects.get(pk=enterprise.pk))


def _tell(enterprise: Enterprise, before: list[str], after: list[str], *, by: Any) -> None:
    audit.record("changed", enterprise, by=by, before={"licences": sorted(before)}, after={"licences": sorted(after)})


def _write(licence: Licence, values: dict[str, Any]) -> None:
    if licence.pk and all(getattr(licence, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(licence, name, value)
    _refuse_future(licence)
    records.validate(licence)
    with records.refusing_in_words(Licence):
        licence.save()


def check_issued_on(day: dt.date | None) -> None:
    """Raises a `ValidationError`; a form asks it too, so that the sentence stands in its row."""
    if day and day > timezone.localdate():
        raise ValidationError(_("A licence cannot be issued in the future."))


def _refuse_future(licence: Licence) -> None:
    try:
        check_issued_on(licence.issued_on)
    except ValidationError as error:
        raise Refusal(error.messages[0], "issued_on") from None


def _remove(licence: Licence) -> None:
    if licence.pipelines.exists():
        message = gettext("%(licence)s was won by a mentoring: correct it there. It is not removed.")
        raise Refusal(message % {"licence": licence})
    licence.delete()


def _words(licence: Licence) -> str:
    until = f" → {licence.valid_until:%d-%m-%Y}" if licence.valid_until else ""
    issuer = f" ({licence.issuer})" if licence.issuer else ""
    issued = f", {licence.issued_on:%d-%m-%Y}" if licence.issued_on else ""
    return f"{licence}{issuer}{issued}{until}"

"""What several writes of this app ask before they write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.actions import Refusal
from ikm_program.formatting import tanggal_layar
from trainings import identity
from trainings.models import Batch, Office, Official, Programme, Region

PROGRAMME_CLOSED = _("The programme is closed. Open it again before you change anything in it.")


def require_within_reach(region: Region, *, by: Any, field: str | None = "region") -> None:
    """Pages and choices are narrowed before; this is what holds when somebody calls past them."""
    if by.region is None or not by.region.covers(region):
        raise Refusal(_("This lies outside your region."), field)


def require_open(programme: Programme) -> None:
    if not programme.is_open:
        raise Refusal(PROGRAMME_CLOSED)


def require_standing(batch: Batch) -> None:
    """Nothing is entered any more in a batch that is finished or cancelled."""
    require_open(batch.activity.programme)
    if not batch.is_standing:
        raise Refusal(_("The batch is %(status)s: nothing can be entered in it any more.") % {"status": batch.get_status_display()})


def require_within_time(programme: Programme, day: dt.date, *, field: str) -> None:
    """Days of training and visits lie between the programme's beginning and its end."""
    if programme.starts_on and day < programme.starts_on:
        raise Refusal(_("The programme begins on %(day)s.") % {"day": tanggal_layar(programme.starts_on)}, field)
    if programme.ends_on and day > programme.ends_on:
        raise Refusal(_("The programme ended on %(day)s.") % {"day": tanggal_layar(programme.ends_on)}, field)


def require_hours_in_order(starts_at: dt.time | None, ends_at: dt.time | None) -> None:
    if starts_at and ends_at and ends_at <= starts_at:
        raise Refusal(_("The end time must be later than the start time."), "ends_at")


def require_plausible_person(values: Mapping[str, Any]) -> None:
    """What is told of a participant could be true of a living person."""
    checks: dict[str, Callable[[Any], None]] = {
        "name": identity.check_name,
        "birth_date": lambda day: identity.check_birth_date(day, today=timezone.localdate()),
    }
    for field, check in checks.items():
        try:
            if value := values.get(field):
                check(value)
        except ValidationError as error:
            raise Refusal(error.messages[0], field) from None


def require_teaching(batch: Batch, *, by: Any) -> None:
    """An instructor acts on the batches that he or she teaches, whatever else lies in the region."""
    if by.is_only_instructor and not Batch.objects.taught_by(by).filter(pk=batch.pk).exists():
        raise Refusal(_("You are not an instructor of this batch."))


def refuse_wrong_date(on: dt.date, backdating_reason: str, field: str) -> None:
    """A document is dated today, or earlier with a reason; never later."""
    today = timezone.localdate()
    if on > today:
        raise Refusal(_("The date of the document cannot lie in the future."), field)
    if on < today and not backdating_reason.strip():
        raise Refusal(_("Give the reason for a date before today."), "backdating_reason")


def refuse_wrong_signatory(official: Official, office: Office, on: dt.date, field: str) -> None:
    """Whoever signs a paper belongs to the office, may sign for it, and is in office on the date of the paper."""
    if official.office_id != office.pk:
        raise Refusal(_("This official does not belong to the office that signs."), field)
    if not official.can_sign:
        raise Refusal(_("This official does not sign papers."), field)
    refuse_out_of_office(official, on, field)


def refuse_out_of_office(official: Official, on: dt.date, field: str) -> None:
    """The term of the official and the validity of the office itself both cover the day."""
    if not official.is_in_office_on(on):
        words = _("%(name)s was not in office on the date of the document (%(day)s).")
        raise Refusal(words % {"name": official.name, "day": tanggal_layar(on)}, field)
    if not official.office.is_valid_on(on):
        words = _("%(office)s was not valid on the date of the document (%(day)s).")
        raise Refusal(words % {"office": official.office, "day": tanggal_layar(on)}, field)


def read_number(text: str, read: Callable[[str], Any], *, field: str) -> str:
    """What `read` makes of a number that was typed; "" stays "". Its complaint becomes a refusal at the field."""
    if not text.strip():
        return ""
    try:
        return str(read(text))
    except ValidationError as error:
        raise Refusal(error.messages[0], field) from None  # no chain: the number would stand in the traceback


def read_phone(text: str, *, field: str = "phone") -> str:
    return read_number(text, identity.parse_phone, field=field)


def read_identity(kind: str, number: str, *, on_record: str = "", fields: str = "identity") -> tuple[str, str]:
    """The kind and the number of somebody who signs, the number in its own form; one that is not known yet may stay empty.

    A NIK on record is never shown in a form, so nobody could type it back: an empty number keeps it.
    """
    kinds = Official.IdentityKind
    if kind == kinds.NONE:
        if number.strip():
            raise Refusal(_("Say what kind of number this is."), f"{fields}_kind")
        return kind, ""
    if kind == kinds.NIK and not number.strip():
        return kind, on_record
    readers: dict[str, Callable[[str], Any]] = {
        kinds.NIP: lambda text: identity.parse_nip(text).digits,
        kinds.NRP: identity.parse_nrp,
        kinds.NIK: lambda text: identity.parse_nik(text, demo=settings.DEMO_MODE or _same(text, on_record)).digits,
    }
    return kind, read_number(number, readers[kind], field=f"{fields}_number")


def read_nip(text: str, *, field: str) -> str:
    return read_number(text, lambda typed: identity.parse_nip(typed).digits, field=field)


def _same(text: str, digits: str) -> bool:
    return bool(digits) and "".join(filter(str.isdigit, text)) == digits


def read_nik(text: str, *, field: str = "nik", accepts_example: bool = False) -> identity.Nik | None:
    """A structurally sound NIK, or None for nothing typed. Example numbers pass in demo mode, or when they are on record already."""
    if not text.strip():
        return None
    try:
        return identity.parse_nik(text, demo=settings.DEMO_MODE or accepts_example)
    except ValidationError as error:
        raise Refusal(error.messages[0], field) from None

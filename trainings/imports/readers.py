"""Readers of cells that only this app knows: numbers from cards, places, telephones."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from phonenumbers import PhoneMetadata

from ikm_program.searching import normalised
from ikm_program.sheets.cells import Reader, day, identifier, shown, text
from trainings import identity
from trainings.models import Region

_ORDINARY_MOBILE: Final = re.compile(r"(?:\+?62|0)(8[0-9]{8,11})")
_BLANKS: Final = re.compile(r"[\s.\-]+")


def _mobile_pattern() -> re.Pattern[str]:
    metadata = PhoneMetadata.metadata_for_region("ID")
    assert metadata is not None
    assert metadata.mobile is not None
    return re.compile(metadata.mobile.national_number_pattern or "")


_MOBILE: Final = _mobile_pattern()  # the library's own word on what is a number; asking it in full costs fifty times as much


def _parse_phone(text: str) -> str:
    ordinary = _ORDINARY_MOBILE.fullmatch(_BLANKS.sub("", text))
    if ordinary and _MOBILE.fullmatch(ordinary[1]):
        return f"+62{ordinary[1]}"
    return identity.parse_phone(text)


def person_name() -> Reader:
    words = text(120)

    def read(value: Any) -> str:
        identity.check_name(name := words(value))
        return str(name)

    return read


def birth_date() -> Reader:
    any_day = day()

    def read(value: Any) -> str:
        born_on: str = any_day(value)
        identity.check_birth_date(dt.date.fromisoformat(born_on), today=timezone.localdate())
        return born_on

    return read


def nik() -> Reader:
    return identifier(lambda text: identity.parse_nik(text, demo=settings.DEMO_MODE).digits)


def npwp() -> Reader:
    return identifier(lambda text: identity.parse_npwp(text, demo=settings.DEMO_MODE))


def nib() -> Reader:
    return identifier(identity.parse_nib)


def kbli() -> Reader:
    return identifier(identity.parse_kbli)


def phone() -> Reader:
    return identifier(_parse_phone)


def record_key() -> Reader:
    """The hidden number of a record in a row that we have prefilled."""

    def read(value: Any) -> int:
        digits = shown(value)
        if not digits.isdecimal() or len(digits) > 18:
            raise ValidationError(_("The hidden key of this row is damaged. Download the workbook again."))
        return int(digits)

    return read


def district_words() -> Reader:
    """A district as it was written; which one it is, the intake knows (see `Districts`)."""

    def read(value: Any) -> str:
        if isinstance(value, float) and not isinstance(value, bool):  # 63.01 typed as a number
            return f"{value:.2f}" if value < 100 else f"{value:.0f}"
        return shown(value)

    return read


class Districts:
    """The districts a person may write for: by code, whole name, or the name without its kind where no two share it; never by less."""

    def __init__(self, by: Any) -> None:
        self.by = by

    @cached_property
    def known(self) -> dict[str, Region]:
        found: dict[str, Region] = {}
        for region in Region.objects.districts().select_related("parent"):
            code = region.kemendagri_code
            for word in (code, code.replace(".", ""), region.name, region.name.replace("Kabupaten", "Kab"), region.short_name):
                found.setdefault(normalised(word), region)
        bare: dict[str, list[Region]] = {}
        for region in {*found.values()}:
            bare.setdefault(normalised(region.name.removeprefix("Kabupaten ").removeprefix("Kota ")), []).append(region)
        return {name: regions[0] for name, regions in bare.items() if len(regions) == 1} | found

    def name_of(self, value: Any) -> str:
        """A district by its key; words that named none stay as they were."""
        return self._names.get(value, str(value))

    def region(self, pk: Any) -> Region:
        """A district by its key."""
        return next(region for region in self.known.values() if region.pk == pk)

    @cached_property
    def _names(self) -> dict[Any, str]:
        return {region.pk: region.name for region in self.known.values()}

    @cached_property
    def own(self) -> Region | None:
        """Of whoever works for one district, it goes without saying."""
        region: Region | None = self.by.region
        return region if region is not None and region.is_district else None

    def read(self, words: str) -> Region:
        """Raises `ValidationError`; another office's district is refused like one that does not exist is not."""
        region = self.known.get(normalised(words)) or self.known.get(normalised(words).replace(" ", ""))
        if region is None:
            raise ValidationError(_("There is no kabupaten/kota “%(words)s”. Write its code or its full name.") % {"words": words})
        if self.by.region is None or not self.by.region.covers(region):
            raise ValidationError(_("%(region)s lies outside your region.") % {"region": region})
        return region

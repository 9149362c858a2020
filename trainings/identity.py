"""Numbers that identify people, firms and trades: how they are read, checked and shown.

A parser takes what was typed and returns the number, or raises a `ValidationError` in words. Comparisons with other fields of the form
give `Problem`s, because some of them only warn. No message ever carries the number itself: messages end up in logs.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import phonenumbers
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# Kemendagri codes of the 38 provinces; a NIK keeps the code of its first registration for ever.
PROVINCE_CODES: Final = frozenset(
    {*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 97)}
)
MINIMUM_APPOINTMENT_AGE: Final = 18
YOUNGEST, OLDEST = 15, 100  # years, of a participant
SMALL_WORKERS_MAX: Final = 19
SMALL_INVESTMENT_BELOW: Final = 1_000_000_000
MEDIUM_INVESTMENT_MAX: Final = 15_000_000_000
INDONESIA_SOUTH, INDONESIA_NORTH, INDONESIA_WEST, INDONESIA_EAST = -12, 7, 94, 142  # degrees, generously

_WOMAN_OFFSET: Final = 40
_EXAMPLE_SEQUENCE: Final = "0000"
_SEPARATORS: Final = re.compile(r"[\s.\-]+")


class Sex(TextChoices):
    MALE = "L", _("Male")
    FEMALE = "P", _("Female")


class KbliEdition(TextChoices):
    """Codes move between editions, so a code means nothing without its edition."""

    E2015 = "2015", "KBLI 2015"
    E2020 = "2020", "KBLI 2020"
    E2025 = "2025", "KBLI 2025"


class IndustryScale(TextChoices):
    """Permenperin 64/M-IND/PER/7/2016; statistics and the small-business law count differently."""

    SMALL = "kecil", _("Small industry")
    MEDIUM = "menengah", _("Medium industry")
    LARGE = "besar", _("Large industry")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a number, in words; a warning can be saved."""

    code: str
    message: _StrPromise
    is_warning: bool = False


@dataclass(frozen=True, repr=False)
class Nik:
    """A structurally sound NIK. It prints masked, so a traceback shows no one's number."""

    digits: str
    sex: Sex
    birth_day: int
    birth_month: int
    birth_year_of_century: int

    def __repr__(self) -> str:
        return f"Nik({mask_nik(self.digits)})"

    @property
    def regency_code(self) -> str:
        """Where it was first registered: "63.01"."""
        return f"{self.digits[:2]}.{self.digits[2:4]}"

    @property
    def is_example(self) -> bool:
        return self.digits.endswith(_EXAMPLE_SEQUENCE)

    def agrees_with(self, born_on: dt.date) -> bool:
        """The century comes from the date entered; a NIK has none."""
        return (self.birth_day, self.birth_month, self.birth_year_of_century) == (born_on.day, born_on.month, born_on.year % 100)


@dataclass(frozen=True)
class Nip:
    """A civil servant's number in the form used since 2007."""

    digits: str
    born_on: dt.date
    appointed_year: int
    appointed_month: int
    sex: Sex

    def __str__(self) -> str:
        return format_nip(self.digits)


# --- NIK -------------------------------------------------------------------------------------------------------------


NIK_DIGITS = 16


def parse_nik(text: str, *, demo: bool = False) -> Nik:
    """Sequence 0000 was never issued to anybody: it marks an example, and only `demo` accepts it."""
    digits = _digits(text)
    if not _is_number(digits, NIK_DIGITS):
        raise ValidationError(_("A NIK has 16 digits."), code="nik_length")
    if int(digits[:2]) not in PROVINCE_CODES:
        raise ValidationError(_("The first two digits of the NIK are not a province code."), code="nik_province")
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    sex = Sex.FEMALE if day > _WOMAN_OFFSET else Sex.MALE
    day -= _WOMAN_OFFSET if sex is Sex.FEMALE else 0
    if not _is_day_of_some_century(day, month, year):
        raise ValidationError(_("The date of birth in the NIK does not exist."), code="nik_date")
    if digits.endswith(_EXAMPLE_SEQUENCE) and not demo:
        raise ValidationError(_("An example NIK (sequence 0000) is accepted in demo mode only."), code="nik_example")
    return Nik(digits, sex, day, month, year)


def nik_problems(
    nik: Nik, *, born_on: dt.date | None = None, sex: str | None = None, region_code: str | None = None, mismatch_accepted: bool = False
) -> list[Problem]:
    """What the NIK says against what was entered. People move and codes change, so the region only warns.

    `mismatch_accepted` is the officer's recorded exception: an old card whose NIK disagrees with the date of birth stays in force.
    """
    problems = []
    if born_on and not nik.agrees_with(born_on):
        problems.append(
            Problem("nik_birth_date", _("The NIK does not agree with the date of birth or the sex entered."), mismatch_accepted)
        )
    if sex and sex != nik.sex:
        problems.append(Problem("nik_sex", _("The NIK does not agree with the date of birth or the sex entered.")))
    if region_code and region_code != nik.regency_code:
        problems.append(
            Problem(
                "nik_region",
                _("The region code of the NIK differs from the participant's regency/city. Check it again (the data can still be saved)."),
                is_warning=True,
            )
        )
    return problems


def mask_nik(text: str) -> str:
    """6301031506850007 -> "630103******0007"; what is not a NIK is hidden whole."""
    return f"{text[:6]}******{text[-4:]}" if _is_number(text, NIK_DIGITS) else "*" * len(text)


# --- people ----------------------------------------------------------------------------------------------------------


def check_name(name: str) -> None:
    if not any(map(str.isalpha, name)):
        raise ValidationError(_("A name has letters."), code="name_letters")


def check_birth_date(born_on: dt.date, *, today: dt.date) -> None:
    if born_on > today:
        raise ValidationError(_("The date of birth cannot lie in the future."), code="birth_future")
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    if age < YOUNGEST:
        raise ValidationError(
            _("By this date of birth the participant is younger than %(years)s. Check it again."),
            code="birth_young",
            params={"years": YOUNGEST},
        )
    if age > OLDEST:
        raise ValidationError(
            _("By this date of birth the participant is older than %(years)s. Check it again."), code="birth_old", params={"years": OLDEST}
        )


# --- numbers of officials --------------------------------------------------------------------------------------------


def parse_nip(text: str) -> Nip:
    digits = _digits(text)
    if not _is_number(digits, 18):
        raise ValidationError(_("A NIP has 18 digits."), code="nip_length")
    try:
        born_on = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise ValidationError(_("The date of birth in the NIP does not exist."), code="nip_date") from None
    if not 1 <= int(digits[12:14]) <= 12:
        raise ValidationError(_("The month of appointment in the NIP does not exist."), code="nip_appointment")
    sexes = {"1": Sex.MALE, "2": Sex.FEMALE}
    if digits[14] not in sexes:
        raise ValidationError(_("The fifteenth digit of a NIP is 1 (man) or 2 (woman)."), code="nip_sex_digit")
    return Nip(digits, born_on, int(digits[8:12]), int(digits[12:14]), sexes[digits[14]])


def nip_warning(text: str) -> str:
    """What is odd about an official's NIP, or "". It only warns: it is the general rule, and no rule was found without exceptions."""
    nip = parse_nip(text)
    if (nip.appointed_year, nip.appointed_month) >= (nip.born_on.year + MINIMUM_APPOINTMENT_AGE, nip.born_on.month):
        return ""
    return str(_("By this NIP its holder was appointed before the age of 18. Check it again."))


def format_nip(digits: str) -> str:
    """As it is printed: 19860926 201505 1 001."""
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}" if _is_number(digits, 18) else digits


def parse_nrp(text: str) -> str:
    """Army, navy, air force and police number differently: digits, sometimes a corps letter after a slash."""
    number = re.sub(r"[\s.\-]+", "", text).upper()
    if not re.fullmatch(r"[0-9]{4,15}(/[A-Z]{1,4})?", number):  # 16 digits are a NIK, and are to be called one
        raise ValidationError(_("An NRP has 4 to 15 digits, optionally followed by a slash and the corps letters."), code="nrp")
    return number


# --- firms -----------------------------------------------------------------------------------------------------------


def parse_npwp(text: str, *, demo: bool = False) -> str:
    """15 digits as in 2020, or 16 as since 2024: a person's NIK, or a zero before the old number."""
    digits = _digits(text)
    if _is_number(digits, 15):
        return digits
    if not _is_number(digits, 16):
        raise ValidationError(_("An NPWP has 15 or 16 digits."), code="npwp_length")
    if not digits.startswith("0"):
        parse_nik(digits, demo=demo)
    return digits


def format_npwp(digits: str) -> str:
    """01.234.567.8-901.000 for the old form; the new one bare, and masked when it is a person's NIK."""
    if _is_number(digits, 15):
        group, number, check, office, branch = digits[:2], digits[2:8], digits[8], digits[9:12], digits[12:]
        return f"{group}.{number[:3]}.{number[3:]}.{check}-{office}.{branch}"
    return digits if digits.startswith("0") else mask_nik(digits)


def parse_nib(text: str) -> str:
    digits = _digits(text)
    if not _is_number(digits, 13):
        raise ValidationError(_("An NIB has 13 digits."), code="nib_length")
    return digits


def parse_kbli(text: str) -> str:
    digits = _digits(text)
    if not _is_number(digits, 5):
        raise ValidationError(_("A KBLI code has 5 digits."), code="kbli_length")
    return digits


def parse_phone(text: str) -> str:
    """An Indonesian number in any of the ways people write it, as +62..."""
    refusal = ValidationError(_("Enter an Indonesian telephone number, for example 0812-3456-7890 or 0511-470002."), code="phone")
    if re.search(r"[^\d\s+().\-/]", text):  # the library would read letters as a keypad
        raise refusal
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        raise refusal from None
    if number.country_code != 62 or not phonenumbers.is_valid_number(number):
        raise refusal
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def format_phone(number: str) -> str:
    """As it is dialled here: 0812-3456-7890."""
    try:
        parsed = phonenumbers.parse(number, "ID")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def industry_scale(workers: int | None, investment: int | Decimal | None) -> IndustryScale | None:
    """Investment leaves out land and building. Not known yet is not small."""
    if workers is None or investment is None:
        return None
    if workers < 0 or investment < 0:
        raise ValueError("workers and investment are counted from zero")
    if workers > SMALL_WORKERS_MAX:
        return IndustryScale.MEDIUM if investment <= MEDIUM_INVESTMENT_MAX else IndustryScale.LARGE
    return IndustryScale.SMALL if investment < SMALL_INVESTMENT_BELOW else IndustryScale.MEDIUM


def scale_reason(workers: int | None, investment: int | Decimal | None) -> str:
    """Which two lines of the rule decided; "" while the scale is not known."""
    if workers is None or investment is None:
        return ""
    people = _("at most 19 workers") if workers <= SMALL_WORKERS_MAX else _("20 workers or more")
    if workers <= SMALL_WORKERS_MAX:
        money = _("investment below Rp1 billion") if investment < SMALL_INVESTMENT_BELOW else _("investment of Rp1 billion or more")
    else:
        money = _("investment up to Rp15 billion") if investment <= MEDIUM_INVESTMENT_MAX else _("investment above Rp15 billion")
    return f"{people}, {money}"


# --- places ----------------------------------------------------------------------------------------------------------


def parse_village_code(text: str) -> str:
    """A Kemendagri code below the regency, as far as it is known: "63.01.03" (sub-district) or "63.01.03.2001" (village)."""
    digits = _digits(text)
    if not (_is_number(digits, 6) or _is_number(digits, 10)):
        raise ValidationError(
            _("A village code has 10 digits, that of a sub-district 6: 63.01.03.2001 or 63.01.03."), code="village_length"
        )
    if int(digits[:2]) not in PROVINCE_CODES:
        raise ValidationError(_("The first two digits of the code are not a province code."), code="village_province")
    return ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part)


def parse_coordinates(text: str) -> tuple[Decimal, Decimal]:
    """Latitude and longitude as maps copy them: "-3.797000, 114.770000"; a decimal comma goes with a semicolon or a space between."""
    numbers = re.fullmatch(r"\s*(-?\d{1,3}(?:[.,]\d+)?)\s*[;,\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*", text.replace("\N{MINUS SIGN}", "-"))
    if numbers is None:
        raise ValidationError(_("Write latitude and longitude, for example -3.797000, 114.770000."), code="coordinates")
    latitude, longitude = (round(Decimal(number.replace(",", ".")), 6) for number in numbers.groups())
    if not (INDONESIA_SOUTH <= latitude <= INDONESIA_NORTH and INDONESIA_WEST <= longitude <= INDONESIA_EAST):
        raise ValidationError(_("This place is not in Indonesia. Latitude comes first: -3.797000, 114.770000."), code="coordinates_place")
    return latitude, longitude


# --- what the parsers share ------------------------------------------------------------------------------------------


def _digits(text: str) -> str:
    """Numbers are typed from cards, with the card's spaces, dots and dashes."""
    return _SEPARATORS.sub("", text)


def _is_number(text: str, length: int) -> bool:
    # Not str.isdigit: that accepts the digits of every script.
    return len(text) == length and re.fullmatch(r"[0-9]+", text) is not None


def _is_day_of_some_century(day: int, month: int, year_of_century: int) -> bool:
    return any(_is_day(century + year_of_century, month, day) for century in (1900, 2000))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True

"""One cell, read strictly: what a column expects is compiled once, then asked a million times.

A reader takes what stood in the cell (never an empty one) and gives a value that JSON can hold, or raises a `ValidationError` in words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import MOST_RUPIAH, QuantityField, RupiahField
from ikm_program.searching import normalised
from ikm_program.sheets.reading import FORMULA

Reader = Callable[[Any], Any]
Choice = tuple[str, str | Promise]

EXACT_DIGITS: Final = 15  # a spreadsheet keeps fifteen digits of a number and makes the rest zeros
_MONTH_NAMES: Final = (
    "januari jan", "februari feb pebruari", "maret mar", "april apr", "mei", "juni jun", "juli jul", "agustus agt ags agu",
    "september sep sept", "oktober okt", "november nov nop nopember", "desember des",
)  # fmt: skip
MONTHS: Final = {name: month for month, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?")
_NUMERIC_DAY: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_WRITTEN_DAY: Final = re.compile(r"(\d{1,2})[ \-]([A-Za-z]+)\.?[ \-](\d{4})")
_COORDINATE: Final = re.compile(r"-?\d{1,3}(?:[.,]\d{1,9})?")
_ERRORS: Final = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")
YES: Final = frozenset({"ya", "y", "yes", "ada", "benar", "true", "1", "v", "aktif"})
NO: Final = frozenset({"tidak", "t", "no", "n", "belum", "tidak ada", "salah", "false", "0", "x", "nonaktif", "tidak aktif"})


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: Any) -> str:
    """A cell as its sender saw it, for the page that shows what is wrong."""
    if type(value) is str:
        return visible(value)
    if value is FORMULA:
        return "=…"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:g}".replace(".", ",")
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    return visible(str(value))


def visible(words: str) -> str:
    """With one blank where there are blanks of any kind, and without what nobody sees: a NUL ends up in no database."""
    if words.isprintable() and "  " not in words:  # of all blanks only the ordinary one is printable
        return words.strip()
    words = " ".join(words.split())
    return words if words.isprintable() else " ".join("".join(letter for letter in words if letter.isprintable()).split())


def text(max_length: int) -> Reader:
    """Words, with their blanks (non-breaking ones too) brought to one."""

    def read(value: Any) -> str:
        words = visible(value) if type(value) is str else _as_text(value)
        if words[:1] == "#":
            _refuse_odd(words, _("a text"))
        if len(words) > max_length:
            raise ValidationError(_("At most %(limit)s characters; these are %(length)s.") % {"limit": max_length, "length": len(words)})
        return words

    return read


def identifier(parse: Callable[[str], str]) -> Reader:
    """A number that names somebody or something. As a number of the sheet it has been rounded when it is long: never guessed."""

    def read(value: Any) -> str:
        if type(value) is str:
            return parse(visible(value))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if abs(value) >= 10 ** (EXACT_DIGITS - 1) or not float(value).is_integer():
                raise ValidationError(
                    _(
                        "This cell is a number, and a spreadsheet rounds long numbers: the last digits are lost. "
                        "Format the column as text and type it again."
                    )
                )
            return parse(str(int(value)))
        return parse(_as_text(value))

    return read


def whole_number(*, at_least: int = 0, at_most: int | None = None, field: type[QuantityField] = QuantityField) -> Reader:
    """As an office writes it: 1500 or 1.500. Decimals are refused, not rounded."""
    typed = field(min_value=at_least, max_value=at_most)

    def read(value: Any) -> int:
        if type(value) is float or type(value) is int:
            if value != value or value in (float("inf"), float("-inf")) or (type(value) is float and not value.is_integer()):
                raise ValidationError(typed.error_messages["decimal"])
            number = int(value)
            if number < at_least or (at_most is not None and number > at_most):
                typed.run_validators(number)
            return number
        _refuse_odd(value, _("a whole number, for example 1500"))
        return int(typed.clean(str(value)))

    return read


def money(*, at_most: int = MOST_RUPIAH) -> Reader:
    return whole_number(at_most=at_most, field=RupiahField)


def coordinate(least: int, most: int) -> Reader:
    """Degrees with a comma or a point: no thousands can be meant."""

    def read(value: Any) -> str:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            degrees = float(value)
        else:
            _refuse_odd(value, _("degrees, for example -3,819"))
            written = str(value).strip().replace("\N{MINUS SIGN}", "-")
            if not _COORDINATE.fullmatch(written):
                raise ValidationError(_("Write degrees, for example -3,819."))
            degrees = float(written.replace(",", "."))
        if not least <= degrees <= most:
            raise ValidationError(
                _("This place is not in Indonesia: degrees lie between %(least)s and %(most)s.") % {"least": least, "most": most}
            )
        return f"{degrees:.6f}"

    return read


def day() -> Reader:
    """A day, kept in ISO form. What could be read in two ways, or without its century, is refused."""

    def read(value: Any) -> str:
        if isinstance(value, dt.datetime):
            return value.date().isoformat()
        if isinstance(value, dt.date):
            return value.isoformat()
        if type(value) is str and (found := _day_of(" ".join(value.split()))):
            return found.isoformat()
        _refuse_odd(value, _("a date, for example 15/06/2020"))
        raise ValidationError(_("Write the date as 15/06/2020, 2020-06-15 or 15 Juni 2020."))

    return read


def _day_of(words: str) -> dt.date | None:
    try:
        if match := _ISO.fullmatch(words):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := _NUMERIC_DAY.fullmatch(words):
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        if (match := _WRITTEN_DAY.fullmatch(words)) and (month := MONTHS.get(match[2].lower())):
            return dt.date(int(match[3]), month, int(match[1]))
    except ValueError:
        raise ValidationError(_("There is no such day.")) from None
    return None


def choice(choices: Iterable[Choice], others: Mapping[str, str] | None = None) -> Reader:
    """One of the words of a list, in any of the ways people write it."""
    choices = [(value, label) for value, label in choices]
    known: dict[str, str] = {}

    def read(value: Any) -> str:
        if not known:  # labels speak the language of the moment: both the stored word and the shown one count
            known.update({normalised(word): code for word, code in (others or {}).items()})
            known.update({normalised(str(label)): code for code, label in choices})
            known.update({normalised(code): code for code, _label in choices})
        found = known.get(normalised(_as_text(value)))
        if found is None:
            raise ValidationError(_("Choose one of: %(choices)s.") % {"choices": ", ".join(str(label) for _code, label in choices)})
        return found

    return read


def yes_no() -> Reader:
    def read(value: Any) -> bool:
        if isinstance(value, bool):
            return value
        word = normalised(_as_text(value))
        if word in YES:
            return True
        if word in NO:
            return False
        raise ValidationError(_("Write “ya” or “tidak”."))

    return read


def _as_text(value: Any) -> str:
    _refuse_odd(value, _("a text"))
    return shown(value)


def _refuse_odd(value: Any, expected: Any) -> None:
    if value is FORMULA:
        raise ValidationError(_("This cell is a formula. Copy it and paste the value only."))
    if isinstance(value, str) and value.strip() in _ERRORS:
        raise ValidationError(_("The spreadsheet itself shows an error here; expected is %(expected)s.") % {"expected": expected})
    if isinstance(value, (dt.time, dt.timedelta)):
        raise ValidationError(_("This cell holds a time; expected is %(expected)s.") % {"expected": expected})

"""Document numbers as each office writes them: `{klas}/{urut:3}/{jenis}-{unit}/{instansi}/{bulan_romawi}/{tahun}`.

The pattern is typed by people, so it is parsed here and never handed to `str.format`, which would let it read attributes.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import bulan_romawi

TOKENS: Final = ("klas", "urut", "jenis", "unit", "instansi", "bulan", "bulan_romawi", "tahun")
REQUIRED: Final = ("urut", "tahun")  # the register counts per year: without both, two documents would share a number

_TOKEN: Final = re.compile(r"\{([^{}]*)\}")
_PADDED: Final = re.compile(r"urut:([1-9])")


def validate(pattern: str) -> None:
    """For the form and the model field where an office keeps its pattern."""
    tokens = _TOKEN.findall(pattern)
    if set("{}") & set(_TOKEN.sub("", pattern)):
        raise ValidationError(_("A brace in the number pattern is not closed or not opened."), code="brace")
    for token in tokens:
        if _name(token) not in TOKENS:
            raise ValidationError(
                _("The number pattern does not know {%(token)s}. It knows %(known)s."),
                code="unknown_token",
                params={"token": token, "known": ", ".join(f"{{{name}}}" for name in TOKENS)},
            )
    for name in REQUIRED:
        if name not in map(_name, tokens):
            raise ValidationError(_("The number pattern must contain {%(token)s}."), code="missing_token", params={"token": name})


def render(pattern: str, *, sequence: int, classification: str, kind: str, unit: str, office: str, on: dt.date) -> str:
    """The number of the document that takes `sequence` in the register, dated `on`."""
    validate(pattern)
    if sequence < 1:
        raise ValueError("a register counts from 1")
    values = {
        "klas": classification,
        "jenis": kind,
        "unit": unit,
        "instansi": office,
        "bulan": f"{on.month:02d}",
        "bulan_romawi": bulan_romawi(on),
        "tahun": str(on.year),
    }

    def written(match: re.Match[str]) -> str:
        token = match[1]
        if _name(token) == "urut":
            return f"{sequence:0{_width(token)}d}"
        if not values[token]:
            raise ValueError(f"a number with a hole: nothing was given for {token}")
        return values[token]

    return _TOKEN.sub(written, pattern)


def _name(token: str) -> str:
    return "urut" if _PADDED.fullmatch(token) else token


def _width(token: str) -> int:
    match = _PADDED.fullmatch(token)
    return int(match[1]) if match else 1

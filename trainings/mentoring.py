"""What a business is mentored for, declared once: the steps of each kind, the licence it ends in, how long it takes, how many a year."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class MentoringKind(models.TextChoices):
    HALAL = "halal", _("Halal certificate")
    PIRT = "pirt", _("Distribution permit (P-IRT)")
    BPOM = "bpom", _("Distribution permit (BPOM)")
    NUTRITION = "gizi", _("Nutrition facts")
    BRAND = "merek", _("Trademark")
    BBI = "bbi", _("Bangga Buatan Indonesia registration")


@dataclass(frozen=True)
class Step:
    """A step of a kind; `code` stands on record, so it never changes."""

    code: str
    label: Text


@dataclass(frozen=True)
class Declared:
    """A kind of mentoring. Length and capacity hold where a province has recorded none of its own; None: nobody said."""

    kind: MentoringKind
    licence_kinds: tuple[str, ...]  # of `Licence.Kind`: what a passed one ends in, the usual one first
    steps: tuple[Step, ...]
    expected_months: int | None = None
    notice_from: int | None = None  # the so-manieth of a year
    warn_from: int | None = None

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps if step.code == code), None)


# The length and the capacity of halal mentoring are those told on 27 February 2019: up to 10 months, 20 to 40 businesses a year.
_ALL: Final = (
    Declared(
        MentoringKind.HALAL,
        ("halal",),
        (
            Step("seleksi", _("Selection (export quality)")),
            Step("bahan", _("Coaching on process")),
            Step("sjph", _("Halal assurance documents")),
            Step("daftar", _("Registration filed")),
            Step("audit", _("Audit by LPH")),
            Step("fatwa", _("Fatwa session")),
        ),
        expected_months=10,
        notice_from=21,
        warn_from=41,
    ),
    Declared(
        MentoringKind.PIRT,
        ("pirt",),
        (
            Step("penyuluhan", _("Food safety counselling")),
            Step("berkas", _("Documents and label")),
            Step("sarana", _("Inspection of the premises")),
        ),
    ),
    Declared(
        MentoringKind.BPOM,
        ("md", "tr", "na"),
        (
            Step("akun", _("Account and registration of the company")),
            Step("sarana", _("Inspection of the premises")),
            Step("uji", _("Laboratory test")),
            Step("label", _("Assessment of product and label")),
        ),
    ),
    Declared(
        MentoringKind.NUTRITION,
        ("gizi",),
        (
            Step("contoh", _("Sample sent")),
            Step("uji", _("Laboratory test")),
            Step("label", _("Nutrition facts on the label")),
        ),
    ),
    Declared(
        MentoringKind.BRAND,
        ("merek",),
        (
            Step("telusur", _("Search for similar marks")),
            Step("mohon", _("Application")),
            Step("umum", _("Announcement")),
            Step("periksa", _("Substantive examination")),
        ),
    ),
    Declared(
        MentoringKind.BBI,
        ("bbi",),
        (
            Step("data", _("Product data and photos")),
            Step("kurasi", _("Curation")),
            Step("tayang", _("Listed for national promotion")),
        ),
    ),
)
DECLARED: Final[dict[str, Declared]] = {declared.kind.value: declared for declared in _ALL}


def step_label(kind: str, code: str) -> Text:
    """What a recorded step is called; a code that is declared no more stands for itself."""
    step = DECLARED[kind].step(code)
    return step.label if step else code


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Scope, SharedDownward
from trainings.models.office import FIRST_PARTY_TERMS, Office
from trainings.models.region import Validity, ValidityQuerySet, validity_order

MARGINS = (8, 50)  # millimetres: less is cut off by office printers
BOTTOM = 14  # the number and the page stand below the text
LETTERS = (9, 13)  # points


def _between(least: int, most: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(least), MaxValueValidator(most)]


class LetterheadQuerySet(ValidityQuerySet["Letterhead"]):
    def heading(self, office: Office, day: dt.date) -> Letterhead:
        """What heads the office's papers of that day. Until one is recorded, the office's own particulars do."""
        newest_first = F("valid_from").desc(nulls_last=True)
        return self.filter(office=office).valid_on(day).order_by(newest_first, "-pk").first() or particulars_of(office)


class Letterhead(Record, Validity):
    """How an office heads and sets its papers, from when until when. A paper takes the one of its date, and keeps it."""

    class Closing(models.TextChoices):
        """The first words of the last sentence of a record; papers are Indonesian."""

        TRUE = "sebenarnya", "Demikian berita acara ini dibuat dengan sebenarnya"
        RESPONSIBLE = "tanggung_jawab", "Demikian berita acara ini dibuat dengan sebenarnya dan penuh tanggung jawab"
        USED = "dipergunakan", "Demikian berita acara ini dibuat untuk dipergunakan sebagaimana mestinya"

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="letterheads")
    government_line = models.CharField(
        _("first line"), max_length=160, help_text=_("In capitals: PEMERINTAH PROVINSI, KABUPATEN or KOTA, and its name.")
    )
    office_line = models.CharField(_("office as it is headed"), max_length=160)
    address = models.TextField(_("address lines"), max_length=300, blank=True, help_text=_("Each line is printed as a line of its own."))
    contact = models.CharField(_("telephone, e-mail, website"), max_length=200, blank=True)
    city = models.CharField(_("place"), max_length=80)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    arms = models.BinaryField(_("regional arms"), null=True, blank=True, editable=False)
    paper = models.CharField(_("paper"), max_length=2, choices=Office.Paper.choices, default=Office.Paper.F4)
    margin_top = models.PositiveSmallIntegerField(_("upper margin (mm)"), default=15, validators=_between(*MARGINS))
    margin_right = models.PositiveSmallIntegerField(_("right margin (mm)"), default=20, validators=_between(*MARGINS))
    margin_bottom = models.PositiveSmallIntegerField(_("lower margin (mm)"), default=20, validators=_between(BOTTOM, MARGINS[1]))
    margin_left = models.PositiveSmallIntegerField(_("left margin (mm)"), default=25, validators=_between(*MARGINS))
    font_size = models.PositiveSmallIntegerField(_("size of letters (points)"), default=11, validators=_between(*LETTERS))
    first_party_term = models.CharField(_("name of the parties"), max_length=10, choices=FIRST_PARTY_TERMS, default="KESATU")
    copies = models.PositiveSmallIntegerField(_("number of copies"), default=2, validators=_between(1, 9))
    closing = models.CharField(_("closing sentence"), max_length=20, choices=Closing.choices, default=Closing.TRUE)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = SharedDownward("office__region")
    objects = LetterheadQuerySet.as_manager()

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")
        ordering = ("office", "-valid_from", "-pk")
        constraints = [
            validity_order("%(app_label)s_%(class)s_validity_in_order"),
            models.CheckConstraint(
                condition=Q(
                    margin_top__range=MARGINS,
                    margin_right__range=MARGINS,
                    margin_bottom__range=(BOTTOM, MARGINS[1]),
                    margin_left__range=MARGINS,
                    font_size__range=LETTERS,
                    copies__range=(1, 9),
                ),
                name="%(app_label)s_%(class)s_can_be_printed",
                violation_error_message=_("These margins or letters do not leave a page that can be read."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_line} · {self.government_line}"

    @property
    def has_arms(self) -> bool:
        return bool(self.arms)

    @property
    def margins_in_words(self) -> str:
        """Clockwise from the top, as style sheets and printers count."""
        return " · ".join(f"{margin} mm" for margin in self.margins)

    @property
    def margins(self) -> list[int]:
        return [self.margin_top, self.margin_right, self.margin_bottom, self.margin_left]

    def get_absolute_url(self) -> str:
        return reverse("trainings:letterhead_detail", kwargs={"pk": self.pk})


def particulars_of(office: Office) -> Letterhead:
    """What the office's own record makes of a letterhead; not saved."""
    contact = [f"Telepon {office.phone}" if office.phone else "", f"surel {office.email}" if office.email else "", office.website]
    return Letterhead(
        office=office,
        government_line=office.government_line,
        office_line=office.name,
        address=office.address,
        contact=", ".join(part for part in contact if part),
        city=office.city,
        postcode=office.postcode,
        arms=office.arms,
        paper=office.paper,
        first_party_term=office.first_party_term,
    )

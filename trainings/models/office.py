from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program import number_patterns
from ikm_program.models import Record
from ikm_program.scoping import Scope, SharedDownward
from trainings.identity import format_nip, mask_nik
from trainings.models.region import Region, Validity, ValidityQuerySet, validity_order

DEFAULT_NUMBER_PATTERN = "{klas}/{urut:3}/{jenis}-{unit}/{instansi}/{bulan_romawi}/{tahun}"
FIRST_PARTY_TERMS = [("KESATU", "PIHAK KESATU"), ("PERTAMA", "PIHAK PERTAMA")]


class Office(Record, Validity):
    """A dinas with its letterhead. Names change: each version is a row with its validity."""

    class Paper(models.TextChoices):
        A4 = "A4", "A4"
        F4 = "F4", "F4 (215 × 330 mm)"

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="offices")
    name = models.CharField(_("name"), max_length=160)
    abbreviation = models.CharField(_("abbreviation in numbers"), max_length=40)
    government_line = models.CharField(
        _("first line of the letterhead"), max_length=160, help_text=_("In capitals: PEMERINTAH PROVINSI, KABUPATEN or KOTA, and its name.")
    )
    address = models.CharField(_("address"), max_length=250, blank=True)
    city = models.CharField(_("place"), max_length=80, help_text=_("Printed under the letterhead and before dates."))
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(_("website"), max_length=120, blank=True)
    arms = models.BinaryField(_("regional arms"), null=True, blank=True, editable=False)
    paper = models.CharField(_("paper"), max_length=2, choices=Paper.choices, default=Paper.F4)
    first_party_term = models.CharField(
        _("name of the parties"),
        max_length=10,
        choices=FIRST_PARTY_TERMS,
        default="KESATU",
    )
    classification = models.CharField(_("classification code"), max_length=20, default="530")
    unit_code = models.CharField(_("unit code in numbers"), max_length=20, default="IKM")
    number_pattern = models.CharField(
        _("number pattern"), max_length=120, default=DEFAULT_NUMBER_PATTERN, validators=[number_patterns.validate]
    )
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = ValidityQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("region__kemendagri_code", "name")
        constraints = [validity_order("%(app_label)s_%(class)s_validity_in_order")]

    def __str__(self) -> str:
        """With its region, once: an office that was given the whole of its name keeps it."""
        told = self.region.name.casefold() in self.name.casefold()
        return self.name if told else f"{self.name} {self.region.name}"

    @property
    def has_arms(self) -> bool:
        return bool(self.arms)

    def get_absolute_url(self) -> str:
        return reverse("trainings:office_detail", kwargs={"pk": self.pk})


class Official(Record, Validity):
    """A person who may sign for an office, and from when until when."""

    class IdentityKind(models.TextChoices):
        NIP = "nip", "NIP"
        NRP = "nrp", "NRP"
        NIK = "nik", "NIK"
        NONE = "tanpa", _("None")

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="officials")
    name = models.CharField(_("name with titles"), max_length=120)
    identity_kind = models.CharField(_("kind of number"), max_length=5, choices=IdentityKind.choices, default=IdentityKind.NIP)
    identity_number = models.CharField(_("number"), max_length=30, blank=True)
    rank = models.CharField(_("rank and grade"), max_length=80, blank=True)
    position = models.CharField(_("position"), max_length=200)
    can_sign = models.BooleanField(_("may sign handovers"), default=True)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = SharedDownward("office__region")
    objects = ValidityQuerySet.as_manager()

    class Meta:
        verbose_name = _("official")
        verbose_name_plural = _("officials")
        ordering = ("office__region__kemendagri_code", "name")
        constraints = [
            validity_order("%(app_label)s_%(class)s_validity_in_order"),
            models.CheckConstraint(
                condition=~Q(identity_kind="tanpa") | Q(identity_number=""),
                name="%(app_label)s_%(class)s_no_number_without_kind",
                violation_error_message=_("Say what kind of number this is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.position}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:official_detail", kwargs={"pk": self.pk})

    @property
    def shown_number(self) -> str:
        """As it is printed; a NIK never in full."""
        if self.identity_kind == self.IdentityKind.NIK:
            return mask_nik(self.identity_number)
        return format_nip(self.identity_number) if self.identity_kind == self.IdentityKind.NIP else self.identity_number

    def is_in_office_on(self, day: dt.date) -> bool:
        return self.is_valid_on(day)

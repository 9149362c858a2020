from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.scoping import Scope, ScopedQuerySet, SharedDownward

M = TypeVar("M", bound=models.Model)


class ValidityQuerySet(ScopedQuerySet[M]):
    def valid_on(self, day: dt.date) -> Self:
        """Rows whose validity covers the day; an open end counts as unlimited."""
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gte=day))


class Validity(models.Model):
    """From when until when something holds; both ends may be unknown."""

    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_valid_today(self) -> bool:
        return self.is_valid_on(timezone.localdate())

    @property
    def is_over(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    def is_valid_on(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_until is None or day <= self.valid_until)


def validity_order(name: str) -> models.CheckConstraint:
    """The database's own word on the order of the two ends."""
    return models.CheckConstraint(
        condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_from__lte=F("valid_until")),
        name=name,
        violation_error_message=_("The end of validity cannot be before its beginning."),
    )


class RegionQuerySet(ValidityQuerySet["Region"]):
    def districts(self) -> Self:
        return self.filter(kind__in=(Region.Kind.KABUPATEN, Region.Kind.KOTA))

    def below(self, region: Region) -> Self:
        """The region and everything in it."""
        return self.filter(path__startswith=region.path)


class Region(Validity):
    """A country, province, kabupaten or kota. Kemendagri and BPS codes differ outside Kalimantan: match on code, never on name."""

    class Kind(models.TextChoices):
        COUNTRY = "negara", _("Country")
        PROVINCE = "provinsi", _("Province")
        KABUPATEN = "kabupaten", _("Kabupaten")
        KOTA = "kota", _("Kota")

    kemendagri_code = models.CharField(_("Kemendagri code"), max_length=5, unique=True)
    bps_code = models.CharField(_("BPS code"), max_length=4, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40)
    capital = models.CharField(_("capital"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, verbose_name=_("lies in"), related_name="children", null=True, blank=True)
    path = models.CharField(_("path"), max_length=40, unique=True, editable=False)
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=3, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=7, decimal_places=3, null=True, blank=True)
    grid_column = models.PositiveSmallIntegerField(_("column on the tile map"), null=True, blank=True)
    grid_row = models.PositiveSmallIntegerField(_("row on the tile map"), null=True, blank=True)
    area_km2 = models.DecimalField(_("area (km²)"), max_digits=12, decimal_places=3, null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)

    SCOPE: ClassVar[Scope] = SharedDownward("")
    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ("kemendagri_code",)
        constraints = [
            validity_order("%(app_label)s_%(class)s_validity_in_order"),
            models.CheckConstraint(
                condition=Q(kind="negara", kemendagri_code="00")
                | Q(kind="provinsi", kemendagri_code__regex=r"^[1-9][0-9]$")
                | Q(kind="kabupaten", kemendagri_code__regex=r"^[1-9][0-9]\.[0-6][0-9]$")
                | Q(kind="kota", kemendagri_code__regex=r"^[1-9][0-9]\.[7-9][0-9]$"),
                name="%(app_label)s_%(class)s_kind_fits_code",
                violation_error_message=_("The kind does not fit the code: 63 is a province, 63.01 a kabupaten, 63.71 a kota."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("trainings:region_detail", kwargs={"pk": self.pk})

    @property
    def is_district(self) -> bool:
        return self.kind in (self.Kind.KABUPATEN, self.Kind.KOTA)

    @property
    def is_province(self) -> bool:
        return self.kind == self.Kind.PROVINCE

    def covers(self, other: Region) -> bool:
        """Whether `other` is this region or lies in it."""
        return other.path.startswith(self.path)

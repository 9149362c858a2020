from __future__ import annotations

from math import gcd
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet, SharedDownward
from trainings.models import Activity, Programme, Region


class ProductQuerySet(ScopedQuerySet["Product"]):
    def active(self) -> ProductQuerySet:
        return self.filter(is_active=True)

    def made_in(self, activity: Activity) -> ProductQuerySet:
        return self.filter(activities__activity=activity)


class Product(Record):
    """What is made, counted in its stock unit. A pack's content converts it: 3,600 bottles of 250 ml are 900 litres."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40)
    unit = models.CharField(_("stock unit"), max_length=20, help_text=_("set, lembar, botol, buah"))
    pack_size = models.PositiveIntegerField(
        _("content of one unit"), null=True, blank=True, help_text=_("For example 250, when a bottle holds 250 ml.")
    )
    pack_unit = models.CharField(_("unit of the content"), max_length=10, blank=True)
    bulk_unit = models.CharField(_("large unit"), max_length=10, blank=True, help_text=_("For example liter."))
    bulk_factor = models.PositiveIntegerField(
        _("content units in one large unit"), null=True, blank=True, help_text=_("For example 1000 ml in a litre.")
    )
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    attribute = models.CharField(
        _("distinguishing mark"), max_length=80, blank=True, help_text=_("For example a weave or motif of the region.")
    )
    is_free = models.BooleanField(_("handed out free of charge"), default=True)
    condition_of_use = models.CharField(_("condition of use printed on the BAST"), max_length=250, blank=True)
    pieces_per_person_day = models.PositiveIntegerField(
        _("most that one person can make in a day"), null=True, blank=True, help_text=_("Above this the verification queue shows a flag.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="%(app_label)s_%(class)s_coded_once"),
            models.CheckConstraint(
                # "unknown > 0" is neither true nor false, and a check lets that pass: the first half of the second part is needed.
                condition=Q(pack_size__isnull=True, bulk_factor__isnull=True) | Q(pack_size__isnull=False, pack_size__gt=0),
                name="%(app_label)s_%(class)s_bulk_needs_pack",
                violation_error_message=_("Give the content of one unit before its conversion."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("production:product_detail", kwargs={"pk": self.pk})

    @property
    def content(self) -> str:
        """What one unit holds, "250 ml"; empty where nobody said."""
        return f"{jumlah(self.pack_size)} {self.pack_unit}".strip() if self.pack_size else ""

    @property
    def conversion(self) -> str:
        """The smallest whole conversion, "4 botol = 1 liter"; empty where none is declared."""
        if not (self.pack_size and self.bulk_factor):
            return ""
        units = self.bulk_factor // gcd(self.pack_size, self.bulk_factor)
        return f"{jumlah(units)} {self.unit} = {self.in_bulk(units)}"

    def in_bulk(self, quantity: int) -> str:
        """The quantity in the large unit, "900 liter"; empty where no conversion is declared."""
        if not (self.pack_size and self.bulk_factor):
            return ""
        whole, rest = divmod(quantity * self.pack_size, self.bulk_factor)
        decimals = f"{rest / self.bulk_factor:.3f}"[2:].rstrip("0") if rest else ""
        return f"{jumlah(whole)}{',' + decimals if decimals else ''} {self.bulk_unit}"


class ActivityProduct(models.Model):
    """An activity makes a product."""

    activity = models.ForeignKey(Activity, models.PROTECT, verbose_name=_("activity"), related_name="products")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="activities")

    SCOPE: ClassVar[Scope] = SharedDownward("activity__programme__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("product of an activity")
        verbose_name_plural = _("products of an activity")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["activity", "product"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.activity} → {self.product}"


class DistrictProgress(Record):
    """How far a district is with a product: what the office says of the work, beside what the figures say."""

    class Status(models.TextChoices):
        NOT_STARTED = "belum", _("Not started")
        RUNNING = "berjalan", _("In progress")
        DONE = "selesai", _("Finished")

    NEXT: ClassVar = {
        Status.NOT_STARTED: (Status.RUNNING, Status.DONE),
        Status.RUNNING: (Status.DONE, Status.NOT_STARTED),
        Status.DONE: (Status.RUNNING,),
    }
    STATUS_TONES: ClassVar = {Status.NOT_STARTED: "muted", Status.RUNNING: "info", Status.DONE: "ok"}

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("kabupaten/kota"), related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.NOT_STARTED, editable=False)

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress of a district")
        verbose_name_plural = _("progress of the districts")
        ordering = ("product", "region__kemendagri_code")
        constraints = [models.UniqueConstraint(fields=["programme", "product", "region"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.product} · {self.region}"

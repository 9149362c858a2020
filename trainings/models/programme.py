from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Scope, ScopedQuerySet, SharedDownward
from trainings.models.region import Region


class ProgrammeQuerySet(ScopedQuerySet["Programme"]):
    def open(self) -> ProgrammeQuerySet:
        return self.filter(status=Programme.Status.OPEN)


class Programme(Record):
    """A year's programme of one region under one fund: what every target, output and document belongs to."""

    class Fund(models.TextChoices):
        DEKONSENTRASI = "dekonsentrasi", _("Deconcentration fund (APBN)")
        APBN = "apbn", _("APBN (kind not specified)")
        APBN_PUSAT = "apbn_pusat", _("APBN of the ministry")
        APBD_PROVINSI = "apbd_provinsi", _("APBD of the province")
        APBD_KABUPATEN = "apbd_kabupaten", _("APBD of the kabupaten/kota")
        TUGAS_PEMBANTUAN = "tugas_pembantuan", _("Assistance task (TP)")
        DAK_NONFISIK = "dak_nonfisik", _("DAK nonfisik")
        BTT = "btt", _("Unforeseen expenditure (BTT)")
        HIBAH = "hibah", _("Grant or CSR")

    class Status(models.TextChoices):
        OPEN = "dibuka", _("Open")
        CLOSED = "ditutup", _("Closed")

    NEXT: ClassVar = {Status.OPEN: (Status.CLOSED,), Status.CLOSED: (Status.OPEN,)}

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="programmes")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    year = models.PositiveSmallIntegerField(_("fiscal year"))
    fund = models.CharField(_("fund source"), max_length=20, choices=Fund.choices)
    fund_quote = models.CharField(_("fund source as the source words it"), max_length=200, blank=True)
    origin_office = models.CharField(_("fund's office of origin"), max_length=200, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    requires_inspection = models.BooleanField(_("goods are inspected before they can be handed over"), default=False)
    requires_purchase = models.BooleanField(_("goods are bought from the maker before they can be handed over"), default=False)
    is_example = models.BooleanField(_("example data"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN, editable=False)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ("-year", "name")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="%(app_label)s_%(class)s_dates_in_order",
                violation_error_message=_("The end cannot be before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="%(app_label)s_%(class)s_year_is_plausible",
                violation_error_message=_("The fiscal year lies between 2000 and 2100."),
            ),
        ]
        permissions = [("close_programme", "Can open and close a programme")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:programme_detail", kwargs={"pk": self.pk})

    @property
    def reading_order(self) -> tuple[bool, int, int]:
        """The newest first, and what is only for practice last."""
        return self.is_example, -self.year, self.pk

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class ActivityQuerySet(ScopedQuerySet["Activity"]):
    def with_counts(self) -> ActivityQuerySet:
        """How many districts take part, and how many people are enrolled in all."""
        return self.annotate(district_count=Count("districts"), enrolled_count=Sum("districts__enrolled"))


class Activity(Record):
    """A technical guidance (bimbingan teknis) of the programme: what is taught and made."""

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="activities")
    name = models.CharField(_("name"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    is_by_nomination = models.BooleanField(
        _("participants are nominated by the kabupaten/kota and accepted by the province"),
        default=True,
        help_text=_("Otherwise the kabupaten/kota fills its places itself."),
    )
    attendance_share = models.PositiveSmallIntegerField(
        _("share of attendance for a certificate (%)"),
        default=80,
        help_text=_("Who was present on at least this share of the training days earns a certificate."),
    )

    SCOPE: ClassVar[Scope] = SharedDownward("programme__region")
    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ("programme", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="%(app_label)s_%(class)s_named_once",
                violation_error_message=_("This programme already has an activity of that name."),
            ),
            models.CheckConstraint(
                condition=Q(attendance_share__gte=1, attendance_share__lte=100),
                name="%(app_label)s_%(class)s_share_of_days",
                violation_error_message=_("The share of attendance lies between 1 and 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("trainings:activity_detail", kwargs={"pk": self.pk})

    @property
    def product_names(self) -> str:
        """What is made in it; the links belong to production."""
        return ", ".join(str(link.product) for link in self.products.select_related("product"))


class ActivityDistrictQuerySet(ScopedQuerySet["ActivityDistrict"]):
    def with_free_places(self) -> ActivityDistrictQuerySet:
        """A quota that nobody set permits enrolment."""
        return self.filter(Q(quota__isnull=True) | Q(enrolled__lt=F("quota")))


class ActivityDistrict(Record):
    """A district taking part in an activity, why it was chosen, and how many participants it may send (null: nobody said)."""

    activity = models.ForeignKey(Activity, models.PROTECT, verbose_name=_("activity"), related_name="districts")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("kabupaten/kota"), related_name="+")
    reason = models.CharField(_("reason for being chosen"), max_length=250, blank=True)
    quota = models.PositiveIntegerField(_("participant quota"), null=True, blank=True, help_text=_("Leave empty when nobody has set it."))
    enrolled = models.PositiveIntegerField(_("enrolled"), default=0, editable=False)

    SCOPE: ClassVar[Scope] = SharedDownward("activity__programme__region", seen_also=("region",))
    objects = ActivityDistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("participating district")
        verbose_name_plural = _("participating districts")
        ordering = ("activity", "region__kemendagri_code")
        constraints = [
            models.UniqueConstraint(fields=["activity", "region"], name="%(app_label)s_%(class)s_takes_part_once"),
            models.CheckConstraint(
                condition=Q(quota__isnull=True) | Q(enrolled__lte=F("quota")),
                name="%(app_label)s_%(class)s_within_quota",
                violation_error_message=_("The quota cannot be lower than the number of people enrolled."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} · {self.region}"

    @property
    def is_full(self) -> bool:
        return self.quota is not None and self.enrolled >= self.quota

    @property
    def places(self) -> str:
        """ "5 of 7"; without a quota nobody knows of how many."""
        if self.quota is None:
            return gettext("%(enrolled)s · quota not determined") % {"enrolled": self.enrolled}
        return gettext("%(enrolled)s of %(quota)s") % {"enrolled": self.enrolled, "quota": self.quota}

from __future__ import annotations

from typing import ClassVar, cast

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.models import Record
from ikm_program.scoping import Scope, ScopedQuerySet, SharedDownward
from production.models.product import Product
from trainings.models import ActivityDistrict, Programme, Region


class ProductTargetQuerySet(ScopedQuerySet["ProductTarget"]):
    def with_allocation(self) -> ProductTargetQuerySet:
        """How many districts take part and have a target, and what the districts' targets add up to (null: none is set)."""
        takes_part = ActivityDistrict.objects.filter(
            activity__programme=OuterRef("programme"), activity__products__product=OuterRef("product")
        ).order_by()
        counted = takes_part.values("activity__programme").annotate(n=Count("region", distinct=True)).values("n")
        return self.annotate(
            districts_taking_part=Coalesce(Subquery(counted), 0),
            districts_set=Count("districts", filter=Q(districts__quantity__isnull=False)),
            allocated=Sum("districts__quantity"),
        )


class ProductTarget(Record):
    """The programme's total for a product and how it was divided. A total that nobody set is null, never 0."""

    class Weights(models.TextChoices):
        EQUAL = "rata", _("Equal for every district")
        POPULATION = "penduduk", _("By population")
        TYPED = "manual", _("Typed by hand")

    class Ties(models.TextChoices):
        CODE = "kode", _("Lower region code first")
        POPULATION = "penduduk", _("Larger population first")

    class Standing(models.TextChoices):
        PROPOSED = "usulan", _("Proposed")
        DECIDED = "ditetapkan", _("Decided")

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="targets")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="targets")
    total = models.PositiveIntegerField(_("total target"), null=True, blank=True, help_text=_("Leave empty when nobody has set it."))
    is_approximate = models.BooleanField(_("approximate"), default=False)
    weights = models.CharField(_("weights"), max_length=10, choices=Weights.choices, default=Weights.EQUAL)
    ties = models.CharField(_("equal remainders"), max_length=10, choices=Ties.choices, default=Ties.CODE)
    standing = models.CharField(_("standing"), max_length=12, choices=Standing.choices, default=Standing.PROPOSED)
    basis = models.CharField(_("basis"), max_length=200, blank=True, help_text=_("Decree or source of the total."))

    SCOPE: ClassVar[Scope] = SharedDownward("programme__region")
    objects = ProductTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("programme", "product")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "product"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This programme already has a target for this product."),
            )
        ]
        permissions = [("allocate_producttarget", "Can divide a target over the districts")]

    def __str__(self) -> str:
        return f"{self.product} · {self.programme}"

    def get_absolute_url(self) -> str:
        return reverse("production:target_detail", kwargs={"pk": self.pk})

    @property
    def in_bulk(self) -> str:
        """The total in the product's large unit, "3.600 botol = 900 liter"; empty where there is none."""
        bulk = self.product.in_bulk(self.total) if self.total is not None else ""
        return f"{jumlah(self.total or 0)} {self.product.unit} = {bulk}" if bulk else ""

    def participating_districts(self) -> models.QuerySet[Region]:
        """The districts of the programme's activities that make the product, in the order of their codes."""
        taking_part = ActivityDistrict.objects.filter(activity__programme=self.programme_id, activity__products__product=self.product_id)
        districts = Region.objects.filter(pk__in=taking_part.values("region")).order_by("kemendagri_code")
        return cast("models.QuerySet[Region]", districts)


class DistrictTarget(Record):
    """A district's part of a target (null: not set)."""

    target = models.ForeignKey(ProductTarget, models.PROTECT, verbose_name=_("target"), related_name="districts")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("kabupaten/kota"), related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)

    SCOPE: ClassVar[Scope] = SharedDownward("target__programme__region", seen_also=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("district target")
        verbose_name_plural = _("district targets")
        ordering = ("target", "region__kemendagri_code")
        constraints = [models.UniqueConstraint(fields=["target", "region"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.target} · {self.region}"


class PublishedFigure(Record):
    """A figure that somebody published: what it counts, who said it, when it happened, when it was printed.

    It stands beside computed figures and is never mixed with them.
    """

    class Kind(models.TextChoices):
        TARGET = "target", _("Target")
        RESULT = "hasil", _("Result")
        BASELINE = "dasar", _("Baseline")
        CLAIM = "klaim", _("Claim")

    class Topic(models.TextChoices):
        PRODUCTION = "produksi", _("Production of the programme")
        ENTERPRISES = "ikm", _("Number of IKM")
        WORKERS = "pekerja", _("Workers")
        EDUCATION = "pendidikan", _("Education of workers")
        ESTATES = "kawasan", _("Industrial estates")
        OTHER = "lain", _("Other")

    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name=_("programme"), related_name="published_figures", null=True, blank=True,
        help_text=_("Left empty: the figure is about no programme."),
    )  # fmt: skip
    topic = models.CharField(_("topic"), max_length=10, choices=Topic.choices, default=Topic.PRODUCTION)
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="+", null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    definition = models.CharField(_("what it counts"), max_length=250)
    quantity = models.BigIntegerField(_("quantity"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    among = models.BigIntegerField(_("counted in"), null=True, blank=True, help_text=_("In how many, where the source says so: 52 firms."))
    among_unit = models.CharField(_("counted in (unit)"), max_length=20, blank=True)
    quote = models.TextField(_("wording of the source"), blank=True)
    source = models.CharField(_("source"), max_length=200)
    event_on = models.DateField(_("date of the event"), null=True, blank=True)
    published_on = models.DateField(_("date of publication"), null=True, blank=True)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ("-published_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(among__isnull=True, among_unit="") | (Q(among__isnull=False) & ~Q(among_unit="")),
                name="%(app_label)s_%(class)s_counted_in_what",
                violation_error_message=_("Say in how many of what it was counted, or leave both empty."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=False) | ~Q(quote="") | Q(topic="produksi"),
                name="%(app_label)s_%(class)s_says_something",
                violation_error_message=_("A source that names no number is quoted in its own words."),
            ),
            models.CheckConstraint(
                condition=~Q(topic="produksi") | Q(programme__isnull=False),
                name="%(app_label)s_%(class)s_production_of_a_programme",
                violation_error_message=_("A figure about production belongs to a programme."),
            ),
        ]

    def __str__(self) -> str:
        return self.definition

    def get_absolute_url(self) -> str:
        return reverse("production:published_figure_detail", kwargs={"pk": self.pk})

    @property
    def figure_words(self) -> str:
        """ "2.829 orang di 52 perusahaan"; "" where the source names no number."""
        if self.quantity is None:
            return ""
        words = f"{jumlah(self.quantity)} {self.unit}".strip()
        if self.among is None:
            return words
        return gettext("%(figure)s in %(among)s") % {"figure": words, "among": f"{jumlah(self.among)} {self.among_unit}"}

    @property
    def citation(self) -> str:
        """The figure as a report quotes it: what it counts, how many, who said so, of which day, printed on which day."""
        said = self.figure_words or f"“{self.quote}”"
        parts = [self.source]
        if self.event_on:
            parts.append(gettext("of %(day)s") % {"day": tanggal_layar(self.event_on)})
        parts.append(
            gettext("published %(day)s") % {"day": tanggal_layar(self.published_on)}
            if self.published_on
            else gettext("date of publication unknown")
        )
        return f"{self.definition}: {said} ({', '.join(parts)})"

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models.enterprise import Enterprise


class ProductLine(Record):
    """What a business makes, and since when: begun with it, or turned to it from something else."""

    class Beginning(models.TextChoices):
        STARTED = "mulai", _("Started with it")
        PIVOTED = "beralih", _("Turned to it")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("IKM business"), related_name="product_lines")
    name = models.CharField(_("what it makes"), max_length=120)
    beginning = models.CharField(_("how it began"), max_length=8, choices=Beginning.choices)
    since = models.DateField(_("makes it since"), null=True, blank=True)
    until = models.DateField(_("made it until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    SCOPE: ClassVar[Scope] = Owned("enterprise__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("product line")
        verbose_name_plural = _("product lines")
        ordering = ("since", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
                name="%(app_label)s_%(class)s_dates_in_order",
                violation_error_message=_("The end cannot be before the beginning."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.enterprise.get_absolute_url()


class WorkforceReport(Record):
    """What somebody said of a business in the pandemic, as of a day: hit or not, and how many workers it kept, furloughed and laid off.

    Furloughed (dirumahkan) and laid off (PHK) are two things. Null: this report does not say; 0: none.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("IKM business"), related_name="workforce_reports")
    as_of = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=200, help_text=_("Who said so: the owner, a visit, a list of the district."))
    is_affected = models.BooleanField(_("affected by the pandemic"), null=True, blank=True)
    kept = models.PositiveIntegerField(_("workers kept"), null=True, blank=True)
    furloughed = models.PositiveIntegerField(_("workers furloughed"), null=True, blank=True)
    laid_off = models.PositiveIntegerField(_("workers laid off"), null=True, blank=True)

    SCOPE: ClassVar[Scope] = Owned("enterprise__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("report on the pandemic")
        verbose_name_plural = _("reports on the pandemic")
        ordering = ("-as_of", "-pk")
        indexes = [models.Index(fields=["enterprise", "as_of"], name="workforce_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_affected__isnull=False) | Q(kept__isnull=False) | Q(furloughed__isnull=False) | Q(laid_off__isnull=False),
                name="%(app_label)s_%(class)s_says_something",
                violation_error_message=_("Fill in at least one of: affected or not, kept, furloughed, laid off."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.as_of:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return self.enterprise.get_absolute_url()


def last_word_on_affected(day: dt.date) -> Subquery:
    """Of a business, by then: whether the pandemic hit it; null where nobody said so or otherwise."""
    said = WorkforceReport.objects.filter(enterprise=OuterRef("pk"), as_of__lte=day, is_affected__isnull=False)
    return Subquery(said.order_by("-as_of", "-pk").values("is_affected")[:1])

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models.region import Region


class SentraQuerySet(ScopedQuerySet["Sentra"]):
    def with_member_count(self) -> SentraQuerySet:
        """How many businesses of the registry name it."""
        return self.annotate(member_count=Count("enterprises"))


class Sentra(Record):
    """A sentra IKM: businesses of the same kind in one place."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("kabupaten/kota"), related_name="sentras")
    name = models.CharField(_("name of the sentra"), max_length=120)
    commodity = models.CharField(_("commodity"), max_length=120, blank=True)
    village = models.CharField(_("village"), max_length=80, blank=True)
    units = models.PositiveIntegerField(_("business units"), null=True, blank=True, help_text=_("As the sentra itself counts them."))
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    coordinator = models.CharField(_("coordinator"), max_length=120, blank=True)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = SentraQuerySet.as_manager()

    class Meta:
        verbose_name = _("sentra")
        verbose_name_plural = _("sentras")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="%(app_label)s_%(class)s_named_once",
                violation_error_message=_("This kabupaten/kota already has a sentra of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("trainings:sentra_detail", kwargs={"pk": self.pk})

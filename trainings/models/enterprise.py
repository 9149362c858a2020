from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.identity import IndustryScale, format_npwp, industry_scale
from trainings.models.region import Region


class Enterprise(Record):
    """A small or medium industry (IKM) of a district."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("kabupaten/kota"), related_name="enterprises")
    name = models.CharField(_("business name"), max_length=160)
    owner_name = models.CharField(_("owner"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    nib = models.CharField("NIB", max_length=13, blank=True)
    npwp = models.CharField("NPWP", max_length=16, blank=True)
    kbli = models.CharField("KBLI", max_length=5, blank=True)
    kbli_edition = models.CharField(_("KBLI edition"), max_length=4, choices=[(y, y) for y in ("2015", "2020", "2025")], default="2015")
    main_product = models.CharField(_("main product"), max_length=120, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    workers_male = models.PositiveIntegerField(_("male workers"), null=True, blank=True)
    workers_female = models.PositiveIntegerField(_("female workers"), null=True, blank=True)
    investment = models.BigIntegerField(_("investment without land and building (Rp)"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("IKM business")
        verbose_name_plural = _("IKM businesses")
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(investment__isnull=True) | models.Q(investment__gte=0),
                name="%(app_label)s_%(class)s_investment_not_negative",
                violation_error_message=_("The investment cannot be negative."),
            ),
            models.UniqueConstraint(
                fields=["region", "nib"],
                condition=~models.Q(nib=""),
                name="%(app_label)s_%(class)s_nib_once",
                violation_error_message=_("This NIB is already registered in this kabupaten/kota."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("trainings:enterprise_detail", kwargs={"pk": self.pk})

    @property
    def workers(self) -> int | None:
        """Men and women together; unknown as long as one of the two is."""
        return None if self.workers_male is None or self.workers_female is None else self.workers_male + self.workers_female

    @property
    def kbli_words(self) -> str:
        """A code means nothing without its edition."""
        return f"{self.kbli} (KBLI {self.kbli_edition})" if self.kbli else ""

    @property
    def shown_npwp(self) -> str:
        return format_npwp(self.npwp)

    @property
    def scale(self) -> IndustryScale | None:
        return industry_scale(self.workers, self.investment)

    @property
    def scale_label(self) -> str | Promise:
        return self.scale.label if self.scale else ""

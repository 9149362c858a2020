from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import desimal_persen
from ikm_program.models import Record
from ikm_program.scoping import Scope, SharedDownward
from trainings.models.batch import Batch
from trainings.models.programme import Activity
from trainings.models.region import Validity, ValidityQuerySet, validity_order

MODES = {Batch.Mode.ONLINE: "for_online", Batch.Mode.CLASS: "for_class", Batch.Mode.VISIT: "for_visit"}
WHOLE = 10_000  # the tax rate is kept in hundredths of a percent


class AllowanceSchemeQuerySet(ValidityQuerySet["AllowanceScheme"]):
    def of_mode(self, mode: str) -> AllowanceSchemeQuerySet:
        return self.filter(**{MODES[Batch.Mode(mode)]: True})


class AllowanceScheme(Record, Validity):
    """What a participant of an activity is given, in which modes of training, at which rate, and from when until when."""

    class Kind(models.TextChoices):
        DAILY = "uang_harian", _("Daily allowance")
        MEALS = "konsumsi", _("Meal allowance")
        QUOTA = "kuota", _("Internet quota aid")

    A_DAY: ClassVar = (Kind.DAILY, Kind.MEALS)  # one or the other for a person-day, never both

    activity = models.ForeignKey(Activity, models.PROTECT, verbose_name=_("activity"), related_name="schemes")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    for_online = models.BooleanField(_("online"), default=False)
    for_class = models.BooleanField(_("in class"), default=False)
    for_visit = models.BooleanField(_("visits to the makers"), default=False)
    rate = models.PositiveBigIntegerField(_("rate (Rp)"), help_text=_("For each day present; the quota once for each participant."))
    tax_rate = models.PositiveSmallIntegerField(
        _("income tax (PPh 21)"), default=0, help_text=_("0 unless the treasurer decides otherwise.")
    )
    account_code = models.CharField(_("account code"), max_length=40, blank=True)
    stipulations = models.TextField(_("stipulations"), blank=True)

    SCOPE: ClassVar[Scope] = SharedDownward("activity__programme__region")
    objects = AllowanceSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment rule")
        verbose_name_plural = _("payment rules")
        ordering = ("activity", "kind", "valid_from", "pk")
        constraints = [
            validity_order("%(app_label)s_%(class)s_validity_in_order"),
            models.CheckConstraint(
                condition=Q(for_online=True) | Q(for_class=True) | Q(for_visit=True),
                name="%(app_label)s_%(class)s_some_mode",
                violation_error_message=_("Say for which modes of training this is paid."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="%(app_label)s_%(class)s_some_rate",
                violation_error_message=_("Fill in the rate."),
            ),
            models.CheckConstraint(
                condition=Q(tax_rate__lt=WHOLE),
                name="%(app_label)s_%(class)s_tax_below_all",
                violation_error_message=_("The tax is less than the whole amount."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.activity}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:activity_detail", kwargs={"pk": self.activity_id})

    @property
    def modes(self) -> str:
        return ", ".join(str(self._meta.get_field(name).verbose_name) for name in MODES.values() if getattr(self, name))  # type: ignore[union-attr]

    @property
    def tax_words(self) -> str:
        """ "0% · tax treatment is decided by the treasurer" """
        return str(_("%(rate)s · the tax treatment is decided by the treasurer")) % {"rate": desimal_persen(self.tax_rate)}

    def applies_on(self, day: dt.date) -> bool:
        return self.is_valid_on(day)


def tax_of(gross: int, tax_rate: int) -> int:
    """Whole rupiah, rounded down in the payee's favour; of an amount paid back as much as was kept of it."""
    tax = abs(gross) * tax_rate // WHOLE
    return tax if gross >= 0 else -tax

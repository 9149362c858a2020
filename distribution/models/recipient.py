from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Scope, SharedDownward
from trainings.models import Region
from trainings.models.region import Validity, ValidityQuerySet, validity_order


class RecipientQuerySet(ValidityQuerySet):
    def called(self, name: str, *, region: Region | int) -> Self:
        """Of this name in this region: one institution, however often it was written down."""
        return self.filter(region=region, name__iexact=name.strip())


class Recipient(Record, Validity):
    """An institution (or the public) that receives goods. A task force has an end: a later date warns, it does not block."""

    class Kind(models.TextChoices):
        DISTRICT_TASK_FORCE = "gtpp_kabupaten", _("Task force of a kabupaten/kota")
        PROVINCE_TASK_FORCE = "gtpp_provinsi", _("Task force of the province")
        GOVERNMENT = "pemda", _("Government of a kabupaten/kota")
        PROVINCE = "pemprov", _("Government of the province")
        HEALTH_OFFICE = "dinkes", _("Health office")
        HOSPITAL = "rumah_sakit", _("Hospital")
        PUSKESMAS = "puskesmas", _("Puskesmas")
        BPBD = "bpbd", _("Disaster management agency (BPBD)")
        RELIGIOUS = "keagamaan", _("Religious institution")
        MEDICS = "tenaga_medis", _("Medical staff")
        PUBLIC = "masyarakat", _("The public")
        MARKET = "pasar", _("Market")
        COOPERATIVE = "koperasi", _("Cooperative or group of businesses")
        SCHOOL = "sekolah", _("School")
        OTHER = "lainnya", _("Another institution")

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="recipients")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=250, blank=True)
    legal_basis = models.CharField(_("decree it acts on"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=250, blank=True)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ("region__kemendagri_code", "kind", "name")
        constraints = [validity_order("%(app_label)s_%(class)s_validity_in_order")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("distribution:recipient_detail", kwargs={"pk": self.pk})

    @property
    def has_ended(self) -> bool:
        """No longer in being today."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record, Tallied
from ikm_program.scoping import Owned, Scope
from ikm_program.searching import Numbers, Searched
from trainings.duplicates import Traits
from trainings.identity import Sex, mask_nik, nik_problems, parse_nik
from trainings.models.enterprise import Enterprise
from trainings.models.region import Region
from trainings.models.resemblance import ResemblingQuerySet


class ParticipantQuerySet(ResemblingQuerySet["Participant"]):
    """People within reach; `resembling` finds whom a new one may be."""


class Participant(Searched, Tallied, Record):
    """A person who is trained, of an enterprise or alone. The NIK is shown masked; in full only by permission."""

    class Education(models.TextChoices):
        NONE = "tidak", _("No school finished")
        PRIMARY = "sd", "SD"
        LOWER = "smp", "SMP"
        UPPER = "sma", "SMA/SMK"
        DIPLOMA = "diploma", _("Diploma")
        BACHELOR = "s1", "S1"
        MASTER = "s2", "S2/S3"

    FOUND_BY: ClassVar[tuple[str, ...]] = ("address", "enterprise_name")
    NUMBERS: ClassVar[Numbers] = {16: ("nik", "trainings.reveal_nik")}

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("kabupaten/kota"), related_name="participants")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("IKM business"), related_name="participants", null=True, blank=True
    )
    name = models.CharField(_("full name"), max_length=120)
    nik = models.CharField("NIK", max_length=16, null=True, blank=True)  # noqa: DJ001  (null: not known yet, several may lack it)
    nik_exception = models.CharField(
        _("why the NIK does not match"),
        max_length=160,
        blank=True,
        help_text=_("For example: NIK does not match the birth date (old KTP)."),
    )
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    education = models.CharField(_("education"), max_length=8, choices=Education.choices, blank=True)
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ("sort_name", "pk")
        indexes = [
            models.Index(fields=["sort_name", "id"], name="participant_by_name"),
            models.Index(fields=["region", "sort_name", "id"], name="participant_by_region"),
            models.Index(fields=["nik"], name="participant_by_nik"),
            models.Index(fields=["phone"], name="participant_by_phone", condition=~Q(phone="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "nik"],
                condition=Q(nik__isnull=False),
                name="%(app_label)s_%(class)s_nik_once",
                violation_error_message=_("This NIK is already registered in this kabupaten/kota."),
            ),
            models.CheckConstraint(
                condition=Q(nik__isnull=True) | Q(nik__regex=r"^[0-9]{16}$"),
                name="%(app_label)s_%(class)s_nik_has_16_digits",
                violation_error_message=_("A NIK has 16 digits."),
            ),
        ]
        permissions = [
            ("reveal_nik", "Can see and export the full NIK"),
            ("merge_participant", "Can merge two records of one person"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("trainings:participant_detail", kwargs={"pk": self.pk})

    TRAIT_COLUMNS: ClassVar[tuple[str, ...]] = ("name", "region_id", "nik", "phone", "address", "sex", "birth_date", "enterprise_id")

    def traits(self) -> Traits:
        """What he or she is recognised by: `TRAIT_COLUMNS`, and nothing else."""
        return Traits(
            kind="participant",
            name=self.name,
            region=self.region_id,
            numbers={"nik": self.nik or "", "phone": self.phone},
            address=self.address,
            sex=self.sex,
            birth_date=self.birth_date,
            enterprise=self.enterprise_id,
        )

    @property
    def enterprise_name(self) -> str:
        return self.enterprise.name if self.enterprise else ""

    @property
    def masked_nik(self) -> str:
        return mask_nik(self.nik) if self.nik else ""

    @property
    def nik_warnings(self) -> list[str | Promise]:
        """What is odd about the NIK and may be right all the same: people move, and codes change."""
        if not self.nik:
            return []
        nik = parse_nik(self.nik, demo=True)  # it was checked when it was recorded
        problems = nik_problems(
            nik, born_on=self.birth_date, sex=self.sex, region_code=self.region.kemendagri_code, mismatch_accepted=bool(self.nik_exception)
        )
        return [problem.message for problem in problems if problem.is_warning]

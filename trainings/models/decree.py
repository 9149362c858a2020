from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal
from ikm_program.models import Record
from ikm_program.scoping import Scope, ScopedQuerySet, SharedDownward
from trainings.models.office import Office


def decree_path(decree: Decree, filename: str) -> str:
    """A random name of our own."""
    suffix = ".pdf" if filename.lower().endswith(".pdf") else ".jpg"
    return f"decrees/{uuid.uuid4().hex}{suffix}"


class Decree(Record):
    """A decree (SK) that names the participants of one batch or several, as its office issued it."""

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("issuing office"), related_name="decrees")
    number = models.CharField(_("number of the decree"), max_length=120)
    issued_on = models.DateField(_("date of the decree"))
    about = models.CharField(_("what the decree is about"), max_length=250)
    file = models.FileField(_("the decree (scan)"), upload_to=decree_path, blank=True, max_length=120, editable=False)
    file_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = SharedDownward("office__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("decree of participants")
        verbose_name_plural = _("decrees of participants")
        ordering = ("-issued_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"],
                name="%(app_label)s_%(class)s_number_once",
                violation_error_message=_("This office already has a decree of that number."),
            ),
            models.CheckConstraint(
                condition=Q(file="", file_sha256="") | (~Q(file="") & ~Q(file_sha256="")),
                name="%(app_label)s_%(class)s_file_hashed",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("trainings:decree_detail", kwargs={"pk": self.pk})

    @property
    def citation(self) -> str:
        """Number and date, as an official paper cites it."""
        return f"Nomor {self.number} tanggal {tanggal(self.issued_on)}"

    @property
    def has_file(self) -> bool:
        return bool(self.file)

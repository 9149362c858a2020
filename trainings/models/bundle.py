from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Job
from ikm_program.scoping import Personal, Scope, ScopedQuerySet

KEPT_FOR = dt.timedelta(days=7)


def expiry() -> dt.datetime:
    return timezone.now() + KEPT_FOR


class BundleQuerySet(ScopedQuerySet["Bundle"]):
    def expired(self, now: dt.datetime) -> BundleQuerySet:
        return self.filter(expires_at__lt=now)


class Bundle(models.Model):
    """Papers that one person asked for together: a ZIP with an index sheet, made by the worker and kept for a week.

    The papers stay where they are; this is a copy to take away. `documents` are the keys asked for, in the order of the index.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="+")
    region_path = models.CharField(max_length=40)  # where the person worked when it was asked for
    title = models.CharField(_("papers"), max_length=300)
    documents = models.JSONField(default=list)
    job = models.OneToOneField(Job, models.PROTECT, verbose_name=_("work"), related_name="bundle", null=True)
    included = models.PositiveIntegerField(_("papers in it"), null=True)  # null until it is made
    size = models.BigIntegerField(_("size"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file = models.FileField(upload_to="bundles", blank=True)
    created_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("kept until"), default=expiry)

    SCOPE: ClassVar[Scope] = Personal("by")
    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("papers to take away")
        verbose_name_plural = _("papers to take away")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("trainings:bundle_list")

    @property
    def is_made(self) -> bool:
        return bool(self.file)

    @property
    def asked(self) -> int:
        return len(self.documents)

    @property
    def file_name(self) -> str:
        return f"dokumen-{timezone.localdate(self.created_at):%Y-%m-%d}-{self.pk}.zip"

    def is_still_for(self, person: Any) -> bool:
        """Made for what this person could see then: somebody who was moved since asks anew."""
        return bool(person.region is not None and person.region.path == self.region_path)

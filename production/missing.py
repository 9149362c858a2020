"""What a batch lacks as far as production knows it: reports of what it made, and photos of them (see `ikm_program.gaps`)."""

from __future__ import annotations

from django.db.models import Exists, Expression, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import gaps
from ikm_program.gaps import Gap
from production.models import ActivityProduct, OutputEntry, OutputPhoto
from trainings.missing import BATCH, of_standing


def nothing_reported() -> Expression:
    """The batch has begun, its activity makes something, and nobody has reported anything."""
    makes = Exists(ActivityProduct.objects.filter(activity=OuterRef("activity")))
    reported = Exists(OutputEntry.objects.reported().filter(batch=OuterRef("pk")))
    return of_standing(gaps.when(Q(starts_on__lte=timezone.localdate()) & makes & ~reported))


def no_photo() -> Expression:
    """Something is reported, and no picture of it came along."""
    reports = OutputEntry.objects.reported().filter(batch=OuterRef("pk"))
    pictured = OutputPhoto.objects.filter(entry__batch=OuterRef("pk"))
    return of_standing(gaps.when(Exists(reports) & ~Exists(pictured)))


def register() -> None:
    gaps.add(BATCH, Gap("belum-lapor", _("no output reported"), nothing_reported, "production.view_outputentry"))
    gaps.add(BATCH, Gap("tanpa-foto", _("no photo of the output"), no_photo, "production.view_outputentry"))

"""Which batches a person records output of."""

from __future__ import annotations

from django.db.models import Q

from production.models import ActivityProduct
from trainings.models import ActivityDistrict, Batch, Enrolment, Participant, Region, User
from trainings.models.batch import BatchQuerySet


def batches_of(user: User) -> BatchQuerySet:
    """The batches of the person's region, those of an ancestor in which the region takes part; an instructor's are the ones taught."""
    taking_part = ActivityDistrict.objects.filter(region=user.region).values("activity")
    within_reach = Q(pk__in=Batch.objects.owned_by(user).values("pk")) | Q(activity__in=taking_part)
    batches: BatchQuerySet = Batch.objects.for_user(user).filter(within_reach)
    return batches.taught_by(user)


def open_batches(user: User) -> BatchQuerySet:
    """Of these, the ones that something can be recorded for now: not cancelled, the programme open, the activity makes something."""
    return batches_of(user).of_open_programmes().standing().filter(activity__in=ActivityProduct.objects.values("activity"))


def district_of(batch: Batch, user: User) -> Region | None:
    """Whose output a report of this batch is when nothing else is said; None: it has to be chosen."""
    return next((region for region in (batch.region, user.region) if region is not None and region.is_district), None)


def makers_of(batch: Batch, district: Region | None) -> list[Participant]:
    """The people enrolled in a batch, of one district where that is known, in the order of their names."""
    enrolments = Enrolment.objects.active().filter(batch=batch)
    if district is not None:
        enrolments = enrolments.filter(participant__region=district)
    makers = Participant.objects.filter(pk__in=enrolments.values("participant"))
    return list(makers.select_related("enterprise", "region").order_by("name", "pk"))

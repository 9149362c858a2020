"""What waits for whom, one question each: the rows behind the work list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from distribution.models import Cancellation, FinalReport, Handover, MonthlyReport, Receipt, ReceiverStatement, Transfer
from production.batches import open_batches
from production.models import MaterialHandover, OutputEntry, Stocktake
from trainings.filters.mentoring import COMING_DAYS
from trainings.models import Batch, Enrolment, IssuedDocument, Licence, PaymentList, Pipeline, Session, SuperiorProduct
from trainings.models.enterprise import LICENCE_ENDS_SOON_DAYS

QUIET_DAYS = 3  # a batch that has begun and said nothing for so long is due a report
ASKED_FOR_DAYS = 30  # after its end nobody expects more of it


def returned(user: Any) -> Any:
    entries: Any = OutputEntry.objects
    return entries.kept_by(user).returned() if user.region.is_district else entries.owned_by(user).returned()


def unsubmitted(user: Any) -> Any:
    """Drafts of the own district; an instructor's are their own."""
    entries: Any = OutputEntry.objects
    return entries.kept_by(user).drafts()


def to_verify(user: Any) -> Any:
    entries: Any = OutputEntry.objects
    return entries.owned_by(user).waiting().exclude(Q(created_by=user) | Q(submitted_by=user))


def quiet_batches(user: Any) -> Any:
    """Batches of the own region that have begun, have not ended long ago, and of which nothing was reported for some days."""
    today = timezone.localdate()
    since, ended = today - dt.timedelta(days=QUIET_DAYS), today - dt.timedelta(days=ASKED_FOR_DAYS)
    said = OutputEntry.objects.exclude(status=OutputEntry.Status.CANCELLED)
    last = said.filter(batch=OuterRef("pk"), region=user.region).order_by("-made_on").values("made_on")[:1]
    begun = open_batches(user).filter(region=user.region, starts_on__lte=since, activity__programme__is_example=False)
    running = begun.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=ended))
    return running.annotate(last_on=Subquery(last)).filter(Q(last_on__isnull=True) | Q(last_on__lt=since))


def nominations(user: Any) -> Any:
    places: Any = Enrolment.objects
    return places.owned_by(user).nominated().filter(activity__programme__status="dibuka")


def unclosed_days(user: Any) -> Any:
    """Training days of the own region that are over, not long ago, and whose attendance is not closed; an instructor's are those taught."""
    today = timezone.localdate()
    days: Any = Session.objects
    due = days.owned_by(user).unrecorded(today).filter(held_on__gte=today - dt.timedelta(days=ASKED_FOR_DAYS))
    return due.filter(batch__in=Batch.objects.of_open_programmes().standing().taught_by(user).values("pk"))


def requests(user: Any) -> Any:
    return Cancellation.objects.owned_by(user).filter(status=Cancellation.Status.REQUESTED)


def others_drafts(model: Any) -> Callable[[Any], Any]:
    """Nobody issues what they drafted themselves."""
    return lambda user: model.objects.owned_by(user).filter(status=model.Status.DRAFT).exclude(created_by=user)


def unreported_surplus(user: Any) -> Any:
    """Pieces that lie in a store of the own region and that no report knows of."""
    counts: Any = Stocktake.objects
    return counts.owned_by(user).with_surplus_to_report()


def arriving(user: Any) -> Any:
    on_the_way: Any = Transfer.objects
    return on_the_way.for_user(user).in_transit().filter(to_store__region__path__startswith=user.region.path).exclude(issued_by=user)


def in_evaluation(user: Any) -> Any:
    """What came here to be evaluated; whoever sent it does not decide on it."""
    transfers: Any = Transfer.objects
    here = transfers.for_user(user).in_evaluation().filter(to_store__region__path__startswith=user.region.path)
    return here.exclude(Q(created_by=user) | Q(edited_by=user) | Q(issued_by=user))


def unacknowledged(user: Any) -> Any:
    handovers: Any = Handover.objects
    return handovers.owned_by(user).awaiting_acknowledgement()


def short_by_link(user: Any) -> Any:
    """Receivers have confirmed less than was handed over: somebody settles where the rest is."""
    rows = unacknowledged(user).filter(statements__link__purpose="penerimaan").distinct()
    return rows.exclude(Q(created_by=user) | Q(edited_by=user))


def unsaid(user: Any) -> Any:
    """Of these no receiver has said anything, not even by a link that less has come: that waits under a heading of its own."""
    statements: Any = ReceiverStatement.objects
    return unacknowledged(user).exclude(pk__in=statements.of_receipt().values("handover"))


def onward_by_link(user: Any) -> Any:
    """Receivers have reported by a link what went further."""
    statements: Any = ReceiverStatement.objects
    return statements.owned_by(user).onward_to_record()


def unproved(user: Any) -> Any:
    """Receipts that wait for their signed scan or photo; not from the drafter, and from whom it was asked."""
    receipts: Any = Receipt.objects
    rows = receipts.owned_by(user).without_evidence().filter(Q(handover__filing_owner=None) | Q(handover__filing_owner=user))
    return rows.exclude(Q(handover__created_by=user) | Q(handover__edited_by=user))


def lists(status: str, *earlier: str, is_recovery: bool | None = None) -> Callable[[Any], Any]:
    """Payment lists at this state, of which the person took none of the earlier steps."""

    def waiting(user: Any) -> Any:
        rows = PaymentList.objects.owned_by(user).filter(status=status)
        rows = rows if is_recovery is None else rows.filter(nature="pengembalian") if is_recovery else rows.exclude(nature="pengembalian")
        for name in earlier:
            rows = rows.exclude(**{name: user})
        return rows

    return waiting


def late_pipelines(user: Any) -> Any:
    pipelines: Any = Pipeline.objects
    return pipelines.owned_by(user).late_on(timezone.localdate())


def next_actions(user: Any) -> Any:
    pipelines: Any = Pipeline.objects
    return pipelines.owned_by(user).coming_within(COMING_DAYS, on=timezone.localdate())


def expiring(user: Any) -> Any:
    licences: Any = Licence.objects
    return licences.owned_by(user).ending_within(LICENCE_ENDS_SOON_DAYS, on=timezone.localdate())


def damaged_files(user: Any) -> Any:
    papers: Any = IssuedDocument.objects
    return papers.owned_by(user).damaged()


def proposals(user: Any) -> Any:
    """The province decides, and never whoever proposed."""
    proposed: Any = SuperiorProduct.objects
    rows = proposed.owned_by(user).waiting()
    return rows.none() if user.region.is_district else rows.exclude(Q(created_by=user) | Q(edited_by=user))


def unsigned(user: Any) -> Any:
    """Monthly reports of the own region; a province leaves those of its districts to their officials."""
    reports: Any = MonthlyReport.objects
    return reports.owned_by(user).waiting().filter(region=user.region).exclude(created_by=user)


def unfinished(user: Any) -> Any:
    reports: Any = FinalReport.objects
    return reports.owned_by(user).drafts().filter(region=user.region).exclude(Q(created_by=user) | Q(edited_by=user))


def material_drafts_of_others(user: Any) -> Any:
    return MaterialHandover.objects.owned_by(user).drafts().exclude(Q(created_by=user) | Q(edited_by=user))


def material_arriving(user: Any) -> Any:
    """What is on its way to this person's side, and was not drafted (nor, between stores, issued) by the same."""
    comes_back = Q(kind=MaterialHandover.Kind.RETURN, other_store=None, store__region__path__startswith=user.region.path)
    ends = reduce(or_, (Q(**{f"{end}__region__path__startswith": user.region.path}) for end in ("batch", "enterprise", "participant")))
    given = Q(kind=MaterialHandover.Kind.GIVING) & ends
    sent = Q(other_store__region__path__startswith=user.region.path) & ~Q(issued_by=user)
    on_their_way = MaterialHandover.objects.for_user(user).on_their_way().filter(comes_back | given | sent)
    return on_their_way.exclude(Q(created_by=user) | Q(edited_by=user))

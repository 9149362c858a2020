"""Certificates for those who were there often enough: numbered papers, one or many at once; a wrong one is cancelled and issued anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import tanggal_layar
from ikm_program.paper_content import Issue
from ikm_program.states import advance
from trainings import registers
from trainings.actions.rules import refuse_wrong_date, refuse_wrong_signatory, require_open, require_within_reach
from trainings.certificates import KIND, SCHEMA, Snapshot, Topic
from trainings.missing import earned
from trainings.models import Attendance, Batch, Certificate, Enrolment, Official, Session
from trainings.snapshots import frame, signer_of


@action("trainings.issue_certificate")
def issue_certificates(
    batch: Batch,
    *,
    by: Any,
    signer: Official,
    issued_on: dt.date,
    place: str,
    enrolments: Iterable[Enrolment],
    backdating_reason: str = "",
) -> list[Certificate]:
    """A certificate for each of these people, in the order of their names: all of them, or none."""
    require_within_reach(batch.region, by=by)
    require_within_reach(signer.office.region, by=by, field="signer")
    require_open(batch.activity.programme)
    _refuse_day(batch, signer, issued_on, backdating_reason)
    chosen = sorted({row.pk for row in enrolments})
    if not chosen:
        raise Refusal(_("Choose at least one participant."), "enrolments")
    list(Enrolment.objects.select_for_update().filter(pk__in=chosen).order_by("pk").values_list("pk"))
    rows = earned(Enrolment.objects.filter(batch=batch, pk__in=chosen))
    entitled = list(rows.select_related("participant__region", "participant__enterprise").order_by("participant__sort_name", "pk"))
    _refuse_unearned(chosen, entitled)
    sessions = sessions_of(batch)
    return [
        _issue(row, batch=batch, sessions=sessions, by=by, signer=signer, issued_on=issued_on, place=place, reason=backdating_reason)
        for row in entitled
    ]


@action("trainings.issue_certificate")
def cancel_certificate(certificate: Certificate, *, by: Any, version: int, reason: str) -> Certificate:
    """A wrong name, for one. The number stays used; the next certificate of this participant gets the next one."""
    require_within_reach(certificate.signer.office.region, by=by)
    records.lock(certificate, version=version)
    if not reason.strip():
        raise Refusal(_("Say why the certificate is cancelled."), "reason")
    return advance(
        certificate, Certificate.Status.CANCELLED, by=by, reason=reason, cancelled_on=timezone.localdate(), cancelled_by=by,
        cancelled_reason=reason.strip(),
    )  # fmt: skip


def sessions_of(batch: Batch) -> list[Session]:
    return list(batch.sessions.prefetch_related("topics__instructor").order_by("held_on"))


def snapshot_of(
    enrolment: Enrolment, *, batch: Batch, sessions: Sequence[Session], signer: Official, on: dt.date, place: str, issue: Issue | None
) -> Snapshot:
    """What the certificate says; without an issue it is a draft."""
    participant = enrolment.participant
    assigned = ", ".join(batch.instructors.order_by("name").values_list("name", flat=True))
    hours = [topic.hours for session in sessions for topic in session.topics.all()]
    with translation.override("id"):
        return Snapshot(
            **frame(KIND, signer.office, on, place, issue, schema=SCHEMA),
            holder=participant.name,
            business=participant.enterprise_name,
            district=participant.region.name,
            activity=batch.activity.name,
            batch=batch.number,
            year=batch.activity.programme.year,
            first_day=sessions[0].held_on.isoformat(),
            last_day=sessions[-1].held_on.isoformat(),
            venue=batch.venue,
            hours=sum(hours) if hours else None,
            days=len(sessions),
            days_present=Attendance.objects.present().filter(enrolment=enrolment, session__batch=batch).count(),
            topics=[
                Topic(
                    topic=topic.topic,
                    date=session.held_on.isoformat(),
                    hours=topic.hours,
                    instructors=topic.instructor.name if topic.instructor else assigned,
                )
                for session in sessions
                for topic in session.topics.all()
            ],
            signer=signer_of(signer),
        )


def _issue(
    enrolment: Enrolment,
    *,
    batch: Batch,
    sessions: Sequence[Session],
    by: Any,
    signer: Official,
    issued_on: dt.date,
    place: str,
    reason: str,
) -> Certificate:
    certificate = records.create(
        Certificate, by=by, enrolment=enrolment, signer=signer, issued_on=issued_on, place=place, backdating_reason=reason
    )

    def content(issue: Issue) -> Snapshot:
        return snapshot_of(enrolment, batch=batch, sessions=sessions, signer=signer, on=issued_on, place=place, issue=issue)

    document = registers.issue_document(
        signer.office, KIND, subject=certificate, on=issued_on, by=by, content=content, regions=[enrolment.participant.region, batch.region]
    )
    return advance(certificate, Certificate.Status.ISSUED, by=by, document=document)


def _refuse_day(batch: Batch, signer: Official, issued_on: dt.date, reason: str) -> None:
    last = batch.sessions.aggregate(last=Max("held_on"))["last"]
    if last is None:
        raise Refusal(_("The batch has no training day yet."))
    if issued_on < last or issued_on > timezone.localdate():
        raise Refusal(_("The date lies between the last training day (%(day)s) and today.") % {"day": tanggal_layar(last)}, "issued_on")
    refuse_wrong_date(issued_on, reason, "issued_on")
    refuse_wrong_signatory(signer, signer.office, issued_on, "signer")


def _refuse_unearned(chosen: Sequence[int], entitled: Sequence[Enrolment]) -> None:
    have = set(Certificate.objects.standing().filter(enrolment__in=chosen).values_list("enrolment", flat=True))
    if have:
        raise Refusal(_("Somebody chosen has a certificate already. Reload the page."), "enrolments")
    if len(entitled) != len(chosen):
        raise Refusal(_("Somebody chosen has not attended often enough, has no place any more, or a day is not closed yet."), "enrolments")

"""Attendance lists to sign, made when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse

from ikm_program import audit
from ikm_program.views import ObjectScreen
from trainings.attendance_sheets import file_name, sheets_pdf
from trainings.models import Batch, Enrolment, InstructorAssignment, Session, SessionTopic
from trainings.views.documents import pdf_response

TOPICS = Prefetch("topics", SessionTopic.objects.select_related("instructor"))
TAUGHT = InstructorAssignment.objects.select_related("instructor").order_by("instructor__name")


class _Sheets(ObjectScreen):
    permission = "trainings.view_attendance"
    place = "trainings:batch_list"

    def people(self, batch: Batch) -> Sequence[Enrolment]:
        """Those with a place, within the own reach, in the order of their names; of a past day also those who had one then."""
        rows = Enrolment.objects.for_user(self.request.user).filter(batch=batch)
        known = Q(status=Enrolment.Status.ACTIVE) | Q(attendances__isnull=False)
        return list(
            rows.filter(known)
            .distinct()
            .select_related("participant__region", "participant__enterprise")
            .order_by("participant__name", "pk")
        )

    def answer(self, batch: Batch, sessions: Sequence[Session], name: str) -> HttpResponse:
        if not sessions:
            raise Http404
        content = sheets_pdf(batch, sessions, self.people(batch))
        audit.record("download", self.object, by=self.request.user, after={"report": "Daftar hadir", "format": "pdf"})
        return pdf_response(content, name)


class BatchSheets(_Sheets):
    """One sheet for each day of the batch."""

    model = Batch
    related = ("activity__programme__region", "region")
    prefetched = (Prefetch("assignments", TAUGHT),)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        days = list(self.object.sessions.prefetch_related(TOPICS).order_by("held_on"))
        for day in days:
            day.batch = self.object
        return self.answer(self.object, days, file_name(self.object))


class SessionSheet(_Sheets):
    """The sheet of one day."""

    model = Session
    related = ("batch__activity__programme__region", "batch__region")
    prefetched = (TOPICS, Prefetch("batch__assignments", TAUGHT))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(self.object.batch, [self.object], file_name(self.object.batch, self.object))

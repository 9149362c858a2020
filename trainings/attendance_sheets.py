"""The attendance list to sign (daftar hadir): one sheet for each training day, before it or after. Not numbered, nothing is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from ikm_program import formatting, pdf
from trainings.identity import format_phone
from trainings.models import Batch, Enrolment, Office, Session
from trainings.snapshots import arms_of, letterhead_of, paper_of

TEMPLATE = "trainings/pdf/attendance_list.html"
MODES = {
    Batch.Mode.VISIT: "Kunjungan instruktur ke tempat peserta",
    Batch.Mode.CLASS: "Tatap muka",
    Batch.Mode.ONLINE: "Daring",
}


def sheets_pdf(batch: Batch, sessions: Sequence[Session], enrolments: Sequence[Enrolment]) -> bytes:
    """Sheets of the days, each with the same people; `sessions` with their topics and `batch` with its assignments at hand."""
    first = sessions[0]
    office = office_of(batch, first)
    letterhead = letterhead_of(office, first.held_on) if office else None
    context = {
        "letterhead": letterhead,
        "activity": batch.activity.name,
        "programme": batch.activity.programme,
        "batch": batch,
        "region": batch.region.name,
        "mode": MODES[Batch.Mode(batch.mode)],
        "is_online": batch.mode == Batch.Mode.ONLINE,
        "city": office.city if office else batch.region.capital,
        "people": [_person(number, row) for number, row in enumerate(enrolments, start=1)],
        "sheets": [_sheet(session, batch) for session in sessions],
        "running": f"Daftar hadir · {batch.activity.name} · Angkatan {batch.number} · {batch.region.short_name}",
    }
    arms = arms_of(office, letterhead) if office else None
    title, paper = f"Daftar Hadir {batch.activity.name}", paper_of(office, first.held_on)
    return pdf.render(TEMPLATE, context, title=title, paper=paper, images={"arms": arms} if arms else None)


def file_name(batch: Batch, session: Session | None = None) -> str:
    day = f"-{session.held_on:%Y-%m-%d}" if session else ""
    return f"daftar-hadir-angkatan-{batch.pk}{day}.pdf"


def office_of(batch: Batch, session: Session) -> Office | None:
    """Whose letterhead it bears: the office of the batch's region on the day, else the one of the programme."""
    for region in (batch.region, batch.activity.programme.region):
        office = Office.objects.filter(region=region).valid_on(session.held_on).order_by("pk").first()
        if office is not None:
            return office
    return None


def _person(number: int, enrolment: Enrolment) -> dict[str, Any]:
    participant = enrolment.participant
    return {
        "number": number,
        "is_odd": number % 2 == 1,
        "name": participant.name,
        "nik": participant.masked_nik,
        "business": participant.enterprise_name,
        "district": participant.region.short_name,
        "phone": format_phone(participant.phone) if participant.phone else "",
    }


def _sheet(session: Session, batch: Batch) -> dict[str, Any]:
    topics = list(session.topics.all())
    named = list(dict.fromkeys(topic.instructor.name for topic in topics if topic.instructor))
    teachers = named or [assignment.instructor.name for assignment in batch.assignments.all()]
    return {
        "day": f"{formatting.nama_hari(session.held_on)}, {formatting.tanggal(session.held_on)}",
        "date": formatting.tanggal(session.held_on),
        "times": f"{session.times} {_zone()}" if session.times else "",
        "place": session.where,
        "topics": [f"{topic.topic} ({topic.hours} JP)" for topic in topics],
        "instructors": ", ".join(teachers),
    }


def _zone() -> str:
    """The office's zone as clocks are read there."""
    return {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}.get(settings.TIME_ZONE, "")

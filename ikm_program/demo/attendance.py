"""Training days, attendance, decrees and visits of the hazmat course. Kotabaru's five days for seven people are reported; every hour, topic
and name is an example, and so are the days of the others."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from ikm_program.demo.facts import CODES, EXAMPLE, LATE_ENTRY, PROVINCE
from ikm_program.demo.people import short
from ikm_program.demo.programme import example_nik
from ikm_program.demo.story import Story
from trainings.actions.attendance import close_day, record_day
from trainings.actions.batches import finish_batch, update_batch
from trainings.actions.certificates import cancel_certificate, issue_certificates
from trainings.actions.decrees import create_decree
from trainings.actions.participants import enrol_new
from trainings.actions.sessions import Topic, attach_scan, plan_days
from trainings.actions.visits import complete_visit, plan_visit, plan_visits
from trainings.models import Batch, Decree, Enrolment, Session, User, Visit

Batches = Mapping[tuple[str, str], Batch]
TALA, KOTABARU, BATOLA = "63.01", "63.02", "63.04"
TOPICS = (
    (1, "Pengenalan bahan dan pola pakaian hazmat", 6),
    (2, "Memotong bahan menurut ukuran", 6),
    (3, "Menjahit bagian atas dan penutup kepala", 8),
    (4, "Menjahit bagian bawah, resleting dan penutupnya", 8),
    (5, "Penyelesaian, pemeriksaan mutu dan pengemasan", 6),
)


@dataclass(frozen=True)
class Course:
    """Five days in a district. `absent`: (day, person), both from 1; days without a signed list; whether the last day is closed."""

    code: str
    first_on: dt.date
    absent: Collection[tuple[int, int]] = ()
    unsigned: Collection[int] = ()
    is_finished: bool = False


RECORDED = (
    Course(KOTABARU, dt.date(2020, 6, 8), absent=((3, 5),), is_finished=True),  # seven people, five days, one absence: 34 person-days
    Course(TALA, dt.date(2020, 6, 8), unsigned=(4, 5)),
    Course(BATOLA, dt.date(2020, 6, 8), absent=((2, 1), (4, 6)), unsigned=(1, 2, 3, 4, 5)),
)
PLANNED_ON = dt.date(2020, 6, 8)
WITHOUT_DAYS = ("63.11",)  # so that the list of what is missing says something
DECREED = tuple(code for code in CODES if code not in ("63.10", "63.11"))


def make(story: Story, batches: Batches) -> None:
    staff = story.people["staf.kalsel"]
    hazmat = {code: batches["hazmat", code] for code in CODES}
    for batch in hazmat.values():
        batch.refresh_from_db()
    _decrees(story, hazmat)
    recorded = {course.code: course for course in RECORDED}
    for code, batch in hazmat.items():
        if code in WITHOUT_DAYS:
            continue
        course = recorded.get(code)
        _plan(batch, course.first_on if course else PLANNED_ON, by=story.officer(code))
        if course:
            _attend(batch, course, by=story.officer(code))
    _letters(hazmat[KOTABARU], by=staff)
    _visits(story, hazmat[TALA])
    _certificates(story, hazmat[KOTABARU])
    _nominated(story, batches)


def _plan(batch: Batch, first_on: dt.date, *, by: User) -> None:
    topics = [Topic(topic=f"{topic} ({EXAMPLE})", hours=hours, instructor=None, day=day) for day, topic, hours in TOPICS]
    plan_days(
        batch, by=by, first_on=first_on, count=5, starts_at=dt.time(8), ends_at=dt.time(15), topics=topics,
        place=f"Tempat usaha peserta, {batch.region.capital or batch.region.short_name} ({EXAMPLE})",
    )  # fmt: skip


def _attend(batch: Batch, course: Course, *, by: User) -> None:
    people = list(batch.enrolments.active().order_by("participant__sort_name", "pk"))
    for number, session in enumerate(batch.sessions.select_related("batch__activity__programme", "batch__region"), start=1):
        marks = {row.pk: "izin" if (number, place) in course.absent else "hadir" for place, row in enumerate(people, start=1)}
        record_day(session, by=by, version=session.version, marks=marks)
        close_day(session, by=by, version=session.version)
        if number not in course.unsigned:
            attach_scan(session, by=by, version=session.version, scan=_scan(session, len(people)))
    batch.refresh_from_db()
    if course.is_finished:
        finish_batch(batch, by=by, version=batch.version)


def _scan(session: Session, people: int) -> ContentFile[bytes]:
    """A picture that says what it stands for: there is no signed list of an example."""
    picture = Image.new("L", (620, 440), 255)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((12, 12, 608, 428), outline=90)
    lines = [f"{EXAMPLE}: DAFTAR HADIR BERTANDA TANGAN", str(session.held_on), f"{people} peserta"]
    for row, line in enumerate(lines):
        draw.text((40, 50 + 34 * row), line, fill=30)
    return _as_file(picture, f"daftar-hadir-{session.held_on}.png")


def _as_file(picture: Image.Image, name: str) -> ContentFile[bytes]:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), name=name)


def _decrees(story: Story, hazmat: Mapping[str, Batch]) -> None:
    """One decree of the province for most districts."""
    picture = Image.new("L", (620, 440), 255)
    ImageDraw.Draw(picture).text((40, 50), f"{EXAMPLE}: KEPUTUSAN PENETAPAN PESERTA", fill=30)
    create_decree(
        Decree, by=story.people["staf.kalsel"], office=story.offices[PROVINCE], number=f"530/{EXAMPLE}/KPTS/DISPERIN/V/2020",
        issued_on=dt.date(2020, 5, 29), about=f"Penetapan peserta Bimbingan Teknis Pembuatan Pakaian Hazmat Tahun 2020 ({EXAMPLE})",
        batches=[hazmat[code] for code in DECREED], file=_as_file(picture, "sk.png"), is_example=True,
    )  # fmt: skip


def _letters(batch: Batch, *, by: User) -> None:
    taught = [
        {"instructor": row.instructor, "letter": f"800/{EXAMPLE}/ST/DISPERIN/VI/2020", "letter_on": dt.date(2020, 6, 5)}
        for row in batch.assignments.select_related("instructor")
    ]
    update_batch(batch, by=by, version=batch.version, instructors=taught)


def _visits(story: Story, batch: Batch) -> None:
    """To everybody after the course; the first has been made, and one is planned for these days."""
    officer, instructor = story.officer(TALA), batch.assignments.get().instructor
    plan_visits(
        batch, by=officer, instructor=instructor, first_on=dt.date(2020, 6, 16), per_day=2, purpose=f"Melihat mutu jahitan ({EXAMPLE})"
    )
    visit = Visit.objects.with_names().filter(enrolment__batch=batch).order_by("visit_on", "pk")[0]
    complete_visit(visit, by=officer, version=visit.version, note=f"Jahitan rapi, resleting perlu penutup ({EXAMPLE}).")
    today = timezone.localdate()
    if batch.activity.programme.ends_on and today > batch.activity.programme.ends_on:
        return
    place = batch.enrolments.active().select_related("participant__region", "batch__activity__programme", "activity__programme").first()
    assert place is not None  # seven people were enrolled
    plan_visit(place, by=officer, instructor=instructor, visit_on=today, purpose=f"Kunjungan lanjutan ({EXAMPLE})")


def _certificates(story: Story, batch: Batch) -> None:
    """Everybody of Kotabaru has attended enough; one name was written wrongly, and that certificate was issued again."""
    official, signer, day = story.official(KOTABARU), story.officials[KOTABARU], dt.date(2020, 6, 15)
    facts = {"signer": signer, "issued_on": day, "place": signer.office.city, "backdating_reason": LATE_ENTRY}
    places = Enrolment.objects.active().filter(batch=batch)
    first, *_others = issue_certificates(batch, by=official, enrolments=places, **facts)
    cancel_certificate(first, by=official, version=first.version, reason=f"Nama salah ditulis ({EXAMPLE}).")
    issue_certificates(batch, by=official, enrolments=places.filter(pk=first.enrolment_id), **facts)


def _nominated(story: Story, batches: Batches) -> None:
    """Banjar's course has a sixth person waiting for the province to decide."""
    code = "63.03"
    batch, district = batches["masker", code], story.regions[code]
    born = dt.date(1990, 7, 17)
    place: Enrolment = enrol_new(
        batch, by=story.officer(code), name=f"Calon peserta {short(district).title()} ({EXAMPLE})", region=district,
        nik=example_nik(district, born, is_woman=True), sex="P", birth_date=born, is_example=True,
    )  # fmt: skip
    assert place.status == Enrolment.Status.NOMINATED

"""Training days, a decree, a visit, somebody nominated and a course with its certificates, for each place of `matrix_world`."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from tests import factories
from trainings.actions.certificates import issue_certificates
from trainings.actions.decrees import create_decree
from trainings.actions.sessions import attach_scan
from trainings.actions.visits import plan_visit
from trainings.models import Batch, Decree, Instructor, Office, Official

if TYPE_CHECKING:
    from tests.matrix_world import Ground, Place


def add_days(place: Place, batch: Batch, instructor: Instructor) -> None:
    """A day of today, and one of yesterday that is closed and signed; a decree, a visit, somebody nominated."""
    officer, mark, today = place.people["petugas_kabupaten"], place.mark, timezone.localdate()
    maker = batch.enrolments.active().get()
    closed = factories.SessionFactory(
        batch=batch, held_on=today - dt.timedelta(days=1), place=f"Balai {mark}", closed_at=timezone.now(), closed_by=officer
    )
    factories.AttendanceFactory(session=closed, enrolment=maker)
    found = {
        "session": factories.SessionFactory(batch=batch, held_on=today, place=f"Balai {mark}"),
        "closed_day": attach_scan(closed, by=officer, version=1, scan=jpeg()),
        "decree": create_decree(
            Decree, by=officer, office=Office.objects.get(**place["office"]), number=f"SK {mark}", issued_on=today,
            about=f"Peserta {mark}", batches=[Batch.objects.get(pk=batch.pk)], file=jpeg(),
        ),
        "visit": plan_visit(maker, by=officer, instructor=instructor, visit_on=today, purpose=f"Melihat {mark}"),
        "nominated": factories.EnrolmentFactory(
            batch=batch, status="diusulkan", participant=factories.ParticipantFactory(region=place.region, name=f"Calon {mark}")
        ),
    }  # fmt: skip
    place.args |= {noun: {"pk": record.pk} for noun, record in found.items()}


def add_course(place: Place, ground: Ground) -> None:
    """A second batch, attended to its end: one certificate is issued, one is earned."""
    yesterday, mark = timezone.localdate() - dt.timedelta(days=1), place.mark
    course = factories.BatchFactory(activity=ground.activity, region=place.region, number=2, venue=f"Aula {mark}")
    people = [factories.ParticipantFactory(region=place.region, name=f"Lulus {mark} {number}") for number in (1, 2)]
    first, _second = [factories.EnrolmentFactory(batch=course, participant=person) for person in people]
    officer = place.people["petugas_kabupaten"]
    session = factories.SessionFactory(batch=course, held_on=yesterday, closed_at=timezone.now(), closed_by=officer)
    for enrolment in course.enrolments.all():
        factories.AttendanceFactory(session=session, enrolment=enrolment)
    official = Official.objects.select_related("office__region").get(**place["official"])
    facts = {"signer": official, "issued_on": timezone.localdate(), "place": mark}
    issued = issue_certificates(course, by=place.people["pejabat_kabupaten"], enrolments=[first], **facts)
    place.args |= {"course": {"pk": course.pk}, "certificate": {"pk": issued[0].pk}}


def jpeg() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "JPEG")
    return SimpleUploadedFile("foto.jpg", content.getvalue(), "image/jpeg")

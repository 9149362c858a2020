"""What a batch still lacks, as far as trainings know it (see `ikm_program.gaps`). A cancelled batch lacks nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, Exists, Expression, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import gaps
from ikm_program.gaps import Gap
from trainings.entitlements import open_presences, under_a_rule
from trainings.models import Attendance, Batch, Certificate, Enrolment, InstructorAssignment, Session

BATCH = "trainings.batch"


def of_standing(lacking: Expression) -> Expression:
    """0 for a batch that was cancelled."""
    return Case(When(status=Batch.Status.CANCELLED, then=Value(0)), default=lacking, output_field=IntegerField())


def no_decree() -> Expression:
    return of_standing(gaps.when(Q(decree__isnull=True)))


def no_decree_file() -> Expression:
    return of_standing(gaps.when(Q(decree__isnull=False, decree__file="")))


def no_instructor() -> Expression:
    return of_standing(gaps.when(~Exists(InstructorAssignment.objects.filter(batch=OuterRef("pk")))))


def no_letter() -> Expression:
    return of_standing(gaps.number_of(InstructorAssignment.objects.filter(letter=""), "batch"))


def no_days() -> Expression:
    return of_standing(gaps.when(~Exists(Session.objects.filter(batch=OuterRef("pk")))))


def nobody() -> Expression:
    return of_standing(gaps.when(~Exists(Enrolment.objects.active().filter(batch=OuterRef("pk")))))


def waiting_nominations() -> Expression:
    return of_standing(gaps.number_of(Enrolment.objects.nominated(), "batch"))


def unclosed_days() -> Expression:
    return of_standing(gaps.number_of(Session.objects.unrecorded(timezone.localdate()), "batch"))


def unsigned_days() -> Expression:
    return of_standing(gaps.number_of(Session.objects.closed().filter(scan=""), "batch"))


def doubled_people() -> Expression:
    """People who have a day of another batch on a day of this one, as the same record or by the same NIK: see `doubles.DoubleDay`."""
    same = Q(participant=OuterRef("participant")) | Q(nik__isnull=False, nik=OuterRef("nik"))
    there = Enrolment.objects.active().filter(same).exclude(batch=OuterRef("batch")).exclude(batch__status=Batch.Status.CANCELLED)
    days = Session.objects.filter(batch=OuterRef(OuterRef("batch"))).values("held_on")
    with_places = Q(status=Enrolment.Status.ACTIVE) & Exists(there.filter(batch__sessions__held_on__in=days))
    return of_standing(gaps.number_of(Enrolment.objects.placed().filter(with_places | Exists(_present_twice())), "batch"))


def _present_twice() -> Any:
    """Present days of an enrolment on which the person was present in another batch too."""
    person = Q(enrolment__participant=OuterRef("enrolment__participant"))
    by_nik = Q(enrolment__nik__isnull=False, enrolment__nik=OuterRef("enrolment__nik"))
    elsewhere = Attendance.objects.present().placed().filter(person | by_nik, session__held_on=OuterRef("session__held_on"))
    elsewhere = elsewhere.exclude(session__batch=OuterRef("session__batch"))
    return Attendance.objects.present().filter(Exists(elsewhere), enrolment=OuterRef("pk"))


def unpaid_days() -> Expression:
    """Person-days that a rule pays for and no live list does."""
    return of_standing(gaps.number_of(under_a_rule(open_presences(Attendance.objects.earning())), "session__batch"))


def counted_by_place(rows: QuerySet[Any], key: str) -> Expression:
    """How many of the rows name the enrolment or its batch."""
    outer = OuterRef("batch") if key == "batch" else OuterRef("pk")
    counted = rows.order_by().filter(**{key: outer}).values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def with_shares(enrolments: Any) -> Any:
    """Enrolments with the days of their batch, how many are still open, and how many the person attended."""
    return enrolments.annotate(
        day_count=counted_by_place(Session.objects.all(), "batch"),
        open_day_count=counted_by_place(Session.objects.filter(closed_at__isnull=True), "batch"),
        present_count=counted_by_place(Attendance.objects.present(), "enrolment"),
    )


def earned(enrolments: Any) -> Any:
    """Those at or above the share of attendance of their activity, once every day is closed."""
    whole = with_shares(enrolments.active()).filter(day_count__gt=0, open_day_count=0)
    return whole.annotate(needed=F("activity__attendance_share") * F("day_count"), attended=F("present_count") * 100).filter(
        attended__gte=F("needed")
    )


def unissued_certificates() -> Expression:
    rows = earned(Enrolment.objects.all()).exclude(Exists(Certificate.objects.standing().filter(enrolment=OuterRef("pk"))))
    return of_standing(gaps.number_of(rows, "batch"))


GAPS = (
    Gap("tanpa-sk", _("no decree of participants"), no_decree, "trainings.view_decree"),
    Gap("berkas-sk", _("the decree's file is missing"), no_decree_file, "trainings.view_decree"),
    Gap(
        "tanpa-peserta", _("nobody has a place"), nobody, "trainings.view_enrolment",
        url_name="trainings:batch_enrol", mended_by="trainings.add_enrolment",
    ),
    Gap("usulan", _("nominations not decided on"), waiting_nominations, "trainings.view_enrolment", is_counted=True, tone="info"),
    Gap(
        "tanpa-instruktur", _("no instructor"), no_instructor, "trainings.view_batch",
        url_name="trainings:batch_update", mended_by="trainings.change_batch",
    ),
    Gap(
        "surat-tugas", _("instructors without an assignment letter"), no_letter, "trainings.view_batch",
        is_counted=True, url_name="trainings:batch_update", mended_by="trainings.change_batch",
    ),
    Gap(
        "tanpa-hari", _("no training days"), no_days, "trainings.view_batch",
        url_name="trainings:days_plan", mended_by="trainings.change_batch",
    ),
    Gap(
        "kehadiran", _("days whose attendance is not closed"), unclosed_days, "trainings.view_attendance",
        is_counted=True, url_name="trainings:batch_attendance", mended_by="trainings.add_attendance",
    ),
    Gap("daftar-hadir", _("days without a signed list"), unsigned_days, "trainings.view_attendance", is_counted=True),
    Gap("rangkap", _("people with two trainings on one day"), doubled_people, "trainings.view_attendance", is_counted=True, tone="danger"),
    Gap(
        "belum-dibayar", _("person-days present and on no locked payment list"), unpaid_days, "trainings.view_paymentlist",
        is_counted=True, url_name="trainings:payment_list", narrowed_by="batch",
    ),
    Gap(
        "sertifikat", _("certificates earned and not issued"), unissued_certificates, "trainings.view_certificate",
        is_counted=True, url_name="trainings:batch_certificates", tone="info",
    ),
)  # fmt: skip


def register() -> None:
    for gap in GAPS:
        gaps.add(BATCH, gap)

"""Training days, who was there, the decrees that name them, and the certificates they earned."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, Q, Sum

from ikm_program.chapters import ATTENDANCE, DECREES, PRESENCE, SCHEDULE, Asked, Block, paragraph, part, table
from ikm_program.formatting import jumlah, persen, tanggal
from ikm_program.reporting import Column, Report
from trainings.chapters.people import NOT_RECORDED, WHAT_IS_HELD, begun_batches, held_days, standing_batches
from trainings.models import Attendance, Batch, Certificate, Decree, SessionTopic

MARKS = {"present": Attendance.Mark.PRESENT, "excused": "izin", "sick": "sakit", "absent": Attendance.Mark.ABSENT}
PLACE_COLUMNS = (
    Column(key="activity", label="Kegiatan", width=6),
    Column(key="district", label="Kabupaten/kota", width=4),
    Column(key="number", label="Angkatan", kind="integer", width=2),
)


def _marks(asked: Asked) -> Any:
    return Attendance.objects.placed().filter(session__in=held_days(asked)).order_by()


def _place_of(batch: Batch) -> dict[str, Any]:
    return {"activity": batch.activity.name, "district": batch.region.short_name, "number": batch.number}


@part(SCHEDULE, order=10)
def topics(asked: Asked) -> list[Block]:
    """What was taught and what is planned, in how many lesson hours; a topic of several batches stands once."""
    found = SessionTopic.objects.filter(session__batch__in=standing_batches(asked)).order_by("session__batch__activity", "topic")
    is_held = Q(session__in=held_days(asked))
    sums = {
        "batches": Count("session__batch", distinct=True, filter=is_held), "taught": Sum("hours", filter=is_held, default=0),
        "planned": Sum("hours", filter=~is_held, default=0),
    }  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"activity": row["session__batch__activity__name"], **row}
        for row in found.values("session__batch__activity__name", "topic").annotate(**sums)
    ]
    if not rows:
        return []
    columns = [
        Column(key="activity", label="Kegiatan", width=5),
        Column(key="topic", label="Materi", width=6),
        Column(key="batches", label="Angkatan", kind="integer", width=2, group="Dilaksanakan"),
        Column(key="taught", label="JP", kind="integer", width=2, group="Dilaksanakan"),
        Column(key="planned", label="Direncanakan", kind="integer", unit="JP", width=3),
    ]
    totals = [{"activity": "Jumlah", **{key: sum(row[key] for row in rows) for key in ("taught", "planned")}}]
    notes = ["JP: jam pelajaran, dijumlahkan dari seluruh angkatan.", WHAT_IS_HELD]
    return [table("Materi dan jam pelajaran", Report(title="", columns=columns, rows=rows, totals=totals, notes=notes))]


@part(ATTENDANCE, order=10)
def attendance(asked: Asked) -> list[Block]:
    """By activity and district, in person-days; a mark that nobody made counts nowhere."""
    rows = list(_by_district(asked))
    if not rows:
        return []
    total = {key: sum(row[key] for row in rows) for key in (*MARKS, "marked")}
    columns = [
        *PLACE_COLUMNS[:2],
        Column(key="present", label="Hadir", kind="integer", width=2),
        Column(key="excused", label="Izin", kind="integer", width=2),
        Column(key="sick", label="Sakit", kind="integer", width=2),
        Column(key="absent", label="Alpa", kind="integer", width=2),
        Column(key="share", label="%", kind="percent", share_of=("present", "marked"), width=2),
    ]
    said = (
        f"Sampai dengan {tanggal(asked.day)} tercatat {jumlah(total['present'])} orang-hari hadir "
        f"dari {jumlah(total['marked'])} orang-hari yang dicatat ({persen(total['present'], total['marked'])})."
    )
    notes = ["Dihitung dalam orang-hari. Yang dihitung adalah hari pelatihan yang daftar hadirnya telah ditutup."]
    report = Report(title="", columns=columns, rows=rows, totals=[{"activity": "Jumlah", **total}], notes=notes)
    return [paragraph(said), table("Kehadiran per kegiatan dan kabupaten/kota", report), *_certificates(asked)]


def _by_district(asked: Asked) -> Any:
    keys = ("session__batch__activity", "session__batch__activity__name", "session__batch__region__name")
    sums = {key: Count("pk", filter=Q(mark=mark)) for key, mark in MARKS.items()}
    counted = _marks(asked).values(*keys, "session__batch__region__kemendagri_code").annotate(marked=Count("pk"), **sums)
    for row in counted.order_by("session__batch__activity", "session__batch__region__kemendagri_code"):
        figures = {key: row[key] for key in (*MARKS, "marked")}
        yield {"activity": row["session__batch__activity__name"], "district": row["session__batch__region__name"], **figures}


def _certificates(asked: Asked) -> list[Block]:
    issued = Certificate.objects.standing().filter(enrolment__batch__in=begun_batches(asked), issued_on__lte=asked.day)
    count = issued.filter(document__isnull=False).count()
    return [paragraph(f"Kepada {jumlah(count)} peserta telah diterbitkan sertifikat.")] if count else []


@part(PRESENCE, order=10)
def presence_by_batch(asked: Asked) -> list[Block]:
    """Batch by batch, day by day: how many were there of those of whom it is recorded."""
    counted: dict[int, list[dict[str, Any]]] = defaultdict(list)
    days = held_days(asked).with_counts().filter(marked_count__gt=0).order_by("held_on")
    for day in days:
        counted[day.batch_id].append({"on": day.held_on, "present": day.present_count, "marked": day.marked_count})
    rows = [{**_place_of(batch), **day} for batch in begun_batches(asked) for day in counted.get(batch.pk, ())]
    if not rows:
        return []
    columns = [
        *PLACE_COLUMNS,
        Column(key="on", label="Tanggal", kind="date", width=3),
        Column(key="present", label="Hadir", kind="integer", width=2),
        Column(key="marked", label="Dicatat", kind="integer", width=2),
    ]
    return [table("Kehadiran per angkatan dan hari", Report(title="", columns=columns, rows=rows))]


@part(DECREES, order=5)
def decrees(asked: Asked) -> list[Block]:
    """Those that name the participants, each with its batches."""
    rows: list[dict[str, Any]] = []
    for decree in Decree.objects.filter(batches__in=begun_batches(asked), issued_on__lte=asked.day).distinct().order_by("issued_on", "pk"):
        named = begun_batches(asked).filter(decree=decree)
        places = ", ".join(dict.fromkeys(batch.region.short_name for batch in named))
        rows.append({"number": decree.number, "on": decree.issued_on, "about": decree.about, "places": places})
    if not rows:
        return []
    columns = [
        Column(key="number", label="Nomor", width=4),
        Column(key="on", label="Tanggal", kind="date", width=3),
        Column(key="about", label="Tentang", unknown=NOT_RECORDED, width=6),
        Column(key="places", label="Kabupaten/kota", width=4),
    ]
    return [table("Keputusan penetapan peserta", Report(title="", columns=columns, rows=rows))]

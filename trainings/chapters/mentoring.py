"""Visits to the makers, and the licences their businesses are mentored for."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from ikm_program.chapters import MENTORING, Asked, Block, listing, paragraph, part, table
from ikm_program.formatting import jumlah, tanggal
from ikm_program.reporting import Column, Report
from trainings.chapters.people import begun_batches
from trainings.mentoring import MentoringKind
from trainings.models import Enrolment, Pipeline, Visit


@part(MENTORING, order=10)
def visits(asked: Asked) -> list[Block]:
    """Those that were made; a plan is no deed."""
    made: Any = Visit.objects.filter(enrolment__batch__in=begun_batches(asked), status=Visit.Status.DONE, visit_on__lte=asked.day)
    keys = ("enrolment__activity__name", "enrolment__batch__region__name")
    counted = made.values(*keys).annotate(visits=Count("pk"), people=Count("enrolment", distinct=True))
    rows = [
        {"activity": row[keys[0]], "district": row[keys[1]], "visits": row["visits"], "people": row["people"]}
        for row in counted.order_by("enrolment__activity", "enrolment__batch__region__kemendagri_code")
    ]
    if not rows:
        return []
    columns = [
        Column(key="activity", label="Kegiatan", width=6),
        Column(key="district", label="Kabupaten/kota", width=4),
        Column(key="visits", label="Kunjungan", kind="integer", width=2),
        Column(key="people", label="Peserta dikunjungi", kind="integer", width=2),
    ]
    total = {key: sum(row[key] for row in rows) for key in ("visits", "people")}
    said = f"Telah dilaksanakan {jumlah(total['visits'])} kunjungan pendampingan kepada {jumlah(total['people'])} peserta."
    return [paragraph(said), table("Kunjungan pendampingan", Report(title="", columns=columns, rows=rows))]


@part(MENTORING, order=20)
def licences(asked: Asked) -> list[Block]:
    """Of the businesses that take part: what they were mentored for by the day, and how far it came."""
    taking_part = Enrolment.objects.active().filter(batch__in=begun_batches(asked)).values("participant__enterprise")
    begun = Pipeline.objects.for_user(asked.viewer).begun_by(asked.day).filter(enterprise__in=taking_part)
    passed = Q(status=Pipeline.Status.PASSED, ended_on__lte=asked.day)
    items = [
        f"{MentoringKind(row['kind']).label}: {jumlah(row['begun'])} usaha didampingi, {jumlah(row['passed'])} lulus"
        for row in begun.order_by("kind").values("kind").annotate(begun=Count("pk"), passed=Count("pk", filter=passed))
    ]
    if not items:
        return []
    return [paragraph(f"Pendampingan perizinan dan sertifikasi bagi usaha peserta sampai dengan {tanggal(asked.day)}:"), listing(items)]

"""What a place of the matrix world has of mentoring: one of each record, all of them bearing the place's mark."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from trainings import actions
from trainings.models import (
    Enterprise,
    MentoringStandard,
    Occasion,
    Office,
    Participant,
    Pipeline,
    SuperiorProduct,
)

DAY = dt.date(2020, 3, 2)


def pdf_file(mark: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("berkas.pdf", f"%PDF-1.4\n{mark}\n%%EOF".encode(), "application/pdf")


def add_mentoring(place: Any) -> None:
    officer, mark = place.people["petugas_kabupaten"], place.mark
    enterprise = Enterprise.objects.get(**place["enterprise"])
    facts = {"by": officer, "enterprise": enterprise, "officer": officer, "started_on": DAY}
    running = actions.start_pipeline(Pipeline, kind="halal", product=f"Abon {mark}", next_action=f"Kirim {mark}", **facts)
    step = actions.record_step(
        running,
        by=officer,
        version=running.version,
        step="seleksi",
        result="lulus",
        done_on=DAY,
        note=f"Catatan {mark}",
        document=pdf_file(mark),
    )
    passed = actions.start_pipeline(Pipeline, kind="merek", product=f"Merek {mark}", **facts)
    actions.pass_pipeline(passed, by=officer, version=passed.version, passed_on=DAY, number=f"IDM {mark}")
    stopped = actions.start_pipeline(Pipeline, kind="gizi", product=f"Gizi {mark}", **facts)
    actions.stop_pipeline(stopped, by=officer, version=stopped.version, stopped_on=DAY, reason=f"Pindah {mark}")
    superior = actions.propose_product(SuperiorProduct, by=officer, enterprise=enterprise, name=f"Unggulan {mark}")
    line = actions.add_product_line(enterprise, by=officer, name=f"Kain {mark}", beginning="mulai", source=f"Pemilik {mark}")
    said = actions.add_workforce_report(enterprise, by=officer, as_of=DAY, source=f"Telepon {mark}", kept=3)
    records = {
        "pipeline": running,
        "pipeline_step": step,
        "passed_pipeline": passed,
        "stopped_pipeline": stopped,
        "superior": superior,
        "product_line": line,
        "workforce": said,
        "standard": _standard(place),
    }
    place.args |= {noun: {"pk": record.pk} for noun, record in records.items()}
    _add_occasion(place, passed)


def _add_occasion(place: Any, passed: Pipeline) -> None:
    officer, mark = place.people["petugas_kabupaten"], place.mark
    guests = [
        {"name": f"Tamu {mark}", "position": f"Ketua {mark}", "office": Office.objects.get(**place["office"])},
        {"participant": Participant.objects.get(**place["participant"])},
    ]
    occasion = actions.create_occasion(
        Occasion, by=officer, region=place.region, name=f"Rapat {mark}", happened_on=DAY, place=f"Aula {mark}", guests=guests
    )
    actions.hand_over_certificates(occasion, by=officer, pipelines=[passed], version=occasion.version)
    kept = actions.add_file(occasion, by=officer, kind="notulen", file=pdf_file(f"n {mark}"), caption=f"Notulen {mark}")
    place.args |= {"occasion": {"pk": occasion.pk}, "occasion_file": {"pk": kept.pk}}


def _standard(place: Any) -> MentoringStandard:
    """A district's own, which no form would make: a province's is read by all its districts, and then none is out of reach."""
    return MentoringStandard.objects.create(region=place.region, kind="halal", expected_months=10, notice_from=21, warn_from=41)

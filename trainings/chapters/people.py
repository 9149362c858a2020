"""When and where, who took part, who taught."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from ikm_program.chapters import (
    DECREES,
    INSTRUCTORS,
    PARTICIPANTS,
    PEOPLE,
    SCOPE,
    TIME_AND_PLACE,
    Asked,
    Block,
    listing,
    paragraph,
    part,
    table,
)
from ikm_program.formatting import jumlah, tanggal
from ikm_program.reporting import Column, Report
from trainings.models import Activity, ActivityDistrict, Batch, Enrolment, InstructorAssignment, Session

NOT_RECORDED = "belum tercatat"
NOT_SET = "belum ditetapkan"
PLANNED = "direncanakan"
WHAT_IS_HELD = "Hari pelatihan dihitung sebagai dilaksanakan bila daftar hadirnya telah ditutup; selebihnya direncanakan."


def _districts(asked: Asked) -> Any:
    rows = ActivityDistrict.objects.filter(activity__programme=asked.programme, region__path__startswith=asked.viewer.region.path)
    return rows.select_related("activity", "region").order_by("activity__pk", "region__kemendagri_code")


def begun_batches(asked: Asked) -> Any:
    """Batches within reach that have begun by the day, or of which nobody said when."""
    rows = Batch.objects.filter(activity__programme=asked.programme, region__path__startswith=asked.viewer.region.path)
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=asked.day)
    return rows.filter(begun).select_related("activity", "region").order_by("activity__pk", "region__kemendagri_code", "number")


def standing_batches(asked: Asked) -> Any:
    return begun_batches(asked).standing()


def held_days(asked: Asked) -> Any:
    """Training days that were held by the day; a plan is no deed."""
    return Session.objects.held_by(asked.day).filter(batch__in=begun_batches(asked))


@part(SCOPE, order=10)
def activities(asked: Asked) -> list[Block]:
    rows: Any = Activity.objects.filter(programme=asked.programme).order_by("pk")
    within = Q(districts__region__path__startswith=asked.viewer.region.path)
    counted = [one for one in rows.annotate(places=Count("districts", filter=within)) if one.places]
    if not counted:
        return []
    items = [f"{one.name}, di {jumlah(one.places)} kabupaten/kota{f': {one.description}' if one.description else ''}" for one in counted]
    return [paragraph("Kegiatan yang tercakup dalam laporan ini:"), listing(items)]


@part(TIME_AND_PLACE, order=10)
def batches(asked: Asked) -> list[Block]:
    held, all_days = _days_by_batch(held_days(asked)), _days_by_batch(Session.objects.filter(batch__in=begun_batches(asked)))
    rows = [
        {
            "activity": batch.activity.name, "district": batch.region.short_name, "number": batch.number,
            "mode": str(batch.get_mode_display()), "on": _days(batch), "venue": batch.venue or None,
            "held": _how_far(held.get(batch.pk, 0), all_days.get(batch.pk, 0)),
        }
        for batch in standing_batches(asked)
    ]  # fmt: skip
    if not rows:
        return []
    columns = [
        Column(key="activity", label="Kegiatan", width=6),
        Column(key="district", label="Kabupaten/kota", width=4),
        Column(key="number", label="Angkatan", kind="integer", width=3),
        Column(key="mode", label="Cara", width=4),
        Column(key="on", label="Tanggal", unknown=NOT_RECORDED, width=5),
        Column(key="venue", label="Tempat", unknown=NOT_RECORDED, width=4),
        Column(key="held", label="Dilaksanakan", width=4),
    ]
    said = _what_was_held(asked, batches=len(held), days=sum(held.values()), planned=len(rows) - len(held))
    return [paragraph(said), table("Waktu dan tempat pelaksanaan", Report(title="", columns=columns, rows=rows, notes=[WHAT_IS_HELD]))]


def _days_by_batch(sessions: Any) -> dict[int, int]:
    return dict(sessions.order_by().values_list("batch").annotate(days=Count("pk")))


def _how_far(held: int, days: int) -> str:
    if not held:
        return PLANNED
    return f"{jumlah(held)} hari" if held == days else f"{jumlah(held)} dari {jumlah(days)} hari"


def _what_was_held(asked: Asked, *, batches: int, days: int, planned: int) -> str:
    until = f"Sampai dengan {tanggal(asked.day)}"
    if not batches:
        return f"{until} belum ada hari pelatihan yang dilaksanakan; {jumlah(planned)} angkatan {PLANNED}."
    said = f"{until} telah dilaksanakan {jumlah(days)} hari pelatihan dalam {jumlah(batches)} angkatan"
    said += f"; {jumlah(planned)} angkatan lainnya {PLANNED}." if planned else "."
    return f"{said} Hari pelatihan yang pertama adalah {tanggal(held_days(asked).earliest('held_on').held_on)}."


def _days(batch: Batch) -> str | None:
    """ "18 Mei 2020 s.d. 20 Mei 2020"; None while nobody said."""
    known = [tanggal(day) for day in (batch.starts_on, batch.ends_on) if day]
    return " s.d. ".join(known) or None


@part(PARTICIPANTS, order=10)
def participants(asked: Asked) -> list[Block]:
    """Places and people by activity and district. The sex of a person is counted where it is known."""
    counts = _people(asked)
    rows = [_people_of(link, counts.get((link.activity_id, link.region_id), {})) for link in _districts(asked)]
    if not rows:
        return []
    columns = [
        Column(key="activity", label="Kegiatan", width=6),
        Column(key="district", label="Kabupaten/kota", width=4),
        Column(key="quota", label="Kuota", kind="integer", unknown=NOT_SET, width=2),
        Column(key="enrolled", label="Terdaftar", kind="integer", width=2),
        Column(key="men", label="L", kind="integer", width=1),
        Column(key="women", label="P", kind="integer", width=1),
    ]
    totals = [_people_total(name, rows) for name in dict.fromkeys(row["activity"] for row in rows)]
    said = "; ".join(f"{row['activity']}: {jumlah(row['enrolled'])} orang" for row in totals if row["enrolled"])
    first = [paragraph(f"Peserta yang terdaftar menurut kegiatan: {said}.")] if said else []
    notes = ["Peserta yang terdaftar pada saat laporan disusun. L dan P dihitung bagi peserta yang jenis kelaminnya tercatat."]
    return [
        *first,
        table("Peserta per kegiatan dan kabupaten/kota", Report(title="", columns=columns, rows=rows, totals=totals, notes=notes)),
    ]


def _people_of(link: ActivityDistrict, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "activity": link.activity.name, "district": link.region.short_name, "quota": link.quota,
        "enrolled": counts.get("all", 0), "men": counts.get("L", 0), "women": counts.get("P", 0),
    }  # fmt: skip


def _people_total(activity: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    mine = [row for row in rows if row["activity"] == activity]
    quotas = [row["quota"] for row in mine if row["quota"] is not None]
    return {
        "activity": activity, "district": "Jumlah", "quota": sum(quotas) if quotas else None,
        **{name: sum(row[name] for row in mine) for name in ("enrolled", "men", "women")},
    }  # fmt: skip


def _people(asked: Asked) -> dict[tuple[int, int], dict[str, int]]:
    active = Enrolment.objects.filter(batch__activity__programme=asked.programme, status=Enrolment.Status.ACTIVE).order_by()
    found: dict[tuple[int, int], dict[str, int]] = {}
    counted = active.values_list("activity", "participant__region", "participant__sex").annotate(people=Count("pk"))
    for activity, region, sex, people in counted:
        cell = found.setdefault((activity, region), {})
        cell["all"] = cell.get("all", 0) + people
        cell[sex] = cell.get(sex, 0) + people
    return found


@part(INSTRUCTORS, order=10)
def instructors(asked: Asked) -> list[Block]:
    rows = InstructorAssignment.objects.filter(batch__in=standing_batches(asked)).select_related("instructor__region", "batch__activity")
    held = _days_by_batch(held_days(asked))
    by_person: dict[int, dict[str, Any]] = {}
    for row in rows.order_by("instructor__region__kemendagri_code", "instructor__name", "batch__activity__pk"):
        person = row.instructor
        line = by_person.setdefault(
            person.pk,
            {"name": person.name, "region": person.region.short_name, "expertise": person.expertise or None, "held": 0, "planned": 0},
        )
        line["held" if row.batch_id in held else "planned"] += 1
    if not by_person:
        return []
    columns = [
        Column(key="name", label="Nama", width=5),
        Column(key="region", label="Wilayah", width=3),
        Column(key="expertise", label="Keahlian", unknown=NOT_RECORDED, width=4),
        Column(key="held", label="Dilaksanakan", kind="integer", width=3, group="Angkatan"),
        Column(key="planned", label="Direncanakan", kind="integer", width=3, group="Angkatan"),
    ]
    return [
        paragraph(_who_taught(list(by_person.values()))),
        table("Instruktur", Report(title="", columns=columns, rows=list(by_person.values()), notes=[WHAT_IS_HELD])),
    ]


def _who_taught(people: list[dict[str, Any]]) -> str:
    taught = sum(1 for person in people if person["held"])
    waiting = len(people) - taught
    if not taught:
        return f"Untuk angkatan yang {PLANNED} telah ditugaskan {jumlah(waiting)} instruktur."
    said = f"Angkatan yang dilaksanakan didampingi oleh {jumlah(taught)} instruktur"
    return f"{said}; {jumlah(waiting)} instruktur lainnya ditugaskan pada angkatan yang {PLANNED}." if waiting else f"{said}."


@part(DECREES, order=10)
def letters(asked: Asked) -> list[Block]:
    """Assignment letters of instructors, each once."""
    rows = InstructorAssignment.objects.filter(batch__in=begun_batches(asked)).exclude(letter="").select_related("instructor")
    found = dict.fromkeys((row.letter, row.instructor.name) for row in rows.order_by("letter", "instructor__name"))
    if not found:
        return []
    columns = [Column(key="letter", label="Surat tugas", width=4), Column(key="name", label="Instruktur", width=4)]
    return [
        table(
            "Surat tugas instruktur", Report(title="", columns=columns, rows=[{"letter": letter, "name": name} for letter, name in found])
        )
    ]


@part(PEOPLE, order=10)
def list_of_people(asked: Asked) -> list[Block]:
    """Names and businesses by activity, never a NIK."""
    active = Enrolment.objects.filter(batch__in=begun_batches(asked), status=Enrolment.Status.ACTIVE)
    rows = active.select_related("participant__region", "participant__enterprise", "activity")
    by_activity: dict[str, list[dict[str, Any]]] = {}
    for row in rows.order_by("activity__pk", "participant__region__kemendagri_code", "participant__name"):
        people = by_activity.setdefault(row.activity.name, [])
        business = row.participant.enterprise
        people.append(
            {
                "number": len(people) + 1, "name": row.participant.name, "business": business.name if business else None,
                "district": row.participant.region.short_name,
            }
        )  # fmt: skip
    columns = [
        Column(key="number", label="No.", kind="integer"),
        Column(key="name", label="Nama", width=6),
        Column(key="business", label="Usaha IKM", unknown=NOT_RECORDED, width=6),
        Column(key="district", label="Kabupaten/kota", width=3),
    ]
    return [table(f"Peserta {name}", Report(title="", columns=columns, rows=people)) for name, people in by_activity.items()]

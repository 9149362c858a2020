"""Ways past Python into a table: the same row again, a wrong value at a place, and the few that need more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F
from django.utils import timezone

from distribution.models import (
    Evaluation,
    EvaluationPart,
    FinalReport,
    MonthlyReport,
    TransferDraw,
)
from ikm_program.models import ColumnMemory, IdempotencyKey, RowKey
from production.models import (
    InspectionFinding,
    Lot,
    MaterialWriteOff,
    OutputEntry,
    StampDuty,
)
from tests.matrix_world import Place
from trainings.models import (
    Enrolment,
    Enterprise,
    IssuedDocument,
    Participant,
    PaymentDay,
    PaymentLine,
    SessionTopic,
    SuperiorProduct,
)
from trainings.models.document import new_token

Violation = Callable[[Place], Any]
BACKWARDS = {"valid_from": dt.date(2020, 2, 2), "valid_until": dt.date(2020, 1, 1)}
NOW = timezone.now()
VOID: dict[str, Any] = {"status": "dibatalkan", "cancelled_on": NOW.date(), "cancelled_at": NOW, "cancelled_reason": "Salah"}
DECIDED: dict[str, Any] = {"status": "disetujui", "decided_at": NOW}
DATES_BACKWARDS = {"starts_on": dt.date(2020, 2, 2), "ends_on": dt.date(2020, 1, 1)}
APPS = ("ikm_program", "trainings", "production", "distribution")


def again(row: Any, **changes: Any) -> None:
    """The same row a second time, straight into the table."""
    assert row is not None
    row.pk = None
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    type(row)._base_manager.bulk_create([row])


def twice(model: type[models.Model], **changes: Any) -> Violation:
    return lambda place: again(model._base_manager.order_by("pk").first(), **changes)


def summed_twice(model: type[models.Model]) -> Violation:
    """Two sums of one day of one cell, which would be counted twice."""

    def violate(place: Place) -> None:
        lot = Lot.objects.order_by("pk").first()
        assert lot is not None
        made = model._base_manager.create(programme=lot.programme, product=lot.product, region=lot.region, effective_on=lot.made_on)
        again(made)

    return violate


def at(model: type[models.Model], noun: str, **values: Any) -> Violation:
    """An UPDATE of the place's record, which no form and no action would send."""
    return lambda place: model._base_manager.filter(**place[noun]).update(**values)


def some(model: type[models.Model], lookup: Mapping[str, Any] | None = None, **values: Any) -> Violation:
    return lambda place: model._base_manager.filter(**lookup or {}).update(**values)


def lines(model: type[models.Model], of: str, noun: str, **values: Any) -> Violation:
    return lambda place: model._base_manager.filter(**{of: place[noun]["pk"]}).update(**values)


def verified_by_author(place: Place) -> None:
    entry, other = OutputEntry.objects.get(**place["waiting"]), place.people["second"]
    verified = {"status": "diverifikasi", "verified_at": timezone.now(), "verified_quantity": 1}
    OutputEntry.objects.filter(pk=entry.pk).update(verified_by=entry.created_by, submitted_by=other, **verified)


def verified_by_submitter(place: Place) -> None:
    entry, other = OutputEntry.objects.get(**place["waiting"]), place.people["second"]
    verified = {"status": "diverifikasi", "verified_at": timezone.now(), "verified_quantity": 1}
    OutputEntry.objects.filter(pk=entry.pk).update(verified_by=entry.submitted_by, created_by=other, **verified)


def selected(**values: Any) -> Violation:
    """A product selected by somebody else, but for what `values` leave out."""

    def update(place: Place) -> None:
        whole = {"status": "terpilih", "decided_by": place.people["second"], "decided_at": timezone.now()}
        quality = {"is_export_quality": True, "export_basis": "dasar"}
        SuperiorProduct.objects.filter(**place["superior"]).update(**whole | quality | values)

    return update


def selected_by_proposer(place: Place) -> None:
    selected(decided_by=SuperiorProduct.objects.get(**place["superior"]).created_by)(place)


def nib_twice(place: Place) -> None:
    Enterprise.objects.filter(**place["enterprise"]).update(nib="1234567890123")
    again(Enterprise.objects.get(**place["enterprise"]))


def nik_of_another_person(place: Place) -> None:
    enrolment = Enrolment.objects.get(**place["enrolment"])
    again(enrolment, participant=Participant.objects.exclude(enrolments__activity=enrolment.activity_id).first())


def number_twice(place: Place) -> None:
    again(IssuedDocument.objects.get(handover=place["issued"]["pk"]), token=new_token())


def key_twice(place: Place) -> None:
    IdempotencyKey.objects.create(user=place.people["second"], key=uuid4(), action="a", fingerprint="f")
    again(IdempotencyKey.objects.get(user=place.people["second"]))


def column_named_twice(place: Place) -> None:
    ColumnMemory.objects.create(user=place.people["second"], kind="ikm", header="usaha", field="name")
    again(ColumnMemory.objects.get(user=place.people["second"]))


def row_lands_twice(place: Place) -> None:
    key = uuid4()
    RowKey.objects.bulk_create([RowKey(kind="hasil", key=key, record_id=1), RowKey(kind="hasil", key=key, record_id=2)])


def written_off_by_its_author(place: Place) -> None:
    decided = DECIDED | {"decided_by": place.people["second"], "status": "dibatalkan"}
    made_void = {name: value for name, value in VOID.items() if name != "status"}
    MaterialWriteOff.objects.filter(**place["write_off"]).update(**decided, **made_void, cancelled_by=F("created_by"))


def found_twice(place: Place) -> None:
    finding = InspectionFinding.objects.create(
        inspection_id=place["inspection"]["pk"], criterion_id=place["criterion"]["pk"], result="memenuhi"
    )
    again(finding)


def stamped_backwards(place: Place) -> None:
    StampDuty.objects.create(region=place.region, above=1, duty=1, **BACKWARDS)


def _evaluated(place: Place) -> EvaluationPart:
    evaluation = Evaluation.objects.create(transfer_id=place["sent"]["pk"], decided_on=dt.date(2020, 6, 1))
    return EvaluationPart.objects.create(evaluation=evaluation, draw=TransferDraw.objects.first(), accepted=1)


def evaluated_twice(place: Place) -> None:
    again(_evaluated(place))


def evaluated_nothing(place: Place) -> None:
    EvaluationPart.objects.filter(pk=_evaluated(place).pk).update(accepted=0)


def paid_again(**changes: Any) -> None:
    """A live day a second time, on a line of another list."""
    day = PaymentDay.objects.filter(is_live=True, nik__isnull=False).first()
    assert day is not None
    again(day, line=PaymentLine.objects.exclude(days__on=day.on).first(), **changes)


def recovered_twice(place: Place) -> None:
    day = PaymentDay.objects.filter(is_live=True).first()
    assert day is not None
    lines, paid = PaymentLine.objects.exclude(days__on=day.on)[:2], PaymentDay.objects.get(pk=day.pk)
    for line in lines:
        again(day, line=line, recovers=paid, is_live=True)


def two_quotas(**changes: Any) -> None:
    """Two live lines of one activity; what the table has are days, so they are made of one."""
    line = PaymentLine.objects.filter(nik__isnull=False).first()
    assert line is not None
    quota = {"kind": "kuota", "day_count": None, "rate": 1, "gross": 1, "net": 1, "is_live": True}
    again(line, number=98, **quota)
    again(line, number=99, **quota | changes)


def no_hours(place: Place) -> None:
    SessionTopic.objects.bulk_create([SessionTopic(session_id=place["session"]["pk"], topic="Pola", hours=0)])


def final_without_author(place: Place) -> None:
    made = {"status": "final", "sha256": "a", "final_at": timezone.now(), "final_by": place.people["second"]}
    FinalReport.objects.filter(**place["final"]).update(created_by=None, **made)


def report_twice(place: Place) -> None:
    """A second edition beside the one that stands."""
    again(MonthlyReport.objects.get(**place["monthly"]), edition=2, reason="Salah")

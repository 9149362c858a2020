"""When a movement was recorded, against the audit event of its act: what was known in June stays what was known in June."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Max, Min, Q
from django.db.models.functions import TruncDate

from ikm_program.integrity.movements import EVALUATION, HANDOVER, INSPECTION, PURCHASE, REPORT, STOCKTAKE, TRANSFER
from ikm_program.models import AuditEvent
from production.models import ReportMovement, StockMovement

TOLERANCE = dt.timedelta(minutes=15)  # an act writes its movements first and its event last, in one transaction
Kind = StockMovement.Kind
RECEIVED = ("status:diterima", "status:diterima_sebagian")
VERBS: dict[str, tuple[str, ...]] = {
    Kind.VERIFIED: ("status:diverifikasi",),
    Kind.CORRECTION: ("status:diverifikasi",),
    Kind.HANDOVER: ("status:diterbitkan",),
    Kind.ACKNOWLEDGEMENT: RECEIVED,
    Kind.RETURN: RECEIVED,
    Kind.WRITE_OFF: RECEIVED,
    Kind.CANCELLATION: ("status:dibatalkan",),
    Kind.DISPATCH: ("status:diterbitkan",),
    Kind.ARRIVAL: RECEIVED,
    Kind.INSPECTION: ("status:diterbitkan",),
    Kind.PURCHASE: ("status:disetujui",),
    Kind.EVALUATED: ("created",),
    Kind.STOCKTAKE: ("status:diterbitkan",),
}
Acts = dict[tuple[str, str], list[tuple[str, dt.datetime]]]  # (model, primary key) -> verb and time


def stock() -> Iterator[str]:
    acts = _acts(REPORT, HANDOVER, TRANSFER, INSPECTION, PURCHASE, EVALUATION, STOCKTAKE)
    rows = StockMovement.objects.values("source_model", "source_id", "kind").annotate(first=Min("recorded_at"), last=Max("recorded_at"))
    for row in rows.order_by("source_model", "source_id", "kind"):
        times = [at for verb, at in acts[row["source_model"], str(row["source_id"])] if verb in VERBS[row["kind"]]]
        for moment in sorted({row["first"], row["last"]}):
            if not _is_near(moment, times):
                yield f"{row['source_model']} {row['source_id']}, {row['kind']}: recorded at {_said(moment)}, {_acted(times)}"
    yield from _before_it_happened(StockMovement, "stock movement")


def reports() -> Iterator[str]:
    """Each step of a report wrote its movements, and nothing else did."""
    acts = _acts(REPORT)
    recorded: dict[int, list[dt.datetime]] = defaultdict(list)
    for entry, moment in ReportMovement.objects.order_by("pk").values_list("entry", "recorded_at").iterator(chunk_size=2000):
        recorded[entry].append(moment)
    for entry, moments in recorded.items():
        times = [at for _verb, at in acts[REPORT, str(entry)]]
        for moment in moments:
            if not _is_near(moment, times):
                yield f"report {entry}: a movement recorded at {_said(moment)}, {_acted(times)}"
        if len(moments) != len(times):
            yield f"report {entry}: {len(moments)} movements, its acts made {len(times)}"
    yield from _before_it_happened(ReportMovement, "report movement")


def _acts(*models: str) -> Acts:
    """Steps that move something: of a withdrawal or return only what took a submitted report back."""
    found: Acts = defaultdict(list)
    deeds = Q(verb__startswith="status:") | Q(model=EVALUATION, verb="created")
    events = AuditEvent.objects.filter(deeds, model__in=models).order_by("sequence")
    for model, pk, verb, at, before in events.values_list("model", "object_id", "verb", "at", "before__status").iterator(chunk_size=2000):
        if verb not in ("status:draf", "status:dikembalikan") or before == "diajukan":
            found[model, pk].append((verb, at))
    return found


def _is_near(moment: dt.datetime, times: list[dt.datetime]) -> bool:
    return any(abs(moment - at) <= TOLERANCE for at in times)


def _before_it_happened(model: Any, noun: str) -> Iterator[str]:
    early = model.objects.annotate(day=TruncDate("recorded_at")).filter(day__lt=F("effective_on"))
    for pk, day, on in early.order_by("pk").values_list("pk", "day", "effective_on"):
        yield f"{noun} {pk}: recorded on {day}, before {on}, when it happened"


def _said(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _acted(times: list[dt.datetime]) -> str:
    return f"the audit trail has the act at {', '.join(_said(at) for at in times)}" if times else "and the audit trail has no such act"

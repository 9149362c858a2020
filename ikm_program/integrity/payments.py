"""Payment lists against what they were computed from: their lines, the attendance, the frozen content, the people of each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from ikm_program.models import AuditEvent
from trainings import payment_papers
from trainings.models import Attendance, PaymentDay, PaymentLine, PaymentList, PaymentReceipt

Status = PaymentList.Status
STEPS = {  # verb of the trail -> who the list says took the step
    "status:terkunci": "locked_by",
    "status:disetujui": "approved_by",
    "status:dibayar": "paid_by",
    "status:selesai": "finished_by",
    "status:dibatalkan": "cancelled_by",
}


def sums() -> Iterator[str]:
    """A list is the sum of its lines, a line counts its days, and both are of one kind."""
    lists: Any = PaymentList.objects.annotate(
        line_gross=Sum("lines__gross", default=0), line_tax=Sum("lines__tax", default=0), line_net=Sum("lines__net", default=0)
    ).order_by("pk")
    for row in lists.values("pk", "gross", "tax", "net", "line_gross", "line_tax", "line_net"):
        for name in ("gross", "tax", "net"):
            if row[name] != row[f"line_{name}"]:
                yield f"payment list {row['pk']}: {name} is {row[name]}, its lines add up to {row[f'line_{name}']}"
    lines: Any = PaymentLine.objects.annotate(counted=Count("days")).order_by("pk")
    for line in lines.values("pk", "kind", "day_count", "counted", "list__kind"):
        if line["kind"] != line["list__kind"]:
            yield f"payment line {line['pk']}: of the kind {line['kind']}, its list is of {line['list__kind']}"
        if (line["day_count"] or 0) != line["counted"]:
            yield f"payment line {line['pk']}: pays for {line['day_count'] or 0} days, {line['counted']} are named"


def attendance() -> Iterator[str]:
    """Nobody is paid for a day on which he or she was not there, unless it is being taken back."""
    back = PaymentDay.objects.filter(recovers=OuterRef("pk"), is_live=True)
    live = PaymentDay.objects.filter(is_live=True, recovers=None).order_by("pk")
    absent = live.exclude(attendance__mark=Attendance.Mark.PRESENT).exclude(Exists(back))
    for pk, list_pk, on in absent.values_list("pk", "line__list", "on"):
        yield f"payment list {list_pk}: pays day {pk} ({on}), on which attendance knows nobody present"
    days = PaymentDay.objects.order_by("pk").filter(
        ~Q(on=F("attendance__session__held_on"))
        | ~Q(participant=F("line__participant"))
        | ~Q(attendance__enrolment=F("line__enrolment"))
        | ~Q(attendance__session__batch=F("line__list__batch"))
    )
    for pk, list_pk in days.values_list("pk", "line__list"):
        yield f"payment list {list_pk}: day {pk} is not the day, the person or the batch of its attendance"


def holding() -> Iterator[str]:
    """What is live is of a list that is locked and beyond; what was paid back is live no more."""
    settled = PaymentReceipt.objects.filter(line__days__recovers=OuterRef("pk"))
    for day in (
        PaymentDay.objects.annotate(is_back=Exists(settled))
        .order_by("pk")
        .values("pk", "is_live", "is_back", "line__list", "line__list__status")
    ):
        should = day["line__list__status"] in PaymentList.LIVE and not day["is_back"]
        if day["is_live"] != should:
            yield f"payment list {day['line__list']}: day {day['pk']} is {'held' if day['is_live'] else 'free'}, it should not be"
    repaid = PaymentReceipt.objects.filter(line__recovers=OuterRef("pk"), line__kind="kuota")
    for line in (
        PaymentLine.objects.annotate(is_back=Exists(repaid)).order_by("pk").values("pk", "is_live", "is_back", "list", "list__status")
    ):
        should = line["list__status"] in PaymentList.LIVE and not line["is_back"]
        if line["is_live"] != should:
            yield f"payment list {line['list']}: line {line['pk']} is {'held' if line['is_live'] else 'free'}, it should not be"


def frozen() -> Iterator[str]:
    """A locked list still says what was frozen, and the frozen content has its hash."""
    lists = (
        PaymentList.objects.exclude(locked_at=None)
        .select_related("document")
        .defer("document__arms")
        .prefetch_related("lines__days")
        .order_by("pk")
    )
    for one in lists.prefetch_related("lines__days").iterator(chunk_size=200):
        content = one.snapshot or {}
        if not content or payment_papers.digest_of(content) != one.content_sha256:
            yield f"payment list {one.pk}: its frozen content does not have its hash"
            continue
        now = [payment_papers.line_of(line) for line in one.lines.all()]
        if now != content["lines"]:
            wrong = [line["number"] for line, was in zip(now, content["lines"], strict=False) if line != was]
            yield f"payment list {one.pk}: line {', '.join(map(str, wrong)) or '(their number)'} is not what was frozen"
        if one.document is not None and payment_papers.digest_of(one.document.snapshot) != one.content_sha256:
            yield f"payment list {one.pk}: its paper {one.document} does not say what was frozen"
        if (one.gross, one.tax, one.net) != tuple(content[name] for name in ("gross", "tax", "net")):
            yield f"payment list {one.pk}: its sums are not those that were frozen"


def steps() -> Iterator[str]:
    """Each step was taken by whom the trail says, and a completed list has every receipt."""
    acts: dict[tuple[str, str], int | None] = {}
    events = AuditEvent.objects.filter(model="trainings.paymentlist", verb__in=STEPS).order_by("sequence")
    for pk, verb, by, before in events.values_list("object_id", "verb", "by", "before__status"):
        if before == Status.DONE:  # a receipt was taken back: nobody pays or approves a second time
            acts.pop((pk, "status:selesai"), None)
        else:
            acts[pk, verb] = by
    lists: Any = PaymentList.objects.annotate(open_receipts=Count("lines", filter=Q(lines__receipt=None))).order_by("pk")
    for one in lists.defer("snapshot"):
        for verb, name in STEPS.items():
            said, stands = acts.get((str(one.pk), verb)), getattr(one, f"{name}_id")
            if said != stands:
                yield f"payment list {one.pk}: {name.replace('_', ' ')} {stands or 'nobody'}, the audit trail says {said or 'nobody'}"
        is_complete = not one.open_receipts and (one.status == Status.DONE or one.awaits_receipts)
        if (one.status == Status.DONE) != is_complete:
            yield f"payment list {one.pk}: {one.status} with {one.open_receipts} receipts to come"

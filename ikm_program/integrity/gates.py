"""What inspections, purchases and evaluations say against what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, Sum

from distribution.models import Evaluation, EvaluationPart, TransferDraw
from production.models import Inspection, InspectionFinding, InspectionLine, Purchase, PurchaseLine
from trainings.models import PaymentLine, PaymentList


def inspections() -> Iterator[str]:
    """The examined lots are of the product and programme that it names; a criterion judges only what was made while it held."""
    of_another = ~Q(lot__product=F("inspection__product")) | ~Q(lot__programme=F("inspection__programme"))
    for pk in InspectionLine.objects.filter(of_another).order_by("pk").values_list("inspection", flat=True):
        yield f"inspection {pk}: examines a lot of another product or programme"
    for pk in Inspection.objects.exclude(status=Inspection.Status.DRAFT).filter(lines=None).order_by("pk").values_list("pk", flat=True):
        yield f"inspection {pk}: issued, and nothing was examined"
    made_on = F("inspection__lines__lot__made_on")
    wrong = Q(criterion__valid_from__gt=made_on) | Q(criterion__valid_until__lt=made_on) | ~Q(criterion__product=F("inspection__product"))
    for pk, name in InspectionFinding.objects.filter(wrong).distinct().order_by("pk").values_list("inspection", "criterion__name"):
        yield f"inspection {pk}: “{name}” cannot judge these goods"


def purchases() -> Iterator[str]:
    """What was bought is the sum of its lots, and every lot is the seller's own work."""
    found: Any = Purchase.objects.annotate(of_lots=Sum("lines__quantity", default=0))
    for purchase in found.exclude(of_lots=F("quantity")).order_by("pk"):
        yield f"purchase {purchase.pk}: {purchase.quantity} bought, its lots add up to {purchase.of_lots}"
    others = ~Q(lot__product=F("purchase__product")) | ~Q(lot__programme=F("purchase__programme"))
    others |= Q(lot__line__participant=None) | ~Q(lot__line__participant=F("purchase__seller"))
    for pk in PurchaseLine.objects.filter(others).order_by("pk").values_list("purchase", flat=True):
        yield f"purchase {pk}: a lot is of another maker, product or programme"


def evaluations() -> Iterator[str]:
    """No more was decided on than was sent, and only of lots that were sent along."""
    parts = F("evaluations__accepted") + F("evaluations__returned") + F("evaluations__written_off")
    stands = Q(evaluations__evaluation__status=Evaluation.Status.STANDS)
    for draw in TransferDraw.objects.annotate(settled=Sum(parts, filter=stands)).filter(settled__gt=F("quantity")).order_by("pk"):
        yield f"transfer draw {draw.pk}: {draw.quantity} were sent, {draw.settled} decided on"
    strayed = EvaluationPart.objects.exclude(draw__line__transfer=F("evaluation__transfer"))
    for pk in strayed.order_by("pk").values_list("evaluation", flat=True):
        yield f"evaluation {pk}: decides on goods of another transfer"
    for pk in (
        Evaluation.objects.exclude(Q(transfer__purpose="evaluasi", transfer__status="diterima")).order_by("pk").values_list("pk", flat=True)
    ):
        yield f"evaluation {pk}: its transfer never arrived for evaluation"
    unexplained = Evaluation.objects.filter(parts__written_off__gt=0, written_off_reason="").distinct()
    for pk in unexplained.order_by("pk").values_list("pk", flat=True):
        yield f"evaluation {pk}: wrote goods off without a reason"


def papers() -> Iterator[str]:
    """Issued inspections and purchases against what their papers froze."""
    issued: Any = (
        Inspection.objects.exclude(document=None).select_related("document", "signer").prefetch_related("lines", "members", "findings")
    )
    for inspection in issued.defer("document__arms").order_by("pk"):
        frozen, document = inspection.document.snapshot, inspection.document
        yield from _compared(document.number, _of_inspection(inspection), frozen | _frozen_inspection(frozen, document))
    bought: Any = Purchase.objects.exclude(document=None).select_related("document", "agreement")
    for purchase in bought.defer("document__arms").order_by("pk"):
        frozen, document = purchase.document.snapshot, purchase.document
        agreement = [frozen["agreement"]["number"], frozen["agreement"]["date"]]
        yield from _compared(document.number, _of_purchase(purchase), frozen | {"agreement": agreement, "issued by": document.issued_by_id})


def _of_inspection(inspection: Inspection) -> dict[str, Any]:
    return {
        "issued by": inspection.issued_by_id,
        "date": inspection.inspected_on.isoformat(),
        "place": inspection.place,
        "method": inspection.method,
        "sample_size": inspection.sample_size,
        "decree": inspection.decree,
        "team": [[member.name, member.position] for member in sorted(inspection.members.all(), key=lambda one: one.pk)],
        "lots": sorted([line.examined, line.accepted, line.to_repair, line.rejected] for line in inspection.lines.all()),
        "findings": sorted([found.result, found.note] for found in inspection.findings.all()),
    }


def _frozen_inspection(frozen: Any, document: Any) -> dict[str, Any]:
    split = ("examined", "accepted", "to_repair", "rejected")
    return {
        "issued by": document.issued_by_id,
        "decree": frozen["decree"]["text"],
        "team": [[one["name"], one["position"]] for one in frozen["team"]],
        "lots": sorted([lot[name] for name in split] for lot in frozen["lots"]),
        "findings": sorted([found["result"], found["note"]] for found in frozen["findings"]),
    }


def _of_purchase(purchase: Purchase) -> dict[str, Any]:
    return {
        "issued by": purchase.approved_by_id,
        "date": purchase.purchased_on.isoformat(),
        "quantity": purchase.quantity,
        "unit_price": purchase.unit_price,
        "amount": purchase.amount,
        "agreement": [purchase.agreement.number, purchase.agreement.agreed_on.isoformat()],
    }


def _compared(number: str, recorded: dict[str, Any], frozen: dict[str, Any]) -> Iterator[str]:
    for name, value in recorded.items():
        if value != frozen[name]:
            yield f"{number}: {name} is {value!r}, the paper says {frozen[name]!r}"


def purchase_payments() -> Iterator[str]:
    """A line that is not of a cancelled list pays for one approved purchase: its maker, its programme, its amount; and nothing else."""
    lines = PaymentLine.objects.filter(kind=PaymentList.Kind.PURCHASE).exclude(list__status=PaymentList.Status.CANCELLED)
    for pk in lines.filter(purchase=None).order_by("pk").values_list("pk", flat=True):
        yield f"payment line {pk}: pays for no purchase"
    same = Q(
        status=Purchase.Status.APPROVED,
        amount=F("payment_line__gross"),
        seller=F("payment_line__participant"),
        programme=F("payment_line__list__programme"),
        pk=F("payment_line__pays_for"),
    )
    for purchase in Purchase.objects.listed().exclude(same).order_by("pk").values("pk", "status", "amount", "payment_line__gross"):
        yield (
            f"purchase {purchase['pk']}: {purchase['status']}, {purchase['amount']} rupiah, not what its payment line says "
            f"({purchase['payment_line__gross']} rupiah)"
        )
    strayed = Purchase.objects.filter(payment_line__isnull=False).exclude(payment_line__kind=PaymentList.Kind.PURCHASE)
    for pk in strayed.order_by("pk").values_list("pk", flat=True):
        yield f"purchase {pk}: its payment line pays for something else"

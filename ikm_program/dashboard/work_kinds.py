"""The kinds of work that waits for people: who does it, which rows wait, what they are called. One entry each, in the order of the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from distribution.models import Addendum, Handover, HandoverLine, Transfer, TransferLine
from ikm_program.dashboard import waiting
from production.models import Inspection, Purchase, Stocktake


@dataclass(frozen=True)
class Kind:
    """A kind of work: who does it, which rows wait, how one of them and how many of them are called."""

    code: str
    permission: str
    rows: Callable[[Any], QuerySet[Any]]
    one: str | Promise  # with %(what)s and %(on)s
    many: str | Promise
    what: str  # lookups
    detail: str
    on: str
    item: str  # url name
    listing: tuple[str, dict[str, str]]  # url name and query
    goods: str = ""  # key of GOODS: what it is about, and how much
    pk: str = "pk"
    tone: str = "info"
    icon: str = "clock"

    def list_url(self) -> str:
        name, query = self.listing
        return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)

    def item_url(self, pk: int) -> str:
        if self.code == "quiet":
            return f"{reverse(self.item)}?angkatan={pk}"
        return reverse(self.item, kwargs={"pk": pk})


MATERIAL, MATERIALS = "production:material_handover_detail", "production:material_handover_list"
OUTPUT, HANDOVER, TRANSFER = "production:output_detail", "distribution:handover_detail", "distribution:transfer_detail"
PIPELINE, PIPELINES = "trainings:pipeline_detail", "trainings:pipeline_list"
HANDOVERS, TRANSFERS = "distribution:handover_list", "distribution:transfer_list"
PAYMENT, PAYMENTS = "trainings:payment_detail", "trainings:payment_list"
NOTHING: dict[str, Any] = {
    "quantity": Cast(Value(None), IntegerField()), "unit": Value("", output_field=CharField()),
    "goods": Value("", output_field=CharField()), "line_count": Value(0),
}  # fmt: skip


def _of_lines(model: Any, document: str, outer: str) -> dict[str, Any]:
    """The first line of a document and how many there are: enough to tell two drafts apart."""
    lines = model.objects.filter(**{document: OuterRef(outer)}).order_by("pk")
    count = lines.order_by().values(document).annotate(n=Count("pk")).values("n")
    return {
        "quantity": Subquery(lines.values("quantity")[:1]), "unit": Cast(Subquery(lines.values("product__unit")[:1]), CharField()),
        "goods": Cast(Subquery(lines.values("product__short_name")[:1]), CharField()), "line_count": Subquery(count),
    }  # fmt: skip


GOODS: dict[str, dict[str, Any]] = {
    "": NOTHING,
    "report": {
        "quantity": F("good"),
        "unit": Cast("product__unit", CharField()),
        "goods": Value("", output_field=CharField()),
        "line_count": Value(1),
    },
    "purchase": {
        "quantity": F("quantity"),
        "unit": Cast("product__unit", CharField()),
        "goods": Value("", output_field=CharField()),
        "line_count": Value(1),
    },
    "handover": _of_lines(HandoverLine, "handover", "pk"),
    "transfer": _of_lines(TransferLine, "transfer", "pk"),
    "cancellation": _of_lines(HandoverLine, "handover", "handover_id"),
}
KINDS: tuple[Kind, ...] = (
    Kind(
        "damaged", "ikm_program.view_auditevent", waiting.damaged_files,
        gettext_lazy("Damaged file of %(what)s: restore it from a backup"), gettext_lazy("Papers whose stored file is damaged"),
        "number", "matter", "document_on", "trainings:document_file", ("trainings:register", {"periode": "semua", "berkas": "rusak"}),
        tone="danger", icon="alert",
    ),
    Kind(
        "returned", "production.change_outputentry", waiting.returned,
        gettext_lazy("Returned · %(what)s %(on)s"), gettext_lazy("Reports returned"),
        "product__short_name", "returned_reason", "made_on", OUTPUT, ("production:output_list", {"status": "dikembalikan"}),
        goods="report", tone="warn", icon="alert",
    ),
    Kind(
        "unsubmitted", "production.change_outputentry", waiting.unsubmitted,
        gettext_lazy("Draft not submitted yet · %(what)s %(on)s"), gettext_lazy("Drafts not submitted yet"),
        "product__short_name", "batch__activity__name", "made_on", OUTPUT, ("production:output_list", {"status": "draf"}),
        goods="report", tone="muted", icon="edit",
    ),
    Kind(
        "verify", "production.verify_outputentry", waiting.to_verify,
        gettext_lazy("To verify · %(what)s %(on)s"), gettext_lazy("Reports to verify"),
        "product__short_name", "region__short_name", "made_on", OUTPUT, ("production:verification_queue", {}), goods="report", icon="tasks",
    ),
    Kind(
        "cancel", "distribution.approve_cancellation", lambda user: waiting.requests(user).exclude(created_by=user),
        gettext_lazy("Cancellation asked for · %(what)s"), gettext_lazy("Cancellations to decide on"),
        "handover__document__number", "reason", "handover__handed_over_on", HANDOVER, (HANDOVERS, {}),
        goods="cancellation", pk="handover_id", tone="danger", icon="alert",
    ),
    Kind(
        "issue", "distribution.issue_handover", waiting.others_drafts(Handover),
        gettext_lazy("BAST to issue, %(on)s"), gettext_lazy("BAST to issue"),
        "store__region__short_name", "recipient__name", "handed_over_on", HANDOVER, (HANDOVERS, {"status": "draf"}),
        goods="handover", icon="document",
    ),
    Kind(
        "draft", "distribution.change_handover", lambda user: Handover.objects.owned_by(user).filter(status=Handover.Status.DRAFT),
        gettext_lazy("Draft BAST waiting to be issued, %(on)s"), gettext_lazy("Draft BAST waiting to be issued"),
        "store__region__short_name", "recipient__name", "handed_over_on", HANDOVER, (HANDOVERS, {"status": "draf"}),
        goods="handover", tone="muted", icon="document",
    ),
    Kind(
        "issue_addendum", "distribution.issue_addendum", waiting.others_drafts(Addendum),
        gettext_lazy("Addendum to issue · %(what)s"), gettext_lazy("Addenda to issue"),
        "handover__document__number", "handover__recipient__name", "agreed_on", "distribution:addendum_detail",
        ("distribution:addendum_list", {}), icon="document",
    ),
    Kind(
        "issue_transfer", "distribution.issue_transfer", waiting.others_drafts(Transfer),
        gettext_lazy("Transfer to issue, %(on)s"), gettext_lazy("Transfers to issue"),
        "from_store__region__short_name", "to_store__name", "sent_on", TRANSFER, (TRANSFERS, {"status": "draf"}),
        goods="transfer", icon="truck",
    ),
    Kind(
        "arrival", "distribution.receive_transfer", waiting.arriving,
        gettext_lazy("Transfer on its way · %(what)s"), gettext_lazy("Transfers whose arrival is to be recorded"),
        "document__number", "to_store__name", "sent_on", TRANSFER, (TRANSFERS, {"status": "diterbitkan"}),
        goods="transfer", icon="truck",
    ),
    Kind(
        "evaluation", "distribution.add_evaluation", waiting.in_evaluation,
        gettext_lazy("In evaluation · %(what)s"), gettext_lazy("Evaluations that are not decided on yet"),
        "document__number", "from_store__name", "received_on", TRANSFER, (TRANSFERS, {"evaluasi": "terbuka"}),
        goods="transfer", icon="clock",
    ),
    Kind(
        "issue_inspection", "production.issue_inspection", waiting.others_drafts(Inspection),
        gettext_lazy("Inspection to issue · %(what)s %(on)s"), gettext_lazy("Inspections to issue"),
        "product__short_name", "store__name", "inspected_on", "production:inspection_detail",
        ("production:inspection_list", {"status": "draf"}), icon="check",
    ),
    Kind(
        "issue_stocktake", "production.issue_stocktake", waiting.others_drafts(Stocktake),
        gettext_lazy("Stocktake to issue, %(on)s"), gettext_lazy("Stocktakes to issue"),
        "store__region__short_name", "store__name", "counted_on", "production:stocktake_detail",
        ("production:stocktake_list", {"status": "draf"}), icon="check",
    ),
    Kind(
        "surplus", "production.add_stocktake", waiting.unreported_surplus,
        gettext_lazy("More was counted than was reported, %(on)s"), gettext_lazy("Stocktakes with a surplus to report"),
        "store__region__short_name", "store__name", "counted_on", "production:stocktake_detail",
        ("production:stocktake_list", {"lebih": "belum"}), tone="warn", icon="alert",
    ),
    Kind(
        "approve_purchase", "production.approve_purchase", waiting.others_drafts(Purchase),
        gettext_lazy("Purchase to approve · %(what)s"), gettext_lazy("Purchases to approve"),
        "seller__name", "product__short_name", "purchased_on", "production:purchase_detail",
        ("production:purchase_list", {"status": "draf"}), goods="purchase", icon="check",
    ),
    Kind(
        "settle", "distribution.acknowledge_handover", waiting.short_by_link,
        gettext_lazy("The receiver confirmed less · %(what)s"), gettext_lazy("Receipts by link to settle"),
        "document__number", "recipient__name", "handed_over_on", HANDOVER, (HANDOVERS, {"laporan": "selisih"}),
        goods="handover", tone="warn", icon="alert",
    ),
    Kind(
        "acknowledge", "distribution.acknowledge_handover", waiting.unsaid,
        gettext_lazy("Awaiting confirmation of receipt · %(what)s"), gettext_lazy("BAST awaiting confirmation of receipt"),
        "document__number", "recipient__name", "handed_over_on", HANDOVER, (HANDOVERS, {"status": "diterbitkan", "laporan": "belum"}),
        goods="handover", icon="circle",
    ),
    Kind(
        "onward", "distribution.add_onwardhandover", waiting.onward_by_link,
        gettext_lazy("The receiver reported onward distribution · %(what)s"), gettext_lazy("Reports of onward distribution to record"),
        "handover__document__number", "passed_to", "happened_on", HANDOVER, (HANDOVERS, {"laporan": "penyaluran"}),
        pk="handover_id", icon="truck",
    ),
    Kind(
        "evidence", "distribution.acknowledge_handover", waiting.unproved,
        gettext_lazy("Evidence not uploaded yet · %(what)s"), gettext_lazy("Receipts whose evidence is not uploaded yet"),
        "handover__document__number", "handover__recipient__name", "received_on", HANDOVER,
        ("distribution:filing_list", {"penerimaan": "sudah"}),
        pk="handover_id", tone="muted", icon="upload",
    ),
    Kind(
        "lock", "trainings.lock_paymentlist", waiting.lists("draf"),
        gettext_lazy("Payment list to lock · %(what)s"), gettext_lazy("Payment lists to lock"),
        "batch__activity__name", "region__short_name", "created_at", PAYMENT, (PAYMENTS, {"status": "draf"}), tone="muted", icon="edit",
    ),
    Kind(
        "approve", "trainings.approve_paymentlist", waiting.lists("terkunci", "created_by", "locked_by"),
        gettext_lazy("Payment list to approve · %(what)s"), gettext_lazy("Payment lists to approve"),
        "batch__activity__name", "region__short_name", "locked_at", PAYMENT, (PAYMENTS, {"status": "terkunci"}), icon="check",
    ),
    Kind(
        "pay", "trainings.pay_paymentlist",
        waiting.lists("disetujui", "created_by", "locked_by", "approved_by", is_recovery=False),
        gettext_lazy("Payment list to pay · %(what)s"), gettext_lazy("Payment lists to pay"),
        "batch__activity__name", "region__short_name", "approved_on", PAYMENT, (PAYMENTS, {"status": "disetujui"}), icon="document",
    ),
    Kind(
        "recover", "trainings.pay_paymentlist",
        waiting.lists("disetujui", "created_by", "locked_by", "approved_by", is_recovery=True),
        gettext_lazy("To be paid back · %(what)s"), gettext_lazy("Recoveries to collect"),
        "batch__activity__name", "region__short_name", "approved_on", PAYMENT, (PAYMENTS, {"status": "disetujui"}),
        tone="warn", icon="alert",
    ),
    Kind(
        "receipts", "trainings.pay_paymentlist", waiting.lists("dibayar", "created_by", "locked_by", "approved_by"),
        gettext_lazy("Receipts to come · %(what)s"), gettext_lazy("Paid lists whose receipts are to come"),
        "batch__activity__name", "region__short_name", "paid_on", PAYMENT, (PAYMENTS, {"status": "dibayar"}), tone="muted", icon="clock",
    ),
    Kind(
        "nominated", "trainings.decide_enrolment", waiting.nominations,
        gettext_lazy("Nominated · %(what)s"), gettext_lazy("Nominations to decide on"),
        "participant__name", "batch__activity__name", "created_at", "trainings:batch_detail",
        ("trainings:batch_list", {"kurang": "usulan"}),
        pk="batch_id", icon="training",
    ),
    Kind(
        "attendance", "trainings.add_attendance", waiting.unclosed_days,
        gettext_lazy("Attendance to close · %(what)s %(on)s"), gettext_lazy("Training days to close"),
        "batch__activity__name", "batch__region__short_name", "held_on", "trainings:day_attendance",
        ("trainings:batch_list", {"kurang": "kehadiran"}), icon="tasks",
    ),
    Kind(
        "late_mentoring", "trainings.change_pipeline", waiting.late_pipelines,
        gettext_lazy("Mentoring is late · %(what)s"), gettext_lazy("Mentoring that is late"),
        "enterprise__name", "next_action", "started_on", PIPELINE, (PIPELINES, {"terlambat": "semua"}),
        tone="danger", icon="clock",
    ),
    Kind(
        "next_mentoring", "trainings.change_pipeline", waiting.next_actions,
        gettext_lazy("Mentoring, by %(on)s · %(what)s"), gettext_lazy("Next actions of mentoring this week"),
        "enterprise__name", "next_action", "next_on", PIPELINE, (PIPELINES, {"terlambat": "minggu"}), icon="check",
    ),
    Kind(
        "expiring", "trainings.change_pipeline", waiting.expiring,
        gettext_lazy("Ends on %(on)s · %(what)s"), gettext_lazy("Licences that end within 90 days"),
        "enterprise__name", "number", "valid_until", "trainings:enterprise_detail", ("trainings:licence_list", {"berlaku": "segera"}),
        pk="enterprise_id", tone="warn", icon="document",
    ),
    Kind(
        "select", "trainings.select_superiorproduct", waiting.proposals,
        gettext_lazy("Superior product to decide on · %(what)s"), gettext_lazy("Superior products to decide on"),
        "name", "enterprise__name", "created_at", "trainings:superior_detail", ("trainings:superior_list", {"tahap": "diusulkan"}),
        icon="tasks",
    ),
    Kind(
        "monthly", "distribution.sign_monthlyreport", waiting.unsigned,
        gettext_lazy("Monthly report to sign · %(what)s, %(on)s"), gettext_lazy("Monthly reports to sign"),
        "region__short_name", "programme__name", "month", "distribution:monthly_detail",
        ("distribution:monthly_list", {"status": "disiapkan"}), icon="document",
    ),
    Kind(
        "final", "distribution.finalise_finalreport", waiting.unfinished,
        gettext_lazy("Final report to complete · %(what)s"), gettext_lazy("Final reports to complete"),
        "programme__name", "region__short_name", "as_of", "distribution:final_detail",
        ("distribution:final_list", {"status": "draf"}), tone="muted", icon="document",
    ),
    Kind(
        "issue_material", "production.issue_materialhandover", waiting.material_drafts_of_others,
        gettext_lazy("Material paper to issue, %(on)s"), gettext_lazy("Material papers to issue"),
        "store__region__short_name", "partner_name", "handed_over_on", MATERIAL, (MATERIALS, {"status": "draf"}), icon="document",
    ),
    Kind(
        "receive_material", "production.receive_materialhandover", waiting.material_arriving,
        gettext_lazy("Material on its way · %(what)s"), gettext_lazy("Material whose receipt is to be recorded"),
        "document__number", "note", "handed_over_on", MATERIAL, (MATERIALS, {"status": "diterbitkan"}), icon="truck",
    ),
    Kind(
        "quiet", "production.add_outputentry", waiting.quiet_batches,
        gettext_lazy("No recent report · %(what)s"), gettext_lazy("Batches without a recent report"),
        "activity__name", "region__short_name", "last_on", "production:output_create", ("trainings:batch_list", {}), icon="circle",
    ),
)  # fmt: skip

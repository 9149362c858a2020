"""What waits for a person: one query over all kinds of work, as single things for a district, as counts for the province."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Count, DateField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distribution.models import Cancellation, FinalReport, Handover, HandoverLine, MonthlyReport, Receipt, Transfer, TransferLine
from ikm_program.formatting import jumlah, tanggal_layar
from production.batches import open_batches
from production.models import OutputEntry

AT_MOST = 12
QUIET_DAYS = 3  # a batch that has begun and said nothing for so long is due a report
ASKED_FOR_DAYS = 30  # after its end nobody expects more of it


@dataclass(frozen=True)
class Work:
    """One line of the work list. `count` is None for a single thing, which then opens itself."""

    text: str | Promise
    href: str
    detail: str = ""
    tone: str = "info"
    icon: str = "clock"
    count: int | None = None


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


def _returned(user: Any) -> Any:
    entries: Any = OutputEntry.objects
    return entries.kept_by(user).returned() if user.region.is_district else entries.owned_by(user).returned()


def _unsubmitted(user: Any) -> Any:
    """Drafts of the own district; an instructor's are their own."""
    entries: Any = OutputEntry.objects
    return entries.kept_by(user).drafts()


def _to_verify(user: Any) -> Any:
    entries: Any = OutputEntry.objects
    return entries.owned_by(user).waiting().exclude(Q(created_by=user) | Q(submitted_by=user))


def _quiet_batches(user: Any) -> Any:
    """Batches of the own region that have begun, have not ended long ago, and of which nothing was reported for some days."""
    today = timezone.localdate()
    since, ended = today - dt.timedelta(days=QUIET_DAYS), today - dt.timedelta(days=ASKED_FOR_DAYS)
    last = OutputEntry.objects.filter(batch=OuterRef("pk"), region=user.region).order_by("-made_on").values("made_on")[:1]
    begun = open_batches(user).filter(region=user.region, starts_on__lte=since, activity__programme__is_example=False)
    running = begun.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=ended))
    return running.annotate(last_on=Subquery(last)).filter(Q(last_on__isnull=True) | Q(last_on__lt=since))


def _requests(user: Any) -> Any:
    return Cancellation.objects.owned_by(user).filter(status=Cancellation.Status.REQUESTED)


def _others_drafts(model: Any) -> Callable[[Any], Any]:
    """Nobody issues what they drafted themselves."""
    return lambda user: model.objects.owned_by(user).filter(status=model.Status.DRAFT).exclude(created_by=user)


def _arriving(user: Any) -> Any:
    on_the_way: Any = Transfer.objects
    return on_the_way.for_user(user).in_transit().filter(to_store__region__path__startswith=user.region.path).exclude(issued_by=user)


def _unacknowledged(user: Any) -> Any:
    handovers: Any = Handover.objects
    return handovers.owned_by(user).awaiting_acknowledgement()


def _unproved(user: Any) -> Any:
    """Receipts that wait for their signed scan or photo; whoever drafted the handover does not bring it."""
    receipts: Any = Receipt.objects
    return receipts.owned_by(user).without_evidence().exclude(Q(handover__created_by=user) | Q(handover__edited_by=user))


def _unsigned(user: Any) -> Any:
    """Monthly reports of the own region; a province leaves those of its districts to their officials."""
    reports: Any = MonthlyReport.objects
    return reports.owned_by(user).waiting().filter(region=user.region).exclude(created_by=user)


def _unfinished(user: Any) -> Any:
    reports: Any = FinalReport.objects
    return reports.owned_by(user).drafts().filter(region=user.region).exclude(Q(created_by=user) | Q(edited_by=user))


OUTPUT, HANDOVER, TRANSFER = "production:output_detail", "distribution:handover_detail", "distribution:transfer_detail"
HANDOVERS, TRANSFERS = "distribution:handover_list", "distribution:transfer_list"
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
    "handover": _of_lines(HandoverLine, "handover", "pk"),
    "transfer": _of_lines(TransferLine, "transfer", "pk"),
    "cancellation": _of_lines(HandoverLine, "handover", "handover_id"),
}
KINDS: tuple[Kind, ...] = (
    Kind(
        "returned", "production.change_outputentry", _returned,
        gettext_lazy("Returned · %(what)s %(on)s"), gettext_lazy("Reports returned"),
        "product__short_name", "returned_reason", "made_on", OUTPUT, ("production:output_list", {"status": "dikembalikan"}),
        goods="report", tone="warn", icon="alert",
    ),
    Kind(
        "unsubmitted", "production.change_outputentry", _unsubmitted,
        gettext_lazy("Draft not submitted yet · %(what)s %(on)s"), gettext_lazy("Drafts not submitted yet"),
        "product__short_name", "batch__activity__name", "made_on", OUTPUT, ("production:output_list", {"status": "draf"}),
        goods="report", tone="muted", icon="edit",
    ),
    Kind(
        "verify", "production.verify_outputentry", _to_verify,
        gettext_lazy("To verify · %(what)s %(on)s"), gettext_lazy("Reports to verify"),
        "product__short_name", "region__short_name", "made_on", OUTPUT, ("production:verification_queue", {}), goods="report", icon="tasks",
    ),
    Kind(
        "cancel", "distribution.approve_cancellation", lambda user: _requests(user).exclude(created_by=user),
        gettext_lazy("Cancellation asked for · %(what)s"), gettext_lazy("Cancellations to decide on"),
        "handover__document__number", "reason", "handover__handed_over_on", HANDOVER, (HANDOVERS, {}),
        goods="cancellation", pk="handover_id", tone="danger", icon="alert",
    ),
    Kind(
        "issue", "distribution.issue_handover", _others_drafts(Handover),
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
        "issue_transfer", "distribution.issue_transfer", _others_drafts(Transfer),
        gettext_lazy("Transfer to issue, %(on)s"), gettext_lazy("Transfers to issue"),
        "from_store__region__short_name", "to_store__name", "sent_on", TRANSFER, (TRANSFERS, {"status": "draf"}),
        goods="transfer", icon="truck",
    ),
    Kind(
        "arrival", "distribution.receive_transfer", _arriving,
        gettext_lazy("Transfer on its way · %(what)s"), gettext_lazy("Transfers whose arrival is to be recorded"),
        "document__number", "to_store__name", "sent_on", TRANSFER, (TRANSFERS, {"status": "diterbitkan"}),
        goods="transfer", icon="truck",
    ),
    Kind(
        "acknowledge", "distribution.acknowledge_handover", _unacknowledged,
        gettext_lazy("Awaiting confirmation of receipt · %(what)s"), gettext_lazy("BAST awaiting confirmation of receipt"),
        "document__number", "recipient__name", "handed_over_on", HANDOVER, (HANDOVERS, {"status": "diterbitkan"}),
        goods="handover", icon="circle",
    ),
    Kind(
        "evidence", "distribution.acknowledge_handover", _unproved,
        gettext_lazy("Evidence not uploaded yet · %(what)s"), gettext_lazy("Receipts whose evidence is not uploaded yet"),
        "handover__document__number", "handover__recipient__name", "received_on", HANDOVER, (HANDOVERS, {"bukti": "belum"}),
        pk="handover_id", tone="muted", icon="upload",
    ),
    Kind(
        "monthly", "distribution.sign_monthlyreport", _unsigned,
        gettext_lazy("Monthly report to sign · %(what)s, %(on)s"), gettext_lazy("Monthly reports to sign"),
        "region__short_name", "programme__name", "month", "distribution:monthly_detail",
        ("distribution:monthly_list", {"status": "disiapkan"}), icon="document",
    ),
    Kind(
        "final", "distribution.finalise_finalreport", _unfinished,
        gettext_lazy("Final report to complete · %(what)s"), gettext_lazy("Final reports to complete"),
        "programme__name", "region__short_name", "as_of", "distribution:final_detail",
        ("distribution:final_list", {"status": "draf"}), tone="muted", icon="document",
    ),
    Kind(
        "quiet", "production.add_outputentry", _quiet_batches,
        gettext_lazy("No recent report · %(what)s"), gettext_lazy("Batches without a recent report"),
        "activity__name", "region__short_name", "last_on", "production:output_create", ("trainings:batch_list", {}), icon="circle",
    ),
)  # fmt: skip


def work_of(user: Any) -> list[Work]:
    """The work list of a person."""
    permitted = {kind.code: kind for kind in KINDS if user.has_perm(kind.permission)}
    if "issue" in permitted:
        permitted.pop("draft", None)
    if not permitted or user.region is None:
        return []
    return _things(permitted, user) if user.region.is_district else _counts(permitted, user)


def _things(kinds: dict[str, Kind], user: Any) -> list[Work]:
    """Every single thing, in the order of the kinds, newest first."""
    rows = _union([_as_things(kind, order, user) for order, kind in enumerate(kinds.values())]).order_by("order", "-on", "-id")
    return [_thing(kinds[row["code"]], row) for row in rows[:AT_MOST]]


def _as_things(kind: Kind, order: int, user: Any) -> Any:
    """The rows of a kind in the columns that all kinds share."""
    rows = kind.rows(user).order_by()
    return rows.annotate(
        order=Value(order),
        code=Value(kind.code, output_field=CharField()),
        thing=F(kind.pk),
        what=Cast(kind.what, CharField()),
        detail=Cast(kind.detail, CharField()),
        on=Cast(kind.on, DateField()) if kind.on != "last_on" else F(kind.on),
        **GOODS[kind.goods],
    ).values("order", "code", "thing", "what", "detail", "on", "id", "quantity", "unit", "goods", "line_count")


def _thing(kind: Kind, row: dict[str, Any]) -> Work:
    words = {"what": row["what"] or "", "on": _day(kind, row["on"])}
    detail = row["detail"] or ""
    if kind.code == "quiet":
        detail = _("last report %(on)s") % words if row["on"] else _("nothing reported yet")
    detail = " · ".join(part for part in (_goods(row), detail) if part)
    return Work(str(kind.one) % words, kind.item_url(row["thing"]), detail, kind.tone, kind.icon)


def _day(kind: Kind, on: dt.date | None) -> str:
    """A report of a month is called by its month."""
    if on is None:
        return ""
    return formats.date_format(on, "F Y") if kind.code == "monthly" else tanggal_layar(on)


def _goods(row: dict[str, Any]) -> str:
    """ "50 set Hazmat", and how many lines more."""
    if row["quantity"] is None:
        return ""
    first = " ".join(part for part in (jumlah(row["quantity"]), row["unit"], row["goods"]) if part)
    more = (row["line_count"] or 1) - 1
    return first if not more else _("%(goods)s and %(n)s more") % {"goods": first, "n": more}


def _counts(kinds: dict[str, Kind], user: Any) -> list[Work]:
    """How many of each kind, without the kinds that have none."""
    parts = [
        kind.rows(user)
        .order_by()
        .annotate(code=Value(kind.code, output_field=CharField()))
        .values("code")
        .annotate(n=Count("pk", distinct=True))
        for kind in kinds.values()
    ]
    found = {row["code"]: row["n"] for row in _union(parts)}
    return [
        Work(kind.many, kind.list_url(), tone=kind.tone, icon=kind.icon, count=found[code])
        for code, kind in kinds.items()
        if found.get(code)
    ]


def _union(parts: list[Any]) -> Any:
    return reduce(lambda one, other: one.union(other, all=True), parts)

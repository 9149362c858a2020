from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from distribution.actions.handovers import taken_draws
from distribution.models import Addendum, Cancellation, Handover, HandoverDraw, OnwardHandover, OnwardLine, ReceiverLink
from distribution.views import deliveries
from distribution.views.handovers import PLACE, is_ours, issues, may_issue, shortages
from ikm_program.screens import Column, Fact, NextStep
from ikm_program.views import DetailScreen
from trainings.models import IssuedDocument

Status = Handover.Status
RECEIVED = (Status.RECEIVED, Status.PARTIAL)
ACKNOWLEDGE = "distribution.acknowledge_handover"
DECIDE = "distribution.approve_cancellation"
ONWARD = "distribution.add_onwardhandover"


def may_see_lot(draw: HandoverDraw, handover: Handover, user: Any) -> bool:
    """A district whose goods travel along sees its own lots, and not the makers of others."""
    return is_ours(handover, user) or bool(user.region.covers(draw.lot.region))


def is_to_look_at(handover: Handover, user: Any) -> bool:
    """Whoever issues sees the page beside the button."""
    return handover.is_draft and not issues(handover, user)


def was_issued(handover: Handover, user: Any) -> bool:
    return not handover.is_draft


def may_edit(handover: Handover, user: Any) -> bool:
    return handover.is_draft and is_ours(handover, user)


def may_settle(handover: Handover, user: Any) -> bool:
    """Receipt and evidence are written down by somebody else than the drafter."""
    return is_ours(handover, user) and not handover.is_drafted_by(user)


def may_acknowledge(handover: Handover, user: Any) -> bool:
    return handover.status == Status.ISSUED and may_settle(handover, user)


def may_pass_on(handover: Handover, user: Any) -> bool:
    return handover.status in RECEIVED and is_ours(handover, user) and any(line.left for line in handover.lines.all())


def awaits_filing(handover: Handover, user: Any) -> bool:
    receipt = getattr(handover, "receipt", None)
    return handover.is_live and is_ours(handover, user) and (receipt is None or not receipt.evidence)


def may_ask_cancellation(handover: Handover, user: Any) -> bool:
    return handover.is_live and is_ours(handover, user) and handover.open_cancellation is None


def may_amend(handover: Handover, user: Any) -> bool:
    return handover.is_live and is_ours(handover, user)


def may_decide_cancellation(handover: Handover, user: Any) -> bool:
    asked = handover.open_cancellation
    return asked is not None and is_ours(handover, user) and asked.created_by_id != user.pk


def may_replace(handover: Handover, user: Any) -> bool:
    return handover.status == Status.CANCELLED and is_ours(handover, user)


def _asked(handover: Handover) -> dict[str, Any]:
    assert handover.open_cancellation is not None
    return {"pk": handover.open_cancellation.pk}


def _paper(handover: Handover) -> dict[str, Any]:
    return {"pk": handover.document_id}


@dataclass
class Step:
    """A step of the chain and what went further from it."""

    onward: OnwardHandover
    may_extend: bool
    children: list[Step] = field(default_factory=list)


def onward_tree(onwards: Iterable[OnwardHandover], *, may_extend: bool) -> list[Step]:
    """The steps under the ones they came from."""
    below: dict[int | None, list[Step]] = defaultdict(list)
    steps = [Step(onward, may_extend and onward.is_live and any(line.left for line in onward.lines.all())) for onward in onwards]
    for step in steps:
        below[step.onward.parent_id].append(step)
    for step in steps:
        step.children = below[step.onward.pk]
    return below[None]


ADDENDUM_COLUMNS = (
    Column(_("Number"), "number", link="self", unknown=_("draft, no number yet")),
    Column(_("Date"), "agreed_on", kind="date", link="self"),
    Column(_("What is changed"), "changes", template="distribution/_changes.html"),
    Column(_("Status"), "status", kind="status"),
)


class HandoverDetail(DetailScreen):
    model = Handover
    permission = "distribution.view_handover"
    place = PLACE
    related = (
        "programme",
        "store__region",
        "giver_office__region",
        "giver",
        "recipient",
        "created_by",
        "issued_by",
        "filing_owner",
        "document",
        "receipt__created_by",
        "replaces__document",
    )
    prefetched = (
        "lines__product",
        "witnesses",
        Prefetch("cancellations", Cancellation.objects.select_related("created_by", "decided_by")),
        "successors__document",
    )
    facts = (
        Fact(_("Date"), "handed_over_on", kind="date"),
        Fact(_("Place"), "place"),
        Fact(_("From store"), "store"),
        Fact(_("Giving official"), "giver"),
        Fact(_("Recipient"), "recipient.name", link="recipient"),
        Fact(_("Receiver"), "receiver_name", template="distribution/_receiver.html"),
        Fact(_("Programme"), "programme"),
        Fact(_("Number of the second party"), "other_number"),
        Fact(_("Acknowledged by"), "acknowledged_by_name"),
        Fact(_("Witnesses"), "witnesses", template="distribution/_witnesses.html"),
        Fact(_("Legal basis"), "legal_basis", kind="longtext"),
        Fact(_("Purpose"), "purpose"),
        Fact(_("Symbolic handover"), "is_symbolic", kind="yesno"),
        Fact(_("Drafted by"), "created_by"),
        Fact(_("Issued by"), "issued_by", unknown=_("not issued yet")),
        Fact(_("Who files the signed paper"), "filing_owner", unknown=_("nobody by name")),
        Fact(_("Note"), "note"),
    )
    line_columns = (
        Column(_("Goods"), "product.name"),
        Column(_("Quantity"), "quantity", kind="number", unit="product.unit"),
        Column(_("Condition"), "get_condition_display"),
        Column(_("Received"), "acknowledged", kind="number", unit="product.unit", unknown=_("not confirmed yet")),
        Column(_("Back to the store"), "returned", kind="number", unit="product.unit"),
        Column(_("Written off"), "written_off", kind="number", unit="product.unit"),
        Column(_("Distributed onward"), "onward", kind="number", unit="product.unit"),
    )
    draft_columns = (
        *line_columns[:3],
        Column(_("Specification"), "specification"),
    )
    draw_columns = (
        Column(_("Lot"), "lot.made_on", kind="date"),
        Column(_("Maker"), "lot.line.maker_name"),
        Column(_("Origin"), "lot.region.short_name"),
        Column(_("Goods"), "lot.product.short_name"),
        Column(_("Quantity"), "quantity", kind="number", unit="lot.product.unit"),
    )
    steps = (
        NextStep(_("Check and issue"), "distribution:handover_issue", "distribution.issue_handover", when=may_issue, icon="check"),
        NextStep(_("Confirm receipt"), "distribution:handover_acknowledge", ACKNOWLEDGE, when=may_acknowledge, icon="check"),
        NextStep(_("Link for the receiver"), "distribution:receiver_link_create", ACKNOWLEDGE, when=may_acknowledge, icon="key"),
        NextStep(
            _("Approve the cancellation"),
            "distribution:cancellation_approve",
            DECIDE,
            when=may_decide_cancellation,
            kwargs=_asked,
            icon="check",
            is_danger=True,
        ),
        NextStep(
            _("Refuse the cancellation"),
            "distribution:cancellation_refuse",
            DECIDE,
            when=may_decide_cancellation,
            kwargs=_asked,
            icon="cross",
        ),
        NextStep(
            _("Open the PDF"), "trainings:document_file", "trainings.view_issueddocument", when=was_issued, kwargs=_paper, icon="document"
        ),
        NextStep(_("Write a delivery note"), "distribution:handover_delivery", deliveries.ADD, when=deliveries.may_send, icon="truck"),
        NextStep(_("Make the replacement"), "distribution:handover_replace", "distribution.add_handover", when=may_replace, icon="edit"),
        NextStep(_("Write an addendum"), "distribution:addendum_create", "distribution.add_addendum", when=may_amend, icon="edit"),
        NextStep(_("Record onward distribution"), "distribution:onward_create", ONWARD, when=may_pass_on, icon="truck"),
        NextStep(_("Link to report onward distribution"), "distribution:onward_link_create", ONWARD, when=may_pass_on, icon="key"),
        NextStep(_("Who files the signed paper"), "distribution:filing_assign", ACKNOWLEDGE, when=awaits_filing, icon="upload"),
        NextStep(_("Edit"), "distribution:handover_update", "distribution.change_handover", when=may_edit, icon="edit"),
        NextStep(_("Preview"), "distribution:handover_review", "distribution.view_handover", when=is_to_look_at, icon="document"),
        NextStep(
            _("Ask for cancellation"),
            "distribution:cancellation_request",
            "distribution.add_cancellation",
            when=may_ask_cancellation,
            icon="stop",
            is_danger=True,
        ),
        NextStep(
            _("Throw the draft away"),
            "distribution:handover_discard",
            "distribution.change_handover",
            when=may_edit,
            icon="trash",
            is_danger=True,
        ),
    )

    def get_queryset(self) -> Any:
        amended = Exists(Addendum.objects.filter(handover=OuterRef("pk")))
        rows = super().get_queryset().annotate(has_addenda=amended)
        return rows.defer("document__snapshot", "giver_office__arms", "replaces__document__snapshot")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        handover, user = self.object, self.request.user
        receipt = getattr(handover, "receipt", None)
        return super().get_context_data(
            shortages=shortages(handover) if handover.is_draft else [],
            is_own_draft=handover.is_drafted_by(user),
            is_ours=is_ours(handover, user),
            is_own_request=handover.open_cancellation is not None and handover.open_cancellation.created_by_id == user.pk,
            lines=handover.lines.all(),
            line_columns=self.draft_columns if handover.is_draft else self.line_columns,
            draws=[draw for draw in taken_draws(handover) if may_see_lot(draw, handover, user)],
            draw_columns=self.draw_columns,
            documents=self.documents(),
            receipt=receipt,
            may_upload_evidence=receipt is not None and not receipt.evidence and may_settle(handover, user),
            onward_steps=self.onward_steps(),
            addenda=self.addenda(),
            addendum_columns=ADDENDUM_COLUMNS,
            deliveries=deliveries.of(handover, user),
            delivery_columns=deliveries.IN_A_LIST,
            **self.receivers_words(),
            **kwargs,
        )

    def addenda(self) -> list[Addendum]:
        """What puts its statements right, in force or not."""
        if not self.object.has_addenda:
            return []
        rows = Addendum.objects.for_user(self.request.user).filter(handover=self.object).select_related("document")
        return list(rows.defer("document__arms", "document__snapshot").prefetch_related("changes").order_by("agreed_on", "pk"))

    def receivers_words(self) -> dict[str, Any]:
        """The links that were given out, and what was said by them."""
        links = ReceiverLink.objects.for_user(self.request.user).filter(handover=self.object).select_related("created_by", "statement")
        given = list(links.prefetch_related("statement__lines__line__product", "statement__onwards"))
        said = [link.statement for link in given if link.used_at]
        return {"receiver_links": given, "statements": said, "onward_to_record": [one.pk for one in said if one.is_to_record]}

    def documents(self) -> Any:
        """The paper itself, its addenda, and the record that made it void."""
        own = Q(handover=self.object) | Q(cancellation__handover=self.object) | Q(addendum__handover=self.object)
        seen = IssuedDocument.objects.for_user(self.request.user).filter(own, office=self.object.giver_office)
        return seen.select_related("file").defer("file__content", "snapshot", "arms").order_by("pk")

    def onward_steps(self) -> list[Step]:
        lines = Prefetch("lines", OnwardLine.objects.select_related("source__product"))
        onwards = OnwardHandover.objects.for_user(self.request.user).filter(handover=self.object)
        rows = onwards.select_related("recipient", "handover").prefetch_related(lines).order_by("handed_over_on", "pk")
        may_extend = self.object.status in RECEIVED and is_ours(self.object, self.request.user)
        return onward_tree(rows, may_extend=may_extend)

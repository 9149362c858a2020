from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution import shelves
from distribution.actions import handovers as actions
from distribution.actions.receipts import acknowledge_handover, add_evidence, said_of_receipt
from distribution.filters.handovers import HandoverFilter
from distribution.forms.goods import initial_lines
from distribution.forms.handovers import AcknowledgeForm, ConfirmForm, EvidenceForm, HandoverForm, HandoverStart, Terms
from distribution.models import Handover, Receipt
from distribution.reports.papers import goods_in_words
from distribution.views.drafting import DraftScreen, DraftsOnly, IssueDraft
from ikm_program.formatting import tanggal_layar
from ikm_program.forms import values_of
from ikm_program.screens import Column, Empty, Fact, Link, Text, permitted
from ikm_program.views import FormScreen, ListScreen, ObjectScreen
from trainings import registers
from trainings.models import Official
from trainings.views.documents import inline_pdf

PLACE = "distribution:handover_list"
NEW = Link(_("New handover"), "distribution:handover_create", "distribution.add_handover", icon="plus")
ISSUE = Link(_("Issue"), "distribution:handover_list", "distribution.issue_handover")
NO_NUMBER = _("draft, no number yet")


class HandoverList(ListScreen):
    model = Handover
    permission = "distribution.view_handover"
    title = _("Handovers (BAST)")
    place = PLACE
    columns = (
        Column(_("Number"), "number", link="self", unknown=NO_NUMBER, template="distribution/_handover_number.html"),
        Column(_("Date"), "handed_over_on", kind="date", sort="handed_over_on"),
        Column(_("From"), "store.region.short_name", sort="store__region__kemendagri_code"),
        Column(_("Recipient"), "recipient.name", sort="recipient__name"),
        Column(_("Goods"), "lines", template="distribution/_goods.html"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    prefetched = ("lines__product",)
    search_fields = ("document__number", "other_number", "recipient__name", "receiver_name", "store__region__name")
    search_label = _("Search number, recipient or name")
    filterset_class = HandoverFilter
    ordering = ("-handed_over_on", "-pk")
    links = (NEW, Link(_("Register of papers"), "trainings:register", "trainings.view_issueddocument", icon="report"))
    empty = Empty(_("No handover yet."), _("A handover takes goods from a store to a recipient."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names().defer("document__snapshot")


class _HandoverDraft(DraftScreen):
    model = Handover
    place = PLACE
    form_class = HandoverForm
    start_class = HandoverStart
    submit_label = _("Save draft and look at the page")
    terms_facts = (
        Fact(_("From store"), "store"),
        Fact(_("Programme"), "programme"),
        Fact(_("Recipient"), "recipient.name"),
        Fact(_("Date"), "on", kind="date"),
    )

    def get_success_url(self, result: Any) -> str:
        """The page as it will print; for whoever may issue it, beside the button, so that nobody looks at it twice."""
        page = "handover_issue" if issues(result, self.request.user) else "handover_review"
        return reverse(f"distribution:{page}", kwargs={"pk": result.pk})


class HandoverCreate(_HandoverDraft):
    action = actions.draft_handover
    title = _("New handover")
    lead = _("From the store to the recipient; somebody else issues it.")
    success_message = _("Draft saved. Check the page as it will be printed.")
    store = None

    def initial_facts(self) -> dict[str, Any]:
        return self._from_last_handover(self.terms)

    def _from_last_handover(self, terms: Terms) -> dict[str, Any]:
        """Who received for this recipient the last time in this programme, and on what basis. Another programme's people are another's."""
        last = Handover.objects.for_user(self.request.user).filter(programme=terms.programme).last_to(terms.recipient)
        if last is None:
            return {"receiver_basis": terms.recipient.legal_basis}
        receiver = [name for name in HandoverForm.base_fields if name.startswith("receiver_")]
        facts = values_of(last, [*receiver, "purpose", "legal_basis"])
        if last.receiver_identity_kind == Official.IdentityKind.NIK:  # typed anew: a NIK is shown to nobody by the way
            del facts["receiver_identity_kind"], facts["receiver_identity_number"]
        return facts


class HandoverUpdate(DraftsOnly, _HandoverDraft):
    action = actions.edit_handover
    related = ("programme", "store__region", "recipient", "giver", "document")
    prefetched = ("lines__draws", "witnesses")
    success_message = _("Draft saved. Check the page as it will be printed.")

    @property
    def store(self) -> Any:
        return self.object.store

    def initial_terms(self) -> dict[str, Any]:
        draft = self.object
        return {"program": draft.programme_id, "penerima": draft.recipient_id, "tanggal": draft.handed_over_on}

    def initial_facts(self) -> dict[str, Any]:
        witnesses = [{"name": witness.name, "position": witness.position} for witness in self.object.witnesses.all()]
        return values_of(self.object, HandoverForm.base_fields) | {"lines": initial_lines(self.object), "witnesses": witnesses}

    def form_extras(self) -> dict[str, Any]:
        return {"lots": {draw.lot_id: draw.quantity for line in self.object.lines.all() for draw in line.draws.all()}}


class HandoverReview(DraftsOnly, ObjectScreen):
    """The page as it will print, with what is still in the way and the way to issuing."""

    model = Handover
    permission = "distribution.view_handover"
    template_name = "distribution/handover_review.html"
    place = PLACE
    related = ("programme", "store__region", "giver_office__region", "giver", "recipient", "created_by")
    prefetched = ("lines__product",)

    def show(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_title(self) -> Text:
        return str(self.object)

    def parents(self) -> Any:
        return ((str(self.object), self.object.get_absolute_url()),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.object
        return super().get_context_data(
            object=draft,
            shortages=shortages(draft),
            next_number=registers.next_number(draft.giver_office, "bast", draft.handed_over_on),
            is_own_draft=draft.is_drafted_by(self.request.user),
            may_change=is_ours(draft, self.request.user),
            preview_url=reverse("distribution:handover_preview", kwargs={"pk": draft.pk}),
            **kwargs,
        )


class HandoverPreview(ObjectScreen):
    """The PDF as it stands now, with its DRAF mark while it is a draft."""

    model = Handover
    permission = "distribution.view_handover"
    related = ("programme__region", "store__region", "giver_office__region", "giver", "recipient")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return inline_pdf(actions.preview(self.object), self.object.giver_office, may_be_framed=True)


class HandoverIssue(IssueDraft):
    model = Handover
    action = actions.issue_handover
    place = PLACE
    related = ("programme", "store__region", "giver_office__region", "giver", "recipient", "created_by")
    preview = "distribution:handover_preview"

    def get_shortages(self) -> list[str]:
        return shortages(self.object)

    def get_confirmation(self) -> Text:
        draft = self.object
        return gettext(
            "%(goods)s leave %(store)s for %(recipient)s, dated %(date)s. The paper gets the next number, %(number)s. "
            "Once issued it cannot be changed; two people can cancel it, and the number stays used."
        ) % {
            "goods": goods_in_words(draft.lines.all()),
            "store": draft.store,
            "recipient": draft.recipient,
            "date": tanggal_layar(draft.handed_over_on),
            "number": registers.next_number(draft.giver_office, "bast", draft.handed_over_on),
        }


class HandoverDiscard(DraftsOnly, FormScreen):
    model = Handover
    form_class = ConfirmForm
    action = actions.discard_handover
    place = PLACE
    related = ("recipient", "store__region")
    submit_label = _("Throw the draft away")
    success_message = _("The draft was thrown away. It never had a number.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Throw away: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext("The draft to %(recipient)s disappears. No number is lost and no goods move.") % {"recipient": self.object.recipient}

    def get_success_url(self, result: Any) -> str:
        return reverse(PLACE)


class HandoverAcknowledge(FormScreen):
    """Whoever did not draft it writes down what arrived."""

    model = Handover
    form_class = AcknowledgeForm
    action = acknowledge_handover
    is_edit = False
    place = PLACE
    related = ("store__region", "recipient", "document")
    submit_label = _("Confirm receipt")
    success_message = _("The receipt is recorded.")

    def get_title(self) -> Text:
        return gettext("Confirm receipt: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        if said_of_receipt(self.object):
            return gettext(
                "The receiver has confirmed by the link. Say of what is missing whether it is back in %(store)s or written off."
            ) % {"store": self.object.store}
        return gettext("What came back goes to the stock of %(store)s; what is written off leaves it for good. Nothing is lost.") % {
            "store": self.object.store
        }


class EvidenceUpload(FormScreen):
    """What was missing when the receipt was recorded."""

    model = Receipt
    form_class = EvidenceForm
    action = add_evidence
    is_edit = False
    place = PLACE
    related = ("handover__store__region", "handover__recipient", "handover__document")
    submit_label = _("Upload the evidence")
    success_message = _("The evidence is kept.")

    def get_title(self) -> Text:
        return gettext("Upload the evidence: %(what)s") % {"what": self.object.handover}

    def parents(self) -> Any:
        return ((str(self.object.handover), self.object.get_absolute_url()),)


class HandoverReplace(FormScreen):
    """A new draft from a cancelled handover."""

    model = Handover
    form_class = ConfirmForm
    action = actions.draft_replacement
    place = PLACE
    related = ("store__region", "recipient", "document")
    submit_label = _("Make the replacement draft")
    success_message = _("The replacement is a draft. Put right what was wrong, then somebody else issues it under the next number.")

    def get_title(self) -> Text:
        return gettext("Replace: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        words = gettext("A draft with the same content is made. Number %(number)s stays cancelled in the register.")
        return words % {"number": self.object.number}


def may_issue(handover: Handover, user: Any) -> bool:
    """Given the permission."""
    return handover.is_draft and is_ours(handover, user) and not handover.is_drafted_by(user)


def issues(handover: Handover, user: Any) -> bool:
    """This person may issue it as it stands."""
    return may_issue(handover, user) and bool(permitted([ISSUE], user))


def is_ours(handover: Handover, user: Any) -> bool:
    """The person may act on it, given the permission."""
    return bool(user.region.covers(handover.store.region))


def shortages(draft: Handover) -> list[str]:
    return shelves.shortages(draft, draft.store, draft.handed_over_on)

"""Addenda: written on the page of their BAST, looked at once more and issued by somebody else."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution import snapshots
from distribution.actions import addenda as actions
from distribution.forms.addenda import AddendumForm
from distribution.models import Addendum, Handover
from distribution.views.handovers import PLACE as HANDOVERS
from ikm_program.screens import Column, Empty, Fact, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from production.views.issued import CancelScreen, DiscardScreen, IssueScreen, PreviewScreen, may_cancel, papers_of, steps_of
from trainings import registers

PLACE = "distribution:addendum_list"
VIEW = "distribution.view_addendum"
RELATED = (
    "handover__store__region",
    "handover__giver_office__region",
    "handover__recipient",
    "handover__document",
    "signer__office",
    "document",
)
Status = Addendum.Status


def may_be_cancelled(addendum: Addendum, user: Any) -> bool:
    return addendum.handover.is_live and may_cancel(addendum, user)


class AddendumList(ListScreen):
    model = Addendum
    permission = VIEW
    title = _("Addenda")
    lead = _("What issued BAST were put right or added to.")
    place = PLACE
    columns = (
        Column(_("Number"), "number", link="self", unknown=_("draft, no number yet"), in_file=lambda row: row.number),
        Column(_("Date"), "agreed_on", kind="date", link="self", sort="agreed_on"),
        Column(_("BAST"), "handover.number", link="handover"),
        Column(_("Recipient"), "handover.recipient.name"),
        Column(_("Reason"), "reason"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    search_fields = ("document__number", "handover__document__number", "handover__recipient__name", "reason")
    search_label = _("Search number or recipient")
    ordering = ("-agreed_on", "-pk")
    empty = Empty(_("No addendum yet."), _("Open an issued BAST and choose “Write an addendum”."))

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()


class AddendumDetail(DetailScreen):
    model = Addendum
    permission = VIEW
    place = PLACE
    related = (*RELATED, "created_by", "issued_by", "cancelled_by")
    prefetched = ("changes",)
    template_name = "distribution/addendum_detail.html"
    facts = (
        Fact(_("Amends"), "handover", link="handover"),
        Fact(_("Date"), "agreed_on", kind="date"),
        Fact(_("Place"), "place"),
        Fact(_("Reason"), "reason"),
        Fact(_("Official who signs"), "signer"),
        Fact(_("Further provisions"), "provisions", kind="longtext"),
        Fact(_("Drafted by"), "created_by"),
        Fact(_("Issued by"), "issued_by", unknown=_("not issued yet")),
    )
    change_columns = (
        Column(_("Statement"), "get_statement_display"),
        Column(_("Before"), "before", kind="longtext", unknown=_("nothing was said")),
        Column(_("After"), "after", kind="longtext", unknown=_("taken out")),
    )
    steps = steps_of("addendum", "distribution", cancel=_("Cancel the addendum"), may_be_cancelled=may_be_cancelled)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        addendum, user = self.object, self.request.user
        return super().get_context_data(
            changes=addendum.changes.all(),
            change_columns=self.change_columns,
            obstacles=actions.obstacles(addendum) if addendum.is_draft else [],
            is_own_draft=addendum.is_drafted_by(user),
            documents=papers_of(addendum, user),
            **kwargs,
        )


class AddendumCreate(FormScreen):
    model = Handover
    form_class = AddendumForm
    action = actions.draft_addendum
    place = HANDOVERS
    related = ("store__region", "recipient", "document", "giver_office__region")
    lead = _("Write over what is wrong; the rest stays as it is. Goods and quantities are put right by cancelling and replacing the BAST.")
    submit_label = _("Save draft")
    success_message = _("Draft saved. Somebody else issues it.")

    def get_title(self) -> Text:
        return gettext("Addendum to %(what)s") % {"what": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {}


class AddendumPreview(PreviewScreen):
    model = Addendum
    permission = VIEW
    related = RELATED
    snapshot = snapshots.of_addendum


class AddendumIssue(IssueScreen):
    model = Addendum
    action = actions.issue_addendum
    obstacles = actions.obstacles
    preview = "distribution:addendum_preview"
    place = PLACE
    related = RELATED
    prefetched = ("changes",)

    def get_confirmation(self) -> Text:
        draft = self.object
        number = registers.next_number(draft.handover.giver_office, actions.KIND, draft.agreed_on)
        words = gettext("The addendum gets the next number, %(number)s. The BAST keeps its pages; whoever checks it is told so.")
        return words % {"number": number}


class AddendumDiscard(DiscardScreen):
    model = Addendum
    action = actions.discard_addendum
    place = PLACE
    related = RELATED

    def get_success_url(self, result: Any) -> str:
        return str(self.object.handover.get_absolute_url())


class AddendumCancel(CancelScreen):
    model = Addendum
    action = actions.cancel_addendum
    place = PLACE
    related = RELATED
    prefetched = ("changes",)
    submit_label = _("Cancel the addendum")
    success_message = _("The addendum is cancelled; the BAST reads as it did before it.")

    def get_confirmation(self) -> Text:
        return gettext("What it changed reads as before. Its number stays used, and whoever checks it is told.")

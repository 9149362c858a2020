"""Addenda: written on the page of their BAST, looked at once more and issued by somebody else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution import snapshots
from distribution.actions import addenda as actions
from distribution.forms.addenda import AddendumForm
from distribution.forms.handovers import ConfirmForm
from distribution.models import Addendum, Handover
from distribution.views.handovers import PLACE as HANDOVERS
from distribution.views.handovers import is_ours
from ikm_program.screens import Column, Empty, Fact, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from production.forms.inspections import CancelForm
from production.views.inspections import OPEN_PDF, DraftsOnly, papers_of
from trainings import registers
from trainings.views.documents import inline_pdf

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


def may_edit(addendum: Addendum, user: Any) -> bool:
    return addendum.is_draft and is_ours(addendum.handover, user)


def may_issue(addendum: Addendum, user: Any) -> bool:
    return may_edit(addendum, user) and not addendum.is_drafted_by(user)


def may_cancel(addendum: Addendum, user: Any) -> bool:
    return addendum.status == Status.ISSUED and addendum.handover.is_live and is_ours(addendum.handover, user)


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
        Fact(_("Goes with"), "handover", link="handover"),
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
    steps = (
        NextStep(_("Check and issue"), "distribution:addendum_issue", "distribution.issue_addendum", when=may_issue, icon="check"),
        OPEN_PDF,
        NextStep(_("Preview"), "distribution:addendum_preview", "", when=lambda obj, user: obj.is_draft, icon="document"),
        NextStep(
            _("Throw the draft away"),
            "distribution:addendum_discard",
            "distribution.change_addendum",
            when=may_edit,
            icon="trash",
            is_danger=True,
        ),
        NextStep(
            _("Cancel the addendum"),
            "distribution:addendum_cancel",
            "distribution.issue_addendum",
            when=may_cancel,
            icon="stop",
            is_danger=True,
        ),
    )

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
    autosaves = True
    lead = _("Write over what is wrong; the rest stays as it is. Goods and quantities are put right by cancelling and replacing the BAST.")
    submit_label = _("Save draft")
    success_message = _("Draft saved. Somebody else issues it.")

    def get_title(self) -> Text:
        return gettext("Addendum to %(what)s") % {"what": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {}


class AddendumPreview(ObjectScreen):
    """The PDF as it stands now, with its DRAF mark while it is a draft."""

    model = Addendum
    permission = VIEW
    related = RELATED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return inline_pdf(snapshots.of_addendum(self.object, None), self.object.handover.giver_office, may_be_framed=True)


class _Act(FormScreen):
    model = Addendum
    place = PLACE
    related = RELATED
    prefetched = ("changes",)

    def parents(self) -> Any:
        return ((str(self.object), self.object.get_absolute_url()),)


class AddendumIssue(DraftsOnly, _Act):
    form_class = ConfirmForm
    action = actions.issue_addendum
    template_name = "production/gate_issue.html"
    submit_label = _("Issue")

    def get_title(self) -> Text:
        return gettext("Issue: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        draft = self.object
        number = registers.next_number(draft.handover.giver_office, actions.KIND, draft.agreed_on)
        words = gettext("The addendum gets the next number, %(number)s. The BAST keeps its pages; whoever checks it is told so.")
        return words % {"number": number}

    def get_success_message(self, result: Any) -> Text:
        return gettext("Issued under the number %(number)s.") % {"number": result.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            obstacles=actions.obstacles(self.object),
            is_own_draft=self.object.is_drafted_by(self.request.user),
            preview_url=reverse("distribution:addendum_preview", kwargs={"pk": self.object.pk}),
            **kwargs,
        )


class AddendumDiscard(DraftsOnly, _Act):
    form_class = ConfirmForm
    action = actions.discard_addendum
    submit_label = _("Throw the draft away")
    success_message = _("The draft was thrown away. It never had a number.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Throw away: %(what)s") % {"what": self.object}

    def get_success_url(self, result: Any) -> str:
        return str(self.object.handover.get_absolute_url())


class AddendumCancel(_Act):
    form_class = CancelForm
    action = actions.cancel_addendum
    submit_label = _("Cancel the addendum")
    success_message = _("The addendum is cancelled; the BAST reads as it did before it.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext("What it changed reads as before. Its number stays used, and whoever checks it is told.")

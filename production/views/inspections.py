"""Inspections: drafted by a team's secretary, looked at once more and issued by an official, cancelled with a reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from production import snapshots
from production.actions import inspections as actions
from production.filters.gates import InspectionFilter
from production.forms.inspections import CancelForm, InspectionForm
from production.forms.output import ConfirmForm
from production.forms.terms import GoodsTerms
from production.models import Inspection
from production.views.terms import TermsScreen
from trainings import registers
from trainings.models import IssuedDocument
from trainings.views.documents import inline_pdf

PLACE = "production:inspection_list"
NEW = Link(_("New inspection"), "production:inspection_create", "production.add_inspection", icon="plus")
RELATED = ("programme__region", "product", "store__region", "office__region", "signer", "created_by", "document")
Status = Inspection.Status
OPEN_PDF = NextStep(
    _("Open the PDF"),
    "trainings:document_file",
    "trainings.view_issueddocument",
    when=lambda obj, user: not obj.is_draft,
    kwargs=lambda obj: {"pk": obj.document_id},
    icon="document",
)


def _is_ours(inspection: Inspection, user: Any) -> bool:
    return bool(user.region.covers(inspection.store.region))


def may_issue(inspection: Inspection, user: Any) -> bool:
    return inspection.is_draft and _is_ours(inspection, user) and not inspection.is_drafted_by(user)


def may_edit(inspection: Inspection, user: Any) -> bool:
    return inspection.is_draft and _is_ours(inspection, user)


def may_cancel(inspection: Inspection, user: Any) -> bool:
    return inspection.status == Status.ISSUED and _is_ours(inspection, user)


class InspectionList(ListScreen):
    model = Inspection
    permission = "production.view_inspection"
    title = _("Inspections")
    lead = _("What teams examined before goods were handed over, and what they found fit.")
    place = PLACE
    prefetched = ("lines",)
    columns = (
        Column(_("Number"), "number", link="self", unknown=_("draft, no number yet"), in_file=lambda row: row.number),
        Column(_("Date"), "inspected_on", kind="date", link="self", sort="inspected_on"),
        Column(_("Product"), "product.name", sort="product__name"),
        Column(_("Store"), "store.name", sort="store__region__kemendagri_code"),
        Column(_("Result"), "result"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    search_fields = ("document__number", "product__name", "store__name", "decree")
    search_label = _("Search number, product or store")
    filterset_class = InspectionFilter
    ordering = ("-inspected_on", "-pk")
    links = (NEW,)
    empty = Empty(_("No inspection yet."), _("An inspection says of the goods in a store which are fit to be handed over."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()


class InspectionDetail(DetailScreen):
    model = Inspection
    permission = "production.view_inspection"
    place = PLACE
    related = (*RELATED, "issued_by", "cancelled_by")
    prefetched = ("members",)
    facts = (
        Fact(_("Date"), "inspected_on", kind="date"),
        Fact(_("Place"), "place"),
        Fact(_("Product"), "product", link="product"),
        Fact(_("Store"), "store"),
        Fact(_("Programme"), "programme"),
        Fact(_("Result"), "result"),
        Fact(_("Method"), "method"),
        Fact(_("Sample size"), "sample_size", kind="number", unit="product.unit", unknown=_("every piece")),
        Fact(_("Decree that names the team"), "decree"),
        Fact(_("Date of the decree"), "decree_on", kind="date"),
        Fact(_("Official who acknowledges"), "signer"),
        Fact(_("Drafted by"), "created_by"),
        Fact(_("Issued by"), "issued_by", unknown=_("not issued yet")),
        Fact(_("Note"), "note"),
    )
    line_columns = (
        Column(_("Production date"), "lot.made_on", kind="date"),
        Column(_("Maker"), "lot.line.maker_name"),
        Column(_("Where it lay"), "get_account_display"),
        Column(_("Examined"), "examined", kind="number", unit="lot.product.unit"),
        Column(_("Accepted"), "accepted", kind="number"),
        Column(_("To be repaired"), "to_repair", kind="number"),
        Column(_("Turned down"), "rejected", kind="number"),
    )
    finding_columns = (
        Column(_("Criterion"), "criterion.name"),
        Column(_("Requirement"), "criterion.requirement"),
        Column(_("Result"), "get_result_display", template="production/_finding.html"),
        Column(_("Note"), "note"),
    )
    member_columns = (
        Column(_("Name"), "name"),
        Column(_("Position"), "position"),
        Column("NIP", "nip"),
    )
    steps = (
        NextStep(_("Check and issue"), "production:inspection_issue", "production.issue_inspection", when=may_issue, icon="check"),
        OPEN_PDF,
        NextStep(_("Preview"), "production:inspection_preview", "", when=lambda obj, user: obj.is_draft, icon="document"),
        NextStep(_("Edit"), "production:inspection_update", "production.change_inspection", when=may_edit, icon="edit"),
        NextStep(
            _("Throw the draft away"),
            "production:inspection_discard",
            "production.change_inspection",
            when=may_edit,
            icon="trash",
            is_danger=True,
        ),
        NextStep(
            _("Cancel the inspection"),
            "production:inspection_cancel",
            "production.issue_inspection",
            when=may_cancel,
            icon="alert",
            is_danger=True,
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        inspection, user = self.object, self.request.user
        lines = inspection.lines.for_user(user).select_related("lot__product", "lot__line__participant").order_by("lot__made_on", "pk")
        return super().get_context_data(
            lines=lines,
            line_columns=self.line_columns,
            findings=inspection.findings.select_related("criterion"),
            finding_columns=self.finding_columns,
            members=inspection.members.all(),
            member_columns=self.member_columns,
            obstacles=actions.obstacles(inspection) if inspection.is_draft else [],
            is_own_draft=inspection.is_drafted_by(user),
            documents=papers_of(inspection, user),
            **kwargs,
        )


def papers_of(record: Any, user: Any) -> Any:
    """The issued paper of a record, as its page lists it."""
    return (
        IssuedDocument.objects.for_user(user)
        .filter(pk=record.document_id)
        .select_related("file")
        .defer("file__content", "snapshot", "arms")
    )


class InspectionPreview(ObjectScreen):
    """The PDF as it stands now, with its DRAF mark while it is a draft."""

    model = Inspection
    permission = "production.view_inspection"
    related = RELATED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return inline_pdf(snapshots.of_inspection(self.object, None), self.object.office, may_be_framed=True)


class InspectionCreate(TermsScreen):
    model = Inspection
    form_class = InspectionForm
    action = actions.draft_inspection
    title = _("New inspection")
    place = PLACE
    autosaves = True
    submit_label = _("Save draft")
    success_message = _("Draft saved. Somebody else issues it.")


class DraftsOnly(ObjectScreen):
    """A page about a draft: once it is issued its own page opens instead. An act sent too late is refused in words."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_draft:
            return HttpResponseRedirect(self.object.get_absolute_url())
        found: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]  # the screen it is mixed with
        return found


class InspectionUpdate(DraftsOnly, TermsScreen):
    """Store, programme, product and day stay; another day is another draft."""

    model = Inspection
    form_class = InspectionForm
    action = actions.edit_inspection
    place = PLACE
    related = RELATED
    prefetched = ("lines", "findings")
    submit_label = _("Save draft")

    @property
    def terms(self) -> GoodsTerms:
        draft = self.object
        return GoodsTerms(store=draft.store, programme=draft.programme, product=draft.product, on=draft.inspected_on)

    def get_initial(self) -> dict[str, Any]:
        members = [{"name": one.name, "position": one.position, "nip": one.nip} for one in self.object.members.all()]
        return {name: getattr(self.object, name) for name in InspectionForm.Meta.fields} | {"members": members}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"terms_url": ""}


class InspectionIssue(DraftsOnly, FormScreen):
    model = Inspection
    form_class = ConfirmForm
    template_name = "production/gate_issue.html"
    action = actions.issue_inspection
    place = PLACE
    related = RELATED
    prefetched = ("lines", "members")
    submit_label = _("Issue")

    def get_title(self) -> Text:
        return gettext("Issue: %(what)s") % {"what": self.object}

    def get_success_message(self, result: Any) -> Text:
        return gettext("Issued under the number %(number)s.") % {"number": result.number}

    def get_confirmation(self) -> Text:
        words = gettext(
            "%(result)s. Accepted pieces have passed, those to be repaired are held until they are examined again, rejected ones are "
            "written off. The paper gets the next number, %(number)s. Once issued it cannot be changed."
        )
        draft = self.object
        return words % {"result": draft.result, "number": registers.next_number(draft.office, "ba-periksa", draft.inspected_on)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        obstacles = actions.obstacles(self.object)
        is_own_draft = self.object.is_drafted_by(self.request.user)
        preview = reverse("production:inspection_preview", kwargs={"pk": self.object.pk})
        return super().get_context_data(obstacles=obstacles, is_own_draft=is_own_draft, preview_url=preview, **kwargs)


class InspectionCancel(FormScreen):
    model = Inspection
    form_class = CancelForm
    action = actions.cancel_inspection
    place = PLACE
    related = RELATED
    prefetched = ("lines",)
    submit_label = _("Cancel the inspection")
    success_message = _("The inspection is cancelled; the pieces lie where they were examined.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext(
            "%(result)s. All of it goes back to where it was examined; this is refused where an accepted piece has left the store since."
        ) % {"result": self.object.result}


class InspectionDiscard(DraftsOnly, FormScreen):
    model = Inspection
    form_class = ConfirmForm
    action = actions.discard_inspection
    place = PLACE
    related = RELATED
    submit_label = _("Throw the draft away")
    success_message = _("The draft was thrown away. It never had a number.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Throw away: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext("The draft disappears. No number is lost and no goods move.")

    def get_success_url(self, result: Any) -> str:
        return reverse(PLACE)

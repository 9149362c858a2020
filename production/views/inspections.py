"""Inspections: drafted by a team's secretary, looked at once more and issued by an official, cancelled with a reason."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, Link, Text
from ikm_program.views import DetailScreen, ListScreen
from production import snapshots
from production.actions import inspections as actions
from production.filters.gates import InspectionFilter
from production.forms.inspections import InspectionForm
from production.forms.terms import GoodsTerms
from production.models import Inspection
from production.views.issued import CancelScreen, DiscardScreen, DraftsOnly, IssueScreen, PreviewScreen, papers_of, steps_of
from production.views.terms import TermsScreen
from trainings import registers

PLACE = "production:inspection_list"
NEW = Link(_("New inspection"), "production:inspection_create", "production.add_inspection", icon="plus")
RELATED = ("programme__region", "product", "store__region", "office__region", "signer", "created_by", "document")


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
    steps = steps_of("inspection", "production", cancel=_("Cancel the inspection"))

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


class InspectionPreview(PreviewScreen):
    model = Inspection
    permission = "production.view_inspection"
    related = RELATED
    snapshot = snapshots.of_inspection


class InspectionCreate(TermsScreen):
    model = Inspection
    form_class = InspectionForm
    action = actions.draft_inspection
    title = _("New inspection")
    place = PLACE
    submit_label = _("Save draft")
    success_message = _("Draft saved. Somebody else issues it.")


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


class InspectionIssue(IssueScreen):
    model = Inspection
    action = actions.issue_inspection
    obstacles = actions.obstacles
    preview = "production:inspection_preview"
    place = PLACE
    related = RELATED
    prefetched = ("lines", "members")

    def get_confirmation(self) -> Text:
        words = gettext(
            "%(result)s. Accepted pieces have passed, those to be repaired are held until they are examined again, rejected ones are "
            "written off. The paper gets the next number, %(number)s. Once issued it cannot be changed."
        )
        draft = self.object
        return words % {"result": draft.result, "number": registers.next_number(draft.office, "ba-periksa", draft.inspected_on)}


class InspectionCancel(CancelScreen):
    model = Inspection
    action = actions.cancel_inspection
    place = PLACE
    related = RELATED
    prefetched = ("lines",)
    submit_label = _("Cancel the inspection")
    success_message = _("The inspection is cancelled; the pieces lie where they were examined.")

    def get_confirmation(self) -> Text:
        return gettext(
            "%(result)s. All of it goes back to where it was examined; this is refused where an accepted piece has left the store since."
        ) % {"result": self.object.result}


class InspectionDiscard(DiscardScreen):
    model = Inspection
    action = actions.discard_inspection
    place = PLACE
    related = RELATED

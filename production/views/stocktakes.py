"""Stocktakes: a sheet to count with, the count written down, looked at once more and issued, cancelled with a reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import reporting
from ikm_program.screens import Column, Empty, Fact, Link, Text
from ikm_program.views import DetailScreen, ListScreen, ReportScreen
from production import snapshots
from production.actions import stocktakes as actions
from production.count_sheet import NO_STORE, count_sheet
from production.filters.gates import StocktakeFilter
from production.forms.stocktakes import CountSheetParameters, StocktakeForm
from production.forms.terms import StoreStart, StoreTerms
from production.models import Stocktake, Store
from production.views.issued import CancelScreen, DiscardScreen, DraftsOnly, IssueScreen, PreviewScreen, papers_of, steps_of
from production.views.terms import TermsScreen
from trainings import registers
from trainings.reports.paper import headed

PLACE = "production:stocktake_list"
NEW = Link(_("New stocktake"), "production:stocktake_create", "production.add_stocktake", icon="plus")
SHEET = Link(_("Sheet to count with"), "production:count_sheet", "production.view_stocktake", icon="document")
RELATED = ("store__region", "office__region", "signer", "created_by", "document")
Status = Stocktake.Status
STORE_FACTS = (Fact(_("Store"), "store"), Fact(_("Date"), "on", kind="date"))


class StocktakeList(ListScreen):
    model = Stocktake
    permission = "production.view_stocktake"
    title = _("Stocktakes")
    lead = _("What was counted in the stores by hand, beside what the books say.")
    place = PLACE
    prefetched = ("lines__draws",)
    columns = (
        Column(_("Number"), "number", link="self", unknown=_("draft, no number yet"), in_file=lambda row: row.number),
        Column(_("Date"), "counted_on", kind="date", link="self", sort="counted_on"),
        Column(_("Store"), "store.name", sort="store__region__kemendagri_code"),
        Column(_("Result"), "result"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    search_fields = ("document__number", "store__name")
    search_label = _("Search number or store")
    filterset_class = StocktakeFilter
    ordering = ("-counted_on", "-pk")
    links = (NEW, SHEET)
    empty = Empty(_("No stocktake yet."), _("Print the sheet, count what lies in the store, and write down what you found."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()


class StocktakeDetail(DetailScreen):
    model = Stocktake
    permission = "production.view_stocktake"
    place = PLACE
    related = (*RELATED, "issued_by", "cancelled_by")
    prefetched = ("members", "lines__product", "lines__programme", "lines__draws")
    facts = (
        Fact(_("Date of the count"), "counted_on", kind="date"),
        Fact(_("Store"), "store"),
        Fact(_("Place"), "place"),
        Fact(_("Result"), "result"),
        Fact(_("Official who acknowledges"), "signer"),
        Fact(_("Drafted by"), "created_by"),
        Fact(_("Issued by"), "issued_by", unknown=_("not issued yet")),
        Fact(_("Note"), "note"),
    )
    line_columns = (
        Column(_("Product"), "product.name"),
        Column(_("Programme"), "programme.name"),
        Column(_("By the books"), "book", kind="number", unit="product.unit"),
        Column(_("Counted"), "counted", kind="number"),
        Column(_("Of which damaged"), "damaged", kind="number"),
        Column(_("Difference"), "difference", template="production/_difference.html"),
        Column(_("Explanation"), "remark"),
    )
    member_columns = (
        Column(_("Name"), "name"),
        Column(_("Position"), "position"),
        Column("NIP", "nip"),
    )
    steps = steps_of("stocktake", "production", cancel=_("Cancel the stocktake"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stocktake, user = self.object, self.request.user
        lines = list(stocktake.lines.all())
        return super().get_context_data(
            lines=lines,
            line_columns=self.line_columns,
            members=stocktake.members.all(),
            member_columns=self.member_columns,
            unrecorded=[line for line in lines if line.unrecorded and stocktake.status == Stocktake.Status.ISSUED],
            to_report={*stocktake.lines.surplus_to_report().values_list("pk", flat=True)},
            obstacles=actions.obstacles(stocktake) if stocktake.is_draft else [],
            is_own_draft=stocktake.is_drafted_by(user),
            documents=papers_of(stocktake, user),
            **kwargs,
        )


class StocktakePreview(PreviewScreen):
    model = Stocktake
    permission = "production.view_stocktake"
    related = RELATED
    snapshot = snapshots.of_stocktake


class StocktakeCreate(TermsScreen):
    model = Stocktake
    start_class = StoreStart
    terms_facts = STORE_FACTS
    form_class = StocktakeForm
    action = actions.draft_stocktake
    title = _("New stocktake")
    place = PLACE
    submit_label = _("Save draft")
    success_message = _("Draft saved. Somebody else issues it.")


class StocktakeUpdate(DraftsOnly, TermsScreen):
    """Store and day stay; another day is another draft."""

    model = Stocktake
    terms_facts = STORE_FACTS
    form_class = StocktakeForm
    action = actions.edit_stocktake
    place = PLACE
    related = RELATED
    prefetched = ("lines",)
    submit_label = _("Save draft")

    @property
    def terms(self) -> StoreTerms:
        return StoreTerms(store=self.object.store, on=self.object.counted_on)

    def get_initial(self) -> dict[str, Any]:
        members = [{"name": one.name, "position": one.position, "nip": one.nip} for one in self.object.members.all()]
        return {name: getattr(self.object, name) for name in StocktakeForm.Meta.fields} | {"members": members}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"terms_url": ""}


class StocktakeIssue(IssueScreen):
    model = Stocktake
    action = actions.issue_stocktake
    obstacles = actions.obstacles
    preview = "production:stocktake_preview"
    place = PLACE
    related = RELATED
    prefetched = ("lines__product", "lines__draws")

    def get_confirmation(self) -> Text:
        words = gettext(
            "%(result)s. What is missing is written off, what an earlier stocktake wrote off and was found again comes back, and what is "
            "damaged is held. The paper gets the next number, %(number)s. Once issued it cannot be changed."
        )
        draft = self.object
        return words % {"result": draft.result, "number": registers.next_number(draft.office, actions.KIND, draft.counted_on)}


class StocktakeCancel(CancelScreen):
    model = Stocktake
    action = actions.cancel_stocktake
    place = PLACE
    related = RELATED
    prefetched = ("lines__product", "lines__draws")
    submit_label = _("Cancel the stocktake")
    success_message = _("The stocktake is cancelled; the books stand as they did before it.")

    def get_confirmation(self) -> Text:
        return gettext(
            "%(result)s. What it moved goes back; this is refused where a piece that was found again has left the store since."
        ) % {"result": self.object.result}


class StocktakeDiscard(DiscardScreen):
    model = Stocktake
    action = actions.discard_stocktake
    place = PLACE
    related = RELATED


class CountSheet(ReportScreen):
    """What lies in a store, with empty cells to write the count into."""

    permission = "production.view_stocktake"
    title = _("Sheet to count with")
    lead = _("Print it and take it to the store. Without the figures of the books nobody counts towards them.")
    place = PLACE
    form_class = CountSheetParameters
    file_name = "lembar-hitung"
    store: Store | None = None

    def get_report(
        self, *, gudang: Store | None = None, tanggal: dt.date | None = None, buku: bool = False, **parameters: Any
    ) -> reporting.Report:
        self.store = gudang
        if gudang is None:
            return NO_STORE
        return count_sheet(gudang, tanggal or timezone.localdate(), shows_books=buku)

    def as_file(self, report: reporting.Report, wanted: str) -> HttpResponseBase:
        if wanted == "pdf" and self.store is not None and self.store.office is not None:
            report = headed(report, self.store.office)
        return super().as_file(replace(report, orientation="portrait"), wanted)

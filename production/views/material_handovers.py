"""Material on its way: papers of giving and of return, from the draft to the receipt."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin, values_of
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from production import material_ledger as ledger
from production.actions import material_handovers as actions
from production.filters.materials import HandoverFilter
from production.forms.material_handovers import GiveForm, ReturnForm
from production.models import MaterialHandover, MaterialHolder
from trainings.models import IssuedDocument, Programme
from trainings.programme_choice import chosen_programme

PLACE = "production:material_handover_list"
ENDS = (
    "programme",
    "store__region",
    "other_store__region",
    "batch__activity",
    "batch__region",
    "enterprise__region",
    "participant__region",
)
RELATED = (*ENDS, "signer", "giver_office__region", "created_by", "document")
TO = {"gudang": "other_store", "angkatan": "batch", "ikm": "enterprise", "peserta": "participant"}  # what the address says -> the field
GIVE = tuple(
    Link(label, "production:material_handover_create", "production.add_materialhandover", kwargs={"to": word}, icon="plus")
    for word, label in (
        ("angkatan", _("Give to a batch")),
        ("ikm", _("Give to a business")),
        ("peserta", _("Give to a participant")),
        ("gudang", _("Send to another store")),
    )
)
Status = MaterialHandover.Status
RECEIVED = (
    Column(_("Received"), "said_received", unknown=_("not received yet")),
    Column(_("Did not arrive"), "said_missing", unknown=_("nothing")),
)


def is_ours(handover: MaterialHandover, user: Any) -> bool:
    return bool(user.region.covers(handover.store.region))


def may_issue(handover: MaterialHandover, user: Any) -> bool:
    return handover.is_draft and is_ours(handover, user) and not handover.is_drafted_by(user)


def may_edit(handover: MaterialHandover, user: Any) -> bool:
    return handover.is_draft and is_ours(handover, user)


def may_receive(handover: MaterialHandover, user: Any) -> bool:
    is_there = user.region.covers(handover.taker.region)
    return bool(handover.status == Status.ISSUED and is_there and not handover.is_received_by_another_than(user))


def may_cancel(handover: MaterialHandover, user: Any) -> bool:
    return handover.status in (Status.ISSUED, Status.RECEIVED) and is_ours(handover, user) and not handover.is_drafted_by(user)


class HandoverList(ListScreen):
    model = MaterialHandover
    permission = "production.view_materialhandover"
    title = _("Materials handed over and returned")
    lead = _("Every paper by which material went to a district, a batch or a maker, or came back.")
    place = PLACE
    columns = (
        Column(_("Number"), "number", template="production/_material_number.html"),
        Column(_("Kind"), "get_kind_display", sort="kind"),
        Column(_("Date"), "handed_over_on", kind="date", sort="handed_over_on"),
        Column(_("From"), "giver"),
        Column(_("To"), "taker"),
        Column(_("Materials"), "lines", template="production/_material_lines.html"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    prefetched = ("lines__material",)
    search_fields = ("enterprise__name", "participant__name", "batch__activity__name", "store__name", "other_store__name", "note")
    search_label = _("Search maker, batch or store")
    filterset_class = HandoverFilter
    ordering = ("-handed_over_on", "-pk")
    links = GIVE
    empty = Empty(_("No material handed over yet."), _("What is bought goes from the store to a district, a batch or a maker."), GIVE[0])

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()


class HandoverDetail(DetailScreen):
    model = MaterialHandover
    permission = "production.view_materialhandover"
    place = PLACE
    related = (*RELATED, "partner_official", "issued_by", "received_by", "cancelled_by")
    prefetched = ("lines__material",)
    facts = (
        Fact(_("Date"), "handed_over_on", kind="date"),
        Fact(_("Place"), "place"),
        Fact(_("From"), "giver"),
        Fact(_("To"), "taker"),
        Fact(_("Programme"), "programme"),
        Fact(_("Signs for the office"), "signer"),
        Fact(_("Signs for the other side"), "partner_signer"),
        Fact(_("Left-overs come back by"), "return_due_on", kind="date", unknown=_("no date agreed")),
        Fact(_("Note"), "note"),
        Fact(_("Drafted by"), "created_by"),
        Fact(_("Issued by"), "issued_by", unknown=_("not issued yet")),
        Fact(_("Received on"), "received_on", kind="date", unknown=_("not received yet")),
        Fact(_("Reason for the shortfall"), "shortfall_reason", unknown=_("none")),
        Fact(_("Receipt recorded by"), "received_by", unknown=_("not received yet")),
    )
    line_columns = (
        Column(_("Material"), "material", link="material"),
        Column(_("Quantity"), "said"),
        Column(_("Specification"), "specification"),
        *RECEIVED,
    )
    return_columns = (
        Column(_("Material"), "material", link="material"),
        Column(_("Came back"), "said"),
        Column(_("Scrap"), "said_scrap", unknown=_("not said")),
        Column(_("Used, as the makers say"), "said_used", unknown=_("not said")),
        *RECEIVED,
    )
    steps = (
        NextStep(
            _("Check and issue"), "production:material_handover_issue", "production.issue_materialhandover", when=may_issue, icon="check"
        ),
        NextStep(
            _("Record the receipt"),
            "production:material_handover_receive",
            "production.receive_materialhandover",
            when=may_receive,
            icon="box",
        ),
        NextStep(
            _("Open the PDF"),
            "trainings:document_file",
            "trainings.view_issueddocument",
            when=lambda obj, user: not obj.is_draft,
            kwargs=lambda obj: {"pk": obj.document_id or 0},
            icon="document",
        ),
        NextStep(_("Edit"), "production:material_handover_update", "production.change_materialhandover", when=may_edit, icon="edit"),
        NextStep(_("Preview"), "production:material_handover_preview", "", when=lambda obj, user: obj.is_draft, icon="document"),
        NextStep(
            _("Throw the draft away"),
            "production:material_handover_discard",
            "production.change_materialhandover",
            when=may_edit,
            icon="trash",
            is_danger=True,
        ),
        NextStep(
            _("Cancel"),
            "production:material_handover_cancel",
            "production.cancel_materialhandover",
            when=may_cancel,
            icon="cross",
            is_danger=True,
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        handover = self.object
        return super().get_context_data(
            lines=handover.lines.all(),
            line_columns=self.return_columns if handover.is_return else self.line_columns,
            shortages=actions.shortages(handover) if handover.is_draft else [],
            is_own_draft=handover.is_drafted_by(self.request.user),
            waits_for_us=may_receive(handover, self.request.user),
            documents=IssuedDocument.objects.for_user(self.request.user).filter(material_handover=handover).with_names(),
            **kwargs,
        )


class _Paper(FormScreen):
    """Which of the two forms it is, and what it is opened with."""

    model = MaterialHandover
    place = PLACE
    form_class = GiveForm
    submit_label = _("Save draft")
    success_message = _("Draft saved. Somebody else issues it.")


class HandoverCreate(_Paper):
    action = actions.draft_handover

    @cached_property
    def partner_field(self) -> str:
        if self.kwargs["to"] not in TO:
            raise Http404
        return TO[self.kwargs["to"]]

    def get_title(self) -> Text:
        return next(link.label for link in GIVE if TO[link.kwargs["to"]] == self.partner_field)

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        sent = {"data": self.request.POST} if is_bound else {}
        programme = chosen_programme(self.request).programme
        initial = {"programme": programme} if programme is not None and programme.is_open else {}
        given: ActionMixin = GiveForm(
            user=self.request.user, subject=self.subject, initial=initial | self.get_initial(), partner_field=self.partner_field, **sent
        )
        return given

    def perform(self, form: Any) -> Any:
        values = form.action_kwargs()
        store = values.pop("store")
        kind = MaterialHandover.Kind.GIVING
        return actions.draft_handover(store, by=self.request.user, key=form.cleaned_data["key"], kind=kind, **values)


class DraftOnly(ObjectScreen):
    """A page about a draft: once it is issued, its own page opens instead."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_draft:
            return HttpResponseRedirect(self.object.get_absolute_url())
        opened: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]  # the screen it is mixed with
        return opened


class HandoverUpdate(DraftOnly, _Paper):
    action = actions.edit_handover
    related = RELATED
    prefetched = ("lines__material",)

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        handover, sent = self.object, {"data": self.request.POST} if is_bound else {}
        shared: dict[str, Any] = {"user": self.request.user, "subject": handover, **sent}
        if handover.is_return:
            holder = ledger.holder_of(handover.giver)
            return ReturnForm(holder=holder, programme=handover.programme, initial=values_of(handover, ReturnForm.base_fields), **shared)
        names = ("material", "amount", "specification")
        rows = [
            dict(zip(names, (line.material_id, line.material.in_units(line.quantity), line.specification), strict=True))
            for line in handover.lines.all()
        ]
        field = next(name for name in TO.values() if getattr(handover, f"{name}_id"))
        initial = values_of(handover, GiveForm.base_fields) | {"lines": rows}
        return GiveForm(partner_field=field, initial=initial, **shared)


class ReturnCreate(_Paper):
    """From the maker's account, in few taps: what comes back of everything that is on hand."""

    model = MaterialHolder  # type: ignore[assignment]  # what it is about; what it makes is a handover
    action = actions.draft_handover
    lookup = "holder"
    title = _("Record what comes back")

    @cached_property
    def object(self) -> MaterialHolder:
        rows = MaterialHolder.objects.owned_by(self.request.user).with_names()
        found: MaterialHolder = get_object_or_404(rows, pk=self.kwargs["holder"])
        return found

    @cached_property
    def programme(self) -> Programme:
        found: Programme = get_object_or_404(Programme.objects.for_user(self.request.user), pk=self.kwargs["programme"])
        if not self.object.balances.filter(programme=found).exists():
            raise Http404
        return found

    def get_title(self) -> Text:
        return gettext("What %(who)s brings back") % {"who": self.object}

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        sent = {"data": self.request.POST} if is_bound else {}
        made: ActionMixin = ReturnForm(user=self.request.user, subject=None, holder=self.object, programme=self.programme, **sent)
        return made

    def perform(self, form: Any) -> Any:
        values, holder = form.action_kwargs(), self.object
        if holder.store:
            store = holder.store
        else:
            store = values.pop("store")
            values[holder.owner._meta.model_name or ""] = holder.owner
        facts = {"kind": MaterialHandover.Kind.RETURN, "programme": self.programme}
        return actions.draft_handover(store, by=self.request.user, key=form.cleaned_data["key"], **facts, **values)

    def get_cancel_url(self) -> str:
        return reverse("production:material_account_report")

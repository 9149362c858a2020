"""Material that was lost or spoilt: proposed by one person, decided on by another, and taken back where it was found again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from production.actions import materials as actions
from production.filters.materials import WriteOffFilter
from production.forms.materials import ConfirmForm, ReasonedDayForm, ReasonForm, WriteOffForm
from production.models import MaterialWriteOff
from production.views.material_accounts import BalanceList, OfHolderForm

WRITE_OFFS = "production:material_write_off_list"


class WriteOffCreate(OfHolderForm):
    form_class = WriteOffForm
    action = actions.propose_write_off
    submit_label = _("Propose")
    success_message = _("Proposed. Somebody else decides; until then nothing moves.")

    def get_title(self) -> Text:
        return gettext("Write off: %(who)s · %(material)s") % {"who": self.object, "material": self.material.name}


class WriteOffList(ListScreen):
    model = MaterialWriteOff
    permission = "production.view_materialwriteoff"
    title = _("Materials written off")
    lead = _("Lost or spoilt, with the reason; proposed by one person and decided on by another.")
    place = WRITE_OFFS
    related = BalanceList.related
    columns = (
        Column(_("Date"), "happened_on", kind="date", sort="happened_on", link="self"),
        Column(_("Held by"), "holder"),
        Column(_("Material"), "material.name", sort="material__name"),
        Column(_("Quantity"), "said"),
        Column(_("Reason"), "reason"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    search_fields = ("material__name", "reason", "holder__store__name", "holder__enterprise__name")
    search_label = _("Search material or reason")
    filterset_class = WriteOffFilter
    ordering = ("-happened_on", "-pk")
    empty = Empty(_("Nothing was written off."), _("A write-off is proposed on the card or the account of whoever has the material."))


def _may_decide(write_off: MaterialWriteOff, user: Any) -> bool:
    return write_off.status == "diajukan" and write_off.created_by_id != user.pk and bool(user.region.covers(write_off.holder.region))


def _may_cancel(write_off: MaterialWriteOff, user: Any) -> bool:
    return write_off.status == "disetujui" and write_off.created_by_id != user.pk and bool(user.region.covers(write_off.holder.region))


class WriteOffDetail(DetailScreen):
    model = MaterialWriteOff
    permission = "production.view_materialwriteoff"
    place = WRITE_OFFS
    related = (*BalanceList.related, "created_by", "decided_by", "cancelled_by")
    facts = (
        Fact(_("Material"), "material", link="material"),
        Fact(_("Quantity"), "said"),
        Fact(_("Held by"), "holder"),
        Fact(_("Programme"), "programme"),
        Fact(_("Happened on"), "happened_on", kind="date"),
        Fact(_("Reason"), "reason"),
        Fact(_("Proposed by"), "created_by"),
        Fact(_("Decided by"), "decided_by", unknown=_("not decided yet")),
        Fact(_("Reason for the refusal"), "refusal_reason", unknown=_("none")),
        Fact(_("Reason for the cancellation"), "cancelled_reason", unknown=_("none")),
    )
    steps = (
        NextStep(
            _("Approve"), "production:material_write_off_approve", "production.approve_materialwriteoff", when=_may_decide, icon="check"
        ),
        NextStep(
            _("Refuse"), "production:material_write_off_refuse", "production.approve_materialwriteoff", when=_may_decide, icon="cross"
        ),
        NextStep(
            _("Cancel"),
            "production:material_write_off_cancel",
            "production.approve_materialwriteoff",
            when=_may_cancel,
            icon="cross",
            is_danger=True,
        ),
    )


class _WriteOffAct(FormScreen):
    model = MaterialWriteOff
    place = WRITE_OFFS
    related = BalanceList.related


class WriteOffApprove(_WriteOffAct):
    form_class = ConfirmForm
    action = actions.approve_write_off
    submit_label = _("Approve")
    success_message = _("Approved; it is written off.")

    def get_confirmation(self) -> Text:
        write_off = self.object
        words = gettext("%(quantity)s %(material)s of %(who)s are written off: “%(reason)s”.")
        return words % {"quantity": write_off.said, "material": write_off.material, "who": write_off.holder, "reason": write_off.reason}


class WriteOffRefuse(_WriteOffAct):
    form_class = ReasonForm
    action = actions.refuse_write_off
    submit_label = _("Refuse")
    success_message = _("Refused; nothing moved.")


class WriteOffCancel(_WriteOffAct):
    form_class = ReasonedDayForm
    action = actions.cancel_write_off
    submit_label = _("Cancel the write-off")
    success_message = _("Cancelled; it is back with whoever had it.")
    is_danger = True

"""Payment lists: the list of lists, a list's page, and drafts made from attendance."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin, values_of
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import entitlements
from trainings.actions import payments as actions
from trainings.filters.payments import PaymentFilter
from trainings.forms.fields import ConfirmForm
from trainings.forms.payments import PaymentHeadForm
from trainings.models import AllowanceScheme, Batch, PaymentList, WithdrawnReceipt
from trainings.views.reach import within_reach

PLACE = "trainings:payment_list"
TO_PAY = Link(_("What is to be paid"), "trainings:to_pay", "trainings.view_paymentlist", icon="tasks")
Status = PaymentList.Status
RELATED = (
    "programme",
    "region",
    "batch__activity__programme",
    "batch__region",
    "batch__decree",
    "office__region",
    "ppk",
    "treasurer",
    "kpa",
)
PREVIEW_COLUMNS = (
    Column(_("Name"), "participant.name"),
    Column("NIK", "participant.masked_nik"),
    Column(_("Days present"), "day_count", kind="number", unknown=_("once")),
    Column(_("Rate"), "rate", kind="money"),
    Column(_("Gross"), "gross", kind="money"),
    Column(_("Income tax (PPh 21)"), "tax", kind="money"),
    Column(_("To be received"), "net", kind="money"),
)
LEFT_OUT_COLUMNS = (
    Column(_("Name"), "participant.name", link="participant"),
    Column(_("Days"), "days", unknown=_("once")),
    Column(_("Why it is not on this list"), "why"),
)
_is_ours = within_reach("region")


def _in(*statuses: str, is_recovery: bool | None = None) -> Any:
    def applies(one: PaymentList, user: Any) -> bool:
        return one.status in statuses and _is_ours(one, user) and is_recovery in (None, one.is_recovery)

    return applies


def may_approve(one: PaymentList, user: Any) -> bool:
    return one.status == Status.LOCKED and _is_ours(one, user) and not one.is_made_by(user)


def took_no_step(one: PaymentList, user: Any) -> bool:
    return _is_ours(one, user) and not one.is_made_by(user) and one.approved_by_id != user.pk


def may_pay(one: PaymentList, user: Any) -> bool:
    return one.status == Status.APPROVED and not one.is_recovery and took_no_step(one, user)


def may_receive(one: PaymentList, user: Any) -> bool:
    return one.awaits_receipts and took_no_step(one, user)


def may_attach(one: PaymentList, user: Any) -> bool:
    return one.status in PaymentList.PAID and not one.scan and _is_ours(one, user)


def may_cancel(one: PaymentList, user: Any) -> bool:
    return _is_ours(one, user) and (one.status in (Status.LOCKED, Status.APPROVED) or (one.is_draft and one.is_purchase))


def last_head(programme_id: int, user: Any) -> dict[str, Any]:
    """What stood in the head of the programme's last list."""
    last = PaymentList.objects.for_user(user).filter(programme=programme_id).order_by("-pk").first()
    names = ("dipa_number", "dipa_on", "activity_code", "output_code", "office", "ppk", "treasurer", "kpa", "paid_out_by")
    return values_of(last, names) if last else {"office": getattr(user, "office", None)}


class PaymentLists(ListScreen):
    model = PaymentList
    permission = "trainings.view_paymentlist"
    title = _("Payment lists")
    lead = _("Computed from attendance, approved by the PPK, paid by the treasurer.")
    place = PLACE
    links = (TO_PAY,)
    columns = (
        Column(_("Kind"), "get_kind_display", link="self", sort="kind"),
        Column(_("Nature"), "get_nature_display", is_optional=True),
        Column(_("Activity"), "batch.activity", unknown=_("not of one batch")),
        Column(_("Batch"), "batch.number", unknown="–"),
        Column(_("Region"), "region.short_name", sort="region__kemendagri_code"),
        Column(_("To be received"), "net", kind="money", sort="net"),
        Column(_("Status"), "status", kind="status", sort="status"),
        Column(_("Approved on"), "approved_on", kind="date", sort="approved_on", unknown=_("not yet")),
        Column(_("Paid on"), "paid_on", kind="date", sort="paid_on", unknown=_("not yet")),
        Column(_("Programme"), "programme", is_optional=True),
    )
    search_fields = ("batch__activity__name", "region__name", "lines__payee", "dipa_number")
    search_label = _("Search by activity, region or name")
    filterset_class = PaymentFilter
    ordering = ("-pk",)
    empty = Empty(_("No payment list yet."), _("A list is made from the attendance of a batch."), TO_PAY)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names().defer("snapshot")


class PaymentDetail(DetailScreen):
    model = PaymentList
    permission = "trainings.view_paymentlist"
    place = PLACE
    related = (*RELATED, "document__file", "created_by", "locked_by", "approved_by", "paid_by", "finished_by", "cancelled_by")
    facts = (
        Fact(_("Number"), "document.number", unknown=_("given at the approval")),
        Fact(_("Kind of payment"), "get_kind_display"),
        Fact(_("Nature"), "get_nature_display"),
        Fact(_("Programme"), "programme", link="programme"),
        Fact(_("Activity"), "batch.activity", link="batch.activity", unknown=_("not of one batch")),
        Fact(_("Batch"), "batch.number", link="batch", unknown=_("not of one batch")),
        Fact(_("Region"), "region"),
        Fact(_("Fund source"), "programme.get_fund_display"),
        Fact(_("Fiscal year"), "programme.year"),
        Fact(_("DIPA or DPA number"), "dipa_number"),
        Fact(_("DIPA or DPA date"), "dipa_on", kind="date"),
        Fact(_("Activity code"), "activity_code"),
        Fact(_("Output code"), "output_code"),
        Fact(_("Account code"), "account_code"),
        Fact(_("Participants' decree (SK)"), "cited_decree", link="batch_decree"),
        Fact(_("Paying office"), "office"),
        Fact(_("PPK who approves"), "ppk", unknown=_("not named yet")),
        Fact(_("Treasurer who pays"), "treasurer", unknown=_("not named yet")),
        Fact(_("Acknowledging KPA"), "kpa", unknown=_("not named")),
        Fact(_("Made by"), "created_by"),
        Fact(_("Locked by"), "locked_by", unknown=_("not yet")),
        Fact(_("Approved by"), "approved_by", unknown=_("not yet")),
        Fact(_("Approved on"), "approved_on", kind="date", unknown=_("not yet")),
        Fact(_("Paid by"), "paid_by", unknown=_("not yet")),
        Fact(_("Paid on"), "paid_on", kind="date", unknown=_("not yet")),
        Fact(_("Note"), "note", unknown=_("none")),
    )
    line_columns = (
        Column(_("No."), "number", kind="number"),
        Column(_("Name"), "payee", template="trainings/_payee.html"),
        Column(_("Days present"), "day_count", kind="number", template="trainings/_payment_days.html"),
        Column(_("Rate (Rp)"), "rate", kind="number"),
        Column(_("Gross (Rp)"), "gross", kind="number"),
        Column(_("PPh 21 (Rp)"), "tax", kind="number"),
        Column(_("To be received (Rp)"), "net", kind="number"),
        Column(_("Receipt"), "proof", template="trainings/_payment_receipt.html"),
    )
    withdrawn_columns = (
        Column(_("Name"), "line.payee"),
        Column(_("Received on"), "received_on", kind="date"),
        Column(_("Evidence"), "get_how_display", template="trainings/_withdrawn_evidence.html"),
        Column(_("Recorded by"), "recorded_by"),
        Column(_("Taken back by"), "withdrawn_by"),
        Column(_("Taken back at"), "withdrawn_at", kind="datetime"),
        Column(_("Reason"), "reason"),
    )
    purchase_columns = (*line_columns[:2], Column(_("For"), "description"), *line_columns[6:])
    steps = (
        NextStep(_("Check and lock"), "trainings:payment_lock", "trainings.lock_paymentlist", when=_in(Status.DRAFT), icon="key"),
        NextStep(_("Approve"), "trainings:payment_approve", "trainings.approve_paymentlist", when=may_approve, icon="check"),
        NextStep(_("Record the payment"), "trainings:payment_pay", "trainings.pay_paymentlist", when=may_pay, icon="check"),
        NextStep(_("Record receipts"), "trainings:payment_receive", "trainings.pay_paymentlist", when=may_receive, icon="check"),
        NextStep(_("Open the PDF"), "trainings:payment_file", "trainings.view_paymentlist", icon="document"),
        NextStep(_("Download as Excel"), "trainings:payment_sheet", "trainings.view_paymentlist", icon="download", is_download=True),
        NextStep(_("Attach the signed list"), "trainings:payment_scan", "trainings.pay_paymentlist", when=may_attach, icon="upload"),
        NextStep(
            _("Compute again"),
            "trainings:payment_compute",
            "trainings.change_paymentlist",
            when=lambda one, user: one.is_draft and not one.is_purchase and _is_ours(one, user),
            icon="history",
        ),
        NextStep(_("Edit the head"), "trainings:payment_update", "trainings.change_paymentlist", when=_in(Status.DRAFT), icon="edit"),
        NextStep(
            _("Cancel the list"), "trainings:payment_cancel", "trainings.cancel_paymentlist", when=may_cancel, icon="stop", is_danger=True
        ),
        NextStep(
            _("Throw the draft away"),
            "trainings:payment_discard",
            "trainings.change_paymentlist",
            when=lambda one, user: one.is_draft and not one.is_purchase and _is_ours(one, user),
            icon="trash",
            is_danger=True,
        ),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("snapshot", "office__arms", "document__snapshot", "document__arms", "document__file__content")

    @cached_property
    def found(self) -> entitlements.Calculation | None:
        """What attendance says now, for a draft that is computed from it."""
        one = self.object
        if not one.is_draft or one.batch is None or one.is_purchase or one.is_recovery:
            return None
        return entitlements.compute(one.batch, one.kind)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one, user, found = self.object, self.request.user, self.found
        lines = list(one.lines.select_related("participant", "enterprise", "receipt").prefetch_related("days").order_by("number"))
        absent = list(entitlements.absent_days(lines).select_related("line")) if one.is_live and one.is_a_day else []
        return super().get_context_data(
            lines=lines,
            line_columns=(columns := self.purchase_columns if one.is_purchase else self.line_columns),
            own_line_columns=(*columns[:-1], replace(columns[-1], template="trainings/_payment_receipt_own.html")),
            may_withdraw=_is_ours(one, user) and not one.is_made_by(user) and user.pk != one.approved_by_id,
            withdrawn=list(WithdrawnReceipt.objects.filter(line__list=one).select_related("line", "recorded_by", "withdrawn_by")),
            withdrawn_columns=self.withdrawn_columns,
            person_days=sum(line.day_count or 0 for line in lines),
            received=sum(1 for line in lines if getattr(line, "receipt", None)),
            found=found,
            is_stale=found is not None and not entitlements.agrees(one, found),
            clashes=found.clashes if found else [],
            left_out=found.reasons if found else [],
            left_out_columns=LEFT_OUT_COLUMNS,
            absent=absent,
            absent_words=entitlements.in_words(absent),
            is_own=one.is_made_by(user),
            documents=[one.document] if one.document else [],
            is_paid=one.status in PaymentList.PAID,
            **kwargs,
        )


def _kind_of(kind: str) -> str:
    """One of those that attendance earns, as it stands in the address."""
    if kind not in PaymentList.ATTENDED:
        raise Http404
    return kind


class _DraftOfBatch(FormScreen):
    """A new list of a batch: what it would pay is shown before it is made."""

    model = Batch
    form_class = PaymentHeadForm
    place = PLACE
    related = ("activity__programme__region", "region")

    @cached_property
    def payment_kind(self) -> str:
        return _kind_of(self.kwargs["kind"])

    def get_initial(self) -> dict[str, Any]:
        """As on the last list of the programme; account and decree as the rule and the batch have them."""
        batch: Batch = self.object
        initial = last_head(batch.activity.programme_id, self.request.user)
        rule = AllowanceScheme.objects.filter(activity=batch.activity_id, kind=self.payment_kind).of_mode(batch.mode).last()
        return initial | {"account_code": rule.account_code if rule else ""}

    def get_action_kwargs(self, form: ActionMixin) -> dict[str, Any]:
        return super().get_action_kwargs(form) | {"kind": self.payment_kind}

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

    @property
    def kind_word(self) -> str:
        return str(PaymentList.Kind(self.payment_kind).label)


class PaymentMake(_DraftOfBatch):
    action = actions.make_list
    template_name = "trainings/payment_make.html"
    submit_label = _("Make the draft")
    success_message = _("The draft is made. Check it, then lock it.")

    def get_title(self) -> Text:
        return gettext("New list: %(kind)s") % {"kind": self.kind_word}

    @property
    def draft(self) -> PaymentList | None:
        """There is one of a kind at a time."""
        drafts = PaymentList.objects.for_user(self.request.user).filter(batch=self.object, kind=self.payment_kind, status=Status.DRAFT)
        return drafts.with_names().first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = entitlements.compute(self.object, self.payment_kind)
        return super().get_context_data(
            found=found,
            left_out=found.reasons,
            draft=(draft := self.draft),
            obstacles=not found.lines or draft,
            preview_columns=PREVIEW_COLUMNS,
            left_out_columns=LEFT_OUT_COLUMNS,
            others=[
                (str(kind.label), reverse("trainings:payment_make", kwargs={"pk": self.object.pk, "kind": kind.value}))
                for kind in (PaymentList.Kind(one) for one in PaymentList.ATTENDED)
                if kind.value != self.payment_kind
            ],
            **kwargs,
        )


class RecoveryMake(_DraftOfBatch):
    action = actions.make_recovery
    template_name = "trainings/recovery_make.html"
    submit_label = _("Make the recovery")
    success_message = _("The recovery is drafted. Check it, then lock it.")

    def get_title(self) -> Text:
        return gettext("Recover: %(kind)s") % {"kind": self.kind_word}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = entitlements.to_recover(self.object, self.payment_kind)
        return super().get_context_data(found=found, obstacles=not found, **kwargs)


class PaymentUpdate(FormScreen):
    model = PaymentList
    form_class = PaymentHeadForm
    action = actions.update_list
    place = PLACE
    related = RELATED

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class PaymentCompute(FormScreen):
    model = PaymentList
    form_class = ConfirmForm
    action = actions.compute_again
    place = PLACE
    related = RELATED
    submit_label = _("Compute again")
    success_message = _("The list is what attendance says now.")
    confirmation = _("The lines of this draft are written anew from attendance, rates and live lists as they are now.")

    def get_title(self) -> Text:
        return gettext("Compute again: %(what)s") % {"what": self.object}


class PaymentDiscard(FormScreen):
    model = PaymentList
    form_class = ConfirmForm
    action = actions.discard_list
    place = PLACE
    related = RELATED
    submit_label = _("Throw the draft away")
    success_message = _("The draft was thrown away. Its days are open as before.")
    confirmation = _("The draft disappears. Nothing of it was paid, and its days stay open.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Throw away: %(what)s") % {"what": self.object}

    def get_success_url(self, result: Any) -> str:
        return reverse(PLACE)

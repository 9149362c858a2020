"""The steps of a payment list, each by the person whose it is; and what decides which of two batches pays for a day."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import rupiah, tanggal_layar
from ikm_program.screens import Text
from ikm_program.views import FormScreen
from trainings.actions import payment_steps as actions
from trainings.actions.payments import choose_day
from trainings.forms.fields import ConfirmForm
from trainings.forms.payments import ApproveForm, CancelForm, ChooseDayForm, PayForm, ReceiptForm, ScanForm
from trainings.models import Attendance, PaymentList, PaymentReceipt
from trainings.views.payments import PLACE, RELATED


class _Step(FormScreen):
    model = PaymentList
    place = PLACE
    related = RELATED

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

    def words(self, sentence: str) -> str:
        return sentence % {"net": rupiah(self.object.net), "people": self.object.lines.count()}


class PaymentLock(_Step):
    form_class = ConfirmForm
    action = actions.lock_list
    submit_label = _("Lock")
    success_message = _("The list is locked. The PPK approves it.")

    def get_title(self) -> Text:
        return gettext("Lock: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return self.words(
            gettext("%(net)s for %(people)s people. From then on nothing of it changes, and nobody else pays for these days.")
        )


class PaymentApprove(_Step):
    form_class = ApproveForm
    action = actions.approve_list
    submit_label = _("Approve")
    success_message = _("The list is approved. The treasurer pays it.")

    def get_title(self) -> Text:
        return gettext("Approve: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        if self.object.is_recovery:
            return self.words(gettext("%(net)s of %(people)s people may be collected. The list gets its number in the register."))
        return self.words(gettext("%(net)s for %(people)s people may be paid. The list gets its number in the register."))


class PaymentPay(_Step):
    form_class = PayForm
    action = actions.pay_list
    submit_label = _("Record the payment")
    success_message = _("The payment is recorded. Record each receipt as it comes in.")

    def get_title(self) -> Text:
        return gettext("Pay: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return self.words(gettext("%(net)s to %(people)s people. A paid list is not cancelled: what was wrong is recovered."))


class PaymentReceive(_Step):
    form_class = ReceiptForm
    action = actions.record_receipts
    template_name = "trainings/payment_receive.html"
    submit_label = _("Record receipts")

    def get_title(self) -> Text:
        return gettext("Receipts: %(what)s") % {"what": self.object}

    def get_success_message(self, result: PaymentList) -> Text:
        left = result.lines.unreceived().count()
        if not left:
            return gettext("Every receipt is in: the list is completed.")
        return gettext("Recorded. %(left)s receipts are still to come.") % {"left": left}


class ReceiptWithdraw(FormScreen):
    model = PaymentReceipt
    form_class = CancelForm
    action = actions.withdraw_receipt
    place = PLACE
    related = ("line__list__region", "line__list__batch__activity", "line__list__batch__region", "line__list__programme", "created_by")
    submit_label = _("Take the receipt back")
    success_message = _("The receipt is taken back. The line waits for its receipt again.")
    is_danger = True

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object.line.list), self.object.line.list.get_absolute_url())]

    def get_title(self) -> Text:
        return gettext("Take back the receipt of %(name)s") % {"name": self.object.line.payee}

    def get_confirmation(self) -> Text:
        words = gettext("%(name)s, received on %(day)s, %(net)s: this counts as not received. What was recorded stays in the history.")
        return words % {
            "name": self.object.line.payee,
            "day": tanggal_layar(self.object.received_on),
            "net": rupiah(abs(self.object.line.net)),
        }


class PaymentCancel(_Step):
    form_class = CancelForm
    action = actions.cancel_list
    submit_label = _("Cancel the list")
    success_message = _("The list is cancelled. Its days can be put on another list.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return self.words(
            gettext("%(net)s for %(people)s people is not paid. The days are open again; the list itself stays on record as cancelled.")
        )


class PaymentScan(_Step):
    form_class = ScanForm
    action = actions.attach_scan
    submit_label = _("Attach the signed list")
    success_message = _("The signed list is attached.")

    def get_title(self) -> Text:
        return gettext("Signed list: %(what)s") % {"what": self.object}


class DayChoose(FormScreen):
    """`pk` is the attendance that pays."""

    model = Attendance
    form_class = ChooseDayForm
    action = choose_day
    place = PLACE
    related = ("session__batch__activity__programme", "session__batch__region", "enrolment__participant__region")
    submit_label = _("This batch pays for the day")
    success_message = _("Decided. Compute the drafts concerned again.")

    def get_title(self) -> Text:
        return gettext("Which batch pays for %(name)s on %(on)s?") % {
            "name": self.object.enrolment.participant,
            "on": tanggal_layar(self.object.session.held_on),
        }

    def get_confirmation(self) -> Text:
        return gettext("The day is paid in “%(batch)s” and in no other batch.") % {"batch": self.object.session.batch}

    def get_success_url(self, result: Any) -> str:
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        """Back to the list that was in the way."""
        asked = self.request.GET.get("daftar", "")
        lists = PaymentList.objects.for_user(self.request.user)
        found = lists.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
        return str((found or self.object.session.batch).get_absolute_url())

"""From what was bought to the list that pays for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.reporting import Column, Report, Row
from ikm_program.screens import Link, Text, permitted
from ikm_program.views import FormScreen, ReportScreen
from production.actions.purchase_payments import list_purchases
from production.forms.purchase_payments import PurchaseListForm
from production.payment_reports import purchases_to_pay
from trainings.forms.payments import PaymentParameters
from trainings.models import Programme, Region
from trainings.views.payments import last_head

PLACE = "production:purchases_to_pay"
SHOWN = {  # figure -> the filter under which the list of purchases shows it
    "bought": {"status": "disetujui"},
    "listed": {"bayar": "daftar"},
    "money_listed": {"bayar": "daftar"},
    "paid": {"bayar": "dibayar"},
    "money_paid": {"bayar": "dibayar"},
}


class PurchasesToPay(ReportScreen):
    """An open figure leads to the draft that pays it."""

    permission = "production.view_purchase"
    form_class = PaymentParameters
    title = _("Purchases to be paid")
    lead = _("Per programme and kabupaten/kota: what was bought, what is on a list, what is paid, what is open.")
    place = PLACE
    paper = "F4"
    as_of_field = "per"
    file_name = "pembelian-yang-harus-dibayar"

    def get_report(self, **parameters: Any) -> Report:
        day = parameters.get("per") or timezone.localdate()
        report = purchases_to_pay(self.request.user, as_of=day, programme=parameters.get("program"))
        return self.on_page(report, self.link_of, subtitle="")

    def link_of(self, row: Row, column: Column) -> str:
        if "programme_id" not in row or not row[column.key]:
            return ""
        where = {"program": row["programme_id"], "wilayah": row["store__region_id"]}
        if column.key in SHOWN:
            return f"{reverse('production:purchase_list')}?{urlencode(where | SHOWN[column.key])}"
        if column.key not in ("open", "money_open"):
            return ""
        way = Link("", "production:purchase_pay", "trainings.add_paymentlist", {"pk": row["programme_id"]})
        found = next((link.href() for link in permitted([way], self.request.user)), "")
        return f"{found}?wilayah={row['store__region_id']}" if found else ""


class PurchasePay(FormScreen):
    """A draft list of a programme's open purchases: all of them, or with ?wilayah= those of a region."""

    model = Programme
    form_class = PurchaseListForm
    action = list_purchases
    template_name = "production/purchase_pay.html"
    place = PLACE
    related = ("region",)
    submit_label = _("Make the draft")
    success_message = _("The draft is made. Check it, then lock it.")

    @cached_property
    def region(self) -> Region:
        wanted = self.request.GET.get("wilayah", "")
        if not wanted:
            programme: Programme = self.object
            return programme.region
        region = Region.objects.owned_by(self.request.user).filter(pk=wanted).first() if wanted.isdecimal() else None
        if region is None:
            raise Http404
        return region

    def get_title(self) -> Text:
        return gettext("Pay for purchases: %(region)s") % {"region": self.region.short_name}

    def get_initial(self) -> dict[str, Any]:
        return last_head(self.object.pk, self.request.user)

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        sent = {"data": self.request.POST} if is_bound else {}
        form: ActionMixin = PurchaseListForm(
            user=self.request.user, subject=self.object, initial=self.get_initial(), region=self.region, **sent
        )
        return form

    def get_action_kwargs(self, form: ActionMixin) -> dict[str, Any]:
        return super().get_action_kwargs(form) | {"region": self.region}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = kwargs["form"].open
        return super().get_context_data(
            waiting=waiting, total=sum(purchase.amount for purchase in waiting), people=len({one.seller_id for one in waiting}), **kwargs
        )

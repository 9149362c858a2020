from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, ActionModelForm, DateField, RowForm, RupiahField
from trainings.models import Activity, AllowanceScheme, Batch, Office, Official, PaymentLine, PaymentList, PaymentReceipt, Programme, Region
from trainings.reports.payments import REALISED_COLUMNS, SUMMED, TO_PAY_COLUMNS

SCAN_HELP = _("A PDF, or a photo in JPEG, PNG or WebP format, up to 10 MB.")
_PERCENT = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]{1,2}))?\Z")


class PercentField(forms.CharField):
    """ "2,5" as an office writes a rate; kept in hundredths of a percent."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "inputmode": "decimal", "class": "is-number"}

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        whole, rest = divmod(value, 100)
        return f"{whole},{rest:02d}".rstrip("0").rstrip(",")

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").replace("%", "").strip()
        found = _PERCENT.match(text) if text else None
        if text and found is None:
            raise ValidationError(_("Write a percentage, for example 5 or 2,5."))
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0


class SchemeForm(ActionModelForm):
    """A rule of an activity. Its kind stays: lists were computed with it."""

    sections = (
        (_("What is paid"), ("kind", "rate", "tax_rate", "account_code")),
        (_("For which modes of training"), ("for_online", "for_class", "for_visit")),
        (_("Validity and stipulations"), ("valid_from", "valid_until", "stipulations")),
    )
    rate = RupiahField(label=_("Rate (Rp)"), min_value=1, help_text=_("For each day present; the quota once for each participant."))
    tax_rate = PercentField(
        label=_("Income tax (PPh 21), percent"), required=False, help_text=_("0 unless the treasurer decides otherwise.")
    )

    class Meta:
        model = AllowanceScheme
        fields = (
            "kind",
            "for_online",
            "for_class",
            "for_visit",
            "account_code",
            "stipulations",
            "valid_from",
            "valid_until",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, AllowanceScheme):
            del self.fields["kind"]
        else:
            self.fields["tax_rate"].initial = 0


class PaymentHeadForm(ActionModelForm):
    """The head of a list: what stands above and below its lines. The lines are computed."""

    sections: ClassVar[Any] = (
        (_("Budget"), ("dipa_number", "dipa_on", "activity_code", "output_code", "account_code", "decree")),
        (_("Who signs"), ("office", "ppk", "treasurer", "kpa", "paid_out_by")),
        (_("Note"), ("note",)),
    )

    class Meta:
        model = PaymentList
        fields = (
            "dipa_number",
            "dipa_on",
            "activity_code",
            "output_code",
            "account_code",
            "decree",
            "office",
            "ppk",
            "treasurer",
            "kpa",
            "paid_out_by",
            "note",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self._paying_region()
        batch = self.subject.batch if isinstance(self.subject, PaymentList) else self.subject
        if isinstance(batch, Batch) and batch.decree_id is not None:
            del self.fields["decree"]  # the list cites the one in the register
        self._narrow("office", Office.objects.filter(region=region).order_by("name"))
        for name in ("ppk", "treasurer", "kpa"):
            self._narrow(name, Official.objects.filter(office__region=region).select_related("office__region").order_by("name"))

    def _narrow(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows.for_user(self.user)

    def _paying_region(self) -> Region:
        """Whose budget it is: the programme's."""
        subject: PaymentList | Batch | Programme = self.subject
        if isinstance(subject, Programme):
            return subject.region
        programme = subject.programme if isinstance(subject, PaymentList) else subject.activity.programme
        return programme.region


class ApproveForm(ActionForm):
    approved_on = DateField(label=_("Approved on"), initial=timezone.localdate)
    backdating_reason = forms.CharField(
        label=_("Why it bears an earlier date"), max_length=250, required=False, help_text=_("Only when the date is not today's.")
    )


class PayForm(ActionForm):
    paid_on = DateField(label=_("Paid on"), initial=timezone.localdate)


class CancelForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ChooseDayForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), max_length=250, help_text=_("Why this batch pays for the day and not the other."))


class LinesChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}. {obj.payee}"


class ReceiptForm(ActionForm):
    """Many at once: a signed list proves them all, a slip of the bank perhaps one."""

    lines = LinesChoice(PaymentLine.objects.none(), label=_("Who has received"))
    received_on = DateField(label=_("Received on"), initial=timezone.localdate)
    how = forms.ChoiceField(label=_("Evidence"), choices=PaymentReceipt.How.choices)
    reference = forms.CharField(label=_("Number of the slip or receipt"), max_length=120, required=False)
    evidence = forms.FileField(label=_("File"), required=False, help_text=SCAN_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lines"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = PaymentLine.objects.for_user(self.user).filter(list=self.subject).unreceived().order_by("number")
        if not self.is_bound:
            field.initial = list(field.queryset.values_list("pk", flat=True))
        if self.subject.is_recovery:
            self.fields["how"].initial = PaymentReceipt.How.DEPOSIT
            field.label = _("Who has paid back")


class ScanForm(ActionForm):
    scan = forms.FileField(label=_("Signed list (scan)"), help_text=SCAN_HELP)


class PaymentParameters(RowForm):
    """Which programme a report is about (all of them until one is chosen), and as of which day."""

    is_filter = True
    program = forms.ModelChoiceField(
        Programme.objects.order_by("-year", "name"), label=_("Programme"), required=False, empty_label=_("All")
    )
    per = DateField(label=_("As of"), required=False)


class ToPayRecordsForm(PaymentParameters):
    """Which figure of what is to be paid; of one batch, or of all of the programme."""

    angka = forms.ChoiceField(
        label=_("Figure"), required=False, choices=[(one.key, one.label) for one in TO_PAY_COLUMNS if one.key in SUMMED]
    )
    batch = forms.ModelChoiceField(Batch.objects.with_names(), required=False, widget=forms.HiddenInput)
    field_order = ("angka", "program", "per")


class RealisedRecordsForm(PaymentParameters):
    """Which figure of the payments made; of one activity and region, or of all of the programme."""

    angka = forms.ChoiceField(
        label=_("Figure"), required=False, choices=[(one.key, one.label) for one in REALISED_COLUMNS if one.unit or one.key == "people"]
    )
    wilayah = forms.ModelChoiceField(Region.objects.order_by("kemendagri_code"), label=_("Region"), required=False, empty_label=_("All"))
    kegiatan = forms.ModelChoiceField(Activity.objects.order_by("pk"), label=_("Activity"), required=False, empty_label=_("All"))
    tanpa_kegiatan = forms.BooleanField(required=False, widget=forms.HiddenInput)  # what is of no activity: purchases
    owned_choices = ("wilayah",)
    field_order = ("angka", "program", "wilayah", "kegiatan", "per")

"""What a report is asked for: a programme, a day or two, one district. Nothing is required: the plain address answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.models import Recipient
from distribution.reports.report_records import HANDED_OVER, PEOPLE
from ikm_program.forms import DateField, RowForm
from production.models import Product
from trainings.models import Programme, Region


class ReportParameters(RowForm):
    """The programme of the top bar, today, and everything that the person sees, until something else is chosen."""

    program = forms.ModelChoiceField(Programme.objects.order_by("-year", "name"), label=_("Programme"), required=False, empty_label=None)
    wilayah = forms.ModelChoiceField(Region.objects.districts(), label=_("Kabupaten/kota"), required=False, empty_label=_("All districts"))
    per = DateField(label=_("As of"), required=False)
    owned_choices = ("wilayah",)
    reading_order: ClassVar[Sequence[str]] = ("program", "wilayah", "per")
    is_filter = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.reading_order)
        if self.user.region.is_district:
            del self.fields["wilayah"]
        field: Any = self.fields["program"]
        field.choices = [(one.pk, str(one)) for one in sorted(field.queryset, key=lambda one: one.reading_order)]

    def clean_per(self) -> dt.date:
        return self.cleaned_data["per"] or timezone.localdate()


class PeriodParameters(ReportParameters):
    """From one day to another; without a first day from the beginning."""

    dari = DateField(label=_("From"), required=False)
    per = DateField(label=_("Until"), required=False)
    reading_order: ClassVar[Sequence[str]] = ("program", "wilayah", "dari", "per")

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("dari"), self.cleaned_data.get("per")
        if since and until and since > until:
            self.add_error("per", _("The end cannot be before the beginning."))
        return self.cleaned_data


class ChangeParameters(PeriodParameters):
    """What changed between two days, and which paper of the first day one has in hand."""

    dari = DateField(label=_("Figures as of"), required=False)
    per = DateField(label=_("Compared with"), required=False)
    dicetak = DateField(
        label=_("Printed on"),
        required=False,
        help_text=_("The day on which the first sheet was printed: only what was known then counts on it."),
    )
    reading_order: ClassVar[Sequence[str]] = ("program", "wilayah", "dari", "dicetak", "per")


class HandedOverParameters(PeriodParameters):
    """Which figure of what was handed over; of one receiver, of receivers of some kinds, or of all."""

    angka = forms.ChoiceField(label=_("Figure"), required=False, choices=list(HANDED_OVER.items()))
    produk = forms.ModelChoiceField(Product.objects.order_by("name"), label=_("Product"), required=False)
    penerima = forms.IntegerField(required=False, widget=forms.HiddenInput)
    jenis = forms.MultipleChoiceField(required=False, choices=Recipient.Kind.choices, widget=forms.MultipleHiddenInput)
    reading_order: ClassVar[Sequence[str]] = ("angka", "program", "produk", "wilayah", "dari", "per")


class FinalParameters(ReportParameters):
    """Which line of the list of final recipients: a paper and product, and the onward step that brought it there."""

    produk = forms.ModelChoiceField(Product.objects.order_by("name"), required=False, widget=forms.HiddenInput)
    bast = forms.IntegerField(required=False, widget=forms.HiddenInput)
    langkah = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PeopleParameters(ReportParameters):
    angka = forms.ChoiceField(label=_("Figure"), required=False, choices=list(PEOPLE.items()))
    produk = forms.ModelChoiceField(Product.objects.order_by("name"), label=_("Product"), required=False)
    reading_order: ClassVar[Sequence[str]] = ("angka", "program", "produk", "wilayah", "per")

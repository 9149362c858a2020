from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.filters import DateFilter, FilterSet
from ikm_program.forms import DateField, RowForm
from production.filters.output import DistrictAware
from production.material_reports import FIGURE_COLUMNS, Level
from production.models import (
    Material,
    MaterialAccount,
    MaterialBalance,
    MaterialHandover,
    MaterialReceipt,
    MaterialWriteOff,
)
from trainings.models import Programme, Region

DISTRICTS = Region.objects.filter(kind__in=("kabupaten", "kota")).order_by("kemendagri_code")
PROGRAMMES = Programme.objects.order_by("-year", "name")


class MaterialFilter(FilterSet):
    class Meta:
        model = Material
        fields = ("is_active",)


class ReceiptFilter(FilterSet):
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=PROGRAMMES, label=_("Programme"))
    dari = DateFilter(field_name="received_on", lookup_expr="gte", label=_("From"))
    sampai = DateFilter(field_name="received_on", lookup_expr="lte", label=_("Until"))

    class Meta:
        model = MaterialReceipt
        fields = ("status",)


class HandoverFilter(DistrictAware):
    jenis = django_filters.ChoiceFilter(field_name="kind", choices=MaterialHandover.Kind.choices, label=_("Kind"))
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=PROGRAMMES, label=_("Programme"))
    wilayah = django_filters.ModelChoiceFilter(queryset=DISTRICTS, label=_("Kabupaten/kota"), method="of_district")
    dari = DateFilter(field_name="handed_over_on", lookup_expr="gte", label=_("From"))
    sampai = DateFilter(field_name="handed_over_on", lookup_expr="lte", label=_("Until"))

    class Meta:
        model = MaterialHandover
        fields = ("status",)

    def of_district(self, rows: Any, name: str, region: Region) -> Any:
        """At either end."""
        within = MaterialHandover.SCOPE.visible(MaterialHandover, region.path)
        return rows.filter(within)


class BalanceFilter(DistrictAware):
    bahan = django_filters.ModelChoiceFilter(field_name="material", queryset=Material.objects.order_by("name"), label=_("Material"))
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=PROGRAMMES, label=_("Programme"))
    wilayah = django_filters.ModelChoiceFilter(field_name="holder__region", queryset=DISTRICTS, label=_("Kabupaten/kota"))
    tempat = django_filters.ChoiceFilter(field_name="account", choices=MaterialAccount.choices, label=_("Where"))

    class Meta:
        model = MaterialBalance
        fields: tuple[str, ...] = ()


class WriteOffFilter(FilterSet):
    class Meta:
        model = MaterialWriteOff
        fields = ("status",)


class AccountParameters(RowForm):
    """Which accounts, and summed up by what."""

    program = forms.ModelChoiceField(PROGRAMMES, label=_("Programme"), required=False, empty_label=None)
    bahan = forms.ModelChoiceField(Material.objects.order_by("name"), label=_("Material"), required=False, empty_label=_("All materials"))
    wilayah = forms.ModelChoiceField(DISTRICTS, label=_("Kabupaten/kota"), required=False, empty_label=_("All"))
    per = forms.ChoiceField(choices=Level.choices, label=_("One row for each"), required=False)
    tanggal = DateField(label=_("As of"), required=False)
    is_filter = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user.region is not None and self.user.region.is_district:
            del self.fields["wilayah"]

    def clean_per(self) -> str:
        return self.cleaned_data["per"] or Level.MAKER


class AccountRecordParameters(AccountParameters):
    """Which figure of the accounts: of one maker, of one row of the sheet of a level, or of all makers."""

    angka = forms.ChoiceField(label=_("Figure"), required=False, choices=[(one.key, one.label) for one in FIGURE_COLUMNS.values()])
    per = forms.ChoiceField(choices=Level.choices, required=False, widget=forms.HiddenInput)
    kelompok = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    pemegang = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("angka", "program", "bahan", "wilayah", "tanggal")

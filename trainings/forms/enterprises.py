from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import (
    CHOOSE,
    ActionForm,
    ActionModelForm,
    DateField,
    LargeNumberField,
    PeopleField,
    RowModelForm,
    RupiahField,
    TotalField,
    row_formset,
)
from trainings.actions.licences import check_issued_on
from trainings.forms.fields import CoordinatesField, KbliField, NibField, NikField, NpwpField, PhoneField, VillageCodeField, YearField
from trainings.models import Enterprise, Licence, Region

NUMBERS = (
    "workers_male",
    "workers_female",
    "installed_capacity",
    "production_capacity",
    "production",
    "water_m3",
    "fuel_litres",
    "electricity_kwh",
)
AMOUNTS = ("investment", "investment_land", "production_value")


class LicenceRow(RowModelForm):
    class Meta:
        model = Licence
        fields = ("kind", "number", "issuer", "issued_on", "valid_until")

    def clean_issued_on(self) -> Any:
        check_issued_on(self.cleaned_data["issued_on"])
        return self.cleaned_data["issued_on"]


class LicenceRows(row_formset(LicenceRow, max_num=30)):  # type: ignore[misc]
    heading = _("Licences")
    add_label = _("Add a licence")


class EnterpriseForm(ActionModelForm):
    """The whole profile; only name and kabupaten/kota must be known. The owner's NIK on record is never shown: left empty it stays."""

    owned_choices = ("region", "sentra")
    rows = {"licences": LicenceRows}
    folded = (_("Size"), _("Production (SIINas minimum data)"), _("Sales"))
    sections = (
        (_("Business"), ("region", "name", "legal_form", "main_product", "brand", "sentra", "started_year", "is_active")),
        (_("Owner"), ("owner_name", "owner_sex", "owner_nik")),
        (_("Place"), ("address", "village", "subdistrict", "village_code", "coordinates")),
        (_("Contact"), ("phone", "email")),
        (_("Registration"), ("nib", "npwp", "kbli", "kbli_edition", "has_siinas_account")),
        (_("Size"), ("workers_male", "workers_female", "investment", "investment_land")),
        (
            _("Production (SIINas minimum data)"),
            (
                "capacity_unit",
                "installed_capacity",
                "production_capacity",
                "production",
                "production_value",
                "raw_materials",
                "machines",
                "water_m3",
                "fuel_litres",
                "electricity_kwh",
            ),
        ),
        (_("Sales"), ("sells_offline", "sells_online", "sales_channels")),
        (_("Confirmation"), ("confirmed_how",)),
    )
    owner_nik = NikField(label=_("NIK of the owner"), help_text=_("16 digits, as on the card."))
    coordinates = CoordinatesField(
        label=_("Coordinates"), help_text=_("Latitude and longitude as a map copies them, for example -3.797000, 114.770000.")
    )
    village_code = VillageCodeField(
        label=_("Village code"),
        help_text=_("Kemendagri code, 00.00.00.0000; 00.00.00 as long as only the sub-district is known."),
    )
    phone = PhoneField(label=_("Telephone"))
    nib = NibField(label="NIB", help_text=_("13 digits, given by OSS."))
    npwp = NpwpField(label="NPWP", help_text=_("15 digits, or 16 since 2024."))
    kbli = KbliField(label="KBLI", help_text=_("5 digits; the same code can mean another trade in another edition."))
    confirmed_how = forms.ChoiceField(
        label=_("The business confirmed this data today"),
        choices=[("", _("Not confirmed with this save")), *Enterprise.ConfirmedHow.choices],
        required=False,
        help_text=_("Only when somebody has asked the business. Correcting a spelling confirms nothing."),
    )

    class Meta:
        model = Enterprise
        fields = (
            "region",
            "name",
            "legal_form",
            "main_product",
            "brand",
            "sentra",
            "started_year",
            "is_active",
            "owner_name",
            "owner_sex",
            "address",
            "village",
            "subdistrict",
            "village_code",
            "phone",
            "email",
            "nib",
            "npwp",
            "kbli",
            "kbli_edition",
            "has_siinas_account",
            *NUMBERS[:2],
            "investment",
            "investment_land",
            "capacity_unit",
            *NUMBERS[2:5],
            "production_value",
            "raw_materials",
            "machines",
            *NUMBERS[5:],
            "sells_offline",
            "sells_online",
            "sales_channels",
        )
        field_classes: ClassVar[dict[str, Any]] = {
            **dict.fromkeys(NUMBERS[:2], PeopleField),
            **dict.fromkeys(NUMBERS[2:5], LargeNumberField),
            **dict.fromkeys(NUMBERS[5:], TotalField),
            **dict.fromkeys(AMOUNTS, RupiahField),
            "started_year": YearField,
        }
        help_texts = {
            "main_product": _("What it is known for, for example woven cloth."),
            "capacity_unit": _("What its production is counted in: sets, litres, kilograms."),
            "installed_capacity": _("What the machines could make."),
            "production_capacity": _("What it makes in an ordinary year."),
            "investment": _("Machines, equipment, working capital. Decides the scale together with the workers."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ModelChoiceField)
        assert region.queryset is not None
        region.queryset = region.queryset.filter(kind__in=(Region.Kind.KABUPATEN, Region.Kind.KOTA))
        if self.user.region.is_district:
            region.initial = self.user.region
        if isinstance(self.subject, Enterprise):
            self.initial.pop("owner_nik", None)  # an edit opens with the record's values; these two are not for the screen
            self.initial.pop("confirmed_how", None)
            if self.subject.owner_nik:
                nik = self.subject.masked_owner_nik
                self.fields["owner_nik"].help_text = format_lazy(_("On record: {nik}. Leave empty to keep it."), nik=nik)

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        values["latitude"], values["longitude"] = values.pop("coordinates")
        return values

    def refuse(self, message: Any, field: str | None = None) -> None:
        super().refuse(message, "coordinates" if field in ("latitude", "longitude") else field)


class ConfirmationForm(forms.Form):
    """When and how the data of businesses were confirmed."""

    confirmed_on = DateField(label=_("Confirmed on"), initial=timezone.localdate)
    how = forms.ChoiceField(label=_("How"), choices=[("", CHOOSE), *Enterprise.ConfirmedHow.choices])


class EnterpriseConfirmForm(ActionForm, ConfirmationForm):
    """Who was asked when; by whom is whoever is signed in."""

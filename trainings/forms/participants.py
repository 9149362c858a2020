from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import ActionForm, ActionModelForm, DateField, QuantityField, RupiahField
from trainings.forms.fields import KbliField, NibField, NikField, NpwpField, PhoneField
from trainings.identity import Sex
from trainings.models import Enterprise, Participant, Region


class PersonForm(ActionForm):
    """A participant. The NIK on record is never shown in a form: left empty it stays."""

    owned_choices = ("region", "enterprise")
    sections = (
        (_("Person"), ("region", "name", "sex", "birth_date", "phone")),
        (_("Identity"), ("nik", "nik_exception")),
        (_("Business"), ("enterprise",)),
    )
    region = forms.ModelChoiceField(Region.objects.districts(), label=_("Kabupaten/kota"))
    name = forms.CharField(label=_("Full name"), max_length=120)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("Choose …")), *Sex.choices], required=False)
    birth_date = DateField(label=_("Date of birth"), required=False)
    phone = PhoneField(label=_("Mobile phone"))
    nik = NikField(label="NIK", help_text=_("16 digits, as on the card."))
    nik_exception = forms.CharField(
        label=_("Why the NIK does not match"),
        max_length=160,
        required=False,
        help_text=_("Only when the card really says so. For example: NIK does not match the birth date (old KTP)."),
    )
    enterprise = SearchedChoiceField(
        Enterprise.objects.all(),
        suggestions="trainings:enterprise_suggestions",
        label=_("IKM business"),
        required=False,
        help_text=_("Type a part of the name and choose."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ModelChoiceField)
        if self.user.region.is_district:
            region.initial = self.user.region
        if isinstance(self.subject, Participant) and self.subject.nik:
            self.fields["nik"].help_text = format_lazy(_("On record: {nik}. Leave empty to keep it."), nik=self.subject.masked_nik)


class ParticipantForm(PersonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("nik", None)  # an edit opens with the record's values; this one is not for the screen


class ConfirmationForm(forms.Form):
    """When and how the data of businesses were confirmed."""

    confirmed_on = DateField(label=_("Confirmed on"), initial=timezone.localdate)
    how = forms.ChoiceField(label=_("How"), choices=Enterprise.ConfirmedHow.choices)


class EnterpriseForm(ActionModelForm):
    owned_choices = ("region",)
    sections = (
        (_("Business"), ("region", "name", "owner_name", "main_product", "started_year", "is_active")),
        (_("Contact"), ("address", "phone")),
        (_("Registration"), ("nib", "npwp", "kbli", "kbli_edition")),
        (_("Size"), ("workers_male", "workers_female", "investment")),
    )
    phone = PhoneField(label=_("Telephone"))
    nib = NibField(label="NIB")
    npwp = NpwpField(label="NPWP")
    kbli = KbliField(label="KBLI")
    workers_male = QuantityField(label=_("Male workers"), required=False)
    workers_female = QuantityField(label=_("Female workers"), required=False)
    investment = RupiahField(label=_("Investment without land and building (Rp)"), required=False)

    class Meta:
        model = Enterprise
        fields = (
            "region",
            "name",
            "owner_name",
            "main_product",
            "started_year",
            "is_active",
            "address",
            "phone",
            "nib",
            "npwp",
            "kbli",
            "kbli_edition",
            "workers_male",
            "workers_female",
            "investment",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ModelChoiceField)
        assert region.queryset is not None
        region.queryset = region.queryset.filter(kind__in=(Region.Kind.KABUPATEN, Region.Kind.KOTA))
        if self.user.region.is_district:
            region.initial = self.user.region

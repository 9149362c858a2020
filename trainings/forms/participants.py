from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import CHOOSE, ActionForm, DateField
from trainings.forms.fields import NikField, PhoneField
from trainings.identity import Sex
from trainings.models import Enterprise, Participant, Region


class PersonForm(ActionForm):
    """A participant. The NIK on record is never shown in a form: left empty it stays."""

    owned_choices = ("region", "enterprise")
    sections = (
        (_("Person"), ("region", "name", "sex", "birth_date", "education")),
        (_("Contact"), ("phone", "address")),
        (_("Identity"), ("nik", "nik_exception")),
        (_("Business"), ("enterprise",)),
    )
    region = forms.ModelChoiceField(Region.objects.districts(), label=_("Kabupaten/kota"))
    name = forms.CharField(label=_("Full name"), max_length=120)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", CHOOSE), *Sex.choices], required=False)
    birth_date = DateField(label=_("Date of birth"), required=False)
    education = forms.ChoiceField(
        label=_("Education"),
        choices=[("", CHOOSE), *Participant.Education.choices],
        required=False,
        help_text=_("The last school finished."),
    )
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
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
        label=_("Business"),
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

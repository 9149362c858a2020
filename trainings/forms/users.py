from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm
from ikm_program.roles import ROLES
from trainings.forms.fields import PhoneField
from trainings.models import Office, Official, Region


class UserForm(ActionForm):
    """Who somebody is, where, and in which roles."""

    owned_choices = ("region",)
    sections = (
        (_("Person"), ("username", "full_name", "email", "phone")),
        (_("Where and what"), ("region", "roles")),
        (_("For signing documents"), ("office", "official")),
    )
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("The link for setting a password is sent here."))
    phone = PhoneField(label=_("Mobile phone"))
    region = forms.ModelChoiceField(Region.objects.order_by("kemendagri_code"), label=_("Region"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=[(code, role.label) for code, role in ROLES.items()], widget=forms.CheckboxSelectMultiple
    )
    office = forms.ModelChoiceField(Office.objects.select_related("region"), label=_("Office"), required=False)
    official = forms.ModelChoiceField(
        Official.objects.select_related("office__region"),
        label=_("Signs as"),
        required=False,
        help_text=_("The official this account belongs to, when the person signs documents."),
    )


class InviteForm(UserForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("For signing in; letters, digits and . _ - only."),
    )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}

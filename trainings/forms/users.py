from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import ActionForm
from ikm_program.roles import ROLES
from trainings.forms.fields import PhoneField
from trainings.models import Instructor, Office, Official, Region, User


class UserForm(ActionForm):
    """Who somebody is, where, and in which roles."""

    owned_choices = ("region", "instructor")
    sections = (
        (_("Person"), ("username", "full_name", "email", "phone")),
        (_("Where and what"), ("region", "roles", "instructor")),
        (_("For signing documents"), ("office", "official")),
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("For signing in; letters, digits and . _ - only."),
    )
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("The link for setting a password is sent here."))
    phone = PhoneField(label=_("Mobile phone"))
    region = forms.ModelChoiceField(Region.objects.order_by("kemendagri_code"), label=_("Region"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=[(code, role.label) for code, role in ROLES.items()], widget=forms.CheckboxSelectMultiple
    )
    instructor = SearchedChoiceField(
        Instructor.objects.without_account(),
        suggestions="trainings:instructor_suggestions",
        beside="region",
        label=_("Instructor record"),
        required=False,
        help_text=_("With the role Instructor: as whom the person teaches. Suggested are those of the region who have no account yet."),
    )
    office = forms.ModelChoiceField(Office.objects.select_related("region"), label=_("Office"), required=False)
    official = forms.ModelChoiceField(
        Official.objects.select_related("office__region"),
        label=_("Signs as"),
        required=False,
        help_text=_("The official this account belongs to, when the person signs documents."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        if isinstance(self.subject, User):  # whose record it is already may stay
            field = self.fields["instructor"]
            assert isinstance(field, SearchedChoiceField)
            field.queryset = Instructor.objects.owned_by(self.user).filter(Q(user=None) | Q(user=self.subject))

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class AccountForm(ActionForm):
    """The account of an instructor."""

    user = forms.ModelChoiceField(
        User.objects.all(),
        label=_("Account"),
        required=False,
        empty_label=_("none"),
        help_text=_("Active accounts of the same region with the role Instructor that belong to nobody yet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, instructor = self.fields["user"], self.subject
        assert isinstance(field, forms.ModelChoiceField)
        free = User.objects.get_queryset().waiting_for_instructor().filter(region=instructor.region_id)
        field.queryset = User.objects.owned_by(self.user).filter(Q(pk__in=free.values("pk")) | Q(instructor=instructor))

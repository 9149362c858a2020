from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, ActionModelForm
from trainings.forms.fields import hide_nik
from trainings.models import Office, Official


class OfficeForm(ActionModelForm):
    owned_choices = ("region",)
    sections = (
        (_("Office"), ("region", "name", "abbreviation", "valid_from", "valid_until")),
        (_("Letterhead"), ("government_line", "address", "city", "postcode", "phone", "email", "website")),
        (_("Documents"), ("paper", "first_party_term", "classification", "unit_code", "number_pattern")),
    )

    class Meta:
        model = Office
        fields = (
            "region",
            "name",
            "abbreviation",
            "valid_from",
            "valid_until",
            "government_line",
            "address",
            "city",
            "postcode",
            "phone",
            "email",
            "website",
            "paper",
            "first_party_term",
            "classification",
            "unit_code",
            "number_pattern",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("As the second line of its letterhead, without the region: Dinas Perindustrian.")
        self.fields["number_pattern"].help_text = _(
            "Parts in braces: {klas}, {urut:3}, {jenis}, {unit}, {instansi}, {bulan}, {bulan_romawi}, {tahun}."
        )


class ArmsForm(ActionForm):
    """The picture beside the office's name on its letterhead."""

    arms = forms.FileField(
        label=_("Picture of the arms"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("JPEG, PNG or WebP; what is transparent becomes white."),
    )


class OfficialForm(ActionModelForm):
    owned_choices = ("office",)
    sections = (
        (_("Person"), ("office", "name", "identity_kind", "identity_number")),
        (_("Post"), ("position", "rank", "valid_from", "valid_until", "can_sign")),
    )

    class Meta:
        model = Official
        fields = ("office", "name", "identity_kind", "identity_number", "position", "rank", "valid_from", "valid_until", "can_sign")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hide_nik(self, "identity")
        self.fields["valid_from"].label = _("In office from")
        self.fields["valid_until"].label = _("In office until")
        self.fields["valid_until"].help_text = _("Empty while the person is in office. Later documents do not offer this official.")

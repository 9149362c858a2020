from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import ActionForm, ActionModelForm
from trainings.models import Enterprise, SuperiorProduct


class SuperiorForm(ActionModelForm):
    """A proposal; on what grounds it is of export quality may be told now or by the province."""

    owned_choices = ("enterprise",)
    sections = (
        (_("Product"), ("enterprise", "name", "description")),
        (_("Export quality (governor's policy)"), ("is_export_quality", "export_basis")),
    )
    enterprise = SearchedChoiceField(
        Enterprise.objects.all(),
        suggestions="trainings:enterprise_suggestions",
        label=_("Business"),
        help_text=_("Type a part of the name and choose."),
    )

    class Meta:
        model = SuperiorProduct
        fields = ("enterprise", "name", "description", "is_export_quality", "export_basis")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, SuperiorProduct):
            del self.fields["enterprise"]


class SelectForm(ActionForm):
    export_basis = forms.CharField(
        label=_("Grounds for export quality"),
        max_length=250,
        help_text=_("Orders from abroad, an exhibition, a standard it meets, a test."),
    )


class RefuseForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), max_length=250)

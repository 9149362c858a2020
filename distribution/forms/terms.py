"""The first step of any draft: from which store, in which programme, dated when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import DateField, HasDressedFields
from production.models import Store
from trainings.models import Programme


class DraftStart(HasDressedFields, forms.Form):
    """What both kinds of draft ask first; the store of an existing draft stays (`has_store`)."""

    owned_choices = ("gudang",)
    gudang = forms.ModelChoiceField(Store.objects.select_related("region"), label=_("From store"))
    program = forms.ModelChoiceField(Programme.objects.open(), label=_("Programme"))
    tanggal = DateField(initial=timezone.localdate)

    def __init__(self, *args: Any, has_store: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_store:
            del self.fields["gudang"]
        for name in ("gudang", "program") if not self.is_bound else ():
            self._choose_the_only_one(name)

    def _choose_the_only_one(self, name: str) -> None:
        field: Any = self.fields.get(name)
        found = list(field.queryset[:2]) if field is not None else []
        if len(found) == 1:
            field.initial = found[0].pk

    def clean_tanggal(self) -> dt.date:
        day: dt.date = self.cleaned_data["tanggal"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The date of the document cannot lie in the future."))
        return day

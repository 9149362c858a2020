"""Filters of time: a month picked in the browser, or a period of the register."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _


class MonthField(forms.Field):
    """A month as the browser's own picker sends it: 2020-06."""

    widget = forms.TextInput(attrs={"type": "month", "pattern": r"\d{4}-\d{2}"})
    default_error_messages = {"invalid": _("Choose a month, for example 2020-06.")}

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", str(value).strip())
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return dt.date(int(found[1]), int(found[2]), 1)


class MonthFilter(django_filters.Filter):
    """Rows whose date lies in the month."""

    field_class = MonthField

    def filter(self, qs: Any, value: dt.date | None) -> Any:
        if value is None:
            return qs
        return qs.filter(**{f"{self.field_name}__year": value.year, f"{self.field_name}__month": value.month})

"""Form fields for numbers that are typed from cards: read by the same parsers as everywhere, wrong ones refused at the field."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm
from ikm_program.sheets import cells
from trainings import identity
from trainings.models import Official
from trainings.models.enterprise import parse_started_year

_read_day = cells.day()


class IdentityField(forms.CharField):
    """Text that `read` turns into a number; the spaces, dots and dashes of a card are no part of it."""

    attrs: ClassVar[dict[str, Any]] = {"inputmode": "numeric", "autocomplete": "off"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, "required": False} | kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | self.attrs

    @staticmethod
    def read(text: str) -> str:
        raise NotImplementedError

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return self.read(text) if text else ""


class NikField(IdentityField):
    """Never kept in the browser."""

    attrs: ClassVar = IdentityField.attrs | {"data-private": True}

    @staticmethod
    def read(text: str) -> str:
        return identity.parse_nik(text, demo=settings.DEMO_MODE).digits


class NpwpField(IdentityField):
    attrs: ClassVar = IdentityField.attrs | {"data-private": True}

    @staticmethod
    def read(text: str) -> str:
        return identity.parse_npwp(text, demo=settings.DEMO_MODE)


class NibField(IdentityField):
    @staticmethod
    def read(text: str) -> str:
        return identity.parse_nib(text)


class KbliField(IdentityField):
    @staticmethod
    def read(text: str) -> str:
        return identity.parse_kbli(text)


class YearField(forms.IntegerField):
    """A year as a line of text: what is no number stays in its field, and no thousands point is put in."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off", "class": "is-number"}

    def to_python(self, value: Any) -> int | None:
        return None if value in self.empty_values else parse_started_year(str(value))


class VillageCodeField(IdentityField):
    @staticmethod
    def read(text: str) -> str:
        return identity.parse_village_code(text)


class CoordinatesField(IdentityField):
    """One field, because that is how a map on a phone hands them over."""

    attrs: ClassVar = {"autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        return identity.parse_coordinates(text) if text else (None, None)


class PhoneField(IdentityField):
    attrs: ClassVar = {"inputmode": "tel", "autocomplete": "off"}

    @staticmethod
    def read(text: str) -> str:
        return identity.parse_phone(text)

    def prepare_value(self, value: Any) -> Any:
        return identity.format_phone(value) if isinstance(value, str) and value.startswith("+") else value


def hide_nik(form: Any, name: str) -> None:
    """`<name>_kind` and `<name>_number` of somebody who signs: a NIK on record is not shown, and none is kept in the browser."""
    field, kind, number = form.fields[f"{name}_number"], form.initial.get(f"{name}_kind"), form.initial.get(f"{name}_number", "")
    field.widget.attrs["data-private"] = True
    if kind == Official.IdentityKind.NIK and number:
        form.initial[f"{name}_number"] = ""
        field.help_text = format_lazy(_("On record: {nik}. Leave empty to keep it."), nik=identity.mask_nik(number))


class DaysField(forms.CharField):
    """Days typed one after the other, with commas, semicolons or line breaks: 31/05/2020, 01/06/2020."""

    default_error_messages: ClassVar[dict[str, Any]] = {"day": _("“%(words)s” is no date. Write 31/05/2020, 01/06/2020.")}

    def __init__(self, **kwargs: Any) -> None:
        facts: dict[str, Any] = {"required": False, "max_length": 400}
        super().__init__(**facts | kwargs)

    def clean(self, value: Any) -> Any:
        days = []
        for words in filter(None, (part.strip() for part in re.split(r"[,;\n]", super().clean(value)))):
            try:
                days.append(dt.date.fromisoformat(_read_day(words)))
            except ValidationError:
                raise ValidationError(self.error_messages["day"], code="day", params={"words": words}) from None
        return days


class TimeField(forms.TimeField):
    """An hour in the browser's own clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        facts: dict[str, Any] = {"required": False, "widget": widget, "input_formats": ("%H:%M", "%H:%M:%S", "%H.%M")}
        super().__init__(**facts | kwargs)


class ReasonForm(ActionForm):
    """An act that may say why."""

    reason = forms.CharField(label=_("Reason"), max_length=250, required=False)


class NeededReasonForm(ActionForm):
    """An act that must say why."""

    reason = forms.CharField(label=_("Reason"), max_length=250)


class ConfirmForm(ActionForm):
    """An act that asks for nothing but yes."""

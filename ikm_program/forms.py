"""Forms that carry an action: its idempotency key, the version that was seen, rows, and choices within the person's reach."""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from ikm_program import formatting, opened
from ikm_program.scoping import restrict_choices

CHOOSE = _("Choose …")
_GROUPED = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+\Z")
_PLAIN = re.compile(r"-?[0-9]+\Z")
_IN_ROW = re.compile(r"(?P<rows>\w+)-(?P<place>[0-9]+)-(?P<field>\w+)\Z")
_DECIMAL = re.compile(r"-?[0-9.]*,[0-9]+\Z")


class FieldOwner(Protocol):
    """What every form here has; lets plain functions work on forms and row forms alike."""

    fields: dict[str, forms.Field]


MOST_PIECES = 10_000_000  # of one line; good and rejected together still fit their column
MOST_TOGETHER = 1_000_000_000  # of many lines: a target, a count of a store
MOST_PEOPLE = 100_000  # of one business or sentra
MOST_RUPIAH = 999_999_999_999_999


class QuantityField(forms.IntegerField):
    """A whole number as an Indonesian office types it: `1.500` is fifteen hundred. Decimals are refused, not rounded."""

    widget = forms.TextInput
    most: ClassVar[int] = MOST_PIECES
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write a whole number, for example 1500 or 1.500."),
        "decimal": _("Whole numbers only: decimals are not accepted here."),
        "grouping": _("A dot separates thousands: write 1.500 or 1500."),
        "min_value": _("The smallest allowed number is %(limit_value)s."),
        "max_value": _("The largest allowed number is %(limit_value)s."),
    }

    def __init__(self, *, min_value: int | None = 0, max_value: int | None = None, **kwargs: Any) -> None:
        """`min_value` None: signed. What a column could hold at most, as its model hands it on, is no limit that anybody means."""
        is_meant = max_value is not None and max_value <= MOST_RUPIAH
        least = -self.most if min_value is None else 0 if min_value < -MOST_RUPIAH else min_value
        self.is_signed = least < 0
        super().__init__(min_value=least, max_value=max_value if is_meant else self.most, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = {"autocomplete": "off", "class": "is-number"}
        if not self.is_signed:  # the numeric keypad of a phone has no minus sign
            attrs["inputmode"] = "numeric"
        return attrs

    def prepare_value(self, value: Any) -> Any:
        return formatting.jumlah(value) if isinstance(value, int) else value

    def run_validators(self, value: Any) -> None:
        try:
            super().run_validators(value)
        except ValidationError as error:
            for fault in error.error_list:
                if isinstance(limit := (fault.params or {}).get("limit_value"), int):
                    fault.params = {**(fault.params or {}), "limit_value": formatting.jumlah(limit)}
            raise

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        text = re.sub(r"\s", "", str(value)).replace("\N{MINUS SIGN}", "-")
        if _PLAIN.match(text) or _GROUPED.match(text):
            digits = text.replace(".", "")
            if len(digits) > 18:  # longer than any number that is meant; converting thousands of digits takes time
                return -MOST_RUPIAH - 1 if digits.startswith("-") else MOST_RUPIAH + 1  # beyond every limit
            return int(digits)
        code = "decimal" if _DECIMAL.match(text) else "grouping" if re.fullmatch(r"-?[0-9.]+", text) else "invalid"
        raise ValidationError(self.error_messages[code], code=code)


class TotalField(QuantityField):
    """Many lines together."""

    most = MOST_TOGETHER


class PeopleField(QuantityField):
    most = MOST_PEOPLE


class LargeNumberField(QuantityField):
    """A year's production in whatever unit the maker counts in."""

    most = MOST_RUPIAH


class RupiahField(LargeNumberField):
    """Whole rupiah; `Rp` in front and `,00` behind are allowed, because that is how amounts are copied."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = re.sub(r"\A\s*Rp\.?", "", value, flags=re.IGNORECASE).strip().removesuffix(",00").removesuffix(",-")
        return super().to_python(value)


class DateInput(forms.DateInput):
    """The browser's own date picker: what is sent is always ISO, so no language can swap day and month."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A day, in ISO form only."""

    widget = DateInput
    input_formats = ("%Y-%m-%d",)
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": _("Choose a valid date.")}


class HasDressedFields:
    """Choices within the reach of `user`, and date pickers, for any form class mixed with it."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        restrict_choices(self, user)  # type: ignore[arg-type]
        dress(self)


class RowForm(HasDressedFields, forms.Form):
    """One row of a form with rows; see `ActionForm.rows`."""


class RowModelForm(HasDressedFields, forms.ModelForm):
    """One row whose fields come from a model; what its constraints say stands at the last field that each is about."""

    def _update_errors(self, errors: ValidationError) -> None:
        of_all = getattr(errors, "error_dict", {}).pop(NON_FIELD_ERRORS, [])
        super()._update_errors(errors)  # type: ignore[misc]  # Django's own, which knows no field of a constraint
        for error in of_all:
            self.add_error(self._place_of(error), error)

    def _place_of(self, error: ValidationError) -> str | None:
        """The last field that the constraint with this sentence is about."""
        found = (one for _model, constraints in self.instance.get_constraints() for one in constraints)
        told = next((one for one in found if str(one.get_violation_error_message()) == str(error.message)), None)
        condition = getattr(told, "condition", None)
        about = {*getattr(told, "fields", ()), *(condition.referenced_base_fields if condition else ())}
        return next((name for name in reversed(self.fields) if name in about), None)


class ActionMixin(HasDressedFields):
    """What ActionForm and ActionModelForm share."""

    # Rows below the form: name of the action's argument -> formset class (see `row_formset`).
    rows: ClassVar[Mapping[str, type[forms.BaseFormSet[Any]]]] = {}
    # Groups of fields under a heading: ((heading, (field, ...)), ...). Empty: one group.
    sections: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()
    intro_template: str = ""  # at the head of the form, inside it
    folded: tuple[Any, ...] = ()  # headings of sections that open on demand, or by themselves once something stands in them
    technical_fields = ("key", "version", opened.NAME)
    is_wide: ClassVar[bool] = False  # with a table of fields
    data: Any
    conflict: Any = None  # somebody else saved in between: who, and what differs (see `conflicts`)
    followed: tuple[Any, ...] = ()  # labels of fields that nobody touched here, and that show what is stored since

    def __init__(self, *args: Any, user: Any, subject: Any = None, **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(*args, user=user, **kwargs)
        # Made when the form is opened: a retry of the same form is the same record.
        self.fields["key"] = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
        if isinstance(subject, models.Model) and hasattr(subject, "version"):
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=subject.version, required=False)
            self.fields[opened.NAME] = forms.CharField(widget=forms.HiddenInput, initial=lambda: opened.marks(self), required=False)
        self.formsets = {name: self._formset(name, formset_class) for name, formset_class in self.rows.items()}

    def _formset(self, name: str, formset_class: type[forms.BaseFormSet[Any]]) -> forms.BaseFormSet[Any]:
        is_bound: bool = self.is_bound  # type: ignore[attr-defined]
        return formset_class(
            data=self.data if is_bound else None,
            files=self.files if is_bound else None,  # type: ignore[attr-defined]
            initial=None if is_bound else self.initial.get(name),  # type: ignore[attr-defined]
            prefix=name,
            form_kwargs={"user": self.user, **self.row_kwargs(name)},
        )

    def row_kwargs(self, name: str) -> dict[str, Any]:
        """Further arguments for the row forms of `name`, for rows whose choices depend on the subject."""
        return {}

    def is_valid(self) -> bool:
        own = super().is_valid()  # type: ignore[misc]
        rows = [formset.is_valid() for formset in self.formsets.values()]  # all of them: every error is shown at once
        return bool(own and all(rows))

    def action_kwargs(self) -> dict[str, Any]:
        """What the action is called with, beside its subject, `by` and `key`."""
        cleaned: dict[str, Any] = self.cleaned_data  # type: ignore[attr-defined]
        values = {name: value for name, value in cleaned.items() if name not in self.technical_fields}
        return values | {name: filled_rows(formset) for name, formset in self.formsets.items()}

    @property
    def seen_version(self) -> int | None:
        return self.cleaned_data.get("version")  # type: ignore[attr-defined]

    def stored_names(self) -> list[str]:
        """The fields that open with what is stored, as against what belongs to this save alone, such as its reason."""
        own = self.initial.keys() | (self.fields.keys() - type(self).base_fields.keys())  # type: ignore[attr-defined]
        return [name for name in self.fields if name in own and name not in self.technical_fields]

    def take_up(self, fresh: ActionMixin) -> None:
        """Whoever sends this form again has seen `fresh`, the same form opened now. What was typed stays, what was not follows."""
        self.data = self.data.copy()
        self.data["version"] = str(fresh.subject.version)
        followed = opened.follow(self, fresh)
        self.full_clean()  # type: ignore[attr-defined]
        self.followed = tuple(self[name].label for name in followed)  # type: ignore[index]

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The visible fields under their headings, for the template."""
        visible = {field.name: field for field in self.visible_fields()}  # type: ignore[attr-defined]
        groups = [(title, [visible.pop(name) for name in names if name in visible]) for title, names in self.sections]
        return [(title, fields) for title, fields in [*groups, ("", list(visible.values()))] if fields]

    def refuse(self, message: Any, field: str | None = None) -> None:
        """Put the sentence of a refused action where it belongs: at a field, a field of a row (`actions.in_row`), or all rows."""
        found = _IN_ROW.match(field or "")
        formset = self.formsets.get(found["rows"] if found else field or "")
        if formset is None:
            self.add_error(field if field in self.fields else None, ValidationError(message))  # type: ignore[attr-defined]
        elif found and (row := dict(enumerate(_filled(formset))).get(int(found["place"]))) is not None:
            row.add_error(found["field"] if found["field"] in row.fields else None, ValidationError(message))
        else:
            formset.non_form_errors().append(str(message))


class ActionForm(ActionMixin, forms.Form):
    """The form of one action: its visible fields are the action's arguments, by name."""


class ActionModelForm(ActionMixin, forms.ModelForm):
    """Same, with fields, labels and constraint sentences from a model. It never saves: the action does."""

    def __init__(self, *args: Any, subject: Any = None, **kwargs: Any) -> None:
        if isinstance(subject, self._meta.model):  # a copy: an edit is checked against the other rows, and the record stays as it was read
            kwargs.setdefault("instance", copy.copy(subject))
        super().__init__(*args, subject=subject, **kwargs)

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  Django's signature
        raise TypeError("The action writes, not the form.")


def row_formset(row_class: type[RowForm | RowModelForm], *, extra: int = 1, max_num: int = 100, min_num: int = 0) -> Any:
    """A formset of rows that can be added to and removed; empty rows are ignored."""
    return forms.formset_factory(
        row_class,
        extra=extra,
        can_delete=True,
        max_num=max_num,
        absolute_max=max_num + 1,
        validate_max=True,
        min_num=min_num,
        validate_min=min_num > 0,
    )


def values_of(record: Any, names: Iterable[str]) -> dict[str, Any]:
    """What an edit of `record` opens with: its own values, related rows as a list.

    What only an act sets (`editable=False`, such as the date of a receipt) is no value yet: the field keeps its own beginning.
    """
    acted = {field.name for field in record._meta.get_fields() if not getattr(field, "editable", True)}
    values = {name: getattr(record, name) for name in names if name not in acted and hasattr(record, name)}
    return {name: list(value.all()) if hasattr(value, "all") else value for name, value in values.items()}


def filled_rows(formset: forms.BaseFormSet[Any]) -> list[dict[str, Any]]:
    """The rows somebody filled in and did not mark for removal, as plain dicts."""
    return [{name: value for name, value in row.cleaned_data.items() if name != "DELETE"} for row in _filled(formset)]


def _filled(formset: forms.BaseFormSet[Any]) -> list[Any]:
    kept = [form for form in formset.forms if form.has_changed() or form.initial]
    return [form for form in kept if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def dress(form: FieldOwner) -> None:
    """Date pickers instead of free text, and a plain first choice instead of dashes."""
    for field in form.fields.values():
        if type(field.widget) is forms.DateInput:
            field.widget = DateInput({name: value for name, value in field.widget.attrs.items() if name != "type"})
            field.widget.is_required = field.required
        if isinstance(field, forms.DateField):
            field.input_formats = ("%Y-%m-%d",)
        if isinstance(field, forms.ModelChoiceField) and field.empty_label == "---------":
            field.empty_label = CHOOSE
        elif isinstance(field, forms.TypedChoiceField):
            offered: list[Any] = list(field.choices)  # type: ignore[arg-type]  # of a model's field they come from an iterator
            if offered[:1] == BLANK_CHOICE_DASH:
                field.choices = [("", CHOOSE), *offered[1:]]

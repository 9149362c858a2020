"""Forms of an import: the file, the columns, one row, and what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm
from ikm_program.sheets.actions import FIELD_WORKBOOK
from ikm_program.sheets.headers import Header
from ikm_program.sheets.kinds import kind_of, permitted_kinds
from ikm_program.sheets.models import SheetRow, column_name

LONGEST = 500
AS_SENT = (SheetRow.Outcome.FAULTY, SheetRow.Outcome.LEFT_OUT)  # whose cells are kept as they were sent


class UploadForm(ActionForm):
    kind = forms.ChoiceField(label=_("What is in the file"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx, .xls), LibreOffice (.ods) or .csv, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )
    is_again = forms.BooleanField(label=_("Upload it again, although it was uploaded before"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        permitted = {kind.name: kind.label for kind in permitted_kinds(self.user)}
        field.choices = [*permitted.items()]
        if permitted.keys() >= set(settings.FIELD_WORKBOOK_KINDS):
            field.choices = [*permitted.items(), (FIELD_WORKBOOK, _("Workbook of the field (kertas kerja)"))]
        if "is_again" not in self.data:
            self.fields["is_again"].widget = forms.HiddenInput()

    def refuse(self, message: Any, field: str | None = None) -> None:
        """Only whoever was told that the file is here already is asked whether it is meant."""
        if field == "is_again":
            self.fields["is_again"].widget = forms.CheckboxInput()
        super().refuse(message, field)


class MatchForm(ActionForm):
    """For every column of the sheet, which field it is. The sheet and its heading were chosen before the form was made."""

    is_wide = True
    is_filter = True  # no "optional" beside every column

    def __init__(
        self, *args: Any, sheet: str, header: Header | None, samples: Sequence[Sequence[str]], mapping: dict[str, int], **kwargs: Any
    ) -> None:
        self.sheet, self.header, self.samples = sheet, header, samples
        super().__init__(*args, **kwargs)
        self.kind = kind_of(self.subject.kind)
        by_column = {column: key for key, column in mapping.items()}
        choices = [("", _("not used")), *((field.key, _named(field)) for field in self.kind.fields)]
        for column in self.columns():
            name = header.names[column] if header else ""
            self.fields[_column_field(column)] = forms.ChoiceField(
                label=format_lazy(_("Column {letters}: {name}"), letters=column_name(column), name=name or "–"),
                choices=choices,
                required=False,
                initial=by_column.get(column, ""),
            )

    def columns(self) -> list[int]:
        """The columns that have a heading or say something below it."""
        if self.header is None:
            return []
        width = max([len(self.header.names), *(len(row) for row in self.samples)])
        return [column for column in range(width) if self._says_something(column)]

    def _says_something(self, column: int) -> bool:
        assert self.header is not None
        return bool(column < len(self.header.names) and self.header.names[column]) or any(self.sample(column))

    def sample(self, column: int) -> list[str]:
        return [row[column] for row in self.samples if column < len(row) and row[column]]

    def rows_of_columns(self) -> list[dict[str, Any]]:
        return [{"field": self[_column_field(column)], "samples": self.sample(column)} for column in self.columns()]

    def clean(self) -> dict[str, Any]:
        if self.header is None:
            raise ValidationError(_("Choose the row with the headings first."))
        return self.cleaned_data

    def action_kwargs(self) -> dict[str, Any]:
        assert self.header is not None
        chosen = {self.cleaned_data[_column_field(column)]: column for column in reversed(self.columns())}
        chosen.pop("", None)
        return {"sheet": self.sheet, "header_row": self.header.row, "mapping": chosen}


class RowForm(ActionForm):
    """The cells of one row, as they were sent. What is private is typed anew or left as it is."""

    def __init__(self, *args: Any, row: SheetRow, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)
        kind = kind_of(self.subject.kind)(self.subject.created_by)
        self.sentences: dict[str, str] = {}
        for key, sentence in row.faults:
            self.sentences[key] = f"{self.sentences[key]} {sentence}" if key in self.sentences else sentence
        for key, column in sorted(self.subject.mapping.items(), key=lambda pair: (pair[0] not in self.sentences, pair[1])):
            field = kind.field_of(key)
            if not field.is_hidden or key in self.sentences:  # a key at fault is cleared here
                value = row.cells.get(key, "")
                said = value if row.outcome in AS_SENT else kind.written(key, value)  # as it could be typed again
                self.fields[key] = _cell_field(field, said, column, self.sentences.get(key, ""))
                if field.is_private and said and not field.is_required:
                    self.fields[_emptied(key)] = forms.BooleanField(
                        label=format_lazy(_("Leave “{label}” empty"), label=field.label), required=False
                    )

    def action_kwargs(self) -> dict[str, Any]:
        typed = {key: self.cleaned_data[key] for key in self.subject.mapping if key in self.fields and key in self.changed_data}
        emptied = {key: "" for key in self.subject.mapping if self.cleaned_data.get(_emptied(key)) and not typed.get(key)}
        return {"number": self.row.number, "cells": typed | emptied}


def _cell_field(field: Any, value: Any, column: int, sentence: str) -> forms.Field:
    """Always free text: the sheet's own readers judge it, whatever the page thinks of it."""
    made = forms.CharField(
        label=format_lazy("{label} ({letters})", label=field.label, letters=column_name(column)),
        required=field.is_required and not field.is_private,
        max_length=LONGEST,
    )
    made.required = field.is_required and not field.is_private
    made.help_text = sentence
    if field.is_private:
        made.widget.attrs["data-private"] = True
        made.help_text = (
            format_lazy("{sentence} {note}", sentence=sentence, note=_("Left empty, what was sent stays.")) if value else sentence
        )
    else:
        made.initial = value
    return made


def _emptied(key: str) -> str:
    return f"{key}-kosong"


def _named(field: Any) -> Any:
    return format_lazy("{label} *", label=field.label) if field.is_required else field.label


def _column_field(column: int) -> str:
    return f"column_{column}"


class ConfirmForm(ActionForm):
    """An act that asks for nothing but yes."""


class UndoForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), max_length=250)


class SettleForm(ActionForm):
    """What is to be done with one row, or with all of one outcome."""

    outcome = forms.ChoiceField(choices=[("baru", ""), ("sama", ""), ("dilewati", ""), ("periksa", "")])


class SettleAllForm(SettleForm):
    which = forms.ChoiceField(choices=[(SheetRow.Outcome.FAULTY, ""), (SheetRow.Outcome.SIMILAR, "")])

"""Marks of attendance: a grid of people and days, or one day with large toggles. What is sent is what was changed on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import opened
from ikm_program.forms import ActionForm
from trainings.models import Attendance, Enrolment, Session

Mark = Attendance.Mark
NOT_SAID = ("", _("not yet"))
EVERYBODY = "semua"
Given = dict[int, dict[int, str]]  # session -> enrolment -> mark


@dataclass
class Cell:
    """One person on one day: a field, or what is closed or has not come yet."""

    session: Session
    mark: str = ""
    bound: forms.BoundField | None = None

    @property
    def label(self) -> Any:
        return Mark(self.mark).label if self.mark else ""


@dataclass
class Row:
    """A person with the marks of the days, and how many of them he or she was there."""

    enrolment: Enrolment
    cells: list[Cell] = field(default_factory=list)

    @property
    def present(self) -> int:
        return sum(cell.mark == Mark.PRESENT for cell in self.cells)


def seen_text(marks: dict[int, str]) -> str:
    return ",".join(f"{pk}:{mark}" for pk, mark in sorted(marks.items()))


def read_seen(text: str) -> dict[int, str]:
    parts = [part.partition(":") for part in text.split(",") if part]
    return {int(pk): mark for pk, _colon, mark in parts if pk.isdecimal() and len(pk) < 19}


class _MarksForm(ActionForm):
    """Fields `m-<session>-<enrolment>`, with `seen-<session>` and `v-<session>`: what stood there when the page was opened."""

    widget: Any = forms.Select

    def __init__(
        self, *args: Any, enrolments: Sequence[Enrolment] = (), sessions: Sequence[Session] = (), given: Given | None = None, **kwargs: Any
    ) -> None:
        self.enrolments, self.sessions, self.given = enrolments, sessions, given or {}
        self.filled = str(kwargs.pop("filled", "") or "")
        super().__init__(*args, **kwargs)
        self.fields.pop(opened.NAME, None)  # each day says itself what was seen of it
        self.open_sessions = [session for session in sessions if self.is_open(session)]
        for session in self.open_sessions:
            self._add_day(session)

    def is_open(self, session: Session) -> bool:
        return not session.is_closed and session.held_on <= timezone.localdate()

    def may_have(self, enrolment: Enrolment, marks: dict[int, str]) -> bool:
        """Who has a place, and who had one on that day."""
        return enrolment.status == Enrolment.Status.ACTIVE or enrolment.pk in marks

    def _add_day(self, session: Session) -> None:
        marks = self.given.get(session.pk, {})
        self.fields[f"seen-{session.pk}"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=seen_text(marks))
        self.fields[f"v-{session.pk}"] = forms.IntegerField(widget=forms.HiddenInput, initial=session.version)
        is_filled = self.filled in (EVERYBODY, str(session.pk))
        for enrolment in self.enrolments:
            if self.may_have(enrolment, marks):
                self.fields[f"m-{session.pk}-{enrolment.pk}"] = forms.ChoiceField(
                    label=f"{enrolment.participant.name}, {session.held_on:%d/%m}",
                    choices=self.choices(),
                    required=False,
                    widget=self.widget,
                    initial=marks.get(enrolment.pk) or (Mark.PRESENT if is_filled else ""),
                )

    def choices(self) -> list[tuple[str, Any]]:
        return [("", ""), *Mark.choices]

    def changed(self, session: Session) -> dict[int, str]:
        """What was set or emptied since the page was opened."""
        seen = read_seen(self.cleaned_data.get(f"seen-{session.pk}") or "")
        sent = {row.pk: self.cleaned_data[name] for row in self.enrolments if (name := f"m-{session.pk}-{row.pk}") in self.fields}
        return {pk: mark for pk, mark in sent.items() if mark != seen.get(pk, "")}

    def take_up(self, fresh: Any) -> None:
        """Marks that nobody touched on this page follow what is stored now: two people who record different people disturb nobody."""
        data: Any = self.data.copy()
        for session in fresh.open_sessions:
            stored, seen = fresh.given.get(session.pk, {}), read_seen(data.get(f"seen-{session.pk}", ""))
            for row in self.enrolments:
                name = f"m-{session.pk}-{row.pk}"
                if name in self.fields and data.get(name, "") == seen.get(row.pk, ""):
                    data[name] = stored.get(row.pk, "")
            data[f"seen-{session.pk}"], data[f"v-{session.pk}"] = seen_text(stored), str(session.version)
        self.data = data
        self.full_clean()

    def people(self) -> Iterator[Row]:
        for enrolment in self.enrolments:
            yield Row(enrolment, [self._cell(enrolment, session) for session in self.sessions])

    def _cell(self, enrolment: Enrolment, session: Session) -> Cell:
        name = f"m-{session.pk}-{enrolment.pk}"
        mark = self.given.get(session.pk, {}).get(enrolment.pk, "")
        return Cell(session, mark, self[name] if name in self.fields else None)

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The marks stand in a table of their own."""
        return [("", [self[name] for name in self.fields if not name.startswith(("m-", "v-", "seen-")) and not self[name].is_hidden])]


class GridForm(_MarksForm):
    """People and days of a batch."""

    is_wide = True

    def action_kwargs(self) -> dict[str, Any]:
        marks = {session.pk: changed for session in self.open_sessions if (changed := self.changed(session))}
        return {"marks": marks, "versions": {pk: self.cleaned_data[f"v-{pk}"] for pk in marks}}


class DayForm(_MarksForm):
    """One day with a toggle for each person and mark."""

    widget = forms.RadioSelect

    def choices(self) -> list[tuple[str, Any]]:
        return [*Mark.choices, NOT_SAID]

    @property
    def session(self) -> Session:
        session: Session = self.subject
        return session

    @property
    def seen_version(self) -> int | None:
        return self.cleaned_data.get(f"v-{self.session.pk}", 0)

    def action_kwargs(self) -> dict[str, Any]:
        return {"marks": self.changed(self.session) if self.open_sessions else {}}


class CorrectionForm(DayForm):
    """The same for a closed day; a mark can be changed, not taken away."""

    reason = forms.CharField(label=_("Why the attendance is corrected"), max_length=250)

    def is_open(self, session: Session) -> bool:
        return session.is_closed

    def choices(self) -> list[tuple[str, Any]]:
        return list(Mark.choices)

    def action_kwargs(self) -> dict[str, Any]:
        marks = {pk: mark for pk, mark in self.changed(self.session).items() if mark}
        return {"marks": marks, "reason": self.cleaned_data["reason"]}

"""An edit that opens with what somebody typed into the form for a new record, once it turned out to be on file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from ikm_program import conflicts, opened
from ikm_program.forms import ActionMixin
from ikm_program.screens import Text
from ikm_program.views import FormScreen
from trainings.forms.duplicates import TAKES_UP


class TakesUpTyped(FormScreen):
    """Nothing is saved by the first POST: the form shows what is stored, filled up and overtyped, and says where the two differ.

    The name stays as it is on record: whoever typed a similar one has more likely erred than renamed it.
    """

    taken_together: ClassVar[Mapping[str, str]] = {}  # a field that means nothing without its companion, whoever filled that in

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if TAKES_UP not in request.POST:
            return super().post(request, *args, **kwargs)
        return self.render_to_response(self.get_context_data(form=self._with_typed()))

    def _with_typed(self) -> ActionMixin:
        typed: Any = self.form_class(self.request.POST, user=self.request.user, subject=self._model())
        typed.is_valid()  # what does not fit is typed wrong here too, and told when it is saved
        initial = self.get_initial()
        rows = {name: _new_rows(formset, initial.get(name, [])) for name, formset in typed.formsets.items()}
        initial |= {name: [*initial.get(name, []), *new] for name, new in rows.items()}
        form: Any = self.form_class(user=self.request.user, subject=self.subject, initial=initial)
        names = [name for name in typed.changed_data if name in form.fields and name not in form.technical_fields]
        names += [self.taken_together[name] for name in names if self.taken_together.get(name, name) not in names]
        form.fields[opened.NAME].initial = opened.marks(form, without=names)  # what was typed is touched
        told: dict[str, list[Text]] = {"filled": [], "differing": [], "kept": [], "same": [], "private": []}
        for name in names:
            told[self._take_up(form, typed, name)].append(form[name].label)
        told["filled"] += [typed.formsets[name].heading for name, new in rows.items() if new]
        form.taken_up = told
        form.intro_template = "trainings/_taken_up.html"
        return form

    def _take_up(self, form: Any, typed: Any, name: str) -> str:
        """What became of a typed field: private ones are never written into a page."""
        if opened.is_private(form.fields[name]):
            return "private"
        if not conflicts.differs(typed, form, name):
            return "same"
        stored = conflicts.in_words(form[name])
        if name == "name" and stored:
            return "kept"
        form.initial[name] = form[name].initial = typed[name].data  # a bound field remembers what it was first asked for
        if not stored:
            return "filled"
        conflicts.tell_stored(form[name], stored)
        return "differing"


def _new_rows(formset: Any, stored: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The typed rows, as they were typed, but for those that say no more than a stored one."""
    typed = [{name: row[name].data for name in row.fields if row[name].data} for row in formset if row.has_changed()]
    return [row for row in typed if not any(all(str(kept.get(name)) == str(said) for name, said in row.items()) for kept in stored)]

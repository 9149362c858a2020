"""Four bases for every screen: list, detail, form, report. A screen is a declaration; the questions *may you* and *where* are asked here.

May you: `permission` (403). Where: the model's own `for_user` / `owned_by` (404, the same as a missing record).
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal, cast

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, conflicts
from ikm_program.actions import Refusal, StaleVersion
from ikm_program.base_screen import ObjectScreen, Screen, place_again
from ikm_program.forms import ActionMixin, values_of
from ikm_program.lists import PAGE_SIZE, ListScreen
from ikm_program.report_screens import FILES, RecordsScreen, ReportScreen
from ikm_program.screens import Fact, NextStep, Step, Text, way_to
from ikm_program.sending import arrived

__all__ = ["FILES", "PAGE_SIZE", "DetailScreen", "FormScreen", "ListScreen", "ObjectScreen", "RecordsScreen", "ReportScreen", "Screen"]


class DetailScreen(ObjectScreen):
    """One record: status with its next steps, the facts, related records, history."""

    kind = "detail"
    facts: ClassVar[Sequence[Fact]] = ()
    steps: ClassVar[Sequence[NextStep]] = ()
    has_history: ClassVar[bool] = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_title(self) -> Text:
        return self.title or str(self.object)

    def shown_facts(self) -> list[Fact]:
        """That a record is no example goes without saying."""
        return [fact for fact in self.facts if fact.path != "is_example" or self.object.is_example]

    def get_steps(self) -> list[Step]:
        return [found for step in self.steps if (found := step.link_for(self.object, self.request.user))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = self.get_steps()
        events = audit.history(self.object, self.request.user)[:50] if self.has_history else None
        return super().get_context_data(
            object=self.object, facts=self.shown_facts(), usual_step=steps[:1], other_steps=steps[1:], events=events, **kwargs
        )


class FormScreen(ObjectScreen):
    """A form and its action: create (no pk in the URL), edit, or act on a record.

    GET opens the form with a fresh key. POST calls `action(subject, by=..., key=..., **form.action_kwargs())` and redirects; an
    invalid form or a Refusal answers 422 with everything typed kept; after a stale version (409) an edit shows what is stored now and
    may be sent again, an act leads back to its record. `Accept: application/json` gets the key back (201), which is what lets a browser
    on a poor line know that its form has arrived.
    """

    kind = "form"
    form_class: ClassVar[type[Any]]
    action: ClassVar[Any] = None
    subject_is: ClassVar[Literal["owned", "visible"]] = "owned"
    submit_label: ClassVar[Text] = _("Save")
    success_message: Text = _("Data saved.")
    confirmation: Text = ""  # for acts: what will happen, in one sentence
    is_danger: ClassVar[bool] = False
    is_resilient: ClassVar[bool] = True  # sent in the background and again until it has arrived
    is_edit: ClassVar[bool | None] = None  # None: its form has fields of the record, other than a reason
    autosaves: ClassVar[bool] = True  # keeps what is typed in this tab until it has arrived, except fields marked data-private

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        action = cls.__dict__.get("action")
        if inspect.isfunction(action):
            cls.action = staticmethod(action)  # a plain function on a class would become a method

    def get_permission(self) -> str:
        return self.permission or getattr(self.get_action(), "permission", "")

    def get_action(self) -> Any:
        return self.action

    def get_queryset(self) -> Any:
        if self.subject_is == "visible":
            return super().get_queryset()
        return self._reach(self._model()._default_manager.owned_by(self.request.user))  # type: ignore[attr-defined]

    @property
    def has_object(self) -> bool:
        return self.lookup in self.kwargs

    @cached_property
    def subject(self) -> Any:
        """What the action is called on: the record of the URL, or the model for a creation."""
        return self.object if self.has_object else self._model()

    def get_title(self) -> Text:
        return self.title or (str(self.object) if self.has_object else "")

    def get_initial(self) -> dict[str, Any]:
        """What the form opens with; an edit starts from the record's own values."""
        if not self.has_object:
            return {name: value for name, value in self.request.GET.items() if name in self.form_class.base_fields}
        return values_of(self.object, self.form_class.base_fields)

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        sent = {"data": self.request.POST, "files": self.request.FILES} if is_bound else {}
        return cast("ActionMixin", self.form_class(user=self.request.user, subject=self.subject, initial=self.get_initial(), **sent))

    def get_action_kwargs(self, form: ActionMixin) -> dict[str, Any]:
        """The action's arguments; `version` goes along when the action asks for it."""
        arguments = form.action_kwargs()
        if "version" in inspect.signature(self.get_action()).parameters:
            arguments["version"] = form.seen_version
        return arguments

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.get_form(is_bound=False)))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return arrived(request, super().dispatch(request, *args, **kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form(is_bound=True)
        if not form.is_valid():
            return self.refused(form)
        try:
            result = self.perform(form)
        except StaleVersion:
            return self.conflicted(form)
        except Refusal as refusal:
            form.refuse(refusal.message, refusal.field)
            return self.refused(form)
        return self.done(form, result)

    def conflicted(self, form: ActionMixin) -> HttpResponse:
        """Somebody was first. An edit goes on from what is stored now; an act that was meant for another state is not offered again."""
        for name in [name for name in vars(self) if isinstance(getattr(type(self), name, None), cached_property)]:
            del vars(self)[name]  # what was read before the other one saved; out of reach meanwhile: 404
        if not self.edits():
            return self.overtaken(form)
        form.conflict = conflicts.conflict_of(form, self.get_form(is_bound=False), record=self.object, user=self.request.user)
        return self.refused(form, status=409)

    def overtaken(self, form: ActionMixin) -> HttpResponse:
        way = way_to(self.object, self.request.user) if self.has_object else ""
        context = super().get_context_data(
            form=form, way=way or self.get_cancel_url(), is_record=bool(way), typed=conflicts.typed_words(form)
        )
        return self.response_class(self.request, ["_screens/overtaken.html"], context, status=409, using=self.template_engine)

    @classmethod
    def edits(cls) -> bool:
        """Whether the form shows what is stored, so that saving once more is a decision and not a repetition."""
        if cls.is_edit is not None:
            return cls.is_edit
        own = {field.name for field in cls.model._meta.get_fields() if getattr(field, "editable", True)} if cls.model else set()
        return bool(own & set(cls.form_class.base_fields) - {"reason"})

    def perform(self, form: ActionMixin) -> Any:
        key = form.cleaned_data["key"]  # type: ignore[attr-defined]
        return self.get_action()(self.subject, by=self.request.user, key=key, **self.get_action_kwargs(form))

    def refused(self, form: ActionMixin, *, status: int = 422) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def done(self, form: ActionMixin, result: Any) -> HttpResponse:
        url = self.get_success_url(result)
        if message := self.get_success_message(result):
            messages.success(self.request, str(message))
        return HttpResponseRedirect(url)

    def get_success_message(self, result: Any) -> Text:
        return self.success_message

    def get_success_url(self, result: Any) -> str:
        """The page of what was made, or of what was acted on."""
        for record in (result, self.subject):
            if isinstance(record, models.Model) and hasattr(record, "get_absolute_url"):
                return str(record.get_absolute_url())
        raise ImproperlyConfigured(f"{type(self).__name__} needs get_success_url()")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            object=self.object if self.has_object else None,
            submit_label=self.submit_label,
            confirmation=self.get_confirmation(),
            is_danger=self.is_danger,
            is_resilient=self.is_resilient,
            autosaves=self.autosaves,
            cancel_url=self.get_cancel_url(),
            **kwargs,
        )

    def get_confirmation(self) -> Text:
        return self.confirmation

    def get_cancel_url(self) -> str:
        if self.has_object and hasattr(self.object, "get_absolute_url"):
            return str(self.object.get_absolute_url())
        return place_again(self.request, self.place)

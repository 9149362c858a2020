"""Four bases for every screen: list, detail, form, report. A screen is a declaration; the questions *may you* and *where* are asked here.

May you: `permission` (403). Where: the model's own `for_user` / `owned_by` (404, the same as a missing record).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal, cast

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, pdf, reporting, xlsx
from ikm_program.actions import Refusal, StaleVersion
from ikm_program.base_screen import ObjectScreen, Screen, place_again
from ikm_program.forms import ActionMixin, values_of
from ikm_program.lists import PAGE_SIZE, ListScreen
from ikm_program.screens import Fact, Link, NextStep, Step, Text

__all__ = ["FILES", "PAGE_SIZE", "DetailScreen", "FormScreen", "ListScreen", "ObjectScreen", "ReportScreen", "Screen"]

MOST_PRINTED = 1_000  # rows of a report on paper
FILES = {  # format -> what people call it, content type
    "pdf": ("PDF", "application/pdf"),
    "xlsx": ("Excel", xlsx.XLSX_CONTENT_TYPE),
    "csv": ("CSV", xlsx.CSV_CONTENT_TYPE),
    "json": ("JSON", "application/json"),
}


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

    def get_steps(self) -> list[Step]:
        return [found for step in self.steps if (found := step.link_for(self.object, self.request.user))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = self.get_steps()
        events = audit.history(self.object, self.request.user)[:50] if self.has_history else None
        return super().get_context_data(
            object=self.object, facts=self.facts, usual_step=steps[:1], other_steps=steps[1:], events=events, **kwargs
        )


class FormScreen(ObjectScreen):
    """A form and its action: create (no pk in the URL), edit, or act on a record.

    GET opens the form with a fresh key. POST calls `action(subject, by=..., key=..., **form.action_kwargs())` and redirects; an
    invalid form or a Refusal answers 422 (a stale version 409) with everything typed kept. `Accept: application/json` gets the key
    back (201), which is what lets a browser on a poor line know that its form has arrived.
    """

    kind = "form"
    form_class: ClassVar[type[Any]]
    action: ClassVar[Any] = None
    subject_is: ClassVar[Literal["owned", "visible"]] = "owned"
    submit_label: ClassVar[Text] = _("Save")
    success_message: Text = _("Data saved.")
    confirmation: Text = ""  # for acts: what will happen, in one sentence
    is_danger: ClassVar[bool] = False
    is_resilient: ClassVar[bool] = False  # sent in the background and again until it has arrived
    autosaves: ClassVar[bool] = False  # keeps what is typed in this tab, except fields marked data-private

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

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form(is_bound=True)
        if not form.is_valid():
            return self.refused(form)
        try:
            result = self.perform(form)
        except Refusal as refusal:
            form.refuse(refusal.message, refusal.field)
            return self.refused(form, status=409 if isinstance(refusal, StaleVersion) else 422)
        return self.done(form, result)

    def perform(self, form: ActionMixin) -> Any:
        key = form.cleaned_data["key"]  # type: ignore[attr-defined]
        return self.get_action()(self.subject, by=self.request.user, key=key, **self.get_action_kwargs(form))

    def refused(self, form: ActionMixin, *, status: int = 422) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def done(self, form: ActionMixin, result: Any) -> HttpResponse:
        url = self.get_success_url(result)
        if message := self.get_success_message(result):
            messages.success(self.request, str(message))
        if self.request.headers.get("Accept", "").startswith("application/json"):
            key = form.cleaned_data["key"]  # type: ignore[attr-defined]
            return JsonResponse({"key": str(key), "url": url}, status=201)
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


class ReportScreen(Screen):
    """A report as page, JSON, CSV, XLSX or PDF, all from the same `Report`; picked by the URL's suffix or `?format=`."""

    kind = "report"
    form_class: ClassVar[type[Any] | None] = None  # a GET form of parameters, built with `user=`
    paper: ClassVar[pdf.Paper] = "A4"
    file_name: ClassVar[str] = "laporan"
    formats: ClassVar[Sequence[str]] = ("html", "pdf", "xlsx", "csv", "json")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wanted = str(self.kwargs.get("format") or request.GET.get("format") or "html")
        if wanted not in self.formats:
            raise Http404
        form = self.parameter_form()
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, report=None), status=422)
        report = self.get_report(**(form.cleaned_data if form is not None else {}))
        if wanted == "html":
            return self.render_to_response(self.get_context_data(form=form, report=report))
        if wanted == "pdf" and self.is_too_long(report):
            return self.render_to_response(self.get_context_data(form=form, report=None, too_long=len(report.rows)), status=422)
        audit.record("download", None, by=request.user, after={"report": str(report.title), "format": wanted, "query": request.GET.dict()})
        return self.as_file(report, wanted)

    def parameter_form(self) -> Any:
        if self.form_class is None:
            return None
        return self.form_class(self.request.GET, user=self.request.user)

    def get_report(self, **parameters: Any) -> reporting.Report:
        """Call the pure function of the app's `reports` module."""
        raise NotImplementedError

    def as_file(self, report: reporting.Report, wanted: str) -> HttpResponseBase:
        makers: Mapping[str, Callable[[], Any]] = {
            "json": lambda: reporting.to_json(report),
            "csv": lambda: reporting.to_csv(report),
            "xlsx": lambda: reporting.to_xlsx(report),
            "pdf": lambda: reporting.to_pdf(report, paper=self.paper),
        }
        body = makers[wanted]()
        answer = HttpResponse if isinstance(body, bytes) else StreamingHttpResponse
        disposition = "inline" if wanted in ("json", "pdf") else "attachment"
        headers = {"Content-Disposition": f'{disposition}; filename="{self.get_file_name(report)}.{wanted}"'}
        return answer(body, content_type=FILES[wanted][1], headers=headers)

    def get_file_name(self, report: reporting.Report) -> str:
        return f"{self.file_name}-{report.as_of:%Y-%m-%d}" if report.as_of else self.file_name

    def is_too_long(self, report: reporting.Report | None) -> bool:
        """Nobody reads a thousand printed rows, and laying them out takes a worker's memory: such a list is a workbook."""
        return report is not None and len(report.rows) > MOST_PRINTED

    def downloads(self, *, without_pdf: bool = False) -> list[Link]:
        return [self._download(name, FILES[name][0]) for name in FILES if name in self.formats and not (without_pdf and name == "pdf")]

    def _download(self, name: str, label: str) -> Link:
        query = self.request.GET.copy()
        query["format"] = name
        return Link(label, url=f"{self.request.path}?{query.urlencode()}", icon="download", is_download=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        too_long = kwargs.pop("too_long", 0)
        without_pdf = bool(too_long) or self.is_too_long(kwargs.get("report"))
        return super().get_context_data(downloads=self.downloads(without_pdf=without_pdf), too_long=too_long, **kwargs)

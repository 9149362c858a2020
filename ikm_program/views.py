"""Four bases for every screen: list, detail, form, report. A screen is a declaration; the questions *may you* and *where* are asked here.

May you: `permission` (403). Where: the model's own `for_user` / `owned_by` (404, the same as a missing record).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from ikm_program import audit, navigation, pdf, reporting, xlsx
from ikm_program.actions import Refusal, StaleVersion
from ikm_program.filters import FilterSet, matching
from ikm_program.forms import ActionMixin, values_of
from ikm_program.screens import Column, Empty, Fact, Header, Link, NextStep, Step, Text, permitted

PAGE_SIZE = 25
FILES = {  # format -> what people call it, content type
    "pdf": ("PDF", "application/pdf"),
    "xlsx": ("Excel", xlsx.XLSX_CONTENT_TYPE),
    "csv": ("CSV", xlsx.CSV_CONTENT_TYPE),
    "json": ("JSON", "application/json"),
}


class Screen(TemplateResponseMixin, ContextMixin, View):
    """What all four share: the permission, the title, the place in the navigation, the links beside the title."""

    permission: ClassVar[str] = ""
    title: Text = ""
    lead: Text = ""  # one sentence under the title
    place: ClassVar[str] = ""  # url name of the navigation entry this screen belongs to
    links: ClassVar[Sequence[Link]] = ()  # beside the title
    kind: ClassVar[str] = ""  # template family: list, detail, form, report

    model: ClassVar[type[models.Model] | None] = None
    related: ClassVar[Sequence[str]] = ()  # select_related
    prefetched: ClassVar[Sequence[Any]] = ()  # prefetch_related

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        permission = self.get_permission()
        if not permission:
            raise ImproperlyConfigured(f"{type(self).__name__} must name its permission")
        if not request.user.has_perm(permission):
            raise PermissionDenied(permission)
        return super().dispatch(request, *args, **kwargs)

    def get_permission(self) -> str:
        return self.permission

    def get_title(self) -> Text:
        return self.title

    def get_queryset(self) -> Any:
        """The rows this person may see. Override to add verbs: `super().get_queryset().with_totals()`."""
        return self._reach(self._model()._default_manager.for_user(self.request.user))  # type: ignore[attr-defined]

    def _reach(self, queryset: Any) -> Any:
        queryset = queryset.select_related(*self.related) if self.related else queryset
        return queryset.prefetch_related(*self.prefetched) if self.prefetched else queryset

    def _model(self) -> type[models.Model]:
        if self.model is None:
            raise ImproperlyConfigured(f"{type(self).__name__} must name its model")
        return self.model

    def parents(self) -> Sequence[tuple[Text, str]]:
        """Further breadcrumbs (label, url) between the navigation entry and this page."""
        return ()

    def get_template_names(self) -> list[str]:
        """The app's own template when there is one, else the plain screen of this kind."""
        if self.template_name:
            return [self.template_name]
        own = [f"{m._meta.app_label}/{m._meta.model_name}_{self.kind}.html"] if (m := self.model) else []
        return [*own, f"_screens/{self.kind}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [*navigation.breadcrumb(self.place, self.request.path), *self.parents()]
        frame = {"title": self.get_title(), "lead": self.lead, "place": self.place, "breadcrumb": crumbs}
        return super().get_context_data(**frame, links=permitted(self.links, self.request.user), **kwargs)


class ObjectScreen(Screen):
    """A screen about one record, found within the person's reach by `pk` (or `lookup`) in the URL."""

    lookup: ClassVar[str] = "pk"

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(self.get_queryset(), **{self.lookup: self.kwargs[self.lookup]})


class ListScreen(Screen):
    """Rows with search (`q`), filters, sorting (`urut`) and pages (`hal`), all kept in the URL."""

    kind = "list"
    columns: ClassVar[Sequence[Column]] = ()
    search_fields: ClassVar[tuple[str, ...]] = ()
    search_label: ClassVar[Text] = _("Search")
    filterset_class: ClassVar[type[FilterSet] | None] = None
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    per_page: ClassVar[int] = PAGE_SIZE
    exports: ClassVar[Sequence[Link]] = ()
    empty: ClassVar[Empty] = Empty()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data()
        if getattr(request, "htmx", None) and request.htmx.target == "list":  # type: ignore[attr-defined]
            self.template_name = "_fragments/list.html"
        response = self.render_to_response(context)
        response.headers["Vary"] = "HX-Request, HX-Target, Cookie"  # the same URL answers with a page or with its list only
        return response

    @cached_property
    def filterset(self) -> FilterSet | None:
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET or None, queryset=self.get_queryset(), request=self.request)

    def get_rows(self) -> Any:
        rows = self.get_queryset() if self.filterset is None else self.filterset.qs
        text = self.request.GET.get("q", "").strip()
        if text and self.search_fields:
            rows = matching(rows, self.search_fields, text)
        return rows.order_by(*self._order(), "pk")  # pk last: pages never overlap

    def _order(self) -> tuple[str, ...]:
        asked = self.request.GET.get("urut", "")
        sortable = {column.sort for column in self.columns if column.sort}
        return (asked,) if asked.removeprefix("-") in sortable else self.ordering

    def headers(self) -> list[Header]:
        return [self._header(column, self._order()[0]) for column in self.columns]

    def _header(self, column: Column, current: str) -> Header:
        if not column.sort:
            return Header(column)
        direction: Literal["", "ascending", "descending"] = ""
        if current.removeprefix("-") == column.sort:
            direction = "descending" if current.startswith("-") else "ascending"
        return Header(column, self.url_with(urut=f"-{column.sort}" if direction == "ascending" else column.sort, hal=None), direction)

    def url_with(self, **changes: str | None) -> str:
        """This page's address with some parameters changed (None removes one)."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def page(self) -> Page[Any]:
        return Paginator(self.get_rows(), self.per_page).get_page(self.request.GET.get("hal"))

    def rows_template(self) -> list[str]:
        meta = self._model()._meta
        return [f"{meta.app_label}/_{meta.model_name}_rows.html", "_fragments/rows.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page()
        return super().get_context_data(
            page=page,
            object_list=page.object_list,
            columns=self.columns,
            headers=self.headers(),
            rows_template=self.rows_template(),
            filterset=self.filterset,
            has_search=bool(self.search_fields),
            search_label=self.search_label,
            search_text=self.request.GET.get("q", ""),
            query=urlsplit(self.url_with(hal=None)).query,
            is_narrowed=any(value for name, value in self.request.GET.items() if name not in ("urut", "hal")),
            empty=self.empty,
            empty_links=permitted([self.empty.link] if self.empty.link else [], self.request.user),
            exports=permitted(self.exports, self.request.user),
            **kwargs,
        )


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
        return navigation.url_of(self.place)


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

    def downloads(self) -> list[Link]:
        return [self._download(name, FILES[name][0]) for name in FILES if name in self.formats]

    def _download(self, name: str, label: str) -> Link:
        query = self.request.GET.copy()
        query["format"] = name
        return Link(label, url=f"{self.request.path}?{query.urlencode()}", icon="download", is_download=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(downloads=self.downloads(), **kwargs)

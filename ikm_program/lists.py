"""The list: rows with search, filters, sorting, chosen columns and pages, all kept in the address. `views` offers it with its siblings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from ikm_program import bulk, list_files, paging, saved_views, tallies
from ikm_program.base_screen import Screen, remember_place
from ikm_program.filters import FilterSet, matching
from ikm_program.finding import Found, SearchedQuerySet, digits_of
from ikm_program.screens import Column, Empty, Header, Link, Text, permitted
from ikm_program.sending import arrived

PAGE_SIZE = 25
NIK_DIGITS = 16
POSITION = ("urut", "hal", "kursor", "kolom", "format")  # what narrows nothing


class ListScreen(Screen):
    """Rows with search (`q`), filters, sorting (`urut`), columns (`kolom`) and pages (`hal`, or `kursor` in a big table).

    A list of a big table says `is_big`: its sortable columns are columns of the table, never empty and indexed, and it is walked.
    """

    kind = "list"
    columns: ClassVar[Sequence[Column]] = ()
    search_fields: ClassVar[tuple[str, ...]] = ()  # where the model is not `Searched`
    search_label: ClassVar[Text] = _("Search")
    filterset_class: ClassVar[type[FilterSet] | None] = None
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    per_page: ClassVar[int] = PAGE_SIZE
    is_big: ClassVar[bool] = False
    tallied_by: ClassVar[str] = ""  # the filter by a region, which leaves the tally usable; only where all visible rows are listed
    exports: ClassVar[Sequence[Link]] = ()  # downloads of its own
    is_exportable: ClassVar[bool] = True  # as it is, to Excel and CSV
    bulk_actions: ClassVar[Sequence[bulk.BulkAction]] = ()
    empty: ClassVar[Empty] = Empty()

    @property
    def wider(self) -> Link | None:
        """The way to more rows, where the list by itself shows only a part; offered beside the count and when nothing is found."""
        return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.is_exportable and request.GET.get("format"):
            return list_files.as_file(self, request.GET["format"])
        return self.shown_page(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What is asked for by `langkah`: a file with full numbers, a search for a NIK, an act on many rows."""
        return arrived(request, bulk.answer(self))

    def shown_page(self, request: HttpRequest) -> HttpResponse:
        context = self.get_context_data()
        if getattr(request, "htmx", None) and request.htmx.target == "list":  # type: ignore[attr-defined]
            self.template_name = "_fragments/list.html"
        response = self.render_to_response(context)
        response.headers["Vary"] = "HX-Request, HX-Target, Cookie"  # the same URL answers with a page or with its list only
        remember_place(response, self.place, urlsplit(self.url_with()).query)
        return response

    @cached_property
    def filterset(self) -> FilterSet | None:
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET or None, queryset=self.get_queryset(), request=self.request)

    # --- which rows, in which order

    @property
    def search_text(self) -> str:
        return self.request.GET.get("q", "").strip()

    @property
    def has_search(self) -> bool:
        return bool(self.search_fields) or self._is_searched

    @property
    def _is_searched(self) -> bool:
        return self.model is not None and issubclass(type(self.model._default_manager.all()), SearchedQuerySet)

    @cached_property
    def found(self) -> Found[Any] | None:
        """What the search found in a registry. No NIK: an address is kept in logs and histories (`NikSearch` asks by POST)."""
        return self._filtered().search(self.search_text) if self.search_text and self._is_searched else None

    def _filtered(self) -> Any:
        return self.get_queryset() if self.filterset is None else self.filterset.qs

    def get_rows(self) -> Any:
        if self.found is not None:
            rows = self.found.rows
        else:
            rows = self._filtered()
            if self.search_text and self.search_fields:
                rows = matching(rows, self.search_fields, self.search_text)
        return rows.order_by(*self._order(), "pk")  # pk last: pages never overlap

    def get_order(self) -> tuple[str, ...]:
        return self._order()

    def _asked_order(self) -> str:
        asked = self.request.GET.get("urut", "")
        sortable = {column.sort for column in self.columns if column.sort}
        return asked if asked.removeprefix("-") in sortable else ""

    def _order(self) -> tuple[str, ...]:
        asked = self._asked_order()
        if not asked:
            return self.ordering
        sign = "-" if asked.startswith("-") else ""
        further = next(column.sort_then for column in self.columns if column.sort == asked.removeprefix("-"))
        return (asked, *(f"{sign}{name}" for name in further))

    @cached_property
    def ranking(self) -> Sequence[int] | None:
        """The keys of what was found, the best first; None when another order was asked for, or everything goes by name."""
        return self.found.ranked if self.found is not None and not self._asked_order() else None

    # --- pages

    @cached_property
    def portion(self) -> paging.Portion:
        rows, size = self.get_rows(), self.per_page
        if self.ranking is not None:
            return paging.ranked(rows, self.ranking, asked=self.request.GET.get("hal", ""), size=size, url_with=self.url_with)
        if not self.is_big:
            return paging.numbered(rows, asked=self.request.GET.get("hal", ""), size=size, url_with=self.url_with)
        key, asked = paging.SortKey.of(self._order()), self.request.GET.get("kursor", "")
        return paging.walked(rows, key, asked=asked, size=size, url_with=self.url_with, total=lambda: self._total(rows))

    def _total(self, rows: Any) -> int | None:
        """From the tally where nothing but a district narrows the list, else counted as far as that is cheap."""
        path = self._tallied_path()
        return paging.count_of(rows) if path is None else tallies.total(self._model(), path)

    def _tallied_path(self) -> str | None:
        own = getattr(getattr(self.request.user, "region", None), "path", None)
        if own is None or self.search_text or not self.tallied_by:
            return None
        data = self.filterset.form.cleaned_data if self.filterset and self.filterset.is_bound and self.filterset.is_valid() else {}
        if any(value not in (None, "", []) for name, value in data.items() if name != self.tallied_by):
            return None
        region = data.get(self.tallied_by)
        if region is None:
            return str(own)
        return str(region.path) if region.path.startswith(own) else None

    # --- columns

    @cached_property
    def shown_columns(self) -> list[Column]:
        """What was chosen, in the order of the declaration; else all that are not optional."""
        asked = set(self.request.GET.getlist("kolom")) if self.can_choose_columns else set()
        chosen = [column for column in self.columns if column.path in asked]
        return chosen or [column for column in self.columns if not column.is_optional]

    @property
    def can_choose_columns(self) -> bool:
        """Rows with a template of their own have their columns in it."""
        return type(self).rows_template is ListScreen.rows_template and len(self.columns) > 1

    def column_choices(self) -> list[tuple[Column, bool]]:
        """Every column, and whether it is shown; none where they cannot be chosen."""
        shown = {id(column) for column in self.shown_columns}
        return [(column, id(column) in shown) for column in self.columns] if self.can_choose_columns else []

    def sort_choices(self) -> list[tuple[str, Text, Text, bool]]:
        """Every order that can be asked for (its value, the column, the direction in words, whether it is this one), by a column that
        is not shown too; a phone has no headings to press."""
        asked = self._asked_order()
        offered = [(sign, column) for column in self.columns if column.sort for sign in ("", "-")]
        return [(f"{sign}{column.sort}", column.label, column.direction(sign), asked == f"{sign}{column.sort}") for sign, column in offered]

    def file_columns(self) -> list[Column]:
        return self.shown_columns

    def dressed(self, rows: list[Any]) -> list[Any]:
        """What is computed for the rows of a page or a chunk of a file; override to add it to each row."""
        return rows

    def headers(self) -> list[Header]:
        current = "" if self.ranking is not None else self._order()[0]
        return [self._header(column, current) for column in self.shown_columns]

    def _header(self, column: Column, current: str) -> Header:
        if not column.sort:
            return Header(column)
        direction: Literal["", "ascending", "descending"] = ""
        if current.removeprefix("-") == column.sort:
            direction = "descending" if current.startswith("-") else "ascending"
        sort = f"-{column.sort}" if direction == "ascending" else column.sort
        return Header(column, self.url_with(urut=sort, hal=None, kursor=None), direction)

    def url_with(self, **changes: str | None) -> str:
        """This page's address with some parameters changed (None removes one)."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def rows_template(self) -> list[str]:
        meta = self._model()._meta
        return [f"{meta.app_label}/_{meta.model_name}_rows.html", "_fragments/rows.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page=self.portion,
            object_list=self.dressed(self.portion.rows),
            columns=self.shown_columns,
            headers=self.headers(),
            all_columns=self.column_choices(),
            sort_choices=self.sort_choices(),
            columns_chosen=f"{type(self).__module__}.{type(self).__qualname__} {[column.path for column in self.shown_columns]}",
            rows_template=self.rows_template(),
            filterset=self.filterset,
            has_search=self.has_search,
            search_label=self.search_label,
            search_text=self.request.GET.get("q", ""),
            is_a_nik=self._is_searched and len(digits_of(self.search_text)) == NIK_DIGITS,
            query=urlsplit(self.url_with(hal=None, kursor=None)).query,
            is_narrowed=any(value for name, value in self.request.GET.items() if name not in POSITION),
            empty=self.empty,
            wider=self.wider,
            empty_links=permitted([self.empty.link] if self.empty.link else [], self.request.user),
            exports=permitted(self.exports, self.request.user) or (list_files.downloads(self) if self.is_exportable else []),
            full_columns=list_files.full_columns(self) if self.is_exportable else [],
            bulk_actions=bulk.permitted(self),
            can_find_nik=bulk.can_find_nik(self),
            **saved_views.context_of(self),
            **kwargs,
        )

"""What every screen shares: the questions *may you* and *where*, its title and its place. `views` builds on it.

May you: `permission` (403). Where: the model's own `for_user` / `owned_by` (404, the same as a missing record).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from ikm_program import navigation
from ikm_program.screens import Link, Text, permitted

PLACE_COOKIE = "tempat"
LONGEST_PLACE = 1_500


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
        if getattr(request.user, "region", None) is None:  # every screen asks where somebody is
            return render(request, "no_region.html", status=403)
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
        return super().get_context_data(**self.frame(), links=permitted(self.links, self.request.user), **kwargs)

    def frame(self) -> dict[str, Any]:
        """What the frame around every page shows."""
        crumbs = [*self._way_here(), *self.parents()]
        return {"title": self.get_title(), "lead": self.lead, "place": self.place, "breadcrumb": crumbs}

    def _way_here(self) -> list[tuple[Any, str]]:
        """The crumbs; the list that one comes from is left where it was: its search, filters, order and page."""
        here = navigation.url_of(self.place)
        return [
            (label, place_again(self.request, self.place) if url and url == here else url)
            for label, url in navigation.breadcrumb(self.place, self.request.path)
        ]


def remember_place(response: HttpResponseBase, place: str, query: str) -> None:
    """Keep where in a list somebody stands, until another list is opened or the browser is closed."""
    value = f"{place}?{query}"
    if len(value) <= LONGEST_PLACE:
        response.set_cookie(PLACE_COOKIE, quote(value), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def place_again(request: HttpRequest, place: str) -> str:
    """The address of a list, as it was when it was last looked at."""
    url = navigation.url_of(place)
    remembered, _mark, query = unquote(request.COOKIES.get(PLACE_COOKIE, "")).partition("?")
    is_ours = remembered == place and query and query == QueryDict(query).urlencode()
    return f"{url}?{query}" if url and is_ours else url


class ObjectScreen(Screen):
    """A screen about one record, found within the person's reach by `pk` (or `lookup`) in the URL."""

    lookup: ClassVar[str] = "pk"

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(self.get_queryset(), **{self.lookup: self.kwargs[self.lookup]})

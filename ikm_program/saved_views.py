"""Views of a list that a person keeps: search, filters, order and columns under a name, a link above the list."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ikm_program import navigation, records
from ikm_program.actions import Refusal, action
from ikm_program.forms import ActionForm

if TYPE_CHECKING:
    from ikm_program.lists import ListScreen
    from ikm_program.models import SavedView

PERMISSION = "trainings.view_programme"  # everybody has it; a view is only its own person's
FORGOTTEN = ("hal", "kursor", "format")  # where one stood is no part of a view
MOST = 20  # of one list


def of_screen(screen: ListScreen) -> list[SavedView]:
    """This person's views of the list, each with its address and whether it is what is shown."""
    from ikm_program.models import SavedView

    here, url = kept_query(screen.request.GET.urlencode()), navigation.url_of(screen.place)
    if url != screen.request.path:  # a list that is no place of the navigation
        return []
    views = list(SavedView.objects.for_user(screen.request.user).filter(screen=screen.place))
    for view in views:
        view.url, view.is_here = f"{url}?{view.query}", view.query == here  # type: ignore[attr-defined]
    return views


def context_of(screen: ListScreen) -> dict[str, Any]:
    """What the menu of a list needs: its views, a form for a new one, and the parameters that its form leaves as they are."""
    query = screen.request.GET
    parameters = [(name, value) for name in query if name not in ("kolom", "urut", *FORGOTTEN) for value in query.getlist(name)]
    return {
        "saved_views": of_screen(screen),
        "can_keep_view": navigation.url_of(screen.place) == screen.request.path,
        "view_key": uuid.uuid4(),
        "view_query": kept_query(query.urlencode()),
        "kept_parameters": parameters,
        "kept_columns": [("kolom", value) for value in query.getlist("kolom")],
    }


def kept_query(text: str) -> str:
    query = QueryDict(text, mutable=True)
    for name in FORGOTTEN:
        query.pop(name, None)
    return query.urlencode()


@action(PERMISSION)
def save_view(model: type[SavedView], *, by: Any, screen: str, query: str, name: str) -> SavedView:
    own = model.objects.for_user(by).filter(screen=screen)
    if not navigation.url_of(screen):
        raise Refusal(_("There is no such list."))
    if own.count() >= MOST:
        raise Refusal(_("You keep %(most)s views of this list already. Remove one first.") % {"most": MOST}, "name")
    return records.create(model, by=by, person=by, screen=screen, query=kept_query(query), name=name)


@action(PERMISSION)
def rename_view(view: SavedView, *, by: Any, name: str, version: int | None = None) -> SavedView:
    return records.update(view, by=by, version=version, name=name)


@action(PERMISSION)
def remove_view(view: SavedView, *, by: Any) -> SavedView:
    from ikm_program import audit

    audit.record("deleted", view, by=by, before={"name": view.name})
    kept = view.screen
    view.delete()
    view.screen = kept
    return view


class NewViewForm(ActionForm):
    screen = forms.CharField(max_length=80, widget=forms.HiddenInput)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name of the view"), max_length=60)


class ViewForm(ActionForm):
    name = forms.CharField(label=_("Name of the view"), max_length=60)


class RemoveForm(ActionForm):
    """Yes is all it takes."""

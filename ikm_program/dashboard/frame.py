"""What the frame shows of the roof on every page: how many things wait for this person, and the programme one works in.

The work list costs a quarter of a page. It is counted again when anything was recorded since (see `keeping`), and on a new day.
"""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from ikm_program import keeping, navigation
from ikm_program.dashboard.work import Work, kinds_for, work_of
from trainings.programme_choice import Choice, chosen_programme, remembered_programme


def roof(request: HttpRequest) -> dict[str, Any]:
    """`roof` for base.html: asked for lazily, so that a fragment or a public page costs nothing; a page costs four queries at most."""
    return {"roof": SimpleLazyObject(lambda: _roof(request))}


def _roof(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.region is None:
        return {}
    today, newest = timezone.localdate(), keeping.recorded_so_far(request)
    depends_on = ("roof", user.pk, user.region.path, *kinds_for(user), remembered_programme(request), today, newest)
    return keeping.kept(depends_on, lambda: _made_anew(request, user))


def _made_anew(request: HttpRequest, user: Any) -> dict[str, Any]:
    prefetch_related_objects([user], "groups")  # what waits depends on the roles, several times
    return roof_of(chosen_programme(request), work_of(user))


def roof_of(choice: Choice, work: list[Work]) -> dict[str, Any]:
    return {"switcher": choice.switcher(navigation.url_of("home")), "task_count": sum(item.count or 1 for item in work)}

"""How many rows a big table has, by region: kept in the transactions that change them, so that a list never counts.

    tallies.count(Enterprise, region.path)           one more
    tallies.count(Enterprise, region.path, by=-3)    merged, deleted or moved away
    tallies.recount(Enterprise)                      after a bulk load

`records` counts what it creates and moves. Inside an action everything is added up and written at its end, in one order for
everybody, right before the audit trail: the rows of busy districts are held for the shortest time and make no deadlock.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Sum

from ikm_program.transactions import write_transaction

_pending: contextvars.ContextVar[dict[tuple[str, str], int] | None] = contextvars.ContextVar("pending_tallies", default=None)


def is_tallied(model: type[models.Model]) -> bool:
    from ikm_program.models import Tallied  # the registry is not ready when this module is imported

    return issubclass(model, Tallied)


def tallied_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if is_tallied(model)]


def region_path_of(obj: models.Model) -> str:
    return str(type(obj).SCOPE.region_path_of(obj))  # type: ignore[attr-defined]


def count(model: type[models.Model], region_path: str, *, by: int = 1) -> None:
    """There are `by` rows more (or less) in a region."""
    pending = _pending.get()
    if not is_tallied(model) or not by:
        return
    key = (model._meta.label_lower, region_path)
    if pending is None:
        write_transaction(lambda: _write({key: by}))
    else:
        pending[key] = pending.get(key, 0) + by


def total(model: type[models.Model], region_path: str) -> int:
    """The rows of a region and of what lies below it."""
    from ikm_program.models import Tally

    rows = Tally.objects.filter(model=model._meta.label_lower, region_path__startswith=region_path)
    return rows.aggregate(total=Sum("count"))["total"] or 0


@contextlib.contextmanager
def collecting() -> Iterator[None]:
    """Add up until the outermost action is about to commit; what an inner one counted before it failed is forgotten."""
    pending = _pending.get()
    if pending is not None:
        before = dict(pending)
        try:
            yield
        except BaseException:
            pending.clear()
            pending.update(before)
            raise
        return
    counted: dict[tuple[str, str], int] = {}
    token = _pending.set(counted)
    try:
        yield
        _write(counted)
    finally:
        _pending.reset(token)


def counted(model: Any) -> dict[str, int]:
    """The rows themselves, counted by region."""
    path = model.SCOPE.path
    lookup = path if "region_path" in path else f"{path}__path"
    return dict(model._base_manager.order_by().values_list(lookup).annotate(Count("pk")))


def recount(model: type[models.Model]) -> None:
    """Start again from the rows themselves."""
    from ikm_program.models import Tally

    def work() -> None:
        label = model._meta.label_lower
        Tally.objects.filter(model=label).delete()
        Tally.objects.bulk_create([Tally(model=label, region_path=path, count=number) for path, number in counted(model).items()])

    write_transaction(work)


def _write(changes: dict[tuple[str, str], int]) -> None:
    from ikm_program.models import Tally

    for (label, path), by in sorted(changes.items()):
        if by and not Tally.objects.filter(model=label, region_path=path).update(count=F("count") + by):
            Tally.objects.bulk_create([Tally(model=label, region_path=path)], ignore_conflicts=True)
            Tally.objects.filter(model=label, region_path=path).update(count=F("count") + by)

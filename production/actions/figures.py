"""Writes about published figures. They are quotations: nothing is ever computed from them."""

from __future__ import annotations

from typing import Any

from ikm_program import records
from ikm_program.actions import action
from production.models import PublishedFigure
from trainings.models import Programme, Region


@action("production.add_publishedfigure")
def create_figure(
    model: type[PublishedFigure],
    *,
    by: Any,
    programme: Programme | None,
    region: Region,
    kind: str,
    definition: str,
    source: str,
    **values: Any,
) -> PublishedFigure:
    """Keep a figure that somebody published; `values` are the further fields of the model (quantity None: not told)."""
    return records.create(model, by=by, programme=programme, region=region, kind=kind, definition=definition, source=source, **values)


@action("production.change_publishedfigure")
def update_figure(figure: PublishedFigure, *, by: Any, version: int | None, **values: Any) -> PublishedFigure:
    return records.update(figure, by=by, version=version, **values)

"""Whether a receipt bears a meterai, by the rules that were recorded for its day."""

from __future__ import annotations

import datetime as dt

from ikm_program.scoping import ancestor_paths
from production.models import StampDuty
from trainings.models import Region


def due_on(amount: int, on: dt.date, region: Region) -> int | None:
    """The value of the stamp in rupiah; None where none is due. Of several steps the highest that the amount exceeds."""
    paths = [region.path, *ancestor_paths(region.path)]
    steps = StampDuty.objects.valid_on(on).filter(region__path__in=paths, above__lt=amount)
    duty: int | None = steps.order_by("-above").values_list("duty", flat=True).first()
    return duty

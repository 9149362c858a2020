"""Sentra IKM: businesses of the same kind in one place."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from trainings.actions.rules import require_within_reach
from trainings.models import Region, Sentra


@action("trainings.add_sentra")
def create_sentra(model: type[Sentra], *, by: Any, region: Region, name: str, **values: Any) -> Sentra:
    _require_district(region, by=by)
    return records.create(model, by=by, region=region, name=name, **values)


@action("trainings.change_sentra")
def update_sentra(sentra: Sentra, *, by: Any, version: int | None = None, **values: Any) -> Sentra:
    require_within_reach(sentra.region, by=by)
    region = values.get("region", sentra.region)
    if region != sentra.region:
        _require_district(region, by=by)
        if sentra.enterprises.exists():
            raise Refusal(_("Businesses belong to this sentra: it stays in its kabupaten/kota."), "region")
    return records.update(sentra, by=by, version=version, **values)


def _require_district(region: Region, *, by: Any) -> None:
    require_within_reach(region, by=by)
    if not region.is_district:
        raise Refusal(_("A sentra belongs to a kabupaten/kota."), "region")

"""For migrations: the rows that were there before their table was tallied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count


def fill(label: str, lookup: str) -> Callable[[Any, Any], None]:
    """Count the rows of `label` by the region path that `lookup` leads to."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        tally, alias = apps.get_model("ikm_program", "Tally"), schema_editor.connection.alias
        rows = apps.get_model(label)._base_manager.using(alias).order_by().values_list(lookup).annotate(Count("pk"))
        key = label.lower()
        tally._base_manager.using(alias).bulk_create([tally(model=key, region_path=path, count=number) for path, number in rows])

    return forwards

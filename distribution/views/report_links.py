"""Where the figures of the reports lead: to the page of their records, of the same day, product and district."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from distribution.reports.breakdown import WORDS
from distribution.reports.recapitulation import RECEIVERS, Recapitulation
from distribution.reports.report_records import HANDED_OVER, PEOPLE
from ikm_program.reporting import Column, Row
from trainings.models import Programme, Region

LinkOf = Callable[[Row, Column], str]


def url_of(name: str, asked: dict[str, Any]) -> str:
    return f"{reverse(name)}?{urlencode({key: value for key, value in asked.items() if value is not None}, doseq=True)}"


def of_recapitulation(found: Recapitulation, region: Region | None) -> LinkOf:
    """A closing row opens all districts, or the one that was chosen."""
    products = {row.product.code: row.product.pk for row in found.result.rows}
    regions = {row.region.kemendagri_code: row.region.pk for row in found.result.rows}

    def link(row: Row, column: Column) -> str:
        if row.get(column.key) is None:
            return ""
        product, whole = products[row["product_code"]], region.pk if region else None
        asked = {"program": found.programme.pk, "produk": product, "per": found.result.as_of.isoformat()}
        asked["wilayah"] = regions[row["district_code"]] if "district_code" in row else whole
        if column.key == "target":
            target = found.result.targets.get((found.programme.pk, product))
            return reverse("production:target_detail", kwargs={"pk": target}) if target else ""
        if column.key in PEOPLE:
            return url_of("distribution:people_records", {"angka": column.key, **asked})
        if column.key in RECEIVERS or column.key == "papers":
            kinds = RECEIVERS[column.key][1] if column.key in RECEIVERS else None
            figure = "quantity" if column.key in RECEIVERS else "papers"
            return url_of("distribution:handed_over_records", {"angka": figure, **asked, "jenis": kinds})
        return url_of("reconciliation_records", {"angka": WORDS[column.key], **asked}) if column.key in WORDS else ""

    return link


def of_receivers(programme: Programme, day: dt.date, region: Region | None, *, since: dt.date | None) -> LinkOf:
    def link(row: Row, column: Column) -> str:
        if column.key == "recipient" and "recipient_id" in row:
            return reverse("distribution:recipient_detail", kwargs={"pk": row["recipient_id"]})
        if column.key not in HANDED_OVER:
            return ""
        asked = {"penerima": row.get("recipient_id"), "jenis": row.get("kind_code"), "dari": since.isoformat() if since else None}
        return url_of("distribution:handed_over_records", {"angka": column.key, **_of_row(programme, day, region, row), **asked})

    return link


def of_finals(programme: Programme, day: dt.date, region: Region | None) -> LinkOf:
    def link(row: Row, column: Column) -> str:
        if column.key == "paper" and "handover_id" in row:
            return reverse("distribution:handover_detail", kwargs={"pk": row["handover_id"]})
        if column.key != "quantity":
            return ""
        asked = _of_row(programme, day, region, row)
        if "handover_id" not in row:  # every piece that was handed over is with one of them
            return url_of("distribution:handed_over_records", {"angka": "quantity", **asked})
        return url_of("distribution:final_records", {**asked, "bast": row["handover_id"], "langkah": row["step"]})

    return link


def of_changes(programme: Programme, before: tuple[dt.date, dt.date | None], day: dt.date, region: Region | None) -> LinkOf:
    """`before`: the first day, and the day on which its sheet was printed. A difference opens what each record changed."""
    first, printed = before[0].isoformat(), before[1].isoformat() if before[1] else None
    days: dict[str, dict[str, Any]] = {
        "before": {"per": first, "diketahui": printed},
        "after": {"per": day.isoformat()},
        "difference": {"per": day.isoformat(), "sejak": first, "dicetak": printed},
    }

    def link(row: Row, column: Column) -> str:
        if column.key not in days or row.get(column.key) is None:
            return ""
        if row["name"] == "target":
            return reverse("production:target_detail", kwargs={"pk": row["target_id"]}) if row["target_id"] else ""
        where = row.get("region_id") or (region.pk if region else None)
        asked = {"angka": WORDS[row["name"]], "program": programme.pk, "produk": row["product_id"], "wilayah": where}
        return url_of("reconciliation_records", asked | days[column.key])

    return link


def _of_row(programme: Programme, day: dt.date, region: Region | None, row: Row) -> dict[str, Any]:
    where = region.pk if region else None
    return {"program": programme.pk, "produk": row["product_id"], "wilayah": where, "per": day.isoformat()}

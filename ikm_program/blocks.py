"""Blocks of frozen content (see `chapters`) made ready for a template: numbered, with their drawings, headings in two rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from ikm_program import charts
from ikm_program.chapters import Block


@dataclass
class Numbering:
    """Tables and figures counted through a document; what was counted becomes its lists."""

    tables: list[dict[str, Any]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)

    def count(self, kind: str, caption: str) -> dict[str, Any]:
        entries = self.tables if kind == "Tabel" else self.figures
        entry = {"anchor": f"{kind.lower()}-{len(entries) + 1}", "label": f"{kind} {len(entries) + 1}", "caption": caption}
        entries.append(entry)
        return entry


def dressed(blocks: Iterable[Block], numbering: Numbering | None = None) -> list[dict[str, Any]]:
    """The blocks as a template takes them. A table or figure without a caption is not counted."""
    counted = numbering or Numbering()
    return [_dressed(block, counted) for block in blocks]


def _dressed(block: Block, numbering: Numbering) -> dict[str, Any]:
    if block["kind"] == "table":
        number = numbering.count("Tabel", block["caption"]) if block["caption"] else None
        return {
            **block,
            "number": number,
            "groups": _groups(block["columns"]),
            "is_many": len(block["columns"]) > 7,
            "is_most": len(block["columns"]) > 12,
        }
    if block["kind"] == "figure":
        with translation.override("id"):
            chart = charts.drawn(block["data"])
        return {**block, "number": numbering.count("Gambar", block["caption"]), "chart": chart}
    return dict(block)


def _groups(columns: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The upper row of headings; empty when no column has a group."""
    found: list[dict[str, Any]] = []
    for column in columns:
        if column["group"] and found and found[-1]["label"] == column["group"] and found[-1]["is_group"]:
            found[-1]["span"] += 1
        else:
            label = column["group"] or column["label"]
            found.append({"label": label, "unit": "" if column["group"] else column["unit"], "span": 1, "is_group": bool(column["group"])})
    return found if any(group["is_group"] for group in found) else []

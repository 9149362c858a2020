"""The cell of a table without any mark: what a printed page shows of a column that the screen shows with links and badges."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from ikm_program import formatting
from ikm_program.screens import Fact, follow


def in_plain_words(fact: Fact, obj: Any) -> str:
    """None and "" are the words of `unknown`, as on the screen."""
    value = follow(obj, fact.path)
    if fact.kind == "status":
        owner = fact.path.rpartition(".")[0]
        return str(follow(obj, owner).get_status_display())
    if fact.template:
        shown = render_to_string(fact.template, {"object": obj, "value": value, "fact": fact})
        return " ".join(unescape(strip_tags(shown)).split())
    if value is None or value == "":
        return str(fact.unknown)
    return _formatted(fact, value, obj)


def _formatted(fact: Fact, value: Any, obj: Any) -> str:
    match fact.kind:
        case "number":
            unit = follow(obj, fact.unit) if fact.unit else ""
            return f"{formatting.jumlah(value)} {unit}".strip()
        case "decimal":
            return formatting.desimal(value)
        case "money":
            return formatting.rupiah(value)
        case "date" | "datetime":
            return formatting.tanggal_layar(value)
        case "yesno":
            return _("Yes") if value else _("No")
    return str(value)

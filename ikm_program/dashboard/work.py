"""What waits for a person: one query over all kinds of work, as single things for a district, as counts for the province."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, DateField, F, Value
from django.db.models.functions import Cast
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from distribution.filters.filing import LATE_DAYS
from ikm_program.dashboard.work_kinds import GOODS, KINDS, Kind
from ikm_program.formatting import jumlah, tanggal_layar

AT_MOST = 12


@dataclass(frozen=True)
class Work:
    """One line of the work list. `count` is None for a single thing, which then opens itself."""

    text: str | Promise
    href: str
    detail: str = ""
    tone: str = "info"
    icon: str = "clock"
    count: int | None = None


def kinds_for(user: Any) -> dict[str, Kind]:
    """The kinds of work that this person does, by code."""
    permitted = {kind.code: kind for kind in KINDS if user.has_perm(kind.permission)}
    if "issue" in permitted:
        permitted.pop("draft", None)
    return permitted


def work_of(user: Any) -> list[Work]:
    """The work list of a person."""
    permitted = kinds_for(user)
    if not permitted or user.region is None:
        return []
    return _things(permitted, user) if user.region.is_district else _counts(permitted, user)


def _things(kinds: dict[str, Kind], user: Any) -> list[Work]:
    """Every single thing, in the order of the kinds, newest first."""
    rows = _union([_as_things(kind, order, user) for order, kind in enumerate(kinds.values())]).order_by("order", "-on", "-id")
    return [_thing(kinds[row["code"]], row) for row in rows[:AT_MOST]]


def _as_things(kind: Kind, order: int, user: Any) -> Any:
    """The rows of a kind in the columns that all kinds share."""
    rows = kind.rows(user).order_by()
    return rows.annotate(
        order=Value(order),
        code=Value(kind.code, output_field=CharField()),
        thing=F(kind.pk),
        what=Cast(kind.what, CharField()),
        detail=Cast(kind.detail, CharField()),
        on=Cast(kind.on, DateField()) if kind.on != "last_on" else F(kind.on),
        **GOODS[kind.goods],
    ).values("order", "code", "thing", "what", "detail", "on", "id", "quantity", "unit", "goods", "line_count")


def _thing(kind: Kind, row: dict[str, Any]) -> Work:
    words = {"what": row["what"] or "", "on": _day(kind, row["on"])}
    detail = row["detail"] or ""
    if kind.code == "quiet":
        detail = _("last report %(on)s") % words if row["on"] else _("nothing reported yet")
    if kind.code == "evaluation":
        days = (timezone.localdate() - row["on"]).days
        detail = ngettext("open for %(n)s day", "open for %(n)s days", days) % {"n": jumlah(days)}
    days = (timezone.localdate() - row["on"]).days if kind.code == "evidence" else 0
    if days > LATE_DAYS:
        detail = ngettext("waiting for %(n)s day", "waiting for %(n)s days", days) % {"n": jumlah(days)} + f" · {detail}"
    detail = " · ".join(part for part in (_goods(row), detail) if part)
    return Work(str(kind.one) % words, kind.item_url(row["thing"]), detail, "danger" if days > LATE_DAYS else kind.tone, kind.icon)


def _day(kind: Kind, on: dt.date | None) -> str:
    """A report of a month is called by its month."""
    if on is None:
        return ""
    return formats.date_format(on, "F Y") if kind.code == "monthly" else tanggal_layar(on)


def _goods(row: dict[str, Any]) -> str:
    """ "50 set Hazmat", and how many lines more."""
    if row["quantity"] is None:
        return ""
    first = " ".join(part for part in (jumlah(row["quantity"]), row["unit"], row["goods"]) if part)
    more = (row["line_count"] or 1) - 1
    return first if not more else _("%(goods)s and %(n)s more") % {"goods": first, "n": more}


def _counts(kinds: dict[str, Kind], user: Any) -> list[Work]:
    """How many of each kind, without the kinds that have none."""
    parts = [
        kind.rows(user)
        .order_by()
        .annotate(code=Value(kind.code, output_field=CharField()))
        .values("code")
        .annotate(n=Count("pk", distinct=True))
        for kind in kinds.values()
    ]
    found = {row["code"]: row["n"] for row in _union(parts)}
    return [
        Work(kind.many, kind.list_url(), tone=kind.tone, icon=kind.icon, count=found[code])
        for code, kind in kinds.items()
        if found.get(code)
    ]


def _union(parts: list[Any]) -> Any:
    """Side by side: one inside the other would be more than SQLite reads once the kinds are many."""
    first, *others = parts
    return first.union(*others, all=True) if others else first

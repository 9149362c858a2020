"""What is missing from a record: things that any app may find lacking, counted by the database, in the page of one record and in its list.

    gaps.add("trainings.batch", Gap("tanpa-sk", _("no decree"), lacking=no_decree))  # in AppConfig.ready()

`lacking` answers an expression on the record's rows that counts how often it is so; 0 is well. Apps above the record's own add theirs
like those of its page (see `passports`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Count, Expression, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from ikm_program.screens import Text, resolved


@dataclass(frozen=True)
class Gap:
    """One kind of lack. `code` stands in addresses (letters and hyphens); `permission` is of whoever may know."""

    code: str
    label: Text
    lacking: Callable[[], Expression]
    permission: str
    is_counted: bool = False  # how many are missing says something: two days, three people
    url_name: str = ""  # where it is mended, with the record's pk
    narrowed_by: str = ""  # that is a list, narrowed to the record by this filter
    mended_by: str = ""  # permission of whoever may mend it there, where more is asked than to know of it
    tone: str = "warn"

    def href(self, pk: int) -> str:
        if not self.url_name:
            return ""
        return f"{resolved(self.url_name)}?{self.narrowed_by}={pk}" if self.narrowed_by else resolved(self.url_name, pk=pk)

    @property
    def column(self) -> str:
        return f"gap_{self.code.replace('-', '_')}"


@dataclass(frozen=True)
class Lack:
    """A gap that a record has, `count` times."""

    gap: Gap
    count: int
    href: str

    @property
    def number(self) -> int | None:
        return self.count if self.gap.is_counted else None

    def __str__(self) -> str:
        return f"{self.gap.label} ({self.count})" if self.gap.is_counted else str(self.gap.label)


_gaps: dict[str, dict[str, Gap]] = {}


def add(model_label: str, gap: Gap) -> None:
    """`model_label` as in `app.model`; an app adds its gaps when it is ready."""
    _gaps.setdefault(model_label, {})[gap.code] = gap


def known(model_label: str, user: Any) -> list[Gap]:
    """What this person may know to be missing."""
    found = [gap for gap in _gaps.get(model_label, {}).values() if user.has_perm(gap.permission)]
    return [replace(gap, url_name="") if gap.mended_by and not user.has_perm(gap.mended_by) else gap for gap in found]


def only_told(gaps: Sequence[Gap]) -> list[Gap]:
    """For a record that this person may read and not change: nothing leads to where it would be mended."""
    return [replace(gap, url_name="") if gap.mended_by else gap for gap in gaps]


def annotated(rows: QuerySet[Any], gaps: Sequence[Gap]) -> QuerySet[Any]:
    """The rows with a number for each gap."""
    return rows.annotate(**{gap.column: gap.lacking() for gap in gaps})


def lacking_any(rows: QuerySet[Any], gaps: Sequence[Gap]) -> QuerySet[Any]:
    """The rows that lack one of these."""
    condition = Q(pk__in=[])
    for gap in gaps:
        condition |= Q(**{f"{gap.column}__gt": 0})
    return annotated(rows, gaps).filter(condition)


def of(row: Any, gaps: Sequence[Gap]) -> list[Lack]:
    """What an annotated row lacks, each with the way to mend it."""
    found = [(gap, getattr(row, gap.column)) for gap in gaps]
    return [Lack(gap, count, gap.href(row.pk)) for gap, count in found if count]


# --- ways to count -----------------------------------------------------------------------------------------------------


def when(condition: Any) -> Expression:
    """1 where the condition holds."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def number_of(rows: QuerySet[Any], by: str) -> Expression:
    """How many of the rows name this record in `by`; `rows` are not yet narrowed to it."""
    counted = rows.order_by().filter(**{by: OuterRef("pk")}).values(by).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program import papers
from ikm_program.filters import FilterSet
from trainings.models import IssuedDocument, Region

EVERYTHING = "semua"
IN_FORCE = "berlaku"
DAMAGED = "rusak"
UNASKED = gettext_lazy("Newest month, or every period once filtered")  # holds whatever else is chosen: the box stays while the list changes


class PeriodFilter(django_filters.Filter):
    """A choice whose first entry is no "all" but the newest month."""

    field_class = forms.ChoiceField


class RegisterFilter(FilterSet):
    """Papers of every kind; a kind may bring filters of its own.

    Without a period the newest month that has papers; a search, and whoever chooses anything else, looks everywhere.
    """

    periode = PeriodFilter(method="in_period", label=gettext_lazy("Period"))
    wilayah = django_filters.ModelChoiceFilter(
        queryset=Region.objects.order_by("kemendagri_code"), method="of_region", label=gettext_lazy("Region")
    )
    jenis = django_filters.ChoiceFilter(field_name="kind", label=gettext_lazy("Kind"))
    status = django_filters.ChoiceFilter(method="of_status", label=gettext_lazy("Status"))

    berkas = django_filters.ChoiceFilter(
        method="of_file", choices=[(DAMAGED, gettext_lazy("Damaged, to be restored"))], label=gettext_lazy("Stored file")
    )

    class Meta:
        model = IssuedDocument
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        further = {name: made for paper in papers.registered() for name, made in paper.filters.items()}
        self.base_filters: dict[str, Any] = {**self.base_filters, **further}  # the copies made of them are this filter's own
        super().__init__({} if data is None else data, *args, **kwargs)  # bound: the plain page filters too, by its newest month
        found = self.queryset.annotate(on_year=ExtractYear("document_on"), on_month=ExtractMonth("document_on")).order_by()
        self.months: list[tuple[int, int]] = sorted(found.values_list("on_year", "on_month").distinct(), reverse=True)
        self.filters["periode"].extra["choices"] = [("", UNASKED), *self.periods()]
        self.filters["jenis"].extra["choices"] = papers.choices()
        self.filters["status"].extra["choices"] = [
            (IN_FORCE, gettext_lazy("In force")),  # of every kind, also of those that call a state of their own so
            *(state for state in papers.states() if state[0] != IN_FORCE),
        ]

    @property
    def newest(self) -> str:
        """ "2020-06" """
        return f"{self.months[0][0]}-{self.months[0][1]:02d}" if self.months else EVERYTHING

    @property
    def looks_everywhere(self) -> bool:
        names = ("q", *(name for name in self.filters if name != "periode"))
        return any(str(self.data.get(name, "")).strip() for name in names)

    def periods(self) -> list[tuple[str, str]]:
        years = sorted({year for year, _month in self.months}, reverse=True)
        names = [EVERYTHING, *(str(year) for year in years), *(f"{year}-{month:02d}" for year, month in self.months)]
        return [(name, period_in_words(name)) for name in names]

    @property
    def period(self) -> str:
        """What is shown: a month, a year or everything."""
        asked = self.data.get("periode", "") if self.is_bound else ""
        if asked in dict(self.periods()):
            return str(asked)
        return EVERYTHING if self.looks_everywhere else self.newest

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("periode") else self.in_period(found, "periode", self.period)

    def in_period(self, queryset: Any, name: str, value: str) -> Any:
        if value == EVERYTHING:
            return queryset
        year, _dash, month = value.partition("-")
        queryset = queryset.filter(document_on__year=int(year))
        return queryset.filter(document_on__month=int(month)) if month else queryset

    def of_region(self, queryset: Any, name: str, region: Region) -> Any:
        return queryset.filter(office__region__path__startswith=region.path)

    def of_file(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.damaged()

    def of_status(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.exclude(papers.in_state(papers.VOID)) if value == IN_FORCE else queryset.filter(papers.in_state(value))


def period_in_words(period: str) -> str:
    """ "2020-06" -> Juni 2020, "2020" -> the year, "semua" -> every period."""
    if period == EVERYTHING:
        return _("Every period")
    year, _dash, month = period.partition("-")
    return formats.date_format(dt.date(int(year), int(month), 1), "F Y") if month else _("Year %(year)s") % {"year": year}

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import gaps
from ikm_program.filters import DateFilter, FilterSet
from trainings.filters.people import ACTIVE
from trainings.identity import IndustryScale, Sex
from trainings.models import Activity, Batch, Enterprise, Participant, Programme, Region, Sentra, WorkforceReport
from trainings.models.enterprise import CONFIRMED_FOR_DAYS
from trainings.models.passport import last_word_on_affected

ANYTHING = "apa-saja"
UNKNOWN = "belum"
SCALES = [*IndustryScale.choices, (UNKNOWN, _("not known yet"))]
AFFECTED = [("ya", _("affected")), ("tidak", _("not affected")), (UNKNOWN, _("nothing known"))]
CONFIRMED = [("baru", _("within a year")), ("lama", _("longer ago")), ("belum", _("never"))]


class ProgrammeFilter(FilterSet):
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Programme.Status.choices)
    fund = django_filters.ChoiceFilter(label=_("Fund source"), choices=Programme.Fund.choices)

    class Meta:
        model = Programme
        fields = ("status", "fund")


class ActivityFilter(FilterSet):
    programme = django_filters.ModelChoiceFilter(label=_("Programme"), queryset=Programme.objects.order_by("-year", "name"))

    class Meta:
        model = Activity
        fields = ("programme",)


class BatchFilter(FilterSet):
    activity = django_filters.ModelChoiceFilter(label=_("Activity"), queryset=Activity.objects.order_by("pk"))
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Region.objects.order_by("kemendagri_code"))
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Batch.Status.choices)
    mode = django_filters.ChoiceFilter(label=_("Mode"), choices=Batch.Mode.choices)
    kurang = django_filters.ChoiceFilter(label=_("What is missing"), method="by_lack")

    class Meta:
        model = Batch
        fields = ("activity", "region", "status", "mode")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """What is missing as far as the person may know it: what other apps add stands here too."""
        super().__init__(*args, **kwargs)
        self.gaps = gaps.known("trainings.batch", self.request.user)
        self.filters["kurang"].extra["choices"] = [(ANYTHING, _("anything")), *((gap.code, gap.label) for gap in self.gaps)]

    def by_lack(self, queryset: Any, name: str, value: str) -> Any:
        return gaps.lacking_any(queryset, [gap for gap in self.gaps if value in (ANYTHING, gap.code)])


class ParticipantFilter(FilterSet):
    region = django_filters.ModelChoiceFilter(label=_("Kabupaten/kota"), queryset=Region.objects.districts())
    sex = django_filters.ChoiceFilter(label=_("Sex"), choices=Sex.choices)

    class Meta:
        model = Participant
        fields = ("region", "sex")


class EnterpriseFilter(FilterSet):
    region = django_filters.ModelChoiceFilter(label=_("Kabupaten/kota"), queryset=Region.objects.districts())
    is_active = django_filters.ChoiceFilter(label=_("State"), choices=ACTIVE)
    kbli = django_filters.CharFilter(label=_("KBLI begins with"), lookup_expr="startswith")
    skala = django_filters.ChoiceFilter(label=_("Scale"), choices=SCALES, method="of_scale")
    sentra = django_filters.ModelChoiceFilter(label=_("Sentra"), queryset=Sentra.objects.order_by("name"))
    confirmed = django_filters.ChoiceFilter(label=_("Data confirmed"), choices=CONFIRMED, method="by_confirmation")
    pandemi = django_filters.ChoiceFilter(label=_("Hit by the pandemic"), choices=AFFECTED, method="by_last_word")
    pandemi_per = DateFilter(label=_("Hit by the pandemic, as of"), method="as_it_stands", widget=forms.HiddenInput)

    class Meta:
        model = Enterprise
        fields = ("region", "is_active", "sentra")

    def by_last_word(self, queryset: Any, name: str, value: str) -> Any:
        day = self.form.cleaned_data["pandemi_per"] or timezone.localdate()
        rows = queryset.annotate(is_hit=last_word_on_affected(day))
        if value == UNKNOWN:
            return rows.filter(is_hit=None)
        is_hit = value == "ya"
        said = WorkforceReport.objects.filter(as_of__lte=day, is_affected=is_hit)  # few: the others need not be asked
        return rows.filter(pk__in=said.values("enterprise"), is_hit=is_hit)

    def as_it_stands(self, queryset: Any, name: str, value: dt.date) -> Any:
        """It narrows nothing by itself."""
        return queryset

    def of_scale(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_scale(None if value == UNKNOWN else IndustryScale(value))

    def by_confirmation(self, queryset: Any, name: str, value: str) -> Any:
        day = timezone.localdate() - dt.timedelta(days=CONFIRMED_FOR_DAYS)
        return {
            "baru": queryset.confirmed_since(day),
            "lama": queryset.confirmed_before(day),
            "belum": queryset.never_confirmed(),
        }[value]


class SentraFilter(FilterSet):
    region = django_filters.ModelChoiceFilter(label=_("Kabupaten/kota"), queryset=Region.objects.districts())

    class Meta:
        model = Sentra
        fields = ("region",)

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.filters import FilterSet
from trainings.forms.mentoring import officers
from trainings.mentoring import MentoringKind
from trainings.models import Licence, Occasion, Pipeline, Region, SuperiorProduct, User
from trainings.models.enterprise import LICENCE_ENDS_SOON_DAYS

COMING_DAYS = 7  # a next action is announced a week ahead
LATE = [
    ("semua", _("late")),
    ("akhir", _("late: the expected end")),
    ("langkah", _("late: the next action")),
    ("minggu", _("next action within a week")),
]
VALIDITY = [("segera", _("ends within 90 days")), ("habis", _("expired")), ("berlaku", _("valid"))]
STAGES = [
    ("diusulkan", _("Proposed")),
    ("terpilih", _("Selected")),
    ("didampingi", _("In the pipeline")),
    ("tidak_terpilih", _("Not selected")),
]


class PipelineFilter(FilterSet):
    jenis = django_filters.ChoiceFilter(field_name="kind", label=_("Kind"), choices=MentoringKind.choices)
    status = django_filters.ChoiceFilter(label=_("State"), choices=Pipeline.Status.choices)
    region = django_filters.ModelChoiceFilter(
        field_name="enterprise__region", label=_("Kabupaten/kota"), queryset=Region.objects.districts()
    )
    terlambat = django_filters.ChoiceFilter(label=_("Due"), choices=LATE, method="by_lateness")
    berlaku = django_filters.ChoiceFilter(label=_("Certificate"), choices=VALIDITY, method="by_certificate")
    petugas = django_filters.ModelChoiceFilter(field_name="officer", label=_("Officer in charge"), queryset=User.objects.none())
    tahun = django_filters.NumberFilter(field_name="started_on__year", label=_("Begun in the year"))

    class Meta:
        model = Pipeline
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["petugas"].queryset = officers()

    def by_lateness(self, queryset: Any, name: str, value: str) -> Any:
        today = timezone.localdate()
        return {
            "semua": lambda: queryset.late_on(today),
            "akhir": lambda: queryset.overdue_on(today),
            "langkah": lambda: queryset.next_late_on(today),
            "minggu": lambda: queryset.coming_within(COMING_DAYS, on=today),
        }[value]()

    def by_certificate(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(licence__in=_by_validity(Licence.objects.all(), value))


class LicenceFilter(FilterSet):
    jenis = django_filters.ChoiceFilter(field_name="kind", label=_("Kind"), choices=Licence.Kind.choices)
    region = django_filters.ModelChoiceFilter(
        field_name="enterprise__region", label=_("Kabupaten/kota"), queryset=Region.objects.districts()
    )
    berlaku = django_filters.ChoiceFilter(label=_("Validity"), choices=VALIDITY, method="by_validity")

    class Meta:
        model = Licence
        fields: tuple[str, ...] = ()

    def by_validity(self, queryset: Any, name: str, value: str) -> Any:
        return _by_validity(queryset, value)


def _by_validity(licences: Any, value: str) -> Any:
    today = timezone.localdate()
    return {
        "segera": lambda: licences.ending_within(LICENCE_ENDS_SOON_DAYS, on=today),
        "habis": lambda: licences.over_on(today),
        "berlaku": lambda: licences.valid_on(today),
    }[value]()


class SuperiorFilter(FilterSet):
    tahap = django_filters.ChoiceFilter(label=_("Stage"), choices=STAGES, method="by_stage")
    region = django_filters.ModelChoiceFilter(
        field_name="enterprise__region", label=_("Kabupaten/kota"), queryset=Region.objects.districts()
    )
    ekspor = django_filters.BooleanFilter(field_name="is_export_quality", label=_("Of export quality"))

    class Meta:
        model = SuperiorProduct
        fields: tuple[str, ...] = ()

    def by_stage(self, queryset: Any, name: str, value: str) -> Any:
        if value in ("terpilih", "didampingi"):
            return queryset.filter(status=SuperiorProduct.Status.SELECTED, is_mentored=value == "didampingi")
        return queryset.filter(status=value)


class OccasionFilter(FilterSet):
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Region.objects.order_by("kemendagri_code"))
    tahun = django_filters.NumberFilter(field_name="happened_on__year", label=_("Year"))

    class Meta:
        model = Occasion
        fields: tuple[str, ...] = ()

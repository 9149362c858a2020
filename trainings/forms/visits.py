from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, DateField, HasDressedFields, QuantityField
from trainings.forms.batches import InstructorChoice
from trainings.forms.fields import DaysField, TimeField
from trainings.models import Batch, Enrolment, Instructor, Region, Visit

PURPOSE = _("For example: measuring, first sewing, quality.")


def batch_of(subject: Batch | Enrolment | Visit) -> Batch:
    if isinstance(subject, Batch):
        return subject
    return subject.batch if isinstance(subject, Enrolment) else subject.enrolment.batch


class _OfAssigned(ActionForm):
    """Who visits is one of those assigned to the batch; where nobody is, the form says so and leads there."""

    intro_template = "trainings/_no_instructor.html"
    batch: Batch

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch_of(self.subject)
        field = self.fields["instructor"]
        assert isinstance(field, InstructorChoice)
        field.queryset = Instructor.objects.of_batch(self.batch).order_by("name")

    @property
    def has_instructors(self) -> bool:
        field: Any = self.fields["instructor"]
        return bool(field.queryset.exists())

    @property
    def may_assign(self) -> bool:
        return bool(self.user.region.covers(self.batch.region))


class VisitForm(_OfAssigned):
    instructor = InstructorChoice(Instructor.objects.order_by("name"), label=_("Instructor"))
    visit_on = DateField(label=_("Date of the visit"))
    starts_at = TimeField(label=_("Starts at"))
    ends_at = TimeField(label=_("Ends at"))
    purpose = forms.CharField(label=_("Purpose of the visit"), max_length=200, help_text=PURPOSE)


class PlanVisitsForm(_OfAssigned):
    """A visit to every participant of a batch."""

    instructor = InstructorChoice(Instructor.objects.order_by("name"), label=_("Instructor"))
    first_on = DateField(label=_("First day"))
    per_day = QuantityField(label=_("Visits a day"), min_value=1, max_value=30, initial=2)
    purpose = forms.CharField(label=_("Purpose of the visit"), max_length=200, help_text=PURPOSE)
    skips_sundays = forms.BooleanField(label=_("Without Sundays"), required=False, initial=True)
    holidays = DaysField(label=_("Holidays in between"), help_text=_("For example 31/05/2020, 01/06/2020."))


class VisitNoteForm(ActionForm):
    note = forms.CharField(label=_("What came of it"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class MissedVisitForm(ActionForm):
    note = forms.CharField(label=_("Why it did not take place"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class _Narrowed(HasDressedFields, forms.Form):
    """Instructor and district of a timetable, in the address."""

    is_filter = True
    instruktur = forms.ModelChoiceField(Instructor.objects.order_by("name"), label=_("Instructor"), required=False, empty_label=_("All"))
    wilayah = forms.ModelChoiceField(
        Region.objects.districts().order_by("kemendagri_code"), label=_("Kabupaten/kota"), required=False, empty_label=_("All")
    )


class CalendarForm(_Narrowed):
    bulan = forms.CharField(label=_("Month"), required=False, widget=forms.TextInput(attrs={"type": "month"}))
    field_order = ("bulan", "instruktur", "wilayah")

    def clean_bulan(self) -> dt.date:
        """The first of the month; of anything else it is this month's."""
        try:
            year, month = (int(part) for part in self.cleaned_data["bulan"].split("-"))
            return dt.date(year, month, 1) if 2000 <= year <= 2100 else timezone.localdate().replace(day=1)
        except ValueError:
            return timezone.localdate().replace(day=1)


class ScheduleForm(_Narrowed):
    dari = DateField(label=_("From"), required=False)
    sampai = DateField(label=_("Until"), required=False)
    field_order = ("dari", "sampai", "instruktur", "wilayah")

    def clean(self) -> Any:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("dari") and cleaned.get("sampai") and cleaned["dari"] > cleaned["sampai"]:
            self.add_error("sampai", _("The end cannot be before the beginning."))
        return cleaned

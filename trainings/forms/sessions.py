from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, DateField, QuantityField, RowForm, row_formset
from trainings.forms.batches import InstructorChoice
from trainings.forms.fields import DaysField, TimeField
from trainings.models import Instructor


class TopicRow(RowForm):
    topic = forms.CharField(label=_("Topic"), max_length=200)
    hours = QuantityField(label=_("Lesson hours (JP)"), min_value=1, max_value=99)
    instructor = InstructorChoice(Instructor.objects.order_by("name"), label=_("Instructor"), required=False)

    def __init__(self, *args: Any, taught_by: Sequence[int] = (), **kwargs: Any) -> None:
        """Who is assigned to the batch stands in the list; where nobody is, everybody within reach."""
        super().__init__(*args, **kwargs)
        if taught_by:
            field = self.fields["instructor"]
            assert isinstance(field, forms.ModelChoiceField)
            assert field.queryset is not None
            field.queryset = field.queryset.filter(pk__in=taught_by)


class RunTopicRow(TopicRow):
    day = QuantityField(label=_("On day"), min_value=1, max_value=60, required=False, help_text=_("1 for the first; empty: every day."))
    field_order = ("day", "topic", "hours", "instructor")


class TopicRows(row_formset(TopicRow, max_num=20)):  # type: ignore[misc]
    heading = _("Topics")
    add_label = _("Add a topic")


class RunTopicRows(row_formset(RunTopicRow, extra=2, max_num=60)):  # type: ignore[misc]
    heading = _("Topics")
    add_label = _("Add a topic")


class _DayForm(ActionForm):
    starts_at = TimeField(label=_("Starts at"))
    ends_at = TimeField(label=_("Ends at"))
    place = forms.CharField(label=_("Place"), max_length=160, required=False, help_text=_("Leave empty when it is the venue of the batch."))

    def taught_by(self) -> list[int]:
        batch = getattr(self.subject, "batch", self.subject)
        return [assignment.instructor_id for assignment in batch.assignments.all()]

    def row_kwargs(self, name: str) -> dict[str, Any]:
        return {"taught_by": self.taught_by()}


class PlanDaysForm(_DayForm):
    """A whole run of days; one day is a run of one."""

    rows = {"topics": RunTopicRows}
    field_order = ("first_on", "count", "skips_sundays", "holidays", "starts_at", "ends_at", "place")
    sections = (
        (_("Days"), ("first_on", "count", "skips_sundays", "holidays")),
        (_("Every day"), ("starts_at", "ends_at", "place")),
    )
    first_on = DateField(label=_("First day"))
    count = QuantityField(label=_("Number of days"), min_value=1, max_value=60, initial=5)
    skips_sundays = forms.BooleanField(label=_("Without Sundays"), required=False, initial=True)
    holidays = DaysField(label=_("Holidays in between"), help_text=_("For example 31/05/2020, 01/06/2020."))


class SessionForm(_DayForm):
    rows = {"topics": TopicRows}
    field_order = ("held_on", "starts_at", "ends_at", "place")
    held_on = DateField(label=_("Date"))


class ScanForm(ActionForm):
    """The signed list; the reason is asked for when one is there already."""

    scan = forms.FileField(
        label=_("Signed list (scan or photo)"),
        help_text=_("A PDF, or a picture in JPEG, PNG or WebP format, at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )
    reason = forms.CharField(label=_("Why another one takes its place"), max_length=250, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.subject.has_scan:
            del self.fields["reason"]

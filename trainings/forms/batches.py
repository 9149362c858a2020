from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import ActionForm, ActionModelForm, DateField, QuantityField, RowForm, row_formset
from trainings.actions.participants import may_decide
from trainings.forms.duplicates import AsksForDuplicates
from trainings.forms.fields import PhoneField
from trainings.forms.participants import PersonForm
from trainings.models import Activity, Batch, Enrolment, Instructor, Participant, Region


class ActivityChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.programme}"


class InstructorChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.expertise}" if obj.expertise else obj.name


class AssignmentRow(RowForm):
    """An instructor and the letter that sends him or her."""

    instructor = InstructorChoice(Instructor.objects.order_by("name"), label=_("Instructor"))
    letter = forms.CharField(label=_("Number of the assignment letter"), max_length=120, required=False)
    letter_on = DateField(label=_("Date of the letter"), required=False)


class AssignmentRows(row_formset(AssignmentRow, max_num=20)):  # type: ignore[misc]
    heading = _("Instructors")
    add_label = _("Add an instructor")


class BatchForm(ActionModelForm):
    owned_choices = ("region",)
    sections = (
        (_("Batch"), ("activity", "region", "number", "mode")),
        (_("Place and time"), ("venue", "starts_on", "ends_on", "capacity")),
    )
    rows = {"instructors": AssignmentRows}
    activity = ActivityChoice(Activity.objects.filter(programme__status="dibuka").select_related("programme"), label=_("Activity"))
    capacity = QuantityField(
        label=_("Capacity"),
        help_text=_("How many people the batch can take. Leave empty when nobody has set it."),
        min_value=1,
        max_value=9_999,
        required=False,
    )

    class Meta:
        model = Batch
        fields = ("activity", "region", "number", "mode", "venue", "starts_on", "ends_on", "capacity")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, Batch):  # people are enrolled for this activity and region: they stay
            del self.fields["activity"], self.fields["region"]
            if self.subject.sessions.exists():  # it begins and ends with its days
                del self.fields["starts_on"], self.fields["ends_on"]
            return
        self.fields["number"].required = False
        self.fields["number"].initial = None
        self.fields["number"].help_text = _("Left empty it gets the next number.")
        if self.user.region.is_district:
            self.fields["region"].initial = self.user.region


class EnrolForm(ActionForm):
    """Somebody of the register."""

    owned_choices = ("participant",)
    participant = SearchedChoiceField(
        Participant.objects.select_related("region"), suggestions="trainings:participant_suggestions", label=_("Name or business")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="daftar_%s", **kwargs)  # beside the form of a new person
        field = self.fields["participant"]
        assert isinstance(field, SearchedChoiceField)
        field.queryset = field.queryset.filter(region__path__startswith=self.subject.region.path)  # type: ignore[union-attr]


class EnrolNewForm(AsksForDuplicates, PersonForm):
    """Somebody who is not in the register yet, recorded with the enrolment. The district is asked for only where it is not plain."""

    makes = Participant

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.subject.region.is_district:
            del self.fields["region"]
        else:
            field = self.fields["region"]
            assert isinstance(field, forms.ModelChoiceField)
            assert field.queryset is not None
            field.queryset = field.queryset.filter(path__startswith=self.subject.region.path)

    def instead(self, own: set[int]) -> Mapping[int, Any]:
        """Whoever lies in the batch's region and has no place in the activity yet is enrolled, or nominated."""
        batch = self.subject
        taken = Enrolment.objects.live().filter(activity=batch.activity_id, participant=OuterRef("pk"))
        free = Participant.objects.filter(pk__in=own, region__path__startswith=batch.region.path).exclude(Exists(taken))
        label = _("Enrol this one") if may_decide(batch.activity, by=self.user) else _("Nominate this one")
        return dict.fromkeys(free.values_list("pk", flat=True), label)

    def default_region(self) -> Region:
        region: Region = self.subject.region
        return region


class InstructorForm(ActionModelForm):
    owned_choices = ("region",)
    phone = PhoneField(label=_("Mobile phone"))

    class Meta:
        model = Instructor
        fields = ("region", "name", "expertise", "phone")

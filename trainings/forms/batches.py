from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import ActionForm, ActionModelForm
from trainings.forms.duplicates import AsksForDuplicates
from trainings.forms.fields import PhoneField
from trainings.forms.participants import PersonForm
from trainings.models import Activity, Batch, Instructor, Participant, Region


class ActivityChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.programme}"


class InstructorsChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.expertise}" if obj.expertise else obj.name


class BatchForm(ActionModelForm):
    owned_choices = ("region",)
    sections = (
        (_("Batch"), ("activity", "region", "number", "mode")),
        (_("Place and time"), ("venue", "starts_on", "ends_on")),
        (_("Instructors"), ("instructors",)),
    )
    activity = ActivityChoice(Activity.objects.filter(programme__status="dibuka").select_related("programme"), label=_("Activity"))
    instructors = InstructorsChoice(Instructor.objects.order_by("name"), label=_("Instructors"), required=False)

    class Meta:
        model = Batch
        fields = ("activity", "region", "number", "mode", "venue", "starts_on", "ends_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, Batch):  # people are enrolled for this activity and region: they stay
            del self.fields["activity"], self.fields["region"]
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

    def default_region(self) -> Region:
        region: Region = self.subject.region
        return region


class InstructorForm(ActionModelForm):
    owned_choices = ("region",)
    phone = PhoneField(label=_("Mobile phone"))

    class Meta:
        model = Instructor
        fields = ("region", "name", "expertise", "phone")

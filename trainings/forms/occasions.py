from __future__ import annotations

from functools import cached_property, partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import CHOOSE, ActionForm, ActionModelForm, RowModelForm, row_formset
from trainings.models import Occasion, OccasionFile, OccasionGuest, Office, Participant, Pipeline


class GuestRow(RowModelForm):
    """`offices`: those within reach, read once for all rows."""

    office = forms.TypedChoiceField(label=_("Office"), required=False, empty_value=None)
    participant = SearchedChoiceField(
        Participant.objects.all(), suggestions="trainings:participant_suggestions", label=_("Participant of the register"), required=False
    )

    class Meta:
        model = OccasionGuest
        fields = ("name", "position", "participant")

    def __init__(self, *args: Any, offices: dict[int, Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["office"]
        field.choices = [("", CHOOSE), *((str(pk), str(office)) for pk, office in offices.items())]
        field.coerce = partial(_office_of, offices)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.has_changed() and not any(cleaned.get(name) for name in ("name", "office", "participant")):
            raise forms.ValidationError(_("Name the person, the participant or the office."))
        return cleaned


def _office_of(offices: dict[int, Office], pk: str) -> Office:
    """A `ValueError` is what the field puts its sentence for; it asks before it has looked whether that is one of the choices."""
    try:
        return offices[int(pk)]
    except KeyError:
        raise ValueError(pk) from None


class GuestRows(row_formset(GuestRow, max_num=200)):  # type: ignore[misc]
    heading = _("Those present")
    add_label = _("Add a person or office")


class OccasionForm(ActionModelForm):
    owned_choices = ("region",)
    rows = {"guests": GuestRows}
    sections = (
        (_("Event"), ("region", "name", "happened_on", "place", "organiser", "minutes")),
        (_("Source"), ("source", "published_on")),
    )

    class Meta:
        model = Occasion
        fields = ("region", "name", "happened_on", "place", "organiser", "minutes", "source", "published_on")
        widgets = {"minutes": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "happened_on": _("The day on which it took place."),
            "published_on": _("The day on which the source was printed; another date than the event's."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].initial = self.user.region

    def row_kwargs(self, name: str) -> dict[str, Any]:
        return {"offices": self.offices}

    @cached_property
    def offices(self) -> dict[int, Office]:
        """Within reach, and those that stand on the list already."""
        within = Office.objects.for_user(self.user)
        if isinstance(self.subject, Occasion):
            within = within | Office.objects.filter(pk__in=self.subject.guests.values("office"))
        return {office.pk: office for office in within.select_related("region").distinct()}


class PipelinesChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        number = obj.licence.number if obj.licence else ""
        return " · ".join(str(part) for part in (obj.enterprise, obj.enterprise.region.short_name, obj.get_kind_display(), number) if part)


class HandOverForm(ActionForm):
    """Certificates that were won by the day of the event and that nobody has been given yet."""

    owned_choices = ("pipelines",)
    pipelines = PipelinesChoice(Pipeline.objects.none(), label=_("Certificates"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        won = Pipeline.objects.owned_by(self.user).filter(
            status=Pipeline.Status.PASSED, handed__isnull=True, ended_on__lte=self.subject.happened_on
        )
        choice: Any = self.fields["pipelines"]
        choice.queryset = won.select_related("enterprise__region", "licence").order_by("enterprise__sort_name", "pk")


class OccasionFileForm(ActionForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=OccasionFile.Kind.choices)
    file = forms.FileField(label=_("File (PDF or photo)"))
    caption = forms.CharField(label=_("Caption"), max_length=160, required=False)

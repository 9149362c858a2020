"""The form of a day's output, made for a phone: few fields, numeric keypads, photos that may already have been sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, DateField, QuantityField
from production.actions.output import MakerPart
from production.batches import district_of, makers_of
from production.models import OutputEntry, OutputLine, Product
from trainings.models import Batch, Participant, Region, User


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files at once. The view keeps each by its own action; here they are only counted."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [file for file in (data if isinstance(data, list) else [data]) if file]


class OutputFields(ActionForm):
    """What recording and editing share. `batch` says whose makers are listed."""

    made_on = DateField(label=_("Production date"))
    good = QuantityField(label=_("Good"))
    rejected = QuantityField(label=_("Rejected by the maker"), required=False, help_text=_("Leave empty when there is none."))
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    photos = PhotosField(label=_("Photos"), required=False)

    def __init__(self, *args: Any, batch: Batch, user: User, **kwargs: Any) -> None:
        self.batch = batch
        self.photo_problems: list[str] = []
        super().__init__(*args, user=user, **kwargs)
        self.fields["made_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["photos"].widget.attrs.update(accept="image/*", multiple=True)
        self.makers = self._makers()
        for maker in self.makers:
            self.fields[_maker_field(maker)] = QuantityField(label=maker.name, required=False)
            self.fields[_maker_field(maker)].widget.attrs["data-part"] = ""
        self.fields["good"].widget.attrs["data-whole"] = ""

    def _makers(self) -> list[Participant]:
        return makers_of(self.batch, district_of(self.batch, self.user))

    def label_with_unit(self, unit: str) -> None:
        for name in ("good", "rejected"):
            self.fields[name].label = format_lazy("{label} ({unit})", label=self.fields[name].label, unit=unit)

    def maker_fields(self) -> list[tuple[Participant, forms.BoundField]]:
        return [(maker, self[_maker_field(maker)]) for maker in self.makers]

    @property
    def is_broken_down(self) -> bool:
        """Somebody has already typed a maker's part, or one is wrong: the section opens by itself."""
        return any(field.value() not in (None, "") or field.errors for _maker, field in self.maker_fields())

    def clean(self) -> dict[str, Any]:
        for problem in self.photo_problems:
            self.add_error("photos", problem)
        return self.cleaned_data

    def action_kwargs(self) -> dict[str, Any]:
        values = self.cleaned_data
        parts = [MakerPart(maker, values[_maker_field(maker)]) for maker in self.makers if values[_maker_field(maker)]]
        named = {name: values[name] for name in ("made_on", "good", "note")}
        return {**named, "rejected": values["rejected"] or 0, "parts": parts, "form_key": values["key"]}


class OutputForm(OutputFields):
    """A new report of a batch."""

    product = forms.ModelChoiceField(Product.objects.all(), label=_("Product"))
    region = forms.ModelChoiceField(Region.objects.all(), label=_("Kabupaten/kota"))
    field_order = ("product", "region", "made_on")

    def __init__(self, *args: Any, subject: Batch, **kwargs: Any) -> None:
        super().__init__(*args, batch=subject, subject=subject, **kwargs)
        self.fields["made_on"].initial = timezone.localdate
        self._choose_product()
        if district_of(self.batch, self.user) is not None:
            del self.fields["region"]
            return
        within = Region.objects.owned_by(self.user).filter(path__startswith=self.batch.region.path)
        self.fields["region"].queryset = within.filter(kind__in=(Region.Kind.KABUPATEN, Region.Kind.KOTA))  # type: ignore[attr-defined]

    def _choose_product(self) -> None:
        """When the activity makes one thing only, it is not a question."""
        field = self.fields["product"]
        made = list(field.queryset.active().made_in(self.batch.activity))  # type: ignore[attr-defined]
        field.queryset = field.queryset.filter(pk__in=[product.pk for product in made])  # type: ignore[attr-defined]
        self.only_product = made[0] if len(made) == 1 else None
        if self.only_product is not None:
            field.initial = self.only_product
            field.widget = forms.HiddenInput()
            self.label_with_unit(self.only_product.unit)

    def action_kwargs(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in ("product", "region") if name in self.fields}
        return super().action_kwargs() | chosen


class OutputEditForm(OutputFields):
    """A draft or a returned report; its product and district stay."""

    def __init__(self, *args: Any, subject: OutputEntry, **kwargs: Any) -> None:
        self.entry = subject
        super().__init__(*args, batch=subject.batch, subject=subject, **kwargs)
        self.label_with_unit(subject.product.unit)
        parts = {line.participant_id: line.good for line in subject.lines.all() if line.participant_id}
        for maker in self.makers:
            self.fields[_maker_field(maker)].initial = parts.get(maker.pk)

    def _makers(self) -> list[Participant]:
        """Whoever is enrolled now, and whoever was named in the report and has left since."""
        enrolled = makers_of(self.batch, self.entry.region)
        known = {maker.pk for maker in enrolled}
        return enrolled + [line.participant for line in self.entry.lines.all() if line.participant and line.participant_id not in known]


class ConfirmForm(ActionForm):
    """An act that asks nothing further: submit, withdraw, throw away."""


class CancelOutputForm(ActionForm):
    """Why a report is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CorrectionForm(ActionForm):
    """A signed difference to one line of a verified report."""

    line = forms.ModelChoiceField(OutputLine.objects.all(), label=_("Maker"), empty_label=None)
    difference = QuantityField(label=_("Difference"), min_value=None, help_text=_("With its sign: −5 takes five off, 3 adds three."))
    corrected_on = DateField(label=_("Date of the correction"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, subject: OutputEntry, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        lines = OutputLine.objects.filter(entry=subject).select_related("participant")
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]
        self.fields["line"].label_from_instance = _line_label  # type: ignore[attr-defined]
        self.fields["corrected_on"].initial = timezone.localdate
        self.fields["difference"].label = format_lazy("{label} ({unit})", label=_("Difference"), unit=subject.product.unit)


class CorrectionEditForm(ActionForm):
    """A correction that came back or was withdrawn: its difference and its reason."""

    difference = QuantityField(label=_("Difference"), min_value=None, help_text=_("With its sign: −5 takes five off, 3 adds three."))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, subject: OutputEntry, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        self.fields["difference"].initial, self.fields["reason"].initial = subject.good, subject.note


def _line_label(line: OutputLine) -> str:
    return str(_("%(maker)s: verified %(quantity)s")) % {"maker": line.maker_name, "quantity": line.verified_quantity}


def _maker_field(maker: Participant) -> str:
    return f"maker_{maker.pk}"

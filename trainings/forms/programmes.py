from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, ActionModelForm, QuantityField
from trainings.models import Activity, ActivityDistrict, Programme, Region


class ProgrammeForm(ActionModelForm):
    owned_choices = ("region",)
    sections = (
        (_("Programme"), ("region", "name", "year", "code", "starts_on", "ends_on")),
        (_("Money"), ("fund", "fund_quote", "origin_office")),
        (_("Before goods are handed over"), ("requires_inspection", "requires_purchase")),
    )

    class Meta:
        model = Programme
        fields = (
            "region",
            "name",
            "year",
            "code",
            "starts_on",
            "ends_on",
            "fund",
            "fund_quote",
            "origin_office",
            "requires_inspection",
            "requires_purchase",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, Programme):  # region and code stand in documents and reports: they stay
            del self.fields["region"], self.fields["code"]
            if self.subject.lots.exists():  # goods that passed the gates as they stood, or wait before one
                del self.fields["requires_inspection"], self.fields["requires_purchase"]
        else:
            self.fields["code"].required = False
            self.fields["code"].help_text = _("Short, without spaces, for example ikm-2020. Left empty it is made from name and year.")


OWN_FIELDS = ("programme", "name", "description", "is_by_nomination", "attendance_share")


@dataclass(frozen=True)
class DistrictRow:
    """One line of the table of districts."""

    region: Region
    enrolled: int
    takes_part: forms.BoundField
    quota: forms.BoundField
    reason: forms.BoundField


class ActivityForm(ActionForm):
    """An activity and, in one table, the districts that take part with their quotas."""

    is_wide = True

    owned_choices = ("programme",)
    programme = forms.ModelChoiceField(Programme.objects.open(), label=_("Programme"))
    name = forms.CharField(label=_("Name"), max_length=160)
    description = forms.CharField(label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    is_by_nomination = forms.BooleanField(
        label=_("Participants are nominated by the kabupaten/kota and accepted by the province"),
        help_text=_("Otherwise the kabupaten/kota fills its places itself."),
        initial=True,
        required=False,
    )
    attendance_share = QuantityField(
        label=_("Share of attendance for a certificate (%)"),
        help_text=_("Who was present on at least this share of the training days earns a certificate."),
        min_value=1,
        max_value=100,
        initial=80,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, Activity):
            del self.fields["programme"]
        for region in self.districts:
            part = self.parts.get(region.pk)
            self._add_row(region, part)

    @cached_property
    def districts(self) -> list[Region]:
        """Those of the programme; of the own region while no programme is chosen."""
        root = self.subject.programme.region if isinstance(self.subject, Activity) else self._chosen_region()
        return list(Region.objects.districts().for_user(self.user).below(root).order_by("kemendagri_code"))

    @cached_property
    def parts(self) -> dict[int, ActivityDistrict]:
        return {part.region_id: part for part in self.subject.districts.all()} if isinstance(self.subject, Activity) else {}

    def _chosen_region(self) -> Region:
        """Of the programme that was sent or stands in the address."""
        chosen = str(self.data.get("programme") or self.initial.get("programme") or "")
        programmes = Programme.objects.for_user(self.user).select_related("region")
        programme = programmes.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
        region: Region = programme.region if programme else self.user.region
        return region

    def _add_row(self, region: Region, part: ActivityDistrict | None) -> None:
        code = region.kemendagri_code
        self.fields[f"takes_part_{code}"] = forms.BooleanField(
            label=_("%(region)s takes part") % {"region": region}, required=False, initial=part is not None
        )
        self.fields[f"quota_{code}"] = QuantityField(
            label=_("Quota of %(region)s") % {"region": region}, required=False, initial=part.quota if part else None
        )
        self.fields[f"reason_{code}"] = forms.CharField(
            label=_("Why %(region)s was chosen") % {"region": region}, required=False, max_length=250, initial=part.reason if part else ""
        )

    def district_rows(self) -> Iterator[DistrictRow]:
        for region in self.districts:
            part, code = self.parts.get(region.pk), region.kemendagri_code
            yield DistrictRow(
                region, part.enrolled if part else 0, self[f"takes_part_{code}"], self[f"quota_{code}"], self[f"reason_{code}"]
            )

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The districts stand in a table of their own."""
        return [("", [self[name] for name in OWN_FIELDS if name in self.fields])]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for region in self.districts:
            code = region.kemendagri_code
            if cleaned.get(f"quota_{code}") is not None and not cleaned.get(f"takes_part_{code}"):
                self.add_error(f"takes_part_{code}", _("%(region)s has a quota: tick that it takes part.") % {"region": region})
        return cleaned

    def action_kwargs(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        values: dict[str, Any] = {name: cleaned[name] for name in OWN_FIELDS if name in self.fields}
        values["districts"] = [
            {"region": region, "quota": cleaned[f"quota_{code}"], "reason": cleaned[f"reason_{code}"]}
            for region in self.districts
            if cleaned[f"takes_part_{(code := region.kemendagri_code)}"]
        ]
        return values

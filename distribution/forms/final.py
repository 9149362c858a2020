from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.models import FinalReport
from ikm_program.chapters import CHAPTERS, FOREWORD, Section
from ikm_program.forms import ActionForm, DateField
from trainings.models import Official, Programme, Region

PREFIX = "teks-"


class FinalStartForm(ActionForm):
    """Of which programme, for which region, as of which day."""

    programme = forms.ModelChoiceField(Programme.objects.order_by("-year", "name"), label=_("Programme"))
    region = forms.ModelChoiceField(Region.objects.exclude(kind=Region.Kind.COUNTRY), label=_("Region"))
    as_of = DateField(label=_("Figures as of"), initial=timezone.localdate)
    owned_choices = ("region",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].initial = self.user.region


class FinalTextForm(ActionForm):
    """The words of every section, chapter by chapter. Figures, tables and charts come by themselves."""

    as_of = DateField(label=_("Figures as of"))
    signatory = forms.ModelChoiceField(Official.objects.all(), label=_("Signing official"), required=False)
    place = forms.CharField(label=_("Place"), max_length=80, required=False, help_text=_("Left empty, the place of the office."))
    is_wide = True
    is_filter = True  # no "optional" beside every text

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        report: FinalReport = self.subject
        field: Any = self.fields["signatory"]
        field.queryset = Official.objects.filter(office__region=report.region).for_user(self.user).select_related("office")
        for section in self.sections_of_texts():
            text = forms.CharField(
                label=section.title or _("Closing words"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
            )
            text.initial = report.narrative.get(section.code, "")
            self.fields[PREFIX + section.code] = text

    def sections_of_texts(self) -> list[Section]:
        return [FOREWORD, *(section for chapter in CHAPTERS for section in chapter.sections if section.is_narrated)]

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        groups: list[tuple[Any, list[forms.BoundField]]] = [
            (_("Day and signature"), [self[name] for name in ("as_of", "signatory", "place")]),
            (FOREWORD.title, [self[PREFIX + FOREWORD.code]]),
        ]
        for chapter in CHAPTERS:
            fields = [self[PREFIX + section.code] for section in chapter.sections if section.is_narrated]
            groups.append((f"Bab {chapter.number} {chapter.title}", fields))
        return groups

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        texts = {name.removeprefix(PREFIX): values.pop(name) for name in list(values) if name.startswith(PREFIX)}
        return values | {"narrative": texts}

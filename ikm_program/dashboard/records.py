"""Every figure opens its records: the address behind a number, and the page that lists what it was summed from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.reports.breakdown import EXPLAINED, WORDS, Question, as_report, changed_parts, parts_of
from distribution.reports.reconciliation import LABELS, Reconciliation
from ikm_program import reporting
from ikm_program.figure_records import NOTHING_ASKED
from ikm_program.formatting import tanggal_layar
from ikm_program.forms import DateField, HasDressedFields
from ikm_program.views import RecordsScreen
from production.models import Product
from trainings.models import Programme, Region

FIGURE_OF = {word: figure for figure, word in WORDS.items()}


@dataclass(frozen=True)
class Sheet:
    """As a sheet was asked for: its records are those of the same day, known on the same day."""

    result: Reconciliation

    def url(self, figure: str, programme: Programme, product: Product, region: Region | None = None) -> str:
        """The page of the records that a figure was summed from; "" for a figure that has none."""
        if figure == "target":
            target = self.result.targets.get((programme.pk, product.pk))
            return reverse("production:target_detail", kwargs={"pk": target}) if target else ""
        if figure not in EXPLAINED:
            return ""
        asked = {"angka": WORDS[figure], "program": programme.pk, "produk": product.pk}
        if region is not None:
            asked["wilayah"] = region.pk
        asked["per"] = self.result.as_of.isoformat()
        if self.result.known_on:
            asked["diketahui"] = self.result.known_on.isoformat()
        return f"{reverse('reconciliation_records')}?{urlencode(asked)}"


class RecordsForm(HasDressedFields, forms.Form):
    """Which figure of which cell of the reconciliation."""

    angka = forms.ChoiceField(label=_("Figure"), required=False, choices=[(word, LABELS[figure]) for figure, word in WORDS.items()])
    program = forms.ModelChoiceField(Programme.objects.order_by("-year", "name"), label=_("Programme"), required=False)
    produk = forms.ModelChoiceField(Product.objects.order_by("name"), label=_("Product"), required=False)
    wilayah = forms.ModelChoiceField(Region.objects.districts(), label=_("District of origin"), required=False, empty_label=_("All"))
    per = DateField(label=_("As of"), required=False)
    diketahui = DateField(label=_("As known on"), required=False)
    sejak = DateField(required=False, widget=forms.HiddenInput)  # what changed since: the records of the difference
    dicetak = DateField(required=False, widget=forms.HiddenInput)  # with what was known then of the earlier day
    is_filter = True


class FigureRecords(RecordsScreen):
    """The records that add up to one figure, with what each contributes on that day."""

    permission = "production.view_reconciliation"
    place = "reconciliation"
    form_class = RecordsForm
    told_until = ("per", "diketahui", "sejak", "dicetak")

    def get_report(self, **asked: Any) -> reporting.Report:
        figure = FIGURE_OF.get(asked["angka"] or "")
        if figure is None or asked["program"] is None or asked["produk"] is None:
            return NOTHING_ASKED
        day: dt.date = asked["per"] or timezone.localdate()
        question = Question(figure, asked["program"], asked["produk"], asked["wilayah"], day, asked["diketahui"])
        if asked["sejak"] is None:
            return as_report(question, parts_of(question, self.request.user))
        before = replace(question, as_of=asked["sejak"], known_on=asked["dicetak"])
        report = as_report(question, changed_parts(question, before, self.request.user))
        days = {"first": tanggal_layar(before.as_of), "second": tanggal_layar(day)}
        return replace(report, notes=[gettext("What changed from %(first)s to %(second)s.") % days])

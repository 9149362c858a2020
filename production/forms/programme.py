from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import RowForm
from ikm_program.report_screens import KnownParameters
from trainings.models import Programme


class ProgrammeParameters(RowForm):
    """Which programme a report is about."""

    program = forms.ModelChoiceField(Programme.objects.order_by("-year", "name"), label=_("Programme"), required=False, empty_label=None)
    is_filter = True


class KnownProgrammeParameters(KnownParameters, ProgrammeParameters):
    """And as it was recorded by the end of a day."""

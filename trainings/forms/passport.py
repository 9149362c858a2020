from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionModelForm, PeopleField
from trainings.models import ProductLine, WorkforceReport


class ProductLineForm(ActionModelForm):
    class Meta:
        model = ProductLine
        fields = ("name", "beginning", "since", "until", "source")
        help_texts = {
            "name": _("For example cloth masks."),
            "since": _("Left empty: not known."),
            "until": _("Only when it makes it no longer."),
        }


class WorkforceForm(ActionModelForm):
    """Empty is not known; 0 is none."""

    sections: ClassVar = (
        (_("Who says so, and of which day"), ("as_of", "source")),
        (_("Pandemic and workers"), ("is_affected", "kept", "furloughed", "laid_off")),
    )

    class Meta:
        model = WorkforceReport
        fields = ("as_of", "source", "is_affected", "kept", "furloughed", "laid_off")
        field_classes = dict.fromkeys(("kept", "furloughed", "laid_off"), PeopleField)
        help_texts = {
            "kept": _("Left empty: not known. 0: none."),
            "furloughed": _("Sent home and still employed (dirumahkan)."),
            "laid_off": _("Employment ended (PHK)."),
        }

"""Who may sign a report."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from trainings.actions.rules import refuse_wrong_signatory
from trainings.models import Official, Region


def require_signatory(official: Official, region: Region) -> None:
    """A report bears the day on which it is signed: whoever signs is in office on it."""
    if official.office.region_id != region.pk:
        raise Refusal(_("The signing official belongs to the office of the report's region."), field="signatory")
    refuse_wrong_signatory(official, official.office, timezone.localdate(), "signatory")

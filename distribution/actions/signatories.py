"""Who may sign a report."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from trainings.models import Official, Region


def require_signatory(official: Official, region: Region) -> None:
    """A report bears the day on which it is signed: whoever signs is in office on it."""
    may_sign = official.can_sign and official.is_in_office_on(timezone.localdate())
    if official.office.region_id != region.pk or not may_sign:
        raise Refusal(_("The signing official belongs to the office of the report's region and is in office today."), field="signatory")

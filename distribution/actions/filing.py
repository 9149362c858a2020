"""Who sees to it that a paper with both signatures is uploaded."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from distribution.models import Handover
from ikm_program import records
from ikm_program.actions import Refusal, action
from trainings.models import User


@action("distribution.acknowledge_handover")
def assign_filing(handover: Handover, *, by: Any, version: int, owner: User | None) -> Handover:
    """Name who files the signed paper, or nobody: then it waits for whoever of the office records receipts."""
    if not Handover.objects.unfiled().filter(pk=handover.pk).exists():
        raise Refusal(_("The signed paper of this handover is filed, or none is expected."))
    if owner is not None and not possible_owners(handover).filter(pk=owner.pk).exists():
        words = _("This person cannot file the paper: it takes somebody who records receipts there and did not draft it.")
        raise Refusal(words, field="owner")
    return records.update(handover, by=by, version=version, filing_owner=owner)


def possible_owners(handover: Handover) -> Any:
    """Active people above or in the region of the store who may record receipts, and did not draft this one."""
    may = User.objects.get_queryset().who_may("acknowledge_handover", handover.store.region)
    return may.exclude(pk__in=[pk for pk in (handover.created_by_id, handover.edited_by_id) if pk])

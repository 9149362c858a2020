"""Writes about recipients: who may receive goods, and from when until when they exist."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from distribution.models import Recipient
from ikm_program import records
from ikm_program.actions import Refusal, action
from trainings.models import Region


@action("distribution.add_recipient")
def create_recipient(model: type[Recipient], *, by: Any, region: Region, kind: str, name: str, **values: Any) -> Recipient:
    """Write down an institution (or the public) of a region."""
    _refuse_twice(region, name)
    return records.create(model, by=by, region=region, kind=kind, name=name, **values)


@action("distribution.change_recipient")
def update_recipient(recipient: Recipient, *, by: Any, version: int, **values: Any) -> Recipient:
    """Change a recipient. Papers already issued keep what they say."""
    _refuse_twice(values.get("region", recipient.region), values.get("name", recipient.name), besides=recipient)
    return records.update(recipient, by=by, version=version, **values)


def _refuse_twice(region: Region, name: str, besides: Recipient | None = None) -> None:
    same = Recipient.objects.called(name, region=region)
    if besides is not None:
        same = same.exclude(pk=besides.pk)
    if same.exists():
        raise Refusal(_("This region already has a recipient of that name."), field="name")

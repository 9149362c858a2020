"""Decrees (SK) of participants, and the batches each of them names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.uploads import read_evidence
from trainings.actions.rules import require_open, require_within_reach
from trainings.models import Batch, Decree, Office


@action("trainings.add_decree")
def create_decree(
    model: type[Decree], *, by: Any, office: Office, batches: Iterable[Batch] = (), file: File[bytes] | None = None, **values: Any
) -> Decree:
    require_within_reach(office.region, by=by, field="office")
    decree = records.create(model, by=by, office=office, **values)
    if file is not None:
        _keep(decree, file, by=by)
    _cover(decree, batches, by=by)
    return decree


@action("trainings.change_decree")
def update_decree(
    decree: Decree,
    *,
    by: Any,
    version: int,
    batches: Iterable[Batch] | None = None,
    file: File[bytes] | None = None,
    reason: str = "",
    **values: Any,
) -> Decree:
    """`batches` is the whole list of those it covers (None: leave it). Another file in the place of one needs a reason."""
    require_within_reach(decree.office.region, by=by, field="office")
    if "office" in values:
        require_within_reach(values["office"].region, by=by, field="office")
    records.update(decree, by=by, version=version, **values)
    if file is not None:
        if decree.file and not reason.strip():
            raise Refusal(_("The decree is there already. Say why another file takes its place."), "reason")
        _keep(decree, file, by=by, reason=reason)
    if batches is not None:
        _cover(decree, batches, by=by)
    return decree


def _cover(decree: Decree, batches: Iterable[Batch], *, by: Any) -> None:
    wanted = {batch.pk: batch for batch in batches}
    known = {batch.pk: batch for batch in decree.batches.owned_by(by).select_related("region", "activity__programme")}
    for batch in sorted((batch for pk, batch in wanted.items() if pk not in known), key=lambda batch: batch.pk):
        require_within_reach(batch.region, by=by, field="batches")
        require_open(batch.activity.programme)
        if not decree.office.region.covers(batch.region):
            raise Refusal(_("%(office)s does not decide on “%(batch)s”.") % {"office": decree.office, "batch": batch}, "batches")
        if batch.decree_id is not None:
            raise Refusal(_("“%(batch)s” has a decree already: take it out of that one first.") % {"batch": batch}, "batches")
        records.update(batch, by=by, decree=decree)
    for pk in sorted(known.keys() - wanted.keys()):
        records.update(known[pk], by=by, decree=None)


def _keep(decree: Decree, file: File[bytes], *, by: Any, reason: str = "") -> None:
    try:
        accepted = read_evidence(file)
    except ValidationError as error:
        raise Refusal(error.messages[0], "file") from None
    before = {"file_sha256": decree.file_sha256}
    decree.file = ContentFile(accepted.content, name=f"decree.{accepted.extension}")
    decree.file_sha256 = accepted.sha256
    decree.version += 1
    decree.save(update_fields=["file", "file_sha256", "version"])
    audit.record("evidence_added", decree, by=by, before=before, after={"file_sha256": decree.file_sha256}, reason=reason)

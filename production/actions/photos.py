"""Photos sent ahead of their form, one by one, as a poor line allows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from ikm_program import audit
from ikm_program.actions import Refusal, action
from ikm_program.images import clean_photo
from ikm_program.models import IdempotencyKey
from production.models import OutputEntry, OutputPhoto
from trainings.models import Region


@action("production.add_outputentry")
def add_photo(region: Region, *, by: Any, image: File[bytes], upload_key: UUID, form_key: UUID) -> OutputPhoto:
    """Keep a photo, re-encoded. The same upload key sent again (a retry) is the same photo.

    A photo that arrives after its form has been recorded joins the report, as long as nobody has verified it.
    """
    known = OutputPhoto.objects.filter(uploaded_by=by, upload_key=upload_key).first()
    if known is not None:
        return known
    try:
        photo = clean_photo(image)
    except ValidationError as error:
        raise Refusal(error.messages[0], field="image") from None
    entry = _recorded_with(form_key, by)
    row = OutputPhoto(
        entry=entry,
        uploaded_by=by,
        upload_key=upload_key,
        form_key=form_key,
        region=entry.region if entry else region,
        sha256=photo.sha256,
    )
    row.image.save("photo.jpg", ContentFile(photo.content), save=True)
    if entry is None:
        transaction.on_commit(lambda: join_late(form_key, by))
    return row


def join_late(form_key: UUID, by: Any) -> None:
    """Asked by both after they have committed: a photo and its form that arrived at the same moment did not see each other."""
    entry = _recorded_with(form_key, by)
    if entry is not None:
        OutputPhoto.objects.filter(form_key=form_key, uploaded_by=by, entry=None).update(entry=entry, region=entry.region)


def _recorded_with(form_key: UUID, by: Any) -> OutputEntry | None:
    """The report that the form of this key has already made."""
    claim = IdempotencyKey.objects.filter(user=by, key=form_key).first()
    entry = claim.record if claim is not None else None
    return entry if isinstance(entry, OutputEntry) and entry.status != OutputEntry.Status.VERIFIED else None


@action("production.change_outputentry")
def remove_photo(photo: OutputPhoto, *, by: Any) -> None:
    """Take a photo off a report that is not yet submitted; the file stays with nobody pointing to it until the nightly clean-up."""
    if photo.entry is not None and photo.entry.status not in (OutputEntry.Status.DRAFT, OutputEntry.Status.RETURNED):
        raise Refusal(_("A submitted report keeps its photos."))
    audit.record("photo_removed", photo.entry or photo, by=by, before={"sha256": photo.sha256})
    photo.delete()

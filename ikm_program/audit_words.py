"""The audit trail in words: what was done, to what kind of record, and what changed in which field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.roles import ROLES

GRANTED = frozenset(permission for role in ROLES.values() for permission in role.permissions)

Text = str | Promise
_RECORD = re.compile(r"(\w+\.\w+) \d+")  # what a paper is about, as the trail keeps it: "distribution.handover 7"
TECHNICAL = frozenset(
    {"id", "key", "object_id", "record_id", "region_path", "search_key", "sent_away", "sort_name", "source_id", "token", "token_hash"}
    | {"left_region", "right_region", "loser_region", "survivor_region"}
)

VERB_LABELS: dict[str, Text] = {
    "admin_added": gettext_lazy("Added in the administration"),
    "admin_changed": gettext_lazy("Changed in the administration"),
    "allocated": gettext_lazy("Divided over the districts"),
    "attendance_corrected": gettext_lazy("Attendance corrected"),
    "changed": gettext_lazy("Changed"),
    "computed": gettext_lazy("Computed"),
    "created": gettext_lazy("Recorded"),
    "day_closed": gettext_lazy("Day closed"),
    "deleted": gettext_lazy("Deleted"),
    "discarded": gettext_lazy("Draft discarded"),
    "nik_printed": gettext_lazy("Printed with whole NIKs"),
    "receipt_withdrawn": gettext_lazy("Receipt taken back"),
    "delivery_short": gettext_lazy("Fewer arrived than were sent"),
    "document_issued": gettext_lazy("Document issued"),
    "download": gettext_lazy("Downloaded"),
    "bundle_asked": gettext_lazy("Asked for papers as ZIP"),
    "edited": gettext_lazy("Changed"),
    "evaluated": gettext_lazy("Evaluation decided on"),
    "evidence_added": gettext_lazy("Evidence uploaded"),
    "exported_in_full": gettext_lazy("Downloaded with full numbers"),
    "file_damaged": gettext_lazy("Damaged file noticed"),
    "file_stored": gettext_lazy("PDF stored"),
    "goods_received": gettext_lazy("Goods received"),
    "imported": gettext_lazy("Entered from a file"),
    "left_to_the_office": gettext_lazy("Left to the office to settle"),
    "lines_changed": gettext_lazy("Items changed"),
    "link_taken_back": gettext_lazy("Link taken back"),
    "marked_distinct": gettext_lazy("Marked as no duplicate"),
    "merged": gettext_lazy("Another record merged into it"),
    "merged_away": gettext_lazy("Merged into another record"),
    "password_changed": gettext_lazy("Password changed"),
    "password_link_made": gettext_lazy("Password link made"),
    "password_set": gettext_lazy("Password set"),
    "photo_removed": gettext_lazy("Photo removed"),
    "product_linked": gettext_lazy("Product linked"),
    "product_unlinked": gettext_lazy("Product unlinked"),
    "recorded": gettext_lazy("Recorded"),
    "refused": gettext_lazy("Refused"),
    "reveal": gettext_lazy("Shown in full"),
    "roles_changed": gettext_lazy("Roles changed"),
    "sent_by_link": gettext_lazy("Confirmed by the receiver through a link"),
    "sign_in": gettext_lazy("Signed in"),
    "sign_in_failed": gettext_lazy("Sign-in refused"),
    "sign_out": gettext_lazy("Signed out"),
    "statement_set_aside": gettext_lazy("Report set aside"),
    "status": gettext_lazy("New status"),
    "unmerged": gettext_lazy("Merge undone"),
}
# Keys of before and after that are no fields of their record, or fields that were given no name.
KEY_LABELS: dict[str, Text] = {
    "acknowledged": gettext_lazy("received"),
    "arms": gettext_lazy("arms"),
    "baru": gettext_lazy("new"),
    "berubah": gettext_lazy("changed"),
    "cancelled_by": gettext_lazy("cancelled by"),
    "carried": gettext_lazy("carried over"),
    "changes": gettext_lazy("changes"),
    "closed_by": gettext_lazy("closed by"),
    "codename": gettext_lazy("permission"),
    "content": gettext_lazy("content"),
    "corrects": gettext_lazy("corrects"),
    "dilewati": gettext_lazy("left out"),
    "districts": gettext_lazy("kabupaten/kota"),
    "document_on": gettext_lazy("date"),
    "document_sha256": gettext_lazy("hash of the file"),
    "documents": gettext_lazy("list of papers"),
    "dropped": gettext_lazy("left out"),
    "evidence_sha256": gettext_lazy("hash of the file"),
    "expected": gettext_lazy("hash on record"),
    "file": gettext_lazy("file"),
    "file_sha256": gettext_lazy("hash of the file"),
    "findings": gettext_lazy("findings"),
    "format": gettext_lazy("file format"),
    "found": gettext_lazy("hash that was found"),
    "groups": gettext_lazy("roles"),
    "guests": gettext_lazy("those present"),
    "instructors": gettext_lazy("instructors"),
    "is_live": gettext_lazy("in force"),
    "kind": gettext_lazy("kind"),
    "licences": gettext_lazy("licences"),
    "line": gettext_lazy("item"),
    "lines": gettext_lazy("items"),
    "lots": gettext_lazy("chosen lots"),
    "mark": gettext_lazy("mark"),
    "marks": gettext_lazy("marks"),
    "members": gettext_lazy("members of the team"),
    "missing": gettext_lazy("missing"),
    "nik": "NIK",
    "number": gettext_lazy("number"),
    "outcome": gettext_lazy("outcome"),
    "papers": gettext_lazy("papers"),
    "parent": gettext_lazy("earlier step"),
    "pays_for": gettext_lazy("pays for"),
    "pending": gettext_lazy("awaiting verification"),
    "people": gettext_lazy("people"),
    "person_days": gettext_lazy("person-days"),
    "photo_sha256": gettext_lazy("hash of the file"),
    "product": gettext_lazy("product"),
    "purpose": gettext_lazy("purpose"),
    "quantities": gettext_lazy("quantities"),
    "quantity": gettext_lazy("quantity"),
    "query": gettext_lazy("choice"),
    "reasons": gettext_lazy("reasons"),
    "received": gettext_lazy("received"),
    "record": gettext_lazy("record"),
    "recovers": gettext_lazy("recovers"),
    "references": gettext_lazy("references"),
    "regions": gettext_lazy("regions whose goods or people it carries"),
    "rejected": gettext_lazy("rejected"),
    "report": gettext_lazy("report"),
    "reported": gettext_lazy("reported"),
    "reports": gettext_lazy("reports"),
    "returned": gettext_lazy("returned to stock"),
    "roles": gettext_lazy("roles"),
    "rows": gettext_lazy("rows"),
    "sama": gettext_lazy("the same"),
    "scan_sha256": gettext_lazy("hash of the file"),
    "sha256": gettext_lazy("hash of the content"),
    "subject": gettext_lazy("what it is about"),
    "submitted_by": gettext_lazy("submitted by"),
    "tax_rate": gettext_lazy("tax rate"),
    "title": gettext_lazy("title"),
    "to": gettext_lazy("to"),
    "topics": gettext_lazy("topics"),
    "uploaded_by": gettext_lazy("uploaded by"),
    "username": gettext_lazy("user name"),
    "verified": gettext_lazy("verified"),
    "witnesses": gettext_lazy("witnesses"),
    "written_off": gettext_lazy("written off"),
}


def model_of(label: str) -> type[models.Model] | None:
    """The model of an event; None for a kind that no longer exists."""
    try:
        return apps.get_model(label) if label else None
    except LookupError:
        return None


def deed(event: Any) -> str:
    """What was done: the new status for a step (or what the model's `DEEDS` calls the step), else the verb's own word."""
    kind, _colon, rest = event.verb.partition(":")
    if kind == "status":
        model = model_of(event.model)
        step = getattr(model, "DEEDS", {}).get((event.before.get("status"), rest))
        states = getattr(model, "Status", None)
        return str(step or (dict(states.choices).get(rest, rest) if states else rest))
    return str(VERB_LABELS.get(kind, kind))


def kind_label(model: str) -> str:
    """What kind of record it is about."""
    found = model_of(model)
    return str(capfirst(found._meta.verbose_name)) if found else ""


def verb_choices(verbs: Mapping[str, Any] | list[str]) -> list[tuple[str, Text]]:
    """The words that can be asked for, each once: two verbs of one word are one choice (see `verbs_like`)."""
    kinds = {str(VERB_LABELS.get(kind, kind)): kind for kind in reversed([verb.partition(":")[0] for verb in verbs])}
    return sorted(((kind, word) for word, kind in kinds.items()), key=lambda choice: str(choice[1]))


def verbs_like(kind: str) -> list[str]:
    """Every verb that is called by the same word."""
    word = VERB_LABELS.get(kind)
    return [verb for verb, label in VERB_LABELS.items() if label == word] if word else [kind]


def changes(event: Any) -> list[tuple[str, str, str]]:
    """Before and after of an event, field by field: (label, before, after), "" where nothing stood."""
    model = model_of(event.model)
    names = sorted(name for name in {*event.before, *event.after} if not is_technical(name))
    return [
        (_label(model, name), in_words(model, name, event.before.get(name)), in_words(model, name, event.after.get(name))) for name in names
    ]


def _field(model: type[models.Model] | None, name: str) -> Any:
    if model is None:
        return None
    try:
        return model._meta.get_field(name.removesuffix("_id"))
    except FieldDoesNotExist:
        return None


def is_technical(name: str) -> bool:
    """What tells a reader nothing: keys of rows, and columns that the database searches or compares by."""
    return name in TECHNICAL or name.endswith(("_pk", "_id_copy"))


def word_for(model: type[models.Model] | None, name: str) -> Text | None:
    """What a key of before and after is called: by its field's name, by `KEY_LABELS`, or by what it points to; else None."""
    own = getattr(_field(model, name), "verbose_name", None)
    if isinstance(own, Promise) or (isinstance(own, str) and own.isupper()):  # the others Django makes of the field's name
        return own
    target = getattr(_field(model, name), "related_model", None)
    return KEY_LABELS.get(name) or (target._meta.verbose_name if target else None)


def _label(model: type[models.Model] | None, name: str) -> str:
    return str(capfirst(str(word_for(model, name) or name.replace("_", " "))))


def in_words(model: type[models.Model] | None, name: str, value: Any) -> str:
    """A stored value as a person reads it: the word of a choice, a date, yes or no."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return str(value) if name == "year" or name.endswith("_year") else jumlah(value)
    if name == "subject" and (found := _RECORD.fullmatch(str(value))):
        return kind_label(found[1])
    if isinstance(value, dict):
        return ", ".join(f"{key}: {in_words(None, '', part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(part if isinstance(part, str) else in_words(None, "", part) for part in value)
    choices = dict(getattr(_field(model, name), "flatchoices", None) or ())
    return str(choices.get(value) or _as_date(value) or value)


def _as_date(text: Any) -> str:
    """15 Juni 2020 for what is stored as 2020-06-15; "" for anything else."""
    try:
        moment, day = parse_datetime(str(text)), parse_date(str(text))
    except ValueError:
        return ""
    if isinstance(moment, dt.datetime) and "T" in str(text):
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        return f"{tanggal_layar(local)} {local:%H.%M}"
    return tanggal_layar(day) if day else ""


def record_url(event: Any, user: Any) -> str:
    """The page of the record an event is about, where its address follows from its key alone and this person may open it."""
    model: Any = model_of(event.model)
    if model is None or not hasattr(model, "get_absolute_url") or not event.object_id:
        return ""
    permission = f"{model._meta.app_label}.view_{model._meta.model_name}"
    if permission in GRANTED and not user.has_perm(permission):  # accounts, for one, are the administrator's
        return ""
    try:
        return str(model(pk=event.object_id).get_absolute_url())
    except (NoReverseMatch, ObjectDoesNotExist, AttributeError, AssertionError):
        return ""

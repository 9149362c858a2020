"""The audit trail in words: what was done, to what kind of record, and what changed in which field."""

from __future__ import annotations

import datetime as dt
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
# Keys of before and after that are no fields of their record.
KEY_LABELS: dict[str, Text] = {
    "carried": gettext_lazy("carried over"),
    "codename": gettext_lazy("permission"),
    "corrects": gettext_lazy("corrects"),
    "districts": gettext_lazy("kabupaten/kota"),
    "document_on": gettext_lazy("date"),
    "file_sha256": gettext_lazy("hash of the file"),
    "findings": gettext_lazy("findings"),
    "format": gettext_lazy("file format"),
    "groups": gettext_lazy("roles"),
    "guests": gettext_lazy("those present"),
    "licences": gettext_lazy("licences"),
    "lines": gettext_lazy("items"),
    "lots": gettext_lazy("chosen lots"),
    "members": gettext_lazy("members of the team"),
    "outcome": gettext_lazy("outcome"),
    "marks": gettext_lazy("marks"),
    "baru": gettext_lazy("new"),
    "berubah": gettext_lazy("changed"),
    "dilewati": gettext_lazy("left out"),
    "number": gettext_lazy("number"),
    "person_days": gettext_lazy("person-days"),
    "product": gettext_lazy("product"),
    "quantities": gettext_lazy("quantities"),
    "query": gettext_lazy("choice"),
    "reasons": gettext_lazy("reasons"),
    "record": gettext_lazy("record"),
    "regions": gettext_lazy("regions whose goods or people it carries"),
    "report": gettext_lazy("report"),
    "roles": gettext_lazy("roles"),
    "rows": gettext_lazy("rows"),
    "sama": gettext_lazy("the same"),
    "sha256": gettext_lazy("hash of the content"),
    "subject": gettext_lazy("what it is about"),
    "topics": gettext_lazy("topics"),
    "username": gettext_lazy("user name"),
    "witnesses": gettext_lazy("witnesses"),
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
    names = sorted({*event.before, *event.after})
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


def _label(model: type[models.Model] | None, name: str) -> str:
    label = getattr(_field(model, name), "verbose_name", None) or KEY_LABELS.get(name) or name.replace("_", " ")
    return str(capfirst(str(label)))


def in_words(model: type[models.Model] | None, name: str, value: Any) -> str:
    """A stored value as a person reads it: the word of a choice, a date, yes or no."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return jumlah(value)
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

"""The audit trail: every state change, sign-in, export and reveal is one event in the transaction that made it, hash-chained.

Events gathered while an action runs are written at its end, so that the head of the chain is the last row any action locks.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone

from ikm_program import tallies
from ikm_program.transactions import write_transaction

if TYPE_CHECKING:
    from ikm_program.models import AuditEvent, AuditEventQuerySet

GENESIS = "0" * 64
# Sixteen digits, with or without the spaces, dots and dashes people write between them, and no further digit at either end.
_NIK = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){15}(?!\d)")
_EARLY_NIK = re.compile(r"(?<!\d)(?<!\d[ .\-])\d(?:[ .\-]?\d){15}(?![ .\-]?\d)")  # what events were masked by before, hashes too
_HASH = re.compile(r"[0-9a-f]{64}")  # one in a hundred holds sixteen digits in a row, and is nobody's number
_pending: contextvars.ContextVar[list[Event] | None] = contextvars.ContextVar("pending_audit_events", default=None)


@dataclass(frozen=True)
class Event:
    """What happened, before it has a place in the chain."""

    verb: str
    by_id: int | None
    model: str = ""
    object_id: str = ""
    label: str = ""
    region_path: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def record(
    verb: str,
    obj: models.Model | None,
    *,
    by: Any,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    region_path: str = "",
) -> None:
    """Note that `by` did `verb` to `obj`. Inside an action it is written with the action, elsewhere at once.

    `region_path` says where it belongs when neither `obj` nor `by` does.
    """
    event = _event(verb, obj, by, before or {}, after or {}, reason)
    if region_path:
        event = replace(event, region_path=region_path)
    pending = _pending.get()
    if pending is None:
        write_transaction(lambda: _write([event]))
    else:
        pending.append(event)


def record_refusal(name: str, subject: Any, *, by: Any, reason: str) -> None:
    """A refusal is written after its own transaction was rolled back (and not at all inside somebody else's)."""
    if transaction.get_connection().in_atomic_block:
        return
    obj = subject if isinstance(subject, models.Model) and subject.pk else None
    record(f"refused:{name}", obj, by=by, reason=reason)


@contextlib.contextmanager
def collecting() -> Iterator[None]:
    """Gather events until the outermost action is about to commit, then write them in order."""
    gathered = _pending.get()
    if gathered is not None:
        before = len(gathered)
        try:
            yield
        except BaseException:
            del gathered[before:]  # what did not happen is not told, when the outer action goes on
            raise
        return
    events: list[Event] = []
    token = _pending.set(events)
    try:
        yield
        if events:
            _write(events)
    finally:
        _pending.reset(token)


def history(obj: models.Model, user: Any) -> AuditEventQuerySet:
    """The events of one object that `user` may see, newest first. What the system refused is for those who read the audit trail."""
    from ikm_program.models import AuditEvent  # the registry is not ready when this module is imported

    events = AuditEvent.objects.for_user(user).filter(model=obj._meta.label_lower, object_id=str(obj.pk))
    if not user.has_perm("ikm_program.view_auditevent"):
        events = events.exclude(verb__startswith="refused:")
    return events.select_related("by").order_by("-sequence")


def changes(obj: models.Model, names: list[str], values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of the named fields, only where they differ."""
    before = {name: getattr(obj, name) for name in names}
    return (
        {name: before[name] for name in names if before[name] != values.get(name)},
        {name: values.get(name) for name in names if before[name] != values.get(name)},
    )


def chain_hash(previous: str, body: dict[str, Any]) -> str:
    """The hash of an event in its place: over the hash before it and its own canonical content."""
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def masked(value: Any) -> Any:
    """JSON-ready copy of a value in which no whole NIK is left; a SHA-256 that is called so stays as it is."""
    if isinstance(value, dict):
        return {str(key): part if _is_hash(str(key), part) else masked(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(part) for part in value]
    if isinstance(value, models.Model):
        return masked(str(value))
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int)):
        return value
    return _NIK.sub(_masked_nik, str(value).replace("\0", ""))  # PostgreSQL keeps no NUL


def _is_hash(key: str, value: Any) -> bool:
    return key.endswith("sha256") and isinstance(value, str) and _HASH.fullmatch(value) is not None


def tells(kept: Any, value: Any) -> bool:
    """Whether an event that kept `kept` says `value`: whole, masked as now, or as events were masked before."""
    return kept in (value, masked(value)) or (isinstance(value, str) and kept == _EARLY_NIK.sub(_masked_nik, value))


def _masked_nik(found: re.Match[str]) -> str:
    digits = "".join(filter(str.isdigit, found[0]))
    return f"{digits[:6]}******{digits[-4:]}"


def _event(verb: str, obj: models.Model | None, by: Any, before: dict[str, Any], after: dict[str, Any], reason: str) -> Event:
    by_id = by.pk if by is not None and getattr(by, "is_authenticated", False) else None
    if obj is None:
        path = getattr(getattr(by, "region", None), "path", "")
        return Event(verb, by_id, region_path=path, before=masked(before), after=masked(after), reason=masked(reason))
    return Event(
        verb=verb,
        by_id=by_id,
        model=obj._meta.label_lower,
        object_id=str(obj.pk),
        label=masked(str(obj))[:200],
        region_path=_region_path(obj) or getattr(getattr(by, "region", None), "path", ""),
        before=masked(before),
        after=masked(after),
        reason=masked(reason),
    )


def _region_path(obj: models.Model) -> str:
    scope = getattr(type(obj), "SCOPE", None)
    return scope.region_path_of(obj) if scope is not None else ""


def _write(events: list[Event]) -> None:
    from ikm_program.models import AuditEvent, AuditHead  # the registry is not ready when this module is imported

    head = AuditHead.locked()
    rows: list[AuditEvent] = []
    for event in events:
        row = AuditEvent(
            sequence=head.sequence + 1,
            at=timezone.now(),
            by_id=event.by_id,
            verb=event.verb,
            model=event.model,
            object_id=event.object_id,
            label=event.label,
            region_path=event.region_path,
            before=event.before,
            after=event.after,
            reason=event.reason,
            previous_hash=head.hash,
        )
        row.hash = chain_hash(head.hash, row.body())
        head.sequence, head.hash = row.sequence, row.hash
        rows.append(row)
    AuditEvent.objects.bulk_create(rows)
    with tallies.collecting():
        for row in rows:
            tallies.count(AuditEvent, row.region_path)
    head.save(update_fields=["sequence", "hash"])

"""What a write is: one function, one transaction, one `by`; permitted, idempotent, audited, and refused in words.

@action("distribution.issue_handover")
def issue(handover, *, by, version): ...

issue(handover, by=user, key=uuid_from_the_form, version=3)
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, tallies
from ikm_program.transactions import write_transaction

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
S = TypeVar("S")


class Refusal(Exception):
    """A rule of the house says no. `message` is what a person reads; `field` is where on the form it belongs."""

    def __init__(self, message: str | Promise, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


def in_row(rows: str, place: int, field: str) -> str:
    """Where a refusal belongs on a form with rows: that field of the filled row number `place`, from 0."""
    return f"{rows}-{place}-{field}"


def refuse_twice(keys: Sequence[Any], message: str | Promise, field: str) -> None:
    """The second line of the same is the one that is told, among the rows called "lines"."""
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise Refusal(message, field=in_row("lines", place, field))


class StaleVersion(Refusal):
    """Somebody else saved in between. A form says more (see `conflicts`); this is for lists of many, for jobs and for the audit trail."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else changed this record in the meantime, so nothing was done here. Open it to see how it stands now.")
        )


class ReplayConflict(Refusal):
    """The same idempotency key came with another body."""

    def __init__(self) -> None:
        super().__init__(_("This form was already sent with other contents. Open the form again."))


class Action(Protocol[P, R_co]):
    """A wrapped write: callable like the function, and it names the permission it asks for."""

    permission: str
    __name__: str

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...


def action(permission: str) -> Callable[[Callable[Concatenate[S, ...], R]], Callable[..., R]]:
    """Make a write of `function(subject, *, by, ...)`. An optional `key=` makes a replay return the first result."""

    def decorate(function: Callable[Concatenate[S, ...], R]) -> Callable[..., R]:
        @functools.wraps(function)
        def wrapper(subject: S, *, by: Any, key: UUID | None = None, **arguments: Any) -> R:
            if not by.is_active or not by.has_perm(permission):
                raise PermissionDenied(permission)
            name = f"{function.__module__.split('.')[0]}.{function.__name__}"
            try:
                return write_transaction(lambda: _perform(function, name, subject, by, key, arguments))
            except Refusal as refusal:
                audit.record_refusal(name, subject, by=by, reason=str(refusal))
                raise

        wrapper.permission = permission  # type: ignore[attr-defined]
        return wrapper

    return decorate


def _perform(function: Callable[..., R], name: str, subject: Any, by: Any, key: UUID | None, arguments: dict[str, Any]) -> R:
    with unchanged_by_failure(subject), audit.collecting(), tallies.collecting():
        if key is None:
            return function(subject, by=by, **arguments)
        from ikm_program.models import IdempotencyKey  # models need the app registry; this module is imported before it is ready

        claim, is_replay = IdempotencyKey.objects.claim(user=by, key=key, action=name, fingerprint=fingerprint(subject, arguments))
        if claim.action != name or claim.fingerprint != fingerprint(subject, arguments):
            raise ReplayConflict
        if is_replay:
            return cast("R", claim.record)
        result = function(subject, by=by, **arguments)
        if isinstance(result, models.Model):
            claim.bind(result)
        return result


@contextlib.contextmanager
def unchanged_by_failure(subject: Any) -> Iterator[None]:
    """What was rolled back is undone on the record in hand, too: a page shows it, and the next try starts from it."""
    if not isinstance(subject, models.Model):
        yield
        return
    values, related = dict(vars(subject)), dict(subject._state.fields_cache)
    try:
        yield
    except BaseException:
        vars(subject).clear()
        vars(subject).update(values)
        subject._state.fields_cache = related
        raise


def fingerprint(subject: Any, arguments: dict[str, Any]) -> str:
    """SHA-256 of what was asked, the same for the same body whatever the order of its parts."""
    body = json.dumps([_plain(subject), {name: _plain(value) for name, value in arguments.items()}], sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return f"{value._meta.label_lower}:{value.pk}"
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, File):
        value.seek(0)
        digest = hashlib.sha256(value.read()).hexdigest()
        value.seek(0)
        return digest
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, models.QuerySet)):
        return [_plain(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)

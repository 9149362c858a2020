"""Entering what a person confirmed: everything in one transaction, or nothing. And taking it back while nothing was built on it."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program import audit
from ikm_program.actions import Refusal
from ikm_program.models import Counter
from ikm_program.sheets import bulk
from ikm_program.sheets.kinds import Intake, kind_of
from ikm_program.sheets.models import ConfirmedRow, SheetImport, SheetRow
from ikm_program.states import advance
from ikm_program.transactions import write_transaction

SHOWN = 5
MANY = 1_000  # rows


def enter(sheet_import: SheetImport, version: int) -> None:
    """All or nothing. What a rule refuses puts the import back to be looked at, with the sentence."""
    try:
        write_transaction(lambda: _enter(sheet_import.pk, version))
        if sheet_import.rows_in >= MANY:
            bulk.analyse(kind_of(sheet_import.kind).model)
    except Refusal as refusal:
        reason = str(refusal)[:500]
        write_transaction(lambda: _put_back(sheet_import.pk, version, reason))


def _enter(import_id: int, version: int) -> None:
    sheet_import = _locked(import_id, version)
    if sheet_import is None:
        return
    _one_at_a_time(sheet_import.kind)
    person = sheet_import.entered_by
    intake = kind_of(sheet_import.kind)(person)
    if intake.known_now() != sheet_import.known_then:
        raise Refusal(_("Records were added since this file was checked. Check it again before you enter it."))
    confirmed = sheet_import.rows.to_enter().order_by("number").as_confirmed()
    with audit.collecting(), contextlib.closing(confirmed):  # a refusal leaves no cursor behind, which the next transaction would trip over
        entered = intake.enter(confirmed)
        _remember(entered)
        advance(sheet_import, SheetImport.Status.ENTERED, by=person, entered_at=timezone.now(), problem="")
        audit.record(
            "imported",
            sheet_import,
            by=person,
            after={**sheet_import.outcomes, "rows": sheet_import.rows_in, "sha256": sheet_import.sha256},
        )


def _locked(import_id: int, version: int) -> SheetImport | None:
    rows = SheetImport.objects.select_for_update(of=("self",)).select_related("entered_by__region")
    return rows.filter(pk=import_id, version=version, status=SheetImport.Status.ENTERING).first()


def _one_at_a_time(kind: str) -> None:
    """Two files with the same new record, entered at once, would make two of it."""
    Counter.objects.bulk_create([Counter(name=f"impor:{kind}")], ignore_conflicts=True)
    Counter.objects.select_for_update().get(name=f"impor:{kind}")


def _remember(entered: Iterator[tuple[ConfirmedRow, int, int]]) -> None:
    """Which record each row became, and the version it was left with: what an undo needs."""
    columns = ["record_id", "record_version"]
    became = ((row.pk, record_id, left) for row, record_id, left in entered)
    while chunk := list(islice(became, 20_000)):
        bulk.set_by_id(SheetRow, columns, chunk)


def _put_back(import_id: int, version: int, reason: str) -> None:
    sheet_import = _locked(import_id, version)
    if sheet_import is not None:
        with audit.collecting():
            advance(sheet_import, SheetImport.Status.READY, by=sheet_import.entered_by, problem=reason)


# --- taking back --------------------------------------------------------------------------------------------------------


def undo(sheet_import: SheetImport, *, by: Any) -> None:
    """Delete what the import made and set back what it changed; a Refusal when somebody has built on it."""
    intake = kind_of(sheet_import.kind)(by)
    intake.undo(sheet_import.rows.to_enter().order_by("-number").as_confirmed())


def in_chunks(rows: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


def refuse_when_built_on(model: type[models.Model], rows: Iterable[ConfirmedRow], own_parts: Collection[str] = ()) -> None:
    """Names the records that were changed since, or that others point to by now."""
    standing: list[str] = []
    for chunk in in_chunks(rows):
        left = {row.record_id: row.record_version for row in chunk}
        current = dict(model._base_manager.filter(pk__in=left).values_list("pk", "version"))
        standing += [
            _("row %(row)s was changed since") % {"row": row.number} for row in chunk if current.get(row.record_id) != row.record_version
        ]
        new = {row.record_id: row.number for row in chunk if row.outcome == SheetRow.Outcome.NEW}
        for relation in model._meta.related_objects if new else ():
            if relation.get_accessor_name() in own_parts:
                continue
            pointing = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": new})
            noun = relation.related_model._meta.verbose_name
            standing += [
                _("row %(row)s is used by a %(noun)s") % {"row": new[pk], "noun": noun}
                for pk in pointing.values_list(relation.field.attname, flat=True).distinct()[: SHOWN + 1]
            ]
        if len(standing) > SHOWN:
            break
    if standing:
        raise refusal_of_undo(standing)


def refusal_of_undo(standing: list[str]) -> Refusal:
    more = " …" if len(standing) > SHOWN else ""
    return Refusal(_("This import can no longer be undone: %(reasons)s.") % {"reasons": "; ".join(standing[:SHOWN]) + more})


def take_back(intake: Intake, rows: Iterable[ConfirmedRow]) -> Iterator[tuple[list[ConfirmedRow], list[ConfirmedRow]]]:
    """The rows in chunks, the new ones apart from the changed ones, after the whole import was found to be free."""
    kept = list(rows)
    refuse_when_built_on(intake.model, kept, intake.own_parts)
    for chunk in in_chunks(kept):
        new = [row for row in chunk if row.outcome == SheetRow.Outcome.NEW]
        yield new, [row for row in chunk if row.outcome == SheetRow.Outcome.CHANGED]

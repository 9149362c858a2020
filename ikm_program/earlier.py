"""What a record said at the end of an earlier day, read back from the audit trail: for facts that are no ledger and have one time only, the
time at which somebody recorded them.

    then = recorded_then(DistrictProgress, day, {"status"})
    then.get(progress.pk, {}).get("status", progress.status)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import AuditEvent
from ikm_program.sheets.kinds import kinds
from ikm_program.sheets.models import SheetImport, SheetRow

Then = dict[int, dict[str, Any]]  # key of the record -> field -> what it held
Change = tuple[dt.datetime, int, dict[str, Any]]


def end_of(day: dt.date) -> dt.datetime:
    """The first moment of the next day here."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


def is_past(day: dt.date) -> bool:
    """Whether it is asked about an earlier day than today."""
    return day < timezone.localdate()


def note_of(day: dt.date) -> list[str]:
    """The sheet of an earlier day says what it is."""
    said = _("As it was recorded by the end of %(day)s; what was entered later is not on it.")
    return [said % {"day": tanggal_layar(day)}] if is_past(day) else []


def recorded_then(model: type[models.Model], day: dt.date, fields: Collection[str]) -> Then:
    """Of the records of which one of the fields was changed after the day: what these fields held at its end.

    Values are as the trail keeps them: days in ISO form, other records by their name. Who is not among them holds today what it held then.
    """
    found: Then = {}
    for _at, pk, before in sorted([*_told(model, day), *_imported(model, day)], key=lambda change: change[0]):
        for field in before.keys() & fields:
            found.setdefault(pk, {}).setdefault(field, before[field])
    return found


def first_told_after(model: type[models.Model], day: dt.date, verb: str) -> Then:
    """Of the records to which this was done after the day: everything that its first event says was before."""
    found: Then = {}
    for pk, before in _events(model, day).filter(verb=verb).values_list("object_id", "before"):
        found.setdefault(int(pk), before)
    return found


def _events(model: type[models.Model], day: dt.date) -> Any:
    return AuditEvent.objects.filter(model=model._meta.label_lower, at__gte=end_of(day)).order_by("sequence")


def _told(model: type[models.Model], day: dt.date) -> Iterator[Change]:
    for at, pk, before in _events(model, day).values_list("at", "object_id", "before").iterator(chunk_size=2_000):
        yield at, int(pk), before


def _imported(model: type[models.Model], day: dt.date) -> Iterator[Change]:
    """A workbook leaves one event for all of its rows: what each of them changed stands in the rows themselves."""
    names = [kind.name for kind in kinds().values() if kind.model is model]
    imports = SheetImport.objects.filter(Q(status=SheetImport.Status.ENTERED) | Q(status=SheetImport.Status.UNDONE), kind__in=names)
    rows = SheetRow.objects.filter(sheet_import__in=imports.filter(entered_at__gte=end_of(day)), outcome=SheetRow.Outcome.CHANGED)
    for at, pk, changes in rows.values_list("sheet_import__entered_at", "record_id", "changes").iterator(chunk_size=2_000):
        if at is not None and pk is not None:
            yield at, pk, {field: before for field, before, _after in changes}
    yield from _undone(model, imports.filter(status=SheetImport.Status.UNDONE, entered_at__lt=end_of(day)), day)


def _undone(model: type[models.Model], imports: Any, day: dt.date) -> Iterator[Change]:
    """What was entered by then and taken back since: at the end of the day it stood as the workbook said."""
    taken_back = AuditEvent.objects.filter(model=SheetImport._meta.label_lower, at__gte=end_of(day))
    at = {int(pk): moment for moment, pk in taken_back.filter(verb="status:dibatalkan").values_list("at", "object_id")}
    rows = SheetRow.objects.filter(sheet_import__in=imports.filter(pk__in=at), outcome=SheetRow.Outcome.CHANGED)
    for sheet_import, pk, changes in rows.values_list("sheet_import", "record_id", "changes").iterator(chunk_size=2_000):
        if pk is not None:
            yield at[sheet_import], pk, {field: after for field, _before, after in changes}

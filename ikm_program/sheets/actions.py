"""What people do with an import. The long parts are handed to the worker when the act has been committed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program import audit
from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.searching import normalised
from ikm_program.sheets import entering, tasks
from ikm_program.sheets.checking import LEFT_OUT, says_something
from ikm_program.sheets.headers import Header, find_header, header_at
from ikm_program.sheets.kinds import Intake, kind_of
from ikm_program.sheets.models import ColumnMemory, SheetImport
from ikm_program.sheets.precheck import MAX_FILE_BYTES, Survey, survey
from ikm_program.states import advance

Status = SheetImport.Status
FIELD_WORKBOOK = "kertas-kerja"
PERMISSION = "ikm_program.add_sheetimport"
CHECKED_AT_ONCE = 300  # rows: a correction in a small sheet is judged before the page answers
HEAD = 60
NUMBERING = ("no", "nomor", "no urut", "nomor urut")


@action(PERMISSION)
def upload(model: type[SheetImport], *, by: Any, kind: str, file: File[bytes], is_again: bool = False) -> SheetImport:
    """Keep a file, find its table and, where nothing is left to ask, have it checked. A hostile or unreadable file is kept nowhere."""
    content, kinds = _read(file), _kinds_of(kind, by)
    try:
        found = survey(content)
    except ValidationError as error:
        raise Refusal(error.messages[0], "file") from None
    kept = (_keep(intake, by, content, file, found, is_again=is_again, is_part=len(kinds) > 1) for intake in kinds)
    made = [one for one in kept if one is not None]
    if not made:
        raise Refusal(_("No sheet of this workbook is filled in: there is nothing to enter."), "file")
    return made[0]


def _kinds_of(kind: str, by: Any) -> list[type[Intake]]:
    """The field's own workbook holds a sheet for each of several kinds, and becomes an import of each."""
    names = settings.FIELD_WORKBOOK_KINDS if kind == FIELD_WORKBOOK else [kind]
    return [_permitted(name, by) for name in names]


def _keep(
    intake: type[Intake], by: Any, content: bytes, file: File[bytes], found: Survey, *, is_again: bool, is_part: bool
) -> SheetImport | None:
    """A sheet of the field's workbook (`is_part`) in which nobody has written anything becomes no import."""
    kind = intake.name
    sha256 = hashlib.sha256(content).hexdigest()
    earlier = SheetImport.objects.owned_by(by).of_file(sha256, kind).first()
    if earlier is not None and not is_again:
        raise Refusal(
            _("This very file was already uploaded by %(person)s (import %(number)s: %(status)s). Tick “upload it again” if you mean to.")
            % {"person": earlier.created_by, "number": earlier.pk, "status": earlier.get_status_display()},
            "is_again",
        )
    name = str(getattr(file, "name", "") or "berkas").rpartition("/")[2][-160:]
    facts = {"kind": kind, "region_path": by.region.path, "name": name, "size": len(content), "sha256": sha256, "survey": found.kept()}
    kept = SheetImport(**facts, created_by=by)
    kept.file.save(name, ContentFile(content), save=False)
    try:
        _find_table(kept, intake, by)
        is_empty = is_part and not says_something(kept, intake)
        if not is_empty:
            kept.save(force_insert=True)
    except BaseException as error:  # a file without its record would lie there for ever
        kept.file.delete(save=False)
        if isinstance(error, ValidationError):
            raise Refusal(error.messages[0], "file") from None
        raise
    if is_empty:
        kept.file.delete(save=False)
        return None
    audit.record("created", kept, by=by, after={"name": name, "sha256": sha256, "sheet": kept.sheet})
    if not missing_fields(intake, kept.mapping):
        start_check(kept, by=by)
    return kept


@action(PERMISSION)
def match(sheet_import: SheetImport, *, by: Any, version: int, sheet: str, header_row: int, mapping: Mapping[str, int]) -> SheetImport:
    """Say which sheet, which heading and which column is which. The names are remembered for this sender's next file."""
    intake = _permitted(sheet_import.kind, by)
    if missing := missing_fields(intake, mapping):
        raise Refusal(_("Say which column holds: %(fields)s.") % {"fields": ", ".join(str(field.label) for field in missing)})
    if len(set(mapping.values())) < len(mapping):
        raise Refusal(_("A column was chosen twice."))
    header = _remember_names(sheet_import, intake, by, sheet, header_row, mapping)
    changes = {
        "sheet": sheet, "header_row": header_row, "mapping": dict(mapping), "unused": _unused(header, mapping), "decisions": {},
    }  # fmt: skip
    return _again(sheet_import, by=by, version=version, **changes)


@action(PERMISSION)
def correct_row(sheet_import: SheetImport, *, by: Any, version: int, number: int, cells: Mapping[str, str]) -> SheetImport:
    """Type over cells of one row; the whole sheet is judged again, because rows depend on each other."""
    return _decide(sheet_import, by=by, version=version, numbers=[number], cells=dict(cells), outcome="")


@action(PERMISSION)
def settle_row(sheet_import: SheetImport, *, by: Any, version: int, number: int, outcome: str) -> SheetImport:
    """What is to be done with a row: "baru" or "sama" for a likely twin, "dilewati" to leave it out, "periksa" to take that back."""
    return _decide(sheet_import, by=by, version=version, numbers=[number], cells={}, outcome="" if outcome == "periksa" else outcome)


@action(PERMISSION)
def settle_all(sheet_import: SheetImport, *, by: Any, version: int, which: str, outcome: str) -> SheetImport:
    """The same for every row of one outcome: leave out all that is faulty, take all likely twins for new ones."""
    numbers = list(sheet_import.rows.filter(outcome=which).values_list("number", flat=True))
    return _decide(sheet_import, by=by, version=version, numbers=numbers, cells={}, outcome=outcome)


@action(PERMISSION)
def check_again(sheet_import: SheetImport, *, by: Any, version: int) -> SheetImport:
    """After the data have changed, or when the worker was stopped in the middle."""
    return _again(sheet_import, by=by, version=version)


@action(PERMISSION)
def confirm(sheet_import: SheetImport, *, by: Any, version: int) -> SheetImport:
    """Have it entered. Twice the same click is one import: the second finds it under way."""
    _permitted(sheet_import.kind, by)
    if sheet_import.version != version:
        raise StaleVersion
    if sheet_import.rows.unsettled().exists():
        raise Refusal(_("Some rows are faulty or perhaps there already. Settle them, or leave them out, before anything is entered."))
    if not sheet_import.rows.to_enter().exists():
        raise Refusal(_("There is nothing to enter: every row says what is on record already."))
    advance(sheet_import, Status.ENTERING, by=by, entered_by=by)
    return _enqueue_entering(sheet_import)


@action(PERMISSION)
def resume(sheet_import: SheetImport, *, by: Any, version: int) -> SheetImport:
    """The worker was stopped while it entered: nothing of it stayed, so it simply starts anew."""
    if sheet_import.version != version:
        raise StaleVersion
    advance(sheet_import, Status.ENTERING, by=by)
    return _enqueue_entering(sheet_import)


@action(PERMISSION)
def discard(sheet_import: SheetImport, *, by: Any, version: int) -> SheetImport:
    """Nothing of it was entered; the file stays, its rows go."""
    if sheet_import.version != version:
        raise StaleVersion
    advance(sheet_import, Status.DISCARDED, by=by)
    sheet_import.rows.all().delete()
    return sheet_import


@action(PERMISSION)
def undo(sheet_import: SheetImport, *, by: Any, version: int, reason: str = "") -> SheetImport:
    """Take everything back that the import wrote, as long as nobody has built on it."""
    _permitted(sheet_import.kind, by)
    if sheet_import.version != version:
        raise StaleVersion
    advance(sheet_import, Status.UNDONE, by=by, reason=reason)
    entering.undo(sheet_import, by=by)
    return sheet_import


def missing_fields(intake: type[Intake], mapping: Mapping[str, int]) -> list[Any]:
    """Required fields for which no column is known."""
    return [field for field in intake.fields if field.is_required and field.key not in mapping]


def words_for(intake: type[Intake], user: Any) -> dict[str, str]:
    """What columns are called: the kind's own words, and what this sender said before."""
    said = ColumnMemory.objects.filter(user=user, kind=intake.name).values_list("header", "field")
    known = {field.key for field in intake.fields}
    return intake.words() | {header: field for header, field in said if field in known}


def start_check(sheet_import: SheetImport, *, by: Any, **changes: Any) -> SheetImport:
    """Under way from here; judged by the worker, or at once when it is small and was judged before."""
    is_same_table = all(changes.get(name, getattr(sheet_import, name)) == getattr(sheet_import, name) for name in ("sheet", "header_row"))
    is_small = is_same_table and 0 < sheet_import.rows_in <= CHECKED_AT_ONCE
    facts = {name: value for name, value in changes.items() if name not in ("mapping", "unused", "decisions")}
    advance(sheet_import, Status.CHECKING, by=by, problem="", done=0, **facts)
    beside = {name: value for name, value in changes.items() if name not in facts}  # what was typed over a NIK is no matter of the trail
    _touch(sheet_import, **beside)
    version = sheet_import.version
    run = tasks.check_import.call if is_small else tasks.check_import.enqueue
    transaction.on_commit(lambda: run(sheet_import.pk, version))
    return sheet_import


def _touch(sheet_import: SheetImport, **kept: Any) -> None:
    """From now on it is waited for the worker to say something."""
    kept["touched_at"] = timezone.now()
    SheetImport.objects.filter(pk=sheet_import.pk).update(**kept)
    vars(sheet_import).update(kept)


def _enqueue_entering(sheet_import: SheetImport) -> SheetImport:
    _touch(sheet_import)
    version = sheet_import.version
    transaction.on_commit(lambda: tasks.enter_import.enqueue(sheet_import.pk, version))
    return sheet_import


def _again(sheet_import: SheetImport, *, by: Any, version: int, **changes: Any) -> SheetImport:
    if sheet_import.version != version:
        raise StaleVersion
    return start_check(sheet_import, by=by, **changes)


def _decide(
    sheet_import: SheetImport, *, by: Any, version: int, numbers: Sequence[int], cells: dict[str, str], outcome: str
) -> SheetImport:
    if outcome not in ("", "baru", "sama", LEFT_OUT):
        raise Refusal(_("Choose what is to be done with this row."))
    decisions = dict(sheet_import.decisions)
    for number in numbers:
        said = dict(decisions.get(str(number), {}))
        said["cells"] = said.get("cells", {}) | cells
        said["outcome"] = outcome
        decisions[str(number)] = said
    return _again(sheet_import, by=by, version=version, decisions=decisions)


def _permitted(kind: str, by: Any) -> type[Intake]:
    intake = kind_of(kind)
    if not by.has_perms(intake.permissions):
        raise PermissionDenied(intake.permissions)
    return intake


def _read(file: File[bytes]) -> bytes:
    file.seek(0)
    content = file.read(MAX_FILE_BYTES + 1)
    if not content:
        raise Refusal(_("The file is empty."), "file")
    return content


def _find_table(kept: SheetImport, intake: type[Intake], by: Any) -> None:
    """The sheet whose heading names the most of what we know; hidden ones only when there is no other."""
    book = kept.book()
    words = words_for(intake, by)
    best: tuple[int, str, Header] | None = None
    for sheet in book.shown:
        header = find_header(book.head(sheet.name, HEAD), words)
        score = len(header.matched(words)) if header else 0
        if header and (best is None or score > best[0]):
            best = (score, sheet.name, header)
    if best is None:
        kept.sheet = book.shown[0].name if book.shown else ""
        return
    kept.sheet, kept.header_row, kept.mapping = best[1], best[2].row, best[2].matched(words)
    kept.unused = _unused(best[2], kept.mapping)


def _unused(header: Header, mapping: Mapping[str, int]) -> list[str]:
    """Headings of columns that nobody reads, so that a person sees what does not come in; who numbers the rows means nothing by it."""
    names = [name for column, name in enumerate(header.names) if column not in mapping.values()]
    return [name[:60] for name in names if name.strip() and normalised(name) not in NUMBERING]


def _remember_names(
    sheet_import: SheetImport, intake: type[Intake], by: Any, sheet: str, header_row: int, mapping: Mapping[str, int]
) -> Header:
    book = sheet_import.book()
    header = header_at(book.head(sheet, header_row), header_row, words_for(intake, by))
    if header is None:
        raise Refusal(_("The sheet has no row %(row)s.") % {"row": header_row}, "header_row")
    for key, column in mapping.items():
        name = normalised(header.names[column]) if column < len(header.names) else ""
        if name:
            ColumnMemory.objects.update_or_create(user=by, kind=intake.name, header=name[:160], defaults={"field": key})
    return header

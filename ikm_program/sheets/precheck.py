"""A workbook is looked at before anything opens it: what it claims to hold, what it really unpacks to, and what it must not carry.

The directory of the archive is judged first, so that a bomb is refused before a byte of it is unpacked; what passes is unpacked once in
pieces, which finds lying sizes, a DOCTYPE, formulas, and claims to more cells than any office has.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah

MEGABYTE: Final = 1024 * 1024
MAX_FILE_BYTES: Final = 20 * MEGABYTE
MAX_ENTRIES: Final = 1_000
MAX_UNPACKED_BYTES: Final = 300 * MEGABYTE
MAX_RATIO: Final = 120  # a sheet of equal rows packs 60 times; bombs start at 500
RATIO_COUNTS_FROM: Final = MEGABYTE
MAX_DIRECTORY_BYTES: Final = MEGABYTE
MAX_COLUMNS: Final = 300
MAX_ROWS: Final = 200_000
MAX_CELLS: Final = 5_000_000
MAX_FORMULAS: Final = 20_000  # of a file
RULES: Final = 1  # counted up whenever one of them changes here: what was let in by the earlier ones is looked at again

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_PIECE: Final = 256 * 1024
_OVERLAP: Final = 4_096  # what may be cut in two at the end of a piece: a tag, never a cell's text
_ENTRY: Final = struct.Struct("<4s5H3L2H")
_MACROS: Final = re.compile(r"vbaproject\.bin|/macrosheets/|^basic/|^scripts/|\.(exe|dll|js|vbs|scr)$", re.IGNORECASE)
_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Beyond column Z or row 99,999. A pattern that begins with a letter is found much faster; what it finds too much is looked at again.
_FAR_CELL: Final = re.compile(rb'r=["\'](?:[A-Z]{2,3}[0-9]|[A-Z]{1,3}[0-9]{6})')
_CELL: Final = re.compile(rb'\br=["\']([A-Z]{1,3})([0-9]{1,7})["\']')
_FAR_ROW: Final = re.compile(rb'r=["\']([0-9]{6,7})["\']')
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f(?=[ />])")
_FORMULA_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br=["\']([A-Z]{1,3})([0-9]{1,7})["\'][^<>]*>\s*<(?:\w+:)?f(?=[ />])')


@dataclass
class Survey:
    """What was found on the way through. `formulas` are (row, column), both from 0, by the name of the part."""

    kind: str  # xlsx, ods, xls or csv
    formulas: dict[str, set[tuple[int, int]]] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As JSON, to be kept beside the file."""
        formulas = {part: sorted(cells) for part, cells in self.formulas.items() if cells}
        return {"rules": RULES, "kind": self.kind, "formulas": formulas}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Survey | None:
        """None when the file was looked at by other rules than today's."""
        if kept.get("rules") != RULES:
            return None
        return cls(kept["kind"], {part: {(row, column) for row, column in cells} for part, cells in kept["formulas"].items()})


def survey(content: bytes) -> Survey:
    """Raises `ValidationError` in words when the file is not to be opened."""
    if len(content) > MAX_FILE_BYTES:
        raise ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": MAX_FILE_BYTES // MEGABYTE}, code="too_large")
    if content.startswith(ZIP):
        return _survey_zip(content)
    if content.startswith(OLE):
        return _survey_ole(content)
    if b"\x00" in content[:4_096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValidationError(_("This is not a spreadsheet. Send .xlsx, .xls, .ods or .csv."), code="format")
    if content.lstrip()[:1] == b"<" or not content.strip():
        raise ValidationError(_("This is not a spreadsheet. Send .xlsx, .xls, .ods or .csv."), code="format")
    return Survey("csv")


def _survey_ole(content: bytes) -> Survey:
    """The old format, or a new one behind a password."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ValidationError(_("The file is locked with a password. Save it without one."), code="locked")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macros()
    return Survey("xls")


def _survey_zip(content: bytes) -> Survey:
    archive = _directory(content)
    names = {info.filename for info in archive}
    found = Survey("ods" if "content.xml" in names else "xlsx")
    if found.kind == "xlsx" and "xl/workbook.xml" not in names:
        raise ValidationError(_("This is not a spreadsheet. Send .xlsx, .xls, .ods or .csv."), code="format")
    for info in archive:
        if info.filename.lower().endswith((".xml", ".rels")):
            _survey_part(content, info, found)
        else:
            for _piece in unpacked(content, info):
                pass  # only its true size is asked for
    return found


def _directory(content: bytes) -> list[zipfile.ZipInfo]:
    """The archive's own list of parts, judged before anything is unpacked."""
    _refuse_long_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        raise _damaged() from None
    if len(entries) > MAX_ENTRIES or len({info.filename.lower() for info in entries}) < len(entries):
        raise _bomb()
    for info in entries:
        _refuse_entry(info)
    packed, whole = sum(info.compress_size for info in entries), sum(info.file_size for info in entries)
    if packed > len(content) or whole > MAX_UNPACKED_BYTES:  # parts that lie on top of each other, or too much in all
        raise _bomb()
    return entries


def _refuse_long_directory(content: bytes) -> None:
    """Python reads the whole directory of an archive at once: a long one costs seconds."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 66_000))
    if end < 0 or len(content) < end + 22:
        raise _damaged()
    count, size = struct.unpack_from("<HL", content, end + 10)
    if count > MAX_ENTRIES or size > MAX_DIRECTORY_BYTES:
        raise _bomb()


def _refuse_entry(info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in info.orig_filename or ":" in info.filename or "\x00" in info.orig_filename:
        raise ValidationError(_("The file holds a part with a suspicious name."), code="path")
    if _MACROS.search(info.filename):
        raise _macros()
    if info.flag_bits & 0x1:
        raise ValidationError(_("The file is locked with a password. Save it without one."), code="locked")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged()
    if info.file_size > RATIO_COUNTS_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise _bomb()


def unpacked(content: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces, never more than its declared size: a reader that trusts the stream would unpack it all."""
    start = _start_of(content, info)
    packed = content[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        if info.compress_size != info.file_size:
            raise _bomb()
        yield from (packed[at : at + _PIECE] for at in range(0, len(packed), _PIECE))
        return
    stream, size = zlib.decompressobj(-15), 0
    try:
        piece = stream.decompress(packed, _PIECE)
        while piece:
            size += len(piece)
            if size > info.file_size:
                raise _bomb()
            yield piece
            piece = stream.decompress(stream.unconsumed_tail, _PIECE)
    except zlib.error:
        raise _damaged() from None
    if size != info.file_size or not stream.eof:
        raise _damaged()


def _start_of(content: bytes, info: zipfile.ZipInfo) -> int:
    header = content[info.header_offset : info.header_offset + _ENTRY.size]
    if len(header) < _ENTRY.size or not header.startswith(ZIP):
        raise _damaged()
    parts = _ENTRY.unpack(header)
    return info.header_offset + _ENTRY.size + int(parts[-2]) + int(parts[-1])


def _survey_part(content: bytes, info: zipfile.ZipInfo, found: Survey) -> None:
    is_sheet = found.kind == "xlsx" and info.filename.lower().startswith("xl/worksheets/") and info.filename.endswith(".xml")
    is_far, cells, tail = False, 0, b""
    for number, piece in enumerate(unpacked(content, info)):
        text = tail + piece
        _refuse_tricks(text, info.filename, is_first=number == 0, is_ods=found.kind == "ods")
        if is_sheet:
            is_far = is_far or bool(_FAR_CELL.search(text) or _FAR_ROW.search(text))
            cells += piece.count(b"<c") + piece.count(b":c")
            _note_formulas(text, found, info.filename)
        tail = text[-_OVERLAP:]
    if cells > MAX_CELLS:
        raise _too_far()
    if is_far:
        _refuse_far_sheet(content, info)


def _refuse_tricks(text: bytes, name: str, *, is_first: bool, is_ods: bool) -> None:
    if is_first and (text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in text[:64]):
        raise ValidationError(_("The file is written in an unusual way. Save it again as .xlsx."), code="encoding")
    if b"<!" in text and _DOCTYPE.search(text):
        raise ValidationError(_("The file carries a DOCTYPE, which no spreadsheet needs."), code="doctype")
    if name == "[Content_Types].xml" and b"macroEnabled" in text:
        raise _macros()
    if is_ods and name == "content.xml" and b"table:formula=" in text:
        raise ValidationError(_("An .ods file with formulas cannot be read safely. Paste the values, or save it as .xlsx."), code="formula")


def _refuse_far_sheet(content: bytes, info: zipfile.ZipInfo) -> None:
    """The reader makes room for the whole rectangle that two cells span, so the far ones are looked at one by one."""
    columns, rows, tail = 0, 0, b""
    for piece in unpacked(content, info):
        text = tail + piece
        for letters, digits in _CELL.findall(text):
            columns, rows = max(columns, column_number(letters.decode()) + 1), max(rows, int(digits))
        rows = max([rows, *(int(digits) for digits in _FAR_ROW.findall(text))])
        if columns > MAX_COLUMNS or rows > MAX_ROWS or columns * rows > MAX_CELLS:
            raise _too_far()
        tail = text[-_OVERLAP:]


def _note_formulas(text: bytes, found: Survey, part: str) -> None:
    if (b"<f" not in text and b":f" not in text) or not _FORMULA.search(text):
        return
    cells = found.formulas.setdefault(part, set())
    for letters, digits in _FORMULA_CELL.findall(text):
        cells.add((int(digits) - 1, column_number(letters.decode())))
    if sum(map(len, found.formulas.values())) > MAX_FORMULAS:
        raise ValidationError(_("The sheet is full of formulas. Copy it and paste the values only."), code="formulas")


def column_number(letters: str) -> int:
    """ "A" is 0, "AA" is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """0 is "A"."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _too_far() -> ValidationError:
    return ValidationError(
        _("The sheet reaches further than %(rows)s rows or %(columns)s columns. Delete what lies outside the table.")
        % {"rows": jumlah(MAX_ROWS), "columns": MAX_COLUMNS},
        code="too_far",
    )


def _bomb() -> ValidationError:
    return ValidationError(_("The file unpacks to far more than it says. It is not opened."), code="bomb")


def _macros() -> ValidationError:
    return ValidationError(_("The file holds macros. Save it as .xlsx without macros."), code="macros")


def _damaged() -> ValidationError:
    return ValidationError(_("The file is damaged or incomplete. Save it again and send it once more."), code="damaged")

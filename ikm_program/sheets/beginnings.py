"""The beginning of a long sheet as a workbook of its own: to find the heading nobody has to read 83,000 rows."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import islice
from typing import Final

_PIECE: Final = 256 * 1024
_MOST: Final = 8 * 1024 * 1024  # of a sheet's beginning; whose first rows are longer is read whole
_ROW_END: Final = re.compile(rb"</((?:\w+:)?)row\s*>|<((?:\w+:)?)row\b[^<>]*/>")
_SHEETS: Final = "xl/worksheets/"


def shortened(content: bytes, part: str, rows: int) -> bytes | None:
    """The workbook with only the first rows of that part; None where it is short anyway. Raises what `zipfile` does of a damaged one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        beginning = _beginning(archive, part, rows)
        if beginning is None:
            return None
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as kept:
            for info in archive.infolist():
                if info.filename == part:
                    kept.writestr(part, beginning)
                elif not info.filename.startswith(_SHEETS) or "/_rels/" in info.filename:
                    kept.writestr(info.filename, archive.read(info))
        return made.getvalue()


def _beginning(archive: zipfile.ZipFile, part: str, rows: int) -> bytes | None:
    text = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            text += piece
            ends = list(islice(_ROW_END.finditer(text), rows + 1))
            if len(ends) > rows:
                return _closed(text, ends[rows - 1])
            if len(text) > _MOST:
                break
    return None


def _closed(text: bytes, last: re.Match[bytes]) -> bytes:
    prefix = last[1] or last[2] or b""
    return text[: last.end()] + b"</" + prefix + b"sheetData></" + prefix + b"worksheet>"

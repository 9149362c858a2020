"""Workbooks as offices really send them, and as nobody should: made here, each by one small function."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

HEADER = ("Kode IKM", "Nama Usaha", "Nama Pemilik", "Alamat", "No. HP", "NIB", "KBLI", "Produk Utama", "TK L", "TK P", "Investasi")


def ikm(number: int, **changes: Any) -> list[Any]:
    row = dict(
        zip(
            HEADER,
            (
                f"K-{number:05d}", f"Usaha CONTOH {number}", f"Pemilik {number}", f"Jl. Contoh {number}", f"0812{number:07d}",
                f"{number:013d}", "13132", "Kain", 2, 3, 25_000_000,
            ),
            strict=True,
        )
    )  # fmt: skip
    return [changes.get(name, value) for name, value in row.items()]


def xlsx(*sheets: tuple[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets:
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
        if title in hidden:
            page.sheet_state = "hidden"
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def table(*rows: Sequence[Any], header: Sequence[Any] = HEADER) -> bytes:
    return xlsx(("Data", [header, *rows]))


def office_style() -> bytes:
    """Merged title rows, headings in two rows, a row that numbers the columns, hidden column, blanks of every kind, dates as text."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "IKM 2020"
    page["A1"] = "DATA INDUSTRI KECIL DAN MENENGAH"
    page.merge_cells("A1:H1")
    page["A2"] = "KABUPATEN TANAH LAUT TAHUN 2020"
    page.merge_cells("A2:H2")
    page.append([])
    page.append(["No", "Nama Usaha", "Pemilik", "Alamat", "Tenaga Kerja", None, "Nilai Investasi (Rp)", "Kecamatan"])
    page.append([None, None, None, None, "L", "P", None, None])
    page.merge_cells("E4:F4")
    page.append(["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"])
    page.append([1, "Sasirangan\u00a0Indah  ", "Aminah ", "Jl. A. Yani\nNo. 1", "2", "1.500", "Rp25.000.000,00", "Pelaihari"])
    page.append([2, "Anyaman Purun", "Rusdi", "\u00a0", 1, None, 5_000_000, "Bati-Bati"])
    page.append([None, " ", "\u00a0", None, None, None, None, None])
    page.column_dimensions["H"].hidden = True
    hidden = book.create_sheet("Rumus")
    hidden.sheet_state = "hidden"
    hidden.append(["Nama Usaha", "Pemilik", "Alamat"])
    hidden.append(["Jangan dibaca", "Siapa", "Mana"])
    return saved(book)


def csv_of_windows() -> bytes:
    return "Nama Usaha;Pemilik;Alamat\r\nKué Señor;José;Jl. “Contoh” 1\r\nRoti;;Jl. 2\r\n".encode("cp1252")


def csv_with_commas() -> bytes:
    return '\ufeffNama Usaha,Pemilik,Alamat\r\n"Usaha, Satu",Ani,Jl. 1\r\n'.encode()


# --- hostile ------------------------------------------------------------------------------------------------------------


def repacked(content: bytes, changes: dict[str, bytes] | None = None, more: dict[str, bytes] | None = None) -> bytes:
    """The same workbook with some of its parts replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (changes or {}).get(name, old.read(name)))
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return buffer.getvalue()


def sheet_xml(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def far_cells() -> bytes:
    """Two cells that span the whole sheet: seventeen thousand million cells in a few kilobytes."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return repacked(table(), {"xl/worksheets/sheet1.xml": sheet_xml(cells)})


def far_cells_without_rows() -> bytes:
    cells = "<row><c r='A1'><v>1</v></c></row><row><c r='ZZ199999'><v>1</v></c></row>"
    return repacked(table(), {"xl/worksheets/sheet1.xml": sheet_xml(cells)})


def bomb() -> bytes:
    """A hundred megabytes of blanks."""
    return repacked(table(ikm(1)), more={"xl/media/isi.xml": b" " * (100 * 1024 * 1024)})


def quiet_bomb() -> bytes:
    """The same, whose directory says that it is small."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(b"<" + b" " * (100 * 1024 * 1024)) + packed.flush()
    return with_raw_entry(table(ikm(1)), "xl/worksheets/lain.xml", data, 1_000)


def with_raw_entry(content: bytes, name: str, data: bytes, claimed: int) -> bytes:
    """A further part, packed already, with the size that its directory claims."""
    buffer = io.BytesIO(repacked(content))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"x" * 100)
    raw = bytearray(buffer.getvalue())
    packed = zlib.compressobj(6, zlib.DEFLATED, -15)
    small = packed.compress(b"x" * 100) + packed.flush()
    at = raw.rindex(small)
    end = at + len(small)
    directory = bytes(raw[end:])
    raw[at:end] = data
    moved = len(data) - len(small)
    tail = bytearray(directory)
    entry = tail.rindex(b"PK\x01\x02")
    struct.pack_into("<LL", tail, entry + 20, len(data), claimed)
    finish = tail.rindex(b"PK\x05\x06")
    (start,) = struct.unpack_from("<L", tail, finish + 16)
    struct.pack_into("<L", tail, finish + 16, start + moved)
    return bytes(raw[: at + len(data)]) + bytes(tail)


def many_entries() -> bytes:
    return repacked(table(ikm(1)), more={f"xl/lain/{n}.bin": b"" for n in range(20_000)})


def with_doctype() -> bytes:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><sst>&b;</sst>'
    return repacked(table(ikm(1)), more={"xl/sharedStrings2.xml": evil})


def with_macros() -> bytes:
    return repacked(table(ikm(1)), more={"xl/vbaProject.bin": b"\x00VBA"})


def with_path_trick() -> bytes:
    return repacked(table(ikm(1)), more={"../../etc/cron.d/x": b"x"})


def truncated() -> bytes:
    return table(ikm(1))[:-200]


def renamed_text() -> bytes:
    return b"<html><table><tr><td>Nama Usaha</td></tr></table></html>"


def with_formula() -> bytes:
    return table(ikm(1, Investasi="=10*5"), ikm(2))


BIRTHDAY = dt.date(1985, 6, 15)

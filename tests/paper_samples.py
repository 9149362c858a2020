"""Every kind of numbered paper as it is frozen: with so many lines, with short names or with long ones, on either paper."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from distribution import addendum_documents
from ikm_program.paper_content import sha256_hex
from tests.distribution import papers

ARMS_COLOUR = "#0b5d5b"
LONG = " dari Kelompok Usaha Bersama Penjahit dan Perajin Sasirangan Serba Usaha CONTOH yang Bernama Sangat Panjang Sekali"
LAYOUT = {"margins": [15, 20, 20, 25], "font_size": 11}


def arms() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (120, 150), ARMS_COLOUR).save(buffer, "PNG")
    return buffer.getvalue()


def named(number: int, *, is_long: bool) -> str:
    """A name whose beginning and end are found again: a cut row has them on two pages."""
    return f"awal{number}x{LONG if is_long else ''} akhir{number}x"


def _common(kind: str, paper: str, *, is_long: bool, has_arms: bool) -> dict[str, Any]:
    letterhead = {**papers.LETTERHEAD, "arms_sha256": sha256_hex(arms()) if has_arms else None}
    if is_long:
        letterhead["office"] = "Dinas Koperasi, Usaha Kecil dan Menengah, Perindustrian, Perdagangan dan Tenaga Kerja"
    issue = {**(papers.BAST["issue"] or {}), "code": "-".join(["7K3M"] * 10)}
    common = {"schema": 1, "kind": kind, "issue": issue, "paper": paper, "layout": LAYOUT}
    return {**common, "letterhead": letterhead, "date": "2020-06-25", "place": "Pelaihari"}


def _official(*, is_long: bool) -> dict[str, Any]:
    return {
        **_short_official(),
        **({"name": "Dr. Ir. H. CONTOH" + LONG[:60] + ", S.T., M.M.", "position": "Kepala" + LONG} if is_long else {}),
    }


def _short_official() -> dict[str, Any]:
    return {name: papers.GIVER[name] for name in ("name", "id_kind", "id_number", "rank", "position")}  # type: ignore[literal-required]


def _handover(lines: int, *, is_long: bool, **common: Any) -> dict[str, Any]:
    names = [named(number, is_long=is_long) for number in range(1, lines + 1)]
    cancels = {"kind": "bast", "number": "530/002/BAST/2020", "date": "2020-06-15", "sha256": "ab" * 32}
    return {
        **papers.bast(),
        **common,
        "lines": [papers.line(product=name, quantity=number) for number, name in enumerate(names, 1)],
        "makers": [papers.maker(maker=f"IKM {number}{LONG if is_long else ''}") for number in range(lines)],
        "cancels": cancels if common["kind"] == "ba-batal" else None,
        "reason": "Salah tulis." if common["kind"] == "ba-batal" else "",
        "receipt": _settled(names) if common["kind"] == "ba-batal" else None,
        "schema": 3,
    }


def _settled(names: list[str]) -> dict[str, Any]:
    parts = {"condition": "Baik", "unit": "set", "handed_over": 25_000, "back": 18_000, "returned": 5_000, "written_off": 2_000}
    return {"received_on": "2020-06-16", "lines": [{"product": name, **parts} for name in names]}


def _addendum(lines: int, *, is_long: bool, **common: Any) -> dict[str, Any]:
    statements = list(addendum_documents.STATEMENTS)
    changes = [
        {"statement": statements[number % len(statements)], "before": "", "after": named(number, is_long=is_long)}
        for number in range(1, lines + 1)
    ]
    parts = ("wording", "first_party", "second_party", "legal_bases", "witnesses", "acknowledged_by", "copies", "copies_to")
    amends = {"kind": "bast", "number": "530/002/BAST/2020", "date": "2020-06-15", "sha256": "ab" * 32}
    said = {"amends": amends, "reason": "keliru ditulis.", "changes": changes, "provisions": ["Barang disimpan kering."]}
    return {**{name: papers.BAST[name] for name in parts}, **common, **said}  # type: ignore[literal-required]


def _materials(lines: int, *, is_long: bool, **common: Any) -> dict[str, Any]:
    rows = [
        {
            "material": named(number, is_long=is_long),
            "specification": "75 g/m²",
            "amount": "1,5",
            "unit": "meter",
            "scrap": "1",
            "used": "2",
        }
        for number in range(1, lines + 1)
    ]
    about = {"activity": "Bimbingan Teknis", "giver": "Gudang", "taker": "Peserta", "is_between_offices": False, "return_due": "2020-07-01"}
    parts = ("wording", "first_party", "second_party", "legal_bases", "witnesses", "acknowledged_by", "copies", "copies_to", "programme")
    return {**{name: papers.BAST[name] for name in parts}, **common, **about, "lines": rows}  # type: ignore[literal-required]


def _inspection(lines: int, *, is_long: bool, **common: Any) -> dict[str, Any]:
    counts = {"examined": 10, "accepted": 8, "to_repair": 1, "rejected": 1}
    lots = [
        {"made_on": "2020-06-12", "maker": named(number, is_long=is_long), "district": "Kabupaten Tanah Laut", "is_again": False, **counts}
        for number in range(1, lines + 1)
    ]
    finding = {"criterion": "Bahan", "requirement": "Spunbond 75 g", "basis": "", "result": "memenuhi", "note": ""}
    official = _official(is_long=is_long)
    about = {"product": "Pakaian hazmat", "unit": "set", "store": "Gudang", "activities": [], "decree": {"text": "", "date": ""}}
    how = {"team": [official] * 3, "method": "Dilihat", "sample_size": None, "findings": [finding], "acknowledged_by": official}
    return {**common, "programme": papers.BAST["programme"], **about, **how, "lots": lots}


def _stocktake(lines: int, *, is_long: bool, **common: Any) -> dict[str, Any]:
    same = {"book": 10, "counted": 10, "damaged": 1, "missing": 0, "found_again": 0, "unrecorded": 0, "remark": ""}
    more = {"book": 10, "counted": 12, "damaged": 0, "missing": 0, "found_again": 1, "unrecorded": 1, "remark": "Ditemukan"}
    of_programme = {"programme": "Program IKM", "year": 2020, "unit": "set"}
    rows = [{**of_programme, "product": named(number, is_long=is_long), **same} for number in range(1, lines + 1)]
    rows.append({**of_programme, "product": "Hazmat", **more})
    moved = {"product": "Hazmat", "unit": "set", "made_on": "2020-06-12", "maker": None, "district": "Kota Banjarbaru", "quantity": 1}
    official = _official(is_long=is_long)
    who = {"team": [official] * 3, "acknowledged_by": official, "note": "Dus ketiga basah." if is_long else ""}
    return {**common, "store": "Gudang CONTOH", **who, "lines": rows, "lots": [{**moved, "what": "ditemukan"}]}


def _receipt(lines: int, *, is_long: bool, **common: Any) -> dict[str, Any]:
    """It has one line, whatever is asked."""
    amounts = {"quantity": 200, "unit_price": 12_500, "amount": 2_500_000, "stamp": None, "unit": "bungkus"}
    about = {"payer": "Dinas CONTOH", "seller": named(1, is_long=is_long), "business": "", "district": "Kabupaten Belu", "product": "Garam"}
    agreement = {"number": "CONTOH/1", "date": "2020-06-02"}
    buyer = _official(is_long=is_long)
    return {**common, "programme": papers.BAST["programme"], **about, **amounts, "agreement": agreement, "buyer": buyer}


def _certificate(lines: int, *, is_long: bool, **common: Any) -> dict[str, Any]:
    topics = [
        {"topic": named(number, is_long=is_long), "date": "2020-06-08", "hours": 2, "instructors": "Instruktur CONTOH"}
        for number in range(1, lines + 1)
    ]
    days = {"first_day": "2020-06-08", "last_day": "2020-06-12", "days": 5, "days_present": 5, "hours": 2 * lines, "venue": ""}
    who = {"holder": "Peserta CONTOH" + (LONG[:50] if is_long else ""), "business": "Penjahit" + (LONG if is_long else "")}
    about = {"district": "Kabupaten Tanah Laut", "activity": "Bimbingan Teknis", "batch": 1, "year": 2020}
    return {**common, **who, **about, **days, "topics": topics, "signer": _official(is_long=is_long)}


def _payments(lines: int, *, is_long: bool, **common: Any) -> dict[str, Any]:
    rows = [
        {
            "number": number,
            "payee": named(number, is_long=is_long),
            "nik": "630101******0000",
            "npwp": "",
            "origin": "Tanah Laut",
            "description": "",
            "dates": ["2020-06-08"],
            "days": 1,
            "rate": 110_000,
            "gross": 110_000,
            "tax": 0,
            "net": 110_000,
            "contact": "",
        }
        for number in range(1, lines + 1)
    ]
    official = _official(is_long=is_long)
    codes = dict.fromkeys(("dipa_number", "dipa_on", "activity_code", "output_code", "account_code", "decree", "paid_out_by"), "")
    about = {"payment": "uang_harian", "nature": "awal", "programme": "Program IKM", "activity": "Bimbingan Teknis", "batch": "1"}
    where = {"region": "Kabupaten Tanah Laut", "held": "8 Juni 2020", "fund": "Dana dekonsentrasi", "year": 2020}
    signers = {"ppk": official, "treasurer": official, "kpa": official}
    sums = {"gross": 110_000 * lines, "tax": 0, "net": 110_000 * lines}
    return {**common, **about, **where, **codes, **signers, **sums, "lines": rows}


def _delivery(lines: int, *, is_long: bool, **common: Any) -> dict[str, Any]:
    loads = [
        {"product": named(number, is_long=is_long), "quantity": 10, "unit": "set", "packages": 2 if number % 2 else None}
        for number in range(1, lines + 1)
    ]
    goes_with = {"kind": "bast", "number": "530/002/BAST/2020", "date": "2020-06-15", "sha256": "ab" * 32}
    where = {"origin": "Gudang CONTOH", "receiver": "BPBD CONTOH", "destination": "Jalan Contoh" + (LONG if is_long else "")}
    who = {"vehicle": "", "driver": "", "keeper": "Petugas CONTOH", "sender": _official(is_long=is_long), "note": ""}
    return {**common, **where, **who, "goes_with": goes_with, "goes_with_title": "Berita Acara Serah Terima", "lines": loads}


MAKERS = {
    "bast": _handover,
    "ba-mutasi": _handover,
    "ba-batal": _handover,
    "ba-adendum": _addendum,
    "ba-bahan": _materials,
    "ba-sisa-bahan": _materials,
    "ba-periksa": _inspection,
    "ba-opname": _stocktake,
    "kwitansi": _receipt,
    "sertifikat": _certificate,
    "surat-jalan": _delivery,
    "daftar-bayar": _payments,
}


def sample(kind: str, *, paper: str = "A4", lines: int = 1, is_long: bool = False, has_arms: bool = False) -> dict[str, Any]:
    return MAKERS[kind](lines, is_long=is_long, **_common(kind, paper, is_long=is_long, has_arms=has_arms))

"""The papers of a handover: what is frozen when one is issued, and the PDF made of exactly that.

`Snapshot` is the whole content of a paper (see `ikm_program.paper_content`). Nothing here reads the database: the action that issues
builds the snapshot, the register freezes it, and after commit the worker calls `pdf_bytes`.

    kind        paper                                              template
    bast        Berita Acara Serah Terima                          bast.html
    ba-mutasi   Berita Acara Penyerahan Barang untuk Evaluasi      transfer.html
                Berita Acara Mutasi Barang                         relocation.html
    ba-batal    Berita Acara Pembatalan                            cancellation.html
"""

from __future__ import annotations

from typing import Any, Final, Literal, TypedDict

from django.utils.translation import gettext_lazy as _

from ikm_program import formatting, papers
from ikm_program.paper_content import BeritaAcara, Funding, Reference, Wording, berita_acara_context, listed, paper_bytes, written

Kind = Literal["bast", "ba-mutasi", "ba-batal"]


class Activity(TypedDict):
    """One batch whose output is handed over."""

    name: str  # "Bimbingan Teknis Pembuatan Pakaian Hazmat"
    batch: str  # "1"; "" when the output belongs to no batch
    district: str  # "Kabupaten Tanah Laut"
    participants: int | None


class Line(TypedDict):
    product: str
    specification: str  # "" when not recorded
    attribute: str  # what tells it apart: "motif sasirangan"; "" for none
    quantity: int
    unit: str
    condition: str  # "Baik"
    value: int | None  # rupiah for the whole line; the column appears only where a line has one


class MakerLine(TypedDict):
    """One lot drawn, for the annex: never a NIK."""

    product: str
    maker: str | None  # the IKM's name; None prints "Tidak dirinci"
    district: str
    quantity: int
    unit: str
    made_on: str | None  # ISO date


class Move(TypedDict):
    """From which store to which, and what for."""

    purpose: Literal["evaluasi", "mutasi"]
    from_store: str
    to_store: str


class Settled(TypedDict):
    """What became of one line of a cancelled paper; the three parts add up to what it handed over."""

    product: str
    condition: str  # "Baik"
    unit: str
    handed_over: int
    back: int  # to the stock, by the cancellation
    returned: int  # to the stock, when the receipt was confirmed
    written_off: int  # then, too


class Receipt(TypedDict):
    """How the goods of a cancelled paper were received."""

    received_on: str  # ISO date
    lines: list[Settled]


class Snapshot(BeritaAcara):
    """The whole content of one of these papers."""

    programme: Funding
    activities: list[Activity]
    purpose: str  # as it stands after "diperuntukkan bagi": "penanganan COVID-19"; "" when not recorded
    is_free_of_charge: bool
    is_symbolic: bool
    lines: list[Line]
    makers: list[MakerLine]
    conditions_of_use: list[str]
    move: Move | None  # ba-mutasi only
    cancels: Reference | None  # ba-batal only
    receipt: Receipt | None  # ba-batal only, where less was received than was handed over
    reason: str  # ba-batal: why; "" otherwise


SCHEMA: Final = 3  # 1 had no `move`: every transfer was for evaluation; 2 had no `receipt`: a cancellation did not tell of it
TITLES: Final = {
    "bast": "Berita Acara Serah Terima",
    "ba-mutasi": "Berita Acara Penyerahan Barang untuk Evaluasi",
    "ba-batal": "Berita Acara Pembatalan",
}
TEMPLATES: Final = {
    "bast": "distribution/pdf/bast.html",
    "ba-mutasi": "distribution/pdf/transfer.html",
    "ba-batal": "distribution/pdf/cancellation.html",
}
RELOCATION_TITLE: Final = "Berita Acara Mutasi Barang"
RELOCATION_TEMPLATE: Final = "distribution/pdf/relocation.html"
DRAFT_NOTE: Final = "Belum bernomor, belum berlaku, dan belum memindahkan barang. Kode QR dicetak saat dokumen diterbitkan."
MOST_PRODUCTS_IN_TITLE: Final = 3
FIRST_AND_SECOND: Final[Wording] = {"first_party": "PIHAK KESATU", "second_party": "PIHAK KEDUA"}


def title_of(snapshot: Snapshot) -> str:
    """What the paper is called; a transfer by what it is for."""
    return RELOCATION_TITLE if is_relocation(snapshot) else TITLES[snapshot["kind"]]


def is_relocation(snapshot: Snapshot) -> bool:
    move = snapshot.get("move")  # papers of the first schema have none
    return move is not None and move["purpose"] == "mutasi"


def template_of(snapshot: Snapshot) -> str:
    return RELOCATION_TEMPLATE if is_relocation(snapshot) else TEMPLATES[snapshot["kind"]]


def pdf_bytes(snapshot: Snapshot, arms: bytes | None = None) -> bytes:
    return paper_bytes(snapshot, template_of(snapshot), paper_context(snapshot), arms=arms)


def paper_context(snapshot: Snapshot) -> dict[str, Any]:
    """What the templates print, in words: dates, quantities, names of the parties."""
    lines, makers = snapshot["lines"], _told_apart(snapshot["makers"])
    return berita_acara_context(snapshot, title_of(snapshot)) | {
        "draft_note": DRAFT_NOTE,
        "goods": _goods(lines),
        "lines": [_line(line) for line in lines],
        "has_specifications": any(line["specification"] or line["attribute"] for line in lines),
        "has_values": any(line["value"] is not None for line in lines),
        "total": _total(lines),
        "makers": [_maker(line) for line in makers],
        "origins": listed(list(dict.fromkeys(line["district"] for line in snapshot["makers"]))),
        "statements": _statements(snapshot),
        "cancels": _reference(snapshot["cancels"]),
        "receipt": _receipt(snapshot.get("receipt")),  # papers of earlier schemas have none
        "annexes": ["Rincian produsen (IKM)"] if makers else [],
    }


def entry(snapshot: Snapshot) -> papers.Entry:
    """How the register lists it."""
    second = snapshot["second_party"]
    goods = "; ".join(goods_lines(snapshot))
    return papers.Entry(snapshot["first_party"]["organisation"], second["organisation"] if second else "", goods)


def public_facts(snapshot: Snapshot) -> list[papers.PublicFact]:
    """An allow-list: institutions and goods, never a person."""
    second, cancels = snapshot["second_party"], snapshot["cancels"]
    facts = [papers.PublicFact(_("First party"), [snapshot["first_party"]["organisation"]])]
    if second:
        facts.append(papers.PublicFact(_("Second party"), [second["organisation"]]))
    if cancels:
        facts.append(papers.PublicFact(_("Makes void"), [cancels["number"]]))
    return [*facts, papers.PublicFact(_("Goods"), goods_lines(snapshot))]


def goods_lines(snapshot: Snapshot) -> list[str]:
    """ "50 set Pakaian hazmat", a line each."""
    return [f"{formatting.jumlah(line['quantity'])} {line['unit']} {line['product']}" for line in snapshot["lines"]]


def _told_apart(makers: list[MakerLine]) -> list[MakerLine]:
    """What the annex lists; nothing where nobody said who made what and all of it comes from one district: a page that tells nothing."""
    is_broken_down = any(line["maker"] for line in makers) or len({line["district"] for line in makers}) > 1
    return makers if is_broken_down else []


def _goods(lines: list[Line]) -> str:
    """What the title says was handed over: the products, when they are few."""
    products = list(dict.fromkeys(line["product"] for line in lines))
    return listed(products) if len(products) <= MOST_PRODUCTS_IN_TITLE else "Barang"


def _line(line: Line) -> dict[str, Any]:
    return {
        **line,
        "specification": "; ".join(part for part in (line["specification"], line["attribute"]) if part),
        "quantity": formatting.jumlah(line["quantity"]),
        "words": formatting.terbilang(line["quantity"]),
        "value": "" if line["value"] is None else formatting.jumlah(line["value"]),
    }


def _total(lines: list[Line]) -> dict[str, str] | None:
    """Sets and sheets do not add up: a total stands only under one unit, a value only when every line has one."""
    units = {line["unit"] for line in lines}
    if len(units) != 1:
        return None
    quantity = sum(line["quantity"] for line in lines)
    values = [line["value"] for line in lines if line["value"] is not None]
    return {
        "quantity": formatting.jumlah(quantity),
        "words": formatting.terbilang(quantity),
        "unit": units.pop(),
        "value": formatting.jumlah(sum(values)) if len(values) == len(lines) else "",
    }


def _maker(line: MakerLine) -> dict[str, Any]:
    return {
        **line,
        "maker": line["maker"] or "Tidak dirinci",
        "quantity": formatting.jumlah(line["quantity"]),
        "made_on": written(line["made_on"]) if line["made_on"] else "",
    }


def _statements(snapshot: Snapshot) -> list[str]:
    """What the parties state before the articles, "bahwa ...": one for each recorded fact and none for any other."""
    statements = [_carried_out(activity, snapshot["programme"]) for activity in snapshot["activities"]]
    destined = [f"diperuntukkan bagi {snapshot['purpose']}"] if snapshot["purpose"] else []
    if snapshot["is_free_of_charge"]:
        destined.append("dibagikan tanpa pungutan biaya")
    if destined:
        statements.append(f"barang dimaksud {listed(destined)}")
    return statements


def _carried_out(activity: Activity, programme: Funding) -> str:
    support = f"dengan dukungan {programme['origin_office']} " if programme["origin_office"] else ""
    office = f" pada {programme['executing_office']}" if programme["executing_office"] else ""
    batch = f" Angkatan {activity['batch']}" if activity["batch"] else ""
    district = f" di {activity['district']}" if activity["district"] else ""
    people = activity["participants"]
    participants = f" bagi {formatting.jumlah_terbilang(people)} pelaku IKM" if people else ""
    return (
        f"{support}melalui {programme['fund_source']}{office} Tahun Anggaran {programme['year']} "
        f"telah dilaksanakan {activity['name']}{batch}{district}{participants}"
    )


def _receipt(receipt: Receipt | None) -> dict[str, Any] | None:
    return receipt and {"date": written(receipt["received_on"]), "lines": [_settled(line) for line in receipt["lines"]]}


def _settled(line: Settled) -> dict[str, Any]:
    parts = {name: line[name] for name in ("handed_over", "back", "returned", "written_off")}
    return {**line, **{name: formatting.jumlah(part) for name, part in parts.items()}}


def _reference(reference: Reference | None) -> dict[str, Any] | None:
    return reference and {**reference, "title": TITLES[reference["kind"]], "date": written(reference["date"])}

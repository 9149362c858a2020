"""The monthly report: what changed in a month and how things stood at its end, as plain values that are frozen and printed.

Its words are Indonesian, whatever language the screen has, because the same content becomes paper.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q
from django.utils import translation

from distribution.models import Handover, MonthlyReport, Receipt, Transfer
from distribution.reports.changes import differing, moved_since
from distribution.reports.placed import handed_over
from distribution.reports.recapitulation import chart_of_places, chart_of_product, known_sum
from distribution.reports.reconciliation import Reconciliation, reconcile, rows_as_json
from ikm_program.chapters import Block, figure, heading, listing, paragraph, table
from ikm_program.comparing import BLANK_DIFFERENCE
from ikm_program.formatting import jumlah, nama_bulan, persen, tanggal
from ikm_program.reporting import Column, Report
from ikm_program.scoping import Reach
from production.models import OutputEntry, Product
from trainings.models import IssuedDocument, Programme, Region
from trainings.reports.paper import office_of
from trainings.snapshots import letterhead_of, paper_of

SCHEMA: Final = 1
NOT_REPORTED: Final = "belum melapor"
DIFFERENCE: Final = "Selisih"


def monthly_content(region: Region, programme: Programme, month: dt.date) -> dict[str, Any]:
    """Everything that the report says, and the bare figures beside it."""
    with translation.override("id"):
        return _content(region, programme, month)


def _content(region: Region, programme: Programme, month: dt.date) -> dict[str, Any]:
    viewer, until = Reach(region), end_of(month)
    before = reconcile(viewer, as_of=month - dt.timedelta(days=1), programmes=[programme])
    after = reconcile(viewer, as_of=until, programmes=[programme])
    office = office_of(viewer)
    blocks = [
        heading("A. Ringkasan"), *_summary(before, after),
        heading("B. Keadaan pada akhir bulan"), *_standing(before, after),
        heading("C. Perubahan dalam bulan ini"), *_changes(before, after),
        heading("D. Laporan produksi yang diverifikasi"), *_verified(viewer, programme, month, until),
        heading("E. Berita acara yang diterbitkan"), *_papers(viewer, programme, month, until),
        heading("F. Kesesuaian catatan"), *_problems(after),
        heading("G. Pekerjaan yang masih terbuka"), *_open(viewer, programme, after),
    ]  # fmt: skip
    return {
        "schema": SCHEMA,
        "programme": str(programme),
        "region": region.name,
        "month": month.isoformat(),
        "until": until.isoformat(),
        "title": f"Laporan Bulanan {nama_bulan(month)} {month.year}",
        "letterhead": letterhead_of(office, until) if office else None,
        "paper": paper_of(office, until),
        "rows": {"before": rows_as_json(before), "after": rows_as_json(after)},
        "totals": after.totals,
        "blocks": blocks,
    }


def end_of(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def month_before(day: dt.date) -> dt.date:
    """The first day of the month that was over last."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def _products(result: Reconciliation) -> list[Product]:
    return list(dict.fromkeys(row.product for row in result.rows))


def _summary(before: Reconciliation, after: Reconciliation) -> list[Block]:
    items = [_sentence(product, before, after) for product in _products(after)]
    return [paragraph(f"Sampai dengan {tanggal(after.as_of)} tercatat:"), listing(items)]


def _sentence(product: Product, before: Reconciliation, after: Reconciliation) -> str:
    total, unit = after.totals[product.code], product.unit
    target = f"target {jumlah(total['target'])} {unit}" if total["target"] is not None else "target belum ditetapkan"
    if total["verified"] is None:
        return f"{product.name}: {target}; {NOT_REPORTED}"
    earlier = before.totals.get(product.code, {}).get("verified") or 0
    share = f" ({persen(total['verified'], total['target'])})" if total["target"] else ""
    places = [
        ("diserahkan", "handed_over"),
        ("dalam evaluasi", "in_evaluation"),
        ("dalam perjalanan", "in_transit"),
        ("persediaan", "stock"),
    ]
    where = ", ".join(f"{word} {jumlah(total[name] or 0)} {unit}" for word, name in places if total[name])
    added = jumlah(total["verified"] - earlier)
    return (
        f"{product.name}: {target}; diverifikasi {jumlah(total['verified'])} {unit}{share}, dalam bulan ini {added} {unit}"
        f"{f'; {where}' if where else ''}"
    )


def _standing(before: Reconciliation, after: Reconciliation) -> list[Block]:
    was = {(row.product.pk, row.region.pk): row["verified"] or 0 for row in before.rows}
    rows: list[dict[str, Any]] = [
        {
            "product": row.product.short_name, "district": row.region.short_name, **row.figures,
            "added": (row["verified"] or 0) - was.get((row.product.pk, row.region.pk), 0) if row["verified"] is not None else None,
        }
        for row in after.rows
    ]  # fmt: skip
    totals = [
        {
            "product": f"{product.short_name} ({product.unit})", "district": "Jumlah", **after.totals[product.code],
            "added": known_sum(row["added"] for row in rows if row["product"] == product.short_name),
        }
        for product in _products(after)
    ]  # fmt: skip
    report = Report(title="", columns=_standing_columns(), rows=rows, totals=totals, notes=["Produksi: jumlah yang telah diverifikasi."])
    products = [product for product in _products(after) if after.totals[product.code]["verified"] is not None]
    charts = [*(chart_of_product(after, product) for product in products), *([chart_of_places(after, products)] if products else [])]
    return [table("Realisasi per produk dan kabupaten/kota", report), *(figure(chart) for chart in charts)]


def _standing_columns() -> list[Column]:
    silent: dict[str, Any] = {"kind": "integer", "unknown": "", "width": 5}
    return [
        Column(key="product", label="Produk", width=6),
        Column(key="district", label="Kabupaten/kota", width=8),
        Column(key="target", label="Target", kind="integer", unknown="belum ditetapkan", width=6, group="Produksi"),
        Column(key="verified", label="Realisasi", kind="integer", unknown=NOT_REPORTED, width=6, group="Produksi"),
        Column(key="share", label="%", kind="percent", share_of=("verified", "target"), unknown="", width=6, group="Produksi"),
        Column(key="added", label="Bulan ini", **silent, group="Produksi"),
        Column(key="acknowledged", label="Diterima", **silent, group="Diserahkan"),
        Column(key="awaiting", label="Menunggu", **silent, group="Diserahkan"),
        Column(key="in_evaluation", label="Evaluasi", **silent),
        Column(key="stock", label="Sisa stok", **silent),
    ]


def _changes(before: Reconciliation, after: Reconciliation) -> list[Block]:
    rows = differing(before, after)
    if not rows:
        return [paragraph("Tidak ada angka yang berubah dalam bulan ini.")]
    columns = [
        Column(key="product", label="Produk", width=3),
        Column(key="district", label="Kabupaten/kota", width=4),
        Column(key="figure", label="Angka", width=4),
        Column(key="before", label=tanggal(before.as_of), kind="integer", unknown="belum diketahui", width=3),
        Column(key="after", label=tanggal(after.as_of), kind="integer", unknown="belum diketahui", width=3),
        Column(key="difference", label=DIFFERENCE, kind="integer", unknown="", width=2, is_signed=True),
    ]
    return [table("Angka yang berubah", Report(title="", columns=columns, rows=rows, notes=[BLANK_DIFFERENCE]))]


def blocks_of(content: dict[str, Any]) -> list[Block]:
    """As they are shown and printed: a difference that nobody knows, which older reports froze as not determined yet, stays blank."""
    return [_with_blanks(block) if block["kind"] == "table" else block for block in content["blocks"]]


def _with_blanks(block: Block) -> Block:
    wrong = [cell for row in block["rows"] for cell in row if cell["label"] == DIFFERENCE and cell["is_unknown"] and cell["text"]]
    if not wrong:
        return block
    with translation.override("id"):
        notes = [*block["notes"], str(BLANK_DIFFERENCE)]
    rows = [[{**cell, "text": ""} if cell in wrong else cell for cell in row] for row in block["rows"]]
    return {**block, "rows": rows, "notes": notes}


def moved(report: MonthlyReport) -> list[dict[str, Any]]:
    """What today's records say otherwise of the end of its month."""
    now = reconcile(Reach(report.region), as_of=end_of(report.month), programmes=[report.programme])
    return moved_since(report.figures["rows"]["after"], now)


def _verified(viewer: Reach, programme: Programme, month: dt.date, until: dt.date) -> list[Block]:
    entries: Any = OutputEntry.objects.for_user(viewer).filter(batch__activity__programme=programme, verified_on__range=(month, until))
    rows = [
        {
            "on": entry.verified_on, "district": entry.region.short_name, "product": entry.product.short_name, "made_on": entry.made_on,
            "reported": entry.reported, "verified": entry.verified_quantity,
        }
        for entry in entries.verified().with_names().order_by("verified_on", "region__kemendagri_code", "pk")
    ]  # fmt: skip
    if not rows:
        return [paragraph("Tidak ada laporan produksi yang diverifikasi dalam bulan ini.")]
    columns = [
        Column(key="on", label="Diverifikasi", kind="date", width=3),
        Column(key="district", label="Kabupaten/kota", width=4),
        Column(key="product", label="Produk", width=3),
        Column(key="made_on", label="Tanggal produksi", kind="date", width=3),
        Column(key="reported", label="Dilaporkan", kind="integer", width=2),
        Column(key="verified", label="Diverifikasi", kind="integer", width=2),
    ]
    return [table("Laporan produksi yang diverifikasi", Report(title="", columns=columns, rows=rows))]


def papers_of(viewer: Any, programme: Programme) -> Any:
    """Every issued paper of the programme, within reach."""
    mine = Q(handover__programme=programme) | Q(transfer__programme=programme) | Q(cancellation__handover__programme=programme)
    return IssuedDocument.objects.for_user(viewer).filter(mine)


def _papers(viewer: Reach, programme: Programme, month: dt.date, until: dt.date) -> list[Block]:
    documents = papers_of(viewer, programme).filter(document_on__range=(month, until)).with_names().order_by("document_on", "pk")
    rows = [paper_row(document) for document in documents]
    if not rows:
        return [paragraph("Tidak ada berita acara yang diterbitkan dalam bulan ini.")]
    return [table("Berita acara yang diterbitkan", Report(title="", columns=PAPER_COLUMNS, rows=rows))]


PAPER_COLUMNS: Final = (
    Column(key="number", label="Nomor", width=5),
    Column(key="on", label="Tanggal", kind="date", width=3),
    Column(key="receiver", label="Penerima", width=5),
    Column(key="goods", label="Barang", width=4),
    Column(key="status", label="Keadaan", width=3),
)


def paper_row(document: IssuedDocument) -> dict[str, Any]:
    """As its frozen content says; only what became of it is of today."""
    snapshot = document.snapshot
    second = snapshot["second_party"]
    status = "Membatalkan" if document.kind == "ba-batal" else str(document.subject.get_status_display())
    return {
        "number": document.number,
        "on": document.document_on,
        "receiver": second["organisation"] if second else "",
        "goods": ", ".join(f"{jumlah(line['quantity'])} {line['unit']} {line['product']}" for line in snapshot["lines"]),
        "status": status,
    }


def _problems(result: Reconciliation) -> list[Block]:
    if result.is_balanced:
        return [
            paragraph(
                "Tidak ada selisih: jumlah dilaporkan sama dengan yang menunggu, ditolak, dan diverifikasi; jumlah diverifikasi sama "
                "dengan persediaan, dalam evaluasi, dalam perjalanan, diserahkan, dan dihapuskan."
            )
        ]
    return [paragraph("Ditemukan selisih:"), listing(result.problems)]


def _open(viewer: Reach, programme: Programme, result: Reconciliation) -> list[Block]:
    items = list(open_items(viewer, programme, result))
    return [listing(items)] if items else [paragraph("Tidak ada pekerjaan yang terbuka.")]


def open_items(viewer: Reach, programme: Programme, result: Reconciliation) -> Iterator[str]:
    """Work that waited when the report was prepared, as far as it concerns days until the end of the month."""
    day = result.as_of
    entries: Any = OutputEntry.objects.for_user(viewer).filter(batch__activity__programme=programme, made_on__lte=day)
    handovers: Any = Handover.objects.owned_by(viewer).filter(programme=programme, handed_over_on__lte=day)
    receipts: Any = Receipt.objects.owned_by(viewer).filter(handover__programme=programme, received_on__lte=day)
    awaiting = {part.handover.pk for part in handed_over(viewer, programme, day) if part.acknowledged < part.quantity}
    transit: Any = Transfer.objects.for_user(viewer).filter(programme=programme, sent_on__lte=day)
    counts = (
        (entries.waiting().count(), "laporan produksi menunggu verifikasi"),
        (entries.returned().count(), "laporan produksi dikembalikan dan belum diajukan lagi"),
        (handovers.drafts().count(), "rancangan BAST belum diterbitkan"),
        (len(awaiting), "BAST menunggu konfirmasi penerimaan"),
        (transit.in_transit().count(), "mutasi barang dalam perjalanan"),
        (receipts.without_evidence().count(), "penerimaan yang buktinya belum diunggah"),
    )
    yield from (f"{jumlah(count)} {words}" for count, words in counts if count)
    for product in _products(result):
        silent = [row.region.short_name for row in result.of_product(product) if not row.has_reported]
        if silent:
            yield f"{product.name}: {jumlah(len(silent))} kabupaten/kota belum melapor ({', '.join(silent)})"

"""What production says in the final report: targets, materials, reports of output, inspections, stocktakes, stock cards."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, Sum

from ikm_program.chapters import CARDS, MATERIALS, QUALITY, REPORTS, STOCK, TARGETS, Asked, Block, listing, paragraph, part, table
from ikm_program.formatting import jumlah, tanggal
from ikm_program.reporting import Column, Report
from production.models import (
    Inspection,
    InspectionLine,
    Material,
    MaterialHandover,
    MaterialHandoverLine,
    MaterialReceipt,
    MaterialReceiptLine,
    OutputEntry,
    ProductTarget,
    Stocktake,
    StocktakeLine,
)
from production.reports import targets_report
from production.stock_card import stock_card
from production.store_flows import store_flows

NOT_SET = "belum ditetapkan"
NETTED = (
    "Pengeluaran yang kemudian dibatalkan dan barang yang kembali dari penerima tidak dihitung sebagai masuk maupun keluar; "
    "barisnya ada pada kartu stok."
)


@part(TARGETS, order=10)
def targets(asked: Asked) -> list[Block]:
    rows = [
        {
            "product": target.product.name, "unit": target.product.unit, "total": target.total,
            "note": "; ".join(part for part in ("perkiraan" if target.is_approximate else "", target.basis) if part) or None,
        }
        for target in ProductTarget.objects.for_user(asked.viewer).filter(programme=asked.programme).select_related("product")
    ]  # fmt: skip
    if not rows:
        return []
    columns = [
        Column(key="product", label="Produk", width=4),
        Column(key="total", label="Target", kind="integer", unknown=NOT_SET, width=2),
        Column(key="unit", label="Satuan", width=2),
        Column(key="note", label="Keterangan", unknown="", width=5),
    ]
    found = [table("Target program", Report(title="", columns=columns, rows=rows))]
    if asked.viewer.region.is_district:
        return found
    return [*found, table("Target per kabupaten/kota", targets_report(asked.programme, asked.viewer))]


@part(MATERIALS, order=10)
def materials(asked: Asked) -> list[Block]:
    """What came into the stores, what went to the makers, and what they gave back. Between two stores nothing is used up."""
    received: Any = MaterialReceiptLine.objects.for_user(asked.viewer).filter(
        receipt__programme=asked.programme, receipt__received_on__lte=asked.day, receipt__status=MaterialReceipt.Status.RECORDED
    )
    given = _handed_over(asked, MaterialHandover.Kind.GIVING)
    back = _handed_over(asked, MaterialHandover.Kind.RETURN)
    counts = [dict(rows.order_by().values_list("material").annotate(sum=Sum("quantity"))) for rows in (received, given, back)]
    known = Material.objects.filter(pk__in={pk for count in counts for pk in count}).order_by("name", "pk")
    keys = ("received", "given", "returned")
    rows = [
        {
            "material": one.name,
            **{key: one.said(count[one.pk]) if one.pk in count else None for key, count in zip(keys, counts, strict=True)},
        }
        for one in known
    ]
    if not rows:
        return []
    columns = [
        Column(key="material", label="Bahan", width=6),
        Column(key="received", label="Diterima gudang", unknown="", width=3),
        Column(key="given", label="Diserahkan kepada pembuat", unknown="", width=3),
        Column(key="returned", label="Sisa dikembalikan", unknown="", width=3),
    ]
    papers = given.values("handover").distinct().count()
    first = [paragraph(f"Bahan diserahkan kepada pembuat dengan {jumlah(papers)} berita acara penyerahan bahan.")] if papers else []
    return [*first, table("Bahan", Report(title="", columns=columns, rows=rows))]


def _handed_over(asked: Asked, kind: str) -> Any:
    """By papers that stand; of the receipt on the other side its own page tells."""
    rows = MaterialHandoverLine.objects.for_user(asked.viewer).filter(handover__programme=asked.programme, handover__kind=kind)
    standing = (MaterialHandover.Status.ISSUED, MaterialHandover.Status.RECEIVED)
    return rows.filter(handover__status__in=standing, handover__other_store__isnull=True, handover__handed_over_on__lte=asked.day)


@part(QUALITY, order=5)
def inspections(asked: Asked) -> list[Block]:
    """What inspection teams found, product by product. Pieces examined again after a repair count each time."""
    held: Any = Inspection.objects.for_user(asked.viewer).issued().filter(programme=asked.programme, inspected_on__lte=asked.day)
    lines: Any = InspectionLine.objects.for_user(asked.viewer).filter(inspection__in=held)
    keys = ("examined", "accepted", "to_repair", "rejected")
    counted = lines.values(product=F("inspection__product__name"), unit=F("inspection__product__unit"))
    rows: list[dict[str, Any]] = list(
        counted.annotate(papers=Count("inspection", distinct=True), **{key: Sum(key) for key in keys}).order_by("inspection__product")
    )
    if not rows:
        return []
    items = [
        f"{row['product']}: {jumlah(row['papers'])} pemeriksaan, {jumlah(row['examined'])} {row['unit']} diperiksa, "
        f"{jumlah(row['accepted'])} dinyatakan baik, {jumlah(row['to_repair'])} perlu diperbaiki, {jumlah(row['rejected'])} ditolak"
        for row in rows
    ]
    return [paragraph("Hasil pemeriksaan mutu oleh tim pemeriksa:"), listing(items)]


@part(QUALITY, order=6)
def stocktakes(asked: Asked) -> list[Block]:
    """What was counted in the stores by hand, beside the books: of this programme's goods, by stocktakes that stand."""
    held: Any = Stocktake.objects.for_user(asked.viewer).issued().filter(counted_on__lte=asked.day)
    lines: Any = StocktakeLine.objects.for_user(asked.viewer).filter(stocktake__in=held, programme=asked.programme)
    rows = [
        {
            "paper": line.stocktake.number, "on": line.stocktake.counted_on, "store": line.stocktake.store.name,
            "product": f"{line.product.short_name} ({line.product.unit})", "book": line.book, "counted": line.counted,
            "remark": line.remark or None,
        }
        for line in lines.select_related("stocktake__document", "stocktake__store", "product").order_by("stocktake__counted_on", "pk")
    ]  # fmt: skip
    if not rows:
        return []
    columns = [
        Column(key="paper", label="Berita acara", width=5),
        Column(key="on", label="Tanggal", kind="date", width=3),
        Column(key="store", label="Gudang", width=4),
        Column(key="product", label="Produk", width=3),
        Column(key="book", label="Menurut catatan", kind="integer", width=2),
        Column(key="counted", label="Hasil hitung", kind="integer", width=2),
        Column(key="remark", label="Penjelasan", unknown="", width=4),
    ]
    return [table("Stock opname", Report(title="", columns=columns, rows=rows))]


@part(REPORTS, order=10)
def list_of_reports(asked: Asked) -> list[Block]:
    entries: Any = OutputEntry.objects.for_user(asked.viewer).verified()
    mine = entries.filter(batch__activity__programme=asked.programme, made_on__lte=asked.day)
    verified = mine.filter(Q(verified_on__isnull=True) | Q(verified_on__lte=asked.day))
    rows = [
        {
            "number": index, "made_on": entry.made_on, "district": entry.region.short_name, "product": entry.product.short_name,
            "reported": entry.reported, "verified": entry.verified_quantity, "on": entry.verified_on,
            "note": ("Koreksi. " if entry.is_correction else "") + entry.note,
        }
        for index, entry in enumerate(verified.with_names().order_by("made_on", "region__kemendagri_code", "pk"), 1)
    ]  # fmt: skip
    if not rows:
        return []
    columns = [
        Column(key="number", label="No.", kind="integer", width=4),
        Column(key="made_on", label="Tanggal produksi", kind="date", width=10),
        Column(key="district", label="Kabupaten/kota", width=10),
        Column(key="product", label="Produk", width=9),
        Column(key="reported", label="Dilaporkan", kind="integer", width=9),
        Column(key="verified", label="Diverifikasi", kind="integer", width=9),
        Column(key="on", label="Tanggal verifikasi", kind="date", width=10, unknown="belum tercatat"),
        Column(key="note", label="Catatan", width=18),
    ]
    return [table("Laporan produksi yang diverifikasi", Report(title="", columns=columns, rows=rows))]


@part(STOCK, order=20)
def stock_left(asked: Asked) -> list[Block]:
    flows = store_flows(asked.viewer, asked.programme, asked.day)
    if not flows:
        return []
    rows = [
        {
            "store": flow.store.name, "product": flow.product.name, "unit": flow.product.unit,
            "made": flow.made, "arrived": flow.arrived, "gone": flow.gone, "left": flow.left,
        }
        for flow in flows
    ]  # fmt: skip
    has_arrivals = any(flow.arrived for flow in flows)
    columns = [
        Column(key="store", label="Gudang", width=5),
        Column(key="product", label="Produk", width=4),
        Column(key="made", label="Masuk dari produksi" if has_arrivals else "Masuk", kind="integer", width=2),
        *([Column(key="arrived", label="Masuk dari gudang lain", kind="integer", width=2)] if has_arrivals else []),
        Column(key="gone", label="Keluar", kind="integer", width=2),
        Column(key="left", label="Sisa", kind="integer", width=2),
        Column(key="unit", label="Satuan", width=2),
    ]
    left = sum(1 for flow in flows if flow.left)
    said = f"Pada {tanggal(asked.day)} terdapat sisa persediaan pada {jumlah(left)} dari {jumlah(len(rows))} kartu stok." if left else (
        f"Pada {tanggal(asked.day)} tidak ada sisa persediaan pada {jumlah(len(rows))} kartu stok yang ada."
    )  # fmt: skip
    return [paragraph(said), table("Persediaan per gudang", Report(title="", columns=columns, rows=rows, notes=[NETTED]))]


@part(CARDS, order=10)
def stock_cards(asked: Asked) -> list[Block]:
    """A card for every store and product of the programme in which something moved."""
    return [
        table(
            f"Kartu stok {flow.product.name}, {flow.store.name}",
            stock_card(flow.store, flow.product, asked.viewer, programme=asked.programme, until=asked.day),
        )
        for flow in store_flows(asked.viewer, asked.programme, asked.day)
    ]

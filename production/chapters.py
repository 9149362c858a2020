"""What production says in the final report: targets, reports of output, stock cards."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from ikm_program.chapters import CARDS, REPORTS, STOCK, TARGETS, Asked, Block, paragraph, part, table
from ikm_program.formatting import jumlah, tanggal
from ikm_program.reporting import Column, Report
from production.models import Account, OutputEntry, Product, ProductTarget, StockMovement, Store
from production.reports import targets_report
from production.stock_card import stock_card

NOT_SET = "belum ditetapkan"


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


def _cards(asked: Asked) -> list[tuple[Store, Product, Report]]:
    """A card for every store and product of the programme in which something moved."""
    moved = StockMovement.objects.for_user(asked.viewer).filter(
        lot__programme=asked.programme, account=Account.STOCK, effective_on__lte=asked.day
    )
    pairs = list(moved.order_by("store__region__kemendagri_code", "store", "lot__product").values_list("store", "lot__product").distinct())
    stores, products = Store.objects.in_bulk({store for store, _product in pairs}), Product.objects.in_bulk({pk for _store, pk in pairs})
    return [
        (stores[store], products[product], stock_card(stores[store], products[product], asked.viewer, until=asked.day))
        for store, product in pairs
    ]


@part(STOCK, order=20)
def stock_left(asked: Asked) -> list[Block]:
    rows = [
        {"store": store.name, "product": product.name, "unit": product.unit, **report.totals[0]}
        for store, product, report in _cards(asked)
        if report.totals
    ]
    if not rows:
        return []
    columns = [
        Column(key="store", label="Gudang", width=5),
        Column(key="product", label="Produk", width=4),
        Column(key="incoming", label="Masuk", kind="integer", width=2),
        Column(key="outgoing", label="Keluar", kind="integer", width=2),
        Column(key="balance", label="Sisa", kind="integer", width=2),
        Column(key="unit", label="Satuan", width=2),
    ]
    left = sum(1 for row in rows if row["balance"])
    said = f"Pada {tanggal(asked.day)} terdapat sisa persediaan pada {jumlah(left)} dari {jumlah(len(rows))} kartu stok." if left else (
        f"Pada {tanggal(asked.day)} tidak ada sisa persediaan pada {jumlah(len(rows))} kartu stok yang ada."
    )  # fmt: skip
    return [paragraph(said), table("Persediaan per gudang", Report(title="", columns=columns, rows=rows))]


@part(CARDS, order=10)
def stock_cards(asked: Asked) -> list[Block]:
    return [table(f"Kartu stok {product.name}, {store.name}", report) for store, product, report in _cards(asked)]

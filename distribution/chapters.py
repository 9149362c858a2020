"""What distribution says in the final report: output against target, who received it, what lies where, papers and photos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from distribution.models import Handover, Transfer
from distribution.reports.monthly import PAPER_COLUMNS, open_items, paper_row, papers_of
from distribution.reports.photos import AT_MOST, photos
from distribution.reports.placed import handed_over
from distribution.reports.recapitulation import (
    PLACES,
    chart_of_places,
    chart_of_product,
    known_sum,
    people,
    recapitulate,
    recapitulation_report,
)
from distribution.reports.receivers import by_receiver, final_recipients, final_report, receivers_report
from distribution.reports.reconciliation import Reconciliation, reconcile
from ikm_program.chapters import (
    DECREES,
    HANDOVER,
    OUTPUT,
    PHOTOS,
    PROBLEMS,
    QUALITY,
    RECAPITULATION,
    RECIPIENTS,
    REGISTER,
    STOCK,
    Asked,
    Block,
    figure,
    listing,
    paragraph,
    part,
    photo,
    table,
)
from ikm_program.formatting import jumlah, persen, tanggal
from ikm_program.reporting import Column, Report
from production.models import Product
from production.reports import output_over_time


def _result(asked: Asked) -> Reconciliation:
    return reconcile(asked.viewer, as_of=asked.day, programmes=[asked.programme])


def _products(result: Reconciliation) -> list[Product]:
    return list(dict.fromkeys(row.product for row in result.rows))


def _reported(result: Reconciliation) -> list[Product]:
    return [product for product in _products(result) if result.totals[product.code]["verified"] is not None]


@part(OUTPUT, order=10)
def output(asked: Asked) -> list[Block]:
    result = _result(asked)
    items = [_made(product, result) for product in _products(result)]
    if not items:
        return []
    return [paragraph(f"Hasil produksi yang tercatat sampai dengan {tanggal(asked.day)}:"), listing(items), _summary_table(result)]


def _made(product: Product, result: Reconciliation) -> str:
    total, rows, unit = result.totals[product.code], result.of_product(product), product.unit
    reporting = sum(row.has_reported for row in rows)
    target = f"target {jumlah(total['target'])} {unit}" if total["target"] is not None else "target belum ditetapkan"
    if total["verified"] is None:
        return f"{product.name}: {target}; belum ada laporan dari {jumlah(len(rows))} kabupaten/kota"
    share = f" atau {persen(total['verified'], total['target'])}" if total["target"] else ""
    return (
        f"{product.name}: {jumlah(total['verified'])} {unit} telah diverifikasi{share} ({target}), "
        f"dari {jumlah(reporting)} di antara {jumlah(len(rows))} kabupaten/kota"
    )


def _summary_table(result: Reconciliation) -> Block:
    rows = [{"product": product.name, "unit": product.unit, **result.totals[product.code]} for product in _products(result)]
    silent: dict[str, Any] = {"kind": "integer", "unknown": "", "width": 2}
    columns = [
        Column(key="product", label="Produk", width=4),
        Column(key="unit", label="Satuan", width=2),
        Column(key="target", label="Target", kind="integer", unknown="belum ditetapkan", width=2),
        Column(key="verified", label="Realisasi", kind="integer", unknown="belum melapor", width=2),
        Column(key="share", label="%", kind="percent", share_of=("verified", "target"), unknown="", width=2),
        Column(key="handed_over", label="Diserahkan", **silent),
        Column(key="in_evaluation", label="Evaluasi", **silent),
        Column(key="stock", label="Sisa stok", **silent),
    ]
    return table("Ringkasan hasil per produk", Report(title="", columns=columns, rows=rows))


@part(OUTPUT, order=20)
def output_by_district(asked: Asked) -> list[Block]:
    """A table and a drawing for every product that somebody has reported."""
    result = _result(asked)
    quotas, enrolled = people(asked.programme, {row.region for row in result.rows})
    found: list[Block] = []
    for product in _reported(result):
        grown = output_over_time(asked.viewer, asked.programme, product, asked.day)
        found += [_by_district(product, result, quotas, enrolled), figure(chart_of_product(result, product)), figure(grown)]
    return found


def _by_district(product: Product, result: Reconciliation, quotas: Any, enrolled: Any) -> Block:
    rows = [
        {
            "district": row.region.name, "quota": quotas.get((product.pk, row.region.pk)),
            "enrolled": enrolled.get((product.pk, row.region.pk)), **row.figures,
        }
        for row in result.of_product(product)
    ]  # fmt: skip
    columns = [
        Column(key="district", label="Kabupaten/kota", width=5),
        Column(key="quota", label="Kuota peserta", kind="integer", unknown="belum ditetapkan", width=2),
        Column(key="enrolled", label="Peserta", kind="integer", unknown="belum ada", width=2),
        Column(key="target", label="Target", kind="integer", unit=product.unit, unknown="belum ditetapkan", width=2),
        Column(key="verified", label="Realisasi", kind="integer", unit=product.unit, unknown="belum melapor", width=2),
        Column(key="share", label="%", kind="percent", share_of=("verified", "target"), unknown="", width=2),
    ]
    sums = {name: known_sum(row[name] for row in rows) for name in ("quota", "enrolled")}
    totals = [{"district": "Jumlah", **sums, **result.totals[product.code]}]
    return table(f"Realisasi {product.name} per kabupaten/kota", Report(title="", columns=columns, rows=rows, totals=totals))


@part(HANDOVER, order=10)
def handovers(asked: Asked) -> list[Block]:
    lines = by_receiver(asked.viewer, asked.programme, asked.day)
    if not lines:
        return []
    papers = {pk for line in lines for pk in line.papers}
    sums: dict[Product, int] = {}
    for line in lines:
        sums[line.product] = sums.get(line.product, 0) + line.quantity
    goods = ", ".join(f"{jumlah(count)} {product.unit} {product.name}" for product, count in sums.items())
    report = replace(receivers_report(lines, asked.programme, asked.day), notes=["Serah terima yang dibatalkan tidak dihitung."])
    return [
        paragraph(f"Dengan {jumlah(len(papers))} berita acara serah terima telah diserahkan {goods}."),
        table("Serah terima menurut penerima", report),
        *_acknowledgement(asked),
    ]


def _acknowledgement(asked: Asked) -> list[Block]:
    waiting = {part.handover.number for part in handed_over(asked.viewer, asked.programme, asked.day) if part.acknowledged < part.quantity}
    if not waiting:
        return [paragraph("Seluruh serah terima telah dikonfirmasi oleh penerima.")]
    return [paragraph("Serah terima berikut belum dikonfirmasi oleh penerima:"), listing(f"BAST {number}" for number in sorted(waiting))]


@part(HANDOVER, order=20)
def onward(asked: Asked) -> list[Block]:
    finals = [final for final in final_recipients(asked.viewer, asked.programme, asked.day) if final.is_onward]
    if not finals:
        return []
    items = [
        f"{final.recipient.name}: {jumlah(final.quantity)} {final.product.unit} {final.product.name}, {tanggal(final.on)}"
        for final in finals
    ]
    return [paragraph("Penyaluran lanjutan yang dilaporkan oleh penerima:"), listing(items)]


@part(QUALITY, order=10)
def evaluation(asked: Asked) -> list[Block]:
    """What was sent away to be evaluated, and how much of it stands there; an outcome is told when it is recorded."""
    sent = Transfer.objects.for_user(asked.viewer).filter(
        programme=asked.programme, purpose=Transfer.Purpose.EVALUATION, sent_on__lte=asked.day, issued_at__isnull=False
    )
    items = [
        f"{tanggal(one.sent_on)}, dari {one.from_store} ke {one.to_store}: "
        + ", ".join(f"{jumlah(line.quantity)} {line.product.unit} {line.product.name}" for line in one.lines.all())
        + f" ({one.number})"
        for one in sent.select_related("from_store", "to_store", "document").prefetch_related("lines__product").order_by("sent_on", "pk")
    ]
    if not items:
        return []
    result = _result(asked)
    there = ", ".join(
        f"{jumlah(result.totals[one.code]['in_evaluation'] or 0)} {one.unit} {one.name}"
        for one in _products(result)
        if result.totals[one.code]["in_evaluation"]
    )
    rest = [paragraph(f"Pada {tanggal(asked.day)} masih dalam evaluasi: {there}.")] if there else []
    return [paragraph("Barang yang dikirim untuk dievaluasi:"), listing(items), *rest]


@part(STOCK, order=10)
def places(asked: Asked) -> list[Block]:
    result = _result(asked)
    products = _reported(result)
    if not products:
        return []
    rows = [
        {"product": f"{one.name} ({one.unit})", "total": result.totals[one.code]["verified"], **result.totals[one.code]} for one in products
    ]
    used = [name for name in PLACES if any(row[name] for row in rows)]
    columns = [
        Column(key="product", label="Produk", width=4),
        *(Column(key=name, label=str(PLACES[name]), kind="integer", width=2) for name in used),
        Column(key="total", label="Diverifikasi", kind="integer", width=2),
    ]
    return [
        table("Keberadaan barang yang telah diverifikasi", Report(title="", columns=columns, rows=rows)),
        figure(chart_of_places(result, products)),
    ]


@part(PROBLEMS, order=10)
def what_the_records_show(asked: Asked) -> list[Block]:
    items = list(open_items(asked.viewer, asked.programme, _result(asked)))
    return [paragraph("Menurut catatan, hal berikut belum selesai:"), listing(items)] if items else []


# --- annexes


@part(DECREES, order=20)
def bases(asked: Asked) -> list[Block]:
    """Decrees that handovers name: what they are based on, and what receivers act on."""
    rows = [{"number": index, "basis": basis, "use": use} for index, (basis, use) in enumerate(dict.fromkeys(_bases(asked)), 1)]
    if not rows:
        return []
    columns = [
        Column(key="number", label="No.", kind="integer"),
        Column(key="basis", label="Keputusan atau dasar", width=6),
        Column(key="use", label="Untuk", width=5),
    ]
    return [table("Keputusan dan dasar serah terima", Report(title="", columns=columns, rows=rows))]


def _bases(asked: Asked) -> Iterator[tuple[str, str]]:
    rows = Handover.objects.for_user(asked.viewer).live().filter(programme=asked.programme, handed_over_on__lte=asked.day)
    for handover in rows.select_related("recipient").order_by("handed_over_on", "pk"):
        yield from ((line.strip(), "dasar serah terima") for line in handover.legal_basis.splitlines() if line.strip())
        if basis := handover.receiver_basis or handover.recipient.legal_basis:
            yield basis, f"kewenangan {handover.recipient}"


@part(RECAPITULATION, order=10)
def recapitulation(asked: Asked) -> list[Block]:
    report = recapitulation_report(recapitulate(asked.viewer, asked.programme, asked.day))
    return [table("Rekapitulasi realisasi per produk dan kabupaten/kota", report, is_wide=True)] if report.rows else []


@part(RECIPIENTS, order=10)
def recipients(asked: Asked) -> list[Block]:
    report = final_report(final_recipients(asked.viewer, asked.programme, asked.day), asked.programme, asked.day)
    return [table("Daftar penerima akhir", report, is_wide=True)] if report.rows else []


@part(REGISTER, order=10)
def register(asked: Asked) -> list[Block]:
    documents = papers_of(asked.viewer, asked.programme).filter(document_on__lte=asked.day).with_names().order_by("document_on", "pk")
    rows = [paper_row(document) for document in documents]
    return [table("Berita acara yang diterbitkan", Report(title="", columns=PAPER_COLUMNS, rows=rows))] if rows else []


@part(PHOTOS, order=10)
def pictures(asked: Asked) -> list[Block]:
    shown = photos(asked.viewer, asked.programme, asked.day)[:AT_MOST]
    return [
        photo(one.model, one.pk, one.sha256, f"{one.caption}. {', '.join(part for part in (one.place, tanggal(one.on)) if part)}")
        for one in shown
    ]

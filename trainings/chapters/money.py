"""What was paid to participants and makers, what was kept as tax, and the lists that say so."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, Sum

from ikm_program.chapters import PAYMENTS, SPENDING, TAXES, Asked, Block, paragraph, part, table
from ikm_program.formatting import jumlah, rupiah, tanggal
from ikm_program.reporting import Column, Report
from trainings.models import PaymentList
from trainings.payment_papers import in_words

NAMES = {
    "uang_harian": "Uang harian",
    "konsumsi": "Uang konsumsi",
    "kuota": "Bantuan kuota internet",
    "pembelian": "Pembelian hasil produksi",
}
NATURES = {"awal": "", "susulan": " (susulan)", "pengembalian": " (pengembalian)"}


def _paid(asked: Asked) -> Any:
    """Paid by the day. A recovery counts from the day on which the last of it came back."""
    lists = PaymentList.objects.owned_by(asked.viewer).paid().filter(programme=asked.programme)
    recovered = Q(paid_on__isnull=True, finished_at__date__lte=asked.day)
    return lists.filter(Q(paid_on__lte=asked.day) | recovered).defer("snapshot").order_by()


@part(SPENDING, order=10)
def paid_by_kind(asked: Asked) -> list[Block]:
    counted = _paid(asked).values("kind").annotate(
        days=Sum("lines__day_count", filter=~Q(nature="pengembalian")),
        back=Sum("lines__day_count", filter=Q(nature="pengembalian")),
    )  # fmt: skip
    days = {row["kind"]: None if row["days"] is None else row["days"] - (row["back"] or 0) for row in counted}
    sums = _paid(asked).values("kind").annotate(lists=Count("pk"), gross=Sum("gross"), tax=Sum("tax"), net=Sum("net"))
    rows: list[dict[str, Any]] = [
        {"kind": NAMES[row["kind"]], "days": days.get(row["kind"]), **{key: row[key] for key in ("lists", "gross", "tax", "net")}}
        for row in sorted(sums, key=lambda row: list(NAMES).index(row["kind"]))
    ]
    if not rows:
        return []
    total = {key: sum(row[key] for row in rows) for key in ("lists", "gross", "tax", "net")}
    columns = [
        Column(key="kind", label="Jenis pembayaran", width=5),
        Column(key="lists", label="Daftar", kind="integer", width=2),
        Column(key="days", label="Orang-hari", kind="integer", unknown="", width=2),
        Column(key="gross", label="Bruto", kind="integer", unit="Rp", width=3),
        Column(key="tax", label="PPh 21", kind="integer", unit="Rp", width=3),
        Column(key="net", label="Diterima", kind="integer", unit="Rp", width=3),
    ]
    words = f" ({in_words(total['net']).lower()})" if total["net"] > 0 else ""
    said = f"Sampai dengan {tanggal(asked.day)} telah dibayarkan {rupiah(total['net'])}{words}."
    notes = ["Daftar pembayaran yang telah dibayar; pengembalian mengurangi jumlah."]
    report = Report(title="", columns=columns, rows=rows, totals=[{"kind": "Jumlah", **total}], notes=notes)
    return [paragraph(said), table("Pembayaran menurut jenis", report)]


@part(TAXES, order=10)
def tax_kept(asked: Asked) -> list[Block]:
    """Only where some was kept: what was not kept was decided by the treasurer and is not claimed here."""
    kept = _paid(asked).aggregate(sum=Sum("tax"))["sum"]
    return [paragraph(f"PPh 21 yang dipotong dari pembayaran tersebut berjumlah {rupiah(kept)}.")] if kept else []


@part(PAYMENTS, order=10)
def lists_that_were_paid(asked: Asked) -> list[Block]:
    found = _paid(asked).select_related("document", "region", "batch__activity").annotate(people=Count("lines"))
    rows = [
        {
            "number": one.document.number if one.document else None,
            "what": f"{NAMES[one.kind]}{NATURES[one.nature]}",
            "for": f"{one.batch.activity.name}, Angkatan {jumlah(one.batch.number)}" if one.batch else "",
            "district": one.region.short_name, "people": one.people, "paid_on": one.paid_on, "net": one.net,
        }
        for one in found.order_by("paid_on", "pk")
    ]  # fmt: skip
    if not rows:
        return []
    columns = [
        Column(key="number", label="Nomor", width=4),
        Column(key="what", label="Jenis", width=4),
        Column(key="for", label="Untuk", unknown="", width=5),
        Column(key="district", label="Wilayah", width=3),
        Column(key="people", label="Orang", kind="integer", width=2),
        Column(key="paid_on", label="Dibayar", kind="date", unknown="", width=3),
        Column(key="net", label="Diterima", kind="integer", unit="Rp", width=3),
    ]
    totals = [{"number": "Jumlah", "net": sum(row["net"] for row in rows)}]
    return [table("Daftar pembayaran yang telah dibayar", Report(title="", columns=columns, rows=rows, totals=totals), is_wide=True)]

"""The papers of a payment list: what is frozen when it is locked, and the PDF made of exactly that.

    daftar penerimaan     one list, a line for each payee, three signatures and the KPA's
    tanda terima          one payee's receipt

The figures are frozen when the list is locked; who approved is told by the register, which numbers the paper at the approval.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from ikm_program import formatting, papers
from ikm_program.paper_content import Frame, Issue, canonical_json, frame_context, paper_bytes, sha256_hex
from ikm_program.paper_content import Official as Signer
from ikm_program.templatetags.office import tone_of
from trainings.identity import format_npwp, format_phone, mask_nik
from trainings.models import Official, PaymentLine, PaymentList, Programme
from trainings.snapshots import FUNDS, frame, signer_of
from trainings.snapshots import arms_of as picture_of

KIND: Final = "daftar-bayar"
SCHEMA: Final = 1
TITLES: Final = {
    PaymentList.Kind.DAILY: "Daftar Penerimaan Uang Harian",
    PaymentList.Kind.MEALS: "Daftar Penerimaan Uang Konsumsi",
    PaymentList.Kind.QUOTA: "Daftar Penerimaan Bantuan Kuota Internet",
    PaymentList.Kind.PURCHASE: "Daftar Pembayaran Pembelian Hasil Produksi",
}
MATTERS: Final = {
    PaymentList.Kind.DAILY: "uang harian",
    PaymentList.Kind.MEALS: "uang konsumsi",
    PaymentList.Kind.QUOTA: "bantuan kuota internet",
    PaymentList.Kind.PURCHASE: "pembelian hasil produksi",
}
RECOVERY_TITLE: Final = "Daftar Pengembalian"
TAX_NOTE: Final = "Perlakuan pajak ditetapkan bendahara."
REGIONAL_FUNDS: Final = (
    Programme.Fund.APBD_PROVINSI, Programme.Fund.APBD_KABUPATEN, Programme.Fund.DAK_NONFISIK, Programme.Fund.BTT
)  # fmt: skip


class Line(TypedDict):
    number: int
    payee: str
    nik: str  # masked
    npwp: str
    origin: str
    description: str
    dates: list[str]  # ISO, of the days it pays for
    days: int | None
    rate: int | None
    gross: int
    tax: int
    net: int
    contact: str


class Content(Frame):
    """The whole of a list as JSON: what is not in it is not printed."""

    payment: str  # kind of payment
    nature: str
    programme: str
    activity: str
    batch: str
    region: str
    held: str
    fund: str
    year: int
    dipa_number: str
    dipa_on: str
    activity_code: str
    output_code: str
    account_code: str
    decree: str
    ppk: Signer | None
    treasurer: Signer | None
    kpa: Signer | None
    paid_out_by: str
    lines: list[Line]
    gross: int
    tax: int
    net: int


def content_of(payment_list: PaymentList) -> Content:
    """Gathered from the records at this moment. The number comes later: see `numbered`."""
    lines = payment_list.lines.prefetch_related("days").order_by("number")
    batch = payment_list.batch
    with translation.override("id"):
        return Content(
            **frame(KIND, payment_list.office, timezone.localdate(), payment_list.office.city, None, schema=SCHEMA),
            payment=payment_list.kind,
            nature=payment_list.nature,
            programme=payment_list.programme.name,
            activity=batch.activity.name if batch else "",
            batch=str(batch.number) if batch else "",
            region=payment_list.region.name,
            held=_held(payment_list),
            fund=_in_a_form(FUNDS[Programme.Fund(payment_list.programme.fund)]),
            year=payment_list.programme.year,
            dipa_number=payment_list.dipa_number,
            dipa_on=payment_list.dipa_on.isoformat() if payment_list.dipa_on else "",
            activity_code=payment_list.activity_code,
            output_code=payment_list.output_code,
            account_code=payment_list.account_code,
            decree=payment_list.cited_decree,
            ppk=_signer(payment_list.ppk),
            treasurer=_signer(payment_list.treasurer),
            kpa=_signer(payment_list.kpa),
            paid_out_by=payment_list.paid_out_by,
            lines=[line_of(line) for line in lines],
            gross=payment_list.gross,
            tax=payment_list.tax,
            net=payment_list.net,
        )


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of what was frozen at the lock, leaving out what the paper gets when it is numbered."""
    return sha256_hex(canonical_json({name: value for name, value in content.items() if name not in ("issue", "date")}))


def numbered(content: Any, issue: Issue, on: dt.date) -> Content:
    """The frozen content as the paper of its approval."""
    return Content(**{**content, "issue": issue, "date": on.isoformat()})  # type: ignore[typeddict-item]  # the rest as it was frozen


def title_of(content: Mapping[str, Any]) -> str:
    kind = PaymentList.Kind(content["payment"])
    if content["nature"] == PaymentList.Nature.RECOVERY:
        return f"{RECOVERY_TITLE} {MATTERS[kind].title()}"
    return f"{TITLES[kind]} (Susulan)" if content["nature"] == PaymentList.Nature.SUPPLEMENT else TITLES[kind]


def list_pdf(content: Mapping[str, Any], arms: bytes | None = None, *, is_draft: bool = False, is_copy: bool = False) -> bytes:
    """The list, landscape, its heading repeated on every page. Locked and not approved yet it has no number, and no draft's mark."""
    context = list_context(content) | {"is_draft": is_draft, "is_copy": is_copy}
    is_whole = not is_copy  # whole NIKs are on the paper to be signed, never inside a file
    return paper_bytes(content, "trainings/pdf/payment_list.html", context, arms=arms, orientation="landscape", is_whole=is_whole)


def with_whole_niks(content: Mapping[str, Any], payment_list: PaymentList) -> dict[str, Any]:
    """The same list with the NIK of each payee in full: to be signed by hand, printed on request and stored nowhere.

    What is issued keeps them masked, because it is read by many .
    """
    niks = dict(payment_list.lines.values_list("number", "nik"))
    return {**content, "lines": [{**line, "nik": niks.get(line["number"]) or ""} for line in content["lines"]]}


def list_context(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the template prints, in words."""
    lines = content["lines"]
    is_recovery = content["nature"] == PaymentList.Nature.RECOVERY
    return frame_context(content, title_of(content)) | {
        "lines": [_printed(line) for line in lines],
        "has_days": any(line["days"] is not None for line in lines),
        "has_rates": any(line["rate"] is not None for line in lines),
        "has_npwp": any(line["npwp"] for line in lines),
        "has_descriptions": any(line["description"] for line in lines),
        "person_days": formatting.jumlah(sum(line["days"] or 0 for line in lines)),
        "gross": formatting.jumlah(content["gross"]),
        "tax": formatting.jumlah(content["tax"]),
        "net": formatting.jumlah(content["net"]),
        "total": formatting.rupiah(abs(content["net"])),
        "words": in_words(abs(content["net"])),
        "budget": _budget_of(content["fund"]),
        "dipa_on": _written(content["dipa_on"]),
        "is_recovery": is_recovery,
        "running": content["issue"]["number"] if content["issue"] else title_of(content),
        "tax_note": TAX_NOTE if not content["tax"] else "",
        "frozen": digest_of(content),
    }


def receipt_pdf(
    content: Mapping[str, Any], number: int, *, received_on: dt.date | None, arms: bytes | None = None, is_draft: bool = False
) -> bytes:
    """One payee's receipt, to be signed by hand."""
    line = next(line for line in content["lines"] if line["number"] == number)
    context = list_context(content) | {
        "line": _printed(line),
        "matter": matter_of(content, line),
        "amount": formatting.rupiah(abs(line["net"])),
        "words": in_words(abs(line["net"])),
        "received_on": formatting.tanggal(received_on) if received_on else "",
        "is_draft": is_draft,
    }
    return paper_bytes(content, "trainings/pdf/payment_receipt.html", context, arms=arms, is_whole=False)


def in_words(amount: int) -> str:
    """ "Lima puluh juta lima puluh ribu rupiah" """
    words = f"{formatting.terbilang(amount)} rupiah"
    return words[0].upper() + words[1:]


def matter_of(content: Mapping[str, Any], line: Mapping[str, Any]) -> str:
    """ "uang harian 5 (lima) hari, Bimbingan Teknis ... Angkatan 1 di Kabupaten Kotabaru, Tahun Anggaran 2020" """
    what = MATTERS[content["payment"]]
    if content["nature"] == PaymentList.Nature.RECOVERY:
        what = f"pengembalian {what}"
    days = f" {formatting.jumlah_terbilang(line['days'])} hari" if line["days"] else ""
    batch = f"{content['activity']} Angkatan {content['batch']} di {content['region']}"
    return (
        f"{line['description'] or what + days}, {batch if content['activity'] else content['programme']}, Tahun Anggaran {content['year']}"
    )


def filename(content: Mapping[str, Any], pk: int) -> str:
    return f"daftar-penerimaan-{content['payment'].replace('_', '-')}-{pk}.pdf"


def entry(content: Mapping[str, Any]) -> papers.Entry:
    """How the register lists it: who pays, in which district, what and how much."""
    payees = f"{formatting.jumlah(len(content['lines']))} penerima, {content['region']}"
    return papers.Entry(content["letterhead"]["office"], payees, f"{title_of(content)}, {formatting.rupiah(content['net'])}")


def public_facts(content: Mapping[str, Any]) -> list[papers.PublicFact]:
    """What whoever has the list in hand may compare: never a name, a NIK or a phone."""
    batch = f"{content['activity']} · Angkatan {content['batch']}" if content["activity"] else content["programme"]
    return [
        papers.PublicFact(_("What is paid"), [title_of(content)]),
        papers.PublicFact(_("For"), [batch]),
        papers.PublicFact(_("Region"), [content["region"]]),
        papers.PublicFact(_("Fund source"), [f"{content['fund']} {content['year']}"]),
        papers.PublicFact(_("People"), [formatting.jumlah(len(content["lines"]))]),
        papers.PublicFact(_("To be received"), [formatting.rupiah(content["net"])]),
    ]


def standing(document: Any) -> papers.Standing:
    """Approved, paid, completed, or cancelled before it was paid."""
    one: PaymentList = document.payment_list
    return papers.Standing(
        word=one.get_status_display(),
        tone=tone_of(one),
        is_void=one.status == PaymentList.Status.CANCELLED,
        void_on=timezone.localdate(one.cancelled_at) if one.cancelled_at else None,
    )


def arms_of(payment_list: PaymentList, content: Mapping[str, Any]) -> bytes | None:
    """Those of the issued paper; until then those that the frozen letterhead names."""
    if payment_list.document is not None:
        return bytes(payment_list.document.arms) if payment_list.document.arms else None
    return picture_of(payment_list.office, content["letterhead"])


def line_of(line: PaymentLine) -> Line:
    """A line as it is frozen."""
    return Line(
        number=line.number,
        payee=line.payee,
        nik=mask_nik(line.nik) if line.nik else "",
        npwp=format_npwp(line.npwp) if line.npwp else "",
        origin=line.origin,
        description=line.description,
        dates=[day.on.isoformat() for day in line.days.all()],
        days=line.day_count,
        rate=line.rate,
        gross=line.gross,
        tax=line.tax,
        net=line.net,
        contact=line.contact,
    )


def _printed(line: Mapping[str, Any]) -> dict[str, Any]:
    figures = {name: "" if line[name] is None else formatting.jumlah(line[name]) for name in ("days", "rate", "gross", "tax", "net")}
    return {
        **line,
        **figures,
        "contact": format_phone(line["contact"]) if line["contact"] else "",
        "dates": days_in_words([dt.date.fromisoformat(day) for day in line["dates"]]),
    }


def days_in_words(days: Sequence[dt.date]) -> str:
    """1, 2, 4 Juni 2020; 30 Mei, 1 Juni 2020."""
    months: dict[tuple[int, int], list[int]] = {}
    for day in sorted(days):
        months.setdefault((day.year, day.month), []).append(day.day)
    parts = [f"{', '.join(map(str, found))} {formatting.BULAN[month - 1]}" for (_year, month), found in months.items()]
    return f"{', '.join(parts)} {days[0].year}" if parts else ""


def _in_a_form(words: str) -> str:
    """As it stands after a colon: with a capital."""
    return words[:1].upper() + words[1:]


def _budget_of(fund: str) -> str:
    """What the budget is written in: the DIPA of the state, the DPA of a region. Told by the frozen words, which old lists have too."""
    fund = fund[:1].lower() + fund[1:]
    if fund == FUNDS[Programme.Fund.HIBAH]:  # given to the one or to the other
        return "DIPA/DPA"
    return "DPA" if fund in [FUNDS[regional] for regional in REGIONAL_FUNDS] else "DIPA"


def _held(payment_list: PaymentList) -> str:
    """The days that the list pays for, from the first to the last."""
    days = sorted({day.on for line in payment_list.lines.prefetch_related("days") for day in line.days.all()})
    if not days:
        return ""
    first, last = formatting.tanggal(days[0]), formatting.tanggal(days[-1])
    return first if first == last else f"{first} s.d. {last}"


def _written(iso: str) -> str:
    return formatting.tanggal(dt.date.fromisoformat(iso)) if iso else ""


def _signer(official: Official | None) -> Signer | None:
    return signer_of(official) if official else None


STATES = ((papers.VOID, _("Cancelled")), ("disetujui", _("Approved")), ("dibayar", _("Paid")), ("selesai", _("Completed")))
PAPER = papers.Paper(
    kind=KIND,
    letters="DAFTAR-BAYAR",
    title=_("Payment list"),
    subject="payment_list",
    render=list_pdf,
    entry=entry,
    public=public_facts,
    standing=standing,
    states=tuple(papers.State(name, label, Q(payment_list__status=name)) for name, label in STATES),
    related=("payment_list",),
    unread=("payment_list__snapshot",),
)

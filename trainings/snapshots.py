"""What papers of every kind say of offices, officials and programmes, gathered from the records at one moment and frozen."""

from __future__ import annotations

import datetime as dt

from ikm_program.paper_content import BeritaAcara, Frame, Funding, Issue, Letterhead, Party, Reference, Wording, sha256_hex
from ikm_program.paper_content import Official as Signer
from ikm_program.pdf import Layout, Paper
from trainings.identity import NIK_DIGITS, mask_nik
from trainings.models import IssuedDocument, Office, Official, Programme
from trainings.models import Letterhead as Heading

FUNDS = {  # as they stand in a sentence of an official paper, which is Indonesian whatever language the screen has
    Programme.Fund.DEKONSENTRASI: "dana dekonsentrasi",
    Programme.Fund.APBN: "dana APBN",
    Programme.Fund.APBN_PUSAT: "dana APBN kantor pusat kementerian",
    Programme.Fund.APBD_PROVINSI: "dana APBD provinsi",
    Programme.Fund.APBD_KABUPATEN: "dana APBD kabupaten/kota",
    Programme.Fund.TUGAS_PEMBANTUAN: "dana tugas pembantuan",
    Programme.Fund.DAK_NONFISIK: "dana alokasi khusus nonfisik",
    Programme.Fund.BTT: "belanja tidak terduga",
    Programme.Fund.HIBAH: "dana hibah",
}


def frame(kind: str, office: Office, on: dt.date, place: str, issue: Issue | None, *, schema: int = 1) -> Frame:
    """The office's paper as it is on that day, before anything is on it."""
    heading = Heading.objects.heading(office, on)
    return Frame(
        schema=schema,
        kind=kind,
        issue=issue,
        paper=heading.paper,  # type: ignore[typeddict-item]  # the field's choices
        layout=layout_of(heading),
        letterhead=frozen(heading),
        date=on.isoformat(),
        place=place,
    )


def berita_acara(kind: str, office: Office, on: dt.date, place: str, issue: Issue | None, *, by: Party, schema: int = 1) -> BeritaAcara:
    """The office's record signed by `by` alone; a second party, witnesses and legal bases are added by whoever knows them."""
    heading = Heading.objects.heading(office, on)
    return BeritaAcara(
        **frame(kind, office, on, place, issue, schema=schema),
        wording=wording_of(heading),
        first_party=by,
        second_party=None,
        legal_bases=[],
        witnesses=[],
        acknowledged_by=None,
        copies=heading.copies,
        copies_to=[],
    )


def letterhead_of(office: Office, on: dt.date) -> Letterhead:
    """As the office's papers are headed on that day."""
    return frozen(Heading.objects.heading(office, on))


def frozen(heading: Heading) -> Letterhead:
    return Letterhead(
        government=heading.government_line,
        office=heading.office_line,
        address=heading.address.splitlines(),
        contact=heading.contact,
        city=heading.city,
        postcode=heading.postcode,
        arms_sha256=sha256_hex(bytes(heading.arms)) if heading.arms else None,
    )


def layout_of(heading: Heading) -> Layout:
    return Layout(margins=heading.margins, font_size=heading.font_size)


def wording_of(heading: Heading) -> Wording:
    return Wording(first_party=f"PIHAK {heading.first_party_term}", second_party="PIHAK KEDUA", closing=heading.get_closing_display())


def paper_of(office: Office | None, on: dt.date) -> Paper:
    """On what size the office prints that day; folio where there is none, as is the habit."""
    return Heading.objects.heading(office, on).paper if office else "F4"  # type: ignore[return-value]  # the field's choices


def arms_of(office: Office, letterhead: Letterhead | None) -> bytes | None:
    """The picture that a letterhead names by its hash, from any letterhead that the office has had; None where it names none."""
    wanted = letterhead["arms_sha256"] if letterhead else None
    if wanted is None:
        return None
    pictures = [office.arms, *office.letterheads.exclude(arms=None).order_by("-pk").values_list("arms", flat=True)]
    return next((bytes(arms) for arms in pictures if arms and sha256_hex(bytes(arms)) == wanted), None)


def executing_office(programme: Programme, on: dt.date) -> Office | None:
    """The province's own office as it was called on the day."""
    return Office.objects.filter(region=programme.region).valid_on(on).first()


def funding_of(programme: Programme, executing: Office | None) -> Funding:
    return Funding(
        name=programme.name,
        year=programme.year,
        fund_source=FUNDS[Programme.Fund(programme.fund)],
        origin_office=programme.origin_office,
        executing_office=str(executing) if executing else "",
    )


def signer(name: str, position: str, *, kind: str = "", number: str = "", rank: str = "") -> Signer:
    """Whoever signs. A NIK is masked, however it was typed: a paper passes through many hands."""
    is_nik = kind == Official.IdentityKind.NIK.label or len("".join(filter(str.isdigit, number))) == NIK_DIGITS
    return Signer(name=name, id_kind=kind, id_number=mask_nik(number) if is_nik else number, rank=rank, position=position)


def signer_of(official: Official) -> Signer:
    kind = official.identity_kind.upper() if official.identity_number else ""
    return signer(official.name, official.position, kind=kind, number=official.identity_number, rank=official.rank)


def party_of(official: Official, office: Office) -> Party:
    """An official who acts for the office."""
    return Party(**signer_of(official), organisation=str(office), address=office.address, basis="")


def reference(document: IssuedDocument) -> Reference:
    """How one paper names another."""
    return Reference(kind=document.kind, number=document.number, date=document.document_on.isoformat(), sha256=document.sha256)

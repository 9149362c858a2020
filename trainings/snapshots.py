"""What papers of every kind say of offices, officials and programmes, gathered from the records at one moment and frozen."""

from __future__ import annotations

import datetime as dt

from ikm_program.paper_content import BeritaAcara, Frame, Funding, Issue, Letterhead, Party, Reference, Wording, sha256_hex
from ikm_program.paper_content import Official as Signer
from trainings.identity import NIK_DIGITS, mask_nik
from trainings.models import IssuedDocument, Office, Official, Programme

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
    """The office's paper, before anything is on it."""
    return Frame(
        schema=schema,
        kind=kind,
        issue=issue,
        paper=office.paper,  # type: ignore[typeddict-item]  # the field's choices
        letterhead=letterhead_of(office),
        date=on.isoformat(),
        place=place,
    )


def berita_acara(kind: str, office: Office, on: dt.date, place: str, issue: Issue | None, *, by: Party, schema: int = 1) -> BeritaAcara:
    """The office's record signed by `by` alone; a second party, witnesses and legal bases are added by whoever knows them."""
    return BeritaAcara(
        **frame(kind, office, on, place, issue, schema=schema),
        wording=Wording(first_party=f"PIHAK {office.first_party_term}", second_party="PIHAK KEDUA"),
        first_party=by,
        second_party=None,
        legal_bases=[],
        witnesses=[],
        acknowledged_by=None,
        copies=2,
        copies_to=[],
    )


def letterhead_of(office: Office) -> Letterhead:
    """As the office's papers are headed today."""
    contact = [f"Telepon {office.phone}" if office.phone else "", f"surel {office.email}" if office.email else "", office.website]
    return Letterhead(
        government=office.government_line,
        office=office.name,
        address=[office.address] if office.address else [],
        contact=", ".join(part for part in contact if part),
        city=office.city,
        postcode=office.postcode,
        arms_sha256=sha256_hex(bytes(office.arms)) if office.arms else None,
    )


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

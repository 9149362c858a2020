"""Issued means frozen: what is changed afterwards changes no byte, and what is changed past the house is found."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from distribution.models import Handover
from ikm_program import guards
from ikm_program.models import AuditEvent, Counter
from ikm_program.paper_content import canonical_json, sha256_hex
from tests import factories
from tests.distribution.test_files import damage
from tests.paper_text import text_of
from trainings import actions
from trainings.models import DocumentRegion, IssuedDocument, IssuedFile
from trainings.reports.chains import heads

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def register(world: Any, issue: Any, printed: Any) -> list[IssuedDocument]:
    """Three papers of one register, with their PDFs."""
    world.stock(60)
    return [printed(issue(quantity)) for quantity in (10, 20, 30)]


def verified() -> str:
    """What the command says, or what it finds."""
    out, found = StringIO(), StringIO()
    try:
        call_command("verify_documents", stdout=out, stderr=found)
    except CommandError:
        return found.getvalue()
    return out.getvalue()


def taken_out(document: IssuedDocument) -> None:
    """As somebody with the database in hand would, without a trace in the tables around."""
    guards.lift(connection)
    try:
        Handover.objects.filter(document=document).update(status="draf", document=None, issued_by=None, issued_at=None)
        DocumentRegion.objects.filter(document=document).delete()
        IssuedFile.objects.filter(document=document).delete()
        IssuedDocument.objects.filter(pk=document.pk).delete()
    finally:
        guards.install(connection)


def test_what_is_renamed_afterwards_changes_no_byte(world: Any, register: list[IssuedDocument], client_of: Any) -> None:
    document = register[0]
    before = bytes(document.file.content)
    staff = factories.user("staf_provinsi", "63", username="staf-lain")
    day = dt.date(2020, 1, 1)
    lines = {"government_line": "Pemerintah Lain", "office_line": "Dinas Lain", "city": "Lain", "font_size": 13, "paper": "A4", "copies": 5}
    actions.update_official(world.signer, by=staff, name="Nama Lain", position="Jabatan Lain")
    actions.create_letterhead(world.office, by=staff, valid_from=day, **lines)
    actions.update_office(world.office, by=staff, name="Dinas Berganti Nama", address="Alamat Lain", first_party_term="PERTAMA")
    type(world.product).objects.filter(pk=world.product.pk).update(name="Barang Lain", unit="dus")
    type(world.recipient).objects.filter(pk=world.recipient.pk).update(name="Penerima Lain")
    again = IssuedDocument.objects.get(pk=document.pk)
    assert again.paper.render(again.snapshot, bytes(again.arms) if again.arms else None) == before
    assert client_of(world.officer).get(document.file_url).content == before
    assert verified() == "3 issued document(s), nothing differs\n"


def test_the_next_paper_is_headed_by_the_new_letterhead(world: Any, register: list[IssuedDocument], issue: Any) -> None:
    staff = factories.user("staf_provinsi", "63", username="staf-lain")
    lines = {"government_line": "Pemerintah Lain", "office_line": "Dinas Lain", "city": "Lain", "first_party_term": "PERTAMA", "copies": 4}
    actions.create_letterhead(world.office, by=staff, valid_from=dt.date(2020, 6, 1), margin_left=30, **lines)
    world.stock(5)
    snapshot = issue(5).document.snapshot
    assert [snapshot["letterhead"]["office"], snapshot["wording"]["first_party"], snapshot["copies"]] == ["Dinas Lain", "PIHAK PERTAMA", 4]
    assert snapshot["layout"] == {"margins": [15, 20, 20, 30], "font_size": 11}


def test_an_edit_is_found(register: list[IssuedDocument]) -> None:
    snapshot = register[1].snapshot
    snapshot["lines"][0]["quantity"] = 2000
    damage(IssuedDocument, register[1].pk, snapshot=snapshot)
    assert verified() == f"{register[1].number}: the content does not have its hash\n"


def test_an_edit_with_its_own_hash_is_found_by_the_paper_after_it(register: list[IssuedDocument]) -> None:
    snapshot = register[1].snapshot
    snapshot["lines"][0]["quantity"] = 2000
    damage(IssuedDocument, register[1].pk, snapshot=snapshot, sha256=sha256_hex(canonical_json(snapshot)))
    assert verified() == f"{register[2].number}: the chain is broken: the hash of the one before differs\n"


def test_a_paper_that_was_taken_out_is_found(register: list[IssuedDocument]) -> None:
    taken_out(register[1])
    found = verified()
    assert f"{register[2].number}: gap in the register: 3 stands where 2 is expected" in found
    assert f"{register[1].number}: the audit trail says that it was issued, and it is not there" in found


def test_an_end_that_was_cut_off_is_found(register: list[IssuedDocument]) -> None:
    taken_out(register[2])
    assert "bast 2020: the register ends at 2, but numbers up to 3 were given out" in verified()


def test_an_end_that_was_cut_off_together_with_its_counter_is_found(register: list[IssuedDocument]) -> None:
    taken_out(register[2])
    Counter.objects.filter(name__startswith="register:").update(value=2)
    assert verified() == f"{register[2].number}: the audit trail says that it was issued, and it is not there\n"


def test_the_printed_register_bears_the_head_of_the_chain(world: Any, register: list[IssuedDocument], client_of: Any) -> None:
    [head] = heads(IssuedDocument.objects.all())
    assert head == register[2]
    answer = client_of(world.official).get("/register/laporan/", {"format": "pdf", "periode": "2020-06"})
    text = text_of(answer.content)
    assert str(world.office.name).upper() in text
    assert register[2].sha256 in text.replace(" ", "")
    assert f"nomor {register[2].number}" in text
    assert register[1].sha256 not in text.replace(" ", "")
    out = StringIO()
    call_command("verify_documents", "--heads", stdout=out)
    assert register[2].sha256 in out.getvalue()


def test_whoever_sees_single_papers_of_another_office_sees_no_head(register: list[IssuedDocument], client_of: Any) -> None:
    stranger = factories.user("pejabat_kabupaten", "63.03", username="tetangga")
    DocumentRegion.objects.create(document=register[0], region=factories.region("63.03"))
    page = client_of(stranger).get("/register/laporan/", {"periode": "2020-06"}).content.decode()
    assert register[0].number in page
    assert register[2].sha256 not in page


def test_a_damaged_file_waits_on_the_home_page_until_it_is_whole(world: Any, register: list[IssuedDocument], client_of: Any) -> None:
    document, whole = register[0], bytes(register[0].file.content)
    damage(IssuedFile, document.file.pk, content=whole[:100] + b"\0" + whole[101:])
    watcher = factories.user("pengawas", "63", username="pengawas")
    client_of(world.officer).get(document.file_url)
    assert list(IssuedDocument.objects.damaged()) == [document]
    assert "Papers whose stored file is damaged" in client_of(watcher).get("/").content.decode()
    listed = client_of(watcher).get("/register/", {"periode": "semua", "berkas": "rusak"}).context["object_list"]
    assert [row.number for row in listed] == [document.number]
    damage(IssuedFile, document.file.pk, content=whole)
    client_of(world.officer).get(document.file_url)
    assert list(IssuedDocument.objects.damaged()) == []
    assert AuditEvent.objects.filter(verb="file_damaged").count() == 1

"""Many papers at once: asked for in the register, put into a ZIP by the worker, taken away by the one who asked, and on record."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from ikm_program import guards
from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent, Job
from tests import factories
from trainings import bundles
from trainings.actions import bundles as actions
from trainings.models import Bundle, IssuedDocument, IssuedFile, User

pytestmark = pytest.mark.usefixtures("in_english")
REGISTER = "/register/"


@pytest.fixture
def papers(world, issue, cancel) -> list[IssuedDocument]:
    """Two BASTs and the cancellation of one."""
    world.stock(100)
    issue(10)
    cancel(issue(20))
    return list(IssuedDocument.objects.order_by("pk"))


@pytest.fixture
def ask(client_of):
    """`ask(person, query, pilih=...)`: what the register's button sends; the worker does what it was given."""

    def asked(person: User, query: str = "?periode=semua", **sent) -> Bundle | None:
        answer = client_of(person).post(f"{REGISTER}{query}", {"langkah": "zip", **sent})
        assert answer.status_code == 302
        waiting = Bundle.objects.filter(by=person, included=None).last()
        if waiting is None:
            return None
        assert answer.headers["Location"] == waiting.job.get_absolute_url()
        bundles.make_bundle.call(waiting.job.pk, waiting.pk)
        return Bundle.objects.select_related("job").get(pk=waiting.pk)

    return asked


def taken(client, bundle: Bundle) -> zipfile.ZipFile:
    answer = client.get(f"/unduhan/{bundle.pk}/berkas/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def rows_of(archive: zipfile.ZipFile) -> list[list]:
    return [list(row) for row in load_workbook(io.BytesIO(archive.read(bundles.INDEX))).active.iter_rows(values_only=True)]


def index_of(archive: zipfile.ZipFile) -> list[dict]:
    rows = rows_of(archive)
    start = next(number for number, row in enumerate(rows) if row[0] == "Nomor")
    found = [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]
    return [row for row in found if row["SHA-256"]]


def test_everything_that_matches_comes_in_one_zip_with_an_index(world, papers, ask, client_of) -> None:
    bundle = ask(world.official, semua="1")
    assert bundle is not None
    assert (bundle.job.status, bundle.included, bundle.job.message) == (Job.Status.DONE, 3, "3 dokumen ada di dalam ZIP.")
    archive = taken(client_of(world.official), bundle)
    rows = index_of(archive)
    assert {row["Nomor"] for row in rows} == {document.number for document in papers}
    assert "Dibatalkan" in {row["Status"] for row in rows}
    for row in rows:
        content = archive.read(row["Berkas dalam ZIP ini"])
        stored = IssuedFile.objects.get(document__number=row["Nomor"])
        assert hashlib.sha256(content).hexdigest() == row["SHA-256"] == stored.sha256
        assert content == bytes(stored.content)
    assert set(archive.namelist()) == {bundles.INDEX, *(row["Berkas dalam ZIP ini"] for row in rows)}


def test_only_what_was_picked_and_only_what_is_filtered(world, papers, ask) -> None:
    one = ask(world.official, pilih=[papers[0].pk])
    cancelled = ask(world.official, "?periode=semua&jenis=ba-batal", semua="1")
    assert [bundle.documents for bundle in (one, cancelled)] == [[papers[0].pk], [papers[-1].pk]]
    assert "Kind: Cancellation record" in cancelled.title


def test_each_paper_and_the_zip_are_downloads_on_record(world, papers, ask, client_of) -> None:
    bundle = ask(world.official, semua="1")
    taken(client_of(world.official), bundle)
    events = AuditEvent.objects.filter(verb="download", by=world.official)
    of_papers = events.filter(model="trainings.issueddocument")
    assert {event.object_id for event in of_papers} == {str(document.pk) for document in papers}
    assert {event.after["bundle"] for event in of_papers} == {bundle.pk}
    assert events.get(model="trainings.bundle").after["sha256"] == bundle.sha256


def test_nobody_takes_what_another_asked_for_or_what_is_out_of_reach(world, papers, ask, stranger, client_of) -> None:
    bundle = ask(world.official, semua="1")
    assert client_of(world.officer).get(f"/unduhan/{bundle.pk}/berkas/").status_code == 404
    assert ask(stranger, pilih=[papers[0].pk]) is None  # Tala's paper is no row of Banjar's register
    with pytest.raises(Refusal):
        actions.ask_for_papers(IssuedDocument, by=stranger, rows=[papers[0].pk], words="x")


def test_whoever_was_moved_meanwhile_gets_neither_the_zip_nor_the_papers(world, papers, ask, client_of) -> None:
    bundle = ask(world.official, semua="1")
    world.official.region = factories.region("63.03")
    world.official.save()
    moved = User.objects.get(pk=world.official.pk)
    answer = client_of(moved).get(f"/unduhan/{bundle.pk}/berkas/", follow=True)
    assert "This was made for the region you worked in then" in answer.content.decode()
    assert bundles.build(Bundle.objects.get(pk=bundle.pk)) == 0  # made again now, there is nothing in it


def test_a_damaged_paper_is_left_out_named_and_reported(world, papers, ask, client_of) -> None:
    ask(world.official, semua="1")  # their PDFs are made now
    guards.lift(connection)
    spoilt = IssuedFile.objects.get(document=papers[0])
    content = bytearray(bytes(spoilt.content))
    content[-20] ^= 1
    IssuedFile.objects.filter(pk=spoilt.pk).update(content=bytes(content))
    guards.install(connection)
    bundle = ask(world.official, semua="1")
    assert (bundle.included, bundle.asked, bundle.job.message.partition(". ")[2]) == (2, 3, "1 tidak disertakan; alasannya ada di indeks.")
    archive = taken(client_of(world.official), bundle)
    left_out = [row for row in index_of(archive) if not row["Berkas dalam ZIP ini"]]
    assert [(row["Nomor"], row["Keterangan"][:16]) for row in left_out] == [(papers[0].number, "TIDAK DISERTAKAN")]
    assert AuditEvent.objects.filter(verb="file_damaged", object_id=str(papers[0].pk)).exists()


def test_a_paper_that_cannot_be_rendered_is_left_out_and_the_others_are_not(world, papers, ask, client_of) -> None:
    guards.lift(connection)
    IssuedFile.objects.filter(document=papers[0]).delete()
    IssuedDocument.objects.filter(pk=papers[0].pk).update(snapshot={})
    guards.install(connection)
    bundle = ask(world.official, semua="1")
    assert (bundle.job.status, bundle.included, bundle.asked) == (Job.Status.DONE, 2, 3)
    archive = taken(client_of(world.official), bundle)
    assert len(archive.namelist()) == 1 + 2
    [told] = [row for row in rows_of(archive) if papers[0].number in row]
    assert "TIDAK DISERTAKAN: PDF-nya tidak dapat dibuat. Beri tahu administrator." in told
    assert not AuditEvent.objects.filter(verb="file_damaged").exists()


def test_a_spoilt_zip_is_not_sent(world, papers, ask, client_of) -> None:
    bundle = ask(world.official, semua="1")
    with bundle.file.storage.open(bundle.file.name, "r+b") as file:
        file.seek(40)
        file.write(b"X")
    answer = client_of(world.official).get(f"/unduhan/{bundle.pk}/berkas/", follow=True)
    assert "no longer has the hash" in answer.content.decode()


def test_the_list_says_how_far_it_is_and_what_to_do_first(world, papers, ask, client_of) -> None:
    browser = client_of(world.official)
    assert "No papers asked for." in browser.get("/unduhan/").content.decode()
    bundle = ask(world.official, semua="1")
    page = browser.get("/unduhan/").content.decode()
    assert (f"/unduhan/{bundle.pk}/berkas/" in page, bundle.job.get_absolute_url() in page) == (True, True)


def test_too_many_are_refused_in_words_and_the_filter_stays(world, papers, ask, client_of, monkeypatch) -> None:
    monkeypatch.setattr(actions, "MOST", 2)
    answer = client_of(world.official).post(f"{REGISTER}?periode=semua", {"langkah": "zip", "semua": "1"}, follow=True)
    assert "At most 2 papers at once." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"{REGISTER}?periode=semua"


def test_a_copy_goes_after_a_week_and_the_papers_stay(world, papers, ask) -> None:
    bundle = ask(world.official, semua="1")
    assert bundle.file.storage.exists(bundle.file.name)
    assert actions.remove_expired(timezone.now() + dt.timedelta(days=6)) == 0
    assert actions.remove_expired(timezone.now() + dt.timedelta(days=8)) == 1
    assert (bundle.file.storage.exists(bundle.file.name), IssuedFile.objects.count()) == (False, 3)


def test_the_register_is_narrowed_to_a_product(world, papers, client_of) -> None:
    other, browser = factories.ProductFactory(), client_of(world.official)
    found = {
        product: [document.kind for document in browser.get(REGISTER, {"periode": "semua", "produk": product.pk}).context["object_list"]]
        for product in (world.product, other)
    }
    assert found == {world.product: ["bast", "bast"], other: []}

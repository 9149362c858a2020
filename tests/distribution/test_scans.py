"""Signed papers scanned or photographed: the code on each page says which one it is, and the list what became of each file."""

from __future__ import annotations

import datetime as dt
import io
import uuid

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from distribution.actions.scans import file_by_hand, upload_scans
from distribution.models import Handover, Receipt, SignedScan
from distribution.scan_tasks import read_scans
from ikm_program.actions import Refusal
from ikm_program.models import Job

pytestmark = pytest.mark.usefixtures("in_english")
Status = SignedScan.Status


def pages(content: bytes, scale: float = 2) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    pictures = [page.render(scale=scale).to_pil().convert("RGB") for page in document]
    document.close()
    return pictures


def coded(pictures: list[Image.Image]) -> Image.Image:
    """The page that bears the code: it stands beside the signatures."""
    return next(picture for picture in pictures if zxingcpp.read_barcodes(picture))


def photo(picture: Image.Image, *, turned: int = 0, skewed: float = 0, exif: int = 0) -> bytes:
    """As a phone sends it: turned, a little askew on a table, pale."""
    table = picture.rotate(turned + skewed, expand=True, fillcolor="#777777")
    meta = Image.Exif()
    if exif:
        meta[0x0112] = exif
    output = io.BytesIO()
    table.save(output, "JPEG", quality=60, exif=meta)
    return output.getvalue()


def scanned(*pictures: Image.Image) -> bytes:
    """A PDF as a scanner makes it: pictures, no text."""
    output = io.BytesIO()
    pictures[0].save(output, "PDF", save_all=True, append_images=list(pictures[1:]), resolution=150)
    return output.getvalue()


@pytest.fixture
def papers(world, issue, acknowledge, printed) -> list[tuple[Handover, list[Image.Image]]]:
    """Two handovers that were received, and their papers as pictures."""
    world.stock(40)
    made = [acknowledge(issue(10)), acknowledge(issue(20))]
    return [(handover, pages(bytes(printed(handover).file.content))) for handover in made]


@pytest.fixture
def send(world, django_capture_on_commit_callbacks):
    """`send(by, ("a.pdf", bytes), ...)`: uploaded and read; status by file name."""

    def sent(by, *files):
        uploads = [SimpleUploadedFile(name, content) for name, content in files]
        job = upload_scans(SignedScan, by=by, scans=uploads)
        read_scans.call(
            job_id=job.pk, scan_ids=list(SignedScan.objects.filter(status="menunggu").order_by("pk").values_list("pk", flat=True))
        )
        assert Job.objects.get(pk=job.pk).status == Job.Status.DONE
        return {scan.name: scan for scan in SignedScan.objects.all()}

    return sent


def filed() -> int:
    return Receipt.objects.exclude(evidence="").count()


def test_a_scanner_and_a_phone_are_both_read(world, papers, send):
    (first, sheets), (second, others) = papers
    found = send(world.official, ("pindaian.pdf", scanned(*sheets)), ("foto.jpg", photo(coded(others), turned=90, skewed=4)))
    assert {name: (scan.status, scan.handover) for name, scan in found.items()} == {
        "pindaian.pdf": (Status.FILED, first), "foto.jpg": (Status.FILED, second),
    }  # fmt: skip
    assert filed() == 2
    assert Receipt.objects.get(handover=first).evidence_sha256 == found["pindaian.pdf"].sha256  # kept byte for byte


@pytest.mark.parametrize("exif", [3, 6, 8])
def test_a_photo_that_says_how_the_phone_was_held(world, papers, send, exif):
    assert send(world.official, ("foto.jpg", photo(coded(papers[0][1]), skewed=-6, exif=exif)))["foto.jpg"].status == Status.FILED


def test_one_file_with_several_papers_is_divided(world, papers, send):
    (first, sheets), (second, others) = papers
    blank = Image.new("RGB", sheets[0].size, "white")
    found = send(world.official, ("semua.pdf", scanned(*sheets, blank, *others)))
    parts = SignedScan.objects.exclude(part_of=None).order_by("pk")
    assert [found["semua.pdf"].status, [(part.status, part.handover) for part in parts]] == [
        Status.DIVIDED, [(Status.FILED, first), (Status.FILED, second)],
    ]  # fmt: skip
    with Receipt.objects.get(handover=first).evidence.open("rb") as file:
        assert len(pypdfium2.PdfDocument(file.read())) == len(sheets) + 1  # what lies between two papers goes with the one before


def test_pages_that_are_not_those_of_the_papers_are_not_guessed_at(world, papers, send):
    (_first, sheets), (_second, others) = papers
    scan = send(world.official, ("kurang.pdf", scanned(coded(sheets), coded(others))))["kurang.pdf"]
    assert [scan.status, "Send each paper as a file of its own" in scan.note or "satu berkas" in scan.note, filed()] == [
        Status.UNREADABLE,
        True,
        0,
    ]


def test_what_is_not_readable_is_filed_by_hand(world, papers, send):
    scan = send(world.official, ("kabur.jpg", photo(Image.new("RGB", (900, 1200), "white"))))["kabur.jpg"]
    assert [scan.status, filed()] == [Status.UNREADABLE, 0]
    file_by_hand(scan, by=world.official, version=scan.version, handover=papers[0][0])
    assert [SignedScan.objects.get().status, filed(), Receipt.objects.get(handover=papers[0][0]).evidence_sha256 != ""] == [
        Status.FILED,
        1,
        True,
    ]
    with pytest.raises(Refusal, match="filed already"):
        file_by_hand(SignedScan.objects.get(), by=world.official, version=SignedScan.objects.get().version, handover=papers[1][0])


def test_a_damaged_pdf_is_not_readable(world, send):
    assert send(world.official, ("rusak.pdf", b"%PDF-1.7 nothing %%EOF"))["rusak.pdf"].status == Status.UNREADABLE


def test_a_paper_that_is_filed_is_not_replaced(world, papers, send):
    send(world.official, ("satu.pdf", scanned(*papers[0][1])))
    before = Receipt.objects.get(handover=papers[0][0]).evidence_sha256
    assert send(world.official, ("lagi.jpg", photo(coded(papers[0][1]))))["lagi.jpg"].status == Status.ALREADY
    assert Receipt.objects.get(handover=papers[0][0]).evidence_sha256 == before


def test_a_paper_of_another_office_is_not_filed_and_not_named(world, papers, stranger, send):
    scan = send(stranger, ("asing.pdf", scanned(*papers[0][1])))["asing.pdf"]
    assert [scan.status, scan.handover, scan.note, filed()] == [Status.OTHER_OFFICE, None, "", 0]


def test_the_drafter_files_nothing(world, papers, send):
    scan = send(world.officer, ("sendiri.pdf", scanned(*papers[0][1])))["sendiri.pdf"]
    assert [scan.status, "Whoever drafted" in scan.note or "penyusun draf" in scan.note, filed()] == [Status.REFUSED, True, 0]


def test_before_the_receipt_is_recorded_the_scan_waits(world, issue, acknowledge, printed, send):
    world.stock(5)
    handover = issue(5)
    scan = send(world.official, ("cepat.pdf", scanned(*pages(bytes(printed(handover).file.content)))))["cepat.pdf"]
    assert [scan.status, scan.handover] == [Status.NOT_RECEIVED, handover]
    acknowledge(handover)
    file_by_hand(scan, by=world.official, version=scan.version, handover=Handover.objects.get(pk=handover.pk))
    assert filed() == 1


def test_a_file_that_breaks_the_reading_keeps_no_other_waiting_and_is_filed_by_hand(world, papers, send):
    upload_scans(SignedScan, by=world.official, scans=[SimpleUploadedFile("hilang.pdf", b"%PDF-1.7 %%EOF")])
    lost = SignedScan.objects.get()
    lost.file.storage.delete(lost.file.name)
    found = send(world.official, ("satu.pdf", scanned(*papers[0][1])))
    assert {name: scan.status for name, scan in found.items()} == {"hilang.pdf": Status.UNREADABLE, "satu.pdf": Status.FILED}
    assert found["hilang.pdf"].is_open


@pytest.mark.parametrize(("minutes", "is_offered"), [(5, False), (15, True)])
def test_what_nobody_reads_is_filed_by_hand_after_a_while(world, papers, client_of, minutes, is_offered):
    upload_scans(SignedScan, by=world.official, scans=[SimpleUploadedFile("satu.pdf", scanned(*papers[0][1]))])
    SignedScan.objects.update(created_at=timezone.now() - dt.timedelta(minutes=minutes))
    scan = SignedScan.objects.get()
    by_hand = reverse("distribution:scan_assign", args=[scan.pk])
    page = client_of(world.official).get(reverse("distribution:scan_list")).text
    assert (f'href="{by_hand}"' in page) == is_offered
    if is_offered:
        file_by_hand(scan, by=world.official, version=scan.version, handover=papers[0][0])
    else:
        with pytest.raises(Refusal):
            file_by_hand(scan, by=world.official, version=scan.version, handover=papers[0][0])
    read_scans.call(job_id=Job.objects.get().pk, scan_ids=[scan.pk])  # the worker is back
    assert [SignedScan.objects.get().status, filed()] == [Status.FILED, 1]


def test_what_was_sent_in_is_seen_by_its_person_alone(world, papers, other_official, client_of, send):
    scan = send(world.official, ("satu.pdf", scanned(*papers[0][1])))["satu.pdf"]
    assert "satu.pdf" in client_of(world.official).get(reverse("distribution:scan_list")).text
    assert "satu.pdf" not in client_of(other_official).get(reverse("distribution:scan_list")).text
    assert client_of(other_official).get(reverse("distribution:scan_file", args=[scan.pk])).status_code == 404


def test_several_files_go_in_one_form_and_a_wrong_one_is_named(world, client_of):
    body = {"key": str(uuid.uuid4()), "scans": [SimpleUploadedFile("a.pdf", b"%PDF-1.7 %%EOF"), SimpleUploadedFile("b.txt", b"teks")]}
    answer = client_of(world.official).post(reverse("distribution:scans_upload"), body)
    assert [answer.status_code, "b.txt: Send a PDF" in answer.text, SignedScan.objects.count()] == [422, True, 0]

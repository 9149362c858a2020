"""Files that pass for a paper: the issued one, one saved anew, one altered, one made up; and what can honestly be said of each."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter

from distribution import documents
from ikm_program.paper_content import canonical_json
from ikm_program.pdf_data import MOST_FILES, embedded
from tests.distribution.papers import saved_anew
from tests.paper_text import text_of
from trainings.models import IssuedDocument

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def document(world: Any, issue: Any, printed: Any) -> IssuedDocument:
    world.stock(65)
    return printed(issue(50))  # type: ignore[no-any-return]


def original(document: IssuedDocument) -> bytes:
    return bytes(document.file.content)


def answer(client: Any, document: IssuedDocument, content: bytes) -> str:
    page = client.post(document.verification_url, {"berkas": SimpleUploadedFile("b.pdf", content)}, headers={"accept-language": "en"})
    found: str = page.context["answer"]
    return found


def changed(document: IssuedDocument) -> dict[str, Any]:
    snapshot = json.loads(canonical_json(document.snapshot))
    snapshot["lines"][0]["quantity"] = 5000
    return snapshot  # type: ignore[no-any-return]


def test_a_paper_carries_its_frozen_content_as_the_archive_format_asks(document: IssuedDocument) -> None:
    reader = PdfReader(io.BytesIO(original(document)))
    file = reader.root_object["/AF"][0].get_object()
    assert reader.attachments == {"data.json": [canonical_json(document.snapshot)]}
    assert [file["/AFRelationship"], file["/EF"]["/F"]["/Subtype"]] == ["/Source", "/application/json"]
    assert list(embedded(original(document))) == [canonical_json(document.snapshot)]


def test_a_file_saved_anew_is_told_from_the_issued_one(document: IssuedDocument, client: Any) -> None:
    content = saved_anew(original(document))
    assert content != original(document)
    assert [answer(client, document, original(document)), answer(client, document, content)] == ["same", "resaved"]


def test_altered_data_are_told_from_a_file_saved_anew(document: IssuedDocument, client: Any) -> None:
    assert answer(client, document, saved_anew(original(document), canonical_json(changed(document)))) == "altered"


def test_one_with_another_content_and_our_number_is_altered(document: IssuedDocument, client: Any) -> None:
    assert answer(client, document, documents.pdf_bytes(changed(document))) == "altered"  # type: ignore[arg-type]


def test_one_that_is_made_up_has_nothing_of_ours_inside(document: IssuedDocument, client: Any) -> None:
    made_up = PdfWriter()
    for page in PdfReader(io.BytesIO(original(document))).pages:  # looks the same, down to our number and code
        made_up.add_page(page)
    kept = io.BytesIO()
    made_up.write(kept)
    assert document.number in text_of(kept.getvalue())
    assert answer(client, document, kept.getvalue()) == "different"


def test_another_paper_s_file_saved_anew_is_still_another(document: IssuedDocument, issue: Any, printed: Any, client: Any) -> None:
    other = printed(issue(5))
    assert answer(client, document, saved_anew(original(other))) == "another"


def test_what_is_said_of_a_file_saved_anew_does_not_vouch_for_its_pages(document: IssuedDocument, client: Any) -> None:
    page = client.post(
        document.verification_url,
        {"berkas": SimpleUploadedFile("b.pdf", saved_anew(original(document)))},
        headers={"accept-language": "en"},
    ).content.decode()
    assert "Rely on what stands above, not on what the file shows" in page
    shown = page.partition("<form")[0]
    assert "Exactly the same file" not in shown


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b'{"issue": null}', b'{"issue": {"number": 1}}', b"\xff\xfe", b"[" * 100_000], ids=range(7)
)
def test_whatever_lies_inside_it_is_answered(document: IssuedDocument, client: Any, data: bytes) -> None:
    assert answer(client, document, saved_anew(original(document), data)) == "different"


def test_what_is_sent_does_not_keep_the_server_busy() -> None:
    many = b"1 0 obj << /Type /EmbeddedFile >> stream\nx\nendstream " * 100
    assert list(embedded(many)) == [b"x"] * MOST_FILES
    assert list(embedded(b"/EmbeddedFile" * 1000)) == []
    broken = b"1 0 obj << /Type /EmbeddedFile /Filter /FlateDecode >> stream\nno zlib\nendstream"
    assert list(embedded(broken)) == []

"""The public page: an allow-list for whoever holds the paper, nothing for anybody else, no cookie, no traces."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ikm_program.models import Attempt, AuditEvent
from tests.distribution.conftest import ADDRESS, NIP, PHONE
from tests.distribution.test_files import damage
from trainings.models import IssuedDocument

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def handover(world, issue):
    world.stock(65)
    return issue(
        50,
        receiver_identity_kind="nip",
        receiver_identity_number="196802021993031002",
        acknowledged_by_name="Saksi Rahasia",
        legal_basis="Dasar Rahasia",
        note="Catatan Rahasia",
    )


@pytest.fixture
def visit(client):
    """Somebody on a phone, not signed in."""

    def page(document: IssuedDocument, **form):
        address = reverse("trainings:verify", args=[document.token])
        headers = {"accept-language": "en"}
        return client.post(address, form, headers=headers) if form else client.get(address, headers=headers)

    return page


def test_it_says_what_the_paper_says(world, handover, printed, visit):
    document = printed(handover)
    body = visit(document).content.decode()
    expected = (handover.number, "In force", str(world.office), world.recipient.name, "50 set Pakaian hazmat", document.sha256)
    for words in (*expected, document.file.sha256, "not a certified electronic signature"):
        assert words in body


def test_no_person_number_phone_or_address_is_public(world, handover, printed, visit):
    body = visit(printed(handover)).content.decode()
    frozen = str(handover.document.snapshot)
    secrets = (NIP, ADDRESS, PHONE, world.signer.name, handover.receiver_name, "196802021993031002", "Saksi Rahasia", "Dasar Rahasia")
    for secret in secrets:
        assert secret in frozen, f"{secret}: the canary does not live"
        assert secret not in body
    assert "Catatan Rahasia" not in body


def test_it_leaves_no_cookie_and_no_trace(world, handover, visit):
    answer = visit(handover.document)
    assert answer.cookies == {}
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex' in answer.content.decode()


def test_a_signed_in_person_sees_the_same_page(world, handover, client_of):
    answer = client_of(world.officer).get(reverse("trainings:verify", args=[handover.document.token]))
    assert world.officer.full_name not in answer.content.decode()
    assert answer.cookies == {}


def test_a_cancelled_paper_says_so_and_names_what_follows(world, handover, cancel, visit):
    cancelled = cancel(handover)
    record = IssuedDocument.objects.get(kind="ba-batal")
    body = visit(cancelled.document).content.decode()
    assert "CANCELLED" in body
    assert record.number in body
    assert record.token not in body
    assert cancelled.number in visit(record).content.decode()


def test_a_changed_content_does_not_hold(handover, visit):
    snapshot = handover.document.snapshot
    snapshot["lines"][0]["quantity"] = 500
    damage(IssuedDocument, handover.document.pk, snapshot=snapshot)
    body = visit(handover.document).content.decode()
    assert "DOES NOT HOLD" in body
    assert "In force" not in body


def test_an_unknown_token_is_answered_with_nothing(handover, client):
    answer = client.get(reverse("trainings:verify", args=["0" * 40]))
    assert answer.status_code == 404
    assert handover.number not in answer.content.decode()
    assert answer.cookies == {}


def test_a_file_is_compared_and_not_kept(handover, issue, printed, visit):
    document, another = printed(handover), printed(issue(5))
    events = AuditEvent.objects.count()

    def answer(content: bytes) -> str:
        page = visit(document, berkas=SimpleUploadedFile("b.pdf", content, "application/pdf"))
        assert page.cookies == {}
        return page.context["answer"]

    original = bytes(document.file.content)
    assert answer(original) == "same"
    assert answer(original + b"\n") == "resaved"
    assert answer(bytes(another.file.content)) == "another"
    assert AuditEvent.objects.count() == events


def test_comparing_needs_no_csrf_token_and_is_limited(handover, printed):
    document = printed(handover)
    browser = Client(enforce_csrf_checks=True)
    address = reverse("trainings:verify", args=[document.token])
    statuses = [browser.post(address, {"berkas": SimpleUploadedFile("b.pdf", b"%PDF-")}).status_code for _try in range(11)]
    assert statuses == [200] * 10 + [429]
    assert Attempt.objects.get(key__startswith="compare:").count == 11


def test_a_pasted_link_and_a_typed_code_open_the_page_and_part_of_it_does_not(handover, client):
    token = handover.document.token
    look_up = reverse("trainings:look_up")
    found = client.get(look_up, {"tautan": f"http://testserver/periksa/{token}/"})
    assert found["Location"] == reverse("trainings:verify", args=[token])
    typed = handover.document.snapshot["issue"]["code"]
    assert client.get(look_up, {"tautan": f"Kode: {typed} "}).url == reverse("trainings:verify", args=[token])
    assert client.get(look_up, {"tautan": typed.replace("-", " ").lower()}).url == reverse("trainings:verify", args=[token])
    assert [client.get(look_up, {"tautan": part}).status_code for part in (token[:12], typed[:44], f"{typed}-AAAA")] == [200, 200, 200]

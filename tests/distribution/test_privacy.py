"""Whose names and numbers a shared paper shows to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock
from uuid import uuid4

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from distribution.actions.drafts import GoodsLine
from distribution.actions.handovers import draft_handover, edit_handover, issue_handover, preview
from distribution.models import Handover, Recipient
from ikm_program.actions import Refusal
from production.actions import verification
from production.actions.output import MakerPart, record_and_submit_output
from tests import factories
from tests.ledger.world import World
from trainings.models import User

Browser = Callable[[User], Client]
NIK = "6301011506850001"


def test_a_nik_is_masked_on_the_paper(world: World, issue: Callable[..., Handover]) -> None:
    world.stock(5)
    world.signer.identity_kind, world.signer.identity_number = "nik", NIK
    world.signer.save()
    issued = issue(2, receiver_identity_kind="nik", receiver_identity_number=NIK)
    paper = issued.document.snapshot
    assert [paper[party]["id_number"] for party in ("first_party", "second_party")] == ["630101******0001"] * 2
    assert NIK not in str(preview(issued))


def test_the_public_page_says_nothing_of_persons(world: World, issue: Callable[..., Handover]) -> None:
    world.stock(5)
    issued = issue(2, receiver_name="Nama Penerima", receiver_identity_kind="nik", receiver_identity_number=NIK)
    page = Client().get(reverse("trainings:verify", args=[issued.document.token])).content.decode()
    assert issued.number in page
    assert [word in page for word in ("Nama Penerima", NIK, "630101******0001", world.signer.name, world.office.address)] == [False] * 5


def shared_handover(world: World, stranger: User) -> Handover:
    """The province hands over suits of Tala and of Banjar, whose maker stands in the lot."""
    banjar = stranger.region
    factories.ActivityDistrictFactory(activity=world.batch.activity, region=banjar)
    batch = factories.BatchFactory(activity=world.batch.activity, region=banjar)
    maker = factories.EnrolmentFactory(
        batch=batch, participant=factories.ParticipantFactory(region=banjar, name="Penjahit RAHASIA")
    ).participant
    facts = {"product": world.product, "made_on": world.today, "good": 3}
    theirs = record_and_submit_output(batch, by=stranger, parts=[MakerPart(maker, 3)], **facts)
    with mock.patch.object(verification, "default_store", return_value=world.province_store):  # as after two transfers
        for entry in (theirs, world.report(3)):
            verification.verify_output(entry, by=world.staff, version=entry.version)
    draft = draft_handover(
        world.province_store,
        by=world.staff,
        lines=[GoodsLine(world.product, 6)],
        programme=world.programme,
        recipient=Recipient.objects.create(region=world.province, kind=Recipient.Kind.PROVINCE_TASK_FORCE, name="Gugus Tugas Provinsi"),
        handed_over_on=world.today,
        place="Banjarbaru",
        giver_office=world.province_office,
        giver=world.province_signer,
        receiver_name="Penerima",
        receiver_position="Sekretaris",
    )
    official = factories.user("pejabat_provinsi", username="pejabat.kalsel")
    issued: Handover = issue_handover(draft, by=official, version=draft.version)
    return issued


def test_a_district_sees_the_lots_that_are_its_own(world: World, stranger: User, client_of: Browser) -> None:
    """The document travels with its goods; the makers of another district do not."""
    address = shared_handover(world, stranger).get_absolute_url()
    seen = {person.username: client_of(person).get(address) for person in (world.officer, stranger, world.staff)}
    assert {name: (page.status_code, len(page.context["draws"])) for name, page in seen.items()} == {
        "petugas.tala": (200, 1),
        "petugas.banjar": (200, 1),
        "staf.kalsel": (200, 2),
    }
    assert "RAHASIA" not in seen["petugas.tala"].content.decode()


def test_what_people_sent_is_served_in_a_box(world: World, issue: Any, acknowledge: Any, client_of: Browser) -> None:
    world.stock(5)
    scan = SimpleUploadedFile("<script>.html", b"%PDF-1.7 <script>alert(1)</script> %%EOF", "text/html")
    handover = acknowledge(issue(2), evidence=scan)
    answer = client_of(world.officer).get(reverse("distribution:receipt_evidence", args=[handover.pk]))
    assert [answer.headers[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")] == [
        "application/pdf",
        f'attachment; filename="bukti-penerimaan-{handover.pk}.pdf"',
        "nosniff",
    ]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_form_without_its_key_is_refused_and_breaks_nothing(world: World, client_of: Browser) -> None:
    browser = client_of(world.officer)
    for key in ("", "x", str(uuid4())):
        answer = browser.post(f"{reverse('production:output_create')}?angkatan={world.batch.pk}", {"key": key})
        assert answer.status_code == 422


def test_a_nik_is_read_as_one_however_it_is_typed(world: World) -> None:
    draft = world.draft(2, receiver_identity_kind="nik", receiver_identity_number="6301.0115.0685.0001")
    assert draft.receiver_identity_number == NIK
    for kind in ("nip", "nrp"):
        with pytest.raises(Refusal) as refused:
            world.draft(2, receiver_identity_kind=kind, receiver_identity_number=NIK)
        assert refused.value.field == "receiver_identity_number"
    with pytest.raises(Refusal) as refused:
        world.draft(2, acknowledged_by_name="Bupati", acknowledged_by_number=NIK)
    assert refused.value.field == "acknowledged_by_number"


def test_a_nik_on_record_stands_in_no_form_and_an_empty_field_keeps_it(world: World, client_of: Browser, issue: Any) -> None:
    world.stock(5)
    draft = world.draft(2, receiver_identity_kind="nik", receiver_identity_number=NIK)
    edit = client_of(world.officer).get(reverse("distribution:handover_update", args=[draft.pk])).content.decode()
    assert (NIK in edit, "630101******0001" in edit) == (False, True)
    lines = [GoodsLine(world.product, 2)]
    kept = edit_handover(
        draft, by=world.officer, version=draft.version, lines=lines, receiver_identity_kind="nik", receiver_identity_number=""
    )
    assert kept.receiver_identity_number == NIK
    issue_handover(kept, by=world.official, version=kept.version)
    terms = {"gudang": world.store.pk, "program": world.programme.pk, "penerima": draft.recipient_id, "tanggal": world.today.isoformat()}
    next_one = client_of(world.officer).get(reverse("distribution:handover_create"), terms).content.decode()
    assert (draft.receiver_name in next_one, NIK in next_one, "630101******0001" in next_one) == (True, False, False)


def test_the_browser_keeps_no_number_of_a_signatory(world: World, client_of: Browser) -> None:
    draft = world.draft(2)
    answer = client_of(world.officer).get(reverse("distribution:handover_update", args=[draft.pk]))
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    fields = {field.get("name"): field for field in page.iter("input")}
    assert ["data-private" in fields[name].attrib for name in ("receiver_identity_number", "acknowledged_by_number")] == [True, True]

"""What an issued BAST says is put right by an addendum: its pages stay, whoever checks it is told, and no goods move."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from distribution import addendum_documents, snapshots
from distribution.actions.addenda import cancel_addendum, discard_addendum, draft_addendum, issue_addendum, obstacles
from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.handovers import draft_replacement, issue_handover
from distribution.addenda import words_of
from distribution.models import Addendum, AddendumChange, Handover
from ikm_program import guards
from ikm_program.actions import Refusal, StaleVersion
from production.models import StockMovement
from tests import factories
from tests.ledger.world import World, build, wrong
from tests.paper_text import text_of
from trainings import tasks
from trainings.models import IssuedDocument, User

DAY = dt.timedelta(days=1)


@pytest.fixture
def world(db: None, in_english: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(tasks, "enqueue_rendering", lambda document_id: None)
    return build()


@pytest.fixture
def bast(world: World) -> Handover:
    world.stock(50)
    draft = world.draft(20, handed_over_on=world.today - 2 * DAY, backdating_reason="Dicatat kemudian")
    issued: Handover = issue_handover(draft, by=world.official, version=1)
    return issued


@pytest.fixture(autouse=True)
def stock_before_the_handover(monkeypatch: pytest.MonkeyPatch) -> None:
    original = World.stock

    def earlier(self: World, quantity: int, **facts: Any) -> Any:
        return original(self, quantity, **{"made_on": self.today - 5 * DAY, **facts})

    monkeypatch.setattr(World, "stock", earlier)


def draft(world: World, bast: Handover, by: Any = None, **words: str) -> Addendum:
    facts: dict[str, Any] = {"agreed_on": world.today, "signer": world.signer, "reason": "keliru ditulis", "place": "Pelaihari"}
    facts |= {name: words.pop(name) for name in list(words) if name in ("agreed_on", "signer", "reason", "provisions", "backdating_reason")}
    made: Addendum = draft_addendum(bast, by=by or world.officer, words=words, **facts)
    return made


def amend(world: World, bast: Handover, **words: str) -> Addendum:
    made = draft(world, bast, **words)
    issued: Addendum = issue_addendum(made, by=world.official, version=made.version)
    return issued


def test_the_bast_keeps_its_pages_and_whoever_checks_it_is_told(world: World, bast: Handover, client: Any) -> None:
    assert bast.document is not None
    before, moved = bast.document.sha256, StockMovement.objects.count()
    issued = amend(world, bast, receiver_position="Sekretaris Daerah", purpose="tenaga kesehatan")

    bast.refresh_from_db()
    assert (bast.document.sha256, bast.receiver_position, StockMovement.objects.count()) == (before, "Sekretaris", moved)
    assert issued.number.split("/")[2].startswith("BA-ADD")
    assert words_of(bast)["receiver_position"] == "Sekretaris Daerah"
    page = client.get(f"/periksa/{bast.document.token}/", headers={"accept-language": "en"}).content.decode()
    assert [words in page for words in ("In force", "Amended by", issued.number)] == [True] * 3
    assert ("its content is unchanged" in page, "its pages are as they were issued" in page) == (False, True)
    page = client.get(f"/periksa/{issued.document.token}/", headers={"accept-language": "en"}).content.decode()
    assert [words in page for words in ("In force", bast.number, "Jabatan PIHAK KEDUA")] == [True] * 3
    assert "Sekretaris Daerah" not in page  # what it says may name a person
    assert wrong() == []


def test_the_paper_says_before_and_after_and_is_signed_as_it_shall_read(world: World, bast: Handover) -> None:
    made = draft(world, bast, receiver_name="Hj. Baru (CONTOH)", legal_basis="SK 1\nSK 2", provisions="Barang disimpan kering.")
    drawn = text_of(addendum_documents.pdf_bytes(snapshots.of_addendum(made, None)))
    assert "DRAF" in drawn
    issued = issue_addendum(made, by=world.official, version=made.version)
    content = text_of(addendum_documents.pdf_bytes(issued.document.snapshot))
    for words in (
        issued.number, bast.number, "Nama PIHAK KEDUA", "Penerima CONTOH", "Hj. Baru (CONTOH)", "SK 1", "SK 2", "Barang disimpan kering.",
        "karena keliru ditulis.", "jumlah, dan keadaan barang tidak berubah", "tidak tercantum",
    ):  # fmt: skip
        assert words in content, words
    assert issued.document.snapshot["second_party"]["name"] == "Hj. Baru (CONTOH)"


def test_each_addendum_begins_where_the_last_one_ended(world: World, bast: Handover) -> None:
    first = amend(world, bast, purpose="tenaga kesehatan")
    second = amend(world, bast, purpose="puskesmas")
    assert [(change.before, change.after) for change in second.changes.all()] == [("tenaga kesehatan", "puskesmas")]

    with pytest.raises(Refusal, match="A later addendum changed the same statement"):
        cancel_addendum(first, by=world.official, version=first.version, reason="Salah")
    cancel_addendum(second, by=world.official, version=second.version, reason="Salah")
    assert words_of(bast)["purpose"] == "tenaga kesehatan"
    standing = second.document.standing
    assert (standing.is_void, bast.document.standing.amended_by) == (True, [first.document])
    assert wrong() == []


def test_two_drafts_of_one_statement(world: World, bast: Handover) -> None:
    one, two = draft(world, bast, purpose="tenaga kesehatan"), draft(world, bast, purpose="puskesmas")
    issue_addendum(one, by=world.official, version=1)
    with pytest.raises(Refusal, match="reads otherwise since this draft was written"):
        issue_addendum(two, by=world.official, version=1)
    with pytest.raises(StaleVersion):
        issue_addendum(Addendum.objects.get(pk=one.pk), by=world.official, version=1)
    discard_addendum(two, by=world.officer, version=1)
    assert Addendum.objects.count() == 1


def test_what_is_refused(world: World, bast: Handover) -> None:
    stranger = factories.OfficialFactory(office=factories.OfficeFactory(region=factories.region("63.05")))
    refused: dict[str, dict[str, Any]] = {
        "Nothing is different": {"place": "Pelaihari"},
        "The paper needs this statement": {"receiver_name": " "},
        "Say why the paper is changed": {"purpose": "x", "reason": " "},
        "cannot lie in the future": {"purpose": "x", "agreed_on": world.today + DAY},
        "reason for a date before today": {"purpose": "x", "agreed_on": world.today - DAY},
        "not older than its BAST": {"purpose": "x", "agreed_on": world.today - 9 * DAY, "backdating_reason": "Lupa"},
        "does not belong to the office": {"purpose": "x", "signer": stranger},
        "18": {"acknowledged_by_number": "12"},
        "cannot also be the one who acknowledges": {"acknowledged_by_name": "penerima contoh"},
    }
    for words, said in refused.items():
        with pytest.raises(Refusal, match=words):
            draft(world, bast, **said)
    assert not Addendum.objects.exists()
    numbered = draft(world, bast, receiver_identity_number="3171", purpose="x")  # the receiver has none that could be put right
    assert list(numbered.changes.values_list("statement", flat=True)) == ["purpose"]


def test_a_draft_or_void_bast_has_no_addendum(world: World, bast: Handover) -> None:
    with pytest.raises(Refusal, match="issued and not cancelled"):
        draft(world, world.draft(1), purpose="x")
    made, issued = draft(world, bast, purpose="puskesmas"), amend(world, bast, place="Aula")
    other = factories.user("pejabat_kabupaten", "63.01", username="pejabat2.tala")
    asked = request_cancellation(Handover.objects.get(pk=bast.pk), by=world.official, version=bast.version, reason="Salah barang")
    approve_cancellation(asked, by=other, version=asked.version)

    with pytest.raises(Refusal, match="issued and not cancelled"):
        issue_addendum(made, by=world.official, version=made.version)
    issued.document.refresh_from_db()
    standing = type(issued.document).objects.get(pk=issued.document_id).standing
    assert (standing.is_void, standing.voided_by) == (True, asked.__class__.objects.get().document)
    replacement = draft_replacement(Handover.objects.get(pk=bast.pk), by=world.officer)
    assert replacement.place == "Aula"  # what was put right stays right
    assert wrong() == []


def test_somebody_else_issues_it(world: World, bast: Handover) -> None:
    made = draft(world, bast, purpose="puskesmas")
    with pytest.raises(PermissionDenied):
        issue_addendum(made, by=world.officer, version=made.version)
    world.official.groups.add(*world.officer.groups.all())
    world.official = User.objects.get(pk=world.official.pk)
    own = draft(world, bast, by=world.official, place="Aula")
    with pytest.raises(Refusal, match="Nobody issues"):
        issue_addendum(own, by=world.official, version=own.version)


def test_it_is_written_on_the_page_of_its_bast(world: World, bast: Handover, client_of: Any) -> None:
    browser = client_of(world.officer)
    assert f"/serah-terima/{bast.pk}/adendum/" in browser.get(f"/serah-terima/{bast.pk}/").content.decode()
    form = browser.get(f"/serah-terima/{bast.pk}/adendum/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name.startswith("says_")}
    sent = typed | {"key": str(uuid.uuid4()), "agreed_on": world.today, "signer": world.signer.pk, "reason": "Salah ketik"}
    refused = browser.post(f"/serah-terima/{bast.pk}/adendum/", sent | {"version": bast.version})
    assert (refused.status_code, "Nothing is different" in refused.content.decode()) == (422, True)

    made = browser.post(f"/serah-terima/{bast.pk}/adendum/", sent | {"version": bast.version, "says_receiver_name": "Ir. Benar (CONTOH)"})

    page = browser.get(made.headers["Location"]).content.decode()
    assert [words in page for words in ("Penerima CONTOH", "Ir. Benar (CONTOH)", "somebody else issues it")] == [True] * 3
    addendum, desk = Addendum.objects.get(), client_of(world.official)
    assert "Addend" in desk.get("/").content.decode()  # on the list of what waits
    issued = desk.post(f"/adendum/{addendum.pk}/terbitkan/", {"key": str(uuid.uuid4()), "version": addendum.version})
    assert issued.status_code == 302
    own_page = desk.get(f"/serah-terima/{bast.pk}/").content.decode()
    assert [words in own_page for words in ("Addenda", "Ir. Benar (CONTOH)")] == [True, True]
    assert "amended by" in desk.get("/register/").content.decode()


@pytest.mark.parametrize(
    ("model", "values"),
    [(AddendumChange, {"after": "Orang lain"}), (Addendum, {"reason": "Disuruh"}), (Addendum, {"agreed_on": "2020-01-01"})],
)
def test_a_changed_record_is_found(world: World, bast: Handover, model: Any, values: dict[str, Any]) -> None:
    amend(world, bast, receiver_name="Ir. Benar (CONTOH)")
    guards.lift(connection)
    model.objects.update(**values)
    found = {what for what, _sentence in wrong()}
    guards.install(connection)
    assert "addenda say what their records say" in found


def at(addendum: Addendum, year: int) -> None:
    """As if it had been issued in that year."""
    guards.lift(connection)
    Addendum.objects.filter(pk=addendum.pk).update(issued_at=dt.datetime(year, 6, addendum.pk % 27 + 1, tzinfo=dt.UTC))
    guards.install(connection)


def test_the_latest_words_are_those_issued_last_not_those_with_the_highest_number(world: World, bast: Handover) -> None:
    """Numbers begin anew each year."""
    amend(world, bast, place="Martapura")
    old = amend(world, bast, purpose="lama")
    new = amend(world, bast, purpose="baru")
    for addendum in Addendum.objects.exclude(pk=new.pk):
        at(addendum, 2019)
    guards.lift(connection)
    IssuedDocument.objects.filter(pk=new.document_id).update(sequence=1, year=2099)
    guards.install(connection)
    assert words_of(bast)["purpose"] == "baru"
    with pytest.raises(Refusal, match="A later addendum changed the same statement"):
        cancel_addendum(Addendum.objects.get(pk=old.pk), by=world.official, version=old.version, reason="Salah")
    cancel_addendum(Addendum.objects.get(pk=new.pk), by=world.official, version=new.version, reason="Salah")
    assert words_of(bast)["purpose"] == "lama"


def test_whoever_checks_the_bast_is_told_of_its_addenda_in_the_order_of_their_issue(world: World, bast: Handover) -> None:
    """The last one holds, whoever drafted first."""
    one, two = draft(world, bast, place="Aula"), draft(world, bast, purpose="puskesmas")
    second = issue_addendum(two, by=world.official, version=1)
    first = issue_addendum(one, by=world.official, version=1)
    assert IssuedDocument.objects.get(pk=bast.document_id).standing.amended_by == [second.document, first.document]


def test_of_three_that_speak_of_one_statement_the_first_is_not_cancelled(world: World, bast: Handover) -> None:
    """A, B and A again: the words are those of the first, and it is not the last."""
    first = amend(world, bast, purpose="A")
    amend(world, bast, purpose="B")
    amend(world, bast, purpose="A")
    with pytest.raises(Refusal, match="A later addendum changed the same statement"):
        cancel_addendum(Addendum.objects.get(pk=first.pk), by=world.official, version=first.version, reason="Salah")


def test_ends_of_lines_are_no_change(world: World, bast: Handover) -> None:
    guards.lift(connection)
    Handover.objects.filter(pk=bast.pk).update(legal_basis="SK 1\r\nSK 2")
    guards.install(connection)
    kept = Handover.objects.get(pk=bast.pk)
    with pytest.raises(Refusal, match="Nothing is different"):
        draft(world, kept, legal_basis="SK 1\nSK 2 ")
    made = draft(world, kept, legal_basis="SK 1\nSK 2", purpose="Lain")
    assert [change.statement for change in made.changes.all()] == ["purpose"]


def test_nobody_signs_an_addendum_twice(world: World, bast: Handover) -> None:
    for words, field in (
        ({"receiver_name": world.signer.name.upper()}, "says_receiver_name"),
        ({"acknowledged_by_name": world.signer.name}, "says_acknowledged_by_name"),
    ):
        with pytest.raises(Refusal) as no:
            draft(world, bast, **words)
        assert no.value.field == field


def test_an_addendum_names_no_witness_of_the_bast_and_leaves_alone_who_stood_there_before(world: World, bast: Handover) -> None:
    bast.witnesses.create(name="Saksi CONTOH")
    bast.witnesses.create(name=f"{world.signer.name}, S.E.")  # issued when nobody asked
    for words, field in (
        ({"receiver_name": "H. Saksi CONTOH"}, "says_receiver_name"),
        ({"acknowledged_by_name": "saksi contoh"}, "says_acknowledged_by_name"),
    ):
        with pytest.raises(Refusal, match="cannot be a witness as well") as no:
            draft(world, bast, **words)
        assert no.value.field == field
    amend(world, bast, receiver_name="Penerima Lain")
    assert words_of(bast)["receiver_name"] == "Penerima Lain"


def test_two_addenda_do_not_make_one_person_sign_twice(world: World, bast: Handover) -> None:
    """Each names somebody once; together they would name the same person as receiver and as who acknowledges."""
    receiver, witness = draft(world, bast, receiver_name="Ir. Sama (CONTOH)"), draft(world, bast, acknowledged_by_name="Ir. Sama (CONTOH)")
    issue_addendum(receiver, by=world.official, version=1)
    assert obstacles(witness) == ["The receiver cannot also be the one who acknowledges the document."]
    with pytest.raises(Refusal, match="cannot also be the one who acknowledges"):
        issue_addendum(witness, by=world.official, version=1)


def test_an_addendum_is_not_cancelled_where_one_person_would_sign_twice(world: World, bast: Handover) -> None:
    first = amend(world, bast, receiver_name="Ir. Lain (CONTOH)")
    second = amend(world, bast, acknowledged_by_name="Penerima CONTOH")  # who received it before
    with pytest.raises(Refusal, match="cannot also be the one who acknowledges"):
        cancel_addendum(first, by=world.official, version=first.version, reason="Salah")
    cancel_addendum(second, by=world.official, version=second.version, reason="Salah")
    cancel_addendum(Addendum.objects.get(pk=first.pk), by=world.official, version=first.version, reason="Salah")
    assert words_of(bast)["receiver_name"] == "Penerima CONTOH"


def test_the_receiver_does_not_sign_an_addendum_for_the_giver_too(world: World, bast: Handover) -> None:
    """Also where no name is changed: the official who signs it need not be the one of the BAST."""
    namesake = factories.OfficialFactory(office=bast.giver_office, name="PENERIMA  contoh")
    with pytest.raises(Refusal, match="cannot be signed for by the same person") as no:
        draft(world, bast, signer=namesake, provisions="Diserahkan bertahap.")
    assert no.value.field == "signer"

"""The screens: drafting in two steps, issuing by another person, refusals in words, who sees what, and how many queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from distribution.actions.cancellations import request_cancellation
from distribution.models import Cancellation, Handover, OnwardHandover, Recipient, Transfer
from ikm_program.models import AuditEvent
from tests import factories
from tests.distribution.conftest import TODAY
from tests.matrix_world import jpeg

pytestmark = pytest.mark.usefixtures("in_english")


def at(name: str, *args: int) -> str:
    return reverse(f"distribution:{name}", args=args)


def key_of(answer) -> dict[str, str]:
    """What a browser sends along unseen."""
    form = answer.context["form"]
    hidden = {field.html_name: str(field.value()) for field in form.hidden_fields()}
    for formset in form.formsets.values():
        hidden |= {field.html_name: str(field.value()) for field in formset.management_form}
    return hidden


def press(browser, address: str, **typed):
    """Open a form, fill it in, send it."""
    opened = browser.get(address)
    assert opened.status_code == 200, opened.status_code
    return browser.post(address, key_of(opened) | typed)


def terms(world) -> str:
    return f"?gudang={world.store.pk}&program={world.programme.pk}&penerima={world.recipient.pk}&tanggal={TODAY.isoformat()}"


def typed(world, **changes):
    return {
        "giver": str(world.signer.pk),
        "place": "Ruang VIP, Pelaihari",
        "receiver_name": "Sekda CONTOH",
        "receiver_position": "Sekretaris Daerah",
        "receiver_identity_kind": "tanpa",
        "lines-0-product": str(world.product.pk),
        "lines-0-quantity": "30",
        "lines-0-condition": "baik",
        "witnesses-0-name": "Saksi CONTOH",
        **changes,
    }


def test_a_witness_who_signs_already_is_told_so_in_his_row(world, client_of):
    world.stock(50)
    rows = {
        "witnesses-0-name": "",
        "witnesses-1-name": "Saksi CONTOH",
        "witnesses-1-position": "",
        "witnesses-2-name": "Sekda Contoh, S.H.",
    }
    rows |= {"witnesses-TOTAL_FORMS": "3"}
    answer = press(client_of(world.officer), at("handover_create") + terms(world), **typed(world, **rows))
    assert [answer.status_code, [row.errors.get("name") for row in answer.context["form"].formsets["witnesses"]]] == [
        422, [None, None, ["Sekda Contoh, S.H. signs for the second party and cannot be a witness as well."]],
    ]  # fmt: skip
    assert "#id_witnesses-2-name" in answer.text


def test_the_first_step_asks_for_the_terms(world, client_of):
    answer = client_of(world.officer).get(at("handover_create"))
    assert list(answer.context["form"].fields) == ["gudang", "program", "penerima", "tanggal"]
    assert answer.context["form"]["gudang"].value() == world.store.pk  # the only one


def test_the_form_says_how_much_there_is(world, client_of):
    world.stock(50)
    body = client_of(world.officer).get(at("handover_create") + terms(world)).content.decode()
    assert "Pakaian hazmat · available 50 set" in body


def test_a_draft_is_made_and_its_page_shown(world, client_of):
    world.stock(50)
    answer = press(client_of(world.officer), at("handover_create") + terms(world), **typed(world))
    draft = Handover.objects.get()
    assert answer["Location"] == at("handover_review", draft.pk)
    assert [draft.status, draft.lines.get().quantity, draft.witnesses.get().name] == ["draf", 30, "Saksi CONTOH"]
    assert [draft.giver_office, draft.created_by] == [world.office, world.officer]


def test_an_earlier_date_asks_for_its_reason(world, client_of):
    address = at("handover_create") + terms(world).replace("2020-06-25", "2020-06-15")
    answer = press(client_of(world.officer), address, **typed(world))
    assert [answer.status_code, list(answer.context["form"].errors)] == [422, ["backdating_reason"]]
    assert Handover.objects.count() == 0


def test_officials_are_those_in_office_on_the_day(world, client_of):
    former = factories.OfficialFactory(office=world.office, valid_until="2020-06-01")
    elsewhere = factories.OfficialFactory(office=factories.OfficeFactory(region=factories.region("63.03")))
    choices = client_of(world.officer).get(at("handover_create") + terms(world)).context["form"].fields["giver"].queryset
    assert list(choices) == [world.signer]
    assert {former, elsewhere}.isdisjoint(choices)


def test_the_receiver_of_the_last_time_is_proposed(world, issue, client_of):
    world.stock(5)
    issue(5, receiver_name="Sekda Lama")
    form = client_of(world.officer).get(at("handover_create") + terms(world)).context["form"]
    assert form["receiver_name"].value() == "Sekda Lama"


def test_a_store_of_another_district_cannot_be_named(world, client_of, stranger):
    answer = client_of(stranger).get(at("handover_create") + terms(world))
    assert [answer.status_code, "gudang" in answer.context["form"].errors] == [422, True]


def test_a_draft_is_edited_with_its_rows(world, client_of):
    world.stock(50)
    draft = world.draft(10)
    browser = client_of(world.officer)
    opened = browser.get(at("handover_update", draft.pk))
    assert opened.context["form"].formsets["lines"].initial[0]["quantity"] == 10
    changed = typed(world, **{"lines-0-quantity": "12", "lines-1-condition": "baik"})  # the empty row's select is sent too
    browser.post(at("handover_update", draft.pk), key_of(opened) | changed)
    assert Handover.objects.get().lines.get().quantity == 12


def test_lots_can_be_chosen_by_hand(world, client_of):
    world.stock(10)
    lot = world.stock(10).lines.get().lot
    chosen = {"lines-0-quantity": "4", f"lot-{lot.pk}": "4"}
    press(client_of(world.officer), at("handover_create") + terms(world), **typed(world, **chosen))
    assert [(draw.lot, draw.quantity) for draw in Handover.objects.get().lines.get().draws.all()] == [(lot, 4)]


def test_somebody_else_issues_and_is_told_the_number(world, client_of):
    world.stock(50)
    draft = world.draft(30)
    browser = client_of(world.official)
    page = browser.get(at("handover_issue", draft.pk)).content.decode()
    assert "530/001/BAST-IKM/DISCONTOH/VI/2020" in page
    assert "30 set Pakaian hazmat leave" in page
    answer = press(browser, at("handover_issue", draft.pk))
    assert answer["Location"] == at("handover_detail", draft.pk)
    assert Handover.objects.get().status == "diterbitkan"


def test_issuing_twice_with_the_same_key_issues_once(world, client_of):
    world.stock(50)
    draft = world.draft(30)
    browser = client_of(world.official)
    sent = key_of(browser.get(at("handover_issue", draft.pk)))
    answers = [browser.post(at("handover_issue", draft.pk), sent).status_code for _time in range(2)]
    assert answers == [302, 302]
    assert AuditEvent.objects.filter(verb="document_issued").count() == 1


def test_the_drafter_reads_why_he_cannot_issue(world, client_of):
    world.stock(50)
    world.officer.groups.add(*world.official.groups.all())
    draft = world.draft(30)
    browser = client_of(world.officer)
    page = browser.get(at("handover_detail", draft.pk)).content.decode()
    assert "somebody else issues it" in page
    assert at("handover_issue", draft.pk) not in page
    answer = press(browser, at("handover_issue", draft.pk))
    assert answer.status_code == 422
    assert "Nobody issues a document they drafted themselves." in answer.content.decode()


def test_what_is_missing_in_the_store_is_said_before_and_after(world, client_of):
    draft = world.draft(1)
    browser = client_of(world.official)
    sentence = "Available 0 set, requested 1 set."
    assert sentence in browser.get(at("handover_detail", draft.pk)).content.decode()
    answer = press(browser, at("handover_issue", draft.pk))
    assert [answer.status_code, sentence in answer.content.decode()] == [422, True]


def test_a_receipt_is_recorded_line_by_line(world, issue, client_of):
    world.stock(30)
    handover = issue(30)
    line = handover.lines.get().pk
    parts = {f"line-{line}": "25", f"returned-{line}": "3", f"written_off-{line}": "2"}
    facts = {"received_on": TODAY.isoformat(), "receiver_name": "Penerima", "shortfall_reason": "2 robek"}
    facts["no_evidence_reason"] = "dikirim menyusul"
    press(client_of(world.official), at("handover_acknowledge", handover.pk), **parts, **facts)
    after = Handover.objects.get()
    assert [after.status, after.lines.get().returned, after.receipt.shortfall_reason] == ["diterima_sebagian", 3, "2 robek"]


def test_evidence_that_was_missing_is_on_the_work_list_until_it_is_uploaded(world, issue, acknowledge, client_of, other_official):
    world.stock(30)
    handover = acknowledge(issue(30))
    browser = client_of(other_official)
    listed = at("handover_detail", handover.pk), "Evidence not uploaded yet"
    assert [part in browser.get("/").content.decode() for part in listed] == [True, True]
    assert "bukti CONTOH menyusul" in browser.get(at("handover_detail", handover.pk)).content.decode()
    assert browser.get(at("handover_list") + "?bukti=belum").context["page"].words == "1 row"
    answer = press(browser, at("evidence_upload", handover.receipt.pk), evidence=jpeg())
    assert answer["Location"] == at("handover_detail", handover.pk)
    assert "Evidence not uploaded yet" not in browser.get("/").content.decode()
    assert browser.get(at("receipt_evidence", handover.pk)).status_code == 200
    assert AuditEvent.objects.filter(verb="evidence_added").count() == 1


def test_a_handover_is_cancelled_and_replaced_on_screen(world, issue, client_of, other_official):
    world.stock(65)
    handover = issue(56)
    press(client_of(world.officer), at("cancellation_request", handover.pk), reason="seharusnya 65")
    asked = Cancellation.objects.get()
    page = client_of(other_official).get(at("cancellation_approve", asked.pk))
    assert page.context["form"]["signer"].value() == world.signer.pk  # who signs there today
    facts = {"cancelled_on": TODAY.isoformat(), "signer": str(world.signer.pk), "place": "Pelaihari"}
    press(client_of(other_official), at("cancellation_approve", asked.pk), **facts)
    assert Cancellation.objects.get().place == "Pelaihari"
    press(client_of(world.officer), at("handover_replace", handover.pk))
    assert [Handover.objects.get(pk=handover.pk).status, Handover.objects.get(replaces=handover).status] == ["dibatalkan", "draf"]


def test_a_cancellation_can_be_refused(world, issue, client_of, other_official):
    world.stock(5)
    handover = issue(5)
    asked = request_cancellation(handover, by=world.officer, version=handover.version, reason="ragu")
    press(client_of(other_official), at("cancellation_refuse", asked.pk), reason="sudah benar")
    assert [Cancellation.objects.get().status, Handover.objects.get().status] == ["ditolak", "diterbitkan"]


def test_goods_are_passed_on_from_the_handover_and_from_a_step(world, issue, acknowledge, client_of):
    world.stock(30)
    handover = acknowledge(issue(30))
    hospital = Recipient.objects.create(region=world.tala, kind=Recipient.Kind.HOSPITAL, name="RSUD CONTOH")
    browser = client_of(world.officer)
    facts = {"recipient": str(hospital.pk), "handed_over_on": TODAY.isoformat()}
    press(browser, at("onward_create", handover.pk), **facts, **{f"line-{handover.lines.get().pk}": "20"})
    first = OnwardHandover.objects.get()
    facts["recipient"] = str(world.further("Puskesmas CONTOH").pk)
    press(browser, at("onward_extend", first.pk), **facts, **{f"line-{first.lines.get().pk}": "5"})
    second = OnwardHandover.objects.get(parent=first)
    tree = browser.get(at("handover_detail", handover.pk)).context["onward_steps"]
    assert [(step.onward, [child.onward for child in step.children]) for step in tree] == [(first, [second])]


def test_a_transfer_is_drafted_issued_and_received_on_screen(world, client_of):
    world.stock(50)
    query = f"?gudang={world.store.pk}&tujuan={world.province_store.pk}&program={world.programme.pk}&keperluan=evaluasi&tanggal={TODAY}"
    facts = {"giver": world.signer.pk, "receiver": world.province_signer.pk, "place": "Pelaihari", "lines-0-condition": "baik"}
    goods = {"lines-0-product": world.product.pk, "lines-0-quantity": "50"}
    press(client_of(world.officer), at("transfer_create") + query, **facts, **goods)
    transfer = Transfer.objects.get()
    press(client_of(world.official), at("transfer_issue", transfer.pk))
    press(client_of(world.staff), at("transfer_receive", transfer.pk), received_on=TODAY.isoformat())
    assert Transfer.objects.get().status == "diterima"


@pytest.mark.parametrize(
    "name", ["handover_detail", "handover_preview", "handover_review", "handover_update", "handover_discard", "bast_file"]
)
def test_another_district_gets_what_a_missing_record_gets(world, client_of, stranger, name):
    draft = world.draft(1)
    browser = client_of(stranger)
    assert [browser.get(at(name, pk)).status_code for pk in (draft.pk, draft.pk + 1000)] == [404, 404]


def test_a_district_sees_the_paper_that_carries_its_lots(world, sent, client_of, stranger):
    """The province hands over what Tala made: Tala reads it, Banjar does not."""
    world.stock(5)
    transfer = sent(5, purpose="mutasi")
    press(client_of(world.staff), at("transfer_receive", transfer.pk), received_on=TODAY.isoformat())
    provincial = factories.user("pejabat_provinsi")
    task_force = Recipient.objects.create(region=world.province, kind=Recipient.Kind.PROVINCE_TASK_FORCE, name="Gugus Tugas Provinsi")
    query = terms(world).replace(f"gudang={world.store.pk}", f"gudang={world.province_store.pk}")
    query = query.replace(f"penerima={world.recipient.pk}", f"penerima={task_force.pk}")
    facts = typed(world, giver=str(world.province_signer.pk), **{"lines-0-quantity": "5"})
    press(client_of(world.staff), at("handover_create") + query, **facts)
    handover = Handover.objects.get()
    press(client_of(provincial), at("handover_issue", handover.pk))
    seen = {
        who: client_of(person).get(at("handover_detail", handover.pk)).status_code
        for who, person in (("tala", world.officer), ("banjar", stranger))
    }
    assert seen == {"tala": 200, "banjar": 404}
    assert handover.recipient.name in client_of(world.officer).get(reverse("trainings:register")).content.decode()


@pytest.mark.parametrize("name", ["handover_list", "recipient_list", "transfer_list"])
def test_a_list_asks_as_much_for_three_rows_as_for_one(world, issue, sent, client_of, name):
    world.stock(60)
    browser = client_of(world.staff)

    def rows(count: int) -> int:
        for number in range(count):
            issue(5)
            sent(5)
            Recipient.objects.create(region=world.tala, kind=Recipient.Kind.HOSPITAL, name=f"RS {Recipient.objects.count()} {number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(at(name)).status_code == 200
        return len(queries)

    browser.get(at(name))  # what is cached for good is cached now
    assert rows(1) == rows(2)

"""Materials on the screen: amounts as they are typed, few taps for what comes back, the account with its totals, and who sees it."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest

from production.actions.material_handovers import issue_handover
from production.models import MaterialExplanation, MaterialHandover, MaterialReceipt, MaterialWriteOff
from tests import factories
from tests.production.materials import BACK_ON, GIVEN_ON, LATE, Cloth
from tests.production.test_material_account import MADE_ON

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def given(cloth: Cloth) -> Cloth:
    """273 metres with the batch, 27 in the district's store."""
    cloth.buy(500)
    cloth.to_district(300)
    cloth.give(273)
    return cloth


def rows(**lines: Any) -> dict[str, str]:
    """The management form of one row, and the row."""
    return {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"} | {f"lines-0-{name}": str(value) for name, value in lines.items()}


def paper(cloth: Cloth, **more: Any) -> dict[str, str]:
    told = {"key": uuid.uuid4(), "signer": cloth.official(cloth.district).pk, "handed_over_on": GIVEN_ON, "place": "Martapura"}
    told |= {"backdating_reason": LATE, "partner_name": "Ketua kelompok"}
    return {name: str(value) for name, value in {**told, **more}.items()}


def address(cloth: Cloth, name: str = "rekening") -> str:
    account = cloth.account()
    return f"/bahan/{name}/{cloth.programme.pk}/{cloth.material.pk}/{account.holder.pk}/"


def test_a_draft_is_typed_in_metres_and_kept_in_centimetres(given: Cloth, client_of: Any) -> None:
    sent = paper(given, programme=given.programme.pk, store=given.store.pk, batch=given.batch.pk)
    answer = client_of(given.officer).post("/bahan/serah/kepada/angkatan/", sent | rows(material=given.material.pk, amount="1,5"))
    draft = MaterialHandover.objects.get(status="draf")
    assert (answer.status_code, answer.headers["Location"]) == (302, draft.get_absolute_url())
    assert (draft.lines.get().quantity, draft.batch, draft.kind) == (150, given.batch, "penyerahan")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1.5", "A comma stands before decimals"),
        ("-2", "A quantity cannot be negative."),
        ("0,001", "is counted in whole cm"),
        ("", "required"),
        ("99.999.999", "At most 21.474.836 "),
    ],
)
def test_an_amount_that_is_no_amount_is_refused_at_its_field(given: Cloth, client_of: Any, typed: str, says: str) -> None:
    sent = paper(given, programme=given.programme.pk, store=given.store.pk, batch=given.batch.pk)
    answer = client_of(given.officer).post("/bahan/serah/kepada/angkatan/", sent | rows(material=given.material.pk, amount=typed))
    assert answer.status_code == 422
    assert any(says in error for error in answer.context["form"].formsets["lines"].forms[0].errors["amount"])


def test_what_is_wrong_with_a_line_is_told_in_that_row(cloth: Cloth, client_of: Any) -> None:
    """An empty row before it is none of the lines that are bought, and counts all the same on the page."""
    sent = {"key": str(uuid.uuid4()), "store": cloth.store.pk, "programme": cloth.programme.pk, "received_on": GIVEN_ON}
    sent |= {"supplier": "CV CONTOH", "document_number": "KTR-1", "lines-TOTAL_FORMS": "3", "lines-INITIAL_FORMS": "0"}
    browser = client_of(cloth.officer)

    def errors(**typed: Any) -> tuple[dict[str, Any], list[Any]]:
        bought = {"material": cloth.material.pk, "amount": "5"}
        lines = {f"lines-{place}-{name}": value for place in (1, 2) for name, value in bought.items()}
        form = browser.post("/bahan/pembelian/baru/", sent | lines | typed).context["form"]
        return dict(form.errors), [dict(row.errors) for row in form.formsets["lines"].forms]

    assert errors() == ({}, [{}, {}, {"material": ["A material is listed twice."]}])
    assert errors(**{"lines-1-amount": "0"}) == ({}, [{}, {"amount": ["Fill in how much."]}, {}])


def test_what_comes_back_is_recorded_from_the_account_in_few_taps(given: Cloth, client_of: Any) -> None:
    browser, pk = client_of(given.officer), given.material.pk
    page = browser.get(f"/bahan/pelaku/{given.account().holder.pk}/{given.programme.pk}/kembali/")
    form = page.context["form"]
    assert "Kain spunbond · on hand 273 meter" in page.content.decode()
    assert (form["partner_name"].value(), form["store"].value()) == ("Ketua kelompok", given.store.pk)  # as the last time
    sent = paper(given, store=given.store.pk, handed_over_on=BACK_ON) | {f"back_{pk}": "21", f"scrap_{pk}": "0,5", f"used_{pk}": ""}
    browser.post(page.request["PATH_INFO"], sent)
    draft = MaterialHandover.objects.get(status="draf")
    line = draft.lines.get()
    assert (draft.kind, draft.batch, line.quantity, line.scrap, line.used) == ("pengembalian", given.batch, 2_100, 50, None)
    again = browser.get(f"/bahan/serah/{draft.pk}/ubah/").content.decode()
    assert ('value="21"' in again, 'value="0,5"' in again) == (True, True)


def test_nothing_that_comes_back_is_no_paper(given: Cloth, client_of: Any) -> None:
    url = f"/bahan/pelaku/{given.account().holder.pk}/{given.programme.pk}/kembali/"
    answer = client_of(given.officer).post(url, paper(given, store=given.store.pk))
    assert (answer.status_code, MaterialHandover.objects.filter(kind="pengembalian").exists()) == (422, False)


def test_the_steps_are_offered_to_those_who_may_take_them(given: Cloth, client_of: Any) -> None:
    draft = given.draft(given.store, 100, by=given.officer, batch=given.batch)
    page = draft.get_absolute_url()
    labels = {who: client_of(who).get(page).context["usual_step"] for who in (given.officer, given.issuer, given.staff)}
    assert [[str(step.label) for step in steps] for steps in labels.values()] == [["Edit"], ["Check and issue"], ["Edit"]]
    issue_handover(draft, by=given.issuer, version=draft.version)
    assert str(client_of(given.issuer).get(page).context["usual_step"][0].label) == "Record the receipt"
    assert str(client_of(given.officer).get(page).context["usual_step"][0].label) == "Open the PDF"
    assert client_of(given.issuer).get(f"{page}terbitkan/").status_code == 302  # its own page opens instead
    said = {"version": str(draft.version), "received_on": str(GIVEN_ON), f"received-{draft.lines.get().pk}": "1"}
    client_of(given.issuer).post(f"{page}terima/", {"key": str(uuid.uuid4()), **said})
    assert MaterialHandover.objects.get(pk=draft.pk).status == "diterima"


def test_what_is_short_is_said_before_issuing(given: Cloth, client_of: Any) -> None:
    draft = given.draft(given.store, 2_800, by=given.officer, batch=given.batch)
    page = client_of(given.issuer).get(f"{draft.get_absolute_url()}terbitkan/").content.decode()
    assert "Available 27 meter, requested 28 meter" in page


def test_the_account_report_has_totals_and_files(given: Cloth, client_of: Any, verified: Any) -> None:
    verified(63, made_on=MADE_ON)
    given.bring_back(15)
    browser = client_of(given.staff)
    url = f"/bahan/rekening/?program={given.programme.pk}"
    report = browser.get(url).context["report"]
    [row], [total] = report.rows, report.totals
    figures = ("given", "norm_use", "returned", "unexplained")
    assert [str(row[name]) for name in figures] == [str(total[name]) for name in figures] == ["273", "252", "15", "6"]
    assert browser.get(f"{url}&per=program").context["report"].rows[0]["name"] == str(given.programme)
    names = {per: browser.get(f"{url}&per={per}").context["report"].rows[0]["name"] for per in ("angkatan", "wilayah")}
    assert names == {"angkatan": str(given.batch), "wilayah": "Kabupaten Tanah Laut"}
    text = b"".join(browser.get(f"{url}&format=csv").streaming_content).decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text), delimiter=";"))["Left to explain"] == "6"
    for kind in ("xlsx", "pdf"):
        assert browser.get(f"{url}&format={kind}").status_code == 200


def test_makers_are_summed_up_with_their_batch(cloth: Cloth, client_of: Any, makers: Any) -> None:
    cloth.buy(500)
    cloth.to_district(500)
    for maker in makers[:2]:
        cloth.give(10, participant=maker)
    report = client_of(cloth.staff).get(f"/bahan/rekening/?program={cloth.programme.pk}&per=angkatan").context["report"]
    assert [(row["name"], str(row["given"])) for row in report.rows] == [(str(cloth.batch), "20")]


def test_an_account_opens_to_its_movements_and_takes_an_explanation(given: Cloth, client_of: Any, verified: Any) -> None:
    verified(63, made_on=MADE_ON)
    back = given.bring_back(15)
    browser, url = client_of(given.officer), address(given)
    page = browser.get(url).content.decode()
    assert (back.get_absolute_url() in page, "6 meter" in page, "To be explained" in page) == (True, True, True)
    sent = {"key": str(uuid.uuid4()), "amount": "6", "explained_on": str(BACK_ON), "reason": "Kain cacat"}
    assert browser.post(f"{url}jelaskan/", sent).headers["Location"] == url
    assert "Kain cacat" in browser.get(url).content.decode()
    assert (MaterialExplanation.objects.get().quantity, given.account().unexplained) == (600, 0)


def test_a_write_off_is_proposed_here_and_decided_on_there(given: Cloth, client_of: Any) -> None:
    sent = {"key": str(uuid.uuid4()), "amount": "2,5", "happened_on": str(BACK_ON), "reason": "Terbakar"}
    client_of(given.officer).post(address(given, "penghapusan") + "baru/", sent)
    lost = MaterialWriteOff.objects.get()
    browser = client_of(given.issuer)
    browser.post(f"{lost.get_absolute_url()}setujui/", {"key": str(uuid.uuid4()), "version": "1"})
    lost.refresh_from_db()
    assert (lost.quantity, lost.status, given.account().written_off) == (250, "disetujui", 250)


def test_a_purchase_is_recorded_with_its_document(cloth: Cloth, client_of: Any) -> None:
    sent = {
        "key": str(uuid.uuid4()), "store": str(cloth.province_store.pk), "programme": str(cloth.programme.pk), "received_on": str(GIVEN_ON),
        "supplier": "CV Kain", "document_number": "F-17",
    }  # fmt: skip
    sent |= rows(material=cloth.material.pk, amount="1.000", unit_price="12.500")
    client_of(cloth.staff).post("/bahan/pembelian/baru/", sent)
    line = MaterialReceipt.objects.get().lines.get()
    assert (line.said, line.unit_price) == ("1.000 meter", 12_500)


def test_the_card_runs_in_the_order_of_what_happened(given: Cloth, client_of: Any) -> None:
    holder = given.store.pk
    card = f"/bahan/kartu/{given.programme.pk}/{given.material.pk}"
    browser = client_of(given.officer)
    found = browser.get("/bahan/persediaan/").context["object_list"]
    url = next(row.get_absolute_url() for row in found if row.holder.store_id == holder)
    assert url.startswith(card)
    report = browser.get(url).context["report"]
    assert [(str(row["incoming"]), str(row["outgoing"]), str(row["balance"])) for row in report.rows] == [
        ("300", "", "300"),
        ("", "273", "27"),
    ]


def test_a_norm_is_typed_in_metres(cloth: Cloth, client_of: Any) -> None:
    product = factories.ProductFactory(region=cloth.material.region, name="Masker")
    sent = {"key": str(uuid.uuid4()), "product": str(product.pk), "amount": "0,25"}
    client_of(cloth.staff).post(f"/bahan/{cloth.material.pk}/norma/", sent)
    page = client_of(cloth.officer).get(cloth.material.get_absolute_url()).content.decode()
    assert "0,25 meter / set" in page


def test_a_business_shows_what_it_was_given(cloth: Cloth, client_of: Any) -> None:
    business = factories.EnterpriseFactory(region=cloth.district)
    cloth.buy(100)
    cloth.to_district(100)
    cloth.give(40, enterprise=business)
    assert "40 meter" in client_of(cloth.officer).get(business.get_absolute_url()).content.decode()


def test_another_district_gets_404_and_an_empty_list(given: Cloth, client_of: Any, other_officer: Any) -> None:
    browser, account = client_of(other_officer), given.account()
    urls = (address(given), address(given, "kartu"), address(given) + "jelaskan/", MaterialHandover.objects.first().get_absolute_url())  # type: ignore[union-attr]
    urls += (f"/bahan/pelaku/{account.holder.pk}/{given.programme.pk}/kembali/",)
    assert [browser.get(url).status_code for url in urls] == [404] * 5
    assert browser.get(f"/bahan/rekening/?program={given.programme.pk}").context["report"].rows == []
    assert list(browser.get("/bahan/serah/").context["object_list"]) == []

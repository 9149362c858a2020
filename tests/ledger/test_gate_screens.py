"""Inspection, buying back and the end of an evaluation, as people do them on the screens; and the papers that come of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from ikm_program.formatting import terbilang
from production import documents, snapshots
from production.actions.inspections import cancel_inspection
from production.actions.purchases import approve_purchase
from production.models import Inspection, Purchase, StampDuty, StockBalance
from tests import factories
from tests.ledger.gates import enter, examined, inspect, lot_of, made_by, makers
from tests.ledger.world import World, wrong
from tests.paper_text import text_of
from trainings.tasks import render_document


def terms(world: World, **more: Any) -> str:
    facts = {"gudang": world.store.pk, "program": world.programme.pk, "produk": world.product.pk, "tanggal": world.today, **more}
    return "?" + "&".join(f"{name}={value}" for name, value in facts.items())


def members(*names: str) -> dict[str, Any]:
    rows = {"members-TOTAL_FORMS": len(names), "members-INITIAL_FORMS": 0}
    for number, name in enumerate(names):
        rows |= {f"members-{number}-name": name, f"members-{number}-position": "Anggota"}
    return rows


def test_an_inspection_is_typed_refused_where_it_does_not_add_up_and_issued(gated: World, client_of: Any) -> None:
    lot = lot_of(gated.stock(100))
    browser, url = client_of(gated.officer), "/pemeriksaan/baru/" + terms(gated)
    cell = f"{lot.pk}-pemeriksaan"
    typed = {
        "key": str(uuid.uuid4()), "method": "Dilihat", "place": "Pelaihari", "signer": gated.signer.pk, **members("Ani", "Budi"),
        f"examined-{cell}": "100", f"accepted-{cell}": "92", f"to_repair-{cell}": "5", f"rejected-{cell}": "2",
    }  # fmt: skip
    assert f'name="accepted-{cell}"' in browser.get(url).content.decode()
    refused = browser.post(url, typed)
    assert (refused.status_code, "add up to 99, examined were 100" in refused.content.decode()) == (422, True)

    made = browser.post(url, typed | {f"rejected-{cell}": "3"})

    page = browser.get(made.headers["Location"]).content.decode()
    assert "100 set examined: 92 accepted, 5 to be repaired, 3 rejected" in page
    assert "fewer than three members" in page
    inspection = Inspection.objects.get()
    desk = client_of(gated.official)
    issued = desk.post(f"/pemeriksaan/{inspection.pk}/terbitkan/", {"key": str(uuid.uuid4()), "version": inspection.version})
    assert issued.status_code == 302
    stock = desk.get("/stok/").content.decode()
    assert [words in stock for words in ("92 available", "5 to be repaired")] == [True, True]
    assert "92 available" in desk.get(f"/stok/{gated.store.pk}/{gated.product.pk}/").content.decode()


def test_the_paper_says_what_was_found(gated: World) -> None:
    issued = inspect(gated, examined(lot_of(gated.stock(65)), 60, to_repair=3, rejected=2), decree="SK 12", decree_on=dt.date(2020, 6, 1))
    content = text_of(documents.inspection_pdf(issued.document.snapshot))
    for words in (
        issued.number, "berdasarkan SK 12 tanggal 1 Juni 2020", "Pemeriksa 1 (CONTOH)", "Setiap potong diperiksa",
        "Dari 65 (enam puluh lima) set yang diperiksa", "layak diserahkan: 60 (enam puluh) set", "ditolak: 2 (dua) set",
    ):  # fmt: skip
        assert words in content, words
    draft_text = text_of(documents.inspection_pdf(snapshots.of_inspection(issued, None)))
    assert ("DRAF" in draft_text, issued.number in draft_text) == (True, False)


def test_whoever_checks_a_cancelled_inspection_is_told_so(gated: World, client: Any) -> None:
    issued = inspect(gated, examined(lot_of(gated.stock(10)), 10))
    address = f"/periksa/{issued.document.token}/"
    assert "In force" in client.get(address, headers={"accept-language": "en"}).content.decode()
    cancel_inspection(issued, by=gated.official, version=issued.version, reason="Salah hitung")
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert ("CANCELLED" in page, "Pemeriksa 1" in page, "None" in page) == (True, False, False)


def test_makers_are_bought_from_in_one_form_and_approved_many_at_once(
    buying: World,
    agreement: Any,
    ppk: Any,
    client_of: Any,
) -> None:
    people = makers(buying, 3)
    made_by(buying, people, 100)
    browser, url = client_of(buying.officer), "/pembelian/baru/" + terms(buying)
    form = browser.get(url).context["form"]
    assert [(offer.maker, offer.there, offer.cell.value()) for offer in form.offered_makers()] == [
        (person, 100, "100") for person in people
    ]
    typed = {"key": str(uuid.uuid4()), "agreement": agreement.pk, "signer": buying.signer.pk}
    typed |= {f"maker-{people[0].pk}": "100", f"maker-{people[1].pk}": "1.0", f"maker-{people[2].pk}": ""}
    assert browser.post(url, typed).status_code == 422
    made = browser.post(url, typed | {f"maker-{people[1].pk}": "40"})
    assert made.headers["Location"] == "/pembelian/?status=draf"

    ticked = {"langkah": "setujui", "pilih": list(Purchase.objects.values_list("pk", flat=True)), "pasti": "1"}
    assert client_of(ppk).post("/pembelian/", ticked).status_code == 302
    assert list(Purchase.objects.order_by("amount").values_list("status", "amount")) == [("disetujui", 100_000), ("disetujui", 250_000)]
    assert wrong() == []


def test_the_receipt_has_the_amount_in_words_and_a_stamp_only_where_one_is_due(buying: World, agreement: Any, ppk: Any) -> None:
    for since, until, above, duty in (
        (None, dt.date(2020, 12, 31), 250_000, 3_000),
        (None, dt.date(2020, 12, 31), 1_000_000, 6_000),
        (dt.date(2021, 1, 1), None, 5_000_000, 10_000),
    ):
        StampDuty.objects.create(region=buying.province, valid_from=since, valid_until=until, above=above, duty=duty)
    (person,) = makers(buying, 1)
    made_by(buying, [person], 2_101)
    small, large = (enter(buying, agreement, {person.pk: quantity})[0] for quantity in (100, 2_001))
    papers = [text_of(documents.receipt_pdf(approve_purchase(one, by=ppk, version=1).document.snapshot)) for one in (small, large)]
    assert ["Meterai" in paper for paper in papers] == [False, True]
    assert "Meterai Rp10.000" in papers[1]
    for words in ("Rp250.000,00", f"{terbilang(250_000)} rupiah", "100 (seratus) set", "SPK/1/CONTOH", person.name):
        assert words in papers[0], words
    from production.stamp_duty import due_on

    days = dt.date(2020, 6, 22), dt.date(2021, 1, 2)
    assert [due_on(amount, day, buying.tala) for day in days for amount in (250_000, 250_001, 1_000_001, 5_000_000, 5_000_001)] == [
        None, 3_000, 6_000, 6_000, 6_000, None, None, None, None, 10_000,
    ]  # fmt: skip


def test_the_outcome_is_recorded_on_the_transfers_page(world: World, sent: Any, client_of: Any) -> None:
    browser, line = client_of(world.staff), sent.lines.get().pk
    page = browser.get(f"/mutasi/{sent.pk}/").content.decode()
    assert ("In evaluation for 3 days." in page, f"/mutasi/{sent.pk}/evaluasi/" in page) == (True, True)
    typed = {
        "key": str(uuid.uuid4()),
        "version": sent.version,
        "decided_on": str(world.today),
        f"accepted-{line}": "30",
        f"written_off-{line}": "20",
    }
    assert browser.post(f"/mutasi/{sent.pk}/evaluasi/", typed).status_code == 422  # no reason
    done = browser.post(f"/mutasi/{sent.pk}/evaluasi/", typed | {"key": str(uuid.uuid4()), "written_off_reason": "Robek"})
    assert done.headers["Location"] == f"/mutasi/{sent.pk}/"
    page = browser.get(f"/mutasi/{sent.pk}/").content.decode()
    assert ("Robek" in page, "In evaluation for" in page, f"/mutasi/{sent.pk}/evaluasi/" in page) == (True, False, False)
    assert not StockBalance.objects.filter(account="evaluasi", quantity__gt=0).exists()
    assert browser.get("/mutasi/?evaluasi=terbuka").context["page"].words == "0 rows"


def test_a_stranger_sees_neither_inspection_nor_purchase(gated: World, client_of: Any) -> None:
    issued = inspect(gated, examined(lot_of(gated.stock(10)), 10))
    render_document.call(issued.document_id)
    stranger = client_of(factories.user("petugas_kabupaten", "63.03"))
    addresses = (f"/pemeriksaan/{issued.pk}/", f"/pemeriksaan/{issued.pk}/pratinjau.pdf", issued.document.file_url)
    assert [stranger.get(address).status_code for address in addresses] == [404, 404, 404]
    assert client_of(gated.officer).get(issued.document.file_url).status_code == 200

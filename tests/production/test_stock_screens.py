"""Stock per store, the lots behind it, and the card; what waits for a reporter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from production import ledger
from production.actions.output import MakerPart, record_correction
from production.actions.verification import verify_output
from production.models import Account, Lot, OutputEntry, StockMovement, Store
from production.stock_card import stock_card
from tests import factories
from tests.production.conftest import DAY

pytestmark = pytest.mark.usefixtures("in_english", "hazmat")


def card(user: Any, hazmat: Any, **parameters: Any) -> list[tuple[Any, ...]]:
    rows = stock_card(Store.objects.get(), hazmat, user, **parameters).rows
    return [(row.get("number"), row["effective_on"], row.get("incoming"), row.get("outgoing"), row["balance"]) for row in rows]


def hand_over(entry: OutputEntry, quantity: int, on: dt.date) -> None:
    """Goods leave the store; the paper that says so does not matter here."""
    lot = Lot.objects.get(line__entry=entry)
    take = {"to": Account.AWAITING, "kind": StockMovement.Kind.HANDOVER, "effective_on": on, "source": entry}
    ledger.take([ledger.Draw(lot.pk, quantity)], store=Store.objects.get(), **take)


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_card_runs_in_the_order_of_what_happened(officer: Any, hazmat: Any, verified: Any):
    later = DAY + dt.timedelta(days=5)
    verified(20, made_on=later)
    first = verified(10)
    hand_over(first, 4, later + dt.timedelta(days=1))

    assert card(officer, hazmat) == [
        (1, DAY, 10, "", 10),
        (2, later, 20, "", 30),
        (3, later + dt.timedelta(days=1), "", 4, 26),
    ]


def test_a_card_from_a_later_day_begins_with_what_was_left(officer: Any, hazmat: Any, verified: Any):
    hand_over(verified(10), 4, DAY + dt.timedelta(days=1))

    assert card(officer, hazmat, since=DAY + dt.timedelta(days=1)) == [
        (None, DAY + dt.timedelta(days=1), None, None, 10),
        (1, DAY + dt.timedelta(days=1), "", 4, 6),
    ]


def test_a_card_of_one_lot_and_a_correction(officer: Any, staff: Any, hazmat: Any, verified: Any):
    verified(20)
    entry = verified(10)
    correction = record_correction(entry.lines.get(), by=officer, difference=-3, reason="Salah hitung", corrected_on=DAY)
    verify_output(correction, by=staff, version=correction.version, verified_on=DAY)

    assert card(officer, hazmat, lot=Lot.objects.get(line__entry=entry)) == [(1, DAY, 10, "", 10), (2, DAY, "", 3, 7)]


def test_several_lots_of_one_report_are_one_line_of_the_card(officer: Any, hazmat: Any, verified: Any, makers: Any):
    verified(10, parts=[MakerPart(makers[0], 4), MakerPart(makers[1], 6)])

    assert card(officer, hazmat) == [(1, DAY, 10, "", 10)]


def test_the_card_opens_as_page_and_files_and_links_to_its_records(officer: Any, client_of: Any, verified: Any, hazmat: Any):
    entry = verified(10)
    url = f"/stok/{Store.objects.get().pk}/{hazmat.pk}/kartu/"
    client = client_of(officer)

    assert entry.get_absolute_url() in client.get(url).content.decode()
    kinds = {kind: client.get(url, {"format": kind}).headers["Content-Type"] for kind in ("pdf", "xlsx", "csv")}
    assert (kinds["pdf"], kinds["csv"]) == ("application/pdf", "text/csv; charset=utf-8")
    assert b"".join(client.get(url, {"format": "csv"}).streaming_content).decode().count("10") >= 2  # type: ignore[arg-type]


def test_the_stock_says_where_the_pieces_are(officer: Any, client_of: Any, verified: Any):
    hand_over(verified(10), 4, DAY)

    row = client_of(officer).get("/stok/").context["object_list"][0]

    assert (row["stock"], row["available"], row["awaiting"], row["evaluation"]) == (6, 6, 4, 0)


def test_lots_show_maker_origin_and_what_is_left(officer: Any, client_of: Any, verified: Any, makers: Any, hazmat: Any):
    verified(4, parts=[MakerPart(makers[0], 4)])

    page = client_of(officer).get(f"/stok/{Store.objects.get().pk}/{hazmat.pk}/")

    assert [(lot.line.maker_name, lot.in_stock, lot.elsewhere) for lot in page.context["lots"]] == [("Penjahit 1", 4, 0)]


def test_the_stock_of_another_district_answers_like_a_missing_one(other_officer: Any, client_of: Any, verified: Any, hazmat: Any):
    verified(10)
    store, client = Store.objects.get(), client_of(other_officer)

    assert list(client.get("/stok/").context["object_list"]) == []
    for tail in ("", "kartu/", "kartu/?format=csv"):
        assert client.get(f"/stok/{store.pk}/{hazmat.pk}/{tail}").status_code == 404


def test_the_stock_list_asks_as_often_for_three_rows_as_for_one(staff: Any, client_of: Any, verified: Any, tala_batch: Any, province: Any):
    client = client_of(staff)
    verified(1)
    one = queries_of(client, "/stok/")
    for _more in range(2):
        product = factories.ProductFactory(region=province)
        factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
        verified(2, product=product)

    assert (queries_of(client, "/stok/"), len(client.get("/stok/").context["object_list"])) == (one, 3)

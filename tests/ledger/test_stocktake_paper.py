"""What the paper of a count says of damaged pieces."""

from __future__ import annotations

from distribution.actions.handovers import issue_handover
from production import stocktake_documents
from tests.ledger.test_stocktakes import count
from tests.ledger.world import World
from tests.paper_text import text_of


def test_the_paper_holds_only_damaged_pieces_that_are_in_the_books(world: World) -> None:
    world.stock(10)
    issue_handover(world.draft(10), by=world.official, version=1)
    held = "Barang rusak yang tercatat sebagai persediaan ditahan"
    surplus = count(world, 3, damaged=3, remark="Ditemukan rusak").document.snapshot
    assert (surplus["lines"][0]["held"], held in text_of(stocktake_documents.pdf_bytes(surplus))) == (0, False)
    world.stock(5)
    some = count(world, 5, damaged=2).document.snapshot
    assert (some["lines"][0]["held"], held in text_of(stocktake_documents.pdf_bytes(some))) == (2, True)
    before = {**some, "lines": [{key: value for key, value in some["lines"][0].items() if key != "held"}]}
    assert stocktake_documents.paper_context(before)["has_held"]

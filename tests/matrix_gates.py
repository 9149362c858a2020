"""What was examined, counted and bought in a place of `matrix_world`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.utils import timezone

from ikm_program.paper_content import sha256_hex
from production import snapshots
from production.actions.inspections import Examined, Member, Parts, draft_inspection, issue_inspection
from production.actions.stocktakes import Counted, draft_stocktake, issue_stocktake
from production.models import Criterion, Lot, Purchase, PurchaseAgreement, PurchasePrice, Store
from production.stocktaking import books_of
from trainings import registers
from trainings.models import Official

if TYPE_CHECKING:
    from tests.matrix_world import Ground, Place


def bought_and_examined(place: Place, ground: Ground, signer: Official) -> dict[str, Any]:
    """A criterion, a price and an agreement of the programme; of the place an inspection and a purchase in each state."""
    mark, today, product = place.mark, timezone.localdate(), ground.product
    criterion = Criterion.objects.create(product=product, name=f"Kriteria {mark}", requirement=f"Syarat {mark}")
    price = PurchasePrice.objects.create(programme=ground.programme, product=product, price=2500, basis=f"SK {mark}")
    agreement = PurchaseAgreement(region=ground.programme.region, programme=ground.programme, number=f"SPK {mark}", agreed_on=today)
    agreement.file_sha256 = sha256_hex(b"scan")
    agreement.file.save("file.jpg", ContentFile(b"scan"), save=True)
    found = {"criterion": criterion, "price": price, "agreement": agreement}
    lot = Lot.objects.select_related("product", "programme", "line__participant").get(
        region=place.region, line__participant__isnull=False, line__entry=place["verified"]["pk"]
    )
    people = place.people
    member = Member(f"Pemeriksa {mark}", f"Anggota {mark}")
    for noun in ("inspection", "examined"):
        found[noun] = draft_inspection(
            Store.objects.select_related("region").get(pk=place["stock"]["store"]), by=people["petugas_kabupaten"],
            programme=lot.programme, product=lot.product, parts=Parts([Examined(lot, "persediaan", 1, 1)], [member]), inspected_on=today,
            place=f"Balai {mark}", method="Dilihat", decree=f"SK {mark}", signer=signer,
        )  # fmt: skip
    issue_inspection(found["examined"], by=people["pejabat_kabupaten"], version=1)
    found |= _counted(place, lot, signer, member)
    facts = {
        "programme": lot.programme, "product": lot.product, "store_id": place["stock"]["store"], "seller": lot.line.participant,
        "purchased_on": today, "quantity": 1, "unit_price": 2500, "amount": 2500, "agreement": agreement, "office": signer.office,
        "signer": signer, "note": f"Catatan {mark}", "created_by": people["petugas_kabupaten"],
    }  # fmt: skip
    for noun in ("purchase", "bought"):
        found[noun] = Purchase.objects.create(**facts)
        found[noun].lines.create(lot=lot, quantity=1)
    bought, second = found["bought"], people["second"]  # the programme buys nothing back, so no action would do it
    document = registers.issue_document(
        signer.office, "kwitansi", subject=bought, on=today, by=second, content=lambda issue: snapshots.of_purchase(bought, issue)
    )
    done = {"status": "disetujui", "approved_by": second, "approved_at": timezone.now(), "document": document}
    Purchase.objects.filter(pk=bought.pk).update(**done)
    return found


def _counted(place: Place, lot: Lot, signer: Official, member: Member) -> dict[str, Any]:
    """A stocktake with a piece missing, and a draft without a difference."""
    found: dict[str, Any] = {}
    mark, today, people = place.mark, timezone.localdate(), place.people
    store = Store.objects.select_related("region").get(pk=place["stock"]["store"])
    for noun, missing in (("counted", 1), ("stocktake", 0)):
        there = books_of(store, today)[lot.programme_id, lot.product_id].quantity
        found[noun] = draft_stocktake(
            store, by=people["petugas_kabupaten"], counted_on=today, place=f"Gudang {mark}", signer=signer, members=[member],
            counted=[Counted(lot.programme, lot.product, there - missing, 0, f"Hilang {mark}" if missing else "")],
        )  # fmt: skip
        if missing:
            issue_stocktake(found[noun], by=people["second"], version=1)
    return found

"""Nusa Tenggara Timur: materials given to the batches, what they made bought back, paid and counted. Quantities and prices: CONTOH."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ikm_program.demo.facts import EXAMPLE, LATE_ENTRY
from production.actions.inspections import Member
from production.actions.material_handovers import MaterialLine, draft_handover, issue_handover, receive_handover
from production.actions.materials import BoughtLine, create_material, record_receipt
from production.actions.purchase_payments import list_purchases
from production.actions.purchases import approve_purchase, create_agreement, create_price, enter_purchases, unbought_lots
from production.actions.stocktakes import Counted, draft_stocktake, issue_stocktake
from production.actions.verification import default_store
from production.models import Material, Product, PurchaseAgreement, PurchasePrice, Stocktake
from production.stocktaking import books_of
from trainings.actions.offices import create_official
from trainings.actions.payment_steps import approve_list, lock_list, pay_list, record_receipts
from trainings.models import Batch, Official, Programme

if TYPE_CHECKING:
    from ikm_program.demo.ntt import Province

PROVINCE = "53"
BOUGHT_ON, AGREED_ON = dt.date(2020, 6, 1), dt.date(2020, 6, 2)
PURCHASED_ON, LISTED_ON, PAID_ON, COUNTED_ON = dt.date(2020, 8, 3), dt.date(2020, 8, 5), dt.date(2020, 8, 6), dt.date(2020, 8, 10)
MATERIALS: dict[str, dict[str, Any]] = {
    "kain": {"name": "Kain katun", "unit": "meter", "base_unit": "cm", "base_per_unit": 100},
    "minyak": {"name": "Minyak kelapa", "unit": "liter", "base_unit": "ml", "base_per_unit": 1000},
    "kelor": {"name": "Daun kelor kering", "unit": "kg", "base_unit": "gram", "base_per_unit": 1000},
    "garam": {"name": "Garam krosok", "unit": "kg", "base_unit": "gram", "base_per_unit": 1000},
}
GIVEN = {  # product -> what its batch got
    "masker": {"kain": 30_000},
    "sabun": {"minyak": 120_000, "kelor": 5_000},
    "teh_kelor": {"kelor": 25_000},
    "garam_spa": {"garam": 200_000},
}


def buy_materials(stage: Province, programme: Programme) -> dict[str, Material]:
    """All of it into the province's store."""
    province = stage.regions[PROVINCE]
    materials = {
        code: create_material(Material, by=stage.people["admin.ntt"], region=province, code=f"ntt_{code}", **kind)
        for code, kind in MATERIALS.items()
    }
    needed = {code: sum(lines.get(code, 0) for lines in GIVEN.values()) for code in materials}
    record_receipt(
        default_store(province), by=stage.people["staf.ntt"], lines=[BoughtLine(materials[code], needed[code]) for code in materials],
        programme=programme, received_on=BOUGHT_ON, supplier=f"Penyedia bahan ({EXAMPLE})", document_number=f"{EXAMPLE}/KONTRAK/1/2020",
    )  # fmt: skip
    return materials


def give_materials(stage: Province, batch: Batch, materials: dict[str, Material], product: str) -> None:
    """From the province to the batch, on the first day of its training."""
    office = stage.offices[PROVINCE]
    draft = draft_handover(
        default_store(stage.regions[PROVINCE]), by=stage.people["staf.ntt"], kind="penyerahan", batch=batch,
        lines=[MaterialLine(materials[code], quantity) for code, quantity in GIVEN[product].items()], programme=batch.activity.programme,
        handed_over_on=batch.starts_on, place=f"{batch.region.capital or batch.region.short_name} ({EXAMPLE})",
        backdating_reason=LATE_ENTRY, giver_office=office, signer=stage.officials[PROVINCE], note=f"Jumlah {EXAMPLE}.",
        partner_name=f"Ketua kelompok {batch.region.short_name} ({EXAMPLE})", partner_position="Ketua kelompok peserta",
    )  # fmt: skip
    official = stage.people["pejabat.ntt"]
    issue_handover(draft, by=official, version=draft.version)
    receive_handover(draft, by=official, version=draft.version, received_on=batch.starts_on)


def buy_back(stage: Province, programme: Programme, goods: Sequence[tuple[str, Product, int]]) -> None:
    """Under one agreement: entered by the staff, approved by the PPK, paid by the treasurer on one list."""
    staff = stage.people["staf.ntt"]
    agreement = create_agreement(
        PurchaseAgreement, by=staff, region=stage.regions[PROVINCE], programme=programme, number=f"{EXAMPLE}/SPK/1/2020",
        agreed_on=AGREED_ON, about=f"Pembelian kembali hasil bimbingan teknis ({EXAMPLE})",
    )  # fmt: skip
    for code, product, price in goods:
        create_price(PurchasePrice, by=staff, programme=programme, product=product, price=price, basis=f"Harga {EXAMPLE}")
        _buy(stage, programme, code, product, agreement)
    _pay(stage, programme)


def _buy(stage: Province, programme: Programme, code: str, product: Product, agreement: PurchaseAgreement) -> None:
    store = default_store(stage.regions[code])
    lots = unbought_lots(store=store, programme=programme, product=product, on=PURCHASED_ON)
    entered = enter_purchases(
        store, by=stage.people["staf.ntt"], programme=programme, product=product, agreement=agreement, purchased_on=PURCHASED_ON,
        quantities={maker: sum(there.values()) for maker, there in lots.items() if maker is not None},
        signer=stage.officials[PROVINCE], backdating_reason=LATE_ENTRY, note=f"Jumlah dan harga {EXAMPLE}",
    )  # fmt: skip
    for purchase in entered:
        approve_purchase(purchase, by=stage.people["ppk.ntt"], version=purchase.version)


def _pay(stage: Province, programme: Programme) -> None:
    office, treasurer = stage.offices[PROVINCE], stage.people["bendahara.ntt"]
    paid = list_purchases(
        programme, by=stage.people["staf.ntt"], region=stage.regions[PROVINCE], office=office, note=f"Jumlah dan harga {EXAMPLE}",
        **_signers(stage),
    )  # fmt: skip
    lock_list(paid, by=stage.people["staf.ntt"], version=paid.version)
    ppk = stage.people["ppk.ntt"]
    approve_list(paid, by=ppk, version=paid.version, approved_on=LISTED_ON, backdating_reason=LATE_ENTRY)
    pay_list(paid, by=treasurer, version=paid.version, paid_on=PAID_ON)
    record_receipts(paid, by=treasurer, version=paid.version, lines=list(paid.lines.all()), received_on=PAID_ON, how="tanda_tangan")


def _signers(stage: Province) -> dict[str, Official]:
    positions = {"kpa": "Kuasa Pengguna Anggaran", "ppk": "Pejabat Pembuat Komitmen", "treasurer": "Bendahara Pengeluaran"}
    return {
        name: create_official(
            Official, by=stage.people["admin.ntt"], office=stage.offices[PROVINCE], name=f"{position} NTT ({EXAMPLE})",
            identity_kind=Official.IdentityKind.NONE, position=position, can_sign=False, is_example=True,
        )
        for name, position in positions.items()
    }  # fmt: skip


def count_stores(stage: Province, programme: Programme) -> None:
    """Before the goods are given away: one store agrees with the books, in another lie two that nobody reported; that one is a draft."""
    agreeing = _count(stage, programme, "53.71", 0)
    _count(stage, programme, "53.01", 2)
    issue_stocktake(agreeing, by=stage.official("53.71"), version=agreeing.version)


def _count(stage: Province, programme: Programme, code: str, more: int) -> Stocktake:
    region = stage.regions[code]
    store, place = default_store(region), region.short_name
    counted = [
        Counted(programme, Product.objects.get(pk=product), held.quantity + more, 0, f"Belum dilaporkan ({EXAMPLE})" if more else "")
        for (_programme, product), held in books_of(store, COUNTED_ON).items()
    ]
    team = [Member(f"Pengurus Barang {place} ({EXAMPLE})", "Pengurus barang"), Member(f"Petugas Hitung {place} ({EXAMPLE})", "Anggota")]
    drafted: Stocktake = draft_stocktake(
        store, by=stage.officer(code), counted=counted, members=team, counted_on=COUNTED_ON, place=store.name,
        backdating_reason=LATE_ENTRY, signer=stage.officials[code], note=f"Penghitungan {EXAMPLE}",
    )  # fmt: skip
    return drafted

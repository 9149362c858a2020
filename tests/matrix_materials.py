"""The materials of the three places of `matrix_world`: bought by the district, with its batch, on their way, written off."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from production import material_ledger as ledger
from production.actions.material_handovers import MaterialLine, draft_handover, issue_handover, receive_handover
from production.actions.materials import BoughtLine, explain_difference, propose_write_off, record_receipt
from production.models import Material, MaterialHandover, MaterialNorm, Store
from tests import factories
from trainings.models import Batch, Official


def shared_materials(ground: Any) -> dict[str, dict[str, Any]]:
    """The material and the norm of whoever owns the programme."""
    material = material_of(ground)
    norm = MaterialNorm.objects.get(material=material)
    return {"material": {"pk": material.pk}, "norm": {"pk": norm.pk}}


def material_of(ground: Any) -> Material:
    region = ground.programme.region
    found = Material.objects.filter(region=region, code="kain").first()
    if found is None:
        found = factories.MaterialFactory(region=region, code="kain", name=f"Kain {ground.programme.name}")
        factories.MaterialNormFactory(material=found, product=ground.product)
    return found


def add_materials(place: Any, ground: Any) -> None:
    officer, today, mark = place.people["petugas_kabupaten"], timezone.localdate(), place.mark
    material, store = material_of(ground), Store.objects.get(pk=place["stock"]["store"])
    receipt = record_receipt(
        store, by=officer, lines=[BoughtLine(material, 90_000_000)], programme=ground.programme, received_on=today,
        supplier=f"CV {mark}", document_number=f"KTR {mark}", note=f"Catatan {mark}",
    )  # fmt: skip
    held = _through(place, _draft(place, ground, store, 10_000))
    sent = _draft(place, ground, store, 100)
    issue_handover(sent, by=place.people["second"], version=sent.version)
    holder = ledger.holder_of(held.batch)
    told = {"by": officer, "programme": ground.programme, "material": material, "reason": f"Rusak {mark}"}
    write_off = propose_write_off(holder, quantity=1, happened_on=today, **told)
    explain_difference(holder, quantity=1, explained_on=today, **told)
    place.args |= {
        "material_receipt": {"pk": receipt.pk},
        "material_draft": {"pk": _draft(place, ground, store, 100).pk},
        "material_sent": {"pk": sent.pk},
        "material_received": {"pk": held.pk},
        "write_off": {"pk": write_off.pk},
        "material_held": {"programme": ground.programme.pk, "material": material.pk, "holder": holder.pk},
        "material_return": {"programme": ground.programme.pk, "holder": holder.pk},
    }


def _draft(place: Any, ground: Any, store: Store, quantity: int) -> MaterialHandover:
    official = Official.objects.select_related("office__region").get(**place["official"])
    made: MaterialHandover = draft_handover(
        store,
        by=place.people["petugas_kabupaten"],
        kind=MaterialHandover.Kind.GIVING,
        lines=[MaterialLine(material_of(ground), quantity, specification=f"Warna {place.mark}")],
        programme=ground.programme,
        batch=Batch.objects.select_related("region", "activity").get(**place["batch"]),
        place=f"Balai {place.mark}",
        giver_office=official.office,
        signer=official,
        partner_name=f"Ketua {place.mark}",
        partner_position=f"Ketua kelompok {place.mark}",
        note=f"Catatan {place.mark}",
    )
    return made


def _through(place: Any, handover: MaterialHandover) -> MaterialHandover:
    issuer = place.people["pejabat_kabupaten"]
    issue_handover(handover, by=issuer, version=handover.version)
    receive_handover(handover, by=issuer, version=handover.version, received_on=timezone.localdate())
    return handover

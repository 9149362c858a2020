"""Writes about materials: the catalogue, norms, what was bought, what was written off, how a difference is explained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action, in_row, refuse_twice
from ikm_program.states import advance
from production import material_ledger as ledger
from production.models import (
    Material,
    MaterialAccount,
    MaterialExplanation,
    MaterialHolder,
    MaterialMovement,
    MaterialNorm,
    MaterialReceipt,
    MaterialReceiptLine,
    MaterialWriteOff,
    Product,
    Store,
)
from trainings.models import Programme, Region

Kind = MaterialMovement.Kind
COUNTED_IN = ("unit", "base_unit", "base_per_unit")


@dataclass(frozen=True)
class BoughtLine:
    """So many smallest units of a material; the price is that of one unit on paper."""

    material: Material
    quantity: int
    unit_price: int | None = None


class AlreadyBought(Refusal):
    """The same paper brought the same material before; `receipt` is that record."""

    def __init__(self, receipt: MaterialReceipt) -> None:
        self.receipt = receipt
        super().__init__(_("A purchase with this number is already recorded for this supplier and day."), "document_number")


# --- catalogue and norms


@action("production.add_material")
def create_material(
    model: type[Material], *, by: Any, region: Region, code: str, name: str, unit: str, base_unit: str, **values: Any
) -> Material:
    return records.create(model, by=by, region=region, code=code, name=name, unit=unit, base_unit=base_unit, **values)


@action("production.change_material")
def update_material(material: Material, *, by: Any, version: int | None, **values: Any) -> Material:
    """Change a material. What it is counted in stands on papers and in the ledger, so it stays once something was counted in it."""
    for name in COUNTED_IN:
        if values.get(name, getattr(material, name)) != getattr(material, name) and _is_counted(material):
            raise Refusal(_("The units can no longer change: quantities are already recorded in them."), field=name)
    return records.update(material, by=by, version=version, **values)


@action("production.change_material")
def create_norm(material: Material, *, by: Any, product: Product, programme: Programme | None = None, **values: Any) -> MaterialNorm:
    """Say how much of the material a product takes, from when until when. For one day there is one norm."""
    lock_norms(material)
    refuse_norm(material, product, programme, values)
    return records.create(MaterialNorm, by=by, material=material, product=product, programme=programme, **values)


@action("production.change_material")
def update_norm(norm: MaterialNorm, *, by: Any, version: int | None, **values: Any) -> MaterialNorm:
    lock_norms(norm.material)
    told = {"valid_from": norm.valid_from, "valid_until": norm.valid_until, **values}
    refuse_norm(norm.material, norm.product, norm.programme, told, but=norm)
    return records.update(norm, by=by, version=version, **values)


def lock_norms(material: Material) -> None:
    """Two people who add norms of one material do so one after the other."""
    list(Material.objects.select_for_update().filter(pk=material.pk).values_list("pk"))


def refuse_norm(
    material: Material, product: Product, programme: Programme | None, values: dict[str, Any], but: MaterialNorm | None = None
) -> None:
    for other in MaterialNorm.objects.filter(material=material, product=product, programme=programme):
        if other != but and other.overlaps(values.get("valid_from"), values.get("valid_until")):
            raise Refusal(
                _("There is a norm for these days already: %(norm)s. End it first.") % {"norm": other.said or _("not known")},
                field="valid_from",
            )


def _is_counted(material: Material) -> bool:
    return material.movements.exists() or material.norms.filter(quantity__isnull=False).exists()


# --- bought


@action("production.add_materialreceipt")
def record_receipt(store: Store, *, by: Any, lines: Sequence[BoughtLine], **facts: Any) -> MaterialReceipt:
    """Material came into a store from outside."""
    _refuse_wrong_receipt(store, lines, facts)
    _refuse_bought_before(store, facts)
    receipt = records.create(MaterialReceipt, by=by, store=store, **facts)
    MaterialReceiptLine.objects.bulk_create(
        MaterialReceiptLine(receipt=receipt, material=line.material, quantity=line.quantity, unit_price=line.unit_price) for line in lines
    )
    audit.record(
        "lines_changed", receipt, by=by, after={"lines": [f"{line.material}: {line.material.said(line.quantity)}" for line in lines]}
    )
    holder = ledger.holder_of(store)
    moves = [ledger.Move(line.material.pk, holder.pk, MaterialAccount.ON_HAND, line.quantity) for line in lines]
    ledger.post(moves, kind=Kind.RECEIPT, programme=receipt.programme, effective_on=receipt.received_on, source=receipt)
    return receipt


@action("production.cancel_materialreceipt")
def cancel_receipt(receipt: MaterialReceipt, *, by: Any, version: int, reason: str, cancelled_on: dt.date | None = None) -> MaterialReceipt:
    """It was wrong: opposite movements, refused where the material has been handed on."""
    records.lock(receipt, version=version)
    day = refuse_wrong_cancellation(by, (receipt.created_by_id,), reason, cancelled_on, since=receipt.received_on)
    advance(receipt, MaterialReceipt.Status.CANCELLED, by=by, reason=reason, **cancelled(by, day, reason))
    ledger.undo(receipt, programme=receipt.programme, effective_on=day)
    return receipt


def _refuse_wrong_receipt(store: Store, lines: Sequence[BoughtLine], facts: dict[str, Any]) -> None:
    refuse_closed(facts["programme"])
    if not facts["programme"].region.covers(store.region):
        raise Refusal(_("This programme is not carried out there."), field="programme")
    if facts["received_on"] > timezone.localdate():
        raise Refusal(_("The date cannot lie in the future."), field="received_on")
    if facts.get("document_on") and facts["document_on"] > facts["received_on"]:
        raise Refusal(_("The source document cannot be younger than what it brought."), field="document_on")
    refuse_wrong_quantities([(line.material, line.quantity) for line in lines])


def _refuse_bought_before(store: Store, facts: dict[str, Any]) -> None:
    """In the stores of one region, unless the first was cancelled. The region's stores are held: two clerks come one after the other."""
    stores = [pk for (pk,) in Store.objects.select_for_update().filter(region=store.region_id).order_by("pk").values_list("pk")]
    same = MaterialReceipt.objects.filter(
        store__in=stores,
        status=MaterialReceipt.Status.RECORDED,
        received_on=facts["received_on"],
        supplier__iexact=facts["supplier"].strip(),
        document_number__iexact=facts["document_number"].strip(),
    )
    if (first := same.order_by("pk").first()) is not None:
        raise AlreadyBought(first)


# --- written off


@action("production.add_materialwriteoff")
def propose_write_off(
    holder: MaterialHolder, *, by: Any, programme: Programme, material: Material, quantity: int, happened_on: dt.date, reason: str
) -> MaterialWriteOff:
    """Say that material was lost or spoilt. Somebody else decides; until then nothing moves."""
    refuse_closed(programme)
    if happened_on > timezone.localdate():
        raise Refusal(_("The date cannot lie in the future."), field="happened_on")
    if not reason.strip():
        raise Refusal(_("Say what happened."), field="reason")
    there = ledger.available(holder.owner, programme=programme, on=happened_on).get(material.pk, {}).get(holder.pk, 0)
    if there < quantity:
        refusal = ledger.InsufficientMaterial(material, there, quantity)
        raise Refusal(refusal.message, field="quantity")
    facts: dict[str, Any] = {"programme": programme, "material": material, "quantity": quantity, "happened_on": happened_on}
    return records.create(MaterialWriteOff, by=by, holder=holder, reason=reason, **facts)


@action("production.approve_materialwriteoff")
def approve_write_off(write_off: MaterialWriteOff, *, by: Any, version: int) -> MaterialWriteOff:
    records.lock(write_off, version=version)
    _refuse_own(write_off, by)
    advance(write_off, MaterialWriteOff.Status.APPROVED, by=by, decided_at=timezone.now(), decided_by=by)
    draw = ledger.Draw(write_off.material_id, write_off.holder_id, write_off.quantity)
    try:
        with transaction.atomic():
            ledger.post(
                draw.to(MaterialAccount.WRITTEN_OFF),
                kind=Kind.WRITE_OFF,
                programme=write_off.programme,
                effective_on=write_off.happened_on,
                source=write_off,
            )
    except ledger.NotEnough:
        raise Refusal(_("So much is not there any more.")) from None
    return write_off


@action("production.approve_materialwriteoff")
def refuse_write_off(write_off: MaterialWriteOff, *, by: Any, version: int, reason: str) -> MaterialWriteOff:
    records.lock(write_off, version=version)
    _refuse_own(write_off, by)
    if not reason.strip():
        raise Refusal(_("Say why it is refused."), field="reason")
    decision = {"decided_at": timezone.now(), "decided_by": by, "refusal_reason": reason}
    return advance(write_off, MaterialWriteOff.Status.REFUSED, by=by, reason=reason, **decision)


@action("production.approve_materialwriteoff")
def cancel_write_off(
    write_off: MaterialWriteOff, *, by: Any, version: int, reason: str, cancelled_on: dt.date | None = None
) -> MaterialWriteOff:
    """It was found again, or never lost: it goes back to whoever had it."""
    records.lock(write_off, version=version)
    day = refuse_wrong_cancellation(by, (write_off.created_by_id,), reason, cancelled_on, since=write_off.happened_on)
    advance(write_off, MaterialWriteOff.Status.CANCELLED, by=by, reason=reason, **cancelled(by, day, reason))
    ledger.undo(write_off, programme=write_off.programme, effective_on=day)
    return write_off


def _refuse_own(write_off: MaterialWriteOff, by: Any) -> None:
    if write_off.created_by_id == by.pk:
        raise Refusal(_("Nobody decides on a write-off they proposed themselves."))


# --- explained


@action("production.add_materialexplanation")
def explain_difference(
    holder: MaterialHolder, *, by: Any, programme: Programme, material: Material, quantity: int, explained_on: dt.date, reason: str
) -> MaterialExplanation:
    """Why so much of what was given is neither in the goods nor back. Nothing moves: the figures stay, with the words beside them."""
    if explained_on > timezone.localdate():
        raise Refusal(_("The date cannot lie in the future."), field="explained_on")
    if not reason.strip():
        raise Refusal(_("Say what happened."), field="reason")
    facts: dict[str, Any] = {"programme": programme, "material": material, "quantity": quantity, "explained_on": explained_on}
    return records.create(MaterialExplanation, by=by, holder=holder, reason=reason, **facts)


# --- what these share


def refuse_closed(programme: Programme) -> None:
    if not programme.is_open:
        raise Refusal(_("The programme is closed; nothing more can be recorded in it."), field="programme")


def refuse_wrong_quantities(lines: Sequence[tuple[Material, int]]) -> None:
    if not lines:
        raise Refusal(_("Add at least one line."), field="lines")
    for place, (_material, quantity) in enumerate(lines):
        if quantity < 1:
            raise Refusal(_("Fill in how much."), field=in_row("lines", place, "amount"))
    refuse_twice([material.pk for material, _quantity in lines], _("A material is listed twice."), "material")


def refuse_wrong_cancellation(by: Any, authors: tuple[int | None, ...], reason: str, day: dt.date | None, *, since: dt.date) -> dt.date:
    """The day on which it is cancelled: between what it undoes and today."""
    if by.pk in authors:
        raise Refusal(_("Nobody cancels what they recorded themselves."))
    if not reason.strip():
        raise Refusal(_("Say why it is cancelled."), field="reason")
    on = day or timezone.localdate()
    if not since <= on <= timezone.localdate():
        raise Refusal(_("The date of the cancellation lies between what it undoes and today."), field="cancelled_on")
    return on


def cancelled(by: Any, day: dt.date, reason: str) -> dict[str, Any]:
    return {"cancelled_on": day, "cancelled_at": timezone.now(), "cancelled_by": by, "cancelled_reason": reason}

"""Buying goods back from their makers: entered by one person, approved by another. Once bought, the pieces can be handed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.states import advance
from ikm_program.uploads import read_evidence
from production import gates, ledger, snapshots
from production.actions.papers import refuse_wrong_cancellation, refuse_wrong_signer
from production.models import Account, Product, Purchase, PurchaseAgreement, PurchasePrice, StockBalance, StockMovement, Store
from trainings import registers
from trainings.actions.rules import refuse_wrong_date, require_open, require_within_reach
from trainings.models import Participant, Programme, Region

Status = Purchase.Status
Kind = StockMovement.Kind


@action("production.add_purchaseprice")
def create_price(
    model: type[PurchasePrice], *, by: Any, programme: Programme, product: Product, price: int, **values: Any
) -> PurchasePrice:
    """What the programme pays for one unit. Two prices of one product never hold on the same day."""
    require_within_reach(programme.region, by=by, field="programme")
    require_open(programme)
    made = records.create(model, by=by, programme=programme, product=product, price=price, **values)
    _refuse_overlap(made)
    return made


@action("production.change_purchaseprice")
def update_price(kept: PurchasePrice, *, by: Any, version: int | None, **values: Any) -> PurchasePrice:
    """An amount that was paid stays; the price can come to an end, and another one follow."""
    if values.get("price", kept.price) != kept.price and _is_used(kept):
        raise Refusal(_("Goods were bought at this price. Give it an end and add another one."), field="price")
    updated = records.update(kept, by=by, version=version, **values)
    _refuse_overlap(updated)
    return updated


def price_on(programme: Programme, product: Product, day: dt.date) -> PurchasePrice | None:
    found: PurchasePrice | None = PurchasePrice.objects.valid_on(day).filter(programme=programme, product=product).first()
    return found


@action("production.add_purchaseagreement")
def create_agreement(
    model: type[PurchaseAgreement],
    *,
    by: Any,
    region: Region,
    programme: Programme,
    number: str,
    agreed_on: dt.date,
    about: str = "",
    file: File[bytes] | None = None,
) -> PurchaseAgreement:
    """The paper that the purchases refer to, with its scan where there is one."""
    require_within_reach(region, by=by)
    require_open(programme)
    if agreed_on > timezone.localdate():
        raise Refusal(_("The date of the document cannot lie in the future."), field="agreed_on")
    kept: dict[str, Any] = {}
    if file is not None:
        try:
            accepted = read_evidence(file)
        except ValidationError as error:
            raise Refusal(error.messages[0], field="file") from None
        kept = {"file": ContentFile(accepted.content, name=f"file.{accepted.extension}"), "file_sha256": accepted.sha256}
    return records.create(model, by=by, region=region, programme=programme, number=number, agreed_on=agreed_on, about=about, **kept)


@action("production.add_purchase")
def enter_purchases(
    store: Store, *, by: Any, programme: Programme, product: Product, quantities: Mapping[int, int], **facts: Any
) -> list[Purchase]:
    """A draft for every maker named in `quantities` (participant id -> pieces), from the oldest of their lots that are not bought yet."""
    wanted = {pk: quantity for pk, quantity in quantities.items() if quantity}
    if not wanted:
        raise Refusal(_("Say of at least one maker how many are bought."))
    price = _refuse_wrong_facts(store, {"programme": programme, "product": product, **facts}, by=by)
    lots = unbought_lots(store=store, programme=programme, product=product, on=facts["purchased_on"])
    sellers = Participant.objects.in_bulk(wanted)
    return [
        _enter(store, by, sellers[pk], price, quantity, _plan(lots.get(pk, {}), sellers[pk], product, quantity), facts)
        for pk, quantity in sorted(wanted.items())
    ]


@action("production.change_purchase")
def discard_purchase(purchase: Purchase, *, by: Any, version: int) -> None:
    """Throw a draft away; nothing was bought."""
    _refuse_unless_draft(purchase)
    records.claim(purchase, version=version)
    audit.record("discarded", purchase, by=by, before={"quantity": purchase.quantity, "amount": purchase.amount})
    purchase.delete()


@action("production.approve_purchase")
def approve_purchase(purchase: Purchase, *, by: Any, version: int) -> Purchase:
    """Draf -> Disetujui: the pieces are the programme's, and free to be handed over."""
    records.lock(purchase, version=version)
    _refuse_unless_draft(purchase)
    if purchase.is_entered_by(by):
        raise Refusal(_("Nobody approves a purchase they entered themselves."))
    require_open(purchase.programme)
    moves = list(gates.moves_of_purchase(purchase, purchase.lines.order_by("lot_id")))
    _post(purchase, moves, Kind.PURCHASE, purchase.purchased_on)
    document = registers.issue_document(
        purchase.office,
        "kwitansi",
        subject=purchase,
        on=purchase.purchased_on,
        by=by,
        content=lambda issue: snapshots.of_purchase(purchase, issue),
        regions=[purchase.store.region, purchase.seller.region],
    )
    approved = {"approved_at": timezone.now(), "approved_by": by, "document": document}
    return advance(purchase, Status.APPROVED, by=by, reason=purchase.backdating_reason, **approved)


@action("production.approve_purchase")
def approve_each(purchase: Purchase, *, by: Any) -> Purchase:
    """One of many, as it stands in the list."""
    approved: Purchase = approve_purchase(purchase, by=by, version=purchase.version)
    return approved


@action("production.approve_purchase")
def cancel_purchase(purchase: Purchase, *, by: Any, version: int, reason: str, cancelled_on: dt.date | None = None) -> Purchase:
    """Disetujui -> Dibatalkan, as long as everything bought is still in the store."""
    records.lock(purchase, version=version)
    _refuse_if_on_a_list(purchase)
    day = cancelled_on or timezone.localdate()
    refuse_wrong_cancellation(purchase.purchased_on, day, reason)
    said = {"cancelled_on": day, "cancelled_by": by, "cancelled_reason": reason.strip()}
    advance(purchase, Status.CANCELLED, by=by, reason=reason, **said)
    moves = gates.moves_of_purchase(purchase, purchase.lines.order_by("lot_id"))
    _post(purchase, gates.reversed_moves(moves), Kind.CANCELLATION, day)
    return purchase


def unbought_lots(*, store: Store, programme: Programme, product: Product, on: dt.date) -> dict[int | None, dict[int, int]]:
    """By maker (None: nobody is named): what of each lot waits to be bought with effect on that day, less what drafts already speak of."""
    found: dict[int | None, dict[int, int]] = {}
    spoken_for = _in_drafts(store, programme, product)
    for lot_id, maker, quantity in _unbought(store, programme, product, on):
        if (left := quantity - spoken_for.get(lot_id, 0)) > 0:
            found.setdefault(maker, {})[lot_id] = left
    return found


def _unbought(store: Store, programme: Programme, product: Product, on: dt.date) -> Iterator[tuple[int, int | None, int]]:
    balances = StockBalance.objects.filter(
        store=store, account=Account.NOT_BOUGHT, quantity__gt=0, lot__programme=programme, lot__product=product
    )
    rows = list(balances.order_by("lot__made_on", "lot_id").values_list("lot", "lot__line__participant", "quantity"))
    least = ledger.least_from([(lot_id, store.pk, str(Account.NOT_BOUGHT)) for lot_id, _maker, _quantity in rows], on)
    for lot_id, maker, quantity in rows:
        yield lot_id, maker, min(quantity, least[lot_id, store.pk, str(Account.NOT_BOUGHT)])


def _in_drafts(store: Store, programme: Programme, product: Product) -> dict[int, int]:
    found: dict[int, int] = {}
    drafts = Purchase.objects.drafts().filter(store=store, programme=programme, product=product)
    for lot_id, quantity in drafts.values_list("lines__lot", "lines__quantity"):
        found[lot_id] = found.get(lot_id, 0) + (quantity or 0)
    return found


def _plan(lots: Mapping[int, int], seller: Participant, product: Product, quantity: int) -> list[ledger.Draw]:
    """Oldest lots first."""
    there = sum(lots.values())
    if quantity > there:
        raise Refusal(
            _("%(maker)s: %(there)s %(unit)s wait to be bought, not %(quantity)s.")
            % {"maker": seller, "there": jumlah(there), "unit": product.unit, "quantity": jumlah(quantity)},
            field=maker_field(seller.pk),
        )
    return ledger.plan(dict(lots), quantity)


def maker_field(pk: int) -> str:
    """The form field in which a maker's quantity is typed."""
    return f"maker-{pk}"


def _enter(
    store: Store, by: Any, seller: Participant, price: PurchasePrice, quantity: int, draws: Sequence[ledger.Draw], facts: Mapping[str, Any]
) -> Purchase:
    purchase = records.create(
        Purchase,
        by=by,
        store=store,
        programme=price.programme,
        product=price.product,
        seller=seller,
        quantity=quantity,
        unit_price=price.price,
        amount=quantity * price.price,
        office=facts["signer"].office,
        **facts,
    )
    for draw in draws:
        purchase.lines.create(lot_id=draw.lot_id, quantity=draw.quantity)
    return purchase


def _refuse_wrong_facts(store: Store, facts: Mapping[str, Any], *, by: Any) -> PurchasePrice:
    programme, on = facts["programme"], facts["purchased_on"]
    require_open(programme)
    if not programme.requires_purchase:
        raise Refusal(_("This programme does not buy goods back."))
    refuse_wrong_date(on, facts.get("backdating_reason", ""), "purchased_on")
    refuse_wrong_signer(facts["signer"], store, on, by=by)
    agreement = facts["agreement"]
    if agreement.programme_id != programme.pk:
        raise Refusal(_("This agreement is of another programme."), field="agreement")
    if agreement.agreed_on > on:
        raise Refusal(_("The agreement is later than the purchase."), field="agreement")
    price = price_on(programme, facts["product"], on)
    if price is None:
        raise Refusal(
            _("No price of %(product)s holds on %(date)s. Record it first.") % {"product": facts["product"], "date": tanggal_layar(on)}
        )
    return price


def _refuse_unless_draft(purchase: Purchase) -> None:
    if not purchase.is_draft:
        raise Refusal(_("An approved purchase cannot be changed. Use a cancellation."))


def _refuse_if_on_a_list(purchase: Purchase) -> None:
    """Money follows the purchase: first the list is cancelled, then what it pays for."""
    payment = purchase.payment
    if payment is None:
        return
    if payment.paid_on is not None:
        raise Refusal(_("This purchase was paid on %(date)s and cannot be cancelled.") % {"date": tanggal_layar(payment.paid_on)})
    raise Refusal(
        _("This purchase is on a payment list (%(list)s, %(status)s). Cancel the list first.")
        % {"list": payment, "status": payment.get_status_display()}
    )


def _post(purchase: Purchase, moves: Sequence[ledger.Move], kind: StockMovement.Kind, on: dt.date) -> None:
    try:
        with transaction.atomic():
            ledger.post(moves, kind=kind, effective_on=on, source=purchase, description=str(purchase.seller))
    except ledger.NotEnough:
        raise Refusal(_("Some of these pieces are no longer there: they were bought, handed over or moved since.")) from None


def _is_used(price: PurchasePrice) -> bool:
    bought = Purchase.objects.filter(programme=price.programme, product=price.product, unit_price=price.price)
    return bought.exclude(status=Status.CANCELLED).exists()


def _refuse_overlap(price: PurchasePrice) -> None:
    others = PurchasePrice.objects.filter(programme=price.programme, product=price.product).exclude(pk=price.pk)
    if price.valid_until:
        others = others.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=price.valid_until))
    if price.valid_from:
        others = others.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=price.valid_from))
    if others.exists():
        raise Refusal(_("Another price of this product holds on some of these days. Give it an end first."), field="valid_from")

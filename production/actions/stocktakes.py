"""Stocktakes: drafted by one person, issued by another. Issuing brings the ledger to the count, within what was ever verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action, in_row
from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.states import advance
from production import gates, ledger, snapshots
from production.actions.inspections import Member
from production.actions.papers import refuse_lone_cancellation, refuse_wrong_cancellation, refuse_wrong_signer, refuse_wrong_team
from production.models import Product, StockBalance, StockMovement, Stocktake, StocktakeDraw, StocktakeLine, Store
from production.stocktaking import Held, books_of, is_found_again, moves_of, ways_of
from trainings import registers
from trainings.actions.rules import PROGRAMME_CLOSED, read_nip, refuse_wrong_date, require_open
from trainings.models import Programme

KIND = "ba-opname"
Status = Stocktake.Status


@dataclass(frozen=True)
class Counted:
    """What lay there of one product of one programme."""

    programme: Programme
    product: Product
    quantity: int
    damaged: int = 0
    remark: str = ""


@action("production.add_stocktake")
def draft_stocktake(store: Store, *, by: Any, counted: Sequence[Counted], members: Sequence[Member], **facts: Any) -> Stocktake:
    """A draft of what was counted in a store; what the books say of it is written beside it."""
    facts["office"] = facts["signer"].office
    _refuse_wrong_facts(store, facts, members, by=by)
    books = books_of(store, facts["counted_on"])
    _refuse_wrong_parts(counted, books)
    _refuse_counted_later(store, facts["counted_on"], {(one.programme.pk, one.product.pk) for one in counted})
    stocktake = records.create(Stocktake, by=by, store=store, edited_by=by, **facts)
    _write_parts(stocktake, counted, members, books)
    audit.record("lines_changed", stocktake, by=by, after={name: part for name, part in _in_words(stocktake).items() if part})
    return stocktake


@action("production.change_stocktake")
def edit_stocktake(
    stocktake: Stocktake, *, by: Any, version: int, counted: Sequence[Counted], members: Sequence[Member], **facts: Any
) -> Stocktake:
    """Change a draft. The books beside the count are those of this moment."""
    _refuse_unless_draft(stocktake)
    if "signer" in facts:
        facts["office"] = facts["signer"].office
    together = {**_facts(stocktake), **facts}
    _refuse_wrong_facts(stocktake.store, together, members, by=by)
    books = books_of(stocktake.store, together["counted_on"])
    _refuse_wrong_parts(counted, books)
    _refuse_counted_later(stocktake.store, together["counted_on"], {(one.programme.pk, one.product.pk) for one in counted})
    before = _in_words(stocktake)
    records.update(stocktake, by=by, version=version, **facts)
    records.claim(stocktake, edited_by=by)  # also when only the parts changed
    stocktake.edited_by = by
    stocktake.lines.all().delete()
    stocktake.members.all().delete()
    _write_parts(stocktake, counted, members, books)
    after = _in_words(stocktake)
    if changed := [name for name in after if after[name] != before[name]]:
        said: dict[str, Any] = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
        audit.record("lines_changed", stocktake, by=by, **said)
    return stocktake


@action("production.change_stocktake")
def discard_stocktake(stocktake: Stocktake, *, by: Any, version: int) -> None:
    """Throw a draft away; it never had a number."""
    _refuse_unless_draft(stocktake)
    records.claim(stocktake, version=version)  # who issues or edits it at the same moment comes before or after us
    audit.record("discarded", stocktake, by=by, before=_in_words(stocktake))
    stocktake.delete()


@action("production.issue_stocktake")
def issue_stocktake(stocktake: Stocktake, *, by: Any, version: int) -> Stocktake:
    """Draf -> Diterbitkan: what is missing is written off, what is found again comes back, what is damaged is held."""
    records.lock(stocktake, version=version)
    _refuse_unless_draft(stocktake)
    if stocktake.is_drafted_by(by):
        raise Refusal(_("Nobody issues a document they drafted themselves."))
    _refuse_wrong_facts(stocktake.store, _facts(stocktake), list(stocktake.members.all()), by=by)
    _hold_still(stocktake.store)
    _refuse_what_came_between(stocktake)
    _draw(stocktake)
    document = registers.issue_document(
        stocktake.office,
        KIND,
        subject=stocktake,
        on=stocktake.counted_on,
        by=by,
        content=lambda issue: snapshots.of_stocktake(stocktake, issue),
        regions=[stocktake.store.region, *(draw.lot.region for draw in _draws(stocktake).select_related("lot__region"))],
    )
    issued = {"issued_at": timezone.now(), "issued_by": by, "document": document}
    return advance(stocktake, Status.ISSUED, by=by, reason=stocktake.backdating_reason, **issued)


@action("production.issue_stocktake")
def cancel_stocktake(stocktake: Stocktake, *, by: Any, version: int, reason: str, cancelled_on: dt.date | None = None) -> Stocktake:
    """Diterbitkan -> Dibatalkan: every piece goes back to where the books had it, or nothing does."""
    records.lock(stocktake, version=version)
    day = cancelled_on or timezone.localdate()
    refuse_wrong_cancellation(stocktake.counted_on, day, reason)
    refuse_lone_cancellation(stocktake.issued_by_id, "issue_stocktake", stocktake.store.region, by=by)
    _hold_still(stocktake.store)
    if is_found_again(stocktake):
        raise Refusal(_("A later stocktake found some of these pieces again. Cancel that one first."))
    said = {"cancelled_on": day, "cancelled_by": by, "cancelled_reason": reason.strip()}
    advance(stocktake, Status.CANCELLED, by=by, reason=reason, **said)
    _post(stocktake, gates.reversed_moves(_moves(stocktake)), StockMovement.Kind.CANCELLATION, day)
    return stocktake


def obstacles(stocktake: Stocktake) -> list[str]:
    """What would refuse issuing it now, in words."""
    try:
        refuse_wrong_team(list(stocktake.members.all()), stocktake.signer)
        _refuse_what_came_between(stocktake)
        for line in _lines(stocktake):
            ways_of(line)
    except Refusal as refusal:
        return [str(refusal)]
    return []


def line_field(programme_id: int, product_id: int) -> str:
    """The form field in which a product's count is typed."""
    return f"counted-{programme_id}-{product_id}"


def _facts(stocktake: Stocktake) -> dict[str, Any]:
    return {name: getattr(stocktake, name) for name in model_to_dict(stocktake, exclude=["id", "store"])}


def _lines(stocktake: Stocktake) -> list[StocktakeLine]:
    lines = list(stocktake.lines.select_related("programme", "product").order_by("pk"))
    for line in lines:
        line.stocktake = stocktake
    return lines


def _draws(stocktake: Stocktake) -> Any:
    return StocktakeDraw.objects.filter(line__stocktake=stocktake)


def _hold_still(store: Store) -> None:
    """Whoever takes from the store at the same moment comes before this count or after it."""
    list(StockBalance.objects.filter(store=store).order_by("pk").select_for_update().values_list("pk", flat=True))


def _draw(stocktake: Stocktake) -> None:
    for line in _lines(stocktake):
        for way in ways_of(line):
            line.draws.create(lot_id=way.lot_id, origin=way.origin, goal=way.goal, quantity=way.quantity)
    _post(stocktake, _moves(stocktake), StockMovement.Kind.STOCKTAKE, stocktake.counted_on)


def _moves(stocktake: Stocktake) -> list[ledger.Move]:
    draws = [draw for line in stocktake.lines.prefetch_related("draws").order_by("pk") for draw in line.draws.all()]
    return list(moves_of(stocktake, sorted(draws, key=lambda draw: (draw.lot_id, draw.pk))))


def _post(stocktake: Stocktake, moves: Sequence[ledger.Move], kind: StockMovement.Kind, on: dt.date) -> None:
    if not moves:
        return
    try:
        with transaction.atomic():
            ledger.post(moves, kind=kind, effective_on=on, source=stocktake, description=str(stocktake))
    except ledger.NotEnough:
        raise Refusal(_("Some of these pieces are no longer where they were: they were handed over, moved or bought since.")) from None


def _refuse_unless_draft(stocktake: Stocktake) -> None:
    if not stocktake.is_draft:
        raise Refusal(_("An issued document cannot be changed. Use a cancellation."))


def _refuse_wrong_facts(store: Store, facts: Mapping[str, Any], members: Sequence[Any], *, by: Any) -> None:
    refuse_wrong_date(facts["counted_on"], facts.get("backdating_reason", ""), "counted_on")
    refuse_wrong_signer(facts["signer"], store, facts["counted_on"], by=by)
    refuse_wrong_team(members, facts["signer"])


def _refuse_wrong_parts(counted: Sequence[Counted], books: Mapping[tuple[int, int], Held]) -> None:
    if not counted:
        raise Refusal(_("Fill in the count of at least one product."))
    for refusal in refusals_of(counted, books):
        raise refusal


def refusals_of(counted: Sequence[Counted], books: Mapping[tuple[int, int], Held]) -> Iterator[Refusal]:
    """What is wrong with the counts, each at its cell: the form tells all of it at once."""
    for one in counted:
        key = (one.programme.pk, one.product.pk)
        field = line_field(*key)
        if key not in books:
            yield Refusal(_("This product never lay in this store. Report it as output first."), field=field)
            continue
        is_different = one.quantity != books[key].quantity
        if one.damaged > one.quantity:
            yield Refusal(_("No more can be damaged than was counted."), field=field)
        if (one.damaged or is_different) and not one.programme.is_open:
            yield Refusal(PROGRAMME_CLOSED, field=field)
        if is_different and not one.remark.strip():
            words = _("%(product)s: the books say %(book)s %(unit)s, counted were %(counted)s. Explain the difference.")
            said = {"product": one.product, "book": jumlah(books[key].quantity), "unit": one.product.unit, "counted": jumlah(one.quantity)}
            yield Refusal(words % said, field=field)


def _refuse_counted_later(store: Store, on: dt.date, goods: set[tuple[int, int]]) -> None:
    """A count before one that was issued would miss the same pieces twice, or find twice what was missed."""
    later = StocktakeLine.objects.filter(stocktake__in=Stocktake.objects.issued().filter(store=store, counted_on__gt=on))
    for line in later.select_related("product", "stocktake").order_by("-stocktake__counted_on"):
        if (line.programme_id, line.product_id) in goods:
            words = _("%(product)s was counted on %(date)s already. Count it on that day or later.")
            raise Refusal(words % {"product": line.product, "date": tanggal_layar(line.stocktake.counted_on)}, field="counted_on")


def _refuse_what_came_between(stocktake: Stocktake) -> None:
    """Between the draft and now: another count, goods that moved, a programme that was closed."""
    lines = _lines(stocktake)
    _refuse_counted_later(stocktake.store, stocktake.counted_on, {(line.programme_id, line.product_id) for line in lines})
    for line in lines:
        if line.difference or line.damaged:
            require_open(line.programme)
    _refuse_other_books(stocktake)


def _refuse_other_books(stocktake: Stocktake) -> None:
    """The difference that was explained is the one that is booked."""
    books = books_of(stocktake.store, stocktake.counted_on)
    for line in _lines(stocktake):
        now = books[line.programme_id, line.product_id].quantity
        if now != line.book:
            raise Refusal(
                _("%(product)s: the books said %(then)s %(unit)s when the count was written and say %(now)s now. Edit the draft.")
                % {"product": line.product, "then": jumlah(line.book), "unit": line.product.unit, "now": jumlah(now)}
            )


def _write_parts(
    stocktake: Stocktake, counted: Sequence[Counted], members: Sequence[Member], books: Mapping[tuple[int, int], Held]
) -> None:
    for one in counted:
        stocktake.lines.create(
            programme=one.programme,
            product=one.product,
            book=books[one.programme.pk, one.product.pk].quantity,
            counted=one.quantity,
            damaged=one.damaged,
            remark=one.remark.strip(),
        )
    for place, member in enumerate(members):
        nip = read_nip(member.nip, field=in_row("members", place, "nip")) if member.nip else ""
        stocktake.members.create(name=member.name, position=member.position, nip=nip)


def _in_words(stocktake: Stocktake) -> dict[str, list[str]]:
    lines = stocktake.lines.select_related("product").order_by("pk")
    return {
        "lines": [f"{line} ({jumlah(line.book)}; {jumlah(line.damaged)}) {line.remark}".strip() for line in lines],
        "members": [str(member) for member in stocktake.members.order_by("pk")],
    }

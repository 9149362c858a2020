"""Stock as one store keeps it: where the pieces of a product are, and its card (kartu stok)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Min, Q, Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah
from ikm_program.reporting import Column, Report
from production.models import IN_STORE, Account, Lot, Product, StockMovement, Store
from trainings.models import Programme

Source = tuple[str, int]  # model label and primary key


def balances(rows: Any) -> Any:
    """Of balance rows, one row per store and product: how many pieces are in each account, and how many can be handed out."""
    in_account = {account.name.lower(): Sum("quantity", filter=Q(account=account), default=0) for account in Account}
    in_account["available"] = in_account.pop("stock")
    return (
        rows.order_by()
        .values(
            store_id_=F("store"),
            store_name=F("store__name"),
            region_name=F("store__region__short_name"),
            region_code=F("store__region__kemendagri_code"),
            product_id_=F("lot__product"),
            product_name=F("lot__product__name"),
            unit=F("lot__product__unit"),
        )
        .annotate(**in_account, stock=Sum("quantity", filter=Q(account__in=IN_STORE), default=0))
    )


def stock_card(
    store: Store,
    product: Product,
    user: Any,
    *,
    lot: Lot | None = None,
    programme: Programme | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Report:
    """The card: what came in, what went out, and what was left after each, in the order in which it happened."""
    chosen = {name: value for name, value in (("lot", lot), ("lot__programme", programme)) if value is not None}
    movements = StockMovement.objects.for_user(user).filter(store=store, account__in=IN_STORE, lot__product=product, **chosen)
    opening = movements.filter(effective_on__lt=since).aggregate(sum=Sum("quantity"))["sum"] or 0 if since else 0
    rows = _rows(_postings(movements, since, until), opening)
    documents = _documents({row["source"] for row in rows}, user)
    for row in rows:
        document: Any = documents.get(row.pop("source"))  # None: a record of another office
        row["document"] = getattr(document, "number", "") or str(document or "")
        row["document_url"] = document.get_absolute_url() if hasattr(document, "get_absolute_url") else ""
    if since:
        rows.insert(0, {"description": str(_("Balance brought forward")), "balance": opening, "effective_on": since})
    return Report(
        title=format_lazy(_("Stock card: {product}"), product=product.name),
        subtitle=f"{store} · {lot}" if lot else str(store),
        columns=[
            Column(key="number", label=_("No."), kind="integer"),
            Column(key="effective_on", label=_("Date"), kind="date", width=2),
            Column(key="document", label=_("Document number"), width=3),
            Column(key="description", label=_("Description"), width=4),
            Column(key="incoming", label=_("In"), kind="integer", unit=product.unit, width=2),
            Column(key="outgoing", label=_("Out"), kind="integer", unit=product.unit, width=2),
            Column(key="balance", label=_("Balance"), kind="integer", unit=product.unit, width=2),
        ],
        rows=rows,
        totals=[_total(rows, opening)] if rows else [],
        as_of=until,
        notes=list(_notes(rows, store, product, user)),
    )


def _postings(movements: Any, since: dt.date | None, until: dt.date | None) -> Any:
    """A posting is one line of the card, however many lots it touched; what only passed a gate never left the store."""
    if since:
        movements = movements.filter(effective_on__gte=since)
    if until:
        movements = movements.filter(effective_on__lte=until)
    grouped = movements.order_by().values("posting", "kind", "effective_on", "source_model", "source_id", "description")
    return grouped.annotate(moved=Sum("quantity"), first=Min("pk")).exclude(moved=0).order_by("effective_on", "first")


def _rows(postings: Any, opening: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    balance = opening
    kinds = dict(StockMovement.Kind.choices)
    for posting in postings:
        moved = posting["moved"]
        balance += moved
        kind = str(kinds[posting["kind"]])
        rows.append(
            {
                "number": len(rows) + 1,
                "effective_on": posting["effective_on"],
                "description": _described(kind, posting["description"]),
                "incoming": moved if moved > 0 else "",
                "outgoing": -moved if moved < 0 else "",
                "balance": balance,
                "is_cancellation": posting["kind"] == StockMovement.Kind.CANCELLATION,
                "source": (posting["source_model"], posting["source_id"]),
            }
        )
    return rows


def _described(kind: str, what: str) -> str:
    """What happened, and with what: a stocktake is not said twice."""
    return what if what.casefold().startswith(kind.casefold()) else f"{kind}: {what}" if what else kind


def _notes(rows: Sequence[dict[str, Any]], store: Store, product: Product, user: Any) -> Iterator[str]:
    """A card leaves nothing out: what was cancelled stands on it as it went and as it came back."""
    cancelled = [row.pop("is_cancellation") and (row["incoming"] or row["outgoing"]) for row in rows if "is_cancellation" in row]
    if any(cancelled):
        said = _("What was cancelled stands on the card twice, as it went and as it came back: %(count)s %(unit)s.")
        yield said % {"count": jumlah(sum(cancelled)), "unit": product.unit}
    if _is_partial(store, user):
        yield gettext("Only pieces made in your own district are shown.")


def _total(rows: Sequence[Mapping[str, Any]], opening: int) -> dict[str, Any]:
    incoming = sum(row.get("incoming") or 0 for row in rows)
    outgoing = sum(row.get("outgoing") or 0 for row in rows)
    return {"description": str(_("Total")), "incoming": incoming, "outgoing": outgoing, "balance": opening + incoming - outgoing}


def _documents(sources: set[Source], user: Any) -> dict[Source, models.Model]:
    """The records that moved the stock, as far as this person may see them. Their models lie above this app: found by their label."""
    by_model: dict[str, set[int]] = {}
    for label, pk in sources:
        by_model.setdefault(label, set()).add(pk)
    found: dict[Source, models.Model] = {}
    for label, pks in by_model.items():
        rows: Any = apps.get_model(label)._default_manager.for_user(user)
        rows = rows.with_names() if hasattr(rows, "with_names") else rows
        found |= {(label, row.pk): row for row in rows.filter(pk__in=pks)}
    return found


def _is_partial(store: Store, user: Any) -> bool:
    """In a store of another region a person sees only what came from the own one."""
    return not user.region.covers(store.region)

"""Materials as reports: the accounts with their totals, by maker, batch, district or programme; and the card of one holder."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Min, Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.reporting import Column, Report
from production.material_account import Account, Owner, accounts_of, owner_of
from production.models import (
    Material,
    MaterialAccount,
    MaterialHandover,
    MaterialHolder,
    MaterialMovement,
    MaterialReceipt,
    MaterialWriteOff,
)
from trainings.models import Enrolment, Programme, Region


class Level(models.TextChoices):
    MAKER = "pembuat", _("Maker")
    BATCH = "angkatan", _("Batch")
    DISTRICT = "wilayah", _("Kabupaten/kota")
    PROGRAMME = "program", _("Programme")


FIGURES = ("given", "norm_use", "returned", "in_transit", "scrap", "written_off", "difference", "explained", "unexplained")
SEVERAL = _("several batches")
NONE = _("without a batch")


def accounts_report(
    user: Any,
    *,
    programme: Programme | None,
    material: Material | None = None,
    region: Region | None = None,
    level: str = Level.MAKER,
    as_of: dt.date | None = None,
) -> Report:
    """What was given, what the verified goods take, what came back, and what is left to explain; a closing row a material."""
    accounts = chosen_accounts(user, programme=programme, material=material, region=region, as_of=as_of)
    rows = [_of_account(account) for account in accounts] if level == Level.MAKER else _grouped(accounts, level)
    return Report(
        title=_("Account of materials"),
        subtitle=str(programme or _("Every programme")),
        columns=_columns(level, rows),
        as_of=as_of,
        rows=rows,
        totals=[_sum_of(group, {"name": _("Total")}) for group in _by(accounts, lambda account: account.material.pk).values()],
        notes=[
            _("By norm: what the verified output takes. Difference: given, less by norm, back, on its way back, scrap and written off."),
            _("Output counts where the material went: at the maker that got it, else at the batch that did."),
        ],
    )


def chosen_accounts(
    user: Any, *, programme: Programme | None, material: Material | None, region: Region | None, as_of: dt.date | None
) -> list[Account]:
    accounts = accounts_of(
        user,
        programmes=None if programme is None else [programme],
        materials=None if material is None else [material],
        as_of=as_of,
    )
    return accounts if region is None else [account for account in accounts if account.holder.region_id == region.pk]


SELDOM = ("in_transit", "scrap", "written_off", "explained")  # a column only where something stands in it


FIGURE_COLUMNS = {
    column.key: column
    for column in (
        Column(key="given", label=_("Given"), kind="decimal", width=2),
        Column(key="norm_use", label=_("By norm"), kind="decimal", width=2, unknown=_("not known")),
        Column(key="returned", label=_("Came back"), kind="decimal", width=2),
        Column(key="in_transit", label=_("On its way back"), kind="decimal", width=2),
        Column(key="scrap", label=_("Scrap"), kind="decimal", width=2),
        Column(key="written_off", label=_("Written off"), kind="decimal", width=2),
        Column(key="difference", label=_("Difference"), kind="decimal", width=2, unknown=""),
        Column(key="explained", label=_("Explained"), kind="decimal", width=2),
        Column(key="unexplained", label=_("Left to explain"), kind="decimal", width=2, unknown=""),
    )
}


def _columns(level: str, rows: Sequence[dict[str, Any]]) -> list[Column]:
    names = [Column(key="name", label=Level(level).label, width=5)]
    if level == Level.MAKER:
        names.append(Column(key="standing", label=_("Status"), width=3, is_state=True))
        if len({row["district"] for row in rows}) > 1:
            names.append(Column(key="district", label=_("Kabupaten/kota"), width=3))
    names.append(Column(key="material", label=_("Material"), width=3))
    shown = [column for column in FIGURE_COLUMNS.values() if column.key not in SELDOM or any(row[column.key] for row in rows)]
    if not any(row["explained"] for row in rows):  # it would say the same twice
        shown = [column for column in shown if column.key != "difference"]
    return [*names, *shown]


def _of_account(account: Account) -> dict[str, Any]:
    found = _sum_of([account], {"name": str(account.holder), "district": account.holder.region.short_name})
    address = {"programme": account.programme.pk, "material": account.material.pk, "holder": account.holder.pk}
    return found | {"standing": account.standing.label, "address": address}


def _sum_of(accounts: Sequence[Account], names: dict[str, Any]) -> dict[str, Any]:
    """Figures in the unit of papers. As soon as one norm is not known, the sum is not known."""
    material = accounts[0].material
    found: dict[str, Any] = {**names, "material": f"{material.name} ({material.unit})", "material_id": material.pk}
    for name in FIGURES:
        parts = [getattr(account, name) for account in accounts]
        found[name] = None if None in parts else _units(material, sum(parts))
    return found


def _units(material: Material, quantity: int) -> Decimal:
    return material.in_units(quantity)


def _by(accounts: Iterable[Account], key: Any) -> dict[Any, list[Account]]:
    found: dict[Any, list[Account]] = defaultdict(list)
    for account in accounts:
        found[key(account)].append(account)
    return found


def _grouped(accounts: list[Account], level: str) -> list[dict[str, Any]]:
    return [_sum_of(group, {"name": name, "group": key}) for (_material, key, name), group in groups_of(accounts, level).items()]


def groups_of(accounts: list[Account], level: str) -> dict[tuple[int, str, str], list[Account]]:
    """By material, and by key and name of the batch, district or programme; in reading order."""
    names = {Level.BATCH: _batch_names(accounts)}.get(Level(level), {})

    def named(account: Account) -> tuple[str, str]:
        if level == Level.DISTRICT:
            return account.holder.region.kemendagri_code or "", account.holder.region.name
        if level == Level.PROGRAMME:
            return str(account.programme.pk), str(account.programme)
        name = names.get((account.programme.pk, owner_of(account.holder)), str(NONE))
        return name, name

    groups = _by(accounts, lambda account: (account.material.name, account.material.pk, *named(account)))
    return {key[1:]: group for key, group in sorted(groups.items(), key=lambda item: tuple(map(str, item[0])))}


def _batch_names(accounts: list[Account]) -> dict[tuple[int, Owner], str]:
    """The batch of every account: its own, or the one that the maker takes part in."""
    found: dict[tuple[int, Owner], set[str]] = defaultdict(set)
    people: dict[Owner, list[int]] = defaultdict(list)
    for account in accounts:
        for holder in account.holders:
            if holder.batch:
                found[account.programme.pk, owner_of(holder)].add(str(holder.batch))
            people[owner_of(holder)].append(account.programme.pk)
    enrolled = Enrolment.objects.active().filter(activity__programme__in={account.programme.pk for account in accounts})
    businesses = [pk for kind, pk in people if kind == "enterprise"]
    persons = [pk for kind, pk in people if kind == "participant"]
    within = models.Q(participant__enterprise__in=businesses) | models.Q(participant__in=persons)
    for enrolment in enrolled.filter(within).select_related("batch__activity__programme", "batch__region", "participant"):
        programme = enrolment.batch.activity.programme_id
        for owner in (("enterprise", enrolment.participant.enterprise_id or 0), ("participant", enrolment.participant_id)):
            if owner in people:
                found[programme, owner].add(str(enrolment.batch))
    return {key: next(iter(names)) if len(names) == 1 else str(SEVERAL) for key, names in found.items()}


# --- the card of one holder


def card(holder: MaterialHolder, material: Material, programme: Programme) -> Report:
    """What came to a holder, what left, and what was on hand after each, in the order in which it happened."""
    moved = MaterialMovement.objects.filter(holder=holder, material=material, programme=programme, account=MaterialAccount.ON_HAND)
    names = ("posting", "kind", "effective_on", "receipt", "handover", "write_off")
    postings = moved.order_by().values(*names).annotate(moved=Sum("quantity"), first=Min("pk")).order_by("effective_on", "first")
    sources = _sources(postings)
    kinds, balance = dict(MaterialMovement.Kind.choices), 0
    rows: list[dict[str, Any]] = []
    for posting in postings:
        balance += posting["moved"]
        source = sources[_source_key(posting)]
        rows.append(
            {
                "number": len(rows) + 1,
                "effective_on": posting["effective_on"],
                "kind": kinds[posting["kind"]],
                "document": str(source),
                "document_url": source.get_absolute_url(),
                "incoming": _units(material, posting["moved"]) if posting["moved"] > 0 else "",
                "outgoing": _units(material, -posting["moved"]) if posting["moved"] < 0 else "",
                "balance": _units(material, balance),
            }
        )
    return Report(
        title=format_lazy(_("Material card: {material}"), material=material.name),
        subtitle=f"{holder} · {programme}",
        columns=[
            Column(key="number", label=_("No."), kind="integer"),
            Column(key="effective_on", label=_("Date"), kind="date", width=2),
            Column(key="kind", label=_("What happened"), width=2),
            Column(key="document", label=_("Document"), width=5),
            Column(key="incoming", label=_("In"), kind="decimal", unit=material.unit, width=2),
            Column(key="outgoing", label=_("Out"), kind="decimal", unit=material.unit, width=2),
            Column(key="balance", label=_("On hand"), kind="decimal", unit=material.unit, width=2),
        ],
        rows=rows,
    )


def _source_key(posting: dict[str, Any]) -> tuple[str, int]:
    return next((name, posting[name]) for name in ("receipt", "handover", "write_off") if posting[name])


def _sources(postings: Iterable[dict[str, Any]]) -> dict[tuple[str, int], Any]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for posting in postings:
        name, pk = _source_key(posting)
        wanted[name].add(pk)
    found: dict[tuple[str, int], Any] = {}
    kinds: tuple[tuple[str, Any], ...] = (
        ("receipt", MaterialReceipt.objects.all()),
        ("handover", MaterialHandover.objects.all().with_names()),
        ("write_off", MaterialWriteOff.objects.select_related("material")),
    )
    for name, rows in kinds:
        if wanted[name]:
            found |= {(name, pk): row for pk, row in rows.in_bulk(wanted[name]).items()}
    return found

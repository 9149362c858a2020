"""The records behind a figure of the accounts of materials: the papers that moved it, the output it went into, or the accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.figure_records import RECORD, Contribution, records_report
from ikm_program.formatting import jumlah
from ikm_program.reporting import Report
from production.material_account import Account
from production.material_reports import FIGURE_COLUMNS, chosen_accounts, groups_of
from production.models import Material, MaterialAccount, MaterialExplanation, MaterialHandover, MaterialMovement
from trainings.models import Programme, Region

Lines = list[Contribution]
MOVED: dict[str, tuple[Q, int]] = {  # figure -> which movements of a maker, and their sign
    "given": (Q(handover__kind=MaterialHandover.Kind.GIVING), 1),
    "returned": (Q(handover__kind=MaterialHandover.Kind.RETURN), -1),
    "in_transit": (Q(account=MaterialAccount.TRANSIT), 1),
    "scrap": (Q(account=MaterialAccount.SCRAP), 1),
    "written_off": (Q(account=MaterialAccount.WRITTEN_OFF), 1),
}


def account_records(
    user: Any,
    figure: str,
    *,
    material: Material,
    programme: Programme | None,
    region: Region | None = None,
    level: str = "",
    group: str = "",
    holder: int | None = None,
    as_of: dt.date,
) -> Report:
    """Of one maker (`holder`), of one row of the sheet of a level (`group`), or of all makers."""
    accounts = chosen_accounts(user, programme=programme, material=material, region=region, as_of=as_of)
    if holder is not None:
        accounts = [account for account in accounts if holder in {one.pk for one in account.holders}]
    elif group:
        accounts = next((found for (_pk, key, _name), found in groups_of(accounts, level).items() if key == group), [])
    find: Callable[..., Lines] = {"norm_use": _made, "explained": _explained}.get(figure, _accounts)
    lines = _moved(figure, accounts, as_of) if figure in MOVED else find(figure, accounts, as_of)
    title = f"{FIGURE_COLUMNS[figure].label} · {material.name}"
    who = str(accounts[0].holder) if holder is not None and accounts else group if level != "wilayah" else ""
    subtitle = " · ".join(filter(None, (who, str(region or ""), str(programme or _("Every programme")))))
    what = RECORD if figure in MOVED else _("Explanation") if figure == "explained" else _("Maker")
    return records_report(title, lines, subtitle=subtitle, as_of=as_of, what=what, unit=material.unit, kind="decimal")


def _within(accounts: Sequence[Account]) -> Q:
    """Rows about the holders of these accounts, each of the account's own programme."""
    found = Q(pk__in=[])
    for account in accounts:
        found |= Q(programme=account.programme, material=account.material, holder__in=account.holders)
    return found


def _moved(figure: str, accounts: Sequence[Account], as_of: dt.date) -> Lines:
    which, sign = MOVED[figure]
    names = ("store", "other_store", "batch__activity", "batch__region", "enterprise", "participant", "document")
    moved = MaterialMovement.objects.filter(_within(accounts), which, effective_on__lte=as_of).select_related(
        "material", "receipt", "write_off__material", *(f"handover__{name}" for name in names)
    )
    sums: dict[tuple[Any, int], list[MaterialMovement]] = {}
    for one in moved.defer("handover__document__snapshot", "handover__document__arms").order_by("effective_on", "pk"):
        sums.setdefault((one.source, one.holder_id), []).append(one)
    holders = {holder.pk: holder for account in accounts for holder in account.holders}
    return [
        Contribution(
            record=str(source), quantity=first.material.in_units(total), detail=str(holders[holder]), on=first.effective_on,
            url=source.get_absolute_url(),
        )
        for (source, holder), rows in sums.items()
        if (total := sign * sum(row.quantity for row in rows)) and (first := rows[0])
    ]  # fmt: skip


def _made(_figure: str, accounts: Sequence[Account], _as_of: dt.date) -> Lines:
    """What the verified output of each maker takes."""
    return [
        Contribution(
            record=str(account.holder), quantity=account.material.in_units(made.takes),
            detail=f"{made.product.short_name}: {jumlah(made.quantity)} {made.product.unit} × {account.says(made.norm)}",
            url=_url(account),
        )
        for account in accounts
        for made in account.made
        if made.takes
    ]  # fmt: skip


def _explained(_figure: str, accounts: Sequence[Account], as_of: dt.date) -> Lines:
    rows = MaterialExplanation.objects.filter(_within(accounts), explained_on__lte=as_of).select_related("material")
    pages = {holder.pk: _url(account) for account in accounts for holder in account.holders}
    return [
        Contribution(record=one.reason, quantity=one.material.in_units(one.quantity), on=one.explained_on, url=pages[one.holder_id])
        for one in rows.order_by("explained_on", "pk")
    ]


def _accounts(figure: str, accounts: Sequence[Account], _as_of: dt.date) -> Lines:
    """Each maker's own difference."""
    return [
        Contribution(
            record=str(account.holder), quantity=account.material.in_units(getattr(account, figure)),
            detail=str(account.standing.label), url=_url(account),
        )
        for account in accounts
        if getattr(account, figure)
    ]  # fmt: skip


def _url(account: Account) -> str:
    address = {"programme": account.programme.pk, "material": account.material.pk, "holder": account.holder.pk}
    return reverse("production:material_account", kwargs=address)

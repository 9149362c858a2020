"""The account of a maker: what was given, what the verified output takes by its norm, what came back, and what is left to explain.

Output counts where the material went: at the business or person that got it, else at the batch that did. All accounts of a choice are
computed together, with the same number of queries for one and for many.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from production.models import (
    Material,
    MaterialAccount,
    MaterialExplanation,
    MaterialHandover,
    MaterialHolder,
    MaterialMovement,
    MaterialNorm,
    OutputEntry,
    OutputLine,
    Product,
)
from trainings.models import Programme

Owner = tuple[str, int]  # "batch", "enterprise" or "participant", and its key
Key = tuple[int, int, Owner]  # programme, material, owner


class Standing(models.TextChoices):
    """What the figures of an account say."""

    NORM_UNKNOWN = "norma_belum", _("Norm not known")
    BALANCED = "seimbang", _("Balanced")
    IN_WORK = "dikerjakan", _("Still being worked on")
    DUE = "belum_kembali", _("Left-overs not back yet")
    TO_EXPLAIN = "perlu_dijelaskan", _("To be explained")
    EXPLAINED = "dijelaskan", _("Explained")
    TOO_MUCH = "melebihi", _("More made than the material allows")


TONES = {
    Standing.NORM_UNKNOWN: "muted",
    Standing.BALANCED: "ok",
    Standing.IN_WORK: "info",
    Standing.DUE: "warn",
    Standing.TO_EXPLAIN: "danger",
    Standing.EXPLAINED: "ok",
    Standing.TOO_MUCH: "warn",
}


@dataclass(frozen=True)
class Made:
    """So many verified units of a product, and the norm that holds for them (None: not known)."""

    product: Product
    quantity: int
    norm: int | None

    @property
    def takes(self) -> int | None:
        return None if self.norm is None else self.quantity * self.norm


@dataclass
class Account:
    """One material of one programme with one maker."""

    programme: Programme
    material: Material
    holders: list[MaterialHolder]
    given: int = 0
    returned: int = 0
    in_transit: int = 0
    scrap: int = 0
    used_said: int = 0
    written_off: int = 0
    on_hand: int = 0
    explained: int = 0
    due_on: dt.date | None = None
    is_norm_known: bool = False
    day: dt.date = field(default_factory=timezone.localdate)  # as of which it stands
    made: list[Made] = field(default_factory=list)

    @property
    def holder(self) -> MaterialHolder:
        """The one whose page shows the account."""
        return self.holders[0]

    @property
    def norm_use(self) -> int | None:
        """What the verified output takes; None as soon as the norm of one product is not known."""
        takes = [made.takes for made in self.made]
        if not self.is_norm_known or None in takes:
            return None
        return sum(part for part in takes if part is not None)

    @property
    def difference(self) -> int | None:
        """Given, and neither in verified goods nor back, scrap or written off. Below nothing: more was made than it allows."""
        if self.norm_use is None:
            return None
        return self.given - self.norm_use - self.returned - self.in_transit - self.scrap - self.written_off

    @property
    def unexplained(self) -> int | None:
        return None if self.difference is None else self.difference - self.explained

    @property
    def is_settled(self) -> bool:
        """Something came back or was said to be used: what is missing then is no longer in work."""
        return bool(self.returned or self.in_transit or self.scrap or self.used_said)

    @property
    def standing(self) -> Standing:
        if self.unexplained is None:
            return Standing.NORM_UNKNOWN
        if self.unexplained == 0:
            return Standing.EXPLAINED if self.explained else Standing.BALANCED
        if self.unexplained < 0:
            return Standing.TOO_MUCH
        if self.is_settled:
            return Standing.TO_EXPLAIN
        is_due = self.due_on is not None and self.due_on < self.day
        return Standing.DUE if is_due else Standing.IN_WORK

    @property
    def tone(self) -> str:
        return TONES[self.standing]

    def says(self, quantity: int | None) -> str:
        return "" if quantity is None else self.material.said(quantity)


def owner_of(holder: MaterialHolder) -> Owner:
    """A person's material counts with the business the person belongs to."""
    business = holder.participant.enterprise_id if holder.participant else None
    return owner_named(holder.batch_id, holder.enterprise_id, holder.participant_id, business)


OWNER_COLUMNS = ("holder__batch", "holder__enterprise", "holder__participant", "holder__participant__enterprise")


def owner_named(batch: int | None, enterprise: int | None, participant: int | None, business: int | None) -> Owner:
    """The same of the columns of a holder (OWNER_COLUMNS)."""
    if enterprise or business:
        return "enterprise", enterprise or business or 0
    return ("participant", participant) if participant else ("batch", batch or 0)


def accounts_of(
    user: Any,
    *,
    programmes: Iterable[Programme] | None = None,
    materials: Iterable[Material] | None = None,
    holders: Any = None,
    as_of: dt.date | None = None,
) -> list[Account]:
    """Every account this person may see, of some programmes, materials or holders; makers in the order of their regions.

    As of a day: what was moved, verified and explained by then.
    """
    day = as_of or timezone.localdate()
    chosen: Any = MaterialHolder.objects.for_user(user).makers() if holders is None else holders
    moved: Any = MaterialMovement.objects.filter(holder__in=chosen, effective_on__lte=day)
    if programmes is not None:
        moved = moved.filter(programme__in=programmes)
    if materials is not None:
        moved = moved.filter(material__in=materials)
    accounts = _with_quantities(moved, programmes or (), materials or ())
    for account in accounts.values():
        account.day = day
    _add_explanations(accounts, day)
    add_output(accounts, day)
    return sorted(accounts.values(), key=_order)


def _order(account: Account) -> tuple[Any, ...]:
    region = account.holder.region
    return account.material.name, account.programme.pk, region.kemendagri_code or "", str(account.holder), account.holder.pk


def _with_quantities(moved: Any, programmes_known: Iterable[Programme], materials_known: Iterable[Material]) -> dict[Key, Account]:
    gave, back = Q(handover__kind=MaterialHandover.Kind.GIVING), Q(handover__kind=MaterialHandover.Kind.RETURN)
    live = ~Q(handover__status=MaterialHandover.Status.CANCELLED)
    sums = {
        "given": Sum("quantity", filter=gave, default=0),
        "came_back": Sum("quantity", filter=back, default=0),
        "in_transit": Sum("quantity", filter=Q(account=MaterialAccount.TRANSIT), default=0),
        "scrap": Sum("quantity", filter=Q(account=MaterialAccount.SCRAP), default=0),
        "used_said": Sum("quantity", filter=Q(account=MaterialAccount.USED), default=0),
        "written_off": Sum("quantity", filter=Q(account=MaterialAccount.WRITTEN_OFF), default=0),
        "on_hand": Sum("quantity", filter=Q(account=MaterialAccount.ON_HAND), default=0),
        "due_on": Max("handover__return_due_on", filter=gave & live),
    }
    rows = list(moved.order_by().values("programme", "material", "holder").annotate(**sums))
    holders = MaterialHolder.objects.with_names().in_bulk({row["holder"] for row in rows})
    programmes = _by_key(Programme, programmes_known, {row["programme"] for row in rows})
    materials = _by_key(Material, materials_known, {row["material"] for row in rows})
    accounts: dict[Key, Account] = {}
    for row in sorted(rows, key=lambda row: row["holder"]):
        holder = holders[row["holder"]]
        key = (row["programme"], row["material"], owner_of(holder))
        account = accounts.setdefault(key, Account(programmes[row["programme"]], materials[row["material"]], []))
        account.holders.append(holder)
        account.returned -= row["came_back"]
        for name in ("given", "in_transit", "scrap", "used_said", "written_off", "on_hand"):
            setattr(account, name, getattr(account, name) + row[name])
        account.due_on = max(filter(None, (account.due_on, row["due_on"])), default=None)
    return accounts


def _by_key(model: Any, known: Iterable[Any], wanted: set[int]) -> dict[int, Any]:
    """The records of these keys; those at hand are not asked for again."""
    found = {one.pk: one for one in known}
    return found | model.objects.in_bulk(missing) if (missing := wanted - set(found)) else found


def _add_explanations(accounts: dict[Key, Account], day: dt.date) -> None:
    by_holder = {(key[0], key[1], holder.pk): account for key, account in accounts.items() for holder in account.holders}
    rows = MaterialExplanation.objects.filter(holder__in={pk for _programme, _material, pk in by_holder}, explained_on__lte=day)
    for programme, material, holder, quantity in rows.values_list("programme", "material", "holder", "quantity"):
        if account := by_holder.get((programme, material, holder)):
            account.explained += quantity


# --- output by norm


def norms_of(materials: Iterable[int]) -> dict[tuple[int, int], list[MaterialNorm]]:
    """(material, product) -> its norms."""
    found: dict[tuple[int, int], list[MaterialNorm]] = defaultdict(list)
    for norm in MaterialNorm.objects.filter(material__in=materials).select_related("product"):
        found[norm.material_id, norm.product_id].append(norm)
    return found


def norm_on(norms: Iterable[MaterialNorm], programme_id: int, day: dt.date) -> MaterialNorm | None:
    """The programme's own norm for the day, else the general one."""
    valid = [norm for norm in norms if norm.is_valid_on(day) and norm.programme_id in (None, programme_id)]
    return next((norm for norm in valid if norm.programme_id), valid[0] if valid else None)


def add_output(accounts: dict[Key, Account], day: dt.date) -> None:
    """What was made of it, as far as it is verified by the day, and whether a norm says how much it takes."""
    norms = norms_of({key[1] for key in accounts})
    for (programme, material, _owner), account in accounts.items():
        account.is_norm_known = any(
            norm.quantity is not None and norm.programme_id in (None, programme)
            for (of_material, _product), known in norms.items()
            if of_material == material
            for norm in known
        )
    products = {norm.product_id: norm.product for known in norms.values() for norm in known}
    owners = _owners_of({key[0] for key in accounts}, {key[1] for key in accounts}) if norms else set()
    made: dict[tuple[Key, int, int | None], int] = defaultdict(int)
    for row in verified_output({key[0] for key in accounts}, set(products), day):
        for (material, product), known in norms.items():
            if product != row["product"]:
                continue
            key = who_got_it(owners, row, material)
            norm = norm_on(known, row["programme"], row["made_on"])
            if key in accounts and norm is not None:
                made[key, product, norm.quantity] += row["quantity"]
    for (key, product, quantity), total in sorted(made.items(), key=str):
        if total:
            accounts[key].made.append(Made(products[product], total, quantity))


def _owners_of(programmes: set[int], materials: set[int]) -> set[Key]:
    """Who was given what, in whoever's reach: output is never counted twice."""
    rows = MaterialMovement.objects.filter(programme__in=programmes, material__in=materials, holder__store=None)
    columns = rows.order_by().values_list("programme", "material", *OWNER_COLUMNS).distinct()
    return {(programme, material, owner_named(*owner)) for programme, material, *owner in columns}


def who_got_it(owners: set[Key], row: dict[str, Any], material: int) -> Key | None:
    """Whose material went into it: the maker's own, else the batch's."""
    candidates: list[Owner] = [("enterprise", row["enterprise"]), ("participant", row["participant"]), ("batch", row["batch"])]
    keys = [(row["programme"], material, owner) for owner in candidates]
    return next((key for key in keys if key in owners), None)


def verified_output(programmes: set[int], products: set[int], day: dt.date) -> list[dict[str, Any]]:
    """Output verified by the day, corrections included, by who made it."""
    is_verified = Q(entry__verified_on__isnull=True) | Q(entry__verified_on__lte=day)
    lines = OutputLine.objects.filter(
        is_verified,
        entry__status=OutputEntry.Status.VERIFIED,
        entry__batch__activity__programme__in=programmes,
        entry__product__in=products,
    )
    rows = lines.order_by().values_list(
        "entry__batch__activity__programme", "entry__batch", "entry__product", "entry__made_on", "participant", "participant__enterprise"
    )
    names = ("programme", "batch", "product", "made_on", "participant", "enterprise", "quantity")
    return [dict(zip(names, row, strict=True)) for row in rows.annotate(total=Sum("verified_quantity"))]

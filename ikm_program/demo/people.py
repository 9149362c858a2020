"""Offices, officials and accounts of the demo. Every account's password is the same and printed by `seed_demo --accounts`."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from ikm_program.demo.facts import CODES, EXAMPLE, KNOWN_OFFICIALS, NAMED_UNTIL, OFFICES, PROVINCE
from trainings.actions.offices import create_office, create_official
from trainings.models import Office, Official, Region, User

PASSWORD = "contoh-kalsel-2020"  # noqa: S105  (a demo account's, shown on the sign-in page in demo mode only)
ADMINISTRATOR = "admin.kalsel"

# user name, role, what the person does; district accounts are made for every kabupaten/kota
PROVINCE_ACCOUNTS = (
    (ADMINISTRATOR, "admin_provinsi", "Admin Provinsi"),
    ("staf.kalsel", "staf_provinsi", "Staf Provinsi"),
    ("staf2.kalsel", "staf_provinsi", "Staf Provinsi Kedua"),
    ("pejabat.kalsel", "pejabat_provinsi", "Pejabat Provinsi"),
    ("ppk.kalsel", "ppk", "PPK"),
    ("bendahara.kalsel", "bendahara", "Bendahara"),
    ("pengawas.kalsel", "pengawas", "Pengawas"),
)
DISTRICT_ACCOUNTS = (("petugas", "petugas_kabupaten", "Petugas"), ("pejabat", "pejabat_kabupaten", "Pejabat"))


# Those of the tour, in its order; `seed_demo --accounts` lists all of them.
SHOWN = ("petugas.tala", "pejabat.tala", "staf.kalsel", "pejabat.kalsel", "admin.kalsel", "pengawas.kalsel")


def shown_accounts() -> list[dict[str, str]]:
    """What the sign-in page offers in demo mode: the accounts of the tour that exist."""
    people = {user.username: user for user in User.objects.filter(username__in=SHOWN, is_example=True).prefetch_related("groups")}
    return [{"username": name, "password": PASSWORD, "role": ", ".join(people[name].role_labels)} for name in SHOWN if name in people]


def short(region: Region) -> str:
    """The region's short name as it stands in a user name: "Kab. Banjar" -> "banjar"."""
    return region.short_name.lower().removeprefix("kab. ").replace(" ", "-")


def make_accounts(regions: dict[str, Region]) -> dict[str, User]:
    people = {name: account(name, role, f"{label} ({EXAMPLE})", regions[PROVINCE]) for name, role, label in PROVINCE_ACCOUNTS}
    for code in CODES:
        for prefix, role, label in DISTRICT_ACCOUNTS:
            name = f"{prefix}.{short(regions[code])}"
            people[name] = account(name, role, f"{label} {regions[code].short_name} ({EXAMPLE})", regions[code])
    people["instruktur.tala"] = account("instruktur.tala", "instruktur", f"Instruktur Tala ({EXAMPLE})", regions["63.01"])
    return people


def account(username: str, role: str, full_name: str, region: Region) -> User:
    user = User.objects.create(username=username, password=_hashed(), full_name=full_name, region=region, is_example=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@functools.cache
def _hashed() -> str:
    """Hashing is slow on purpose; the demo's one password is hashed once."""
    return make_password(PASSWORD)


def make_offices(regions: dict[str, Region], *, by: User) -> dict[str, Office]:
    offices = {}
    for code, (name, abbreviation) in OFFICES.items():
        city = {"city": "Banjarbaru"} if code == PROVINCE else {}  # where the province's offices are, beside its capital
        offices[code] = make_office(regions[code], name, abbreviation, by=by, **city)
    return offices


def make_office(region: Region, name: str | None, abbreviation: str, *, by: User, **values: Any) -> Office:
    """An office under the name that the sources give it; without one, an example."""
    office: Office = create_office(
        Office, by=by, region=region, name=name or f"Dinas Perindustrian ({EXAMPLE})", abbreviation=abbreviation,
        government_line=f"PEMERINTAH {region.name.upper()}", is_example=name is None,
        **{"city": region.capital or region.short_name, **values},
    )  # fmt: skip
    return office


def make_officials(offices: dict[str, Office], *, by: User) -> dict[str, Official]:
    """Who signs for each office in 2020: the person the sources name for it, or an example."""
    officials = {}
    for code, office in offices.items():
        known = KNOWN_OFFICIALS.get(code)
        if known is None:
            officials[code] = example_official(office, by=by)
            continue
        officials[code] = create_official(
            Official, by=by, office=office, name=known.name, identity_kind=Official.IdentityKind.NONE,
            position=known.position, valid_until=NAMED_UNTIL,
        )  # fmt: skip
    return officials


def make_successors(officials: dict[str, Official], *, by: User) -> dict[str, Official]:
    """Who signs today: an invented act never bears the name of somebody real."""
    successors = {}
    for code, official in officials.items():
        ended = official.valid_until
        since = {"valid_from": ended + dt.timedelta(days=1)} if ended else {}
        successors[code] = example_official(official.office, by=by, **since) if ended else official
    return successors


def example_official(office: Office, *, by: User, **term: dt.date) -> Official:
    official: Official = create_official(
        Official, by=by, office=office, name=f"Kepala Dinas {office.region.short_name} ({EXAMPLE})",
        identity_kind=Official.IdentityKind.NONE, position=f"Kepala {office.name} {office.region.name}", is_example=True, **term,
    )  # fmt: skip
    return official

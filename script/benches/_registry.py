"""A registry of example enterprises for benches: names as they are found in the districts, each marked CONTOH, no NIK at all."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.db import connections, transaction

from ikm_program import search_index, tallies
from ikm_program.searching import SORT_LENGTH, normalised, search_key

KINDS = (
    "Sasirangan", "Konveksi", "Bordir", "Anyaman Purun", "Kerupuk", "Amplang", "Tahu", "Tempe", "Roti", "Meubel",
    "Batako", "Madu", "Kopi", "Teh Kelor", "Jamu", "Sabun", "Kain", "Songket", "Gula Aren", "Keripik", "Dodol",
    "Pandai Besi", "Genteng", "Abon",
)  # fmt: skip
NAMES = (
    "Mawar", "Melati", "Berkah", "Indah", "Barokah", "Jaya", "Makmur", "Sejahtera", "Mandiri", "Bersama", "Sinar",
    "Cahaya", "Harapan", "Usaha", "Karya", "Mekar", "Lestari", "Banua", "Borneo", "Martapura", "Barito", "Intan",
    "Permata", "Anggrek", "Kenanga",
)  # fmt: skip
PEOPLE = (
    "Aminah", "Rusdiana", "Siti", "Rahmah", "Udin", "Jumiati", "Hasan", "Fatimah", "Syahrani", "Noor", "Hidayat",
    "Mariana", "Idris", "Zainab", "Ahmad", "Rosita", "Bahrudin", "Salmiah", "Yusuf", "Norhayati", "Dahlia", "Gazali",
    "Masniah", "Taufik",
)  # fmt: skip
SYLLABLES = ("ba", "ri", "to", "ka", "ng", "mu", "la", "sa", "pu", "ten", "jar", "hu", "lu", "ban", "ku", "din", "ta", "nah")


def rows(count: int, regions: list[int], *, seed: int = 2020) -> Iterator[dict[str, Any]]:
    """Columns of Enterprise, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  (example data)
    for number in range(count):
        word = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
        name = f"{chance.choice(KINDS)} {chance.choice(NAMES)} {word} CONTOH"
        owner = f"{chance.choice(PEOPLE)} {chance.choice(PEOPLE)}"
        address = f"Jl. {chance.choice(NAMES)} No. {number % 200}"
        product = chance.choice(KINDS)
        yield {
            "region_id": regions[number % len(regions)],
            "name": name,
            "owner_name": owner,
            "main_product": product,
            "address": address,
            "kbli": f"{chance.choice((10, 13, 14, 16, 23, 31))}{number % 1000:03}",
            "workers_male": chance.randrange(0, 30),
            "workers_female": chance.randrange(0, 30),
            "investment": chance.randrange(1, 2_000) * 1_000_000,
            "is_active": number % 9 != 0,
            "is_example": True,
            "sort_name": normalised(name)[:SORT_LENGTH],
            "search_key": search_key(name, (owner, product, address)),
        }


def fill(count: int, *, alias: str = "default") -> Any:
    """Migrate, the regions, the enterprises, and an officer of the province who may see them all."""
    from trainings.models import Enterprise, Region, User

    call_command("migrate", database=alias, verbosity=0)
    call_command("import_regions", verbosity=0)
    connection = connections[alias]
    regions = list(Region.objects.using(alias).filter(path__startswith="/63/").districts().values_list("pk", flat=True))
    search_index.lift(connection, Enterprise)
    with transaction.atomic(using=alias):
        made = rows(count, regions)
        while some := list(itertools.islice(made, 5_000)):
            Enterprise.objects.using(alias).bulk_create([Enterprise(**values) for values in some])
    search_index.install(connection)
    tallies.recount(Enterprise)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    province = Region.objects.using(alias).get(kemendagri_code="63")
    return User.objects.db_manager(alias).create_superuser("bangku", password="hanya-untuk-bangku-uji", region=province)  # noqa: S106

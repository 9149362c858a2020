"""A registry of example enterprises for benches: names as they are found in the districts, each marked CONTOH, no NIK at all."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from ikm_program import search_index, tallies
from ikm_program.searching import SORT_LENGTH, normalised, search_key
from ikm_program.sheets import bulk

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


def fill(count: int, *, outputs: int = 0) -> Any:
    """Migrate, the regions, the enterprises, reports of output, and an officer of the province who may see them all."""
    from trainings.models import Enterprise, Region, User

    call_command("migrate", verbosity=0)
    call_command("import_regions", verbosity=0, stdout=io.StringIO())
    regions = list(Region.objects.filter(path__startswith="/63/").districts().values_list("pk", flat=True))
    search_index.lift(connection, Enterprise)
    with transaction.atomic():
        _insert(Enterprise, rows(count, regions))
    search_index.install(connection)
    tallies.recount(Enterprise)
    province = Region.objects.get(kemendagri_code="63")
    person = User.objects.create_superuser("bangku", password="hanya-untuk-bangku-uji", region=province)  # noqa: S106
    if outputs:
        _fill_outputs(outputs, province, regions, person)
    with connection.cursor() as cursor:
        # What autovacuum does within minutes: until then the trigram index has a list of what is still to be sorted in, and is shunned.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return person


def _insert(model: Any, made: Iterator[dict[str, Any]]) -> None:
    """Past the ORM, whose million objects would be most of the time; the columns that a row does not name are those of a new record."""
    fields, blank = list(model._meta.concrete_fields), model()
    fields = [field for field in fields if not field.primary_key]
    start = {field.attname: timezone.now() if field.name == "created_at" else getattr(blank, field.attname) for field in fields}

    def values() -> Iterator[list[Any]]:
        plain = {field.attname: field.get_db_prep_save(start[field.attname], connection) for field in fields}
        for row in made:
            known = {field.attname: field.get_db_prep_save(row[field.attname], connection) for field in fields if field.attname in row}
            yield list((plain | known).values())

    bulk.insert(model, [str(field.column) for field in fields], values())


def _fill_outputs(count: int, province: Any, regions: list[int], person: Any) -> None:
    """So many reports of one programme, verified by nobody yet, with the movements that its districts reported."""
    from production import day_sums
    from production.models import OutputEntry, Product, ReportMovement
    from tests import factories

    programme = factories.ProgrammeFactory(region=province, code="bangku", name="Program CONTOH")
    activity = factories.ActivityFactory(programme=programme, name="Bimtek CONTOH")
    batches = {region: factories.BatchFactory(activity=activity, region_id=region).pk for region in regions}
    products = [factories.ProductFactory().pk for _ in range(7)]
    first, now = dt.date(2020, 1, 1), timezone.now()

    def entries() -> Iterator[dict[str, Any]]:
        for number in range(count):
            region = regions[number % len(regions)]
            yield {
                "batch_id": batches[region], "region_id": region, "product_id": products[number % len(products)], "good": 1 + number % 50,
                "made_on": first + dt.timedelta(days=number % 1_800), "status": "diajukan", "created_by_id": person.pk,
                "submitted_by_id": person.pk, "submitted_at": now,
            }  # fmt: skip

    assert Product.objects.count() >= len(products)
    with transaction.atomic():
        _insert(OutputEntry, entries())
        entry, movement = OutputEntry._meta.db_table, ReportMovement._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {movement} (entry_id, programme_id, product_id, region_id, reported, pending, verified, rejected,"  # noqa: S608
                f" effective_on, recorded_at) SELECT id, %s, product_id, region_id, good, good, 0, 0, made_on, %s FROM {entry}",
                [programme.pk, now - 2 * day_sums.SETTLES_AFTER],
            )
    tallies.recount(OutputEntry)
    day_sums.add_up()

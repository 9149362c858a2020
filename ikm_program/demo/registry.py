"""A few invented businesses with their whole profile, a sentra, licences, and two records that are one business. All of it says CONTOH."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from ikm_program.demo.facts import EXAMPLE
from ikm_program.demo.people import short
from trainings.actions.duplicate_search import search_duplicates
from trainings.actions.enterprises import confirm_enterprise, create_enterprise
from trainings.actions.participants import create_participant
from trainings.actions.sentras import create_sentra
from trainings.models import Enterprise, Participant, Region, Sentra, User

TALA, BANJAR = "63.01", "63.03"
SASIRANGAN = f"Sasirangan Bunga Tanjung ({EXAMPLE})"
PROFILE: dict[str, Any] = {
    "code": "CONTOH-001",
    "legal_form": Enterprise.LegalForm.UD,
    "main_product": "Kain sasirangan",
    "brand": "Bunga Tanjung",
    "started_year": 2014,
    "owner_name": f"Siti Rahmah ({EXAMPLE})",
    "owner_sex": "P",
    "owner_nik": "6301015504850000",
    "address": f"Jalan {EXAMPLE} Nomor 1",
    "subdistrict": "Pelaihari",
    "village_code": "63.01.03",
    "latitude": Decimal("-3.797000"),
    "longitude": Decimal("114.770000"),
    "phone": "0811-0000-0101",
    "email": "bunga.tanjung@example.id",
    "nib": "0000000000101",
    "kbli": "13132",
    "kbli_edition": "2015",
    "has_siinas_account": True,
    "workers_male": 2,
    "workers_female": 7,
    "investment": 85_000_000,
    "capacity_unit": "lembar",
    "installed_capacity": 3000,
    "production_capacity": 2400,
    "production": 1800,
    "production_value": 270_000_000,
    "raw_materials": "Kain katun, pewarna",
    "machines": "Kompor, panci celup, mesin jahit",
    "electricity_kwh": 2600,
    "sells_offline": True,
    "sells_online": False,
    "sales_channels": f"Pasar {EXAMPLE}",
}
CLOTHES = {"main_product": "Pakaian jadi", "workers_male": 9, "workers_female": 14, "investment": 1_200_000_000}
TEA = {"main_product": "Teh kelor", "subdistrict": "Bati-Bati", "workers_male": 1, "workers_female": 3}
HERBAL = {"main_product": "Minuman herbal", "kbli": "21022", "sells_online": True}
OTHERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (TALA, f"Konveksi Maju Bersama ({EXAMPLE})", CLOTHES),
    (TALA, f"Teh Kelor Bati-Bati ({EXAMPLE})", TEA),
    (BANJAR, f"Jamu Martapura Segar ({EXAMPLE})", HERBAL),
)


def make(regions: dict[str, Region], people: dict[str, User]) -> None:
    """Entered by the officers of the districts, as their own businesses."""
    today, tala = timezone.localdate(), regions[TALA]
    officer = people[f"petugas.{short(tala)}"]
    sentra = create_sentra(
        Sentra, by=officer, region=tala, name=f"Sentra Sasirangan Pelaihari ({EXAMPLE})", commodity="Kain sasirangan", units=12, workers=60,
        coordinator=f"Koordinator ({EXAMPLE})", is_example=True,
    )  # fmt: skip
    full = create_enterprise(
        Enterprise, by=officer, region=tala, name=SASIRANGAN, sentra=sentra, is_example=True, licences=_licences(today), **PROFILE
    )
    confirm_enterprise(full, by=officer, confirmed_on=today - dt.timedelta(days=20), how=Enterprise.ConfirmedHow.VISIT)
    create_participant(
        Participant, by=officer, region=tala, name=f"Peserta sasirangan ({EXAMPLE})", enterprise=full, education="sma", is_example=True
    )
    made = [
        create_enterprise(
            Enterprise, by=people[f"petugas.{short(regions[code])}"], region=regions[code], name=name, is_example=True, **values
        )
        for code, name, values in OTHERS
    ]
    long_ago = today - dt.timedelta(days=500)
    confirm_enterprise(made[0], by=officer, confirmed_on=long_ago, how=Enterprise.ConfirmedHow.PHONE)
    _second_record_of_the_first(tala, officer)
    search_duplicates(today)


def _licences(today: dt.date) -> list[dict[str, Any]]:
    return [
        {"kind": "halal", "number": f"{EXAMPLE}-HALAL-1", "issuer": "BPJPH", "valid_until": today + dt.timedelta(days=900)},
        {"kind": "merek", "number": f"{EXAMPLE}-MEREK-1", "issuer": "DJKI", "valid_until": today + dt.timedelta(days=60)},
        {"kind": "sni", "number": f"{EXAMPLE}-SNI-1", "issuer": "LSPro", "valid_until": today - dt.timedelta(days=30)},
    ]


def _second_record_of_the_first(tala: Region, officer: User) -> None:
    """Typed again from an old list: the name with a typing error, the same telephone, and a participant of its own."""
    again = create_enterprise(
        Enterprise, by=officer, region=tala, name=f"UD Sasirangan Bunga Tanjng ({EXAMPLE})", owner_name=f"Siti Rahmah ({EXAMPLE})",
        phone="0811-0000-0101", subdistrict="Pelaihari", npwp="010000000101000", is_example=True,
    )  # fmt: skip
    create_participant(Participant, by=officer, region=tala, name=f"Peserta celup ({EXAMPLE})", enterprise=again, is_example=True)

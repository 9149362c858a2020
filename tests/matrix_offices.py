"""An office of the world: its letterhead of before, and who signs for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests import factories
from trainings.models import Region


def offices_of(region: Region, mark: str, phone: str) -> dict[str, Any]:
    office = factories.OfficeFactory(region=region, name=f"Dinas {mark}", address=f"Jalan {mark}", phone=phone)
    return {
        "office": office,
        "letterhead": factories.LetterheadFactory(office=office, office_line=f"Kop {mark}", valid_until=dt.date(2019, 12, 31)),
        "official": factories.OfficialFactory(office=office, name=f"Kepala {mark}"),
    }

"""Whoever receives has a kind, and every kind a column of the recapitulation, also outside a pandemic."""

from __future__ import annotations

import pytest

from distribution.models import Recipient
from distribution.reports.recapitulation import COLUMN_OF, RARE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_every_kind_of_receiver_has_a_column() -> None:
    assert set(COLUMN_OF) == set(Recipient.Kind)
    assert COLUMN_OF[Recipient.Kind.OTHER] in RARE  # a sheet without such a receiver has no column for it


def test_a_school_or_a_cooperative_can_receive(officer, client_of) -> None:
    client = client_of(officer)
    page = client.get("/penerima/baru/").content.decode()
    for kind in ("pemprov", "koperasi", "sekolah", "lainnya"):
        assert f'<option value="{kind}">' in page
    recipient = Recipient.objects.create(region=officer.region, kind="sekolah", name="SMK CONTOH")
    assert "School" in client.get(recipient.get_absolute_url()).content.decode()

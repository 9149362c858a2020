"""The demo shows the registry at work: a full profile, a sentra, licences, and one pair that waits."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from trainings.models import DuplicatePair, Enterprise, Licence, Sentra

pytestmark = pytest.mark.django_db


def test_the_screens_of_the_registry_are_not_empty(settings) -> None:
    settings.DEMO_MODE = True
    out = io.StringIO()
    call_command("seed_demo", stdout=out)
    call_command("seed_demo", stdout=out)
    assert "only put into an empty database" in out.getvalue()
    full = Enterprise.objects.get(code="CONTOH-001")
    assert (str(full.scale), full.is_fresh, full.licences.count(), Sentra.objects.count()) == ("kecil", True, 3, 1)
    pair = DuplicatePair.objects.get()
    assert (pair.status, pair.left_pk, pair.score >= 50) == ("menunggu", full.pk, True)
    marked = [*Enterprise.objects.values_list("name", flat=True), *Licence.objects.values_list("number", flat=True)]
    assert [name for name in marked if "CONTOH" not in name] == []

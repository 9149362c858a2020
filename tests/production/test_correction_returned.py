"""A correction that came back can be put right: it is a report like any other until it is verified."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from production.actions.output import record_correction
from production.actions.verification import return_output, verify_output
from production.models import OutputEntry
from trainings.models import User


def test_the_author_changes_a_returned_correction_and_hands_it_in_again(
    client_of: Callable[[User], Client], officer: User, staff: User, verified: Callable[..., OutputEntry]
) -> None:
    entry = verified(10)
    correction = record_correction(entry.lines.get(), by=officer, difference=-3, reason="salah hitung")
    return_output(correction, by=staff, version=correction.version, reason="selisihnya dua")
    client, page = client_of(officer), f"/produksi/{correction.pk}/ubah/"

    form: Any = client.get(page).context["form"]
    assert (form["difference"].value(), form["reason"].value()) == ("-3", "salah hitung")
    answer = client.post(
        page, {"key": str(form["key"].value()), "version": correction.version, "difference": "-2", "reason": "dihitung ulang"}
    )
    correction.refresh_from_db()
    assert (answer.status_code, correction.good, correction.lines.get().good) == (302, -2, -2)

    client.post(f"/produksi/{correction.pk}/ajukan/", {"key": "6c1d1d4e-5a86-4e3c-9a8e-0d7f5f0d9a11", "version": correction.version})
    correction.refresh_from_db()
    verify_output(correction, by=staff, version=correction.version)
    assert [balance.quantity for balance in entry.lines.get().lot.balances.all()] == [8]


def test_a_submitted_correction_is_not_edited(
    client_of: Callable[[User], Client], in_english: None, officer: User, verified: Callable[..., OutputEntry]
) -> None:
    correction = record_correction(verified(10).lines.get(), by=officer, difference=-3, reason="salah hitung")
    key = "6c1d1d4e-5a86-4e3c-9a8e-0d7f5f0d9a12"

    answer = client_of(officer).post(
        f"/produksi/{correction.pk}/ubah/", {"key": key, "version": correction.version, "difference": "-2", "reason": "dua"}
    )

    correction.refresh_from_db()
    assert (answer.status_code, correction.good) == (422, -3)
    assert "A correction that has been submitted cannot be edited. Withdraw it first." in answer.content.decode()

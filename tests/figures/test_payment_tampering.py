"""Payments changed behind everybody's back: verify_integrity says what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models import F

from ikm_program.integrity import CHECKS
from trainings.models import Attendance, PaymentDay, PaymentLine, PaymentList, PaymentReceipt, User

pytestmark = pytest.mark.django_db

SUMS = "payment lists add up"
DAYS = "paid days were attended"
HELD = "live payments are those of live lists"
FROZEN = "locked payment lists say what was frozen"
STEPS = "payments were made by those the trail names"
TRAIL = "records are what the audit trail last said"
FILES = "uploaded files are those that were sent"


def first(model: Any, **lookup: Any) -> Any:
    found = model._base_manager.filter(**lookup).order_by("pk").first()
    assert found is not None
    return found


def change(model: Any, lookup: dict[str, Any], **values: Any) -> Callable[[], None]:
    return lambda: model._base_manager.filter(pk=first(model, **lookup).pk).update(**values)


def more_for_one() -> None:
    """A line and its list raised alike: the sums agree, the frozen content does not."""
    line = first(PaymentLine, list__status="selesai", kind="uang_harian")
    PaymentLine.objects.filter(pk=line.pk).update(rate=F("rate") * 2, gross=F("gross") * 2, net=F("net") * 2)
    PaymentList.objects.filter(pk=line.list_id).update(gross=F("gross") + line.gross, net=F("net") + line.net)


def absent_after_all() -> None:
    Attendance.objects.filter(pk=first(PaymentDay, is_live=True).attendance_id).update(mark="alpa")


def another_treasurer() -> None:
    PaymentList.objects.filter(status="selesai").update(paid_by=User.objects.get(username="pengawas.kalsel"))


def receipt_gone() -> None:
    PaymentReceipt.objects.filter(pk=first(PaymentReceipt).pk).delete()


def scan_replaced() -> None:
    one = first(PaymentList, status="selesai")
    one.scan.save("scan.pdf", ContentFile(b"%PDF-"), save=False)
    PaymentList.objects.filter(pk=one.pk).update(scan=one.scan.name, scan_sha256="0" * 64)


DONE = {"status": "selesai"}
TAMPERINGS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "a total raised": (change(PaymentList, DONE, gross=1, net=1), SUMS, "its lines add up to"),
    "a day too few": (lambda: first(PaymentDay, line__list__status="draf").delete(), SUMS, "are named"),
    "a line of another kind": (change(PaymentLine, {"kind": "kuota"}, kind="pembelian", rate=None), SUMS, "its list is of kuota"),
    "a line and its list raised alike": (more_for_one, FROZEN, "line 1 is not what was frozen"),
    "another payee": (change(PaymentLine, {"list__status": "selesai"}, payee="Orang Lain"), FROZEN, "is not what was frozen"),
    "the frozen content changed": (change(PaymentList, DONE, snapshot={}), FROZEN, "does not have its hash"),
    "another hash": (change(PaymentList, DONE, content_sha256="0" * 64), TRAIL, "content_sha256 is"),
    "somebody who was not there": (absent_after_all, DAYS, "attendance knows nobody present"),
    "a paid day on another date": (change(PaymentDay, {"is_live": True}, on="2020-06-30"), DAYS, "is not the day"),
    "a held day let go": (change(PaymentDay, {"is_live": True}, is_live=False), HELD, "is free, it should not be"),
    "a draft that holds": (change(PaymentLine, {"list__status": "draf"}, is_live=True), HELD, "is held, it should not be"),
    "another treasurer": (another_treasurer, STEPS, "paid by"),
    "a receipt gone": (receipt_gone, TRAIL, "gone, and no event says who took it away"),
    "completed without a receipt": (receipt_gone, STEPS, "selesai with 1 receipts to come"),
    "a receipt's date": (change(PaymentReceipt, {}, received_on="2020-06-30"), TRAIL, "received_on is '2020-06-30'"),
    "the day of payment": (change(PaymentList, DONE, paid_on="2020-06-30"), TRAIL, "paid_on is '2020-06-30'"),
    "a scan of another content": (scan_replaced, FILES, "not the one that was sent"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_it_is_found(what: str) -> None:
    tamper, check, sentence = TAMPERINGS[what]
    tamper()
    sentences = list(CHECKS[check]())
    assert any(sentence in one for one in sentences), sentences

"""A receipt that was recorded by mistake is taken back: the line waits again, the history stays, and nothing is paid twice by it."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from ikm_program.actions import Refusal
from ikm_program.integrity import payments as integrity
from ikm_program.models import AuditEvent
from tests.payments.conftest import ABSENT, PRESENT, mark_as, mark_of
from trainings.actions.payment_steps import approve_list, lock_list, record_receipts, withdraw_receipt
from trainings.actions.payments import make_list, make_recovery
from trainings.models import PaymentDay, PaymentList, PaymentReceipt, User, WithdrawnReceipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JUNE_9, JUNE_10 = dt.date(2020, 6, 9), dt.date(2020, 6, 10)


def photo() -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "JPEG")
    return SimpleUploadedFile("bukti.jpg", picture.getvalue())


@pytest.fixture
def done(kotabaru, brought_to, treasurer) -> PaymentList:
    """Paid, and every receipt in."""
    one = brought_to("dibayar", kotabaru)
    return record_receipts(
        one,
        by=treasurer,
        version=one.version,
        lines=one.lines.all(),
        received_on=JUNE_9,
        how="transfer",
        reference="TRF-7",
        evidence=photo(),
    )


def take_back(one: PaymentList, by, *, name: str = "Peserta 3 63.02", reason: str = "salah orang") -> PaymentReceipt:
    receipt = PaymentReceipt.objects.get(line__list=one, line__payee=name)
    withdraw_receipt(receipt, by=by, version=receipt.version, reason=reason)
    return receipt


def faults() -> list[str]:
    return [*integrity.sums(), *integrity.holding(), *integrity.steps()]


def test_the_line_waits_for_its_receipt_again_and_the_list_for_its_end(done, treasurer) -> None:
    assert done.status == "selesai"
    receipt = take_back(done, treasurer)
    done.refresh_from_db()
    assert (done.status, done.finished_by, done.lines.unreceived().get().payee) == ("dibayar", None, "Peserta 3 63.02")
    kept = WithdrawnReceipt.objects.get()
    assert (kept.line.payee, kept.received_on, kept.how, kept.reference, kept.reason) == (
        "Peserta 3 63.02", JUNE_9, "transfer", "TRF-7", "salah orang",
    )  # fmt: skip
    assert (kept.evidence.name, kept.evidence_sha256) == (receipt.evidence.name, receipt.evidence_sha256)
    assert kept.evidence.storage.exists(kept.evidence.name)
    assert AuditEvent.objects.get(verb="receipt_withdrawn").reason == "salah orang"
    assert faults() == []
    record_receipts(done, by=treasurer, version=done.version, lines=done.lines.unreceived(), received_on=JUNE_10, how="tanda_tangan")
    assert (done.status, faults()) == ("selesai", [])


def test_it_takes_a_reason_and_somebody_who_had_no_earlier_hand(done, treasurer, staff, ppk) -> None:
    with pytest.raises(Refusal, match="Say why"):
        take_back(done, treasurer, reason=" ")
    for person in (staff, ppk):
        with pytest.raises(PermissionDenied):
            take_back(done, person)
        person.groups.add(*treasurer.groups.all())  # also a treasurer, who made or approved this list
        with pytest.raises(Refusal, match="made, locked or approved themselves"):
            take_back(done, User.objects.select_related("region").get(pk=person.pk))
    assert WithdrawnReceipt.objects.count() == 0


def test_what_is_being_recovered_keeps_its_receipt(done, kotabaru, staff, treasurer, office, signers) -> None:
    mark_as(mark_of(kotabaru, 3, 2), ABSENT)
    back = make_recovery(kotabaru, by=staff, kind="uang_harian", office=office, **signers)
    lock_list(back, by=staff, version=back.version)
    with pytest.raises(Refusal, match="being recovered"):
        take_back(done, treasurer)


@pytest.fixture
def recovered(done, kotabaru, staff, ppk, treasurer, office, signers) -> PaymentList:
    """A day of the third person was not earned, and is paid back."""
    mark_as(mark_of(kotabaru, 3, 2), ABSENT)
    back = make_recovery(kotabaru, by=staff, kind="uang_harian", office=office, **signers)
    lock_list(back, by=staff, version=back.version)
    approve_list(back, by=ppk, version=back.version, approved_on=JUNE_10, backdating_reason="Dicatat kemudian")
    return record_receipts(back, by=treasurer, version=back.version, lines=back.lines.all(), received_on=JUNE_10, how="setoran")


def test_money_that_was_not_paid_back_after_all_holds_its_day_again(recovered, treasurer) -> None:
    held = PaymentDay.objects.filter(is_live=True, recovers=None)
    assert (recovered.status, held.count()) == ("selesai", 33)
    take_back(recovered, treasurer)
    recovered.refresh_from_db()
    assert (recovered.status, held.count(), faults()) == ("disetujui", 34, [])


def test_unless_the_day_is_paid_on_another_list_by_now(recovered, kotabaru, treasurer, staff, office, signers) -> None:
    mark_as(mark_of(kotabaru, 3, 2), PRESENT)
    again = make_list(kotabaru, by=staff, kind="uang_harian", office=office, **signers)
    lock_list(again, by=staff, version=again.version)
    with pytest.raises(Refusal, match="is paid for one of these days already"):
        take_back(recovered, treasurer)


def test_from_the_page_of_the_list(done, treasurer, staff, client_of) -> None:
    receipt = PaymentReceipt.objects.get(line__list=done, line__payee="Peserta 3 63.02")
    url = f"/pembayaran/penerimaan/{receipt.pk}/tarik/"
    browser = client_of(treasurer)
    assert url in browser.get(done.get_absolute_url()).content.decode()
    assert url not in client_of(staff).get(done.get_absolute_url()).content.decode()
    form = browser.get(url).context["form"]
    sent = {"key": str(form.fields["key"].initial()), "version": receipt.version, "reason": "salah orang"}
    assert browser.post(url, sent).status_code == 302
    page = browser.get(done.get_absolute_url()).content.decode()
    assert ("Receipts taken back" in page, "salah orang" in page, "TRF-7" in page) == (True, True, True)
    kept = WithdrawnReceipt.objects.get()
    assert browser.get(f"/pembayaran/penerimaan-ditarik/{kept.pk}/bukti/").headers["Content-Type"] == "image/jpeg"

"""A payment list bears a day on which it can have been approved and paid, and the names of people who were in office then."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from tests import factories
from tests.payments.conftest import ABSENT
from trainings.actions.payment_steps import approve_list, lock_list, pay_list
from trainings.actions.payments import update_list
from trainings.models import Attendance, IssuedDocument, Office, Official, PaymentList

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JUNE_5, JUNE_8 = dt.date(2020, 6, 5), dt.date(2020, 6, 8)


def test_an_approval_of_an_earlier_day_says_why(kotabaru, brought_to, ppk) -> None:
    one = brought_to("terkunci", kotabaru)
    for reason in ("", "  "):
        with pytest.raises(Refusal, match="reason for a date before today") as refused:
            approve_list(one, by=ppk, version=one.version, approved_on=JUNE_8, backdating_reason=reason)
        assert refused.value.field == "backdating_reason"
    with pytest.raises(Refusal, match="cannot lie in the future"):
        approve_list(one, by=ppk, version=one.version, approved_on=timezone.localdate() + dt.timedelta(days=1))
    approve_list(one, by=ppk, version=one.version, approved_on=JUNE_8, backdating_reason="Dicatat kemudian")
    assert AuditEvent.objects.about(one).filter(reason="Dicatat kemudian").exists()


def test_no_list_is_approved_or_paid_before_the_last_day_that_it_pays(kotabaru, brought_to, ppk, treasurer) -> None:
    one = brought_to("terkunci", kotabaru)
    for day in (dt.date(1999, 1, 1), dt.date(2020, 6, 4)):
        with pytest.raises(Refusal, match=r"before the last day that the list pays for \(5 June 2020\)") as refused:
            approve_list(one, by=ppk, version=one.version, approved_on=day, backdating_reason="Dicatat kemudian")
        assert refused.value.field == "approved_on"
    assert not IssuedDocument.objects.exists()
    approve_list(one, by=ppk, version=one.version, approved_on=JUNE_5, backdating_reason="Dicatat kemudian")
    PaymentList.objects.filter(pk=one.pk).update(approved_on=dt.date(1999, 1, 1))  # as lists were approved once
    one.refresh_from_db()
    with pytest.raises(Refusal, match="before the last day that the list pays for") as refused:
        pay_list(one, by=treasurer, version=one.version, paid_on=dt.date(2020, 6, 4))
    assert refused.value.field == "paid_on"
    pay_list(one, by=treasurer, version=one.version, paid_on=JUNE_5)


def test_a_quota_is_approved_from_the_first_day_that_everybody_was_there(kotabaru, brought_to, ppk) -> None:
    latecomer = kotabaru.enrolments.first()
    Attendance.objects.filter(enrolment=latecomer, session__held_on__lt=dt.date(2020, 6, 3)).update(mark=ABSENT)
    one = brought_to("terkunci", kotabaru, "kuota")
    with pytest.raises(Refusal, match=r"\(3 June 2020\)"):
        approve_list(one, by=ppk, version=one.version, approved_on=dt.date(2020, 6, 2), backdating_reason="Dicatat kemudian")
    approve_list(one, by=ppk, version=one.version, approved_on=dt.date(2020, 6, 3), backdating_reason="Dicatat kemudian")


def test_who_signs_a_list_is_in_office_on_its_day(kotabaru, brought_to, ppk, signers) -> None:
    one = brought_to("terkunci", kotabaru)
    for name, official in signers.items():
        for until in (dt.date(2015, 12, 31), dt.date(2020, 6, 7)):
            Official.objects.filter(pk=official.pk).update(valid_until=until)
            fresh = PaymentList.objects.get(pk=one.pk)
            with pytest.raises(Refusal, match=f"{official.name} was not in office on the date of the document") as refused:
                approve_list(fresh, by=ppk, version=one.version, approved_on=JUNE_8, backdating_reason="Dicatat kemudian")
            assert refused.value.field == name
        Official.objects.filter(pk=official.pk).update(valid_until=None)
    Official.objects.update(valid_until=JUNE_8)  # gone since, but there on the day
    fresh = PaymentList.objects.get(pk=one.pk)
    approve_list(fresh, by=ppk, version=one.version, approved_on=JUNE_8, backdating_reason="Dicatat kemudian")


def test_nobody_is_named_who_left_before_the_list_can_be_approved(kotabaru, drafted, office, signers, staff) -> None:
    """A list is approved on its last paid day at the earliest, and today at the latest; so it is for the office itself."""
    gone = factories.OfficialFactory(office=office, name="PPK LAMA", valid_until=dt.date(2020, 6, 4), can_sign=False)
    with pytest.raises(Refusal, match="PPK LAMA was not in office") as refused:
        drafted(kotabaru, ppk=gone)
    assert (refused.value.field, PaymentList.objects.count()) == ("ppk", 0)
    one = drafted(kotabaru)
    with pytest.raises(Refusal, match="PPK LAMA was not in office"):
        update_list(one, by=staff, version=one.version, ppk=gone)
    PaymentList.objects.filter(pk=one.pk).update(ppk=gone)  # as they were named once
    one.refresh_from_db()
    with pytest.raises(Refusal, match="PPK LAMA was not in office"):
        lock_list(one, by=staff, version=one.version)
    Official.objects.filter(pk=gone.pk).update(valid_until=JUNE_5)
    Office.objects.filter(pk=office.pk).update(valid_until=dt.date(2020, 6, 4))
    with pytest.raises(Refusal, match=r"Dinas Perindustrian .* was not valid on the date of the document"):
        lock_list(PaymentList.objects.get(pk=one.pk), by=staff, version=one.version)
    Office.objects.filter(pk=office.pk).update(valid_until=None)
    assert lock_list(PaymentList.objects.get(pk=one.pk), by=staff, version=one.version).status == "terkunci"


def test_ppk_and_treasurer_stay_two_people_when_only_one_of_them_is_changed(kotabaru, drafted, staff, signers) -> None:
    one = drafted(kotabaru)
    with pytest.raises(Refusal, match="are two people"):
        update_list(one, by=staff, version=one.version, ppk=signers["treasurer"])

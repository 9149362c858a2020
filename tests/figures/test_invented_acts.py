"""Who is named by the sources stands for what is reported of them; what is invented says so, and no two papers bear one number."""

from __future__ import annotations

import pytest
from django.db.models import Count

from distribution.models import Handover
from distribution.shelves import signatories_of
from ikm_program.demo.facts import KNOWN_OFFICIALS, NAMED_UNTIL
from production.models import ProductTarget, Store
from trainings.models import Batch, IssuedDocument, Official

pytestmark = pytest.mark.django_db


def test_an_invented_act_names_nobody_real():
    invented = Handover.objects.filter(programme__is_example=True).select_related("giver", "recipient")
    assert invented
    for handover in invented:
        assert handover.giver.is_example
        assert handover.recipient.is_example
        assert [text for text in (handover.giver.name, handover.receiver_name, handover.receiver_position) if "CONTOH" not in text] == []


def test_who_is_named_by_the_sources_signs_nothing_today(person):
    named = Official.objects.filter(is_example=False)
    assert {official.name for official in named} == {known.name for known in KNOWN_OFFICIALS.values()}
    assert {official.valid_until for official in named} == {NAMED_UNTIL}
    officer = person("petugas.tala")
    today = Handover.objects.get(status="draf", store__region=officer.region).handed_over_on
    offered = signatories_of(Store.objects.get(region=officer.region), today, officer)
    assert [official.is_example for official in offered] == [True]


def test_no_two_papers_bear_the_same_number():
    assert list(IssuedDocument.objects.values("number").annotate(n=Count("pk")).filter(n__gt=1).order_by()) == []


def test_an_unset_target_says_what_comes_first(browser):
    unset = ProductTarget.objects.get(total=None, programme__code="apd-pangan-2020")
    page = browser("staf.kalsel").get(f"/target/{unset.pk}/bagi/").content.decode()
    assert f'href="/target/{unset.pk}/ubah/"' in page
    assert 'name="hitung"' not in page


def test_a_full_batch_offers_no_enrolment_and_says_why(browser):
    full = Batch.objects.filter(activity__name__contains="Hazmat", region__kemendagri_code="63.01").first()
    page = browser("petugas.tala").get(full.get_absolute_url())
    assert "Enrol a participant" not in [str(step.label) for step in page.context["usual_step"]]
    assert "Every place is taken" in page.content.decode()


def test_what_is_not_in_stock_cannot_be_issued_by_a_click(browser, person):
    draft = Handover.objects.get(status="draf", store__region=person("petugas.tala").region)
    draft.lines.update(quantity=999)
    page = browser("pejabat.tala").get(f"/serah-terima/{draft.pk}/terbitkan/").content.decode()
    assert '<button class="btn btn-primary" disabled>' in page
    assert "Available 160" in page

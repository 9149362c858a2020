from __future__ import annotations

import csv
import io
import re

import pytest

from distribution.models import Handover
from ikm_program import audit, audit_words, paging
from ikm_program.audit_trail import record_kinds
from ikm_program.models import AuditEvent
from production.actions.output import withdraw_output
from production.models import OutputEntry
from tests.figures.test_reconciliation import body_of
from trainings.models import Region, User

pytestmark = pytest.mark.django_db

URL = "/jejak-audit/"


def events_on(page):
    return list(page.context["object_list"])


def test_the_newest_event_comes_first(browser):
    events = events_on(browser("pengawas.kalsel").get(URL))
    assert [event.sequence for event in events] == sorted((event.sequence for event in events), reverse=True)


def test_a_step_is_told_by_its_new_status(in_english):
    event = AuditEvent.objects.filter(verb="status:diterbitkan", model="distribution.handover").first()
    assert audit_words.deed(event) == "Issued"


def test_every_verb_of_the_demo_has_its_word():
    kinds = {verb.partition(":")[0] for verb in AuditEvent.objects.values_list("verb", flat=True)}
    assert kinds - set(audit_words.VERB_LABELS) == set()


def test_every_key_of_the_demo_has_its_word():
    told = AuditEvent.objects.values_list("model", "before", "after")
    keys = {(model, name) for model, before, after in told for name in {*before, *after} if not audit_words.is_technical(name)}
    named = [key for key in keys if not key[1][0].isdigit()]  # a division over the districts is told by their codes
    assert sorted(key for key in named if audit_words.word_for(audit_words.model_of(key[0]), key[1]) is None) == []


def test_before_and_after_stand_side_by_side_in_words(in_english):
    event = AuditEvent.objects.filter(verb="status:diverifikasi").first()
    changed = {label: (before, after) for label, before, after in audit_words.changes(event)}
    assert changed["Status"] == ("Submitted", "Verified")
    assert changed["Verified quantity"][0] == ""


def test_it_can_be_filtered_by_person_act_kind_and_day(browser):
    client, officer = browser("pengawas.kalsel"), User.objects.get(username="pejabat.batola")
    events = events_on(client.get(f"{URL}?orang={officer.pk}&perbuatan=status&jenis=distribution.handover"))
    assert {(event.by_id, event.model) for event in events} == {(officer.pk, "distribution.handover")}
    assert events_on(client.get(f"{URL}?sampai=2020-12-31")) == []


def test_it_can_be_filtered_by_region(browser):
    batola = Region.objects.get(kemendagri_code="63.04")
    events = events_on(browser("pengawas.kalsel").get(f"{URL}?wilayah={batola.pk}"))
    assert {event.region_path for event in events} == {batola.path}


def test_a_record_is_one_tap_away(browser):
    cancelled = Handover.objects.get(status="dibatalkan")
    page = browser("pengawas.kalsel").get(f"{URL}?perbuatan=status&q=001/BAST-IKM/Diskoperindag-BTL").content.decode()
    assert f'href="{cancelled.get_absolute_url()}"' in page


def test_the_file_carries_the_same_choice(browser):
    client = browser("pengawas.kalsel")
    body = body_of(client.get(f"{URL}?format=csv&perbuatan=status&jenis=distribution.transfer")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body), delimiter=";"))
    assert {row["Kind of record"] for row in rows} == {"Transfer"}
    assert len(rows) == AuditEvent.objects.filter(model="distribution.transfer", verb__startswith="status:").count()


def test_the_file_is_not_cut_and_is_read_a_chunk_at_a_time(browser, monkeypatch):
    monkeypatch.setattr(paging.in_chunks, "__kwdefaults__", {"size": 7})
    rows = list(
        csv.DictReader(io.StringIO(body_of(browser("pengawas.kalsel").get(f"{URL}?format=csv")).decode("utf-8-sig")), delimiter=";")
    )
    seen = AuditEvent.objects.for_user(User.objects.get(username="pengawas.kalsel")).order_by("-sequence")
    assert [(int(row["No."]), row["Hash"]) for row in rows] == list(seen.values_list("sequence", "hash"))  # the download itself first
    assert len(rows) > 7


def test_kinds_of_record_are_those_that_people_know(browser):
    kinds = dict(record_kinds())
    assert ({"trainings.duplicatekey", "trainings.duplicatesearch"} & set(kinds), "distribution.handover" in kinds) == (set(), True)


def test_a_download_is_an_event_itself(browser):
    before = AuditEvent.objects.filter(verb="download").count()
    body_of(browser("pengawas.kalsel").get(f"{URL}?format=xlsx"))
    assert AuditEvent.objects.filter(verb="download").count() == before + 1


@pytest.mark.parametrize("account", ["petugas.tala", "pejabat.tala", "ppk.kalsel", "instruktur.tala"])
def test_who_may_not_read_it(browser, account):
    client = browser(account)
    assert [client.get(url).status_code for url in (URL, f"{URL}?format=csv")] == [403, 403]


def test_no_whole_nik_is_in_it(browser):
    body = body_of(browser("pengawas.kalsel").get(f"{URL}?format=csv")).decode("utf-8-sig")
    assert "******" in body
    assert re.findall(r"(?<![0-9a-f])63\d{14}(?![0-9a-f])", body) == []


def test_the_page_costs_the_same_for_few_events_and_many(browser, django_assert_max_num_queries):
    client = browser("pengawas.kalsel")
    for query in ("", "?perbuatan=allocated", "?q=hazmat"):
        with django_assert_max_num_queries(12):  # one less where all is on the page: then nothing is asked for the total
            client.get(f"{URL}{query}")


def test_a_report_taken_back_is_told_as_taken_back(browser, person):
    entry = OutputEntry.objects.filter(status="diajukan", region__kemendagri_code="63.01").first()
    withdraw_output(entry, by=person("petugas.tala"), version=entry.version)
    history = browser("petugas.tala", "id").get(entry.get_absolute_url()).content.decode()
    assert "<strong>Ditarik kembali</strong>" in history


def test_refusals_stand_in_an_objects_history_for_auditors_only(browser, person):
    entry = OutputEntry.objects.filter(status="diverifikasi", region__kemendagri_code="63.01").first()
    audit.record("refused:verify_output", entry, by=person("staf.kalsel"), reason="CONTOH penolakan")
    seen = {
        who: "CONTOH penolakan" in browser(who).get(entry.get_absolute_url()).content.decode()
        for who in ("pengawas.kalsel", "petugas.tala")
    }
    assert seen == {"pengawas.kalsel": True, "petugas.tala": False}

"""The chain finds an edit, a deletion, an insertion, a new order and a tail that was cut off."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from ikm_program import audit
from ikm_program.integrity.audit_chain import Head, recorded_head, walk
from ikm_program.models import AuditEvent, AuditHead

pytestmark = pytest.mark.django_db


def test_the_demos_chain_is_whole():
    assert list(walk()) == []


def test_an_edited_event(lifted):
    AuditEvent.objects.filter(sequence=40).update(label="lain")
    assert list(walk()) == ["event 40 was edited: its content does not have its hash"]


def test_an_edited_event_with_a_fresh_hash(lifted):
    event = AuditEvent.objects.get(sequence=40)
    event.label = "lain"
    AuditEvent.objects.filter(pk=event.pk).update(label="lain", hash=audit.chain_hash(event.previous_hash, event.body()))
    assert list(walk()) == ["event 41 does not continue the event before it: inserted, reordered or its predecessor changed"]


def test_a_deleted_event(lifted):
    AuditEvent.objects.filter(sequence=40).delete()
    assert next(iter(walk())) == "event 41 follows event 39: something was deleted or moved in between"


def test_an_inserted_event(lifted):
    head = recorded_head()
    event = AuditEvent.objects.get(sequence=40)
    event.pk, event.sequence, event.previous_hash = None, head.sequence + 1, event.hash
    event.hash = audit.chain_hash(event.previous_hash, event.body())
    event.save(force_insert=True)
    assert len(list(walk())) == 2


def test_two_events_that_changed_places(lifted):
    one, two = AuditEvent.objects.get(sequence=40), AuditEvent.objects.get(sequence=41)
    AuditEvent.objects.filter(pk=one.pk).update(sequence=10**6)
    AuditEvent.objects.filter(pk=two.pk).update(sequence=40)
    AuditEvent.objects.filter(pk=one.pk).update(sequence=41)
    assert [sentence.split()[1] for sentence in walk()] == ["40", "40", "41", "41", "42"]


def test_a_tail_cut_off(lifted):
    AuditEvent.objects.filter(sequence__gt=100).delete()
    assert len(list(walk())) == 1


def test_a_tail_cut_off_together_with_the_head(lifted, tmp_path):
    """Who can write the database can move its head too; the head kept outside remembers."""
    kept = recorded_head()
    AuditEvent.objects.filter(sequence__gt=100).delete()
    last = AuditEvent.objects.get(sequence=100)
    AuditHead.objects.update(sequence=100, hash=last.hash)
    assert list(walk()) == []
    assert list(walk([kept])) == [f"the chain ends at event 100; the head kept outside is event {kept.sequence}: its end was cut off"]


def test_a_chain_written_anew_from_the_start(lifted):
    kept = recorded_head()
    last = audit.GENESIS
    for event in AuditEvent.objects.order_by("sequence"):
        event.previous_hash = last
        event.reason = "disusun ulang"
        last = audit.chain_hash(last, event.body())
        AuditEvent.objects.filter(pk=event.pk).update(previous_hash=event.previous_hash, reason=event.reason, hash=last)
    AuditHead.objects.update(hash=last)
    assert list(walk()) == []
    assert len(list(walk([kept]))) == 1


def test_the_command_keeps_the_head_outside_and_moves_it_on(tmp_path, person, capsys):
    path = tmp_path / "head"
    call_command("verify_audit", "--head-file", str(path))
    assert Head.read(path) == recorded_head()
    audit.record("download", None, by=person("staf.kalsel"))
    call_command("verify_audit", "--head-file", str(path))
    assert Head.read(path) == recorded_head()
    assert f"Head: {recorded_head()}" in capsys.readouterr().out


def test_the_command_fails_and_keeps_the_old_head(tmp_path, lifted):
    path = tmp_path / "head"
    call_command("verify_audit", "--head-file", str(path))
    kept = Head.read(path)
    AuditEvent.objects.filter(sequence=40).update(reason="lain")
    with pytest.raises(CommandError, match="1 break"):
        call_command("verify_audit", "--head-file", str(path))
    assert Head.read(path) == kept


def noted_in_a_backup(directory, head):
    backup = directory / "ikm-20200622-013000-000000"
    backup.mkdir(parents=True)
    (backup / "manifest.json").write_text(json.dumps({"audit_head": {"sequence": head.sequence, "hash": head.hash}}))


def cut_off_with_its_head():
    AuditEvent.objects.filter(sequence__gt=100).delete()
    AuditHead.objects.update(sequence=100, hash=AuditEvent.objects.get(sequence=100).hash)


def test_a_tail_cut_off_with_its_head_is_found_by_the_backups(tmp_path, lifted, settings):
    settings.DATA_DIR = tmp_path
    noted_in_a_backup(tmp_path / "backups", recorded_head())
    call_command("verify_audit")
    cut_off_with_its_head()
    with pytest.raises(CommandError, match="1 break"):
        call_command("verify_audit", backups=tmp_path / "backups")


def test_a_head_file_in_the_data_directory_is_compared_without_being_asked_for(tmp_path, lifted, settings):
    settings.DATA_DIR = tmp_path
    kept = recorded_head()
    kept.write(tmp_path / "audit_head")
    cut_off_with_its_head()
    with pytest.raises(CommandError, match="1 break"):
        call_command("verify_audit")
    assert Head.read(tmp_path / "audit_head") == kept


def test_a_damaged_head_file_is_not_a_fresh_start(tmp_path):
    path = tmp_path / "head"
    path.write_text("bukan kepala\n")
    with pytest.raises(CommandError, match="does not hold the head"):
        call_command("verify_audit", "--head-file", str(path))

"""What is compared is of one moment: who checks the books while people work is told no difference that is none."""

from __future__ import annotations

import io
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from ikm_program import audit
from ikm_program.integrity import audit_chain
from ikm_program.models import AuditEvent
from ikm_program.transactions import one_moment, write_transaction
from tests import factories
from trainings.models import Region, User

pytestmark = pytest.mark.django_db(transaction=True)


def meanwhile(work: Callable[[], object]) -> None:
    """Somebody else, over a connection of their own, is done before this goes on."""

    def works() -> None:
        try:
            write_transaction(work)
        finally:
            connection.close()

    other = Thread(target=works)
    other.start()
    other.join(timeout=20)
    assert not other.is_alive()


def downloads(person: User) -> None:
    audit.record("download", None, by=person)


def test_what_somebody_writes_meanwhile_is_seen_afterwards_and_they_do_not_wait() -> None:
    person = factories.user("staf_provinsi")
    with one_moment():
        before = AuditEvent.objects.count()
        meanwhile(lambda: downloads(person))
        assert AuditEvent.objects.count() == before
    assert AuditEvent.objects.count() == before + 1


def test_nothing_is_written_inside_and_everything_again_afterwards() -> None:
    region = factories.region("63.01")
    with pytest.raises(DatabaseError, match=r"read-?only"), one_moment():
        Region.objects.filter(pk=region.pk).update(name="Lain")
    write_transaction(lambda: Region.objects.filter(pk=region.pk).update(name="Tanah Laut"))
    region.refresh_from_db()
    assert region.name == "Tanah Laut"


def test_inside_another_transaction_it_changes_nothing() -> None:
    region = factories.region("63.01")
    with transaction.atomic(), one_moment():
        assert Region.objects.filter(pk=region.pk).update(name="Lain") == 1


def test_the_trail_is_whole_while_people_add_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    person = factories.user("staf_provinsi")
    write_transaction(lambda: downloads(person))
    recorded_head = audit_chain.recorded_head

    def after_one_more() -> Any:
        meanwhile(lambda: downloads(person))
        return recorded_head()

    monkeypatch.setattr(audit_chain, "recorded_head", after_one_more)
    said = io.StringIO()
    call_command("verify_audit", stdout=said)
    assert "The audit trail is whole" in said.getvalue()

"""The database refuses to change what is append-only, whoever asks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, models, transaction

from distribution.actions.handovers import issue_handover
from ikm_program import guards
from ikm_program.models import AuditEvent
from production.models import ReportMovement, StockMovement
from tests.ledger.world import World
from trainings.models import IssuedDocument
from trainings.tasks import render_document


def test_every_insert_only_model_has_its_triggers(db: None) -> None:
    names = {model.__name__ for model in guards.guarded_models()}
    papers = {"DocumentRegion", "FinalContent", "IssuedDocument", "IssuedFile"}
    words = {"ReceiverStatement", "StatementLine", "WithdrawnReceipt"}
    assert names == papers | words | {"AuditEvent", "MaterialMovement", "ReportMovement", "StockMovement"}
    assert guards.missing(connection) == []


def test_a_lifted_trigger_is_found(db: None) -> None:
    guards.lift(connection)
    try:
        assert "production_stockmovement_no_delete" in guards.missing(connection)
    finally:
        guards.install(connection)


def test_a_trigger_made_to_do_nothing_is_found(db: None) -> None:
    table = "production_stockmovement"
    disarm = (
        [f'ALTER TABLE "{table}" DISABLE TRIGGER "{table}_no_update"']
        if connection.vendor == "postgresql"
        else [f'DROP TRIGGER "{table}_no_update"', f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" BEGIN SELECT 1; END']
    )
    with connection.cursor() as cursor:
        for statement in disarm:
            cursor.execute(statement)
    try:
        assert guards.missing(connection) == [f"{table}_no_update"]
    finally:
        guards.install(connection)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER "{table}_no_update"')


def test_a_function_that_refuses_nothing_is_found(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's triggers have no function")
    with connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE FUNCTION ikm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$")
    try:
        assert len(guards.missing(connection)) == 3 * len(guards.guarded_models())
    finally:
        guards.install(connection)


@pytest.fixture
def one_of_each(world: World) -> list[models.Model]:
    world.stock(10)
    draft = world.draft(4)
    handover = issue_handover(draft, by=world.official, version=draft.version)
    render_document.call(handover.document.pk)
    return [
        StockMovement.objects.earliest("pk"),
        ReportMovement.objects.earliest("pk"),
        AuditEvent.objects.earliest("pk"),
        IssuedDocument.objects.get(),
        IssuedDocument.objects.get().file,
        IssuedDocument.objects.get().reach.get(),
    ]


def test_update_and_delete_are_refused_in_plain_sql(one_of_each: list[models.Model]) -> None:
    for row in one_of_each:
        table, key = row._meta.db_table, row.pk
        for statement in (f'UPDATE "{table}" SET id = id WHERE id = {key}', f'DELETE FROM "{table}" WHERE id = {key}'):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_insert_or_replace_does_not_walk_past_the_trigger(one_of_each: list[models.Model]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE exists on SQLite only")
    event = one_of_each[2]
    columns = ", ".join(f'"{field.column}"' for field in event._meta.concrete_fields)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO ikm_program_auditevent ({columns}) SELECT {columns} FROM ikm_program_auditevent WHERE id = %s",
            [event.pk],
        )


def test_truncate_is_refused_on_postgresql(one_of_each: list[models.Model]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # otherwise it is refused for what is still to be checked
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE production_stockmovement CASCADE")

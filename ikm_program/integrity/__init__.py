"""The books are recomputed from their first lines. Every check yields sentences; no sentence means that nothing differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import connection

from distribution.reports.reconciliation import reconcile
from ikm_program import guards, search_index
from ikm_program.integrity import (
    addenda,
    counts,
    files,
    gates,
    issued,
    ledgers,
    materials,
    movements,
    papers,
    payments,
    receivers,
    reports,
    rules,
    stocktakes,
    times,
    trail,
)
from trainings.models import Programme
from trainings.reports.chains import document_differences, missing_documents

Check = Callable[[], Iterator[str]]


def _reconciliation() -> Iterator[str]:
    yield from reconcile(programmes=Programme.objects.all()).problems


def _documents() -> Iterator[str]:
    yield from (str(difference) for difference in (*document_differences(), *missing_documents()))


def _triggers() -> Iterator[str]:
    yield from (f"the append-only trigger {name} is missing" for name in guards.missing(connection))


def _search_indexes() -> Iterator[str]:
    yield from (f"{name}, which searches need, is missing" for name in search_index.missing(connection))


CHECKS: dict[str, Check] = {
    "balances are the sums of their movements": ledgers.balances,
    "no place ever stood below zero": ledgers.days_below_zero,
    "a posting moves pieces, it neither makes nor loses them": ledgers.postings,
    "a lot holds what was verified": ledgers.lots,
    "the report ledger says what the reports say": ledgers.reports,
    "sums by day are those of the movements": ledgers.sums_by_day,
    "the reconciliation balances": _reconciliation,
    "every movement is accounted for": movements.movements,
    "the movements of a posting belong to one act": movements.postings,
    "stock movements were recorded with their act": times.stock,
    "report movements were recorded with their act": times.reports,
    "balances of materials are the sums of their movements": materials.balances,
    "no holder of material ever stood below zero": materials.days_below_zero,
    "every movement of material is accounted for": materials.movements,
    "movements of material were recorded with their act": materials.times,
    "papers name the lots they take": papers.draws,
    "onward distributions add up": papers.onwards,
    "inspections examine what they name": gates.inspections,
    "stocktakes move what they found": stocktakes.differences,
    "records of stocktakes say what their records say": stocktakes.papers,
    "purchases are the sum of their makers' lots": gates.purchases,
    "payments of purchases are those of their purchases": gates.purchase_payments,
    "inspections and receipts say what their records say": gates.papers,
    "evaluations decide on what was sent": gates.evaluations,
    "registers end where their counters stand": papers.registers,
    "issued documents are what was issued, and have their PDF": _documents,
    "issued papers say what their records say": issued.papers,
    "addenda say what their records say": addenda.papers,
    "what was issued, received and cancelled stands so": issued.standing,
    "what receivers said stands as it was sent": receivers.statements,
    "frozen reports are what was frozen": reports.frozen_reports,
    "records are what the audit trail last said": trail.records,
    "uploaded files are those that were sent": files.uploads,
    "payment lists add up": payments.sums,
    "paid days were attended": payments.attendance,
    "live payments are those of live lists": payments.holding,
    "locked payment lists say what was frozen": payments.frozen,
    "payments were made by those the trail names": payments.steps,
    "enrolled counters count the enrolments": counts.enrolments,
    "shares add up to their target": counts.targets,
    "shares are those of the last division": counts.allocations,
    "no row breaks a constraint": rules.constraints,
    "tallies count the rows of the big tables": counts.tallies,
    "the database refuses changes of what is append-only": _triggers,
    "searches have their index": _search_indexes,
}


def differences() -> Iterator[tuple[str, str]]:
    """(what was checked, what differs) for everything that differs."""
    for name, check in CHECKS.items():
        yield from ((name, sentence) for sentence in check())

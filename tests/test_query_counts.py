"""No page asks the database more than fifteen times, and a list asks as often for three rows as for one."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from distribution.models import Handover
from ikm_program.roles import ROLES
from ikm_program.views import ListScreen
from tests.matrix import ADDRESSES, Rule
from tests.matrix_world import TALA
from tests.test_matrix import WorldTestCase

MOST = 15
FRAME = 4  # once something was recorded: the end of the trail, the roles, the programmes of the switcher, the work that waits
EXCEPTIONS: dict[str, tuple[int, str]] = {  # address -> how many, and why
    "reconciliation": (20, "targets, two ledgers and the published figures of every programme"),
    "production:output_submit": (21, "what looks odd about the report, materials and plausibility too"),
    "production:verification_queue": (25, "the queue, and all the evidence of its first report beside it, materials too"),
    "production:verification_detail": (21, "all the evidence of a report, materials and plausibility too"),
    "production:verification_return": (21, "all the evidence of a report, materials and plausibility too"),
    "distribution:handover_detail": (
        25,
        "beside its lines and lots: papers, addenda, deliveries, links and words of the receiver, the chain",
    ),
    "trainings:payment_make": (21, "the list as it would be: days, rules, other lists, people with two trainings on one day"),
    "production:material_account_report": (20, "the ledger, norms, explanations and output of every account, and three choices"),
    "trainings:enterprise_detail": (24, "the passport: a question for each of its sections, those of the apps above too"),
    "trainings:enterprise_passport": (26, "the same on paper, and the event of its download"),
    "distribution:recapitulation": (23, "the reconciliation, and people and receivers beside it"),
    "distribution:changes_report": (26, "two reconciliations"),
    "reconciliation_file": (22, "a download is one event of the audit trail: a savepoint and the chain's head"),
}
OF_SEVERAL_KINDS = {"trainings:register", "trainings:pair_list"}  # each kind is read once


class QueryCounts(WorldTestCase):
    printed = (TALA,)

    def opened(self, name: str, rule: Rule, role: str, client: Client) -> int:
        url = self.url(name, rule, TALA, role)
        cache.clear()  # a page at its dearest: nothing of it is kept
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
            if answer.streaming:
                b"".join(answer.streaming_content)  # type: ignore[arg-type]
        assert answer.status_code < 400 or rule.found >= 400, (name, role, answer.status_code)
        return len(queries)

    def roles_of(self, rule: Rule) -> list[str]:
        """One who works in the district and one of the province, as far as they may."""
        if isinstance(rule.get, str):
            return ["staf_provinsi"]
        return [next(role for role in ROLES if role in rule.get and ROLES[role].is_provincial is which) for which in self.reaches(rule)]

    def reaches(self, rule: Rule) -> list[bool]:
        return sorted({bool(ROLES[role].is_provincial) for role in rule.get})

    def browser_of(self, role: str, known: dict[str, Client]) -> Client:
        if role not in known:
            known[role] = self.browser(self.world.people[role])
            known[role].get("/")  # what is cached for good is cached now
        return known[role]

    def test_no_page_asks_more_than_fifteen_times(self) -> None:
        known: dict[str, Client] = {}
        asked: dict[tuple[str, str], int] = {}
        for name, rule in ADDRESSES.items():
            for role in self.roles_of(rule) if rule.get else []:
                if rule.found == 200 and (count := self.opened(name, rule, role, self.browser_of(role, known))) > MOST + FRAME:
                    asked[name, role] = count
        beyond = {case: count for case, count in asked.items() if count > EXCEPTIONS.get(case[0], (MOST + FRAME, ""))[0]}
        assert beyond == {}, beyond

    def test_the_page_of_a_cancelled_handover_asks_no_more(self) -> None:
        client = self.browser_of("staf_provinsi", {})
        for noun in ("cancelled", "handover", "received"):
            page = Handover.objects.get(**self.world.places[TALA][noun]).get_absolute_url()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            assert (noun, len(queries)) <= (noun, MOST + FRAME)

    def test_a_list_asks_as_often_for_three_rows_as_for_one(self) -> None:
        client, shown, wrong = self.browser_of("staf_provinsi", {}), 0, {}
        for name, rule in ADDRESSES.items():
            view = self.list_behind(name, rule)
            if view is None or name in OF_SEVERAL_KINDS or (not isinstance(rule.get, str) and "staf_provinsi" not in rule.get):
                continue
            counts = []
            for rows in (1, 3):
                with self.settings(), _of_length(view, rows):
                    counts.append(self.opened(name, rule, "staf_provinsi", client))
            shown += 1
            if counts[0] != counts[1]:
                wrong[name] = counts
        assert (wrong, shown >= 15) == ({}, True)

    def list_behind(self, name: str, rule: Rule) -> Any:
        view = getattr(resolve(self.url(name, rule, TALA).partition("?")[0]).func, "view_class", None)
        return view if view is not None and issubclass(view, ListScreen) else None


class _of_length:
    """Pages of so many rows, for as long as the block lasts."""

    def __init__(self, view: Any, rows: int) -> None:
        self.view, self.rows = view, rows

    def __enter__(self) -> None:
        self.before, self.view.per_page = self.view.per_page, self.rows

    def __exit__(self, *failure: object) -> None:
        self.view.per_page = self.before

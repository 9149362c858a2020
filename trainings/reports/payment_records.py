"""The records behind the figures about money: the days, people and lists that add up to each, asked of the same rows as the figure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program.figure_records import RECORD, Contribution, records_report
from ikm_program.formatting import tanggal_layar
from ikm_program.reporting import Report
from trainings.entitlements import open_presences
from trainings.models import Activity, AllowanceScheme, Attendance, Batch, PaymentDay, PaymentLine, PaymentList, Programme, Region
from trainings.reports.paid import held_on, paid_by, paid_lists
from trainings.reports.payments import (
    REALISED_COLUMNS,
    TO_PAY_COLUMNS,
    amounts,
    attended_lists,
    batches_to_pay,
    earned_by,
    paid_lines,
    realised_lists,
    rules_for,
    rules_of,
    without_quota,
    worth,
)

Lines = list[Contribution]
NAMES = ("enrolment__participant", "session")
PERSON_DAYS = gettext_lazy("person-days")


def to_pay_records(user: Any, figure: str, *, as_of: dt.date, programme: Programme | None = None, batch: Batch | None = None) -> Report:
    """Of one batch, or of all that the sheet of a programme shows."""
    rows = batches_to_pay(user, as_of, programme)
    batches = {one.pk: one for one in (rows.filter(pk=batch.pk) if batch else rows)}
    title = next(column.label for column in TO_PAY_COLUMNS if column.key == figure)
    unit = "Rp" if figure.startswith("money") else "" if figure == "open_quotas" else PERSON_DAYS
    where = str(batch or programme or _("Every programme"))
    lines = TO_PAY[figure](batches, as_of)
    what = RECORD if figure in ("money_listed", "money_paid") else _("Name")
    return records_report(title, lines, subtitle=where, as_of=as_of, what=what, unit=unit, is_count=figure == "open_quotas")


def _marks(batches: dict[int, Batch], as_of: dt.date) -> Any:
    marks = earned_by(as_of).filter(session__batch__in=list(batches)).select_related(*NAMES)
    return marks.order_by("enrolment__participant__name", "enrolment", "session__held_on")


def _present(batches: dict[int, Batch], as_of: dt.date) -> Lines:
    return _people(batches, _marks(batches, as_of))


def _open(batches: dict[int, Batch], as_of: dt.date) -> Lines:
    return _people(batches, open_presences(_marks(batches, as_of), held_on(as_of)))


def _people(batches: dict[int, Batch], marks: Iterable[Attendance]) -> Lines:
    """A line a person and batch, with the days."""
    return [
        _person(batches[found[0].session.batch_id], found[0], len(found), _days(mark.session.held_on for mark in found))
        for found in _by_enrolment(marks).values()
    ]


def _by_enrolment(marks: Iterable[Attendance]) -> dict[int, list[Attendance]]:
    found: dict[int, list[Attendance]] = defaultdict(list)
    for mark in marks:
        found[mark.enrolment_id].append(mark)
    return found


def _person(batch: Batch, mark: Attendance, quantity: int, detail: str) -> Contribution:
    name = mark.enrolment.participant.name
    return Contribution(record=name, detail=f"{batch} · {detail}", quantity=quantity, url=batch.get_absolute_url())


def _days(days: Iterable[dt.date]) -> str:
    return ", ".join(tanggal_layar(day) for day in sorted(days))


def _held(*, is_paid: bool) -> Callable[[dict[int, Batch], dt.date], Lines]:
    """A line for each line of a list that holds days."""

    def find(batches: dict[int, Batch], as_of: dt.date) -> Lines:
        days = held_on(as_of).filter(line__list__batch__in=list(batches))
        paid = {"line__list__in": paid_lists(as_of)}
        days = days.filter(**paid) if is_paid else days.exclude(**paid)
        names = ("line__list__batch__activity", "line__list__batch__region", "line__list__programme")
        by_line: dict[int, list[PaymentDay]] = defaultdict(list)
        for day in days.select_related(*names).defer("line__list__snapshot").order_by("line__list", "line__number", "on"):
            by_line[day.line_id].append(day)
        return [_line(held) for held in by_line.values()]

    return find


def _line(days: list[PaymentDay]) -> Contribution:
    line = days[0].line
    detail = f"{line.list} · {_days(day.on for day in days)}"
    return Contribution(record=line.payee, detail=detail, quantity=len(days), url=line.get_absolute_url())


def _quotas(batches: dict[int, Batch], as_of: dt.date) -> Lines:
    rules = rules_of(list(batches.values()))
    with_rule = {pk: batch for pk, batch in batches.items() if rules_for(batch, rules[batch.activity_id])[1]}
    found = _by_enrolment(without_quota(_marks(with_rule, as_of), as_of))
    return [_person(with_rule[marks[0].session.batch_id], marks[0], 1, _("quota")) for marks in found.values()]


def _lists_of(*, is_paid: bool) -> Callable[[dict[int, Batch], dt.date], Lines]:
    def find(batches: dict[int, Batch], as_of: dt.date) -> Lines:
        lists = attended_lists(list(batches.values()), as_of)
        return _lists(lists.filter(paid_by(as_of)) if is_paid else lists.exclude(pk__in=paid_lists(as_of)), "net")

    return find


def _lists(lists: Any, field: str) -> Lines:
    rows = lists.with_names().defer("snapshot").order_by("region__kemendagri_code", "batch", "pk")
    return [
        Contribution(
            record=str(one),
            detail=str(one.get_status_display()),
            on=one.paid_on or one.approved_on,
            quantity=getattr(one, field),
            url=one.get_absolute_url(),
        )
        for one in rows
        if getattr(one, field)
    ]


def _money_open(batches: dict[int, Batch], as_of: dt.date) -> Lines:
    """What the open days are worth, person by person, and the quotas."""
    rules = rules_of(list(batches.values()))
    found = _by_enrolment(open_presences(_marks(batches, as_of), held_on(as_of)))
    lines = [_worth_of(batches[marks[0].session.batch_id], marks, rules) for marks in found.values()]
    quotas = _by_enrolment(without_quota(_marks(batches, as_of), as_of))
    for marks in quotas.values():
        batch = batches[marks[0].session.batch_id]
        _daily, quota = rules_for(batch, rules[batch.activity_id])
        if quota:
            lines.append(_person(batch, marks[0], quota[0].rate, str(PaymentList.Kind.QUOTA.label)))
    return [line for line in lines if line.quantity]


def _worth_of(batch: Batch, marks: list[Attendance], rules: dict[int, list[AllowanceScheme]]) -> Contribution:
    daily, _quota = rules_for(batch, rules[batch.activity_id])
    days = [mark.session.held_on for mark in marks]
    kind = str(daily[0].get_kind_display()) if daily else ""
    return _person(batch, marks[0], sum(worth(daily, day, 1) for day in days), f"{kind} · {_days(days)}")


TO_PAY: dict[str, Callable[[dict[int, Batch], dt.date], Lines]] = {
    "present": _present,
    "listed": _held(is_paid=False),
    "paid": _held(is_paid=True),
    "open": _open,
    "open_quotas": _quotas,
    "money_listed": _lists_of(is_paid=False),
    "money_paid": _lists_of(is_paid=True),
    "money_open": _money_open,
}


# --- what was paid ------------------------------------------------------------------------------------------------------------


def realised_records(
    user: Any,
    figure: str,
    *,
    as_of: dt.date,
    programme: Programme | None = None,
    region: Region | None = None,
    activity: Activity | None = None,
    is_of_no_activity: bool = False,
) -> Report:
    """The lists behind an amount, or the people behind their number."""
    lists = realised_lists(user, as_of, programme)
    lists = lists.filter(region=region) if region else lists
    if activity or is_of_no_activity:
        lists = lists.filter(batch__activity=activity)
    title = next(column.label for column in REALISED_COLUMNS if column.key == figure)
    where = " · ".join(str(part) for part in (activity, region, programme) if part) or _("Every programme")
    if figure == "people":
        return records_report(title, _paid_people(lists.filter(paid_by(as_of))), subtitle=where, as_of=as_of, what=_("Name"), is_count=True)
    field, which = amounts(as_of)[figure]
    chosen = lists.filter(pk__in=PaymentList.objects.filter(which).values("pk"))
    return records_report(title, _lists(chosen, field), subtitle=where, as_of=as_of, unit="Rp")


def _paid_people(lists: Any) -> Lines:
    """Each once, with the list that paid first."""
    names = ("list__batch__activity", "list__batch__region", "list__programme", "list__region")
    lines = paid_lines(lists).exclude(participant=None).select_related(*names).defer("list__snapshot").order_by("payee", "pk")
    people: dict[int | None, PaymentLine] = {}
    for line in lines:
        people.setdefault(line.participant_id, line)
    return [Contribution(record=line.payee, detail=str(line.list), quantity=1, url=line.get_absolute_url()) for line in people.values()]

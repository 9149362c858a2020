"""Money by the sheet: one list as rows, what is still to be paid batch by batch, and what was paid by activity and district."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program.reporting import Column, Report, Row
from trainings import payment_papers
from trainings.entitlements import open_presences
from trainings.models import Activity, AllowanceScheme, Attendance, Batch, PaymentLine, PaymentList, Programme
from trainings.models.allowance import MODES
from trainings.reports.paid import held_on, not_recovered, paid_by, paid_lists, standing_on

Kind, Status = PaymentList.Kind, PaymentList.Status
SHEET_COLUMNS = (
    Column(key="number", label="No", kind="integer"),
    Column(key="payee", label="Nama", width=3),
    Column(key="nik", label="NIK", width=2),
    Column(key="npwp", label="NPWP", width=2),
    Column(key="origin", label="Asal", width=3),
    Column(key="description", label="Uraian", width=3),
    Column(key="days", label="Hari hadir", kind="integer", unknown=""),
    Column(key="rate", label="Satuan (Rp)", kind="money", unknown=""),
    Column(key="gross", label="Jumlah bruto (Rp)", kind="money"),
    Column(key="tax", label="PPh 21 (Rp)", kind="money"),
    Column(key="net", label="Jumlah diterima (Rp)", kind="money"),
    Column(key="contact", label="Rekening / No. HP", width=2),
)


def sheet_of(content: Mapping[str, Any]) -> Report:
    """A list as it was frozen: an official sheet, Indonesian whatever language the screen has."""
    keys = {"description": any(line["description"] for line in content["lines"]), "days": any(line["days"] for line in content["lines"])}
    batch = f"{content['activity']} Angkatan {content['batch']}" if content["activity"] else content["programme"]
    total = {name: content[name] for name in ("gross", "tax", "net")}
    notes = [f"Terbilang: {payment_papers.in_words(abs(content['net']))}"]
    return Report(
        title=payment_papers.title_of(content),
        subtitle=f"{batch} · {content['region']} · {content['fund']} Tahun Anggaran {content['year']}",
        columns=[column for column in SHEET_COLUMNS if keys.get(column.key, True)],
        rows=content["lines"],
        totals=[{"payee": "Jumlah", "days": sum(line["days"] or 0 for line in content["lines"]), **total}],
        notes=[*notes, *([] if content["tax"] else [payment_papers.TAX_NOTE]), f"Sidik data: {payment_papers.digest_of(content)}"],
    )


# --- what is still to be paid -------------------------------------------------------------------------------------------------

TO_PAY_COLUMNS = (
    Column(key="activity", label=gettext_lazy("Activity"), width=4),
    Column(key="batch", label=gettext_lazy("Batch"), kind="integer"),
    Column(key="district", label=gettext_lazy("Region"), width=3),
    Column(key="present", label=gettext_lazy("Person-days present"), kind="integer", width=2),
    Column(key="listed", label=gettext_lazy("Of them on a list"), kind="integer", width=2),
    Column(key="paid", label=gettext_lazy("Of them paid"), kind="integer", width=2),
    Column(key="open", label=gettext_lazy("Of them open"), kind="integer", width=2),
    Column(key="open_quotas", label=gettext_lazy("Quotas open"), kind="integer", width=2, unknown=gettext_lazy("no rule")),
    Column(key="money_listed", label=gettext_lazy("On lists"), kind="integer", unit="Rp", width=3),
    Column(key="money_paid", label=gettext_lazy("Paid"), kind="integer", unit="Rp", width=3),
    Column(key="money_open", label=gettext_lazy("Not on a list yet"), kind="integer", unit="Rp", width=3, unknown=gettext_lazy("no rule")),
)
SUMMED = ("present", "listed", "paid", "open", "open_quotas", "money_listed", "money_paid", "money_open")


def to_pay(user: Any, *, as_of: dt.date, programme: Programme | None = None) -> Report:
    """Every batch with days by then that somebody attended: what it had earned, what was on a list, what was paid, what was open."""
    rows = _to_pay_rows(as_of, list(batches_to_pay(user, as_of, programme)))
    total: dict[str, Any] = {key: sum(row[key] or 0 for row in rows) for key in SUMMED}
    return Report(
        title=gettext_lazy("What is to be paid"),
        subtitle=str(programme) if programme else "",
        columns=TO_PAY_COLUMNS,
        rows=rows,
        totals=[{"activity": str(_("Total")), **total}] if len(rows) > 1 else [],
        as_of=as_of,
        notes=[
            _("Only days until then whose attendance is closed count."),
            _("A day is open while no locked list pays the person for that date. Drafts hold nothing."),
            _("Open amounts are before tax, at the rate of the daily allowance, or of meals where the activity pays meals only."),
        ],
    )


def batches_to_pay(user: Any, as_of: dt.date, programme: Programme | None = None) -> Any:
    earned = earned_by(as_of).values("session__batch")
    batches: Any = Batch.objects.owned_by(user).filter(pk__in=earned).with_names()
    batches = batches.filter(activity__programme=programme) if programme else batches
    return batches.order_by("-activity__programme__year", "activity_id", "region__kemendagri_code", "number")


def _to_pay_rows(as_of: dt.date, batches: list[Batch]) -> list[dict[str, Any]]:
    marks = earned_by(as_of).filter(session__batch__in=[batch.pk for batch in batches])
    present, open_days = _counted(marks), _open_days(marks, as_of)
    held, money, quotas = _held_days(batches, as_of), _money(batches, as_of), _open_quotas(marks, as_of)
    rules = rules_of(batches)
    rows = []
    for batch in batches:
        daily, quota = rules_for(batch, rules[batch.activity_id])
        amounts = [worth(daily, day, count) for day, count in open_days[batch.pk].items()]
        quotas_open = quotas.get(batch.pk, 0) if quota else None
        rows.append(
            {
                "pk": batch.pk,
                "activity": str(batch.activity),
                "batch": batch.number,
                "district": batch.region.name,
                "present": present.get(batch.pk, 0),
                "listed": held[batch.pk, False],
                "paid": held[batch.pk, True],
                "open": sum(open_days[batch.pk].values()),
                "open_quotas": quotas_open,
                "money_listed": money[batch.pk, False],
                "money_paid": money[batch.pk, True],
                "money_open": None if not (daily or quota) else sum(amounts) + (quotas_open or 0) * (quota[0].rate if quota else 0),
            }
        )
    return rows


def earned_by(day: dt.date) -> Any:
    """Present days until then; closed since or by then, as attendance says now."""
    return Attendance.objects.earning().filter(session__held_on__lte=day)


def _counted(marks: Any) -> dict[int, int]:
    return dict(marks.order_by().values_list("session__batch").annotate(n=Count("pk")))


def _open_days(marks: Any, as_of: dt.date) -> dict[int, dict[dt.date, int]]:
    """By batch and date, of how many people present no list held the day."""
    found: dict[int, dict[dt.date, int]] = defaultdict(dict)
    open_marks = open_presences(marks, held_on(as_of)).order_by()
    for batch, day, count in open_marks.values_list("session__batch", "session__held_on").annotate(n=Count("pk")):
        found[batch][day] = count
    return found


def _held_days(batches: list[Batch], as_of: dt.date) -> dict[tuple[int, bool], int]:
    """By batch, and whether it was paid."""
    days = held_on(as_of).filter(line__list__batch__in=batches).order_by().values_list("line__list__batch")
    paid = dict(days.filter(line__list__in=paid_lists(as_of)).annotate(n=Count("pk")))
    held: dict[int, int] = dict(days.annotate(n=Count("pk")))
    found: dict[tuple[int, bool], int] = defaultdict(int)
    for batch, count in held.items():
        found[batch, True] = paid.get(batch, 0)
        found[batch, False] = count - found[batch, True]
    return found


def _money(batches: list[Batch], as_of: dt.date) -> dict[tuple[int, bool], int]:
    is_paid = paid_by(as_of)
    lists = attended_lists(batches, as_of).order_by()
    found: dict[tuple[int, bool], int] = defaultdict(int)
    sums = {"paid": Sum("net", filter=is_paid, default=0), "listed": Sum("net", filter=~is_paid, default=0)}
    for row in lists.values("batch").annotate(**sums):
        found[row["batch"], True], found[row["batch"], False] = row["paid"], row["listed"]
    return found


def attended_lists(batches: Iterable[Batch], as_of: dt.date) -> Any:
    """Of these batches, without what is bought."""
    return standing_on(as_of).filter(batch__in=batches, kind__in=PaymentList.ATTENDED)


def _open_quotas(marks: Any, as_of: dt.date) -> dict[int, int]:
    without = without_quota(marks, as_of).order_by()
    return dict(without.values_list("session__batch").annotate(n=Count("enrolment", distinct=True)))


def without_quota(marks: Any, as_of: dt.date) -> Any:
    """Of people who were there and to whom no list of that day gave the quota of the activity."""
    person = Q(participant=OuterRef("enrolment__participant")) | Q(nik=OuterRef("enrolment__participant__nik"))
    given = not_recovered(PaymentLine, as_of, "list").filter(person, kind=Kind.QUOTA, activity=OuterRef("enrolment__activity"))
    return marks.exclude(Exists(given))


def rules_of(batches: list[Batch]) -> dict[int, list[AllowanceScheme]]:
    found: dict[int, list[AllowanceScheme]] = defaultdict(list)
    for rule in AllowanceScheme.objects.filter(activity__in={batch.activity_id for batch in batches}).order_by("valid_from", "pk"):
        found[rule.activity_id].append(rule)
    return found


def rules_for(batch: Batch, rules: Iterable[AllowanceScheme]) -> tuple[list[AllowanceScheme], list[AllowanceScheme]]:
    """What an open day of the batch is worth (by the daily allowance, else by meals), and its quota."""
    of_mode = [rule for rule in rules if getattr(rule, MODES[Batch.Mode(batch.mode)])]
    daily = [rule for rule in of_mode if rule.kind == Kind.DAILY] or [rule for rule in of_mode if rule.kind == Kind.MEALS]
    return daily, [rule for rule in of_mode if rule.kind == Kind.QUOTA]


def open_kinds(batch: Batch, as_of: dt.date) -> list[str]:
    """Of which kinds a list could be made of the batch: by days while one is open, of quotas while somebody has none."""
    marks = earned_by(as_of).filter(session__batch=batch)
    daily, quota = rules_for(batch, rules_of([batch])[batch.activity_id])
    found = [str(daily[0].kind)] if daily and open_presences(marks, held_on(as_of)).exists() else []
    return [*found, str(Kind.QUOTA)] if quota and without_quota(marks, as_of).exists() else found


def worth(rules: Iterable[AllowanceScheme], day: dt.date, count: int) -> int:
    return next((rule.rate * count for rule in rules if rule.applies_on(day)), 0)


# --- what was paid ------------------------------------------------------------------------------------------------------------

REALISED_COLUMNS = (
    Column(key="activity", label=gettext_lazy("Activity"), width=4),
    Column(key="district", label=gettext_lazy("Region"), width=3),
    Column(key="people", label=gettext_lazy("People paid"), kind="integer", width=2),
    Column(key="uang_harian", label=gettext_lazy("Daily allowance"), kind="integer", unit="Rp", width=3),
    Column(key="konsumsi", label=gettext_lazy("Meal allowance"), kind="integer", unit="Rp", width=3),
    Column(key="kuota", label=gettext_lazy("Internet quota aid"), kind="integer", unit="Rp", width=3),
    Column(key="pembelian", label=gettext_lazy("Buy-back"), kind="integer", unit="Rp", width=3),
    Column(key="recovered", label=gettext_lazy("Recovered"), kind="integer", unit="Rp", width=3),
    Column(key="kept", label=gettext_lazy("Income tax (PPh 21)"), kind="integer", unit="Rp", width=2),
    Column(key="received", label=gettext_lazy("Paid"), kind="integer", unit="Rp", width=3),
    Column(key="on_the_way", label=gettext_lazy("Locked or approved"), kind="integer", unit="Rp", width=3),
)
ADDED = tuple(column.key for column in REALISED_COLUMNS if column.unit)


def realisation(user: Any, *, as_of: dt.date, programme: Programme | None = None) -> Report:
    """By activity and region, as the lists stood on the day; each amount is gross of its kind, tax and what was received apart."""
    lists = realised_lists(user, as_of, programme)
    keys = ("programme", "programme__name", "batch__activity", "region", "region__name", "region__kemendagri_code")
    sums = {name: Sum(field, filter=which, default=0) for name, (field, which) in amounts(as_of).items()}
    found = lists.order_by("batch__activity", "region__kemendagri_code").values(*keys).annotate(**sums)
    names, people = dict(Activity.objects.values_list("pk", "name")), _people_paid(lists.filter(paid_by(as_of)))
    rows: list[Row] = [
        {
            "activity": names.get(row["batch__activity"], row["programme__name"]),
            "district": row["region__name"],
            "activity_pk": row["batch__activity"],
            "programme": row["programme"],
            "region": row["region"],
            "code": row["region__kemendagri_code"],
            "people": people.get((row["programme"], row["batch__activity"], row["region"]), 0),
            **{key: row[key] for key in ADDED},
        }
        for row in found
    ]
    total = {key: sum(row[key] for row in rows) for key in ADDED}
    return Report(
        title=gettext_lazy("Payments made"),
        subtitle=str(programme) if programme else "",
        columns=REALISED_COLUMNS,
        rows=rows,
        totals=[{"activity": str(_("Total")), **total}] if len(rows) > 1 else [],
        as_of=as_of,
        notes=[_("Kinds are gross; “paid” is what people received after tax, less what was recovered.")],
    )


def realised_lists(user: Any, as_of: dt.date, programme: Programme | None = None) -> Any:
    lists: Any = PaymentList.objects.owned_by(user).filter(pk__in=standing_on(as_of).values("pk"))
    return lists.filter(programme=programme) if programme else lists


def amounts(as_of: dt.date) -> dict[str, tuple[str, Q]]:
    """A figure of the payments made: which field of which lists it adds up."""
    is_paid, is_recovery = paid_by(as_of), Q(nature=PaymentList.Nature.RECOVERY)
    return {
        **{str(kind): ("gross", is_paid & Q(kind=kind) & ~is_recovery) for kind in Kind.values},
        "recovered": ("gross", is_paid & is_recovery),
        "kept": ("tax", is_paid),
        "received": ("net", is_paid),
        "on_the_way": ("net", ~is_paid),
    }


def paid_lines(lists: Any) -> Any:
    """What people were paid by these lists, without what they paid back."""
    return PaymentLine.objects.filter(list__in=lists, recovers=None)


def _people_paid(lists: Any) -> dict[tuple[int, int | None, int], int]:
    keys = paid_lines(lists).order_by().values_list("list__programme", "list__batch__activity", "list__region")
    return {(programme, activity, region): n for programme, activity, region, n in keys.annotate(n=Count("participant", distinct=True))}

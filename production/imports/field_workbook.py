"""The kertas kerja: one workbook for a week without a network, with the district's batches, their people, the open training days,
and rows for what they make.

Every row for output has a key of its own, made here and hidden: sent twice, or by two people, it lands once.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ikm_program.formatting import tanggal
from ikm_program.sheets.kinds import ROW_KEY, Intake
from ikm_program.sheets.workbooks import saved, write_guide, write_sheet
from production.batches import district_of, open_batches
from production.imports.outputs import OutputIntake
from production.models import ActivityProduct
from trainings.imports.attendances import AttendanceIntake
from trainings.imports.enrolments import EnrolmentIntake

ROWS_EACH = 30  # for one batch and product: a month of days


def field_workbook(by: Any) -> bytes:
    """For whoever fills it in; another office's batches are not in it."""
    from openpyxl import Workbook  # 0.2 s: only who makes a workbook pays

    prefetch_related_objects([by], "groups")  # whether he or she only teaches is asked for more than one sheet
    with translation.override("id"):
        book = Workbook()
        guide = book.active
        assert guide is not None  # a new workbook has one sheet
        opening = [
            _("Workbook of %(region)s, made on %(day)s.") % {"region": by.region, "day": tanggal(timezone.localdate())},
            _("Add people below those listed. Fill in one prepared row for each day and maker; rows left empty are ignored."),
            _("Do not copy rows: each has a hidden key, by which it is recorded once, however often the file is sent."),
        ]
        write_guide(guide, [EnrolmentIntake, AttendanceIntake, OutputIntake], opening=opening)
        people, attendance = EnrolmentIntake(by), AttendanceIntake(by)
        attendance.districts = people.districts  # read once
        write_sheet(book, book.create_sheet(EnrolmentIntake.title_in_book), EnrolmentIntake, _own(people))
        write_sheet(book, book.create_sheet(AttendanceIntake.title_in_book), AttendanceIntake, _own(attendance))
        write_sheet(book, book.create_sheet(OutputIntake.title_in_book), OutputIntake, _outputs(by))
        return saved(book)


def _own(intake: Intake) -> list[list[Any]]:
    """The office's own rows. What is private stays empty: an empty cell says nothing."""
    return [
        [
            None
            if column.is_private or row.get(column.key) in (None, "")
            else row[column.key]
            if column.kind == "number"
            else intake.written(column.key, row[column.key])
            for column in intake.fields
        ]
        for row in intake.own_rows()
    ]


def _outputs(by: Any) -> list[list[Any]]:
    rows: list[list[Any]] = []
    made = Prefetch("activity__products", ActivityProduct.objects.select_related("product"))
    for batch in open_batches(by).select_related("activity", "region").prefetch_related(made).order_by("activity", "number", "pk"):
        district = district_of(batch, by)
        for link in batch.activity.products.all():
            given = {"activity": batch.activity.name, "batch": batch.number, "product": link.product.name}
            given["region"] = district.name if district else ""
            for _number in range(ROWS_EACH):
                values = {**given, ROW_KEY: str(uuid.uuid4())}
                rows.append([values.get(column.key) or None for column in OutputIntake.fields])
    return rows

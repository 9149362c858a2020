"""Screens of an import: what was sent, what came of every row, and what is to be done."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, xlsx
from ikm_program.formatting import jumlah
from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Link, NextStep, Text
from ikm_program.sheets import actions, workbooks
from ikm_program.sheets.cells import is_blank, shown
from ikm_program.sheets.forms import ConfirmForm, MatchForm, RowForm, SettleAllForm, SettleForm, UndoForm, UploadForm
from ikm_program.sheets.headers import find_header, header_at
from ikm_program.sheets.kinds import kind_of, permitted_kinds
from ikm_program.sheets.models import SheetImport, SheetRow
from ikm_program.sheets.reading import Book
from ikm_program.sheets.showing import ImportPage, shown_rows
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen, Screen

PLACE = "sheets:import_list"
VIEW, ADD = "ikm_program.view_sheetimport", actions.PERMISSION
NEW = Link(_("Import a file"), "sheets:import_create", ADD, icon="upload")
Status = SheetImport.Status
SAMPLES = 3
FAULTS = _("Download with the faults marked")
IDLE = (Status.UPLOADED, Status.READY, Status.REJECTED, Status.FAILED)


def _in(*statuses: str) -> Any:
    return lambda obj, user: obj.status in statuses


class ImportList(ListScreen):
    model = SheetImport
    permission = VIEW
    title = _("Imports")
    lead = _("Spreadsheets that were sent in. Nothing of a file enters before somebody has looked at it and confirmed.")
    place = PLACE
    related = ("created_by",)
    links = (NEW,)
    columns = (
        Column(_("File"), "name", link="self", sort="name"),
        Column(_("Kind"), "kind", template="sheets/_kind.html", sort="kind"),
        Column(_("Uploaded by"), "created_by"),
        Column(_("Uploaded at"), "created_at", kind="datetime", sort="created_at"),
        Column(_("Rows"), "rows_in", kind="number"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    search_fields = ("name", "created_by__full_name")
    search_label = _("Search by file or person")
    empty = Empty(_("No file was sent yet."), _("Download a template, fill it in, and upload it."), NEW)


class ImportCreate(FormScreen):
    model = SheetImport
    form_class = UploadForm
    action = actions.upload
    title = _("Import a file")
    lead = _("The file is kept as it is, checked row by row and shown to you. Only then you decide.")
    place = PLACE
    submit_label = _("Upload")
    success_message = ""
    template_name = "sheets/import_create.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(kinds=[(kind, kind(user).has_own_rows()) for kind in permitted_kinds(user)], **kwargs)

    links = (
        Link(_("Workbook of the field"), "production:field_workbook", "production.add_outputentry", icon="download", is_download=True),
    )


class TemplateFile(Screen):
    """The empty template of a kind, or with `?isi=1` one that holds the office's own rows."""

    permission = ADD

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        found = next((one for one in permitted_kinds(request.user) if one.name == kind), None)
        if found is None:
            raise Http404
        is_filled = request.GET.get("isi") == "1"
        intake = found(request.user)
        content = workbooks.template(found, intake.own_rows() if is_filled else (), intake=intake)
        if is_filled:
            audit.record("download", None, by=request.user, after={"report": str(found.label), "format": "xlsx"})
        return xlsx_response(content, f"templat-{kind}.xlsx")


def xlsx_response(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=xlsx.XLSX_CONTENT_TYPE, headers=headers)


class ImportDetail(DetailScreen):
    model = SheetImport
    permission = VIEW
    place = PLACE
    related = ("created_by", "entered_by")
    template_name = "sheets/import_detail.html"
    steps = (
        NextStep(_("Enter"), "sheets:import_confirm", ADD, when=lambda obj, user: _may_enter(obj), icon="check"),
        NextStep(_("Check again"), "sheets:import_recheck", ADD, when=lambda obj, user: _was_put_back(obj), icon="history"),
        NextStep(_("Match columns"), "sheets:import_match", ADD, when=_in(Status.UPLOADED, Status.READY, Status.REJECTED), icon="edit"),
        NextStep(_("Check again"), "sheets:import_recheck", ADD, when=lambda obj, user: _may_check_again(obj), icon="history"),
        NextStep(_("Start entering again"), "sheets:import_resume", ADD, when=lambda obj, user: _may_resume(obj), icon="history"),
        NextStep(FAULTS, "sheets:import_faults", VIEW, when=lambda obj, user: _has_faults(obj), icon="download", is_download=True),
        NextStep(_("Download the original file"), "sheets:import_file", VIEW, icon="download", is_download=True),
        NextStep(_("Discard"), "sheets:import_discard", ADD, when=_in(*IDLE), icon="trash", is_danger=True),
        NextStep(_("Undo this import"), "sheets:import_undo", ADD, when=_in(Status.ENTERED), icon="back", is_danger=True),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown_page = ImportPage.of(self.object, self.request.GET.get("hasil", ""), self.request.GET.get("sesudah", ""))
        together = list(self.get_queryset().sent_with(self.object))
        is_idle = self.object.status == Status.READY and not (
            {"salah", "mirip", "baru", "berubah"} & {tab.outcome for tab in shown_page.tabs}
        )
        undecided = sum(tab.count for tab in shown_page.tabs if tab.outcome == SheetRow.Outcome.SIMILAR)
        facts = {"together": together, "has_nothing_to_enter": is_idle, "undecided": undecided}
        return super().get_context_data(sheets=shown_page, is_stuck=is_stuck(self.object), **facts, **kwargs)


class ImportProgress(ObjectScreen):
    """How far it is, for the page that asks every second; when it is done the page is loaded anew."""

    model = SheetImport
    permission = VIEW
    template_name = "sheets/_progress.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.render_to_response({"object": self.object, "is_stuck": is_stuck(self.object)})
        if not self.object.is_busy:
            response.headers["HX-Refresh"] = "true"
        return response


def _may_enter(sheet_import: SheetImport) -> bool:
    if sheet_import.status != Status.READY or sheet_import.problem or sheet_import.rows.unsettled().exists():
        return False
    return bool(sheet_import.rows.to_enter().exists())


def _has_faults(sheet_import: SheetImport) -> bool:
    return sheet_import.status == Status.READY and bool(sheet_import.rejected)


def _may_resume(sheet_import: SheetImport) -> bool:
    return sheet_import.status == Status.ENTERING and is_stuck(sheet_import)


def _was_put_back(sheet_import: SheetImport) -> bool:
    """Entering refused: as it was checked, it will refuse again."""
    return sheet_import.status == Status.READY and bool(sheet_import.problem)


def _may_check_again(sheet_import: SheetImport) -> bool:
    if _was_put_back(sheet_import):
        return False  # offered first already
    if sheet_import.status == Status.CHECKING:
        return is_stuck(sheet_import)
    return sheet_import.status in (Status.READY, Status.FAILED) and bool(sheet_import.mapping)


def is_stuck(sheet_import: SheetImport) -> bool:
    """Busy, and nothing was heard for a while: the worker is away, or was ended in the middle."""
    return sheet_import.is_busy and (timezone.now() - sheet_import.touched_at).total_seconds() > 60


class _ImportAct(FormScreen):
    model = SheetImport
    form_class: ClassVar[type[Any]] = ConfirmForm
    place = PLACE
    success_message: Text = ""

    def get_success_url(self, result: Any) -> str:
        return self.object.get_absolute_url()

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]


class ImportMatch(_ImportAct):
    """Which sheet, which row has the headings, which column is which."""

    form_class = MatchForm
    action = actions.match
    title = _("Match columns")
    submit_label = _("Check the rows")
    template_name = "sheets/import_match.html"

    @cached_property
    def book(self) -> Book:
        try:
            return self.object.book()
        except ValidationError as error:
            raise Http404(error.messages[0]) from None

    @cached_property
    def sheet(self) -> str:
        asked = self.request.GET.get("lembar", "") or self.object.sheet
        return asked if asked in {sheet.name for sheet in self.book.sheets} else self.book.shown[0].name

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        kind = kind_of(self.object.kind)
        words = actions.words_for(kind, self.request.user)
        head = self.book.head(self.sheet, actions.HEAD)
        asked = self.request.GET.get("baris", "")
        row = int(asked) if asked.isdecimal() else self.object.header_row if self.sheet == self.object.sheet else None
        header = header_at(head, row, words) if row else find_header(head, words)
        is_known = header is not None and (self.sheet, header.row) == (self.object.sheet, self.object.header_row) and self.object.mapping
        mapping = self.object.mapping if is_known else header.matched(words) if header else {}
        below = [values for number, values in head if header and number > header.row and not all(map(is_blank, values))]
        samples = [["" if is_blank(value) else shown(value)[:40] for value in values] for values in below[:SAMPLES]]
        sent = {"data": self.request.POST} if is_bound else {}
        return MatchForm(
            user=self.request.user, subject=self.object, sheet=self.sheet, header=header, samples=samples, mapping=mapping, **sent
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(book=self.book, chosen_sheet=self.sheet, **kwargs)


class _RowAct(_ImportAct):
    @cached_property
    def row(self) -> SheetRow:
        return get_object_or_404(self.object.rows, number=self.kwargs["number"])


class RowCorrect(_RowAct):
    """One row: type over its cells, or say what is to be done with it."""

    form_class = RowForm
    action = actions.correct_row
    submit_label = _("Save and check")
    template_name = "sheets/row_form.html"

    def get_title(self) -> Text:
        return gettext("Row %(row)s") % {"row": self.row.number}

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        sent = {"data": self.request.POST} if is_bound else {}
        return RowForm(user=self.request.user, subject=self.object, row=self.row, **sent)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = shown_rows(self.object, [self.row])
        is_decided = bool(self.object.decisions.get(str(self.row.number), {}).get("outcome"))
        return super().get_context_data(row=rows[0], is_decided=is_decided, **kwargs)

    def get_success_url(self, result: Any) -> str:
        """A small sheet has been judged by now: back to the row while it is not right, otherwise on to the others."""
        now = SheetImport.objects.get(pk=self.object.pk)
        row = now.rows.filter(number=self.row.number).first()
        if row is not None and not now.is_busy and row.outcome == SheetRow.Outcome.FAULTY:
            messages.warning(self.request, gettext("Row %(row)s is still faulty.") % {"row": row.number})
            return self.request.path
        return f"{self.object.get_absolute_url()}?hasil={self.row.outcome}"


class RowSettle(_RowAct):
    """A button beside a row: a new one, the same one, or left out."""

    form_class = SettleForm
    action = actions.settle_row
    http_method_names = ("post", "options")

    def get_action_kwargs(self, form: ActionMixin) -> dict[str, Any]:
        return super().get_action_kwargs(form) | {"number": self.row.number}

    def get_success_url(self, result: Any) -> str:
        return f"{self.object.get_absolute_url()}?hasil={self.row.outcome}"


class SettleAll(_ImportAct):
    form_class = SettleAllForm
    action = actions.settle_all
    title = _("For all of them")
    http_method_names = ("post", "options")


class ImportConfirm(_ImportAct):
    action = actions.confirm
    title = _("Enter")
    submit_label = _("Enter everything")

    def get_confirmation(self) -> Text:
        counts = self.object.outcomes
        sentence = gettext(
            "%(new)s new and %(changed)s changed records will be entered, all of them or none. "
            "%(same)s stay as they are, %(left)s rows are left out."
        )
        new, changed, same = (counts.get(outcome, 0) for outcome in ("baru", "berubah", "sama"))
        return sentence % {"new": jumlah(new), "changed": jumlah(changed), "same": jumlah(same), "left": jumlah(self.object.rejected)}


class ImportRecheck(_ImportAct):
    action = actions.check_again
    title = _("Check again")
    submit_label = _("Check again")
    confirmation = _("Every row is judged anew against what is on record now. What you typed here stays.")


class ImportResume(_ImportAct):
    action = actions.resume
    title = _("Start entering again")
    submit_label = _("Start again")
    confirmation = _("Nothing of this import has been entered: it was stopped in the middle. It starts anew.")


class ImportDiscard(_ImportAct):
    action = actions.discard
    title = _("Discard")
    submit_label = _("Discard")
    is_danger = True
    confirmation = _("Nothing of this file is entered. The file itself stays on record.")


class ImportUndo(_ImportAct):
    form_class = UndoForm
    action = actions.undo
    title = _("Undo this import")
    submit_label = _("Undo")
    is_danger = True
    success_message = _("The import was undone.")

    def get_confirmation(self) -> Text:
        return kind_of(self.object.kind).undoing


class ImportFile(ObjectScreen):
    """The file as it was sent."""

    model = SheetImport
    permission = VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        audit.record("download", self.object, by=request.user, after={"sha256": self.object.sha256})
        with self.object.file.open("rb") as file:
            content = file.read()
        headers = SENT_BY_PEOPLE | {"Content-Disposition": content_disposition_header(True, self.object.name) or "attachment"}
        return HttpResponse(content, content_type="application/octet-stream", headers=headers)


class ImportFaults(ObjectScreen):
    """The sent sheet with every fault marked in its cell."""

    model = SheetImport
    permission = VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.status != Status.READY:
            raise Http404
        audit.record("download", self.object, by=request.user, after={"sha256": self.object.sha256, "format": "xlsx"})
        try:
            content = workbooks.marked(self.object)
        except ValidationError as error:
            raise Http404(error.messages[0]) from None
        return xlsx_response(content, f"perbaiki-{Path(self.object.name).stem[:80]}.xlsx".replace('"', ""))

"""Scans of signed papers: sent in several at once, and what became of each."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions.scans import PERMISSION, file_by_hand, upload_scans
from distribution.forms.scans import ScanForm, ScansForm
from distribution.models import SignedScan
from distribution.views.filing import PLACE as FILING
from ikm_program.screens import Column, Empty, Link, Text
from ikm_program.views import FormScreen, ListScreen
from trainings.views.uploads import UploadedFile

UPLOAD = Link(_("Upload signed papers"), "distribution:scans_upload", PERMISSION, icon="upload")


class ScanList(ListScreen):
    model = SignedScan
    permission = PERMISSION
    title = _("Uploaded signed papers")
    lead = _("What you sent in, and what became of each file.")
    place = FILING
    links = (UPLOAD,)
    related = ("handover__document", "handover__recipient")
    columns = (
        Column(_("File"), "name"),
        Column(_("Uploaded at"), "created_at", kind="datetime", sort="created_at"),
        Column(_("Result"), "status", kind="status", sort="status"),
        Column(_("Handover (BAST)"), "handover", link="handover", unknown=_("not matched")),
        Column(_("Note"), "note", template="distribution/_scan_note.html"),
    )
    search_fields = ("name", "handover__document__number")
    search_label = _("Search file or number")
    ordering = ("-created_at", "-pk")
    is_exportable = False
    empty = Empty(_("No signed paper was uploaded yet."), _("Scan several papers at once: their QR codes say where each belongs."), UPLOAD)

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("handover__document__snapshot", "handover__document__arms")


class ScansUpload(FormScreen):
    model = SignedScan
    form_class = ScansForm
    action = upload_scans
    title = _("Upload signed papers")
    lead = _("The QR code on the paper says which handover it belongs to; it is then filed there by itself.")
    place = FILING
    submit_label = _("Upload")
    success_message = ""


class ScanAssign(FormScreen):
    model = SignedScan
    form_class = ScanForm
    action = file_by_hand
    place = FILING
    related = ("handover",)
    submit_label = _("File it there")
    success_message = _("The signed paper is filed.")

    def get_title(self) -> Text:
        return gettext("Which paper is this: %(file)s") % {"file": self.object.name}

    def get_initial(self) -> dict[str, Any]:
        return {}


class ScanFile(UploadedFile):
    model = SignedScan
    permission = PERMISSION
    place = FILING
    file_field, hash_field, file_name = "file", "sha256", "berkas-bertanda-tangan"

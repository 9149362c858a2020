"""Many papers at once: what a person asked for, how far it is, and the ZIP itself."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program import audit
from ikm_program.screens import Column, Empty, Link
from ikm_program.views import ListScreen, ObjectScreen
from trainings.actions.bundles import PERMISSION
from trainings.models import Bundle

log = logging.getLogger(__name__)
PLACE = "trainings:bundle_list"
REGISTER = Link(gettext_lazy("Register of papers"), "trainings:register", PERMISSION, icon="document")


class BundleList(ListScreen):
    """What this person asked for in the last days."""

    model = Bundle
    permission = PERMISSION
    title = gettext_lazy("My downloads")
    lead = gettext_lazy("ZIP files of many papers, kept for seven days and seen by you alone. The papers themselves stay in the register.")
    place = PLACE
    related = ("job",)
    links = (REGISTER,)
    columns = (
        Column(gettext_lazy("Papers"), "title", link="job"),
        Column(gettext_lazy("Asked for at"), "created_at", kind="datetime"),
        Column(gettext_lazy("Asked for"), "asked", kind="number"),
        Column(gettext_lazy("In the ZIP"), "included", kind="number", unknown=gettext_lazy("not made yet")),
        Column(gettext_lazy("Status"), "job.status", kind="status"),
        Column(gettext_lazy("Kept until"), "expires_at", kind="datetime"),
        Column("ZIP", "is_made", template="trainings/_bundle_link.html"),
    )
    ordering = ("-pk",)
    is_exportable = False
    empty = Empty(
        gettext_lazy("No papers asked for."),
        gettext_lazy("Filter the register of papers, pick some or all, and choose “Download as ZIP”."),
        REGISTER,
    )


class BundleFile(ObjectScreen):
    """The ZIP, for the one who asked, as long as that person works where it was asked for."""

    model = Bundle
    permission = PERMISSION
    place = PLACE
    related = ("by__region",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        bundle: Bundle = self.object
        if not bundle.is_still_for(request.user):
            return self._back(_("This was made for the region you worked in then. Ask for the papers again."))
        if not bundle.file.name or not bundle.file.storage.exists(bundle.file.name):
            return self._back(_("This ZIP is not there: it is still being made, or was kept long enough. Ask for the papers again."))
        with bundle.file.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != bundle.sha256:
            log.error("bundle %s does not have its hash", bundle.pk)
            audit.record("file_damaged", bundle, by=request.user, after={"expected": bundle.sha256, "found": found})
            return self._back(_("The stored file no longer has the hash it was stored with, so it is not sent. Ask for the papers again."))
        audit.record("download", bundle, by=request.user, after={"file": bundle.file_name, "sha256": found, "papers": bundle.included})
        return FileResponse(bundle.file.open("rb"), as_attachment=True, filename=bundle.file_name, content_type="application/zip")

    def _back(self, sentence: str) -> HttpResponseBase:
        messages.warning(self.request, sentence)
        return HttpResponseRedirect(self.object.get_absolute_url())

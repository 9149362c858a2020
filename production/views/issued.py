"""Screens of records that one person drafts, another issues and somebody may cancel (`production.models.issued.IssuedRecord`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import NextStep, Text
from ikm_program.views import FormScreen, ObjectScreen
from production.forms.inspections import CancelForm
from production.forms.output import ConfirmForm
from production.models.issued import IssuedRecord
from trainings.models import IssuedDocument
from trainings.views.documents import inline_pdf

OPEN_PDF = NextStep(
    _("Open the PDF"),
    "trainings:document_file",
    "trainings.view_issueddocument",
    when=lambda obj, user: not obj.is_draft,
    kwargs=lambda obj: {"pk": obj.document_id},
    icon="document",
)


def may_edit(record: IssuedRecord, user: Any) -> bool:
    return record.is_draft and bool(user.region.covers(record.home))


def may_issue(record: IssuedRecord, user: Any) -> bool:
    return may_edit(record, user) and not record.is_drafted_by(user)


def may_cancel(record: IssuedRecord, user: Any) -> bool:
    return record.status == record.Status.ISSUED and bool(user.region.covers(record.home))


def steps_of(noun: str, app: str, *, cancel: Text, may_be_cancelled: Callable[[Any, Any], bool] = may_cancel) -> tuple[NextStep, ...]:
    """What can be done with a record of that noun ("inspection"), by the names that its addresses and permissions have."""
    change, issue = f"{app}.change_{noun}", f"{app}.issue_{noun}"
    return (
        NextStep(_("Check and issue"), f"{app}:{noun}_issue", issue, when=may_issue, icon="check"),
        OPEN_PDF,
        NextStep(_("Preview"), f"{app}:{noun}_preview", "", when=lambda obj, user: obj.is_draft, icon="document"),
        NextStep(_("Edit"), f"{app}:{noun}_update", change, when=may_edit, icon="edit"),
        NextStep(_("Throw the draft away"), f"{app}:{noun}_discard", change, when=may_edit, icon="trash", is_danger=True),
        NextStep(cancel, f"{app}:{noun}_cancel", issue, when=may_be_cancelled, icon="alert", is_danger=True),
    )


def papers_of(record: Any, user: Any) -> Any:
    """The issued paper of a record, as its page lists it."""
    return (
        IssuedDocument.objects.for_user(user)
        .filter(pk=record.document_id)
        .select_related("file")
        .defer("file__content", "snapshot", "arms")
    )


class PreviewScreen(ObjectScreen):
    """The PDF as it stands now, with its DRAF mark while it is a draft."""

    snapshot: ClassVar[Callable[[Any, None], Any]]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return inline_pdf(type(self).snapshot(self.object, None), self.object.paper_office, may_be_framed=True)


class DraftsOnly(ObjectScreen):
    """A page about a draft: once it is issued its own page opens instead. An act sent too late is refused in words."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_draft:
            return HttpResponseRedirect(self.object.get_absolute_url())
        found: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]  # the screen it is mixed with
        return found


class IssueScreen(DraftsOnly, FormScreen):
    """Looked at once more, beside its page, by somebody who did not write it."""

    form_class = ConfirmForm
    template_name = "production/gate_issue.html"
    submit_label = _("Issue")
    obstacles: ClassVar[Callable[[Any], Sequence[str]]]
    preview: ClassVar[str]  # url name

    def get_title(self) -> Text:
        return gettext("Issue: %(what)s") % {"what": self.object}

    def get_success_message(self, result: Any) -> Text:
        return gettext("Issued under the number %(number)s.") % {"number": result.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            obstacles=type(self).obstacles(self.object),
            is_own_draft=self.object.is_drafted_by(self.request.user),
            preview_url=reverse(self.preview, kwargs={"pk": self.object.pk}),
            **kwargs,
        )


class DiscardScreen(DraftsOnly, FormScreen):
    form_class = ConfirmForm
    submit_label = _("Throw the draft away")
    success_message = _("The draft was thrown away. It never had a number.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Throw away: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext("The draft disappears. No number is lost and no goods move.")

    def get_success_url(self, result: Any) -> str:
        return reverse(self.place)


class CancelScreen(FormScreen):
    form_class = CancelForm
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel: %(what)s") % {"what": self.object}

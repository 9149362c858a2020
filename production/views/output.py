"""A district's reports: list, page, entry form, and what their author may do with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, cast
from uuid import UUID, uuid4

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.sending import key_of
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from production.actions.output import Doubted, edit_and_submit_output, edit_output, record_and_submit_output, record_output
from production.actions.photos import remove_photo
from production.batches import open_batches
from production.filters.output import OutputFilter
from production.forms.output import OutputEditForm, OutputForm
from production.models import OutputEntry, OutputLine, OutputPhoto
from production.plausibility import Flag
from production.views.output_steps import PLACE, CorrectionUpdate, KeptEntry
from production.views.photos import keep_photos
from trainings.models import Batch

NEW = Link(_("Record output"), "production:output_create", "production.add_outputentry", icon="plus")
NOT_YET = _("not verified yet")
SUBMIT, ANYWAY = "ajukan", "tetap"


def _is_keeper(entry: OutputEntry, user: Any) -> bool:
    """The same question as `OutputEntryQuerySet.kept_by`, for one report that is at hand."""
    return bool(entry.created_by_id == user.pk or (not user.is_only_instructor and entry.region_id == user.region_id))


def _may_edit(entry: OutputEntry, user: Any) -> bool:
    return entry.status == OutputEntry.Status.DRAFT and _is_keeper(entry, user)


def _may_mend(entry: OutputEntry, user: Any) -> bool:
    """What came back is put right before it is handed in again."""
    return entry.status == OutputEntry.Status.RETURNED and _is_keeper(entry, user)


def _may_submit(entry: OutputEntry, user: Any) -> bool:
    return entry.is_editable and _is_keeper(entry, user)


def _may_withdraw(entry: OutputEntry, user: Any) -> bool:
    return entry.status == OutputEntry.Status.SUBMITTED and _is_keeper(entry, user)


def _may_correct(entry: OutputEntry, user: Any) -> bool:
    return entry.status == OutputEntry.Status.VERIFIED and not entry.is_correction and user.region.covers(entry.region)


def _may_discard(entry: OutputEntry, user: Any) -> bool:
    return entry.status == OutputEntry.Status.DRAFT and _is_keeper(entry, user) and not entry.report_movements.exists()


def _may_cancel(entry: OutputEntry, user: Any) -> bool:
    return entry.is_editable and _is_keeper(entry, user) and entry.report_movements.exists()


def _may_verify(entry: OutputEntry, user: Any) -> bool:
    return entry.status == OutputEntry.Status.SUBMITTED and user.pk not in (entry.created_by_id, entry.submitted_by_id)


class OutputList(ListScreen):
    model = OutputEntry
    permission = "production.view_outputentry"
    title = _("Output")
    place = PLACE
    related = ("product", "region", "batch__activity", "batch__region")
    links = (NEW,)
    columns = (
        Column(_("Production date"), "made_on", kind="date", link="self", sort="made_on"),
        Column(_("Product"), "product.short_name"),
        Column(_("Kabupaten/kota"), "region.short_name"),
        Column(_("Batch"), "batch.activity.name"),
        Column(_("Good"), "good", kind="number", unit="product.unit"),
        Column(_("Rejected by the maker"), "rejected", kind="number"),
        Column(_("Verified"), "verified_quantity", kind="number", unknown=NOT_YET),
        Column(_("Status"), "status", kind="status"),
        Column(_("Note"), "note", unknown=_("no note"), is_optional=True),
        Column(_("Recorded at"), "created_at", kind="datetime", sort="pk", is_optional=True),
    )
    search_fields = ("product__name", "region__name", "batch__activity__name", "note")
    search_label = _("Search reports")
    filterset_class = OutputFilter
    ordering = ("-made_on",)
    is_big = True
    tallied_by = "wilayah"
    empty = Empty(_("No production report yet."), _("A report says what a batch made on a day."), NEW)


class EntryPage(DetailScreen):
    """One report with everything that belongs to it."""

    model = OutputEntry
    permission = "production.view_outputentry"
    place = PLACE
    related = (
        "product",
        "region",
        "batch__activity__programme",
        "batch__region",
        "created_by",
        "verified_by",
        "submitted_by",
        "corrects__product",
        "corrects__region",
    )
    prefetched = (
        Prefetch("lines", OutputLine.objects.select_related("participant", "lot", "corrects__participant")),
        "photos",
        "corrections",
    )


class OutputDetail(EntryPage):
    facts = (
        Fact(_("Product"), "product", link="product"),
        Fact(_("Batch"), "batch", link="batch"),
        Fact(_("Kabupaten/kota"), "region"),
        Fact(_("Production date"), "made_on", kind="date"),
        Fact(_("Good"), "good", kind="number", unit="product.unit"),
        Fact(_("Rejected by the maker"), "rejected", kind="number", unit="product.unit"),
        Fact(_("Verified"), "verified_quantity", kind="number", unit="product.unit", unknown=NOT_YET),
        Fact(_("Verified by"), "verified_by", unknown=NOT_YET),
        Fact(_("Recorded by"), "created_by"),
        Fact(_("Submitted at"), "submitted_at", kind="datetime", unknown=_("not submitted yet")),
        Fact(_("Note"), "note", kind="longtext", unknown=_("no note")),
    )
    steps = (
        NextStep(_("Verify"), "production:verification_detail", "production.verify_outputentry", when=_may_verify, icon="check"),
        NextStep(_("Put right"), "production:output_update", "production.change_outputentry", when=_may_mend, icon="edit"),
        NextStep(_("Submit"), "production:output_submit", "production.change_outputentry", when=_may_submit, icon="upload"),
        NextStep(_("Edit"), "production:output_update", "production.change_outputentry", when=_may_edit, icon="edit"),
        NextStep(_("Withdraw"), "production:output_withdraw", "production.change_outputentry", when=_may_withdraw, icon="back"),
        NextStep(_("Correct"), "production:output_correct", "production.add_outputentry", when=_may_correct, icon="edit"),
        NextStep(_("Delete draft"), "production:output_discard", "production.change_outputentry", when=_may_discard, is_danger=True),
        NextStep(_("Cancel the report"), "production:output_cancel", "production.change_outputentry", when=_may_cancel, is_danger=True),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.object.was_submitted:  # a draft again: when it was sent is history
            earlier = _("Was submitted at")
            context["facts"] = [replace(fact, label=earlier) if fact.path == "submitted_at" else fact for fact in self.facts]
        return context


class OutputRecorded(EntryPage):
    """After the form: what was recorded, where it stands, and the way to the next one."""

    template_name = "production/output_recorded.html"
    title = _("Recorded")
    facts = OutputDetail.facts[:6]
    has_history = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        again = f"{reverse('production:output_create')}?angkatan={self.object.batch_id}"
        return super().get_context_data(again_url=again, may_submit=_may_submit(self.object, self.request.user), **kwargs)


class EntryForm(FormScreen):
    """Recording and editing: the same page, photos that arrive before their form, two ways to save."""

    model = OutputEntry
    place = PLACE
    template_name = "production/output_form.html"
    success_message = ""
    doubts: Sequence[Flag] = ()

    @property
    def is_submitting(self) -> bool:
        return self.request.POST.get("langkah") in (SUBMIT, ANYWAY)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.photo_problems = keep_photos(request, key_of(request))
        return super().post(request, *args, **kwargs)

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        form = super().get_form(is_bound=is_bound)
        form.photo_problems = getattr(self, "photo_problems", [])  # type: ignore[attr-defined]
        return form

    def perform(self, form: ActionMixin) -> Any:
        self._remove_photos()  # first: a new report would take them along, and a submitted one keeps its photos
        try:
            return super().perform(form)
        except Doubted as question:
            self.doubts = question.doubts
            raise

    def get_action_kwargs(self, form: ActionMixin) -> dict[str, Any]:
        """The author is asked about what looks odd, and may submit it all the same."""
        asked = {"is_sure": self.request.POST["langkah"] == ANYWAY} if self.is_submitting else {}
        return super().get_action_kwargs(form) | asked

    def _remove_photos(self) -> None:
        asked = [value for value in self.request.POST.getlist("remove_photo") if value.isdecimal()]
        for photo in self._own_photos(key_of(self.request)).filter(pk__in=asked).select_related("entry"):
            remove_photo(photo, by=self.request.user)

    def _own_photos(self, key: UUID | None) -> Any:
        """What was sent ahead with this very form; an edit adds the report's own."""
        waiting = Q(form_key=key, uploaded_by=self.request.user, entry=None) if key else Q(pk__in=[])
        return OutputPhoto.objects.for_user(self.request.user).filter(waiting)

    def get_success_url(self, result: OutputEntry) -> str:
        return reverse("production:output_recorded", kwargs={"pk": result.pk})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        key = key_of(self.request) or (uuid4() if form.is_bound else form["key"].value())  # a form sent without its key gets a new one
        return super().get_context_data(
            upload_url=reverse("production:photo_upload", kwargs={"form_key": key}),
            kept_photos=self._own_photos(key_of(self.request)),
            post_url=self.request.get_full_path(),
            doubts=self.doubts,
            is_question=bool(self.doubts),
            **kwargs,
        )


class OutputCreate(EntryForm):
    """Record what a batch made. With several batches the first page asks which one."""

    form_class = OutputForm
    action = record_output
    title = _("Record output")
    place = "production:output_create"

    def get_action(self) -> Callable[..., Any]:
        return cast("Callable[..., Any]", record_and_submit_output if self.is_submitting else record_output)

    @cached_property
    def batches(self) -> list[Batch]:
        return list(open_batches(self.request.user).with_names())  # type: ignore[arg-type]

    @cached_property
    def subject(self) -> Batch | None:
        """The batch: the one asked for, or the only one."""
        asked = self.request.GET.get("angkatan", "")
        if not asked:
            return self.batches[0] if len(self.batches) == 1 else None
        found = next((batch for batch in self.batches if str(batch.pk) == asked), None)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.choose_batch() if self.subject is None else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.choose_batch() if self.subject is None else super().post(request, *args, **kwargs)

    def choose_batch(self) -> HttpResponse:
        self.template_name = "production/output_choose_batch.html"
        return self.render_to_response(FormScreen.get_context_data(self, batches=self.batches))

    def get_cancel_url(self) -> str:
        return reverse(PLACE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.subject is not None  # otherwise the page that asks for it was shown
        context = super().get_context_data(batch=self.subject, has_other_batches=len(self.batches) > 1, **kwargs)
        context["post_url"] = f"{self.request.path}?angkatan={self.subject.pk}"
        return context


class OutputUpdate(EntryForm, KeptEntry):
    form_class = OutputEditForm
    action = edit_output
    prefetched = (Prefetch("lines", OutputLine.objects.select_related("participant")),)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A correction has a form of its own, which asks the same two questions."""
        if OutputEntry.objects.for_user(request.user).filter(pk=kwargs["pk"], corrects__isnull=False).exists():
            return CorrectionUpdate.as_view()(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get_action(self) -> Callable[..., Any]:
        return cast("Callable[..., Any]", edit_and_submit_output if self.is_submitting else edit_output)

    def get_title(self) -> Text:
        return format_lazy(_("Edit: {report}"), report=str(self.object))

    def _own_photos(self, key: UUID | None) -> Any:
        own = OutputPhoto.objects.for_user(self.request.user).filter(entry=self.object)
        return super()._own_photos(key) | own

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.object.batch, **kwargs)

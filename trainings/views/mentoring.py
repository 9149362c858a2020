from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Step, Text, resolved
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.filters.mentoring import PipelineFilter
from trainings.forms.fields import ReasonForm
from trainings.forms.mentoring import CertificateForm, PassForm, PipelineForm, PipelineUpdateForm, StepForm, StepUpdateForm, StopForm
from trainings.models import Pipeline, PipelineStep
from trainings.standards import load_of
from trainings.views.reach import within_reach
from trainings.views.uploads import UploadedFile

PLACE = "trainings:pipeline_list"
NEW = Link(_("Begin a mentoring"), "trainings:pipeline_create", "trainings.add_pipeline", icon="plus")
REPORT = Link(_("Report"), "trainings:pipeline_report", "trainings.view_pipeline", icon="report")
CHANGE = "trainings.change_pipeline"
_is_own = within_reach("enterprise.region")
NOT_KNOWN = _("not known")


class PipelineList(ListScreen):
    """Who is on the way to what, how far, what comes next; the late ones say by how many days."""

    model = Pipeline
    permission = "trainings.view_pipeline"
    title = _("Mentoring")
    lead = _("Businesses on their way to a certificate or permit.")
    place = PLACE
    related = ("enterprise__region", "officer", "licence")
    prefetched = ("steps",)
    links = (NEW, REPORT)
    columns = (
        Column(_("Business"), "enterprise", link="self", sort="enterprise__sort_name"),
        Column(_("Kind"), "get_kind_display", sort="kind"),
        Column(_("Product"), "product", unknown=_("everything it makes"), is_optional=True),
        Column(_("Kabupaten/kota"), "enterprise.region.short_name", sort="enterprise__region__kemendagri_code"),
        Column(_("Begun"), "started_on", kind="date", sort="started_on"),
        Column(_("Steps"), "progress_words"),
        Column(_("Next action"), "upcoming", template="trainings/_pipeline_next.html", unknown=_("nothing more to do")),
        Column(_("Expected end"), "due_on", template="trainings/_pipeline_due.html", sort="due_on", unknown=NOT_KNOWN),
        Column(_("Officer in charge"), "officer", unknown=_("nobody yet"), is_optional=True),
        Column(_("Certificate or permit"), "licence.number", unknown=_("no number"), is_optional=True),
        Column(_("Valid until"), "licence.valid_until", kind="date", unknown=_("no end known"), is_optional=True),
        Column(_("Status"), "status", kind="status"),
    )
    search_fields = ("enterprise__name", "enterprise__owner_name", "product", "licence__number")
    search_label = _("Search mentoring")
    filterset_class = PipelineFilter
    ordering = ("-started_on",)
    empty = Empty(_("No mentoring yet."), _("Halal, distribution permit, nutrition facts, trademark: one for each business and kind."), NEW)


class PipelineDetail(DetailScreen):
    """The timeline of one mentoring; the usual act is the next step, one tap away."""

    model = Pipeline
    permission = "trainings.view_pipeline"
    place = PLACE
    related = ("enterprise__region__parent", "officer", "licence", "superior__enterprise", "handed__occasion", "created_by")
    prefetched = ("steps__officer",)
    facts = (
        Fact(_("Business"), "enterprise", link="enterprise"),
        Fact(_("Kind"), "get_kind_display"),
        Fact(_("Product"), "product", unknown=_("everything it makes")),
        Fact(_("Superior product"), "superior.name", link="superior", unknown=_("for none")),
        Fact(_("Kabupaten/kota"), "enterprise.region"),
        Fact(_("Officer in charge"), "officer", unknown=_("nobody yet")),
        Fact(_("Started on"), "started_on", kind="date"),
        Fact(_("Expected end"), "due_on", template="trainings/_pipeline_due.html", unknown=NOT_KNOWN),
        Fact(_("Ended on"), "ended_on", kind="date", unknown=_("still in progress")),
    )
    steps = (
        NextStep(
            _("Record a step"), "trainings:step_record", CHANGE,
            when=lambda row, user: _runs(row, user) and row.upcoming_step is not None, icon="check",
        ),
        NextStep(
            _("Passed: record the certificate"), "trainings:pipeline_pass", CHANGE,
            when=lambda row, user: _runs(row, user), icon="document",
        ),
        NextStep(_("Edit"), "trainings:pipeline_update", CHANGE, when=lambda row, user: _runs(row, user), icon="edit"),
        NextStep(
            _("Correct the certificate"), "trainings:pipeline_certificate", CHANGE,
            when=lambda row, user: row.licence_id and _is_own(row, user), icon="edit",
        ),
        NextStep(
            _("Take it up again"), "trainings:pipeline_resume", CHANGE,
            when=lambda row, user: row.status == Pipeline.Status.STOPPED and _is_own(row, user), icon="back",
        ),
        NextStep(_("Stop it"), "trainings:pipeline_stop", CHANGE, when=lambda row, user: _runs(row, user), icon="stop", is_danger=True),
    )  # fmt: skip

    def get_steps(self) -> list[Step]:
        """The step that comes next says its name."""
        found, upcoming = super().get_steps(), self.object.upcoming_step
        record = resolved("trainings:step_record", pk=self.object.pk)
        if upcoming is None:
            return found
        usual = Step(gettext("Record: %(step)s") % {"step": upcoming.label}, f"{record}?step={upcoming.code}", "check")
        return [usual if step.href == record else step for step in found]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        done = list(self.object.steps.all())
        for step in done:
            step.pipeline = self.object  # the same one: it names the steps
        return super().get_context_data(done=done, ahead=self.steps_ahead(), load=load_of(self.object), may_edit=self.may_edit(), **kwargs)

    def steps_ahead(self) -> list[Any]:
        row = self.object
        return [step for step in row.declared.steps if step.code not in row.passed_codes] if row.is_running else []

    def may_edit(self) -> bool:
        return NextStep("", PLACE, CHANGE, kwargs=lambda obj: {}).link_for(self.object, self.request.user) is not None and _runs(
            self.object, self.request.user
        )


def _runs(pipeline: Pipeline, user: Any) -> bool:
    return pipeline.is_running and _is_own(pipeline, user)


class PipelineCreate(FormScreen):
    model = Pipeline
    form_class = PipelineForm
    action = actions.start_pipeline
    title = _("Begin a mentoring")
    place = PLACE

    def done(self, form: ActionMixin, result: Any) -> HttpResponse:
        load = load_of(result)
        if load.words:
            (messages.warning if load.level == "warning" else messages.info)(self.request, load.words)
        return super().done(form, result)


class _OfPipeline(FormScreen):
    """Something done to a mentoring."""

    model = Pipeline
    place = PLACE
    related = ("enterprise__region", "officer", "licence")

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_title(self) -> Text:
        return f"{self.title} · {self.object.enterprise}"

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]


class PipelineUpdate(_OfPipeline):
    form_class = PipelineUpdateForm
    action = actions.update_pipeline
    title = _("Edit")

    def get_initial(self) -> dict[str, Any]:
        return FormScreen.get_initial(self)


class StepRecord(_OfPipeline):
    """On a phone in the workshop: the step is chosen already, the day is today."""

    form_class = StepForm
    action = actions.record_step
    is_edit = False
    prefetched = ("steps",)
    title = _("Record a step")
    success_message = _("The step is on record.")

    def get_initial(self) -> dict[str, Any]:
        upcoming = self.object.upcoming_step
        return {"step": self.request.GET.get("step") or (upcoming.code if upcoming else "")}


class PipelinePass(_OfPipeline):
    form_class = PassForm
    action = actions.pass_pipeline
    title = _("Passed")
    submit_label = _("Record the certificate")
    success_message = _("The certificate is on record with the business.")

    def get_confirmation(self) -> Text:
        return gettext("The licence is kept with %(business)s; a licence that is there already under this number is filled in.") % {
            "business": self.object.enterprise
        }


class PipelineCertificate(_OfPipeline):
    form_class = CertificateForm
    action = actions.correct_certificate
    is_edit = True
    title = _("Correct the certificate")

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(licence__isnull=False)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object.licence, name) for name in self.form_class.base_fields}


class PipelineStop(_OfPipeline):
    form_class = StopForm
    action = actions.stop_pipeline
    title = _("Stop it")
    submit_label = _("Stop it")
    is_danger = True
    confirmation = _("It stays on record with its steps and can be taken up again.")
    success_message = _("The mentoring is stopped.")


class PipelineResume(_OfPipeline):
    form_class = ReasonForm
    action = actions.resume_pipeline
    title = _("Take it up again")
    submit_label = _("Take it up again")
    success_message = _("The mentoring goes on.")


class StepUpdate(FormScreen):
    model = PipelineStep
    form_class = StepUpdateForm
    action = actions.update_step
    place = PLACE
    related = ("pipeline__enterprise__region", "officer")

    def get_title(self) -> Text:
        return f"{self.object.step_label} · {self.object.pipeline}"

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object.pipeline), self.object.get_absolute_url())]


class StepDocument(UploadedFile):
    model = PipelineStep
    permission = "trainings.view_pipeline"
    place = PLACE
    related = ("pipeline__enterprise__region",)
    file_field, hash_field, file_name = "document", "document_sha256", "dokumen-pendampingan"

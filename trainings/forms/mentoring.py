from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import ActionForm, ActionModelForm, DateField, QuantityField
from trainings.mentoring import MentoringKind
from trainings.models import Enterprise, Licence, MentoringStandard, Pipeline, PipelineStep, Region, SuperiorProduct, User
from trainings.standards import next_loads

Sections = tuple[tuple[Any, tuple[str, ...]], ...]
OFFICERS = ("staf_provinsi", "petugas_kabupaten")  # whose work it is
OPEN_LENGTH = _("Left empty: the usual length of this kind, where one is known.")


def officers() -> Any:
    return User.objects.filter(is_active=True, groups__name__in=OFFICERS).distinct().order_by("full_name")


class SuperiorChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.enterprise}"


class PipelineForm(ActionModelForm):
    """Begin: which business, for what, since when, who goes with it, and what comes first."""

    intro_template = "trainings/_capacity_intro.html"
    owned_choices = ("enterprise", "superior")
    sections: ClassVar[Sections] = (
        (_("Business"), ("enterprise", "kind", "product", "superior")),
        (_("Time and officer"), ("started_on", "expected_months", "officer")),
        (_("Next"), ("next_action", "next_on")),
    )
    enterprise = SearchedChoiceField(
        Enterprise.objects.all(),
        suggestions="trainings:enterprise_suggestions",
        label=_("Business"),
        help_text=_("Type a part of the name and choose."),
    )
    started_on = DateField(label=_("Started on"), initial=timezone.localdate)
    expected_months = QuantityField(label=_("Expected length (months)"), required=False, max_value=60, help_text=OPEN_LENGTH)
    superior = SuperiorChoice(
        SuperiorProduct.objects.filter(status=SuperiorProduct.Status.SELECTED).select_related("enterprise"),
        label=_("Superior product"),
        required=False,
        help_text=_("Where the mentoring is for a product that the province has selected."),
    )
    officer = forms.ModelChoiceField(User.objects.none(), label=_("Officer in charge"), required=False)

    class Meta:
        model = Pipeline
        fields = ("enterprise", "kind", "product", "superior", "started_on", "expected_months", "officer", "next_action", "next_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loads = next_loads(self.user.region, timezone.localdate().year)
        people = officers().for_user(self.user)
        if isinstance(self.subject, Pipeline):
            people = people | officers().filter(pk=self.subject.officer_id)
        officer: Any = self.fields["officer"]
        officer.queryset = people
        if not isinstance(self.subject, Pipeline):
            officer.initial = self.user


class PipelineUpdateForm(PipelineForm):
    """Business and kind stay: another one is another mentoring."""

    intro_template = ""
    sections: ClassVar[Sections] = (
        (_("Next"), ("next_action", "next_on")),
        (_("Time and officer"), ("officer", "started_on", "expected_months")),
        (_("Business"), ("product", "superior")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["enterprise"], self.fields["kind"]
        self.fields["expected_months"].help_text = _("Left empty: no expected end.")
        superior: Any = self.fields["superior"]
        superior.queryset = superior.queryset.filter(enterprise=self.subject.enterprise_id)


class StepForm(ActionForm):
    """One step of a mentoring, with the document that proves it, and what comes next."""

    sections: ClassVar[Sections] = (
        (_("What was done"), ("step", "result", "done_on", "officer", "note", "document")),
        (_("Next"), ("next_action", "next_on")),
    )
    step = forms.ChoiceField(label=_("Step"))
    result = forms.ChoiceField(label=_("Result"), choices=PipelineStep.Result.choices, widget=forms.RadioSelect, initial="lulus")
    done_on = DateField(label=_("Date"), initial=timezone.localdate)
    officer = forms.ModelChoiceField(User.objects.none(), label=_("Officer"))
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Needed where it stops.")
    )
    document = forms.FileField(label=_("Document (PDF or photo)"), required=False)
    next_action = forms.CharField(
        label=_("Next action"), max_length=200, required=False, help_text=_("Left empty: the next step of this kind.")
    )
    next_on = DateField(label=_("To be done by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pipeline = self.pipeline
        done = pipeline.passed_codes - {getattr(self.subject, "step", "")}
        step: Any = self.fields["step"]
        step.choices = [(one.code, one.label) for one in pipeline.declared.steps if one.code not in done]
        officer: Any = self.fields["officer"]
        officer.queryset = officers().for_user(self.user) | officers().filter(pk=getattr(self.subject, "officer_id", None) or self.user.pk)
        officer.initial = self.user

    @property
    def pipeline(self) -> Pipeline:
        assert isinstance(self.subject, Pipeline)
        return self.subject


class StepUpdateForm(StepForm):
    """Of a step on record: what was written down wrongly."""

    sections: ClassVar[Sections] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("step", "next_action", "next_on", *(("document",) if self.subject.document else ())):
            del self.fields[name]
        result: Any = self.fields["result"]
        result.choices = [choice for choice in PipelineStep.Result.choices if choice[0] != PipelineStep.Result.STOPPED]

    @property
    def pipeline(self) -> Pipeline:
        assert isinstance(self.subject, PipelineStep)
        return self.subject.pipeline


class CertificateForm(ActionForm):
    """The licence that it ended in."""

    number = forms.CharField(label=_("Number of the certificate or permit"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=120, required=False)
    issued_on = DateField(label=_("Issued on"), required=False)
    valid_until = DateField(label=_("Valid until"), required=False, help_text=_("Left empty: no end is known."))


class PassForm(CertificateForm):
    """It came through: on which day, and with which licence."""

    passed_on = DateField(label=_("Passed on"), initial=timezone.localdate)
    licence_kind = forms.ChoiceField(label=_("Kind of licence"))
    field_order = ("passed_on", "licence_kind", "number", "issuer", "issued_on", "valid_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.subject.declared.licence_kinds
        kind: Any = self.fields["licence_kind"]
        kind.choices = [(code, Licence.Kind(code).label) for code in kinds]
        if len(kinds) == 1:
            del self.fields["licence_kind"]


class StopForm(ActionForm):
    stopped_on = DateField(label=_("Stopped on"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), max_length=250)


class StandardForm(ActionModelForm):
    owned_choices = ("region",)
    field_order = ("region", "kind")
    expected_months = QuantityField(label=_("Expected length (months)"), required=False, max_value=60)
    notice_from = QuantityField(label=_("Notice from the … of a year"), required=False, max_value=30_000)
    warn_from = QuantityField(
        label=_("Warning from the … of a year"), required=False, max_value=30_000, help_text=_("Nobody is ever turned away by it.")
    )

    class Meta:
        model = MentoringStandard
        fields = ("region", "kind", "expected_months", "notice_from", "warn_from", "basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        region.queryset = region.queryset.filter(kind=Region.Kind.PROVINCE)
        region.initial = self.user.region
        if isinstance(self.subject, MentoringStandard):
            del self.fields["region"], self.fields["kind"]


class FunnelParameters(forms.Form):
    """Of the report: which kind, begun in which year, as of which day."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *MentoringKind.choices], required=False)
    year = forms.IntegerField(label=_("Begun in the year"), min_value=2000, max_value=2100, required=False)
    as_of = DateField(label=_("As of"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

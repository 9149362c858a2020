"""The audit trail as a page: who changed what and when, before and after; filtered, and as a file for auditors."""

from __future__ import annotations

from typing import Any

import django_filters
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program import audit_words, reporting
from ikm_program.filters import DateFilter, FilterSet, matching
from ikm_program.lists import POSITION
from ikm_program.models import AuditEvent
from ikm_program.screens import Column, Empty, Link, resolved
from ikm_program.views import ListScreen, ReportScreen

PERMISSION = "ikm_program.view_auditevent"
PLACE = "audit_list"
SEARCH_FIELDS = ("label", "reason", "by__full_name", "by__username")
IN_ONE_FILE = 20_000


def record_kinds() -> list[tuple[str, str]]:
    """Kinds of record that events can be about, by their own names."""
    models = [model for model in apps.get_models() if hasattr(model, "SCOPE") and model._meta.app_label != "ikm_program"]
    return sorted(((model._meta.label_lower, audit_words.kind_label(model._meta.label_lower)) for model in models), key=lambda one: one[1])


class AuditFilter(FilterSet):
    orang = django_filters.ModelChoiceFilter(field_name="by", queryset=None, label=gettext_lazy("Person"))
    perbuatan = django_filters.ChoiceFilter(
        choices=lambda: audit_words.verb_choices(list(audit_words.VERB_LABELS)), method="of_verb", label=gettext_lazy("Act")
    )
    jenis = django_filters.ChoiceFilter(field_name="model", choices=record_kinds, label=gettext_lazy("Kind of record"))
    wilayah = django_filters.ModelChoiceFilter(queryset=None, method="of_region", label=gettext_lazy("Region"))
    dari = DateFilter(field_name="at", lookup_expr="date__gte", label=gettext_lazy("From"))
    sampai = DateFilter(field_name="at", lookup_expr="date__lte", label=gettext_lazy("Until"))

    class Meta:
        model = AuditEvent
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user  # narrowed here: the manager of accounts is not a scoped queryset itself
        self.filters["orang"].queryset = get_user_model()._default_manager.for_user(user).order_by("full_name")
        self.filters["wilayah"].queryset = apps.get_model("trainings", "Region").objects.owned_by(user).order_by("kemendagri_code")

    def of_verb(self, queryset: Any, name: str, value: str) -> Any:
        asked = Q()
        for verb in audit_words.verbs_like(value):
            asked |= Q(verb=verb) | Q(verb__startswith=f"{verb}:")
        return queryset.filter(asked)

    def of_region(self, queryset: Any, name: str, region: Any) -> Any:
        return queryset.filter(region_path__startswith=region.path)


class AuditTrail(ListScreen):
    model = AuditEvent
    permission = PERMISSION
    title = gettext_lazy("Audit trail")
    lead = gettext_lazy(
        "Who changed what and when. Nothing here can be changed or deleted; every event carries the hash of the one before it."
    )
    place = PLACE
    template_name = "audit/trail.html"
    related = ("by",)
    columns = (
        Column(gettext_lazy("Time"), "at", kind="datetime", sort="sequence"),
        Column(gettext_lazy("Person"), "by", unknown=gettext_lazy("the system")),
        Column(gettext_lazy("Act"), "verb", template="audit/_deed.html"),
        Column(gettext_lazy("Affected record"), "label", template="audit/_record.html"),
        Column(gettext_lazy("Before and after"), "after", template="audit/_changes.html"),
    )
    search_fields = SEARCH_FIELDS
    search_label = gettext_lazy("Search record, reason or person")
    filterset_class = AuditFilter
    ordering = ("-sequence",)
    is_big = True
    is_exportable = False  # the file has the hashes, too
    tallied_by = "wilayah"
    empty = Empty(gettext_lazy("No events for this choice."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        events = context["object_list"] = list(context["object_list"])
        for event in events:
            event.url = audit_words.record_url(event, self.request.user)
        return context

    @property
    def exports(self) -> list[Link]:  # type: ignore[override]  # the same filter goes along
        query = self.request.GET.copy()
        for name in POSITION:
            query.pop(name, None)
        found = []
        for name, label in (("xlsx", "Excel"), ("csv", "CSV")):
            query["format"] = name
            found.append(Link(label, url=f"{resolved('audit_export')}?{query.urlencode()}", icon="download", is_download=True))
        return found


class AuditExport(ReportScreen):
    """The same choice of events as a file; newest first, at most so many in one file."""

    permission = PERMISSION
    title = gettext_lazy("Audit trail")
    place = PLACE
    file_name = "jejak-audit"
    formats = ("html", "xlsx", "csv")

    def get_report(self, **parameters: Any) -> reporting.Report:
        events = AuditFilter(self.request.GET or None, queryset=AuditEvent.objects.for_user(self.request.user), request=self.request).qs
        text = self.request.GET.get("q", "").strip()
        events = matching(events, SEARCH_FIELDS, text) if text else events
        newest = events.select_related("by").order_by("-sequence")[:IN_ONE_FILE]
        return trail_report([event_row(event) for event in newest])


def trail_report(rows: list[dict[str, Any]]) -> reporting.Report:
    return reporting.Report(
        title=gettext_lazy("Audit trail"),
        columns=[
            reporting.Column(key="sequence", label=gettext_lazy("No.")),
            reporting.Column(key="at", label=gettext_lazy("Time"), width=2),
            reporting.Column(key="by", label=gettext_lazy("Person"), width=2, unknown=gettext_lazy("the system")),
            reporting.Column(key="deed", label=gettext_lazy("Act"), width=2),
            reporting.Column(key="kind", label=gettext_lazy("Kind of record"), width=2),
            reporting.Column(key="label", label=gettext_lazy("Affected record"), width=3),
            reporting.Column(key="before", label=gettext_lazy("Before"), width=3),
            reporting.Column(key="after", label=gettext_lazy("After"), width=3),
            reporting.Column(key="reason", label=gettext_lazy("Reason"), width=3),
            reporting.Column(key="hash", label=gettext_lazy("Hash"), width=2),
        ],
        rows=rows,
        notes=[_("At most %(count)s events in one file, the newest first.") % {"count": IN_ONE_FILE}] if len(rows) == IN_ONE_FILE else [],
    )


def event_row(event: AuditEvent) -> dict[str, Any]:
    changed = audit_words.changes(event)
    return {
        "sequence": str(event.sequence),
        "at": event.at.isoformat(timespec="seconds"),
        "by": str(event.by) if event.by else None,
        "deed": audit_words.deed(event),
        "kind": audit_words.kind_label(event.model),
        "label": event.label,
        "before": "; ".join(f"{label}: {before}" for label, before, _after in changed if before),
        "after": "; ".join(f"{label}: {after}" for label, _before, after in changed if after),
        "reason": event.reason,
        "hash": event.hash,
    }

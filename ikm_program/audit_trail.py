"""The audit trail as a page: who changed what and when, before and after; filtered, and as a file for auditors."""

from __future__ import annotations

from typing import Any

import django_filters
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program import audit_words
from ikm_program.filters import DateFilter, FilterSet
from ikm_program.models import AuditEvent
from ikm_program.scoping import Internal
from ikm_program.screens import Column, Empty
from ikm_program.views import ListScreen

PERMISSION = "ikm_program.view_auditevent"
PLACE = "audit_list"
SEARCH_FIELDS = ("label", "reason", "by__full_name", "by__username")


def record_kinds() -> list[tuple[str, str]]:
    """Kinds of record that events can be about, by their own names."""
    seen = [model for model in apps.get_models() if not isinstance(getattr(model, "SCOPE", Internal()), Internal)]
    models = [model for model in seen if model._meta.app_label != "ikm_program"]
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
    tallied_by = "wilayah"
    empty = Empty(gettext_lazy("No events for this choice."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        events = context["object_list"] = list(context["object_list"])
        for event in events:
            event.url = audit_words.record_url(event, self.request.user)
        return context

    def file_columns(self) -> list[Column]:
        """The file has more than the page: the number, the kind of record and the hash that the next event was made over."""
        return list(FILE_COLUMNS)


def _told(event: AuditEvent, *, is_after: bool) -> str:
    """Before or after of every field, in one cell."""
    changed = audit_words.changes(event)
    return "; ".join(f"{label}: {text}" for label, before, after in changed if (text := after if is_after else before))


FILE_COLUMNS = (
    Column(gettext_lazy("No."), "sequence", in_file=lambda event: str(event.sequence)),
    Column(gettext_lazy("Time"), "at", in_file=lambda event: event.at.isoformat(timespec="seconds")),
    Column(gettext_lazy("Person"), "by", in_file=lambda event: str(event.by) if event.by else _("the system")),
    Column(gettext_lazy("Act"), "verb", in_file=audit_words.deed),
    Column(gettext_lazy("Kind of record"), "model", in_file=lambda event: audit_words.kind_label(event.model)),
    Column(gettext_lazy("Affected record"), "label"),
    Column(gettext_lazy("Before"), "before", in_file=lambda event: _told(event, is_after=False)),
    Column(gettext_lazy("After"), "after", in_file=lambda event: _told(event, is_after=True)),
    Column(gettext_lazy("Reason"), "reason"),
    Column(gettext_lazy("Hash"), "hash"),
)

"""One search over everything a person may see, grouped by kind, the first few of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from distribution.models import Handover, Recipient
from ikm_program.filters import matching
from ikm_program.finding import SearchedQuerySet
from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.screens import resolved
from ikm_program.views import Screen
from production.models import OutputEntry, Product
from trainings.models import Batch, Enterprise, IssuedDocument, Participant, Region

PER_KIND = 10
SHORTEST = 2  # letters; one letter finds everything


@dataclass(frozen=True)
class Source:
    """A kind of record to search: in which fields (a registry knows itself), and what is said about a hit."""

    label: str | Promise
    model: type[Model]
    permission: str
    fields: tuple[str, ...]  # empty: by the verb `search`
    listing: str
    detail: Callable[[Any], str]
    related: tuple[str, ...] = ()
    icon: str = "document"
    kind: str = ""  # where a kind of recipient stands: a word of its label finds it
    only: Mapping[str, Any] = field(default_factory=dict)

    def by_kind(self, word: str) -> Q:
        labels = [value for value, label in Recipient.Kind.choices if word.casefold() in str(label).casefold()]
        return Q(**{f"{self.kind}__in": labels})


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    source: Source
    hits: list[tuple[Any, str]]  # record, what is said about it
    more_url: str  # "" when all of them are shown


SOURCES: tuple[Source, ...] = (
    Source(
        _("Issued documents"), IssuedDocument, "trainings.view_issueddocument",
        (
            "number", "first_party", "second_party", "matter", "handover__other_number", "office__region__name",
            "office__region__short_name",
        ),
        "trainings:register", lambda paper: f"{tanggal_layar(paper.document_on)} · {paper.matter}",
        related=("handover__recipient", "transfer", "cancellation__handover"),
        kind="handover__recipient__kind",
    ),
    Source(
        _("Handovers not issued yet"), Handover, "distribution.view_handover",
        ("recipient__name", "store__region__name", "receiver_name", "lines__product__name"),
        "distribution:handover_list", lambda draft: f"{tanggal_layar(draft.handed_over_on)} · {draft.store}",
        related=("recipient", "store"), kind="recipient__kind", only={"status": Handover.Status.DRAFT},
    ),
    Source(
        _("Products"), Product, "production.view_product", ("name", "short_name", "code", "attribute"), "production:product_list",
        lambda product: str(product.unit), icon="box",
    ),
    Source(
        _("Production reports"), OutputEntry, "production.view_outputentry",
        ("product__name", "product__short_name", "region__name", "region__short_name", "batch__activity__name", "note"),
        "production:output_list",
        lambda entry: f"{jumlah(entry.good)} {entry.product.unit} · {entry.get_status_display()} · {entry.batch.activity.name}",
        related=("product", "region", "batch__activity"), icon="production",
    ),
    Source(
        _("Recipients"), Recipient, "distribution.view_recipient", ("name", "region__name"), "distribution:recipient_list",
        lambda recipient: f"{recipient.get_kind_display()} · {recipient.region}", related=("region",), icon="truck", kind="kind",
    ),
    Source(
        _("Regions"), Region, "trainings.view_region", ("name", "short_name", "kemendagri_code"), "trainings:region_list",
        lambda region: str(region.get_kind_display()), icon="region",
    ),
    Source(
        _("Batches"), Batch, "trainings.view_batch", ("activity__name", "region__name", "region__short_name"), "trainings:batch_list",
        lambda batch: str(batch.activity.programme), related=("activity__programme", "region"), icon="training",
    ),
    Source(
        _("Participants"), Participant, "trainings.view_participant", (), "trainings:participant_list",
        lambda person: str(person.region), related=("region", "enterprise"), icon="person",
    ),
    Source(
        _("Small businesses"), Enterprise, "trainings.view_enterprise", (), "trainings:enterprise_list",
        lambda business: f"{business.owner_name} · {business.region}".strip(" ·"), related=("region",), icon="production",
    ),
)  # fmt: skip


def found_by(text: str, user: Any) -> list[Group]:
    """The groups that have hits, each within what the person may see."""
    if len(text) < SHORTEST:
        return []
    groups = (_group(source, text, user) for source in SOURCES if user.has_perm(source.permission))
    return [group for group in groups if group.hits]


def _group(source: Source, text: str, user: Any) -> Group:
    within_reach: Any = source.model._default_manager.for_user(user).filter(**source.only)  # type: ignore[attr-defined]
    if isinstance(within_reach, SearchedQuerySet):
        rows = within_reach.search(text).first(PER_KIND + 1, *source.related)
    else:
        found = matching(within_reach, source.fields, text, also=source.by_kind if source.kind else None)
        rows = list(found.select_related(*source.related or (None,))[: PER_KIND + 1])
    more = f"{resolved(source.listing)}?{urlencode({'q': text})}" if len(rows) > PER_KIND else ""
    return Group(source, [(row, source.detail(row)) for row in rows[:PER_KIND]], more)


class Search(Screen):
    permission = "trainings.view_programme"
    title = _("Search")
    place = "search"
    template_name = "dashboard/search.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").strip()
        return super().get_context_data(
            text=text, groups=found_by(text, self.request.user), is_too_short=0 < len(text) < SHORTEST, **kwargs
        )

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.filters.mentoring import SuperiorFilter
from trainings.forms.fields import ReasonForm
from trainings.forms.superior import RefuseForm, SelectForm, SuperiorForm
from trainings.models import SuperiorProduct
from trainings.views.reach import within_reach

PLACE = "trainings:superior_list"
NEW = Link(_("Propose a product"), "trainings:superior_create", "trainings.add_superiorproduct", icon="plus")
CHANGE, SELECT = "trainings.change_superiorproduct", "trainings.select_superiorproduct"
_is_own = within_reach("enterprise.region")
READ_FROM = ("enterprise__licences__pipelines", "enterprise__pipelines")


class SuperiorList(ListScreen):
    model = SuperiorProduct
    permission = "trainings.view_superiorproduct"
    title = _("Superior products")
    lead = _("Proposed by the kabupaten/kota, selected by the province, then mentored.")
    place = PLACE
    related = ("enterprise__region",)
    prefetched = READ_FROM
    links = (NEW,)
    columns = (
        Column(_("Product"), "name", link="self", sort="name"),
        Column(_("Business"), "enterprise", link="enterprise", sort="enterprise__sort_name"),
        Column(_("Kabupaten/kota"), "enterprise.region.short_name", sort="enterprise__region__kemendagri_code"),
        Column(_("Of export quality"), "is_export_quality", kind="yesno", unknown=_("not judged yet")),
        Column(_("Bangga Buatan Indonesia"), "bbi_words"),
        Column(_("Stage"), "stage"),
        Column(_("Grounds for export quality"), "export_basis", is_optional=True),
    )
    search_fields = ("name", "enterprise__name", "export_basis")
    search_label = _("Search superior products")
    filterset_class = SuperiorFilter
    ordering = ("name",)
    empty = Empty(_("No superior product yet."), _("The inventory of what the kabupaten/kota are proud of."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_stage()


class SuperiorDetail(DetailScreen):
    """A product, what was decided on it, and the five steps of Bangga Buatan Indonesia as they stand on record."""

    model = SuperiorProduct
    permission = "trainings.view_superiorproduct"
    place = PLACE
    related = ("enterprise__region", "created_by", "decided_by")
    prefetched = READ_FROM
    template_name = "trainings/superior_detail.html"
    facts = (
        Fact(_("Business"), "enterprise", link="enterprise"),
        Fact(_("Kabupaten/kota"), "enterprise.region"),
        Fact(_("Stage"), "stage"),
        Fact(_("Of export quality"), "is_export_quality", kind="yesno", unknown=_("not judged yet")),
        Fact(_("Grounds for export quality"), "export_basis"),
        Fact(_("Proposed by"), "created_by"),
        Fact(_("Decided by"), "decided_by", unknown=_("not decided yet")),
        Fact(_("Decided at"), "decided_at", kind="datetime", unknown=_("not decided yet")),
        Fact(_("Reason for not selecting"), "refused_reason", unknown=_("none")),
        Fact(_("Description"), "description", kind="longtext"),
    )
    steps = (
        NextStep(_("Select"), "trainings:superior_select", SELECT, when=lambda row, user: _may_decide(row, user), icon="check"),
        NextStep(
            _("Edit"), "trainings:superior_update", CHANGE,
            when=lambda row, user: row.is_proposed and _is_own(row, user), icon="edit",
        ),
        NextStep(
            _("Propose again"), "trainings:superior_again", CHANGE,
            when=lambda row, user: row.status == SuperiorProduct.Status.NOT_SELECTED and _is_own(row, user), icon="back",
        ),
        NextStep(
            _("Do not select"), "trainings:superior_refuse", SELECT,
            when=lambda row, user: _may_decide(row, user), icon="cross", is_danger=True,
        ),
    )  # fmt: skip
    pipeline_columns = (
        Column(_("Kind"), "get_kind_display", link="self"),
        Column(_("Begun"), "started_on", kind="date"),
        Column(_("Next action"), "upcoming", unknown=_("nothing more to do")),
        Column(_("Status"), "status", kind="status"),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().with_stage()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pipelines = self.object.pipelines.for_user(self.request.user).prefetch_related("steps")
        return super().get_context_data(
            bbi_steps=self.object.bbi_steps, pipelines=pipelines, pipeline_columns=self.pipeline_columns, **kwargs
        )


def _may_decide(product: SuperiorProduct, user: Any) -> bool:
    is_other = user.pk not in (product.created_by_id, product.edited_by_id)
    return product.is_proposed and is_other and not user.region.is_district and _is_own(product, user)


class SuperiorCreate(FormScreen):
    model = SuperiorProduct
    form_class = SuperiorForm
    action = actions.propose_product
    title = _("Propose a superior product")
    submit_label = _("Propose")
    place = PLACE
    success_message = _("The product is proposed.")


class SuperiorUpdate(FormScreen):
    model = SuperiorProduct
    form_class = SuperiorForm
    action = actions.update_proposal
    place = PLACE
    related = ("enterprise__region",)

    def get_title(self) -> Text:
        return str(self.object)


class _Decision(FormScreen):
    model = SuperiorProduct
    place = PLACE
    related = ("enterprise__region",)

    def get_title(self) -> Text:
        return f"{self.title}: {self.object}"

    def get_initial(self) -> dict[str, Any]:
        return {"export_basis": self.object.export_basis}


class SuperiorSelect(_Decision):
    form_class = SelectForm
    action = actions.select_product
    is_edit = False
    title = _("Select")
    submit_label = _("Select")
    confirmation = _("By the governor's policy products of export quality are selected. With the selection it counts as one.")
    success_message = _("The product is selected.")


class SuperiorRefuse(_Decision):
    form_class = RefuseForm
    action = actions.refuse_product
    title = _("Do not select")
    submit_label = _("Do not select")
    is_danger = True
    confirmation = _("The kabupaten/kota reads the reason and may propose it again.")
    success_message = _("The decision is on record.")


class SuperiorAgain(_Decision):
    form_class = ReasonForm
    action = actions.propose_again
    title = _("Propose again")
    submit_label = _("Propose again")
    success_message = _("The product is proposed.")

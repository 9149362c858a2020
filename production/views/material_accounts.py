"""Where the material is, the account of a maker with all that moved it, and what was written off or explained."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import reporting
from ikm_program.figure_records import NOTHING_ASKED
from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Link, Text, permitted
from ikm_program.views import FormScreen, ListScreen, RecordsScreen, ReportScreen, Screen
from production.actions import materials as actions
from production.filters.materials import AccountParameters, AccountRecordParameters, BalanceFilter
from production.forms.materials import ExplanationForm
from production.material_account import Account, accounts_of, owner_of
from production.material_records import account_records
from production.material_reports import FIGURE_COLUMNS, accounts_report, card
from production.models import (
    Material,
    MaterialBalance,
    MaterialExplanation,
    MaterialHolder,
    MaterialMovement,
)
from trainings.models import Programme
from trainings.programme_choice import asked_with_programme

ACCOUNTS = "production:material_account_report"
BALANCES = "production:material_balance_list"
PERMISSION = "production.view_materialmovement"


class BalanceList(ListScreen):
    model = MaterialBalance
    permission = PERMISSION
    title = _("Where the materials are")
    lead = _("Every store, batch and maker, and what each has. The lines of one material add up to what was bought.")
    place = BALANCES
    related = (
        "material", "programme", "holder__region", "holder__store", "holder__batch__activity", "holder__batch__region",
        "holder__enterprise", "holder__participant",
    )  # fmt: skip
    columns = (
        Column(_("Held by"), "holder", link="self"),
        Column(_("Region"), "holder.region.short_name", sort="holder__region__kemendagri_code"),
        Column(_("Material"), "material.name", sort="material__name"),
        Column(_("Where"), "get_account_display", sort="account"),
        Column(_("Quantity"), "said", sort="quantity"),
        Column(_("Programme"), "programme"),
    )
    search_fields = (
        "material__name",
        "holder__store__name",
        "holder__enterprise__name",
        "holder__participant__name",
        "holder__region__name",
    )
    search_label = _("Search material or holder")
    filterset_class = BalanceFilter
    ordering = ("material__name", "holder__region__kemendagri_code")
    empty = Empty(_("No material yet."), _("What is bought appears here, and where it went."))

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(quantity__gt=0)


class OfHolder(Screen):
    """One material of one programme at one holder, within the person's reach."""

    permission = PERMISSION
    place = ACCOUNTS

    @cached_property
    def holder(self) -> MaterialHolder:
        rows = MaterialHolder.objects.for_user(self.request.user).with_names()
        found: MaterialHolder = get_object_or_404(rows, pk=self.kwargs["holder"])
        return found

    @cached_property
    def material(self) -> Material:
        found: Material = get_object_or_404(Material.objects.for_user(self.request.user), pk=self.kwargs["material"])
        return found

    @cached_property
    def programme(self) -> Programme:
        found: Programme = get_object_or_404(Programme.objects.for_user(self.request.user), pk=self.kwargs["programme"])
        return found

    def url_of(self, name: str) -> str:
        return reverse(f"production:{name}", kwargs={name: self.kwargs[name] for name in ("programme", "material", "holder")})


class MaterialCard(OfHolder, ReportScreen):
    place = BALANCES
    file_name = "kartu-bahan"

    def get_title(self) -> Text:
        return format_lazy(_("Material card: {material}"), material=self.material.name)

    def get_report(self, **parameters: Any) -> reporting.Report:
        if not self.holder.balances.filter(programme=self.programme, material=self.material).exists():
            raise Http404
        report = card(self.holder, self.material, self.programme)
        return replace(report, link=lambda row, column: row.get("document_url", "") if column.key == "document" else "")


class AccountReport(ReportScreen):
    """The list of accounts with its totals."""

    permission = PERMISSION
    title = _("Account of materials")
    lead = _("What each maker was given, what the verified goods take by their norm, what came back, and what is left to explain.")
    place = ACCOUNTS
    paper = "F4"
    file_name = "rekening-bahan"
    form_class = AccountParameters
    as_of_field = "tanggal"

    def parameter_form(self) -> Any:
        return AccountParameters(asked_with_programme(self.request), user=self.request.user)

    def get_report(self, **parameters: Any) -> reporting.Report:
        self.chosen = {**parameters, "tanggal": parameters["tanggal"] or timezone.localdate()}
        report = accounts_report(
            self.request.user,
            programme=parameters["program"],
            material=parameters["bahan"],
            region=parameters.get("wilayah"),
            level=parameters["per"],
            as_of=self.chosen["tanggal"],
        )
        return self.opening(report, self.link_of)

    def link_of(self, row: reporting.Row, column: reporting.Column) -> str:
        """A maker's own difference is told by its account; other figures by their records."""
        address = row.get("address")
        if address and column.key in ("name", "difference", "unexplained"):
            return reverse("production:material_account", kwargs=address)
        if column.key not in FIGURE_COLUMNS or not row.get(column.key):
            return ""
        program, region = self.chosen["program"], self.chosen.get("wilayah")
        asked = {"angka": column.key, "program": program.pk if program else None, "bahan": row["material_id"]}
        asked |= {"wilayah": region.pk if region else None, "pemegang": address["holder"] if address else None}
        asked |= {"per": self.chosen["per"], "kelompok": row["group"]} if "group" in row else {}
        asked["tanggal"] = self.chosen["tanggal"].isoformat()
        return f"{reverse('production:material_records')}?{urlencode({name: value for name, value in asked.items() if value})}"


class AccountRecords(RecordsScreen):
    """The papers, the output or the accounts behind a figure of the accounts."""

    permission = PERMISSION
    place = ACCOUNTS
    form_class = AccountRecordParameters
    told_until = ("tanggal",)

    def get_report(self, **asked: Any) -> reporting.Report:
        if not asked["angka"] or asked["bahan"] is None:
            return NOTHING_ASKED
        return account_records(
            self.request.user,
            asked["angka"],
            material=asked["bahan"],
            programme=asked["program"],
            region=asked.get("wilayah"),
            level=asked["per"],
            group=asked["kelompok"],
            holder=asked["pemegang"],
            as_of=asked["tanggal"] or timezone.localdate(),
        )


class AccountDetail(OfHolder):
    """The account of a maker, opened to everything that moved it."""

    template_name = "production/material_account.html"
    movement_columns = (
        Column(_("Date"), "effective_on", kind="date"),
        Column(_("What happened"), "get_kind_display"),
        Column(_("Where"), "get_account_display"),
        Column(_("Quantity"), "said"),
        Column(_("Document"), "source", link="source"),
    )
    explanation_columns = (
        Column(_("Date"), "explained_on", kind="date"),
        Column(_("Quantity"), "said"),
        Column(_("Explanation"), "reason"),
        Column(_("Recorded by"), "created_by"),
        Column(_("Recorded at"), "created_at", kind="datetime"),
    )
    made_columns = (
        Column(_("Product"), "product", link="product"),
        Column(_("Verified"), "quantity", kind="number", unit="product.unit"),
        Column(_("Norm"), "norm_said", unknown=_("not known")),
        Column(_("Takes"), "takes_said", unknown=_("not known")),
    )

    @cached_property
    def account(self) -> Account:
        kind, pk = owner_of(self.holder)
        same = Q(enterprise=pk) | Q(participant__enterprise=pk) if kind == "enterprise" else Q(**{kind: pk})
        holders = MaterialHolder.objects.for_user(self.request.user).makers().filter(same)
        found = accounts_of(self.request.user, programmes=[self.programme], materials=[self.material], holders=holders)
        if not found:
            raise Http404
        return found[0]

    def get_title(self) -> Text:
        return f"{self.holder} · {self.material.name}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account, user = self.account, self.request.user
        of_holders = {"holder__in": account.holders, "material": self.material, "programme": self.programme}
        movements = MaterialMovement.objects.for_user(user).filter(**of_holders).order_by("effective_on", "pk")
        names = ("store", "other_store", "batch__activity", "batch__region", "enterprise", "participant", "document")
        movements = movements.select_related("material", "receipt", "write_off__material", *(f"handover__{name}" for name in names))
        movements = movements.defer("handover__document__snapshot", "handover__document__arms")
        explanations = MaterialExplanation.objects.for_user(user).filter(**of_holders).select_related("material", "created_by")
        return super().get_context_data(
            account=account,
            figures=_figures(account),
            made=[_made(account, made) for made in account.made],
            made_columns=self.made_columns,
            movements=movements,
            movement_columns=self.movement_columns,
            explanations=explanations,
            explanation_columns=self.explanation_columns,
            steps=permitted(self._steps(account), user),
            **kwargs,
        )

    def _steps(self, account: Account) -> list[Link]:
        """What may be done from here; only within the own region."""
        if not self.request.user.region.covers(self.holder.region):  # type: ignore[union-attr]
            return []
        address = {"programme": self.programme.pk, "material": self.material.pk, "holder": account.holder.pk}
        back = {"programme": self.programme.pk, "holder": account.holder.pk}
        return [
            Link(
                _("Record what comes back"),
                "production:material_return_create",
                "production.add_materialhandover",
                kwargs=back,
                icon="back",
            ),
            Link(
                _("Explain a difference"), "production:material_explain", "production.add_materialexplanation", kwargs=address, icon="edit"
            ),
            Link(_("Write off"), "production:material_write_off_create", "production.add_materialwriteoff", kwargs=address, icon="trash"),
        ]


def _figures(account: Account) -> list[tuple[Text, str, Text]]:
    """(label, amount, words where it is not known)."""
    return [
        (_("Given"), account.says(account.given), ""),
        (_("By norm for verified goods"), account.says(account.norm_use), _("norm not known")),
        (_("Came back"), account.says(account.returned), ""),
        (_("On its way back"), account.says(account.in_transit), ""),
        (_("Scrap"), account.says(account.scrap), ""),
        (_("Written off"), account.says(account.written_off), ""),
        (_("Difference"), account.says(account.difference), _("cannot be computed yet")),
        (_("Explained"), account.says(account.explained), ""),
        (_("Left to explain"), account.says(account.unexplained), _("cannot be computed yet")),
        (_("On hand by the books"), account.says(account.on_hand), ""),
        (_("Used, as the makers say"), account.says(account.used_said), ""),
    ]


def _made(account: Account, made: Any) -> dict[str, Any]:
    norm = f"{account.says(made.norm)} / {made.product.unit}" if made.norm else ""
    return {"product": made.product, "quantity": made.quantity, "norm_said": norm, "takes_said": account.says(made.takes)}


class OfHolderForm(OfHolder, FormScreen):
    """An act on a material at a holder: the holder is the subject, the rest stands in the address."""

    model = MaterialHolder
    lookup = "holder"

    @cached_property
    def object(self) -> MaterialHolder:
        rows = MaterialHolder.objects.owned_by(self.request.user).with_names()
        found: MaterialHolder = get_object_or_404(rows, pk=self.kwargs["holder"])
        return found

    def get_permission(self) -> str:
        return str(self.action.permission)

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        if not self.object.balances.filter(programme=self.programme, material=self.material).exists():
            raise Http404
        sent = {"data": self.request.POST} if is_bound else {}
        made: ActionMixin = self.form_class(user=self.request.user, subject=self.object, material=self.material, **sent)
        return made

    def perform(self, form: Any) -> Any:
        key = form.cleaned_data["key"]
        return self.get_action()(self.object, by=self.request.user, key=key, programme=self.programme, **form.action_kwargs())

    def get_cancel_url(self) -> str:
        return self.url_of("material_card" if self.object.store_id else "material_account")


class Explain(OfHolderForm):
    form_class = ExplanationForm
    action = actions.explain_difference
    success_message = _("The explanation is recorded.")

    def get_title(self) -> Text:
        return gettext("Explain a difference: %(who)s · %(material)s") % {"who": self.object, "material": self.material.name}

    def get_success_url(self, result: Any) -> str:
        return self.url_of("material_account")

"""Stock: per store and product, its lots, and the card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.db.models import Q, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program import reporting
from ikm_program.filters import matching
from ikm_program.scoping import Reach
from ikm_program.screens import Column, Empty, Text
from ikm_program.views import ListScreen, ReportScreen, Screen
from production.filters.stock import StockFilter
from production.forms.stock import StockCardParameters
from production.models import HELD, IN_STORE, Account, Lot, Product, StockBalance, Store
from production.stock_card import balances, stock_card
from trainings.reports.paper import headed, office_of, paper_today, signed

PLACE = "production:stock_list"
PERMISSION = "production.view_stockbalance"
KEEPER = "Pengurus Barang"  # keeps the card, as papers call the position


class StockList(ListScreen):
    """One row per store and product; each figure says where the pieces are."""

    model = StockBalance
    permission = PERMISSION
    title = _("Stock")
    lead = _("Verified pieces, per store and product. Each piece stands in exactly one column.")
    place = PLACE
    columns = (
        Column(_("Store"), "store_name", sort="region_code"),
        Column(_("Product"), "product_name", sort="product_name"),
        Column(_("In stock"), "stock", kind="number", sort="stock"),
        Column(_("In evaluation"), "evaluation", kind="number", sort="evaluation"),
        Column(_("In transit"), "transit", kind="number", sort="transit"),
        Column(_("Handed over, awaiting acknowledgement"), "awaiting", kind="number", sort="awaiting"),
        Column(_("Handed over, acknowledged"), "acknowledged", kind="number", sort="acknowledged"),
        Column(_("Written off"), "written_off", kind="number", sort="written_off"),
    )
    search_fields = ("product_name", "store_name", "region_name")
    search_label = _("Search store or product")
    filterset_class = StockFilter
    ordering = ("region_code", "store_name", "product_name")
    empty = Empty(_("Nothing in stock yet."), _("What the province verifies enters the district's store."))

    @cached_property
    def filterset(self) -> Any:
        rows = StockBalance.objects.for_user(self.request.user)
        return StockFilter(self.request.GET or None, queryset=rows, request=self.request)

    def get_queryset(self) -> Any:
        return balances(self.filterset.qs)

    def get_rows(self) -> Any:
        text = self.request.GET.get("q", "").strip()
        rows = matching(self.get_queryset(), self.search_fields, text) if text else self.get_queryset()
        return rows.order_by(*self._order(), "store_id_", "product_id_")

    def rows_template(self) -> list[str]:
        return ["production/_stock_rows.html"]


class StoreProduct(Screen):
    """What two screens share: a store and a product that this person sees pieces of."""

    permission = PERMISSION
    place = PLACE

    @cached_property
    def store(self) -> Store:
        found: Store = get_object_or_404(Store.objects.for_user(self.request.user).select_related("region"), pk=self.kwargs["store"])
        return found

    @cached_property
    def product(self) -> Product:
        found: Product = get_object_or_404(Product.objects.for_user(self.request.user), pk=self.kwargs["product"])
        return found

    def here(self) -> Any:
        rows = StockBalance.objects.for_user(self.request.user).filter(store=self.store, lot__product=self.product)
        if not rows.exists():
            raise Http404  # another district's store answers like a missing one
        return rows

    def url_of(self, name: str) -> str:
        return reverse(f"production:{name}", kwargs={"store": self.store.pk, "product": self.product.pk})


class StockDetail(StoreProduct):
    """The lots of a product in a store: whose work, from where, made when, and where its pieces are."""

    template_name = "production/stock_detail.html"

    def get_title(self) -> Text:
        return f"{self.product.name} · {self.store.name}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.here()
        sums = dict(rows.order_by().values_list("account").annotate(sum=Sum("quantity")))
        accounts = [(account.label, sums.get(account.value, 0)) for account in Account if account not in HELD or sums.get(account.value)]
        lots = (
            Lot.objects.for_user(self.request.user)
            .filter(pk__in=rows.values("lot"))
            .select_related("product", "region", "programme", "line__participant", "line__entry")
        )
        here = Q(balances__store=self.store)
        lots = lots.annotate(
            in_stock=Sum("balances__quantity", filter=here & Q(balances__account__in=IN_STORE), default=0),
            elsewhere=Sum("balances__quantity", filter=here & ~Q(balances__account__in=IN_STORE), default=0),
            **{
                account.name.lower(): Sum("balances__quantity", filter=here & Q(balances__account=account), default=0)
                for account in IN_STORE
            },
        ).oldest_first()
        return super().get_context_data(
            accounts=accounts, lots=lots, product=self.product, store=self.store, card_url=self.url_of("stock_card"), **kwargs
        )


class StockCard(StoreProduct, ReportScreen):
    form_class = StockCardParameters
    file_name = "kartu-stok"
    told_until = ("sampai",)

    def get_title(self) -> Text:
        return format_lazy(_("Stock card: {product}"), product=self.product.name)

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(f"{self.product.short_name} · {self.store.name}", self.url_of("stock_detail"))]

    def parameter_form(self) -> Any:
        self.here()
        return StockCardParameters(self.request.GET, user=self.request.user, store=self.store, product=self.product)

    def get_report(self, *, lot: Lot | None = None, dari: Any = None, sampai: Any = None, **parameters: Any) -> reporting.Report:
        with translation.override("id" if self.is_paper else translation.get_language()):  # paper is Indonesian, whatever the screen speaks
            report = stock_card(self.store, self.product, self.request.user, lot=lot, since=dari, until=sampai)
        return replace(report, link=lambda row, column: row.get("document_url", "") if column.key == "document" else "")

    @property
    def is_paper(self) -> bool:
        return self.request.GET.get("format") == "pdf"

    def as_file(self, report: reporting.Report, wanted: str) -> HttpResponseBase:
        """On paper: the letterhead of the office that keeps the store, a column for initials, and who signs the card."""
        if wanted != "pdf":
            return super().as_file(report, wanted)
        office = self.store.office or office_of(Reach(self.store.region))
        self.paper = paper_today(office)  # type: ignore[misc]  # of this request
        initials = reporting.Column(key="initials", label=_("Initials"), width=2)
        report = replace(report, columns=[*report.columns, initials])
        return super().as_file(signed(headed(report, office), office, report_day(report), roles=[KEEPER]), wanted)


def report_day(report: reporting.Report) -> dt.date:
    """The card is signed on its last day; an open one today."""
    return report.as_of if isinstance(report.as_of, dt.date) else timezone.localdate()

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models.issued import IssuedRecord, TeamMember
from production.models.ledger import IN_STORE, Account, Lot, StockMovement, Store
from production.models.product import Product
from trainings.models import Office, Official, Programme


class StocktakeQuerySet(ScopedQuerySet["Stocktake"]):
    def issued(self) -> StocktakeQuerySet:
        return self.filter(status=Stocktake.Status.ISSUED)

    def with_surplus_to_report(self) -> StocktakeQuerySet:
        return self.filter(pk__in=StocktakeLine.objects.surplus_to_report().values("stocktake"))

    def with_names(self) -> StocktakeQuerySet:
        return self.select_related("store__region", "office__region", "signer", "created_by", "document").defer(
            "office__arms", "document__arms", "document__snapshot"
        )


class Stocktake(IssuedRecord):
    """The pieces in a store counted by hand on a day (stok opname), beside what the ledger says. Issued, it brings the ledger to the count.

    What is missing is written off; what was written off so and turns up again comes back; what was never in the books stays out of
    them until it is reported as output. So a stocktake never makes a piece that nobody verified.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="stocktakes")
    counted_on = models.DateField(_("date of the count"))
    place = models.CharField(_("place"), max_length=160)
    backdating_reason = models.CharField(
        _("reason for the earlier date"), max_length=250, blank=True, help_text=_("Needed when the date lies before today.")
    )
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="stocktakes")
    signer = models.ForeignKey(Official, models.PROTECT, verbose_name=_("official who acknowledges"), related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    SCOPE: ClassVar[Scope] = Owned("store__region", seen_also=("lines__draws__lot__region",))
    objects = StocktakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("stocktake")
        verbose_name_plural = _("stocktakes")
        ordering = ("-counted_on", "-pk")
        permissions = [("issue_stocktake", "Can issue or cancel a stocktake")]
        constraints = [*IssuedRecord.Meta.constraints]

    def __str__(self) -> str:
        if self.number:
            return str(_("Stocktake %(number)s")) % {"number": self.number}
        return str(_("Stocktake of %(store)s, %(date)s")) % {"store": self.store.name, "date": tanggal_layar(self.counted_on)}

    def get_absolute_url(self) -> str:
        return reverse("production:stocktake_detail", kwargs={"pk": self.pk})

    @property
    def result(self) -> str:
        """In one sentence; reads `lines`, which lists prefetch."""
        lines = self.lines.all()
        differing = [line for line in lines if line.difference]
        counted = ngettext("%(count)s product counted", "%(count)s products counted", len(lines)) % {"count": jumlah(len(lines))}
        if not differing:
            return gettext("%(counted)s, no difference") % {"counted": counted}
        return gettext("%(counted)s, %(differing)s with a difference") % {"counted": counted, "differing": jumlah(len(differing))}


class StocktakeMember(TeamMember):
    """One of those who counted."""

    stocktake = models.ForeignKey(Stocktake, models.CASCADE, related_name="members")

    SCOPE: ClassVar[Scope] = Owned("stocktake__store__region", seen_also=("stocktake__lines__draws__lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the counting team")
        verbose_name_plural = _("members of the counting team")
        ordering = ("pk",)


class StocktakeLineQuerySet(ScopedQuerySet["StocktakeLine"]):
    def surplus_to_report(self) -> StocktakeLineQuerySet:
        """Issued counts of more than the books had, as long as so much was not verified since and nobody has counted these goods again.

        What was verified goes into the store of its district, so it is looked for in all stores of the region; what was made after the
        count was not what was counted. A closed programme takes no report, and nothing waits there.
        """
        found_again = StocktakeDraw.objects.filter(line=OuterRef("pk"), origin=Account.WRITTEN_OFF).order_by().values("line")
        lines = self.filter(stocktake__status=Stocktake.Status.ISSUED, counted__gt=F("book"), programme__status=Programme.Status.OPEN)
        counted = StocktakeLine.objects.filter(
            programme=OuterRef("programme"),
            product=OuterRef("product"),
            stocktake__store=OuterRef("stocktake__store"),
            stocktake__status=Stocktake.Status.ISSUED,
            stocktake__issued_at__gt=OuterRef("stocktake__issued_at"),
        )
        recorded = StockMovement.objects.filter(
            Q(effective_on__gt=OuterRef("stocktake__counted_on")) | Q(recorded_at__gt=OuterRef("stocktake__issued_at")),
            kind__in=StockMovement.MADE,
            store__region=OuterRef("stocktake__store__region"),
            lot__programme=OuterRef("programme"),
            lot__product=OuterRef("product"),
            lot__made_on__lte=OuterRef("stocktake__counted_on"),
            account__in=IN_STORE,
        )
        lines = lines.annotate(
            back=Coalesce(Subquery(found_again.values(n=Sum("quantity"))), 0),
            recorded=Coalesce(Subquery(recorded.order_by().values("lot__product").values(n=Sum("quantity"))), 0),
        )
        return lines.filter(~Exists(counted), counted__gt=F("book") + F("back") + F("recorded"))


class StocktakeLine(models.Model):
    """One product of one programme: what the ledger had of it in the store at the end of the day, and what was counted."""

    stocktake = models.ForeignKey(Stocktake, models.CASCADE, related_name="lines")
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="+")
    book = models.PositiveIntegerField(_("by the books"))
    counted = models.PositiveIntegerField(_("counted"))
    damaged = models.PositiveIntegerField(_("of which damaged"), default=0)
    remark = models.CharField(_("explanation"), max_length=200, blank=True)

    SCOPE: ClassVar[Scope] = Owned("stocktake__store__region", seen_also=("stocktake__lines__draws__lot__region",))
    objects = StocktakeLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("counted product")
        verbose_name_plural = _("counted products")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "programme", "product"], name="%(app_label)s_%(class)s_product_once"),
            models.CheckConstraint(
                condition=Q(damaged__lte=F("counted")),
                name="%(app_label)s_%(class)s_damaged_of_counted",
                violation_error_message=_("No more can be damaged than was counted."),
            ),
            models.CheckConstraint(
                condition=Q(counted=F("book")) | ~Q(remark=""),
                name="%(app_label)s_%(class)s_difference_explained",
                violation_error_message=_("Explain the difference."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {jumlah(self.counted)}"

    @property
    def difference(self) -> int:
        """Counted less the books: below zero something is missing."""
        return self.counted - self.book

    @property
    def missing(self) -> int:
        return self._moved(goal=Account.WRITTEN_OFF)

    @property
    def found_again(self) -> int:
        return self._moved(origin=Account.WRITTEN_OFF)

    @property
    def unrecorded(self) -> int:
        """Counted, and neither in the books nor written off before: to be reported as output."""
        return max(self.difference, 0) - self.found_again

    def _moved(self, **at: Any) -> int:
        return sum(draw.quantity for draw in self.draws.all() if all(getattr(draw, name) == account for name, account in at.items()))


class StocktakeDraw(models.Model):
    """Pieces of a lot that an issued stocktake moved from one account to another."""

    line = models.ForeignKey(StocktakeLine, models.CASCADE, related_name="draws")
    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("lot"), related_name="stocktake_draws")
    origin = models.CharField(_("from"), max_length=12, choices=Account.choices)
    goal = models.CharField(_("to"), max_length=12, choices=Account.choices)
    quantity = models.PositiveIntegerField(_("quantity"))

    SCOPE: ClassVar[Scope] = Owned("line__stocktake__store__region", seen_also=("lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot of a stocktake")
        verbose_name_plural = _("lots of a stocktake")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["line", "lot", "origin", "goal"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some"),
            models.CheckConstraint(
                condition=Q(goal="afkir", origin__in=("persediaan", "belum_dibeli", "pemeriksaan", "perbaikan"))
                | Q(goal="perbaikan", origin__in=("persediaan", "belum_dibeli", "pemeriksaan"))
                | Q(origin="afkir", goal__in=("persediaan", "belum_dibeli", "pemeriksaan", "perbaikan")),
                name="%(app_label)s_%(class)s_known_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.quantity}"

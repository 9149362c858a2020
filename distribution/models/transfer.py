from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from distribution.models.handover import Condition
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models import Lot, Product, Store
from trainings.models import IssuedDocument, Office, Official, Programme


class TransferQuerySet(ScopedQuerySet["Transfer"]):
    def in_transit(self) -> TransferQuerySet:
        return self.filter(status=Transfer.Status.ISSUED)

    def in_evaluation(self) -> TransferQuerySet:
        """Received for evaluation, and something of it is still to be decided on."""
        settled = TransferDraw.objects.filter(line__transfer=OuterRef("pk")).order_by().values("line__transfer")
        stands = Q(evaluations__evaluation__status="berlaku")
        parts = Sum(F("evaluations__accepted") + F("evaluations__returned") + F("evaluations__written_off"), filter=stands)
        return (
            self.filter(status=Transfer.Status.RECEIVED, purpose=Transfer.Purpose.EVALUATION)
            .annotate(
                sent=Subquery(
                    TransferLine.objects.filter(transfer=OuterRef("pk"))
                    .order_by()
                    .values("transfer")
                    .annotate(sum=Sum("quantity"))
                    .values("sum")
                ),
                settled=Coalesce(Subquery(settled.annotate(sum=parts).values("sum")), 0),
            )
            .filter(sent__gt=F("settled"))
        )

    def with_names(self) -> TransferQuerySet:
        return self.select_related(
            "programme", "from_store__region", "to_store__region", "giver_office__region", "document", "created_by"
        ).defer("giver_office__arms", "document__arms", "document__snapshot")


class Transfer(Record):
    """Goods moved between stores for evaluation: a document of its own, and not a handover to anybody."""

    class Purpose(models.TextChoices):
        EVALUATION = "evaluasi", _("For evaluation")
        RELOCATION = "mutasi", _("Moved to another store")

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")
        ISSUED = "diterbitkan", _("In transit")
        RECEIVED = "diterima", _("Received")

    NEXT: ClassVar = {Status.DRAFT: (Status.ISSUED,), Status.ISSUED: (Status.RECEIVED,), Status.RECEIVED: ()}

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="transfers")
    from_store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("from store"), related_name="transfers_out")
    to_store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("to store"), related_name="transfers_in")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.EVALUATION)
    sent_on = models.DateField(_("date of the transfer"))
    place = models.CharField(_("place"), max_length=160)
    backdating_reason = models.CharField(
        _("reason for the earlier date"), max_length=250, blank=True, help_text=_("Needed when the date lies before today.")
    )
    giver_office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("giving office"), related_name="transfers_out")
    giver = models.ForeignKey(Official, models.PROTECT, verbose_name=_("giving official"), related_name="+")
    receiver_office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("receiving office"), related_name="transfers_in")
    receiver = models.ForeignKey(Official, models.PROTECT, verbose_name=_("receiving official"), related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("last changed by"), related_name="+", null=True, editable=False
    )
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.DRAFT, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+", null=True, editable=False
    )
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, verbose_name=_("issued document"), related_name="transfer", null=True, editable=False
    )
    received_on = models.DateField(_("received on"), null=True, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("received by"), related_name="+", null=True, editable=False
    )

    SCOPE: ClassVar[Scope] = Owned("from_store__region", seen_also=("to_store__region", "lines__draws__lot__region"))
    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ("-sent_on", "-pk")
        permissions = [("issue_transfer", "Can issue a transfer"), ("receive_transfer", "Can record the arrival of a transfer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True)
                | Q(created_by__isnull=False, edited_by__isnull=False) & ~Q(issued_by=F("created_by")) & ~Q(issued_by=F("edited_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Nobody issues a document they drafted themselves."),
            ),
            models.CheckConstraint(
                condition=Q(received_by__isnull=True)
                | ~Q(received_by=F("issued_by")) & ~Q(received_by=F("created_by")) & ~Q(received_by=F("edited_by")),
                name="%(app_label)s_%(class)s_received_by_another",
                violation_error_message=_("Whoever sent the goods does not record their arrival."),
            ),
            models.CheckConstraint(
                condition=~Q(from_store=F("to_store")),
                name="%(app_label)s_%(class)s_two_stores",
                violation_error_message=_("Choose another store to send to."),
            ),
            models.CheckConstraint(
                condition=Q(status="draf", issued_at__isnull=True, issued_by__isnull=True)
                | (~Q(status="draf") & Q(issued_at__isnull=False, issued_by__isnull=False)),
                name="%(app_label)s_%(class)s_issued_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status="draf", document__isnull=True) | (~Q(status="draf") & Q(document__isnull=False)),
                name="%(app_label)s_%(class)s_has_its_paper",
                violation_error_message=_("What is issued has its paper, and a draft has none."),
            ),
        ]

    def __str__(self) -> str:
        if self.number:
            return _("Transfer %(number)s") % {"number": self.number}
        return _("Draft transfer to %(store)s") % {"store": self.to_store}

    def get_absolute_url(self) -> str:
        return reverse("distribution:transfer_detail", kwargs={"pk": self.pk})

    @property
    def number(self) -> str:
        return self.document.number if self.document else ""

    def is_drafted_by(self, user: Any) -> bool:
        """They wrote it, or changed it last."""
        return user.pk in (self.created_by_id, self.edited_by_id)

    def is_sent_by(self, user: Any) -> bool:
        """They had a hand in the dispatch, so somebody else records its arrival."""
        return user.pk == self.issued_by_id or self.is_drafted_by(user)

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT


class TransferLine(models.Model):
    """So many of a product on their way."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    condition = models.CharField(_("condition"), max_length=5, choices=Condition.choices, default=Condition.GOOD)
    specification = models.CharField(_("specification"), max_length=200, blank=True)

    SCOPE: ClassVar[Scope] = Owned("transfer__from_store__region", seen_also=("transfer__to_store__region", "draws__lot__region"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["transfer", "product", "condition"], name="%(app_label)s_%(class)s_product_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some", violation_error_message=_("Fill in how many.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.quantity}"


class TransferDraw(models.Model):
    """From which lot a transfer line takes how many."""

    line = models.ForeignKey(TransferLine, models.CASCADE, related_name="draws")
    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("lot"), related_name="transfer_draws")
    quantity = models.PositiveIntegerField(_("quantity"))

    SCOPE: ClassVar[Scope] = Owned("line__transfer__from_store__region", seen_also=("line__transfer__to_store__region", "lot__region"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot of a transfer")
        verbose_name_plural = _("lots of a transfer")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["line", "lot"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some"),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.quantity}"

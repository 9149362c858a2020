from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from distribution.models.handover import Handover
from distribution.models.transfer import Transfer
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models import Product
from trainings.models import IssuedDocument, Office, Official


class DeliveryQuerySet(ScopedQuerySet["Delivery"]):
    def live(self) -> DeliveryQuerySet:
        return self.filter(status__in=(Delivery.Status.UNDER_WAY, Delivery.Status.ARRIVED))

    def of(self, parent: Handover | Transfer) -> DeliveryQuerySet:
        return self.filter(**{parent._meta.model_name or "": parent})

    def with_names(self) -> DeliveryQuerySet:
        near = (
            "office__region",
            "sender",
            "handover__recipient",
            "handover__document",
            "transfer__to_store",
            "transfer__document",
            "document",
        )
        unread = ("office__arms", "document__arms", "document__snapshot", "handover__document__snapshot", "transfer__document__snapshot")
        return self.select_related(*near, "transfer__to_store", "transfer__document").defer(*unread)


class Delivery(Record):
    """One load of goods on the road (surat jalan), with its receipt slip (tanda terima).

    It goes with a handover or a transfer that has its paper, moves no stock and closes nothing: goods change hands by the BAST alone.
    """

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")
        UNDER_WAY = "dikirim", _("On the road")
        ARRIVED = "tiba", _("Receipt slip is back")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {
        Status.DRAFT: (Status.UNDER_WAY,),
        Status.UNDER_WAY: (Status.ARRIVED, Status.CANCELLED),
        Status.ARRIVED: (),
        Status.CANCELLED: (),
    }
    STATUS_TONES: ClassVar = {Status.DRAFT: "muted", Status.UNDER_WAY: "info", Status.ARRIVED: "ok", Status.CANCELLED: "danger"}

    handover = models.ForeignKey(
        Handover, models.PROTECT, verbose_name=_("handover"), related_name="deliveries", null=True, blank=True, editable=False
    )
    transfer = models.ForeignKey(
        Transfer, models.PROTECT, verbose_name=_("transfer"), related_name="deliveries", null=True, blank=True, editable=False
    )
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="+", editable=False)
    sender = models.ForeignKey(Official, models.PROTECT, verbose_name=_("sender"), related_name="+", editable=False)
    sent_on = models.DateField(_("date of dispatch"))
    destination = models.CharField(_("where to"), max_length=300)
    vehicle = models.CharField(_("vehicle and plate"), max_length=120, blank=True)
    driver = models.CharField(_("driver"), max_length=120, blank=True, help_text=_("Left empty, the name is written on the paper by hand."))
    keeper = models.CharField(_("storekeeper"), max_length=120, blank=True, help_text=_("Who gives the goods out of the store."))
    note = models.CharField(_("note"), max_length=300, blank=True)

    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, verbose_name=_("issued document"), related_name="delivery", null=True, editable=False
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+", null=True, editable=False
    )
    arrived_on = models.DateField(_("arrived on"), null=True, editable=False)
    received_by_name = models.CharField(_("received by"), max_length=120, blank=True, editable=False)
    cancelled_on = models.DateField(_("cancelled on"), null=True, editable=False)
    cancelled_reason = models.CharField(_("reason for the cancellation"), max_length=300, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("office__region", seen_also=("transfer__to_store__region",))
    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery note")
        verbose_name_plural = _("delivery notes")
        ordering = ("-sent_on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(handover__isnull=False, transfer__isnull=True) | Q(handover__isnull=True, transfer__isnull=False),
                name="%(app_label)s_%(class)s_of_one",
                violation_error_message=_("A delivery note goes with one handover or one transfer."),
            ),
            models.CheckConstraint(
                condition=Q(status="draf", document__isnull=True, issued_by__isnull=True)
                | (~Q(status="draf") & Q(document__isnull=False, issued_by__isnull=False)),
                name="%(app_label)s_%(class)s_has_its_paper",
                violation_error_message=_("What is issued has its paper, and a draft has none."),
            ),
            models.CheckConstraint(
                condition=Q(status="tiba", arrived_on__isnull=False) & ~Q(received_by_name="")
                | (~Q(status="tiba") & Q(arrived_on__isnull=True, received_by_name="")),
                name="%(app_label)s_%(class)s_arrived_with_slip",
                violation_error_message=_("What arrived says when and who received it."),
            ),
            models.CheckConstraint(
                condition=Q(arrived_on__isnull=True) | Q(arrived_on__gte=F("sent_on")),
                name="%(app_label)s_%(class)s_days_in_order",
                violation_error_message=_("Goods arrive after they were sent."),
            ),
        ]

    def __str__(self) -> str:
        if self.number:
            return _("Delivery note %(number)s") % {"number": self.number}
        return _("Draft delivery note to %(where)s") % {"where": self.destination}

    def get_absolute_url(self) -> str:
        return reverse("distribution:delivery_detail", kwargs={"pk": self.pk})

    @property
    def number(self) -> str:
        return self.document.number if self.document else ""

    @property
    def parent(self) -> Any:
        """The handover or transfer that it goes with."""
        return self.handover or self.transfer

    @property
    def receiver(self) -> str:
        return self.handover.recipient.name if self.handover else self.transfer.to_store.name if self.transfer else ""

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT


class DeliveryLine(models.Model):
    """So many of a product in the load, and what the slip says of them."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="+")
    quantity = models.PositiveIntegerField(_("sent"))
    packages = models.PositiveIntegerField(_("packages"), null=True)
    received = models.PositiveIntegerField(_("received by the slip"), null=True)
    remark = models.CharField(_("condition and difference"), max_length=200, blank=True)

    SCOPE: ClassVar[Scope] = Owned("delivery__office__region", seen_also=("delivery__transfer__to_store__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a delivery note")
        verbose_name_plural = _("lines of a delivery note")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["delivery", "product"], name="%(app_label)s_%(class)s_product_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some", violation_error_message=_("Fill in how many.")
            ),
            models.CheckConstraint(
                condition=Q(received__isnull=True) | Q(received__lte=F("quantity")),
                name="%(app_label)s_%(class)s_at_most_sent",
                violation_error_message=_("No more was received than was sent."),
            ),
            models.CheckConstraint(
                condition=Q(received__isnull=True) | Q(received=F("quantity")) | ~Q(remark=""),
                name="%(app_label)s_%(class)s_difference_said",
                violation_error_message=_("Say what became of the rest."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.quantity}"

    @property
    def missing(self) -> int | None:
        """Sent and not received; unknown until the slip is back."""
        return None if self.received is None else self.quantity - self.received

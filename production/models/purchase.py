from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import rupiah, tanggal_layar
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet, SharedDownward
from production.models.ledger import Lot, Store
from production.models.product import Product
from trainings.models import IssuedDocument, Office, Official, Participant, PaymentLine, PaymentList, Programme, Region
from trainings.models.region import Validity, ValidityQuerySet, validity_order


class PurchasePrice(Record, Validity):
    """What the programme pays for one unit of a product, from when until when."""

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="purchase_prices")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="purchase_prices")
    price = models.PositiveBigIntegerField(_("price of one unit (Rp)"))
    basis = models.CharField(_("basis"), max_length=200, blank=True, help_text=_("Decree or source of the price."))

    SCOPE: ClassVar[Scope] = SharedDownward("programme__region")
    objects = ValidityQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase price")
        verbose_name_plural = _("purchase prices")
        ordering = ("programme", "product", "-valid_from", "-pk")
        constraints = [
            validity_order("%(app_label)s_%(class)s_validity_in_order"),
            models.CheckConstraint(
                condition=Q(price__gt=0),
                name="%(app_label)s_%(class)s_some",
                violation_error_message=_("A price is more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {rupiah(self.price)}"

    def get_absolute_url(self) -> str:
        return reverse("production:price_detail", kwargs={"pk": self.pk})


class StampDuty(Record, Validity):
    """From which amount a receipt bears a meterai, and of what value: set by law, and so data."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")
    above = models.PositiveBigIntegerField(_("due above (Rp)"))
    duty = models.PositiveIntegerField(_("value of the stamp (Rp)"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = ValidityQuerySet.as_manager()

    class Meta:
        verbose_name = _("stamp duty")
        verbose_name_plural = _("stamp duties")
        ordering = ("-valid_from", "-pk")
        constraints = [validity_order("%(app_label)s_%(class)s_validity_in_order")]

    def __str__(self) -> str:
        return f"{rupiah(self.duty)} > {rupiah(self.above)}"


def agreement_path(agreement: PurchaseAgreement, filename: str) -> str:
    """A random name of our own."""
    return f"agreements/{uuid.uuid4().hex}{'.pdf' if filename.lower().endswith('.pdf') else '.jpg'}"


class PurchaseAgreement(Record):
    """The paper by which the office undertakes to buy from the makers; one may cover many purchases."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="purchase_agreements")
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="purchase_agreements")
    number = models.CharField(_("number"), max_length=120)
    agreed_on = models.DateField(_("date"))
    about = models.CharField(_("what it is about"), max_length=200, blank=True)
    file = models.FileField(_("file"), upload_to=agreement_path, blank=True, max_length=120)
    file_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase agreement")
        verbose_name_plural = _("purchase agreements")
        ordering = ("-agreed_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "number"],
                name="%(app_label)s_%(class)s_numbered_once",
                violation_error_message=_("There is an agreement of this number already."),
            ),
            models.CheckConstraint(
                condition=Q(file="", file_sha256="") | ~Q(file="") & ~Q(file_sha256=""),
                name="%(app_label)s_%(class)s_file_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(number)s of %(date)s")) % {"number": self.number, "date": tanggal_layar(self.agreed_on)}

    def get_absolute_url(self) -> str:
        return reverse("production:agreement_detail", kwargs={"pk": self.pk})


class PurchaseQuerySet(ScopedQuerySet["Purchase"]):
    def drafts(self) -> PurchaseQuerySet:
        return self.filter(status=Purchase.Status.DRAFT)

    def approved(self) -> PurchaseQuerySet:
        return self.filter(status=Purchase.Status.APPROVED)

    def listed(self) -> PurchaseQuerySet:
        """On a payment list that was not cancelled, whatever its state."""
        return self.filter(payment_line__isnull=False).exclude(payment_line__list__status=PaymentList.Status.CANCELLED)

    def to_pay(self) -> PurchaseQuerySet:
        """Approved and on no list: what the next one pays."""
        no_list = Q(payment_line__isnull=True) | Q(payment_line__list__status=PaymentList.Status.CANCELLED)
        return self.approved().filter(no_list)

    def with_names(self) -> PurchaseQuerySet:
        near = ("programme", "product", "store__region", "seller__enterprise", "office__region", "signer", "agreement", "created_by")
        found = self.select_related(*near, "document", "payment_line__list")
        return found.defer("office__arms", "document__arms", "document__snapshot", "payment_line__list__snapshot")


class Purchase(Record):
    """The programme buys goods back from their maker. Approved, the pieces can be handed over, and still name who made them."""

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")
        APPROVED = "disetujui", _("Approved")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {Status.DRAFT: (Status.APPROVED,), Status.APPROVED: (Status.CANCELLED,), Status.CANCELLED: ()}
    STATUS_TONES: ClassVar = {Status.DRAFT: "muted", Status.APPROVED: "ok", Status.CANCELLED: "danger"}

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="purchases")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="purchases")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="purchases")
    seller = models.ForeignKey(Participant, models.PROTECT, verbose_name=_("maker"), related_name="purchases")
    purchased_on = models.DateField(_("date of the purchase"))
    backdating_reason = models.CharField(
        _("reason for the earlier date"), max_length=250, blank=True, help_text=_("Needed when the date lies before today.")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = models.PositiveBigIntegerField(_("price of one unit (Rp)"))
    amount = models.PositiveBigIntegerField(_("amount (Rp)"))
    agreement = models.ForeignKey(PurchaseAgreement, models.PROTECT, verbose_name=_("agreement"), related_name="purchases")
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("buying office"), related_name="purchases")
    signer = models.ForeignKey(Official, models.PROTECT, verbose_name=_("official who buys"), related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.DRAFT, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("approved by"), related_name="+", null=True, editable=False
    )
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, verbose_name=_("issued document"), related_name="purchase", null=True, editable=False
    )
    payment_line = models.OneToOneField(
        PaymentLine, models.PROTECT, verbose_name=_("payment line"), related_name="purchase", null=True, editable=False
    )
    cancelled_on = models.DateField(_("cancelled on"), null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("cancelled by"), related_name="+", null=True, editable=False
    )
    cancelled_reason = models.CharField(_("reason for the cancellation"), max_length=300, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("store__region", seen_also=("seller__region",))
    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        ordering = ("-purchased_on", "-pk")
        permissions = [("approve_purchase", "Can approve or cancel a purchase")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=F("quantity") * F("unit_price"), quantity__gt=0),
                name="%(app_label)s_%(class)s_adds_up",
                violation_error_message=_("The amount is the quantity times the price."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(created_by__isnull=False) & ~Q(approved_by=F("created_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Nobody approves a purchase they entered themselves."),
            ),
            models.CheckConstraint(
                condition=Q(status="draf", approved_at__isnull=True, approved_by__isnull=True)
                | (~Q(status="draf") & Q(approved_at__isnull=False, approved_by__isnull=False)),
                name="%(app_label)s_%(class)s_approved_by_whom",
                violation_error_message=_("An approved purchase says who approved it, and when."),
            ),
            models.CheckConstraint(
                condition=Q(status="draf", document__isnull=True) | (~Q(status="draf") & Q(document__isnull=False)),
                name="%(app_label)s_%(class)s_has_its_paper",
                violation_error_message=_("What is issued has its paper, and a draft has none."),
            ),
            models.CheckConstraint(
                condition=Q(status="dibatalkan", cancelled_on__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_reason="")
                | (~Q(status="dibatalkan") & Q(cancelled_on__isnull=True, cancelled_by__isnull=True, cancelled_reason="")),
                name="%(app_label)s_%(class)s_cancelled_by_whom",
                violation_error_message=_("A cancelled purchase says who cancelled it, when and why."),
            ),
            models.CheckConstraint(
                condition=Q(payment_line__isnull=True) | ~Q(status="draf"),
                name="%(app_label)s_%(class)s_approved_before_paid",
                violation_error_message=_("A purchase is approved before it is put on a payment list."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Purchase of %(product)s from %(seller)s")) % {"product": self.product.short_name, "seller": self.seller}

    def get_absolute_url(self) -> str:
        return reverse("production:purchase_detail", kwargs={"pk": self.pk})

    @property
    def number(self) -> str:
        """The number it was issued under, or ""."""
        return self.document.number if self.document else ""

    @property
    def payment(self) -> PaymentList | None:
        """The list that pays for it. A cancelled list pays for nothing."""
        line = self.payment_line
        return line.list if line is not None and line.list.status != PaymentList.Status.CANCELLED else None

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    def is_entered_by(self, user: Any) -> bool:
        return user.pk == self.created_by_id


class PurchaseLine(models.Model):
    """So many pieces of a lot of that maker."""

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="lines")
    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("lot"), related_name="purchase_lines")
    quantity = models.PositiveIntegerField(_("quantity"))

    SCOPE: ClassVar[Scope] = Owned("purchase__store__region", seen_also=("lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("bought lot")
        verbose_name_plural = _("bought lots")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["purchase", "lot"], name="%(app_label)s_%(class)s_lot_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some"),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.quantity}"

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.models.recipient import Recipient
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models import Lot, Product, Store
from trainings.models import IssuedDocument, Office, Official, Programme

if TYPE_CHECKING:
    from distribution.models.cancellation import Cancellation


class Condition(models.TextChoices):
    GOOD = "baik", _("Good")
    DAMAGED = "rusak", _("Damaged")


class HandoverQuerySet(ScopedQuerySet["Handover"]):
    def drafts(self) -> HandoverQuerySet:
        return self.filter(status=Handover.Status.DRAFT)

    def awaiting_acknowledgement(self) -> HandoverQuerySet:
        return self.filter(status=Handover.Status.ISSUED)

    def unfiled(self) -> HandoverQuerySet:
        """Issued and standing, while the paper with both signatures is not uploaded."""
        return self.live().filter(Q(receipt=None) | Q(receipt__evidence=""))

    def last_to(self, recipient: Recipient) -> Handover | None:
        """The newest issued handover to that recipient: who received then will probably receive again."""
        return self.live().filter(recipient=recipient).order_by("handed_over_on", "pk").last()

    def live(self) -> HandoverQuerySet:
        """Issued and not cancelled."""
        return self.filter(status__in=Handover.LIVE)

    def with_names(self) -> HandoverQuerySet:
        return self.select_related("programme", "store__region", "giver_office__region", "recipient", "document", "created_by").defer(
            "giver_office__arms", "document__arms", "document__snapshot"
        )


class Handover(Record):
    """A handover by Berita Acara Serah Terima. Draft it may change; issued, its content is frozen in an IssuedDocument."""

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")
        ISSUED = "diterbitkan", _("Issued")
        RECEIVED = "diterima", _("Received")
        PARTIAL = "diterima_sebagian", _("Partially received")
        CANCELLED = "dibatalkan", _("Cancelled")

    LIVE: ClassVar = (Status.ISSUED, Status.RECEIVED, Status.PARTIAL)
    NEXT: ClassVar = {
        Status.DRAFT: (Status.ISSUED,),
        Status.ISSUED: (Status.RECEIVED, Status.PARTIAL, Status.CANCELLED),
        Status.RECEIVED: (Status.CANCELLED,),
        Status.PARTIAL: (Status.CANCELLED,),
        Status.CANCELLED: (),
    }

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="handovers")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("from store"), related_name="handovers")
    recipient = models.ForeignKey(Recipient, models.PROTECT, verbose_name=_("recipient"), related_name="handovers")
    handed_over_on = models.DateField(_("date of the handover"))
    place = models.CharField(_("place"), max_length=160)
    purpose = models.CharField(_("purpose"), max_length=160, blank=True, help_text=_("As it stands after “diperuntukkan bagi”."))
    is_symbolic = models.BooleanField(_("symbolic handover"), default=False)
    backdating_reason = models.CharField(
        _("reason for the earlier date"), max_length=250, blank=True, help_text=_("Needed when the date lies before today.")
    )

    giver_office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("giving office"), related_name="handovers")
    giver = models.ForeignKey(Official, models.PROTECT, verbose_name=_("giving official"), related_name="+")
    receiver_name = models.CharField(_("receiver's name"), max_length=120)
    receiver_identity_kind = models.CharField(
        _("kind of number"), max_length=5, choices=Official.IdentityKind.choices, default=Official.IdentityKind.NONE
    )
    receiver_identity_number = models.CharField(_("number"), max_length=30, blank=True)
    receiver_rank = models.CharField(_("rank and grade"), max_length=80, blank=True)
    receiver_position = models.CharField(_("receiver's position"), max_length=200)
    receiver_basis = models.CharField(_("decree the receiver acts on"), max_length=200, blank=True)
    acknowledged_by_name = models.CharField(_("acknowledged by (name)"), max_length=120, blank=True)
    acknowledged_by_position = models.CharField(_("acknowledged by (position)"), max_length=200, blank=True)
    acknowledged_by_number = models.CharField("NIP", max_length=30, blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True, help_text=_("One per line, as it is to be printed."))
    other_number = models.CharField(_("number of the second party"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("replaces"), related_name="successors", null=True, blank=True, editable=False
    )

    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("last changed by"), related_name="+", null=True, editable=False
    )
    status = models.CharField(_("status"), max_length=18, choices=Status.choices, default=Status.DRAFT, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+", null=True, editable=False
    )
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, verbose_name=_("issued document"), related_name="handover", null=True, editable=False
    )
    filing_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who files the signed paper"), related_name="+", null=True, editable=False
    )  # nobody by name: whoever of the office records receipts

    SCOPE: ClassVar[Scope] = Owned("store__region", seen_also=("lines__draws__lot__region",))
    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ("-handed_over_on", "-pk")
        permissions = [
            ("issue_handover", "Can issue a handover"),
            ("acknowledge_handover", "Can record the acknowledgement of a handover"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True)
                | Q(created_by__isnull=False, edited_by__isnull=False) & ~Q(issued_by=F("created_by")) & ~Q(issued_by=F("edited_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Nobody issues a document they drafted themselves."),
            ),
            models.CheckConstraint(
                condition=Q(status="draf", issued_at__isnull=True, issued_by__isnull=True)
                | (~Q(status="draf") & Q(issued_at__isnull=False, issued_by__isnull=False)),
                name="%(app_label)s_%(class)s_issued_by_whom",
                violation_error_message=_("An issued document says who issued it, and when."),
            ),
            models.CheckConstraint(
                condition=Q(status="draf", document__isnull=True) | (~Q(status="draf") & Q(document__isnull=False)),
                name="%(app_label)s_%(class)s_has_its_paper",
                violation_error_message=_("What is issued has its paper, and a draft has none."),
            ),
        ]

    def __str__(self) -> str:
        if self.number:
            return _("BAST %(number)s") % {"number": self.number}
        return _("Draft BAST to %(recipient)s") % {"recipient": self.recipient}

    def get_absolute_url(self) -> str:
        return reverse("distribution:handover_detail", kwargs={"pk": self.pk})

    @property
    def number(self) -> str:
        """The number it was issued under, or ""."""
        return self.document.number if self.document else ""

    def is_drafted_by(self, user: Any) -> bool:
        """They wrote it, or changed it last."""
        return user.pk in (self.created_by_id, self.edited_by_id)

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def receipt_note(self) -> str:
        """Why a confirmed receipt has no evidence yet; "" where none is recorded."""
        receipt = getattr(self, "receipt", None)
        return receipt.no_evidence_reason if receipt else ""

    @property
    def days_since(self) -> int:
        """How long ago it was handed over: so old is a signed paper that is not filed."""
        return (timezone.localdate() - self.handed_over_on).days

    @property
    def is_live(self) -> bool:
        return self.status in self.LIVE

    @cached_property
    def open_cancellation(self) -> Cancellation | None:
        """A cancellation that somebody asked for and nobody has decided on yet."""
        return next((asked for asked in self.cancellations.all() if asked.status == asked.Status.REQUESTED), None)

    @property
    def recipient_had_ended(self) -> bool:
        """The recipient was not in being on the day: a warning, not a refusal."""
        return not self.recipient.is_valid_on(self.handed_over_on)


class HandoverLine(models.Model):
    """So many of a product. Once acknowledged: what arrived, what came back to stock, what was written off."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    condition = models.CharField(_("condition"), max_length=5, choices=Condition.choices, default=Condition.GOOD)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    unit_value = models.PositiveBigIntegerField(_("unit value (Rp)"), null=True, blank=True)
    acknowledged = models.PositiveIntegerField(_("acknowledged"), null=True, editable=False)
    returned = models.PositiveIntegerField(_("returned to stock"), default=0, editable=False)
    written_off = models.PositiveIntegerField(_("written off"), default=0, editable=False)
    onward = models.PositiveIntegerField(_("distributed onward"), default=0, editable=False)

    SCOPE: ClassVar[Scope] = Owned("handover__store__region", seen_also=("draws__lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover line")
        verbose_name_plural = _("handover lines")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "product", "condition"],
                name="%(app_label)s_%(class)s_product_once",
                violation_error_message=_("This product is listed twice."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some", violation_error_message=_("Fill in how many.")
            ),
            models.CheckConstraint(
                condition=Q(acknowledged__isnull=True, returned=0, written_off=0)
                # "unknown = 50" is neither true nor false, and a check lets that pass.
                | Q(acknowledged__isnull=False, quantity=F("acknowledged") + F("returned") + F("written_off")),
                name="%(app_label)s_%(class)s_nothing_is_lost",
                violation_error_message=_("What was acknowledged, returned and written off must add up to what was handed over."),
            ),
            models.CheckConstraint(
                condition=Q(onward=0) | Q(acknowledged__isnull=False, onward__lte=F("acknowledged")),
                name="%(app_label)s_%(class)s_onward_within_acknowledged",
                violation_error_message=_("More cannot be distributed onward than was acknowledged."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.quantity}"

    @property
    def still_out(self) -> int:
        """What a cancellation brings back: what was acknowledged, or everything while nobody has acknowledged it."""
        return self.quantity if self.acknowledged is None else self.acknowledged

    @property
    def left(self) -> int:
        """What was acknowledged and can still be passed on."""
        return (self.acknowledged or 0) - self.onward


class HandoverDraw(models.Model):
    """From which lot a line takes how many: chosen in the draft, or oldest first when it is issued."""

    line = models.ForeignKey(HandoverLine, models.CASCADE, related_name="draws")
    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("lot"), related_name="handover_draws")
    quantity = models.PositiveIntegerField(_("quantity"))

    SCOPE: ClassVar[Scope] = Owned("line__handover__store__region", seen_also=("lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot of a line")
        verbose_name_plural = _("lots of a line")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["line", "lot"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some"),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.quantity}"


class HandoverWitness(models.Model):
    """Someone who was there and signs as a witness."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="witnesses")
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=200, blank=True)

    SCOPE: ClassVar[Scope] = Owned("handover__store__region", seen_also=("handover__lines__draws__lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("witness")
        verbose_name_plural = _("witnesses")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

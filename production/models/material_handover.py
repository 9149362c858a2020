from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models.ledger import Store
from production.models.material import Material
from production.models.material_paper import NO_OWN_CANCELLATION, Cancellable, cancelled_by_whom
from trainings.models import Batch, Enterprise, IssuedDocument, Office, Official, Participant, Programme, Region

PARTNERS = ("other_store", "batch", "enterprise", "participant")


def one_of(*names: str) -> Q:
    """Exactly one of these is set."""
    return reduce(or_, (Q(**{f"{name}__isnull": name != chosen for name in names}) for chosen in names))


class MaterialHandoverQuerySet(ScopedQuerySet["MaterialHandover"]):
    def drafts(self) -> MaterialHandoverQuerySet:
        return self.filter(status=MaterialHandover.Status.DRAFT)

    def on_their_way(self) -> MaterialHandoverQuerySet:
        return self.filter(status=MaterialHandover.Status.ISSUED)

    def with_names(self) -> MaterialHandoverQuerySet:
        ends = ("store__region", "other_store__region", "batch__activity", "batch__region", "enterprise__region", "participant__region")
        rows = self.select_related("programme", *ends, "giver_office__region", "document", "created_by")
        return rows.defer("giver_office__arms", "document__arms", "document__snapshot")


class MaterialHandover(Cancellable):
    """Material handed over to a district, a batch or a maker (BA penyerahan bahan), or what is left of it coming back (BA pengembalian).

    `store` is the store of the office whose paper it is; the other end is exactly one of four.
    """

    class Kind(models.TextChoices):
        GIVING = "penyerahan", _("Handing over of material")
        RETURN = "pengembalian", _("Return of left-over material")

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")
        ISSUED = "diterbitkan", _("Issued, not received yet")
        RECEIVED = "diterima", _("Received")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {
        Status.DRAFT: (Status.ISSUED,),
        Status.ISSUED: (Status.RECEIVED, Status.CANCELLED),
        Status.RECEIVED: (Status.CANCELLED,),
        Status.CANCELLED: (),
    }

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="+")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="material_handovers")
    other_store = models.ForeignKey(
        Store, models.PROTECT, verbose_name=_("store of the other office"), related_name="+", null=True, blank=True
    )
    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("batch"), related_name="+", null=True, blank=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("IKM business"), related_name="+", null=True, blank=True)
    participant = models.ForeignKey(Participant, models.PROTECT, verbose_name=_("participant"), related_name="+", null=True, blank=True)
    handed_over_on = models.DateField(_("date of the document"))
    place = models.CharField(_("place"), max_length=160)
    backdating_reason = models.CharField(
        _("reason for the earlier date"), max_length=250, blank=True, help_text=_("Needed when the date lies before today.")
    )
    giver_office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="+")
    signer = models.ForeignKey(Official, models.PROTECT, verbose_name=_("official of the office"), related_name="+")
    partner_official = models.ForeignKey(
        Official, models.PROTECT, verbose_name=_("official of the other office"), related_name="+", null=True, blank=True
    )
    partner_name = models.CharField(_("who signs for the makers"), max_length=120, blank=True)
    partner_position = models.CharField(_("as"), max_length=200, blank=True, help_text=_("Owner, chair of the group, participant."))
    return_due_on = models.DateField(_("left-overs come back by"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("last changed by"), related_name="+", null=True, editable=False
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+", null=True, editable=False
    )
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, verbose_name=_("issued document"), related_name="material_handover", null=True, editable=False
    )
    received_on = models.DateField(_("received on"), null=True, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("receipt recorded by"), related_name="+", null=True, editable=False
    )
    shortfall_reason = models.CharField(_("reason for the shortfall"), max_length=300, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned(
        "store__region", seen_also=("other_store__region", "batch__region", "enterprise__region", "participant__region")
    )
    objects = MaterialHandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handing over of material")
        verbose_name_plural = _("materials handed over and returned")
        ordering = ("-handed_over_on", "-pk")
        permissions = [
            ("issue_materialhandover", "Can issue the record of material handed over or returned"),
            ("receive_materialhandover", "Can record that material was received"),
            ("cancel_materialhandover", "Can cancel a record of material handed over or returned"),
        ]
        constraints = [
            cancelled_by_whom(),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True)
                | Q(created_by__isnull=False, edited_by__isnull=False) & ~Q(issued_by=F("created_by")) & ~Q(issued_by=F("edited_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Nobody issues a document they drafted themselves."),
            ),
            models.CheckConstraint(
                condition=Q(received_by__isnull=True)
                | ~Q(received_by=F("created_by"))
                & ~Q(received_by=F("edited_by"))
                & (Q(other_store__isnull=True) | ~Q(received_by=F("issued_by"))),
                name="%(app_label)s_%(class)s_received_by_another",
                violation_error_message=_("Whoever sent the material does not record that it was received."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by__isnull=True) | ~Q(cancelled_by=F("created_by")) & ~Q(cancelled_by=F("edited_by")),
                name="%(app_label)s_%(class)s_cancelled_by_another",
                violation_error_message=NO_OWN_CANCELLATION,
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
            models.CheckConstraint(
                condition=(Q(status__in=("diterima", "dibatalkan")) & Q(received_on__isnull=False, received_by__isnull=False))
                | (~Q(status="diterima") & Q(received_on__isnull=True, received_by__isnull=True)),
                name="%(app_label)s_%(class)s_received_by_whom",
            ),
            models.CheckConstraint(
                condition=one_of(*PARTNERS),
                name="%(app_label)s_%(class)s_has_two_ends",
                violation_error_message=_("Say who is at the other end: a store, a batch, a business or a participant."),
            ),
            models.CheckConstraint(
                condition=Q(other_store__isnull=True) | ~Q(other_store=F("store")),
                name="%(app_label)s_%(class)s_two_stores",
                violation_error_message=_("Choose another store."),
            ),
            models.CheckConstraint(
                condition=Q(other_store__isnull=True, partner_official__isnull=True)
                | Q(other_store__isnull=False, partner_official__isnull=False),
                name="%(app_label)s_%(class)s_official_of_a_store",
                violation_error_message=_("An official signs for the other office; makers sign themselves."),
            ),
        ]

    def __str__(self) -> str:
        what = str(self.get_kind_display())
        if self.number:
            return gettext("%(what)s %(number)s") % {"what": what, "number": self.number}
        return gettext("Draft: %(what)s · %(partner)s") % {"what": what, "partner": self.partner}

    def get_absolute_url(self) -> str:
        return reverse("production:material_handover_detail", kwargs={"pk": self.pk})

    @property
    def number(self) -> str:
        return self.document.number if self.document else ""

    @property
    def partner(self) -> Store | Batch | Enterprise | Participant:
        """The other end."""
        found = self.other_store or self.batch or self.enterprise or self.participant
        assert found is not None  # held by a constraint
        return found

    @property
    def partner_region(self) -> Region:
        return self.partner.region

    @property
    def is_incoming(self) -> bool:
        """What makers bring back comes into the store; everything else leaves it."""
        return self.kind == self.Kind.RETURN and self.other_store_id is None

    @property
    def giver(self) -> Store | Batch | Enterprise | Participant:
        return self.partner if self.is_incoming else self.store

    @property
    def taker(self) -> Store | Batch | Enterprise | Participant:
        return self.store if self.is_incoming else self.partner

    @property
    def partner_signer(self) -> str:
        """Who signs for the other side, and as what."""
        if self.partner_official:
            return str(self.partner_official)
        return ", ".join(filter(None, (self.partner_name, self.partner_position)))

    @property
    def is_return(self) -> bool:
        return self.kind == self.Kind.RETURN

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    def is_drafted_by(self, user: Any) -> bool:
        """They wrote it, or changed it last."""
        return user.pk in (self.created_by_id, self.edited_by_id)

    def is_received_by_another_than(self, user: Any) -> bool:
        """Whether it takes somebody else than this person to record the receipt."""
        return self.is_drafted_by(user) or (self.other_store_id is not None and user.pk == self.issued_by_id)


class MaterialHandoverLine(models.Model):
    """So much of a material handed over; of a return also what became scrap and, where the makers say it, what they used."""

    handover = models.ForeignKey(MaterialHandover, models.CASCADE, related_name="lines")
    material = models.ForeignKey(Material, models.PROTECT, verbose_name=_("material"), related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    scrap = models.PositiveIntegerField(_("scrap"), null=True, blank=True)
    used = models.PositiveIntegerField(_("used"), null=True, blank=True)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    received = models.PositiveIntegerField(_("received"), null=True, editable=False)  # null until the receipt is recorded

    SCOPE: ClassVar[Scope] = Owned(
        "handover__store__region",
        seen_also=tuple(f"handover__{name}__region" for name in PARTNERS),
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of material")
        verbose_name_plural = _("lines of material")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["handover", "material"], name="%(app_label)s_%(class)s_material_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | Q(scrap__isnull=False, scrap__gt=0) | Q(used__isnull=False, used__gt=0),
                name="%(app_label)s_%(class)s_some",
                violation_error_message=_("Fill in how much."),
            ),
            models.CheckConstraint(
                condition=Q(received__isnull=True) | Q(received__lte=F("quantity")),
                name="%(app_label)s_%(class)s_at_most_sent",
                violation_error_message=_("No more was received than was sent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material}: {self.said}"

    @property
    def arrived(self) -> int:
        """What came into the taker's hand, once the receipt is recorded: all of it where nobody said less."""
        return self.quantity if self.received is None else self.received

    @property
    def said_received(self) -> str:
        return "" if self.received is None else self.material.said(self.received)

    @property
    def said_missing(self) -> str:
        return "" if self.received is None or self.received == self.quantity else self.material.said(self.quantity - self.received)

    @property
    def said(self) -> str:
        return self.material.said(self.quantity)

    @property
    def said_scrap(self) -> str:
        return "" if self.scrap is None else self.material.said(self.scrap)

    @property
    def said_used(self) -> str:
        return "" if self.used is None else self.material.said(self.used)

    @property
    def leaving(self) -> int:
        """What the giver no longer has afterwards."""
        return self.quantity + (self.scrap or 0) + (self.used or 0)

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models.batch import Batch
from trainings.models.decree import Decree
from trainings.models.document import IssuedDocument
from trainings.models.office import Office, Official
from trainings.models.programme import Programme
from trainings.models.region import Region


def scan_path(payment_list: PaymentList, filename: str) -> str:
    """A random name of our own."""
    suffix = ".pdf" if filename.lower().endswith(".pdf") else ".jpg"
    return f"payments/{uuid.uuid4().hex}{suffix}"


def _by_whom(step: str, reached: tuple[str, ...], open_to: tuple[str, ...] = ()) -> Q:
    """Who and when belong together: both there once the step was taken, neither before; statuses `open_to` may have either."""
    both = Q(**{f"{step}_at__isnull": False, f"{step}_by__isnull": False})
    neither = Q(**{f"{step}_at__isnull": True, f"{step}_by__isnull": True})
    told = (Q(status__in=reached) & both) | (~Q(status__in=(*reached, *open_to)) & neither)
    return told | (Q(status__in=open_to) & (both | neither)) if open_to else told


def _by_another(one: str, *others: str) -> Q:
    """Whoever took the earlier steps is known, and somebody else."""
    apart = Q()
    for other in others:
        apart &= Q(**{f"{other}__isnull": False}) & ~Q(**{one: F(other)})
    return Q(**{f"{one}__isnull": True}) | apart


class PaymentListQuerySet(ScopedQuerySet["PaymentList"]):
    def live(self) -> PaymentListQuerySet:
        """Locked and beyond, not cancelled: what holds its person-days."""
        return self.filter(status__in=PaymentList.LIVE)

    def paid(self) -> PaymentListQuerySet:
        return self.filter(status__in=PaymentList.PAID)

    def with_names(self) -> PaymentListQuerySet:
        return self.select_related("programme", "region", "batch__activity", "batch__region")


class PaymentList(Record):
    """What is paid out at once: one kind, one batch, a line for each person, computed from attendance and never typed."""

    class Kind(models.TextChoices):
        DAILY = "uang_harian", _("Daily allowance")
        MEALS = "konsumsi", _("Meal allowance")
        QUOTA = "kuota", _("Internet quota aid")
        PURCHASE = "pembelian", _("Buy-back")

    class Nature(models.TextChoices):
        FIRST = "awal", _("Payment")
        SUPPLEMENT = "susulan", _("Supplementary payment")
        RECOVERY = "pengembalian", _("Recovery")

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")
        LOCKED = "terkunci", _("Locked")
        APPROVED = "disetujui", _("Approved")
        PAID = "dibayar", _("Paid")
        DONE = "selesai", _("Completed")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {
        Status.DRAFT: (Status.LOCKED, Status.CANCELLED),  # cancelled: a purchase, whose lines somebody else made; the rest is thrown away
        Status.LOCKED: (Status.APPROVED, Status.CANCELLED),
        Status.APPROVED: (Status.PAID, Status.DONE, Status.CANCELLED),  # done: a recovery, for which nobody pays anything out
        Status.PAID: (Status.DONE,),
        Status.DONE: (Status.PAID, Status.APPROVED),  # a receipt is taken back; of a recovery, whose money never went out, to the approval
        Status.CANCELLED: (),
    }
    STATUS_TONES: ClassVar = {
        Status.DRAFT: "muted",
        Status.LOCKED: "info",
        Status.APPROVED: "info",
        Status.PAID: "warn",
        Status.DONE: "ok",
        Status.CANCELLED: "danger",
    }
    LIVE: ClassVar = (Status.LOCKED, Status.APPROVED, Status.PAID, Status.DONE)
    PAID: ClassVar = (Status.PAID, Status.DONE)
    A_DAY: ClassVar = (Kind.DAILY, Kind.MEALS)
    ATTENDED: ClassVar = (*A_DAY, Kind.QUOTA)

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="payment_lists", editable=False)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="payment_lists", editable=False)
    batch = models.ForeignKey(
        Batch, models.PROTECT, verbose_name=_("batch"), related_name="payment_lists", null=True, blank=True, editable=False
    )
    kind = models.CharField(_("kind of payment"), max_length=12, choices=Kind.choices, editable=False)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature.choices, default=Nature.FIRST, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)

    dipa_number = models.CharField(_("DIPA or DPA number"), max_length=60, blank=True)
    dipa_on = models.DateField(_("DIPA or DPA date"), null=True, blank=True)
    activity_code = models.CharField(_("activity code"), max_length=40, blank=True)
    output_code = models.CharField(_("output code"), max_length=40, blank=True)
    account_code = models.CharField(_("account code"), max_length=40, blank=True)
    decree = models.CharField(_("participants' decree (SK)"), max_length=200, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("paying office"), related_name="+")
    ppk = models.ForeignKey(Official, models.PROTECT, verbose_name=_("PPK who approves"), related_name="+", null=True, blank=True)
    treasurer = models.ForeignKey(Official, models.PROTECT, verbose_name=_("treasurer who pays"), related_name="+", null=True, blank=True)
    kpa = models.ForeignKey(Official, models.PROTECT, verbose_name=_("acknowledging KPA"), related_name="+", null=True, blank=True)
    paid_out_by = models.CharField(_("officer who hands out the money"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    gross = models.BigIntegerField(_("gross"), default=0, editable=False)
    tax = models.BigIntegerField(_("income tax (PPh 21)"), default=0, editable=False)
    net = models.BigIntegerField(_("to be received"), default=0, editable=False)
    snapshot = models.JSONField(_("frozen content"), null=True, editable=False)
    content_sha256 = models.CharField(_("hash of the content"), max_length=64, blank=True, editable=False)

    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, verbose_name=_("paper"), related_name="payment_list", null=True, editable=False
    )

    locked_at = models.DateTimeField(_("locked at"), null=True, editable=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("locked by"), related_name="+", null=True, editable=False
    )
    approved_on = models.DateField(_("approved on"), null=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("approved by"), related_name="+", null=True, editable=False
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True, editable=False)
    paid_at = models.DateTimeField(_("paid at"), null=True, editable=False)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("paid by"), related_name="+", null=True, editable=False
    )
    finished_at = models.DateTimeField(_("completed at"), null=True, editable=False)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("completed by"), related_name="+", null=True, editable=False
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("cancelled by"), related_name="+", null=True, editable=False
    )
    cancelled_reason = models.CharField(_("reason for cancelling"), max_length=300, blank=True, editable=False)
    scan = models.FileField(_("signed list (scan)"), upload_to=scan_path, blank=True, max_length=120, editable=False)
    scan_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = PaymentListQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment list")
        verbose_name_plural = _("payment lists")
        ordering = ("-pk",)
        indexes = [models.Index(fields=["status", "region"], name="payment_list_status")]
        permissions = [
            ("lock_paymentlist", "Can lock payment lists"),
            ("approve_paymentlist", "Can approve payment lists"),
            ("pay_paymentlist", "Can pay payment lists and record receipts"),
            ("cancel_paymentlist", "Can cancel payment lists"),
            ("print_payment_nik", "Can print payment lists with whole NIKs"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "kind"],
                condition=Q(status="draf") & ~Q(kind="pembelian"),
                name="%(app_label)s_%(class)s_one_draft",
                violation_error_message=_("There is a draft of this kind for the batch already. Finish it or throw it away first."),
            ),
            models.CheckConstraint(
                condition=Q(kind="pembelian") | Q(batch__isnull=False),
                name="%(app_label)s_%(class)s_of_a_batch",
            ),
            models.CheckConstraint(
                condition=~Q(kind="pembelian", nature="pengembalian"),
                name="%(app_label)s_%(class)s_attendance_is_recovered",
            ),
            models.CheckConstraint(
                condition=Q(net=F("gross") - F("tax")),
                name="%(app_label)s_%(class)s_adds_up",
            ),
            models.CheckConstraint(
                condition=_by_whom("locked", ("terkunci", "disetujui", "dibayar", "selesai"), ("dibatalkan",)),
                name="%(app_label)s_%(class)s_locked_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, content_sha256="") | (Q(locked_at__isnull=False) & ~Q(content_sha256="")),
                name="%(app_label)s_%(class)s_locked_is_frozen",
            ),
            models.CheckConstraint(
                condition=_by_whom("approved", ("disetujui", "dibayar", "selesai"), ("dibatalkan",)),
                name="%(app_label)s_%(class)s_approved_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_on__isnull=True) | Q(approved_at__isnull=False, approved_on__isnull=False),
                name="%(app_label)s_%(class)s_approved_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, document__isnull=True) | Q(approved_at__isnull=False, document__isnull=False),
                name="%(app_label)s_%(class)s_approved_has_its_paper",
            ),
            models.CheckConstraint(
                condition=_by_whom("paid", ("dibayar",), ("selesai",))
                & (
                    ~Q(status="selesai")
                    | Q(nature="pengembalian", paid_at__isnull=True)
                    | ~Q(nature="pengembalian") & Q(paid_at__isnull=False)
                ),
                name="%(app_label)s_%(class)s_paid_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True, paid_on__isnull=True)
                | Q(paid_at__isnull=False, paid_on__isnull=False, paid_on__gte=F("approved_on")),
                name="%(app_label)s_%(class)s_paid_after_approval",
                violation_error_message=_("The day of payment lies between the approval and today."),
            ),
            models.CheckConstraint(
                condition=_by_whom("finished", ("selesai",)),
                name="%(app_label)s_%(class)s_finished_by_whom",
            ),
            models.CheckConstraint(
                condition=(Q(status="dibatalkan", cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_reason=""))
                | (~Q(status="dibatalkan") & Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancelled_reason="")),
                name="%(app_label)s_%(class)s_cancelled_by_whom",
                violation_error_message=_("Say why the list is cancelled."),
            ),
            models.CheckConstraint(
                condition=_by_another("approved_by", "created_by", "locked_by"),
                name="%(app_label)s_%(class)s_approved_by_another",
                violation_error_message=_("Nobody approves a list that they made or locked themselves."),
            ),
            models.CheckConstraint(
                condition=_by_another("paid_by", "created_by", "locked_by", "approved_by"),
                name="%(app_label)s_%(class)s_paid_by_another",
                violation_error_message=_("Nobody pays a list that they made, locked or approved themselves."),
            ),
            models.CheckConstraint(
                condition=_by_another("finished_by", "created_by", "locked_by", "approved_by"),
                name="%(app_label)s_%(class)s_finished_by_another",
                violation_error_message=_("Nobody records receipts of a list that they made, locked or approved themselves."),
            ),
            models.CheckConstraint(
                condition=Q(scan="", scan_sha256="") | (~Q(scan="") & ~Q(scan_sha256="")),
                name="%(app_label)s_%(class)s_scan_hashed",
            ),
        ]

    def __str__(self) -> str:
        what = self.get_kind_display() if self.nature == self.Nature.FIRST else f"{self.get_kind_display()} ({self.get_nature_display()})"
        where = str(self.batch) if self.batch else f"{self.programme} · {self.region.short_name}"
        return f"{what} · {where}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:payment_detail", kwargs={"pk": self.pk})

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_live(self) -> bool:
        return self.status in self.LIVE

    @property
    def batch_decree(self) -> Decree | None:
        """The decree of the batch, where the register has it: then nobody types one."""
        return self.batch.decree if self.batch else None

    @property
    def cited_decree(self) -> str:
        """The decree as the list cites it: of the batch while it is a draft, afterwards as it was when it was locked."""
        return self.batch_decree.citation if self.is_draft and self.batch_decree else self.decree

    @property
    def is_recovery(self) -> bool:
        return self.nature == self.Nature.RECOVERY

    @property
    def is_purchase(self) -> bool:
        return self.kind == self.Kind.PURCHASE

    @property
    def is_a_day(self) -> bool:
        """Paid by the day present."""
        return self.kind in self.A_DAY

    @property
    def awaits_receipts(self) -> bool:
        """Money on its way to the people, or of a recovery back from them."""
        return self.status == (self.Status.APPROVED if self.is_recovery else self.Status.PAID)

    def is_made_by(self, user: Any) -> bool:
        """Who made or locked it does not approve it."""
        return user.pk in (self.created_by_id, self.locked_by_id)

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.identity import mask_nik
from trainings.models.enterprise import Enterprise
from trainings.models.participant import Participant
from trainings.models.payment import PaymentList
from trainings.models.programme import Activity
from trainings.models.session import Attendance


class PaymentLineQuerySet(ScopedQuerySet["PaymentLine"]):
    def unreceived(self) -> PaymentLineQuerySet:
        return self.filter(receipt__isnull=True)


class PaymentLine(models.Model):
    """What one payee gets on a list: a copy of who he or she was when it was computed, the days, the amounts.

    `is_live` from the lock until the list is cancelled, or until what was paid is recovered.
    """

    list = models.ForeignKey(PaymentList, models.PROTECT, verbose_name=_("payment list"), related_name="lines")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(max_length=12, choices=PaymentList.Kind.choices, editable=False)  # the list's, for the database's own no
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+", null=True)
    enrolment = models.ForeignKey("trainings.Enrolment", models.PROTECT, related_name="payment_lines", null=True)
    participant = models.ForeignKey(
        Participant, models.PROTECT, verbose_name=_("participant"), related_name="payment_lines", null=True, blank=True
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("business"), related_name="payment_lines", null=True, blank=True
    )
    payee = models.CharField(_("name"), max_length=160)
    nik = models.CharField(max_length=16, null=True)  # noqa: DJ001  (a copy, so that the database refuses a second payment by NIK too)
    npwp = models.CharField("NPWP", max_length=16, blank=True)
    origin = models.CharField(_("from"), max_length=200, blank=True)
    contact = models.CharField(_("mobile phone"), max_length=20, blank=True)
    description = models.CharField(_("for"), max_length=200, blank=True)
    pays_for = models.PositiveBigIntegerField(null=True, editable=False)  # key of the purchase; this app does not know what one is
    day_count = models.PositiveSmallIntegerField(_("days present"), null=True)
    rate = models.PositiveBigIntegerField(_("rate"), null=True)
    tax_rate = models.PositiveSmallIntegerField(default=0)
    gross = models.BigIntegerField(_("gross"))
    tax = models.BigIntegerField(_("income tax (PPh 21)"), default=0)
    net = models.BigIntegerField(_("to be received"))
    recovers = models.ForeignKey("self", models.PROTECT, related_name="recoveries", null=True)
    is_live = models.BooleanField(default=False)

    SCOPE: ClassVar[Scope] = Owned("list__region")
    objects = PaymentLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment line")
        verbose_name_plural = _("payment lines")
        ordering = ("list", "number")
        indexes = [models.Index(fields=["pays_for"], condition=Q(pays_for__isnull=False), name="payment_line_pays_for")]
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="%(app_label)s_%(class)s_numbered_once"),
            models.UniqueConstraint(
                fields=["activity", "participant"],
                condition=Q(kind="kuota", is_live=True, recovers__isnull=True),
                name="%(app_label)s_%(class)s_quota_once",
                violation_error_message=_("Somebody on this list has been given the internet quota of this activity already."),
            ),
            models.UniqueConstraint(
                fields=["activity", "nik"],
                condition=Q(kind="kuota", is_live=True, recovers__isnull=True, nik__isnull=False),
                name="%(app_label)s_%(class)s_quota_once_a_nik",
                violation_error_message=_("A NIK on this list has been given the internet quota of this activity already."),
            ),
            models.CheckConstraint(
                condition=Q(participant__isnull=False, enterprise__isnull=True)
                | Q(participant__isnull=True, enterprise__isnull=False, kind="pembelian"),
                name="%(app_label)s_%(class)s_one_payee",
            ),
            models.CheckConstraint(
                condition=Q(net=F("gross") - F("tax")),
                name="%(app_label)s_%(class)s_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(recovers__isnull=True, gross__gt=0, tax__gte=0, net__gt=0)
                | Q(recovers__isnull=False, gross__lt=0, tax__lte=0, net__lt=0),
                name="%(app_label)s_%(class)s_sign",
                violation_error_message=_("A payment is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("uang_harian", "konsumsi"), recovers__isnull=True, gross=F("rate") * F("day_count"))
                | Q(kind__in=("uang_harian", "konsumsi"), recovers__isnull=False, gross=0 - F("rate") * F("day_count"))
                | Q(kind="kuota", day_count__isnull=True, recovers__isnull=True, gross=F("rate"))
                | Q(kind="kuota", day_count__isnull=True, recovers__isnull=False, gross=0 - F("rate"))
                | Q(kind="pembelian", day_count__isnull=True, rate__isnull=True),
                name="%(app_label)s_%(class)s_days_by_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payee} · {self.list}"

    def get_absolute_url(self) -> str:
        return self.list.get_absolute_url()

    @property
    def masked_nik(self) -> str:
        return mask_nik(self.nik) if self.nik else ""

    @property
    def proof(self) -> PaymentReceipt | None:
        """Its receipt, once there is one."""
        return getattr(self, "receipt", None)


class PaymentDay(models.Model):
    """A person-day that a line pays for, or takes back. Among live ones the database knows no second."""

    line = models.ForeignKey(PaymentLine, models.PROTECT, related_name="days")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="payment_days")
    nik = models.CharField(max_length=16, null=True)  # noqa: DJ001  (as on the line)
    on = models.DateField(_("date"))
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="payment_days")
    recovers = models.ForeignKey("self", models.PROTECT, related_name="recoveries", null=True)
    is_live = models.BooleanField(default=False)

    SCOPE: ClassVar[Scope] = Owned("line__list__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("paid day")
        verbose_name_plural = _("paid days")
        ordering = ("line", "on")
        constraints = [
            models.UniqueConstraint(fields=["line", "on"], name="%(app_label)s_%(class)s_once_a_line"),
            models.UniqueConstraint(
                fields=["participant", "on"],
                condition=Q(is_live=True, recovers__isnull=True),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("Somebody on this list is paid for one of these days already."),
            ),
            models.UniqueConstraint(
                fields=["nik", "on"],
                condition=Q(is_live=True, recovers__isnull=True, nik__isnull=False),
                name="%(app_label)s_%(class)s_once_a_nik",
                violation_error_message=_("A NIK on this list is paid for one of these days already."),
            ),
            models.UniqueConstraint(
                fields=["recovers"],
                condition=Q(is_live=True, recovers__isnull=False),
                name="%(app_label)s_%(class)s_recovered_once",
                violation_error_message=_("One of these days is being recovered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} · {tanggal_layar(self.on)}"


class DayChoice(Record):
    """Somebody was present in two batches on one date: which of the two pays for that day."""

    participant = models.ForeignKey(Participant, models.PROTECT, verbose_name=_("participant"), related_name="day_choices")
    nik = models.CharField(max_length=16, null=True, editable=False)  # noqa: DJ001  (the same person under two records)
    on = models.DateField(_("date"))
    attendance = models.ForeignKey(Attendance, models.PROTECT, verbose_name=_("attendance that is paid"), related_name="day_choices")
    reason = models.CharField(_("reason"), max_length=250)

    SCOPE: ClassVar[Scope] = Owned("participant__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of the paying batch")
        verbose_name_plural = _("choices of the paying batch")
        ordering = ("on", "participant")
        constraints = [
            models.UniqueConstraint(fields=["participant", "on"], name="%(app_label)s_%(class)s_once"),
            models.UniqueConstraint(fields=["nik", "on"], condition=Q(nik__isnull=False), name="%(app_label)s_%(class)s_once_a_nik"),
        ]

    def __str__(self) -> str:
        return f"{self.participant} · {tanggal_layar(self.on)}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:participant_detail", kwargs={"pk": self.participant_id})


def evidence_path(receipt: PaymentReceipt, filename: str) -> str:
    suffix = ".pdf" if filename.lower().endswith(".pdf") else ".jpg"
    return f"payments/{uuid.uuid4().hex}{suffix}"


class PaymentReceipt(Record):
    """That a payee has received the money (or has given it back), on which day and by what evidence."""

    class How(models.TextChoices):
        SIGNATURE = "tanda_tangan", _("Signature on the list")
        TRANSFER = "transfer", _("Transfer slip")
        VOUCHER = "kwitansi", _("Receipt (kwitansi)")
        DEPOSIT = "setoran", _("Deposit slip")  # of what is paid back

    line = models.OneToOneField(PaymentLine, models.PROTECT, related_name="receipt", editable=False)
    received_on = models.DateField(_("received on"))
    how = models.CharField(_("evidence"), max_length=12, choices=How.choices)
    reference = models.CharField(_("number of the slip or receipt"), max_length=120, blank=True)
    evidence = models.FileField(_("file"), upload_to=evidence_path, blank=True, max_length=120)
    evidence_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("line__list__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment receipt")
        verbose_name_plural = _("payment receipts")
        ordering = ("line",)
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence="", evidence_sha256="") | (~Q(evidence="") & ~Q(evidence_sha256="")),
                name="%(app_label)s_%(class)s_evidence_hashed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line.payee} · {tanggal_layar(self.received_on)}"

    def get_absolute_url(self) -> str:
        return self.line.get_absolute_url()

"""What a receiver says without an account: the address that was given out, and what came back by it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.models.handover import Handover, HandoverLine
from ikm_program.models import AppendOnly, Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet


class ReceiverLinkQuerySet(ScopedQuerySet["ReceiverLink"]):
    def open(self) -> ReceiverLinkQuerySet:
        """Neither used nor taken back; its time may be over."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)


class ReceiverLink(Record):
    """An address for one receiver, once, until a moment, unless it is taken back. Of its token only the hash is kept."""

    class Purpose(models.TextChoices):
        RECEIPT = "penerimaan", _("Receipt")
        ONWARD = "penyaluran", _("Onward distribution")

    handover = models.ForeignKey(Handover, models.PROTECT, verbose_name=_("handover"), related_name="receiver_links")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("taken back by"), related_name="+", null=True, editable=False
    )
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("set aside by"), related_name="+", null=True, editable=False
    )  # a report of onward distribution that the office does not record, and why
    set_aside_reason = models.CharField(_("reason for setting it aside"), max_length=300, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("handover__store__region")
    objects = ReceiverLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of a receiver")
        verbose_name_plural = _("links of receivers")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "purpose"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="%(app_label)s_%(class)s_one_open",
                violation_error_message=_("Another link is given out at this moment. Open the page again."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, used_at__isnull=True),
                name="%(app_label)s_%(class)s_revoked_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_by__isnull=True, set_aside_reason="") | Q(set_aside_by__isnull=False) & ~Q(set_aside_reason=""),
                name="%(app_label)s_%(class)s_set_aside_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.handover}"

    def get_absolute_url(self) -> str:
        return self.handover.get_absolute_url()

    @property
    def is_over(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """The receiver can still use it."""
        return self.used_at is None and self.revoked_at is None and not self.is_over


def photo_path(statement: ReceiverStatement, filename: str) -> str:
    """A random name of our own."""
    return f"evidence/{uuid.uuid4().hex}.jpg"


class ReceiverStatementQuerySet(ScopedQuerySet["ReceiverStatement"]):
    def of_receipt(self) -> ReceiverStatementQuerySet:
        return self.filter(link__purpose=ReceiverLink.Purpose.RECEIPT)

    def onward_to_record(self) -> ReceiverStatementQuerySet:
        """Reports of onward distribution that the office has neither recorded nor set aside."""
        waiting = self.filter(
            link__purpose=ReceiverLink.Purpose.ONWARD, link__set_aside_by__isnull=True, handover__status__in=Handover.LIVE
        )
        return waiting.exclude(onwards__status="tercatat")


class ReceiverStatement(AppendOnly):
    """What a receiver recorded by a link: who, when, how many of each line, with a signature. Never changed."""

    link = models.OneToOneField(ReceiverLink, models.PROTECT, verbose_name=_("link"), related_name="statement")
    handover = models.ForeignKey(Handover, models.PROTECT, verbose_name=_("handover"), related_name="statements")
    key = models.UUIDField(editable=False)  # of the form: sent twice, recorded once
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    happened_on = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=200)
    passed_to = models.CharField(_("passed on to"), max_length=200, blank=True)  # of an onward distribution
    signature = models.BinaryField(_("signature"), default=bytes, blank=True)  # PNG; empty where the typed name stands for it
    photo = models.FileField(_("photo"), upload_to=photo_path, blank=True, max_length=120)
    photo_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    sha256 = models.CharField(_("hash of the content"), max_length=64, editable=False)

    SCOPE: ClassVar[Scope] = Owned("handover__store__region")
    objects = ReceiverStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement of a receiver")
        verbose_name_plural = _("statements of receivers")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(photo="", photo_sha256="") | (~Q(photo="") & ~Q(photo_sha256="")),
                name="%(app_label)s_%(class)s_photo_hashed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.handover}"

    def get_absolute_url(self) -> str:
        return self.handover.get_absolute_url()

    @property
    def is_drawn(self) -> bool:
        """Signed by hand on the screen; else the typed name stands for it."""
        return bool(self.signature)

    @property
    def is_to_record(self) -> bool:
        """A report of onward distribution that is neither recorded nor set aside; what its handover has become is seen beside it."""
        is_recorded = any(onward.is_live for onward in self.onwards.all())
        return self.link.purpose == ReceiverLink.Purpose.ONWARD and self.link.set_aside_by_id is None and not is_recorded

    @property
    def is_short(self) -> bool:
        """Less arrived than was handed over."""
        return any(line.quantity < line.line.quantity for line in self.lines.all())


class StatementLine(AppendOnly):
    """How many of a handover's line the receiver says, and why not all."""

    statement = models.ForeignKey(ReceiverStatement, models.PROTECT, related_name="lines")
    line = models.ForeignKey(HandoverLine, models.PROTECT, verbose_name=_("line"), related_name="said")
    quantity = models.PositiveIntegerField(_("quantity"))
    reason = models.CharField(_("reason for the shortfall"), max_length=200, blank=True)

    SCOPE: ClassVar[Scope] = Owned("statement__handover__store__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of a statement")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["statement", "line"], name="%(app_label)s_%(class)s_line_once")]

    def __str__(self) -> str:
        return f"{self.line.product}: {self.quantity}"

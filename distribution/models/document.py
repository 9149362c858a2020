from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from distribution.models.cancellation import Cancellation
from distribution.models.handover import Handover
from distribution.models.transfer import Transfer
from ikm_program.models import AppendOnly
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models import Office

DRAWN_REGIONS = (
    "handover__lines__draws__lot__region",
    "transfer__lines__draws__lot__region",
    "transfer__to_store__region",
    "cancellation__handover__lines__draws__lot__region",
)


def new_token() -> str:
    """An unguessable address for the verification page: 160 random bits."""
    return secrets.token_hex(20)


class IssuedDocumentQuerySet(ScopedQuerySet["IssuedDocument"]):
    def in_register(self, office: Office, register: str, year: int) -> IssuedDocumentQuerySet:
        return self.filter(office=office, register=register, year=year).order_by("sequence")

    def with_names(self) -> IssuedDocumentQuerySet:
        return self.select_related(
            "office__region",
            "handover__recipient",
            "handover__store",
            "transfer__to_store",
            "cancellation__handover__document",
            "issued_by",
            "file",
        ).defer("file__content", "arms", "office__arms")


class IssuedDocument(AppendOnly):
    """A numbered paper: its frozen content and the hash of it. The content names the hash of the one before it in its register."""

    class Kind(models.TextChoices):
        BAST = "bast", _("Handover record (BAST)")
        TRANSFER = "mutasi", _("Transfer record")
        CANCELLATION = "pembatalan", _("Cancellation record")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="documents")
    register = models.CharField(_("register"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("sequence"))
    number = models.CharField(_("number"), max_length=120)
    document_on = models.DateField(_("date"))
    snapshot = models.JSONField(_("frozen content"))
    arms = models.BinaryField(_("regional arms as printed"), null=True)  # the image whose hash the content names
    sha256 = models.CharField(_("hash of the content"), max_length=64)
    previous_hash = models.CharField(_("hash of the one before"), max_length=64)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+")
    handover = models.OneToOneField(Handover, models.PROTECT, related_name="document", null=True)
    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="document", null=True)
    cancellation = models.OneToOneField(Cancellation, models.PROTECT, related_name="document", null=True)

    SCOPE: ClassVar[Scope] = Owned("office__region", seen_also=DRAWN_REGIONS)
    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        ordering = ("-document_on", "-pk")
        indexes = [models.Index(fields=["document_on"], name="issued_document_date")]
        constraints = [
            models.UniqueConstraint(fields=["office", "register", "year", "sequence"], name="%(app_label)s_%(class)s_number_once"),
            models.CheckConstraint(
                condition=Q(handover__isnull=False, transfer__isnull=True, cancellation__isnull=True)
                | Q(handover__isnull=True, transfer__isnull=False, cancellation__isnull=True)
                | Q(handover__isnull=True, transfer__isnull=True, cancellation__isnull=False),
                name="%(app_label)s_%(class)s_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page of what the paper is about."""
        return self.subject.get_absolute_url()

    @property
    def file_url(self) -> str:
        """Where its PDF is fetched."""
        kind = {self.Kind.BAST: "bast", self.Kind.TRANSFER: "ba-mutasi", self.Kind.CANCELLATION: "ba-batal"}[self.Kind(self.kind)]
        return reverse(f"distribution:{kind}_file", kwargs={"pk": self.handover_id or self.transfer_id or self.cancellation_id})

    @property
    def verification_url(self) -> str:
        return reverse("distribution:verify", kwargs={"token": self.token})

    @property
    def approved_cancellation(self) -> Cancellation | None:
        """What made a BAST void. Reads `handover.cancellations`, which lists prefetch."""
        asked = self.handover.cancellations.all() if self.handover else ()
        return next((cancellation for cancellation in asked if cancellation.status == cancellation.Status.APPROVED), None)

    @property
    def cancelled_by(self) -> IssuedDocument | None:
        """The record that made it void."""
        return getattr(self.approved_cancellation, "document", None)

    @property
    def replaced_by(self) -> IssuedDocument | None:
        """The paper issued in its place. Reads `handover.successors`."""
        drafts = self.handover.successors.all() if self.handover else ()
        return next((found for draft in drafts if (found := getattr(draft, "document", None))), None)

    @property
    def has_file(self) -> bool:
        """Whether its PDF has been made."""
        return getattr(self, "file", None) is not None

    @property
    def subject(self) -> Handover | Transfer | Cancellation:
        """What the paper is about."""
        found = self.handover or self.transfer or self.cancellation
        assert found is not None  # held by a constraint
        return found


class IssuedFile(AppendOnly):
    """The paper itself: the PDF's bytes, stored once, never rendered again."""

    document = models.OneToOneField(IssuedDocument, models.PROTECT, related_name="file")
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, db_index=True)
    rendered_at = models.DateTimeField(_("rendered at"), auto_now_add=True)

    SCOPE: ClassVar[Scope] = Owned("document__office__region", seen_also=tuple(f"document__{lookup}" for lookup in DRAWN_REGIONS))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued file")
        verbose_name_plural = _("issued files")

    def __str__(self) -> str:
        return f"{self.document} · {self.sha256[:12]}"

"""What the records of this app share that one person drafts, another issues under a number, and somebody may cancel."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from trainings.models import IssuedDocument, Office, Region


class IssuedRecord(Record):
    """A draft of one person, issued with its paper by another, and cancelled with a reason; the database asks for all three."""

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")
        ISSUED = "diterbitkan", _("Issued")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {Status.DRAFT: (Status.ISSUED,), Status.ISSUED: (Status.CANCELLED,), Status.CANCELLED: ()}

    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("last changed by"), related_name="+", null=True, editable=False
    )
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.DRAFT, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+", null=True, editable=False
    )
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, verbose_name=_("issued document"), related_name="%(class)s", null=True, editable=False
    )
    cancelled_on = models.DateField(_("cancelled on"), null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("cancelled by"), related_name="+", null=True, editable=False
    )
    cancelled_reason = models.CharField(_("reason for the cancellation"), max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
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
            models.CheckConstraint(
                condition=Q(status="dibatalkan", cancelled_on__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_reason="")
                | (~Q(status="dibatalkan") & Q(cancelled_on__isnull=True, cancelled_by__isnull=True, cancelled_reason="")),
                name="%(app_label)s_%(class)s_cancelled_by_whom",
                violation_error_message=_("A cancelled document says who cancelled it, when and why."),
            ),
        ]

    @property
    def number(self) -> str:
        """The number it was issued under, or ""."""
        return self.document.number if self.document else ""

    @property
    def home(self) -> Region:
        """Whose people act on it: where its store is."""
        region: Region = self.store.region  # type: ignore[attr-defined]  # of the model that has one
        return region

    @property
    def paper_office(self) -> Office:
        """Whose paper it is."""
        office: Office = self.office  # type: ignore[attr-defined]  # of the model that has one
        return office

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    def is_drafted_by(self, user: Any) -> bool:
        """They wrote it, or changed it last."""
        return user.pk in (self.created_by_id, self.edited_by_id)


class TeamMember(models.Model):
    """One of those who looked at the goods, as the paper names them."""

    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=160)
    nip = models.CharField("NIP", max_length=18, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name}, {self.position}"

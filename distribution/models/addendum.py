from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from distribution.models.handover import Handover
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models.issued import IssuedRecord
from trainings.models import Office, Official, Region


class AddendumQuerySet(ScopedQuerySet["Addendum"]):
    def issued(self) -> AddendumQuerySet:
        return self.filter(status=Addendum.Status.ISSUED)

    def with_names(self) -> AddendumQuerySet:
        near = ("handover__store__region", "handover__giver_office__region", "handover__recipient", "handover__document", "signer")
        unread = ("handover__giver_office__arms", "handover__document__arms", "handover__document__snapshot", "document__arms")
        return self.select_related(*near, "document", "created_by").defer(*unread, "document__snapshot")


class Addendum(IssuedRecord):
    """Both parties put right or add to what an issued BAST says, under a number of its own. Goods, quantities and parties stay.

    The handover's record keeps what its paper says; what holds now is that and its addenda in the order of their issue.
    """

    handover = models.ForeignKey(Handover, models.PROTECT, verbose_name=_("handover"), related_name="addenda", editable=False)
    agreed_on = models.DateField(_("date of the addendum"))
    place = models.CharField(_("place"), max_length=160, blank=True)
    backdating_reason = models.CharField(
        _("reason for the earlier date"), max_length=250, blank=True, help_text=_("Needed when the date lies before today.")
    )
    signer = models.ForeignKey(Official, models.PROTECT, verbose_name=_("official who signs"), related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    provisions = models.TextField(
        _("further provisions"), blank=True, help_text=_("One per line, as it is to be printed. Goods and quantities are not changed here.")
    )

    SCOPE: ClassVar[Scope] = Owned("handover__store__region", seen_also=("handover__lines__draws__lot__region",))
    objects = AddendumQuerySet.as_manager()

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ("-agreed_on", "-pk")
        permissions = [("issue_addendum", "Can issue or cancel an addendum")]
        constraints = [*IssuedRecord.Meta.constraints]

    def __str__(self) -> str:
        if self.number:
            return str(_("Addendum %(number)s")) % {"number": self.number}
        return str(_("Draft addendum to %(handover)s")) % {"handover": self.handover}

    @property
    def home(self) -> Region:
        return self.handover.store.region

    @property
    def paper_office(self) -> Office:
        return self.handover.giver_office

    def get_absolute_url(self) -> str:
        return reverse("distribution:addendum_detail", kwargs={"pk": self.pk})


class AddendumChange(models.Model):
    """One statement of the paper: how it read before, and how it reads from now on."""

    class Statement(models.TextChoices):
        """Fields of the handover that are words: neither goods nor parties."""

        PLACE = "place", _("place")
        PURPOSE = "purpose", _("purpose")
        RECEIVER_NAME = "receiver_name", _("receiver's name")
        RECEIVER_POSITION = "receiver_position", _("receiver's position")
        RECEIVER_RANK = "receiver_rank", _("rank and grade")
        RECEIVER_NUMBER = "receiver_identity_number", _("NIP or NRP of the receiver")
        RECEIVER_BASIS = "receiver_basis", _("decree the receiver acts on")
        OTHER_NUMBER = "other_number", _("number of the second party")
        LEGAL_BASIS = "legal_basis", _("legal basis")
        WITNESSED_NAME = "acknowledged_by_name", _("acknowledged by (name)")
        WITNESSED_POSITION = "acknowledged_by_position", _("acknowledged by (position)")
        WITNESSED_NUMBER = "acknowledged_by_number", _("NIP of whoever acknowledges")

    addendum = models.ForeignKey(Addendum, models.CASCADE, related_name="changes")
    statement = models.CharField(_("statement"), max_length=30, choices=Statement.choices)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)

    SCOPE: ClassVar[Scope] = Owned("addendum__handover__store__region", seen_also=("addendum__handover__lines__draws__lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a statement")
        verbose_name_plural = _("changes of statements")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["addendum", "statement"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=~Q(before=F("after")),
                name="%(app_label)s_%(class)s_changes_something",
                violation_error_message=_("This statement reads as before."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_statement_display()}: {self.before} → {self.after}"

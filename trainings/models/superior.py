from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings import bbi
from trainings.models.enterprise import Enterprise


class SuperiorProductQuerySet(ScopedQuerySet["SuperiorProduct"]):
    def with_stage(self) -> SuperiorProductQuerySet:
        """Whether it is being, or has been, mentored: the stage after the selection."""
        from trainings.models.mentoring import Pipeline  # a mentoring names its product, so its module imports this one

        return self.annotate(is_mentored=Exists(Pipeline.objects.filter(superior=OuterRef("pk"))))

    def waiting(self) -> SuperiorProductQuerySet:
        return self.filter(status=SuperiorProduct.Status.PROPOSED)


class SuperiorProduct(Record):
    """A product of an IKM in the inventory of superior products: proposed by the district, selected by the province.

    The governor's policy asks for export quality; the grounds for it stand beside the word.
    """

    class Status(models.TextChoices):
        PROPOSED = "diusulkan", _("Proposed")
        SELECTED = "terpilih", _("Selected")
        NOT_SELECTED = "tidak_terpilih", _("Not selected")

    NEXT: ClassVar = {Status.PROPOSED: (Status.SELECTED, Status.NOT_SELECTED), Status.NOT_SELECTED: (Status.PROPOSED,)}
    DEEDS: ClassVar = {(Status.NOT_SELECTED, Status.PROPOSED): _("Proposed again")}
    STATUS_TONES: ClassVar = {Status.PROPOSED: "info", Status.SELECTED: "ok", Status.NOT_SELECTED: "muted"}

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("IKM business"), related_name="superior_products")
    name = models.CharField(_("name of the product"), max_length=120)
    description = models.TextField(_("description"), blank=True, max_length=1000)
    is_export_quality = models.BooleanField(_("of export quality"), null=True, blank=True)
    export_basis = models.CharField(
        _("grounds for export quality"), max_length=250, blank=True,
        help_text=_("Orders from abroad, an exhibition, a standard it meets, a test."),
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.PROPOSED, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("changed by"), related_name="+", null=True, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), related_name="+", null=True, editable=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    refused_reason = models.CharField(_("reason for not selecting"), max_length=250, blank=True, editable=False)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = Owned("enterprise__region")
    objects = SuperiorProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("superior product")
        verbose_name_plural = _("superior products")
        ordering = ("name", "pk")
        permissions = [("select_superiorproduct", "Can select superior products, or not")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "name"],
                name="%(app_label)s_%(class)s_named_once",
                violation_error_message=_("This product of the business is in the inventory already."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (
                    Q(created_by__isnull=False)
                    & ~Q(decided_by=F("created_by"))
                    & (Q(edited_by__isnull=True) | ~Q(decided_by=F("edited_by")))
                ),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Whoever proposed a product, or changed the proposal, does not decide on it."),
            ),
            models.CheckConstraint(
                condition=Q(status="diusulkan", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="diusulkan") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_decided_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status="tidak_terpilih") & ~Q(refused_reason="") | (~Q(status="tidak_terpilih") & Q(refused_reason="")),
                name="%(app_label)s_%(class)s_refused_why",
                violation_error_message=_("Say why it is not selected."),
            ),
            models.CheckConstraint(
                condition=~Q(status="terpilih") | (Q(is_export_quality=True, is_export_quality__isnull=False) & ~Q(export_basis="")),
                name="%(app_label)s_%(class)s_selected_for_export_quality",
                violation_error_message=_("Only products of export quality are selected: say on what grounds it is one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.enterprise}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:superior_detail", kwargs={"pk": self.pk})

    @property
    def is_proposed(self) -> bool:
        return self.status == self.Status.PROPOSED

    @property
    def is_selected(self) -> bool:
        return self.status == self.Status.SELECTED

    @property
    def stage(self) -> str | Promise:
        """Where it is in the inventory: the status, or, once somebody goes with it, the pipeline."""
        if self.is_selected and getattr(self, "is_mentored", False):
            return _("In the pipeline")
        return self.get_status_display()

    @cached_property
    def bbi_steps(self) -> list[bbi.BbiStep]:
        return bbi.steps_of(self, on=timezone.localdate())

    @property
    def bbi_share(self) -> int:
        return bbi.share_done(self.bbi_steps)

    @property
    def bbi_done(self) -> int:
        return sum(step.is_done for step in self.bbi_steps)

    @property
    def bbi_all(self) -> int:
        return len(self.bbi_steps)

    @property
    def bbi_words(self) -> str:
        return gettext("%(share)s%% · %(done)s of %(all)s") % {"share": self.bbi_share, "done": self.bbi_done, "all": self.bbi_all}

from __future__ import annotations

import secrets
from itertools import chain
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program import papers
from ikm_program.models import AppendOnly, AuditEvent
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models.office import Office
from trainings.models.region import Region

UNREAD = ("arms", "office__arms", "file__content")  # large, and read by who prints or sends a paper only


def new_token() -> str:
    """An unguessable address for the verification page: 160 random bits."""
    return secrets.token_hex(20)


class IssuedDocumentQuerySet(ScopedQuerySet["IssuedDocument"]):
    def in_register(self, office: Office, kind: str, year: int) -> IssuedDocumentQuerySet:
        return self.filter(office=office, kind=kind, year=year).order_by("sequence")

    def damaged(self) -> IssuedDocumentQuerySet:
        """Papers whose stored file was found damaged and has not been sent whole since."""
        events = AuditEvent.objects.filter(model=IssuedDocument._meta.label_lower)
        since = events.filter(object_id=OuterRef("object_id"), verb="download", sequence__gt=OuterRef("sequence"))
        found = events.filter(verb="file_damaged").filter(~Exists(since)).annotate(paper=Cast("object_id", models.BigIntegerField()))
        return self.filter(pk__in=found.values("paper"))

    def with_names(self) -> IssuedDocumentQuerySet:
        """With office, file and what they are about, whatever their kinds."""
        kinds = papers.registered()
        related = chain.from_iterable(kind.related for kind in kinds)
        unread = chain.from_iterable(kind.unread for kind in kinds)
        return self.select_related("office__region", "issued_by", "file", *related).defer(*UNREAD, *unread)

    def with_standing(self) -> IssuedDocumentQuerySet:
        """And with what became of them since."""
        prefetched = chain.from_iterable(kind.prefetched for kind in papers.registered())
        return self.with_names().prefetch_related(*prefetched)


class IssuedDocument(AppendOnly):
    """A numbered paper of any kind: its frozen content and the hash of it. The content names the hash of the one before it in its register.

    What it is about names its paper (`handover.document`), not the other way round: the kinds live in apps above.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=papers.choices)
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="documents")
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("sequence"))
    number = models.CharField(_("number"), max_length=120)
    document_on = models.DateField(_("date"))
    first_party = models.CharField(_("first party"), max_length=300)
    second_party = models.CharField(_("second party"), max_length=300, blank=True)
    matter = models.TextField(_("matter"), blank=True)
    snapshot = models.JSONField(_("frozen content"))
    arms = models.BinaryField(_("regional arms as printed"), null=True)  # the image whose hash the content names
    sha256 = models.CharField(_("hash of the content"), max_length=64)
    previous_hash = models.CharField(_("hash of the one before"), max_length=64)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+")
    regions = models.ManyToManyField(
        Region, through="DocumentRegion", verbose_name=_("regions whose goods or people it carries"), related_name="+"
    )

    SCOPE: ClassVar[Scope] = Owned("office__region", seen_also=("regions",))
    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        ordering = ("-document_on", "-pk")
        indexes = [models.Index(fields=["document_on"], name="issued_document_on")]
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "year", "sequence"], name="%(app_label)s_%(class)s_number_once"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page of what the paper is about; its PDF where nothing has a page."""
        subject = self.subject
        return subject.get_absolute_url() if subject is not None else self.file_url

    @property
    def file_url(self) -> str:
        """Where its PDF is fetched."""
        return reverse("trainings:document_file", kwargs={"pk": self.pk})

    @property
    def verification_url(self) -> str:
        return reverse("trainings:verify", kwargs={"token": self.token})

    @property
    def has_file(self) -> bool:
        """Whether its PDF has been made."""
        return getattr(self, "file", None) is not None

    @property
    def paper(self) -> papers.Paper:
        """What its kind declares."""
        return papers.paper_of(self.kind)

    @property
    def subject(self) -> Any:
        """What the paper is about, or None."""
        relation = self.paper.subject if self.kind else ""  # the audit trail asks with nothing but a key
        try:
            return getattr(self, relation) if relation else None
        except ObjectDoesNotExist:
            return None

    @property
    def standing(self) -> papers.Standing:
        """What became of it. Reads the subject: lists ask `with_standing`."""
        return self.paper.standing(self)


class DocumentRegion(AppendOnly):
    """A region whose goods or people a paper carries: besides the office's own region it may read the paper. Frozen with it."""

    document = models.ForeignKey(IssuedDocument, models.PROTECT, related_name="reach")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")

    SCOPE: ClassVar[Scope] = Owned("document__office__region", seen_also=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("region of a document")
        verbose_name_plural = _("regions of a document")
        constraints = [models.UniqueConstraint(fields=["document", "region"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.document} · {self.region}"


class IssuedFile(AppendOnly):
    """The paper itself: the PDF's bytes, stored once, never rendered again."""

    document = models.OneToOneField(IssuedDocument, models.PROTECT, related_name="file")
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, db_index=True)
    rendered_at = models.DateTimeField(_("rendered at"), auto_now_add=True)

    SCOPE: ClassVar[Scope] = Owned("document__office__region", seen_also=("document__regions",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued file")
        verbose_name_plural = _("issued files")

    def __str__(self) -> str:
        return f"{self.document} · {self.sha256[:12]}"

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ikm_program.roles import INSTRUCTOR, ROLES
from ikm_program.scoping import Owned, Scope, ScopedQuerySet, ancestor_paths
from trainings.models.office import Office, Official
from trainings.models.region import Region

if TYPE_CHECKING:
    from trainings.models.batch import Instructor


class UserQuerySet(ScopedQuerySet["User"]):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def who_may(self, codename: str, region: Region) -> UserQuerySet:
        """Active people of the region, or of one above it, whose roles hold the permission."""
        there = self.active().filter(region__path__in=[region.path, *ancestor_paths(region.path)])
        return there.filter(groups__permissions__codename=codename).distinct()

    def settle_superusers(self) -> int:
        """Whoever was made on the command line before there was a region belongs to the country too. How many there were."""
        country = Region.objects.filter(kind=Region.Kind.COUNTRY).first()
        return self.filter(is_superuser=True, region=None).update(region=country) if country else 0

    def waiting_for_instructor(self) -> UserQuerySet:
        """Accounts with the role Instruktur of which nobody has said whose they are."""
        return self.active().filter(groups__name=INSTRUCTOR, instructor=None)


class PeopleManager(UserManager["User"]):
    """Django's manager, answering `for_user` too; a superuser made on the command line belongs to the country."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def for_user(self, user: Any) -> UserQuerySet:
        return self.get_queryset().for_user(user)

    def owned_by(self, user: Any) -> UserQuerySet:
        return self.get_queryset().owned_by(user)

    def create_superuser(self, username: str, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        fields.setdefault("region", Region.objects.filter(kind=Region.Kind.COUNTRY).first())
        return super().create_superuser(username, email, password, **fields)


class User(AbstractUser):
    """A person with one region and the roles (groups) that say what he or she may do there."""

    full_name = models.CharField(_("full name"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="users", null=True)
    office = models.ForeignKey(Office, models.SET_NULL, verbose_name=_("office"), related_name="users", null=True, blank=True)
    official = models.ForeignKey(
        Official,
        models.SET_NULL,
        verbose_name=_("signs as"),
        related_name="users",
        null=True,
        blank=True,
        help_text=_("The official this account belongs to, when the person signs documents."),
    )
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=2, default="id")
    is_example = models.BooleanField(_("example data"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    sent_away = models.PositiveIntegerField(default=0, editable=False)  # how often; sessions and links from before are void

    SCOPE: ClassVar[Scope] = Owned("region")
    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("full_name",)

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_absolute_url(self) -> str:
        return reverse("trainings:user_detail", kwargs={"pk": self.pk})

    def get_session_auth_hash(self) -> str:
        """What a session must still agree with: the password, and that nobody sent the person away since."""
        return salted_hmac("trainings.User.session", f"{self.password}{self.sent_away}", algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under retired keys, which Django asks for after a change of SECRET_KEY."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield salted_hmac("trainings.User.session", f"{self.password}{self.sent_away}", secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return str(self)

    @property
    def roles(self) -> list[str]:
        """The codes of the roles, in the order of the table."""
        held = {group.name for group in self.groups.all()}
        return [code for code in ROLES if code in held]

    @property
    def is_only_instructor(self) -> bool:
        """Whose reach is the batches that he or she teaches, not the whole district."""
        return self.roles == [INSTRUCTOR]

    @property
    def instructor_record(self) -> Instructor | None:
        """As whom the person teaches, once somebody has said so."""
        return getattr(self, "instructor", None)

    @property
    def role_labels(self) -> list[str]:
        return [str(ROLES[code].label) for code in self.roles]

    @property
    def role_words(self) -> str:
        return ", ".join(self.role_labels)

from __future__ import annotations

import datetime as dt
import re
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record, Tallied
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from ikm_program.searching import Numbers, Searched
from trainings.duplicates import Traits
from trainings.identity import (
    MEDIUM_INVESTMENT_MAX,
    SMALL_INVESTMENT_BELOW,
    SMALL_WORKERS_MAX,
    IndustryScale,
    KbliEdition,
    Sex,
    format_npwp,
    industry_scale,
    mask_nik,
    parse_nik,
    scale_reason,
)
from trainings.models.region import Region
from trainings.models.resemblance import ResemblingQuerySet
from trainings.models.sentra import Sentra

CONFIRMED_FOR_DAYS = 365
LICENCE_ENDS_SOON_DAYS = 90
EARLIEST_YEAR = 1900
_YEAR = re.compile(r"[0-9]\.?[0-9]{3}")  # a spreadsheet may have put its thousands point in


def refuse_future_year(year: int) -> None:
    if year > timezone.localdate().year:
        raise ValidationError(_("This year has not come yet."))


def parse_started_year(text: str) -> int:
    """The year in which a business began, as a form and a sheet take it."""
    written = text.strip()
    if not _YEAR.fullmatch(written):
        raise ValidationError(_("Write the year with four digits, for example 2015."))
    year = int(written.replace(".", ""))
    if year < EARLIEST_YEAR:
        raise ValidationError(_("The year cannot be before %(earliest)s.") % {"earliest": EARLIEST_YEAR})
    refuse_future_year(year)
    return year


class EnterpriseQuerySet(ResemblingQuerySet["Enterprise"]):
    def confirmed_since(self, day: dt.date) -> EnterpriseQuerySet:
        return self.filter(confirmed_on__gte=day)

    def confirmed_before(self, day: dt.date) -> EnterpriseQuerySet:
        """And not since."""
        return self.filter(confirmed_on__lt=day)

    def never_confirmed(self) -> EnterpriseQuerySet:
        return self.filter(confirmed_on__isnull=True)

    def of_scale(self, scale: IndustryScale | None) -> EnterpriseQuerySet:
        """The same limits as `industry_scale`; whose workers or investment are not known has none (`None`)."""
        men = Cast("workers_male", models.BigIntegerField())  # the sum of two columns may be more than a column holds
        rows = self.annotate(workers_in_all=men + F("workers_female"))
        few, many = Q(workers_in_all__lte=SMALL_WORKERS_MAX), Q(workers_in_all__gt=SMALL_WORKERS_MAX)
        small, within = Q(investment__lt=SMALL_INVESTMENT_BELOW), Q(investment__lte=MEDIUM_INVESTMENT_MAX)
        known = Q(workers_in_all__isnull=False, investment__isnull=False)
        if scale is None:
            return rows.filter(~known)
        limits = {
            IndustryScale.SMALL: few & small,
            IndustryScale.MEDIUM: (few & ~small) | (many & within),
            IndustryScale.LARGE: many & ~within,
        }
        return rows.filter(known, limits[scale])


class Enterprise(Searched, Tallied, Record):
    """A small or medium industry (IKM) of a district: the profile of the registry, and SIINas' minimum data.

    Unknown is null (a number, a yes or no) or empty (a text), never 0.
    """

    class LegalForm(models.TextChoices):
        PERSON = "perorangan", _("Sole owner")
        UD = "ud", "UD"
        CV = "cv", "CV"
        PT = "pt", "PT"
        COOPERATIVE = "koperasi", _("Cooperative")
        GROUP = "kelompok", _("Business group (KUB)")
        OTHER = "lain", _("Other")

    class ConfirmedHow(models.TextChoices):
        VISIT = "kunjungan", _("Visit")
        PHONE = "telepon", _("Telephone")
        TRAINING = "pelatihan", _("At a training")
        FILE = "berkas", _("Data file of the district")
        SIINAS = "siinas", "SIINas"

    NAMED_BY: ClassVar[str] = "name"
    FOUND_BY: ClassVar[tuple[str, ...]] = ("owner_name", "brand", "main_product", "address", "village", "subdistrict", "code")
    NUMBERS: ClassVar[Numbers] = {13: ("nib", ""), 16: ("owner_nik", "trainings.reveal_nik")}

    region = models.ForeignKey(  # the index by region and name begins with it
        Region, models.PROTECT, verbose_name=_("kabupaten/kota"), related_name="enterprises", db_index=False
    )
    code = models.CharField(_("IKM code"), max_length=30, blank=True)
    name = models.CharField(_("business name"), max_length=160)
    legal_form = models.CharField(_("legal form"), max_length=12, choices=LegalForm.choices, blank=True)
    main_product = models.CharField(_("main product"), max_length=120, blank=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    sentra = models.ForeignKey(Sentra, models.PROTECT, verbose_name=_("sentra"), related_name="enterprises", null=True, blank=True)
    started_year = models.PositiveSmallIntegerField(_("started in (year)"), null=True, blank=True, validators=[refuse_future_year])
    is_active = models.BooleanField(_("active"), default=True)

    owner_name = models.CharField(_("owner"), max_length=120, blank=True)
    owner_nik = models.CharField(_("NIK of the owner"), max_length=16, blank=True)
    owner_sex = models.CharField(_("sex of the owner"), max_length=1, choices=Sex.choices, blank=True)

    address = models.CharField(_("address"), max_length=250, blank=True)
    village = models.CharField(_("village"), max_length=80, blank=True)
    subdistrict = models.CharField(_("sub-district"), max_length=80, blank=True)
    village_code = models.CharField(
        _("village code"), max_length=13, blank=True, help_text=_("Kemendagri code, 00.00.00.0000, as far as it is known.")
    )
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    nib = models.CharField("NIB", max_length=13, blank=True)
    npwp = models.CharField("NPWP", max_length=16, blank=True)
    kbli = models.CharField("KBLI", max_length=5, blank=True)
    kbli_edition = models.CharField(_("KBLI edition"), max_length=4, choices=KbliEdition.choices, default=KbliEdition.E2015)
    has_siinas_account = models.BooleanField(_("SIINas account"), null=True, blank=True)

    workers_male = models.PositiveIntegerField(_("male workers"), null=True, blank=True)
    workers_female = models.PositiveIntegerField(_("female workers"), null=True, blank=True)
    investment = models.BigIntegerField(_("investment without land and building (Rp)"), null=True, blank=True)
    investment_land = models.BigIntegerField(_("investment in land and building (Rp)"), null=True, blank=True)

    capacity_unit = models.CharField(_("unit of production"), max_length=30, blank=True)
    installed_capacity = models.PositiveBigIntegerField(_("installed capacity a year"), null=True, blank=True)
    production_capacity = models.PositiveBigIntegerField(_("production capacity a year"), null=True, blank=True)
    production = models.PositiveBigIntegerField(_("production a year"), null=True, blank=True)
    production_value = models.BigIntegerField(_("value of production a year (Rp)"), null=True, blank=True)
    raw_materials = models.CharField(_("raw materials"), max_length=250, blank=True)
    machines = models.CharField(_("machines and equipment"), max_length=250, blank=True)
    water_m3 = models.PositiveIntegerField(_("raw water a year (m³)"), null=True, blank=True)
    fuel_litres = models.PositiveIntegerField(_("fuel and lubricants a year (litres)"), null=True, blank=True)
    electricity_kwh = models.PositiveIntegerField(_("electricity a year (kWh)"), null=True, blank=True)

    sells_offline = models.BooleanField(_("sells offline"), null=True, blank=True)
    sells_online = models.BooleanField(_("sells online"), null=True, blank=True)
    sales_channels = models.CharField(_("sales channels"), max_length=250, blank=True, help_text=_("Shops, markets, names on the web."))

    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("confirmed by"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        db_index=False,
    )
    confirmed_how = models.CharField(_("confirmed how"), max_length=10, choices=ConfirmedHow.choices, blank=True, editable=False)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("IKM business")
        verbose_name_plural = _("IKM businesses")
        ordering = ("sort_name", "pk")
        indexes = [
            models.Index(fields=["sort_name", "id"], name="enterprise_by_name"),
            models.Index(fields=["region", "sort_name", "id"], name="enterprise_by_region"),
            models.Index(fields=["code"], name="enterprise_by_code", condition=~Q(code="")),
            models.Index(fields=["nib"], name="enterprise_by_nib", condition=~Q(nib="")),
            models.Index(fields=["owner_nik"], name="enterprise_by_owner_nik", condition=~Q(owner_nik="")),
            models.Index(fields=["phone"], name="enterprise_by_phone", condition=~Q(phone="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(investment__isnull=True) | Q(investment__gte=0),
                name="%(app_label)s_%(class)s_investment_not_negative",
                violation_error_message=_("The investment cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(investment_land__isnull=True) | Q(investment_land__gte=0),
                name="%(app_label)s_%(class)s_land_not_negative",
                violation_error_message=_("The investment cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(production_value__isnull=True) | Q(production_value__gte=0),
                name="%(app_label)s_%(class)s_value_not_negative",
                violation_error_message=_("The value of production cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(production__isnull=True) | Q(installed_capacity__isnull=True) | Q(production__lte=F("installed_capacity")),
                name="%(app_label)s_%(class)s_within_capacity",
                violation_error_message=_("Production cannot be more than the installed capacity."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="%(app_label)s_%(class)s_coordinates_together",
                violation_error_message=_("Latitude and longitude belong together."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True, confirmed_how="") | (Q(confirmed_on__isnull=False) & ~Q(confirmed_how="")),
                name="%(app_label)s_%(class)s_confirmed_somehow",
            ),
            models.UniqueConstraint(
                fields=["region", "nib"],
                condition=~Q(nib=""),
                name="%(app_label)s_%(class)s_nib_once",
                violation_error_message=_("This NIB is already registered in this kabupaten/kota."),
            ),
        ]
        permissions = [("merge_enterprise", "Can merge two records of one business")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("trainings:enterprise_detail", kwargs={"pk": self.pk})

    TRAIT_COLUMNS: ClassVar[tuple[str, ...]] = (
        "name", "region_id", "nib", "owner_nik", "phone", "owner_name", "address", "village", "subdistrict"
    )  # fmt: skip

    def traits(self) -> Traits:
        """What it is recognised by: `TRAIT_COLUMNS`, and nothing else."""
        return Traits(
            kind="enterprise",
            name=self.name,
            region=self.region_id,
            numbers={"nib": self.nib, "owner_nik": self.owner_nik, "phone": self.phone},
            owner=self.owner_name,
            address=self.address,
            village=self.village,
            subdistrict=self.subdistrict,
        )

    @property
    def workers(self) -> int | None:
        """Men and women together; unknown as long as one of the two is."""
        return None if self.workers_male is None or self.workers_female is None else self.workers_male + self.workers_female

    @property
    def kbli_words(self) -> str:
        """A code means nothing without its edition."""
        return f"{self.kbli} (KBLI {self.kbli_edition})" if self.kbli else ""

    @property
    def shown_npwp(self) -> str:
        return format_npwp(self.npwp)

    @property
    def masked_owner_nik(self) -> str:
        return mask_nik(self.owner_nik) if self.owner_nik else ""

    @property
    def scale(self) -> IndustryScale | None:
        return industry_scale(self.workers, self.investment)

    @property
    def scale_reason(self) -> str:
        return scale_reason(self.workers, self.investment)

    @property
    def scale_label(self) -> str | Promise:
        scale = self.scale
        return scale.label if scale else ""

    @property
    def coordinates(self) -> str:
        """As a map takes them."""
        return "" if self.latitude is None or self.longitude is None else f"{self.latitude:.6f}, {self.longitude:.6f}"

    @property
    def warnings(self) -> list[str | Promise]:
        """What is odd and may be right all the same: people move, codes change, districts are divided."""
        found: list[str | Promise] = []
        code = self.region.kemendagri_code
        if self.owner_nik and parse_nik(self.owner_nik, demo=True).regency_code != code:  # sound: it was checked when it was recorded
            found.append(
                _("The region code of the owner's NIK is not that of this kabupaten/kota. Check it again (the data can still be saved).")
            )
        if self.village_code and not self.village_code.startswith(f"{code}."):
            found.append(_("The village code is not one of this kabupaten/kota. Check it again (the data can still be saved)."))
        return found

    @property
    def is_fresh(self) -> bool:
        """Somebody has confirmed the data within the last year."""
        return self.confirmed_on is not None and self.confirmed_on >= timezone.localdate() - dt.timedelta(days=CONFIRMED_FOR_DAYS)


class LicenceQuerySet(ScopedQuerySet["Licence"]):
    def ending_within(self, days: int, *, on: dt.date) -> LicenceQuerySet:
        """Valid on the day, and no longer than so many days; one that has been renewed reminds nobody."""
        newer = Licence.objects.filter(enterprise=OuterRef("enterprise"), kind=OuterRef("kind"), valid_until__gt=OuterRef("valid_until"))
        return self.filter(valid_until__range=(on, on + dt.timedelta(days=days))).exclude(Exists(newer))

    def over_on(self, day: dt.date) -> LicenceQuerySet:
        return self.filter(valid_until__lt=day)

    def valid_on(self, day: dt.date) -> LicenceQuerySet:
        """A licence without a known end holds."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))


class Licence(Record):
    """A paper that makes a business or its product legal, old kinds (TDI, IUMK) included."""

    class Kind(models.TextChoices):
        IUMK = "iumk", "IUMK"
        TDI = "tdi", "TDI"
        IUI = "iui", "IUI"
        SIUP = "siup", "SIUP"
        PIRT = "pirt", "P-IRT"
        BPOM_MD = "md", "BPOM MD"
        BPOM_TR = "tr", "BPOM TR"
        BPOM_NA = "na", "BPOM NA"
        NUTRITION = "gizi", _("Nutrition facts")
        HALAL = "halal", _("Halal certificate")
        BRAND = "merek", _("Trademark")
        SNI = "sni", "SNI"
        TKDN = "tkdn", "TKDN"
        BBI = "bbi", _("Bangga Buatan Indonesia registration")
        OTHER = "lain", _("Other")

    SAME_BY: ClassVar[tuple[str, ...]] = ("kind", "number")  # two rows of a merged business that are one paper

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, verbose_name=_("IKM business"), related_name="licences")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    SCOPE: ClassVar[Scope] = Owned("enterprise__region")
    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ("kind", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "number"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This licence is already on record."),
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(valid_until__isnull=True) | Q(issued_on__lte=F("valid_until")),
                name="%(app_label)s_%(class)s_dates_in_order",
                violation_error_message=_("The end of validity cannot be before its beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    def get_absolute_url(self) -> str:
        return self.enterprise.get_absolute_url()

    @property
    def is_over(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def ends_soon(self) -> bool:
        """Time to think of the renewal."""
        soon = timezone.localdate() + dt.timedelta(days=LICENCE_ENDS_SOON_DAYS)
        return self.valid_until is not None and not self.is_over and self.valid_until <= soon

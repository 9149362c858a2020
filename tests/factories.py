"""Rows for tests, made directly: what an action would refuse can be set up too. Regions are those of the reference file."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from functools import cache
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from ikm_program import tallies
from ikm_program.models import Job
from production.models import ActivityProduct, DistrictTarget, Material, MaterialNorm, Product, ProductTarget, PublishedFigure
from trainings.actions.pairs import new_pair
from trainings.models import (
    Activity,
    ActivityDistrict,
    AllowanceScheme,
    Attendance,
    Batch,
    Bundle,
    DuplicatePair,
    Enrolment,
    Enterprise,
    Instructor,
    InstructorAssignment,
    Letterhead,
    Licence,
    Office,
    Official,
    Participant,
    Programme,
    Region,
    Sentra,
    Session,
    User,
)
from trainings.regions import RegionRow, ancestors, read_regions


@cache
def _reference() -> dict[str, RegionRow]:
    return {row.kemendagri_code: row for row in read_regions()}


def region(code: str) -> Region:
    """The region of that Kemendagri code ("00" the country, "63", "63.01"), with everything it lies in."""
    row = _reference()[code]
    parent = region(row.parent_code) if row.parent_code else None
    found, _created = Region.objects.get_or_create(kemendagri_code=code, defaults={**asdict(row), "path": row.path, "parent": parent})
    assert found.path.startswith(tuple(ancestors(found.path)) or "/")
    return found


def nik(code: str = "63.01", sequence: int = 1, *, born: str = "150685") -> str:
    """A structurally sound NIK that nobody has: an example of its district, told apart by the sub-district's digits."""
    return f"{code.replace('.', '')}{sequence % 100:02d}{born}0000"


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = Office

    region = factory.LazyFunction(lambda: region("63.01"))
    name = factory.Sequence(lambda n: f"Dinas CONTOH {n}")
    abbreviation = "DISCONTOH"
    government_line = "PEMERINTAH CONTOH"
    city = "Pelaihari"


class LetterheadFactory(DjangoModelFactory):
    class Meta:
        model = Letterhead

    office = factory.SubFactory(OfficeFactory)
    government_line = "Pemerintah Kabupaten Tanah Laut"
    office_line = "Dinas CONTOH Kop"
    city = "Pelaihari"


class OfficialFactory(DjangoModelFactory):
    class Meta:
        model = Official

    office = factory.SubFactory(OfficeFactory)
    name = factory.Sequence(lambda n: f"Pejabat CONTOH {n}")
    identity_kind = Official.IdentityKind.NONE
    position = "Kepala Dinas"


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    region = factory.LazyFunction(lambda: region("63"))
    code = factory.Sequence(lambda n: f"program-{n}")
    name = factory.Sequence(lambda n: f"Program CONTOH {n}")
    year = 2020
    fund = Programme.Fund.DEKONSENTRASI


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Bimtek CONTOH {n}")
    is_by_nomination = False  # districts fill their places themselves; tests of the selection say otherwise


class ActivityDistrictFactory(DjangoModelFactory):
    class Meta:
        model = ActivityDistrict

    activity = factory.SubFactory(ActivityFactory)
    region = factory.LazyFunction(lambda: region("63.01"))
    quota = 7


class BatchFactory(DjangoModelFactory):
    """A batch whose district takes part in its activity."""

    class Meta:
        model = Batch
        skip_postgeneration_save = True

    activity = factory.SubFactory(ActivityFactory)
    region = factory.LazyFunction(lambda: region("63.01"))
    number = 1

    @factory.post_generation
    def quota(self: Batch, create: bool, extracted: int | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if self.region.is_district:
            ActivityDistrict.objects.get_or_create(activity=self.activity, region=self.region, defaults={"quota": extracted})


class SearchedFactory(DjangoModelFactory):
    """A record that is found by its words and counted, like one made by an action."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        made = super()._create(model_class, *args, **kwargs | model_class(**kwargs).search_columns())
        tallies.count(model_class, made.region.path)
        return made


class EnterpriseFactory(SearchedFactory):
    class Meta:
        model = Enterprise

    region = factory.LazyFunction(lambda: region("63.01"))
    name = factory.Sequence(lambda n: f"IKM CONTOH {n}")


class SentraFactory(DjangoModelFactory):
    class Meta:
        model = Sentra

    region = factory.LazyFunction(lambda: region("63.01"))
    name = factory.Sequence(lambda n: f"Sentra CONTOH {n}")


class LicenceFactory(DjangoModelFactory):
    class Meta:
        model = Licence

    kind = Licence.Kind.PIRT
    number = factory.Sequence(lambda n: f"CONTOH-{n}")


class ParticipantFactory(SearchedFactory):
    class Meta:
        model = Participant

    region = factory.LazyFunction(lambda: region("63.01"))
    name = factory.Sequence(lambda n: f"Peserta CONTOH {n}")


class EnrolmentFactory(DjangoModelFactory):
    """An active place, counted at the participant's district like one made by the action."""

    class Meta:
        model = Enrolment

    batch = factory.SubFactory(BatchFactory)
    participant = factory.LazyAttribute(lambda row: ParticipantFactory(region=row.batch.region))
    activity = factory.LazyAttribute(lambda row: row.batch.activity)
    nik = factory.LazyAttribute(lambda row: row.participant.nik)

    @classmethod
    def _create(cls, model_class: type[Enrolment], *args: Any, **kwargs: Any) -> Enrolment:
        made: Enrolment = super()._create(model_class, *args, **kwargs)
        if made.status == Enrolment.Status.ACTIVE:
            part = ActivityDistrict.objects.filter(activity=made.activity, region=made.participant.region)
            part.update(enrolled=F("enrolled") + 1)
        return made


class SessionFactory(DjangoModelFactory):
    """A day of a batch, the first on 1 June 2020."""

    class Meta:
        model = Session

    batch = factory.SubFactory(BatchFactory)
    held_on = factory.LazyAttribute(lambda row: dt.date(2020, 6, 1) + dt.timedelta(days=row.batch.sessions.count()))


def closed_day(batch: Batch, day: dt.date) -> Session:
    """A day whose attendance is closed: only those are paid for."""
    made: Session = SessionFactory(batch=batch, held_on=day, closed_at=timezone.now(), closed_by=UserFactory(region=batch.region))
    return made


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(SessionFactory)
    enrolment = factory.LazyAttribute(lambda row: EnrolmentFactory(batch=row.session.batch))
    mark = Attendance.Mark.PRESENT


class AllowanceSchemeFactory(DjangoModelFactory):
    """Rp100.000 a day present, in every mode."""

    class Meta:
        model = AllowanceScheme

    activity = factory.SubFactory(ActivityFactory)
    kind = AllowanceScheme.Kind.DAILY
    for_online = for_class = for_visit = True
    rate = 100_000


class InstructorFactory(DjangoModelFactory):
    class Meta:
        model = Instructor

    region = factory.LazyFunction(lambda: region("63.01"))
    name = factory.Sequence(lambda n: f"Instruktur CONTOH {n}")


class InstructorAssignmentFactory(DjangoModelFactory):
    class Meta:
        model = InstructorAssignment

    batch = factory.SubFactory(BatchFactory)
    instructor = factory.SubFactory(InstructorFactory)


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product

    region = factory.LazyFunction(lambda: region("63"))
    code = factory.Sequence(lambda n: f"produk-{n}")
    name = factory.Sequence(lambda n: f"Produk CONTOH {n}")
    short_name = factory.Sequence(lambda n: f"Produk {n}")
    unit = "set"


class ActivityProductFactory(DjangoModelFactory):
    class Meta:
        model = ActivityProduct

    activity = factory.SubFactory(ActivityFactory)
    product = factory.SubFactory(ProductFactory)


class ProductTargetFactory(DjangoModelFactory):
    class Meta:
        model = ProductTarget

    programme = factory.SubFactory(ProgrammeFactory)
    product = factory.SubFactory(ProductFactory)
    total = 950


class DistrictTargetFactory(DjangoModelFactory):
    class Meta:
        model = DistrictTarget

    target = factory.SubFactory(ProductTargetFactory)
    region = factory.LazyFunction(lambda: region("63.01"))
    quantity = 74


class PublishedFigureFactory(DjangoModelFactory):
    class Meta:
        model = PublishedFigure

    programme = factory.SubFactory(ProgrammeFactory)
    region = factory.LazyFunction(lambda: region("63"))
    kind = PublishedFigure.Kind.RESULT
    definition = factory.Sequence(lambda n: f"Angka CONTOH {n}")
    source = "Media CONTOH"


class MaterialFactory(DjangoModelFactory):
    """Cloth, counted in centimetres."""

    class Meta:
        model = Material

    region = factory.LazyFunction(lambda: region("63"))
    code = factory.Sequence(lambda n: f"bahan-{n}")
    name = factory.Sequence(lambda n: f"Kain CONTOH {n}")
    unit = "meter"
    base_unit = "cm"
    base_per_unit = 100


class MaterialNormFactory(DjangoModelFactory):
    """Four metres a piece."""

    class Meta:
        model = MaterialNorm

    material = factory.SubFactory(MaterialFactory)
    product = factory.SubFactory(ProductFactory)
    quantity = 400


class UserFactory(DjangoModelFactory):
    """Somebody with a region and, by `roles=["petugas_kabupaten"]`, roles. No password: tests sign in with `client_of`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"orang{n}")
    full_name = factory.Sequence(lambda n: f"Orang CONTOH {n}")
    region = factory.LazyFunction(lambda: region("63.01"))
    password = "!"  # unusable

    @factory.post_generation
    def roles(self: User, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        self.groups.set([Group.objects.get(name=code) for code in extracted or []])


def user(role: str, code: str = "63", **values: Any) -> User:
    """Somebody of that role in the region of that code, permissions not read yet."""
    made = UserFactory(region=region(code), roles=[role], **values)
    return User.objects.select_related("region").get(pk=made.pk)


def pair(one: Enterprise | Participant, other: Enterprise | Participant) -> DuplicatePair:
    """Two records that wait to be decided on, as the nightly search leaves them."""
    made = new_pair(one, other)
    made.save()
    return made


def bundle(person: User, title: str) -> Bundle:
    """Papers that somebody asked for, not made yet."""
    made: Bundle = Bundle.objects.create(
        by=person, region_path=person.region.path, title=title, job=Job.objects.create(by=person, kind="ZIP")
    )
    return made

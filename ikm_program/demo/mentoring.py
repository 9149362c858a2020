"""Mentoring: the 20 halal certificates of 2019, and some invented businesses on their way. Every invented name says CONTOH."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from ikm_program.demo.facts import CODES, EXAMPLE, PROVINCE
from ikm_program.demo.mentoring_facts import CAPACITY_BASIS, HALAL_2019, PRESENT, QUOTED, RAKERNIS, RAKERNIS_ON
from ikm_program.demo.people import short
from ikm_program.demo.registry import BANJAR, SASIRANGAN, TALA
from production.actions.figures import create_figure
from production.models import PublishedFigure
from trainings.actions.enterprises import create_enterprise, update_enterprise
from trainings.actions.mentoring import create_standard, pass_pipeline, record_step, start_pipeline, stop_pipeline
from trainings.actions.occasions import create_occasion, hand_over_certificates
from trainings.actions.passport import add_product_line, add_workforce_report
from trainings.actions.superior import propose_product, refuse_product, select_product
from trainings.mentoring import DECLARED, months_later
from trainings.models import Enterprise, MentoringStandard, Occasion, Office, Pipeline, Region, SuperiorProduct, User

Place = dict[str, Region]
Cast = dict[str, User]


def make(regions: Place, people: Cast, offices: dict[str, Office]) -> None:
    """After the registry: its businesses are the ones that are mentored."""
    staff = people["staf.kalsel"]
    create_standard(
        MentoringStandard, by=staff, region=regions[PROVINCE], kind="halal", expected_months=10, notice_from=21, warn_from=41,
        basis=CAPACITY_BASIS,
    )  # fmt: skip
    _published(regions[PROVINCE], staff)
    won = [_certified_in_2019(regions[code], _officer(regions[code], people), product) for code, product in HALAL_2019]
    _rakernis(won, regions, staff, offices)
    _tala(people, regions)
    _banjar(people, regions)


def _officer(region: Region, people: Cast) -> User:
    return people[f"petugas.{short(region)}"]


def _published(province: Region, staff: User) -> None:
    for one in QUOTED:
        create_figure(
            PublishedFigure, by=staff, programme=None, region=province, topic=one.topic, kind=one.kind, definition=one.definition,
            quantity=one.quantity, unit=one.unit, source=one.source, event_on=one.event_on, published_on=one.published_on, quote=one.quote,
        )  # fmt: skip


def _certified_in_2019(region: Region, officer: User, product: str) -> Pipeline:
    enterprise = create_enterprise(
        Enterprise, by=officer, region=region, name=f"{product} {region.short_name} ({EXAMPLE})", main_product=product, is_example=True
    )
    begun = dt.date(2018, 5, 2)
    pipeline = start_pipeline(
        Pipeline, by=officer, enterprise=enterprise, kind="halal", started_on=begun, officer=officer, product=product, is_example=True
    )
    number = f"{EXAMPLE}-HALAL-2019-{enterprise.pk}"
    return pass_pipeline(pipeline, by=officer, version=pipeline.version, passed_on=dt.date(2019, 2, 20), number=number)


def _rakernis(won: list[Pipeline], regions: Place, staff: User, offices: dict[str, Office]) -> None:
    invited: list[dict[str, Any]] = [{"name": name, "position": position} for name, position in PRESENT]
    invited += [{"office": offices[code], "position": "Kepala dinas (nama tidak disebut sumber)"} for code in CODES]
    invited[2] = {"name": "Bappeda 13 kabupaten/kota", "position": "undangan; nama tidak disebut sumber"}
    occasion = create_occasion(Occasion, by=staff, region=regions[PROVINCE], guests=invited, **RAKERNIS)
    assert occasion.happened_on == RAKERNIS_ON
    hand_over_certificates(occasion, by=staff, pipelines=won, version=occasion.version)


def _tala(people: Cast, regions: Place) -> None:
    """Moringa tea: selected, three of the five steps of Bangga Buatan Indonesia done; halal is late. Sasirangan is proposed."""
    today, officer = timezone.localdate(), _officer(regions[TALA], people)
    tea = Enterprise.objects.get(name__startswith="Teh Kelor")
    tea = update_enterprise(tea, by=officer, nib="0000000000102", version=tea.version)
    product = propose_product(
        SuperiorProduct, by=officer, enterprise=tea, name=f"Teh kelor celup ({EXAMPLE})",
        description=f"Daun kelor kering, 20 celup ({EXAMPLE}).",
        export_basis=f"Permintaan contoh dari pembeli luar negeri ({EXAMPLE})", is_example=True,
    )  # fmt: skip
    product = select_product(product, by=people["staf.kalsel"], version=product.version, export_basis=product.export_basis)
    facts = {"enterprise": tea, "superior": product, "officer": officer, "product": "Teh kelor celup", "is_example": True}
    nutrition = start_pipeline(Pipeline, by=officer, kind="gizi", started_on=_ago(today, 200), **facts)
    _walk(nutrition, officer, days=(180, 150, 130))
    pass_pipeline(nutrition, by=officer, version=nutrition.version, passed_on=_ago(today, 120), number=f"{EXAMPLE}-GIZI-1")
    late = start_pipeline(Pipeline, by=officer, kind="halal", started_on=months_later(_ago(today, 14), -10), **facts)
    _walk(late, officer, days=(280, 200, 120))
    record_step(
        late, by=officer, version=late.version, step="daftar", result="ulang", done_on=_ago(today, 60),
        note=f"Berkas penyelia halal belum lengkap ({EXAMPLE}).", next_action="Lengkapi berkas penyelia halal", next_on=_ago(today, 5),
    )  # fmt: skip
    permit = start_pipeline(Pipeline, by=officer, kind="pirt", started_on=_ago(today, 90), **facts)
    _walk(permit, officer, days=(70,))
    permit.refresh_from_db()
    record_step(
        permit, by=officer, version=permit.version, step="berkas", result="lulus", done_on=_ago(today, 30),
        next_action="Pemeriksaan sarana bersama Dinas Kesehatan", next_on=_ago(today, -4),
    )  # fmt: skip
    _sasirangan(officer, today)


def _sasirangan(officer: User, today: dt.date) -> None:
    cloth = Enterprise.objects.get(name=SASIRANGAN)
    propose_product(
        SuperiorProduct, by=officer, enterprise=cloth, name=f"Kain sasirangan pewarna alam ({EXAMPLE})", is_example=True,
        export_basis=f"Pameran dagang tahun lalu ({EXAMPLE})",
    )  # fmt: skip
    add_product_line(cloth, by=officer, name="Kain sasirangan", beginning="mulai", since=dt.date(2014, 3, 1), source=f"Pemilik ({EXAMPLE})")
    add_product_line(
        cloth, by=officer, name="Masker kain sasirangan", beginning="beralih", since=dt.date(2020, 5, 1), source=f"Pemilik ({EXAMPLE})"
    )
    said = {"as_of": dt.date(2020, 7, 15), "source": f"Kunjungan petugas ({EXAMPLE})"}
    add_workforce_report(cloth, by=officer, is_affected=True, kept=6, furloughed=2, laid_off=1, **said)


def _banjar(people: Cast, regions: Place) -> None:
    """Herbal drinks: not selected, with the reason; one mentoring that was stopped."""
    today, officer = timezone.localdate(), _officer(regions[BANJAR], people)
    herbal = Enterprise.objects.get(name__startswith="Jamu Martapura")
    product = propose_product(SuperiorProduct, by=officer, enterprise=herbal, name=f"Jamu instan ({EXAMPLE})", is_example=True)
    reason = f"Belum ada bukti mutu ekspor; usulkan lagi setelah uji laboratorium ({EXAMPLE})."
    refuse_product(product, by=people["staf.kalsel"], version=product.version, reason=reason)
    stopped = start_pipeline(
        Pipeline,
        by=officer,
        enterprise=herbal,
        kind="bpom",
        started_on=_ago(today, 150),
        officer=officer,
        product="Jamu instan",
        is_example=True,
    )
    stop_pipeline(
        stopped, by=officer, version=stopped.version, stopped_on=_ago(today, 40), reason=f"Usaha pindah tempat produksi ({EXAMPLE})"
    )
    add_workforce_report(herbal, by=officer, as_of=dt.date(2020, 7, 1), source=f"Telepon pemilik ({EXAMPLE})", is_affected=False, kept=4)


def _walk(pipeline: Pipeline, officer: User, *, days: tuple[int, ...]) -> None:
    """The first steps of its kind, passed so many days ago."""
    today = timezone.localdate()
    for step, ago in zip(DECLARED[pipeline.kind].steps, days, strict=False):
        record_step(pipeline, by=officer, version=pipeline.version, step=step.code, result="lulus", done_on=_ago(today, ago))


def _ago(today: dt.date, days: int) -> dt.date:
    return today - dt.timedelta(days=days)

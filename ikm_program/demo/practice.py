"""A second, invented programme to practise with: something to verify, something returned, a draft to issue. All of it says CONTOH."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from distribution.actions.drafts import GoodsLine
from distribution.actions.handovers import draft_handover
from distribution.models import Recipient
from ikm_program import records
from ikm_program.demo.facts import EXAMPLE
from ikm_program.demo.people import make_successors, short
from ikm_program.demo.story import Story
from production.actions.material_handovers import MaterialLine
from production.actions.material_handovers import draft_handover as draft_material
from production.actions.material_handovers import issue_handover as issue_material
from production.actions.material_handovers import receive_handover as receive_material
from production.actions.materials import BoughtLine, create_material, create_norm, record_receipt
from production.actions.output import MakerPart, record_and_submit_output, record_output
from production.actions.products import create_product, link_product
from production.actions.targets import allocate, create_target
from production.actions.verification import default_store, return_output, verify_output
from production.models import Material, OutputEntry, Product, ProductTarget
from trainings.actions.batches import create_batch
from trainings.actions.participants import enrol
from trainings.actions.programmes import DistrictPart, create_activity, create_programme
from trainings.models import Activity, Batch, Official, Participant, Programme

DISTRICTS = ("63.01", "63.03", "63.06", "63.72")


def make(story: Story) -> None:
    """Needs the people and offices of the main story."""
    admin, staff = story.people["admin.kalsel"], story.people["staf.kalsel"]
    today = timezone.localdate()
    province = story.regions["63"]
    programme = create_programme(
        Programme, by=admin, region=province, code="latihan", name=f"Program Latihan ({EXAMPLE})", year=today.year,
        fund=Programme.Fund.APBD_PROVINSI, starts_on=today - dt.timedelta(days=30),
        ends_on=today + dt.timedelta(days=60), is_example=True,
    )  # fmt: skip
    product = create_product(
        Product, by=admin, region=province, code="latihan_masker", name=f"Masker latihan ({EXAMPLE})",
        short_name="Masker latihan", unit="lembar", attribute="motif sasirangan", pieces_per_person_day=40,
    )  # fmt: skip
    parts = [DistrictPart(region=story.regions[code], quota=7, reason=f"Dipilih untuk latihan ({EXAMPLE})") for code in DISTRICTS]
    activity = create_activity(
        Activity, by=staff, programme=programme, name=f"Bimbingan Teknis Masker Latihan ({EXAMPLE})", districts=parts
    )
    link_product(activity, by=staff, product=product)
    target = create_target(ProductTarget, by=staff, programme=programme, product=product, total=2000)
    allocate(target, by=staff, version=target.version)
    batches = {code: _batch(story, activity, code, today) for code in DISTRICTS}
    today_signs = make_successors(story.officials, by=admin)
    _cloth(story, batches["63.06"], product, today_signs["63.06"], today)
    _reports(story, batches, product, today)
    _handovers(story, programme, product, today_signs, today)


def _batch(story: Story, activity: Activity, code: str, today: dt.date) -> Batch:
    region = story.regions[code]
    batch = create_batch(
        Batch, by=story.people["staf.kalsel"], activity=activity, region=region, number=1,
        starts_on=today - dt.timedelta(days=14), ends_on=today - dt.timedelta(days=10),
    )  # fmt: skip
    for participant in Participant.objects.filter(region=region, is_example=True)[:5]:
        enrol(batch, by=story.people["staf.kalsel"], participant=participant)
    return batch


def _cloth(story: Story, batch: Batch, product: Product, signer: Official, today: dt.date) -> None:
    """A hundred metres to one batch, enough for four hundred: what it reports above that is flagged."""
    admin, code = story.people["admin.kalsel"], "63.06"
    cloth = create_material(
        Material, by=admin, region=story.regions["63"], code="latihan_kain", name=f"Kain latihan ({EXAMPLE})", unit="meter",
        base_unit="cm", base_per_unit=100,
    )  # fmt: skip
    create_norm(cloth, by=admin, product=product, quantity=25, basis=f"Norma {EXAMPLE}")
    store, officer, official = default_store(story.regions[code]), story.officer(code), story.official(code)
    bought = {"programme": batch.activity.programme, "received_on": today - dt.timedelta(days=15), "document_number": f"{EXAMPLE}/1"}
    record_receipt(store, by=officer, lines=[BoughtLine(cloth, 10_000)], supplier=f"Toko Kain ({EXAMPLE})", **bought)
    paper = draft_material(
        store, by=officer, kind="penyerahan", lines=[MaterialLine(cloth, 10_000)], programme=batch.activity.programme, batch=batch,
        place=story.offices[code].city, giver_office=story.offices[code], signer=signer, partner_name=f"Ketua kelompok ({EXAMPLE})",
        handed_over_on=today - dt.timedelta(days=14), backdating_reason=f"Dicatat kemudian ({EXAMPLE})",
    )  # fmt: skip
    issue_material(paper, by=official, version=paper.version)
    receive_material(paper, by=official, version=paper.version, received_on=paper.handed_over_on)


def _reports(story: Story, batches: dict[str, Batch], product: Product, today: dt.date) -> None:
    def report(code: str, days_ago: int, good: int, *, by_maker: bool = False, rejected: int = 0, note: str = "") -> OutputEntry:
        batch = batches[code]
        makers = [enrolment.participant for enrolment in batch.enrolments.select_related("participant")] if by_maker else []
        share, rest = divmod(good, len(makers) or 1)
        parts = [MakerPart(maker, share + (1 if index < rest else 0)) for index, maker in enumerate(makers)]
        entry: OutputEntry = record_and_submit_output(
            batch, by=story.officer(code), product=product, made_on=today - dt.timedelta(days=days_ago),
            good=good, rejected=rejected, parts=parts, note=f"{note} ({EXAMPLE})" if note else EXAMPLE,
        )  # fmt: skip
        return entry

    staff = story.people["staf.kalsel"]
    first = report("63.01", 8, 160, by_maker=True, note="Dua hari kerja")
    verify_output(first, by=staff, version=first.version, verified_on=today - dt.timedelta(days=7))
    report("63.01", 3, 148, by_maker=True, rejected=4)
    report("63.03", 5, 90, by_maker=True)
    report("63.03", 4, 90, by_maker=True, note="Jumlah sama dengan kemarin")
    report("63.06", 3, 30, by_maker=True)
    report("63.06", 2, 900, note="Sekaligus satu angkatan")
    faulty = report("63.72", 6, 75)
    return_output(faulty, by=staff, version=faulty.version, reason="Foto belum ada; mohon dirinci per IKM.")
    record_output(batches["63.01"], by=story.officer("63.01"), product=product, made_on=today, good=40, note=f"Belum selesai ({EXAMPLE})")


def _handovers(story: Story, programme: Programme, product: Product, today_signs: dict[str, Official], today: dt.date) -> None:
    code = "63.01"
    recipient = records.create(
        Recipient, by=story.officer(code), region=story.regions[code], kind=Recipient.Kind.HOSPITAL,
        name=f"Rumah Sakit Latihan Tanah Laut ({EXAMPLE})", is_example=True,
    )  # fmt: skip
    facts = {
        "programme": programme,
        "recipient": recipient,
        "handed_over_on": today,
        "place": f"Pelaihari ({EXAMPLE})",
        "giver_office": story.offices[code],
        "giver": today_signs[code],
        "receiver_name": f"Penerima {short(story.regions[code]).title()} ({EXAMPLE})",
        "receiver_position": f"Direktur ({EXAMPLE})",
    }
    store = default_store(story.regions[code])
    draft_handover(store, by=story.officer(code), lines=[GoodsLine(product, 60)], **facts)

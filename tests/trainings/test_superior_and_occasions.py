"""Superior products, events, and the passport of a business."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from ikm_program.actions import Refusal
from ikm_program.integrity import trail
from tests import factories
from tests.paper_text import pages_of
from trainings import actions
from trainings.models import Enterprise, HandedCertificate, Licence, Occasion, Pipeline, SuperiorProduct, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DAY = dt.date(2019, 2, 27)
PDF = b"%PDF-1.4\nnotulen\n%%EOF"


def proposed(by: User, **facts) -> SuperiorProduct:
    enterprise = facts.pop("enterprise", None) or factories.EnterpriseFactory()
    return actions.propose_product(SuperiorProduct, by=by, enterprise=enterprise, name="Abon", **facts)


def selected(officer: User, staff: User, **facts) -> SuperiorProduct:
    product = proposed(officer, **facts)
    return actions.select_product(product, by=staff, version=product.version, export_basis="Pesanan luar negeri")


# --- proposed, selected, or not


def test_the_district_proposes_and_the_province_selects(officer: User, staff: User) -> None:
    product = selected(officer, staff)
    assert (product.status, product.is_export_quality, product.decided_by, [*trail.records()]) == ("terpilih", True, staff, [])


def test_nobody_decides_on_an_own_proposal_or_on_one_he_changed(staff: User, officer: User) -> None:
    own = proposed(staff)
    with pytest.raises(Refusal, match="does not decide"):
        actions.select_product(own, by=staff, version=own.version, export_basis="Dasar")
    changed = proposed(officer)
    actions.update_proposal(changed, by=staff, description="Lebih lengkap")
    with pytest.raises(Refusal, match="does not decide"):
        actions.refuse_product(changed, by=staff, version=changed.version, reason="Belum")
    for person in (officer, factories.user("pejabat_provinsi")):
        with pytest.raises(PermissionDenied):
            actions.select_product(changed, by=person, version=changed.version, export_basis="Dasar")


def test_without_grounds_or_reason_nothing_is_decided(officer: User, staff: User) -> None:
    product = proposed(officer)
    for act, facts in ((actions.select_product, {"export_basis": " "}), (actions.refuse_product, {"reason": " "})):
        with pytest.raises(Refusal):
            act(product, by=staff, version=product.version, **facts)
    assert SuperiorProduct.objects.get().status == "diusulkan"


def test_what_was_not_selected_may_be_proposed_again(officer: User, staff: User) -> None:
    product = proposed(officer)
    actions.refuse_product(product, by=staff, version=product.version, reason="Belum ada bukti")
    with pytest.raises(Refusal, match="has decided"):
        actions.update_proposal(product, by=officer, description="Uji")
    actions.propose_again(product, by=officer, version=product.version)
    assert (product.status, product.refused_reason, product.decided_by, [*trail.records()]) == ("diusulkan", "", None, [])


def test_only_what_was_selected_is_mentored_as_such(officer: User, staff: User) -> None:
    product = proposed(officer)
    facts = {"by": officer, "enterprise": product.enterprise, "kind": "halal", "started_on": DAY}
    with pytest.raises(Refusal, match="not selected this product"):
        actions.start_pipeline(Pipeline, superior=product, **facts)
    product = actions.select_product(product, by=staff, version=product.version, export_basis="Dasar")
    with pytest.raises(Refusal, match="of another business"):
        actions.start_pipeline(Pipeline, superior=product, **facts | {"enterprise": factories.EnterpriseFactory()})
    actions.start_pipeline(Pipeline, superior=product, **facts)
    assert str(SuperiorProduct.objects.with_stage().get().stage) == "In the pipeline"


# --- Bangga Buatan Indonesia, read from the records


def bbi(product: SuperiorProduct) -> tuple[list[str], int]:
    fresh = SuperiorProduct.objects.get(pk=product.pk)
    return [step.state for step in fresh.bbi_steps], fresh.bbi_share


def test_three_of_five_steps_are_sixty_per_cent(officer: User, staff: User, client_of) -> None:
    product = selected(officer, staff)
    assert bbi(product) == (["done", "open", "open", "open", "open"], 20)
    enterprise = product.enterprise
    factories.LicenceFactory(enterprise=enterprise, kind="iumk")
    nutrition = actions.start_pipeline(
        Pipeline, by=officer, enterprise=enterprise, kind="gizi", started_on=DAY, superior=product, product="Abon"
    )
    assert bbi(product) == (["done", "done", "running", "open", "open"], 40)
    actions.pass_pipeline(nutrition, by=officer, version=nutrition.version, passed_on=DAY)
    assert bbi(product) == (["done", "done", "done", "open", "open"], 60)
    page = client_of(staff).get(product.get_absolute_url()).content.decode()
    assert "60,00%" in page
    assert "60% · 3 of 5" in client_of(staff).get("/produk-unggulan/").content.decode()


def test_an_expired_licence_and_one_of_another_product_do_not_count(officer: User, staff: User) -> None:
    product = selected(officer, staff)
    enterprise = product.enterprise
    factories.LicenceFactory(enterprise=enterprise, kind="pirt", valid_until=dt.date(2020, 1, 1))
    other = actions.propose_product(SuperiorProduct, by=officer, enterprise=enterprise, name="Dodol")
    other = actions.select_product(other, by=staff, version=other.version, export_basis="Dasar")
    halal = actions.start_pipeline(Pipeline, by=officer, enterprise=enterprise, kind="halal", started_on=DAY, superior=other)
    actions.pass_pipeline(halal, by=officer, version=halal.version, passed_on=DAY)
    assert (bbi(product)[0][3:], bbi(other)[0][3:]) == (["open", "expired"], ["done", "expired"])


# --- events


def certified(officer: User, on: dt.date = DAY) -> Pipeline:
    enterprise = factories.EnterpriseFactory(region=officer.region, owner_name="Siti")
    pipeline = actions.start_pipeline(Pipeline, by=officer, enterprise=enterprise, kind="halal", started_on=dt.date(2018, 5, 2))
    return actions.pass_pipeline(pipeline, by=officer, version=pipeline.version, passed_on=on)


@pytest.fixture
def rakernis(staff: User, province) -> Occasion:
    guests = [{"name": "Mahyuni", "position": "Kepala Dinas"}, {"participant": factories.ParticipantFactory(name="Orang Tala")}]
    facts = {"source": "Abdi Persada FM", "published_on": dt.date(2019, 2, 28), "guests": guests}
    return actions.create_occasion(Occasion, by=staff, region=province, name="Rakernis", happened_on=DAY, **facts)


def test_twenty_certificates_are_handed_over_once(rakernis, officer: User, other_officer: User, staff: User, client_of) -> None:
    won = [certified(officer) for _ in range(12)] + [certified(other_officer) for _ in range(8)]
    actions.hand_over_certificates(rakernis, by=staff, pipelines=won, version=rakernis.version)
    assert (HandedCertificate.objects.count(), HandedCertificate.objects.first().received_by, [*trail.records()]) == (20, "Siti", [])
    with pytest.raises(Refusal, match="handed over already"):
        actions.hand_over_certificates(rakernis, by=staff, pipelines=won[:1])
    page = client_of(staff).get(rakernis.get_absolute_url())
    assert ("20 certificates handed over" in page.content.decode(), "27 Februari 2019" in page.content.decode()) == (True, False)
    assert "Handed over at" in client_of(officer).get(won[0].get_absolute_url()).content.decode()


def test_of_a_provincial_event_a_district_reads_its_own_part_only(rakernis, officer, other_officer, staff, client_of) -> None:
    won = [certified(officer), certified(other_officer)]
    actions.hand_over_certificates(rakernis, by=staff, pipelines=won)
    page = client_of(other_officer).get(rakernis.get_absolute_url()).content.decode()
    names = (won[0].enterprise.name, won[1].enterprise.name, "Orang Tala", "Mahyuni")
    assert [name in page for name in names] == [False, True, False, True]
    assert client_of(other_officer).get(f"/acara/{rakernis.pk}/ubah/").status_code == 404


def test_what_had_no_certificate_on_that_day_is_not_handed_over(rakernis, officer: User, staff: User) -> None:
    late, running = certified(officer, dt.date(2019, 3, 1)), factories.EnterpriseFactory()
    begun = actions.start_pipeline(Pipeline, by=officer, enterprise=running, kind="halal", started_on=dt.date(2018, 5, 2))
    for pipeline in (late, begun):
        with pytest.raises(Refusal, match="no certificate on that day"):
            actions.hand_over_certificates(rakernis, by=staff, pipelines=[pipeline])
    in_time = certified(officer)
    actions.hand_over_certificates(rakernis, by=staff, pipelines=[in_time])
    with pytest.raises(Refusal, match="no certificate on that day"):
        actions.update_occasion(rakernis, by=staff, happened_on=dt.date(2019, 2, 1))


def test_those_present_and_the_files_of_an_event(rakernis, staff: User, client_of) -> None:
    rows = [{"name": "Heriansyah", "position": "Asisten", "office": None, "participant": None}]
    actions.update_occasion(rakernis, by=staff, guests=rows)
    assert [guest.name for guest in rakernis.guests.all()] == ["Heriansyah"]
    kept = actions.add_file(rakernis, by=staff, kind="notulen", file=SimpleUploadedFile("a.pdf", PDF))
    with pytest.raises(Refusal, match="there already"):
        actions.add_file(rakernis, by=staff, kind="notulen", file=SimpleUploadedFile("b.pdf", PDF))
    assert client_of(staff).get(f"/acara/berkas/{kept.pk}/").content == PDF
    with pytest.raises(Refusal, match="lies in the future"):
        actions.create_occasion(Occasion, by=staff, region=rakernis.region, name="Nanti", happened_on=dt.date(2999, 1, 1))


def test_an_office_that_is_out_of_reach_by_now_is_refused_at_its_row(rakernis, staff: User, client_of) -> None:
    """The page was opened while it could still be chosen."""
    row = {"guests-TOTAL_FORMS": "1", "guests-INITIAL_FORMS": "0", "guests-0-name": "Heriansyah", "guests-0-office": "999999"}
    sent = {"region": rakernis.region_id, "name": "Rakernis", "happened_on": "2019-02-27", **row}
    page = client_of(staff).post("/acara/baru/", sent)
    assert (page.status_code, Occasion.objects.count()) == (422, 1)
    words = page.content.decode()
    assert ('value="Heriansyah"' in words, "999999 is not one of the available choices" in words) == (True, True)


# --- the passport


def test_what_was_last_said_of_each_figure_stands_with_its_day_and_source(officer: User, client_of) -> None:
    enterprise = factories.EnterpriseFactory(name="Sasirangan Indah")
    actions.add_product_line(enterprise, by=officer, name="Masker kain", beginning="beralih", since=dt.date(2020, 5, 1))
    actions.add_workforce_report(
        enterprise, by=officer, as_of=dt.date(2020, 6, 1), source="Telepon", is_affected=True, kept=6, furloughed=3
    )
    actions.add_workforce_report(enterprise, by=officer, as_of=dt.date(2020, 7, 1), source="Kunjungan", furloughed=0)
    sections = client_of(officer).get(enterprise.get_absolute_url()).context["own_sections"]
    said = {str(row["what"]): (row["figure"], row["source"]) for row in sections[1][0].rows}
    assert said == {
        "Affected by the pandemic": ("Yes", "Telepon"),
        "Workers kept": ("6 people", "Telepon"),
        "Workers furloughed (dirumahkan)": ("0 people", "Kunjungan"),
        "Workers laid off (PHK)": (None, None),
    }
    with pytest.raises(Refusal, match="at least one of"):
        actions.add_workforce_report(enterprise, by=officer, as_of=dt.date(2020, 7, 1), source="Kosong")


def test_the_passport_is_one_page_without_a_nik(officer: User, client_of) -> None:
    nik = factories.nik("63.01")
    enterprise = factories.EnterpriseFactory(name="Sasirangan Indah", owner_nik=nik)
    for number in range(15):
        factories.LicenceFactory(enterprise=enterprise, number=f"P-{number}")
        actions.add_product_line(enterprise, by=officer, name=f"Kain {number}", beginning="mulai")
        factories.ParticipantFactory(enterprise=enterprise)
        actions.propose_product(SuperiorProduct, by=officer, enterprise=enterprise, name=f"Unggulan {number}")
    answer = client_of(officer).get(f"/ikm/{enterprise.pk}/paspor/")
    pages = pages_of(answer.content)
    text = pages[0]
    assert (len(pages), "Sasirangan Indah" in text, nik in text, nik[-4:] in text.split()) == (1, True, False, False)


# --- merging carries what is new, and brings it back


def test_a_merge_carries_mentoring_products_and_the_licence_of_both(officer: User) -> None:
    full = factories.EnterpriseFactory(name="Abon Indah", owner_name="Siti", address="Jalan A", main_product="abon")
    poor = factories.EnterpriseFactory(name="Abon Indh")
    licence = factories.LicenceFactory(enterprise=full, kind="halal", number="HL-1")
    pipeline = actions.start_pipeline(Pipeline, by=officer, enterprise=poor, kind="halal", started_on=DAY)
    actions.pass_pipeline(pipeline, by=officer, version=pipeline.version, passed_on=DAY, number="HL-1")
    product = proposed(officer, enterprise=poor)
    actions.add_product_line(poor, by=officer, name="Abon", beginning="mulai")
    twin = pipeline.licence_id
    merge = actions.merge_enterprises(factories.pair(full, poor), by=officer, keep={})
    pipeline.refresh_from_db()
    product.refresh_from_db()
    assert (pipeline.enterprise_id, product.enterprise_id, pipeline.licence_id) == (full.pk, full.pk, licence.pk)
    assert (Licence.objects.count(), full.product_lines.count(), [*trail.records()]) == (1, 1, [])
    actions.undo_enterprise_merge(merge, by=officer)
    pipeline.refresh_from_db()
    assert (pipeline.enterprise_id, pipeline.licence_id, Licence.objects.get(pk=twin).enterprise_id) == (poor.pk, twin, poor.pk)
    assert (Enterprise.objects.count(), [*trail.records()]) == (2, [])


def test_two_that_are_mentored_for_the_same_are_not_merged(officer: User) -> None:
    rows = [factories.EnterpriseFactory(name=name) for name in ("Abon A", "Abon B")]
    for row in rows:
        actions.start_pipeline(Pipeline, by=officer, enterprise=row, kind="halal", started_on=DAY)
    with pytest.raises(Refusal, match="being mentored for this already"):
        actions.merge_enterprises(factories.pair(*rows), by=officer, keep={})

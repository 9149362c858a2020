"""The profile of a business: read as people write it, checked, shown with its reasons, confirmed by somebody."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from production.actions.output import MakerPart, record_and_submit_output
from production.actions.verification import verify_output
from tests import factories
from trainings import actions
from trainings.identity import parse_coordinates, parse_village_code, scale_reason
from trainings.models import Enterprise, Licence, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

WOMAN = "6301034604910007"  # a structurally sound number that a test made up
PROFILE = {
    "name": "Sasirangan Indah CONTOH",
    "legal_form": "ud",
    "owner_name": "Siti CONTOH",
    "owner_sex": "P",
    "owner_nik": "6301 0346 0491 0007",
    "village_code": "63.01.03.2001",
    "coordinates": "-3.797, 114.77",
    "phone": "0812-3456-7890",
    "email": "Siti@Contoh.GO.ID",
    "kbli": "13132",
    "kbli_edition": "2020",
    "has_siinas_account": "true",
    "workers_male": "1.000",
    "workers_female": "2",
    "investment": "Rp 1.500.000",
    "installed_capacity": "120",
    "sells_online": "false",
    "is_active": "on",
    "licences-TOTAL_FORMS": "2",
    "licences-INITIAL_FORMS": "0",
    "licences-0-kind": "pirt",
    "licences-0-number": "206-CONTOH",
    "licences-0-valid_until": "2020-01-01",
    "licences-1-kind": "halal",
    "licences-1-number": "ID-CONTOH",
}


def sent(**values: object) -> dict[str, object]:
    rows = {"licences-TOTAL_FORMS": "0", "licences-INITIAL_FORMS": "0"}
    return {"key": str(uuid.uuid4()), "kbli_edition": "2015", "is_active": "on", **rows, **values}


def test_the_whole_profile_is_entered_in_one_form(officer: User, tala, client_of) -> None:
    answer = client_of(officer).post("/ikm/baru/", sent(region=tala.pk, **PROFILE))
    assert answer.status_code == 302, answer.context["form"].errors
    made = Enterprise.objects.get()
    read = (made.owner_nik, made.village_code, made.coordinates, made.phone, made.email, made.workers, made.investment)
    assert read == (WOMAN, "63.01.03.2001", "-3.797000, 114.770000", "+6281234567890", "siti@contoh.go.id", 1002, 1_500_000)
    assert (made.has_siinas_account, made.sells_online, made.sells_offline, made.confirmed_on) == (True, False, None, None)
    assert sorted(made.licences.values_list("kind", "valid_until")) == [("halal", None), ("pirt", dt.date(2020, 1, 1))]


def test_only_the_name_and_the_district_must_be_known(officer: User, tala, client_of) -> None:
    assert client_of(officer).post("/ikm/baru/", sent(region=tala.pk, name="Usaha CONTOH")).status_code == 302
    assert client_of(officer).post("/ikm/baru/", sent(region=tala.pk)).status_code == 422


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("village_code", "63.01.3"),
        ("coordinates", "114.77, -3.79"),
        ("coordinates", "di pasar"),
        ("kbli", "131"),
        ("email", "siti"),
        ("owner_nik", "6301030604910007"),
        ("phone", "12"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(officer: User, tala, client_of, field: str, typed: str) -> None:
    answer = client_of(officer).post("/ikm/baru/", sent(region=tala.pk, name="X", owner_sex="P", **{field: typed}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


FOUR_DIGITS, TOO_EARLY = "Write the year with four digits, for example 2015.", "The year cannot be before 1900."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12", FOUR_DIGITS),
        ("20233", FOUR_DIGITS),
        ("dua ribu", FOUR_DIGITS),
        ("-5", FOUR_DIGITS),
        ("٢٠١٥", FOUR_DIGITS),
        ("1899", TOO_EARLY),
        ("0000", TOO_EARLY),
        ("9999", "This year has not come yet."),
    ],
)
def test_a_year_is_refused_in_a_sentence_and_stays_as_it_was_typed(officer: User, tala, client_of, typed: str, sentence: str) -> None:
    answer = client_of(officer).post("/ikm/baru/", sent(region=tala.pk, name="Usaha CONTOH", started_year=typed))
    form = answer.context["form"]
    assert (answer.status_code, form.errors) == (422, {"started_year": [sentence]})
    assert (form["started_year"].value(), form["name"].value()) == (typed, "Usaha CONTOH")
    assert f'value="{typed}"' in str(form["started_year"])


@pytest.mark.parametrize(("typed", "stored"), [("2015", 2015), (" 1900 ", 1900), ("2.015", 2015), ("", None)])
def test_a_year_is_taken_as_it_is_written_and_shown_without_a_point(officer: User, tala, client_of, typed: str, stored: int | None) -> None:
    browser = client_of(officer)
    assert browser.post("/ikm/baru/", sent(region=tala.pk, name="Usaha CONTOH", started_year=typed)).status_code == 302
    made = Enterprise.objects.get()
    form = browser.get(f"{made.get_absolute_url()}ubah/").context["form"]
    assert (made.started_year, form["started_year"].value()) == (stored, stored)
    assert stored is None or f'value="{stored}"' in str(form["started_year"])


@pytest.mark.parametrize(("text", "code"), [("6301032001", "length"), ("6301", "length"), ("63 01 03", ""), ("6301032001 ", "length")])
def test_a_village_code_is_read_with_and_without_its_dots(text: str, code: str) -> None:
    digits = text.replace(" ", "")
    if len(digits) == 4:
        with pytest.raises(Exception, match="10 digits"):
            parse_village_code(text)
    else:
        assert parse_village_code(text).replace(".", "") == digits


@pytest.mark.parametrize("text", ["-3.797, 114.77", "-3,797; 114,77", "-3,797 114,77", "\N{MINUS SIGN}3.797,114.77"])
def test_coordinates_are_read_as_maps_and_people_write_them(text: str) -> None:
    assert parse_coordinates(text) == (Decimal("-3.797"), Decimal("114.77"))


@pytest.mark.parametrize(
    ("workers", "investment", "why"),
    [
        (19, 999_999_999, "at most 19 workers, investment below Rp1 billion"),
        (19, 1_000_000_000, "at most 19 workers, investment of Rp1 billion or more"),
        (20, 1, "20 workers or more, investment up to Rp15 billion"),
        (20, 15_000_000_001, "20 workers or more, investment above Rp15 billion"),
        (None, 1, ""),
    ],
)
def test_the_scale_says_why(workers: int | None, investment: int, why: str) -> None:
    assert scale_reason(workers, investment) == why


def test_what_is_odd_is_saved_with_a_warning(officer: User, tala, client_of) -> None:
    odd = sent(region=tala.pk, name="Usaha CONTOH", village_code="6303032001", owner_nik="6303034604910007")
    page = client_of(officer).post("/ikm/baru/", odd, follow=True).content.decode()
    assert ("village code is not one of this" in page, "NIK is not that of this" in page) == (True, True)


# --- the owner's NIK ----------------------------------------------------------------------------------------------------


def test_the_owners_nik_is_never_in_a_form_and_masked_on_the_page(staff: User, client_of) -> None:
    enterprise = factories.EnterpriseFactory(owner_nik=WOMAN, owner_sex="P")
    pages = [client_of(staff).get(f"{enterprise.get_absolute_url()}{end}").content.decode() for end in ("", "ubah/", "konfirmasi/")]
    assert [WOMAN in page for page in pages] == [False, False, False]
    assert ["630103******0007" in page for page in pages] == [True, True, False]


def test_showing_it_is_a_permission_a_post_and_on_record(staff: User, officer: User, client_of) -> None:
    enterprise = factories.EnterpriseFactory(owner_nik=WOMAN)
    address = f"{enterprise.get_absolute_url()}nik/"
    assert (client_of(officer).post(address).status_code, client_of(staff).get(address).status_code) == (403, 405)
    assert WOMAN in client_of(staff).post(address).content.decode()
    assert AuditEvent.objects.about(enterprise).get().after == {"owner_nik": "630103******0007"}


def test_an_edit_without_it_keeps_it_and_the_sex_must_still_agree(officer: User) -> None:
    enterprise = factories.EnterpriseFactory(owner_nik=WOMAN, owner_sex="P")
    actions.update_enterprise(enterprise, by=officer, name="Baru")
    assert Enterprise.objects.get().owner_nik == WOMAN
    with pytest.raises(Refusal) as refused:
        actions.update_enterprise(enterprise, by=officer, owner_sex="L")
    assert refused.value.field == "owner_nik"


# --- licences -----------------------------------------------------------------------------------------------------------


def test_licences_are_kept_changed_and_removed_as_rows(officer: User) -> None:
    enterprise = factories.EnterpriseFactory()
    kept = factories.LicenceFactory(enterprise=enterprise, kind="pirt", number="1")
    factories.LicenceFactory(enterprise=enterprise, kind="halal", number="2")
    rows = [{"kind": "pirt", "number": "1", "valid_until": dt.date(2030, 1, 1)}, {"kind": "sni", "number": ""}]
    actions.update_enterprise(enterprise, by=officer, version=1, licences=rows)
    assert sorted(enterprise.licences.values_list("kind", "number")) == [("pirt", "1"), ("sni", "")]
    kept.refresh_from_db()
    assert (kept.valid_until, Enterprise.objects.get().version) == (dt.date(2030, 1, 1), 2)
    event = AuditEvent.objects.about(enterprise).get()
    assert event.after == {"licences": ["P-IRT 1 → 01-01-2030", "SNI"]}
    actions.update_enterprise(enterprise, by=officer, licences=rows)
    assert AuditEvent.objects.about(enterprise).count() == 1


def test_the_same_licence_twice_or_backwards_is_refused(officer: User) -> None:
    enterprise = factories.EnterpriseFactory()
    twice = [{"kind": "sni", "number": "1"}, {"kind": "sni", "number": "1"}]
    backwards = [{"kind": "sni", "number": "1", "issued_on": dt.date(2020, 2, 1), "valid_until": dt.date(2020, 1, 1)}]
    for rows in (twice, backwards):
        with pytest.raises(Refusal):
            actions.update_enterprise(enterprise, by=officer, licences=rows)
    assert not Licence.objects.exists()


def test_the_page_marks_what_has_expired_and_what_soon_will(officer: User, client_of) -> None:
    today = timezone.localdate()
    enterprise = factories.EnterpriseFactory()
    for number, days in enumerate((-1, 30, 400)):
        factories.LicenceFactory(enterprise=enterprise, number=str(number), valid_until=today + dt.timedelta(days=days))
    page = client_of(officer).get(enterprise.get_absolute_url()).content.decode()
    assert [page.count(f"</svg>{word}</span>") for word in ("expired", "ends soon", "valid")] == [1, 1, 1]


# --- what was made ------------------------------------------------------------------------------------------------------


def test_the_page_says_who_made_what(officer: User, staff: User, tala_batch, client_of) -> None:
    enterprise = factories.EnterpriseFactory()
    maker = factories.ParticipantFactory(enterprise=enterprise, name="Siti CONTOH")
    factories.EnrolmentFactory(batch=tala_batch, participant=maker)
    product = factories.ProductFactory(short_name="Hazmat")
    factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
    made = {"by": officer, "product": product, "made_on": timezone.localdate()}
    entry = record_and_submit_output(tala_batch, good=40, parts=[MakerPart(maker, 30)], **made)
    verify_output(entry, by=staff, version=entry.version)
    record_and_submit_output(tala_batch, good=7, parts=[MakerPart(maker, 7)], **made)
    for record in (enterprise, maker):
        page = client_of(officer).get(record.get_absolute_url()).content.decode()
        assert ("Verified: Hazmat 30 set." in page, page.count(entry.get_absolute_url())) == (True, 1)


def test_the_passport_costs_the_same_for_one_row_and_three(officer: User, staff: User, tala_batch, client_of) -> None:
    enterprise, browser, counts = factories.EnterpriseFactory(), client_of(officer), []
    product = factories.ProductFactory()
    factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
    browser.get(enterprise.get_absolute_url())
    for number in (1, 2):
        for _ in range(number):
            maker = factories.ParticipantFactory(enterprise=enterprise)
            factories.EnrolmentFactory(batch=tala_batch, participant=maker)
            factories.LicenceFactory(enterprise=enterprise)
            made = {"product": product, "made_on": timezone.localdate(), "parts": [MakerPart(maker, 3)]}
            record_and_submit_output(tala_batch, by=officer, good=3, **made)
        with CaptureQueriesContext(connection) as queries:
            browser.get(enterprise.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24


def test_a_licence_whose_dates_are_swapped_is_told_at_its_end(officer: User, tala, client_of) -> None:
    dates = {"licences-1-issued_on": "2020-05-01", "licences-1-valid_until": "2020-01-01"}
    answer = client_of(officer).post("/ikm/baru/", sent(region=tala.pk, **PROFILE | dates))
    assert answer.context["form"].formsets["licences"].errors[1].keys() == {"valid_until"}
    assert 'href="#id_licences-1-valid_until"' in answer.content.decode()

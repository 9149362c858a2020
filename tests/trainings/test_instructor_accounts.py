"""Whoever teaches signs in: an account and an instructor record belong together, and reach as far as the batches taught."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from production.models import OutputEntry
from tests import factories
from trainings import actions
from trainings.models import Batch, Enrolment, Instructor, Session, User, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = dt.date(2020, 6, 9)


@pytest.fixture
def guru(tala_batch: Batch) -> Instructor:
    """Teaches the batch of Tala, and cannot sign in yet."""
    instructor = factories.InstructorFactory(region=tala_batch.region, name="Guru CONTOH")
    factories.InstructorAssignmentFactory(batch=tala_batch, instructor=instructor)
    return instructor


def sent(**values) -> dict[str, object]:
    return {"key": str(uuid4()), **values}


def invited(region, *roles: str, **values) -> dict[str, object]:
    return sent(username="guru.tala", full_name="Guru Baru", region=region.pk, roles=list(roles), **values)


# --- the link


def test_an_invitation_says_whose_account_it_is(admin: User, tala, guru: Instructor, client_of) -> None:
    page = client_of(admin).post("/pengguna/baru/", invited(tala, "instruktur", instructor_cari="guru contoh"), follow=True)
    made = User.objects.get(username="guru.tala")
    assert made.instructor_record == guru
    assert "Guru CONTOH" in page.content.decode()
    assert AuditEvent.objects.about(guru).latest("sequence").after == {"user": "Guru Baru"}
    assert AuditEvent.objects.about(made).latest("sequence").after == {"instructor": "Guru CONTOH"}


def test_only_the_role_has_a_record_of_the_own_region_that_is_free(admin: User, tala, banjar, guru: Instructor, client_of) -> None:
    browser = client_of(admin)
    for region, role, words in (
        (tala, "petugas_kabupaten", "Only an account with the role Instructor"),
        (banjar, "instruktur", "Guru CONTOH belongs to Kabupaten Tanah Laut, the account to Kabupaten Banjar."),
    ):
        answer = browser.post("/pengguna/baru/", invited(region, role, instructor=guru.pk, instructor_cari="Guru CONTOH"))
        assert (answer.status_code, words in answer.context["form"].errors["instructor"][0]) == (422, True)
    actions.choose_account(guru, by=admin, user=factories.user("instruktur", "63.01", username="satu"))
    answer = browser.post("/pengguna/baru/", invited(tala, "instruktur", instructor=guru.pk, instructor_cari="Guru CONTOH"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["instructor"])
    assert not User.objects.filter(username="guru.tala").exists()


def test_those_without_an_account_are_suggested_for_the_region(admin: User, tala, banjar, guru: Instructor, client_of) -> None:
    factories.InstructorFactory(region=banjar, name="Guru Banjar")
    factories.InstructorFactory(region=tala, name="Guru Terpakai", user=factories.user("instruktur", "63.01", username="satu"))
    browser, url = client_of(admin), "/instruktur/pilihan/"
    names = [str(hit) for hit, _about in browser.get(url, {"instructor_cari": "guru", "region": tala.pk}).context["hits"]]
    assert names == ["Guru CONTOH"]
    names = [str(hit) for hit, _about in browser.get(url, {"instructor_cari": "guru", "region": ""}).context["hits"]]
    assert names == ["Guru Banjar", "Guru CONTOH"]


def test_an_account_is_changed_and_taken_away_on_the_page_of_the_instructor(
    admin: User, staff: User, tala, banjar, guru: Instructor, client_of
) -> None:
    one, two = (factories.user("instruktur", "63.01", username=name) for name in ("satu", "dua"))
    factories.user("instruktur", "63.02", username="jauh")
    browser, url = client_of(admin), f"/instruktur/{guru.pk}/akun/"
    assert list(browser.get(url).context["form"].fields["user"].queryset.order_by("username")) == [two, one]
    for account in (one, two, None):
        guru.refresh_from_db()
        assert browser.post(url, sent(user=account.pk if account else "", version=guru.version)).status_code == 302
        guru.refresh_from_db()
        assert guru.user == account
    assert client_of(staff).get(url).status_code == 403
    assert url not in client_of(staff).get(guru.get_absolute_url()).content.decode()
    assert url in browser.get(guru.get_absolute_url()).content.decode()


def test_one_account_teaches_as_one(admin: User, tala, guru: Instructor) -> None:
    account = factories.user("instruktur", "63.01", username="satu")
    actions.choose_account(guru, by=admin, user=account)
    with pytest.raises(Refusal, match="This is the account of Guru CONTOH already"):
        actions.choose_account(factories.InstructorFactory(region=tala), by=admin, user=account)


def test_what_holds_of_the_two_is_kept_when_one_of_them_changes(admin: User, banjar, guru: Instructor) -> None:
    account = factories.user("instruktur", "63.01", username="satu")
    actions.choose_account(guru, by=admin, user=account)
    account = User.objects.get(pk=account.pk)
    with pytest.raises(Refusal, match="the account to Kabupaten Banjar"):
        actions.update_user(account, by=admin, region=banjar)
    with pytest.raises(Refusal, match="Only an account with the role Instructor"):
        actions.update_user(User.objects.get(pk=account.pk), by=admin, roles=["petugas_kabupaten"])
    with pytest.raises(Refusal, match="Take it away first"):
        actions.update_instructor(guru, by=admin, region=banjar)
    actions.update_user(User.objects.get(pk=account.pk), by=admin, roles=["petugas_kabupaten"], instructor=None)
    assert User.objects.get(pk=account.pk).instructor_record is None


def test_the_form_of_an_account_opens_with_its_record(admin: User, tala, guru: Instructor, client_of) -> None:
    account = factories.user("instruktur", "63.01", username="satu")
    actions.choose_account(guru, by=admin, user=account)
    browser, url = client_of(admin), f"/pengguna/{account.pk}/ubah/"
    assert 'value="Guru CONTOH"' in browser.get(url).content.decode()
    kept = sent(
        username="satu",
        full_name="Nama Baru",
        region=tala.pk,
        roles=["instruktur"],
        instructor=guru.pk,
        instructor_cari="Guru CONTOH",
        version=1,
    )
    assert browser.post(url, kept).status_code == 302
    assert User.objects.get(pk=account.pk).instructor_record == guru


# --- the work


def test_without_a_record_the_home_page_says_what_is_missing_and_who_can_mend_it(admin: User, instructor_user: User, client_of) -> None:
    page = client_of(instructor_user).get("/").content.decode()
    assert "Your account does not say which instructor you are" in page
    assert admin.full_name in page
    assert "Nothing waits for you" not in page


def test_an_instructor_works_on_the_own_batch_and_sees_no_other(
    admin: User, officer: User, instructor_user: User, guru: Instructor, people: list[Enrolment], days: list[Session], client_of
) -> None:
    hazmat = factories.ProductFactory(code="hazmat")
    factories.ActivityProductFactory(activity=people[0].activity, product=hazmat)
    strange = factories.SessionFactory(batch=factories.BatchFactory(activity=people[0].activity, region=guru.region, number=2), held_on=DAY)
    visit = actions.plan_visit(people[0], by=officer, instructor=guru, visit_on=DAY, purpose="Mutu")
    actions.choose_account(guru, by=admin, user=instructor_user)
    browser = client_of(instructor_user)
    assert people[0].participant.name in browser.get("/kunjungan/?bulan=2020-06").content.decode()
    assert browser.post(f"/kunjungan/{visit.pk}/terlaksana/", sent(version=visit.version, note="Rapi")).status_code == 302
    marks = f"/hari-pelatihan/{days[0].pk}/kehadiran/"
    opened = {bound.html_name: bound.value() or "" for bound in browser.get(marks).context["form"]}
    assert browser.post(marks, opened | {f"m-{days[0].pk}-{people[0].pk}": "hadir"}).status_code == 302
    entered = sent(product=hazmat.pk, made_on=DAY.isoformat(), good="3", langkah="ajukan")
    assert browser.post("/produksi/catat/", entered).status_code == 302
    assert Visit.objects.get().status == "terlaksana"
    assert [row.mark for row in days[0].attendances.all()] == ["hadir"]
    assert [(entry.good, entry.created_by) for entry in OutputEntry.objects.all()] == [(3, instructor_user)]
    pages = (f"/hari-pelatihan/{strange.pk}/kehadiran/", f"/angkatan/{strange.batch_id}/kehadiran/")
    assert [browser.get(page).status_code for page in pages] == [404, 404]


# --- who visits


def test_only_those_assigned_to_the_batch_visit_it(officer: User, guru: Instructor, people: list[Enrolment], client_of) -> None:
    other = factories.InstructorFactory(region=guru.region, name="Guru Lain")
    with pytest.raises(Refusal, match="Guru Lain is not assigned to this batch"):
        actions.plan_visit(people[0], by=officer, instructor=other, visit_on=DAY, purpose="Mutu")
    with pytest.raises(Refusal, match="Guru Lain is not assigned to this batch"):
        actions.plan_visits(people[0].batch, by=officer, instructor=other, first_on=DAY, per_day=2, purpose="Mutu")
    visit = actions.plan_visit(people[0], by=officer, instructor=guru, visit_on=DAY, purpose="Mutu")
    with pytest.raises(Refusal, match="Guru Lain is not assigned to this batch"):
        actions.update_visit(visit, by=officer, version=visit.version, instructor=other)
    form = client_of(officer).get(f"/angkatan/{people[0].batch_id}/kunjungan/").context["form"]
    assert list(form.fields["instructor"].queryset) == [guru]


def test_a_batch_without_an_instructor_says_so_where_a_visit_is_planned(officer: User, people: list[Enrolment], client_of) -> None:
    browser, words = client_of(officer), "This batch has no instructor yet"
    page = browser.get(f"/angkatan/{people[0].batch_id}/kunjungan/").content.decode()
    assert words in page
    assert f'href="/angkatan/{people[0].batch_id}/ubah/"' in page

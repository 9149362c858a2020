"""Two people, one record: nobody saves over what he or she has not seen, and nobody stands before the same refusal for ever."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.urls import get_resolver

from ikm_program import records
from ikm_program.models import AuditEvent
from ikm_program.views import FormScreen
from production.models import Store
from tests import factories
from trainings.models import Attendance, Batch, Enterprise, Participant, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def business(tala) -> Enterprise:
    return factories.EnterpriseFactory(region=tala, name="Sasirangan CONTOH", phone="+62511470001", main_product="kain")


def opened(browser: Any, url: str) -> dict[str, Any]:
    """What a browser would send of the form as it opened."""
    form = browser.get(url).context["form"]
    sent = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    for formset in form.formsets.values():
        sent |= {bound.html_name: bound.value() for bound in formset.management_form}
        sent |= {bound.html_name: bound.value() for row in formset for bound in row if bound.value() not in (None, False)}
    return sent | {"key": str(uuid.uuid4())}


def shown_again(answer: Any, sent: dict[str, Any]) -> dict[str, Any]:
    form = answer.context["form"]
    return sent | {bound.html_name: bound.value() or "" for bound in form.hidden_fields()}


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def differing(answer: Any) -> dict[str, str]:
    return {str(one.label): one.stored for one in answer.context["form"].conflict.differences}


def edit_of(record: Any) -> str:
    return f"{record.get_absolute_url()}ubah/"


# --- an edit


def test_the_second_sees_both_values_and_saves_knowingly(officer: User, staff: User, business: Enterprise, client_of) -> None:
    browser = client_of(officer)
    sent = opened(browser, edit_of(business)) | {"main_product": "kain sasirangan"}
    records.update(Enterprise.objects.get(pk=business.pk), by=staff, main_product="batik")

    answer = browser.post(edit_of(business), sent)

    assert (answer.status_code, answer.context["form"]["main_product"].value()) == (409, "kain sasirangan")
    told = differing(answer)
    assert told == {"Main product": "batik"}
    assert "Somebody else changed this record meanwhile" in text_of(answer)
    assert str(staff) in text_of(answer)
    assert 'id="id_main_product_stored"' in text_of(answer)
    assert Enterprise.objects.get().main_product == "batik"

    assert browser.post(edit_of(business), shown_again(answer, sent)).status_code == 302
    event = AuditEvent.objects.about(business).exclude(verb__startswith="refused:").latest("sequence")
    assert (event.by, event.before["main_product"], event.after["main_product"]) == (officer, "batik", "kain sasirangan")


def test_what_nobody_touched_follows_what_is_stored(officer: User, staff: User, business: Enterprise, client_of) -> None:
    browser = client_of(officer)
    sent = opened(browser, edit_of(business)) | {"address": "Jl. Baru 2", "has_siinas_account": "unknown"}
    del sent["is_active"]  # she sets it inactive
    others = {"legal_form": "cv", "phone": "+62511479999", "workers_male": 12, "has_siinas_account": True, "address": "Jl. Lain 9"}
    records.update(Enterprise.objects.get(pk=business.pk), by=staff, **others)

    answer = browser.post(edit_of(business), sent)

    assert differing(answer) == {"Active": "Yes", "Address": "Jl. Lain 9"}
    labels = [str(label) for label in answer.context["form"].conflict.followed]
    assert labels == ["Legal form", "Telephone", "SIINas account", "Male workers"]
    assert "Taken over from what is stored, because you had not changed it: Legal form," in text_of(answer)
    again = {bound.html_name: bound.value() for bound in answer.context["form"] if bound.value() not in (None, False)}
    rows = {name: value for name, value in sent.items() if name.startswith("licences-")}
    assert browser.post(edit_of(business), rows | again).status_code == 302
    business.refresh_from_db()
    kept = {name: getattr(business, name) for name in ("address", "is_active", *others)}
    assert kept == others | {"address": "Jl. Baru 2", "is_active": False}


def test_what_was_touched_once_stays_touched(officer: User, staff: User, business: Enterprise, client_of) -> None:
    browser = client_of(officer)
    sent = opened(browser, edit_of(business)) | {"main_product": "batik", "address": "B"}
    records.update(Enterprise.objects.get(), by=staff, main_product="batik")  # the same by chance
    again = shown_again(browser.post(edit_of(business), sent), sent)
    records.update(Enterprise.objects.get(), by=staff, main_product="topi")
    answer = browser.post(edit_of(business), again)
    assert (answer.context["form"]["main_product"].value(), differing(answer)["Main product"]) == ("batik", "topi")


def test_a_page_that_does_not_say_what_it_opened_with_follows_nothing(officer: User, staff: User, business: Enterprise, client_of) -> None:
    browser = client_of(officer)
    for said in ("", "[]", "kein json", '{"phone": 5}', "[" * 200_000):
        sent = opened(browser, edit_of(business)) | {"opened": said, "main_product": "topi"}
        records.update(Enterprise.objects.get(), by=staff, phone=f"+6251147{len(said) % 10_000:04}")
        assert "Telephone" in differing(browser.post(edit_of(business), sent))


def test_a_third_save_in_between_is_told_again(officer: User, staff: User, business: Enterprise, client_of) -> None:
    browser = client_of(officer)
    sent = opened(browser, edit_of(business)) | {"main_product": "topi"}
    records.update(Enterprise.objects.get(), by=staff, main_product="batik")
    again = shown_again(browser.post(edit_of(business), sent), sent)
    records.update(Enterprise.objects.get(), by=staff, main_product="tas")
    answer = browser.post(edit_of(business), again)
    assert (answer.status_code, differing(answer)) == (409, {"Main product": "tas"})


def test_where_nothing_differs_it_says_so(officer: User, staff: User, business: Enterprise, client_of) -> None:
    browser = client_of(officer)
    sent = opened(browser, edit_of(business)) | {"main_product": "batik"}
    records.update(Enterprise.objects.get(), by=staff, main_product="batik")
    answer = browser.post(edit_of(business), sent)
    assert "What is stored does not differ from what stands in the form." in text_of(answer)
    assert browser.post(edit_of(business), shown_again(answer, sent)).status_code == 302


def test_ones_own_other_window_is_called_that(officer: User, business: Enterprise, client_of) -> None:
    browser = client_of(officer)
    first, second = (opened(browser, edit_of(business)) | {"main_product": name} for name in ("topi", "tas"))
    assert browser.post(edit_of(business), first).status_code == 302
    answer = browser.post(edit_of(business), second)
    assert (answer.status_code, "You saved this record meanwhile in another window" in text_of(answer)) == (409, True)


def test_rows_below_the_form_are_told_as_they_stand(officer: User, staff: User, business: Enterprise, client_of) -> None:
    browser = client_of(officer)
    sent = opened(browser, edit_of(business))
    factories.LicenceFactory(enterprise=business, kind="halal", number="ID-CONTOH-7")
    records.claim(Enterprise.objects.get())
    answer = browser.post(edit_of(business), sent)
    assert [text for text in differing(answer).values() if "ID-CONTOH-7" in text] != []
    assert browser.post(edit_of(business), shown_again(answer, sent)).status_code == 302


def test_a_nik_is_never_told(officer: User, staff: User, tala, client_of) -> None:
    person = factories.ParticipantFactory(region=tala, nik="6301015506800001", name="Siti CONTOH")
    browser = client_of(officer)
    sent = opened(browser, edit_of(person)) | {"nik": "6301015506800003", "address": "Jalan A"}
    records.update(Participant.objects.get(), by=staff, nik="6301015506800002", address="NIK 6301015506800002")
    answer = browser.post(edit_of(person), sent)
    assert (answer.status_code, differing(answer)) == (409, {"NIK": "not shown here", "Address": "NIK 630101******0002"})
    assert "6301015506800002" not in text_of(answer)


def test_who_owns_it_no_longer_learns_nothing(officer: User, staff: User, business: Enterprise, banjar, client_of) -> None:
    browser = client_of(officer)
    sent = opened(browser, edit_of(business))
    records.update(Enterprise.objects.get(), by=staff, region=banjar, main_product="rahasia")
    answer = browser.post(edit_of(business), sent)
    assert (answer.status_code, "rahasia" in text_of(answer)) == (404, False)


def test_in_indonesian_too(officer: User, staff: User, business: Enterprise, client_of) -> None:
    browser = client_of(officer, "id")
    sent = opened(browser, edit_of(business)) | {"main_product": "topi"}
    records.update(Enterprise.objects.get(), by=staff, main_product="batik")
    text = text_of(browser.post(edit_of(business), sent))
    assert ("Orang lain telah mengubah data ini" in text, "Tersimpan sekarang:" in text) == (True, True)


# --- attendance: what nobody touched follows


def test_marks_of_other_people_are_kept_and_only_the_disputed_one_is_told(officer: User, staff: User, tala, client_of) -> None:
    batch = factories.BatchFactory(region=tala)
    day = factories.SessionFactory(batch=batch)
    mine, theirs = (factories.EnrolmentFactory(batch=batch) for _ in range(2))
    browser, url = client_of(officer), f"/hari-pelatihan/{day.pk}/kehadiran/"
    sent = opened(browser, url) | {f"m-{day.pk}-{mine.pk}": "alpa"}
    for enrolment in (mine, theirs):
        factories.AttendanceFactory(session=day, enrolment=enrolment, mark="hadir")
    records.claim(day)

    answer = browser.post(url, sent)
    assert (answer.status_code, list(differing(answer).values())) == (409, ["Present"])
    form = answer.context["form"]
    again = {bound.html_name: bound.value() or "" for bound in form}
    assert browser.post(url, again).status_code == 302
    assert dict(Attendance.objects.values_list("enrolment", "mark")) == {mine.pk: "alpa", theirs.pk: "hadir"}


# --- an act


def test_an_act_decided_on_another_state_is_not_done_and_not_offered_again(staff: User, officer: User, tala, client_of) -> None:
    batch = factories.BatchFactory(region=tala)
    url, browser = f"/angkatan/{batch.pk}/batal/", client_of(staff)
    sent = opened(browser, url) | {"reason": "Pelatih sakit CONTOH"}
    records.update(Batch.objects.get(pk=batch.pk), by=staff, venue="Balai lain")
    answer = browser.post(url, sent)
    text = text_of(answer)
    assert (answer.status_code, Batch.objects.get().status) == (409, batch.status)
    assert ("Pelatih sakit CONTOH" in text, f'href="{batch.get_absolute_url()}"' in text) == (True, True)
    assert ("data-guard-double" in text, "Reload" in text) == (False, False)


# --- the administration


def test_the_administration_tells_what_is_stored_and_saves_the_second_time(admin: User, staff: User, tala, client_of) -> None:
    store = Store.objects.create(region=tala, name="Gudang", address="Jalan Lama", is_default=False)
    browser, url = client_of(admin), f"/admin/production/store/{store.pk}/change/"
    sent = {"name": "Gudang", "address": "Jalan Baru", "seen_version": "1"}
    records.update(Store.objects.get(), by=staff, address="Jalan Lain")
    answer = browser.post(url, sent)
    form = answer.context["adminform"].form
    assert (form.errors["address"], form["seen_version"].value()) == (["Stored now: Jalan Lain"], "2")
    assert browser.post(url, sent | {"seen_version": "2"}).status_code == 302
    assert AuditEvent.objects.about(store).latest("sequence").before == {"address": "Jalan Lain"}


# --- what was decided about each screen


def versioned(patterns: Any) -> Iterator[type[FormScreen]]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from versioned(pattern.url_patterns)
            continue
        view = getattr(pattern.callback, "view_class", object)
        names = inspect.signature(view.action).parameters.keys() if issubclass(view, FormScreen) and view.action else set()
        if {"version", "versions"} & names:
            yield view


EDITS = {
    "BatchAttendance",
    "DayAttendance",
    "AttendanceCorrect",
    "PipelineCertificate",
    "TargetAllocate",
    "LetterheadRetrial",
    "InstructorAccount",
}


def test_each_form_with_a_version_is_an_edit_or_an_act() -> None:
    """Whoever adds a screen decides whether saving it once more is safe. Its name tells, but for these."""
    views = set(versioned(get_resolver().url_patterns))
    edits = {view.__name__ for view in views if view.edits()}
    named = {view.__name__ for view in views if view.__name__.endswith("Update")}
    assert (edits - named, named - edits) == (EDITS, {"ProgressUpdate"})  # the latter: one word, said again on the page it leads to

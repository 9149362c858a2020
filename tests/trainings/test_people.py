"""Accounts: invited, changed, sent away; what changes holds from the next request."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.models import AuditEvent
from tests import factories
from trainings import actions
from trainings.invitations import password_link
from trainings.models import Region, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def invite(by: User, region: Region, *roles: str, **values) -> User:
    return actions.invite_user(User, by=by, username="baru.tala", full_name="Petugas Baru", region=region, roles=roles, **values)


def test_a_role_taken_away_acts_on_the_next_request(admin: User, officer: User, tala, client_of) -> None:
    browser = client_of(officer)
    assert browser.get("/peserta/baru/").status_code == 200
    actions.update_user(officer, by=admin, roles=["pejabat_kabupaten"])
    assert browser.get("/peserta/baru/").status_code == 403


def test_another_region_acts_on_the_next_request(admin: User, officer: User, banjar, client_of) -> None:
    here, there = factories.ParticipantFactory(name="Orang Tala"), factories.ParticipantFactory(name="Orang Banjar", region=banjar)
    browser = client_of(officer)
    assert [browser.get(person.get_absolute_url()).status_code for person in (here, there)] == [200, 404]
    actions.update_user(officer, by=admin, region=banjar)
    assert [browser.get(person.get_absolute_url()).status_code for person in (here, there)] == [404, 200]


def test_a_deactivated_person_is_out_with_the_next_request(admin: User, officer: User, client_of) -> None:
    browser = client_of(officer)
    actions.deactivate_user(officer, by=admin, reason="pindah tugas")
    answer = browser.get("/peserta/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/masuk/?next=/peserta/")
    assert AuditEvent.objects.about(officer).latest("sequence").reason == "pindah tugas"


def test_the_invited_person_sets_a_password_once_and_signs_in(admin: User, tala, client_of) -> None:
    answer = client_of(admin).post(
        "/pengguna/baru/",
        {
            "key": "11111111-1111-4111-8111-111111111111",
            "username": "Baru.Tala",
            "full_name": "Petugas Baru",
            "email": "baru@example.test",
            "region": tala.pk,
            "roles": ["petugas_kabupaten"],
        },
        follow=True,
    )
    link = answer.context["password_link"]
    assert link.startswith("http://testserver/kata-sandi/")
    person = User.objects.get(username="baru.tala")
    assert (person.has_usable_password(), person.roles, person.region) == (False, ["petugas_kabupaten"], tala)
    stranger = Client()
    form = stranger.get(link, follow=True)
    password = {"new_password1": "sasirangan-gigi-haruan", "new_password2": "sasirangan-gigi-haruan"}
    assert stranger.post(form.request["PATH_INFO"], password).headers["Location"] == "/masuk/"
    assert stranger.login(username="baru.tala", password="sasirangan-gigi-haruan")
    assert b"new_password1" not in Client().get(link, follow=True).content


@pytest.mark.django_db(transaction=True)
def test_the_invitation_goes_out_with_the_address_of_the_site(admin: User, tala, settings) -> None:
    settings.SITE_URL = "https://ikm.example.test"
    invite(admin, tala, "petugas_kabupaten", email="baru@example.test")
    (message,) = mail.outbox
    assert message.to == ["baru@example.test"]
    assert re.findall(r"https?://[^/\s]+", message.body) == ["https://ikm.example.test"] * 2


def test_the_link_is_shown_once(admin: User, officer: User, client_of) -> None:
    browser = client_of(admin)
    browser.post(f"/pengguna/{officer.pk}/tautan/", {"key": "11111111-1111-4111-8111-111111111111"})
    pages = [browser.get(officer.get_absolute_url()).context["password_link"] for _ in range(2)]
    assert [bool(link) for link in pages] == [True, False]


def test_an_administrator_gives_only_regions_inside_the_own(admin: User, ntt, kupang) -> None:
    for region in (ntt, kupang, factories.region("00")):
        with pytest.raises(Refusal, match="outside your region") as refused:
            invite(admin, region, "pengawas")
        assert refused.value.field == "region"


def test_a_role_of_the_province_is_not_given_in_a_district(admin: User, tala) -> None:
    with pytest.raises(Refusal, match="is a role of the province") as refused:
        invite(admin, tala, "staf_provinsi")
    assert refused.value.field == "roles"


def test_only_roles_of_the_table_exist(admin: User, province) -> None:
    with pytest.raises(Refusal, match="no such role"):
        invite(admin, province, "pengawas", "raja")


def test_nobody_decides_about_himself(admin: User) -> None:
    with pytest.raises(Refusal, match="cannot deactivate your own account"):
        actions.deactivate_user(admin, by=admin)
    with pytest.raises(Refusal, match="cannot change your own region or roles"):
        actions.update_user(admin, by=admin, roles=["pengawas"])
    admin.refresh_from_db()
    assert (admin.is_active, admin.roles) == (True, ["admin_provinsi"])


def test_the_own_name_and_number_may_be_corrected(admin: User) -> None:
    actions.update_user(admin, by=admin, full_name="Admin Baru", phone="0812-3456-7890", roles=["admin_provinsi"])
    assert (admin.full_name, admin.phone) == ("Admin Baru", "+6281234567890")


def test_a_user_name_with_a_typing_mistake_is_corrected(admin: User, officer: User, client_of) -> None:
    address = f"/pengguna/{officer.pk}/ubah/"
    page = client_of(admin).get(address)
    assert page.context["form"]["username"].value() == "petugas.tala"
    sent = {
        "key": "11111111-1111-4111-8111-111111111111",
        "full_name": officer.full_name,
        "region": officer.region_id,
        "roles": officer.roles,
    }
    answer = client_of(admin).post(address, sent | {"version": officer.version, "username": "Admin.Kalsel"})
    assert answer.status_code == 422
    assert "username" in answer.context["form"].errors
    answer = client_of(admin).post(address, sent | {"version": officer.version, "username": "Petugas.Tanahlaut"})
    assert answer.status_code == 302
    officer.refresh_from_db()
    assert officer.username == "petugas.tanahlaut"
    assert AuditEvent.objects.about(officer).latest("sequence").after["username"] == "petugas.tanahlaut"


def test_an_administrator_of_this_province_does_not_reach_the_other(admin: User, kupang, client_of) -> None:
    stranger = factories.user("petugas_kabupaten", "53.01", full_name="Petugas Kupang")
    browser = client_of(admin)
    assert browser.get(stranger.get_absolute_url()).status_code == 404
    assert "Petugas Kupang" not in browser.get("/pengguna/").content.decode()
    with pytest.raises(Refusal, match="outside your region"):
        actions.deactivate_user(stranger, by=admin)


def test_a_taken_user_name_is_refused_at_its_field(admin: User, officer: User, tala) -> None:
    with pytest.raises(Refusal) as refused:
        actions.invite_user(User, by=admin, username="petugas.tala", full_name="Kembar", region=tala, roles=["petugas_kabupaten"])
    assert refused.value.field == "username"


def test_two_administrators_at_once_the_second_is_told(admin: User, officer: User) -> None:
    seen = officer.version
    actions.update_user(User.objects.get(pk=officer.pk), by=admin, version=seen, roles=["pejabat_kabupaten"])
    with pytest.raises(StaleVersion):
        actions.update_user(User.objects.get(pk=officer.pk), by=admin, version=seen, roles=["instruktur"])
    assert User.objects.get(pk=officer.pk).roles == ["pejabat_kabupaten"]


def test_roles_before_and_after_are_on_record(admin: User, officer: User) -> None:
    actions.update_user(officer, by=admin, roles=["pejabat_kabupaten"])
    event = AuditEvent.objects.about(officer).latest("sequence")
    assert (event.verb, event.before, event.after, event.by) == (
        "roles_changed",
        {"roles": ["petugas_kabupaten"]},
        {"roles": ["pejabat_kabupaten"]},
        admin,
    )


def test_sessions_and_links_from_before_somebody_was_sent_away_stay_void(admin: User, officer: User, client_of) -> None:
    browser, link = client_of(officer), password_link(officer)
    away = actions.deactivate_user(officer, by=admin, reason="pindah tugas")
    actions.reactivate_user(away, by=admin)
    assert browser.get("/peserta/").status_code == 302
    assert b"new_password1" not in Client().get(link, follow=True).content
    assert client_of(User.objects.get(pk=officer.pk)).get("/peserta/").status_code == 200


def test_a_crafted_link_fills_in_no_invitation(admin: User, client_of) -> None:
    page = client_of(admin).get("/pengguna/baru/?roles=admin_provinsi&username=evil&email=evil@example.org").content.decode()
    fields = "".join(re.findall(r"<(?:input|select|option|textarea)[^>]*>", page.split("<main")[1]))
    assert ("evil" in fields, "checked" in fields) == (False, False)


def test_without_a_mail_server_no_link_goes_anywhere(admin: User, tala, settings, django_capture_on_commit_callbacks, capsys) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        invite(admin, tala, "petugas_kabupaten", email="petugas@example.org")
    assert "kata-sandi" not in "".join(capsys.readouterr())


def test_a_mail_server_that_is_away_keeps_nobody_from_being_invited(
    admin: User, tala, settings, django_capture_on_commit_callbacks, caplog
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        invite(admin, tala, "petugas_kabupaten", email="petugas@example.org")
    assert ["mail_after_commit" in record.getMessage() for record in caplog.records] == [True]

"""What an administrator of a province cannot reach for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ikm_program.actions import Refusal
from tests import factories
from trainings import actions
from trainings.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

Browser = Callable[..., Client]


@pytest.fixture
def superuser(province: Any) -> User:
    """Somebody with all rights who sits in the administrator's own province."""
    return factories.UserFactory(region=province, username="akar", is_superuser=True, is_staff=True, roles=["admin_provinsi"])


@pytest.fixture
def national(country: Any) -> User:
    return factories.user("admin_provinsi", "00", username="pusat", full_name="Admin Pusat")


@pytest.mark.parametrize("act", ["send_password_link", "deactivate_user", "reactivate_user", "update_user"])
@pytest.mark.parametrize("who", ["superuser", "national"])
def test_nobody_above_is_touched(request: Any, admin: User, act: str, who: str) -> None:
    above = request.getfixturevalue(who)
    with pytest.raises(Refusal, match=r"outside your region"):
        getattr(actions, act)(above, by=admin, **({"roles": ["pengawas"]} if act == "update_user" else {}))


def test_no_link_is_shown_for_them_either(admin: User, superuser: User, national: User, client_of: Browser) -> None:
    browser = client_of(admin)
    sent = {"key": str(uuid.uuid4())}
    answers = [browser.post(reverse("trainings:user_link", args=[person.pk]), sent) for person in (superuser, national)]
    assert [answer.status_code for answer in answers] == [422, 404]
    assert "kata-sandi/" not in answers[0].content.decode().replace(reverse("password_change"), "")
    assert "password_link" not in browser.session


def test_a_superuser_may_help_another(superuser: User, province: Any) -> None:
    other = factories.UserFactory(region=province, username="akar2", is_superuser=True)
    assert actions.send_password_link(other, by=superuser) == other


@pytest.mark.parametrize(
    ("code", "role"), [("53", "pengawas"), ("53.01", "petugas_kabupaten"), ("00", "pengawas"), ("63.01", "admin_provinsi")]
)
def test_nobody_is_invited_outside_or_above(admin: User, client_of: Browser, code: str, role: str) -> None:
    sent = {"key": str(uuid.uuid4()), "username": "baru", "full_name": "Baru", "region": factories.region(code).pk, "roles": [role]}
    answer = client_of(admin).post(reverse("trainings:user_create"), sent)
    assert (answer.status_code, User.objects.filter(username="baru").exists()) == (422, False)


def test_rights_beyond_the_roles_cannot_be_sent_along(admin: User, tala: Any, client_of: Browser) -> None:
    sent = {
        "key": str(uuid.uuid4()),
        "username": "baru",
        "full_name": "Baru",
        "region": tala.pk,
        "roles": ["petugas_kabupaten"],
        "is_superuser": "on",
        "is_staff": "on",
        "password": "sasirangan-gigi-haruan",
        "user_permissions": ["1", "2"],
    }
    assert client_of(admin).post(reverse("trainings:user_create"), sent).status_code == 302
    made = User.objects.get(username="baru")
    assert (made.is_superuser, made.is_staff, made.has_usable_password(), made.user_permissions.count()) == (False, False, False, 0)


def test_nobody_raises_himself(admin: User, client_of: Browser) -> None:
    sent = {"key": str(uuid.uuid4()), "version": admin.version, "username": admin.username, "full_name": "Admin", "region": admin.region.pk}
    sent |= {"roles": ["staf_provinsi"]}
    assert client_of(admin).post(reverse("trainings:user_update", args=[admin.pk]), sent).status_code == 422
    assert User.objects.get(pk=admin.pk).roles == ["admin_provinsi"]


@pytest.mark.parametrize("lookup", ["password__startswith", "password", "password__gt"])
def test_the_admin_tells_nothing_of_a_password(admin: User, client_of: Browser, lookup: str) -> None:
    assert client_of(admin).get("/admin/trainings/user/", {lookup: "md5$"}).status_code == 400


# --- the admin site ----------------------------------------------------------------------------------------------------


def admin_pages() -> list[str]:
    from django.contrib import admin as site

    return [f"{model._meta.app_label}_{model._meta.model_name}" for model in site.site._registry]


@pytest.mark.parametrize(
    "role", ["petugas_kabupaten", "pejabat_kabupaten", "instruktur", "ppk", "bendahara", "pengawas", "pejabat_provinsi"]
)
def test_who_keeps_no_master_data_stays_out_of_the_admin(role: str, client_of: Browser) -> None:
    browser = client_of(factories.user(role))
    addresses = [reverse("admin:index"), *(reverse(f"admin:{name}_changelist") for name in admin_pages())]
    assert {browser.get(address).status_code for address in addresses} <= {302, 403}


def test_the_admin_shows_only_what_lies_within_reach(admin: User, client_of: Browser) -> None:
    """Another province's rows are neither listed, opened, chosen nor changed."""
    office = factories.OfficeFactory(region=factories.region("53.01"), name="Dinas RAHASIA")
    official = factories.OfficialFactory(office=office, name="Kepala RAHASIA")
    browser = client_of(admin)
    assert "RAHASIA" not in "".join(browser.get(reverse(f"admin:{name}_changelist")).content.decode() for name in admin_pages())
    assert "RAHASIA" not in browser.get(reverse("admin:trainings_official_add")).content.decode()
    for record in (office, official):
        address = reverse(f"admin:trainings_{record._meta.model_name}_change", args=[record.pk])
        missing = reverse(f"admin:trainings_{record._meta.model_name}_change", args=[999_999])
        assert browser.get(address).status_code == browser.get(missing).status_code == 302  # back to the index, as for a missing one
        assert browser.post(address, {"name": "x"}).status_code == browser.post(missing, {"name": "x"}).status_code == 403  # read only
    official.refresh_from_db()
    assert official.name == "Kepala RAHASIA"


@pytest.mark.parametrize(
    "name", ["production_stockmovement", "production_lot", "trainings_issueddocument", "ikm_program_auditevent", "trainings_user"]
)
def test_what_is_append_only_is_not_added_in_the_admin(admin: User, client_of: Browser, name: str) -> None:
    assert client_of(admin).get(reverse(f"admin:{name}_add")).status_code == 403

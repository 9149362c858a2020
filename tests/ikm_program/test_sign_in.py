"""Signing in: counted before the password is looked at, the same answer for strangers, never led astray."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from ikm_program.accounts import link_tokens
from ikm_program.models import Attempt, AuditEvent
from ikm_program.throttling import client_address
from trainings.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "sasirangan-gigi-haruan"
HOME, ELSEWHERE = "10.0.0.1", "203.0.113.9"


class CountingHasher(MD5PasswordHasher):
    """Says how often a password was evaluated."""

    evaluated = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.evaluated += 1
        return super().encode(password, salt)


@pytest.fixture
def person(officer: User, settings: Any) -> User:
    settings.PASSWORD_HASHERS = ["tests.ikm_program.test_sign_in.CountingHasher"]
    officer.set_password(PASSWORD)
    officer.save()
    CountingHasher.evaluated = 0
    return officer


def sign_in(username: str, password: str, address: str = HOME, **more: Any) -> Any:
    client = Client(headers={"accept-language": "en"})
    return client.post(reverse("sign_in"), {"username": username, "password": password}, REMOTE_ADDR=address, **more)


def test_the_sixth_try_is_not_evaluated_whatever_the_password(person: User) -> None:
    tries = [sign_in(person.username, "wrong").status_code for _try in range(5)]
    assert (tries, CountingHasher.evaluated) == ([200] * 5, 5)
    sixth = sign_in(person.username.upper(), PASSWORD)
    assert (CountingHasher.evaluated, sixth.context["form"].non_field_errors()) == (
        5,
        ["Too many tries. Wait 15 minutes, or ask the administrator for a new password."],
    )


def test_an_outsider_does_not_lock_the_owner_out(person: User) -> None:
    for _try in range(7):
        sign_in(person.username, "wrong", ELSEWHERE)
    assert sign_in(person.username, PASSWORD, HOME).status_code == 302


def test_what_a_client_claims_of_its_address_is_not_believed(person: User) -> None:
    for n in range(5):
        sign_in(person.username, "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")
    sign_in(person.username, PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.77")
    assert CountingHasher.evaluated == 5


def test_behind_a_proxy_the_last_hop_counts(rf: Any, settings: Any) -> None:
    settings.TRUSTED_PROXY_HOPS = 1
    assert client_address(rf.get("/", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.9", REMOTE_ADDR="127.0.0.1")) == "203.0.113.9"


@pytest.mark.parametrize(
    ("address", "counted"),
    [("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::ffff:203.0.113.9", "203.0.113.9"), ("nonsense", "unknown")],
)
def test_one_household_of_addresses_counts_once(rf: Any, address: str, counted: str) -> None:
    assert client_address(rf.get("/", REMOTE_ADDR=address)) == counted


def test_a_success_clears_the_count(person: User) -> None:
    for _round in range(2):
        for _try in range(4):
            sign_in(person.username, "wrong")
        assert sign_in(person.username, PASSWORD).status_code == 302


def test_a_stranger_gets_the_same_answer_for_the_same_work(person: User) -> None:
    known, work = sign_in(person.username, "wrong"), CountingHasher.evaluated
    CountingHasher.evaluated = 0
    unknown = sign_in("nobody", "wrong")
    assert (unknown.status_code, CountingHasher.evaluated) == (known.status_code, work)
    assert unknown.context["form"].non_field_errors() == known.context["form"].non_field_errors()


def test_somebody_sent_away_gets_that_answer_too(person: User) -> None:
    wrong = sign_in(person.username, "wrong").context["form"].non_field_errors()
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert sign_in(person.username, PASSWORD).context["form"].non_field_errors() == wrong


def test_every_try_is_on_record_without_the_password(person: User) -> None:
    sign_in(person.username, "wrong-but-secret")
    sign_in(person.username, PASSWORD)
    assert list(AuditEvent.objects.order_by("sequence").values_list("verb", "by__username")) == [
        ("sign_in_failed", None),
        ("sign_in", "petugas.tala"),
    ]
    assert "wrong-but-secret" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("there", ["https://evil.test/", "//evil.test/", "https:///evil.test", "javascript:alert(1)", "/\\evil.test"])
def test_nobody_is_led_to_another_site(person: User, there: str) -> None:
    client = Client()
    answer = client.post(f"{reverse('sign_in')}?next={there}", {"username": person.username, "password": PASSWORD, "next": there})
    assert answer.headers["Location"] == "/"
    for name in ("appearance", "set_language"):
        led = client.post(reverse(name), {"next": there, "theme": "dark", "language": "en"})
        assert led.headers["Location"] == "/"


def test_the_link_of_somebody_sent_away_sets_no_password(person: User) -> None:
    link = reverse("password_set", args=[urlsafe_base64_encode(force_bytes(person.pk)), link_tokens.make_token(person)])
    assert b"new_password1" in Client().get(link, follow=True).content
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert b"new_password1" not in Client().get(link, follow=True).content


def test_example_accounts_open_nothing_but_a_demo(person: User, settings: Any) -> None:
    User.objects.filter(pk=person.pk).update(is_example=True)
    inside = Client()
    inside.force_login(person)
    outside_demo = (sign_in(person.username, PASSWORD).status_code, inside.get("/peserta/").status_code)
    settings.DEMO_MODE = True
    assert outside_demo == (200, 302)
    assert (sign_in(person.username, PASSWORD).status_code, inside.get("/peserta/").status_code) == (302, 200)


def test_a_failed_try_is_seen_by_the_administrator_of_the_account(person: User, admin: User, ntt: Any) -> None:
    sign_in(person.username, "wrong")
    sign_in("nobody", "wrong")
    failed = AuditEvent.objects.filter(verb="sign_in_failed")
    assert [event.after["username"] for event in failed.for_user(admin)] == [person.username]
    assert failed.count() == 2


def test_tries_beyond_the_limit_do_not_fill_the_trail(person: User) -> None:
    for _try in range(9):
        sign_in(person.username, "wrong")
    assert AuditEvent.objects.filter(verb="sign_in_failed").count() == 5


def test_a_nik_typed_as_user_name_is_kept_nowhere(db: None) -> None:
    sign_in("6301 0115 0685 0001", "wrong")
    kept = str([*AuditEvent.objects.values(), *Attempt.objects.values()])
    assert ["6301 0115 0685 0001" in kept, "6301011506850001" in kept, "630101******0001" in kept] == [False, False, True]


def test_the_old_password_cannot_be_guessed_through_an_open_session(person: User) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    new = {"new_password1": "kain-sasirangan-7", "new_password2": "kain-sasirangan-7"}
    for _try in range(5):
        client.post(reverse("password_change"), {"old_password": "wrong", **new})
    CountingHasher.evaluated = 0
    answer = client.post(reverse("password_change"), {"old_password": PASSWORD, **new})
    assert (answer.status_code, CountingHasher.evaluated, "Too many tries" in answer.content.decode()) == (429, 0, True)


def test_a_weak_new_password_is_told_at_its_field_and_counts_as_no_guess(person: User) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    url, weak = reverse("password_change"), {"new_password1": "123", "new_password2": "123"}
    for _try in range(6):
        answer = client.post(url, {"old_password": PASSWORD, **weak})
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["new_password1"])
    new = {"new_password1": "kain-sasirangan-7", "new_password2": "kain-sasirangan-7"}
    assert client.post(url, {"old_password": PASSWORD, **new}).status_code == 302


def test_a_form_without_the_old_password_neither_counts_nor_forgives(person: User) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    url, new = reverse("password_change"), {"new_password1": "kain-sasirangan-7", "new_password2": "kain-sasirangan-7"}
    tries = [client.post(url, {"old_password": old, **new}).status_code for old in ("a", "", "b", "", "c", "", "d", "", "e", "f")]
    assert tries == [200] * 9 + [429]

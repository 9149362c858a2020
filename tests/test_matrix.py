"""Every address, every role: who may open it, whose records it shows, and what it never shows."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, reverse
from django.utils import timezone

from distribution.models import Recipient
from ikm_program import pdf, urls
from ikm_program.roles import ROLES
from ikm_program.views import ListScreen, Screen
from production.models import Product
from tests.matrix import ADDRESSES, Rule, addresses
from tests.matrix_answers import filled, permission_of, table_written, text_of, view_of
from tests.matrix_world import BANJAR, KUPANG, MISSING, TALA, World, build, jpeg
from trainings.models import (
    Activity,
    Batch,
    Enterprise,
    Instructor,
    Office,
    Official,
    Participant,
    Programme,
    Region,
    Sentra,
    User,
)

ENDS_THE_SESSION = {"sign_out"}


def test_every_address_is_in_the_table() -> None:
    assert sorted(addresses()) == sorted(ADDRESSES)


class WorldTestCase(TestCase):
    """The world is made once for all tests of a class, and its day does not end before they do; what a test writes is rolled back."""

    world: World
    media: str
    printed: tuple[str, ...] = ()  # places whose papers are really made

    @classmethod
    def setUpClass(cls) -> None:
        cls.enterClassContext(time_machine.travel(timezone.localtime().replace(hour=12)))  # what is dated today needs no reason
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        cls.media = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.media)
        with override_settings(MEDIA_ROOT=cls.media, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            cls.world = build(printed=cls.printed)

    @pytest.fixture(autouse=True)
    def files_of_the_world(self, settings: Any, settings_of_tests: None, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.MEDIA_ROOT = self.media
        monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)  # thousands of refusals, as wanted

    def browser(self, person: User | None) -> Client:
        client = Client(headers={"accept-language": "en"})
        if person is not None:
            client.force_login(person)
        return client

    def arguments(self, code: str, noun: str, role: str) -> dict[str, Any]:
        """The url arguments of a place's record; some roles have one of their own."""
        place = self.world.places[code]
        return dict(place.args.get(f"{noun}:{role}", place[noun]))

    def url(self, name: str, rule: Rule, code: str = TALA, role: str = "", *, is_missing: bool = False) -> str:
        arguments = dict(rule.kwargs)
        if rule.noun:
            arguments |= self.arguments(code, rule.noun, role)
        if is_missing:
            arguments |= {key: "0" * 40 if key == "token" else MISSING for key in self.arguments(code, rule.noun, role)}
        query = f"?{urlencode(self.arguments(code, rule.query, role))}" if rule.query else ""
        return reverse(name, kwargs=arguments or None) + query


def reach(role: str) -> dict[str, bool]:
    """The places whose records a role is tried on, and whether they are within reach."""
    return {TALA: True, BANJAR: True, KUPANG: False} if ROLES[role].is_provincial else {TALA: True, BANJAR: False, KUPANG: False}


def expected(rule: Rule, method: str, role: str, *, is_within_reach: bool) -> int:
    """What the table says about a signed-in person of that role."""
    if isinstance(rule.get, str):
        return rule.answer(method)
    if role in rule.roles(method):
        return rule.answer(method) if is_within_reach else 404
    return 405 if role in (*rule.get, *rule.post) else 403


def differing(answers: dict[Any, int], others: dict[Any, int]) -> dict[Any, int]:
    return {case: answer for case, answer in answers.items() if others[case] != answer}


class EveryRoleEveryAddress(WorldTestCase):
    @pytest.fixture(autouse=True)
    def only_statuses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody reads these answers: pages and refusals without their template, previews without their print."""
        monkeypatch.setattr(Screen, "render_to_response", lambda screen, context, **answer: HttpResponse(**answer))
        monkeypatch.setattr(urls, "handler403", lambda request, exception: HttpResponse(status=403), raising=False)
        monkeypatch.setattr(urls, "handler404", lambda request, exception: HttpResponse(status=404), raising=False)
        monkeypatch.setattr(pdf, "render", lambda *args, **facts: b"%PDF-")
        clear_url_caches()

    def answers(self, role: str, cases: Iterable[tuple[str, str, str, bool]]) -> dict[Any, int]:
        client = self.browser(self.world.people[role])
        found = {}
        for name, method, code, is_missing in cases:
            url = self.url(name, ADDRESSES[name], code, role, is_missing=is_missing)
            found[name, method, "missing" if is_missing else code] = client.generic(method, url).status_code
        return found

    def check(self, role: str) -> None:
        wanted, cases = {}, []
        for name, method in [(name, method) for name in ADDRESSES if name not in ENDS_THE_SESSION for method in ("GET", "POST")]:
            rule = ADDRESSES[name]
            asks_where = role in rule.roles(method) and (rule.noun or rule.query)
            for code, is_within in reach(role).items() if asks_where else [(TALA, True)]:
                cases.append((name, method, code, False))
                wanted[name, method, code] = 302 if name == "sign_in" else expected(rule, method, role, is_within_reach=is_within)
            if rule.noun and (asks_where or rule.get == "public"):
                cases.append((name, method, TALA, True))
                wanted[name, method, "missing"] = 404
        got = self.answers(role, cases)
        assert differing(got, wanted) == differing(wanted, got)

    def test_anonymous(self) -> None:
        """Whoever has not signed in is sent to the sign-in, except where the page is public."""
        got, wanted = {}, {}
        for name, rule in ADDRESSES.items():
            for method in ("GET", "POST"):
                got[name, method] = Client().generic(method, self.url(name, rule)).status_code
                is_public = rule.get == "public"
                wanted[name, method] = (405 if rule.roles(method) == () else rule.answer(method)) if is_public else 302
        assert got == wanted


for _role in ROLES:
    setattr(EveryRoleEveryAddress, f"test_{_role}", lambda self, role=_role: self.check(role))


class BodyTestCase(WorldTestCase):
    """Answers of people who may see Tala only, or NTT only, searched for what is not theirs."""

    printed = (TALA,)

    def addresses_of(self, role: str, code: str, formats: Iterable[str] = ()) -> Iterator[str]:
        """What this role may GET: own records, lists with and without a search, reports in the formats asked for."""
        for name, rule in ADDRESSES.items():
            if rule.get not in ("public", "signed-in") and role in rule.get:
                place = code if rule.noun not in SHARED or code == KUPANG else TALA
                url = self.url(name, rule, place, role)
                yield url
                view = view_of(url)
                is_list = isinstance(view, type) and issubclass(view, ListScreen)
                if is_list or name in ("search", "trainings:enterprise_suggestions"):
                    yield f"{url}?q=RAHASIA"
                files = ("xlsx", "csv") if is_list and view.is_exportable else getattr(view, "formats", ())
                for wanted in sorted(set(files) & set(formats)):
                    yield f"{url}?format={wanted}"

    def assert_silent(self, person: User, role: str, code: str, others: Iterable[str], formats: Iterable[str] = ()) -> None:
        client, leaks, read = self.browser(person), {}, 0
        secrets = {secret for other in others for secret in self.world.places[other].secrets}
        for url in self.addresses_of(role, code, formats):
            response = client.get(url)
            assert response.status_code in (200, 302, 404, 422), f"{url}: {response.status_code}"
            text, read = text_of(response), read + (response.status_code == 200)
            if found := sorted(secret for secret in secrets if secret in text):
                leaks[url] = found
        assert leaks == {}
        assert read > 20  # the search was no empty gesture

    def test_an_officer_of_tala_never_reads_of_other_districts(self) -> None:
        self.assert_silent(self.world.people["petugas_kabupaten"], "petugas_kabupaten", TALA, (BANJAR, KUPANG), FORMATS)

    def test_an_official_of_tala_never_reads_of_other_districts(self) -> None:
        self.assert_silent(self.world.people["pejabat_kabupaten"], "pejabat_kabupaten", TALA, (BANJAR, KUPANG))

    def test_an_instructor_of_tala_never_reads_of_other_districts(self) -> None:
        self.assert_silent(self.world.people["instruktur"], "instruktur", TALA, (BANJAR, KUPANG))

    def test_the_staff_of_another_province_never_reads_of_kalsel(self) -> None:
        self.assert_silent(self.world.ntt_people["staf_provinsi"], "staf_provinsi", KUPANG, (TALA, BANJAR), FORMATS[1:])

    def test_the_administrator_of_another_province_never_reads_of_kalsel(self) -> None:
        self.assert_silent(self.world.ntt_people["admin_provinsi"], "admin_provinsi", KUPANG, (TALA, BANJAR))

    def test_the_marks_are_found_where_they_may_be_read(self) -> None:
        """Otherwise the silence of the others would prove nothing."""
        client = self.browser(self.world.people["staf_provinsi"])
        banjar = self.world.places[BANJAR]
        seen = "".join(
            text_of(client.get(self.url(name, ADDRESSES[name], BANJAR)))
            for name in ("trainings:participant_detail", "production:output_detail", "trainings:enterprise_detail")
        )
        masked, phone, figure = (banjar.secrets[place] for place in (2, 5, -1))
        assert [mark in seen for mark in (banjar.mark, masked, phone, figure)] == [True] * 4
        tala = self.world.places[TALA]
        paper = client.get(self.url("trainings:document_file", ADDRESSES["trainings:document_file"], TALA))
        assert tala.mark in text_of(paper)

    def test_no_link_ends_in_a_refusal(self) -> None:
        """Of those who may open the least: a record that they read of, but whose page is not theirs, is words and no link."""
        refused, followed = {}, 0
        for role in ("instruktur", "petugas_kabupaten", "bendahara", "ppk"):
            person = self.world.people[role]
            client = self.browser(person)
            for url in self.addresses_of(role, TALA):
                links = set(re.findall(r'<a[^>]*? href="(/[^"#?]*)', text_of(client.get(url))))
                followed += len(links)
                if "/tampilan-tersimpan/" not in url:  # whoever kept a view could open it; these were made for everybody
                    refused |= {(role, url, link): lacks for link in links if not person.has_perm(lacks := permission_of(link))}
        assert refused == {}
        assert followed > 1_000

    def test_a_whole_nik_stands_in_no_page(self) -> None:
        niks = [place.secrets[1] for place in self.world.places.values()]
        client, found = self.browser(self.world.people["staf_provinsi"]), []
        for url in self.addresses_of("staf_provinsi", TALA, ("csv", "json")):
            text = text_of(client.get(url))
            found += [url for nik in niks if nik in text]
        assert found == []


class WhatRequestsWrite(WorldTestCase):
    """Safe methods, tokens, choices, and fields that nobody declared."""

    def test_opening_a_page_writes_nothing_but_the_session_and_the_download_log(self) -> None:
        written: dict[str, list[str]] = {}
        browsers = {role: self.browser(self.world.people[role]) for role in WRITERS}
        for name, rule in ADDRESSES.items():
            role = next((role for role in WRITERS if isinstance(rule.get, str) or role in rule.get), "")
            if role:
                with CaptureQueriesContext(connection) as queries:
                    browsers[role].get(self.url(name, rule, TALA, role))
                if tables := sorted({table for query in queries if (table := table_written(query["sql"]))} - MAY_BE_WRITTEN):
                    written[name] = tables
        assert written == {}

    def test_a_post_without_its_token_is_refused(self) -> None:
        accepted = {}
        for name, rule in ADDRESSES.items():
            role = "staf_provinsi" if isinstance(rule.post, str) else next(iter(rule.post), "")
            if role and name not in WITHOUT_TOKEN:
                client = Client(enforce_csrf_checks=True)
                client.force_login(self.world.people[role])
                if (status := client.post(self.url(name, rule, TALA, role)).status_code) != 403:
                    accepted[name] = status
        assert accepted == {"trainings:look_up": 405} or accepted == {}

    def test_the_public_check_sets_no_cookie(self) -> None:
        address = self.url("trainings:verify", ADDRESSES["trainings:verify"])
        client = Client(enforce_csrf_checks=True)
        answers = [client.get(address), client.post(address, {"berkas": jpeg()}), client.get(f"{address[:-41]}{'0' * 40}/")]
        assert [(answer.status_code, dict(answer.cookies)) for answer in answers] == [(200, {}), (200, {}), (404, {})]
        assert "Set-Cookie" not in answers[0].headers

    def test_every_choice_of_a_form_lies_within_reach(self) -> None:
        """And rows of another district, posted all the same, are refused each at its field."""
        wrong, tried = {}, 0
        for role in WRITERS:
            person, place = self.world.people[role], self.world.places[KUPANG if ROLES[role].is_provincial else BANJAR]
            client = self.browser(person)
            for name, rule in ADDRESSES.items():
                if isinstance(rule.post, str) or role not in rule.post or role not in rule.get:
                    continue
                url = self.url(name, rule, TALA, role)
                fields = getattr(client.get(url).context.get("form"), "fields", {})
                choices = {key: field.queryset for key, field in fields.items() if getattr(field, "queryset", None) is not None}
                far = {key: place[NOUNS[rows.model]]["pk"] for key, rows in choices.items() if rows.model in NOUNS}
                refused = client.post(url, far).context["form"].errors if far and "key" in fields else dict.fromkeys(far)
                for key, rows in choices.items():
                    tried += 1
                    is_beyond = rows.exclude(pk__in=rows.model._default_manager.for_user(person).values("pk")).exists()
                    if is_beyond or (key in far and key not in refused):
                        wrong[role, name] = key
        assert (wrong, tried > 30) == ({}, True)

    def test_fields_that_a_form_does_not_declare_never_change(self) -> None:
        for role, name in EDITS:
            rule = ADDRESSES[name]
            with self.subTest(name=name):
                client = self.browser(self.world.people[role])
                url = self.url(name, rule, TALA, role)
                page = client.get(url)
                form, record = page.context["form"], page.context["object"]
                before = type(record)._default_manager.filter(pk=record.pk).values().get()
                stranger = self.world.ntt_people["staf_provinsi"].pk
                smuggled = {key: value for key, value in SMUGGLED.items() if key not in form.fields} | {"created_by": stranger}
                answer = client.post(url, smuggled | filled(form) | CHANGED.get(name, {}))
                assert answer.status_code == 302, getattr(answer.context and answer.context["form"], "errors", "")
                after = type(record)._default_manager.filter(pk=record.pk).values().get()
                changed = {column for column in after if after[column] != before[column]}
                derived = {"version", "sort_name", "search_key"}
                assert changed - derived == set(CHANGED.get(name, {})), name


FORMATS = ("pdf", "xlsx", "csv", "json")
SHARED = {"programme", "activity", "product", "target", "product_activity"}
WRITERS = ("staf_provinsi", "petugas_kabupaten", "pejabat_kabupaten", "admin_provinsi")
# The last one counts how often an address was tried.
MAY_BE_WRITTEN = {"django_session", "ikm_program_auditevent", "ikm_program_audithead", "ikm_program_tally", "ikm_program_attempt"}
WITHOUT_TOKEN = {"trainings:verify", "distribution:receiver_page"}  # no session to abuse; the address itself is the secret
NOUNS: dict[Any, str] = {
    Region: "region",
    Enterprise: "enterprise",
    Participant: "participant",
    Sentra: "sentra",
    Instructor: "instructor",
    Office: "office",
    Official: "official",
    Programme: "programme",
    Activity: "activity",
    Product: "product",
    Recipient: "recipient",
    Batch: "batch",
}
EDITS = (
    ("petugas_kabupaten", "trainings:participant_update"),
    ("petugas_kabupaten", "trainings:enterprise_update"),
    ("petugas_kabupaten", "trainings:sentra_update"),
    ("petugas_kabupaten", "trainings:batch_update"),
    ("petugas_kabupaten", "production:output_update"),
    ("petugas_kabupaten", "distribution:recipient_update"),
    ("petugas_kabupaten", "distribution:handover_update"),
    ("petugas_kabupaten", "distribution:transfer_update"),
    ("admin_provinsi", "trainings:programme_update"),
    ("admin_provinsi", "trainings:office_update"),
    ("admin_provinsi", "trainings:user_update"),
    ("admin_provinsi", "production:product_update"),
    ("admin_provinsi", "production:published_figure_update"),
)
CHANGED = {
    "trainings:participant_update": {"name": "Nama Baru"},
    "trainings:user_update": {"full_name": "Nama Baru"},
    "production:output_update": {"good": "100"},  # the marks of this world are more than a form takes
}
SMUGGLED = {
    "status": "diverifikasi",
    "is_superuser": "on",
    "is_staff": "on",
    "is_active": "",
    "is_example": "on",
    "password": "rahasia-sekali",
    "path": "/",
    "verified_quantity": "1",
    "issued_at": "2020-01-01",
    "submitted_at": "2020-01-01",
    "enrolled": "0",
}

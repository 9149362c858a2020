"""The four bases: may you, where, filters in the URL, refusals on the form, a report in every format."""

from __future__ import annotations

import json
import uuid
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from trainings.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ikm_program.screens_urls")]


@pytest.fixture
def programme(province):
    return factories.ProgrammeFactory(name="APD 2020", code="apd")


@pytest.fixture
def elsewhere(ntt):
    return factories.ProgrammeFactory(name="Kelor NTT", code="kelor", region=ntt)


def page(client, url, **extra):
    response = client.get(url, **extra)
    return unescape(response.content.decode())


def names_on(client, url):
    return [row.name for row in client.get(url).context["object_list"]]


def filled(programme, **changes):
    body = {"key": str(uuid.uuid4()), "version": programme.version, "name": "APD dan Pangan", "region": ""}
    body |= {"lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0", "lines-0-quantity": "1.500", "lines-1-quantity": ""}
    return body | changes


# --- may you, and where


def test_who_lacks_the_permission_gets_403(client_of, province, programme):
    nobody = factories.user("instruktur", "63.01", username="tamu")
    nobody.groups.clear()
    assert client_of(nobody).get("/uji/").status_code == 403


def test_a_form_asks_for_the_permission_of_its_action(client_of, officer, programme):
    assert client_of(officer).get(f"/uji/{programme.pk}/ganti/").status_code == 403


def test_another_provinces_programme_is_like_a_missing_one(client_of, staff, elsewhere):
    client = client_of(staff)
    assert [client.get(f"/uji/{pk}/").status_code for pk in (elsewhere.pk, 999_999)] == [404, 404]
    assert client.get(f"/uji/{elsewhere.pk}/ganti/").status_code == 404


def test_a_form_changes_only_what_is_owned(client_of, officer, programme):
    """The district reads its province's programme but does not own it, even with the permission."""
    from django.contrib.auth.models import Permission

    officer.user_permissions.add(Permission.objects.get(codename="change_programme"))
    client = client_of(officer)
    assert [client.get(f"/uji/{programme.pk}/{end}").status_code for end in ("", "ganti/")] == [200, 404]


# --- lists


def test_a_list_shows_what_lies_within_reach(client_of, staff, programme, elsewhere):
    assert names_on(client_of(staff), "/uji/") == ["APD 2020"]


def test_every_word_of_a_search_must_match(client_of, staff, programme):
    factories.ProgrammeFactory(name="APD 2021", code="lain")
    assert names_on(client_of(staff), "/uji/?q=apd+2021") == ["APD 2021"]


def test_filters_and_sorting_live_in_the_url(client_of, staff, programme):
    factories.ProgrammeFactory(name="Batik 2020", code="batik", year=2020)
    factories.ProgrammeFactory(name="Batik 2021", code="batik-2", year=2021)
    assert names_on(client_of(staff), "/uji/?year=2020&urut=-name") == ["Batik 2020", "APD 2020"]


def test_sorting_by_an_undeclared_column_is_ignored(client_of, staff, programme):
    assert names_on(client_of(staff), "/uji/?urut=created_by__password") == ["APD 2020"]


def test_a_filter_offers_only_regions_within_reach(client_of, officer, programme, elsewhere, banjar):
    form = client_of(officer).get("/uji/").context["filterset"].form
    assert sorted(form.fields["region"].queryset.values_list("kemendagri_code", flat=True)) == ["00", "63", "63.01"]


def test_htmx_gets_the_list_alone(client_of, staff, programme):
    headers = {"HX-Request": "true", "HX-Target": "list"}
    html = page(client_of(staff), "/uji/", headers=headers)
    assert ("<html" in html, 'id="list"' in html, "APD 2020" in html) == (False, True, True)


def test_pages_hold_25_rows_and_a_wild_page_number_is_forgiven(client_of, staff, province):
    factories.ProgrammeFactory.create_batch(26)
    client = client_of(staff)
    assert [len(names_on(client, f"/uji/?hal={number}")) for number in ("1", "2", "x")] == [25, 1, 25]


def test_a_list_asks_the_same_number_of_queries_for_one_row_and_three(client_of, staff, programme):
    client = client_of(staff)
    client.get("/uji/")

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/uji/")
        return len(queries)

    one = count()
    factories.ProgrammeFactory.create_batch(2)
    assert count() == one


def test_downloads_of_a_list_keep_its_filter(client_of, staff, programme):
    assert 'href="/ekspor/?year=2020"' in page(client_of(staff), "/uji/?year=2020")


def test_an_empty_list_says_what_comes_next_and_an_empty_filter_offers_to_clear(client_of, staff, province):
    client = client_of(staff)
    assert ("No programme yet." in page(client, "/uji/"), "Clear filters" in page(client, "/uji/?q=zzz")) == (True, True)


# --- details


def test_a_detail_offers_the_steps_that_apply_and_exist(client_of, staff, programme):
    context = client_of(staff).get(f"/uji/{programme.pk}/").context
    assert [step.label for step in [*context["usual_step"], *context["other_steps"]]] == ["Rename"]


def test_a_reader_is_offered_no_step(client_of, auditor, programme):
    assert client_of(auditor).get(f"/uji/{programme.pk}/").context["usual_step"] == []


def test_what_is_not_recorded_is_said_in_words(client_of, staff, programme):
    Programme.objects.filter(pk=programme.pk).update(fund_quote="")
    assert '<span class="unknown">nobody wrote it down</span>' in page(client_of(staff), f"/uji/{programme.pk}/")


# --- forms


def test_a_form_opens_with_the_records_values_a_fresh_key_and_its_version(client_of, staff, programme):
    client = client_of(staff)
    forms = [client.get(f"/uji/{programme.pk}/ganti/").context["form"] for _ in range(2)]
    assert forms[0]["name"].value() == "APD 2020"
    assert forms[0]["version"].value() == programme.version
    assert forms[0]["key"].value() != forms[1]["key"].value()


def test_a_valid_form_runs_the_action_with_its_rows_and_redirects(client_of, staff, programme):
    response = client_of(staff).post(f"/uji/{programme.pk}/ganti/", filled(programme))
    programme.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, f"/uji/{programme.pk}/")
    assert (programme.name, programme.origin_office) == ("APD dan Pangan", "1500")


def test_an_invalid_form_keeps_what_was_typed_and_links_to_the_field(client_of, staff, programme):
    response = client_of(staff).post(f"/uji/{programme.pk}/ganti/", filled(programme, name="", **{"lines-0-quantity": "1,5"}))
    html = unescape(response.content.decode())
    assert response.status_code == 422
    assert ('href="#id_name"' in html, 'href="#id_lines-0-quantity"' in html, 'value="1,5"' in html) == (True, True, True)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_a_refusal_stands_at_its_field(client_of, staff, programme):
    response = client_of(staff).post(f"/uji/{programme.pk}/ganti/", filled(programme, name="Terlarang"))
    assert (response.status_code, response.context["form"].errors["name"]) == (422, ["This name is taken."])


def test_a_stale_save_is_refused_and_what_was_typed_is_kept(client_of, staff, programme):
    response = client_of(staff).post(f"/uji/{programme.pk}/ganti/", filled(programme, version=programme.version + 7))
    assert (response.status_code, response.context["form"]["name"].value()) == (409, "APD dan Pangan")


def test_the_same_form_twice_is_one_record_and_other_contents_are_422(client_of, staff, programme):
    client, body = client_of(staff), filled(programme)
    url = f"/uji/{programme.pk}/ganti/"
    assert [client.post(url, body).status_code for _ in range(2)] == [302, 302]
    assert client.post(url, body | {"name": "Lain"}).status_code == 422


def test_a_browser_on_a_poor_line_gets_its_key_back(client_of, staff, programme):
    body = filled(programme)
    response = client_of(staff).post(f"/uji/{programme.pk}/ganti/", body, headers={"accept": "application/json"})
    assert (response.status_code, response.json()) == (201, {"key": body["key"], "url": f"/uji/{programme.pk}/"})


def test_a_foreign_key_of_another_province_is_refused(client_of, staff, programme, kupang):
    response = client_of(staff).post(f"/uji/{programme.pk}/ganti/", filled(programme, region=kupang.pk))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["region"])


def test_undeclared_fields_never_change(client_of, staff, programme):
    client_of(staff).post(f"/uji/{programme.pk}/ganti/", filled(programme, code="dicuri", year="1999"))
    programme.refresh_from_db()
    assert (programme.code, programme.year) == ("apd", 2020)


# --- reports


def test_a_report_is_the_same_in_every_format(client_of, staff):
    client = client_of(staff)
    assert "1.234" in page(client, "/uji/laporan/")
    rows = json.loads(client.get("/uji/laporan.json").content)["rows"]
    assert rows == [{"name": "=1+1", "quantity": 1234}, {"name": "Tala", "quantity": None}]
    kinds = [client.get(f"/uji/laporan/?format={name}")["Content-Type"].split(";")[0].split("/")[-1][:12] for name in ("csv", "xlsx")]
    assert kinds == ["csv", "vnd.openxmlf"]


def test_a_formula_in_a_csv_is_text(client_of, staff):
    body = b"".join(client_of(staff).get("/uji/laporan.csv").streaming_content).decode("utf-8-sig")
    assert [line for line in body.splitlines() if line.lstrip('"').startswith("=")] == []


def test_an_unknown_format_is_404_and_a_wrong_parameter_422(client_of, staff):
    client = client_of(staff)
    assert [client.get(url).status_code for url in ("/uji/laporan.exe", "/uji/laporan/?per=32-13-2020")] == [404, 422]


def test_a_download_leaves_one_audit_event(client_of, staff):
    from ikm_program.models import AuditEvent

    client_of(staff).get("/uji/laporan.json")
    assert list(AuditEvent.objects.filter(by=staff).values_list("verb", flat=True)) == ["download"]

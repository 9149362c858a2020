"""The verifier's desk: flags with their reasons, one decision or many, and who may sit there."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ikm_program.models import AuditEvent
from production.actions.output import MakerPart
from production.actions.photos import add_photo
from production.models import OutputEntry
from production.plausibility import Code, flags_of
from tests import factories
from tests.production.conftest import DAY, jpeg

pytestmark = pytest.mark.usefixtures("in_english", "hazmat")
QUEUE = "/verifikasi/"


def flags(entry: OutputEntry) -> dict[Code, str]:
    found = OutputEntry.objects.with_names().get(pk=entry.pk)  # type: ignore[attr-defined]
    return {flag.code: str(flag.reason) for flag in flags_of([found])[entry.pk]}


def decide(client: Client, entry: OutputEntry, name: str = "detail", **changes: Any) -> Any:
    lines = {f"line_{line.pk}": line.good for line in entry.lines.all()}
    form = {"key": str(uuid4()), "version": entry.version, "verified_on": DAY.isoformat(), **lines, **changes}
    return client.post(reverse(f"production:verification_{name}", args=[entry.pk]), form)


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


# --- plausibility ---------------------------------------------------------------------------------------------------------


def test_a_report_with_photo_and_makers_within_the_target_has_no_flag(report: Any, makers: Any, officer: Any):
    key = uuid4()
    add_photo(officer.region, by=officer, image=jpeg(), upload_key=uuid4(), form_key=key)

    assert flags(report(4, parts=[MakerPart(makers[0], 4)], form_key=key)) == {}


def test_no_photo_and_no_makers_are_said(report: Any):
    assert flags(report(4)) == {Code.NO_PHOTO: "No photo was sent.", Code.UNDIVIDED: "It is not said who made what."}


def test_above_the_target_together_with_what_is_verified(report: Any, verified: Any, programme: Any, hazmat: Any):
    factories.DistrictTargetFactory(target=factories.ProductTargetFactory(programme=programme, product=hazmat), quantity=74)
    verified(60)

    assert Code.TARGET not in flags(report(14))
    assert flags(report(15))[Code.TARGET] == "With 60 already verified it makes 75, above the target of 74 set."


def test_a_target_that_nobody_set_raises_no_flag(report: Any, programme: Any, hazmat: Any):
    factories.DistrictTargetFactory(target=factories.ProductTargetFactory(programme=programme, product=hazmat), quantity=None)

    assert Code.TARGET not in flags(report(1000))


def test_more_than_three_people_make_since_the_report_before(report: Any, makers: Any):
    report(1, made_on=DAY - dt.timedelta(days=2))

    assert Code.PACE not in flags(report(24))
    OutputEntry.objects.filter(made_on=DAY).update(good=25)
    reason = flags(OutputEntry.objects.get(made_on=DAY))[Code.PACE]
    assert reason == "25 set in 2 days; 3 participants make at most 24 (4 a person and day)."


def test_the_first_report_is_measured_from_the_start_of_the_batch(report: Any, makers: Any, tala_batch: Any):
    type(tala_batch).objects.update(starts_on=DAY)

    assert Code.PACE in flags(report(13))


def test_the_same_day_and_quantity_again_looks_like_a_duplicate(report: Any):
    first, second = report(10), report(10)

    assert flags(second)[Code.DUPLICATE] == f"Another report of this batch for 10 June 2020 says 10 too (no. {first.pk})."


def test_the_same_quantity_on_the_next_day_looks_like_a_duplicate_and_two_days_later_does_not(report: Any):
    first = report(10)
    next_day, later = report(10, made_on=DAY + dt.timedelta(days=1)), report(10, made_on=DAY + dt.timedelta(days=3))

    assert flags(next_day)[Code.DUPLICATE] == f"Another report of this batch for 10 June 2020 says 10 too (no. {first.pk})."
    assert Code.DUPLICATE not in flags(later)


def test_ahead_of_the_targets_pace(report: Any, programme: Any, hazmat: Any, tala: Any):
    """A hundred days for 74 suits: after ten of them 7 are expected."""
    target = factories.ProductTargetFactory(programme=programme, product=hazmat)
    factories.DistrictTargetFactory(target=target, region=tala, quantity=74)
    type(programme).objects.update(starts_on=DAY - dt.timedelta(days=9), ends_on=DAY + dt.timedelta(days=90))

    assert Code.AHEAD not in flags(report(7))
    assert flags(report(8))[Code.AHEAD] == "It makes 8; by 10 June 2020 the target of 74 set expects 7."
    assert set(flags(report(75))) & {Code.AHEAD, Code.TARGET} == {Code.TARGET}


def test_a_programme_without_dates_has_no_pace(report: Any, programme: Any, hazmat: Any, tala: Any):
    target = factories.ProductTargetFactory(programme=programme, product=hazmat)
    factories.DistrictTargetFactory(target=target, region=tala, quantity=74)

    assert Code.AHEAD not in flags(report(74))


def test_the_same_photo_again_looks_like_a_duplicate(report: Any, officer: Any):
    first, second = uuid4(), uuid4()
    for key in (first, second):
        add_photo(officer.region, by=officer, image=jpeg("green"), upload_key=uuid4(), form_key=key)
    earlier = report(10, form_key=first)

    assert flags(report(11, form_key=second))[Code.DUPLICATE] == f"The same photo stands in report no. {earlier.pk}."


# --- the queue ------------------------------------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_oldest_first_and_the_evidence_of_the_first(staff: Any, client_of: Any, report: Any):
    late, early = report(10), report(11, made_on=DAY - dt.timedelta(days=1))
    report(12, is_draft=True)

    answer = client_of(staff).get(QUEUE)

    assert list(answer.context["object_list"]) == [early, late]
    assert answer.context["entry"] == early


def test_the_queue_is_filtered_by_flag(staff: Any, client_of: Any, report: Any):
    twins = [report(10), report(10)]
    report(11)

    assert list(client_of(staff).get(QUEUE, {"tanda": "ganda"}).context["object_list"]) == twins
    assert list(client_of(staff).get(QUEUE, {"tanda": "tanpa"}).context["object_list"]) == []


def test_a_district_officer_has_no_queue(officer: Any, client_of: Any, report: Any):
    entry = report(10)

    assert client_of(officer).get(QUEUE).status_code == 403
    assert decide(client_of(officer), entry).status_code == 403
    assert OutputEntry.objects.get().status == "diajukan"


def test_another_province_answers_like_a_missing_one(client_of: Any, report: Any, ntt: Any):
    stranger = factories.user("staf_provinsi", "53")
    entry = report(10)

    assert decide(client_of(stranger), entry).status_code == 404
    assert list(client_of(stranger).get(QUEUE).context["object_list"]) == []


def test_one_is_verified_and_the_next_one_opens(staff: Any, client_of: Any, report: Any):
    first, second = report(10), report(11)

    answer = decide(client_of(staff), first)

    assert answer.status_code == 302
    assert client_of(staff).get(answer.url).context["entry"] == second
    first.refresh_from_db()
    assert (first.status, first.verified_quantity, first.verified_by) == ("diverifikasi", 10, staff)


def test_fewer_without_a_reason_keeps_the_page_and_what_was_typed(staff: Any, client_of: Any, report: Any):
    entry = report(10)
    field = f"line_{entry.lines.get().pk}"

    answer = decide(client_of(staff), entry, **{field: "9"})

    assert answer.status_code == 422
    assert answer.context["verify_form"][field].value() == "9"
    assert answer.context["verify_form"].errors == {"reason": ["Say why fewer are accepted than were reported."]}
    assert decide(client_of(staff), entry, **{field: "9", "reason": "Satu robek"}).status_code == 302


def test_a_return_without_a_reason_is_refused_and_with_one_it_is_done(staff: Any, client_of: Any, report: Any):
    entry = report(10)

    assert decide(client_of(staff), entry, "return", reason="").status_code == 422
    assert decide(client_of(staff), entry, "return", reason="Foto kurang jelas").status_code == 302
    assert OutputEntry.objects.get().returned_reason == "Foto kurang jelas"


def test_the_own_report_offers_no_decision(staff: Any, client_of: Any, report: Any):
    entry = report(10, by=staff)

    page = client_of(staff).get(reverse("production:verification_detail", args=[entry.pk])).content.decode()

    assert "You entered this report yourself" in page
    assert 'data-hotkey="v"' not in page


def test_a_report_changed_meanwhile_is_not_verified(staff: Any, client_of: Any, report: Any):
    entry = report(10)
    OutputEntry.objects.update(version=9)

    assert decide(client_of(staff), entry).status_code == 409
    assert OutputEntry.objects.get().status == "diajukan"


def test_many_at_once_tells_what_was_done_and_why_the_rest_was_not(staff: Any, client_of: Any, report: Any):
    good, own, stale = report(10), report(11, by=staff), report(12)
    picked = [f"{good.pk}:{good.version}", f"{own.pk}:{own.version}", f"{stale.pk}:99"]

    answer = client_of(staff).post("/verifikasi/banyak/", {"pilih": picked, "langkah": "verifikasi"}, follow=True)

    said = [str(message) for message in answer.context["messages"]]
    assert said[0] == "1 report verified."
    assert said[1] == f"{own}: Nobody verifies what they entered themselves."
    assert said[2].startswith(f"{stale}: Somebody else changed this record")
    assert [entry.status for entry in OutputEntry.objects.order_by("good")] == ["diverifikasi", "diajukan", "diajukan"]


DECISIONS = [("verifikasi", "verified", "diverifikasi"), ("kembalikan", "returned", "dikembalikan")]


@pytest.mark.parametrize(("step", "words", "verb"), DECISIONS)
def test_many_whose_answer_was_lost_are_decided_once_and_told_as_done(
    staff: Any, client_of: Any, report: Any, target: Any, tala: Any, step: str, words: str, verb: str
):
    factories.DistrictTargetFactory(target=target, region=tala, quantity=21)  # with both verified once more it would be above
    entries = [report(10), report(11)]
    form = {"pilih": [f"{entry.pk}:{entry.version}" for entry in entries], "langkah": step, "key": str(uuid4()), "reason": "Foto buram"}
    browser = client_of(staff)

    for _time in range(2):
        answer = browser.post("/verifikasi/banyak/", form, follow=True)
        assert [str(message) for message in answer.context["messages"]] == [f"2 reports {words}."]

    assert [entry.status for entry in OutputEntry.objects.all()] == [verb] * 2
    assert AuditEvent.objects.filter(verb=f"status:{verb}").count() == 2


def test_a_browser_on_a_poor_line_gets_the_key_of_the_picked_ones_back(staff: Any, client_of: Any, report: Any):
    entry = report(10)
    form = {"pilih": [f"{entry.pk}:{entry.version}"], "langkah": "verifikasi", "key": str(uuid4())}

    answer = client_of(staff).post("/verifikasi/banyak/?produk=1", form, headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()) == (201, {"key": form["key"], "url": "/verifikasi/?produk=1"})


def test_many_are_not_returned_without_a_reason(staff: Any, client_of: Any, report: Any):
    entry = report(10)

    client_of(staff).post("/verifikasi/banyak/", {"pilih": [f"{entry.pk}:{entry.version}"], "langkah": "kembalikan", "reason": ""})

    assert OutputEntry.objects.get().status == "diajukan"


def test_the_pane_beside_the_list_is_a_fragment(staff: Any, client_of: Any, report: Any):
    url = reverse("production:verification_detail", args=[report(10).pk])

    page = client_of(staff).get(url, headers={"HX-Request": "true", "HX-Target": "bukti"}).content.decode()

    assert "<html" not in page
    assert 'data-hotkey="v"' in page


def test_the_queue_asks_as_often_for_three_rows_as_for_one(staff: Any, client_of: Any, report: Any, makers: Any):
    client = client_of(staff)
    report(1)
    one = queries_of(client, QUEUE)
    report(2)
    report(3)

    assert queries_of(client, QUEUE) == one

"""The account of a maker: given, by norm in verified goods, back, and what is left to explain."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ikm_program.actions import Refusal
from production.actions.material_handovers import cancel_handover
from production.actions.materials import create_norm, explain_difference, update_norm
from production.actions.output import MakerPart, record_correction
from production.actions.verification import verify_output
from production.material_account import Standing, accounts_of
from production.models import Material, MaterialNorm
from production.plausibility import Code, flags_of
from tests import factories
from tests.production.materials import BACK_ON, GIVEN_ON, Cloth

pytestmark = pytest.mark.usefixtures("in_english")
MADE_ON = dt.date(2020, 6, 15)


@pytest.fixture
def given(cloth: Cloth) -> Cloth:
    """273 metres with the batch."""
    cloth.buy(500)
    cloth.to_district(300)
    cloth.give(273)
    return cloth


def figures(cloth: Cloth) -> tuple[Any, ...]:
    account = cloth.account()
    return (account.says(account.given), account.says(account.norm_use), account.says(account.returned), account.says(account.unexplained))


def test_273_metres_63_suits_and_21_metres_back_balance(given: Cloth, verified: Any):
    verified(63, made_on=MADE_ON)
    given.bring_back(21)
    assert figures(given) == ("273 meter", "252 meter", "21 meter", "0 meter")
    assert given.account().standing == Standing.BALANCED


def test_with_15_metres_back_six_are_to_be_explained_and_an_explanation_says_why(given: Cloth, verified: Any):
    verified(63, made_on=MADE_ON)
    given.bring_back(15)
    account = given.account()
    assert (*figures(given), account.standing) == ("273 meter", "252 meter", "15 meter", "6 meter", Standing.TO_EXPLAIN)
    told = {"programme": given.programme, "material": given.material, "explained_on": BACK_ON}
    explain_difference(account.holder, by=given.officer, quantity=600, reason="Kain cacat 6 meter", **told)
    assert (given.account().standing, given.account().difference, given.account().unexplained) == (Standing.EXPLAINED, 600, 0)
    with pytest.raises(Refusal, match="Say what happened"):
        explain_difference(account.holder, by=given.officer, quantity=1, reason=" ", **told)


def test_scrap_and_what_was_written_off_are_not_missing(given: Cloth, verified: Any):
    verified(63, made_on=MADE_ON)
    given.bring_back(15, scrap=600)
    assert (given.account().unexplained, given.account().standing) == (0, Standing.BALANCED)


def test_what_nobody_has_settled_is_in_work_until_it_is_due(cloth: Cloth, verified: Any):
    cloth.buy(100)
    cloth.to_district(100)
    handover = cloth.give(100)
    assert cloth.account().standing == Standing.IN_WORK
    type(handover).objects.filter(pk=handover.pk).update(return_due_on=BACK_ON)
    assert cloth.account().standing == Standing.DUE


def test_more_made_than_the_material_allows(given: Cloth, verified: Any):
    verified(70, made_on=MADE_ON)
    assert (given.account().unexplained, given.account().standing) == (-700, Standing.TOO_MUCH)


def test_a_correction_of_verified_output_counts(given: Cloth, verified: Any):
    entry = verified(63, made_on=MADE_ON)
    less = record_correction(entry.lines.get(), by=given.officer, difference=-3, reason="Salah hitung", corrected_on=MADE_ON)
    assert given.account().says(given.account().norm_use) == "252 meter"
    verify_output(less, by=given.staff, version=less.version, verified_on=MADE_ON)
    assert given.account().says(given.account().norm_use) == "240 meter"


def test_without_a_norm_nothing_is_claimed(given: Cloth, verified: Any):
    MaterialNorm.objects.update(quantity=None)
    verified(63, made_on=MADE_ON)
    account = given.account()
    assert (account.norm_use, account.unexplained, account.standing) == (None, None, Standing.NORM_UNKNOWN)


def test_the_norm_of_the_programme_and_of_the_day_holds(given: Cloth, verified: Any):
    create_norm(given.material, by=given.staff, product=given.suit, programme=given.programme, quantity=350, valid_from=MADE_ON)
    verified(10, made_on=MADE_ON - dt.timedelta(days=1))
    verified(10, made_on=MADE_ON)
    assert given.account().norm_use == 4_000 + 3_500
    with pytest.raises(Refusal, match="a norm for these days already: 3,5 meter / set"):
        create_norm(given.material, by=given.staff, product=given.suit, programme=given.programme, quantity=1, valid_until=MADE_ON)
    update_norm(given.norm, by=given.staff, version=given.norm.version, quantity=410)
    assert given.account().norm_use == 4_100 + 3_500


def test_output_counts_where_the_material_went(cloth: Cloth, verified: Any, makers: Any):
    """One maker has a business, one has not, the third got nothing of her own: hers counts with the batch."""
    business = factories.EnterpriseFactory(region=cloth.district, name="Jahit Indah")
    type(makers[0]).objects.filter(pk=makers[0].pk).update(enterprise=business)
    cloth.buy(500)
    cloth.to_district(500)
    cloth.give(100, enterprise=business)
    cloth.give(100, participant=makers[1])
    cloth.give(100, batch=cloth.batch)
    verified(60, made_on=MADE_ON, parts=[MakerPart(makers[0], 10), MakerPart(makers[1], 20), MakerPart(makers[2], 5)])
    found = {str(account.holder): account.norm_use for account in accounts_of(cloth.staff)}
    assert found == {"Jahit Indah": 4_000, makers[1].name: 8_000, str(cloth.batch): 12_000}


def test_a_participant_of_a_business_and_the_business_have_one_account(cloth: Cloth, verified: Any, makers: Any):
    business = factories.EnterpriseFactory(region=cloth.district)
    type(makers[0]).objects.filter(pk=makers[0].pk).update(enterprise=business)
    makers[0].refresh_from_db()
    cloth.buy(500)
    cloth.to_district(500)
    for whom in ({"enterprise": business}, {"participant": makers[0]}):
        cloth.give(10, **whom)
    verified(5, made_on=MADE_ON, parts=[MakerPart(makers[0], 5)])
    assert (cloth.account().given, cloth.account().norm_use, len(cloth.account().holders)) == (2_000, 2_000, 2)


def test_a_cancelled_paper_leaves_nothing_on_the_account(given: Cloth):
    again = given.give(20)
    cancel_handover(again, by=given.provincial, version=again.version, reason="Salah angkatan")
    assert figures(given)[0] == "273 meter"


def test_another_district_sees_nothing_of_it(given: Cloth, other_officer: Any):
    assert accounts_of(other_officer) == []
    assert [account.given for account in accounts_of(given.officer)] == [27_300]


def test_units_are_said_as_people_say_them():
    cloth = Material(unit="meter", base_unit="cm", base_per_unit=100)
    dozen = Material(unit="lusin", base_unit="buah", base_per_unit=12)
    assert [cloth.said(quantity) for quantity in (150, 400, -600, 123_456)] == ["1,5 meter", "4 meter", "-6 meter", "1.234,56 meter"]
    assert [dozen.said(quantity) for quantity in (18, 17, 12)] == ["1,5 lusin", "1 lusin 5 buah", "1 lusin"]


assert GIVEN_ON < MADE_ON < BACK_ON


# --- the verification queue


def flagged(cloth: Cloth, entry: Any) -> str:
    [reason] = [str(flag.reason) for flag in flags_of([entry])[entry.pk] if flag.code == Code.MATERIAL] or [""]
    return reason


def test_a_report_of_more_than_the_material_allows_is_flagged(given: Cloth, report: Any, verified: Any):
    verified(60, made_on=MADE_ON)
    assert flagged(given, report(8, made_on=MADE_ON)) == ""
    assert (
        flagged(given, report(9, made_on=MADE_ON))
        == "With this report 276 meter of Kain spunbond would have gone in; they were given 273 meter."
    )
    given.bring_back(30)
    assert "they were given 243 meter" in flagged(given, report(1, made_on=MADE_ON))


def test_a_maker_with_material_of_her_own_is_measured_by_it(cloth: Cloth, report: Any, makers: Any):
    cloth.buy(500)
    cloth.to_district(500)
    cloth.give(40, participant=makers[0])
    cloth.give(400)
    assert flagged(cloth, report(30, made_on=MADE_ON, parts=[MakerPart(makers[0], 10), MakerPart(makers[1], 20)])) == ""
    assert "44 meter" in flagged(cloth, report(31, made_on=MADE_ON, parts=[MakerPart(makers[0], 11), MakerPart(makers[1], 20)]))


def test_without_a_norm_or_without_material_nothing_is_flagged(cloth: Cloth, report: Any):
    entry = report(1_000, made_on=MADE_ON)
    assert flagged(cloth, entry) == ""
    cloth.buy(10)
    cloth.to_district(10)
    cloth.give(10)
    assert flagged(cloth, entry) != ""
    MaterialNorm.objects.update(quantity=None)
    assert flagged(cloth, entry) == ""

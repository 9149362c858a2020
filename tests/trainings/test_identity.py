"""Identity numbers: what is refused, what only warns, and that no message gives a number away."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from trainings import identity
from trainings.identity import IndustryScale, Sex, nik_problems, parse_nik, parse_nip

WOMAN = "6301035506850000"  # Tala, 15 June 1985; sequence 0000 belongs to nobody
BORN = dt.date(1985, 6, 15)


def code_of(parse, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as refused:
        parse(*args, **kwargs)
    return refused.value.code


def codes(problems) -> list[tuple[str, bool]]:
    return [(problem.code, problem.is_warning) for problem in problems]


# --- NIK ---------------------------------------------------------------------------------------------------------------


def test_a_nik_tells_where_when_and_whether_a_woman() -> None:
    nik = parse_nik(WOMAN, demo=True)
    assert (nik.regency_code, nik.sex, nik.agrees_with(BORN), nik.is_example) == ("63.01", Sex.FEMALE, True, True)


def test_a_mans_day_of_birth_has_no_offset() -> None:
    nik = parse_nik("6301031506850000", demo=True)
    assert (nik.sex, nik.agrees_with(BORN)) == (Sex.MALE, True)


def test_a_nik_is_read_as_it_stands_on_the_card() -> None:
    assert parse_nik(" 6301 0355 0685 0000 ", demo=True).digits == WOMAN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nik_length"),
        ("630103550685000", "nik_length"),
        ("63010355068500000", "nik_length"),
        ("63010355O6850001", "nik_length"),
        ("٦٣٠١٠٣٥٥٠٦٨٥٠٠٠١", "nik_length"),
        ("6001035506850001", "nik_province"),
        ("0001035506850001", "nik_province"),
        ("6301030006850001", "nik_date"),
        ("6301034006850001", "nik_date"),
        ("6301033206850001", "nik_date"),
        ("6301037206850001", "nik_date"),
        ("6301037106850001", "nik_date"),  # 31 June
        ("6301031513850001", "nik_date"),
        ("6301031500850001", "nik_date"),
        ("6301032902010001", "nik_date"),  # neither 1901 nor 2001 had a 29 February
        (WOMAN, "nik_example"),
    ],
)
def test_a_nik_that_cannot_be_is_refused(text: str, code: str) -> None:
    assert code_of(parse_nik, text) == code


@pytest.mark.parametrize(("year", "born_on"), [("00", dt.date(2000, 2, 29)), ("04", dt.date(2004, 2, 29)), ("96", dt.date(1996, 2, 29))])
def test_a_leap_day_of_either_century_is_accepted(year: str, born_on: dt.date) -> None:
    assert parse_nik(f"6301032902{year}0000", demo=True).agrees_with(born_on)


def test_the_example_sequence_is_the_only_thing_demo_mode_lets_through() -> None:
    assert code_of(parse_nik, "6001035506850000", demo=True) == "nik_province"
    assert code_of(parse_nik, "6301030006850000", demo=True) == "nik_date"


def test_a_nik_that_agrees_with_everything_has_no_problem() -> None:
    nik = parse_nik(WOMAN, demo=True)
    assert nik_problems(nik, born_on=BORN, sex="P", region_code="63.01") == []
    assert nik_problems(nik) == []


def test_another_birth_date_is_an_error_unless_the_officer_accepts_an_old_card() -> None:
    nik = parse_nik(WOMAN, demo=True)
    assert codes(nik_problems(nik, born_on=dt.date(1985, 6, 16))) == [("nik_birth_date", False)]
    assert codes(nik_problems(nik, born_on=dt.date(1985, 6, 16), mismatch_accepted=True)) == [("nik_birth_date", True)]


def test_the_century_of_birth_comes_from_the_date_entered() -> None:
    nik = parse_nik("6301035506200000", demo=True)
    assert (nik.agrees_with(dt.date(1920, 6, 15)), nik.agrees_with(dt.date(2020, 6, 15))) == (True, True)


def test_another_sex_is_an_error_even_on_an_old_card() -> None:
    nik = parse_nik(WOMAN, demo=True)
    assert codes(nik_problems(nik, sex="L", mismatch_accepted=True)) == [("nik_sex", False)]


def test_somebody_who_moved_is_only_warned_about() -> None:
    nik = parse_nik(WOMAN, demo=True)
    assert codes(nik_problems(nik, region_code="63.02")) == [("nik_region", True)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [("6301031506850007", "630103******0007"), ("", ""), ("630103", "******"), ("63010315068500071", "*" * 17)],
)
def test_a_nik_is_shown_masked(text: str, masked: str) -> None:
    assert identity.mask_nik(text) == masked


def test_a_traceback_shows_a_masked_nik() -> None:
    assert repr(parse_nik(WOMAN, demo=True)) == "Nik(630103******0000)"


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(list(Sex)), st.integers(1, 9999))
def test_every_real_birthday_makes_a_nik_that_agrees_with_it(born_on: dt.date, sex: Sex, sequence: int) -> None:
    day = born_on.day + (40 if sex is Sex.FEMALE else 0)
    nik = parse_nik(f"630103{day:02d}{born_on:%m}{born_on.year % 100:02d}{sequence:04d}")
    assert nik_problems(nik, born_on=born_on, sex=sex, region_code="63.01") == []
    assert nik.sex is sex


@given(st.text("0123456789", min_size=1, max_size=20))
def test_no_refusal_repeats_the_number(text: str) -> None:
    for parse in (parse_nik, parse_nip, identity.parse_npwp):
        try:
            parse(text)
        except ValidationError as refusal:
            said = f"{refusal} {refusal!r} {refusal.params}"
            assert len(text) < 6 or text not in said  # shorter ones may be digits of the sentence itself


@pytest.mark.parametrize(("codes_from", "codes_to"), [(11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 96)])
def test_a_nik_comes_from_one_of_38_provinces(codes_from: int, codes_to: int) -> None:
    assert set(range(codes_from, codes_to + 1)) <= identity.PROVINCE_CODES
    assert not {codes_from - 1, codes_to + 1} & identity.PROVINCE_CODES
    assert len(identity.PROVINCE_CODES) == 38


# --- NIP, NRP ----------------------------------------------------------------------------------------------------------


def test_a_nip_tells_birth_appointment_and_sex_and_is_printed_in_groups() -> None:
    nip = parse_nip("19860926 201505 1 001")
    assert (nip.born_on, nip.appointed_year, nip.appointed_month, nip.sex) == (dt.date(1986, 9, 26), 2015, 5, Sex.MALE)
    assert (str(nip), nip.digits) == ("19860926 201505 1 001", "198609262015051001")


@pytest.mark.parametrize("month", [1, 11, 12])
def test_a_nip_tells_the_month_of_appointment(month: int) -> None:
    assert parse_nip(f"198609262015{month:02d}1001").appointed_month == month


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("19860926201505100", "nip_length"),
        ("1986092620150510012", "nip_length"),
        ("131234567", "nip_length"),  # nine digits, before 2009
        ("198602302015051001", "nip_date"),
        ("198609262015131001", "nip_appointment"),
        ("198609262015001001", "nip_appointment"),
        ("198609262015053001", "nip_sex_digit"),
    ],
)
def test_a_nip_that_cannot_be_is_refused(text: str, code: str) -> None:
    assert code_of(parse_nip, text) == code


def test_an_appointment_before_eighteen_only_warns() -> None:
    assert identity.nip_warning("198609262004091001") == ""
    with translation.override("en"):
        assert "before the age of 18" in identity.nip_warning("198609262004081001")


def test_what_is_not_a_nip_is_printed_as_it_is() -> None:
    assert identity.format_nip("131234567") == "131234567"


@pytest.mark.parametrize(("text", "number"), [("85061234", "85061234"), ("1195 0051 230774", "11950051230774"), ("9876/p", "9876/P")])
def test_soldiers_and_police_have_an_nrp(text: str, number: str) -> None:
    assert identity.parse_nrp(text) == number


@pytest.mark.parametrize("text", ["", "123", "12A4", "1234/", "1" * 19])
def test_an_nrp_that_cannot_be_is_refused(text: str) -> None:
    assert code_of(identity.parse_nrp, text) == "nrp"


# --- firms -------------------------------------------------------------------------------------------------------------


def test_an_npwp_is_kept_as_digits_and_printed_by_its_form() -> None:
    assert identity.parse_npwp("01.234.567.8-901.000") == "012345678901000"
    assert identity.format_npwp("012345678901000") == "01.234.567.8-901.000"
    assert identity.format_npwp(identity.parse_npwp("0012345678901000")) == "0012345678901000"


def test_an_npwp_that_is_a_nik_is_checked_and_shown_as_one() -> None:
    assert identity.parse_npwp(WOMAN, demo=True) == WOMAN
    assert identity.format_npwp(WOMAN) == "630103******0000"
    assert code_of(identity.parse_npwp, WOMAN) == "nik_example"
    assert code_of(identity.parse_npwp, "9901035506850001") == "nik_province"


@pytest.mark.parametrize("text", ["", "01234567890100", "01234567890100012", "01.234.567.X-901.000"])
def test_an_npwp_of_another_length_is_refused(text: str) -> None:
    assert code_of(identity.parse_npwp, text) == "npwp_length"


def test_an_nib_has_13_digits() -> None:
    assert identity.parse_nib("8120 0123 4567 8") == "8120012345678"
    assert code_of(identity.parse_nib, "812001234567") == "nib_length"


def test_a_kbli_code_has_5_digits_in_one_of_three_editions() -> None:
    assert identity.parse_kbli("14111") == "14111"
    assert code_of(identity.parse_kbli, "1411") == "kbli_length"
    assert identity.KbliEdition.values == ["2015", "2020", "2025"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("62 812 3456 7890", "+6281234567890"),
        ("+62 812-3456-7890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        ("0511-470002", "+62511470002"),
        ("(0511) 470002", "+62511470002"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(text: str, number: str) -> None:
    assert identity.parse_phone(text) == number


@pytest.mark.parametrize("text", ["", "0812", "112", "+60 12 345 6789", "0812-FLOWERS", "tidak ada", "0000000000"])
def test_a_number_that_does_not_ring_here_is_refused(text: str) -> None:
    assert code_of(identity.parse_phone, text) == "phone"


def test_a_telephone_number_is_shown_as_it_is_dialled() -> None:
    assert [identity.format_phone(number) for number in ("+6281234567890", "+62511470002", "")] == ["0812-3456-7890", "(0511) 470002", ""]


@given(st.text(max_size=25))
def test_any_text_is_either_a_telephone_number_or_refused(text: str) -> None:
    try:
        number = identity.parse_phone(text)
    except ValidationError:
        return
    assert identity.parse_phone(identity.format_phone(number)) == number


@pytest.mark.parametrize(
    ("workers", "investment", "scale"),
    [
        (0, 0, IndustryScale.SMALL),
        (19, 999_999_999, IndustryScale.SMALL),
        (19, 1_000_000_000, IndustryScale.MEDIUM),
        (20, 1, IndustryScale.MEDIUM),
        (20, 15_000_000_000, IndustryScale.MEDIUM),
        (20, 15_000_000_001, IndustryScale.LARGE),
        (5, 20_000_000_000, IndustryScale.MEDIUM),
        (None, 1, None),
        (5, None, None),
    ],
)
def test_the_scale_of_an_industry(workers: int | None, investment: int | None, scale: IndustryScale | None) -> None:
    assert identity.industry_scale(workers, investment) == scale


@pytest.mark.parametrize(("workers", "investment"), [(-1, 0), (0, -1)])
def test_nothing_is_counted_below_zero(workers: int, investment: int) -> None:
    with pytest.raises(ValueError, match="counted from zero"):
        identity.industry_scale(workers, investment)


def test_a_refusal_is_one_sentence() -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        parse_nik("123")
    with translation.override("en"):
        assert refused.value.messages == ["A NIK has 16 digits."]

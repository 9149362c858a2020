"""Figures and dates as an Indonesian office writes them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ikm_program import formatting

WORDS = {
    0: "nol",
    1: "satu",
    10: "sepuluh",
    11: "sebelas",
    12: "dua belas",
    19: "sembilan belas",
    20: "dua puluh",
    50: "lima puluh",
    100: "seratus",
    101: "seratus satu",
    110: "seratus sepuluh",
    115: "seratus lima belas",
    211: "dua ratus sebelas",
    950: "sembilan ratus lima puluh",
    1_000: "seribu",
    1_001: "seribu satu",
    1_100: "seribu seratus",
    2_020: "dua ribu dua puluh",
    2_021: "dua ribu dua puluh satu",
    3_597: "tiga ribu lima ratus sembilan puluh tujuh",
    3_600: "tiga ribu enam ratus",
    6_034: "enam ribu tiga puluh empat",
    10_000: "sepuluh ribu",
    11_000: "sebelas ribu",
    21_000: "dua puluh satu ribu",
    100_000: "seratus ribu",
    101_000: "seratus satu ribu",
    1_000_000: "satu juta",
    1_001_000: "satu juta seribu",
    1_100_000: "satu juta seratus ribu",
    50_050_000: "lima puluh juta lima puluh ribu",
    1_000_000_000: "satu miliar",
    1_000_001_000: "satu miliar seribu",
    1_000_000_000_000: "satu triliun",
    11_000_000_000_011: "sebelas triliun sebelas",
    -5: "minus lima",
    -1_000: "minus seribu",
}
VALUES = {"nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9}
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def read_words(words: str) -> int:
    """The way back, written apart from the way there."""
    words = words.replace("sepuluh", "satu puluh").replace("sebelas", "satu belas")
    words = words.replace("seratus", "satu ratus").replace("seribu", "satu ribu")
    total = group = ones = 0
    for word in words.split():
        if word in VALUES:
            ones = VALUES[word]
        elif word == "belas":
            group, ones = group + 10 + ones, 0
        elif word in {"puluh", "ratus"}:
            group, ones = group + ones * (10 if word == "puluh" else 100), 0
        else:
            total, group, ones = total + (group + ones) * SCALES[word], 0, 0
    return total + group + ones


@pytest.mark.parametrize(("value", "words"), WORDS.items())
def test_a_number_is_written_in_words(value: int, words: str) -> None:
    assert formatting.terbilang(value) == words


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_words_can_be_read_back_as_the_same_number(value: int) -> None:
    assert read_words(formatting.terbilang(value)) == value


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_words_have_single_spaces_and_never_say_one_thousand_as_satu_ribu(value: int) -> None:
    words = formatting.terbilang(value)
    assert words == " ".join(words.split())
    assert not words.startswith("satu ribu")
    assert "satu ratus" not in words
    assert "satu belas" not in words


@pytest.mark.parametrize("value", [10**15, -(10**15)])
def test_a_number_too_large_for_words_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="10\\*\\*15"):
        formatting.terbilang(value)


def test_quantities_stand_in_figures_and_words() -> None:
    assert formatting.jumlah_terbilang(50) == "50 (lima puluh)"
    assert formatting.jumlah_terbilang(6_034) == "6.034 (enam ribu tiga puluh empat)"


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (950, "950"), (1_234, "1.234"), (4_305_281, "4.305.281"), (-1_234, "-1.234")])
def test_thousands_are_separated_by_dots(value: int, text: str) -> None:
    assert formatting.jumlah(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "Rp0,00"), (3_750_000, "Rp3.750.000,00"), (550_000, "Rp550.000,00"), (-1_500, "-Rp1.500,00")]
)
def test_money_has_no_space_and_two_printed_cents(value: int, text: str) -> None:
    assert formatting.rupiah(value) == text


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (100, 74, "135,14%"),
        (363, 950, "38,21%"),
        (0, 950, "0,00%"),
        (950, 950, "100,00%"),
        (1, 800, "0,13%"),  # 0.125 rounds half up
        (1, 32, "3,13%"),  # 3.125 too, where a float formatter says 3.12
        (5, 20_000, "0,03%"),
        (12_345, 1, "1.234.500,00%"),
        (-1, 32, "-3,13%"),
        (-1, 10**9, "0,00%"),
    ],
)
def test_a_share_is_rounded_half_up_with_a_comma(numerator: int, denominator: int, text: str) -> None:
    assert formatting.persen(numerator, denominator) == text


@pytest.mark.parametrize(("numerator", "denominator"), [(None, 74), (100, None), (100, 0), (0, 0), (None, None)])
def test_a_share_of_what_nobody_set_is_a_dash(numerator: int | None, denominator: int | None) -> None:
    assert formatting.persen(numerator, denominator) == "–"


@pytest.mark.parametrize(
    ("day", "text", "name"),
    [
        (dt.date(2020, 6, 15), "15 Juni 2020", "Senin"),
        (dt.date(2020, 6, 22), "22 Juni 2020", "Senin"),
        (dt.date(2020, 8, 24), "24 Agustus 2020", "Senin"),
        (dt.date(2019, 2, 27), "27 Februari 2019", "Rabu"),
        (dt.date(2020, 5, 1), "1 Mei 2020", "Jumat"),
    ],
)
def test_dates_and_days_are_indonesian(day: dt.date, text: str, name: str) -> None:
    assert formatting.tanggal(day) == text
    assert formatting.nama_hari(day) == name


def test_a_document_date_stays_indonesian_on_an_english_screen() -> None:
    with translation.override("en"):
        assert formatting.tanggal(dt.date(2020, 8, 24)) == "24 Agustus 2020"


def test_a_screen_date_follows_the_language_of_the_screen() -> None:
    with translation.override("id"):
        assert formatting.tanggal_layar(dt.date(2020, 8, 24)) == "24 Agustus 2020"
    with translation.override("en"):
        assert formatting.tanggal_layar(dt.date(2020, 8, 24)) == "24 August 2020"


def test_a_berita_acara_opens_with_its_date_in_words() -> None:
    assert (
        formatting.tanggal_terbilang(dt.date(2020, 6, 15)) == "Senin, tanggal lima belas bulan Juni tahun dua ribu dua puluh (15-06-2020)"
    )


def test_every_month_has_its_name_and_its_roman_number() -> None:
    months = [dt.date(2020, month, 1) for month in range(1, 13)]
    assert " ".join(formatting.bulan_romawi(month) for month in months) == "I II III IV V VI VII VIII IX X XI XII"
    assert [formatting.nama_bulan(month) for month in months] == list(formatting.BULAN)


def test_a_moment_bears_the_date_of_the_office() -> None:
    half_past_seven_wita = dt.datetime(2020, 6, 14, 23, 30, tzinfo=dt.UTC)
    assert formatting.tanggal(half_past_seven_wita) == "15 Juni 2020"
    assert formatting.tanggal_terbilang(half_past_seven_wita).startswith("Senin, tanggal lima belas")
    assert formatting.tanggal(dt.datetime(2020, 6, 14, 23, 30)) == "14 Juni 2020"

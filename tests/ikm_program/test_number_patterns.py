"""Every office numbers its papers in its own way, and nobody's pattern can do more than that."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ikm_program import number_patterns
from ikm_program.number_patterns import render, validate

DEFAULT = "{klas}/{urut:3}/{jenis}-{unit}/{instansi}/{bulan_romawi}/{tahun}"
JUNE = dt.date(2020, 6, 15)


def number(pattern: str, *, sequence: int = 12, classification: str = "530", unit: str = "IKM", on: dt.date = JUNE) -> str:
    return render(pattern, sequence=sequence, classification=classification, kind="BAST", unit=unit, office="Disperin", on=on)


def refusal_of(pattern: str) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        validate(pattern)
    return refused.value


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (DEFAULT, "530/012/BAST-IKM/Disperin/VI/2020"),
        ("{klas}/{urut}/{tahun}", "530/12/2020"),
        ("{urut:1}-{bulan}-{tahun}", "12-06-2020"),
        ("{urut:6}/{tahun}", "000012/2020"),
        ("No. {urut} / {jenis} / {tahun}", "No. 12 / BAST / 2020"),
        ("{urut}{tahun}{urut}", "12202012"),
    ],
)
def test_a_number_follows_the_offices_pattern(pattern: str, text: str) -> None:
    validate(pattern)
    assert number(pattern) == text


def test_the_width_pads_and_never_cuts() -> None:
    assert [number("{urut:3}/{tahun}", sequence=sequence) for sequence in (1, 999, 1000)] == ["001/2020", "999/2020", "1000/2020"]


def test_the_year_and_the_month_are_those_of_the_document() -> None:
    assert number(DEFAULT, on=dt.date(2021, 12, 31)) == "530/012/BAST-IKM/Disperin/XII/2021"


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("", "missing_token"),
        ("{klas}/{tahun}", "missing_token"),
        ("{klas}/{urut}", "missing_token"),
        ("{urut}/{tahun}/{nomor}", "unknown_token"),
        ("{urut}/{tahun}/{}", "unknown_token"),
        ("{urut}/{tahun}/{urut:0}", "unknown_token"),
        ("{urut}/{tahun}/{urut:10}", "unknown_token"),
        ("{urut}/{tahun}/{tahun:2}", "unknown_token"),
        ("{urut}/{tahun}/{unit.__class__}", "unknown_token"),
        ("{urut}/{tahun}/{unit!r}", "unknown_token"),
        ("{urut}/{tahun}/{URUT}", "unknown_token"),
        ("{urut}/{tahun}/{ urut }", "unknown_token"),
        ("{urut}/{tahun", "brace"),
        ("{{urut}}/{tahun}", "brace"),
        ("urut}/{tahun}", "brace"),
    ],
)
def test_a_pattern_that_cannot_number_is_refused(pattern: str, code: str) -> None:
    assert refusal_of(pattern).code == code
    with pytest.raises(ValidationError):
        number(pattern)


def test_the_refusal_names_the_token() -> None:
    with translation.override("en"):
        assert refusal_of("{urut}/{tahun}/{nomor}").messages == [
            "The number pattern does not know {nomor}. "
            "It knows {klas}, {urut}, {jenis}, {unit}, {instansi}, {bulan}, {bulan_romawi}, {tahun}."
        ]
        assert refusal_of("{urut}").messages == ["The number pattern must contain {tahun}."]


def test_braces_in_an_offices_data_are_only_text() -> None:
    assert number("{unit}/{urut}/{tahun}", unit="{urut}{tahun.__class__}\\1") == "{urut}{tahun.__class__}\\1/12/2020"


def test_a_number_has_no_hole() -> None:
    with pytest.raises(ValueError, match="nothing was given for unit"):
        number(DEFAULT, unit="")
    assert number("{urut}/{tahun}", unit="") == "12/2020"


@pytest.mark.parametrize("sequence", [0, -1])
def test_a_register_counts_from_one(sequence: int) -> None:
    with pytest.raises(ValueError, match="counts from 1"):
        number(DEFAULT, sequence=sequence)


@given(st.text(st.sampled_from("{}:/.abrtuhn3") | st.characters(codec="utf-8"), max_size=40))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    try:
        validate(text)
    except ValidationError as refusal:
        assert refusal.messages[0]  # noqa: PT017  both ways out are right, and the sentence must be printable
    else:
        assert "2020" in number(text)


@given(
    st.lists(st.sampled_from([f"{{{name}}}" for name in number_patterns.TOKENS] + ["/", "-", "{urut:3}"]), max_size=8),
    st.integers(1, 99_999),
    st.integers(1, 99_999),
)
def test_two_documents_of_a_year_never_share_a_number(parts: list[str], one: int, other: int) -> None:
    pattern = "/".join(["{urut}", *parts, "{tahun}"])
    assert (number(pattern, sequence=one) == number(pattern, sequence=other)) == (one == other)

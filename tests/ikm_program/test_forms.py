"""Numbers as an Indonesian office types them, days in ISO, rows that were filled in."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils import translation

from distribution.models import Cancellation
from ikm_program.forms import DateField, QuantityField, RupiahField, values_of


@pytest.mark.parametrize(
    ("typed", "meant"), [("1500", 1500), ("1.500", 1500), (" 12 000 ", 12000), ("1.234.567", 1234567), ("0", 0), (7, 7)]
)
def test_a_dot_separates_thousands(typed, meant):
    assert QuantityField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["1,5", "1.50", "1.5", "12.34.567", "1e3", "seribu", "１５", "--5", "1..000"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_anything_else_is_refused_in_every_language(typed, language):
    with translation.override(language), pytest.raises(ValidationError):
        QuantityField().clean(typed)


def test_a_minus_is_taken_only_where_it_makes_sense():
    assert QuantityField(min_value=None).clean("-1.500") == -1500
    with pytest.raises(ValidationError):
        QuantityField().clean("-1")


def test_nothing_typed_is_not_known_and_not_zero():
    assert QuantityField(required=False).clean("") is None


def test_a_number_is_shown_as_it_is_typed():
    class Form(django_forms.Form):
        quantity = QuantityField(initial=12500)

    assert 'value="12.500"' in str(Form()["quantity"])
    assert 'inputmode="numeric"' in str(Form()["quantity"])


@pytest.mark.parametrize("typed", ["Rp3.750.000,00", "3.750.000", "rp 3750000", "3.750.000,-"])
def test_amounts_may_be_copied_from_a_letter(typed):
    assert RupiahField().clean(typed) == 3_750_000


def test_cents_are_refused():
    with pytest.raises(ValidationError):
        RupiahField().clean("3.750.000,50")


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_day_is_iso_and_nothing_else(language):
    with translation.override(language):
        assert DateField().clean("2020-05-04") == dt.date(2020, 5, 4)
        for typed in ("04/05/2020", "05/04/2020", "4 Mei 2020"):
            with pytest.raises(ValidationError):
                DateField().clean(typed)


def test_an_act_opens_with_its_own_date_not_with_the_records_empty_one() -> None:
    asked = Cancellation(reason="jumlah salah")
    assert values_of(asked, ["reason", "cancelled_on"]) == {"reason": "jumlah salah"}


@pytest.mark.parametrize("typed", ["2147483648", "9" * 30, "9" * 5000])
def test_more_than_the_database_holds_is_refused_in_words(typed):
    with pytest.raises(ValidationError, match="2147483647"):
        QuantityField().clean(typed)

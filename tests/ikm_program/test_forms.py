"""Numbers as an Indonesian office types them, days in ISO, rows that were filled in."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils import translation

from distribution.models import Cancellation
from ikm_program.formatting import jumlah
from ikm_program.forms import MOST_PIECES, MOST_RUPIAH, MOST_TOGETHER, DateField, QuantityField, RupiahField, values_of
from production.forms.materials import AmountField
from trainings.forms.enterprises import EnterpriseForm

pytestmark = pytest.mark.usefixtures("in_english")


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


@pytest.mark.parametrize("typed", ["10.000.001", "9" * 30, "9" * 5000])
def test_more_than_anybody_means_is_refused_in_words(typed):
    with pytest.raises(ValidationError, match="The largest allowed number is 10\\.000\\.000\\."):
        QuantityField().clean(typed)


def test_good_and_rejected_pieces_of_a_line_fit_their_column_together():
    assert 2 * MOST_PIECES < 2**31


@pytest.mark.parametrize(
    ("form_class", "field", "most"),
    [
        (EnterpriseForm, "workers_male", 100_000),
        (EnterpriseForm, "investment", MOST_RUPIAH),
        (EnterpriseForm, "electricity_kwh", MOST_TOGETHER),
    ],
)
def test_the_limit_is_one_that_is_meant_and_not_the_columns(form_class, field, most):
    asked = form_class.base_fields[field]

    assert asked.clean(most) == most
    with pytest.raises(ValidationError, match=jumlah(most).replace(".", r"\.")):
        asked.clean(str(most + 1))
    with pytest.raises(ValidationError, match="The smallest allowed number is 0"):
        asked.clean("-1")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "A quantity cannot be negative."),
        ("2.5", "A comma stands before decimals and a dot between thousands: write 2,5 or 2.500."),
        ("9" * 18, "That is more than can be recorded."),
        ("1,1234567", "At most 6 decimals."),
        ("empat", "Write an amount, for example 4 or 1,5."),
    ],
)
def test_an_amount_that_is_not_taken_says_why(typed, sentence):
    with pytest.raises(ValidationError) as refused:
        AmountField().clean(typed)
    assert refused.value.messages == [sentence]

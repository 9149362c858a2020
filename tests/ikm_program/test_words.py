"""What Django says by itself is said in our words."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.utils import translation

from ikm_program.formatting import desimal
from trainings.models import User


def test_passwords_and_empty_fields_speak_office_indonesian():
    with translation.override("id"):
        form = SetPasswordForm(User(), {"new_password1": "", "new_password2": "x"})
        assert form.errors["new_password1"] == ["Wajib diisi."]
        assert str(form.fields["new_password1"].label) == "Kata sandi baru"
        assert UserAttributeSimilarityValidator().get_help_text() == "Jangan mirip data diri Anda."
        different = SetPasswordForm(User(), {"new_password1": "a-8-good-one", "new_password2": "another"})
        assert different.errors["new_password2"] == ["Kedua kata sandi tidak sama."]


def test_an_area_keeps_the_decimals_that_say_something():
    assert [desimal(Decimal(text)) for text in ("37125.430", "12.000", "0.125")] == ["37.125,43", "12", "0,125"]

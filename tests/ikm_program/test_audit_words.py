"""The audit trail is read by people: every field has its own word, in both languages, and nothing internal stands among them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.utils import translation

from distribution.models import Receipt
from ikm_program import audit_words
from ikm_program.audit_trail import record_kinds
from ikm_program.models import AuditEvent
from trainings.models import IssuedDocument, Programme

SAME_IN_BOTH = frozenset({"format", "lot", "sentra", "status", "target"})
KINDS = [label for label, _word in record_kinds()]


def fields_of(label: str) -> list[str]:
    model: Any = audit_words.model_of(label)
    return [field.name for field in model._meta.concrete_fields if not audit_words.is_technical(field.name)]


def told(model: Any, **after: Any) -> list[tuple[str, str, str]]:
    return audit_words.changes(AuditEvent(model=model._meta.label_lower, before={}, after=after))


@pytest.mark.parametrize("label", KINDS)
def test_every_field_of_what_is_audited_has_a_word_of_its_own(label: str) -> None:
    model = audit_words.model_of(label)
    assert [name for name in fields_of(label) if audit_words.word_for(model, name) is None] == []
    for language in ("id", "en"):
        with translation.override(language):
            words = Counter(str(audit_words.word_for(model, name)).casefold() for name in fields_of(label))
        assert [word for word, count in words.items() if count > 1] == []


@pytest.mark.parametrize("label", KINDS)
def test_no_word_is_left_in_english(label: str) -> None:
    model = audit_words.model_of(label)
    for name in fields_of(label):
        with translation.override("id"):
            word = str(audit_words.word_for(model, name))
        assert word != name.replace("_", " ") or word in SAME_IN_BOTH


def test_rows_that_are_pointed_to_by_their_keys_are_left_out() -> None:
    with translation.override("id"):
        words = told(Receipt, receiver_name="Sekda CONTOH", drafted_by_id_copy=8, edited_by_id_copy=8)
    assert words == [("Diterima oleh (nama)", "", "Sekda CONTOH")]


def test_a_year_is_no_amount() -> None:
    with translation.override("id"):
        assert [value for _label, _before, value in told(Programme, year=2026)] == ["2026"]


def test_what_a_paper_is_about_is_told_by_its_kind() -> None:
    with translation.override("id"):
        assert [value for _label, _before, value in told(IssuedDocument, subject="distribution.cancellation 2")] == ["Pembatalan"]

"""What a log never keeps, whoever writes it."""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.utils.module_loading import import_string

from ikm_program.logs import WithoutTokens

NIK = "6301011506850000"


def told_on_the_console(record: logging.LogRecord) -> str:
    """As the settings say that a record is written."""
    name = settings.LOGGING["handlers"]["console"]["formatter"]
    formatter: logging.Formatter = import_string(settings.LOGGING["formatters"][name]["()"])()
    return formatter.format(record)


def break_over_a_person() -> None:
    try:
        raise KeyError(f"Key (nik)=({NIK}) already exists.")
    except KeyError as error:
        raise ValueError(f"Failing row contains ({NIK})") from error


def test_an_error_is_logged_with_its_place_and_its_cause_but_not_with_its_words() -> None:
    try:
        break_over_a_person()
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Internal Server Error: %s", ("/ikm/",), sys.exc_info())
    logged = told_on_the_console(record)
    assert [part in logged for part in ("Error: /ikm/", "ValueError", "KeyError", "break_over_a_person")] == [True] * 4
    assert NIK not in logged


def test_an_error_inside_a_sentence_is_named_and_not_quoted() -> None:
    record = logging.LogRecord("django", logging.ERROR, "", 1, "Error calling %s (%s).", ("send", ValueError(NIK)), None)
    WithoutTokens().filter(record)
    assert told_on_the_console(record) == "Error calling send (ValueError)."

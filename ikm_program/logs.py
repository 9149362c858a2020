"""What a log never keeps: the token of an address that is a person's only right to it, and the values an error quotes."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

TOKENS = re.compile(r"(/(?:konfirmasi|kata-sandi/[\w-]+)/)[\w-]{16,}")


class WithoutTokens(logging.Filter):
    """Django names the address of every refused request; of a secret one only the beginning stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _without(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_without(part) for part in record.args)
        return True


def _without(part: Any) -> Any:
    """An error that is part of a sentence is named; its words may quote a person, or the address that a mail server refused."""
    if isinstance(part, BaseException):
        return type(part).__name__
    return TOKENS.sub(r"\1…", part) if isinstance(part, str) else part


class WithoutValues(logging.Formatter):
    """Whatever fails, and whoever logs it: Django's refused request, a task, a job. PostgreSQL quotes the row, Python the value."""

    def formatException(self, ei: Any) -> str:
        return without_values(ei[1]) if ei[1] is not None else ""


def without_values(error: BaseException) -> str:
    """What went wrong and where, for the log. The words of an error may quote a person's data: they stay away."""
    told = f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told if earlier is None else f"{without_values(earlier)}\n... and then: {told}"

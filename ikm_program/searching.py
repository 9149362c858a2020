"""What a search looks at: the words of a record, brought into one form when it is written, so that a list never has to.

Case, accents, punctuation and spacing make no difference; the words run together stand at the end, so that "sasi rangan" and
"Sasirangan" find each other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

_PLAIN = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else ord(" ") for code in range(256))
SORT_LENGTH = 160
Numbers = dict[int, tuple[str, str]]


@lru_cache(maxsize=16_384)  # an import asks for the names of a chunk of rows again and again
def normalised(text: str) -> str:
    """Lower-case words of plain letters and digits, one space between them: "H. Dahnial, S.E." is "h dahnial s e"."""
    letters = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return " ".join(letters.encode("ascii", "ignore").translate(_PLAIN).decode().split())


def search_key(name: str, others: Iterable[str] = ()) -> str:
    """The text a record is found by: its words with a space around each, then those of its name run together."""
    words = normalised(name)
    rest = normalised(" ".join(others))
    together = words.replace(" ", "")
    return f" {' '.join(part for part in (words, rest, together if together != words else '') if part)} "


class SortKeyField(models.CharField[str, str]):
    """A normalised text to sort by, compared byte by byte on both databases, so that pages and ranks agree."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class Searched(models.Model):
    """A record that is found by its words. `records` fills both columns whenever one of the texts is written."""

    NAMED_BY: ClassVar[str] = "name"
    FOUND_BY: ClassVar[tuple[str, ...]] = ()  # further text fields
    NUMBERS: ClassVar[Numbers] = {}  # found by all their digits: how many -> the field, and the permission it takes

    sort_name = SortKeyField(max_length=SORT_LENGTH, default="", editable=False)
    search_key = models.TextField(default="", editable=False)

    class Meta:
        abstract = True

    def search_columns(self) -> dict[str, str]:
        """What the two columns should hold for the texts the record has now."""
        name = str(getattr(self, self.NAMED_BY))
        return {
            "sort_name": normalised(name)[:SORT_LENGTH],
            "search_key": search_key(name, (str(getattr(self, field)) for field in self.FOUND_BY)),
        }

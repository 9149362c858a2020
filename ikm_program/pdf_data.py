"""The data that a PDF carries inside, found without reading it as a PDF: what anybody sends must not keep a parser busy."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

MOST_FILES: Final = 8
MOST_BYTES: Final = 4 * 1024 * 1024  # unpacked
_FILE: Final = re.compile(rb"/EmbeddedFile\b")
_HEAD: Final = 1000  # a stream's dictionary is shorter than this
_STREAM: Final = re.compile(rb"stream\r?\n")


def embedded(content: bytes) -> Iterator[bytes]:
    """Files inside, in their order. A stream is never inside another one, whoever saved the file; an encrypted one is not found."""
    for count, found in enumerate(_FILE.finditer(content)):
        if count == MOST_FILES:
            return
        stream = _STREAM.search(content, found.end(), found.end() + _HEAD)
        if stream is None:
            continue
        head = content[max(content.rfind(b" obj", 0, found.start()), 0) : stream.start()]
        packed = content[stream.end() : stream.end() + MOST_BYTES]
        if b"/FlateDecode" in head:
            yield from _unpacked(packed)
        else:
            yield packed.partition(b"endstream")[0].rstrip(b"\r\n")


def _unpacked(packed: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompressobj().decompress(packed, MOST_BYTES)
    except zlib.error:
        return

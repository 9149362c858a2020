"""What a handover or transfer carries, in words for lists and confirmations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ikm_program.formatting import jumlah


def goods_in_words(lines: Iterable[Any], quantity: Callable[[Any], int] = lambda line: line.quantity) -> str:
    """ "50 set Pakaian hazmat, 500 lembar Masker": the whole lines, or the part of each that `quantity` says. None is left out."""
    parts = [(quantity(line), line.product) for line in lines]
    return ", ".join(f"{jumlah(part)} {product.unit} {product.name}" for part, product in parts if part)

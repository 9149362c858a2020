"""When Python looks for objects that only point at each other. It looks through all that live, and a web site is half a million of them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

FIRST_AFTER = 50_000  # objects; Python's own 700 are a fraction of one page


def leave_the_program_out() -> None:
    """What is loaded stays: it is never looked through again, and the rest less often. Once, when a process has started."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(FIRST_AFTER, 20, 20)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """For work on many rows: what each leaves behind still goes, but not after every few of them."""
    before = gc.get_threshold()
    gc.set_threshold(FIRST_AFTER, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def not_collected() -> Iterator[None]:
    """For work that makes many objects which all live, or go by themselves: looking through them in between finds nothing."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

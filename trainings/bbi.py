"""The five steps of Bangga Buatan Indonesia, read from what is on record: nothing of it is kept a second time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

State = Literal["done", "running", "expired", "open"]
TONES: Final[dict[str, str]] = {"done": "ok", "running": "info", "expired": "danger", "open": "muted"}
WORDS: Final[dict[str, str | Promise]] = {
    "done": _("done"),
    "running": _("in progress"),
    "expired": _("expired"),
    "open": _("not begun"),
}
BUSINESS_LICENCES: Final = ("iumk", "tdi", "iui", "siup")


@dataclass(frozen=True)
class BbiStep:
    """One of the five, and the record it was read from."""

    code: str
    label: str | Promise
    state: State
    evidence: Any = None  # the licence, the mentoring, or the business with its NIB

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def word(self) -> str | Promise:
        return WORDS[self.state]

    @property
    def is_done(self) -> bool:
        return self.state == "done"


# code, label, kinds of licence that prove it, kinds of mentoring that lead there
_BY_LICENCE: Final = (
    ("gizi", _("Nutrition facts"), ("gizi",), ("gizi",)),
    ("halal", _("Halal certificate"), ("halal",), ("halal",)),
    ("edar", _("Distribution permit"), ("pirt", "md", "tr", "na"), ("pirt", "bpom")),
)


def steps_of(product: Any, *, on: dt.date) -> list[BbiStep]:
    """Of a superior product, on a day. Licences of the business count unless they were won for another product."""
    licences = [licence for licence in product.enterprise.licences.all() if _is_for(licence, product)]
    pipelines = [row for row in product.enterprise.pipelines.all() if row.is_running and row.superior_id in (None, product.pk)]
    found = [_identified(product), _registered(product.enterprise, licences, on)]
    for code, label, kinds, ways in _BY_LICENCE:
        state, evidence = _by_licence([one for one in licences if one.kind in kinds], on)
        running = next((row for row in pipelines if row.kind in ways), None)
        if state != "done" and running is not None:
            state, evidence = "running", running
        found.append(BbiStep(code, label, state, evidence))
    return found


def share_done(steps: Iterable[BbiStep]) -> int:
    """Whole percent: three of five are 60."""
    states = [step.is_done for step in steps]
    return 100 * sum(states) // len(states)


def _identified(product: Any) -> BbiStep:
    state: State = "done" if product.is_selected else "running" if product.is_proposed else "open"
    return BbiStep("identifikasi", _("Identification"), state, product)


def _registered(enterprise: Any, licences: list[Any], on: dt.date) -> BbiStep:
    label = _("Registration and business licence")
    if enterprise.nib:
        return BbiStep("daftar", label, "done", enterprise)
    state, evidence = _by_licence([one for one in licences if one.kind in BUSINESS_LICENCES], on)
    return BbiStep("daftar", label, state, evidence)


def _by_licence(licences: list[Any], on: dt.date) -> tuple[State, Any]:
    """One that still holds; a licence without a known end holds."""
    valid = next((one for one in licences if one.valid_until is None or one.valid_until >= on), None)
    if valid is not None:
        return "done", valid
    return ("expired", licences[0]) if licences else ("open", None)


def _is_for(licence: Any, product: Any) -> bool:
    """A licence that nobody tied to a product is the whole business's."""
    tied = {row.superior_id for row in licence.pipelines.all()}
    return not tied or None in tied or product.pk in tied

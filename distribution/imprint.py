"""What a frozen report says of itself on paper: who signs it, where and when, the day it was prepared, and the hash of what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ikm_program.formatting import tanggal
from ikm_program.reporting import Signature


@dataclass(frozen=True, kw_only=True)
class Imprint:
    prepared_on: dt.date
    sha256: str
    signed_on: dt.date | None = None  # None: nobody has signed, so no day stands over the line that waits for the pen

    def context(self, signature: Signature, place: str) -> dict[str, Any]:
        """For the templates `distribution/pdf/_imprint.html` and `_fragments/pdf/signing.html`."""
        day = tanggal(self.signed_on) if self.signed_on else ""
        return {
            "signatures": [signature],
            "signed_at": ", ".join(part for part in (place, day) if part) if day else "",
            "prepared": tanggal(self.prepared_on),
            "sha256": self.sha256,
        }


def signature_of(said: Mapping[str, Any] | None, *, awaited: str) -> Signature:
    """As it was frozen; until then the post that is to sign, as a line that waits for the pen."""
    return Signature(position=said["position"], name=said["name"], number=said["number"]) if said else Signature(position=awaited)

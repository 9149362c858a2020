"""What a rule of the matrix says: who may open an address (GET), who may send to it (POST), and what comes back.

`noun` names the record of `matrix_world` that the address is about: a person's own one answers as the rule says, another
district's exactly like a missing one (404). Whoever may do neither gets 403; whoever may do the other gets 405.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ikm_program.roles import ROLES

Roles = tuple[str, ...]
Access = Roles | Literal["public", "signed-in"]

NOBODY: Roles = ()
EVERYBODY: Roles = tuple(ROLES)
READERS: Roles = tuple(code for code in ROLES if code != "instruktur")
PROGRAMME: Roles = ("admin_provinsi", "staf_provinsi")
PEOPLE: Roles = ("admin_provinsi",)
ENTRY: Roles = ("staf_provinsi", "petugas_kabupaten")
OUTPUT: Roles = (*ENTRY, "instruktur")
VERIFIERS: Roles = ("staf_provinsi",)
ATTENDANCE: Roles = (*ENTRY, "instruktur")
ISSUERS: Roles = ("pejabat_provinsi", "pejabat_kabupaten")
BUYERS: Roles = ("pejabat_provinsi", "ppk")
RECEIVERS: Roles = ("staf_provinsi", "pejabat_provinsi", "petugas_kabupaten", "pejabat_kabupaten")
SELECTORS: Roles = ("staf_provinsi",)
AUDITORS: Roles = ("admin_provinsi", "staf_provinsi", "pejabat_provinsi", "pengawas")


@dataclass(frozen=True)
class Rule:
    """Who may GET and POST, and how the two answer for an own record. An empty POST is refused on the form (422)."""

    get: Access
    post: Access = NOBODY
    noun: str = ""
    found: int = 200
    sent: int = 422
    query: str = ""  # noun whose arguments go into the query string
    kwargs: tuple[tuple[str, str], ...] = ()  # further arguments, the same for everybody

    def roles(self, method: str) -> Access:
        return self.get if method == "GET" else self.post

    def answer(self, method: str) -> int:
        return self.found if method == "GET" else self.sent


def page(roles: Access, noun: str = "", **facts: Any) -> Rule:
    """Something to read."""
    return Rule(roles, noun=noun, **facts)


def form(roles: Access, noun: str = "", **facts: Any) -> Rule:
    """Something to fill in."""
    return Rule(roles, roles, noun=noun, **facts)

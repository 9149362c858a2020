"""What a BAST says today: its own words, and what its issued addenda made of them."""

from __future__ import annotations

from distribution.models import Addendum, AddendumChange, Handover
from trainings.models import Official

Statement = AddendumChange.Statement
NEEDED = frozenset({Statement.PLACE, Statement.RECEIVER_NAME, Statement.RECEIVER_POSITION})
LONGEST: dict[str, int | None] = {
    statement.value: getattr(Handover._meta.get_field(statement.value), "max_length", None) for statement in Statement
}


def field_of(statement: str) -> str:
    """The form field in which a statement is typed; the addendum has a place of its own."""
    return f"says_{statement}"


def statements_of(handover: Handover) -> list[Statement]:
    """What an addendum to it may put right. A NIK never stands on an addendum, so a receiver's NIK is corrected by another paper."""
    kinds = (Official.IdentityKind.NIP, Official.IdentityKind.NRP)
    has_number = handover.receiver_identity_kind in kinds
    return [statement for statement in Statement if statement != Statement.RECEIVER_NUMBER or has_number]


def words_of(handover: Handover, *, without: Addendum | None = None) -> dict[str, str]:
    """Each statement as it reads now; `without` leaves one addendum out."""
    words = {statement.value: str(getattr(handover, statement.value)) for statement in Statement}
    issued = Addendum.objects.issued().filter(handover=handover)
    if without is not None:
        issued = issued.exclude(pk=without.pk)
    changes = AddendumChange.objects.filter(addendum__in=issued).order_by("addendum__issued_at", "addendum__pk", "pk")
    return words | dict(changes.values_list("statement", "after"))

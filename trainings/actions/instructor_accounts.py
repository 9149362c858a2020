"""Which account is whose among those who teach: a record and an account belong together, both of one region."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.roles import INSTRUCTOR
from trainings.actions.rules import require_within_reach
from trainings.models import Instructor, Region, User


@action("trainings.change_user")
def choose_account(instructor: Instructor, *, by: Any, user: User | None, version: int | None = None) -> Instructor:
    """The account with which an instructor signs in; None takes it away."""
    require_within_reach(instructor.region, by=by, field="user")
    if user is not None:
        user = _locked(user)
        require_fitting(instructor, region=user.region, roles=user.roles, field="user")
        if user.instructor_record not in (None, instructor):
            raise Refusal(_("This is the account of %(name)s already.") % {"name": user.instructor_record}, "user")
    return _link(instructor, user, by=by, version=version)


def choose_record(user: User, instructor: Instructor | None, *, by: Any) -> None:
    """The same seen from the account, while it is written."""
    known = _locked(user).instructor_record
    if instructor == known:
        return
    if instructor is not None:
        instructor = Instructor.objects.select_for_update(of=("self",)).select_related("region", "user").get(pk=instructor.pk)
        require_within_reach(instructor.region, by=by, field="instructor")
        if instructor.user is not None:
            raise Refusal(_("%(name)s has the account %(user)s already.") % {"name": instructor, "user": instructor.user}, "instructor")
    if known is not None:
        _link(known, None, by=by)
    if instructor is not None:
        _link(instructor, user, by=by)


def require_fitting(instructor: Instructor | None, *, region: Region | None, roles: list[str], field: str = "instructor") -> None:
    """What must hold of a record and an account with this region and these roles, whatever changes of it afterwards."""
    if instructor is None:
        return
    if INSTRUCTOR not in roles:
        raise Refusal(_("Only an account with the role Instructor belongs to an instructor."), field)
    if instructor.region != region:
        parts = {"name": instructor, "region": instructor.region, "other": region}
        raise Refusal(_("%(name)s belongs to %(region)s, the account to %(other)s.") % parts, field)


def _locked(user: User) -> User:
    """Held, so that of two who give away one account the second is told so."""
    rows = User.objects.select_for_update(of=("self",)).select_related("region", "instructor")
    return rows.get(pk=user.pk)


def _link(instructor: Instructor, user: User | None, *, by: Any, version: int | None = None) -> Instructor:
    """Told in the history of both."""
    before = instructor.user
    records.update(instructor, by=by, version=version, user=user)
    if before != user:
        for account, was, now in ((before, instructor, None), (user, None, instructor)):
            if account is not None:
                audit.record("changed", account, by=by, before={"instructor": was}, after={"instructor": now})
    return instructor

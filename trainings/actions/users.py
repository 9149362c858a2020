"""People who sign in: invited, given a region and roles, sent away and taken back. Nobody decides about himself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.roles import ROLES
from trainings import invitations
from trainings.actions.instructor_accounts import choose_record, require_fitting
from trainings.actions.rules import read_phone, require_within_reach
from trainings.models import Instructor, Official, Region, User


@action("trainings.add_user")
def invite_user(
    model: type[User],
    *,
    by: Any,
    username: str,
    full_name: str,
    region: Region,
    roles: Iterable[str],
    email: str = "",
    instructor: Instructor | None = None,
    **values: Any,
) -> User:
    """An account without a password: its owner sets one through a link that works once. `instructor`: as whom the person teaches."""
    require_within_reach(region, by=by)
    roles = _checked_roles(roles, region)
    _check_details(values, region)
    require_fitting(instructor, region=region, roles=roles)
    user = model(username=username.strip().lower(), full_name=full_name, email=email, region=region, **values)
    user.set_unusable_password()
    records.validate(user)
    with records.refusing_in_words(model):
        user.save(force_insert=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    audit.record("created", user, by=by, after={"username": user.username, "region": region, "roles": roles})
    choose_record(user, instructor, by=by)
    invitations.mail_after_commit(user)
    return user


@action("trainings.change_user")
def update_user(
    user: User, *, by: Any, version: int | None = None, roles: Iterable[str] | None = None, region: Region | None = None, **values: Any
) -> User:
    """Names, region, roles, `instructor` (not given: leave them). What changes holds from the person's next request."""
    _require_reach_of(user, by=by)
    region = region or user.region
    assert region is not None  # everybody within somebody's reach has one
    before = user.roles
    wanted = before if roles is None else _checked_roles(roles, region)
    if user.pk == by.pk and (region != user.region or wanted != before):
        raise Refusal(_("You cannot change your own region or roles. Another administrator can."), "roles")
    require_within_reach(region, by=by)
    _checked_roles(wanted, region)
    _check_details(values, region)
    instructor = values.pop("instructor", user.instructor_record)
    require_fitting(instructor, region=region, roles=wanted)
    seen = user.version
    records.update(user, by=by, version=version, region=region, **values)
    if wanted != before:
        if user.version == seen:
            records.claim(user, version=version)
        user.groups.set(Group.objects.filter(name__in=wanted))
        audit.record("roles_changed", user, by=by, before={"roles": before}, after={"roles": wanted})
    choose_record(user, instructor, by=by)
    return user


@action("trainings.change_user")
def deactivate_user(user: User, *, by: Any, reason: str = "") -> User:
    """The person is signed out with the next request."""
    _require_reach_of(user, by=by)
    if user.pk == by.pk:
        raise Refusal(_("You cannot deactivate your own account."))
    return records.update(user, by=by, audit_reason=reason, is_active=False, sent_away=user.sent_away + 1)


@action("trainings.change_user")
def reactivate_user(user: User, *, by: Any, reason: str = "") -> User:
    _require_reach_of(user, by=by)
    return records.update(user, by=by, audit_reason=reason, is_active=True)


@action("trainings.change_user")
def send_password_link(user: User, *, by: Any) -> User:
    """For somebody who lost the password, or the invitation."""
    _require_reach_of(user, by=by)
    if not user.is_active:
        raise Refusal(_("This account is not active. Activate it first."))
    audit.record("password_link_made", user, by=by)
    invitations.mail_after_commit(user)
    return user


def _require_reach_of(user: User, *, by: Any) -> None:
    if user.region is None or (user.is_superuser and not by.is_superuser):  # a new password would hand over all rights
        raise Refusal(_("This lies outside your region."))
    require_within_reach(user.region, by=by, field=None)


def _checked_roles(roles: Iterable[str], region: Region) -> list[str]:
    """In the order of the table. A role of the province is not given to somebody of a district."""
    wanted = set(roles)
    if not wanted:
        raise Refusal(_("Choose at least one role."), "roles")
    if wanted - ROLES.keys():
        raise Refusal(_("There is no such role."), "roles")
    for code in sorted(wanted):
        if ROLES[code].is_provincial and region.is_district:
            raise Refusal(
                _("“%(role)s” is a role of the province and cannot be given in %(region)s.")
                % {"role": ROLES[code].label, "region": region},
                "roles",
            )
    return [code for code in ROLES if code in wanted]


def _check_details(values: dict[str, Any], region: Region) -> None:
    if "phone" in values:
        values["phone"] = read_phone(values["phone"])
    official: Official | None = values.get("official")
    if official and not region.covers(official.office.region):
        raise Refusal(_("This official signs for an office outside the person's region."), "official")

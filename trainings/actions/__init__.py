"""Every write of this app. Permission, transaction, idempotency and audit come with `@action`."""

from trainings.actions.batches import create_batch, create_instructor, update_batch, update_instructor
from trainings.actions.enterprises import confirm_enterprise, create_enterprise, update_enterprise
from trainings.actions.offices import create_office, create_official, set_office_arms, update_office, update_official
from trainings.actions.participants import (
    create_participant,
    enrol,
    enrol_new,
    re_enrol,
    reveal_nik,
    update_participant,
    withdraw,
)
from trainings.actions.programmes import (
    DistrictPart,
    close_programme,
    create_activity,
    create_programme,
    open_programme,
    put_district,
    update_activity,
    update_programme,
)
from trainings.actions.users import deactivate_user, invite_user, reactivate_user, send_password_link, update_user

__all__ = [
    "DistrictPart",
    "close_programme",
    "confirm_enterprise",
    "create_activity",
    "create_batch",
    "create_enterprise",
    "create_instructor",
    "create_office",
    "create_official",
    "create_participant",
    "create_programme",
    "deactivate_user",
    "enrol",
    "enrol_new",
    "invite_user",
    "open_programme",
    "put_district",
    "re_enrol",
    "reactivate_user",
    "reveal_nik",
    "send_password_link",
    "set_office_arms",
    "update_activity",
    "update_batch",
    "update_enterprise",
    "update_instructor",
    "update_office",
    "update_official",
    "update_participant",
    "update_programme",
    "update_user",
    "withdraw",
]

"""Every write of this app. Permission, transaction, idempotency and audit come with `@action`."""

from trainings.actions.attendance import close_day, correct_attendance, record_attendance, record_day
from trainings.actions.batches import (
    cancel_batch,
    create_batch,
    create_instructor,
    finish_batch,
    reopen_batch,
    start_batch,
    update_batch,
    update_instructor,
)
from trainings.actions.certificates import cancel_certificate, issue_certificates
from trainings.actions.decrees import create_decree, update_decree
from trainings.actions.enterprises import confirm_enterprise, create_enterprise, reveal_owner_nik, update_enterprise
from trainings.actions.merges import merge_enterprises, merge_participants, undo_enterprise_merge, undo_participant_merge
from trainings.actions.offices import create_office, create_official, set_office_arms, update_office, update_official
from trainings.actions.pairs import mark_distinct, take_back_distinct
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
from trainings.actions.selection import accept, accept_all, put_in_reserve, reject, replace
from trainings.actions.sentras import create_sentra, update_sentra
from trainings.actions.sessions import attach_scan, plan_days, remove_session, update_session
from trainings.actions.users import deactivate_user, invite_user, reactivate_user, send_password_link, update_user
from trainings.actions.visits import call_off_visit, complete_visit, miss_visit, plan_visit, plan_visits, update_visit

__all__ = [
    "DistrictPart",
    "accept",
    "accept_all",
    "attach_scan",
    "call_off_visit",
    "cancel_batch",
    "cancel_certificate",
    "close_day",
    "close_programme",
    "complete_visit",
    "confirm_enterprise",
    "correct_attendance",
    "create_activity",
    "create_batch",
    "create_decree",
    "create_enterprise",
    "create_instructor",
    "create_office",
    "create_official",
    "create_participant",
    "create_programme",
    "create_sentra",
    "deactivate_user",
    "enrol",
    "enrol_new",
    "finish_batch",
    "invite_user",
    "issue_certificates",
    "mark_distinct",
    "merge_enterprises",
    "merge_participants",
    "miss_visit",
    "open_programme",
    "plan_days",
    "plan_visit",
    "plan_visits",
    "put_district",
    "put_in_reserve",
    "re_enrol",
    "reactivate_user",
    "record_attendance",
    "record_day",
    "reject",
    "remove_session",
    "reopen_batch",
    "replace",
    "reveal_nik",
    "reveal_owner_nik",
    "send_password_link",
    "set_office_arms",
    "start_batch",
    "take_back_distinct",
    "undo_enterprise_merge",
    "undo_participant_merge",
    "update_activity",
    "update_batch",
    "update_decree",
    "update_enterprise",
    "update_instructor",
    "update_office",
    "update_official",
    "update_participant",
    "update_programme",
    "update_sentra",
    "update_session",
    "update_user",
    "update_visit",
    "withdraw",
]

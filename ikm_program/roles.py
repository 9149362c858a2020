"""Who may do what: one table of roles (Django groups) and permissions. Groups follow it after every migrate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READ = (
    "trainings.view_region",
    "trainings.view_office",
    "trainings.view_official",
    "trainings.view_programme",
    "trainings.view_activity",
    "trainings.view_batch",
    "trainings.view_decree",
    "trainings.view_session",
    "trainings.view_attendance",
    "trainings.view_visit",
    "trainings.view_certificate",
    "trainings.view_enrolment",
    "trainings.view_enterprise",
    "trainings.view_participant",
    "trainings.view_sentra",
    "trainings.view_instructor",
    "trainings.view_allowancescheme",
    "trainings.view_paymentlist",
    "trainings.view_issueddocument",
    "trainings.view_pipeline",
    "trainings.view_mentoringstandard",
    "trainings.view_superiorproduct",
    "trainings.view_occasion",
    "production.view_product",
    "production.view_producttarget",
    "production.view_publishedfigure",
    "production.view_districtprogress",
    "production.view_outputentry",
    "production.view_lot",
    "production.view_store",
    "production.view_stockbalance",
    "production.view_stockmovement",
    "production.view_reconciliation",
    "production.view_material",
    "production.view_materialreceipt",
    "production.view_materialhandover",
    "production.view_materialmovement",
    "production.view_materialwriteoff",
    "production.view_criterion",
    "production.view_inspection",
    "production.view_stocktake",
    "production.view_purchase",
    "production.view_purchaseprice",
    "production.view_purchaseagreement",
    "production.view_stampduty",
    "distribution.view_recipient",
    "distribution.view_handover",
    "distribution.view_transfer",
    "distribution.view_delivery",
    "distribution.view_addendum",
    "distribution.view_onwardhandover",
    "distribution.view_monthlyreport",
    "distribution.view_finalreport",
)

ENTER = (
    "trainings.add_batch",
    "trainings.change_batch",
    "trainings.add_decree",
    "trainings.change_decree",
    "trainings.add_attendance",
    "trainings.change_attendance",
    "trainings.correct_attendance",
    "trainings.add_visit",
    "trainings.change_visit",
    "trainings.add_enrolment",
    "trainings.change_enrolment",
    "trainings.add_enterprise",
    "trainings.change_enterprise",
    "trainings.add_participant",
    "trainings.change_participant",
    "trainings.add_sentra",
    "trainings.change_sentra",
    "trainings.view_duplicatepair",
    "trainings.change_duplicatepair",
    "trainings.view_merge",
    "trainings.merge_enterprise",
    "trainings.merge_participant",
    "trainings.add_pipeline",
    "trainings.change_pipeline",
    "trainings.add_superiorproduct",
    "trainings.change_superiorproduct",
    "trainings.add_occasion",
    "trainings.change_occasion",
    "production.add_outputentry",
    "production.change_outputentry",
    "production.change_districtprogress",
    "production.add_materialreceipt",
    "production.add_materialhandover",
    "production.change_materialhandover",
    "production.receive_materialhandover",
    "production.add_materialwriteoff",
    "production.add_materialexplanation",
    "production.add_inspection",
    "production.change_inspection",
    "production.add_stocktake",
    "production.change_stocktake",
    "production.add_purchase",
    "production.change_purchase",
    "production.add_purchaseagreement",
    "distribution.add_handover",
    "distribution.change_handover",
    "distribution.add_addendum",
    "distribution.change_addendum",
    "distribution.add_transfer",
    "distribution.change_transfer",
    "distribution.receive_transfer",
    "distribution.add_delivery",
    "distribution.change_delivery",
    "distribution.add_evaluation",
    "distribution.acknowledge_handover",
    "distribution.add_cancellation",
    "distribution.add_onwardhandover",
    "distribution.cancel_onwardhandover",
    "distribution.add_recipient",
    "distribution.change_recipient",
    "distribution.add_monthlyreport",
    "distribution.add_finalreport",
    "distribution.change_finalreport",
    "ikm_program.view_sheetimport",
    "ikm_program.add_sheetimport",
)

PROGRAMME = (
    "trainings.add_programme",
    "trainings.change_programme",
    "trainings.close_programme",
    "trainings.add_activity",
    "trainings.change_activity",
    "trainings.add_instructor",
    "trainings.change_instructor",
    "trainings.add_office",
    "trainings.change_office",
    "trainings.add_official",
    "trainings.change_official",
    "trainings.add_mentoringstandard",
    "trainings.change_mentoringstandard",
    "production.add_product",
    "production.change_product",
    "production.add_material",
    "production.change_material",
    "production.add_producttarget",
    "production.change_producttarget",
    "production.allocate_producttarget",
    "production.add_publishedfigure",
    "production.change_publishedfigure",
    "production.add_store",
    "production.change_store",
    "production.add_criterion",
    "production.change_criterion",
    "production.add_purchaseprice",
    "production.change_purchaseprice",
    "production.add_stampduty",
    "production.change_stampduty",
)

PAYMENTS = (
    "trainings.add_allowancescheme",
    "trainings.change_allowancescheme",
    "trainings.add_paymentlist",
    "trainings.change_paymentlist",
    "trainings.lock_paymentlist",
    "trainings.cancel_paymentlist",
)

ISSUE = (
    "production.issue_materialhandover",
    "production.receive_materialhandover",
    "production.cancel_materialhandover",
    "production.cancel_materialreceipt",
    "production.approve_materialwriteoff",
    "trainings.issue_certificate",
    "distribution.issue_handover",
    "distribution.issue_addendum",
    "distribution.issue_transfer",
    "production.issue_inspection",
    "production.issue_stocktake",
    "distribution.receive_transfer",
    "distribution.add_delivery",
    "distribution.change_delivery",
    "distribution.add_evaluation",
    "distribution.acknowledge_handover",
    "distribution.add_cancellation",
    "distribution.approve_cancellation",
    "distribution.sign_monthlyreport",
    "distribution.finalise_finalreport",
)

DECIDE = (
    "production.verify_outputentry",
    "trainings.decide_enrolment",
    "trainings.cancel_batch",
    "trainings.select_superiorproduct",
    "trainings.reveal_nik",
    "trainings.print_payment_nik",
)

PEOPLE = ("trainings.view_user", "trainings.add_user", "trainings.change_user")
MASTER_DATA = ("trainings.add_region", "trainings.change_region")
AUDIT = ("ikm_program.view_auditevent",)


INSTRUCTOR = "instruktur"  # whose reach is the batches that he or she teaches


@dataclass(frozen=True)
class Role:
    """A role of the office and its permissions; `level` says in which kind of region it is given."""

    label: str | Promise
    permissions: tuple[str, ...]
    is_provincial: bool = True


ROLES: dict[str, Role] = {
    "admin_provinsi": Role(_("Provincial administrator"), READ + PEOPLE + MASTER_DATA + PROGRAMME + AUDIT),
    "staf_provinsi": Role(_("Provincial staff"), READ + ENTER + PROGRAMME + PAYMENTS + AUDIT + DECIDE),
    "pejabat_provinsi": Role(_("Provincial official"), (*READ, *ISSUE, *AUDIT, "production.approve_purchase")),
    "petugas_kabupaten": Role(_("District officer"), READ + ENTER, is_provincial=False),
    "pejabat_kabupaten": Role(_("District official"), READ + ISSUE, is_provincial=False),
    "ppk": Role(
        _("Commitment-making official (PPK)"),
        (*READ, "trainings.approve_paymentlist", "trainings.cancel_paymentlist", "production.approve_purchase"),
    ),
    "bendahara": Role(_("Treasurer"), (*READ, "trainings.pay_paymentlist", "trainings.print_payment_nik")),
    INSTRUCTOR: Role(
        _("Instructor"),
        (
            "trainings.view_programme",
            "trainings.view_activity",
            "trainings.view_batch",
            "trainings.view_enrolment",
            "trainings.view_participant",
            "trainings.view_session",
            "trainings.view_attendance",
            "trainings.add_attendance",
            "trainings.change_attendance",
            "trainings.view_visit",
            "trainings.add_visit",
            "trainings.change_visit",
            "production.view_product",
            "production.view_outputentry",
            "production.add_outputentry",
            "production.change_outputentry",
        ),
        is_provincial=False,
    ),
    "pengawas": Role(_("Supervisor or auditor"), READ + AUDIT),
}


def sync_roles() -> None:
    """Make the groups of the table and give them exactly its permissions."""
    from django.contrib.auth.models import Group, Permission  # the registry is not ready when this module is imported

    known = {f"{app}.{codename}": pk for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")}
    for code, role in ROLES.items():
        missing = [name for name in role.permissions if name not in known]
        if missing:
            return  # a migrate of one app alone: the next full migrate completes the roles
        group, _created = Group.objects.get_or_create(name=code)
        group.permissions.set([known[name] for name in role.permissions])


def sync_after_migrate(*, app_config: Any, **kwargs: Any) -> None:
    """Permissions of an app exist after its own post_migrate; the last installed app has them all."""
    if app_config.label == "distribution":
        sync_roles()

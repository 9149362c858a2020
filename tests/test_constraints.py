"""The database itself says no: every named constraint has been seen to refuse what goes past Python."""

from __future__ import annotations

import datetime as dt

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from distribution.models import (
    Addendum,
    Cancellation,
    Handover,
    HandoverLine,
    MonthlyReport,
    Receipt,
    Transfer,
)
from ikm_program.models import AuditHead, SavedView, SheetImport, SheetRow, Tally
from production.models import (
    Inspection,
    MaterialHandover,
    OutputEntry,
    Purchase,
    Stocktake,
)
from tests.matrix_world import TALA
from tests.test_matrix import WorldTestCase
from tests.violations import (
    APPS,
    BACKWARDS,
    DATES_BACKWARDS,
    Violation,
    again,
    at,
    column_named_twice,
    final_without_author,
    key_twice,
    lines,
    nib_twice,
    nik_of_another_person,
    no_hours,
    number_twice,
    paid_again,
    recovered_twice,
    row_lands_twice,
    selected,
    selected_by_proposer,
    some,
    twice,
    two_quotas,
)
from tests.violations_goods import GOODS
from trainings.models import (
    Activity,
    ActivityDistrict,
    AllowanceScheme,
    Attendance,
    Batch,
    Certificate,
    DayChoice,
    Decree,
    DocumentRegion,
    DuplicatePair,
    Enrolment,
    Enterprise,
    InstructorAssignment,
    Letterhead,
    Licence,
    MentoringStandard,
    Merge,
    Occasion,
    OccasionFile,
    OccasionGuest,
    Office,
    Official,
    Participant,
    PaymentDay,
    PaymentLine,
    PaymentList,
    PaymentReceipt,
    Pipeline,
    PipelineStep,
    ProductLine,
    Programme,
    Region,
    Sentra,
    Session,
    SuperiorProduct,
    Visit,
    WorkforceReport,
)

VIOLATIONS: dict[str, Violation] = {
    "ikm_program_audithead_is_single": lambda place: AuditHead.objects.bulk_create([AuditHead(pk=2)]),
    "ikm_program_idempotencykey_once_per_user": key_twice,
    "trainings_region_kind_fits_code": at(Region, "region", kind="provinsi"),
    "ikm_program_tally_once": twice(Tally),
    "ikm_program_savedview_named_once": twice(SavedView),
    "ikm_program_columnmemory_once": column_named_twice,
    "ikm_program_rowkey_lands_once": row_lands_twice,
    "ikm_program_sheetimport_rows_add_up": at(SheetImport, "import", accepted=7),
    "ikm_program_sheetimport_entered_by_whom": at(SheetImport, "import", status="dimasukkan"),
    "ikm_program_sheetrow_once": twice(SheetRow),
    "trainings_region_validity_in_order": at(Region, "region", **BACKWARDS),
    "trainings_enterprise_investment_not_negative": at(Enterprise, "enterprise", investment=-1),
    "trainings_enterprise_land_not_negative": at(Enterprise, "enterprise", investment_land=-1),
    "trainings_enterprise_value_not_negative": at(Enterprise, "enterprise", production_value=-1),
    "trainings_enterprise_within_capacity": at(Enterprise, "enterprise", production=2, installed_capacity=1),
    "trainings_enterprise_coordinates_together": at(Enterprise, "enterprise", latitude=1),
    "trainings_enterprise_confirmed_somehow": at(Enterprise, "enterprise", confirmed_how="telepon"),
    "trainings_enterprise_nib_once": nib_twice,
    "trainings_licence_once": twice(Licence),
    "trainings_licence_dates_in_order": some(Licence, issued_on=dt.date(2020, 6, 2), valid_until=dt.date(2020, 6, 1)),
    "trainings_sentra_named_once": twice(Sentra),
    "trainings_duplicatepair_once": twice(DuplicatePair),
    "trainings_duplicatepair_in_order": at(DuplicatePair, "enterprise_pair", right_pk=F("left_pk")),
    "trainings_duplicatepair_decided_by_whom": at(DuplicatePair, "enterprise_pair", status="bukan_duplikat"),
    "trainings_merge_loser_once": twice(Merge),
    "trainings_participant_nik_once": lambda place: again(Participant.objects.get(**place["participant"])),
    "trainings_participant_nik_has_16_digits": at(Participant, "participant", nik="123"),
    "trainings_issueddocument_number_once": number_twice,
    "trainings_documentregion_once": twice(DocumentRegion),
    "trainings_programme_dates_in_order": at(Programme, "programme", **DATES_BACKWARDS),
    "trainings_programme_year_is_plausible": at(Programme, "programme", year=1999),
    "trainings_activity_named_once": twice(Activity),
    "trainings_activitydistrict_takes_part_once": twice(ActivityDistrict),
    "trainings_activitydistrict_within_quota": some(ActivityDistrict, {"enrolled__gt": 0}, quota=0),
    "trainings_batch_numbered_once": twice(Batch),
    "trainings_batch_dates_in_order": at(Batch, "batch", **DATES_BACKWARDS),
    "trainings_instructorassignment_once": twice(InstructorAssignment),
    "trainings_batch_cancelled_why": at(Batch, "batch", status="dibatalkan"),
    "trainings_activity_share_of_days": at(Activity, "activity", attendance_share=0),
    "trainings_instructorassignment_dated_letter": some(InstructorAssignment, letter_on=dt.date(2020, 6, 1)),
    "trainings_session_once_a_day": twice(Session),
    "trainings_session_times_in_order": at(Session, "session", starts_at=dt.time(9), ends_at=dt.time(8)),
    "trainings_session_closed_by_whom": at(Session, "session", closed_at=timezone.now()),
    "trainings_session_scan_hashed": at(Session, "session", scan="a.jpg"),
    "trainings_sessiontopic_some_hours": no_hours,
    "trainings_attendance_once": twice(Attendance),
    "trainings_decree_number_once": twice(Decree),
    "trainings_decree_file_hashed": at(Decree, "decree", file_sha256=""),
    "trainings_visit_times_in_order": at(Visit, "visit", starts_at=dt.time(9), ends_at=dt.time(8)),
    "trainings_visit_missed_why": at(Visit, "visit", status="tidak_terlaksana"),
    "trainings_certificate_one_standing": lambda place: again(
        Certificate.objects.get(**place["certificate"]), document=None, status="draf"
    ),
    "trainings_certificate_issued_with_paper": at(Certificate, "certificate", document=None),
    "trainings_certificate_cancelled_by_whom": at(Certificate, "certificate", status="dibatalkan"),
    "trainings_enrolment_rejected_why": at(Enrolment, "nominated", status="ditolak"),
    "trainings_enrolment_replaced_by_whom": at(Enrolment, "enrolment", status="diganti"),
    "trainings_enrolment_person_once_per_activity": lambda place: again(Enrolment.objects.get(**place["enrolment"]), nik=None),
    "trainings_enrolment_nik_once_per_activity": nik_of_another_person,
    "trainings_allowancescheme_validity_in_order": some(AllowanceScheme, **BACKWARDS),
    "trainings_allowancescheme_some_mode": some(AllowanceScheme, for_online=False, for_class=False, for_visit=False),
    "trainings_allowancescheme_some_rate": some(AllowanceScheme, rate=0),
    "trainings_allowancescheme_tax_below_all": some(AllowanceScheme, tax_rate=10_000),
    "trainings_paymentlist_one_draft": lambda place: again(PaymentList.objects.get(**place["draft_payment"])),
    "trainings_paymentlist_of_a_batch": at(PaymentList, "draft_payment", batch=None),
    "trainings_paymentlist_attendance_is_recovered": at(PaymentList, "draft_payment", kind="pembelian", nature="pengembalian"),
    "trainings_paymentlist_adds_up": at(PaymentList, "draft_payment", net=1),
    "trainings_paymentlist_locked_by_whom": at(PaymentList, "locked_payment", locked_by=None),
    "trainings_paymentlist_locked_is_frozen": at(PaymentList, "locked_payment", content_sha256=""),
    "trainings_paymentlist_approved_by_whom": at(PaymentList, "approved_payment", approved_by=None),
    "trainings_paymentlist_approved_on_a_day": at(PaymentList, "approved_payment", approved_on=None),
    "trainings_paymentlist_approved_has_its_paper": at(PaymentList, "approved_payment", document=None),
    "trainings_paymentlist_paid_by_whom": at(PaymentList, "paid_payment", paid_by=None),
    "trainings_paymentlist_paid_after_approval": at(PaymentList, "paid_payment", paid_on=dt.date(2020, 1, 1)),
    "trainings_paymentlist_finished_by_whom": at(PaymentList, "paid_payment", status="selesai"),
    "trainings_paymentlist_cancelled_by_whom": at(PaymentList, "locked_payment", status="dibatalkan"),
    "trainings_paymentlist_approved_by_another": at(PaymentList, "approved_payment", approved_by=F("locked_by")),
    "trainings_paymentlist_paid_by_another": at(PaymentList, "paid_payment", paid_by=F("approved_by")),
    "trainings_paymentlist_finished_by_another": at(
        PaymentList, "paid_payment", status="selesai", finished_at=timezone.now(), finished_by=F("approved_by")
    ),
    "trainings_paymentlist_scan_hashed": at(PaymentList, "draft_payment", scan="x"),
    "trainings_paymentline_numbered_once": twice(PaymentLine),
    "trainings_paymentline_quota_once": lambda place: two_quotas(nik=None),
    "trainings_paymentline_quota_once_a_nik": lambda place: two_quotas(participant=Participant.objects.filter(payment_lines=None).first()),
    "trainings_paymentline_one_payee": some(PaymentLine, participant=None),
    "trainings_paymentline_adds_up": some(PaymentLine, net=1),
    "trainings_paymentline_sign": some(PaymentLine, rate=0, gross=0, tax=0, net=0),
    "trainings_paymentline_days_by_rate": some(PaymentLine, gross=F("gross") + 1, net=F("net") + 1),
    "trainings_paymentday_once_a_line": twice(PaymentDay, is_live=False),
    "trainings_paymentday_once": lambda place: paid_again(nik=None),
    "trainings_paymentday_once_a_nik": lambda place: paid_again(participant=Participant.objects.filter(payment_days=None).first()),
    "trainings_paymentday_recovered_once": recovered_twice,
    "trainings_daychoice_once": twice(DayChoice, nik=None),
    "trainings_daychoice_once_a_nik": lambda place: again(
        DayChoice.objects.filter(nik__isnull=False).first(), participant=Participant.objects.filter(day_choices=None).first()
    ),
    "trainings_paymentreceipt_evidence_hashed": some(PaymentReceipt, evidence_sha256=""),
    "trainings_office_validity_in_order": at(Office, "office", **BACKWARDS),
    "trainings_letterhead_validity_in_order": at(Letterhead, "letterhead", **BACKWARDS),
    "trainings_letterhead_can_be_printed": at(Letterhead, "letterhead", margin_left=0),
    "trainings_official_validity_in_order": at(Official, "official", **BACKWARDS),
    "trainings_official_no_number_without_kind": at(Official, "official", identity_kind="tanpa", identity_number="1"),
    "trainings_mentoringstandard_once": twice(MentoringStandard),
    "trainings_mentoringstandard_notice_first": at(MentoringStandard, "standard", notice_from=42),
    "trainings_pipeline_one_running": lambda place: again(Pipeline.objects.get(**place["pipeline"])),
    "trainings_pipeline_due_after_length": at(Pipeline, "pipeline", due_on=None),
    "trainings_pipeline_date_of_what": at(Pipeline, "pipeline", next_action="", next_on=dt.date(2020, 6, 1)),
    "trainings_pipeline_ended_with_status": at(Pipeline, "passed_pipeline", ended_on=None),
    "trainings_pipeline_stopped_why": at(Pipeline, "stopped_pipeline", stopped_reason=""),
    "trainings_pipeline_passed_with_licence": at(Pipeline, "passed_pipeline", licence=None),
    "trainings_pipelinestep_passed_once": lambda place: again(PipelineStep.objects.get(**place["pipeline_step"])),
    "trainings_pipelinestep_document_hashed": at(PipelineStep, "pipeline_step", document_sha256=""),
    "trainings_pipelinestep_stopped_why": at(PipelineStep, "pipeline_step", result="berhenti", note=""),
    "trainings_superiorproduct_named_once": twice(SuperiorProduct),
    "trainings_superiorproduct_four_eyes": selected_by_proposer,
    "trainings_superiorproduct_decided_by_whom": at(
        SuperiorProduct, "superior", status="terpilih", is_export_quality=True, export_basis="dasar"
    ),
    "trainings_superiorproduct_refused_why": selected(status="tidak_terpilih"),
    "trainings_superiorproduct_selected_for_export_quality": selected(is_export_quality=None),
    "trainings_occasion_published_by_whom": at(Occasion, "occasion", source="", published_on=dt.date(2020, 6, 1)),
    "trainings_occasionguest_is_somebody": lines(OccasionGuest, "occasion", "occasion", name="", office=None, participant=None),
    "trainings_occasionfile_once": twice(OccasionFile),
    "trainings_productline_dates_in_order": at(ProductLine, "product_line", since=dt.date(2020, 2, 2), until=dt.date(2020, 1, 1)),
    "trainings_workforcereport_says_something": at(WorkforceReport, "workforce", kept=None),
    **GOODS,
}

# A check that is neither true nor false lets a row pass: the ways around what the table above tries.
ALSO: tuple[tuple[str, Violation], ...] = (
    ("trainings_paymentlist_approved_by_another", at(PaymentList, "approved_payment", approved_by=F("created_by"))),
    ("trainings_paymentlist_approved_by_another", at(PaymentList, "approved_payment", created_by=None)),
    ("trainings_paymentlist_paid_by_another", at(PaymentList, "paid_payment", paid_by=F("created_by"))),
    ("trainings_paymentlist_paid_by_another", at(PaymentList, "paid_payment", paid_by=F("locked_by"))),
    ("trainings_superiorproduct_four_eyes", selected(edited_by=F("decided_by"), decided_by=F("created_by"))),
    ("trainings_superiorproduct_selected_for_export_quality", selected(is_export_quality=False)),
    ("trainings_superiorproduct_decided_by_whom", selected(decided_at=None)),
    ("trainings_pipeline_ended_with_status", at(Pipeline, "pipeline", ended_on=dt.date(2020, 6, 1))),
    ("trainings_pipeline_passed_with_licence", at(Pipeline, "passed_pipeline", status="berjalan", ended_on=None)),
    ("distribution_handover_issued_by_whom", at(Handover, "issued", issued_by=None)),
    ("distribution_cancellation_has_its_paper", at(Cancellation, "cancellation", status="ditolak")),
    ("distribution_handover_four_eyes", at(Handover, "issued", issued_by=F("edited_by"))),
    ("distribution_handover_four_eyes", at(Handover, "issued", created_by=None)),
    ("distribution_transfer_four_eyes", at(Transfer, "sent", created_by=None)),
    ("distribution_transfer_received_by_another", at(Transfer, "sent", received_by=F("created_by"))),
    ("distribution_receipt_not_by_drafter", some(Receipt, created_by=F("edited_by_id_copy"))),
    ("distribution_receipt_not_by_drafter", some(Receipt, created_by=None)),
    ("distribution_handoverline_nothing_is_lost", lines(HandoverLine, "handover", "received", acknowledged=F("acknowledged") - 1)),
    ("distribution_cancellation_decided_by_whom", at(Cancellation, "cancellation", decided_by=None)),
    ("production_inspection_four_eyes", at(Inspection, "examined", issued_by=F("edited_by"))),
    ("production_inspection_four_eyes", at(Inspection, "examined", created_by=None)),
    ("production_inspection_issued_by_whom", at(Inspection, "examined", issued_by=None)),
    ("production_inspection_cancelled_by_whom", at(Inspection, "examined", cancelled_reason="x")),
    ("distribution_addendum_four_eyes", at(Addendum, "addendum", issued_by=F("edited_by"))),
    ("production_stocktake_four_eyes", at(Stocktake, "counted", issued_by=F("edited_by"))),
    ("production_stocktake_cancelled_by_whom", at(Stocktake, "counted", cancelled_reason="x")),
    ("production_purchase_adds_up", at(Purchase, "purchase", quantity=0, amount=0)),
    ("production_purchase_four_eyes", at(Purchase, "bought", created_by=None)),
    ("production_purchase_approved_by_whom", at(Purchase, "bought", approved_by=None)),
    ("distribution_monthlyreport_signed_by_whom", at(MonthlyReport, "signed_report", signatory=None)),
    ("distribution_finalreport_four_eyes", final_without_author),
    ("production_outputentry_verified_by_whom", at(OutputEntry, "verified", verified_by=None)),
    ("production_materialhandover_four_eyes", at(MaterialHandover, "material_sent", issued_by=F("edited_by"))),
    ("production_materialhandover_received_by_another", at(MaterialHandover, "material_received", received_by=F("edited_by"))),
    ("production_materialhandover_has_two_ends", at(MaterialHandover, "material_draft", enterprise=F("batch"))),
    ("production_outputentry_verified_within_reported", at(OutputEntry, "verified", verified_quantity=-1)),
)


def declared() -> dict[str, models.BaseConstraint]:
    found = [constraint for label in APPS for model in apps.get_app_config(label).get_models() for constraint in model._meta.constraints]
    return {constraint.name: constraint for constraint in found}


def test_every_constraint_is_in_the_table() -> None:
    assert sorted(VIOLATIONS) == sorted(declared())


class TheDatabaseRefuses(WorldTestCase):
    def refusal_of(self, violate: Violation) -> str:
        try:
            with transaction.atomic():
                violate(self.world.places[TALA])
        except IntegrityError as error:
            return str(error)
        return "accepted"

    def test_what_each_constraint_forbids(self) -> None:
        wrong = {}
        for name, violate in [*VIOLATIONS.items(), *ALSO]:
            refusal, constraint = self.refusal_of(violate), declared()[name]
            is_named = name in refusal  # SQLite names the columns of a unique set instead
            of_columns = isinstance(constraint, models.UniqueConstraint) and all(field in refusal for field in constraint.fields)
            if not (is_named or of_columns):
                wrong[name] = refusal
        assert wrong == {}

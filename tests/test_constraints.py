"""The database itself says no: every named constraint has been seen to refuse what goes past Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from distribution.models import (
    Cancellation,
    Evaluation,
    EvaluationPart,
    FinalReport,
    Handover,
    HandoverDraw,
    HandoverLine,
    MonthlyReport,
    OnwardLine,
    Receipt,
    Recipient,
    Transfer,
    TransferDraw,
    TransferLine,
)
from ikm_program.models import AuditHead, ColumnMemory, IdempotencyKey, RowKey, SavedView, SheetImport, SheetRow, Tally
from production.models import (
    ActivityProduct,
    Criterion,
    DistrictProgress,
    DistrictTarget,
    Inspection,
    InspectionFinding,
    InspectionLine,
    Material,
    MaterialBalance,
    MaterialExplanation,
    MaterialHandover,
    MaterialHandoverLine,
    MaterialHolder,
    MaterialMovement,
    MaterialNorm,
    MaterialReceipt,
    MaterialReceiptLine,
    MaterialWriteOff,
    OutputEntry,
    OutputLine,
    OutputPhoto,
    Product,
    ProductTarget,
    PublishedFigure,
    Purchase,
    PurchaseAgreement,
    PurchaseLine,
    PurchasePrice,
    ReportMovement,
    StampDuty,
    StockBalance,
    StockMovement,
    Store,
)
from tests.matrix_world import TALA, Place
from tests.test_matrix import WorldTestCase
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
    IssuedDocument,
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
    SessionTopic,
    SuperiorProduct,
    Visit,
    WorkforceReport,
)
from trainings.models.document import new_token

Violation = Callable[[Place], Any]
BACKWARDS = {"valid_from": dt.date(2020, 2, 2), "valid_until": dt.date(2020, 1, 1)}
NOW = timezone.now()
VOID: dict[str, Any] = {"status": "dibatalkan", "cancelled_on": NOW.date(), "cancelled_at": NOW, "cancelled_reason": "Salah"}
DECIDED: dict[str, Any] = {"status": "disetujui", "decided_at": NOW}
DATES_BACKWARDS = {"starts_on": dt.date(2020, 2, 2), "ends_on": dt.date(2020, 1, 1)}
APPS = ("ikm_program", "trainings", "production", "distribution")


def again(row: Any, **changes: Any) -> None:
    """The same row a second time, straight into the table."""
    assert row is not None
    row.pk = None
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    type(row)._base_manager.bulk_create([row])


def twice(model: type[models.Model], **changes: Any) -> Violation:
    return lambda place: again(model._base_manager.order_by("pk").first(), **changes)


def at(model: type[models.Model], noun: str, **values: Any) -> Violation:
    """An UPDATE of the place's record, which no form and no action would send."""
    return lambda place: model._base_manager.filter(**place[noun]).update(**values)


def some(model: type[models.Model], lookup: Mapping[str, Any] | None = None, **values: Any) -> Violation:
    return lambda place: model._base_manager.filter(**lookup or {}).update(**values)


def lines(model: type[models.Model], of: str, noun: str, **values: Any) -> Violation:
    return lambda place: model._base_manager.filter(**{of: place[noun]["pk"]}).update(**values)


def verified_by_author(place: Place) -> None:
    entry, other = OutputEntry.objects.get(**place["waiting"]), place.people["second"]
    verified = {"status": "diverifikasi", "verified_at": timezone.now(), "verified_quantity": 1}
    OutputEntry.objects.filter(pk=entry.pk).update(verified_by=entry.created_by, submitted_by=other, **verified)


def verified_by_submitter(place: Place) -> None:
    entry, other = OutputEntry.objects.get(**place["waiting"]), place.people["second"]
    verified = {"status": "diverifikasi", "verified_at": timezone.now(), "verified_quantity": 1}
    OutputEntry.objects.filter(pk=entry.pk).update(verified_by=entry.submitted_by, created_by=other, **verified)


def selected(**values: Any) -> Violation:
    """A product selected by somebody else, but for what `values` leave out."""

    def update(place: Place) -> None:
        whole = {"status": "terpilih", "decided_by": place.people["second"], "decided_at": timezone.now()}
        quality = {"is_export_quality": True, "export_basis": "dasar"}
        SuperiorProduct.objects.filter(**place["superior"]).update(**whole | quality | values)

    return update


def selected_by_proposer(place: Place) -> None:
    selected(decided_by=SuperiorProduct.objects.get(**place["superior"]).created_by)(place)


def nib_twice(place: Place) -> None:
    Enterprise.objects.filter(**place["enterprise"]).update(nib="1234567890123")
    again(Enterprise.objects.get(**place["enterprise"]))


def nik_of_another_person(place: Place) -> None:
    stranger = Participant.objects.exclude(**place["participant"]).exclude(enrolments__status="aktif").first()
    again(Enrolment.objects.get(**place["enrolment"]), participant=stranger)


def number_twice(place: Place) -> None:
    again(IssuedDocument.objects.get(handover=place["issued"]["pk"]), token=new_token())


def key_twice(place: Place) -> None:
    IdempotencyKey.objects.create(user=place.people["second"], key=uuid4(), action="a", fingerprint="f")
    again(IdempotencyKey.objects.get(user=place.people["second"]))


def column_named_twice(place: Place) -> None:
    ColumnMemory.objects.create(user=place.people["second"], kind="ikm", header="usaha", field="name")
    again(ColumnMemory.objects.get(user=place.people["second"]))


def row_lands_twice(place: Place) -> None:
    key = uuid4()
    RowKey.objects.bulk_create([RowKey(kind="hasil", key=key, record_id=1), RowKey(kind="hasil", key=key, record_id=2)])


def written_off_by_its_author(place: Place) -> None:
    decided = DECIDED | {"decided_by": place.people["second"], "status": "dibatalkan"}
    made_void = {name: value for name, value in VOID.items() if name != "status"}
    MaterialWriteOff.objects.filter(**place["write_off"]).update(**decided, **made_void, cancelled_by=F("created_by"))


def found_twice(place: Place) -> None:
    finding = InspectionFinding.objects.create(
        inspection_id=place["inspection"]["pk"], criterion_id=place["criterion"]["pk"], result="memenuhi"
    )
    again(finding)


def stamped_backwards(place: Place) -> None:
    StampDuty.objects.create(region=place.region, above=1, duty=1, **BACKWARDS)


def _evaluated(place: Place) -> EvaluationPart:
    evaluation = Evaluation.objects.create(transfer_id=place["sent"]["pk"], decided_on=dt.date(2020, 6, 1))
    return EvaluationPart.objects.create(evaluation=evaluation, draw=TransferDraw.objects.first(), accepted=1)


def evaluated_twice(place: Place) -> None:
    again(_evaluated(place))


def evaluated_nothing(place: Place) -> None:
    EvaluationPart.objects.filter(pk=_evaluated(place).pk).update(accepted=0)


def paid_again(**changes: Any) -> None:
    """A live day a second time, on a line of another list."""
    day = PaymentDay.objects.filter(is_live=True, nik__isnull=False).first()
    assert day is not None
    again(day, line=PaymentLine.objects.exclude(days__on=day.on).first(), **changes)


def recovered_twice(place: Place) -> None:
    day = PaymentDay.objects.filter(is_live=True).first()
    assert day is not None
    lines, paid = PaymentLine.objects.exclude(days__on=day.on)[:2], PaymentDay.objects.get(pk=day.pk)
    for line in lines:
        again(day, line=line, recovers=paid, is_live=True)


def two_quotas(**changes: Any) -> None:
    """Two live lines of one activity; what the table has are days, so they are made of one."""
    line = PaymentLine.objects.filter(nik__isnull=False).first()
    assert line is not None
    quota = {"kind": "kuota", "day_count": None, "rate": 1, "gross": 1, "net": 1, "is_live": True}
    again(line, number=98, **quota)
    again(line, number=99, **quota | changes)


def no_hours(place: Place) -> None:
    SessionTopic.objects.bulk_create([SessionTopic(session_id=place["session"]["pk"], topic="Pola", hours=0)])


def final_without_author(place: Place) -> None:
    made = {"status": "final", "sha256": "a", "final_at": timezone.now(), "final_by": place.people["second"]}
    FinalReport.objects.filter(**place["final"]).update(created_by=None, **made)


def report_twice(place: Place) -> None:
    """A second edition beside the one that stands."""
    again(MonthlyReport.objects.get(**place["monthly"]), edition=2, reason="Salah")


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
    "production_publishedfigure_counted_in_what": at(PublishedFigure, "figure", among=52),
    "production_publishedfigure_says_something": at(PublishedFigure, "figure", topic="ikm", quantity=None, quote=""),
    "production_publishedfigure_production_of_a_programme": at(PublishedFigure, "figure", programme=None),
    "production_product_coded_once": twice(Product),
    "production_product_bulk_needs_pack": at(Product, "product", pack_size=None, bulk_factor=1000),
    "production_activityproduct_once": twice(ActivityProduct),
    "production_districtprogress_once": twice(DistrictProgress),
    "production_outputentry_not_negative": at(OutputEntry, "draft_output", good=-1, rejected=2),
    "production_outputentry_says_something": at(OutputEntry, "draft_output", good=0, rejected=0),
    "production_outputentry_four_eyes": verified_by_author,
    "production_outputentry_not_by_submitter": verified_by_submitter,
    "production_outputentry_verified_by_whom": at(OutputEntry, "waiting", status="diverifikasi"),
    "production_outputentry_verified_within_reported": at(OutputEntry, "verified", verified_quantity=F("good") + 1),
    "production_outputline_maker_once": lambda place: again(OutputLine.objects.filter(participant__isnull=False).first()),
    "production_outputline_not_negative": lines(OutputLine, "entry", "draft_output", good=-1),
    "production_outputphoto_once": twice(OutputPhoto),
    "production_store_one_default_per_region": twice(Store),
    "production_reportmovement_balances": twice(ReportMovement, reported=1, pending=0, verified=0, rejected=0),
    "production_stockbalance_once": twice(StockBalance),
    "production_stockbalance_not_negative": some(StockBalance, quantity=-1),
    "production_stockmovement_moves_something": twice(StockMovement, quantity=0),
    "production_material_coded_once": twice(Material),
    "production_material_has_units": at(Material, "material", base_per_unit=0),
    "production_materialnorm_validity_in_order": at(MaterialNorm, "norm", **BACKWARDS),
    "production_materialnorm_takes_some": at(MaterialNorm, "norm", quantity=0),
    "production_materialreceipt_cancelled_by_whom": at(MaterialReceipt, "material_receipt", status="dibatalkan"),
    "production_materialreceipt_four_eyes": at(MaterialReceipt, "material_receipt", **VOID, cancelled_by=F("created_by")),
    "production_materialreceiptline_material_once": twice(MaterialReceiptLine),
    "production_materialreceiptline_some": some(MaterialReceiptLine, quantity=0),
    "production_materialhandover_cancelled_by_whom": at(MaterialHandover, "material_sent", status="dibatalkan"),
    "production_materialhandover_four_eyes": at(MaterialHandover, "material_sent", issued_by=F("created_by")),
    "production_materialhandover_received_by_another": at(MaterialHandover, "material_received", received_by=F("created_by")),
    "production_materialhandover_cancelled_by_another": at(MaterialHandover, "material_sent", **VOID, cancelled_by=F("created_by")),
    "production_materialhandover_issued_by_whom": at(MaterialHandover, "material_draft", issued_at=NOW),
    "production_materialhandover_has_its_paper": at(MaterialHandover, "material_sent", document=None),
    "production_materialhandover_received_by_whom": at(MaterialHandover, "material_received", received_on=None),
    "production_materialhandover_has_two_ends": at(MaterialHandover, "material_draft", batch=None),
    "production_materialhandover_two_stores": at(
        MaterialHandover, "material_draft", batch=None, other_store=F("store"), partner_official=F("signer")
    ),
    "production_materialhandover_official_of_a_store": at(MaterialHandover, "material_draft", partner_official=F("signer")),
    "production_materialhandoverline_material_once": twice(MaterialHandoverLine),
    "production_materialhandoverline_some": some(MaterialHandoverLine, quantity=0),
    "production_materialwriteoff_cancelled_by_whom": at(MaterialWriteOff, "write_off", cancelled_reason="Salah"),
    "production_materialwriteoff_four_eyes": at(MaterialWriteOff, "write_off", **DECIDED, decided_by=F("created_by")),
    "production_materialwriteoff_decided_by_whom": at(MaterialWriteOff, "write_off", status="disetujui"),
    "production_materialwriteoff_cancelled_by_another": written_off_by_its_author,
    "production_materialwriteoff_some": at(MaterialWriteOff, "write_off", quantity=0),
    "production_materialexplanation_some": some(MaterialExplanation, quantity=0),
    "production_materialholder_is_one": some(MaterialHolder, store=None, batch=None),
    "production_materialholder_store_once": lambda place: again(MaterialHolder.objects.filter(store__isnull=False).first()),
    "production_materialholder_batch_once": lambda place: again(MaterialHolder.objects.filter(batch__isnull=False).first()),
    "production_materialbalance_once": twice(MaterialBalance),
    "production_materialbalance_not_negative": some(MaterialBalance, quantity=-1),
    "production_materialmovement_moves_something": twice(MaterialMovement, quantity=0),
    "production_materialmovement_of_one_record": twice(MaterialMovement, receipt=None, handover=None, write_off=None),
    "production_producttarget_once": twice(ProductTarget),
    "production_districttarget_once": twice(DistrictTarget),
    "production_criterion_validity_in_order": at(Criterion, "criterion", **BACKWARDS),
    "production_criterion_once": twice(Criterion),
    "production_inspection_four_eyes": at(Inspection, "examined", issued_by=F("created_by")),
    "production_inspection_issued_by_whom": at(Inspection, "inspection", status="diterbitkan"),
    "production_inspection_cancelled_by_whom": at(Inspection, "examined", status="dibatalkan"),
    "production_inspection_sample_of_some": at(Inspection, "inspection", sample_size=0),
    "production_inspection_has_its_paper": at(Inspection, "examined", document=None),
    "production_inspectionline_lot_once": twice(InspectionLine),
    "production_inspectionline_some": some(InspectionLine, examined=0, accepted=0),
    "production_inspectionline_adds_up": some(InspectionLine, rejected=1),
    "production_inspectionfinding_criterion_once": found_twice,
    "production_purchaseprice_validity_in_order": at(PurchasePrice, "price", **BACKWARDS),
    "production_purchaseprice_some": at(PurchasePrice, "price", price=0),
    "production_stampduty_validity_in_order": stamped_backwards,
    "production_purchaseagreement_numbered_once": twice(PurchaseAgreement),
    "production_purchaseagreement_file_has_hash": at(PurchaseAgreement, "agreement", file=""),
    "production_purchase_adds_up": at(Purchase, "purchase", amount=1),
    "production_purchase_four_eyes": at(Purchase, "bought", approved_by=F("created_by")),
    "production_purchase_approved_by_whom": at(Purchase, "purchase", status="disetujui"),
    "production_purchase_cancelled_by_whom": at(Purchase, "bought", status="dibatalkan"),
    "production_purchase_has_its_paper": at(Purchase, "bought", document=None),
    "production_purchaseline_lot_once": twice(PurchaseLine),
    "production_purchaseline_some": some(PurchaseLine, quantity=0),
    "distribution_evaluationpart_lot_once": evaluated_twice,
    "distribution_evaluationpart_some": evaluated_nothing,
    "distribution_recipient_validity_in_order": at(Recipient, "recipient", **BACKWARDS),
    "distribution_handover_four_eyes": at(Handover, "issued", issued_by=F("created_by")),
    "distribution_handover_issued_by_whom": at(Handover, "issued", issued_at=None),
    "distribution_handover_has_its_paper": at(Handover, "issued", document=None),
    "distribution_handoverline_product_once": twice(HandoverLine),
    "distribution_handoverline_some": lines(HandoverLine, "handover", "handover", quantity=0),
    "distribution_handoverline_nothing_is_lost": lines(HandoverLine, "handover", "issued", returned=1),
    "distribution_handoverline_onward_within_acknowledged": lines(HandoverLine, "handover", "received", onward=F("acknowledged") + 1),
    "distribution_handoverdraw_once": twice(HandoverDraw),
    "distribution_handoverdraw_some": some(HandoverDraw, quantity=0),
    "distribution_cancellation_one_live": lambda place: again(Cancellation.objects.get(**place["requested"])),
    "distribution_cancellation_four_eyes": at(Cancellation, "cancellation", decided_by=F("created_by")),
    "distribution_cancellation_decided_by_whom": at(Cancellation, "requested", status="ditolak"),
    "distribution_cancellation_has_its_paper": at(Cancellation, "cancellation", document=None),
    "distribution_transfer_four_eyes": at(Transfer, "sent", issued_by=F("created_by")),
    "distribution_transfer_received_by_another": at(Transfer, "sent", received_by=F("issued_by")),
    "distribution_transfer_two_stores": at(Transfer, "transfer", to_store=F("from_store")),
    "distribution_transfer_issued_by_whom": at(Transfer, "sent", issued_at=None),
    "distribution_transfer_has_its_paper": at(Transfer, "sent", document=None),
    "distribution_transferline_product_once": twice(TransferLine),
    "distribution_transferline_some": some(TransferLine, quantity=0),
    "distribution_transferdraw_once": twice(TransferDraw),
    "distribution_transferdraw_some": some(TransferDraw, quantity=0),
    "distribution_onwardline_some": some(OnwardLine, quantity=0, onward=0),
    "distribution_onwardline_within_received": some(OnwardLine, onward=F("quantity") + 1),
    "distribution_receipt_not_by_drafter": some(Receipt, created_by=F("drafted_by_id_copy")),
    "distribution_receipt_evidence_or_reason": some(Receipt, evidence="", evidence_sha256=""),
    "distribution_receipt_evidence_hashed": some(Receipt, evidence_sha256=""),
    "distribution_monthlyreport_one_stands": report_twice,
    "distribution_monthlyreport_edition_once": lambda place: again(MonthlyReport.objects.get(**place["monthly"]), status="diganti"),
    "distribution_monthlyreport_says_why_again": at(MonthlyReport, "monthly", edition=2),
    "distribution_monthlyreport_signed_by_whom": at(MonthlyReport, "monthly", status="ditandatangani"),
    "distribution_monthlyreport_four_eyes": at(MonthlyReport, "signed_report", signed_by=F("created_by")),
    "distribution_finalreport_one_draft": lambda place: again(FinalReport.objects.get(**place["final"])),
    "distribution_finalreport_final_by_whom": at(FinalReport, "final", status="final"),
    "distribution_finalreport_four_eyes": at(
        FinalReport, "final", status="final", sha256="a", final_at=timezone.now(), final_by=F("created_by")
    ),
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

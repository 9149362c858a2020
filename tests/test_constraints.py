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
    FinalReport,
    Handover,
    HandoverDraw,
    HandoverLine,
    IssuedDocument,
    MonthlyReport,
    OnwardLine,
    Receipt,
    Recipient,
    Transfer,
    TransferDraw,
    TransferLine,
)
from distribution.models.document import new_token
from ikm_program.models import AuditHead, ColumnMemory, IdempotencyKey, RowKey, SavedView, SheetImport, SheetRow, Tally
from production.models import (
    ActivityProduct,
    DistrictProgress,
    DistrictTarget,
    OutputEntry,
    OutputLine,
    OutputPhoto,
    Product,
    ProductTarget,
    ReportMovement,
    StockBalance,
    StockMovement,
    Store,
)
from tests.matrix_world import TALA, Place
from tests.test_matrix import WorldTestCase
from trainings.models import (
    Activity,
    ActivityDistrict,
    Batch,
    DuplicatePair,
    Enrolment,
    Enterprise,
    InstructorAssignment,
    Licence,
    Merge,
    Office,
    Official,
    Participant,
    Programme,
    Region,
    Sentra,
)

Violation = Callable[[Place], Any]
BACKWARDS = {"valid_from": dt.date(2020, 2, 2), "valid_until": dt.date(2020, 1, 1)}
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


def nib_twice(place: Place) -> None:
    Enterprise.objects.filter(**place["enterprise"]).update(nib="1234567890123")
    again(Enterprise.objects.get(**place["enterprise"]))


def nik_of_another_person(place: Place) -> None:
    stranger = Participant.objects.exclude(**place["participant"]).exclude(enrolments__status="aktif").first()
    again(Enrolment.objects.get(**place["enrolment"]), participant=stranger)


def number_twice(place: Place) -> None:
    document = IssuedDocument.objects.get(handover=place["issued"]["pk"])
    again(document, token=new_token(), handover_id=place["handover"]["pk"])


def key_twice(place: Place) -> None:
    IdempotencyKey.objects.create(user=place.people["second"], key=uuid4(), action="a", fingerprint="f")
    again(IdempotencyKey.objects.get(user=place.people["second"]))


def column_named_twice(place: Place) -> None:
    ColumnMemory.objects.create(user=place.people["second"], kind="ikm", header="usaha", field="name")
    again(ColumnMemory.objects.get(user=place.people["second"]))


def row_lands_twice(place: Place) -> None:
    key = uuid4()
    RowKey.objects.bulk_create([RowKey(kind="hasil", key=key, record_id=1), RowKey(kind="hasil", key=key, record_id=2)])


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
    "trainings_programme_dates_in_order": at(Programme, "programme", **DATES_BACKWARDS),
    "trainings_programme_year_is_plausible": at(Programme, "programme", year=1999),
    "trainings_activity_named_once": twice(Activity),
    "trainings_activitydistrict_takes_part_once": twice(ActivityDistrict),
    "trainings_activitydistrict_within_quota": some(ActivityDistrict, {"enrolled__gt": 0}, quota=0),
    "trainings_batch_numbered_once": twice(Batch),
    "trainings_batch_dates_in_order": at(Batch, "batch", **DATES_BACKWARDS),
    "trainings_instructorassignment_once": twice(InstructorAssignment),
    "trainings_enrolment_person_once_per_activity": lambda place: again(Enrolment.objects.get(**place["enrolment"]), nik=None),
    "trainings_enrolment_nik_once_per_activity": nik_of_another_person,
    "trainings_office_validity_in_order": at(Office, "office", **BACKWARDS),
    "trainings_official_validity_in_order": at(Official, "official", **BACKWARDS),
    "trainings_official_no_number_without_kind": at(Official, "official", identity_kind="tanpa", identity_number="1"),
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
    "production_producttarget_once": twice(ProductTarget),
    "production_districttarget_once": twice(DistrictTarget),
    "distribution_recipient_validity_in_order": at(Recipient, "recipient", **BACKWARDS),
    "distribution_handover_four_eyes": at(Handover, "issued", issued_by=F("created_by")),
    "distribution_handover_issued_by_whom": at(Handover, "handover", status="diterbitkan"),
    "distribution_handoverline_product_once": twice(HandoverLine),
    "distribution_handoverline_some": lines(HandoverLine, "handover", "handover", quantity=0),
    "distribution_handoverline_nothing_is_lost": lines(HandoverLine, "handover", "issued", returned=1),
    "distribution_handoverline_onward_within_acknowledged": lines(HandoverLine, "handover", "received", onward=F("acknowledged") + 1),
    "distribution_handoverdraw_once": twice(HandoverDraw),
    "distribution_handoverdraw_some": some(HandoverDraw, quantity=0),
    "distribution_cancellation_one_live": lambda place: again(Cancellation.objects.get(**place["requested"])),
    "distribution_cancellation_four_eyes": at(Cancellation, "cancellation", decided_by=F("created_by")),
    "distribution_cancellation_decided_by_whom": at(Cancellation, "requested", status="disetujui"),
    "distribution_transfer_four_eyes": at(Transfer, "sent", issued_by=F("created_by")),
    "distribution_transfer_received_by_another": at(Transfer, "sent", received_by=F("issued_by")),
    "distribution_transfer_two_stores": at(Transfer, "transfer", to_store=F("from_store")),
    "distribution_transfer_issued_by_whom": at(Transfer, "transfer", status="diterbitkan"),
    "distribution_transferline_product_once": twice(TransferLine),
    "distribution_transferline_some": some(TransferLine, quantity=0),
    "distribution_transferdraw_once": twice(TransferDraw),
    "distribution_transferdraw_some": some(TransferDraw, quantity=0),
    "distribution_issueddocument_number_once": number_twice,
    "distribution_issueddocument_of_one_thing": lambda place: again(
        IssuedDocument.objects.get(handover=place["issued"]["pk"]), token=new_token(), sequence=999, handover=None
    ),
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
    ("distribution_handover_issued_by_whom", at(Handover, "issued", issued_by=None)),
    ("distribution_handover_four_eyes", at(Handover, "issued", issued_by=F("edited_by"))),
    ("distribution_handover_four_eyes", at(Handover, "issued", created_by=None)),
    ("distribution_transfer_four_eyes", at(Transfer, "sent", created_by=None)),
    ("distribution_transfer_received_by_another", at(Transfer, "sent", received_by=F("created_by"))),
    ("distribution_receipt_not_by_drafter", some(Receipt, created_by=F("edited_by_id_copy"))),
    ("distribution_receipt_not_by_drafter", some(Receipt, created_by=None)),
    ("distribution_handoverline_nothing_is_lost", lines(HandoverLine, "handover", "received", acknowledged=F("acknowledged") - 1)),
    ("distribution_cancellation_decided_by_whom", at(Cancellation, "cancellation", decided_by=None)),
    ("distribution_monthlyreport_signed_by_whom", at(MonthlyReport, "signed_report", signatory=None)),
    ("distribution_finalreport_four_eyes", final_without_author),
    ("production_outputentry_verified_by_whom", at(OutputEntry, "verified", verified_by=None)),
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

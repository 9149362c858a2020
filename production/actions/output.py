"""Recording output: draft, submit, withdraw, correct. What is submitted enters the report ledger at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program import audit, records, tallies
from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.formatting import bertanda, jumlah, tanggal_layar
from ikm_program.states import advance
from production import plausibility
from production.actions.photos import join_late
from production.batches import batches_of
from production.models import OutputEntry, OutputLine, OutputPhoto, Product, ReportMovement
from trainings.models import Batch, Participant, Programme, Region

Status = OutputEntry.Status


@dataclass(frozen=True)
class MakerPart:
    """What one maker of the batch made (good pieces)."""

    participant: Participant
    good: int


@action("production.add_outputentry")
def record_output(
    batch: Batch,
    *,
    by: Any,
    product: Product,
    made_on: dt.date,
    good: int,
    rejected: int = 0,
    parts: Sequence[MakerPart] = (),
    note: str = "",
    region: Region | None = None,
    form_key: UUID | None = None,
) -> OutputEntry:
    """A draft report of what the batch made on a day. What the makers' parts leave open becomes "tidak dirinci".

    `form_key` collects the photos that were sent ahead under the same key.
    """
    if not batches_of(by).filter(pk=batch.pk).exists():
        raise Refusal(_("This batch is not one of yours."))
    entry = OutputEntry(batch=batch, product=product, region=_district_of(batch, region, by), created_by=by)
    _fill(entry, made_on=made_on, good=good, rejected=rejected, note=note, parts=parts)
    entry.save()
    tallies.count(OutputEntry, entry.region.path)
    _write_lines(entry, parts)
    _attach_photos(entry, form_key, by)
    audit.record("recorded", entry, by=by, after=_facts(entry))
    return entry


class Doubted(Refusal):
    """The report can be right and looks odd: its author is asked once, and may say that it is meant."""

    def __init__(self, doubts: Sequence[plausibility.Flag]) -> None:
        self.doubts = doubts
        super().__init__(_("This report looks odd and is not submitted yet. Look at it once more."))


@action("production.add_outputentry")
def record_and_submit_output(batch: Batch, *, by: Any, is_sure: bool = True, **facts: Any) -> OutputEntry:
    """`record_output` and `submit_output` in one step: what the button "Ajukan" does, which asks unless the author `is_sure`."""
    entry: OutputEntry = record_output(batch, by=by, **facts)
    _ask_about(entry, is_sure=is_sure)
    return _submit(entry, by=by)


@action("production.change_outputentry")
def edit_output(
    entry: OutputEntry,
    *,
    by: Any,
    version: int,
    made_on: dt.date,
    good: int,
    rejected: int = 0,
    parts: Sequence[MakerPart] = (),
    note: str = "",
    form_key: UUID | None = None,
) -> OutputEntry:
    """Correct a draft or a returned report."""
    if not entry.is_editable or entry.is_correction:
        raise Refusal(_("A submitted report cannot be edited. Withdraw it first; a verified one is answered by a correction."))
    if entry.version != version:
        raise StaleVersion
    before = _facts(entry)
    _fill(entry, made_on=made_on, good=good, rejected=rejected, note=note, parts=parts)
    _save_version(entry, ["made_on", "good", "rejected", "note"])
    entry.lines.all().delete()
    _write_lines(entry, parts)
    _attach_photos(entry, form_key, by)
    audit.record("edited", entry, by=by, before=before, after=_facts(entry))
    return entry


@action("production.change_outputentry")
def edit_and_submit_output(entry: OutputEntry, *, by: Any, version: int, is_sure: bool = True, **facts: Any) -> OutputEntry:
    """`edit_output` and `submit_output` in one step."""
    edited: OutputEntry = edit_output(entry, by=by, version=version, **facts)
    _ask_about(edited, is_sure=is_sure)
    return _submit(edited, by=by)


@action("production.change_outputentry")
def submit_output(entry: OutputEntry, *, by: Any, version: int) -> OutputEntry:
    """Hand the report in for verification."""
    if entry.version != version:
        raise StaleVersion
    return _submit(entry, by=by)


@action("production.change_outputentry")
def withdraw_output(entry: OutputEntry, *, by: Any, version: int) -> OutputEntry:
    """Take a submitted report back to a draft, as long as nobody has verified it."""
    if entry.version != version:
        raise StaleVersion
    advance(entry, Status.DRAFT, by=by)
    reverse_submission(entry)
    return entry


@action("production.change_outputentry")
def discard_output(entry: OutputEntry, *, by: Any, version: int) -> None:
    """Throw away a draft that never was submitted."""
    records.claim(entry, version=version)  # who submits or edits it at the same moment comes before or after us
    if entry.status != Status.DRAFT or entry.report_movements.exists():
        raise Refusal(_("Only a draft that was never submitted can be thrown away."))
    audit.record("discarded", entry, by=by, before=_facts(entry))
    entry.photos.update(entry=None)
    tallies.count(OutputEntry, entry.region.path, by=-1)
    entry.delete()


@action("production.change_outputentry")
def cancel_output(entry: OutputEntry, *, by: Any, version: int, reason: str) -> OutputEntry:
    """Give up for good a report that was withdrawn or came back. It has nothing pending any more; its movements and history stay."""
    if entry.version != version:
        raise StaleVersion
    if not reason.strip():
        raise Refusal(_("A reason for the cancellation is required."), field="reason")
    if not entry.report_movements.exists():
        raise Refusal(_("This draft was never submitted. Delete it."))
    return advance(entry, Status.CANCELLED, by=by, reason=reason, cancelled_reason=reason)


@action("production.add_outputentry")
def record_correction(line: OutputLine, *, by: Any, difference: int, reason: str, corrected_on: dt.date | None = None) -> OutputEntry:
    """A correcting entry for one line of a verified report: a signed difference, verified like any report."""
    original = line.entry
    if original.status != Status.VERIFIED or original.is_correction:
        raise Refusal(_("Only a verified report is corrected; a draft or returned one can simply be edited."))
    _refuse_empty_correction(difference, reason)
    day = corrected_on or timezone.localdate()
    if day < original.made_on or day > timezone.localdate():
        raise Refusal(_("The date lies between the production date and today."), field="corrected_on")
    entry = OutputEntry.objects.create(
        batch=original.batch,
        product=original.product,
        region=original.region,
        made_on=day,
        good=difference,
        note=reason,
        corrects=original,
        created_by=by,
    )
    tallies.count(OutputEntry, entry.region.path)
    entry.lines.create(participant=line.participant, good=difference, corrects=line)
    audit.record("recorded", entry, by=by, after={**_facts(entry), "corrects": str(original)})
    return _submit(entry, by=by)


@action("production.change_outputentry")
def amend_correction(entry: OutputEntry, *, by: Any, version: int, difference: int, reason: str) -> OutputEntry:
    """Put a withdrawn or returned correction right; it is handed in again like any report."""
    if not (entry.is_correction and entry.is_editable):
        raise Refusal(_("A correction that has been submitted cannot be edited. Withdraw it first."))
    if entry.version != version:
        raise StaleVersion
    _refuse_empty_correction(difference, reason)
    _refuse_more_than_is_left(entry, difference)
    before = _facts(entry)
    entry.good, entry.note = difference, reason
    _save_version(entry, ["good", "note"])
    entry.lines.update(good=difference)
    audit.record("edited", entry, by=by, before=before, after=_facts(entry))
    return entry


def reverse_submission(entry: OutputEntry) -> None:
    """Take what the entry still holds as pending out of the report ledger, on the days it was put there."""
    held = entry.report_movements.values("effective_on").annotate(open=Sum("pending")).order_by("effective_on")
    ReportMovement.objects.bulk_create(
        _movement(entry, row["effective_on"], reported=-row["open"], pending=-row["open"]) for row in held if row["open"]
    )


def report_movement(entry: OutputEntry, on: dt.date, **quantities: int) -> ReportMovement:
    return _movement(entry, on, **quantities)


def _movement(
    entry: OutputEntry, on: dt.date, *, reported: int = 0, pending: int = 0, verified: int = 0, rejected: int = 0
) -> ReportMovement:
    return ReportMovement(
        entry=entry,
        programme_id=entry.batch.activity.programme_id,
        product=entry.product,
        region=entry.region,
        reported=reported,
        pending=pending,
        verified=verified,
        rejected=rejected,
        effective_on=on,
    )


def _ask_about(entry: OutputEntry, *, is_sure: bool) -> None:
    if not is_sure and (doubts := plausibility.doubts_about(entry)):
        raise Doubted(doubts)


def _submit(entry: OutputEntry, *, by: Any) -> OutputEntry:
    _refuse_closed(entry.batch)
    if entry.is_correction:
        _refuse_more_than_is_left(entry, entry.good)
    advance(entry, Status.SUBMITTED, by=by, submitted_at=timezone.now(), submitted_by=by, returned_reason="")
    _movement(entry, entry.made_on, reported=entry.reported, pending=entry.reported).save()
    return entry


def _district_of(batch: Batch, region: Region | None, by: Any) -> Region:
    """The district whose output it is: the batch's own, or for a batch of a province the one given or the reporter's."""
    district = batch.region if batch.region.is_district else region or by.region
    if not (district.is_district and batch.region.covers(district) and by.region.covers(district)):
        raise Refusal(_("Choose the kabupaten/kota whose output this is."), field="region")
    return district


def _fill(entry: OutputEntry, *, made_on: dt.date, good: int, rejected: int, note: str, parts: Sequence[MakerPart]) -> None:
    _refuse_closed(entry.batch)
    if made_on > timezone.localdate():
        raise Refusal(_("The production date cannot lie in the future."), field="made_on")
    _refuse_outside(entry.batch.activity.programme, made_on)
    if not entry.batch.activity.products.filter(product=entry.product).exists():
        raise Refusal(_("This activity does not make this product."), field="product")
    if good < 0 or rejected < 0:
        raise Refusal(_("A quantity cannot be negative. To lower a verified figure, record a correction."), field="good")
    if not good and not rejected:
        raise Refusal(_("Fill in how many were made."), field="good")
    _refuse_wrong_parts(entry, good, parts)
    entry.made_on, entry.good, entry.rejected, entry.note = made_on, good, rejected, note


def _refuse_outside(programme: Programme, made_on: dt.date) -> None:
    """What is made outside a programme's time is not its output; whoever needs longer changes the programme's end."""
    if programme.starts_on and made_on < programme.starts_on:
        raise Refusal(_("The production date lies before the programme began."), field="made_on")
    if programme.ends_on and made_on > programme.ends_on:
        raise Refusal(
            _("The programme ended on %(day)s; what was made later is not its output.") % {"day": tanggal_layar(programme.ends_on)},
            field="made_on",
        )


def _refuse_wrong_parts(entry: OutputEntry, good: int, parts: Sequence[MakerPart]) -> None:
    broken_down = sum(part.good for part in parts)
    if broken_down > good:
        raise Refusal(
            _("The makers' parts add up to %(parts)s, more than the %(good)s good pieces. Difference %(difference)s.")
            % {"parts": jumlah(broken_down), "good": jumlah(good), "difference": jumlah(broken_down - good)},
            field="good",
        )
    makers = {part.participant.pk for part in parts}
    if len(makers) != len(parts):
        raise Refusal(_("A maker is listed twice."))
    enrolled = set(
        entry.batch.enrolments.active()
        .filter(participant__in=makers, participant__region=entry.region)
        .values_list("participant_id", flat=True)
    )
    if makers - enrolled:
        raise Refusal(_("Only makers who take part in this batch can be named."))


def _refuse_empty_correction(difference: int, reason: str) -> None:
    if not difference:
        raise Refusal(_("Fill in the difference, for example −5 or 3."), field="difference")
    if not reason.strip():
        raise Refusal(_("Say why the figure is corrected."), field="reason")


def _refuse_more_than_is_left(entry: OutputEntry, difference: int) -> None:
    """A correction takes away at most what its line still has. The line is held: two corrections at once count each other."""
    line = OutputLine.objects.select_for_update().get(corrections__entry=entry)
    left = line.left_to_correct(besides=entry)
    if left + difference >= 0 or difference > 0:
        return
    if left <= 0:
        raise Refusal(_("Nothing of this line is left that a correction could take away."), field="difference")
    words = _("At most %(most)s: that is what this line still has, less the corrections that wait.")
    raise Refusal(words % {"most": bertanda(-left, jumlah(left))}, field="difference")


def _refuse_closed(batch: Batch) -> None:
    if not batch.activity.programme.is_open:
        raise Refusal(_("The programme is closed; nothing more can be recorded in it."))


def _write_lines(entry: OutputEntry, parts: Sequence[MakerPart]) -> None:
    for part in parts:
        if part.good:
            entry.lines.create(participant=part.participant, good=part.good)
    rest = entry.good - sum(part.good for part in parts)
    if rest:
        entry.lines.create(participant=None, good=rest)


def _attach_photos(entry: OutputEntry, form_key: UUID | None, by: Any) -> None:
    if form_key is not None:
        OutputPhoto.objects.filter(form_key=form_key, uploaded_by=by, entry=None).update(entry=entry, region=entry.region)
        transaction.on_commit(lambda: join_late(form_key, by))


def _save_version(entry: OutputEntry, names: list[str]) -> None:
    values = {name: getattr(entry, name) for name in names}
    if not OutputEntry.objects.filter(pk=entry.pk, version=entry.version, status=entry.status).update(version=entry.version + 1, **values):
        raise StaleVersion
    entry.version += 1


def _facts(entry: OutputEntry) -> dict[str, Any]:
    return {"made_on": entry.made_on, "good": entry.good, "rejected": entry.rejected, "note": entry.note, "product": str(entry.product)}

"""The training days of a batch: a whole run at once, one changed, one taken out again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.uploads import read_evidence
from trainings import clashes
from trainings.actions.rules import require_hours_in_order, require_standing, require_within_reach, require_within_time
from trainings.models import Batch, Instructor, Session, SessionTopic
from trainings.training_days import run_of_days

MOST_DAYS = 60


class Topic(TypedDict, total=False):
    """What is taught; `day` is the first, second ... day of a run, None: every day of it."""

    topic: str
    hours: int
    instructor: Instructor | None
    day: int | None


@action("trainings.change_batch")
def plan_days(
    batch: Batch,
    *,
    by: Any,
    first_on: dt.date,
    count: int = 1,
    skips_sundays: bool = True,
    holidays: Collection[dt.date] = (),
    topics: Sequence[Topic] = (),
    **values: Any,
) -> Batch:
    """So many training days from `first_on` on, each with its topics; times and place are those of all of them."""
    require_within_reach(batch.region, by=by)
    require_standing(batch)
    if not 1 <= count <= MOST_DAYS:
        raise Refusal(_("Between 1 and %(most)s days at once.") % {"most": MOST_DAYS}, "count")
    require_hours_in_order(values.get("starts_at"), values.get("ends_at"))
    if any((topic.get("day") or 1) > count for topic in topics):
        raise Refusal(_("A topic is on a day that this run does not have."), "count")
    days = run_of_days(first_on, count, skips_sundays=skips_sundays, holidays=holidays)
    for number, day in enumerate(days, start=1):
        require_within_time(batch.activity.programme, day, field="first_on" if number == 1 else "count")
        session = records.create(Session, by=by, batch=batch, held_on=day, **values)
        _put_topics(session, [topic for topic in topics if topic.get("day") in (None, number)], by=by)
    _follow_days(batch, by=by)
    clashes.refuse_clashes(batch, by=by)
    return batch


@action("trainings.change_batch")
def update_session(
    session: Session, *, by: Any, version: int, held_on: dt.date, topics: Sequence[Topic] | None = None, **values: Any
) -> Session:
    """Date, times, place and topics (None: leave them). A day of which attendance is recorded keeps its date."""
    batch = session.batch
    require_within_reach(batch.region, by=by)
    require_standing(batch)
    if held_on != session.held_on:
        if session.attendances.exists() or session.scan:
            raise Refusal(_("Attendance is recorded for this day: its date stays."), "held_on")
        require_within_time(batch.activity.programme, held_on, field="held_on")
    require_hours_in_order(values.get("starts_at", session.starts_at), values.get("ends_at", session.ends_at))
    before = session.version
    records.update(session, by=by, version=version, held_on=held_on, **values)
    if topics is not None:
        if session.version == before:
            records.claim(session, version=version)
        _put_topics(session, topics, by=by)
    _follow_days(batch, by=by)
    clashes.refuse_clashes(batch, by=by)
    return session


@action("trainings.change_batch")
def remove_session(session: Session, *, by: Any, version: int) -> Batch:
    """Take a planned day out again, as long as nothing is recorded on it."""
    require_within_reach(session.batch.region, by=by)
    require_standing(session.batch)
    records.lock(session, version=version)
    if session.attendances.exists() or session.scan or session.is_closed:
        raise Refusal(_("Something is recorded for this day: it stays."))
    batch = session.batch
    topics = [str(topic) for topic in session.topics.all()]
    audit.record("deleted", session, by=by, before={"held_on": session.held_on, "place": session.place, "topics": topics})
    session.delete()
    _follow_days(batch, by=by)
    return batch


@action("trainings.change_attendance")
def attach_scan(session: Session, *, by: Any, version: int, scan: File[bytes] | None, reason: str = "") -> Session:
    """The signed list of the day. Another one in its place needs a reason; the first stays on the trail with its hash."""
    require_within_reach(session.batch.region, by=by)
    records.lock(session, version=version)
    if scan is None:
        raise Refusal(_("Attach the signed list."), "scan")
    if session.scan and not reason.strip():
        raise Refusal(_("A signed list is there already. Say why another one takes its place."), "reason")
    try:
        accepted = read_evidence(scan)
    except ValidationError as error:
        raise Refusal(error.messages[0], "scan") from None
    before = {"scan_sha256": session.scan_sha256}
    session.scan = ContentFile(accepted.content, name=f"scan.{accepted.extension}")
    session.scan_sha256 = accepted.sha256
    session.version += 1
    session.save(update_fields=["scan", "scan_sha256", "version"])
    audit.record("evidence_added", session, by=by, before=before, after={"scan_sha256": session.scan_sha256}, reason=reason)
    return session


def _put_topics(session: Session, topics: Sequence[Topic], *, by: Any) -> None:
    """The topics of a day, as one list: what stood there before goes."""
    before = [_topic_in_words(topic) for topic in session.topics.select_related("instructor")]
    rows = [
        SessionTopic(session=session, topic=topic["topic"], hours=topic["hours"], instructor=topic.get("instructor")) for topic in topics
    ]
    for row in rows:
        records.validate(row)
    after = [_topic_in_words(row) for row in rows]
    if before == after:
        return
    session.topics.all().delete()
    SessionTopic.objects.bulk_create(rows)
    audit.record("changed", session, by=by, before={"topics": before}, after={"topics": after})


def _topic_in_words(topic: SessionTopic) -> str:
    teacher = f" · {topic.instructor}" if topic.instructor else ""
    return f"{topic.topic} ({topic.hours} JP){teacher}"


def _follow_days(batch: Batch, *, by: Any) -> None:
    """The dates of a batch are those of its first and last day, as soon as it has days."""
    ends: Mapping[str, Any] = batch.sessions.aggregate(first=Min("held_on"), last=Max("held_on"))
    if ends["first"] is not None:
        records.update(batch, by=by, starts_on=ends["first"], ends_on=ends["last"])

"""The phone sends its photos and its form side by side: whichever is written first, the photo is the report's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from production.actions import output, photos
from production.actions.output import record_output
from production.actions.photos import add_photo
from production.models import OutputEntry
from tests.production.conftest import DAY, jpeg

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]
Send = Callable[[], Any]


@pytest.fixture
def sent(officer: Any, tala_batch: Any, hazmat: Any) -> tuple[Send, Send]:
    """The photo and the form of one key."""
    key = uuid4()
    form = {"product": hazmat, "made_on": DAY, "good": 10, "form_key": key, "key": key}
    return (
        lambda: add_photo(officer.region, by=officer, image=jpeg(), upload_key=uuid4(), form_key=key),
        lambda: record_output(tala_batch, by=officer, **form),
    )


def test_a_photo_that_looked_before_the_form_was_recorded(sent: tuple[Send, Send], monkeypatch: pytest.MonkeyPatch) -> None:
    send_photo, send_form = sent
    look = photos._recorded_with

    def look_too_early(form_key: UUID, by: Any) -> OutputEntry | None:
        monkeypatch.setattr(photos, "_recorded_with", look)
        return None  # the form is being written by another transaction

    send_form()
    monkeypatch.setattr(photos, "_recorded_with", look_too_early)
    send_photo()

    assert OutputEntry.objects.get().photos.count() == 1


def test_a_form_that_looked_before_the_photo_was_kept(sent: tuple[Send, Send], monkeypatch: pytest.MonkeyPatch) -> None:
    send_photo, send_form = sent
    join = photos.join_late

    def a_photo_comes_between(form_key: UUID, by: Any) -> None:
        """It is kept after the form has looked for photos, and has itself looked before the form was recorded."""
        with monkeypatch.context() as unseen:
            unseen.setattr(photos, "_recorded_with", lambda form_key, by: None)
            send_photo()
        join(form_key, by)

    monkeypatch.setattr(output, "join_late", a_photo_comes_between, raising=False)
    send_form()

    assert OutputEntry.objects.get().photos.count() == 1

from __future__ import annotations

import pytest

from tests.ledger.world import World, build
from trainings import tasks


@pytest.fixture(autouse=True)
def no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """The papers of these tests are never looked at; their numbers and movements are."""
    monkeypatch.setattr(tasks, "enqueue_rendering", lambda document_id: None)


@pytest.fixture
def world(db: None, in_english: None) -> World:
    return build()


@pytest.fixture
def committed_world(transactional_db: None, in_english: None) -> World:
    """For threads: what is in it is committed, so that every connection sees it."""
    return build()

"""Where: every model has decided it, and whoever has no place sees nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from ikm_program.scoping import Scope, ScopedQuerySet, ancestor_paths
from tests import factories
from trainings.models import User

OUR_APPS = ("ikm_program", "trainings", "production", "distribution")
MODELS = [model for label in OUR_APPS for model in apps.get_app_config(label).get_models()]
SCOPED = [model for model in MODELS if isinstance(model._default_manager.all(), ScopedQuerySet)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_says_where_it_lies(model: Any) -> None:
    assert isinstance(getattr(model, "SCOPE", None), Scope)


def test_only_machinery_is_without_a_scoped_queryset() -> None:
    assert sorted(model.__name__ for model in MODELS if model not in SCOPED) == [
        "Attempt",
        "AuditHead",
        "ColumnMemory",
        "Counter",
        "IdempotencyKey",
        "RowKey",
        "SummedUpTo",
        "Tally",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_whoever_has_no_place_sees_nothing(model: Any, officer: User) -> None:
    homeless = factories.UserFactory(region=None, is_superuser=True)
    sent_away = factories.UserFactory(region=officer.region, is_active=False)
    rows = model._default_manager
    for nobody in (AnonymousUser(), homeless, sent_away):
        assert [rows.for_user(nobody).query.is_empty(), rows.owned_by(nobody).query.is_empty()] == [True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_what_may_be_changed_may_be_seen(model: Any, officer: User) -> None:
    """And every lookup to a region is spelt right: a wrong one would only fail when its page is opened."""
    rows = model._default_manager
    assert set(rows.owned_by(officer)) <= set(rows.for_user(officer))


def test_a_path_knows_what_lies_above() -> None:
    assert [ancestor_paths(path) for path in ("/", "/63/", "/63/63.01/")] == [[], ["/"], ["/", "/63/"]]


@pytest.mark.django_db
def test_a_district_whose_code_begins_alike_is_another(officer: User) -> None:
    """Paths end with a slash: 63.01 is no prefix of 63.010."""
    assert officer.region.path.endswith("/")
    stranger = factories.ParticipantFactory(region=factories.region("63.03"))
    assert stranger not in type(stranger).objects.for_user(officer)

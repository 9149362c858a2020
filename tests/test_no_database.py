"""What script/test leaves out of the second run, because it may ask no database: exactly what pytest-django refuses a connection."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import TestCase

from trainings.models import Region


def is_left_out(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("no_database") is not None


def test_without_a_fixture_of_the_database_no_connection_is_to_be_had(request: pytest.FixtureRequest) -> None:
    assert is_left_out(request)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Region.objects.exists()


def test_a_fixture_that_stands_on_the_database_counts(request: pytest.FixtureRequest, tala: Region) -> None:
    assert not is_left_out(request)


@pytest.mark.django_db
def test_the_mark_of_pytest_django_counts(request: pytest.FixtureRequest) -> None:
    assert not is_left_out(request)


@pytest.mark.parametrize("what", [pytest.param("race", marks=pytest.mark.postgres)])
def test_what_only_postgresql_can_show_is_not_left_out_there(request: pytest.FixtureRequest, what: str) -> None:
    assert not is_left_out(request)


class Case(TestCase):
    @pytest.fixture(autouse=True)
    def of_this_test(self, request: Any) -> None:
        self.is_left_out = is_left_out(request)

    def test_a_test_case_of_django_counts(self) -> None:
        assert not self.is_left_out

"""The navigation: every entry has its screen, and everybody sees only what the role may do."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from ikm_program import navigation


def test_every_place_resolves():
    """Written before the screens: it lists what is still missing."""
    assert [place.url_name for place in [*navigation.leaves(), navigation.RECORD] if not navigation.url_of(place.url_name)] == []


@pytest.mark.django_db
def test_every_permission_of_a_place_exists():
    known = {f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")}
    assert {place.permission for place in [*navigation.leaves(), navigation.RECORD] if place.permission} - known == set()


@pytest.mark.urls("tests.ikm_program.screens_urls")
def test_a_screen_that_does_not_exist_has_no_address():
    assert navigation.url_of("a_screen_that_does_not_exist") == ""


def labels(person, path="/"):
    return {str(leaf.url_name) for leaf in navigation.leaves(tuple(navigation.for_user(person, path)))}


def test_a_district_officer_sees_neither_users_nor_the_verification_queue(officer):
    assert labels(officer) & {"trainings:user_list", "production:verification_queue", "audit_list"} == set()


def test_the_province_sees_the_verification_queue(staff):
    assert "production:verification_queue" in labels(staff)

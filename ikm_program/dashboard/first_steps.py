"""What an office sets up before its first report, in the order that each step needs: on the home page until something is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Text, resolved
from production.models import ActivityProduct, Product, ProductTarget
from trainings.models import Activity, Batch, Enrolment, Office, Official, Programme, Region, User

DISTRICTS = (Region.Kind.KABUPATEN, Region.Kind.KOTA)


@dataclass(frozen=True)
class Step:
    """One thing to set up; `model` has a row within the person's reach once it is done."""

    name: str
    label: Text
    hint: Text
    model: Any
    begin: str  # where it is done, and where its records stand
    place: str
    permission: str

    def rows(self, user: Any) -> Any:
        rows = self.model.objects.get_queryset().owned_by(user)
        return rows.filter(region__kind__in=DISTRICTS) if self.model is User else rows  # the office's own come first anyhow


STEPS = (
    Step("people", _("Accounts"), _("staff and officials of the province, officers and officials of the districts"),
         User, "trainings:user_create", "trainings:user_list", "trainings.add_user"),
    Step("office", _("Office"), _("its name, letterhead and number pattern; one for each district that issues papers"),
         Office, "trainings:office_create", "trainings:office_list", "trainings.add_office"),
    Step("officials", _("Officials who sign"), _("and which account signs as whom"),
         Official, "trainings:official_create", "trainings:official_list", "trainings.add_official"),
    Step("programme", _("Programme of the fiscal year"), _("with its fund"),
         Programme, "trainings:programme_create", "trainings:programme_list", "trainings.add_programme"),
    Step("product", _("Products"), _("with the unit they are counted in"),
         Product, "production:product_create", "production:product_list", "production.add_product"),
    Step("activity", _("Activity"), _("which districts take part, and how many participants each"),
         Activity, "trainings:activity_create", "trainings:activity_list", "trainings.add_activity"),
    Step("link", _("What the activity makes"), _("on the page of the product: link it to the activity"),
         ActivityProduct, "production:product_list", "production:product_list", "production.change_product"),
    Step("target", _("Targets"), _("the total, then divided over the districts"),
         ProductTarget, "production:target_create", "production:target_list", "production.add_producttarget"),
    Step("batch", _("Batches"), _("with their days and instructors"),
         Batch, "trainings:batch_create", "trainings:batch_list", "trainings.add_batch"),
    Step("participants", _("Participants"), _("nominated in the batch, one by one or by sheet"),
         Enrolment, "trainings:batch_list", "trainings:participant_list", "trainings.add_enrolment"),
)  # fmt: skip


@dataclass(frozen=True)
class ShownStep:
    """As it stands for one person; without an address somebody else does it."""

    label: Text
    hint: Text
    is_done: bool
    href: str


def first_steps(user: Any) -> list[ShownStep]:
    """All of them with what is done, for whoever sets up anything at a province; none once everything is there."""
    mine = {step.name for step in STEPS if user.has_perm(step.permission)}
    if user.region.is_district or not mine - {"batch", "participants"}:
        return []
    asked = [Exists(step.rows(user)) for step in STEPS]
    found = Region.objects.filter(pk=user.region_id).values_list(*asked).get()
    if all(found):
        return []
    return [_shown(step, mine=step.name in mine, is_done=is_done) for step, is_done in zip(STEPS, found, strict=True)]


def _shown(step: Step, *, mine: bool, is_done: bool) -> ShownStep:
    return ShownStep(step.label, step.hint, is_done, resolved(step.place if is_done else step.begin) if mine else "")

"""Who teaches, and with which account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import Suggestions
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.forms.batches import InstructorForm
from trainings.forms.users import AccountForm
from trainings.models import Instructor
from trainings.views.reach import within_reach

PLACE = "trainings:instructor_list"
NEW_INSTRUCTOR = Link(_("Add instructor"), "trainings:instructor_create", "trainings.add_instructor", icon="plus")


class InstructorList(ListScreen):
    model = Instructor
    permission = "trainings.view_instructor"
    title = _("Instructors")
    place = PLACE
    related = ("region",)
    links = (NEW_INSTRUCTOR,)
    columns = (
        Column(_("Name"), "name", link="self", sort="name"),
        Column(_("Expertise"), "expertise", sort="expertise"),
        Column(_("Region"), "region", sort="region__kemendagri_code"),
    )
    search_fields = ("name", "expertise")
    search_label = _("Search instructors")
    ordering = ("name",)
    empty = Empty(_("No instructor yet."), _("Instructors are assigned to batches."), NEW_INSTRUCTOR)


class InstructorSuggestions(Suggestions):
    """Who teaches and has no account yet; of the region that stands in the form, once one does."""

    model = Instructor
    permission = "trainings.change_user"
    related = ("region",)

    def _reach(self, queryset: Any) -> Any:
        rows, region = super()._reach(queryset).without_account(), self.request.GET.get("region", "")
        return rows.filter(region=region) if region.isdecimal() else rows

    def about(self, record: Instructor) -> str:
        return " · ".join(part for part in (record.expertise, record.region.short_name) if part)


class InstructorDetail(DetailScreen):
    model = Instructor
    permission = "trainings.view_instructor"
    place = PLACE
    related = ("region", "user", "created_by")
    facts = (
        Fact(_("Region"), "region"),
        Fact(_("Expertise"), "expertise"),
        Fact(_("Mobile phone"), "phone", template="trainings/_phone.html"),
        Fact(_("Account"), "user", link="user", unknown=_("none")),
        Fact(_("Example data"), "is_example", kind="yesno"),
    )
    assignment_columns = (Column(_("Batch"), "batch", link="batch"), Column(_("Assignment letter"), "letter"))
    steps = (
        NextStep(_("Edit"), "trainings:instructor_update", "trainings.change_instructor", when=within_reach("region"), icon="edit"),
        NextStep(_("Account"), "trainings:instructor_account", "trainings.change_user", when=within_reach("region"), icon="person"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.object.assignments.for_user(self.request.user).select_related("batch__activity", "batch__region")
        return super().get_context_data(assignments=rows, assignment_columns=self.assignment_columns, **kwargs)


class InstructorCreate(FormScreen):
    model = Instructor
    form_class = InstructorForm
    action = actions.create_instructor
    title = _("Add instructor")
    place = PLACE


class InstructorUpdate(FormScreen):
    model = Instructor
    form_class = InstructorForm
    action = actions.update_instructor
    place = PLACE
    related = ("region", "user")

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class InstructorAccount(FormScreen):
    """With which account he or she signs in."""

    model = Instructor
    form_class = AccountForm
    action = actions.choose_account
    place = PLACE
    related = ("region", "user")
    is_edit = True

    def get_title(self) -> Text:
        return gettext("Account of %(name)s") % {"name": self.object}

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

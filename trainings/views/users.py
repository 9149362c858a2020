from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions, invitations
from trainings.filters.people import UserFilter
from trainings.forms.fields import ConfirmForm, ReasonForm
from trainings.forms.users import UserForm
from trainings.models import User
from trainings.views.reach import within_reach

PLACE = "trainings:user_list"
INVITE = Link(_("Invite somebody"), "trainings:user_create", "trainings.add_user", icon="plus")
SHOWN_ONCE = "password_link"
_is_own = within_reach("region")


def _is_other(person: User, user: Any) -> bool:
    return _is_own(person, user) and person.pk != user.pk


class UserList(ListScreen):
    model = User
    permission = "trainings.view_user"
    title = _("Users")
    lead = _("Who may sign in, where, and in which roles. A change holds from the person's next click.")
    place = PLACE
    related = ("region",)
    prefetched = ("groups",)
    links = (INVITE,)
    columns = (
        Column(_("Name"), "full_name", link="self", sort="full_name"),
        Column(_("User name"), "username", sort="username"),
        Column(_("Region"), "region", sort="region__kemendagri_code"),
        Column(_("Roles"), "role_words", unknown=_("no role")),
        Column(_("Account"), "is_active", template="trainings/_account.html", sort="is_active"),
        Column(_("Last sign-in"), "last_login", kind="datetime", unknown=_("never"), sort="last_login"),
    )
    search_fields = ("full_name", "username", "email")
    search_label = _("Search users")
    filterset_class = UserFilter
    ordering = ("full_name",)
    empty = Empty(_("Nobody yet."), "", INVITE)


class UserDetail(DetailScreen):
    model = User
    permission = "trainings.view_user"
    place = PLACE
    related = ("region", "office__region", "official", "instructor")
    prefetched = ("groups",)
    facts = (
        Fact(_("User name"), "username"),
        Fact(_("Account"), "is_active", template="trainings/_account.html"),
        Fact(_("Region"), "region"),
        Fact(_("Roles"), "role_words", unknown=_("no role")),
        Fact(_("Instructor record"), "instructor_record", link="instructor_record", unknown=_("none")),
        Fact(_("E-mail"), "email"),
        Fact(_("Mobile phone"), "phone", template="trainings/_phone.html"),
        Fact(_("Office"), "office", link="office", unknown=_("none")),
        Fact(_("Signs as"), "official", link="official", unknown=_("signs nothing")),
        Fact(_("Last sign-in"), "last_login", kind="datetime", unknown=_("never")),
        Fact(_("Example data"), "is_example", kind="yesno"),
    )
    steps = (
        NextStep(_("Edit roles and region"), "trainings:user_update", "trainings.change_user", when=_is_own, icon="edit"),
        NextStep(
            _("Make a link for a new password"),
            "trainings:user_link",
            "trainings.change_user",
            when=lambda person, user: person.is_active and _is_own(person, user),
        ),
        NextStep(
            _("Deactivate"),
            "trainings:user_deactivate",
            "trainings.change_user",
            when=lambda person, user: person.is_active and _is_other(person, user),
            is_danger=True,
        ),
        NextStep(
            _("Activate again"),
            "trainings:user_reactivate",
            "trainings.change_user",
            when=lambda person, user: not person.is_active and _is_own(person, user),
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self.request.session.pop(SHOWN_ONCE, {})
        link = shown.get("link", "") if shown.get("user") == self.object.pk else ""
        return super().get_context_data(password_link=link, **kwargs)


class _ShowsLink(FormScreen):
    """After it the person's page shows the link, once and only to whoever made it."""

    model = User
    place = PLACE

    def done(self, form: ActionMixin, result: Any) -> HttpResponse:
        self.request.session[SHOWN_ONCE] = {"user": result.pk, "link": invitations.password_link(result)}
        return super().done(form, result)


class UserCreate(_ShowsLink):
    form_class = UserForm
    action = actions.invite_user
    title = _("Invite somebody")
    lead = _("The person sets a password through a link that works once. You see it after saving; with a mail server it is sent as well.")
    submit_label = _("Invite")

    def get_initial(self) -> dict[str, Any]:
        """Nothing from the address: a crafted link must not fill in a role."""
        return {}

    success_message = _("The account is ready. Hand over the link below.")


class UserLink(_ShowsLink):
    form_class = ConfirmForm
    action = actions.send_password_link
    submit_label = _("Make link")
    success_message = _("The link is ready. Hand it over.")
    confirmation = _("With the link this person sets a new password. It works once and for some days; until then the old one holds.")

    def get_title(self) -> Text:
        return gettext("Link for %(name)s") % {"name": self.object}


class UserUpdate(FormScreen):
    model = User
    form_class = UserForm
    action = actions.update_user
    place = PLACE
    related = ("region", "office", "official", "instructor")
    prefetched = ("groups",)

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"instructor": self.object.instructor_record}

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class UserDeactivate(FormScreen):
    model = User
    form_class = ReasonForm
    action = actions.deactivate_user
    place = PLACE
    related = ("region",)
    submit_label = _("Deactivate")
    success_message = _("The account is deactivated.")
    confirmation = _("The person is signed out with the next click and cannot sign in any more. What he or she recorded stays.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Deactivate %(name)s") % {"name": self.object}


class UserReactivate(FormScreen):
    model = User
    form_class = ReasonForm
    action = actions.reactivate_user
    place = PLACE
    related = ("region",)
    submit_label = _("Activate again")
    success_message = _("The account is active again.")

    def get_title(self) -> Text:
        return gettext("Activate %(name)s again") % {"name": self.object}

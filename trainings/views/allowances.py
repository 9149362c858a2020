"""The rules of an activity by which its participants are paid. They stand on the activity's page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Text
from ikm_program.views import FormScreen
from trainings.actions import allowances as actions
from trainings.forms.payments import SchemeForm
from trainings.models import Activity, AllowanceScheme
from trainings.views.programmes import ACTIVITIES


class SchemeCreate(FormScreen):
    model = Activity
    form_class = SchemeForm
    action = actions.create_scheme
    place = ACTIVITIES
    related = ("programme__region",)
    success_message = _("The rule is recorded.")

    def get_title(self) -> Text:
        return gettext("Payment rule: %(what)s") % {"what": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_success_url(self, result: Any) -> str:
        return str(self.object.get_absolute_url())


class SchemeUpdate(FormScreen):
    model = AllowanceScheme
    form_class = SchemeForm
    action = actions.update_scheme
    place = ACTIVITIES
    related = ("activity__programme__region",)

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}

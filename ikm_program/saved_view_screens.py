"""The pages of saved views: keep one, call it otherwise, remove it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ikm_program import navigation, saved_views
from ikm_program.models import SavedView
from ikm_program.screens import Link, Text
from ikm_program.views import FormScreen


class _ViewScreen(FormScreen):
    model = SavedView
    place = ""

    def get_success_url(self, result: Any) -> str:
        url = navigation.url_of(result.screen)
        return f"{url}?{result.query}" if result.pk else url

    def get_cancel_url(self) -> str:
        return navigation.url_of(self.object.screen) if self.has_object else navigation.url_of("home")


class ViewCreate(_ViewScreen):
    form_class = saved_views.NewViewForm
    action = saved_views.save_view
    title = _("Keep this view")
    success_message = _("The view is kept. It stands above the list.")


class ViewUpdate(_ViewScreen):
    form_class = saved_views.ViewForm
    action = saved_views.rename_view
    title = _("Rename the view")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        remove = Link(_("Remove the view"), "view_delete", kwargs={"pk": self.object.pk})
        return super().get_context_data(**kwargs) | {"links": [remove]}


class ViewDelete(_ViewScreen):
    form_class = saved_views.RemoveForm
    action = saved_views.remove_view
    submit_label = _("Remove")
    is_danger = True
    success_message = _("The view is removed. The list and its rows stay as they are.")
    title = _("Remove the view")

    def get_confirmation(self) -> Text:
        return _("Only this link goes; the list and its rows stay as they are.")

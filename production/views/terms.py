"""Two steps to enter an inspection, a purchase or a stocktake: first which goods or store (in the URL), then what depends on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import Fact
from ikm_program.views import FormScreen
from production.forms.terms import GoodsStart, StoreStart, StoreTerms
from trainings.programme_choice import chosen_programme

TERMS_FACTS = (
    Fact(_("Store"), "store"),
    Fact(_("Programme"), "programme"),
    Fact(_("Product"), "product"),
    Fact(_("Date"), "on", kind="date"),
)


class TermsScreen(FormScreen):
    """Without valid terms in the query the page asks for them; with them it offers the form."""

    template_name = "production/terms_form.html"
    start_class: ClassVar[type[StoreStart]] = GoodsStart
    terms_facts: ClassVar[Sequence[Fact]] = TERMS_FACTS

    @cached_property
    def start(self) -> StoreStart:
        query = self.request.GET
        is_asked = any(name in query for name in self.start_class.base_fields)
        return self.start_class(query if is_asked else None, user=self.request.user, initial=self._current())

    def _current(self) -> dict[str, Any]:
        """Most likely goods of the programme one works in."""
        programme = chosen_programme(self.request).programme
        return {"program": programme.pk} if programme is not None and programme.is_open else {}

    @cached_property
    def terms(self) -> StoreTerms | None:
        return self.start.terms() if self.start.is_bound and self.start.is_valid() else None

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        sent = {"data": self.request.POST, "files": self.request.FILES} if is_bound else {}
        form: ActionMixin = self.form_class(
            user=self.request.user, subject=self.subject, initial=self.get_initial(), terms=self.terms, **sent
        )
        return form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.terms is not None else self.ask_terms()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.terms is not None else self.ask_terms(status=422)

    def ask_terms(self, *, status: int = 200) -> HttpResponse:
        self.template_name = "production/terms_start.html"
        return self.render_to_response(self.get_context_data(form=self.start), status=422 if self.start.is_bound else status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(terms=self.terms, terms_facts=self.terms_facts, terms_url=self.request.path, **kwargs)

    def perform(self, form: ActionMixin) -> Any:
        if self.has_object:
            return super().perform(form)
        assert self.terms is not None  # without them the form is never offered
        key = form.cleaned_data["key"]  # type: ignore[attr-defined]
        return self.get_action()(self.terms.store, by=self.request.user, key=key, **self.get_action_kwargs(form))

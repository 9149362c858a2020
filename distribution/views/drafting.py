"""The two steps of drafting a handover or a transfer: first its terms (in the URL), then everything that depends on them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.forms.handovers import ConfirmForm
from ikm_program.forms import ActionMixin
from ikm_program.screens import Text
from ikm_program.views import FormScreen, ObjectScreen
from production.models import Store
from trainings.programme_choice import chosen_programme


class DraftsOnly(ObjectScreen):
    """A page about a draft: once the document is issued, its own page opens instead. An act sent too late is refused in words."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_draft:
            return HttpResponseRedirect(self.object.get_absolute_url())
        return self.show()

    def show(self) -> HttpResponse:
        found: HttpResponse = super().get(self.request)  # type: ignore[misc]  # the screen it is mixed with
        return found


class IssueDraft(DraftsOnly, FormScreen):
    """The last look before issuing: what is in the way, the page as it will print, and what the button does."""

    form_class = ConfirmForm
    template_name = "distribution/issue.html"
    prefetched = ("lines__product",)
    submit_label = _("Issue")
    preview: ClassVar[str]  # url name

    def get_shortages(self) -> list[str]:
        raise NotImplementedError

    def get_title(self) -> Text:
        return gettext("Issue: %(what)s") % {"what": self.object}

    def get_success_message(self, result: Any) -> Text:
        return gettext("Issued under the number %(number)s.") % {"number": result.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            shortages=(found := self.get_shortages()),
            obstacles=found,
            is_own_draft=self.object.is_drafted_by(self.request.user),
            preview_url=reverse(self.preview, kwargs={"pk": self.object.pk}),
            **kwargs,
        )


class DraftScreen(FormScreen):
    """Without valid terms in the query the page asks for them; with them it offers the form.

    The store of an existing draft stays; its other terms may be changed through the query (`?mulai=1` asks anew).
    """

    template_name = "distribution/draft_form.html"
    start_class: ClassVar[type[Any]]
    terms_facts: ClassVar[tuple[Any, ...]] = ()

    @property
    def store(self) -> Store | None:
        """The store of an existing draft."""
        raise NotImplementedError

    def initial_terms(self) -> dict[str, Any]:
        """What the first step opens with, for an existing draft."""
        raise NotImplementedError

    def initial_facts(self) -> dict[str, Any]:
        """What the second step opens with."""
        raise NotImplementedError

    @cached_property
    def start(self) -> Any:
        """The form of the terms: from the query, or from the draft itself."""
        query = self.request.GET
        names = [name for name in self.start_class.base_fields if name in query]
        if names:
            given: Any = query
        elif self.has_object and "mulai" not in query:
            given = self.initial_terms()
        else:
            given = None
        initial = self.initial_terms() if self.has_object else self._current()
        return self.start_class(given, user=self.request.user, has_store=self.has_object, initial=initial)

    def _current(self) -> dict[str, Any]:
        """A new draft is most likely one of the programme one works in."""
        programme = chosen_programme(self.request).programme
        return {"program": programme.pk} if programme is not None and programme.is_open else {}

    @cached_property
    def terms(self) -> Any:
        """The terms, or None as long as they are not known."""
        return self.start.terms(self.store) if self.start.is_bound and self.start.is_valid() else None

    def get_initial(self) -> dict[str, Any]:
        return self.initial_facts()

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        sent = {"data": self.request.POST, "files": self.request.FILES} if is_bound else {}
        form: ActionMixin = self.form_class(
            user=self.request.user, subject=self.subject, initial=self.get_initial(), terms=self.terms, **self.form_extras(), **sent
        )
        return form

    def form_extras(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.terms is not None else self.ask_terms()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.terms is not None else self.ask_terms(status=422)

    def ask_terms(self, *, status: int = 200) -> HttpResponse:
        if self.start.is_bound:
            status = 422
        self.template_name = "distribution/draft_start.html"
        return self.render_to_response(self.get_context_data(form=self.start), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query["mulai"] = "1"
        recipient = getattr(self.terms, "recipient", None)
        return super().get_context_data(
            terms=self.terms,
            terms_facts=self.terms_facts,
            terms_url=f"{self.request.path}?{query.urlencode()}" if self.has_object else self.request.path,
            recipient_had_ended=recipient is not None and not recipient.is_valid_on(self.terms.on),
            form_extra_template="distribution/_lot_choice.html",
            **kwargs,
        )

    def perform(self, form: ActionMixin) -> Any:
        if self.has_object:
            return super().perform(form)
        key = form.cleaned_data["key"]  # type: ignore[attr-defined]
        return self.get_action()(self.terms.store, by=self.request.user, key=key, **self.get_action_kwargs(form))

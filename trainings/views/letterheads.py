"""How an office heads its papers: from when until when, with the page itself beside the form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.actions import Refusal
from ikm_program.base_screen import ObjectScreen
from ikm_program.forms import ActionMixin, values_of
from ikm_program.screens import Fact, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen
from trainings import actions, letterhead_documents
from trainings.actions.letterheads import picture_of
from trainings.forms.letterheads import LetterheadForm
from trainings.models import Letterhead, Office
from trainings.snapshots import frozen, layout_of, wording_of
from trainings.views.documents import PDF_POLICY, pdf_response
from trainings.views.offices import OFFICES, VALIDITY
from trainings.views.reach import within_reach

FILE = "contoh-kop-surat.pdf"
PERMISSION = "trainings.change_office"


def shown_on_paper(heading: Letterhead) -> HttpResponse:
    """A page as this letterhead makes it, with the mark of a draft."""
    on = max(heading.valid_from or timezone.localdate(), timezone.localdate())
    content = letterhead_documents.sample(
        frozen(heading),
        on=on,
        paper=heading.paper,  # type: ignore[arg-type]  # the field's choices
        layout=layout_of(heading),
        wording=wording_of(heading),
        copies=heading.copies,
        arms=bytes(heading.arms) if heading.arms else None,
    )
    return pdf_response(content, FILE, may_be_framed=True)


class LetterheadDetail(DetailScreen):
    model = Letterhead
    permission = "trainings.view_office"
    place = OFFICES
    template_name = "trainings/letterhead_detail.html"
    related = ("office__region", "created_by")
    facts = (
        Fact(_("Office"), "office", link="office"),
        *VALIDITY,
        Fact(_("First line"), "government_line"),
        Fact(_("Office as it is headed"), "office_line"),
        Fact(_("Address lines"), "address"),
        Fact(_("Telephone, e-mail, website"), "contact"),
        Fact(_("Place"), "city"),
        Fact(_("Postcode"), "postcode"),
        Fact(_("Arms"), "has_arms", kind="yesno"),
        Fact(_("Paper"), "get_paper_display"),
        Fact(_("Margins: top, right, bottom, left"), "margins_in_words"),
        Fact(_("Size of letters (points)"), "font_size", kind="number"),
        Fact(_("Name of the parties"), "get_first_party_term_display"),
        Fact(_("Number of copies"), "copies", kind="number"),
        Fact(_("Closing sentence"), "get_closing_display"),
        Fact(_("Example data"), "is_example", kind="yesno"),
    )
    steps = (NextStep(_("Edit"), "trainings:letterhead_update", PERMISSION, when=within_reach("office.region"), icon="edit"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(preview_url=reverse("trainings:letterhead_preview", args=[self.object.pk]), **kwargs)


class LetterheadPreview(ObjectScreen):
    """The page of a recorded letterhead."""

    model = Letterhead
    permission = "trainings.view_office"
    place = OFFICES
    related = ("office__region",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return shown_on_paper(self.object)


class _LetterheadForm(FormScreen):
    form_class = LetterheadForm
    permission = PERMISSION
    place = OFFICES
    template_name = "trainings/letterhead_form.html"
    trial: str  # the address that shows what is typed

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trial_url = reverse(self.trial, args=[self.object.pk])
        return super().get_context_data(preview_url=trial_url, form_looks_template="trainings/_letterhead_trial.html", **kwargs)


class LetterheadCreate(_LetterheadForm):
    """Opens with what heads the office's papers today."""

    model = Office
    action = actions.create_letterhead
    related = ("region",)
    trial = "trainings:letterhead_trial"

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        initial = values_of(Letterhead.objects.heading(self.object, today), self.form_class.base_fields)
        return {**initial, "valid_from": today, "valid_until": None}

    def get_title(self) -> Text:
        return gettext("New letterhead of %(what)s") % {"what": self.object}


class LetterheadUpdate(_LetterheadForm):
    model = Letterhead
    action = actions.update_letterhead
    related = ("office__region",)
    trial = "trainings:letterhead_retrial"

    def get_title(self) -> Text:
        return gettext("Edit the letterhead of %(what)s") % {"what": self.object.office}


class _Trial:
    """What is typed, as a page, before anything is saved. Nothing is written."""

    def get(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return shown_on_paper(self.current())

    def post(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form: ActionMixin = self.get_form(is_bound=True)
        if not form.is_valid():
            return self.refused(form)
        values, current = form.action_kwargs(), self.current()
        try:
            arms = bytes(current.arms) if current.arms else None
            picture = picture_of(values.pop("arms"), current=arms, without=values.pop("without_arms"))
        except Refusal as refusal:
            form.refuse(refusal.message, refusal.field)
            return self.refused(form)
        return shown_on_paper(Letterhead(office=current.office, arms=picture, **values))

    def refused(self: Any, form: ActionMixin, *, status: int = 422) -> HttpResponse:
        response = render(self.request, "trainings/letterhead_refused.html", {"form": form}, status=status)
        response.headers["Content-Security-Policy"] = PDF_POLICY.format(framed_by="'self'")
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


class LetterheadTrial(_Trial, LetterheadCreate):
    def current(self) -> Letterhead:
        return Letterhead.objects.heading(self.object, timezone.localdate())


class LetterheadRetrial(_Trial, LetterheadUpdate):
    def current(self) -> Letterhead:
        found: Letterhead = self.object
        return found

"""Home: what waits for this person, and how far the programme is."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.reports.reconciliation import reconcile
from ikm_program.dashboard.figures import ProgrammeFigures, beside, figures_of
from ikm_program.dashboard.first_steps import ShownStep, first_steps
from ikm_program.dashboard.frame import roof_of
from ikm_program.dashboard.work import work_of
from ikm_program.forms import DateField, HasDressedFields
from ikm_program.report_screens import not_after_today
from ikm_program.screens import Link, permitted
from ikm_program.views import Screen
from production.models import PublishedFigure
from trainings.models import IssuedDocument, Programme, User
from trainings.programme_choice import Choice, choose_programme

FIGURES = "production.view_reconciliation"
NEWEST = 5
LINKING = 3  # names of those who manage accounts
PAPER_PLACES = (
    Link(_("Register of papers"), "trainings:register", "trainings.view_issueddocument"),
    Link(_("All reports"), "report_index", "trainings.view_programme"),
    Link(_("Monthly reports"), "distribution:monthly_list", "distribution.view_monthlyreport"),
    Link(_("Final reports"), "distribution:final_list", "distribution.view_finalreport"),
    Link(_("My downloads"), "trainings:bundle_list", "trainings.view_issueddocument"),
)


class DayForm(HasDressedFields, forms.Form):
    """As of which day the figures are asked for."""

    per = DateField(label=_("As of"), required=False)


class Home(Screen):
    """The work list first, then the figures of the chosen programme."""

    permission = "trainings.view_programme"
    title = _("Home")
    place = "home"
    template_name = "dashboard/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        prefetch_related_objects([self.person], "groups")  # the work list and the account menu both ask for the roles
        choice, form = choose_programme(self.request), DayForm(self.request.GET, user=self.request.user)
        not_after_today(form, ("per",))
        day = form.cleaned_data["per"] if form.is_valid() else None
        figures = self.figures(choice.programme, day)
        work = work_of(self.request.user)
        return super().get_context_data(
            roof=roof_of(choice, work),
            choice=choice,
            day=day or timezone.localdate(),
            is_past=bool(day and day < timezone.localdate()),
            day_form=form,
            work=work,
            figures=figures,
            chosen=figures.chosen(self.request.GET.get("produk", "")) if figures else None,
            published=[(figure, beside(figure, figures)) for figure in self.published(choice)],
            papers=self.newest_papers(),
            signs=self.signs,
            linked_by=self.linked_by(),
            first_steps=self.first_steps(figures),
            paper_places=permitted(PAPER_PLACES, self.request.user) if self.signs else [],
            **kwargs,
        )

    @property
    def person(self) -> User:
        return cast("User", self.request.user)  # the page asks for a permission, so somebody is signed in

    @property
    def is_district(self) -> bool:
        region = self.person.region
        return bool(region and region.is_district)

    @property
    def signs(self) -> bool:
        return bool(self.request.user.has_perms(("distribution.issue_handover", "trainings.view_issueddocument")))

    def linked_by(self) -> list[str] | None:
        """Who can say as whom this person teaches, while nobody has: without that, no batch is his or hers. None: nothing is missing."""
        if not self.person.is_only_instructor or self.person.instructor_record or self.person.region is None:
            return None
        return [
            str(admin) for admin in User.objects.get_queryset().who_may("change_user", self.person.region).order_by("full_name")[:LINKING]
        ]

    def first_steps(self, figures: ProgrammeFigures | None) -> list[ShownStep]:
        """Asked only while nothing is reported: an office at work pays no query for them."""
        is_at_work = figures is not None and any(row.has_reported for row in figures.result.rows)
        return [] if is_at_work else first_steps(self.request.user)

    def figures(self, programme: Programme | None, day: dt.date | None) -> ProgrammeFigures | None:
        user = self.request.user
        if programme is None or not user.has_perm(FIGURES):
            return None
        return figures_of(programme, reconcile(user, as_of=day, programmes=[programme]), user)

    def published(self, choice: Choice) -> list[PublishedFigure]:
        """What others published, for the people who compare it; a district's phone is spared, and who signs sees papers instead."""
        if self.is_district or self.signs or choice.programme is None or not self.request.user.has_perm("production.view_publishedfigure"):
            return []
        figures = PublishedFigure.objects.for_user(self.request.user).filter(programme=choice.programme)
        found = list(figures.select_related("product", "region").order_by("product", "region__kemendagri_code", "kind"))
        return sorted(found, key=lambda figure: figure.product is None)  # what can be compared comes first

    def newest_papers(self) -> list[IssuedDocument]:
        """For whoever signs: the latest papers, the PDF one tap away."""
        if not self.signs:
            return []
        documents: Any = IssuedDocument.objects.for_user(self.request.user)
        return list(documents.with_names().defer("snapshot").order_by("-document_on", "-issued_at", "-pk")[:NEWEST])

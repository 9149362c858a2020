from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, passports, pdf
from ikm_program.plain_cells import in_plain_words
from ikm_program.screens import Text
from ikm_program.views import FormScreen, ObjectScreen
from trainings import actions, passport
from trainings.forms.passport import ProductLineForm, WorkforceForm
from trainings.models import Enterprise, ProductLine, WorkforceReport

PLACE = "trainings:enterprise_list"
MOST_ROWS, FEWEST_ROWS = 8, 1  # of a section on paper
LINES, HEADING = 42, 3  # what one page holds beside the facts; what a section costs beside its rows


class PassportFile(ObjectScreen):
    """The passport as one printed page, in Indonesian: what is on record on the day it is printed, as far as the reader may see it."""

    model = Enterprise
    permission = "trainings.view_enterprise"
    place = PLACE
    related = ("region__parent", "sentra")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        enterprise, user = self.object, request.user
        with translation.override("id"):
            own = [*passport.sections_of(enterprise, user), *(section for section, _ways in passports.sections_of(enterprise, user))]
            context = {
                "enterprise": enterprise,
                "sections": _on_one_page([_printed(section) for section in own]),
                "today": timezone.localdate(),
                "office": getattr(user, "office", None),
            }
            content = pdf.render("trainings/pdf/passport.html", context, title=f"Paspor IKM {enterprise}")
        audit.record("download", enterprise, by=user, after={"report": "Paspor IKM", "format": "pdf"})
        headers = {"Content-Disposition": f'inline; filename="paspor-ikm-{enterprise.pk}.pdf"'}
        return HttpResponse(content, content_type=pdf.PDF_CONTENT_TYPE, headers=headers)


def _printed(section: passports.Section) -> dict[str, Any]:
    """Plain cells, without the columns that only act; what does not fit is counted."""
    columns = [column for column in section.columns if column.path != "self"]
    rows = list(section.rows)
    return {
        "heading": section.heading,
        "lead": section.lead,
        "empty": section.empty,
        "columns": columns,
        "rows": [[in_plain_words(column, row) for column in columns] for row in rows[:MOST_ROWS]],
        "count": len(rows),
    }


def _on_one_page(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """So many rows of each section that all of them fit; what is left out is counted."""
    most = MOST_ROWS
    while most > FEWEST_ROWS and sum(min(section["count"], most) + HEADING for section in sections) > LINES:
        most -= 1
    return [section | {"rows": section["rows"][:most], "more": max(section["count"] - most, 0)} for section in sections]


class _OfEnterprise(FormScreen):
    """A fact more about a business."""

    model = Enterprise
    place = PLACE
    related = ("region",)

    def get_title(self) -> Text:
        return f"{self.title} · {self.object}"

    def get_initial(self) -> dict[str, Any]:
        return {}

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]


class ProductLineAdd(_OfEnterprise):
    form_class = ProductLineForm
    action = actions.add_product_line
    title = _("Add a product line")


class WorkforceAdd(_OfEnterprise):
    form_class = WorkforceForm
    action = actions.add_workforce_report
    title = _("Record what is known of the pandemic")


class _OfFact(FormScreen):
    place = PLACE
    related = ("enterprise__region",)

    def get_title(self) -> Text:
        return f"{self.title} · {self.object.enterprise}"

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object.enterprise), self.object.get_absolute_url())]


class ProductLineUpdate(_OfFact):
    model = ProductLine
    form_class = ProductLineForm
    action = actions.update_product_line
    title = _("Edit product line")


class WorkforceUpdate(_OfFact):
    model = WorkforceReport
    form_class = WorkforceForm
    action = actions.update_workforce_report
    title = _("Edit report on the pandemic")

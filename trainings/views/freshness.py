from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.report_screens import KnownParameters
from ikm_program.reporting import Column, Report, Row
from ikm_program.views import ReportScreen
from trainings.reports.freshness import freshness

CONFIRMED = {"fresh": "baru", "old": "lama", "never": "belum"}  # column -> value of the list's filter


class FreshnessReport(ReportScreen):
    """Who has not been asked for a year, by district; every figure leads to its businesses."""

    permission = "trainings.view_enterprise"
    title = _("Freshness of the registry")
    lead = _("Active businesses by the day on which somebody last confirmed their data.")
    place = "trainings:freshness_report"
    file_name = "kemutakhiran-ikm"
    form_class = KnownParameters
    as_of_field = known_field = "diketahui"

    def get_report(self, **parameters: Any) -> Report:
        return self.on_page(freshness(self.request.user, as_of=parameters["diketahui"] or timezone.localdate()), _to_list, subtitle="")


def _to_list(row: Row, column: Column) -> str:
    if column.key != "total" and column.key not in CONFIRMED:
        return ""
    query = {"is_active": "1"} | ({"region": str(row["region"])} if "region" in row else {})
    if column.key in CONFIRMED:
        query["confirmed"] = CONFIRMED[column.key]
    return f"{reverse('trainings:enterprise_list')}?{urlencode(query)}"

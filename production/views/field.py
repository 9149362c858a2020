"""The workbook that a district takes into the field."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ikm_program import audit, xlsx
from ikm_program.views import Screen
from production.imports.field_workbook import field_workbook


class FieldWorkbook(Screen):
    """Made anew for every download, with keys of its own."""

    permission = "production.add_outputentry"

    def get(self, request: HttpRequest) -> HttpResponse:
        content = field_workbook(request.user)
        audit.record("download", None, by=request.user, after={"report": "Kertas kerja", "format": "xlsx"})
        headers = {"Content-Disposition": 'attachment; filename="kertas-kerja.xlsx"'}
        return HttpResponse(content, content_type=xlsx.XLSX_CONTENT_TYPE, headers=headers)

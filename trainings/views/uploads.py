"""A file that somebody sent with a record: private, within reach, and compared with its hash before it goes out."""

from __future__ import annotations

import hashlib
import logging
from typing import ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from ikm_program import audit
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import ObjectScreen

log = logging.getLogger(__name__)


class UploadedFile(ObjectScreen):
    """`file_field` and `hash_field` name the two columns; a PDF is saved, never opened inside our pages."""

    file_field: ClassVar[str]
    hash_field: ClassVar[str]
    file_name: ClassVar[str]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        record = self.object
        file, expected = getattr(record, self.file_field), getattr(record, self.hash_field)
        if not file:
            raise Http404
        with file.open("rb") as opened:
            content = opened.read()
        if hashlib.sha256(content).hexdigest() != expected:
            log.error("the file of %s %s does not have its hash", record._meta.label_lower, record.pk)
            audit.record("file_damaged", record, by=request.user, after={"expected": expected})
            self.template_name, self.title = "trainings/file_damaged.html", _("The stored file is damaged")
            return self.render_to_response(self.get_context_data(document=None), status=500)
        audit.record("download", record, by=request.user, after={"sha256": expected})
        is_pdf = file.name.endswith(".pdf")
        name = f"{self.file_name}-{record.pk}.{'pdf' if is_pdf else 'jpg'}"
        headers = SENT_BY_PEOPLE | {"Content-Disposition": f'{"attachment" if is_pdf else "inline"}; filename="{name}"'}
        return HttpResponse(content, content_type="application/pdf" if is_pdf else "image/jpeg", headers=headers)

"""Words of imports in templates."""

from __future__ import annotations

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ikm_program.sheets.kinds import Text, kind_of
from ikm_program.sheets.models import SheetImport

register = template.Library()


@register.filter
def kind_label(sheet_import: SheetImport) -> Text:
    return kind_of(sheet_import.kind).label


@register.simple_tag
def fresh_key() -> SafeString:
    """The key of a form of buttons: sent twice, it is done once."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid.uuid4())

"""What an address answers: its screen, what a person could read there, what it wrote, and a form sent back as it was opened."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from django.urls import Resolver404, resolve

from tests import paper_text


def view_of(url: str) -> Any:
    return getattr(resolve(url.partition("?")[0]).func, "view_class", None)


def permission_of(link: str) -> str:
    """What opening a page takes; of a page that does not exist something that nobody has."""
    try:
        view = view_of(link)
        asked = getattr(view, "permission", "") or getattr(getattr(view, "action", None), "permission", "")
        return str(asked or "trainings.view_programme")  # those that ask for nothing are open to all roles
    except Resolver404:
        return "no such page"


def text_of(response: Any) -> str:
    """What a person could read in an answer, whatever its format."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    if kind.startswith("application/pdf") and len(content) > 1000:
        return paper_text.text_of(content)
    return content.decode(errors="replace")


def table_written(sql: str) -> str:
    found = re.match(r'(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
    return found[1] if found else ""


def filled(form: Any) -> dict[str, Any]:
    """What a browser would send back of a form as it was opened, rows below it included."""
    sent = {bound.html_name: posted(bound) for bound in form if posted(bound) not in (None, "", [])}
    for formset in form.formsets.values():
        for part in [formset.management_form, *formset.forms]:
            sent |= {bound.html_name: posted(bound) for bound in part if posted(bound) not in (None, "", [], False)}
    return sent


def posted(bound: Any) -> Any:
    value = bound.field.prepare_value(bound.value())
    return "on" if value is True else None if value is False else value

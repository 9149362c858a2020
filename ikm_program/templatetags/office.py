"""How values look on screen: figures, dates, states, progress, icons. Built in everywhere; a format lives once, in `formatting`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.db import models
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ikm_program import audit_words, choosing, formatting, passports
from ikm_program.screens import Column, Fact, Link, follow, way_to

register = template.Library()

# The tone of a status; a model may say otherwise in its own STATUS_TONES.
TONES = {
    "aktif": "ok",
    "belum": "muted",
    "berjalan": "info",
    "diajukan": "info",
    "dibatalkan": "danger",
    "dibuka": "ok",
    "dikembalikan": "warn",
    "diterbitkan": "info",
    "diterima": "ok",
    "diterima_sebagian": "warn",
    "disetujui": "ok",
    "ditolak": "danger",
    "ditutup": "muted",
    "diverifikasi": "ok",
    "draf": "muted",
    "mundur": "muted",
    "selesai": "ok",
    "tercatat": "ok",
}
ICONS = {"ok": "check", "info": "clock", "warn": "alert", "danger": "cross", "muted": "circle"}


@register.filter
def jumlah(value: Any) -> str:
    """1234 -> 1.234; what is not known prints nothing."""
    return formatting.jumlah(int(value)) if value not in (None, "") else ""


@register.filter
def selisih(value: int) -> str:
    """100 -> +100, -1400 -> −1.400."""
    return formatting.bertanda(value, formatting.jumlah(value))


@register.filter
def rupiah(value: Any) -> str:
    return formatting.rupiah(int(value)) if value not in (None, "") else ""


@register.filter
def terbilang(value: Any) -> str:
    return formatting.terbilang(int(value)) if value not in (None, "") else ""


@register.filter
def persen(value: int | None, of: int | None) -> str:
    """`{{ made|persen:target }}` -> 135,14%."""
    return formatting.persen(value, of)


@register.filter
def tanggal(value: dt.date | None) -> str:
    """15 Juni 2020, with the month in the language of the screen."""
    return formatting.tanggal_layar(value) if value else ""


@register.filter
def waktu(value: dt.datetime | None) -> str:
    """15 Juni 2020 14.05, in the office's zone."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{formatting.tanggal_layar(local)} {formats.time_format(local, 'H.i')}"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One drawing of the sprite. Beside a word it is silent; alone it needs a label."""
    return _icon(static("img/icons.svg"), name, str(label))


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, label: str) -> SafeString:
    """A page has dozens of them, mostly the same."""
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', sprite, name)


def tone_of(obj: models.Model) -> str:
    status = str(obj.status)  # type: ignore[attr-defined]
    own: dict[Any, str] = getattr(obj, "STATUS_TONES", {})
    return own.get(status) or TONES.get(status, "muted")


@register.simple_tag
def badge(word: Any, tone: str = "muted", icon_name: str = "") -> SafeString:
    """A word with a tone (ok, info, warn, danger, muted) and its icon: never colour alone."""
    return format_html('<span class="badge-{}">{}{}</span>', tone, icon(icon_name or ICONS.get(tone, "circle")), word)


@register.simple_tag
def status_badge(obj: models.Model) -> SafeString:
    return badge(obj.get_status_display(), tone_of(obj))  # type: ignore[attr-defined]


@register.simple_tag
def unknown(word: Any) -> SafeString:
    """Muted words for what is not known: it is never 0."""
    return format_html('<span class="unknown">{}</span>', word)


@register.inclusion_tag("_fragments/progress.html")
def progress(value: int | None, target: int | None, unit: Any = "", label: Any = "", href: str = "") -> dict[str, Any]:
    """`{% progress made target "set" "Hazmat" url %}`: label, bar, "100 / 74 set · 135,14%", a mark where the target lies."""
    top = max(value or 0, target or 0, 1)
    return {
        "value": value,
        "target": target,
        "unit": unit,
        "label": label,
        "href": href,
        "width": round(100 * (value or 0) / top, 2),
        "mark": round(100 * (target or 0) / top, 2) if target and value and value > target else None,
        "is_reached": bool(target and value is not None and value >= target),
    }


@register.simple_tag(name="shown", takes_context=True)
def shown_here(context: template.Context, fact: Fact, obj: Any) -> SafeString:
    """The value of a fact of `obj` as HTML, with the links that whoever looks may follow."""
    return shown(fact, obj, _person(context))


def _person(context: template.Context) -> Any:
    return getattr(context.get("request"), "user", None)


def shown(fact: Fact, obj: Any, user: Any = None) -> SafeString:
    value = follow(obj, fact.path)
    if fact.template:
        return mark_safe(render_to_string(fact.template, {"object": obj, "value": value, "fact": fact}))  # noqa: S308  rendered, thus escaped
    if value is None or value == "":
        return unknown(fact.unknown)
    text = _as_text(fact, value, obj)
    way = way_to(follow(obj, fact.link), user) if fact.link else ""
    cell = format_html('<a href="{}">{}</a>', way, text) if way else conditional_escape(text)
    word = fact.mark(obj) if fact.mark else ""
    return format_html("{} {}", cell, badge(word)) if word else cell


@register.simple_tag(takes_context=True)
def table_rows(
    context: template.Context,
    columns: Sequence[Column],
    rows: Sequence[Any],
    is_picked_from: Any = False,  # noqa: FBT002  a template says it
) -> SafeString:
    """The rows of a list, with a box to pick each where acts on many are offered.

    Hundreds of cells on every page: what the cells of a column share is written once, and no template is asked for each.
    """
    begun = [(column, _start_of_cell(column)) for column in columns]
    pick, user = _("Pick"), _person(context)
    made = []
    for row in rows:
        cells = "".join(f"{start}{shown(column, row, user)}</td>" for column, start in begun)
        box = format_html(_PICK, row.pk, pick, row) if is_picked_from else ""
        made.append(f'<tr role="row">{box}{cells}</tr>')
    return mark_safe("\n".join(made))  # noqa: S308  every part is escaped


_PICK = (
    '<td role="cell" class="pick-cell"><input type="checkbox" class="pick" name="pilih" value="{}" form="banyak" data-pick="list"'
    ' aria-label="{} {}"></td>'
)


def _start_of_cell(column: Column) -> SafeString:
    css = ' class="is-figure"' if column.is_numeric else ""
    return format_html('<td role="cell" data-label="{}"{}>', column.label, mark_safe(css))  # noqa: S308  one of two texts of ours


def _as_text(fact: Fact, value: Any, obj: Any) -> Any:
    match fact.kind:
        case "number":
            unit = follow(obj, fact.unit) if fact.unit else ""
            return format_html('{} <span class="unit">{}</span>', jumlah(value), unit) if unit else jumlah(value)
        case "decimal":
            return formatting.desimal(value)
        case "money":
            return rupiah(value)
        case "date":
            return tanggal(value)
        case "datetime":
            return waktu(value)
        case "status":
            return status_badge(obj if fact.path == "status" else follow(obj, fact.path.rpartition(".")[0]))
        case "yesno":
            return _("Yes") if value else _("No")
        case "longtext":
            return mark_safe(linebreaks(str(value), autoescape=True))  # noqa: S308  linebreaks has escaped it
    return value


@register.inclusion_tag("_fragments/table.html", takes_context=True)
def table(context: template.Context, rows: Any, columns: tuple[Column, ...], caption: Any = "", empty: Any = "") -> dict[str, Any]:
    """A related list on a detail page: `{% table object.lines.all line_columns caption %}`."""
    return {"rows": list(rows), "columns": columns, "caption": caption, "empty_words": empty, "request": context.get("request")}


@register.simple_tag(takes_context=True)
def passport_sections(context: template.Context, obj: Any) -> Any:
    """What other apps know of a record, for the person who looks: `{% passport_sections object as sections %}`."""
    return passports.sections_of(obj, context["request"].user)


@register.simple_block_tag(takes_context=True)
def td(context: template.Context, content: str, path: str) -> SafeString:
    """A hand-written cell that keeps its column's label and alignment: `{% td "product.name" %}…{% endtd %}`."""
    column = next((column for column in context["columns"] if column.path == path), None)
    if column is None:
        raise template.TemplateSyntaxError(f"No column “{path}” is declared on this list")
    css = "is-figure" if column.is_numeric else ""
    return format_html('<td role="cell" data-label="{}" class="{}">{}</td>', column.label, css, content)


@register.simple_tag(takes_context=True)
def url_with(context: template.Context, **changes: Any) -> str:
    """This page's query with some parameters changed: `{% url_with hal=2 %}`."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def missing_before(field: Any, drawn: str) -> Link | None:
    """What must be recorded before this choice can be made; None where there is something to choose."""
    return choosing.missing_before(field, drawn, getattr(field.form, "user", None))


@register.filter
def breakable(text: Any) -> SafeString:
    """A document's number may go on below after a stroke, and nowhere else."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in str(text).split("/")))


@register.filter
def unlocalized(value: float) -> str:
    """A number for an attribute of a drawing: always with a point."""
    return f"{value:g}"


@register.filter
def problems(form: Any) -> list[tuple[str, Any, str]]:
    """Every error of a bound form and its rows as (anchor, label, sentence), for the summary that links to the fields."""
    found = _problems_of(form)
    for formset in getattr(form, "formsets", {}).values():
        heading = getattr(formset, "heading", "")
        found += [(f"{formset.prefix}-galat", heading, str(message)) for message in formset.non_form_errors()]
        for number, row in enumerate(formset.forms, start=1):
            found += _problems_of_row(row, _("row %(number)s") % {"number": number})
    return found


def _problems_of_row(row: Any, place: str) -> list[tuple[str, Any, str]]:
    """Among several rows a label alone does not say which; what is wrong with a whole row leads to its first field."""
    first = next((field.id_for_label or field.auto_id for field in row.visible_fields()), "")
    return [(anchor or first, f"{label} ({place})" if label else place, message) for anchor, label, message in _problems_of(row)]


def _problems_of(form: Any) -> list[tuple[str, Any, str]]:
    found = [("", "", str(message)) for message in form.non_field_errors()]
    for name, errors in form.errors.items():
        if name in form.fields:
            field = form[name]
            anchor = "" if field.is_hidden else field.id_for_label or field.auto_id
            found += [(anchor, field.label, str(message)) for message in errors]
    return found


@register.filter
def is_begun(fields: Any) -> bool:
    """Whether something stands in a group of fields, or something is wrong there."""
    told = (bound.errors or hasattr(bound.field, "stored_now") for bound in fields)
    return any(told) or any(bound.value() not in (None, "", bound.field.initial) for bound in fields)


@register.filter
def deed(event: Any) -> str:
    """What an audit event did, in words."""
    return audit_words.deed(event)


@register.filter
def record_kind(event: Any) -> str:
    """What kind of record an audit event is about."""
    return audit_words.kind_label(event.model)


@register.filter
def as_row_changes(event: Any) -> list[tuple[str, str, str]]:
    """Before and after of an audit event, field by field."""
    return audit_words.changes(event)

"""Choosing one record of a big table: typed and suggested instead of picked from a drop-down.

    enterprise = SearchedChoiceField(Enterprise.objects.all(), suggestions="trainings:enterprise_suggestions", label=_("IKM business"))

With JavaScript it is a combobox that suggests within the person's reach. Without it the typed words are sent: one hit is taken, of
several the form comes back and asks which. Choices are narrowed like those of every form.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from ikm_program.base_screen import Screen
from ikm_program.screens import Link, resolved
from ikm_program.searching import normalised

MOST_SUGGESTED = 10
SHORTEST = 2  # letters


class SearchedInput(forms.Widget):
    """A text, the key of what was chosen, and, after an unclear answer, the records it may have meant."""

    template_name = "_fragments/choosing.html"
    has_several_names = True  # of its parts, in what is sent

    def __init__(self, suggestions: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions
        self.meant: list[Any] = []
        self.choices: Any = ()  # set by the field

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        chosen = data.get(f"{name}_pilih") or data.get(name) or ""
        return {
            "pk": str(chosen),
            "text": data.get(f"{name}_cari", ""),
            "is_typed": f"{name}_cari" in data,
            "is_picked": f"{name}_pilih" in data,
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_cari" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        sent = value if isinstance(value, dict) else {"pk": "" if value is None else str(value), "text": ""}
        record = self.choices.queryset.filter(pk=sent["pk"]).first() if sent["pk"].isdecimal() and not sent["text"] else None
        context["widget"] |= {
            "pk": sent["pk"],
            "text": sent["text"] or (str(record) if record else ""),
            "url": resolved(self.suggestions),
            "meant": self.meant,
        }
        return context


class SearchedChoiceField(forms.ModelChoiceField):
    """One record of a `Searched` model, or of any whose queryset has a `search` of its own."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_found": _("Nothing of that name lies within your reach. Check the spelling, or leave the field empty."),
        "which": _("Several match. Choose one."),
    }

    def __init__(self, queryset: Any, *, suggestions: str, beside: str = "", **kwargs: Any) -> None:
        """`beside`: another field of the form, which narrows what is suggested."""
        attrs = {"hx-include": f"[name={beside}]"} if beside else {}
        super().__init__(queryset, widget=SearchedInput(suggestions, attrs), **kwargs)

    def clean(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return super().clean(value)
        if not value["is_typed"] or value["is_picked"]:  # only a key was sent
            return super().clean(value["pk"])
        text = value["text"].strip()
        if not text:
            return super().clean(None)
        record = self.queryset.filter(pk=value["pk"]).first() if value["pk"].isdecimal() else None  # type: ignore[union-attr]
        if record is not None and str(record) == text:
            return super().clean(value["pk"])
        return self._meant_by(text)

    def _meant_by(self, text: str) -> Any:
        """What was typed: the one hit, or the only one of exactly that name."""
        rows = self.queryset
        hits: list[Any] = rows.search(text).first(MOST_SUGGESTED)  # type: ignore[union-attr]
        exact = [hit for hit in hits if normalised(str(hit)) == normalised(text)]
        if len(hits) == 1 or len(exact) == 1:
            return (exact or hits)[0]
        if isinstance(self.widget, SearchedInput):
            self.widget.meant = hits
        code = "which" if hits else "not_found"
        raise ValidationError(self.error_messages[code], code=code)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if isinstance(data, dict) and not data["pk"] and data["text"].strip():
            return True  # a name for which no key was sent
        return super().has_changed(initial, data["pk"] if isinstance(data, dict) else data)


class Suggestions(Screen):
    """What a combobox suggests: at most ten, within what the person may choose."""

    template_name = "_fragments/suggestions.html"
    is_owned: ClassVar[bool] = True  # choices of forms that change something

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = str(next((value for name, value in request.GET.items() if name == "q" or name.endswith("_cari")), "")).strip()
        manager: Any = self._model()._default_manager
        rows = self._reach(manager.owned_by(request.user) if self.is_owned else manager.for_user(request.user))
        hits = rows.search(text).first(MOST_SUGGESTED) if len(text) >= SHORTEST else []
        return self.render_to_response({"hits": [(hit, self.about(hit)) for hit in hits], "text": text, "is_short": len(text) < SHORTEST})

    def about(self, record: Any) -> str:
        """What tells it from others of the same name."""
        return ""


def missing_before(field: Any, drawn: str, user: Any) -> Link | None:
    """What has to be recorded first where a required choice offers nothing: its name, with the way there for whoever may add it.

    It is told by the drop-down as it was drawn: asking the database again would cost every form a query for each.
    """
    own = field.field
    if not (isinstance(own, forms.ModelChoiceField) and isinstance(own.widget, forms.Select) and own.required and own.queryset is not None):
        return None
    if re.search(r'<option value="[^"]', drawn):
        return None
    meta = own.queryset.model._meta
    may_add = user is not None and user.has_perm(f"{meta.app_label}.add_{meta.model_name}")
    return Link(meta.verbose_name, url=resolved(f"{meta.app_label}:{meta.model_name}_create") if may_add else "")

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm
from trainings.fullness import Choice, choices
from trainings.models import Enterprise, Participant


class MergeForm(ActionForm):
    """Field by field, which of two values stays; the better guess is chosen when it opens."""

    intro_template = "trainings/_comparison.html"
    is_wide = True
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sides: tuple[Enterprise, Enterprise] | tuple[Participant, Participant] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices: list[Choice] = choices(*sides) if sides else []
        for choice in self.choices:
            words = [("left", choice.left or _("empty")), ("right", choice.right or _("empty"))]
            self.fields[f"keep_{choice.name}"] = forms.ChoiceField(
                label=choice.label, choices=words, widget=forms.RadioSelect, initial=choice.better
            )

    def compared(self) -> list[tuple[Choice, forms.BoundField]]:
        return [(choice, self[f"keep_{choice.name}"]) for choice in self.choices]

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """All fields stand in the comparison."""
        return []

    def action_kwargs(self) -> dict[str, Any]:
        keep = {choice.name: self.cleaned_data[f"keep_{choice.name}"] for choice in self.choices}
        return {"keep": keep, "seen": self.cleaned_data["seen"]}

    def refuse(self, message: Any, field: str | None = None) -> None:
        super().refuse(message, f"keep_{field}" if field else None)

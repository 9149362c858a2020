"""Forms that ask before a second record of the same business or person is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import IdempotencyKey
from ikm_program.screens import may_open
from trainings.forms.enterprises import EnterpriseForm
from trainings.forms.participants import ParticipantForm
from trainings.likely import Match, worth_asking
from trainings.models import Enterprise, Participant

TAKES_UP = "dilengkapi"  # in what the form sends: open the record on file with what was typed


class AsksForDuplicates:
    """For forms that make a record: what looks like one on file is shown first, and saved all the same once it is ticked as another."""

    makes: ClassVar[type[Enterprise | Participant]]
    intro_template = "trainings/_alike.html"
    edit_address: ClassVar[str] = ""  # where the record on file is filled up with what was typed
    cleaned_data: dict[str, Any]
    fields: dict[str, forms.Field]
    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alike: list[Match] = []
        self.fields["is_distinct"] = forms.BooleanField(label=_("Not a duplicate: save it"), required=False)

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        if not self._is_replay():
            self.alike = worth_asking(self._typed(), user=self.user)
            if self.alike and not self.cleaned_data.get("is_distinct"):
                message = _("This looks like something on record already. Use that one, or tick that it is another.")
                self.add_error("is_distinct", ValidationError(message))  # type: ignore[attr-defined]
        return cleaned

    def offers(self) -> Iterator[tuple[Match, Any, str]]:
        """Each that looks like it: what the form would do with it instead, and where it can be filled up; nothing where it cannot."""
        keys = [match.record.pk for match in self.alike]
        own = set(self.makes.objects.owned_by(self.user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
        instead = self.instead(own) if own else {}
        for match in self.alike:
            pk = match.record.pk
            address = reverse(self.edit_address, kwargs={"pk": pk}) if self.edit_address and pk in own else ""
            yield match, instead.get(pk, ""), address if address and may_open(address, self.user) else ""

    def instead(self, own: set[int]) -> Mapping[int, Any]:
        """By record that is this person's to change: what the form is after, if that can be had of it at once."""
        return {}

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The tick stands with the likely duplicates, at the head of the form."""
        groups = super().field_groups()  # type: ignore[misc]
        return [(title, kept) for title, fields in groups if (kept := [field for field in fields if field.name != "is_distinct"])]

    def _is_replay(self) -> bool:
        """The form has arrived before: the record that looks like it is its own."""
        key = self.cleaned_data.get("key")
        return key is not None and IdempotencyKey.objects.filter(user=self.user, key=key).exists()

    def _typed(self) -> Enterprise | Participant:
        columns = {field.name for field in self.makes._meta.fields if field.editable}
        values = {name: value for name, value in self.cleaned_data.items() if name in columns}
        return self.makes(**{"region": self.default_region()} | values)

    def default_region(self) -> Any:
        """Where it lies when the form does not ask."""
        return None


class EnterpriseCreateForm(AsksForDuplicates, EnterpriseForm):
    makes = Enterprise
    edit_address = "trainings:enterprise_update"


class ParticipantCreateForm(AsksForDuplicates, ParticipantForm):
    makes = Participant
    edit_address = "trainings:participant_update"

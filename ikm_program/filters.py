"""Filters of lists: a form in the URL that answers `filter(queryset)`, with choices within the person's reach."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.forms import NullBooleanField
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from ikm_program import forms, keeping
from ikm_program.scoping import restrict_choices

NO_FILTERS = ("q", "urut", "hal", "kursor", "kolom", "format")  # of an address: they say nothing about the fields


class DateFilter(django_filters.DateFilter):
    """A day, picked in the browser's own calendar."""

    field_class = forms.DateField


class FilterSet(django_filters.FilterSet):
    """Base of every list's filter. Give it the request: choices are narrowed to what the person may see."""

    def get_form_class(self) -> Any:
        form_class = super().get_form_class()
        user = self.request.user

        class Narrowed(form_class):  # type: ignore[misc,valid-type]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                restrict_choices(self, user)
                forms.dress(self)
                for field in self.fields.values():
                    if getattr(field, "empty_label", None):
                        field.empty_label = _("All")
                    if isinstance(field, NullBooleanField):  # its first choice is "unknown", which asks for nothing
                        field.widget.choices = [("", _("All")), *field.widget.choices[1:]]
                    if isinstance(field, django_filters.fields.ChoiceField):
                        field.choices = list(field.choices)[1:]  # its iterator still reads the label of the class's own field

        return Narrowed

    @property
    def fields_html(self) -> str:
        """The fields of the filter bar. Their choices are records within somebody's reach: kept until something is recorded."""
        asked = sorted((name, self.data.getlist(name)) for name in self.data if name not in NO_FILTERS) if self.is_bound else []
        name = f"{type(self).__module__}.{type(self).__qualname__}"
        person, language, today = self.request.user.pk, translation.get_language(), timezone.localdate()
        depends_on = ("filter", name, asked, person, language, today, keeping.recorded_so_far(self.request))
        return mark_safe(  # noqa: S308  rendered, thus escaped
            keeping.kept(depends_on, lambda: render_to_string("_fragments/filter_fields.html", {"form": self.form}))
        )

    @property
    def active_count(self) -> int:
        """How many filters are set, for the button that opens them on a phone."""
        if not self.is_bound or not self.form.is_valid():
            return 0
        return sum(1 for value in self.form.cleaned_data.values() if value not in (None, "", [], ()) and not _is_empty_query(value))

    def in_words(self) -> list[tuple[str, str]]:
        """What is set, as a person reads it: (label, value)."""
        if not self.is_bound or not self.form.is_valid():
            return []
        data = self.form.cleaned_data
        return [
            (str(field.label), _chosen(field, data[name]))
            for name, field in self.form.fields.items()
            if data.get(name) not in (None, "", [], ()) and not _is_empty_query(data[name])
        ]


def _chosen(field: Any, value: Any) -> str:
    choices = {} if isinstance(field, django_filters.fields.ModelChoiceField) else dict(getattr(field, "choices", ()))
    return str(choices.get(value, value))


def _is_empty_query(value: Any) -> bool:
    return isinstance(value, QuerySet) and value.query.is_empty()  # nothing chosen is `.none()`: no query is needed to know


def matching(queryset: Any, fields: tuple[str, ...], text: str, also: Callable[[str], Q] | None = None) -> Any:
    """Rows in which every word of `text` stands in one of the fields, or which `also` finds by it."""
    for word in text.split()[:8]:
        places = [_standing_in(queryset.model, field, word) for field in fields]
        queryset = queryset.filter(reduce(or_, [*places, also(word)] if also else places))
    return queryset


def _standing_in(model: type[Model], field: str, word: str) -> Q:
    """A field across many rows (the goods of a paper) is asked in a subquery, so that no row comes twice."""
    found = Q(**{f"{field}__icontains": word})
    return Q(pk__in=model._base_manager.filter(found).values("pk")) if _crosses_to_many(model, field) else found


def _crosses_to_many(model: type[Model], path: str) -> bool:
    owner: Any = model
    for name in path.split("__"):
        try:
            field = owner._meta.get_field(name)
        except FieldDoesNotExist:
            return False  # an annotation, or a key of a JSON field
        if field.one_to_many or field.many_to_many:
            return True
        if not field.is_relation:
            return False
        owner = field.related_model
    return False

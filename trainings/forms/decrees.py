from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionModelForm
from trainings.models import Batch, Decree


class BatchesChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class DecreeForm(ActionModelForm):
    owned_choices = ("office", "batches")
    sections = (
        (_("Decree"), ("office", "number", "issued_on", "about", "file", "reason")),
        (_("Whom it names"), ("batches",)),
    )
    file = forms.FileField(
        label=_("The decree (scan)"),
        help_text=_("A PDF, or a picture in JPEG, PNG or WebP format, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        required=False,
    )
    reason = forms.CharField(label=_("Why another file takes its place"), max_length=250, required=False)
    batches = BatchesChoice(
        Batch.objects.select_related("activity", "region").order_by("activity", "region__kemendagri_code", "number"),
        label=_("Batches"),
        help_text=_("One decree may name the participants of several batches. Those of other decrees are not listed."),
        required=False,
    )

    class Meta:
        model = Decree
        fields = ("office", "number", "issued_on", "about")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = not isinstance(self.subject, Decree)
        if is_new or not self.subject.has_file:
            del self.fields["reason"]
        field = self.fields["batches"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        assert field.queryset is not None
        free = Q(decree__isnull=True, activity__programme__status="dibuka") & ~Q(status=Batch.Status.CANCELLED)
        field.queryset = field.queryset.filter(free if is_new else free | Q(decree=self.subject))

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, DateField
from trainings.missing import earned
from trainings.models import Batch, Certificate, Enrolment, Official


class PeopleChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.participant.name} · {obj.participant.region.short_name}"


def candidates(batch: Batch, user: Any) -> Any:
    """Who has earned a certificate and has none, within reach."""
    standing = Certificate.objects.standing().filter(enrolment=OuterRef("pk"))
    rows = earned(Enrolment.objects.for_user(user).filter(batch=batch)).exclude(Exists(standing))
    return rows.select_related("participant__region").order_by("participant__sort_name", "pk")


class CertificatesForm(ActionForm):
    owned_choices = ("signer",)
    sections = (
        (_("Who gets one"), ("enrolments",)),
        (_("Certificate"), ("signer", "issued_on", "place", "backdating_reason")),
    )
    enrolments = PeopleChoice(Enrolment.objects.none(), label=_("Participants"))
    signer = forms.ModelChoiceField(
        Official.objects.filter(can_sign=True).select_related("office__region").defer("office__arms").order_by("office", "name"),
        label=_("Signed by"),
    )
    issued_on = DateField(label=_("Date of the certificate"), initial=timezone.localdate)
    place = forms.CharField(label=_("Place"), max_length=80)
    backdating_reason = forms.CharField(
        label=_("Why it bears an earlier date"), max_length=200, required=False, help_text=_("Only when the date is not today's.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["enrolments"]
        assert isinstance(people, forms.ModelMultipleChoiceField)
        people.queryset = candidates(self.subject, self.user)
        people.initial = [row.pk for row in people.queryset]
        signer = self.user.official
        if signer is not None:
            self.fields["signer"].initial = signer.pk
        office = signer.office if signer is not None else self.user.office
        self.fields["place"].initial = office.city if office is not None else ""


class CancelCertificateForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), max_length=250, help_text=_("For example: the name is written wrongly."))

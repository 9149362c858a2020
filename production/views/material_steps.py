"""The steps of a paper of materials: looked at, issued, received, cancelled, or thrown away as a draft."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.screens import Text
from ikm_program.views import FormScreen, ObjectScreen
from production.actions import material_handovers as actions
from production.forms.material_handovers import ReceiveForm
from production.forms.materials import ConfirmForm, ReasonedDayForm
from production.material_snapshots import kind_of, of_material_handover
from production.models import MaterialHandover
from production.views.material_handovers import PLACE, RELATED, DraftOnly
from trainings import registers
from trainings.views.documents import inline_pdf


class HandoverPreview(ObjectScreen):
    """The PDF as it stands now, with its DRAF mark while it is a draft."""

    model = MaterialHandover
    permission = "production.view_materialhandover"
    related = (*RELATED, "partner_official__office__region", "programme__region")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return inline_pdf(of_material_handover(self.object, None), self.object.giver_office, may_be_framed=True)


class HandoverIssue(DraftOnly, FormScreen):
    """The last look before issuing."""

    model = MaterialHandover
    form_class = ConfirmForm
    action = actions.issue_handover
    place = PLACE
    related = RELATED
    prefetched = ("lines__material",)
    template_name = "production/material_issue.html"
    submit_label = _("Issue")

    def get_title(self) -> Text:
        return gettext("Issue: %(what)s") % {"what": self.object}

    def get_success_message(self, result: Any) -> Text:
        return gettext("Issued under the number %(number)s.") % {"number": result.number}

    def get_confirmation(self) -> Text:
        draft = self.object
        words = gettext(
            "%(materials)s leave the hand of %(giver)s for %(taker)s, dated %(date)s. "
            "The paper gets the next number, %(number)s. Once issued it cannot be changed."
        )
        return words % {
            "materials": ", ".join(f"{line.said} {line.material}" for line in draft.lines.all()),
            "giver": draft.giver,
            "taker": draft.taker,
            "date": tanggal_layar(draft.handed_over_on),
            "number": registers.next_number(draft.giver_office, kind_of(draft), draft.handed_over_on),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shortages = actions.shortages(self.object)
        return super().get_context_data(
            shortages=shortages,
            obstacles=shortages,
            is_own_draft=self.object.is_drafted_by(self.request.user),
            preview_url=reverse("production:material_handover_preview", kwargs={"pk": self.object.pk}),
            **kwargs,
        )


class HandoverReceive(FormScreen):
    """The side that receives writes it down."""

    model = MaterialHandover
    subject_is = "visible"
    form_class = ReceiveForm
    action = actions.receive_handover
    place = PLACE
    related = RELATED
    prefetched = ("lines__material",)
    submit_label = _("Record the receipt")
    success_message = _("The receipt is recorded.")

    def get_title(self) -> Text:
        return gettext("Record the receipt: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        words = gettext("%(materials)s are with %(taker)s. What did not arrive is with the giver again, to be given anew or written off.")
        materials = ", ".join(f"{line.said} {line.material}" for line in self.object.lines.all())
        return words % {"materials": materials, "taker": self.object.taker}


class HandoverCancel(FormScreen):
    model = MaterialHandover
    form_class = ReasonedDayForm
    action = actions.cancel_handover
    place = PLACE
    related = RELATED
    submit_label = _("Cancel the document")
    success_message = _("The document is cancelled; everything it moved is back where it was.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        words = gettext("Everything goes back to %(giver)s. Number %(number)s is never used again.")
        return words % {"giver": self.object.giver, "number": self.object.number}


class HandoverDiscard(DraftOnly, FormScreen):
    model = MaterialHandover
    form_class = ConfirmForm
    action = actions.discard_handover
    place = PLACE
    related = RELATED
    submit_label = _("Throw the draft away")
    success_message = _("The draft was thrown away. It never had a number.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Throw away: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return _("The draft disappears. No number is lost and no material moves.")

    def get_success_url(self, result: Any) -> str:
        return reverse(PLACE)

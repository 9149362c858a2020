"""The verifier's desk: a queue with its evidence, one report or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah
from ikm_program.screens import Column, Empty, Text
from ikm_program.sending import arrived, key_of
from ikm_program.views import FormScreen, ListScreen, Screen
from production import plausibility
from production.actions.verification import BulkResult, return_many, return_output, verify_many, verify_output
from production.filters.output import QueueFilter
from production.forms.verification import ReturnForm, VerifyForm
from production.models import OutputEntry, OutputLine

PLACE = "production:verification_queue"
PERMISSION = "production.verify_outputentry"
EARLIER = 8
UNSAID = (OutputEntry.Status.DRAFT, OutputEntry.Status.CANCELLED)  # what nobody says, or no longer
PARTS = (Prefetch("lines", OutputLine.objects.select_related("participant__enterprise", "corrects__participant")), "photos")
QUEUE_PARAMETERS = ("wilayah", "produk", "dari", "sampai", "tanda", "q", "hal", "urut")


def queue_url(parameters: QueryDict, **more: Any) -> str:
    """The queue as it was filtered, and where in it."""
    kept = {name: parameters[name] for name in QUEUE_PARAMETERS if parameters.get(name)}
    query = urlencode(kept | more)
    return f"{reverse(PLACE)}?{query}" if query else reverse(PLACE)


def evidence(entry: OutputEntry, user: Any, flags: Sequence[plausibility.Flag] | None = None) -> dict[str, Any]:
    """What a verifier looks at: flags (known already in the queue), photos, the lines, and what the same batch reported before."""
    siblings = OutputEntry.objects.for_user(user).filter(batch=entry.batch, product=entry.product, region=entry.region)
    earlier = siblings.filter(made_on__lte=entry.made_on).exclude(pk=entry.pk).exclude(status__in=UNSAID)
    return {
        "entry": entry,
        "flags": plausibility.flags_of([entry])[entry.pk] if flags is None else flags,
        "photos": list(entry.photos.all()),
        "earlier": list(earlier.select_related("product", "region").order_by("-made_on", "-pk")[:EARLIER]),
        "is_own": user.pk in (entry.created_by_id, entry.submitted_by_id),
        "is_waiting": entry.status == OutputEntry.Status.SUBMITTED,
    }


def decision_forms(entry: OutputEntry, user: Any) -> dict[str, Any]:
    return {"verify_form": VerifyForm(user=user, subject=entry), "return_form": ReturnForm(user=user, subject=entry)}


class VerificationQueue(ListScreen):
    model = OutputEntry
    permission = PERMISSION
    title = _("Verification queue")
    place = PLACE
    template_name = "production/verification_queue.html"
    related = ("product", "region", "batch__activity__programme", "batch__region", "created_by")
    columns = (
        Column(_("Report"), "made_on", sort="made_on"),
        Column(_("Good"), "good", kind="number", sort="good"),
        Column(_("Flags"), "flags"),
    )
    search_fields = ("product__name", "region__name", "batch__activity__name", "note")
    search_label = _("Search reports")
    filterset_class = QueueFilter
    ordering = ("made_on", "pk")
    is_exportable = False  # a desk, no list: the list of reports has the same rows
    empty = Empty(_("Nothing waits for verification."), _("What the districts submit appears here, oldest first."))

    def get_queryset(self) -> Any:
        return super().get_queryset().waiting()

    def rows_template(self) -> list[str]:
        return ["production/_queue_rows.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        entries = context["object_list"] = list(context["object_list"])
        found = plausibility.flags_of(entries)
        for entry in entries:
            entry.flags = found[entry.pk]
        is_part = bool(getattr(self.request, "htmx", None))  # the list alone: what is open beside it stays
        chosen = None if is_part else self._chosen(entries)
        if chosen is not None:
            prefetch_related_objects([chosen], *PARTS)
            context |= evidence(chosen, self.request.user, found[chosen.pk]) | decision_forms(chosen, self.request.user)
        kept = QueryDict(mutable=True)
        kept.update({name: self.request.GET[name] for name in QUEUE_PARAMETERS if self.request.GET.get(name)})
        is_narrowed = any(name not in ("hal", "urut") for name in kept)  # where one stands in the queue hides nothing
        return context | {"chosen": chosen, "back_query": kept.urlencode(), "is_narrowed": is_narrowed, "key_of_many": uuid4()}

    def _chosen(self, entries: Sequence[OutputEntry]) -> OutputEntry | None:
        """The one asked for, the next one after the one just decided (`sesudah`), or the first."""
        asked, after = self.request.GET.get("pilih"), self.request.GET.get("sesudah", "")
        chosen = next((entry for entry in entries if str(entry.pk) == asked), None)
        if chosen is None and after.isdecimal():
            decided = OutputEntry.objects.for_user(self.request.user).filter(pk=after).values_list("made_on", "pk").first()
            chosen = next((entry for entry in entries if decided and (entry.made_on, entry.pk) > decided), None)
        return chosen or next(iter(entries), None)


class Decision(FormScreen):
    """Verify or return one report. The other form of the page is there too, unbound."""

    model = OutputEntry
    permission = PERMISSION
    place = PLACE
    template_name = "production/verification_detail.html"
    related = ("product", "region", "batch__activity__programme", "batch__region", "created_by", "corrects__product", "corrects__region")
    prefetched = PARTS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "htmx", None) and request.htmx.target == "bukti":  # type: ignore[attr-defined]
            self.template_name = "production/_evidence.html"
        response = super().get(request, *args, **kwargs)
        response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
        return response

    def get_title(self) -> Text:
        return str(self.object)

    def get_success_url(self, result: Any) -> str:
        return queue_url(self.request.GET, sesudah=self.object.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        user = self.request.user
        shown = evidence(self.object, user) | decision_forms(self.object, user)
        shown["verify_form" if isinstance(form, VerifyForm) else "return_form"] = form
        return super().get_context_data(back_query=self.request.GET.urlencode(), **shown, **kwargs)


class Verification(Decision):
    form_class = VerifyForm
    action = verify_output

    def get_success_message(self, result: OutputEntry) -> Text:
        words = gettext("Verified: %(report)s, %(quantity)s %(unit)s.")
        return words % {"report": result, "quantity": jumlah(result.verified_quantity or 0), "unit": result.product.unit}


class Return(Decision):
    form_class = ReturnForm
    action = return_output

    def get_title(self) -> Text:
        return format_lazy(_("Return: {report}"), report=str(self.object))

    def get_success_message(self, result: OutputEntry) -> Text:
        return gettext("Returned to its author: %(report)s.") % {"report": result}


REASON: forms.Field = ReturnForm.base_fields["reason"]


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


class DecideMany(Screen):
    """The picked reports of the queue: the good ones are done, the others listed with the reason."""

    permission = PERMISSION
    model = OutputEntry
    related = ("product", "region", "batch__activity__programme", "batch__region")
    http_method_names = ["post"]

    def get_queryset(self) -> Any:
        return self._reach(OutputEntry.objects.owned_by(self.request.user))

    @cached_property
    def picked(self) -> list[OutputEntry]:
        """Each with the version that was on the page, so that a report edited since is refused."""
        pairs = [value.partition(":") for value in self.request.POST.getlist("pilih")]
        seen = {pk: version for pk, _colon, version in pairs if _is_key(pk) and _is_key(version)}
        found = list(self.get_queryset().filter(pk__in=seen).order_by("made_on", "pk"))
        for entry in found:
            entry.version = int(seen[str(entry.pk)])
        return found

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.picked:
            messages.warning(request, gettext("No report was picked."))
        elif request.POST.get("langkah") == "kembalikan":
            self.give_back()
        else:
            result = verify_many(self.picked, by=request.user, key=key_of(request))
            self.tell(result, ngettext("%(n)s report verified.", "%(n)s reports verified.", len(result.done)))
        return arrived(request, HttpResponseRedirect(queue_url(request.GET)))

    def give_back(self) -> None:
        try:
            reason = REASON.clean(self.request.POST.get("reason", ""))
        except ValidationError as error:
            messages.warning(self.request, error.messages[0])
            return
        result = return_many(self.picked, by=self.request.user, reason=reason, key=key_of(self.request))
        self.tell(result, ngettext("%(n)s report returned.", "%(n)s reports returned.", len(result.done)))

    def tell(self, result: BulkResult, done: str) -> None:
        if result.done:
            messages.success(self.request, done % {"n": len(result.done)})
        for entry, reason in result.refused:
            messages.warning(self.request, f"{entry}: {reason}")

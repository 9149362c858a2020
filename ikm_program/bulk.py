"""What a list is sent: an act on the ticked rows or on everything that matches, a file with full numbers, a search for a NIK.

An act on many asks first, naming how many. Up to `AT_ONCE` rows are done in the request, more by the worker with a progress page;
each row through the action itself, a chunk in one transaction, and what a rule refuses is listed. Sent again because the answer was lost,
it is told as done: by then other rows may match.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ikm_program import audit, list_files, tallies
from ikm_program.actions import Refusal, ReplayConflict, fingerprint
from ikm_program.finding import digits_of
from ikm_program.models import IdempotencyKey, Job
from ikm_program.screens import Text
from ikm_program.sending import key_of
from ikm_program.transactions import write_transaction

if TYPE_CHECKING:
    from ikm_program.lists import ListScreen

AT_ONCE = 200
CHUNK = 100
TOLD = 10  # refusals
NIK_DIGITS = 16


@dataclass(frozen=True)
class BulkAction:
    """An act on many rows: the action, what it is called with, what is asked on the confirmation page."""

    name: str  # in what the form sends: `langkah`
    label: Text
    action: Any
    arguments: Mapping[str, Any] = field(default_factory=dict)
    consequence: Text = ""  # what happens, in a sentence
    form_class: type[forms.Form] | None = None  # its fields are further arguments
    is_errand: bool = False  # reads the rows and changes none: the action gets all their keys at once, and answers what to look at next

    def is_permitted(self, user: Any) -> bool:
        return bool(user.has_perm(self.action.permission))


@dataclass
class Outcome:
    """What became of the rows of an act."""

    done: int = 0
    refused: list[str] = field(default_factory=list)
    reasons: dict[tuple[str, str], None] = field(default_factory=dict)  # (field, sentence), each once

    def in_words(self) -> str:
        lines = [ngettext("%(count)s row done.", "%(count)s rows done.", self.done) % {"count": self.done}]
        if self.refused:
            lines += [ngettext("%(count)s refused:", "%(count)s refused:", len(self.refused)) % {"count": len(self.refused)}]
            lines += self.refused[:TOLD]
        return "\n".join(lines)


class SentBefore(Exception):
    """The same confirmation has arrived already."""

    def __init__(self, claim: IdempotencyKey) -> None:
        super().__init__(str(claim))
        self.claim = claim


@dataclass(frozen=True)
class Once:
    """A confirmation as it was sent: the key of its page, and all that it asks for."""

    user: Any
    key: UUID
    action: str
    fingerprint: str

    def claim(self) -> IdempotencyKey:
        claim, is_replay = IdempotencyKey.objects.claim(user=self.user, key=self.key, action=self.action, fingerprint=self.fingerprint)
        if (claim.action, claim.fingerprint) != (self.action, self.fingerprint):
            raise ReplayConflict
        if is_replay:
            raise SentBefore(claim)
        return claim


def permitted(screen: ListScreen) -> list[BulkAction]:
    return [act for act in screen.bulk_actions if act.is_permitted(screen.request.user)]


def can_find_nik(screen: ListScreen) -> bool:
    _field, permission = getattr(screen.model, "NUMBERS", {}).get(NIK_DIGITS, ("", ""))
    return bool(permission and screen.request.user.has_perm(permission))


def answer(screen: ListScreen) -> HttpResponseBase:
    """The answer to what was sent; a person who may send nothing here gets what a page without forms says."""
    request, acts = screen.request, {act.name: act for act in permitted(screen)}
    may_have_full = any(column.full and request.user.has_perm(column.full_permission) for column in screen.columns)
    if not (acts or may_have_full or can_find_nik(screen)):
        return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
    step = request.POST.get("langkah", "")
    if step == "unduh":
        return list_files.as_file(screen, request.POST.get("format", "xlsx"), is_full=True)
    if step == "nik":
        return _found_by_nik(screen)
    if step in {act.name for act in screen.bulk_actions} and step not in acts:
        raise PermissionDenied(step)
    if step not in acts or not (request.POST.getlist("pilih") or request.POST.get("semua")):
        messages.warning(request, _("Pick rows first, and what to do with them."))
        return HttpResponseRedirect(screen.url_with())
    return _act(screen, acts[step])


def _found_by_nik(screen: ListScreen) -> HttpResponse:
    """By POST: a number that stands in an address is kept in logs and in the history of the browser."""
    if not can_find_nik(screen):
        raise PermissionDenied
    digits = digits_of(screen.request.POST.get("nomor", ""))
    is_whole = len(digits) == NIK_DIGITS
    rows: Any = screen.get_queryset() if is_whole else screen.get_queryset().none()
    screen.found = rows.search(digits, by=screen.request.user)
    if not is_whole:
        messages.warning(screen.request, _("A NIK has 16 digits."))
    return screen.shown_page(screen.request)


# --- an act on many


def picked(screen: ListScreen) -> Any:
    """The rows meant, within what this person may change."""
    own = screen._model()._default_manager.owned_by(screen.request.user)  # type: ignore[attr-defined]
    return _meant(screen).filter(pk__in=own.values("pk"))


def _meant(screen: ListScreen) -> Any:
    rows = screen.get_rows()
    if screen.request.POST.get("semua"):
        return rows
    return rows.filter(pk__in=[value for value in screen.request.POST.getlist("pilih") if value.isdecimal() and len(value) < 19])


def _act(screen: ListScreen, act: BulkAction) -> HttpResponseBase:
    if act.is_errand:
        return _errand(screen, act)
    rows, sent = picked(screen), screen.request.POST
    count: int = rows.order_by().count()
    form = act.form_class(sent if sent.get("pasti") else None) if act.form_class else None
    if not sent.get("pasti") or (form is not None and not form.is_valid()):
        return _confirmation(screen, act, count, form)
    arguments, once = {**act.arguments, **(form.cleaned_data if form is not None else {})}, _once(screen, act)
    try:
        if count > AT_ONCE:
            return HttpResponseRedirect(_ask_for_job(screen, act, count, once).get_absolute_url())
        outcome = perform(act, rows, by=screen.request.user, arguments=arguments, once=once)
    except SentBefore as before:
        return _told_again(screen, before.claim)
    except ReplayConflict as refusal:
        messages.warning(screen.request, str(refusal))
        return HttpResponseRedirect(screen.url_with())
    if form is not None and not outcome.done and _said_at_fields(form, outcome):
        return _confirmation(screen, act, count, form)
    tell = messages.warning if outcome.refused else messages.success
    tell(screen.request, outcome.in_words())
    return HttpResponseRedirect(screen.url_with())


def _once(screen: ListScreen, act: BulkAction) -> Once | None:
    key, sent = key_of(screen.request), screen.request.POST
    if key is None:
        return None
    asked = {name: sent.getlist(name) for name in sent if name != "csrfmiddlewaretoken"}  # that one is new after another sign-in
    return Once(screen.request.user, key, f"bulk.{act.name}", fingerprint(screen.request.get_full_path(), asked))


def _told_again(screen: ListScreen, claim: IdempotencyKey) -> HttpResponseBase:
    if isinstance(claim.record, Job):
        return HttpResponseRedirect(claim.record.get_absolute_url())
    messages.success(screen.request, _("This had arrived the first time and is done; nothing was done twice."))
    return HttpResponseRedirect(screen.url_with())


def _said_at_fields(form: forms.Form, outcome: Outcome) -> bool:
    """Nothing was done because of what was typed: it is said at its field, and what was picked and typed stays."""
    if not outcome.reasons or any(name not in form.fields for name, _sentence in outcome.reasons):
        return False
    for name, sentence in outcome.reasons:
        form.add_error(name, sentence)
    return True


def _errand(screen: ListScreen, act: BulkAction) -> HttpResponseBase:
    try:
        made = act.action(
            screen._model(),
            by=screen.request.user,
            rows=list(_meant(screen).values_list("pk", flat=True)),
            words=list_files.in_words(screen),
            **act.arguments,
        )
    except Refusal as refusal:
        messages.warning(screen.request, str(refusal))
        return HttpResponseRedirect(screen.url_with())
    return HttpResponseRedirect(made.get_absolute_url())


def _confirmation(screen: ListScreen, act: BulkAction, count: int, form: forms.Form | None) -> HttpResponse:
    screen.template_name = "_screens/bulk.html"
    return screen.render_to_response(
        screen.frame()
        | {
            "title": act.label,
            "act": act,
            "count": count,
            "form": form,
            "picked": screen.request.POST.getlist("pilih") if not screen.request.POST.get("semua") else [],
            "is_all": bool(screen.request.POST.get("semua")),
            "back_url": screen.url_with(),
            "is_long": count > AT_ONCE,
            "key": uuid4(),
        },
        status=422 if form is not None and form.is_bound else 200,
    )


def asked_act(screen: ListScreen) -> tuple[BulkAction, dict[str, Any]]:
    """Which act was sent, and its arguments; permitted when it was asked for, and now."""
    act = next(act for act in permitted(screen) if act.name == screen.request.POST["langkah"])
    form = act.form_class(screen.request.POST) if act.form_class else None
    if form is not None and not form.is_valid():
        raise Refusal(_("What was filled in is no longer valid."))
    return act, {**act.arguments, **(form.cleaned_data if form is not None else {})}


def perform(act: BulkAction, rows: QuerySet[Any], *, by: Any, arguments: Mapping[str, Any], once: Once | None = None) -> Outcome:
    """The action on each row, all of them in one transaction; what is refused is left as it was."""

    def work() -> Outcome:
        outcome, claim = Outcome(), once.claim() if once else None
        with audit.collecting(), tallies.collecting():
            for row in rows.all():  # read anew when the transaction runs again: rows in hand would bear what was rolled back
                try:
                    act.action(row, by=by, **arguments)
                    outcome.done += 1
                except Refusal as refusal:
                    outcome.refused.append(f"{row}: {refusal}")
                    outcome.reasons[refusal.field or "", str(refusal)] = None
        if claim is not None and not outcome.done:
            claim.delete()  # nothing was done: sent once more it is tried again
        return outcome

    return write_transaction(work)


def _ask_for_job(screen: ListScreen, act: BulkAction, count: int, once: Once | None) -> Job:
    from ikm_program import bulk_tasks, jobs  # the worker's side; it knows the screens, and they know us

    def ask() -> Job:
        claim = once.claim() if once else None
        job = jobs.ask_for(
            act.label,
            by=screen.request.user,
            work=bulk_tasks.act_on_many,
            total=count,
            url=screen.url_with(),
            path=screen.request.path,
            query=screen.request.GET.urlencode(),
            sent=screen.request.POST.urlencode(),
        )
        if claim is not None:
            claim.bind(job)
        return job

    return write_transaction(ask)


def screen_again(path: str, query: str, sent: str, user: Any) -> ListScreen:
    """The screen as it was when the act was asked for, for the worker."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "POST", path, path
    request.GET, request.POST, request.user = QueryDict(query), QueryDict(sent), user
    found = resolve(path)
    screen: ListScreen = found.func.view_class()  # type: ignore[attr-defined]
    screen.setup(request, *found.args, **found.kwargs)
    return screen

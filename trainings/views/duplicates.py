"""The queue of likely duplicates, the comparison and merge of a pair, and the merges that can be undone."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, NextStep, Step, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.actions.merges import by_fullness, seen_versions
from trainings.filters.duplicates import DuplicatePairFilter
from trainings.forms.fields import ReasonForm
from trainings.forms.merges import MergeForm
from trainings.models import DuplicatePair, DuplicateSearch, Merge, RecordKind

QUEUE = "trainings:pair_list"


class PairList(ListScreen):
    model = DuplicatePair
    permission = "trainings.view_duplicatepair"
    title = _("Likely duplicates")
    lead = _("Businesses and people that may be on record twice: compare, merge, or say that they are two.")
    place = QUEUE
    related = ("left_region", "right_region")
    columns = (
        Column(_("Records"), "self", template="trainings/_pair.html"),
        Column(_("Kind"), "get_kind_display"),
        Column(_("Why"), "reason_words"),
        Column(_("Likeness (0-100)"), "score", kind="number", sort="score"),
        Column(_("Status"), "status", kind="status"),
    )
    filterset_class = DuplicatePairFilter
    ordering = ("-score",)
    empty = Empty(_("No likely duplicate."), _("The registry is searched once a night."))
    template_name = "trainings/pair_list.html"

    def get_queryset(self) -> Any:
        """What is looked at is what can be decided: both records in reach."""
        rows = self._reach(DuplicatePair.objects.owned_by(self.request.user))
        return rows if self.request.GET.get("status") else rows.waiting()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(last_search=DuplicateSearch.objects.order_by("-searched_on").first(), **kwargs)
        name_records(context["object_list"], self.request.user)
        return context


def name_records(pairs: Any, user: Any) -> None:
    """`left` and `right` of each pair as far as this person may see them: two queries a kind, however many pairs."""
    for kind in RecordKind:
        rows = [pair for pair in pairs if pair.kind == kind]
        if rows:
            found = kind.model.objects.for_user(user).in_bulk({pk for pair in rows for pk in (pair.left_pk, pair.right_pk)})
            for pair in rows:
                pair.left, pair.right = found.get(pair.left_pk), found.get(pair.right_pk)


class _OfKind:
    """Screens of one kind: its pairs and merges only."""

    kind_of_record: ClassVar[RecordKind]

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(kind=self.kind_of_record)  # type: ignore[misc]


class _PairMerge(_OfKind, FormScreen):
    """Side by side, field by field; merging is the act, saying that they are two is the step beside it."""

    model = DuplicatePair
    form_class = MergeForm
    template_name = "trainings/pair_merge.html"
    place = QUEUE
    submit_label = _("Merge")
    success_message = _("The two records are one now. This can be undone here.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Compare and merge")

    @property
    def sides(self) -> Any:
        """Both records while they are there and within reach, as they are after a merge no more."""
        name_records([self.object], self.request.user)
        found = (self.object.left, self.object.right)
        return found if all(found) else None

    def get_form(self, *, is_bound: bool) -> Any:
        sides = self.sides
        initial = {"seen": seen_versions(*sides)} if sides else {}
        sent = {"data": self.request.POST} if is_bound else {}
        return self.form_class(user=self.request.user, subject=self.object, sides=sides, initial=initial, **sent)

    def get_confirmation(self) -> Text:
        if self.sides is None or self.object.status != DuplicatePair.Status.WAITING:
            return ""
        survivor, loser = by_fullness(*self.sides)
        words = gettext("“%(loser)s” (number %(number)s) becomes part of “%(survivor)s”: everything that points to it is carried over.")
        return words % {"loser": loser, "number": loser.pk, "survivor": survivor}

    def get_cancel_url(self) -> str:
        return reverse(QUEUE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        merge = self.object.merges.filter(status=Merge.Status.DONE).first()
        return super().get_context_data(sides=self.sides, merge=merge, can_merge=self._can_merge(), **kwargs)

    def _can_merge(self) -> bool:
        return self.sides is not None and self.object.status == DuplicatePair.Status.WAITING


class EnterprisePair(_PairMerge):
    kind_of_record = RecordKind.ENTERPRISE
    action = actions.merge_enterprises


class ParticipantPair(_PairMerge):
    kind_of_record = RecordKind.PARTICIPANT
    action = actions.merge_participants


class _PairDecision(FormScreen):
    model = DuplicatePair
    form_class = ReasonForm
    place = QUEUE

    def get_success_url(self, result: Any) -> str:
        return reverse(QUEUE)

    def get_confirmation(self) -> Text:
        name_records([self.object], self.request.user)
        names = [str(record) for record in (self.object.left, self.object.right) if record is not None]
        return self.sentence % {"records": " · ".join(names)}  # type: ignore[attr-defined]


class PairDistinct(_PairDecision):
    action = actions.mark_distinct
    title = _("Not a duplicate")
    sentence = _("%(records)s: two different ones. The search does not bring this pair back.")
    submit_label = _("Not a duplicate")
    success_message = _("Remembered: these are two.")


class PairTakeBack(_PairDecision):
    action = actions.take_back_distinct
    title = _("Take back: may be a duplicate")
    sentence = _("%(records)s: they may be one after all. The pair waits in the queue again.")
    submit_label = _("Take back")
    success_message = _("The pair waits in the queue again.")


# --- merges ---------------------------------------------------------------------------------------------------------------


def _is_done(merge: Merge, user: Any) -> bool:
    return merge.status == Merge.Status.DONE


def _undo_step(url_name: str, permission: str) -> NextStep:
    return NextStep(_("Undo the merge"), url_name, permission, when=_is_done, icon="back", is_danger=True)


class _MergeDetail(_OfKind, DetailScreen):
    """What became one, by whom, what was carried over; and the way back."""

    model = Merge
    permission = "trainings.view_merge"
    template_name = "trainings/merge_detail.html"
    place = QUEUE
    related = ("created_by", "survivor_region", "loser_region")
    facts = (
        Fact(_("Record that stayed"), "survivor_name", link="survivor"),
        Fact(_("Record that was merged into it"), "loser_name"),
        Fact(_("Merged by"), "created_by"),
        Fact(_("Merged at"), "created_at", kind="datetime"),
    )


class EnterpriseMerge(_MergeDetail):
    kind_of_record = RecordKind.ENTERPRISE
    steps = (_undo_step("trainings:enterprise_merge_undo", "trainings.merge_enterprise"),)


class ParticipantMerge(_MergeDetail):
    kind_of_record = RecordKind.PARTICIPANT
    steps = (
        NextStep(
            _("Undo the merge"),
            "trainings:participant_merge_undo",
            "trainings.merge_participant",
            when=_is_done,
            icon="back",
            is_danger=True,
        ),
    )


class _MergeUndo(_OfKind, FormScreen):
    model = Merge
    form_class = ReasonForm
    place = QUEUE
    is_danger = True
    submit_label = _("Undo the merge")
    success_message = _("The merge is undone: both records are back.")

    def get_title(self) -> Text:
        return gettext("Undo the merge of %(names)s") % {"names": self.object}

    def get_confirmation(self) -> Text:
        words = gettext("“%(loser)s” comes back with everything that was carried over; “%(survivor)s” is as it was before.")
        return words % {"loser": self.object.loser_name, "survivor": self.object.survivor_name}


class EnterpriseMergeUndo(_MergeUndo):
    kind_of_record = RecordKind.ENTERPRISE
    action = actions.undo_enterprise_merge


class ParticipantMergeUndo(_MergeUndo):
    kind_of_record = RecordKind.PARTICIPANT
    action = actions.undo_participant_merge


def _is_merged(record: Any, user: Any) -> bool:
    """Whether another one was merged into it; which merge was the last is noted at the record."""
    merges = Merge.objects.owned_by(user).filter(kind=RecordKind.of(type(record)), survivor_pk=record.pk, status=Merge.Status.DONE)
    record.last_merge = merges.order_by("-pk").values_list("pk", flat=True).first()
    return record.last_merge is not None


class FollowsMerges(DetailScreen):
    """The page of a record that may have been merged away: its old address leads to the one that stayed, which offers the way back."""

    def get_steps(self) -> list[Step]:
        noun = RecordKind.of(self._model()).name.lower()
        undo = NextStep(
            _("Undo the last merge"), f"trainings:{noun}_merge_undo", f"trainings.merge_{noun}", when=_is_merged,
            kwargs=lambda record: {"pk": record.last_merge}, icon="back", is_danger=True,
        )  # fmt: skip
        found = undo.link_for(self.object, self.request.user)
        return [*super().get_steps(), *([found] if found else [])]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            kind = RecordKind.of(self._model())
            merges = Merge.objects.for_user(request.user).filter(kind=kind, loser_pk=kwargs["pk"], status=Merge.Status.DONE)
            if (merge := merges.first()) is None:
                raise
            return HttpResponseRedirect(kind.model(pk=merge.survivor_pk).get_absolute_url())

"""What drafts of handovers and transfers share: lines, chosen lots, dates and signatories."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from distribution.models import Handover, HandoverDraw, HandoverLine, Transfer, TransferLine
from ikm_program import audit, records
from ikm_program.actions import Refusal, in_row, refuse_twice
from ikm_program.formatting import jumlah, rupiah
from production.models import Product, Store
from trainings.models import Office, Programme

Draft = Handover | Transfer


@dataclass(frozen=True)
class GoodsLine:
    """So many of a product; `lots` (lot id -> quantity) where the person chose them, empty for oldest first."""

    product: Product
    quantity: int
    condition: str = "baik"
    specification: str = ""
    unit_value: int | None = None
    lots: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Witness:
    name: str
    position: str = ""


def save_edit(draft: Draft, *, by: Any, version: int, facts: Mapping[str, Any], write_parts: Callable[[], None]) -> None:
    """Save a draft's facts and replace its parts; of lines, chosen lots and witnesses the trail keeps what they were and became."""
    before = parts_in_words(draft)
    records.update(draft, by=by, version=version, **facts)
    records.claim(draft, edited_by=by)  # also when only lines or witnesses changed
    draft.edited_by = by
    draft.lines.all().delete()
    if isinstance(draft, Handover):
        draft.witnesses.all().delete()
    write_parts()
    after = parts_in_words(draft)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        audit.record(
            "lines_changed", draft, by=by, before={name: before[name] for name in changed}, after={name: after[name] for name in changed}
        )


def record_parts(draft: Draft, *, by: Any) -> None:
    """What a new draft carries."""
    audit.record("lines_changed", draft, by=by, after={name: part for name, part in parts_in_words(draft).items() if part})


def parts_in_words(draft: Draft) -> dict[str, list[str]]:
    """What hangs on a draft beside its own fields."""
    lines: Any = draft.lines.select_related("product").order_by("pk")
    found = {"lines": [_line_in_words(line) for line in lines]}
    if isinstance(draft, Handover):
        chosen = HandoverDraw.objects.filter(line__handover=draft).select_related("lot__product", "lot__line__participant")
        found["lots"] = [str(draw) for draw in chosen.order_by("line", "lot")]
        found["witnesses"] = [", ".join(filter(None, (one.name, one.position))) for one in draft.witnesses.order_by("pk")]
    return found


def _line_in_words(line: HandoverLine | TransferLine) -> str:
    value = getattr(line, "unit_value", None)
    details = (str(line.get_condition_display()), line.specification, "" if value is None else rupiah(value))
    return f"{line} {line.product.unit} ({', '.join(filter(None, details))})"


def refuse_wrong_lines(lines: Sequence[GoodsLine]) -> None:
    if not lines:
        raise Refusal(_("Add at least one line."), field="lines")
    for place, line in enumerate(lines):
        if line.quantity < 1:
            raise Refusal(_("Fill in how many."), field=in_row("lines", place, "quantity"))
        chosen = sum(line.lots.values())
        if line.lots and chosen != line.quantity:
            raise Refusal(
                _("The chosen lots of %(product)s add up to %(chosen)s, the line says %(quantity)s.")
                % {"product": line.product, "chosen": jumlah(chosen), "quantity": jumlah(line.quantity)},
                field=in_row("lines", place, "quantity"),
            )
    refuse_twice([(line.product.pk, line.condition) for line in lines], _("A product is listed twice."), "product")


def refuse_foreign_store(store: Store, office: Office) -> None:
    if store.region_id != office.region_id:
        raise Refusal(_("The office and the store belong to different regions."), field="giver_office")


def refuse_drafter(draft: Draft, *, by: Any) -> None:
    """Whoever wrote a draft or changed it last has decided what it says: somebody else issues it."""
    if draft.is_drafted_by(by):
        raise Refusal(_("Nobody issues a document they drafted themselves."))


def refuse_closed(programme: Programme) -> None:
    if not programme.is_open:
        raise Refusal(_("The programme is closed; nothing more can be recorded in it."), field="programme")

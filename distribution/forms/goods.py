"""The goods of a draft: rows of products with what the store has of each, and the lots for whoever wants to choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from distribution.actions.drafts import GoodsLine, Witness
from distribution.models import Handover, Transfer
from distribution.models.handover import Condition
from distribution.shelves import Shelf
from ikm_program.formatting import jumlah, tanggal
from ikm_program.forms import CHOOSE, ActionMixin, QuantityField, RowForm, RupiahField, row_formset


class TransferRow(RowForm):
    """So many of a product in one condition."""

    product = forms.TypedChoiceField(label=_("Product"))
    quantity = QuantityField(label=_("Quantity"), min_value=1)
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices, initial=Condition.GOOD)
    specification = forms.CharField(label=_("Specification"), max_length=200, required=False)

    def __init__(self, *args: Any, shelf: Shelf, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["product"]
        field.choices = [("", CHOOSE), *shelf.choices()]
        field.coerce = partial(_product_of, shelf)


def _product_of(shelf: Shelf, pk: str) -> Any:
    try:
        return shelf.products[int(pk)]
    except (KeyError, ValueError):
        raise forms.ValidationError(_("This product is not in the store.")) from None


class HandoverRow(TransferRow):
    unit_value = RupiahField(label=_("Unit value (Rp)"), required=False)


class WitnessRow(RowForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    position = forms.CharField(label=_("Position"), max_length=200, required=False)


def _headed(formset: Any, heading: Any, add_label: Any) -> Any:
    formset.heading, formset.add_label = heading, add_label
    return formset


HandoverRows = _headed(row_formset(HandoverRow, extra=1), _("Goods"), _("Add goods"))
TransferRows = _headed(row_formset(TransferRow, extra=1), _("Goods"), _("Add goods"))
WitnessRows = _headed(row_formset(WitnessRow, extra=2, max_num=6), _("Witnesses"), _("Add a witness"))


class LotChoice(ActionMixin):
    """Optional fields, one a lot: empty means oldest first."""

    shelf: Shelf

    def add_lot_fields(self, chosen: Mapping[int, int]) -> None:
        for offered in self.shelf.offered.values():
            for offer in offered:
                label = _("%(date)s · %(maker)s · %(district)s") % {
                    "date": tanggal(offer.lot.made_on),
                    "maker": offer.lot.line.maker_name,
                    "district": offer.lot.region.short_name,
                }
                self.fields[f"lot-{offer.lot.pk}"] = QuantityField(
                    label=label,
                    required=False,
                    initial=chosen.get(offer.lot.pk),
                    help_text=_("There are %(quantity)s %(unit)s.") % {"quantity": jumlah(offer.quantity), "unit": offer.lot.product.unit},
                )

    def lot_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """(product, its lot fields) for the page."""
        return [
            (self.shelf.products[pk], [self[f"lot-{offer.lot.pk}"] for offer in offered])  # type: ignore[index]
            for pk, offered in self.shelf.offered.items()
        ]

    def has_chosen_lots(self) -> bool:
        return any(field.value() for _product, fields in self.lot_groups() for field in fields)

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        groups = [(title, [field for field in fields if not field.name.startswith("lot-")]) for title, fields in super().field_groups()]
        return [(title, fields) for title, fields in groups if fields]

    def chosen_lots(self, cleaned: dict[str, Any]) -> dict[int, dict[int, int]]:
        """Product id -> lot id -> quantity, taken out of the cleaned fields."""
        chosen: dict[int, dict[int, int]] = {}
        for pk, offered in self.shelf.offered.items():
            for offer in offered:
                if quantity := cleaned.pop(f"lot-{offer.lot.pk}", None):
                    chosen.setdefault(pk, {})[offer.lot.pk] = quantity
        return chosen


def goods_lines(rows: Iterable[Mapping[str, Any]], lots: dict[int, dict[int, int]] | None = None) -> list[GoodsLine]:
    """Rows as the action takes them; chosen lots go to the first row of their product."""
    left = dict(lots or {})
    return [GoodsLine(**row, lots=left.pop(row["product"].pk, {})) for row in rows]


def witnesses(rows: Iterable[Mapping[str, Any]]) -> list[Witness]:
    return [Witness(**row) for row in rows]


def initial_lines(document: Handover | Transfer) -> list[dict[str, Any]]:
    """The rows an edit opens with."""
    names = ("quantity", "condition", "specification") + (("unit_value",) if isinstance(document, Handover) else ())
    return [{"product": line.product_id} | {name: getattr(line, name) for name in names} for line in document.lines.all()]

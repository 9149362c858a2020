from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionModelForm, DateField, RowForm, TotalField
from production.actions.inspections import Member
from production.actions.stocktakes import Counted, line_field, refusals_of
from production.forms.inspections import MemberRows
from production.forms.terms import StoreTerms, offer_signers
from production.models import Product, Stocktake, Store
from production.stocktaking import Goods, Held, books_of
from trainings.models import Programme


class CounterRows(MemberRows):
    heading = _("Counted by")


@dataclass(frozen=True)
class OfferedGoods:
    """One product of one programme that lay in the store, and the cells for what was counted of it."""

    programme: Programme
    product: Product
    held: Held
    counted: forms.BoundField
    damaged: forms.BoundField
    remark: forms.BoundField


class StocktakeForm(ActionModelForm):
    """What was counted, product by product; then who counted and who acknowledges."""

    is_wide = True
    intro_template = "production/_stocktake_goods.html"
    rows = {"members": CounterRows}
    sections = ((_("The count"), ("place", "signer", "backdating_reason", "note")),)

    class Meta:
        model = Stocktake
        fields = ("place", "signer", "backdating_reason", "note")
        labels: ClassVar[dict[str, Any]] = {"note": _("Note")}

    def __init__(self, *args: Any, terms: StoreTerms, **kwargs: Any) -> None:
        self.terms = terms
        super().__init__(*args, **kwargs)
        offer_signers(self.fields["signer"], terms, self.user)
        self.fields["place"].initial = terms.store.name
        if terms.is_backdated:
            self.fields["backdating_reason"].required = True
        else:
            del self.fields["backdating_reason"]
        written = {(line.programme_id, line.product_id): line for line in self.subject.lines.all()} if self._is_draft else {}
        for goods in self.goods:
            self._add_cells(goods, written.get(goods))

    @property
    def _is_draft(self) -> bool:
        return isinstance(self.subject, Stocktake)

    @cached_property
    def books(self) -> dict[Goods, Held]:
        return books_of(self.terms.store, self.terms.on)

    @cached_property
    def goods(self) -> dict[Goods, tuple[Programme, Product]]:
        """In reading order: the latest programme first."""
        programmes = Programme.objects.in_bulk({programme for programme, _product in self.books})
        products = Product.objects.in_bulk({product for _programme, product in self.books})
        pairs = [(programmes[programme], products[product]) for programme, product in self.books]
        pairs.sort(key=lambda pair: (*pair[0].reading_order, pair[1].name, pair[1].pk))
        return {(programme.pk, product.pk): (programme, product) for programme, product in pairs}

    def _add_cells(self, goods: Goods, line: Any) -> None:
        product = self.goods[goods][1]
        cells: tuple[tuple[str, forms.Field, Any], ...] = (
            ("counted", TotalField(label=_("Counted"), required=False), line and line.counted),
            ("damaged", TotalField(label=_("Of which damaged"), required=False), line and (line.damaged or None)),
            ("remark", forms.CharField(label=_("Explanation"), max_length=200, required=False), line and line.remark),
        )
        for name, field, value in cells:
            field.widget.attrs["aria-label"] = f"{field.label}: {product.name}"
            self.fields[_cell(name, goods)] = field
            if line is not None:
                self.initial.setdefault(_cell(name, goods), value)

    def offered_goods(self) -> list[OfferedGoods]:
        return [
            OfferedGoods(*pair, self.books[goods], *(self[_cell(name, goods)] for name in ("counted", "damaged", "remark")))
            for goods, pair in self.goods.items()
        ]

    @property
    def has_many_programmes(self) -> bool:
        return len({programme for programme, _product in self.goods}) > 1

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        own = set(self.Meta.fields)
        groups = [(title, [field for field in fields if field.name in own]) for title, fields in super().field_groups()]
        return [(title, fields) for title, fields in groups if fields]

    def clean(self) -> dict[str, Any]:
        """With what the form itself misses: nobody corrects a count only to learn of the next fault."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for refusal in refusals_of(list(self._counted(cleaned)), self.books):
            self.add_error(refusal.field, str(refusal))
        return cleaned

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        members = [Member(**row) for row in values.pop("members")]
        facts = {name: values[name] for name in self.Meta.fields if name in values}
        return facts | {"counted_on": self.terms.on, "counted": list(self._counted(values)), "members": members}

    def _counted(self, values: dict[str, Any]) -> Iterator[Counted]:
        """An empty cell was not counted; zero was."""
        for goods, (programme, product) in self.goods.items():
            quantity = values.get(_cell("counted", goods))
            if quantity is not None:
                damaged, remark = values.get(_cell("damaged", goods)) or 0, values.get(_cell("remark", goods), "")
                yield Counted(programme, product, quantity, damaged, remark)


def _cell(name: str, goods: Goods) -> str:
    return line_field(*goods) if name == "counted" else f"{name}-{goods[0]}-{goods[1]}"


class CountSheetParameters(RowForm):
    """Of which store, and whether the books stand beside the empty cells: who counts without them counts honestly."""

    owned_choices = ("gudang",)
    gudang = forms.ModelChoiceField(Store.objects.select_related("region"), label=_("Store"), required=False)
    tanggal = DateField(label=_("Date"), required=False, initial=timezone.localdate)
    buku = forms.BooleanField(label=_("Print what the books say"), required=False)
    is_filter = True

"""The sheet that goes to the store: what is to be counted there, and empty cells for what was."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from ikm_program.reporting import Column, Report, Signature
from production.models import Product, Store
from production.stocktaking import books_of
from trainings.models import Programme

GOODS = (
    Column(key="number", label=_("No."), kind="integer"),
    Column(key="product", label=_("Product"), width=4),
    Column(key="programme", label=_("Programme"), width=4),
    Column(key="unit", label=_("Unit"), width=2),
)
BOOKS = Column(key="book", label=_("By the books"), kind="integer", width=2)
EMPTY = (
    Column(key="counted", label=_("Counted"), width=2),
    Column(key="damaged", label=_("Of which damaged"), width=2),
    Column(key="remark", label=_("Explanation"), width=4),
)
NO_STORE = Report(title=_("Sheet to count with"), columns=[*GOODS, *EMPTY], rows=[], notes=[_("Choose a store.")])


def count_sheet(store: Store, on: dt.date, *, shows_books: bool) -> Report:
    """One row a product and programme that ever lay there. What has nothing now is on it too: something may have been found."""
    books = books_of(store, on)
    programmes = Programme.objects.in_bulk({programme for programme, _product in books})
    products = Product.objects.in_bulk({product for _programme, product in books})
    goods = sorted(books, key=lambda pair: (*programmes[pair[0]].reading_order, products[pair[1]].name, pair[1]))
    rows = [
        {
            "number": number,
            "product": products[product].name,
            "programme": programmes[programme].name,
            "unit": products[product].unit,
            "book": books[programme, product].quantity,
            "counted": "",
            "damaged": "",
            "remark": "",
        }
        for number, (programme, product) in enumerate(goods, 1)
    ]
    return Report(
        title=_("Sheet to count with"),
        subtitle=store.name,
        as_of=on,
        columns=[*GOODS, *([BOOKS] if shows_books else []), *EMPTY],
        rows=rows,
        notes=[] if rows else [_("Nothing ever lay in this store.")],
        signatures=[Signature(position=_("Counted by")), Signature(position=_("Storekeeper"))],
        orientation="portrait",
    )

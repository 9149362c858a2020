"""Whole pages and files of a big registry, ours and the peer's, for the bench of lists."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Opened = Callable[[str], Any]
Best = Callable[..., list[float]]
Measured = tuple[int, str, float, float, str, float, str]
EXPORTED_BY_PEER_AT_MOST = 100_000  # it holds a workbook of everything in memory


def opener(view: Any, person: Any, **kwargs: Any) -> Opened:
    from django.test import RequestFactory

    function, factory = view.as_view(), RequestFactory()

    def opened(query: str) -> Any:
        request = factory.get(f"/bangku/{query}")
        request.user, request.session = person, {}
        response = function(request, **kwargs)
        assert response.status_code == 200
        return response if response.streaming else response.render()

    return opened


def changelist(person: Any) -> Opened:
    """The admin as it comes, with the same columns, filters, page size and search fields."""
    from trainings.models import Enterprise

    columns = ("name", "owner_name", "region", "main_product", "scale_label", "confirmed_on")
    searched = ("name", "owner_name", "main_product", "address")
    return _changelist(
        Enterprise, person, list_display=columns, list_select_related=("region", "sentra"), list_filter=("is_active", "region"),
        ordering=("sort_name", "pk"), search_fields=searched,
    )  # fmt: skip


def _changelist(model: Any, person: Any, **declared: Any) -> Opened:
    from django.contrib import admin
    from django.test import RequestFactory

    screen = type("PeerAdmin", (admin.ModelAdmin,), {"list_per_page": 25, "view_on_site": False, **declared})(model, admin.site)
    admin.site._registry[model] = screen
    factory = RequestFactory()

    def opened(query: str, pk: str = "") -> Any:
        request = factory.get(f"/admin/bangku/{query}")
        request.user = person
        response = screen.change_view(request, pk) if pk else screen.changelist_view(request)
        response.render()
        assert response.status_code == 200
        return response

    return opened


def measured(person: Any, best: Best) -> Iterator[Measured]:
    """(goal, what, ours, the peer's, the peer's name, the goal's ratio, unit)"""
    from trainings.models import Enterprise

    count = Enterprise.objects.count()
    yield from _enterprises(person, best, count)
    yield from _bytes(person)
    yield _export(person, count)
    from production.models import OutputEntry

    if outputs := OutputEntry.objects.count():
        yield from _outputs(person, best, outputs)


def _enterprises(person: Any, best: Best, count: int) -> Iterator[Measured]:
    from trainings.models import Enterprise
    from trainings.views.enterprises import EnterpriseDetail, EnterpriseList

    ours, peer = opener(EnterpriseList, person), changelist(person)
    some = Enterprise.objects.order_by("pk")[count // 2]
    query, admin_query = f"?region={some.region_id}&is_active=ya", f"?region__id__exact={some.region_id}&is_active__exact=1"
    fast, slow = best(lambda: ours(query), lambda: peer(admin_query))
    yield 8, f"filtered by district and state, {count} IKM", fast, slow, "Django admin changelist", 0.15, "ms"
    page = opener(EnterpriseDetail, person, pk=some.pk)
    fast, slow = best(lambda: page(""), lambda: peer("", str(some.pk)))
    yield 8, f"open one, {count} IKM", fast, slow, "Django admin change form", 1, "ms"


def _outputs(person: Any, best: Best, count: int) -> Iterator[Measured]:
    from django.db.models import Sum

    from ikm_program.dashboard.views import Home
    from ikm_program.paging import Cursor
    from production.models import OutputEntry
    from production.views.output import OutputList

    ours = opener(OutputList, person)
    columns = ("made_on", "product", "region", "batch", "good", "rejected", "verified_quantity", "status")
    related = ("product", "region", "batch__activity", "batch__region")
    peer = _changelist(
        OutputEntry, person, list_display=columns, list_select_related=related, list_filter=("status",), ordering=("-made_on", "-pk")
    )
    middle = OutputEntry.objects.order_by("-made_on", "-pk")[count // 2]
    cursor = Cursor(False, count // 2, (middle.made_on, middle.pk))
    for what, query, admin_query in (("first page", "", ""), ("middle page", f"?kursor={cursor}", f"?p={count // 50}")):
        fast, slow = best(lambda query=query: ours(query), lambda query=admin_query: peer(query))
        yield 8, f"{what}, {count} reports of output", fast, slow, "Django admin changelist", 0.15, "ms"
    home = opener(Home, person)
    sums = OutputEntry.objects.order_by().values("product", "region", "status").annotate(made=Sum("good"))
    fast, slow = best(lambda: home(""), lambda: list(sums.all()))
    yield 11, f"home page with its figures, {count} reports of output", fast, slow, "one aggregation of the reports", 1, "ms"


def _export(person: Any, count: int) -> Measured:
    from trainings.views.enterprises import EnterpriseList

    ours = opener(EnterpriseList, person)
    started = time.perf_counter()
    size = sum(len(piece) for piece in ours("?format=xlsx").streaming_content)
    seconds = time.perf_counter() - started
    what = f"everything to Excel, {count} IKM, {size // 1_000_000} MB"
    if count > EXPORTED_BY_PEER_AT_MOST:
        return 6, f"{what}; the peer is not asked", seconds, seconds, "-", 1, "s"
    from import_export import resources
    from import_export.formats.base_formats import XLSX

    from trainings.models import Enterprise

    names = ("name", "owner_name", "region__name", "main_product", "workers_male", "workers_female", "confirmed_on")
    declared = type("Meta", (), {"model": Enterprise, "fields": names})
    resource = type("Exported", (resources.ModelResource,), {"Meta": declared})()
    started = time.perf_counter()
    XLSX().export_data(resource.export(Enterprise.objects.select_related("region").order_by("sort_name", "pk")))
    return 6, what, seconds, time.perf_counter() - started, "django-import-export", 0.25, "s"


def _bytes(person: Any) -> Iterator[Measured]:
    """What a phone fetches: the page with its style sheets, scripts and icons the first time, the page alone later."""
    from django.contrib.staticfiles import finders
    from django_htmx import __file__ as htmx

    from trainings.views.enterprises import EnterpriseList

    page = _packed(opener(EnterpriseList, person)("").content)
    names = ("vendor/bootstrap.min.css", "css/app.css", "css/parts.css", "css/print.css", "img/mark.svg", "img/icons.svg", "js/app.js",
             "js/drafts.js", "js/sending.js", "js/photos.js", "js/choosing.js")  # fmt: skip
    paths = [Path(str(finders.find(name))) for name in names]
    paths += list(Path(htmx).parent.glob("static/django_htmx/htmx.min.js"))
    whole = page + sum(_packed(path.read_bytes()) for path in paths)
    yield 15, "first page of a list with all it needs", whole / 1000, 120, "the limit", 1, "kB"
    yield 15, "a later page of a list", page / 1000, 15, "the limit", 1, "kB"


def _packed(content: bytes) -> int:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6) as file:
        file.write(content)
    return len(packed.getvalue())

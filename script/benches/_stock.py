"""The peer of `requests`: the same rows behind what `startproject` gives: its middleware, a generic list, a connection for each request."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikm_program.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
settings.MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
settings.ROOT_URLCONF = __name__
settings.SECURE_SSL_REDIRECT = False

application = get_wsgi_application()  # before the models are imported

from django.contrib.auth.mixins import LoginRequiredMixin  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.generic import ListView  # noqa: E402

from trainings.models import Enterprise  # noqa: E402

PAGE = Template(
    """<!doctype html><html><head><title>IKM</title></head><body><h1>IKM</h1><p>{{ page_obj.paginator.count }}</p><table>
    <tr><th>Usaha</th><th>Pemilik</th><th>Daerah</th><th>Produk</th><th>Skala</th><th>Dikonfirmasi</th></tr>
    {% for row in object_list %}<tr><td><a href="/ikm/{{ row.pk }}/">{{ row.name }}</a></td>
    <td>{{ row.owner_name }}</td><td>{{ row.region }}</td>
    <td>{{ row.main_product }}</td><td>{{ row.scale_label }}</td><td>{{ row.confirmed_on|date:"d/m/Y" }}</td></tr>{% endfor %}</table>
    {% if page_obj.has_next %}<a href="?page={{ page_obj.next_page_number }}">&gt;</a>{% endif %}</body></html>"""
)


class StockList(LoginRequiredMixin, ListView):  # type: ignore[type-arg]
    """As the tutorial writes it, with the one `select_related` that nobody would leave out."""

    queryset = Enterprise.objects.select_related("region").order_by("sort_name", "pk")
    paginate_by = 25

    def render_to_response(self, context: Any, **_more: Any) -> HttpResponse:
        return HttpResponse(PAGE.render(Context(context)))


urlpatterns = [path("ikm/", StockList.as_view())]

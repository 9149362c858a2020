"""Taking many papers away at once: asked for here, made by the worker (`trainings.bundles`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ikm_program import audit, jobs
from ikm_program.actions import Refusal, action
from ikm_program.formatting import jumlah
from ikm_program.models import Job
from trainings import bundles
from trainings.models import Bundle, IssuedDocument

PERMISSION = "trainings.view_issueddocument"
MOST = 2_000  # papers


@action(PERMISSION)
def ask_for_papers(model: type[IssuedDocument], *, by: Any, rows: Sequence[int], words: str) -> Job:
    """Have these papers put into one ZIP, with an index; the job shows how far it is. Raises `Refusal` when they are too many."""
    if len(rows) > MOST:
        raise Refusal(_("At most %(most)s papers at once. Narrow the list, by month for example.") % {"most": jumlah(MOST)})
    seen = model.objects.for_user(by).filter(pk__in=list(rows)).order_by("document_on", "pk")
    documents = list(seen.values_list("pk", flat=True))
    if not documents:
        raise Refusal(_("Pick rows first, and what to do with them."))
    bundle = Bundle.objects.create(by=by, region_path=by.region.path, title=words[:300], documents=documents)
    count = ngettext("%(count)s paper", "%(count)s papers", len(documents)) % {"count": jumlah(len(documents))}
    bundle.job = jobs.ask_for(
        _("Papers as ZIP: %(what)s") % {"what": count}, by=by, work=bundles.make_bundle, total=len(documents), bundle_id=bundle.pk
    )
    bundle.save(update_fields=["job"])
    audit.record("bundle_asked", bundle, by=by, after={"title": bundle.title, "papers": len(documents)})
    return bundle.job


def remove_expired(now: dt.datetime) -> int:
    """Away with the copies that were kept long enough; returns how many. The papers themselves stay."""
    old = list(Bundle.objects.expired(now))
    for bundle in old:
        if bundle.file:
            bundle.file.delete(save=False)
        bundle.delete()
    return len(old)

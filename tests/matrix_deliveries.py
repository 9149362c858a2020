"""What goes with a handover, for the matrix: delivery notes and addenda, a draft and one issued, and who may open what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from distribution.actions.addenda import draft_addendum, issue_addendum
from distribution.actions.deliveries import draft_delivery, issue_delivery
from distribution.models import Addendum, Delivery, Evaluation, Handover
from tests.matrix_rules import ENTRY, ISSUERS, READERS, RECEIVERS, Rule, form, page

if TYPE_CHECKING:
    from tests.matrix_world import Place

DELIVERIES: dict[str, Rule] = {
    "distribution:addendum_list": page(READERS),
    "distribution:addendum_create": form(ENTRY, "issued"),
    "distribution:addendum_detail": page(READERS, "addendum"),
    "distribution:addendum_preview": page(READERS, "addendum_draft"),
    "distribution:addendum_issue": form(ISSUERS, "addendum_draft"),
    "distribution:addendum_discard": form(ENTRY, "addendum_draft"),
    "distribution:addendum_cancel": form(ISSUERS, "addendum"),
    "distribution:delivery_list": page(READERS),
    "distribution:handover_delivery": form(RECEIVERS, "issued"),
    "distribution:transfer_delivery": form(RECEIVERS, "sent"),
    "distribution:delivery_detail": page(READERS, "delivery"),
    "distribution:delivery_preview": page(READERS, "delivery"),
    "distribution:delivery_issue": form(RECEIVERS, "delivery_draft"),
    "distribution:delivery_discard": form(RECEIVERS, "delivery_draft"),
    "distribution:delivery_slip": form(RECEIVERS, "delivery"),
    "distribution:delivery_cancel": form(RECEIVERS, "delivery"),
}


def add_deliveries(place: Place) -> None:
    place.args["delivery_draft"] = {"pk": _draft(place).pk}
    under_way = _draft(place)
    issue_delivery(under_way, by=place.people["petugas_kabupaten"], version=under_way.version)
    place.args["delivery"] = {"pk": under_way.pk}
    place.args["addendum_draft"] = {"pk": _addendum(place, "purpose").pk}
    addendum = _addendum(place, "receiver_basis")
    issue_addendum(addendum, by=place.people["pejabat_kabupaten"], version=addendum.version)
    place.args["addendum"] = {"pk": addendum.pk}
    place.args["evaluation"] = {"pk": Evaluation.objects.create(transfer_id=place["sent"]["pk"], decided_on=timezone.localdate()).pk}


def _draft(place: Place) -> Delivery:
    handover = Handover.objects.select_related("giver_office__region", "giver").get(**place["issued"])
    product = handover.lines.get().product_id
    facts = {"sent_on": timezone.localdate(), "destination": f"Jalan {place.mark}", "driver": f"Sopir {place.mark}"}
    made: Delivery = draft_delivery(handover, by=place.people["petugas_kabupaten"], quantities={product: 1}, packages={product: 1}, **facts)
    return made


def _addendum(place: Place, statement: str) -> Addendum:
    handover = Handover.objects.select_related("giver_office__region", "giver").get(**place["issued"])
    facts = {"agreed_on": timezone.localdate(), "signer": handover.giver, "reason": f"Keliru {place.mark}"}
    made: Addendum = draft_addendum(handover, by=place.people["petugas_kabupaten"], words={statement: f"Benar {place.mark}"}, **facts)
    return made

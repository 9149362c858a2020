"""A receiver with a phone: a signature, a form, a send."""

from __future__ import annotations

import base64
import io
import uuid
from typing import Any

from django.urls import reverse
from PIL import Image, ImageDraw

from distribution.actions.receiver_links import give_onward_link, give_receipt_link
from distribution.actions.statements import Said, send_statement
from distribution.models import Handover, ReceiverLink, ReceiverStatement
from trainings.models import User


def signature() -> str:
    """As the canvas of a browser gives it: strokes on nothing."""
    image = Image.new("RGBA", (900, 360))
    ImageDraw.Draw(image).line([(100, 300), (300, 60), (450, 280), (800, 100)], fill="#101820", width=6)
    output = io.BytesIO()
    image.save(output, "PNG")
    return "data:image/png;base64," + base64.b64encode(output.getvalue()).decode()


def link_for(handover: Handover, by: User, days: int = 3) -> ReceiverLink:
    made: ReceiverLink = give_receipt_link(handover, by=by, version=Handover.objects.get(pk=handover.pk).version, days=days)
    return made


def confirmed_by_link(handover: Handover, by: User, mark: str) -> ReceiverStatement:
    """The receiver has sent that everything arrived."""
    quantities = {line.pk: line.quantity for line in handover.lines.all()}
    facts = {"on": handover.handed_over_on, "name": f"Penerima {mark}", "position": f"Sekretaris {mark}", "signature": signature()}
    return send_statement(link_for(handover, by), key=uuid.uuid4(), said=Said(quantities=quantities, reasons={}, **facts))


def onward_by_link(handover: Handover, mark: str, quantity: int = 1) -> ReceiverStatement:
    """The receiver has reported what went further."""
    officer = handover.created_by
    link = give_onward_link(handover, by=officer, version=handover.version, days=3)
    facts = {"on": handover.handed_over_on, "name": f"Penerima {mark}", "position": f"Sekretaris {mark}", "signature": signature()}
    quantities = {line.pk: quantity for line in handover.lines.all()}
    return send_statement(link, key=uuid.uuid4(), said=Said(quantities=quantities, reasons={}, passed_to=f"Puskesmas {mark}", **facts))


def page_of(link: Any) -> str:
    return reverse("distribution:receiver_page", args=[link.token])


def filled(handover: Handover, quantity: int | None = None, **changes: Any) -> dict[str, Any]:
    """What the form of a receipt sends."""
    body = {
        "key": str(uuid.uuid4()), "on": "2020-06-25", "name": "Sekretaris CONTOH", "position": "Sekretaris Gugus Tugas",
        "signature": signature(),
    }  # fmt: skip
    for line in handover.lines.all():
        body[f"line-{line.pk}"] = str(line.quantity if quantity is None else quantity)
    return body | changes

"""Lines of payment lists learn which purchase they pay for. Of a purchase that was listed anew, the line on the cancelled list stays without."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def tell_lines(apps: Any, schema_editor: Any) -> None:
    lines = apps.get_model("trainings", "PaymentLine").objects.using(schema_editor.connection.alias)
    purchases = apps.get_model("production", "Purchase").objects.using(schema_editor.connection.alias).filter(payment_line=OuterRef("pk"))
    lines.filter(purchase__isnull=False).update(pays_for=Subquery(purchases.values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("production", "0004_stocktakes"),
        ("trainings", "0005_lines_pay_for"),
    ]

    operations = [migrations.RunPython(tell_lines, migrations.RunPython.noop)]

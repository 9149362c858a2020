"""Every figure opens its records: the address of the list behind a number."""

from __future__ import annotations

from urllib.parse import urlencode

from ikm_program.screens import resolved
from production.models import Product
from trainings.models import Programme, Region

# figure -> list, and what the list is narrowed to beside programme, product and district
LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "target": ("production:target_list", {}),
    "reported": ("production:output_list", {"status": "dilaporkan"}),
    "pending": ("production:output_list", {"status": "diajukan"}),
    "rejected": ("production:output_list", {"status": "diverifikasi"}),
    "verified": ("production:output_list", {"status": "diverifikasi"}),
    "stock": ("production:stock_list", {}),
    "in_evaluation": ("distribution:transfer_list", {"tujuan": "evaluasi"}),
    "in_transit": ("distribution:transfer_list", {"status": "diterbitkan"}),
    "handed_over": ("distribution:handover_list", {}),
    "acknowledged": ("distribution:handover_list", {}),
    "awaiting": ("distribution:handover_list", {"status": "diterbitkan"}),
    "written_off": ("distribution:handover_list", {"status": "diterima_sebagian"}),
    "returned": ("distribution:handover_list", {"status": "diterima_sebagian"}),
}
# What each list can be narrowed by. Stock is narrowed by its origin, wherever it lies; transfers know no district, so all are shown.
NARROWED_BY = {
    "production:target_list": ("program",),
    "production:output_list": ("program", "produk", "wilayah"),
    "production:stock_list": ("program", "produk", "wilayah"),
    "distribution:transfer_list": ("produk",),
    "distribution:handover_list": ("produk", "wilayah"),
}


def records_url(figure: str, programme: Programme, product: Product, region: Region | None = None) -> str:
    """The list of the records that a figure was summed from; "" for a figure that has none."""
    if figure not in LISTS:
        return ""
    name, narrowing = LISTS[figure]
    known = {"program": programme.pk, "produk": product.pk, "wilayah": region.pk if region else None}
    query = {key: known[key] for key in NARROWED_BY[name] if known[key] is not None} | narrowing
    return f"{resolved(name)}?{urlencode(query)}"

"""Sheets of output: one row, one report of a batch's day, entered as a draft that its district then hands in. A hidden key lands once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah
from ikm_program.forms import MOST_PIECES
from ikm_program.screens import Text
from ikm_program.searching import normalised
from ikm_program.sheets.cells import day, text, whole_number
from ikm_program.sheets.entering import take_back
from ikm_program.sheets.kinds import ROW_KEY, Found, Intake, Line, SheetField, Values, row_key
from ikm_program.sheets.models import ConfirmedRow, RowKey
from production.actions.output import MakerPart, discard_output, edit_output, record_output
from production.batches import makers_of
from production.models import OutputEntry, Product
from trainings.imports.enrolments import BatchNames
from trainings.imports.readers import Districts, district_words
from trainings.models import Batch, Participant

REGION = "region"
PLACE = ("batch", REGION)


class OutputIntake(Intake):
    name = "hasil"
    label: ClassVar[Text] = _("Output")
    model = OutputEntry
    permissions = ("production.add_outputentry", "production.change_outputentry")
    title_in_book = "Hasil Produksi"
    own_parts = ("lines",)
    help: ClassVar[Text] = _("One row for each day and maker. They are entered as drafts: look at them and hand them in.")
    fields = (
        SheetField(key=ROW_KEY, label=_("Key"), read=row_key, is_hidden=True, width=38),
        SheetField(
            key="activity",
            label=_("Activity"),
            read=text(160),
            is_required=True,
            is_prefilled=True,
            width=36,
            aliases=("kegiatan", "nama kegiatan", "bimtek", "pelatihan"),
        ),
        SheetField(
            key="batch",
            label=_("Batch"),
            read=whole_number(at_least=1, at_most=999),
            kind="number",
            is_prefilled=True,
            width=10,
            aliases=("angkatan", "angkatan ke"),
        ),
        SheetField(
            key="product", label=_("Product"), read=text(120), is_required=True, is_prefilled=True, width=28, aliases=("produk", "barang")
        ),
        SheetField(
            key="made_on",
            label=_("Production date"),
            read=day(),
            is_required=True,
            kind="date",
            example="15/06/2020",
            aliases=("tanggal", "tanggal produksi", "tgl"),
        ),
        SheetField(
            key="good",
            label=_("Good"),
            read=whole_number(at_most=MOST_PIECES),
            is_required=True,
            kind="number",
            example="50",
            aliases=("jumlah baik", "baik", "jumlah", "hasil"),
        ),
        SheetField(
            key="rejected",
            label=_("Rejected"),
            read=whole_number(at_most=MOST_PIECES),
            kind="number",
            example="2",
            aliases=("rusak", "afkir", "gagal", "jumlah rusak"),
        ),
        SheetField(key="maker", label=_("Maker"), read=text(120), width=28, aliases=("pembuat", "perajin", "nama pembuat", "peserta")),
        SheetField(key="note", label=_("Note"), read=text(300), width=32, aliases=("catatan", "keterangan")),
        SheetField(
            key=REGION, label=_("Kabupaten/kota"), read=district_words(), is_prefilled=True, width=24, aliases=("kabupaten", "kab kota")
        ),
    )

    def __init__(self, by: Any) -> None:
        super().__init__(by)
        self.districts = Districts(by)
        self.batches = BatchNames(by)
        self.makers: dict[tuple[int, int], list[Participant]] = {}

    def written(self, key: str, value: Any) -> str:
        return self.districts.name_of(value) if key == REGION else super().written(key, value)

    # --- understanding a row ------------------------------------------------------------------------------------------

    def complete(self, line: Line) -> None:
        words = line.values.get(REGION)
        try:
            region = self.districts.read(str(words)) if words else self.districts.own
            if region is None:
                raise ValidationError(gettext("Choose the kabupaten/kota whose output this is."))
            line.values[REGION] = region.pk
        except ValidationError as error:
            line.refuse(REGION, error.messages[0])
        self.look_up(
            line,
            ("activity", self.batch_of, PLACE),
            ("product", self.product_of, ("activity", *PLACE)),
            ("maker", self.maker_of, ("activity", *PLACE)),
        )
        if not line.faults and (maker := self.maker_of(line.values)):
            line.values["maker"] = maker.name

    def batch_of(self, values: Values) -> Batch:
        return self.batches.read(values["activity"], values.get("batch"), self.districts.region(values[REGION]))

    def product_of(self, values: Values) -> Product:
        words = normalised(values["product"])
        made = Product.objects.for_user(self.by).active().made_in(self.batch_of(values).activity)
        for product in made:
            if words in (normalised(product.name), normalised(product.short_name), normalised(product.code)):
                return product
        names = ", ".join(product.name for product in made)
        raise ValidationError(gettext("This activity makes: %(names)s.") % {"names": names or "–"})

    def maker_of(self, values: Values) -> Participant | None:
        if not values.get("maker"):
            return None
        batch, region = self.batch_of(values), self.districts.region(values[REGION])
        if (batch.pk, region.pk) not in self.makers:
            self.makers[batch.pk, region.pk] = makers_of(batch, region)
        named = [maker for maker in self.makers[batch.pk, region.pk] if maker.sort_name == normalised(values["maker"])]
        if not named:
            raise ValidationError(gettext("No maker of this name takes part in this batch."))
        if len(named) > 1:
            raise ValidationError(gettext("%(count)s makers of this name take part in this batch.") % {"count": len(named)})
        return named[0]

    def identities(self, values: Values) -> Iterable[tuple[Any, ...]]:
        if ROW_KEY in values:
            yield ROW_KEY, values[ROW_KEY]

    # --- finding its record -------------------------------------------------------------------------------------------

    def entries(self) -> Any:
        return OutputEntry.objects.owned_by(self.by).filter(corrects=None).with_names().prefetch_related("lines__participant")

    def find(self, lines: Sequence[Line]) -> list[Found | None]:
        keys = {line.values[ROW_KEY] for line in lines if ROW_KEY in line.values}
        known = {str(row.key): row.record_id for row in RowKey.objects.filter(kind=self.name, key__in=keys)}
        entries = {entry.pk: entry for entry in self.entries().filter(pk__in=known.values())}
        return [self._found_by_key(line, known, entries) for line in lines]

    def _found_by_key(self, line: Line, known: Mapping[str, int], entries: Mapping[int, OutputEntry]) -> Found | None:
        record_id = known.get(line.values.get(ROW_KEY, ""))
        if record_id is None:
            return None
        entry = entries.get(record_id)
        if entry is None:
            line.refuse("made_on", gettext("This row was entered before, and its report is no longer here or lies outside your region."))
            return None
        return self._found(entry)

    def _found(self, entry: OutputEntry) -> Found:
        makers = [line.participant for line in entry.lines.all() if line.participant]
        stored: Values = {"made_on": entry.made_on.isoformat(), "good": entry.good, "rejected": entry.rejected, "note": entry.note}
        stored["maker"] = makers[0].name if len(makers) == 1 else ""
        label = gettext("%(report)s: %(good)s good") % {"report": entry, "good": jumlah(entry.good)}
        return Found(entry.pk, entry.version, stored, label)

    def twins(self, lines: Sequence[Line]) -> list[Found | None]:
        """A report of the same batch, product and day that did not come from a row with a key of its own."""
        keyed = RowKey.objects.filter(kind=self.name).values("record_id")
        days = {line.values["made_on"] for line in lines}
        loose = self.entries().filter(made_on__in=days).exclude(pk__in=keyed).exclude(status=OutputEntry.Status.CANCELLED)
        by_day = {(entry.batch_id, entry.product_id, entry.region_id, entry.made_on.isoformat()): entry for entry in loose}
        found = [by_day.get(self._day_of(line.values)) for line in lines]
        return [self._found(entry) if entry is not None else None for entry in found]

    def _day_of(self, values: Values) -> tuple[int, int, int, str]:
        return self.batch_of(values).pk, self.product_of(values).pk, values[REGION], values["made_on"]

    def refuse_new(self, line: Line) -> None:
        self.rehearse(line, self.create)

    def refuse_change(self, line: Line, found: Found, changes: list[list[Any]]) -> None:
        entry = self.entries().get(pk=found.pk)
        if not entry.is_editable:
            line.refuse(
                "good",
                gettext("This row was entered and handed in before: %(report)s. Its figures can no longer be changed here.")
                % {"report": entry},
            )
            return
        self.rehearse_change(line, found, changes)

    # --- writing ------------------------------------------------------------------------------------------------------

    def create(self, values: Values) -> OutputEntry:
        maker = self.maker_of(values)
        entry: OutputEntry = record_output(
            self.batch_of(values),
            by=self.by,
            product=self.product_of(values),
            region=self.districts.region(values[REGION]),
            parts=[MakerPart(maker, values["good"])] if maker and values["good"] else [],
            **_facts(values),
        )
        if ROW_KEY in values:
            RowKey.objects.create(kind=self.name, key=values[ROW_KEY], record_id=entry.pk)
        return entry

    def change(self, row: ConfirmedRow) -> OutputEntry:
        entry = self.entries().get(pk=row.record_id)
        return self._edit(entry, row, {key: after for key, _before, after in row.changes})

    def _edit(self, entry: OutputEntry, row: ConfirmedRow, said: Values) -> OutputEntry:
        values = self._found(entry).values | said
        place = {"activity": entry.batch.activity.name, "batch": entry.batch.number, REGION: entry.region_id}
        maker = self.maker_of(values | place)
        parts = [MakerPart(maker, values["good"])] if maker and values["good"] else []
        edited: OutputEntry = edit_output(entry, by=self.by, version=row.record_version, parts=parts, **_facts(values))
        return edited

    def undo(self, rows: Iterable[ConfirmedRow]) -> None:
        for new, changed in take_back(self, rows):
            for row in new:
                discard_output(self.entries().get(pk=row.record_id), by=self.by, version=row.record_version)
                RowKey.objects.filter(kind=self.name, record_id=row.record_id or 0).delete()
            for row in changed:
                before = {key: value for key, value, _after in row.changes}
                self._edit(self.entries().get(pk=row.record_id), row, before)


def _facts(values: Values) -> dict[str, Any]:
    return {
        "made_on": dt.date.fromisoformat(values["made_on"]),
        "good": values["good"],
        "rejected": values.get("rejected") or 0,
        "note": values.get("note") or "",
    }

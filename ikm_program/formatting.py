"""How figures and dates are written in Indonesian office papers. Pure functions; each format lives here and nowhere else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from django.utils import formats, timezone

BULAN: Final = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
HARI: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ROMAWI: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
UNKNOWN: Final = "–"  # a share of nothing, or of what nobody set, is not 0%

_SATUAN: Final = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_RIBUAN: Final = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))
_TERBILANG_END: Final = 10**15


def jumlah(value: int) -> str:
    """1234 -> "1.234"."""
    return f"{value:,}".replace(",", ".")


def rupiah(value: int) -> str:
    """3750000 -> "Rp3.750.000,00". Money is whole rupiah; the cents are only printed."""
    sign = "-" if value < 0 else ""
    return f"{sign}Rp{jumlah(abs(value))},00"


def desimal(value: Decimal | int) -> str:
    """37125.430 -> "37.125,43": as many decimals as say something."""
    whole, _point, rest = f"{Decimal(value):f}".partition(".")
    rest = rest.rstrip("0")
    return f"{jumlah(int(whole))},{rest}" if rest else jumlah(int(whole))


def bertanda(value: Decimal | int, written: str) -> str:
    """A difference shows its direction: (100, "100") -> "+100", (-400, "-400") -> "−400"."""
    return f"+{written}" if value > 0 else f"−{written.removeprefix('-')}" if value < 0 else written


def persen(numerator: int | None, denominator: int | None) -> str:
    """(100, 74) -> "135,14%", rounded half up. Unknown or divided by nothing: a dash."""
    if numerator is None or not denominator:
        return UNKNOWN
    is_negative = (numerator < 0) != (denominator < 0)
    top, bottom = abs(numerator), abs(denominator)
    hundredths = (top * 20_000 + bottom) // (2 * bottom)  # in integers: a float would round some halves down
    sign = "-" if is_negative and hundredths else ""
    return f"{sign}{jumlah(hundredths // 100)},{hundredths % 100:02d}%"


def desimal_persen(hundredths: int) -> str:
    """250 -> "2,5%": a rate kept in hundredths of a percent."""
    return f"{desimal(Decimal(hundredths) / 100)}%"


def tanggal(value: dt.date) -> str:
    """15 Juni 2020, whatever the language of the screen."""
    day = _local_date(value)
    return f"{day.day} {BULAN[day.month - 1]} {day.year}"


def tanggal_layar(value: dt.date) -> str:
    """15 Juni 2020, or 15 June 2020 on an English screen."""
    return formats.date_format(_local_date(value), "j F Y")


def tanggal_terbilang(value: dt.date) -> str:
    """As a berita acara opens: "Senin, tanggal lima belas bulan Juni tahun dua ribu dua puluh (15-06-2020)"."""
    day = _local_date(value)
    return (
        f"{nama_hari(day)}, tanggal {terbilang(day.day)} bulan {nama_bulan(day)} "
        f"tahun {terbilang(day.year)} ({day.day:02d}-{day.month:02d}-{day.year:04d})"
    )


def nama_hari(value: dt.date) -> str:
    return HARI[_local_date(value).weekday()]


def nama_bulan(value: dt.date) -> str:
    return BULAN[_local_date(value).month - 1]


def bulan_romawi(value: dt.date) -> str:
    """The month as letters are numbered: June is VI."""
    return ROMAWI[_local_date(value).month - 1]


def terbilang(value: int) -> str:
    """A whole number in words, below a thousand trillion (10^15)."""
    if abs(value) >= _TERBILANG_END:
        raise ValueError("terbilang writes numbers below 10**15")
    if value < 0:
        return f"minus {terbilang(-value)}"
    if value == 0:
        return "nol"
    words: list[str] = []
    for scale, name in _RIBUAN:
        count, value = divmod(value, scale)
        if count == 1 and name == "ribu":
            words.append("seribu")  # only here: 1.001.000 is "satu juta seribu", 1.000.000 is "satu juta"
        elif count:
            words += [*_below_thousand(count), name]
    return " ".join(words + _below_thousand(value))


def jumlah_terbilang(value: int) -> str:
    """50 -> "50 (lima puluh)", as quantities stand in a berita acara."""
    return f"{jumlah(value)} ({terbilang(value)})"


def _below_thousand(value: int) -> list[str]:
    hundreds, rest = divmod(value, 100)
    words = [] if not hundreds else ["seratus"] if hundreds == 1 else [_SATUAN[hundreds], "ratus"]
    if rest in {10, 11}:
        return [*words, "sepuluh" if rest == 10 else "sebelas"]
    tens, ones = divmod(rest, 10)
    if tens == 1:
        return [*words, _SATUAN[ones], "belas"]
    if tens:
        words += [_SATUAN[tens], "puluh"]
    return [*words, _SATUAN[ones]] if ones else words


def _local_date(value: dt.date) -> dt.date:
    """A moment bears the date of the office's zone: 23:30 UTC is already the next day in WITA."""
    if not isinstance(value, dt.datetime):
        return value
    return timezone.localdate(value) if timezone.is_aware(value) else value.date()

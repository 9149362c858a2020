"""The facts of the programme as data. Sources: government releases and press reports of 2019-2020."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PROVINCE = "63"
CODES = (*(f"63.{number:02d}" for number in range(1, 12)), "63.71", "63.72")
HERBAL_DISTRICTS = ("63.01", "63.03", "63.11", "63.71", "63.72")
FACE_SHIELD_DISTRICTS = ("63.01", "63.03", "63.71", "63.72")
EXAMPLE = "CONTOH"
NO_EVIDENCE = "bukti belum ada (data contoh)"
LATE_ENTRY = "Data contoh: dicatat kemudian dari pemberitaan tahun 2020."

# Offices as the sources name them in 2020; None: not found, so the name is an example. The abbreviations are ours: where two
# offices would share one, the district's letters follow, so that no two papers bear the same number.
OFFICES: dict[str, tuple[str | None, str]] = {
    "63": ("Dinas Perindustrian", "Disperin"),
    "63.01": ("Dinas Tenaga Kerja dan Perindustrian", "Disnakerind"),
    "63.02": ("Dinas Koperasi, Perindustrian dan Perdagangan", "Diskoperindag-KTB"),
    "63.03": ("Dinas Perindustrian dan Perdagangan", "Disperindag-BJR"),
    "63.04": ("Dinas Koperasi, Perindustrian dan Perdagangan", "Diskoperindag-BTL"),
    "63.05": ("Dinas Perindustrian dan UMKM", "Disperin-UMKM"),
    "63.06": ("Dinas Tenaga Kerja, Koperasi dan Usaha Kecil, Perindustrian", "Disnakerkop-UKP"),
    "63.07": (None, "Disperin-HST"),
    "63.08": ("Dinas Perindustrian Perdagangan Koperasi dan UKM", "Disperindagkop-UKM"),
    "63.09": ("Dinas Perindustrian dan Perdagangan", "Disperindag-TBL"),
    "63.10": ("Dinas Perdagangan dan Perindustrian", "Disdagri"),
    "63.11": (None, "Disperin-BLG"),
    "63.71": ("Dinas Perdagangan dan Perindustrian", "Disperdagin"),
    "63.72": (None, "Disperin-BJB"),
}


@dataclass(frozen=True)
class Official:
    code: str
    name: str
    position: str
    is_example: bool = True


# One official whom the sources name for an act of the office; the rest are examples. They stand for the acts reported of them and no other:
# the term ends, by example, with the programme's year, and an example official follows.
NAMED_UNTIL = dt.date(2020, 12, 31)
KNOWN_OFFICIALS = {
    "63.01": Official("63.01", "Masturi", "Kepala Dinas Tenaga Kerja dan Perindustrian Kabupaten Tanah Laut", is_example=False),
}


@dataclass(frozen=True)
class Output:
    """A quantity the sources report for a district, with the dates that carry it through the books."""

    code: str
    product: str
    quantity: int
    made_on: dt.date
    verified_on: dt.date
    note: str


@dataclass(frozen=True)
class HandedOver:
    """A handover the sources report. `date_is_known`: otherwise the day is an example before 22 June 2020."""

    code: str
    product: str
    quantity: int
    on: dt.date
    place: str
    recipient: str
    receiver_name: str
    receiver_position: str
    date_is_known: bool = False
    is_symbolic: bool = False
    is_acknowledged: bool = True


JUNE = 2020, 6
OUTPUTS = (
    Output("63.01", "hazmat", 100, dt.date(*JUNE, 12), dt.date(*JUNE, 13), "100 hazmat (Koran Banjar, 15 Juni 2020)"),
    Output("63.02", "hazmat", 70, dt.date(*JUNE, 15), dt.date(*JUNE, 16), "70 hazmat (Poros Kalimantan, Juni 2020); hari CONTOH"),
    Output("63.04", "hazmat", 65, dt.date(*JUNE, 12), dt.date(*JUNE, 13), "65 hazmat (Jejak Rekam, 16 Juni 2020); hari CONTOH"),
    Output("63.05", "hazmat", 65, dt.date(*JUNE, 12), dt.date(*JUNE, 15), "65 hazmat (Antara Kalsel); hari CONTOH"),
    Output("63.03", "hazmat", 63, dt.date(*JUNE, 15), dt.date(*JUNE, 16), "63 hazmat, tahap awal (Antara Kalsel); hari CONTOH"),
    Output(
        "63.08", "masker", 500, dt.date(2020, 5, 20), dt.date(2020, 5, 22), "500 masker dari pelatihan 18-20 Mei 2020 (Kanal Kalimantan)"
    ),
)

RECIPIENTS = {  # key: (code, kind, name); a task force ends on TASK_FORCE_ENDED
    "gtpp-63.01": ("63.01", "gtpp_kabupaten", "Gugus Tugas Percepatan Penanganan COVID-19 Kabupaten Tanah Laut"),
    "pemkab-63.02": ("63.02", "pemda", "Pemerintah Kabupaten Kotabaru"),
    "dinkes-63.02": ("63.02", "dinkes", "Dinas Kesehatan Kabupaten Kotabaru"),
    "pemkab-63.03": ("63.03", "pemda", "Pemerintah Kabupaten Banjar"),
    "dinkes-63.03": ("63.03", "dinkes", "Dinas Kesehatan Kabupaten Banjar"),
    "gtpp-63.04": ("63.04", "gtpp_kabupaten", "Gugus Tugas Percepatan Penanganan COVID-19 Kabupaten Barito Kuala"),
    "dinkes-63.04": ("63.04", "dinkes", "Dinas Kesehatan Kabupaten Barito Kuala"),
    "pemkab-63.05": ("63.05", "pemda", "Pemerintah Kabupaten Tapin"),
    "dinkes-63.05": ("63.05", "dinkes", "Dinas Kesehatan Kabupaten Tapin"),
    "bpbd-63.08": ("63.08", "bpbd", "Badan Penanggulangan Bencana Daerah Kabupaten Hulu Sungai Utara"),
    "gtpp-63": ("63", "gtpp_provinsi", "Gugus Tugas Percepatan Penanganan COVID-19 Provinsi Kalimantan Selatan"),
}
TASK_FORCE_ENDED = dt.date(2020, 7, 20)  # Perpres 82/2020

HANDOVERS = (
    HandedOver(
        "63.01", "hazmat", 50, dt.date(*JUNE, 15), "Ruang VIP Sekretariat Daerah Kabupaten Tanah Laut, Pelaihari", "gtpp-63.01",
        "H. Dahnial Kifli", "Sekretaris Daerah Kabupaten Tanah Laut", date_is_known=True, is_symbolic=True,
    ),
    HandedOver(
        "63.02", "hazmat", 70, dt.date(*JUNE, 18), "Kotabaru", "pemkab-63.02",
        "Penerima Kotabaru (CONTOH)", "Asisten Sekretariat Daerah Kabupaten Kotabaru, mewakili Bupati",
    ),
    HandedOver(
        "63.05", "hazmat", 65, dt.date(*JUNE, 17), "Rantau", "pemkab-63.05", "Penerima Tapin (CONTOH)", "Bupati Tapin",
    ),
    HandedOver(
        "63.03", "hazmat", 63, dt.date(*JUNE, 18), "Martapura", "pemkab-63.03", "Penerima Banjar (CONTOH)", "Bupati Banjar",
    ),
    HandedOver(
        "63.08", "masker", 500, dt.date(2020, 5, 28), "Amuntai", "bpbd-63.08",
        "Penerima HSU (CONTOH)", "Kepala Pelaksana BPBD Kabupaten Hulu Sungai Utara", is_acknowledged=False,
    ),
)  # fmt: skip

# Barito Kuala: issued as 56, cancelled the same day and issued again as 65 (the slip is an example, the 65 are reported).
BATOLA = HandedOver(
    "63.04", "hazmat", 65, dt.date(*JUNE, 16), "Posko Gugus Tugas, Marabahan", "gtpp-63.04",
    "Penerima Batola (CONTOH)", "Bupati Barito Kuala selaku Ketua Gugus Tugas", date_is_known=True,
)  # fmt: skip
BATOLA_SLIP = 56

ONWARD = (  # from the handover of a district to its health office, as reported
    ("63.02", "dinkes-63.02", 70, dt.date(*JUNE, 18)),
    ("63.03", "dinkes-63.03", 63, dt.date(*JUNE, 18)),
    ("63.05", "dinkes-63.05", 65, dt.date(*JUNE, 17)),
    ("63.04", "dinkes-63.04", 65, dt.date(*JUNE, 16)),
)


@dataclass(frozen=True)
class Published:
    code: str
    product: str | None
    kind: str
    definition: str
    quantity: int | None
    unit: str
    source: str
    event_on: dt.date | None = None
    published_on: dt.date | None = None
    quote: str = ""
    topic: str = "produksi"
    among: int | None = None  # counted in so many
    among_unit: str = ""


DAY = dt.date(2020, 6, 22)
PUBLISHED = (
    Published("63", "hazmat", "target", "Target pakaian hazmat provinsi", 950, "set", "Media Center Kalsel", DAY, DAY),
    Published("63", "hazmat", "hasil", "Hazmat disebut telah dihasilkan (tanpa rincian kabupaten/kota)", 950, "set", "Poros Kalimantan", None, DAY),
    Published("63", "masker", "target", "Target masker sasirangan provinsi", 6034, "lembar", "Media Center Kalsel", DAY, DAY),
    Published("63", "masker", "hasil", "Masker disebut telah dihasilkan (tanpa rincian kabupaten/kota)", 6034, "lembar", "Poros Kalimantan", None, DAY),
    Published("63", "herbal", "target", "Target minuman herbal: sekitar 900 liter, diperkirakan 3.600 botol @ 250 ml", 3600, "botol", "Media Center Kalsel", DAY, DAY),
    Published("63", "herbal", "hasil", "Botol minuman herbal disebut telah dihasilkan", 3597, "botol", "Poros Kalimantan", None, DAY),
    Published("63.08", "hazmat", "target", "Target hazmat Kabupaten Hulu Sungai Utara sendiri", 60, "set", "Kanal Kalimantan"),
    Published("63", None, "dasar", "IKM yang disebut merasakan krisis akibat pandemi (terdampak, 2020)", 83000, "IKM", "Kanal Kalimantan", quote="83.000 IKM merasakan krisis", topic="ikm"),
    Published("63", None, "dasar", "IKM tercatat pada Rakernis 2019", 83000, "IKM", "Abdi Persada FM", dt.date(2019, 2, 27), dt.date(2019, 2, 27), topic="ikm"),
    Published("63", None, "klaim", "Pekerja dirumahkan atau terkena PHK", 2830, "orang", "Kanal Kalimantan", quote="dirumahkan/PHK", topic="pekerja"),
    Published("63", None, "klaim", "Pekerja dirumahkan (sampai 15 Juli 2020)", 2829, "orang", "Disnakertrans Kalsel melalui Tribun Banjarmasin", dt.date(2020, 7, 15), dt.date(2020, 7, 15), topic="pekerja", among=52, among_unit="perusahaan"),
    Published("63", None, "klaim", "Pekerja terkena PHK (sampai 15 Juli 2020)", 624, "orang", "Disnakertrans Kalsel melalui Tribun Banjarmasin", dt.date(2020, 7, 15), dt.date(2020, 7, 15), topic="pekerja", among=34, among_unit="perusahaan"),
)  # fmt: skip

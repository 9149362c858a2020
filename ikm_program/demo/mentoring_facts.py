"""What the sources tell of mentoring, and the invented businesses that stand for those they do not name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

RAKERNIS_ON = dt.date(2019, 2, 27)
RAKERNIS = {
    "name": "Rapat Kerja Teknis (Rakernis) Bidang Perindustrian 2019 dan penyerahan 20 sertifikat halal",
    "happened_on": RAKERNIS_ON,
    "place": "Aula Dinas Perindustrian Provinsi Kalimantan Selatan, Banjarbaru",
    "organiser": "Dinas Perindustrian Provinsi Kalimantan Selatan",
    "source": "Abdi Persada FM",
    "published_on": dt.date(2019, 2, 27),
    "minutes": (
        "Dinas perindustrian serta Bappeda dari 13 kabupaten/kota diundang. Diserahkan 20 sertifikat halal kepada pelaku IKM; "
        "prosesnya dapat memakan waktu hingga 10 bulan, dan pendampingan sebelum uji halal mampu melayani 20 sampai 40 IKM setahun, "
        "terbatas pada produk unggulan berkualitas ekspor. Kepala halaman berita yang tersimpan bertanggal 13 April 2021: itu tanggal "
        "halaman disalin, bukan tanggal acara. Nama ke-20 penerima tidak disebut sumber; yang tercatat di sini adalah CONTOH."
    ),
}
PRESENT = (  # name, position
    ("Heriansyah", "Asisten Bidang Administrasi Umum Setda Provinsi Kalimantan Selatan, mewakili Gubernur"),
    ("Mahyuni", "Kepala Dinas Perindustrian Provinsi Kalimantan Selatan"),
    ("", "Bappeda kabupaten/kota se-Kalimantan Selatan"),
)
CAPACITY_BASIS = "Dinas Perindustrian Kalsel, 27-28 Februari 2019: hingga 10 bulan; 20 sampai 40 IKM setahun."

# district, what it makes; the businesses and their certificates are examples
HALAL_2019 = (
    ("63.01", "Abon ikan gabus"), ("63.01", "Gula merah aren"), ("63.02", "Amplang tenggiri"), ("63.02", "Kerupuk udang"),
    ("63.03", "Keripik pisang kepok"), ("63.03", "Selai nanas"), ("63.04", "Beras kemasan pasang surut"), ("63.05", "Sirup jeruk"),
    ("63.06", "Dodol ketan"), ("63.06", "Ketupat instan"), ("63.07", "Kacang jaruk"), ("63.07", "Wadi papuyu"),
    ("63.08", "Telur itik asin"), ("63.08", "Kue bangkit sagu"), ("63.09", "Madu hutan"), ("63.10", "Bakso ikan laut"),
    ("63.11", "Emping jagung"), ("63.71", "Bingka kentang"), ("63.71", "Sambal habang"), ("63.72", "Roti gandum"),
)  # fmt: skip


@dataclass(frozen=True)
class Quoted:
    """A published figure about no programme."""

    topic: str
    kind: str
    definition: str
    quantity: int | None
    unit: str
    source: str
    event_on: dt.date | None
    published_on: dt.date | None
    quote: str = ""


QUOTED = (
    Quoted(
        "kawasan", "dasar", "Kawasan industri di Kalimantan Selatan: Jorong (Tanah Laut) dan Batulicin (Tanah Bumbu)", 2, "kawasan",
        "Abdi Persada FM", RAKERNIS_ON, dt.date(2019, 2, 27), "sudah mempunyai 2 kawasan industri",
    ),
    Quoted(
        "pendidikan", "klaim", "Pendidikan tenaga kerja industri: rata-rata SD; sumber tidak menyebut angka", None, "",
        "Abdi Persada FM", RAKERNIS_ON, dt.date(2019, 2, 27), "Tenaga kerja rata-rata industri kita dibidang pendidikan masih SD",
    ),
    Quoted(
        "ikm", "hasil", "Sertifikat halal diserahkan kepada pelaku IKM pada Rakernis 2019", 20, "sertifikat",
        "Abdi Persada FM", RAKERNIS_ON, dt.date(2019, 2, 27),
    ),
)  # fmt: skip

"""The reports of the demo programme: June 2020 waiting for a signature, and the final report as of 22 June. The words are examples."""

from __future__ import annotations

import datetime as dt

from distribution.actions.final import start_final_report, write_final_report
from distribution.actions.monthly import prepare_report
from distribution.models import FinalReport, MonthlyReport
from ikm_program.demo.facts import EXAMPLE, PROVINCE
from ikm_program.demo.story import Story

AS_OF = dt.date(2020, 6, 22)
JUNE = dt.date(2020, 6, 1)
MARK = f"({EXAMPLE})"

TEXTS = {
    "kata_pengantar": (
        "Puji syukur kami panjatkan ke hadirat Tuhan Yang Maha Esa, karena laporan akhir kegiatan ini dapat disusun "
        f"{MARK}.\n\n"
        "Laporan ini menyampaikan pelaksanaan Program IKM APD dan Pangan Tahun Anggaran 2020 di Provinsi Kalimantan Selatan. "
        "Angka-angkanya "
        "dihitung dari catatan yang telah diverifikasi; yang belum dilaporkan oleh kabupaten/kota disebut belum melapor dan tidak "
        "dihitung sebagai nol.\n\n"
        "Kami menyampaikan terima kasih kepada dinas kabupaten/kota, para instruktur, dan para pelaku IKM yang telah mengikuti "
        "kegiatan, serta "
        f"kepada semua pihak yang menerima dan menyalurkan hasilnya. Saran untuk perbaikan kami terima dengan senang hati {MARK}."
    ),
    "latar_belakang": (
        "Pandemi COVID-19 pada tahun 2020 menimbulkan kebutuhan akan alat pelindung diri, sementara banyak pelaku industri kecil "
        "dan menengah "
        f"kehilangan pesanan {MARK}. Dengan dukungan Direktorat Jenderal Industri Kecil, Menengah, dan Aneka Kementerian Perindustrian "
        "melalui dana dekonsentrasi, Dinas Perindustrian Provinsi Kalimantan Selatan melaksanakan bimbingan teknis yang sekaligus "
        "menghasilkan barang untuk penanganan COVID-19.\n\n"
        "Media Center Kalsel pada 22 Juni 2020 memberitakan target 950 set pakaian hazmat, 6.034 lembar masker sasirangan, dan sekitar "
        "900 liter minuman herbal, yang diperkirakan menjadi 3.600 botol. Untuk face shield tidak disebut target."
    ),
    "dasar_hukum": (
        f"Keputusan dan dokumen anggaran yang menjadi dasar kegiatan ini disebut di sini setelah dicatat {MARK}. Nomor dan tanggalnya "
        "tidak disebut oleh sumber yang dipakai untuk data contoh ini."
    ),
    "maksud_tujuan": (
        "Kegiatan dimaksudkan untuk menjaga pelaku IKM tetap berproduksi dan untuk memenuhi sebagian kebutuhan alat pelindung "
        "diri di daerah "
        f"{MARK}. Laporan ini bertujuan menyajikan keluaran, penyerahan, dan sisa barang sebagaimana tercatat."
    ),
    "sasaran": (
        f"Sasaran kegiatan adalah pelaku IKM di tiga belas kabupaten/kota {MARK}: tujuh orang di setiap kabupaten/kota untuk "
        "pakaian hazmat dan "
        "lima orang untuk masker sasirangan. Target produksi dan pembagiannya adalah sebagai berikut."
    ),
    "ruang_lingkup": f"Laporan ini mencakup pelatihan, produksi, pemeriksaan, dan serah terima sampai dengan 22 Juni 2020 {MARK}.",
    "waktu_tempat": (
        f"Pelatihan dilaksanakan di tempat usaha peserta atau di sentra, dan instruktur mendatangi peserta {MARK}. Hari "
        "pelaksanaan yang tidak "
        "disebut oleh sumber tercatat sebagai belum tercatat."
    ),
    "peserta": (
        f"Nama peserta pada data contoh ini bukan nama orang yang sesungguhnya {MARK}; jumlahnya mengikuti kuota yang diberitakan."
    ),
    "metode": (
        f"Bimbingan teknis dilakukan dengan praktik langsung {MARK}: peserta memotong, menjahit, dan menyelesaikan barang di "
        "bawah bimbingan "
        "instruktur. Hasil hari itu dihitung, dilaporkan oleh petugas kabupaten/kota, lalu diverifikasi oleh provinsi."
    ),
    "bahan": f"Bahan disediakan oleh Dinas Perindustrian Provinsi menurut pemberitaan; jumlah yang tercatat adalah {MARK}.",
    "keluaran": (
        "Keluaran kegiatan ini adalah barang yang dibuat peserta. Angka di bawah ini hanya memuat barang yang telah diverifikasi; "
        "angka lain yang "
        "diumumkan di media tidak dipakai."
    ),
    "penyerahan": (
        "Barang diserahkan tanpa pungutan biaya dengan berita acara serah terima. Beberapa penerima menyalurkannya lebih lanjut "
        "ke dinas kesehatan."
    ),
    "mutu": (
        "Lima puluh set pakaian hazmat dari Kabupaten Tanah Laut diserahkan kepada Dinas Perindustrian Provinsi untuk dievaluasi. "
        "Barang itu tetap "
        "tercatat sebagai hasil produksi Kabupaten Tanah Laut dan belum dihitung sebagai diserahkan."
    ),
    "permasalahan": (
        f"Sebagian kabupaten/kota belum melaporkan hasil produksinya, sehingga capaian provinsi belum dapat dihitung seluruhnya {MARK}. "
        "Target face shield belum ditetapkan."
    ),
    "tindak_lanjut": (
        f"Dinas kabupaten/kota diminta melengkapi laporan produksi dan bukti serah terima {MARK}. Hasil evaluasi pakaian hazmat dicatat "
        "setelah selesai, dan barangnya diserahkan lebih lanjut atau dikembalikan."
    ),
    "penutup": (
        "Demikian laporan akhir ini disusun menurut catatan per 22 Juni 2020. Perubahan sesudah tanggal itu tidak termasuk di dalamnya "
        f"{MARK}."
    ),
}  # fmt: skip


def make(story: Story) -> None:
    staff, province = story.people["staf.kalsel"], story.regions[PROVINCE]
    for code in (PROVINCE, "63.01"):
        prepare_report(MonthlyReport, by=staff, programme=story.programme, region=story.regions[code], month=JUNE)
    report = start_final_report(FinalReport, by=staff, programme=story.programme, region=province, as_of=AS_OF)
    write_final_report(
        report, by=staff, version=report.version, as_of=AS_OF, narrative=TEXTS, signatory=story.officials[PROVINCE], place="Banjarbaru"
    )

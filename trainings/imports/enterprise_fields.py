"""The columns of a sheet of small industries, and what senders call them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import MOST_PEOPLE, MOST_RUPIAH, MOST_TOGETHER
from ikm_program.sheets.cells import Reader, choice, coordinate, money, text, whole_number, yes_no
from ikm_program.sheets.kinds import SheetField
from trainings.identity import INDONESIA_EAST, INDONESIA_NORTH, INDONESIA_SOUTH, INDONESIA_WEST, KbliEdition, Sex
from trainings.imports.readers import district_words, kbli, nib, nik, npwp, phone, record_key
from trainings.models import Enterprise
from trainings.models.enterprise import parse_started_year

YES_NO = (("ya", _("Yes")), ("tidak", _("No")))
SEXES = {"laki laki": "L", "lk": "L", "pria": "L", "perempuan": "P", "pr": "P", "wanita": "P"}
RECORD = "record"


def _email() -> Reader:
    short = text(254)

    def read(value: Any) -> str:
        written: str = short(value)
        try:
            validate_email(written)
        except ValidationError:
            raise ValidationError(_("This is not an e-mail address.")) from None
        return written

    return read


def _short(key: str, label: Any, *aliases: str, **more: Any) -> SheetField:
    length: int | None = getattr(Enterprise._meta.get_field(key), "max_length", None)
    return SheetField(key=key, label=label, read=text(length or 250), aliases=aliases, **more)


def _number(key: str, label: Any, *aliases: str, at_most: int = MOST_TOGETHER, **more: Any) -> SheetField:
    return SheetField(key=key, label=label, read=whole_number(at_most=at_most), aliases=aliases, kind="number", **more)


def _year() -> Reader:
    words = text(250)
    return lambda value: parse_started_year(words(value))


def _money(key: str, label: Any, *aliases: str, **more: Any) -> SheetField:
    return SheetField(key=key, label=label, read=money(), aliases=aliases, kind="number", **more)


def _answer(key: str, label: Any, *aliases: str) -> SheetField:
    return SheetField(key=key, label=label, read=yes_no(), aliases=aliases, choices=YES_NO, example="ya", width=12)


FIELDS = (
    SheetField(key=RECORD, label=_("Key of the record"), read=record_key(), is_hidden=True, is_prefilled=True, is_identifier=True),
    _short("code", _("IKM code"), "kode", "kode ikm", "id ikm", "no ikm", is_identifier=True, example="IKM-0001"),
    _short("name", _("Business name"), "nama usaha", "nama ikm", "nama perusahaan", "nama industri", "usaha", "ikm", is_required=True, example="Usaha Contoh", width=28),
    _short("owner_name", _("Owner"), "pemilik", "nama pemilik", "nama pengusaha", "pimpinan", "penanggung jawab", example="Aminah Contoh", width=24),
    SheetField(key="owner_nik", label=_("NIK of the owner"), read=nik(), aliases=("nik", "nik pemilik", "no ktp", "nomor ktp"), is_private=True, is_identifier=True, width=20, help=_("16 digits, as text.")),
    SheetField(key="owner_sex", label=_("Sex of the owner"), read=choice(Sex.choices, SEXES), aliases=("jenis kelamin", "jenis kelamin pemilik", "l p", "jk"), choices=tuple(Sex.choices), example="P", width=10),
    SheetField(key="region", label=_("Kabupaten/kota"), read=district_words(), aliases=("kabupaten", "kota", "kab kota", "kabupaten kota", "kode wilayah", "kode kabupaten", "wilayah"), example="Kabupaten Contoh", width=24, help=_("Its name or code. May be left out by an office of one kabupaten/kota.")),
    _short("address", _("Address"), "alamat", "alamat usaha", "jalan", example="Jl. Contoh No. 1", width=32),
    _short("village", _("Village"), "desa", "kelurahan", "desa kelurahan", "kelurahan desa", example="Desa Contoh"),
    _short("subdistrict", _("Sub-district"), "kecamatan", "kec", example="Kecamatan Contoh"),
    _short("village_code", _("Village code"), "kode desa", "kode desa kelurahan", is_identifier=True, example="00.00.00.0000"),
    SheetField(key="latitude", label=_("Latitude"), read=coordinate(INDONESIA_SOUTH, INDONESIA_NORTH), aliases=("lintang", "lat"), example="-3,800000"),
    SheetField(key="longitude", label=_("Longitude"), read=coordinate(INDONESIA_WEST, INDONESIA_EAST), aliases=("bujur", "long", "lng"), example="114,780000"),
    SheetField(key="phone", label=_("Telephone"), read=phone(), aliases=("telepon", "no telepon", "no telp", "telp", "no hp", "hp", "nomor hp", "whatsapp", "no wa", "no telp hp", "kontak"), is_identifier=True, example="0812-0000-0000"),
    SheetField(key="email", label=_("E-mail"), read=_email(), aliases=("email", "surel", "alamat email"), width=24),
    SheetField(key="legal_form", label=_("Legal form"), read=choice(Enterprise.LegalForm.choices), aliases=("bentuk badan usaha", "badan usaha", "bentuk usaha", "badan hukum"), choices=tuple(Enterprise.LegalForm.choices), example="perorangan"),
    SheetField(key="nib", label="NIB", read=nib(), aliases=("no nib", "nomor nib", "nomor induk berusaha"), is_identifier=True, help=_("13 digits, as text.")),
    SheetField(key="npwp", label="NPWP", read=npwp(), aliases=("no npwp", "nomor npwp"), is_private=True, is_identifier=True, width=20),
    SheetField(key="kbli", label="KBLI", read=kbli(), aliases=("kode kbli", "kbli 2020", "kbli 2015"), is_identifier=True, example="13132", width=10),
    SheetField(key="kbli_edition", label=_("KBLI edition"), read=choice(KbliEdition.choices), aliases=("edisi kbli", "tahun kbli"), choices=tuple(KbliEdition.choices), example="2020", width=12),
    _short("main_product", _("Main product"), "produk utama", "produk", "jenis produk", "komoditi", "komoditas", "jenis usaha", example="Kain tenun", width=24),
    _short("brand", _("Brand"), "merek", "merk", "brand", "merek dagang"),
    SheetField(key="started_year", label=_("Started in (year)"), read=_year(), aliases=("tahun mulai", "tahun berdiri", "mulai usaha"), kind="number", example="2015"),
    _answer("is_active", _("Active"), "aktif", "status", "status aktif"),
    _number("workers_male", _("Male workers"), "tenaga kerja l", "tenaga kerja laki laki", "tk l", "tk laki laki", "laki laki", "l", "pekerja laki laki", example="2", at_most=MOST_PEOPLE),
    _number("workers_female", _("Female workers"), "tenaga kerja p", "tenaga kerja perempuan", "tk p", "tk perempuan", "perempuan", "p", "pekerja perempuan", example="3", at_most=MOST_PEOPLE),
    _money("investment", _("Investment without land and building (Rp)"), "nilai investasi", "investasi", "investasi rp", "nilai investasi rp", "modal", example="25.000.000", width=20),
    _money("investment_land", _("Investment in land and building (Rp)"), "investasi tanah dan bangunan", "tanah dan bangunan"),
    _short("capacity_unit", _("Unit of production"), "satuan", "satuan produksi", example="lembar"),
    _number("installed_capacity", _("Installed capacity a year"), "kapasitas terpasang", at_most=MOST_RUPIAH),
    _number("production_capacity", _("Production capacity a year"), "kapasitas", "kapasitas produksi", "kapasitas per tahun", "kapasitas produksi per tahun", at_most=MOST_RUPIAH),
    _number("production", _("Production a year"), "produksi", "jumlah produksi", "produksi per tahun", at_most=MOST_RUPIAH),
    _money("production_value", _("Value of production a year (Rp)"), "nilai produksi", "omzet", "omset", "nilai produksi rp"),
    _short("raw_materials", _("Raw materials"), "bahan baku", width=24),
    _short("machines", _("Machines and equipment"), "mesin", "mesin dan peralatan", "peralatan", width=24),
    _number("water_m3", _("Raw water a year (m³)"), "air baku", "air baku m3"),
    _number("fuel_litres", _("Fuel and lubricants a year (litres)"), "bahan bakar", "bbm"),
    _number("electricity_kwh", _("Electricity a year (kWh)"), "listrik", "listrik kwh"),
    _answer("has_siinas_account", _("SIINas account"), "akun siinas", "siinas"),
    _answer("sells_offline", _("Sells offline"), "pemasaran luring", "luring", "offline"),
    _answer("sells_online", _("Sells online"), "pemasaran daring", "daring", "online"),
    _short("sales_channels", _("Sales channels"), "kanal pemasaran", "pemasaran", "tempat pemasaran", width=24),
)  # fmt: skip

"""The tree of regions and the reference file it comes from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.regions import REFERENCE_FILE, Level, RegionFileError, RegionRow, ancestors, level, parent_code, path_of, read_regions

HEADING = "kemendagri_code,bps_code,kind,name,short_name,capital,latitude,longitude,grid_column,grid_row,area_km2,population_2025"


@pytest.fixture(scope="module")
def regions() -> dict[str, RegionRow]:
    return {row.kemendagri_code: row for row in read_regions()}


@pytest.fixture
def read(tmp_path: Path):
    def read_lines(*lines: str, heading: str = HEADING) -> list[RegionRow]:
        file = tmp_path / "regions.csv"
        file.write_text("\n".join([heading, *lines]), encoding="utf-8")
        return list(read_regions(file))

    return read_lines


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("00", (Level.COUNTRY, None, "/")),
        ("63", (Level.PROVINCE, "00", "/63/")),
        ("63.01", (Level.DISTRICT, "63", "/63/63.01/")),
        ("53.71", (Level.DISTRICT, "53", "/53/53.71/")),
    ],
)
def test_a_code_tells_its_level_parent_and_path(code: str, expected: tuple[Level, str | None, str]) -> None:
    assert (level(code), parent_code(code), path_of(code)) == expected


@pytest.mark.parametrize("code", ["", "6", "6301", "63.1", "63.00", "00.01", "63.01.03", "63,01", " 63", "63\n", "AB", "٦٣"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not the Kemendagri code"):
        path_of(code)


@pytest.mark.parametrize(("path", "above"), [("/", []), ("/63/", ["/"]), ("/63/63.01/", ["/", "/63/"])])
def test_ancestors_are_the_paths_above(path: str, above: list[str]) -> None:
    assert ancestors(path) == above


@given(st.integers(10, 99), st.integers(1, 99))
def test_a_district_starts_with_the_path_of_everything_above_it(province: int, district: int) -> None:
    path = path_of(f"{province}.{district:02d}")
    assert all(path.startswith(above) for above in ancestors(path))
    assert ancestors(path)[-1] == path_of(str(province))


def test_the_reference_file_has_both_provinces_with_all_their_districts(regions: dict[str, RegionRow]) -> None:
    assert [sum(row.parent_code == code for row in regions.values()) for code in ("00", "63", "53")] == [2, 13, 22]
    assert sum(row.population or 0 for row in regions.values() if row.parent_code == "63") == regions["63"].population == 4_305_281
    assert all(row.parent_code in regions for row in regions.values() if row.parent_code)


def test_a_district_is_read_with_everything_known_of_it(regions: dict[str, RegionRow]) -> None:
    assert regions["63.01"] == RegionRow(
        kemendagri_code="63.01",
        bps_code="6301",
        kind="kabupaten",
        name="Kabupaten Tanah Laut",
        short_name="Tala",
        capital="Pelaihari",
        note="",
        latitude=Decimal("-3.819"),
        longitude=Decimal("114.905"),
        grid_column=2,
        grid_row=4,
        area_km2=Decimal("3841.157"),
        population=369_818,
        valid_from=None,
        valid_until=None,
    )


def test_kabupaten_kotabaru_is_a_kabupaten_and_nothing_is_matched_by_the_start_of_its_name(regions: dict[str, RegionRow]) -> None:
    assert {code: regions[code].kind for code in ("63.02", "63.03", "63.71", "63.72", "53.01", "53.71")} == {
        "63.02": "kabupaten",
        "63.03": "kabupaten",
        "63.71": "kota",
        "63.72": "kota",
        "53.01": "kabupaten",
        "53.71": "kota",
    }


def test_sixteen_districts_of_ntt_have_another_bps_code(regions: dict[str, RegionRow]) -> None:
    ntt = [row for row in regions.values() if row.parent_code == "53"]
    assert sum(row.kemendagri_code.replace(".", "") != row.bps_code for row in ntt) == 16
    assert (regions["53.01"].bps_code, regions["53.12"].bps_code) == ("5303", "5301")


def test_the_capital_is_todays_and_the_note_says_what_it_was(regions: dict[str, RegionRow]) -> None:
    assert (regions["63"].capital, regions["63"].note) == ("Banjarbaru", "Ibu kota Banjarmasin sampai 16 Maret 2022")


def test_what_the_file_leaves_empty_stays_unknown(regions: dict[str, RegionRow]) -> None:
    kupang = regions["53.01"]
    assert (kupang.population, kupang.area_km2, regions["00"].latitude, regions["00"].grid_column) == (None, None, None, None)


def test_no_two_districts_of_a_province_share_a_tile(regions: dict[str, RegionRow]) -> None:
    tiles = [(row.parent_code, row.grid_column, row.grid_row) for row in regions.values() if row.grid_column is not None]
    assert len(tiles) == len(set(tiles)) == 35


def test_another_province_can_be_read_with_dates_of_validity(read) -> None:
    heading = "kemendagri_code,bps_code,kind,name,short_name,valid_from,valid_until"
    (row,) = read("93,,provinsi,Provinsi Papua Selatan,Papua Selatan,2022-07-25,", heading=heading)
    assert (row.path, row.bps_code, row.valid_from, row.valid_until, row.population) == ("/93/", "", dt.date(2022, 7, 25), None, None)


def test_a_byte_order_mark_of_a_spreadsheet_is_no_part_of_the_heading(tmp_path: Path) -> None:
    file = tmp_path / "regions.csv"
    file.write_bytes(b"\xef\xbb\xbf" + REFERENCE_FILE.read_bytes())
    assert len(list(read_regions(file))) == 38


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("6301,6301,kabupaten,Kabupaten Tanah Laut,Tala,,,,,,,", "kemendagri_code"),
        ("63.01,63-01,kabupaten,Kabupaten Tanah Laut,Tala,,,,,,,", "bps_code"),
        ("63.01,6301,kab,Kabupaten Tanah Laut,Tala,,,,,,,", "kind"),
        ("63.02,6302,kota,Kota Baru,Kotabaru,,,,,,,", "kind"),
        ("63.71,6371,kabupaten,Kabupaten Banjarmasin,BJM,,,,,,,", "kind"),
        ("63,63,kabupaten,Kabupaten Kalsel,Kalsel,,,,,,,", "kind"),
        ("63.02,6302,kabupaten,Kotabaru,Kotabaru,,,,,,,", "name"),
        ("63.01,6301,kabupaten,Kabupaten Tanah Laut,,,,,,,,", "short_name"),
        ('63.01,6301,kabupaten,Kabupaten Tanah Laut,Tala,,"-3,819",,,,,', "latitude"),
        ("63.01,6301,kabupaten,Kabupaten Tanah Laut,Tala,,NaN,,,,,", "latitude"),
        ("63.01,6301,kabupaten,Kabupaten Tanah Laut,Tala,,,181,,,,", "longitude"),
        ("63.01,6301,kabupaten,Kabupaten Tanah Laut,Tala,,,,-1,,,", "grid_column"),
        ("63.01,6301,kabupaten,Kabupaten Tanah Laut,Tala,,,,,,0,", "area_km2"),
        ("63.01,6301,kabupaten,Kabupaten Tanah Laut,Tala,,,,,,,369.818", "population_2025"),
        ("63,63,provinsi,Provinsi Kalsel,Kalsel,A until 2022-02-30; B since,,,,,,", "capital"),
        ("63,63,provinsi,Provinsi Kalsel,Kalsel,,,,,,,,,more", ""),
    ],
)
def test_a_cell_that_is_wrong_is_named(read, line: str, column: str) -> None:
    with pytest.raises(RegionFileError) as refused:
        read(line)
    assert [(error.line, error.column) for error in refused.value.errors] == [(2, column)]


def test_everything_wrong_is_said_at_once(read) -> None:
    with pytest.raises(RegionFileError) as refused:
        read("63,63,provinsi,Provinsi Kalsel,Kalsel,,,,,,,x", "63,6x,provinsi,Provinsi Kalsel,Kalsel,,,,,,,")
    assert [(error.line, error.column) for error in refused.value.errors] == [
        (2, "population_2025"),
        (3, "bps_code"),
        (3, "kemendagri_code"),
    ]
    assert "line 2, population_2025: 'x', expected a whole number" in str(refused.value)


def test_a_file_without_its_columns_is_refused(read) -> None:
    with pytest.raises(RegionFileError) as refused:
        read("63,63", heading="kemendagri_code,bps_code")
    assert [(error.line, error.column) for error in refused.value.errors] == [(1, "kind"), (1, "name")]


def test_the_indonesian_heading_is_understood_and_a_short_name_is_made(read) -> None:
    (row,) = read(
        "63.02,6302,kabupaten,Kabupaten Kotabaru,Kotabaru,-2.985,116.063,,",
        heading="Kode_Kemendagri,kode_bps,jenis,nama,ibukota,lat,lng,berlaku_mulai,berlaku_sampai",
    )
    assert (row.kind, row.name, row.short_name, row.capital) == ("kabupaten", "Kabupaten Kotabaru", "Kotabaru", "Kotabaru")

"""The fixed parts of a workbook file (Office Open XML): styles, frame of a sheet, and what binds the sheets together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# What a spreadsheet takes for a formula when it stands first in a text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_DIGITS_OF_A_NUMBER = 9  # longer ones are identifiers, and Excel rounds them from the 16th digit on

# Positions in the list of styles below. A closing row's style stands OF_TOTALS further on.
PLAIN, INTEGER, PERCENT, MONEY, DAY, MOMENT = range(6)
OF_TOTALS = 6
TITLE, HEADER, HEADER_RIGHT, QUOTED, IDENTIFIER = range(12, 17)
STYLES = {"text": PLAIN, "decimal": PLAIN, "integer": INTEGER, "percent": PERCENT, "money": MONEY, "date": DAY}

_SPECIAL = re.compile(r"[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def letters(number: int) -> str:
    """1 is A, 27 is AA."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def escaped(text: str) -> str:
    """Text inside XML; what XML forbids is left out."""
    if not _SPECIAL.search(text):
        return text
    return escape(_NOT_IN_XML.sub("", text), {"\r": "&#13;"})


def sheet_name(name: str, number: int) -> str:
    plain = _NOT_IN_SHEET_NAME.sub(" ", name)[:25]
    return plain if number == 1 else f"{plain} {number}"


def sheet_start(widths: Sequence[int], header_row: int) -> str:
    columns = "".join(f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1))
    below = header_row + 1
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{header_row}" topLeftCell="A{below}" activePane="bottomLeft" '
        f'state="frozen"/><selection pane="bottomLeft" activeCell="A{below}" sqref="A{below}"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )


def sheet_end(table: str) -> str:
    return (
        f'</sheetData><autoFilter ref="{table}"/>'
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;RHal. &amp;P dari &amp;N</oddFooter></headerFooter></worksheet>"
    )


def package(names: Sequence[str], tables: Sequence[tuple[int, int]], *, title: str, last_column: str) -> dict[str, str]:
    """Everything of the file beside its sheets: path -> content."""
    return {
        "[Content_Types].xml": _content_types(len(names)),
        "_rels/.rels": _relations(
            [(f"{RELATIONS}/officeDocument", "xl/workbook.xml"), (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")]
        ),
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escaped(title)}</dc:title></cp:coreProperties>',
        "xl/workbook.xml": _workbook(names, tables, last_column),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *((f"{RELATIONS}/worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)),
                (f"{RELATIONS}/styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": _styles(),
    }


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("/xl/workbook.xml", f"{kind}.sheet.main+xml"), ("/xl/styles.xml", f"{kind}.styles+xml")]
    parts += [(f"/xl/worksheets/sheet{number}.xml", f"{kind}.worksheet+xml") for number in range(1, sheets + 1)]
    parts.append(("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"))
    overrides = "".join(f'<Override PartName="{name}" ContentType="{content}"/>' for name, content in parts)
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}</Types>"
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    found = "".join(f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>' for at, (kind, target) in enumerate(targets, 1))
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def _workbook(names: Sequence[str], tables: Sequence[tuple[int, int]], last_column: str) -> str:
    sheets = "".join(f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1))
    defined = ""
    for at, (name, (header, last)) in enumerate(zip(names, tables, strict=True)):
        quoted = escape(name.replace("'", "''"))
        defined += (
            f'<definedName name="_xlnm._FilterDatabase" localSheetId="{at}" hidden="1">'
            f"'{quoted}'!$A${header}:${last_column}${last}</definedName>"
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{at}">\'{quoted}\'!${header}:${header}</definedName>'
        )
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets><definedNames>{defined}</definedNames></workbook>"
    )


def _styles() -> str:
    formats = {164: '"Rp"#,##0', 165: "dd/mm/yyyy", 166: "dd/mm/yyyy hh:mm"}
    numbers = "".join(f'<numFmt numFmtId="{at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>' for at, code in formats.items())
    by_kind = (0, 3, 10, 164, 165, 166)  # of PLAIN ... MOMENT
    cells = [f'<xf numFmtId="{at}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' for at in by_kind]
    cells += [
        f'<xf numFmtId="{at}" fontId="1" fillId="0" borderId="2" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1"/>'
        for at in by_kind
    ]
    header = '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
    cells += [
        '<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
        *(f'{header}<alignment horizontal="{side}" vertical="center" wrapText="1"/></xf>' for side in ("left", "right")),
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>',
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
    ]
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(formats)}">{numbers}</numFmts>'
        '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="14"/><name val="Calibri"/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE3EEEC"/></patternFill></fill></fills>'
        '<borders count="3"><border><left/><right/><top/><bottom/></border><border><left/><right/><top/><bottom style="thin"/></border>'
        '<border><left/><right/><top style="thin"/><bottom/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )

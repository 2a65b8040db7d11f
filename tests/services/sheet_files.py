"""Builders of small sheet files for the tests of reading and importing."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CASE_HEADER = ("案件编号", "上报时间", "问题描述", "地址")


def a_workbook(path: Path, rows: Iterable[Sequence[Any]], *, merges: Sequence[str] = (), sheet: str = "案件") -> Path:
    """An .xlsx with these rows, as a person would make it."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for area in merges:
        page.merge_cells(area)
    book.save(path)
    return path


def a_raw_workbook(path: Path, sheet_xml: str, shared_strings: str = "") -> Path:
    """An .xlsx whose one sheet is exactly this XML."""
    relation = '<Relationship Id="rId1" Type="{kind}" Target="{target}"/>'
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
    kind = f"{_OFFICE}/"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        document = relation.format(kind=kind + "officeDocument", target="xl/workbook.xml")
        archive.writestr("_rels/.rels", relations.format(document))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        page = relation.format(kind=kind + "worksheet", target="worksheets/sheet1.xml")
        archive.writestr("xl/_rels/workbook.xml.rels", relations.format(page))
        archive.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}">{sheet_xml}</worksheet>')
        if shared_strings:
            archive.writestr("xl/sharedStrings.xml", shared_strings)
    return path


def a_text(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file with exactly these characters and line ends."""
    path.write_bytes(text.encode(encoding))
    return path


def cases_csv(path: Path, *rows: str, header: str = ",".join(CASE_HEADER)) -> Path:
    """A .csv of cases with the usual header."""
    return a_text(path, "\n".join([header, *rows]) + "\n")

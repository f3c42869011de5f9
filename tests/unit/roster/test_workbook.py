"""Workbooks: the text of cells as people see it, nothing that runs, and nothing without a bound.

openpyxl, an implementation of other people, writes the files and says what is in them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from testamur import limits
from testamur.errors import Code, InputError, ParseError, TestamurError
from testamur.roster.rows import Row, Table, read_rows

NOON = datetime(2026, 6, 30, 12, 30)  # noqa: DTZ001 - cells have no time zone
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def save(folder: Path, rows: Iterable[Iterable[Any]], change: Callable[[Any], object] = id) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(list(row))
    change(book)
    path = folder / "roster.xlsx"
    book.save(path)
    return path


def rows_of(path: Path) -> list[Row]:
    return list(read_rows(path).rows)


def replaced(path: Path, parts: dict[str, bytes | None]) -> Path:
    """Write the archive again with other parts; None leaves one out."""
    with zipfile.ZipFile(path) as archive:
        old: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**old, **parts}.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def with_sheet(folder: Path, xml: str) -> Path:
    """A workbook whose sheet is this XML."""
    path = save(folder, [["name"]])
    return replaced(path, {SHEET: xml.encode("utf-8")})


def with_shared_strings(folder: Path, items: str, count: int) -> Path:
    """A workbook whose cells, one in each row, are texts of the list that sheets share.

    Spreadsheets write it so, and openpyxl does not.
    """
    path = save(folder, [["name"]])
    with zipfile.ZipFile(path) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Type="{kind}" Target="sharedStrings.xml" Id="rId9"/>'
    rows = [f'<row><c t="s"><v>{number}</v></c></row>' for number in range(count)]
    return replaced(
        path,
        {
            "xl/_rels/workbook.xml.rels": relations.replace(
                "</Relationships>", f"{relation}</Relationships>"
            ).encode(),
            "xl/sharedStrings.xml": f"<sst {MAIN}>{items}</sst>".encode(),
            SHEET: sheet(*rows).encode(),
        },
    )


def sheet(*rows: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{''.join(rows)}</sheetData></worksheet>"


def test_cells_are_read_as_people_see_them(tmp_path: Path) -> None:
    def formats(book: Any) -> None:
        for at, code in (
            ("C2", "0%"), ("D2", "dd/mm/yyyy"), ("E2", "yyyy-mm-dd hh:mm"), ("F2", '0.00 "d"'),
            ("G2", "0.0%"), ("H2", "[$-415]d mmmm yyyy"), ("I2", "[Red]0"),
        ):  # fmt: skip
            book.active[at].number_format = code

    values = [
        "007", 7, 0.85, date(2026, 6, 30), NOON, 2.5, 0.285,
        date(1900, 1, 31), 0.1 + 0.2, True, 1e15, -4, 0.00001,
    ]  # fmt: skip
    path = save(tmp_path, [[f"c{n}" for n in range(len(values))], values], formats)
    (row,) = rows_of(path)
    assert list(row.cells.values()) == [
        "007", "7", "85%", "2026-06-30", "2026-06-30T12:30:00", "2.5", "28.5%",
        "1900-01-31", "0.3", "TRUE", "1000000000000000", "-4", "0.00001",
    ]  # fmt: skip
    assert (row.number, row.line, row.faults) == (1, 2, ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    day=st.dates(min_value=date(1904, 1, 2), max_value=date(9999, 12, 31)),
    of_1904=st.booleans(),
)
def test_days_are_those_that_the_other_implementation_wrote(
    tmp_path: Path, day: date, of_1904: bool
) -> None:
    def count_from_1904(book: Any) -> None:
        if of_1904:
            book.epoch = CALENDAR_MAC_1904

    path = save(tmp_path, [["day"], [day]], count_from_1904)
    assert rows_of(path)[0].cells == {"day": day.isoformat()}


def test_text_that_looks_like_a_formula_is_text_and_a_formula_is_a_fault(tmp_path: Path) -> None:
    def as_text(book: Any) -> None:
        book.active["A2"].data_type = "s"
        book.active["A2"].value = "=1+1"
        book.active["A2"].data_type = "s"

    rows = [["name", "note"], ["", "=HYPERLINK(A1)"], ["Ada", "x"]]
    first, second = rows_of(save(tmp_path, rows, as_text))
    assert first.cells == {"name": "=1+1"}
    assert [column for column, _ in first.faults] == ["note"]
    assert first.faults[0][1].startswith("holds a formula; copy the column and paste it as values")
    assert (second.cells, second.faults) == ({"name": "Ada", "note": "x"}, ())


def test_what_a_spreadsheet_once_made_of_a_formula_is_not_believed(tmp_path: Path) -> None:
    row = '<row r="2"><c r="A2" t="str"><f>1+1</f><v>Ada</v></c></row>'
    heading = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    (found,) = rows_of(with_sheet(tmp_path, sheet(heading, row)))
    assert found.cells == {}
    assert found.faults[0][0] == "name"


def test_formatted_text_and_reading_aids(tmp_path: Path) -> None:
    bold = TextBlock(InlineFont(b=True), "Ada ")
    path = save(tmp_path, [["name"], [CellRichText(bold, "Nowak")]])
    assert rows_of(path)[0].cells == {"name": "Ada Nowak"}
    # ECMA-376, 18.4.6: phonetic runs say how the base text is pronounced.
    items = (
        "<si><t>name</t></si><si><r><t>課</t></r><r><t>長</t></r>"
        '<rPh sb="0" eb="1"><t>カ</t></rPh></si><si/>'
    )
    (row,) = rows_of(with_shared_strings(tmp_path, items, 3))
    assert row.cells == {"name": "課長"}


def test_escaped_characters_are_those_characters(tmp_path: Path) -> None:
    # ECMA-376, 22.9.2.19: _xHHHH_ for characters that XML cannot hold, _x005F_ for the first "_".
    texts = ("name", "a_x000D_b", "_x005F_x000D_", "_x12_")
    cells = [f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>' for text in texts]
    found = [row.cells["name"] for row in rows_of(with_sheet(tmp_path, sheet(*cells)))]
    assert found == ["a\rb", "_x000D_", "_x12_"]


def test_rows_keep_their_number_in_the_sheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["# Fill in"],
        [],
        ["name", None, "note"],
        [],
        ["Ada"],
        ["  "],
        [None, None, "x"],
    ]
    found = rows_of(save(tmp_path, rows))
    assert [(row.number, row.line) for row in found] == [(1, 5), (2, 7)]


def test_cell_beyond_the_headings_is_a_fault(tmp_path: Path) -> None:
    (row,) = rows_of(save(tmp_path, [["name"], ["Ada", None, "x"]]))
    assert row.faults == ((None, "has a cell in a column without a heading; name the column"),)


def test_first_sheet_that_is_not_hidden_is_read_or_the_one_that_is_named(tmp_path: Path) -> None:
    def more(book: Any) -> None:
        book.active.sheet_state = "hidden"
        book.create_sheet("Kurs ä").append(["name"])

    path = save(tmp_path, [["key"]], more)
    assert read_rows(path).headings == ("name",)
    assert read_rows(path).read_as == "workbook, sheet 'Kurs ä'"
    assert read_rows(path, sheet="Sheet").headings == ("key",)
    with pytest.raises(ParseError, match="has no sheet of that name; it has 'Sheet', 'Kurs ä'"):
        read_rows(path, sheet="Kurs")


@pytest.mark.parametrize("rows", [[], [[None]], [["# only a comment"]]])
def test_empty_sheet_has_no_columns(tmp_path: Path, rows: list[list[Any]]) -> None:
    with pytest.raises(ParseError, match="is empty; its first row names the columns"):
        read_rows(save(tmp_path, rows))


def test_macros_are_refused_by_content_not_by_name(tmp_path: Path) -> None:
    path = save(tmp_path, [["name"]])
    with pytest.raises(ParseError, match="holds macros"):
        read_rows(replaced(path, {"xl/vbaProject.bin": b"x"}))
    path = save(tmp_path, [["name"]])
    with zipfile.ZipFile(path) as archive:
        types = archive.read("[Content_Types].xml").replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
    assert b"macroEnabled" in types
    with pytest.raises(ParseError, match="holds macros"):
        read_rows(replaced(path, {"[Content_Types].xml": types}))


def test_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))  # an OLE file (MS-CFB 2.2)
    with pytest.raises(ParseError, match="has a password, or is of before 2007"):
        read_rows(path)
    path = save(tmp_path, [["name"]])
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1  # APPNOTE 4.4.4, bit 0: encrypted
    path.write_bytes(content)
    with pytest.raises(ParseError, match="has a password"):
        read_rows(path)


def test_document_type_is_refused_so_that_no_entity_can_grow(tmp_path: Path) -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        + sheet('<row><c t="inlineStr"><is><t>&b;</t></is></c></row>')
    )
    with pytest.raises(ParseError, match="holds a document type"):
        read_rows(with_sheet(tmp_path, bomb))
    with pytest.raises(ParseError, match="holds a document type"):
        read_rows(replaced(save(tmp_path, [["name"]]), {"xl/workbook.xml": bomb.encode()}))


HEADING = '<row><c t="inlineStr"><is><t>name</t></is></c></row>'


@pytest.mark.parametrize(
    ("name", "bound", "content"),
    [
        ("WORKBOOK_PARTS", 3, ""),
        ("WORKBOOK_BYTES", 2_000, ""),
        ("WORKBOOK_CELLS", 10, "<row>" + "<c/>" * 20 + "</row>"),
        ("WORKBOOK_CELLS", 10, "<row/>" * 20),
        ("WORKBOOK_CELL_CHARACTERS", 10, f'<row><c t="str"><v>{"a" * 20}</v></c></row>'),
        ("WORKBOOK_PART_BYTES", 100, ""),
        ("WORKBOOK_BYTES", 15_000, f'<row><c t="str"><v>{"a" * 20_000}</v></c></row>'),
        ("ROSTER_LINE_CHARACTERS", 10, f"<row>{'<c><v>123456</v></c>' * 2}</row>"),
        ("ROSTER_COLUMNS", 5, '<row><c r="ZZ2"><v>1</v></c></row>'),
    ],
)
def test_what_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, bound: int, content: str
) -> None:
    monkeypatch.setattr(limits, name, bound)
    with pytest.raises(ParseError) as caught:
        rows_of(with_sheet(tmp_path, sheet(HEADING, content)))
    assert caught.value.code is Code.RESOURCE_LIMIT


@pytest.mark.parametrize(
    ("name", "bound"), [("WORKBOOK_STRINGS", 5), ("WORKBOOK_STRING_CHARACTERS", 30)]
)
def test_too_many_shared_texts_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, bound: int
) -> None:
    path = with_shared_strings(tmp_path, "<si><t>learner</t></si>" * 20, 20)
    assert len(rows_of(path)) == 19
    monkeypatch.setattr(limits, name, bound)
    with pytest.raises(ParseError) as caught:
        rows_of(path)
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = save(tmp_path, [["name"]])
    size = limits.WORKBOOK_BYTES + 1
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/image1.png", "w") as stream,
    ):
        for _ in range(size // 2**20 + 1):
            stream.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(ParseError, match="when it is unpacked") as caught:
        read_rows(path)
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_endless_tag_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = with_sheet(tmp_path, f'<worksheet {MAIN}><sheetData><row a="{"x" * 4_000_000}"/>')
    with pytest.raises(ParseError, match="has a tag that is too long") as caught:
        read_rows(path)
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_deep_nesting_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = with_sheet(tmp_path, f"<worksheet {MAIN}>" + "<a>" * 65)
    with pytest.raises(ParseError, match="is nested too deep") as caught:
        read_rows(path)
    assert caught.value.code is Code.RESOURCE_LIMIT


def test_list_of_parts_is_bounded_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number:050}", b"")
    with pytest.raises(ParseError, match="has too many parts"):
        read_rows(path)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("<worksheet", "is no XML"),
        ('<?xml version="1.0" encoding="nonsense"?><worksheet/>', "is no XML"),
        (sheet('<row r="3"/>', '<row r="3"/>'), "rows of the workbook's sheet are in no order"),
        (sheet("<row><row/></row>"), "rows of the workbook's sheet are in no order"),
        (
            sheet('<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'),
            "cells of the workbook's sheet are in no order",
        ),
        (sheet('<row><c t="s"><v>99</v></c></row>'), "lacks a text that a cell names"),
        (sheet('<row><c t="s"><v>-1</v></c></row>'), "names a text by no number"),
        (sheet("<row><c><f>1</f><v>1</v></c></row>"), "a heading holds a formula"),
    ],
)
def test_damaged_sheet_says_what_is_wrong(tmp_path: Path, xml: str, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_rows(with_sheet(tmp_path, xml))
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('<c t="e"><v>#N/A</v></c>', "holds the error #N/A; write the value"),
        ("<c><v>NaN</v></c>", "holds no number or day"),
        ("<c><v>1e999999999</v></c>", "holds no number or day"),
        ("<c><v>x</v></c>", "holds no number or day"),
    ],
)
def test_cell_that_cannot_be_read_is_a_fault_of_its_row(
    tmp_path: Path, cell: str, words: str
) -> None:
    (row,) = rows_of(with_sheet(tmp_path, sheet(HEADING, f"<row>{cell}</row>")))
    assert row.faults[0][0] == "name"
    assert words in row.faults[0][1]


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "_rels/.rels", SHEET])
def test_workbook_without_a_part_is_none(tmp_path: Path, part: str) -> None:
    with pytest.raises(ParseError, match="is no workbook"):
        read_rows(replaced(save(tmp_path, [["name"]]), {part: None}))


def test_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(b"name\nAda\n")
    with pytest.raises(ParseError, match="is no workbook, or is damaged"):
        read_rows(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_rows(tmp_path / "nowhere.xlsx")


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    table = read_rows(save(tmp_path, [["name"], *[[f"Ada {n}"] for n in range(20_000)]]))
    first = next(table.rows)
    assert 0 < first.read < 0.5
    *_, last = table.rows
    assert last.number == 20_000
    assert last.read == 1


TEXTS = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(TEXTS | st.integers(-999, 999), min_size=3, max_size=3), max_size=8))
def test_text_and_numbers_are_what_the_other_implementation_reads(
    tmp_path: Path, rows: list[list[Any]]
) -> None:
    def all_text(book: Any) -> None:
        for row in book.active.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, str):
                    cell.data_type = "s"

    path = save(tmp_path, [["a", "b", "c"], *rows], all_text)
    active: Any = load_workbook(path).active
    theirs = [
        {n: str(v) for n, v in zip("abc", values, strict=True) if v not in (None, "")}
        for values in active.iter_rows(min_row=2, values_only=True)
    ]
    ours = [row.cells for row in rows_of(path)]
    assert ours == [
        {name: re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)
         for name, text in each.items()}
        for each in theirs
        if any(text.strip() for text in each.values())
    ]  # fmt: skip


def _parts() -> dict[str, bytes]:
    book = Workbook()
    active: Any = book.active
    for row in (["name", "email"], ["Ada", "ada@uni.example"], [date(2026, 1, 1), 0.5]):
        active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        names = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml")
        relations = "xl/_rels/workbook.xml.rels"
        return {name: archive.read(name) for name in (*names, relations, SHEET)}


PARTS = _parts()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A workbook in which some bytes of one part are others, or some bytes of the archive are."""
    name = draw(st.sampled_from([None, *PARTS]))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", draw(st.sampled_from([0, 8]))) as archive:
        for part, content in PARTS.items():
            archive.writestr(part, draw(changed(content)) if part == name else content)
    return draw(changed(stream.getvalue())) if name is None else stream.getvalue()


@st.composite
def changed(draw: st.DrawFn, content: bytes) -> bytes:
    """Bytes of which some are others, or are repeated."""
    new = bytearray(content)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(new) - 1))
        if draw(st.booleans()):
            new[at] = draw(st.integers(0, 255))
        else:
            new[at:at] = new[at : at + draw(st.integers(1, 80))]
    return bytes(new)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(damaged())
def test_damaged_workbook_raises_only_errors_of_ours(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)
    with suppress(TestamurError):
        assert isinstance(read_rows(path), Table)
        rows_of(path)


TAGS = st.sampled_from(
    ["<row>", "</row>", '<row r="2">', "<row/>", "<c>", "</c>", '<c t="s">', '<c t="d" s="1">',
     '<c r="B7" t="inlineStr">', "<is>", "</is>", "<t>", "</t>", "<v>", "</v>", "<f>", "</f>",
     "<rPh>", "</rPh>", "1", "46000", "x", "1e308", "_xD800_", "\ufeff", "<!-- -->", "&#13;"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(TAGS, max_size=30))
def test_junk_in_a_sheet_raises_only_errors_of_ours(tmp_path: Path, tags: list[str]) -> None:
    for content in ("".join(tags), _balanced(tags)):
        path = with_sheet(tmp_path, sheet(HEADING, content))
        with suppress(TestamurError):
            rows_of(path)


def _balanced(tags: list[str]) -> str:
    """The same with every tag closed, so that the XML can be read."""
    opened: list[str] = []
    text = []
    for tag in tags:
        name = re.match(r"<(\w+)[^/]*>$", tag)
        if tag.startswith("</"):
            if not opened or opened[-1] != tag[2:-1]:
                continue
            opened.pop()
        elif name:
            opened.append(name[1])
        text.append(tag)
    return "".join(text) + "".join(f"</{name}>" for name in reversed(opened))

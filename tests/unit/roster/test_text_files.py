"""Text files as offices have them: encodings, delimiters, comments, lines inside of cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from testamur.errors import ConfigurationError, ParseError
from testamur.roster.rows import Row, Table, read_rows

TEXT = "name;email\nÉlise Łęcka;elise@uni.example\nZoë;zoe@uni.example\n"


def write(folder: Path, content: bytes, name: str = "roster.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def names(table: Table) -> list[str]:
    return [row.cells["name"] for row in table.rows]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
    ],
)
def test_unicode_is_recognized(tmp_path: Path, content: bytes, shown: str) -> None:
    table = read_rows(write(tmp_path, content))
    assert table.read_as == f"CSV in {shown}, divided by semicolons"
    assert names(table) == ["Élise Łęcka", "Zoë"]


def test_another_encoding_is_named_and_never_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.replace("É", "E").encode("windows-1250"))
    with pytest.raises(ParseError) as caught:
        names(read_rows(path))
    # The letter Ł has the byte A3 in Windows-1250; in Windows-1252 that is the pound sign.
    assert "0xA3" in caught.value.message
    assert "windows-1252 ('£') or windows-1250 ('Ł')" in caught.value.message
    table = read_rows(path, encoding="windows-1250")
    assert table.read_as == "CSV in windows-1250, divided by semicolons"
    assert names(table)[0] == "Elise Łęcka"
    assert names(read_rows(path, encoding="windows-1252"))[0] == "Elise £êcka"


def test_byte_that_no_encoding_has_is_a_fault_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, b"name\nA\x81\n")
    with pytest.raises(ParseError, match="not windows-1252"):
        names(read_rows(path, encoding="windows-1252"))


def test_encoding_is_one_of_those_of_offices(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.encode())
    for name in ("utf-7", "zlib", "no such"):
        with pytest.raises(ConfigurationError, match="is no encoding of rosters"):
            read_rows(path, encoding=name)
    assert names(read_rows(path, encoding="UTF-8"))[1] == "Zoë"


@pytest.mark.parametrize(
    "before",
    [
        "sep=;\n",
        "SEP=;\r\n",
        "# One row for each learner\n",
        "# One row, please; or two\n;;\n",
        "# One row, please;;\n\n;;\n",
        '"# Names; as in the badge"\n',
    ],
)
def test_lines_before_the_heading_are_passed_over(tmp_path: Path, before: str) -> None:
    table = read_rows(write(tmp_path, (before + TEXT).encode("utf-8-sig")))
    assert table.headings == ("name", "email")
    rows = list(table.rows)
    assert rows[0].cells["name"] == "Élise Łęcka"
    assert rows[0].line == before.count("\n") + 2


def test_comment_below_the_heading_is_a_row(tmp_path: Path) -> None:
    assert names(read_rows(write(tmp_path, b"name,email\n# 1,a@b.example\n"))) == ["# 1"]


def test_heading_that_begins_like_a_comment_is_a_heading(tmp_path: Path) -> None:
    for heading in ("#,name", "#no,name"):
        content = f"{heading}\n1,Ada\n".encode()
        assert read_rows(write(tmp_path, content)).headings == tuple(heading.split(","))


def test_cells_with_several_lines_count_as_one_row(tmp_path: Path) -> None:
    content = b'"full\r\nname",narrative\r\nAda,"One,\r\n\r\ntwo."\r\nBen,x\r\n'
    table = read_rows(write(tmp_path, content))
    assert table.headings == ("full name", "narrative")
    rows = list(table.rows)
    assert [(row.number, row.line) for row in rows] == [(1, 3), (2, 6)]
    assert rows[0].cells == {"full name": "Ada", "narrative": "One,\r\n\r\ntwo."}


def test_empty_column_that_a_spreadsheet_left_is_no_column(tmp_path: Path) -> None:
    table = read_rows(write(tmp_path, b"name,,\nAda,,\nBen,x,\n"))
    rows = list(table.rows)
    assert rows[0] == Row(1, {"name": "Ada"}, (), 2, rows[0].read)
    assert rows[1].faults == ((None, "has a cell in a column without a heading; name the column"),)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("r.xlsm", "holds macros"),
        ("r.XLS", "is a workbook of before 2007"),
        ("r.xlsb", "is a binary workbook"),
        ("r.ods", "is an OpenDocument workbook"),
    ],
)
def test_other_files_of_offices_are_refused_with_the_remedy(
    tmp_path: Path, name: str, words: str
) -> None:
    with pytest.raises(ParseError, match=rf"{words}; save the roster as \.xlsx or as CSV"):
        read_rows(write(tmp_path, b"", name))


def test_workbook_by_another_name_is_recognized(tmp_path: Path) -> None:
    for content in (b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest"):
        with pytest.raises(ParseError, match="is a workbook by its content"):
            read_rows(write(tmp_path, content))


def test_what_a_file_has_not_is_not_asked_of_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is no workbook, so it has no sheet 'x'"):
        read_rows(write(tmp_path, b"name\n"), sheet="x")
    for name in ("r.xlsx", "r.parquet"):
        with pytest.raises(ConfigurationError, match="is no text file"):
            read_rows(write(tmp_path, b"", name), encoding="utf-8")

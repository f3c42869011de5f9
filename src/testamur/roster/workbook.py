"""Rosters as workbooks (.xlsx, ECMA-376): the text of the cells, and nothing that would be run.

Only what a sheet says is read. Formulas are not evaluated, nor is what a spreadsheet once made of
them believed: such a cell is a fault that says so. Workbooks with macros are refused. Bounds are
checked on sizes before anything is decompressed, and on all that is kept while it is read.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from testamur import limits
from testamur.errors import Code, InputError, ParseError
from testamur.roster.delimited import is_comment, row_of
from testamur.roster.number_formats import Kind, kinds_of_formats
from testamur.roster.rows import Row, Table
from testamur.roster.sheet import SharedStrings, SheetRow, SheetRows
from testamur.roster.xml_events import feed

__all__ = ["read_workbook"]

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    ValueError,
)
_MACROS = "macroenabled"
# The end of a ZIP archive (APPNOTE 4.3.16), and what stands before it in one of more than 4 GiB.
_END, _END_BYTES, _COMMENT_BYTES = b"PK\x05\x06", 22, 65_535
_LONG, _LONG_BYTES = b"PK\x06\x07", 20
_DIRECTORY_BYTES = 1_048_576


def read_workbook(path: Path, *, sheet: str | None = None) -> Table:
    """Open a sheet of a workbook. Its first row that is not empty names the columns.

    Before it may stand comments: rows with a single cell that begins with "# ".

    Args:
        path: the file.
        sheet: its name; None: the first that is not hidden.

    Raises:
        InputError: the file cannot be read. ParseError: it is no workbook, has macros, a password
            or no such sheet, or is larger than any roster; also while rows are asked for.
    """
    file = _Workbook(path)
    name, part = file.choose(sheet)
    rows = file.rows(part)
    with ExitStack() as until_failure:
        until_failure.callback(rows.close)
        headings = _headings(rows, path, name)
        until_failure.pop_all()
    return Table(headings, _below(headings, rows), f"workbook, sheet {name!r}")


def _headings(rows: Iterator[SheetRow], path: Path, sheet: str) -> tuple[str, ...]:
    for row in rows:
        cells = {at: " ".join(text.split()) for at, text in row.cells.items()}
        if not is_comment(cells.values()) and (row.faults or any(cells.values())):
            if row.faults:
                raise ParseError(f"{path}, sheet {sheet!r}: a heading {row.faults[0][1]}")
            last = max(at for at, text in cells.items() if text)
            return tuple(cells.get(at, "") for at in range(last + 1))
    raise ParseError(f"{path}, sheet {sheet!r} is empty; its first row names the columns")


def _below(headings: tuple[str, ...], rows: Iterator[SheetRow]) -> Iterator[Row]:
    number = 0
    for each in rows:
        if not (each.faults or any(text.strip() for text in each.cells.values())):
            continue
        number += 1
        width = max([len(headings), *(at + 1 for at in each.cells)])
        wide = (*headings, *[""] * (width - len(headings)))
        texts = [each.cells.get(at, "") for at in range(width)]
        row = row_of(number, wide, texts, each.line, each.read)
        faults = tuple(
            (headings[at] if at < len(headings) and headings[at] else None, what)
            for at, what in each.faults
        )
        yield Row(number, row.cells, (*row.faults, *faults), row.line, row.read)


class _Workbook:
    """The parts of a workbook, by what they are for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as archive:
            self._check(archive)
            main = self._related(archive, "", "officeDocument")
            if main is None:
                raise self._fault("has no workbook in it")
            parsed = _WorkbookPart()
            self._read(archive, main, parsed)
            self._parts = self._relations(archive, main)
            self._sheets = parsed.sheets
            self._strings = self._related(archive, main, "sharedStrings")
            styles = self._related(archive, main, "styles")
            self._kinds: list[Kind] = []
            if styles is not None:
                formats = _StylesPart()
                self._read(archive, styles, formats)
                self._kinds = kinds_of_formats(formats.codes, formats.used)
            self._first_of_1904 = parsed.first_of_1904

    def choose(self, name: str | None) -> tuple[str, str]:
        """Return the name of a sheet and of its part."""
        shown = [each for each in self._sheets if not each.hidden]
        wanted = [each for each in self._sheets if each.name == name] if name else shown[:1]
        if not wanted:
            names = ", ".join(repr(each.name[:80]) for each in self._sheets[:20])
            raise self._fault(f"has no sheet of that name; it has {names or 'none'}")
        part = self._parts.get(wanted[0].relation)
        if part is None:
            raise self._fault(f"lacks the sheet {wanted[0].name[:80]!r}")
        return wanted[0].name, part[1]

    def rows(self, part: str) -> Generator[SheetRow, None, None]:
        """Yield the rows of a sheet as they are read."""
        with self._open() as archive:
            self._check(archive)
            strings = SharedStrings()
            if self._strings is not None:
                self._read(archive, self._strings, strings)
            sheet = SheetRows(strings.texts, self._kinds, first_of_1904=self._first_of_1904)
            size = max(self._info(archive, part).file_size, 1)
            try:
                with archive.open(self._info(archive, part)) as stream:
                    for read in feed(stream, sheet, name=part):
                        yield from sheet.take(min(read / size, 1.0))
            except _DAMAGED as error:
                raise self._damaged(error) from error

    def _open(self) -> zipfile.ZipFile:
        try:
            with self._path.open("rb") as file:
                if file.read(4) == b"\xd0\xcf\x11\xe0":
                    raise self._fault("has a password, or is of before 2007; save it as .xlsx")
                if _directory_bytes(file) > _DIRECTORY_BYTES:
                    raise self._fault("has too many parts", Code.RESOURCE_LIMIT)
            return zipfile.ZipFile(self._path)
        except _DAMAGED as error:
            raise self._damaged(error) from error

    def _check(self, archive: zipfile.ZipFile) -> None:
        parts = archive.infolist()
        if len(parts) > limits.WORKBOOK_PARTS:
            raise self._fault("has too many parts", Code.RESOURCE_LIMIT)
        if sum(each.file_size for each in parts) > limits.WORKBOOK_BYTES:
            raise self._fault(
                f"has more than {limits.WORKBOOK_BYTES} bytes when it is unpacked; remove "
                "pictures and other sheets, or save the roster as CSV",
                Code.RESOURCE_LIMIT,
            )
        names = [each.filename.lower() for each in parts]
        if len(set(names)) != len(names):
            raise self._fault("has two parts of one name")
        if any(each.flag_bits & 1 for each in parts):
            raise self._fault("has a password; save it without one")
        if {each.compress_type for each in parts} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise self._fault("is compressed as no workbook is; save it again")
        types = _ContentTypes()
        self._read(archive, "[Content_Types].xml", types)
        if types.macros or any(name.endswith("vbaproject.bin") for name in names):
            raise self._fault("holds macros, which no roster needs; save it as .xlsx without them")

    def _related(self, archive: zipfile.ZipFile, part: str, kind: str) -> str | None:
        relations = self._relations(archive, part).values()
        return next((target for type_, target in relations if type_.endswith(f"/{kind}")), None)

    def _relations(self, archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
        """Return the parts that a part relates to: id → type, name."""
        folder, name = posixpath.split(part)
        relations = _Relations()
        self._read(archive, posixpath.join(folder, "_rels", f"{name}.rels"), relations)
        return {
            each: (kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
            for each, (kind, target) in relations.targets.items()
        }

    def _read(self, archive: zipfile.ZipFile, part: str, handler: _Part | SharedStrings) -> None:
        info = self._info(archive, part)
        if isinstance(handler, _Part) and info.file_size > limits.WORKBOOK_PART_BYTES:
            raise self._fault(f"has a part that is too large: {part[:80]!r}", Code.RESOURCE_LIMIT)
        try:
            with archive.open(info) as stream:
                for _ in feed(stream, handler, name=part):
                    pass
        except _DAMAGED as error:
            raise self._damaged(error) from error

    def _info(self, archive: zipfile.ZipFile, part: str) -> zipfile.ZipInfo:
        try:
            return archive.getinfo(part)
        except KeyError as error:
            raise self._fault(f"is no workbook: it has no {part[:80]!r}") from error

    def _fault(self, what: str, code: Code = Code.MALFORMED_INPUT) -> ParseError:
        return ParseError(f"{self._path} {what}", code=code)

    def _damaged(self, error: Exception) -> InputError:
        if isinstance(error, OSError) and error.errno is not None:
            return InputError(f"{self._path} cannot be read: {error.strerror or error}")
        return self._fault(f"is no workbook, or is damaged: {error}")


def _directory_bytes(file: IO[bytes]) -> int:
    """Return how long the list of an archive's parts is, which is read as a whole."""
    size = file.seek(0, 2)
    file.seek(max(size - _END_BYTES - _COMMENT_BYTES - _LONG_BYTES, 0))
    tail = file.read()
    at = len(tail) - _END_BYTES
    if not (tail[at:].startswith(_END) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END)
    end = tail[at : at + _END_BYTES] if at >= 0 else b""
    if len(end) < _END_BYTES:
        raise zipfile.BadZipFile("it is no ZIP archive")
    if tail[max(at - _LONG_BYTES, 0) : at].startswith(_LONG):
        raise zipfile.BadZipFile("it is in the format for more than 4 GiB")
    return int.from_bytes(end[12:16], "little")


class _Part:
    """Takes nothing; what a part is read for is added by those below."""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Take the beginning of an element."""

    def end(self, name: str, /) -> None:
        """Take its end."""

    def text(self, text: str, /) -> None:
        """Take a piece of text."""


class _ContentTypes(_Part):
    def __init__(self) -> None:
        self.macros = False

    def start(self, _: str, attributes: dict[str, str]) -> None:
        self.macros |= _MACROS in attributes.get("ContentType", "").lower()


class _Relations(_Part):
    def __init__(self) -> None:
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Type", ""), attributes.get("Target", "")
            self.targets[attributes.get("Id", "")] = target


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    relation: str
    hidden: bool


class _WorkbookPart(_Part):
    def __init__(self) -> None:
        self.sheets: list[_Sheet] = []
        self.first_of_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            relation = attributes.get("r:id", "")
            self.sheets.append(_Sheet(attributes.get("name", ""), relation, hidden))
        elif name == "workbookPr":
            self.first_of_1904 = attributes.get("date1904") in ("1", "true")


class _StylesPart(_Part):
    """What number formats there are, and which each style uses."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.used: list[str] = []
        self._in_cell_formats = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cell_formats = True
        elif name == "xf" and self._in_cell_formats:
            self.used.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cell_formats = False

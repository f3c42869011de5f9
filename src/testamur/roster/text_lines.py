"""Lines of a text file in the encodings that offices have, none of them longer than a bound."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from testamur import limits
from testamur.errors import Code, ConfigurationError, InputError, ParseError

__all__ = ["ENCODINGS", "TextLines"]

_UTF_8, _UTF_16 = "utf-8-sig", "utf-16"
_ONE_BYTE = ("windows-1252", "windows-1250", "iso-8859-1", "iso-8859-2", "iso-8859-15")
ENCODINGS = ("utf-8", "utf-16", *_ONE_BYTE)
"""What a text may be in. Any bytes can be read in the last five, right or wrong: therefore none of
them is ever chosen for the caller."""

_SHOWN = {_UTF_8: "UTF-8", _UTF_16: "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_SAMPLE = 64


class TextLines:
    """The lines of a text file, from the first, each time they are asked for.

    Args:
        path: the file.
        encoding: one of `ENCODINGS`; None: UTF-8, or UTF-16 where the file begins so.

    Attributes:
        path: the file.
        number: of the line that was read last, from 1.
        encoding_shown: in what it is read, in words.

    Raises:
        InputError: it cannot be read. ParseError: it is a workbook by another name.
        ConfigurationError: no such encoding.
    """

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise ConfigurationError(
                f"{encoding[:80]!r} is no encoding of rosters; give one of {', '.join(ENCODINGS)}"
            )
        try:
            self._size = max(path.stat().st_size, 1)
            with path.open("rb") as file:
                beginning = file.read(_SAMPLE)
        except OSError as error:
            raise _unreadable(path, error) from error
        if beginning.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise ParseError(
                f"{path} is a workbook by its content; name it .xlsx, or save the roster as CSV"
            )
        self._encoding = _encoding(encoding, beginning)
        self._bytes = 0
        self.path = path
        self.number = 0
        self.encoding_shown = _SHOWN.get(self._encoding, self._encoding)

    @property
    def read(self) -> float:
        """About how much of the file was read, from 0 to 1."""
        return min(self._bytes / self._size, 1.0)

    def __iter__(self) -> Iterator[str]:
        """Yield them with their ends."""
        # Opened here, so that whoever stops asking for lines has closed it.
        self.number = 0
        with (
            self.path.open("rb") as binary,
            TextIOWrapper(binary, encoding=self._encoding, newline="") as file,
        ):
            while line := self._next(file):
                self.number += 1
                self._bytes = binary.tell()
                yield line

    def _next(self, file: TextIOWrapper) -> str:
        try:
            line = file.readline(limits.ROSTER_LINE_CHARACTERS + 1)
        except UnicodeError as error:
            raise self._undecodable(error) from error
        except OSError as error:
            raise _unreadable(self.path, error) from error
        if len(line) > limits.ROSTER_LINE_CHARACTERS:
            self.number += 1
            raise self.fault(
                f"has more than {limits.ROSTER_LINE_CHARACTERS} characters", Code.RESOURCE_LIMIT
            )
        return line

    def fault(self, what: str, code: Code = Code.MALFORMED_INPUT) -> ParseError:
        """Make an error about the line that was read last."""
        return ParseError(f"{self.path}, line {self.number}: {what}", code=code)

    def _undecodable(self, error: UnicodeError) -> ParseError:
        where = f"after line {self.number}" if self.number else "near its beginning"
        message = (
            f"{self.path}: {where} there is text that is not "
            f"{self.encoding_shown}; save the roster as “CSV UTF-8”"
        )
        if self._encoding == _UTF_8 and isinstance(error, UnicodeDecodeError):
            odd = error.object[error.start : error.start + 1]
            readings = [
                f"{encoding} ({odd.decode(encoding)!r})"
                for encoding in ("windows-1252", "windows-1250")
                if odd.decode(encoding, "ignore")
            ]
            if readings:
                message += (
                    f", or, if the byte 0x{odd.hex().upper()} stands for the letter in brackets, "
                    f"name the encoding: {' or '.join(readings)}"
                )
        return ParseError(message, expected=self.encoding_shown)


def _encoding(encoding: str | None, beginning: bytes) -> str:
    """Choose Python's name of an encoding, by what the caller says or by how the file begins."""
    name = None if encoding is None else encoding.lower()
    if name == "utf-8":
        return _UTF_8
    if name not in (None, "utf-16"):
        return str(name)
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _UTF_16
    # Without a mark: every other byte of names of columns is 0.
    if len(beginning) >= 4 and beginning[0] and not any(beginning[1:8:2]):
        return "utf-16-le"
    if len(beginning) >= 4 and beginning[1] and not any(beginning[0:8:2]):
        return "utf-16-be"
    return _UTF_8 if name is None else "utf-16-le"


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path} cannot be read: {error.strerror or error}")

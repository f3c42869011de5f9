"""XML of a workbook's parts as a stream of events: bounded, and without any declarations.

Entities, and with them XML bombs, need a document type; here one is refused as soon as it begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Protocol
from xml.parsers import expat

from testamur.errors import Code, ParseError

__all__ = ["Handler", "feed"]

_NAMESPACES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "",
    "http://schemas.openxmlformats.org/package/2006/relationships": "",
    "http://schemas.openxmlformats.org/package/2006/content-types": "",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r:",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r:",
}
_PIECE = 65_536  # bytes
_TOKEN = 1_048_576  # bytes: a tag with its attributes
_DEPTH = 64  # levels


class Handler(Protocol):
    """Takes what is in a part."""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Take the beginning of an element; those of other vocabularies have another name."""
        ...

    def end(self, name: str, /) -> None:
        """Take its end."""
        ...

    def text(self, text: str, /) -> None:
        """Take a piece of text."""
        ...


def feed(part: IO[bytes], handler: Handler, *, name: str) -> Iterator[int]:
    """Read a part piece by piece, and yield how many bytes were read after each.

    Args:
        part: the part, open.
        handler: takes what is in it; what it raises goes through.
        name: of the part, for messages.

    Raises:
        ParseError: it is no XML, or has declarations or a tag that no workbook has.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    elements = _Elements(handler, name)
    parser.StartElementHandler = elements.start
    parser.EndElementHandler = elements.end
    parser.CharacterDataHandler = handler.text
    read = 0
    while True:
        piece = part.read(_PIECE)
        read += len(piece)
        try:
            parser.Parse(piece, not piece)
        except (expat.ExpatError, LookupError, ValueError) as error:  # also an unknown encoding
            raise ParseError(f"{name} in the workbook is no XML: {error}") from error
        if read - max(parser.CurrentByteIndex, 0) > _TOKEN + _PIECE:
            raise ParseError(
                f"{name} in the workbook has a tag that is too long", code=Code.RESOURCE_LIMIT
            )
        yield read
        if not piece:
            return


class _Elements:
    """Hands elements on with short names, down to a depth: the parser keeps all that are open."""

    def __init__(self, handler: Handler, part: str) -> None:
        self._handler = handler
        self._part = part
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            raise ParseError(
                f"{self._part} in the workbook is nested too deep", code=Code.RESOURCE_LIMIT
            )
        if any(" " in each for each in attributes):
            attributes = {_short(each): value for each, value in attributes.items()}
        self._handler.start(_short(name), attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        self._handler.end(_short(name))


def _short(name: str) -> str:
    """Return a name without its namespace where that is one of workbooks."""
    namespace, _, local = name.rpartition(" ")
    prefix = _NAMESPACES.get(namespace)
    return name if prefix is None else prefix + local


def _refuse(*_: object) -> None:
    raise ParseError("the workbook holds a document type, which no workbook needs")

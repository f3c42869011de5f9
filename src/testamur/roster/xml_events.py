"""XML of a workbook's parts as a stream of events: bounded, and without any declarations.

Entities, and with them XML bombs, need a document type; here one is refused as soon as it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    parser.StartElementHandler = _with_short_names(handler.start)
    parser.EndElementHandler = lambda each: handler.end(_short(each))
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


def _with_short_names(
    start: Callable[[str, dict[str, str]], None],
) -> Callable[[str, dict[str, str]], None]:
    def handle(name: str, attributes: dict[str, str]) -> None:
        if any(" " in each for each in attributes):
            attributes = {_short(each): value for each, value in attributes.items()}
        start(_short(name), attributes)

    return handle


def _short(name: str) -> str:
    """Return a name without its namespace where that is one of workbooks."""
    namespace, _, local = name.rpartition(" ")
    prefix = _NAMESPACES.get(namespace)
    return name if prefix is None else prefix + local


def _refuse(*_: object) -> None:
    raise ParseError("the workbook holds a document type, which no workbook needs")

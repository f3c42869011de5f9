"""A credential baked into an SVG image (Open Badges 3.0, 5.3.2 SVG).

The drawing is parsed only to learn where the root's start tag and any credential are; the file is
then edited as bytes, so the drawing keeps every byte. DTDs, and with them entities and external
references, are refused by defusedxml.
"""

from __future__ import annotations

import re

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError as XmlParseError
from defusedxml.ElementTree import XMLParser

from testamur import limits
from testamur.carry.baked import Extracted, malformed, read_content, text_to_bake
from testamur.errors import Code, InputError, ParseError
from testamur.secured import Secured

__all__ = ["bake_svg", "extract_svg"]

_SVG = "{http://www.w3.org/2000/svg}svg"
_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_CREDENTIAL = f"{{{_NAMESPACE}}}credential"
_CLR_CREDENTIAL = "{https://purl.imsglobal.org/clr/v2p0}credential"
_OPEN_BADGES_2_ASSERTION = "{http://openbadges.org}assertion"
_LONG_NAMESPACE = re.compile(rb"xmlns[^=<>]{0,200}=\s{0,20}(?:\"[^\"]{1024}|'[^']{1024})")
_TAG = re.compile(rb"""<(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")
"""A tag that an XML parser has accepted: `>` ends it, except inside an attribute value."""


class _Credential:
    """One credential element, as far as it has been read."""

    def __init__(self, *, tag: str, depth: int, verify: str | None, start: int) -> None:
        self.tag = tag
        self.depth = depth
        self.verify = verify
        self.start = start
        self.end = start
        self.text: list[str] = []
        self.has_children = False


class _Scan:
    """Where things are in an SVG file: the target of the XML parser.

    Raises:
        ParseError: the file is not a well-formed SVG without a DTD.

    Attributes:
        root_start: byte at which the root's start tag begins.
        prefix_uri: what the prefix `openbadges` means on the root; None where it is not declared.
        credentials: the credential elements, in document order, none inside another.
        is_open_badges_2: whether there is an Open Badges 2.0 assertion.
    """

    def __init__(self, data: bytes) -> None:
        self.root_start = 0
        self.prefix_uri: str | None = None
        self.credentials: list[_Credential] = []
        self.is_open_badges_2 = False
        self._data = data
        self._depth = 0
        self._open: _Credential | None = None
        parser = XMLParser(target=self, encoding="utf-8", forbid_dtd=True)
        self._expat = parser.parser
        self._expat.XmlDeclHandler = _check_encoding
        try:
            parser.feed(data)
            parser.close()
        except DefusedXmlException as error:
            raise malformed(
                "the SVG has a document type declaration; remove the <!DOCTYPE …> from the file"
            ) from error
        except XmlParseError as error:
            raise malformed(f"the image is not well-formed XML: {error}") from error

    def start_ns(self, prefix: str, uri: str) -> None:
        if self._depth == 0 and prefix == "openbadges":
            self.prefix_uri = uri

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        position = self._expat.CurrentByteIndex
        self._depth += 1
        if self._depth == 1:
            if tag != _SVG:
                raise malformed(f"not an SVG image: its root element is {tag[:100]}")
            self.root_start = position
        self.is_open_badges_2 = self.is_open_badges_2 or tag == _OPEN_BADGES_2_ASSERTION
        if self._open is not None:
            self._open.has_children = True
        elif tag in (_CREDENTIAL, _CLR_CREDENTIAL):
            self._open = _Credential(
                tag=tag, depth=self._depth, verify=attributes.get("verify"), start=position
            )
            self.credentials.append(self._open)

    def data(self, text: str) -> None:
        if self._open is not None:
            self._open.text.append(text)

    def end(self, _tag: str) -> None:
        if self._open is not None and self._open.depth == self._depth:
            self._open.end = self._end_of_element(self._open.start)
            self._open = None
        self._depth -= 1

    def close(self) -> None:
        """Nothing is built, so there is nothing to return."""

    def _end_of_element(self, start: int) -> int:
        tag_end = _tag_end(self._data, start)
        if self._data[tag_end - 2 : tag_end] == b"/>":
            return tag_end
        return _tag_end(self._data, self._expat.CurrentByteIndex)


def bake_svg(image: bytes, content: Secured | bytes | str) -> bytes:
    """Put a credential into an SVG image, in place of any that it holds already.

    Proofs are not checked.

    Args:
        image: the SVG file, UTF-8, at most `limits.IMAGE_BYTES` long, without a DTD.
        content: the secured credential, or its JSON or compact JWS; see `text_to_bake`.

    Returns:
        The baked SVG file.

    Raises:
        ParseError: the image is not an SVG that can be read safely (IMAGE_MALFORMED); the JSON is
            not strict.
        InputError: the content cannot be baked; the baked image would be too large
            (RESOURCE_LIMIT).
    """
    scan = _scan(image)
    tag_end = _tag_end(image, scan.root_start)
    if image[tag_end - 2 : tag_end] == b"/>":
        raise malformed("the SVG draws nothing: its root element is empty")
    element, declaration = _element(text_to_bake(content), scan.prefix_uri)
    pieces = [image[: tag_end - 1], declaration, b">", element]
    position = tag_end
    for credential in scan.credentials:
        if credential.tag == _CREDENTIAL:
            pieces.append(image[position : credential.start])
            position = credential.end
    pieces.append(image[position:])
    baked = b"".join(pieces)
    if len(baked) > limits.IMAGE_BYTES or _markup(baked) > limits.SVG_MARKUP:
        raise InputError(
            f"the baked image would have {len(baked)} bytes with {_markup(baked)} tags and "
            f"attributes; at most {limits.IMAGE_BYTES} bytes with {limits.SVG_MARKUP} are read. "
            "Use a smaller image",
            code=Code.RESOURCE_LIMIT,
        )
    return baked


def extract_svg(data: bytes) -> Extracted:
    """Take the credential out of an SVG image.

    The first credential element that is a child of the root counts, under any prefix. Nothing is
    fetched and the credential is not checked.

    Args:
        data: the SVG file, UTF-8, at most `limits.IMAGE_BYTES` long, without a DTD.

    Raises:
        ParseError: not an SVG that can be read safely (IMAGE_MALFORMED); no credential in it
            (IMAGE_NO_CREDENTIAL).
    """
    scan = _scan(data)
    children = [credential for credential in scan.credentials if credential.depth == 2]
    if not children:
        raise _no_credential(scan)
    first = children[0]
    if first.has_children:
        raise malformed(
            "the credential element holds other elements; JSON goes into it as <![CDATA[…]]>"
        )
    text = "".join(first.text).strip()
    content = text if first.verify is None else first.verify
    return read_content(
        content.encode(),
        # A JWS in the attribute and JSON in the body are two credentials as well.
        ambiguous=len(scan.credentials) > 1 or (first.verify is not None and text != ""),
        where="the credential element",
    )


def _scan(data: bytes) -> _Scan:
    if len(data) > limits.IMAGE_BYTES:
        raise malformed(
            f"the image has {len(data)} bytes; at most {limits.IMAGE_BYTES} are read. Use a "
            "smaller image"
        )
    if _markup(data) > limits.SVG_MARKUP:
        raise malformed(
            f"the SVG has {_markup(data)} tags and attributes; at most {limits.SVG_MARKUP} are "
            "read. Use a simpler drawing"
        )
    if _LONG_NAMESPACE.search(data):
        raise malformed("the SVG declares a namespace that is longer than any; it is not read")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise malformed(
            f"the SVG is not UTF-8: byte {error.start} is {data[error.start]:#04x}; "
            "save it as UTF-8"
        ) from error
    return _Scan(data)


def _markup(data: bytes) -> int:
    """Return how many tags and attributes there can be at most."""
    return data.count(b"<") + data.count(b"=")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() != "utf-8":
        raise malformed(
            f"the XML declaration says that the SVG is in {encoding[:40]}; save it as UTF-8"
        )


def _tag_end(data: bytes, start: int) -> int:
    """Return the position behind the tag that begins at `start`, in well-formed XML."""
    tag = _TAG.match(data, start)
    if tag is None:
        raise ValueError(f"no tag starts at byte {start}")
    return tag.end()


def _element(text: str, prefix_uri: str | None) -> tuple[bytes, bytes]:
    """Return the credential element, and what the root's start tag must declare for it."""
    declaration = f' xmlns:openbadges="{_NAMESPACE}"'
    if prefix_uri == _NAMESPACE:
        on_root, on_element = "", ""
    elif prefix_uri is None:
        on_root, on_element = declaration, ""
    else:  # an Open Badges 2.0 image uses the prefix for its own namespace
        on_root, on_element = "", declaration
    if text.startswith("{"):
        # One CDATA section: some readers take only the first piece of the text. "]]>" can only
        # stand inside a JSON string, where the escape leaves the value as it is.
        section = text.replace("]]>", "]]\\u003e")
        attribute, body = "", f"<![CDATA[{section}]]>"
    else:
        attribute, body = f' verify="{text}"', ""
    element = f"<openbadges:credential{on_element}{attribute}>{body}</openbadges:credential>"
    return element.encode("ascii"), on_root.encode("ascii")


def _no_credential(scan: _Scan) -> ParseError:
    if scan.is_open_badges_2:
        message = (
            "this is an Open Badges 2.0 badge (namespace http://openbadges.org), which carries no "
            "verifiable credential; ask the issuer for an Open Badges 3.0 one"
        )
    elif scan.credentials:
        message = (
            "the SVG has a credential element, but not directly inside the root element, where "
            "Open Badges 3.0, 5.3.2, puts it; ask the issuer for the badge again"
        )
    else:
        message = (
            "the SVG carries no credential (no openbadges:credential element); it may have been "
            "saved again by a program that drops it, so use the original file"
        )
    return ParseError(message, code=Code.IMAGE_NO_CREDENTIAL)

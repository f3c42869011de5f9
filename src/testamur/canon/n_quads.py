"""Canonical N-Quads: the text of terms, shared by the general and the compiled path.

Sources: RDF Dataset Canonicalization (RDFC-1.0), Canonical N-Quads; RFC 3987.
"""

from __future__ import annotations

import re
from typing import NewType

from testamur._lazy import lazy_pattern

__all__ = [
    "ABSOLUTE_IRI",
    "RDF",
    "XSD",
    "CanonicalBytes",
    "double",
    "escape",
]

CanonicalBytes = NewType("CanonicalBytes", bytes)
"""Canonical N-Quads in UTF-8: proof that canonicalization was done."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"

ABSOLUTE_IRI = lazy_pattern(
    r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`\s\ud800-\udfff\ufffe\uffff]*"
)
"""An absolute IRI, to be used with `fullmatch`.

RFC 3987 allows no white space of any script, and pyld drops an IRI that holds some. Half of a
surrogate pair is no character, nor are U+FFFE and U+FFFF.
"""

_CONTROLS = {chr(code): f"\\u{code:04X}" for code in [*range(0x20), 0x7F]} | {
    "\b": "\\b",
    "\f": "\\f",
}
_CONTROL = lazy_pattern(r"[\x00-\x1f\x7f]")


def escape(text: str) -> str:
    """Return the text of a literal as it stands between its quotes.

    RDFC-1.0, Canonical N-Quads: these escapes, and no others.
    """
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    # The commonest ones are replaced at once, which is faster than one by one.
    text = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return _CONTROL.sub(_replacement, text)


def double(value: float) -> str:
    """Return the canonical text of an xsd:double (JSON-LD 1.1 API, Data Round Tripping)."""
    mantissa, exponent = f"{value:.15E}".split("E")
    mantissa = mantissa.rstrip("0")
    return f"{mantissa}0E{int(exponent)}" if mantissa[-1] == "." else f"{mantissa}E{int(exponent)}"


def _replacement(match: re.Match[str]) -> str:
    return _CONTROLS[match[0]]

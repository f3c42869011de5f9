"""The simple values of the standards: URLs, numbers, compact JWS, extensible vocabularies."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, TypeAlias, TypeVar

from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import kind
from testamur.model.faults import BrokenRuleError, fault, shorten
from testamur.model.markers import After, Plain

__all__ = [
    "IDENTITY_HASH",
    "OPEN_BADGES_CONTEXT_URL",
    "STATUS_INDEX",
    "CompactJws",
    "LanguageTag",
    "Markdown",
    "Number",
    "Url",
    "check_compact_jws",
    "check_language_tag",
    "check_number",
    "check_url",
    "closed",
    "extensible",
    "is_extension",
]

E = TypeVar("E", bound=StrEnum)

# What RFC 3986 and RFC 3987 allow nowhere: white space, controls, the "unwise" characters, halves
# of surrogate pairs, and the bidirectional controls that make one URL look like another.
_NOT_IN_A_URL = lazy_pattern(
    '[\x00-\x20\x7f-\x9f\\s<>"{}|\\\\^`\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]'
)
# Nearly all URLs are of this form, which keeps all the rules below; it is tested in one go.
_ORDINARY = lazy_pattern(
    r"(?:https?://[A-Za-z0-9]|did:[a-z0-9]+:[A-Za-z0-9]|urn:[A-Za-z0-9])[A-Za-z0-9._~:/?#@!$&'()*+,;=-]*"
)
_BAD_ESCAPE = lazy_pattern("%(?![0-9A-Fa-f]{2})")
_SCHEME = lazy_pattern("[A-Za-z][A-Za-z0-9+.-]*:(?=.)")
_WEB_WITHOUT_HOST = lazy_pattern("https?:(?!//[^/?#])", re.IGNORECASE)
_DID_WITHOUT_ID = lazy_pattern("did:(?![a-z0-9]+:.)")

# Open Badges 3.0, IdentityHash: an algorithm and the hash in hexadecimal.
IDENTITY_HASH = lazy_pattern(r"sha256\$[0-9A-Fa-f]{64}|md5\$[0-9A-Fa-f]{32}")

# Bitstring Status List 1.0, statusListIndex: an integer expressed as a base-10 string. In ASCII,
# with one spelling for each number; nine digits reach past the longest list that is read.
STATUS_INDEX = lazy_pattern("0|[1-9][0-9]{0,8}")

# Open Badges 3.0, AchievementCredential, @context: the pattern of the second item, in ASCII.
OPEN_BADGES_CONTEXT_URL = lazy_pattern(
    r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.[0-9]\.[0-9])*\.json"
)

_COMPACT_JWS = lazy_pattern(r"[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+")

# The published pattern, (ext:)[a-z|A-Z|0-9|.|-|_]+, is not anchored; what it means is.
_EXTENSION = lazy_pattern("ext:[A-Za-z0-9|._-]+")

# RFC 5646, 2.1, "langtag" and "privateuse"; the closed list of grandfathered tags is left out.
_LANGUAGE_TAG = lazy_pattern(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"  # language
    r"(?:-[a-z]{4})?"  # script
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?"  # region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*"  # extensions
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.ASCII | re.IGNORECASE,
)

_LARGEST_EXACT_INTEGER = 2**53


def check_url(value: str) -> str:
    """Return an absolute URL, URN, DID or data: URL as it is, or raise a fault.

    Spelling only: nothing is looked up, and whether the URL may be fetched is decided elsewhere.
    """
    if _ORDINARY.fullmatch(value):
        return value
    what = None
    if found := _NOT_IN_A_URL.search(value):
        what = f"{found[0]!a} may not stand in one; percent-encode it"
    elif not _SCHEME.match(value):
        what = "it has no scheme; write it in full, as https://… or did:…"
    elif _BAD_ESCAPE.search(value):
        what = "a % is not followed by two hexadecimal digits; write the % itself as %25"
    elif _WEB_WITHOUT_HOST.match(value):
        what = "it names no host; write it as https://host/…"
    elif _DID_WITHOUT_ID.match(value):
        what = "it is not of the form did:method:identifier"
    if what is not None:
        raise fault(f"{shorten(value)} is not a URL: {what}", expected="URL", found=value)
    return value


def check_number(value: object) -> float:
    """Return an int, or a float with its lexical form where it has one, as it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise fault(f"is {kind(value)}; write a number", expected="number", found=value)
    if isinstance(value, int) and abs(value) > _LARGEST_EXACT_INTEGER:
        raise fault(
            "is an integer beyond ±2^53, which other readers round; write it as a string",
            expected="number",
        )
    if not math.isfinite(value):
        raise fault("is not finite; JSON has no such number", expected="number")
    return value


def check_compact_jws(value: str) -> str:
    """Return a string of the form of a compact JWS as it is, or raise a fault."""
    if not _COMPACT_JWS.fullmatch(value):
        raise fault(
            f"{shorten(value)} is not a compact JWS; write header.payload.signature in base64url",
            expected="compact JWS",
            found=value,
        )
    return value


def check_language_tag(value: str) -> str:
    """Return a well-formed BCP 47 language tag as it is, or raise a fault."""
    if not _LANGUAGE_TAG.fullmatch(value):
        raise fault(
            f"{shorten(value)} is not a language tag; write one as en, pl or pt-BR",
            expected="BCP 47 language tag",
            found=value,
        )
    return value


Url: TypeAlias = Annotated[str, After(check_url)]
"""An absolute URL (VC Data Model 2.0, Identifiers)."""

Number: TypeAlias = Annotated[float, Plain(check_number)]
"""A JSON number: an int, or a float, which keeps its lexical form. A boolean is not a number."""

CompactJws: TypeAlias = Annotated[str, After(check_compact_jws)]
"""Three base64url parts (Open Badges 3.0, CompactJws). Nothing in it is read here."""

LanguageTag: TypeAlias = Annotated[str, After(check_language_tag)]
"""A well-formed BCP 47 language tag; whether its subtags are registered is not checked."""

Markdown: TypeAlias = str
"""Text that may hold Markdown. It is whatever its author wrote: escape it on output."""


def is_extension(value: str) -> bool:
    """Whether this is a term of somebody's own: `ext:` and a name."""
    return _EXTENSION.fullmatch(value) is not None


def extensible(vocabulary: type[E]) -> Plain:
    """Make the validator of an extensible vocabulary: its terms, or `ext:` and a name."""
    return Plain(_vocabulary(vocabulary, extension=_EXTENSION))


def closed(vocabulary: type[E]) -> Plain:
    """Make the validator of a closed vocabulary."""
    return Plain(_vocabulary(vocabulary, extension=None))


def _vocabulary(
    vocabulary: type[E], *, extension: re.Pattern[str] | None
) -> Callable[[object], str]:
    terms: dict[str, E] = {term.value: term for term in vocabulary}

    def check(value: object) -> str:
        if not isinstance(value, str):
            raise fault(f"is {kind(value)}; write a string", expected="string", found=value)
        if value in terms:
            return terms[value]
        if extension is not None and extension.fullmatch(value):
            return value
        raise _unknown_term(value, vocabulary.__name__, list(terms), extension is not None)

    return check


def _unknown_term(
    value: str, vocabulary: str, terms: list[str], is_extensible: bool
) -> BrokenRuleError:
    from difflib import get_close_matches  # only for this message

    folded = {term.casefold(): term for term in terms}
    close = get_close_matches(value[:80].casefold(), folded, n=1)
    if close:
        remedy = f"write {folded[close[0]]!r}"
    elif len(terms) <= 10:
        remedy = f"write one of {', '.join(terms)}"
    else:
        remedy = "write one of its terms"
    if is_extensible:
        remedy += ", or a term of your own that begins with 'ext:'"
    return fault(
        f"{shorten(value)} is not in the vocabulary {vocabulary}; {remedy}",
        expected=vocabulary,
        found=value,
    )

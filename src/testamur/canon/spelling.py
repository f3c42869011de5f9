"""The one spelling that both ways to the canonical form accept: of terms, tags, numbers and texts.

Both take a thing that is described twice only where nothing could trade places.
"""

from __future__ import annotations

from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import JsonObject, JsonValue

__all__ = [
    "EMBEDDED_IN",
    "EMBEDDED_TYPES",
    "JSON_LITERALS",
    "LANGUAGE_KEY",
    "LANGUAGE_MEMBERS",
    "LANGUAGE_TAG",
    "LANGUAGE_TERMS",
    "SECURABLE_TYPES",
    "TYPED_LITERALS",
    "UNSIGNABLE",
    "exact_number",
    "may_describe",
    "only_endorses",
    "types_of",
]

EMBEDDED_IN = frozenset({"endorsement", "verifiableCredential"})
EMBEDDED_TYPES = frozenset({"VerifiableCredential", "EnvelopedVerifiableCredential"})

# Their terms (validUntil, credentialStatus, ...) are defined inside objects of these types alone. A
# second object with the credential's own id and type, as the subject of an endorsement could be
# made to be, would take them from the place where a reader looks, and leave the graph as it was.
SECURABLE_TYPES = frozenset({"VerifiableCredential", "VerifiablePresentation"})
JSON_LITERALS = frozenset({"jsonSchema"})  # "@type": "@json"
LANGUAGE_MEMBERS = frozenset({"@value", "@language", "@direction"})
LANGUAGE_TERMS = frozenset({"name", "description"})

# Terms that the context of the European Learning Model takes for links, though the model has text
# there: the one way to write it.
TYPED_LITERALS = {"dateModified": "xsd:dateTime", "descriptionHtml": "rdf:HTML"}

# Halves of surrogate pairs are no text. The other two are escaped by RDFC-1.0 (appendix A) and by
# few of its implementations; I-JSON (RFC 7493, 2.1) allows neither.
UNSIGNABLE = lazy_pattern("[\ud800-\udfff\ufffe\uffff]")
_DESCRIPTIONS = 20  # of one thing, none the same as another
LANGUAGE_TAG = lazy_pattern(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
LANGUAGE_KEY = lazy_pattern(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
"""A key of a language map: BCP 47, with a language of ISO 639. Neither `type` nor `@none`."""

# Beyond these, JSON-LD processors in other languages write a number differently.
_EXACT_INTEGER = 2**53 - 1
_SMALLEST_EXACT = 1e-6


def may_describe(earlier: list[JsonObject], node: JsonObject) -> bool:
    """Whether a node may describe the thing that `earlier` do; it is put with them."""
    if any(_same(each, node) for each in earlier):
        return True
    # Each is held against all before it: that two agree with a third says nothing of the two.
    earlier.append(node)
    return len(earlier) <= _DESCRIPTIONS and all(_agree(each, node) for each in earlier[:-1])


def only_endorses(node: JsonObject) -> bool:
    """Whether a node is an endorsement's subject, which says nothing of what it endorses."""
    return types_of(node) == {"EndorsementSubject"} and node.keys() <= {
        "id",
        "type",
        "endorsementComment",
    }


def types_of(value: JsonObject) -> set[str]:
    """The names in the `type` of an object."""
    types = value.get("type")
    items = types if isinstance(types, list) else [types]
    return {item for item in items if isinstance(item, str)}


def exact_number(value: float) -> int | float | None:
    """Return a number as a JSON-LD processor should see it; None if they write it differently."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT_INTEGER:
        return int(value)
    if abs(value) > _EXACT_INTEGER or (isinstance(value, float) and abs(value) < _SMALLEST_EXACT):
        return None
    return value if isinstance(value, int) else float(value)


def _agree(one: JsonObject, other: JsonObject) -> bool:
    """Whether two descriptions of one thing, which are not the same, leave nothing to trade.

    Two profiles may differ in how much they say, as an issuer and a creator do.
    """
    return types_of(one) == types_of(other) == {"Profile"} and all(
        _same(one[member], other[member]) for member in one.keys() & other.keys()
    )


def _same(one: JsonValue, other: JsonValue) -> bool:
    """Whether two values are the same JSON; to Python true is 1, also inside of others."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and one == other

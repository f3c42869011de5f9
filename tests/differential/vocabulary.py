"""What mutations put into documents: every term of every context, and values that are hard to get
right.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from known_contexts import EXAMPLES, EXAMPLES_V2
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonFloat, JsonObject, JsonValue, parse

__all__ = [
    "CONTEXT_URLS",
    "GOOD_IDENTIFIERS",
    "IDENTIFIERS",
    "KEYWORDS",
    "LONE_SURROGATES",
    "NUMBERS",
    "STRANGE_MEMBERS",
    "TEXTS",
    "TEXTS_IN_ORDER",
    "UNKNOWN_CONTEXTS",
    "Term",
    "classes",
    "fitting_value",
    "iris",
    "language_map",
    "language_object",
    "links",
    "number",
    "scalar",
    "scoped_terms",
    "terms",
]

CONTEXT_URLS = sorted(Contexts.bundled().urls)

UNKNOWN_CONTEXTS: list[JsonValue] = [
    EXAMPLES_V2,
    "https://w3id.org/citizenship/v4rc1",
    "https://www.w3.org/ns/credentials/v2/",
    "https://www.w3.org/ns/credentials/v2#",
    "HTTPS://www.w3.org/ns/credentials/v2",
    "https://unknown.example/context",
    "",
    "relative",
    None,
    7,
    True,
    [],
    {},
    ["https://www.w3.org/ns/credentials/v2"],
    {"name": "https://evil.example/name"},
    {"@vocab": "https://evil.example/#"},
    {"@base": "https://evil.example/"},
    {"@import": "https://www.w3.org/ns/credentials/v2"},
    {"@version": 1.1, "validUntil": None},
    {"x": {"@id": "https://evil.example/x", "@container": "@language"}},
]

KEYWORDS = [
    "@context", "@id", "@type", "@graph", "@included", "@reverse", "@index", "@nest", "@set",
    "@list", "@value", "@language", "@direction", "@json", "@none", "@version", "@vocab", "@base",
    "@import", "@protected", "@unknown", "@",
]  # fmt: skip

STRANGE_MEMBERS = [
    "", " ", "ID", "Type", "id ", "name\u0000", "ｎａｍｅ", "éducation", "Ł", "🏅", "a/b", "a#b",
    "__proto__", "constructor", "toString", "hasOwnProperty", "length", "0", "-1", "name.name",
    "unknownTerm", "anotherUnknownTerm", "?q", "_sd", "...", "\u202ename", "Name", "issuer/name",
]  # fmt: skip

TEXTS = [
    "", " ", "  two  ", "\u0000", "\u0001\u001f", "\b\t\n\u000b\f\r", '"', "\\", '\\"', "\\n",
    "\\u0041", "\u007f", "\u0080\u009f", "\u00a0", "\u00ad", "\u2028\u2029", "\u202e", "\ufeff",
    "\ufffe\uffff", "\U0001f3c5", "\U0010ffff", "e\u0301", "\u00e9", "\u0345\u0301", "ﬁ", "ß", "İ",
    "한국어", "کلب", "<b>&amp;</b>", "{}", "[]", "null", "true", "5", "5.0", "NaN", "a\nb .",
    "_:c14n0", "_:b0", '" .\n<urn:x> <urn:y> "z', "@en", "^^", "en", "x" * 3000, "https://uni.example/1",
    "2026-01-01T00:00:00Z", "2026-01-01", "2026-13-41", "assertionMethod", "Achievement",
    "revocation", "did:example:a", "name", "type", "schema:name", "\u0061\u030a", "\u212b",
]  # fmt: skip

TEXTS_IN_ORDER = [
    "z",
    "ż",
    "\uac00",
    "\ue000",
    "ﬁ",
    "\ufffd",
    "\U00010000",
    "\U0001f3c5",
    "\U0010ffff",
]
"""As code points order them, which UTF-16 does not."""

LONE_SURROGATES = ["\ud800", "x\udfff", "\udc00\ud800"]

NUMBERS: list[JsonValue] = [
    0, 1, -1, 5, 42, 100, 2**31, 2**53 - 1, 2**53, -(2**53 - 1), -(2**53), 2**63, 10**20, 10**21,
    10**22, 10**40,
    *map(
        JsonFloat,
        [
            "0.0", "-0.0", "-0", "1.0", "5.0", "5.50", "0.5", "-0.5", "1e0", "1E2", "1e+2", "12e-1",
            "1e20", "1e21", "1e22", "0.000001", "0.0000001", "0.00000099", "1e-6", "9.99e-7",
            "0.1", "0.30000000000000004", "1.7976931348623157e308", "5e-324", "123456789.123456789",
            "9007199254740991.0", "9007199254740992.0", "9007199254740993.5", "4503599627370495.5",
            "99999999999999.9", "0.123456789012345678", "3.141592653589793", "1.1", "2.675",
            "100.0000000000001", "1234567.8901234567", "1e15", "1.5e15", "123456.789e3", "4.35",
            "0.1e1", "333333333.33333329", "1.0000000000000002", "8.41", "17.98", "1e1", "72.5",
        ],
    ),
]  # fmt: skip

IDENTIFIERS = [
    "https://uni.example/1", "https://uni.example/2", "HTTPS://UNI.EXAMPLE/1", "http://x",
    "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0001", "urn:x", "urn:", "did:example:a",
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "mailto:ada@uni.example",
    "data:text/plain,hello", "tag:uni.example,2026:1", "tel:+48123", "a:b", "A+.-1:x", "x:",
    "https://köln.example/straße", "https://uni.example/\U0001f3c5", "https://uni.example/e\u0301",
    "https://uni.example/%C5%BC", "https://uni.example/%zz", "https://uni.example/a?b=c&d=e#f",
    "https://uni.example/(a),'b'*;!$", "https://uni.example/[1]", "https://[::1]/", "https://",
    "https:///path", "https://uni.example/../a/./b", "https://uni.example//a", "https:a",
    "https://uni.example/\u00a0", "https://uni.example/\ufffe", "https://uni.example/\ue000",
    "https://uni.example/\u007f", "https://uni.example/\u0080", "https://uni.example/\u2028",
    "", " ", "relative", "./a", "../a", "/a", "//a", "?a", "#a", "a b", ":", ":a", "1:a", "-:a",
    "https://uni.example/a b", " https://uni.example/1", "https://uni.example/1 ",
    "https://uni.example/<a>", 'https://uni.example/"a"', "https://uni.example/{a}",
    "https://uni.example/a|b", "https://uni.example/a\\b", "https://uni.example/a^b",
    "https://uni.example/`a`", "https://uni.example/\u0000", "https://uni.example/\n",
    "_:a", "_:b0", "_:c14n0", "_:", "_", "_:é", "_:a b", "@id", "@type", "@none", "@unknown", "@",
    "name:x", "schema:name", "sec:proof", "cred:issuer", "xsd:string", "rdf:type", "obi:x", "id:x",
    "type:x", "issuer:x", "proof:x", "Achievement:x", "name", "Achievement", "assertionMethod",
    "assertionMethod:x", "schema://x", "name://x", "dc:x", "rdfs:x", "clr:x", "ext:Diploma",
    "https://www.w3.org/2018/credentials#VerifiableCredential", "https://schema.org/name",
    "https://w3id.org/security#assertionMethod", "é:x", "urn:\u0301", "https://w3id.org/security#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil", "rdf:nil",
]  # fmt: skip

GOOD_IDENTIFIERS = IDENTIFIERS[:26]
"""Those that are absolute and may be written as they are."""

_GOOD_NUMBERS = [
    each
    for each in NUMBERS
    if isinstance(each, (int, float)) and (each == 0 or 1e-6 <= abs(each) < 2**53)
]
_LANGUAGE_TAGS = ["en", "pl-PL", "EN", "En-gb", "zh-Hant-TW", "x", "i-klingon", "de-CH-1901"]
_LANGUAGE_KEYS = ["en", "pl-PL", "EN", "En-gb", "zh-Hant-TW", "de-CH-1901", "id", "pl", "mul"]
_NO_TEXTS: list[JsonValue] = [[], None, 5, True, ["x", None], {"@value": "x"}, [["x"]]]
_STRANGE_KEYS = [
    "", "en_US", "abcd", "en-", "x", "i-klingon", "@none", "@value", "@language", "@id", "@type",
    "@set", "type", "name", "title", "é", "en ", "none", "value", "language", "content", "en:x",
]  # fmt: skip
_STRANGE_TAGS: list[JsonValue] = [
    "",
    "en_US",
    "abcdefghi",
    "en-",
    "1",
    "en ",
    "é",
    "@en",
    5,
    None,
    ["en"],
]
_JSON = ['{"a": [1, null, {"b": "é"}]}', "[]", '"text"', '{"@id": "x"}', "1.5", "{}", "null", "1e2"]
_DATES = [
    "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000+02:00", "2026-01-01", "24:00", "1969-12-31",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A term as some context defines it.

    Attributes:
        name: the term. iri: what it stands for. coercion: its `@type`, or "@language" for a
            language map, or "".
        container: whether it has another one. scope: the term whose own context defines it, or "".
        url: the context document's.
    """

    name: str
    iri: str
    coercion: str
    container: bool
    scope: str
    url: str


@functools.cache
def terms() -> tuple[Term, ...]:
    """Return the terms of every context that is known here, each definition once."""
    lists = (EXAMPLES, Contexts.bundled_before_2026_06_29())
    found = (
        term
        for each in lists
        for url in sorted(each.urls)
        for term in _terms(each.document(url)["@context"], "", url)
    )
    return tuple(dict.fromkeys(found))


@functools.cache
def classes(urls: frozenset[str] | None = None) -> tuple[str, ...]:
    """Return the names of classes at the top of some contexts; of all, at any depth, for None."""
    found = {
        term.name
        for term in terms()
        if term.name[:1].isupper()
        if urls is None or (term.url in urls and not term.scope)
    }
    return tuple(sorted(found)) or classes()


@functools.cache
def iris() -> tuple[str, ...]:
    """Return what the terms stand for, written in full and with a prefix."""
    return tuple(sorted({term.iri for term in terms() if ":" in term.iri}))


@functools.cache
def links() -> frozenset[str]:
    """Return the terms whose strings are identifiers in some context."""
    coerced = {term.name for term in terms() if term.coercion in ("@id", "@vocab")}
    return frozenset({"id", "type", *coerced})


@functools.cache
def scoped_terms(scope: str, urls: frozenset[str]) -> tuple[Term, ...]:
    """Return the terms of a class or member in some contexts; those at the top for ""."""
    found = (term for term in terms() if term.scope == scope and term.url in urls)
    return tuple(term for term in found if term.name not in ("id", "type"))


def _terms(context: JsonValue, scope: str, url: str) -> Iterator[Term]:
    for each in context if isinstance(context, list) else [context]:
        if not isinstance(each, dict):
            continue
        for name, definition in each.items():
            if name.startswith("@"):
                continue
            details: JsonObject = definition if isinstance(definition, dict) else {}
            iri = definition if isinstance(definition, str) else details.get("@id", name)
            container = details.get("@container")
            coercion = str(details.get("@type", ""))
            if container == "@language":
                container, coercion = None, "@language"
            yield Term(name, str(iri), coercion, container is not None, scope, url)
            yield from _terms(details.get("@context"), name, url)


def scalar(random: Random) -> JsonValue:
    """Return a string, number, truth value or null."""
    kind = random.random()
    if kind < 0.5:
        return random.choice(TEXTS)
    if kind < 0.75:
        return random.choice(NUMBERS)
    if kind < 0.9:
        return random.choice(IDENTIFIERS)
    return random.choice([True, False, None])


def fitting_value(random: Random, term: Term, urls: frozenset[str], depth: int = 0) -> JsonValue:
    """Return a value of the kind that a term is for, more often than not.

    Args:
        random: where chance comes from.
        term: the term.
        urls: the contexts whose classes may be used.
        depth: how many objects are around it already.
    """
    value = _one_value(random, term, urls, depth)
    if term.container or random.random() < 0.1:
        more = (_one_value(random, term, urls, depth) for _ in range(random.choice((0, 0, 1, 2))))
        return [value, *more]
    return value


def _one_value(random: Random, term: Term, urls: frozenset[str], depth: int) -> JsonValue:
    if term.coercion == "@json":
        return parse(random.choice(_JSON))  # a new one each time, as it may be changed
    if term.coercion == "@language" and random.random() < 0.8:
        return language_map(random)
    if term.coercion == "@vocab":
        return random.choice(["assertionMethod", "authentication", "revocation", "urn:x", "a:b"])
    if term.name in ("name", "description") and random.random() < 0.4:
        return language_object(random)
    if term.coercion in ("@id", "") and depth < 3 and random.random() < 0.4:
        return _node(random, urls, depth)
    if term.coercion == "@id":
        return random.choice(GOOD_IDENTIFIERS)
    if "date" in term.coercion.lower():
        return random.choice(_DATES)
    if term.coercion and random.random() < 0.3:
        return number(random) if random.random() < 0.8 else random.choice([True, False])
    return random.choice(TEXTS)


def number(random: Random) -> JsonValue:
    """Return a number that can be signed, more often than not."""
    return random.choice(NUMBERS if random.random() < 0.2 else _GOOD_NUMBERS)


def _node(random: Random, urls: frozenset[str], depth: int) -> JsonObject:
    node: JsonObject = {}
    if random.random() < 0.5:
        node["id"] = random.choice(GOOD_IDENTIFIERS)
    class_ = random.choice(classes(urls))
    if random.random() < 0.9:
        kinds: list[JsonValue] = [class_, [class_], [class_, random.choice(classes(urls))]]
        node["type"] = random.choice(kinds)
    inside = scoped_terms(class_, urls)
    for _ in range(random.choice((0, 1, 2))):
        if inside:
            term = random.choice(inside)
            node[term.name] = fitting_value(random, term, urls, depth + 1)
    return node


def language_map(random: Random) -> JsonObject:
    """Return the texts of one language or of several, with a fault now and then."""
    made: JsonObject = {}
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        strange = random.random() < 0.05
        tag = str(random.choice(_STRANGE_KEYS if strange else _LANGUAGE_KEYS))
        texts: list[JsonValue] = [random.choice(TEXTS) for _ in range(random.choice((1, 2)))]
        made[tag] = texts if random.random() < 0.2 else texts[0]
        if random.random() < 0.02:
            made[tag] = deepcopy(random.choice(_NO_TEXTS))
    return made


def language_object(random: Random) -> JsonObject:
    """Return a value object, with a fault now and then."""
    made: JsonObject = {"@value": random.choice(TEXTS)}
    if random.random() < 0.7:
        strange = random.random() < 0.1
        made["@language"] = random.choice(_STRANGE_TAGS if strange else _LANGUAGE_TAGS)
    if random.random() < 0.3:
        made["@direction"] = random.choice(["ltr", "rtl"])
    if random.random() < 0.05:
        extra: Any = random.choice([("@type", "x"), ("@index", "i"), ("url", "x"), ("@value", 5)])
        made[extra[0]] = extra[1]
    return made

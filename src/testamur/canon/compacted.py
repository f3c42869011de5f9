"""The shape a credential must have before anything in it is read: compacted, closed, lossless.

JSON-LD gives one graph many spellings. A verifier reads JSON members, so only one spelling may
pass: with `validUntil` written as its IRI the signature still holds, and an expiry check that looks
for `validUntil` finds nothing. VC Data Model 2.0 calls the one spelling a conforming document
(compacted form); VC Data Integrity 1.0, Context Validation and Securing Data Losslessly, asks for
the rest. What cannot be seen in the JSON alone, such as an undefined term, is found by `rdfc10`.
"""

from __future__ import annotations

from testamur import limits
from testamur.canon.contexts import Contexts, find_unsupported, language_maps
from testamur.canon.spelling import (
    EMBEDDED_IN,
    EMBEDDED_TYPES,
    JSON_LITERALS,
    LANGUAGE_KEY,
    LANGUAGE_MEMBERS,
    LANGUAGE_TAG,
    LANGUAGE_TERMS,
    SECURABLE_TYPES,
    TYPED_LITERALS,
    UNSIGNABLE,
    exact_number,
    may_describe,
    only_endorses,
    types_of,
)
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, kind
from testamur.errors import CanonicalizationError, Code

__all__ = [
    "LanguageMap",
    "compacted_copy",
]


class LanguageMap(dict[str, JsonValue]):
    """An object in a copy that was looked at as a language map, and must be read as one."""


def compacted_copy(document: JsonObject, *, contexts: Contexts, name: str) -> JsonObject:
    """Check the shape of a document, and return a copy with plain numbers for a JSON-LD processor.

    Below the top no member name may hold ":" or begin with "@", but for language objects on `name`
    and `description` (where these are no language maps), and an `@context` from the same allow-list
    at the top of an embedded credential. There are no nulls, empty arrays or arrays in arrays, all
    of which JSON-LD drops.

    Args:
        document: a parsed JSON object; it is not changed.
        contexts: the allow-list.
        name: what to call the document in messages, for example "credential".

    Raises:
        CanonicalizationError: code CONTEXT_REJECTED, NOT_CONFORMANT, DATA_LOSS or RESOURCE_LIMIT.
    """
    if "@context" not in document:
        raise CanonicalizationError(
            f"{name} has no @context, so its terms mean nothing; give the contexts it is written "
            "for",
            code=Code.CONTEXT_REJECTED,
            path=f"{name}.@context",
        )
    return _Walk(contexts).document(document, name)


class _Walk:
    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._values = 0
        self._described: dict[str, list[JsonObject]] = {}
        self._maps: frozenset[str] = frozenset()  # of the contexts named here and around

    def document(self, document: JsonObject, path: str) -> JsonObject:
        if not self._described:
            self._described_once(document, path)
        outside = self._maps
        copied: JsonObject = {
            "@context": self._context(document["@context"], f"{path}.@context"),
        }
        for term, value in document.items():
            if term != "@context":
                copied[term] = self._member(term, value, path)
        self._maps = outside
        return copied

    def _context(self, context: JsonValue, path: str) -> JsonValue:
        items = context if isinstance(context, list) else [context]
        if not items:
            raise _context_error(path, "is empty; name the contexts")
        if len(items) > limits.CONTEXTS:
            raise _too_large(f"{path} names more than {limits.CONTEXTS} contexts")
        copied: list[JsonValue] = []
        for position, item in enumerate(items):
            where = f"{path}[{position}]"
            if isinstance(item, str):
                self._maps |= self._contexts.language_maps(item)
                copied.append(item)
            elif isinstance(item, dict) and self._contexts.allows_inline:
                copied.append(self._inline(item, copied, where))
            elif isinstance(item, dict):
                raise _context_error(
                    where,
                    "is written inside the document; only published contexts that are in the list "
                    "of known contexts are accepted",
                )
            else:
                raise _context_error(where, f"is {kind(item)}; a context is named by its URL")
        return copied

    def _inline(self, context: JsonObject, before: list[JsonValue], path: str) -> JsonValue:
        unsupported = find_unsupported(context)
        if unsupported is not None:
            raise _context_error(path, f"uses {unsupported}, which could hide members")
        self._maps |= language_maps(context)
        plain = _plain(context)
        if isinstance(plain, dict) and plain.get("@vocab", "") is None:
            # pyld cannot take away a vocabulary where none is in force.
            in_force = [self._contexts.document(url) for url in before if isinstance(url, str)]
            if not any('"@vocab":' in dumps(document) for document in in_force):
                del plain["@vocab"]
        return plain

    def _member(self, term: str, value: JsonValue, parent: str) -> JsonValue:
        path = f"{parent}.{term}"
        if ":" in term or term.startswith("@"):
            if term == "@context":
                raise _context_error(
                    path, "is inside the document; only an embedded credential may have its own"
                )
            raise CanonicalizationError(
                f"the member {term[:100]!r} at {parent} is an IRI or a keyword; only terms of the "
                "contexts are read, so write it in its compacted form",
                code=Code.NOT_CONFORMANT,
                path=path,
            )
        if term in self._contexts.class_names:
            raise CanonicalizationError(
                f"{path} is the name of a class; the member begins with a small letter",
                code=Code.NOT_CONFORMANT,
                path=path,
            )
        if term == "__proto__":
            raise CanonicalizationError(
                f"{path} is a name that JSON-LD processors in JavaScript lose; rename the member",
                code=Code.NOT_CONFORMANT,
                path=path,
            )
        if term in JSON_LITERALS:
            return self._json_literal(value, path)
        if term in self._maps and isinstance(value, dict):
            return self._language_map(value, path)
        if isinstance(value, list):
            if not value:
                raise _dropped(path, "is an empty array; leave the member out")
            if len(value) > limits.ARRAY_ITEMS:
                raise _too_large(f"{path} has more than {limits.ARRAY_ITEMS} items")
            return [
                self._value(term, item, f"{path}[{position}]")
                for position, item in enumerate(value)
            ]
        return self._value(term, value, path)

    def _json_literal(self, value: JsonValue, path: str) -> JsonValue:
        """JSON that JSON-LD takes as it is (@json): counted, and without keywords."""
        self._count()
        if isinstance(value, dict):
            if any(each.startswith("@") for each in value):
                raise _context_error(path, "holds a keyword of JSON-LD")
            return {
                _text(each, path): self._json_literal(item, path) for each, item in value.items()
            }
        if isinstance(value, list):
            return [self._json_literal(item, path) for item in value]
        return _text(value, path) if isinstance(value, str) else _plain(value)

    def _count(self) -> None:
        self._values += 1
        if self._values > limits.DOCUMENT_VALUES:
            raise _too_large(f"the document has more than {limits.DOCUMENT_VALUES} values")

    def _value(self, term: str, value: JsonValue, path: str) -> JsonValue:
        self._count()
        if term in self._contexts.graph_terms and not _describes_something(value):
            raise _dropped(path, "is in the place of a credential or a proof and says nothing")
        if isinstance(value, dict):
            if term in self._maps:
                raise _map_error(path, "is inside an array; write one object with all languages")
            return self._object(term, value, path)
        if isinstance(value, list):
            raise _dropped(path, "is an array inside an array; write one array")
        if value is None:
            raise _dropped(path, "is null; leave the member out")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _number(value, path)
        return _text(value, path) if isinstance(value, str) else value

    def _language_map(self, value: JsonObject, path: str) -> LanguageMap:
        """JSON-LD 1.1, Language Maps: `{"en": "a text", "de": ["ein Text", "noch einer"]}`."""
        self._count()
        copied = LanguageMap()
        if not value:
            raise _dropped(path, "is an empty object; leave the member out")
        if len({language.lower() for language in value}) < len(value):
            raise _map_error(path, "has a language twice, in capital and in small letters")
        count = 0
        for language, texts in value.items():
            where = f"{path}.{language[:40]}"
            if not LANGUAGE_KEY.fullmatch(language):
                raise _map_error(where, "is not a language tag such as 'en' or 'pl-PL' (BCP 47)")
            items = texts if isinstance(texts, list) else [texts]
            if not items:
                raise _dropped(where, "is an empty array; leave the language out")
            count += len(items)
            if count > limits.ARRAY_ITEMS:
                raise _too_large(f"{path} has more than {limits.ARRAY_ITEMS} texts")
            for item in items:
                self._count()
                if not isinstance(item, str):
                    raise _map_error(where, f"is {kind(item)}; write a text")
                _text(item, where)
            copied[language] = texts
        return copied

    def _object(self, term: str, value: JsonObject, path: str) -> JsonValue:
        if "@value" in value:
            if term in TYPED_LITERALS:
                return _typed_literal(term, value, path)
            return _language_object(term, value, path)
        if term not in self._contexts.graph_terms:
            self._described_once(value, path)
            return self._node(term, value, path)
        outside, self._described = self._described, {}  # a graph of its own
        copied = self._node(term, value, path)
        self._described = outside
        return copied

    def _described_once(self, node: JsonObject, path: str) -> None:
        """Refuse a thing that is described in two ways at two places.

        JSON-LD makes one node of them, so members could trade places without breaking the
        signature: the name of a piece of evidence for that of the achievement.
        """
        identifier = node.get("id")
        if not isinstance(identifier, str) or len(node) == 1 or only_endorses(node):
            return
        if not may_describe(self._described.setdefault(identifier, []), node):
            raise CanonicalizationError(
                f"{path} and another object have the same id, {identifier[:120]!r}, and describe "
                "it in different ways; describe it once, and refer to it by its id elsewhere, or "
                "give each an id of its own",
                code=Code.NOT_CONFORMANT,
                path=path,
            )

    def _node(self, term: str, value: JsonObject, path: str) -> JsonValue:
        if "@context" in value:
            if term == "proof":  # VC-DI-EDDSA 3.3.1: a proof of eddsa-jcs-2022 repeats it
                return self.document(value, path)
            if term not in EMBEDDED_IN or not types_of(value) & EMBEDDED_TYPES:
                raise _context_error(
                    f"{path}.@context",
                    "is inside the document; only an embedded credential may have its own",
                )
            return self.document(value, path)
        if types_of(value) & SECURABLE_TYPES:
            raise CanonicalizationError(
                f"{path} calls itself a credential and has no @context of its own; an embedded "
                "credential has one, and nothing else may take the type",
                code=Code.NOT_CONFORMANT,
                path=path,
            )
        return {each: self._member(each, item, path) for each, item in value.items()}


def _describes_something(value: JsonValue) -> bool:
    return isinstance(value, dict) and bool(value.keys() - {"id", "@context"})


def _text(text: str, path: str) -> str:
    if UNSIGNABLE.search(text):
        raise CanonicalizationError(
            f"{path} holds a character that is no text (half of a surrogate pair, U+FFFE or "
            "U+FFFF); remove it",
            code=Code.NOT_CONFORMANT,
            path=path,
        )
    return text


def _language_object(term: str, value: JsonObject, path: str) -> JsonValue:
    """VC Data Model 2.0, Names and Descriptions: @value, @language and @direction only."""
    text, language = value["@value"], value.get("@language")
    if (
        term not in LANGUAGE_TERMS
        or not value.keys() <= LANGUAGE_MEMBERS
        or not isinstance(text, str)
        or UNSIGNABLE.search(text)
        or ("@direction" in value and value["@direction"] not in ("ltr", "rtl"))
    ):
        raise CanonicalizationError(
            f"{path} is a JSON-LD value object; only name and description may be one, with "
            "@value, @language and @direction",
            code=Code.NOT_CONFORMANT,
            path=path,
        )
    if "@language" in value and not (
        isinstance(language, str) and LANGUAGE_TAG.fullmatch(language)
    ):
        raise CanonicalizationError(
            f"{path}.@language is not a language tag such as 'en' or 'pl-PL' (BCP 47)",
            code=Code.NOT_CONFORMANT,
            path=f"{path}.@language",
        )
    return dict(value)


def _typed_literal(term: str, value: JsonObject, path: str) -> JsonValue:
    text, type_ = value["@value"], TYPED_LITERALS[term]
    if value.keys() != {"@value", "@type"} or value["@type"] != type_ or not isinstance(text, str):
        raise CanonicalizationError(
            f'{path} is a JSON-LD value object; write {{"@value": "…", "@type": "{type_}"}}, as '
            "nothing else has one meaning there",
            code=Code.NOT_CONFORMANT,
            path=path,
        )
    _text(text, path)
    return dict(value)


def _number(value: float, path: str) -> int | float:
    number = exact_number(value)
    if number is None:
        raise CanonicalizationError(
            f"{path} is the number {value!r}; JSON-LD processors write it in different ways, so "
            "it cannot be signed exactly: use a string, or a number between 0.000001 and 2^53",
            code=Code.NOT_CONFORMANT,
            path=path,
            found=repr(value)[:40],
        )
    return number


def _plain(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {each: _plain(item) for each, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(value)
    return value


def _map_error(path: str, reason: str) -> CanonicalizationError:
    return CanonicalizationError(f"{path} {reason}", code=Code.NOT_CONFORMANT, path=path)


def _context_error(path: str, reason: str) -> CanonicalizationError:
    return CanonicalizationError(f"{path} {reason}", code=Code.CONTEXT_REJECTED, path=path)


def _too_large(message: str) -> CanonicalizationError:
    return CanonicalizationError(message, code=Code.RESOURCE_LIMIT)


def _dropped(path: str, reason: str) -> CanonicalizationError:
    return CanonicalizationError(
        f"{path} {reason} (JSON-LD drops it, so it would not be signed)", path=path
    )

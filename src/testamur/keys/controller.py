"""From the URL in a proof to the key behind it (Controlled Identifiers 1.0).

A key that is merely spelled in a URL's fragment, or in a header, proves nothing: the controller's
own document must list it, once, for the purpose at hand.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from testamur import limits
from testamur._frozen import dataclass
from testamur._lazy import lazy_pattern
from testamur._once import Once
from testamur.canon.strict_json import JsonObject, JsonValue, parse_object
from testamur.errors import Code, FetchError, ModelError, ParseError, SigningKeyError
from testamur.keys import did_key, multikey
from testamur.keys.protocols import VerificationKey
from testamur.model.dates import parse_date_time_stamp
from testamur.protocols import Fetcher

__all__ = [
    "Resolver",
    "VerificationMethod",
    "parse_verification_method",
    "retrieve",
    "revoked_methods",
    "split_url",
]

_URL = lazy_pattern(r"(did:[a-z0-9]+:|https://)[!-~]+")
_MULTIBASE_TYPES = frozenset({"Multikey", "Ed25519VerificationKey2020"})
_JWK_TYPES = frozenset({"JsonWebKey", "JsonWebKey2020"})
_MATERIALS = (
    "publicKeyMultibase",
    "publicKeyJwk",
    "publicKeyBase58",
    "publicKeyHex",
    "publicKeyPem",
    "publicKeyBase64",
    "ethereumAddress",
    "blockchainAccountId",
)
_MAX_METHODS = 200
_MAX_CHARACTERS = 8192
_REMEMBERED_METHODS = 1024
_REMEMBERED_DOCUMENTS = 10_000
_DERIVED = ("did:key:", "did:jwk:")


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """A public key as its controller publishes it.

    Attributes:
        id: the URL of the verification method, with its fragment.
        controller: the id of the document that lists it.
        key: the public key.
        expires: from when on it is no longer in use, aware; what it signed before still verifies.
        revoked: from when on nothing it signed is to be relied on, aware.
    """

    id: str
    controller: str
    key: VerificationKey
    expires: datetime | None = None
    revoked: datetime | None = None


class Resolver:
    """Dereferences controller documents, each once: did:key, did:jwk, did:web and https URLs.

    One resolver serves one run; it remembers what it fetched, what could not be had, and the keys
    that `retrieve` found last.
    """

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._documents: Once[JsonObject | SigningKeyError | FetchError] = Once(
            most=_REMEMBERED_DOCUMENTS
        )
        self._methods: dict[tuple[str, str], VerificationMethod] = {}

    def resolve(self, url: str) -> JsonObject:
        """Return the document that `url`, which has no fragment, identifies.

        Raises:
            SigningKeyError: not a URL that can identify a controller (DID_INVALID, KEY_INVALID), or
                its server's answer is no such document (DID_RESOLUTION).
            FetchError: nothing could be fetched (OFFLINE, UNREACHABLE), or must be (URL_BLOCKED).
        """
        if url.startswith(_DERIVED):
            # It follows from the URL: remembering it would only fill the memory in a long run.
            return self._dereference(url)
        found = self._documents.get(url, lambda: self._document_or_error(url))
        if isinstance(found, (SigningKeyError, FetchError)):
            raise found.with_traceback(None)
        return found

    def retrieve(self, url: object, purpose: str) -> VerificationMethod:
        """Do what the function `retrieve` does, once for each key; errors as there.

        A document that was once had does not change in a run, so neither does what it says of a
        key. Refusals are not remembered here.
        """
        if not isinstance(url, str):
            return _retrieve(url, purpose=purpose, resolver=self)
        method = self._methods.get((url, purpose))
        if method is None:
            method = _retrieve(url, purpose=purpose, resolver=self)
            if len(self._methods) >= _REMEMBERED_METHODS:
                self._methods.clear()
            self._methods[url, purpose] = method
        return method

    def _document_or_error(self, url: str) -> JsonObject | SigningKeyError | FetchError:
        try:
            return self._dereference(url)
        except (SigningKeyError, FetchError) as error:
            return error

    def _dereference(self, url: str) -> JsonObject:
        if url.startswith("did:key:"):
            return did_key.controller_document(url)
        if url.startswith("did:jwk:"):
            from testamur.keys import did_jwk

            return did_jwk.controller_document(url)
        if url.startswith("did:web:"):
            from testamur.keys import did_web

            return self.fetch_json(did_web.document_url(url))
        if url.startswith("https://"):
            return self.fetch_json(url)
        raise SigningKeyError(
            f"{url[:120]!r} is no identifier whose keys can be looked up; did:key, did:jwk, "
            "did:web and https are supported",
            code=Code.DID_INVALID,
            found=url[:120],
        )

    def fetch_json(self, url: str) -> JsonObject:
        """Fetch a JSON object of any kind; errors as for `resolve`."""
        try:
            fetched = self._fetcher.fetch(url, max_bytes=limits.FETCH_BYTES)
            return parse_object(fetched.content)
        except FetchError as error:
            if error.code in (Code.OFFLINE, Code.UNREACHABLE, Code.URL_BLOCKED):
                raise
            reason = error.message
            cause: Exception = error
        except ParseError as error:
            reason, cause = error.message, error
        raise SigningKeyError(
            f"the issuer's keys cannot be had: {reason}",
            code=Code.DID_RESOLUTION,
            url=url[:200],
        ) from cause


def split_url(url: object) -> tuple[str, str]:
    """Split a verification method's URL into the controller document's URL and the fragment.

    Raises:
        SigningKeyError: not a string, not a DID URL or https URL, or a query or path in a DID URL
            (code DID_INVALID).
    """
    if not isinstance(url, str) or len(url) > _MAX_CHARACTERS:
        raise _no_url(url)
    return _split(url)


@functools.lru_cache(maxsize=1024)
def _split(url: str) -> tuple[str, str]:
    if not (_URL.fullmatch(url) and _splits(url)):
        raise _no_url(url)
    document, _, fragment = url.partition("#")
    if url.startswith("did:") and re.search(r"[/?]", document):
        raise SigningKeyError(
            f"{url[:120]!r} has a path or a query, which no supported DID method defines",
            code=Code.DID_INVALID,
            found=url[:120],
        )
    return document, fragment


def _no_url(url: object) -> SigningKeyError:
    return SigningKeyError(
        f"{str(url)[:120]!r} is no DID URL or https URL",
        code=Code.DID_INVALID,
        found=str(url)[:120],
    )


def _splits(url: str) -> bool:
    if url.startswith("did:"):  # it has no authority, where alone something could be wrong
        return True
    from urllib.parse import urlsplit

    try:
        return bool(urlsplit(url).scheme)
    except ValueError:  # a bracket that opens no IPv6 address
        return False


def retrieve(url: object, *, purpose: str, resolver: Resolver) -> VerificationMethod:
    """Retrieve a verification method for a purpose (CID 1.0, Retrieve Verification Method).

    Args:
        url: the `verificationMethod` of a proof, or the `kid` of a token.
        purpose: the verification relationship, as "assertionMethod".
        resolver: dereferences the controller document.

    Raises:
        SigningKeyError: with code DID_INVALID, DID_RESOLUTION, KEY_NOT_FOUND, KEY_NOT_AUTHORIZED,
            KEY_REVOKED (it is listed for no such purpose any more) or KEY_INVALID.
        FetchError: the document could not be fetched.
    """
    return resolver.retrieve(url, purpose)


def _retrieve(url: object, *, purpose: str, resolver: Resolver) -> VerificationMethod:
    # Steps 1 to 3: the URL without its fragment identifies the controller document.
    document_url, fragment = split_url(url)
    if not fragment:
        raise SigningKeyError(
            f"{str(url)[:120]!r} names a document and no key in it; add the key's fragment",
            code=Code.KEY_NOT_FOUND,
            found=str(url)[:120],
        )
    # Step 4: dereference it.
    document = resolver.resolve(document_url)
    # Steps 5 and 6: it must call itself by that URL.
    if document.get("id") != document_url:
        raise SigningKeyError(
            f"the document at {document_url[:120]} calls itself {str(document.get('id'))[:120]!r}",
            code=Code.DID_RESOLUTION,
            expected=document_url[:120],
            found=str(document.get("id"))[:120],
        )
    # Steps 7 to 9: exactly one verification method with this URL.
    found = [
        method for method in _methods(document) if _absolute(method.get("id"), document_url) == url
    ]
    if len(found) != 1:
        count = "no key" if not found else f"{len(found)} keys"
        raise SigningKeyError(
            f"the document of {document_url[:120]} lists {count} with the id {str(url)[:160]}",
            code=Code.KEY_NOT_FOUND,
            found=str(url)[:160],
        )
    # Steps 10 to 12: its controller is the document, and it is listed for the purpose.
    method = parse_verification_method(found[0], document_url)
    if method.controller != document_url:
        raise SigningKeyError(
            f"the key {method.id[:120]} belongs to another controller, {method.controller[:120]}",
            code=Code.KEY_NOT_AUTHORIZED,
            expected=document_url[:120],
            found=method.controller[:120],
        )
    if method.id not in _listed_for(document, purpose, document_url):
        if method.revoked is not None:
            # Issuers take a compromised key off the lists too, for those who read no dates.
            raise SigningKeyError(
                f"the issuer has revoked the key {method.id[:120]}",
                code=Code.KEY_REVOKED,
                when=method.revoked,
            )
        raise SigningKeyError(
            f"the issuer does not list the key {method.id[:120]} for {purpose}",
            code=Code.KEY_NOT_AUTHORIZED,
            expected=purpose,
        )
    return method


def parse_verification_method(
    method: Mapping[str, JsonValue], document_url: str
) -> VerificationMethod:
    """Read one verification method of a controller document.

    Raises:
        SigningKeyError: no or several key materials, a secret key, an unknown type, a bad date.
    """
    identifier = _absolute(method.get("id"), document_url)
    controller = method.get("controller")
    if not isinstance(identifier, str) or not isinstance(controller, str):
        raise SigningKeyError("a verification method lacks its id or its controller")
    if "secretKeyMultibase" in method or "privateKeyMultibase" in method:
        raise SigningKeyError(
            f"the key {identifier[:120]} is published with its secret part; it proves nothing"
        )
    materials = [member for member in _MATERIALS if member in method]
    if len(materials) != 1:
        raise SigningKeyError(
            f"the key {identifier[:120]} has {len(materials)} key materials; exactly one is right"
        )
    type_, material = str(method.get("type")), method[materials[0]]
    key: VerificationKey
    if type_ in _MULTIBASE_TYPES and materials == ["publicKeyMultibase"]:
        if not isinstance(material, str):
            raise SigningKeyError(f"the publicKeyMultibase of {identifier[:120]} is no string")
        key = multikey.decode_public_key(material)
    elif type_ in _JWK_TYPES and materials == ["publicKeyJwk"]:
        if not isinstance(material, dict):
            raise SigningKeyError(f"the publicKeyJwk of {identifier[:120]} is no object")
        from testamur.keys import jwk

        key = jwk.decode_public_key(material)
    else:
        raise SigningKeyError(
            f"the key {identifier[:120]} is of type {type_[:40]!r} with {materials[0]}; "
            "Multikey with publicKeyMultibase and JsonWebKey with publicKeyJwk are supported",
            found=type_[:40],
        )
    return VerificationMethod(
        id=identifier,
        controller=controller,
        key=key,
        expires=_date(method, "expires"),
        revoked=_date(method, "revoked"),
    )


def revoked_methods(document: JsonObject, document_url: str) -> Iterator[VerificationMethod]:
    """Yield the keys that a controller document says are revoked, listed for a purpose or not.

    What cannot be read is left out: it could not be found by `retrieve` either.
    """
    for method in _methods(document):
        if method.get("revoked") is not None:
            try:
                yield parse_verification_method(method, document_url)
            except SigningKeyError:
                continue


def _methods(document: JsonObject) -> Iterator[JsonObject]:
    """The verification methods a document holds, embedded ones in the relationships included."""
    count = 0
    for member in ("verificationMethod", "assertionMethod", "authentication"):
        items = document.get(member)
        for item in items if isinstance(items, list) else [items]:
            if isinstance(item, dict):
                count += 1
                if count > _MAX_METHODS:
                    raise SigningKeyError(
                        f"the document lists more than {_MAX_METHODS} keys",
                        code=Code.RESOURCE_LIMIT,
                    )
                yield item


def _listed_for(document: JsonObject, purpose: str, document_url: str) -> set[object]:
    items = document.get(purpose)
    return {
        _absolute(item.get("id") if isinstance(item, dict) else item, document_url)
        for item in (items[:_MAX_METHODS] if isinstance(items, list) else [items])
    }


def _absolute(identifier: JsonValue, document_url: str) -> JsonValue:
    """Resolve "#key-1" against the document; anything else stays as it is."""
    if isinstance(identifier, str) and identifier.startswith("#"):
        return document_url + identifier
    return identifier if isinstance(identifier, str) else None


def _date(method: Mapping[str, JsonValue], member: str) -> datetime | None:
    value = method.get(member)
    if value is None:
        return None
    try:
        return parse_date_time_stamp(str(value))
    except ModelError as error:
        raise SigningKeyError(
            f"the key's {member} date {str(value)[:40]!r} cannot be read: {error.message}"
        ) from error

"""did:web: an identifier whose document is published on a web server (did:web Method, 2.5.2 Read).

Whoever controls the domain (over TLS) controls the identifier. Only names that a person reads the
way a computer does are accepted: ASCII host names, an optional port, plain path segments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, SigningKeyError
from testamur.keys import multikey
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.model.dates import format_date_time_stamp

__all__ = ["PublishedKey", "build_document", "did_web", "document_path", "document_url"]

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DID = re.compile(
    rf"did:web:(?P<host>{_LABEL}(?:\.{_LABEL})+)(?:%3[Aa](?P<port>[1-9][0-9]{{0,4}}))?"
    r"(?P<path>(?::[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)"
)
_MAX_CHARACTERS = 1024


def did_web(host: str, *, port: int | None = None, path: tuple[str, ...] = ()) -> str:
    """Return the did:web for a host name, an optional port and optional path segments.

    Raises:
        SigningKeyError: the parts do not make a valid did:web (code DID_INVALID).
    """
    did = "did:web:" + host.lower() + (f"%3A{port}" if port is not None else "")
    did = ":".join([did, *path])
    document_url(did)
    return did


def document_url(did: str) -> str:
    """Return the https URL of the DID document.

    Raises:
        SigningKeyError: an IP address, a single label (as `localhost`), an upper-case or non-ASCII
            host, an empty or dot segment, any percent-encoding but the port's colon
            (code DID_INVALID).
    """
    host, path = _parts(did)
    return (
        f"https://{host}/{document_path(did)}" if path else f"https://{host}/.well-known/did.json"
    )


def document_path(did: str) -> str:
    """Return where the document belongs below the web root: `.well-known/did.json` or `a/did.json`.

    Raises:
        SigningKeyError: as `document_url`.
    """
    _, path = _parts(did)
    return "/".join([*path, "did.json"]) if path else ".well-known/did.json"


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A public key as it stands in a DID document (Controlled Identifiers 1.0, 2.2).

    Attributes:
        key: the public key.
        expires: from when on it is retired, aware; what it signed before still verifies.
        revoked: from when on it is compromised, aware; then nothing it signed verifies.
    """

    key: Ed25519PublicKey
    expires: datetime | None = None
    revoked: datetime | None = None


def build_document(did: str, keys: Mapping[str, Ed25519PublicKey | PublishedKey]) -> JsonObject:
    """Build the DID document that the issuer publishes at `document_url(did)`.

    A retired key stays in it for as long as a credential that it signed is in use. A revoked one
    stays too, with its date, but is listed for no purpose: so that verifiers that know nothing of
    `revoked` refuse it as well.

    Args:
        did: the did:web.
        keys: fragment → public key; each but the revoked ones is listed for assertionMethod and
            authentication.

    Raises:
        SigningKeyError: not a valid did:web, or no key.
    """
    document_url(did)
    if not keys:
        raise SigningKeyError("a DID document without keys verifies nothing; give at least one")
    published = {
        fragment: key if isinstance(key, PublishedKey) else PublishedKey(key)
        for fragment, key in keys.items()
    }
    methods: list[JsonValue] = [_method(did, fragment, key) for fragment, key in published.items()]
    ids: list[JsonValue] = [
        f"{did}#{fragment}" for fragment, key in published.items() if key.revoked is None
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": ids,
        "authentication": list(ids),
    }


def _method(did: str, fragment: str, published: PublishedKey) -> JsonObject:
    method: JsonObject = {
        "id": f"{did}#{fragment}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": multikey.encode_public_key(published.key),
    }
    for member, moment in (("expires", published.expires), ("revoked", published.revoked)):
        if moment is not None:
            method[member] = format_date_time_stamp(moment)
    return method


def _parts(did: str) -> tuple[str, list[str]]:
    match = _DID.fullmatch(did) if len(did) <= _MAX_CHARACTERS else None
    # A last label that begins with a digit makes an IPv4 address for some resolvers.
    if match is None or match["host"].rsplit(".", 1)[1][0].isdigit():
        raise SigningKeyError(
            f"{did[:120]!r} is not a did:web that can be resolved safely; write it as "
            "did:web:example.edu, did:web:example.edu%3A8443 or did:web:example.edu:path",
            code=Code.DID_INVALID,
            found=did[:120],
        )
    port = match["port"]
    if port is not None and int(port) > 65535:
        raise SigningKeyError(
            f"the port in {did[:120]!r} is above 65535", code=Code.DID_INVALID, found=did[:120]
        )
    host = match["host"] + (f":{port}" if port is not None else "")
    return host, match["path"].split(":")[1:]

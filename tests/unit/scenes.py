"""What the tests of the core start from: keys, badges, signatures and a web in memory.

Keys are fixed, so that a failure can be repeated. Signatures that the library must not trust are
made with `cryptography` alone, as an attacker's software would make them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from testamur.canon.contexts import CREDENTIALS_V2, OB_3_0_3, Contexts
from testamur.canon.strict_json import dumps
from testamur.errors import Code, FetchError, TestamurError
from testamur.issuing import Mechanism, issue
from testamur.keys import Ed25519PrivateKey, Ed25519Signer, Signer, did_key
from testamur.protocols import Fetched, Recognition
from testamur.secure import Cryptosuite, EddsaRdfc2022, ProofOptions
from testamur.secure.data_integrity import add_proof
from testamur.secured import Secured, Securing
from testamur.verification import Answer, CheckName, Policy, Report, Verifier

Document = dict[str, Any]

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CREATED = "2026-06-01T00:00:00Z"

KEY = Ed25519PrivateKey(bytes(range(32)))
SIGNER = Ed25519Signer.for_did_key(KEY)
ISSUER = did_key.did_key(KEY.public_key)

OTHER_KEY = Ed25519PrivateKey(bytes(range(1, 33)))
OTHER_SIGNER = Ed25519Signer.for_did_key(OTHER_KEY)
OTHER_ISSUER = did_key.did_key(OTHER_KEY.public_key)

LEARNER_KEY = Ed25519PrivateKey(bytes(range(2, 34)))
LEARNER_SIGNER = Ed25519Signer.for_did_key(LEARNER_KEY)
LEARNER = did_key.did_key(LEARNER_KEY.public_key)

WEB_ISSUER = "did:web:uni.example"
WEB_SIGNER = Ed25519Signer(KEY, f"{WEB_ISSUER}#key-1")

BADGE_ID = "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0002"
ACHIEVEMENT_ID = "https://uni.example/achievements/teamwork"
LIST_URL = "https://uni.example/status/1"


def credential(**members: object) -> Document:
    """A small credential of the VC Data Model 2.0."""
    document: Document = {
        "@context": [CREDENTIALS_V2],
        "id": BADGE_ID,
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": LEARNER},
    }
    return changed(document, **members)


def badge(**members: object) -> Document:
    """A small badge."""
    document: Document = {
        "@context": [CREDENTIALS_V2, OB_3_0_3],
        "id": BADGE_ID,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Example University"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Teamwork",
        "credentialSubject": {
            "id": LEARNER,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": ACHIEVEMENT_ID,
                "type": ["Achievement"],
                "name": "Teamwork",
                "description": "Works well in a team.",
                "criteria": {"narrative": "Nominated by peers."},
            },
        },
    }
    return changed(document, **members)


def endorsement(**members: object) -> Document:
    """An endorsement of the badge's achievement by another issuer, not yet signed."""
    document: Document = {
        "@context": [CREDENTIALS_V2, OB_3_0_3],
        "id": "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0003",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": OTHER_ISSUER, "type": ["Profile"], "name": "Quality Agency"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Endorsement",
        "credentialSubject": {"id": ACHIEVEMENT_ID, "type": ["EndorsementSubject"]},
    }
    return changed(document, **members)


def status_entry(index: int = 5, **members: object) -> Document:
    """A revocation entry in the list at LIST_URL."""
    return changed(
        {
            "id": f"{LIST_URL}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": LIST_URL,
        },
        **members,
    )


def changed(document: Document, **members: object) -> Document:
    """A copy with members put in, or taken out where the value is None."""
    result = deepcopy(document)
    for name, value in members.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = deepcopy(value)
    return result


def issued(
    document: Document,
    *,
    mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
    signer: Signer = SIGNER,
    options: ProofOptions | None = None,
) -> Secured:
    """The document, issued the regular way."""
    return issue(document, signer=signer, now=NOW, mechanism=mechanism, options=options)


def signed(
    document: Document,
    *,
    suite: Cryptosuite | None = None,
    signer: Signer = SIGNER,
    options: ProofOptions | None = None,
    contexts: Contexts | None = None,
) -> Document:
    """The document with a proof that no rule for issuers was applied to."""
    return add_proof(
        document,
        suite=suite if suite is not None else EddsaRdfc2022(),
        signer=signer,
        options=options if options is not None else ProofOptions(created=NOW),
        contexts=contexts if contexts is not None else Contexts.bundled(),
    )


def base64url(data: bytes) -> str:
    """RFC 4648, section 5, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def jws(header: Mapping[str, Any], payload: object, key: Ed25519PrivateKey = KEY) -> str:
    """A compact JWS (RFC 7515, 7.1), made with `cryptography` and the standard library alone."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    signing_input = f"{base64url(json.dumps(header).encode())}.{base64url(body)}"
    private = ed25519.Ed25519PrivateKey.from_private_bytes(key.seed)
    return f"{signing_input}.{base64url(private.sign(signing_input.encode()))}"


def token(
    document: Document,
    *,
    claims: Mapping[str, Any] | None = None,
    header: Mapping[str, Any] | None = None,
    key: Ed25519PrivateKey = KEY,
) -> str:
    """A JWT of the document with these claims, signed with EdDSA under the issuer's did:key."""
    full = {"alg": "EdDSA", "typ": "JWT", "kid": SIGNER.verification_method}
    return jws({**full, **(header or {})}, {**document, **(claims or {})}, key)


def without_kid(**members: object) -> Document:
    """A JOSE header that names no key but what is given."""
    return {"alg": "EdDSA", "typ": "JWT", **members}


class Web:
    """A web in memory: URL → a JSON document, bytes, a whole answer or an error.

    Attributes:
        requested: the URLs that were asked for, in order.
    """

    def __init__(self, documents: Mapping[str, object] | None = None) -> None:
        self.documents = dict(documents or {})
        self.requested: list[str] = []

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        self.requested.append(url)
        found = self.documents.get(url)
        if found is None:
            raise FetchError(f"{url} answers 404", url=url)
        if isinstance(found, TestamurError):
            raise found
        if isinstance(found, Fetched):
            return found
        content = found if isinstance(found, bytes) else json.dumps(found).encode()
        assert len(content) <= max_bytes
        return Fetched(url=url, content=content)


def unreachable(url: str = "https://uni.example/") -> FetchError:
    return FetchError(f"{url} does not answer", code=Code.UNREACHABLE, url=url)


def did_document(did: str = WEB_ISSUER, **members: object) -> Document:
    """A DID document with one Multikey, "#key-1", for KEY."""
    method = f"{did}#key-1"
    document: Document = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [multikey_method(did)],
        "assertionMethod": [method],
        "authentication": [method],
    }
    return changed(document, **members)


def multikey_method(
    controller: str = WEB_ISSUER, key: Ed25519PrivateKey = KEY, **members: object
) -> Document:
    """A verification method of type Multikey with the fragment "key-1"."""
    return changed(
        {
            "id": f"{controller}#key-1",
            "type": "Multikey",
            "controller": controller,
            "publicKeyMultibase": did_key.did_key(key.public_key).removeprefix("did:key:"),
        },
        **members,
    )


class EverybodyIsKnown:
    """A trust source that hides nothing else: it vouches for every issuer, by its own id."""

    def recognize(self, issuer: str) -> Recognition | None:
        return Recognition(issuer, issuer, "the tests")


def verifier(
    *, fetcher: Web | None = None, policy: Policy | None = None, now: datetime = NOW
) -> Verifier:
    """A verifier that knows every issuer."""
    return Verifier(now=now, trust=EverybodyIsKnown(), policy=policy, fetcher=fetcher)


def examine(
    source: Document | str | bytes | Secured,
    *,
    fetcher: Web | None = None,
    policy: Policy | None = None,
    now: datetime = NOW,
) -> Report:
    """The report on a document, a token or bytes."""
    taken = dumps(source) if isinstance(source, dict) else source
    return verifier(fetcher=fetcher, policy=policy, now=now).examine(taken)


def found(report: Report, name: CheckName) -> tuple[Answer, Code | None]:
    """What a check found, and its code."""
    check = report.check(name)
    return check.answer, check.code


def failed(report: Report) -> dict[CheckName, Code | None]:
    """The required checks that failed, with their codes."""
    return {c.name: c.code for c in report.checks if c.answer is Answer.FAILED}


def unsigned(document: Document) -> Secured:
    """A document as it would be loaded, with nothing that secures it."""
    return Secured(document=document, content=dumps(document).encode(), securing=Securing.NONE)

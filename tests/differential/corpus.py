"""The documents that mutations start from: our own samples, and every published JSON-LD document.

Whatever holds an `@context`, at any depth of a file, is a document too: an embedded endorsement, a
member of a collection, a proof. The order is the same in every run; `digest` says whether two runs
had the same documents.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import shared_data
from european_documents import european_credential
from known_contexts import EXAMPLES, INLINE
from sample_documents import full_badge, samples
from simulator import NOW, Simulator
from testamur import build
from testamur.canon.contexts import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    DATA_INTEGRITY_V2,
    ED25519_2020_V1,
    EDC_AP,
    OB_3_0_3,
    OB_EXTENSIONS,
    Contexts,
)
from testamur.canon.strict_json import JsonObject, JsonValue, parse
from testamur.demo.microcredentials import describe, read_table
from testamur.errors import ParseError
from testamur.issuing import Mechanism, issue
from testamur.model.microcredential import Learner, Organisation, to_achievement
from unit.model import documents as small

__all__ = ["LISTS", "SourceDocument", "corpus", "digest"]

LISTS: dict[str, Contexts] = {
    "bundled": Contexts.bundled(),
    "older": Contexts.bundled_before_2026_06_29(),
    "examples": EXAMPLES,
    "inline": INLINE,
}
"""The allow-lists that documents are canonicalized with, by name."""

_OB_FIRST = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"
_UNDEFINED_TERMS = "https://www.w3.org/ns/credentials/undefined-terms/v2"


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document to start from.

    Attributes:
        name: where it comes from. document: the JSON object, which must not be changed.
        lists: the names of the allow-lists it is meant for.
    """

    name: str
    document: JsonObject
    lists: tuple[str, ...] = ("bundled", "older", "examples")


def corpus(*, published: bool = True) -> list[SourceDocument]:
    """Return every document once.

    Args:
        published: also those of the published vectors, where the folder is beside the repository.
    """
    found = list(_own())
    if published:
        with contextlib.suppress(pytest.skip.Exception):
            found += _published()
    unique: dict[str, SourceDocument] = {}
    for each in found:
        for part, inside in _parts(each.document, each.name):
            lists = _fitting(inside, each.lists)
            unique.setdefault(f"{json.dumps(inside)} {lists}", SourceDocument(part, inside, lists))
    return list(unique.values())


def _fitting(document: JsonObject, lists: tuple[str, ...]) -> tuple[str, ...]:
    """The allow-lists without those that would refuse the document for a context alone."""
    text = json.dumps(document)
    if any(f'"{url}"' in text for url in EXAMPLES.urls - Contexts.bundled().urls):
        return tuple(each for each in lists if each in ("examples", "inline"))
    return lists


def digest(sources: list[SourceDocument]) -> str:
    """Return a short name for exactly these documents."""
    text = "\n".join(json.dumps([each.name, each.document, each.lists]) for each in sources)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:12]


def _parts(value: Any, name: str) -> Iterator[tuple[str, JsonObject]]:
    """Yield each object with a context of its own, the outermost first."""
    if isinstance(value, dict):
        if "@context" in value:
            yield name, value
        for term, each in value.items():
            if term != "@context":
                yield from _parts(each, f"{name}.{term}")
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from _parts(each, f"{name}[{position}]")


# Ours: these are there in every clone.


def _own() -> Iterator[SourceDocument]:
    for name, document in samples().items():
        yield SourceDocument(f"sample {name}", document)
    for builder in (
        small.vc,
        small.vc_v1,
        small.badge,
        small.endorsement,
        _with_every_part,
        _profile_of_a_campus,
    ):
        yield SourceDocument(builder.__name__.strip("_"), builder())
    for name, document in _signed():
        yield SourceDocument(name, document)
    for number, credential in enumerate(_microcredentials(), 1):
        yield SourceDocument(f"micro-credential {number}", credential)
    for number, credential in enumerate(_european(), 1):
        yield SourceDocument(f"European credential {number}", credential)
    yield SourceDocument("JSON Schema credential", _json_schema())
    yield SourceDocument("examples of the specification", _examples(), ("examples",))


def _with_every_part() -> JsonObject:
    return small.badge(
        credentialStatus={
            "id": "https://uni.example/status/1#7",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "message",
            "statusListIndex": "7",
            "statusListCredential": "https://uni.example/status/1",
            "statusSize": 2,
            "statusMessage": [
                {"status": "0x0", "message": "pending"},
                {"status": "0x1", "message": "accepted"},
            ],
            "statusReference": "https://uni.example/status/reference",
        },
        relatedResource=[
            {
                "id": CREDENTIALS_V2,
                "digestSRI": "sha256-OdzhVZR3G3KYN5WHGXPZjZLZJqEDWEUEJ2TQ6cGVYSs=",
                "mediaType": "application/ld+json",
            }
        ],
        termsOfUse=[{"type": "IssuerPolicy", "id": "https://uni.example/terms"}],
        evidence={"id": "https://uni.example/evidence/2", "type": ["Evidence"], "name": "Essay"},
        endorsement=[small.endorsement()],
    )


def _profile_of_a_campus() -> JsonObject:
    address: JsonObject = {
        "type": ["Address"],
        "addressCountry": "PL",
        "addressLocality": "Łódź",
        "geo": {"type": ["GeoCoordinates"], "latitude": 51.7592, "longitude": 19.456},
    }
    profile: JsonObject = {
        "id": "did:web:uni.example",
        "type": ["Profile"],
        "name": "Uni",
        "email": "info@uni.example",
        "address": address,
        "otherIdentifier": [
            {
                "type": "IdentifierEntry",
                "identifier": "12345",
                "identifierType": "ext:PIC",
            }
        ],
        "parentOrg": {"id": "https://uni.example/parent", "type": ["Profile"], "name": "Parent"},
        "image": {"id": "https://uni.example/logo.png", "type": "Image", "caption": "Logo"},
    }
    return small.badge(issuer=profile)


def _signed() -> Iterator[tuple[str, JsonObject]]:
    """Yield badges with a proof of each suite, and the proof configurations as they are hashed."""
    university = Simulator()
    badge = full_badge(university)
    embedded = (m for m in Mechanism if m is not Mechanism.VC_JWT)
    for mechanism in embedded:
        document = issue(
            badge, signer=university.signer, now=university.now, mechanism=mechanism
        ).document
        yield f"badge with a proof of {mechanism.value}", document
        proof = document["proof"]
        assert isinstance(proof, dict)
        config = {name: value for name, value in proof.items() if name != "proofValue"}
        yield (
            f"proof configuration of {mechanism.value}",
            {
                **config,
                "@context": document["@context"],
            },
        )
        presented: JsonObject = {
            "challenge": "3d7b1f4c",
            "domain": ["employer.example", "other.example"],
            "proofPurpose": "authentication",
            "expires": "2026-07-02T00:00:00Z",
            "id": "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0009",
            "previousProof": ["urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0008"],
        }
        yield (
            f"long proof configuration of {mechanism.value}",
            {
                **config,
                **presented,
                "@context": document["@context"],
            },
        )
        yield (
            f"proof configuration of {mechanism.value} for VC 1.1",
            {
                **config,
                "@context": [CREDENTIALS_V1, _OB_FIRST, ED25519_2020_V1],
            },
        )


def _microcredentials() -> Iterator[JsonObject]:
    university = Simulator()
    for number, row in enumerate(read_table(), 1):
        description = describe(
            row,
            id=f"https://uni.example/achievements/{number}",
            provider_id=f"https://uni.example/providers/{number}",
            issuer=Organisation(name={"en": "University"}),
            learner=Learner(),
            issued=NOW,
            image=f"https://uni.example/images/{number}.svg",
        )
        achievement = to_achievement(description)
        recipient = build.recipient_by_email("ada@uni.example", salt=f"salt {number}")
        badge = university.badge(number, recipient=recipient, achievement=achievement)
        yield badge.to_json()


def _european() -> Iterator[JsonObject]:
    """Yield credentials of the European Learning Model, and parts of one for themselves."""
    university = Simulator()
    credential = european_credential(university.did)
    for mechanism in (Mechanism.EDDSA_RDFC_2022, Mechanism.ED25519_SIGNATURE_2020):
        yield issue(
            credential, signer=university.signer, now=university.now, mechanism=mechanism
        ).document
    status: JsonObject = {
        "id": "https://uni.example/status#3",
        "type": "StatusList2021Entry",
        "statusPurpose": "revocation",
        "statusListIndex": "3",
        "statusListCredential": "https://uni.example/status",
    }
    # Its second context makes of `description` something else, in objects of its own types.
    more: dict[str, Any] = {
        "@context": [CREDENTIALS_V1, "https://w3id.org/vc/status-list/2021/v1", EDC_AP],
        "credentialStatus": status,
        "description": {"en": ["x"], "id": "y"},
    }
    yield european_credential(**more)
    evidence: JsonObject = {"type": "Evidence", "evidenceStatement": "x", "title": {"en-GB": "x"}}
    yield european_credential(evidence=[evidence, {**evidence, "title": {"pl": "y"}}])
    subject: Any = credential["credentialSubject"]
    subject["dateModified"] = {"@value": "2026-01-01T00:00:00Z", "@type": "xsd:dateTime"}
    about = subject["hasClaim"]["specifiedBy"]
    about["descriptionHtml"] = [{"@value": "<p>x</p>", "@type": "rdf:HTML"}]
    orders: list[list[JsonValue]] = [[EDC_AP], [EDC_AP, CREDENTIALS_V1], [CREDENTIALS_V1, EDC_AP]]
    for contexts in orders:
        yield {"@context": [*contexts, DATA_INTEGRITY_V2], **subject}
        yield {"@context": contexts, **subject["hasClaim"]["specifiedBy"]}
    yield {"@context": [CREDENTIALS_V2, EDC_AP], "title": {"en": "x"}}


def _json_schema() -> JsonObject:
    return {
        "@context": [CREDENTIALS_V2],
        "id": "https://uni.example/schema-credential",
        "type": ["VerifiableCredential", "JsonSchemaCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {
            "id": "https://uni.example/schema",
            "type": "JsonSchema",
            "jsonSchema": {
                "$id": "https://uni.example/schema",
                "type": "object",
                "properties": {"age": {"type": "integer", "minimum": 0, "maximum": 1.5}},
                "required": ["age"],
                "examples": [None, True, "é\u2028", {}, [], [[1]]],
            },
        },
    }


def _examples() -> JsonObject:
    return {
        "@context": [
            CREDENTIALS_V2,
            "https://www.w3.org/ns/credentials/examples/v2",
            "https://w3id.org/citizenship/v4rc1",
        ],
        "id": "http://university.example/credentials/58473",
        "type": ["VerifiableCredential", "ExampleAlumniCredential"],
        "issuer": {"id": "did:example:2g55q912ec3476eba2l9812ecbfe", "name": "Example"},
        "credentialSubject": {
            "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
            "type": ["Person"],
            "givenName": "Ada",
            "alumniOf": {"id": "did:example:c276e12ec21ebfeb1f712ebc6f1", "name": "University"},
        },
    }


# Published: these are beside the repository.


def _published() -> Iterator[SourceDocument]:
    for folder in ("eddsa", "open-badges-impl-guide", "bitstring", "did-key"):
        yield from _files(f"vectors/{folder}", "**/*.json")
    yield from _files("vectors/vcdm2-inputs", "**/*.json", ("bundled", "examples", "inline"))
    yield from _files("vectors/json-ld-toRdf", "**/*-in.jsonld", ("inline",))
    yield from _files("vectors/json-ld-toRdf", "**/*-in.jsonld", change=_with_our_contexts)
    yield from _files("vectors/jcs/input", "*.json", change=_with_our_contexts)
    yield from _files("hostile/inputs", "**/*.json")
    yield from _files("hostile/documents", "*")
    yield from _files("elm", "**/*.json*")
    yield from _files("elm/samples", "*.jsonld", change=_with_our_contexts)


def _files(
    folder: str,
    pattern: str,
    lists: tuple[str, ...] = ("bundled", "older", "examples"),
    change: Callable[[JsonObject], JsonObject] = lambda document: document,
) -> Iterator[SourceDocument]:
    root = shared_data.folder(folder)
    for file in sorted(root.glob(pattern)):
        name = f"{folder}/{file.relative_to(root)}"
        for position, each in enumerate(_objects(file)):
            yield SourceDocument(f"{name}#{position}", change(each), lists)


def _objects(file: Path) -> list[JsonObject]:
    try:
        found = parse(file.read_bytes())
    except (IsADirectoryError, ParseError):
        return []  # a folder, or what never gets as far as canonicalization
    items = found if isinstance(found, list) else [found]
    return [each for each in items if isinstance(each, dict)]


def _with_our_contexts(document: JsonObject) -> JsonObject:
    """The body of a document that is not for us, under contexts of ours, where anything goes."""
    body = {name: value for name, value in document.items() if name != "@context"}
    return {"@context": [CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS, _UNDEFINED_TERMS], **body}

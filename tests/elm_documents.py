"""European Digital Credentials that tests start from, each call a fresh one; ways to change them.

`minimal` is the published minimal credential; `of_profile` says that it is of another profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from shared_data import read_json
from testamur.model.elm import Profile

__all__ = [
    "achievement",
    "at",
    "concept",
    "diploma_supplement",
    "evidence",
    "legal_identifier",
    "minimal",
    "note",
    "organisation",
    "paths",
    "person",
    "profile",
    "with_value",
    "without",
]

Document = dict[str, Any]
Path = tuple[str | int, ...]

SNB = "http://data.europa.eu/snb"
AUTHORITY = "http://publications.europa.eu/resource/authority"
AP = "http://data.europa.eu/snb/model/ap/edc-"


def minimal(**changes: Any) -> Document:
    """The published minimal credential, with top-level members put in; None takes one away."""
    document: Document = {**read_json("elm/minimal-edc.json"), **changes}
    return {name: value for name, value in document.items() if value is not None}


def concept(list_name: str, local: str, label: str | None = None) -> Document:
    """A concept of a published vocabulary, by the names in its IRIs."""
    authority = list_name in ("country", "language", "atu", "currency", "file-type")
    base = f"{AUTHORITY}/{list_name}" if authority else f"{SNB}/{list_name}"
    found: Document = {
        "id": f"{base}/{local}",
        "type": "Concept",
        "inScheme": {"id": base if authority else f"{base}/25831c2", "type": "ConceptScheme"},
    }
    return found if label is None else {**found, "prefLabel": {"en": label}}


def note(text: str, number: int) -> Document:
    return {"id": f"urn:epass:note:{number}", "type": "Note", "noteLiteral": {"en": text}}


def legal_identifier(number: int, notation: str = "VATIE-1") -> Document:
    return {
        "id": f"urn:epass:legalIdentifier:{number}",
        "type": "LegalIdentifier",
        "notation": notation,
        "spatial": concept("country", "IRL", "Ireland"),
    }


def organisation(number: int, **members: Any) -> Document:
    return {
        "id": f"urn:epass:org:{number}",
        "type": "Organisation",
        "legalName": {"en": f"Organisation {number}"},
        "location": {
            "id": f"urn:epass:location:{number}",
            "type": "Location",
            "address": {
                "id": f"urn:epass:address:{number}",
                "type": "Address",
                "countryCode": concept("country", "IRL", "Ireland"),
            },
        },
        **members,
    }


def awarded_by(number: int) -> Document:
    return {
        "id": f"urn:epass:awardingProcess:{number}",
        "type": "AwardingProcess",
        "awardingBody": organisation(number),
    }


def achievement(number: int, **members: Any) -> Document:
    return {
        "id": f"urn:epass:learningAchievement:{number}",
        "type": "LearningAchievement",
        "title": {"en": "T"},
        "awardedBy": awarded_by(number),
        **members,
    }


def person(*claims: Document, **members: Any) -> Document:
    return {
        "id": "urn:epass:person:9",
        "type": "Person",
        "hasClaim": claims[0] if len(claims) == 1 else list(claims),
        **members,
    }


def evidence(kind: str, **members: Any) -> Document:
    return {
        "id": "urn:epass:evidence:1",
        "type": "Evidence",
        "dcType": concept("evidence-type", kind),
        **members,
    }


def accreditation(number: int) -> Document:
    return {
        "id": f"urn:epass:accreditation:{number}",
        "type": "Accreditation",
        "dcType": concept("accreditation", "820101cba6"),
        "title": {"en": "Programme accreditation"},
        "accreditingAgent": organisation(number),
    }


def media_object(number: int) -> Document:
    return {
        "id": f"urn:epass:mediaObject:{number}",
        "type": "MediaObject",
        "content": "iVBORw0KGgo=",
        "contentType": concept("file-type", "PNG", "PNG"),
        "contentEncoding": concept("encoding", "6146cde7dd", "base64"),
    }


def of_profile(name: str, local: str, **members: Any) -> Document:
    """The minimal credential of a profile: named by its schema and by its concept."""
    schema = {"id": f"{AP}{name}", "type": "ShaclValidator2017"}
    return minimal(
        credentialSchema=schema, credentialProfiles=concept("credential", local), **members
    )


def diploma_supplement() -> Document:
    """A diploma supplement. Each qualification in it must have parts, so the part has the whole."""
    qualification: Document = {
        "id": "urn:epass:qualification:1",
        "type": "Qualification",
        "title": {"en": "Q"},
        "language": concept("language", "ENG", "English"),
        "mode": concept("learning-assessment", "920fbb3cbe", "Online"),
        "thematicArea": concept("isced-f", "0613"),
        "maximumDuration": "P3Y",
        "learningOutcome": {
            "id": "urn:epass:learningOutcome:1",
            "type": "LearningOutcome",
            "title": {"en": "LO"},
        },
        "awardingOpportunity": {
            "id": "urn:epass:awardingOpportunity:1",
            "type": "AwardingOpportunity",
            "awardingBody": organisation(30),
        },
        "nqfLevel": concept("qdr", "c_c392e7a2", "RQF Level 6"),
        "hasPart": "urn:epass:qualification:1",
    }
    assessment = {
        "id": "urn:epass:learningAssessment:1",
        "type": "LearningAssessment",
        "title": {"en": "Exam"},
        "grade": note("Pass", 1),
        "awardedBy": awarded_by(31),
    }
    claim = achievement(
        10,
        creditReceived={
            "id": "urn:epass:creditPoint:1",
            "type": "CreditPoint",
            "framework": concept("education-credit", "6fcec5c5af", "ECTS"),
            "point": "180",
        },
        provenBy=assessment,
        specifiedBy=qualification,
    )
    subject = person(claim, fullName={"en": "Ana A"}, dateOfBirth="2000-01-02T00:00:00Z")
    return of_profile(
        "diploma-supplement",
        "6dff8a0f87",
        evidence=evidence("c_991b06c6", accreditation=accreditation(40)),
        credentialSubject=subject,
    )


def at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def with_value(document: Document, path: Path, value: Any) -> Document:
    """A copy in which what stands at a path is another value."""
    changed = deepcopy(document)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def without(document: Document, path: Path) -> Document:
    """A copy without what stands at a path."""
    changed = deepcopy(document)
    del at(changed, path[:-1])[path[-1]]
    return changed


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every member and item below a value."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for step, each in items:
        yield (*path, step)
        yield from paths(each, (*path, step))


def profile(name: str) -> Profile:
    """A profile by the end of its IRI."""
    return Profile(f"{AP}{name}")

"""A micro-credential that every profile is content with, and how to take one element out of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from descriptions import FULL
from testamur.completeness.paths import parse_path
from testamur.model.microcredential import MicroCredential
from testamur.model.microcredential.open_badges import to_open_badge

__all__ = ["BADGE", "COMPLETE", "complete", "without"]

_AGENCY = {"name": {"en": "Quality and Qualifications Ireland"}, "website": "https://qqi.example/"}


def complete() -> dict[str, Any]:
    """Return a description, as JSON, that every profile for descriptions finds complete."""
    document: Any = FULL.to_json()
    for each in document["qualityAssurance"]:
        each.setdefault("agency", _AGENCY)
    document["awardingBody"]["website"] = "https://farming.example/"
    document["workload"]["credits"][0]["points"] = 5
    document["level"]["national"].append({"framework": "NZQCF", "level": "5", "country": "NZ"})
    document["content"] = {
        "en": "What can be measured in soil, water and air; power and radio links; "
        "two days of installing sensors; reading and plotting the values."
    }
    return deepcopy(document)


COMPLETE = MicroCredential.from_json(complete())


def _badge() -> dict[str, Any]:
    credential: Any = to_open_badge(COMPLETE, id="urn:uuid:6f2a9a1c-2f2e-4a37-8a39-3d4a1f3d0a11")
    document: dict[str, Any] = credential.to_json()
    document["credentialStatus"] = {
        "id": "https://uni.example/status/1#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://uni.example/status/1",
    }
    document["credentialSchema"] = [
        {"id": "https://uni.example/schema.json", "type": "1EdTechJsonSchemaValidator2019"}
    ]
    document["proof"] = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "verificationMethod": "did:web:uni.example#key-1",
        "proofPurpose": "assertionMethod",
        "proofValue": "z58DAdFfa9SkqZMVPxAQp",
    }
    return document


BADGE = _badge()
"""The same as an Open Badge, with a status and a proof whose value nobody checks here."""


def without(document: dict[str, Any], paths: tuple[str, ...]) -> dict[str, Any]:
    """Return a copy without what stands at the paths; objects that are empty then go as well."""
    changed = deepcopy(document)
    for path in paths:
        if path == "$securing":
            changed.pop("proof", None)
        elif path.endswith(".points"):  # points without their system are not credits
            _remove(changed, path.removesuffix(".points"))
        else:
            _remove(changed, path)
    return _pruned(changed)  # type: ignore[no-any-return]


def _remove(document: Any, path: str) -> None:
    *steps, last = parse_path(path)
    places = [document]
    for step in steps:
        found = [each.get(step.name) for each in places if isinstance(each, dict)]
        places = [item for each in found for item in (each if isinstance(each, list) else [each])]
    for place in places:
        if not isinstance(place, dict) or last.name not in place:
            continue
        value = place[last.name]
        if last.index is not None and isinstance(value, list):
            del value[last.index]
        elif last.member is not None:
            kept = [each for each in value if each.get(last.member) != last.wanted]
            place[last.name] = kept
        else:
            del place[last.name]


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        pruned = {name: _pruned(each) for name, each in value.items()}
        return {name: each for name, each in pruned.items() if each not in ({}, [])}
    if isinstance(value, list):
        return [each for each in map(_pruned, value) if each not in ({}, [])]
    return value

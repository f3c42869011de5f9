"""Ids for what has none, and a copy without images.

Every object gets an id of its own, never one that is there: two things of one id would be one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.model.base import TypedModel
from testamur.model.elm.node import CLASSES

__all__ = ["with_ids", "without_images"]

M = TypeVar("M", bound=TypedModel)

# What Europass calls the classes in its own ids, where that is not the name of the class.
_CALLED = {
    "Organisation": "org",
    "LearningActivity": "activity",
    "LearningAchievementSpecification": "learningAchievementSpec",
    "LearningActivitySpecification": "learningActivitySpec",
    "LearningAssessmentSpecification": "learningAssessmentSpec",
    "LearningEntitlementSpecification": "learningEntitlementSpec",
    "PeriodOfTime": "period",
}
# Not nodes of the data model, or named by whoever issues the credential.
_LEFT = frozenset({"@context", "proof", "credentialStatus", "termsOfUse"})
_NEVER = frozenset({"EuropeanDigitalCredential", "EuropeanDigitalPresentation"})


def with_ids(model: M) -> M:
    """Return a copy in which every object has an id: `urn:epass:<class>:<number>`.

    Numbers go up in the order of the document, for each class apart, past the ids that are there,
    so that the same credential always gets the same ids. The ids that are there stay; the
    credential's own is left to the issuer. What has an id and is written out twice alike is one
    thing, and so are the objects within.
    """
    document = model.to_json()
    taken = Counter(_ids(document))
    counts: Counter[str] = Counter()

    def mint(name: str) -> str:
        while True:
            counts[name] += 1
            minted = f"urn:epass:{name}:{counts[name]}"
            if minted not in taken:
                return minted

    again: dict[str, JsonObject] = {}

    def fill(value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return [fill(each) for each in value]
        if not isinstance(value, dict):
            return value
        own = value.get("id")
        if isinstance(own, str) and taken[own] > 1:
            written = dumps(value)
            if written not in again:
                again[written] = fill_object(value)
            return again[written]
        return fill_object(value)

    def fill_object(value: JsonObject) -> JsonObject:
        called = _called(value)
        filled: JsonObject = {}
        if called is not None and "id" not in value:
            filled["id"] = mint(called)
        for name, each in value.items():
            filled[name] = each if name in _LEFT else fill(each)
        return filled

    return type(model).from_json(fill(document))


def without_images(model: TypedModel) -> JsonObject:
    """Return the JSON of a credential without the content of its files, to be looked at.

    It is no credential: the files are mandatory where they stand, and a seal covers them.
    """

    def bare(value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return [bare(each) for each in value]
        if not isinstance(value, dict):
            return value
        is_file = value.get("type") == "MediaObject"
        return {k: bare(each) for k, each in value.items() if not (is_file and k == "content")}

    return {name: bare(each) for name, each in model.to_json().items()}


def _called(value: JsonObject) -> str | None:
    """Return what an object is called in its id; None where it is none of the data model."""
    types = value.get("type")
    for each in types if isinstance(types, list) else [types]:
        if isinstance(each, str) and each in CLASSES and each not in _NEVER:
            return _CALLED.get(each, each[0].lower() + each[1:])
    return None


def _ids(value: JsonValue) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "id" and isinstance(each, str):
                yield each
            else:
                yield from _ids(each)

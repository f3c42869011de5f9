"""The elements as one object under a context of ours: for those who control both ends.

Wallets and verifiers load the published contexts alone and refuse others, so alignments are the
default. Who issues and reads with testamur may write the same elements as `microCredential`, under
the context EXTENSION_CONTEXT, which defines every member of them: texts by language, arrays in
their order, and all of it signed. Its URL has a version; the document under it never changes.
"""

from __future__ import annotations

from typing import Any

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.model.base import Model
from testamur.model.microcredential.collected import Collected
from testamur.model.microcredential.description import MicroCredential

__all__ = ["EXTENSION_CONTEXT", "EXTENSION_MEMBER", "read_extension", "write_extension"]

EXTENSION_CONTEXT = "https://w3id.org/testamur/microcredential/v1"
"""The URL of our context; it ships with testamur and is never fetched."""

EXTENSION_MEMBER = "microCredential"
"""The member of an achievement that holds the elements."""

_MEMBERS = (
    "content", "learning_outcomes", "outcome_summary", "workload", "level", "assessments",
    "participation", "quality_assurance", "prerequisites", "prior_learning", "stackability",
    "further_information", "links", "fields", "languages", "cost",
)  # fmt: skip
_NAMES = {
    name: field.alias or name
    for name, field in MicroCredential.model_fields.items()
    if name in _MEMBERS
}


def write_extension(description: MicroCredential) -> JsonObject:
    """Return the elements, without the grades, which are a learner's own; {} where there are none.

    Organizations stay out: one of them is the issuer, which is described elsewhere.
    """
    bare = description.model_copy(
        update={
            "assessments": tuple(
                each.model_copy(update={"grade": None}) for each in description.assessments
            )
        }
    )
    values = {alias: _json(getattr(bare, name)) for name, alias in _NAMES.items()}
    return {alias: value for alias, value in values.items() if value not in (None, [])}


def read_extension(value: JsonValue, read: Collected) -> bool:
    """Put the elements; False where something is not as the context has it."""
    if not isinstance(value, dict):
        return False
    members = {alias: name for name, alias in _NAMES.items()}
    fits = value.keys() <= members.keys() | {"id", "type"}
    for alias, each in value.items():
        if alias in members:
            fits = read.replace(members[alias], each) and fits
    return fits


def _json(value: Any) -> JsonValue:
    if isinstance(value, Model):
        return value.to_json()
    return [_json(each) for each in value] if isinstance(value, tuple) else value

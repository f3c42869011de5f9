"""Whether a credential is certainly well-formed, asked without building a model.

It is for verifying, where a credential is mostly in order and its model is not needed: no pydantic
is loaded, and nothing is built. Whoever needs the faults, or the model, asks the models.
"""

from __future__ import annotations

from typing import Any

from testamur.canon.contexts import CREDENTIALS_V1
from testamur.canon.strict_json import JsonValue
from testamur.model._accepted import Object
from testamur.model._tables import CLASSES
from testamur.model.faults import BrokenRuleError

__all__ = ["conforms"]

# Type → the class, and the class under the VC Data Model 1.1; the first that is named counts.
_BY_TYPE: dict[str, tuple[str, str]] = {
    "OpenBadgeCredential": ("AchievementCredential", "AchievementCredentialV1P1"),
    "AchievementCredential": ("AchievementCredential", "AchievementCredentialV1P1"),
    "EndorsementCredential": ("EndorsementCredential", "EndorsementCredentialV1P1"),
    "BitstringStatusListCredential": ("BitstringStatusListCredential", "VerifiableCredentialV1"),
}
_EUROPEAN = "EuropeanDigitalCredential"


def conforms(document: JsonValue) -> bool:
    """Whether `check_received` certainly finds no fault in a document.

    False means that it may: ask it. It is also the answer where a document has a rare member that
    is only looked at by the models.

    Args:
        document: what `strict_json.parse` returned; work is linear in its size.
    """
    if not isinstance(document, dict):
        return False
    try:
        return _kind_of(document)(document)
    except (BrokenRuleError, RecursionError):
        return False


def _kind_of(document: dict[str, Any]) -> Object:
    """The class that `check_received` reads the document by."""
    contexts, types = document.get("@context"), document.get("type")
    first = isinstance(contexts, list) and contexts[:1] == [CREDENTIALS_V1]
    named = types if isinstance(types, list) else [types]
    if _EUROPEAN in named:
        return CLASSES["ReceivedEuropeanCredential"]
    default = ("VerifiableCredential", "VerifiableCredentialV1")
    return CLASSES[next((_BY_TYPE[each] for each in _BY_TYPE if each in named), default)[first]]

"""What all classes of the European Learning Model have in common: an id, a type, and no surprises.

The classes are closed. The published shapes are open, and a JSON-LD processor drops a member that
its context does not know, while the seal still covers it: a misspelt member would be signed and
read by nobody. So an unknown member is a fault here, which names the member that was meant.
"""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar

from pydantic import ConfigDict, GetCoreSchemaHandler, field_validator
from pydantic_core import CoreSchema, core_schema

from testamur.canon.strict_json import kind
from testamur.model.base import Maybe, StringOr, TypedModel
from testamur.model.faults import fault, shorten
from testamur.model.values import Url, check_url

__all__ = [
    "CLASSES",
    "ClosedModel",
    "Kind",
    "Link",
    "Node",
    "Within",
    "class_of",
    "unknown_member",
]

T = TypeVar("T")

_ROOM = "testamur.model.elm"

_HOMES: dict[str, tuple[str, ...]] = {
    "agents": ("Accreditation", "Agent", "Group", "Organisation", "Person"),
    "assessments": (
        "GradingScheme",
        "LearningAssessment",
        "LearningAssessmentSpecification",
        "ResultCategory",
        "ResultDistribution",
        "ShortenedGrading",
    ),
    "claims": (
        "AwardingProcess",
        "Claim",
        "LearningAchievement",
        "LearningActivity",
        "LearningEntitlement",
    ),
    "concepts": ("Concept", "ConceptScheme"),
    "contact": ("Address", "ContactPoint", "Location", "Mailbox", "Phone"),
    "credential": ("EuropeanDigitalCredential", "ShaclValidator2017"),
    "display": ("DisplayDetail", "DisplayParameter", "IndividualDisplay"),
    "evidence": ("Evidence",),
    "opportunities": ("Amount", "Grant", "LearningOpportunity", "PriceDetail"),
    "parts": (
        "CreditPoint",
        "Identifier",
        "LegalIdentifier",
        "MediaObject",
        "Note",
        "PeriodOfTime",
        "WebResource",
    ),
    "presentation": ("EuropeanDigitalPresentation", "VerificationCheck"),
    "specifications": (
        "AwardingOpportunity",
        "LearningAchievementSpecification",
        "LearningActivitySpecification",
        "LearningEntitlementSpecification",
        "LearningOutcome",
        "Qualification",
    ),
}
CLASSES = {name: f"{_ROOM}.{module}" for module, names in _HOMES.items() for name in names}
"""Class of the data model → the module in which it is."""

# Members of the data model for which the published context has no term, and what to do instead.
_NO_TERM = {
    "areaDialing": "the published context calls it areaDialingCode; write that",
    "defaultLanguage": "the published context has no term for it; leave it out",
    "geometry": "the published context has no term for it; leave it out",
    "hasMember": "the published context has no term for it; write memberOf at the person instead",
    "latitude": "the published context gives it a broken IRI; leave it out",
    "longitude": "the published context gives it a broken IRI; leave it out",
    "nationalId": "the published context calls it nationalID; write that",
    "resultDistribution": "the published context calls it resultDestribution (sic); write that",
}


def class_of(name: str) -> type[Node]:
    """Return a class of the data model by its name there, as "Organisation"."""
    found: type[Node] = getattr(importlib.import_module(CLASSES[name]), name)
    return found


class ClosedModel(TypedModel):
    """An object that takes no members but its own, and says which one was meant.

    Attributes:
        more_types: types that may stand beside `default_type`: those of its superclasses.
    """

    model_config = ConfigDict(extra="forbid")
    more_types: ClassVar[tuple[str, ...]] = ()

    @field_validator("type", mode="plain")
    @classmethod
    def _check_type(cls, value: object) -> tuple[str, ...]:
        (own,) = cls.default_type
        if value == own or value == cls.default_type:
            return cls.default_type if not isinstance(value, list) else (own,)
        types = value if isinstance(value, (list, tuple)) else (value,)
        if own not in types:
            found = ", ".join(each for each in types if isinstance(each, str))
            raise fault(f"does not name {own}; add it", expected=own, found=found)
        for each in types:
            if each != own and each not in cls.more_types:
                raise fault(
                    f"names {shorten(each)} beside {own}, which is another class;"
                    f" write {own} alone",
                    expected=own,
                    found=each,
                )
        return tuple(types)

    @classmethod
    def _unknown_member(cls, parent: object, name: str) -> str:
        return unknown_member(cls, parent, name)


class Node(ClosedModel):
    """An object of the data model. Without an id it is a node of its own, with one it may be met
    again: two objects with one id are one and the same, and must say the same."""

    id: Maybe[Url] = None


class Kind:
    """How a member is read whose value is an object of one of several classes, by its `type`.

    The classes name each other in circles through many modules, so each is looked up when the first
    value is read.

    Attributes:
        names: of the classes, a narrower one before a wider one.
    """

    def __init__(self, *names: str) -> None:
        """Hold the names of the classes."""
        self.names = names
        self._models: dict[str, type[Node]] = {}
        self._validators: dict[str, Callable[[Any], object]] = {}

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._read)

    def _read(self, value: object) -> object:
        if not self._models:
            models = {name: class_of(name) for name in self.names}
            self._validators = {
                name: model.__pydantic_validator__.validate_python for name, model in models.items()
            }
            self._models = models  # last: other threads take it for all that there is
        if isinstance(value, dict):
            return self._validators[self._name(value)](value)
        if isinstance(value, tuple(self._models.values())):
            return value
        wanted = " or ".join(self.names)
        if not isinstance(value, str):
            raise fault(f"is {kind(value)}; write an object ({wanted})", expected=wanted)
        raise fault(
            f"is a bare string; write the whole object ({wanted}) with its id and type",
            expected=wanted,
            found=value,
        )

    def _name(self, value: dict[str, Any]) -> str:
        """Return by which class to read an object; a fault of a class is better than none."""
        types = value.get("type")
        if isinstance(types, str) and types in self._models:
            return types
        if isinstance(types, (list, tuple)):
            for name in self.names:
                if name in types:
                    return name
        if len(self.names) == 1:
            return self.names[0]
        raise fault(
            "is missing; add it" if types is None else f"names none of {', '.join(self.names)}",
            at="type",
            expected=" or ".join(self.names),
            found=types,
        )


class Within:
    """Marks a member whose string is the id of an object in the same document."""


Link: TypeAlias = Annotated[str | T, StringOr(check_url), Within()]
"""An object, or the id alone of one that is described elsewhere in the same document.

For members that lead back, as from a part to its whole, which could not be written out otherwise.
"""


def _model_of(model: type[TypedModel], parent: object) -> type[TypedModel]:
    """Return the class of the object in which a fault lies: `model`, or one far inside."""
    types = parent.get("type") if isinstance(parent, Mapping) else None
    for each in types if isinstance(types, (list, tuple)) else (types,):
        if isinstance(each, str) and each in CLASSES:
            return class_of(each)
    return model


def unknown_member(model: type[TypedModel], parent: object, name: str) -> str:
    """Say what is wrong with a member that an object does not have, and which one was meant.

    Args:
        model: the class that was read, in which the object lies.
        parent: the object; its type tells its class.
        name: of the member.
    """
    model = _model_of(model, parent)
    what = f"is not a member of {model.__name__}"
    members = {each.alias or field for field, each in model.model_fields.items()}
    if not name.isascii():
        return f"{what}: {_foreign_letters(name)}; {_instead(_to_latin(name), members)}"
    if name in _NO_TERM:
        return f"{what}: {_NO_TERM[name]}"
    owners = [each for each in _RELATIVES.get(model.__name__, ()) if _has(class_of(each), name)]
    if owners:
        return f"{what} but of {' and '.join(owners)}; give the object that type"
    return f"{what}, which takes no others; {_instead(name, members)}"


# Where a member that one class lacks is one of its next of kin, that class was probably meant.
_RELATIVES = {
    "Agent": ("Organisation", "Person"),
    "Identifier": ("LegalIdentifier",),
    "LearningAchievementSpecification": ("Qualification",),
    "Organisation": ("Person",),
    "Person": ("Organisation",),
}


def _has(model: type[TypedModel], name: str) -> bool:
    return any((each.alias or field) == name for field, each in model.model_fields.items())


def _instead(name: str, members: set[str]) -> str:
    from difflib import get_close_matches  # only for this message

    folded = {each.casefold(): each for each in members}
    close = get_close_matches(name[:80].casefold(), folded, n=1)
    return f"write {folded[close[0]]}" if close else "remove it"


def _foreign_letters(name: str) -> str:
    """Say which letters of a name only look like those of the Latin alphabet."""
    scripts = {
        each: unicodedata.name(each, "an unnamed character").split()[0].capitalize()
        for each in name
        if not each.isascii()
    }
    letters = ", ".join(
        f"{script} {each!r} (U+{ord(each):04X})" for each, script in list(scripts.items())[:5]
    )
    return f"{shorten(name)} is spelt with {letters}"


_LOOKS_LIKE = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχАВЕЅІЈКМНОРСТУХаеѕіјорсухԁ",
    "ABEZHIKMNOPTYXaiknopuxABESIJKMHOPCTYXaesijopcyxd",
)


def _to_latin(name: str) -> str:
    return name.translate(_LOOKS_LIKE)

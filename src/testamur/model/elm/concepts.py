"""Concepts: the members of vocabularies, each written with its scheme.

The published shapes want the whole object: a bare IRI, or a scheme without its type, fails.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from testamur.canon.strict_json import kind
from testamur.errors import ModelError
from testamur.model.base import Maybe, One, OneOrMany
from testamur.model.elm.language import LanguageMap, ManyTexts, Texts
from testamur.model.elm.node import ClosedModel, Node
from testamur.model.faults import BrokenRuleError, fault, shorten
from testamur.model.values import Url
from testamur.model.vocabularies import Term, Vocabulary, by_code, check

__all__ = [
    "AccreditationType",
    "AnyConcept",
    "ClaimType",
    "Concept",
    "ConceptScheme",
    "Controlled",
    "Country",
    "CredentialProfile",
    "Currency",
    "EntitlementStatus",
    "EqfLevel",
    "EscoOccupation",
    "EscoSkill",
    "EvidenceType",
    "Jurisdiction",
    "Language",
    "LearningSetting",
    "NqfLevel",
    "ReusabilityLevel",
    "SkillType",
    "ThematicArea",
    "VerificationStatus",
    "VerificationType",
    "concept",
]


class ConceptScheme(ClosedModel):
    """The vocabulary that a concept is of."""

    default_type = One(("ConceptScheme",))

    id: Url


class Concept(Node):
    """A member of a vocabulary, or one of the issuer's own."""

    default_type = One(("Concept",))
    member_order: ClassVar[tuple[str, ...]] = ("id", "type", "inScheme", "prefLabel")

    in_scheme: OneOrMany[ConceptScheme] = ()
    pref_label: Maybe[Texts] = None
    notation: Maybe[str] = None
    definition: Maybe[ManyTexts] = None

    @classmethod
    def of(cls, term: Term, *, languages: Collection[str] = ("en",)) -> Self:
        """Make the concept of a vocabulary's member, with its scheme.

        Args:
            term: the member.
            languages: in which its labels are written, where there are some; the same everywhere in
                one credential, since concepts of one id must say the same.
        """
        labels = {tag: label for tag, label in term.labels.items() if tag in languages}
        return cls(
            id=term.iri,
            in_scheme=One((ConceptScheme(id=str(term.vocabulary)),)),
            pref_label=LanguageMap(labels) if labels else None,
        )

    @classmethod
    def by_code(
        cls, vocabulary: Vocabulary, code: str, *, languages: Collection[str] = ("en",)
    ) -> Self:
        """Make the concept of the member that people know as `code`, as "6" of EQF.

        Raises:
            ModelError: the vocabulary, as far as it is held here, has no such member.
        """
        return cls.of(by_code(vocabulary, code), languages=languages)

    @property
    def schemes(self) -> tuple[str, ...]:
        """The IRIs of the vocabularies that the concept is of."""
        return tuple(each.id for each in self.in_scheme)


def concept(
    labels: Mapping[str, str],
    *,
    iri: str | None = None,
    scheme: str | None = None,
) -> Concept:
    """Make a concept that no published vocabulary has, as a kind of assessment of one's own.

    Args:
        labels: language tag → label.
        iri: its id; `with_ids` mints one where there is none.
        scheme: the IRI of the vocabulary that it is of, where it is of one.
    """
    schemes = One((ConceptScheme(id=scheme),)) if scheme is not None else ()
    return Concept(id=iri, in_scheme=schemes, pref_label=LanguageMap(labels))


class Controlled:
    """Checks a concept against the vocabulary that a member is bound to.

    The shapes of edc-generic-full check the scheme alone; here the concept must also be a member of
    it, as far as the vocabulary is held here, and of the form of its members otherwise.
    """

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        """Hold the vocabulary; none for a member that takes any concept."""
        self._vocabulary = vocabulary

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._check(self._vocabulary))

    @staticmethod
    def _check(vocabulary: Vocabulary | None) -> Callable[[object], Concept]:
        read = Concept.__pydantic_validator__.validate_python

        def any_concept(value: object) -> Concept:
            if isinstance(value, Concept):
                return value
            if isinstance(value, str):
                raise fault(
                    f"is the bare IRI {shorten(value)}; write the whole concept with its id, type"
                    " and inScheme",
                    expected="Concept",
                    found=value,
                )
            if not isinstance(value, dict):
                raise fault(f"is {kind(value)}; write a concept", expected="Concept")
            found: Concept = read(value)
            return found

        if vocabulary is None:
            return any_concept

        def controlled(value: object) -> Concept:
            found = any_concept(value)
            _check_member(vocabulary, found)
            return found

        return controlled


def _check_member(vocabulary: Vocabulary, value: Concept) -> None:
    scheme = str(vocabulary)
    if value.id is None:
        raise fault(
            "is missing; write the IRI of a member of the vocabulary", expected=scheme, at="id"
        )
    if all(each.id != scheme for each in value.in_scheme):
        raise _wrong_scheme(vocabulary, value)
    try:
        check(vocabulary, value.id)
    except ModelError as error:
        raise fault(error.message, at="id", expected=scheme, found=value.id) from error


def _wrong_scheme(vocabulary: Vocabulary, value: Concept) -> BrokenRuleError:
    scheme = str(vocabulary)
    found = ", ".join(value.schemes)
    secure = any(each.replace("https://", "http://", 1) == scheme for each in value.schemes)
    if secure:
        reason = f"begins with https, which is another IRI; write {scheme}"
    elif found:
        reason = f"is {shorten(found)}, another vocabulary; this member takes those of {scheme}"
    else:
        reason = f"is missing; write {{'id': '{scheme}', 'type': 'ConceptScheme'}}"
    return fault(reason, at="inScheme", expected=scheme, found=found)


AnyConcept: TypeAlias = Annotated[Concept, Controlled()]
"""A concept of any vocabulary."""

AccreditationType: TypeAlias = Annotated[Concept, Controlled(Vocabulary.ACCREDITATION)]
ClaimType: TypeAlias = Annotated[Concept, Controlled(Vocabulary.CLAIM_TYPE)]
Country: TypeAlias = Annotated[Concept, Controlled(Vocabulary.COUNTRY)]
CredentialProfile: TypeAlias = Annotated[Concept, Controlled(Vocabulary.CREDENTIAL)]
Currency: TypeAlias = Annotated[Concept, Controlled(Vocabulary.CURRENCY)]
EntitlementStatus: TypeAlias = Annotated[Concept, Controlled(Vocabulary.ENTITLEMENT_STATUS)]
EqfLevel: TypeAlias = Annotated[Concept, Controlled(Vocabulary.EQF)]
EscoOccupation: TypeAlias = Annotated[Concept, Controlled(Vocabulary.ESCO_OCCUPATION)]
EscoSkill: TypeAlias = Annotated[Concept, Controlled(Vocabulary.ESCO_SKILL)]
EvidenceType: TypeAlias = Annotated[Concept, Controlled(Vocabulary.EVIDENCE_TYPE)]
Jurisdiction: TypeAlias = Annotated[Concept, Controlled(Vocabulary.ATU)]
Language: TypeAlias = Annotated[Concept, Controlled(Vocabulary.LANGUAGE)]
LearningSetting: TypeAlias = Annotated[Concept, Controlled(Vocabulary.LEARNING_SETTING)]
NqfLevel: TypeAlias = Annotated[Concept, Controlled(Vocabulary.QDR)]
ReusabilityLevel: TypeAlias = Annotated[Concept, Controlled(Vocabulary.SKILL_REUSE_LEVEL)]
SkillType: TypeAlias = Annotated[Concept, Controlled(Vocabulary.SKILL_TYPE)]
ThematicArea: TypeAlias = Annotated[Concept, Controlled(Vocabulary.ISCED_F)]
VerificationStatus: TypeAlias = Annotated[Concept, Controlled(Vocabulary.VERIFICATION_STATUS)]
VerificationType: TypeAlias = Annotated[Concept, Controlled(Vocabulary.VERIFICATION)]

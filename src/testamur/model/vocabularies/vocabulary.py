"""The vocabularies by name, and what the IRIs of their members look like."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from re import Pattern

from testamur._frozen import dataclass
from testamur._lazy import lazy_pattern

__all__ = ["FORMS", "Form", "Vocabulary"]

_SNB = "http://data.europa.eu/snb/"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_ESCO = "http://data.europa.eu/esco/"
_SCHEME = "25831c2"  # the last part of the IRI of every scheme under `_SNB`


class Vocabulary(StrEnum):
    """A controlled vocabulary; the value is the IRI of its concept scheme (`skos:inScheme`)."""

    ACCREDITATION = f"{_SNB}accreditation/{_SCHEME}"
    ASSESSMENT = f"{_SNB}assessment/{_SCHEME}"
    ATU = f"{_AUTHORITY}atu"
    """Administrative territorial units, as `IRL_CTH_DUB` (Dublin city)."""
    CLAIM_TYPE = f"{_SNB}claim-type/{_SCHEME}"
    COUNTRY = f"{_AUTHORITY}country"
    CREDENTIAL = f"{_SNB}credential/{_SCHEME}"
    """Types of credential; for ELM 3 the application profiles, beside three of ELM 2."""
    CURRENCY = f"{_AUTHORITY}currency"
    DIGCOMP = f"{_SNB}dcf/{_SCHEME}"
    """The Digital Competence Framework (DigComp)."""
    EDUCATION_CREDIT = f"{_SNB}education-credit/{_SCHEME}"
    ENCODING = f"{_SNB}encoding/{_SCHEME}"
    ENTITLEMENT = f"{_SNB}entitlement/{_SCHEME}"
    ENTITLEMENT_STATUS = f"{_SNB}entitlement-status/{_SCHEME}"
    EQF = f"{_SNB}eqf/{_SCHEME}"
    ESCO_OCCUPATION = f"{_ESCO}concept-scheme/occupations"
    ESCO_SKILL = f"{_ESCO}concept-scheme/skills"
    EVIDENCE_TYPE = f"{_SNB}evidence-type/{_SCHEME}"
    FILE_TYPE = f"{_AUTHORITY}file-type"
    GRADE_STATUS = f"{_SNB}grade-status/{_SCHEME}"
    HUMAN_SEX = f"{_AUTHORITY}human-sex"
    ISCED_F = f"{_SNB}isced-f/{_SCHEME}"
    """Fields of education and training (ISCED-F 2013): broad, narrow and detailed."""
    LANGUAGE = f"{_AUTHORITY}language"
    LEARNING_ACTIVITY = f"{_SNB}learning-activity/{_SCHEME}"
    LEARNING_ASSESSMENT = f"{_SNB}learning-assessment/{_SCHEME}"
    """Modes of learning and assessment: online, blended and the like."""
    LEARNING_OPPORTUNITY = f"{_SNB}learning-opportunity/{_SCHEME}"
    LEARNING_SCHEDULE = f"{_SNB}learning-schedule/{_SCHEME}"
    LEARNING_SETTING = f"{_SNB}learning-setting/{_SCHEME}"
    QDR = f"{_SNB}qdr/{_SCHEME}"
    """National qualifications frameworks and their levels (Qualifications Dataset Register)."""
    SKILL_REUSE_LEVEL = f"{_SNB}skill-reuse-level/{_SCHEME}"
    SKILL_TYPE = f"{_SNB}skill-type/{_SCHEME}"
    SUPERVISION_VERIFICATION = f"{_SNB}supervision-verification/{_SCHEME}"
    TARGET_GROUP = f"{_SNB}target-group/{_SCHEME}"
    VERIFICATION = f"{_SNB}verification/{_SCHEME}"
    VERIFICATION_STATUS = f"{_SNB}verification-status/{_SCHEME}"


@dataclass(frozen=True, slots=True)
class Form:
    """What the IRI of a member looks like, and where the members are.

    Attributes:
        namespace: what every IRI of a member begins with; its id follows.
        ids: what an id must match in full.
        example: an id, for messages; None where the first member will do.
        file: the name of the data file without its suffix; None where no member is held.
        is_complete: whether the file has every member, as far as the README beside it says.
    """

    namespace: str
    ids: Pattern[str]
    example: str | None
    file: str | None
    is_complete: bool


_COMPLETE = {
    Vocabulary.ACCREDITATION,
    Vocabulary.ASSESSMENT,
    Vocabulary.CREDENTIAL,
    Vocabulary.ENCODING,
    Vocabulary.ENTITLEMENT_STATUS,
    Vocabulary.EQF,
    Vocabulary.EVIDENCE_TYPE,
    Vocabulary.ISCED_F,
    Vocabulary.LEARNING_ACTIVITY,
    Vocabulary.LEARNING_ASSESSMENT,
    Vocabulary.LEARNING_OPPORTUNITY,
    Vocabulary.LEARNING_SCHEDULE,
    Vocabulary.LEARNING_SETTING,
    Vocabulary.SKILL_REUSE_LEVEL,
    Vocabulary.SKILL_TYPE,
    Vocabulary.SUPERVISION_VERIFICATION,
    Vocabulary.VERIFICATION,
    Vocabulary.VERIFICATION_STATUS,
}

_NOT_HELD = {
    Vocabulary.ATU,
    Vocabulary.CLAIM_TYPE,
    Vocabulary.ESCO_OCCUPATION,
    Vocabulary.ESCO_SKILL,
}

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ANY_ID = f"(?!{_SCHEME}$)[0-9A-Za-z][0-9A-Za-z_-]{{0,39}}"
_IDS = {
    Vocabulary.ATU: "[0-9A-Z]{3}(?:_[0-9A-Z]{1,20}){1,4}",
    Vocabulary.COUNTRY: "[0-9A-Z]{3}",
    Vocabulary.CURRENCY: "[A-Z]{3}",
    # Beside single occupations and skills, the groups that they are sorted into.
    Vocabulary.ESCO_OCCUPATION: f"occupation/{_UUID}|isco/C[0-9]{{1,4}}",
    Vocabulary.ESCO_SKILL: (
        rf"skill/{_UUID}|skill/[A-Z][0-9]{{0,2}}(?:\.[0-9]{{1,2}}){{0,3}}|isced-f/[0-9]{{2,4}}"
    ),
    Vocabulary.FILE_TYPE: "[0-9A-Z][0-9A-Z_]{0,29}",
    Vocabulary.HUMAN_SEX: "[A-Z]{3,10}",
    Vocabulary.LANGUAGE: "[0-9A-Z][0-9A-Z_]{2,19}",
    Vocabulary.QDR: "c_[0-9a-f]{8}",
}

_EXAMPLES = {
    Vocabulary.ATU: "IRL_CTH_DUB",
    Vocabulary.CLAIM_TYPE: "<id>",
    Vocabulary.COUNTRY: "IRL",
    Vocabulary.CURRENCY: "EUR",
    Vocabulary.ESCO_OCCUPATION: "occupation/f2b15a0e-e65a-438a-affb-29b9d50b77d1",
    Vocabulary.ESCO_SKILL: "skill/ccdf3597-5c80-410f-896d-e1bdfa223de9",
    Vocabulary.FILE_TYPE: "PNG",
    Vocabulary.ISCED_F: "0613",
    Vocabulary.LANGUAGE: "ENG",
    Vocabulary.QDR: "c_c392e7a2",
}


def _form(vocabulary: Vocabulary) -> Form:
    scheme = vocabulary.removesuffix(_SCHEME).rstrip("/")
    return Form(
        namespace=_ESCO if scheme.startswith(_ESCO) else f"{scheme}/",
        ids=lazy_pattern(_IDS.get(vocabulary, _ANY_ID)),
        example=_EXAMPLES.get(vocabulary),
        file=None if vocabulary in _NOT_HELD else scheme.rpartition("/")[2],
        is_complete=vocabulary in _COMPLETE,
    )


FORMS: Mapping[Vocabulary, Form] = {vocabulary: _form(vocabulary) for vocabulary in Vocabulary}

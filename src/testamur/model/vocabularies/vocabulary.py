"""The vocabularies by name, and what the IRIs of their members look like."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from re import Pattern

from testamur._frozen import dataclass
from testamur._lazy import lazy_pattern

__all__ = ["SHAPES", "Shape", "Vocabulary"]

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
class Shape:
    """What the IRI of a member looks like, and where the members are.

    Attributes:
        namespace: what every IRI of a member begins with; its id follows.
        ids: what an id must match in full.
        example: the id of a member, for messages.
        file: the name of the data file without its suffix; None where no member is held.
        is_complete: whether the file has every member that was published with ELM 3.1.
    """

    namespace: str
    ids: Pattern[str]
    example: str
    file: str | None
    is_complete: bool


_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ANY = f"(?!{_SCHEME}$)[0-9A-Za-z][0-9A-Za-z_-]{{0,39}}"


def _whole(vocabulary: Vocabulary) -> Shape:
    """A list whose members are all held."""
    return _partial(vocabulary, "", is_complete=True)


def _partial(
    vocabulary: Vocabulary, example: str, ids: str = _ANY, *, is_complete: bool = False
) -> Shape:
    """A list of which some members are held."""
    namespace = vocabulary.removesuffix(_SCHEME).rstrip("/")
    file = namespace.rpartition("/")[2]
    return Shape(f"{namespace}/", lazy_pattern(ids), example, file, is_complete)


def _form_only(namespace: str, example: str, ids: str) -> Shape:
    """A list of which no member is held."""
    return Shape(namespace, lazy_pattern(ids), example, None, is_complete=False)


SHAPES: Mapping[Vocabulary, Shape] = {
    Vocabulary.ACCREDITATION: _whole(Vocabulary.ACCREDITATION),
    Vocabulary.ASSESSMENT: _whole(Vocabulary.ASSESSMENT),
    Vocabulary.ATU: _form_only(
        f"{Vocabulary.ATU}/", "IRL_CTH_DUB", "[0-9A-Z]{3}(?:_[0-9A-Z]{1,20}){1,4}"
    ),
    Vocabulary.CLAIM_TYPE: _form_only(f"{_SNB}claim-type/", "c_0a1b2c3d", _ANY),
    Vocabulary.COUNTRY: _partial(Vocabulary.COUNTRY, "IRL", "[0-9A-Z]{3}"),
    Vocabulary.CREDENTIAL: _whole(Vocabulary.CREDENTIAL),
    Vocabulary.CURRENCY: _partial(Vocabulary.CURRENCY, "EUR", "[A-Z]{3}"),
    Vocabulary.DIGCOMP: _partial(Vocabulary.DIGCOMP, "u69o196gu6"),
    Vocabulary.EDUCATION_CREDIT: _whole(Vocabulary.EDUCATION_CREDIT),
    Vocabulary.ENCODING: _whole(Vocabulary.ENCODING),
    Vocabulary.ENTITLEMENT: _whole(Vocabulary.ENTITLEMENT),
    Vocabulary.ENTITLEMENT_STATUS: _whole(Vocabulary.ENTITLEMENT_STATUS),
    Vocabulary.EQF: _whole(Vocabulary.EQF),
    Vocabulary.ESCO_OCCUPATION: _form_only(
        _ESCO,
        "occupation/f2b15a0e-e65a-438a-affb-29b9d50b77d1",
        f"occupation/{_UUID}|isco/C[0-9]{{1,4}}",
    ),
    Vocabulary.ESCO_SKILL: _form_only(
        _ESCO,
        "skill/ccdf3597-5c80-410f-896d-e1bdfa223de9",
        rf"skill/(?:{_UUID}|[A-Z][0-9]{{0,2}}(?:\.[0-9]{{1,2}}){{0,3}})|isced-f/[0-9]{{2,4}}",
    ),
    Vocabulary.EVIDENCE_TYPE: _whole(Vocabulary.EVIDENCE_TYPE),
    Vocabulary.FILE_TYPE: _partial(Vocabulary.FILE_TYPE, "PNG", "[0-9A-Z][0-9A-Z_]{0,29}"),
    Vocabulary.GRADE_STATUS: _partial(Vocabulary.GRADE_STATUS, "c_60a1cf9a"),
    Vocabulary.HUMAN_SEX: _partial(Vocabulary.HUMAN_SEX, "FEMALE", "[A-Z]{3,10}"),
    Vocabulary.ISCED_F: _whole(Vocabulary.ISCED_F),
    Vocabulary.LANGUAGE: _partial(Vocabulary.LANGUAGE, "ENG", "[0-9A-Z][0-9A-Z_]{2,19}"),
    Vocabulary.LEARNING_ACTIVITY: _whole(Vocabulary.LEARNING_ACTIVITY),
    Vocabulary.LEARNING_ASSESSMENT: _whole(Vocabulary.LEARNING_ASSESSMENT),
    Vocabulary.LEARNING_OPPORTUNITY: _whole(Vocabulary.LEARNING_OPPORTUNITY),
    Vocabulary.LEARNING_SCHEDULE: _whole(Vocabulary.LEARNING_SCHEDULE),
    Vocabulary.LEARNING_SETTING: _whole(Vocabulary.LEARNING_SETTING),
    Vocabulary.QDR: _partial(Vocabulary.QDR, "c_c392e7a2", "c_[0-9a-f]{8}"),
    Vocabulary.SKILL_REUSE_LEVEL: _whole(Vocabulary.SKILL_REUSE_LEVEL),
    Vocabulary.SKILL_TYPE: _whole(Vocabulary.SKILL_TYPE),
    Vocabulary.SUPERVISION_VERIFICATION: _whole(Vocabulary.SUPERVISION_VERIFICATION),
    Vocabulary.TARGET_GROUP: _whole(Vocabulary.TARGET_GROUP),
    Vocabulary.VERIFICATION: _whole(Vocabulary.VERIFICATION),
    Vocabulary.VERIFICATION_STATUS: _whole(Vocabulary.VERIFICATION_STATUS),
}

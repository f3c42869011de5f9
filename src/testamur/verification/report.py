"""What an examination found: checks with four answers, and one verdict.

A report has no truth value. "Verified" hides what could not be checked; here every check says
`passed`, `failed`, `could not check` or `not applicable`, and the verdict is the worst of those
that matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NoReturn

from testamur._frozen import dataclass, fields
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code

__all__ = [
    "Aligned",
    "Answer",
    "Check",
    "CheckName",
    "Contents",
    "Evidence",
    "Report",
    "ResultShown",
    "Verdict",
]

REPORT_VERSION = "1"


class Answer(StrEnum):
    """What a check found."""

    PASSED = "passed"
    FAILED = "failed"
    COULD_NOT_CHECK = "could not check"
    NOT_APPLICABLE = "not applicable"


class CheckName(StrEnum):
    """The checks, in the order in which they are made."""

    PARSE = "parse"
    STRUCTURE = "structure"
    COMPACTED = "compacted"
    PROOF = "proof"
    TIMESTAMP = "timestamp"
    CERTIFICATE = "certificate"
    REVOCATION = "certificate revocation"
    LEVEL = "seal level"
    ISSUER = "issuer binding"
    TRUST = "trust"
    VALIDITY = "validity period"
    STATUS = "status"
    SCHEMA = "schema"
    REFRESH = "refresh"
    RECIPIENT = "recipient"
    HOLDER = "holder binding"
    ENDORSEMENTS = "endorsements"
    EMBEDDED = "embedded credentials"
    EVIDENCE = "evidence"
    RESOURCES = "related resources"


class Weight(StrEnum):
    """What a check that did not pass does to the verdict."""

    REQUIRED = "required"
    """the credential is not to be relied on, or not yet."""

    REMARK = "remark"
    """a person should see it; the credential itself stands."""

    INFORMATION = "information"
    """nothing."""


class Verdict(StrEnum):
    """The answer to "can I rely on it?", from best to worst."""

    GENUINE = "genuine"
    """genuine and current, by an issuer that is known here."""

    GENUINE_WITH_REMARKS = "genuine with remarks"
    """the same, but something in it or around it did not check out."""

    UNKNOWN_ISSUER = "unknown issuer"
    """a genuine signature by somebody who is not known here."""

    UNFINISHED = "unfinished"
    """something that matters could not be checked."""

    WRONG_RECIPIENT = "wrong recipient"
    """genuine, but not about the person who was asked for."""

    NOT_YET_VALID = "not yet valid"
    """genuine, but for later."""

    EXPIRED = "expired"
    """genuine once; its time is over."""

    SUSPENDED = "suspended"
    """set aside by the issuer for now."""

    REVOKED = "revoked"
    """withdrawn by the issuer."""

    NOT_VALID = "not valid"
    """not a well-formed credential, or whose it is cannot be shown."""

    NOT_GENUINE = "not genuine"
    """forged, changed, or without a proof."""


class Facts(dict[str, str]):
    """Label → text; it cannot be changed, since checks are shared between reports."""

    def _refuse(self, *_args: object, **_members: object) -> NoReturn:
        raise TypeError("a report cannot be changed")

    __setitem__ = __delitem__ = update = setdefault = pop = popitem = clear = _refuse
    __ior__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Facts], tuple[dict[str, str]]]:
        return Facts, (dict(self),)


_NO_FACTS = Facts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check and what it found.

    Attributes:
        name: which check.
        answer: what it found.
        sentence: the same in words for people.
        code: why it did not pass, or what is to be noted; None where there is nothing to say.
        weight: what it does to the verdict when it did not pass.
        spec: the section that asks for it.
        path: where in the document.
        evidence: facts a program may want: label → text.
    """

    name: CheckName
    answer: Answer
    sentence: str
    code: Code | None = None
    weight: Weight = Weight.REQUIRED
    spec: str = ""
    path: str | None = None
    evidence: Mapping[str, str] = _NO_FACTS

    def __post_init__(self) -> None:
        if type(self.evidence) is not Facts:
            object.__setattr__(self, "evidence", Facts(self.evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """Something outside that the achievement is aligned with: a skill, a level, a framework."""

    name: str
    url: str
    code: str | None = None
    framework: str | None = None
    type: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultShown:
    """A result the learner achieved."""

    name: str | None
    value: str | None
    status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Evidence the credential points to. It is shown, never fetched."""

    name: str | None
    url: str | None
    narrative: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a credential with a genuine proof says. The issuer says so; nobody here checked it.

    From `issuer_country` on: what European Digital Credentials tell of in places of their own.
    """

    id: str | None
    types: tuple[str, ...]
    name: str | None = None
    description: str | None = None
    issuer_id: str | None = None
    issuer_name: str | None = None
    recipient: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    achievement_id: str | None = None
    achievement_name: str | None = None
    achievement_type: str | None = None
    achievement_description: str | None = None
    criteria: str | None = None
    field_of_study: str | None = None
    creator_name: str | None = None
    creator_country: str | None = None
    credits: str | None = None
    language: str | None = None
    alignments: tuple[Aligned, ...] = ()
    results: tuple[ResultShown, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    issuer_country: str | None = None
    awarding_bodies: tuple[str, ...] = ()
    awarded_on: str | None = None
    level: str | None = None
    workload: str | None = None
    participation: str | None = None
    assessment: str | None = None
    supervision: str | None = None
    requirements: str | None = None
    quality_assurance: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    other_claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything an examination found.

    Attributes:
        version: of this format; within a version, members are only added.
        verdict: the answer in one word.
        headline: the answer in one sentence.
        reason: why, in one sentence; empty where there is nothing to add.
        next_step: what to do now, in one sentence.
        checked_at: the clock the examination was made at, aware.
        carrier: what the credential arrived in: json, jwt, png or svg.
        securing: what secures it.
        known_as: the name under which the trust source knows the issuer; None where it does not.
        checks: every check, in order.
        contents: what the credential says; None unless its proof is genuine and its issuer's.
        endorsements: reports on the endorsements inside it.
        credentials: reports on the credentials in a presentation, or embedded in the credential.
    """

    version: str = REPORT_VERSION
    verdict: Verdict
    headline: str
    reason: str = ""
    next_step: str = ""
    checked_at: datetime
    carrier: str
    securing: str
    known_as: str | None = None
    checks: tuple[Check, ...]
    contents: Contents | None = None
    endorsements: tuple[Report, ...] = ()
    credentials: tuple[Report, ...] = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a report is neither true nor false; compare its verdict, or call Verifier.verify()"
        )

    def __str__(self) -> str:
        """The answer in one line."""
        return " ".join(filter(None, (self.headline, self.reason, self.next_step)))

    def to_json(self) -> JsonObject:
        """Return the report as a JSON object, with every member; what is unknown is null."""
        return _members(self)

    def check(self, name: CheckName) -> Check:
        """Return the first check with this name; the worst comes first."""
        return min(
            (check for check in self.checks if check.name is name),
            key=lambda check: _WORST_FIRST.index(check.answer),
        )

    @property
    def codes(self) -> frozenset[Code]:
        """The codes of all checks, those of endorsements and embedded credentials included."""
        own = {check.code for check in self.checks if check.code is not None}
        inner = [report.codes for report in (*self.endorsements, *self.credentials)]
        return frozenset(own).union(*inner)


_WORST_FIRST = [Answer.FAILED, Answer.COULD_NOT_CHECK, Answer.PASSED, Answer.NOT_APPLICABLE]


def _members(part: Any) -> JsonObject:
    return {each.name: _to_json(getattr(part, each.name)) for each in fields(part)}


def _to_json(value: Any) -> JsonValue:
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return dict(value) if isinstance(value, dict) else _members(value)

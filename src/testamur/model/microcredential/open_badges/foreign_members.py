"""Members that SURF's educredentials put beside those of Open Badges 3.0, as edubadges issues them.

They stand in the achievement: ECTS or SBU (hours), participationType, assessmentType,
supervisionType and identityChecked, each with the values of SURF's JSON Schemas. Their published
context is not JSON-LD 1.1, so a signature by an RDF suite cannot cover them; what is read here is
read out of tokens, or of documents that are not secured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from testamur.model.microcredential.collected import Collected
from testamur.model.microcredential.description import (
    Assessment,
    Credit,
    Participation,
    PriorLearning,
    Workload,
)
from testamur.model.microcredential.parts import Reference
from testamur.model.microcredential.reading import Fate, Finding
from testamur.model.microcredential.terms import AssessmentType, CreditSystem, Mode, Supervision

__all__ = ["FOREIGN_MEMBERS", "read_foreign_members"]

FOREIGN_MEMBERS = frozenset(
    {"ECTS", "SBU", "participationType", "assessmentType", "supervisionType", "identityChecked"}
)
"""The members that are read here."""

_MODES = {
    "online": Mode.ONLINE,
    "onsite or blended": Mode.BLENDED,
    "work experience": Mode.WORK_BASED,
}
_ASSESSMENTS = {
    "testing": AssessmentType.WRITTEN_EXAMINATION,
    "application of a skill": AssessmentType.PRACTICAL_ASSESSMENT,
    "portfolio": AssessmentType.PORTFOLIO,
}
_PRIOR_LEARNING = "recognition of prior learning"
_SUPERVISION = {
    "unsupervised with no identity verification": Supervision.UNSUPERVISED,
    "supervised with no identity verification": Supervision.SUPERVISED,
    "supervised online": Supervision.SUPERVISED,
    "onsite with identity verification": Supervision.SUPERVISED_WITH_IDENTITY_CHECK,
}
_CHECKED = {
    Supervision.UNSUPERVISED: Supervision.UNSUPERVISED_WITH_IDENTITY_CHECK,
    Supervision.SUPERVISED: Supervision.SUPERVISED_WITH_IDENTITY_CHECK,
}
_EXACT = frozenset({"online", "portfolio", *_SUPERVISION} - {"supervised online"})


def read_foreign_members(members: Mapping[str, Any], read: Collected) -> Iterator[Finding]:
    """Put what these members say; yield what became of each that is not kept as it stands.

    Args:
        members: those of an achievement that the standard does not have.
        read: gets the values.
    """
    path = "credentialSubject.achievement"
    for member in sorted(FOREIGN_MEMBERS & members.keys()):
        value = members[member]
        kept = _put(member, value, members, read)
        if not kept:
            yield Finding(f"{path}.{member}", Fate.NO_PLACE, "it is none of the values in use")
        elif isinstance(value, str) and value not in _EXACT:
            yield Finding(f"{path}.{member}", Fate.APPROXIMATED, "the nearest European term stands")


def _put(member: str, value: Any, members: Mapping[str, Any], read: Collected) -> bool:
    if member in ("ECTS", "SBU"):
        return _put_workload(member, value, read)
    if member == "participationType":
        mode = _MODES.get(str(value))
        told = {read.language: str(value)} if mode is None else None
        modes = () if mode is None else (mode,)
        return read.put("participation", Participation(modes=modes, description=told))
    if member == "assessmentType" and value == _PRIOR_LEARNING:
        return read.put("prior_learning", PriorLearning(recognized=True))
    if member == "identityChecked":
        # It is part of the assessment, which comes before it.
        return isinstance(value, bool) and "assessmentType" in members
    if member == "supervisionType":
        return value in _SUPERVISION and "assessmentType" in members
    known = _ASSESSMENTS.get(str(value))
    name = {read.language: str(value) or "-"}
    return read.put(
        "assessments",
        Assessment(
            types=() if known is None else (known,),
            other_types=(Reference(name=name),) if known is None else (),
            supervision=_supervision(members),
        ),
    )


def _put_workload(member: str, value: Any, read: Collected) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        return False
    if member == "ECTS":
        credit = Credit(points=value, system=CreditSystem.ECTS)
        return read.put("workload", Workload(credits=(credit,)))
    return value == int(value) and read.put("workload", Workload(effort=f"PT{int(value)}H"))


def _supervision(members: Mapping[str, Any]) -> Supervision | None:
    found = _SUPERVISION.get(str(members.get("supervisionType")))
    if found is not None and members.get("identityChecked") is True:
        return _CHECKED.get(found, found)
    return found

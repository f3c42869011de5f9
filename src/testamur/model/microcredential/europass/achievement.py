"""What one learner has achieved, both ways: the claim of a European Digital Credential."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from testamur.canon.strict_json import JsonObject
from testamur.model.base import One
from testamur.model.elm import (
    AwardingProcess,
    LanguageMap,
    LearningAchievement,
    LearningActivity,
    Note,
    Organisation,
    PeriodOfTime,
    Person,
)
from testamur.model.microcredential.description import MicroCredential
from testamur.model.microcredential.europass.assessments import graded, read_assessments
from testamur.model.microcredential.europass.elements import (
    day_of,
    midnight,
    moment_of,
    page,
    pages_of,
    set_of,
    texts_of,
    told,
)
from testamur.model.microcredential.europass.notes import element_of
from testamur.model.microcredential.europass.offer import (
    opportunity_of,
    read_offer,
)
from testamur.model.microcredential.europass.organisations import read_organisation
from testamur.model.microcredential.europass.outcomes import read_workload
from testamur.model.microcredential.europass.quality import (
    accreditations_of_programme,
    read_accreditation,
)
from testamur.model.microcredential.europass.specification import (
    qualification_of,
    read_activity,
    read_notes,
    read_specification,
)
from testamur.model.microcredential.europass.taken import Taken

__all__ = ["achievement_of", "find_achievement", "read_achievement", "take_notes"]

_PROCESS = "urn:epass:awardingProcess:1"
"""The id of what is written out more than once, so that the copies are one thing."""


def achievement_of(
    description: MicroCredential, body: Organisation, issued: datetime
) -> LearningAchievement:
    """Write what was achieved. body: who awards it."""
    language = description.language
    process = AwardingProcess(id=_PROCESS, awarding_body=One((body,)), awarding_date=issued)
    of_programme = accreditations_of_programme(description.quality_assurance, language=language)
    evidence = [
        page(each.url, {language: each.title} if each.title else None)
        for each in description.evidence
        if each.url is not None
    ]
    return LearningAchievement(
        title=LanguageMap(description.title),
        awarded_by=process,
        specified_by=qualification_of(description, of_programme),
        proven_by=set_of(graded(description.assessments, process, language=language)),
        influenced_by=set_of(_activities(description, process)),
        learning_opportunity=opportunity_of(description, body),
        supplementary_document=set_of(evidence),
    )


def _activities(
    description: MicroCredential, process: AwardingProcess
) -> Iterator[LearningActivity]:
    start, end = description.started, description.ended
    if start is not None or end is not None:
        period = PeriodOfTime(start_date=midnight(start), end_date=midnight(end))
        yield LearningActivity(
            title=LanguageMap(description.title), awarded_by=process, temporal=One((period,))
        )


# Reading.


def find_achievement(taken: Taken, person: Person) -> LearningAchievement | None:
    """Return the first achievement of a person; every other claim is left."""
    found: LearningAchievement | None = None
    for each in taken.take(person, "has_claim"):
        if found is None and isinstance(each, LearningAchievement):
            found = each
        else:
            taken.leave(each, "a description is of one achievement")
    return found


def take_notes(taken: Taken, achievement: LearningAchievement) -> dict[str, Note]:
    """Return the notes of the convention, of each element the first."""
    notes: dict[str, Note] = {}
    for each in achievement.additional_note:
        element = element_of(each)
        if element is not None and element in notes:
            taken.leave(each, f"there is another note of the element {element}")
        elif element is not None:
            notes[element] = each
            taken.take(each, "note_literal")
            taken.take(each, "subject")
    return notes


def read_achievement(taken: Taken, achievement: LearningAchievement, issuer: Any) -> JsonObject:
    """Read what was achieved: members of a description, and awardingDate.

    Args:
        issuer: of the credential; an awarding body that is the same is not told again.
    """
    members: JsonObject = {}
    specification = taken.take(achievement, "specified_by")
    title = texts_of(taken.take(achievement, "title"))
    if specification is not None:
        members |= read_specification(taken, specification)
        members |= told(title=texts_of(taken.take(specification, "title")))
        if title is not None and members.get("title", title) != title:
            taken.bend(achievement, "title", "the title of what is achieved is kept")
    members = {**told(title=title), **members}
    described = texts_of(taken.take(achievement, "description"))
    if described is not None and members.setdefault("description", {**described}) != described:
        taken.bend(achievement, "description", "the description of what is achieved is kept")
    members = {**read_notes(taken, achievement), **members}
    process = taken.take(achievement, "awarded_by")
    members |= told(awardingDate=moment_of(taken, process, "awarding_date"))
    body, *others = taken.take(process, "awarding_body")
    for each in others:
        taken.leave(each, "a description has one awarding body")
    if body == issuer:
        body = issuer  # of the copies, the first is read
    else:
        members["awardingBody"] = read_organisation(taken, body)
    assured = list(members.get("qualityAssurance", ()))  # type: ignore[arg-type]
    if isinstance(body, Organisation):
        assured += (read_accreditation(taken, e) for e in taken.take(body, "accreditation"))
    offer = read_offer(taken, achievement)
    schedule = offer.pop("schedule", None)
    for each in taken.take(achievement, "influenced_by"):
        _read_activity(taken, each, members)
    if schedule is not None:
        known: Any = members.get("participation", {})
        members["participation"] = {**known, "description": schedule}
    documents = pages_of(taken, taken.take(achievement, "supplementary_document"))
    return members | told(
        qualityAssurance=assured,
        assessments=read_assessments(taken, achievement, specification),
        workload=read_workload(taken, achievement, specification),
        evidence=[_read_evidence(each) for each in documents],
        **offer,
    )


def _read_activity(taken: Taken, activity: LearningActivity, members: JsonObject) -> None:
    title = texts_of(activity.title)
    if title == members.get("title"):
        taken.take(activity, "title")
    for each in taken.take(activity, "temporal"):
        days = told(
            started=day_of(taken, each, "start_date"), ended=day_of(taken, each, "end_date")
        )
        if members.keys() & days.keys():
            taken.leave(each, "a description has one first and one last day of learning")
        else:
            members |= days
    read_activity(taken, activity, members)


def _read_evidence(document: JsonObject) -> JsonObject:
    title: Any = document.get("title")
    return told(title=next(iter(title.values())) if title else None, url=document["url"])

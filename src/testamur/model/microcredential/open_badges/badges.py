"""A micro-credential as an Open Badge, and out of one again (Open Badges 3.0, Data Model).

What the standard has a member for goes there. It is then read back, and every element that the
standard did not keep is written as an alignment (see `alignments`). So nothing is lost, and nothing
is said twice without need.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import ModelError
from testamur.model.microcredential.collected import Collected
from testamur.model.microcredential.description import (
    Assessment,
    Credit,
    Evidence,
    MicroCredential,
    Workload,
)
from testamur.model.microcredential.open_badges.alignments import (
    concept_alignments,
    concepts,
    read_alignment,
    write_alignments,
)
from testamur.model.microcredential.open_badges.elements import ELEMENTS
from testamur.model.microcredential.open_badges.extension import (
    EXTENSION_CONTEXT,
    EXTENSION_MEMBER,
    read_extension,
    write_extension,
)
from testamur.model.microcredential.open_badges.findings import not_placed
from testamur.model.microcredential.open_badges.foreign_alignments import read_foreign
from testamur.model.microcredential.open_badges.foreign_members import read_foreign_members
from testamur.model.microcredential.open_badges.grades import (
    read_results,
    result_descriptions,
    results,
)
from testamur.model.microcredential.open_badges.profiles import (
    learner_of,
    organisation_of,
    profile_of,
    recipient_of,
    text_in,
)
from testamur.model.microcredential.reading import Fate, Finding, Reading
from testamur.model.microcredential.terms import CreditSystem, iri
from testamur.model.ob3 import credential as ob3
from testamur.model.ob3.achievement import (
    Alignment,
    Criteria,
    Image,
)
from testamur.model.ob3.achievement import (
    Evidence as BadgeEvidence,
)
from testamur.model.ob3.vocabulary import AchievementType
from testamur.model.vcdm import CREDENTIALS_V2

__all__ = ["Convention", "from_open_badge", "to_achievement", "to_open_badge"]


class Convention(StrEnum):
    """Where the elements go that the standard has no member for."""

    ALIGNMENTS = "alignments"
    """alignments, with no context but the published ones: every wallet can read and verify it."""

    EXTENSION = "extension"
    """one object under our own context: for those who control both ends."""


_NATIVE_TEXTS = ("title", "description", "criteria", "category")
_NOT_DESCRIBED = "See the learning outcomes and the assessment."
_NO_UNIT = "credits of a kind that is not said"
_EQF = {str(level) for level in range(1, 9)}
_BESIDE_THE_EXTENSION = ("Translations", "Issuer", "AwardingBody")
_CONTEXTS = {
    Convention.ALIGNMENTS: (CREDENTIALS_V2, ob3.OPEN_BADGES_CONTEXT),
    Convention.EXTENSION: (CREDENTIALS_V2, ob3.OPEN_BADGES_CONTEXT, EXTENSION_CONTEXT),
}


def to_open_badge(
    description: MicroCredential,
    *,
    id: str,  # noqa: A002
    convention: Convention = Convention.ALIGNMENTS,
) -> ob3.AchievementCredential:
    """Write a description as a badge; not yet signed.

    A status, endorsements and the like are added by `build.open_badge`.

    Args:
        description: with learner, issuer (and its id), date of issuing and the achievement's id.
        id: the credential's own URL.
        convention: where the elements go that the standard has no member for.

    Raises:
        ModelError: one of these is missing; the message says which and why.
    """
    learner, issuer, issued = description.learner, description.issuer, description.issued
    if learner is None or issuer is None or issued is None or issuer.id is None:
        missing = {"learner": learner, "issuer": issuer, "issued": issued}
        names = [name for name, value in missing.items() if value is None] or ["issuer.id"]
        raise ModelError(
            f"description.{names[0]}: is missing; a badge names its learner, its issuer by an id, "
            "and the date of issuing",
            path=f"description.{names[0]}",
        )
    achievement = to_achievement(description, convention=convention)
    language = description.language
    subject = ob3.AchievementSubject(
        id=learner.id,
        identifier=recipient_of(learner),
        achievement=achievement,
        activity_start_date=_midnight(description.started),
        activity_end_date=_midnight(description.ended),
        credits_earned=achievement.credits_available,
        result=tuple(results(description, achievement.id)),
    )
    return ob3.AchievementCredential(
        context=_CONTEXTS[convention],
        id=id,
        name=achievement.name,
        issuer=profile_of(issuer, language=language, default_id=issuer.id),
        valid_from=issued,
        valid_until=description.valid_until,
        credential_subject=subject,
        evidence=tuple(_evidence(each) for each in description.evidence),
    )


def to_achievement(
    description: MicroCredential, *, convention: Convention = Convention.ALIGNMENTS
) -> ob3.Achievement:
    """Write what is the same for all learners as an achievement.

    Raises:
        ModelError: the description has no id; an achievement has one.
    """
    if description.id is None:
        raise ModelError(
            "description.id: is missing; an achievement has a URL of its own, the same for all "
            "who earn it",
            path="description.id",
        )
    native, language = _native(description), description.language
    kept = _read_native(native)
    if description.issuer is not None:
        profile = profile_of(
            description.issuer, language=description.language, default_id="urn:-:-"
        )
        kept["issuer"] = organisation_of(profile, language=language)
    extension = write_extension(description) if convention is Convention.EXTENSION else {}
    elements = [each for each in ELEMENTS if not extension or each in _BESIDE_THE_EXTENSION]
    alignments: list[Alignment] = []
    for element in elements:
        what = ELEMENTS[element]
        values = tuple(_values(description, kept, what.member, many=what.many))
        alignments += write_alignments(
            element, values, language=description.language, base=native.id
        )
    alignments += concept_alignments(description)
    extended = {EXTENSION_MEMBER: extension} if extension else {}
    return native.model_copy(update={"alignment": tuple(alignments), **extended})


def from_open_badge(credential: ob3.AchievementCredential) -> Reading:
    """Read a badge as a description: one of ours exactly, one of others as far as it goes.

    Nothing is verified here. What the badge says that a description has no place for is found by
    `findings` of the reading.
    """
    subject = credential.credential_subject
    achievement = subject.achievement
    language = achievement.in_language or "en"
    read = Collected(language=language, title=achievement.name.strip() or achievement.id)
    findings = list(_read_extension(achievement, read))
    findings += _read_alignments(achievement, read)
    findings += read_foreign_members(achievement.model_extra or {}, read)
    for member, value in _read_native(achievement).items():
        read.put(member, value)
    findings += _read_credits(achievement, read)
    read.put("issuer", organisation_of(credential.issuer, language=language))
    read.put("learner", learner_of(subject.id, subject.identifier))
    read.put("issued", credential.valid_from)
    read.put("valid_until", credential.valid_until)
    read.put("started", _day(subject.activity_start_date))
    read.put("ended", _day(subject.activity_end_date))
    for each in credential.evidence:
        text = each.narrative or each.description
        read.put("evidence", Evidence(title=each.name, description=text, url=each.id))
    findings += read_results(subject, read)
    findings += not_placed(credential)
    return Reading(read.describe(), tuple(findings))


# Writing.


def _native(description: MicroCredential) -> ob3.Achievement:
    """Write what the standard has members for."""
    language, identifier = description.language, str(description.id)
    body = description.awarding_body
    title = description.title[language]
    workload = description.workload
    points = [
        each.points
        for each in (workload.credits if workload is not None else ())
        if each.system is CreditSystem.ECTS
    ]
    return ob3.Achievement(
        id=identifier,
        name=title,
        description=text_in(description.description, language) or title,
        criteria=Criteria(narrative=text_in(description.criteria, language) or _NOT_DESCRIBED),
        achievement_type=AchievementType.MICRO_CREDENTIAL,
        creator=None
        if body is None
        else profile_of(body, language=language, default_id=f"{identifier}#awarding-body"),
        credits_available=points[0] if len(points) == 1 else None,
        field_of_study=text_in(description.category, language),
        image=Image(id=description.image) if description.image else None,
        in_language=language,
        result_description=tuple(result_descriptions(description)),
    )


def _values(
    description: MicroCredential, kept: dict[str, Any], member: str, *, many: bool
) -> Iterator[Any]:
    """Yield what an element's alignments have to hold, since the standard's members do not."""
    value: Any
    if member == "translations":
        value = _translations(description, kept)
    elif member.startswith("level."):
        value = getattr(description.level, member.removeprefix("level."), None)
    else:
        value = getattr(description, member)
    if member == "assessments":
        value = tuple(_without_grade(each) for each in value)
        # Grades alone stand in the results.
        value = value if any(each != Assessment() for each in value) else ()
    if value is None or value == kept.get(member):
        return
    if many:
        yield from value
    else:
        yield value


def _translations(description: MicroCredential, kept: dict[str, Any]) -> JsonValue:
    """Return the texts of native members that have other languages, or that were not given."""
    texts: JsonObject = {}
    for member in _NATIVE_TEXTS:
        value = getattr(description, member)
        if value != kept.get(member):
            texts[member] = dict(value) if value is not None else {}
    return texts or None


def _without_grade(assessment: Assessment) -> Assessment:
    return assessment.model_copy(update={"grade": None})


def _evidence(evidence: Evidence) -> BadgeEvidence:
    return BadgeEvidence(id=evidence.url, name=evidence.title, narrative=evidence.description)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


# Reading.


def _read_native(achievement: ob3.Achievement) -> dict[str, Any]:
    """Read the members of an achievement that need no convention."""
    language = achievement.in_language or "en"
    texts = {
        "title": achievement.name,
        "description": achievement.description,
        "criteria": achievement.criteria.narrative,
        "category": achievement.field_of_study,
    }
    members: dict[str, Any] = {"id": achievement.id}
    members |= {name: {language: text} for name, text in texts.items() if text and text.strip()}
    if achievement.creator is not None:
        members["awarding_body"] = organisation_of(achievement.creator, language=language)
    if achievement.image is not None:
        members["image"] = achievement.image.id
    return members


def _read_extension(achievement: ob3.Achievement, read: Collected) -> Iterator[Finding]:
    value = (achievement.model_extra or {}).get(EXTENSION_MEMBER)
    if value is not None and not read_extension(value, read):
        path = f"credentialSubject.achievement.{EXTENSION_MEMBER}"
        yield Finding(path, Fate.APPROXIMATED, "some of its members are not what they should be")


def _read_alignments(achievement: ob3.Achievement, read: Collected) -> Iterator[Finding]:
    own: list[tuple[int, str, JsonValue, int]] = []
    others: list[int] = []
    seen: Counter[str] = Counter()
    for position, alignment in enumerate(achievement.alignment):
        found = read_alignment(alignment)
        if found is None:
            others.append(position)
            continue
        element = found[0]
        seen[element] += 1
        place = _number(alignment, f"{achievement.id}#{element}-") or seen[element]
        own.append((place, *found, position))
    # Where things are numbered, the numbers count, which are signed; their order may not be.
    for _, element, value, position in sorted(own, key=lambda each: each[0]):
        if not _put(read, element, value):
            others.append(position)
    said_again = _said_again(read)
    for position in others:
        alignment = achievement.alignment[position]
        if alignment.target_url in said_again:
            continue
        member, value, lost = read_foreign(alignment, language=read.language)
        if not read.put(member, value):
            lost = "there is another of its kind, or it cannot be read"
        if lost is not None:
            path = f"credentialSubject.achievement.alignment[{position}]"
            yield Finding(path, Fate.APPROXIMATED, lost)


def _number(alignment: Alignment, prefix: str) -> int | None:
    number = alignment.target_url.removeprefix(prefix)
    return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None


def _said_again(read: Collected) -> set[str | None]:
    """Return the URLs of skills and concepts that the elements hold already."""
    described = read.describe()
    skills = {each.url for outcome in described.learning_outcomes for each in outcome.skills}
    return skills | {iri(word) for word in concepts(described)}


def _put(read: Collected, element: str, value: JsonValue) -> bool:
    """Put the machine value of an alignment that keeps the convention."""
    member = ELEMENTS[element].member
    if member == "translations":
        return isinstance(value, dict) and _put_texts(read, value)
    if member == "level.eqf":
        return value in _EQF and read.put(member, int(str(value)))
    return read.put(member, value)


def _put_texts(read: Collected, texts: JsonObject) -> bool:
    if not set(texts) <= set(_NATIVE_TEXTS):
        return False
    for member, value in texts.items():
        if value == {} and member != "title":
            read.leave_out(member)
        elif not read.put(member, value):
            return False
    return True


def _read_credits(achievement: ob3.Achievement, read: Collected) -> Iterator[Finding]:
    points = achievement.credits_available
    if points is None or read.has("workload"):
        return
    read.put("workload", Workload(credits=(Credit(points=points, other_system=_NO_UNIT),)))
    path = "credentialSubject.achievement.creditsAvailable"
    yield Finding(path, Fate.APPROXIMATED, "which credits they are is not said")


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()

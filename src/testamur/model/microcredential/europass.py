"""A micro-credential as a European Digital Credential, and out of one again (ELM 3).

What the European Learning Model has a place for goes there. It is then read back, and every element
that the model did not keep is written as a note (see `europass_notes`). So nothing is lost, and
nothing is said twice without need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from testamur.canon.strict_json import JsonObject
from testamur.errors import ModelError
from testamur.model.base import One
from testamur.model.dates import LexicalDateTime, check_date_time_stamp
from testamur.model.elm import (
    AwardingProcess,
    Concept,
    EuropeanDigitalCredential,
    LanguageMap,
    LearningAchievement,
    LearningActivity,
    Note,
    Organisation,
    PeriodOfTime,
    Person,
    display_parameter,
)
from testamur.model.elm.ids import with_ids
from testamur.model.faults import BrokenRuleError
from testamur.model.microcredential.collected import describe
from testamur.model.microcredential.description import MicroCredential, QualityAssurance
from testamur.model.microcredential.europass_assessments import graded, read_assessments
from testamur.model.microcredential.europass_ids import without_clashes
from testamur.model.microcredential.europass_notes import apply_notes, element_of, write_notes
from testamur.model.microcredential.europass_offer import (
    accreditation_of,
    is_institutional,
    opportunity_of,
    read_accreditation,
    read_offer,
)
from testamur.model.microcredential.europass_outcomes import read_workload
from testamur.model.microcredential.europass_parts import (
    code_of,
    day_of,
    midnight,
    page,
    pages_of,
    set_of,
    texts_of,
    told,
)
from testamur.model.microcredential.europass_people import (
    name_members,
    organisation_of,
    read_learner,
    read_organisation,
)
from testamur.model.microcredential.europass_specification import (
    qualification_of,
    read_activity,
    read_notes,
    read_specification,
)
from testamur.model.microcredential.reading import Fate, Finding, Reading
from testamur.model.microcredential.taken import Taken
from testamur.model.vocabularies import Vocabulary

__all__ = ["from_elm", "to_elm"]

_GENERIC = "e34929035b"
# Of what is written out more than once, so that the copies are one thing.
_ISSUER, _BODY, _PROCESS = "urn:epass:org:1", "urn:epass:org:2", "urn:epass:awardingProcess:1"


def to_elm(
    description: MicroCredential,
    *,
    id: str,  # noqa: A002
    pages: Mapping[str, bytes | Sequence[bytes]],
) -> EuropeanDigitalCredential:
    """Write a description as a European Digital Credential of the profile generic, to be sealed.

    The issuer is whoever seals it. Its `eIDASIdentifier` is that of the description, where the
    issuer has an identifier of that scheme or form; else it is added when the credential is sealed.

    Args:
        description: with issuer, date of issuing, and the country of the issuer and of the awarding
            body.
        id: the credential's own, as `urn:credential:…`.
        pages: language tag → a PNG of the credential, or one for each page; Europass demands it.

    Raises:
        ModelError: one of these is missing; the message says which and why.
    """
    native = without_clashes(_native(description, id, pages))
    members, _, _ = _read(native)
    return with_ids(_with_notes(native, write_notes(description, members)))


def from_elm(credential: EuropeanDigitalCredential) -> Reading:
    """Read a European Digital Credential as a description: one of ours exactly, one of others as
    far as it goes.

    Nothing is verified here. What the credential says that a description has no place for is found
    by `findings` of the reading.
    """
    members, notes, taken = _read(credential)
    for note, fate, reason in apply_notes(members, notes):
        taken.tell(note, fate, reason)
    findings = [*taken.findings(credential)]
    description, left_out = describe(members)
    findings += (Finding(path, Fate.NO_PLACE, reason) for path, reason in left_out.items())
    return Reading(description, tuple(findings))


# Writing.


def _native(
    description: MicroCredential, identifier: str, pages: Mapping[str, bytes | Sequence[bytes]]
) -> EuropeanDigitalCredential:
    """Write what the European Learning Model has a place for."""
    owner, issued, language = description.issuer, description.issued, description.language
    if owner is None or issued is None:
        name = "issuer" if owner is None else "issued"
        raise ModelError(
            f"description.{name} is missing; a European Digital Credential names its issuer and the"
            " date of issuing",
            path=f"description.{name}",
        )
    of_body = tuple(_accreditations(description.quality_assurance, language, institutional=True))
    other = description.awarding_body
    issuer = body = organisation_of(
        owner,
        language=language,
        at="description.issuer",
        local_id=_ISSUER,
        accreditations=() if other else of_body,
    )
    if other is not None:
        body = organisation_of(
            other,
            language=language,
            at="description.awardingBody",
            local_id=_BODY,
            accreditations=of_body,
        )
    learner = description.learner
    shown = {tag.partition("-")[0]: images for tag, images in pages.items()}
    primary = language.partition("-")[0]
    return EuropeanDigitalCredential(
        id=identifier,
        credential_profiles=One((Concept.by_code(Vocabulary.CREDENTIAL, _GENERIC),)),
        issuer=issuer,
        issued=issued,
        issuance_date=issued,
        valid_from=issued,
        valid_until=description.valid_until,
        expiration_date=description.valid_until,
        display_parameter=display_parameter(
            description.title,
            shown,
            primary=primary if primary in shown else None,
            description=description.description,
        ),
        credential_subject=Person(
            has_claim=One((_achievement(description, body, issued),)),
            **(name_members(learner, language=language) if learner is not None else {}),
        ),
    )


def _achievement(
    description: MicroCredential, body: Organisation, issued: datetime
) -> LearningAchievement:
    language = description.language
    process = AwardingProcess(id=_PROCESS, awarding_body=One((body,)), awarding_date=issued)
    of_programme = _accreditations(description.quality_assurance, language, institutional=False)
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


def _accreditations(
    assured: Iterable[QualityAssurance], language: str, *, institutional: bool
) -> Iterator[Any]:
    for each in assured:
        if is_institutional(each) is institutional:
            found = accreditation_of(each, language=language)
            if found is not None:
                yield found


def _with_notes(
    credential: EuropeanDigitalCredential, notes: Iterable[Note]
) -> EuropeanDigitalCredential:
    person = credential.credential_subject
    (achievement,) = person.has_claim  # type: ignore[union-attr]
    noted = achievement.model_copy(update={"additional_note": set_of(notes)})
    subject = person.model_copy(update={"has_claim": One((noted,))})
    return credential.model_copy(update={"credential_subject": subject})


# Reading.


def _read(
    credential: EuropeanDigitalCredential,
) -> tuple[JsonObject, dict[str, Note], Taken]:
    """Return (members as JSON, notes of the convention by element, what was taken)."""
    taken = Taken()
    for member in ("credential_schema", "credential_status", "proof"):
        if member in type(credential).model_fields:
            taken.take(credential, member)
    profiles = taken.take(credential, "credential_profiles")
    if any(not (each.id or "").endswith(f"/{_GENERIC}") for each in profiles):
        taken.bend(credential, "credential_profiles", "a description has no profile")
    notes: dict[str, Note] = {}
    members: JsonObject = {}
    subject = taken.take(credential, "credential_subject")
    issuer = taken.take(credential, "issuer")
    if isinstance(subject, Person):
        achievement = _achievement_of(taken, subject)
        members |= told(learner=read_learner(taken, subject))
        if achievement is not None:
            notes = _take_notes(taken, achievement)
            members |= _read_achievement(taken, achievement, issuer)
    else:
        taken.leave(subject, "only a person has achievements")
    members |= told(
        issuer=read_organisation(taken, issuer),
        issued=_read_issued(taken, credential, members.pop("awardingDate", None)),
        validUntil=_read_end(taken, credential),
    )
    _read_display(taken, credential, members)
    return members, notes, taken


def _achievement_of(taken: Taken, person: Person) -> LearningAchievement | None:
    found: LearningAchievement | None = None
    for each in taken.take(person, "has_claim"):
        if found is None and isinstance(each, LearningAchievement):
            found = each
        else:
            taken.leave(each, "a description is of one achievement")
    return found


def _take_notes(taken: Taken, achievement: LearningAchievement) -> dict[str, Note]:
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


def _read_achievement(taken: Taken, achievement: LearningAchievement, issuer: Any) -> JsonObject:
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
    members |= told(awardingDate=_moment(taken, process, "awarding_date"))
    body, *others = taken.take(process, "awarding_body")
    for each in others:
        taken.leave(each, "a description has one awarding body")
    if body == issuer:
        body = issuer
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


def _read_display(taken: Taken, credential: EuropeanDigitalCredential, members: JsonObject) -> None:
    """Read the main language, and what the display alone says."""
    display = taken.take(credential, "display_parameter")
    language = code_of(Vocabulary.LANGUAGE, taken.take(display, "primary_language")) or "en"
    taken.take(display, "language")
    for member, name in (("title", "title"), ("description", "description")):
        texts = texts_of(taken.take(display, member))
        if texts is None:
            continue
        if name not in members:
            members[name] = {**texts}
            taken.bend(display, member, f"is read as the {name} of the achievement")
        elif members[name] != texts:
            taken.bend(display, member, f"the {name} of the achievement is kept")
    title: Any = members.setdefault("title", {language: credential.id or "?"})
    if language not in title:
        language = next((tag for tag in title if tag.partition("-")[0] == language), language)
    if language not in title:
        language = next(iter(title))
        taken.bend(display, "primary_language", f"the title has no text in it; {language} is kept")
    members["language"] = language


def _read_issued(taken: Taken, credential: EuropeanDigitalCredential, awarded: Any) -> str | None:
    """Read when it was awarded: the day of awarding, or else of sealing."""
    found: str | None = awarded
    for member in ("issued", "issuance_date", "valid_from"):
        moment = _moment(taken, credential, member)
        if moment is not None and found is not None and moment != found:
            taken.bend(credential, member, f"a description has one date of issuing, here {found}")
        found = found or moment
    return found


def _read_end(taken: Taken, credential: EuropeanDigitalCredential) -> str | None:
    until = _moment(taken, credential, "valid_until")
    expires = _moment(taken, credential, "expiration_date")
    if until is not None and expires is not None and until != expires:
        taken.bend(credential, "expiration_date", f"a description ends once, here {until}")
    return until or expires


def _moment(taken: Taken, node: Any, member: str) -> str | None:
    """Read a moment; one without a time zone is taken for UTC."""
    found: LexicalDateTime | date | None = taken.take(node, member)
    if found is None:
        return None
    text = found.lexical if isinstance(found, LexicalDateTime) else found.isoformat()
    for each in (text, f"{text}Z", f"{text}T00:00:00Z", f"{text[:10]}T00:00:00Z"):
        try:
            check_date_time_stamp(each)
        except BrokenRuleError:
            continue
        if each != text:
            taken.bend(node, member, f"is read as {each}")
        return each
    return None

"""What is the same for all learners, as a Qualification, both ways.

A Qualification, not a plain specification of an achievement: only that has levels.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from testamur.canon.strict_json import JsonObject
from testamur.model.elm import (
    Accreditation,
    LanguageMap,
    LearningAchievement,
    LearningActivity,
    LearningActivitySpecification,
    Note,
    Qualification,
    WebResource,
)
from testamur.model.elm import (
    LearningAchievementSpecification as Specification,
)
from testamur.model.elm.values import counts_months
from testamur.model.microcredential.description import MicroCredential
from testamur.model.microcredential.europass.assessments import read_modes, ungraded
from testamur.model.microcredential.europass.elements import (
    code_of,
    controlled,
    note,
    note_texts,
    own_concept,
    own_id,
    page,
    pages_of,
    set_of,
    subject_of,
    texts_of,
    told,
    word_concept,
)
from testamur.model.microcredential.europass.notes import element_of
from testamur.model.microcredential.europass.offer import (
    read_stackability,
    stackability_members,
)
from testamur.model.microcredential.europass.outcomes import (
    contact_hours,
    level_members,
    outcome_of,
    read_level,
    read_outcome,
    workload_members,
)
from testamur.model.microcredential.europass.quality import read_accreditation
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.microcredential.terms import OWN_VOCABULARY, LearningSetting, Mode, word
from testamur.model.vocabularies import Vocabulary

__all__ = ["qualification_of", "read_activity", "read_notes", "read_specification"]

_NOTES = {"criteria": "Criteria", "furtherInformation": "FurtherInformation"}
_NOTE_NAMES = {"Criteria": "Criteria", "FurtherInformation": "Further information"}


def qualification_of(
    description: MicroCredential, accreditations: Iterable[Accreditation]
) -> Qualification:
    """Write what is the same for all learners. accreditations: those of the programme."""
    language, participation = description.language, description.participation
    setting = participation.setting if participation is not None else None
    modes = participation.modes if participation is not None else ()
    links = [page(each.url, each.title, each.language) for each in description.links]
    fields = (controlled(Vocabulary.ISCED_F, each) for each in description.fields)
    languages = (controlled(Vocabulary.LANGUAGE, each) for each in description.languages)
    summary, prerequisites = description.outcome_summary, description.prerequisites
    return Qualification(
        id=own_id(description.id),
        title=LanguageMap(description.title),
        description=LanguageMap(description.description) if description.description else None,
        category=LanguageMap(description.category) if description.category else None,
        homepage=set_of(links[:1]),
        supplementary_document=set_of(links[1:]),
        thematic_area=set_of(filter(None, fields)),
        language=set_of(filter(None, languages)),
        mode=set_of(word_concept(each) for each in modes),
        learning_setting=word_concept(setting) if setting else None,
        learning_outcome=set_of(outcome_of(each) for each in description.learning_outcomes),
        learning_outcome_summary=note(summary) if summary else None,
        entry_requirement=note(prerequisites) if prerequisites else None,
        proven_by=set_of(ungraded(description.assessments)),
        influenced_by=set_of(_activities(description)),
        accreditation=set_of(accreditations),
        additional_note=set_of(_notes(description)),
        **workload_members(description.workload, language=language),
        **level_members(description.level, language=language),
        **stackability_members(description.stackability),
    )


def read_specification(taken: Taken, found: Specification) -> JsonObject:
    """Read what is the same for all learners; not its title, assessments and workload."""
    accreditations: tuple[Accreditation, ...] = ()
    if isinstance(found, Qualification):
        accreditations = taken.take(found, "accreditation")
    categories = taken.take(found, "category")
    if categories is not None and categories.has_several:
        taken.bend(found, "category", "of several in a language the first is kept")
    pages: tuple[WebResource, ...] = taken.take(found, "homepage")
    pages = (*pages, *taken.take(found, "supplementary_document"))
    return told(
        id=own_id(found.id),
        description=texts_of(taken.take(found, "description")),
        category=texts_of(categories),
        links=pages_of(taken, pages),
        fields=_codes(taken, found, "thematic_area", Vocabulary.ISCED_F),
        languages=_codes(taken, found, "language", Vocabulary.LANGUAGE),
        participation=_read_participation(taken, found),
        learningOutcomes=[read_outcome(taken, e) for e in taken.take(found, "learning_outcome")],
        outcomeSummary=note_texts(taken, taken.take(found, "learning_outcome_summary")),
        prerequisites=note_texts(taken, taken.take(found, "entry_requirement")),
        level=read_level(taken, found),
        qualityAssurance=[read_accreditation(taken, each) for each in accreditations],
        stackability=read_stackability(taken, found),
        content=_read_content(taken, found),
        **read_notes(taken, found),
    )


def read_notes(taken: Taken, found: Specification | LearningAchievement) -> JsonObject:
    """Read the notes that are elements of their own, and one without a subject."""
    texts: JsonObject = {}
    for each in taken.take(found, "additional_note"):
        if isinstance(found, LearningAchievement) and element_of(each) is not None:
            continue  # of the convention for what has no slot
        subject = subject_of(each)
        element = next((name for name, kind in _NOTES.items() if kind == subject), None)
        if element is None and each.subject is None:
            element = "furtherInformation"
        if element is None or element in texts:
            taken.leave(each)
        else:
            taken.take(each, "subject")
            texts |= told(**{element: note_texts(taken, each)})
    return texts


def read_activity(taken: Taken, activity: LearningActivity, members: JsonObject) -> None:
    """Put what an activity says that the specification of the achievement does not say."""
    members |= {k: v for k, v in _described(taken, activity).items() if k not in members}
    specification: LearningActivitySpecification | None = activity.specified_by
    if specification is None:
        return
    taken.take(activity, "specified_by")
    members |= {k: v for k, v in _described(taken, specification).items() if k not in members}
    if texts_of(specification.title) == texts_of(activity.title):
        taken.take(specification, "title")
    if counts_months(specification.volume_of_learning or ""):
        taken.miss(specification, "volume_of_learning", "it counts months; PT60H are 60 hours")
    participation: Any = members.get("participation", {})
    modes = [known.value for each in specification.mode if (known := word(Mode, each.id or ""))]
    if len(modes) == len(specification.mode) and "modes" not in participation and modes:
        taken.take(specification, "mode")
        members["participation"] = told(**participation, modes=modes)
    elif modes == participation.get("modes"):
        taken.take(specification, "mode")
    languages = [code_of(Vocabulary.LANGUAGE, each) for each in specification.language]
    if all(languages) and members.setdefault("languages", [*languages]) == languages:
        taken.take(specification, "language")
    if not members.get("languages"):
        members.pop("languages", None)


def _described(taken: Taken, found: LearningActivity | LearningActivitySpecification) -> JsonObject:
    """Read what learners do, where a description says it: its content."""
    return told(content=texts_of(taken.take(found, "description")))


def _activities(description: MicroCredential) -> list[LearningActivitySpecification]:
    """Write what learners do, in detail."""
    hours = contact_hours(description.workload)
    content = description.content
    if not hours and content is None:
        return []
    return [
        LearningActivitySpecification(
            title=LanguageMap(description.title),
            description=LanguageMap(content) if content else None,
            contact_hour=hours,
        )
    ]


def _read_content(taken: Taken, found: Specification) -> dict[str, str] | None:
    content = None
    for each in found.influenced_by:
        texts = texts_of(each.description)
        if content is None and texts is not None:
            taken.take(found, "influenced_by")
            content = texts_of(taken.take(each, "description"))
        if texts_of(each.title) == texts_of(found.title):
            taken.take(each, "title")
    return content


def _read_participation(taken: Taken, found: Specification) -> JsonObject | None:
    modes = read_modes(taken, found)
    setting = taken.take(found, "learning_setting")
    known_setting = word(LearningSetting, setting.id or "") if setting is not None else None
    return told(modes=modes, setting=known_setting.value if known_setting else None) or None


def _codes(taken: Taken, found: Specification, member: str, vocabulary: Vocabulary) -> list[str]:
    codes = [code_of(vocabulary, each) for each in taken.take(found, member)]
    if not all(codes):
        taken.bend(found, member, "some are not in the list of this vocabulary that is held here")
    return [each for each in codes if each]


def _notes(description: MicroCredential) -> list[Note]:
    """Write the texts that are elements of their own."""
    return [
        note(texts, _subject(kind))
        for texts, kind in (
            (description.criteria, "Criteria"),
            (description.further_information, "FurtherInformation"),
        )
        if texts
    ]


def _subject(kind: str) -> Any:
    return own_concept("Element", {"en": _NOTE_NAMES[kind]}, OWN_VOCABULARY + kind)

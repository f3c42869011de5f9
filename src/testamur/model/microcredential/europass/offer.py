"""Quality assurance, stackability and the offer in the European Learning Model, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from testamur.canon.strict_json import JsonValue
from testamur.model.elm import (
    Amount,
    Concept,
    Grant,
    LanguageMap,
    LearningAchievement,
    LearningEntitlementSpecification,
    LearningOpportunity,
    Note,
    Organisation,
    PriceDetail,
    Qualification,
)
from testamur.model.elm import (
    LearningAchievementSpecification as Specification,
)
from testamur.model.microcredential.description import (
    Cost,
    MicroCredential,
    PriorLearning,
    Stacking,
)
from testamur.model.microcredential.europass.elements import (
    Json,
    code_of,
    controlled,
    note,
    note_texts,
    own_concept,
    own_id,
    page,
    set_of,
    subject_of,
    texts_of,
    told,
    url_of,
    word_concept,
)
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.microcredential.terms import (
    OWN_VOCABULARY,
    Stackability,
    word,
)
from testamur.model.vocabularies import Vocabulary

__all__ = [
    "opportunity_of",
    "read_offer",
    "read_stackability",
    "stackability_members",
]

_RECOGNIZED = {True: "PriorLearningRecognized", False: "PriorLearningNotRecognized"}
_SAID = {True: "Prior learning is recognized.", False: "Prior learning is not recognized."}


# Stackability.


def stackability_members(stackability: tuple[Stacking, ...]) -> dict[str, Any]:
    """Write how it stands to others: members of a qualification."""
    wholes, entitlements = [], []
    relations = {each.relation for each in stackability}
    for each in stackability:
        target = each.target
        if target is None:
            continue
        if each.relation is Stackability.PART_OF:
            wholes.append(
                Qualification(
                    id=own_id(target.url),
                    title=LanguageMap(target.name),
                    additional_note=set_of([note(each.note)] if each.note else []),
                )
            )
        elif each.relation is not Stackability.STAND_ALONE:
            entitlements.append(_entitlement(each))
    partial = True if Stackability.PART_OF in relations else None
    if partial is None and Stackability.STAND_ALONE in relations:
        partial = False
    return {
        "is_part_of": set_of(wholes),
        "entitles_to": set_of(entitlements),
        "is_partial_qualification": partial,
    }


def read_stackability(taken: Taken, found: Specification) -> list[Json]:
    """Read how it stands to others."""
    stacking = [*_read_wholes(taken, found), *_read_entitlements(taken, found)]
    if isinstance(found, Qualification):
        partial = taken.take(found, "is_partial_qualification")
        whole = any(each["relation"] == Stackability.PART_OF.value for each in stacking)
        if partial is True and not whole:
            stacking.append({"relation": Stackability.PART_OF.value})
        elif partial is False:
            stacking.append({"relation": Stackability.STAND_ALONE.value})
    return stacking


def _entitlement(stacking: Stacking) -> LearningEntitlementSpecification:
    target = stacking.target
    name = target.name if target is not None else {}
    return LearningEntitlementSpecification(
        title=LanguageMap(name),
        dc_type=word_concept(stacking.relation),
        entitlement_status=Concept.by_code(Vocabulary.ENTITLEMENT_STATUS, "5b8d6b34fb"),
        homepage=set_of([page(target.url)] if target is not None and target.url else []),
        additional_note=set_of([note(stacking.note)] if stacking.note else []),
    )


def _read_wholes(taken: Taken, found: Specification) -> Iterator[Json]:
    for each in taken.take(found, "is_part_of"):
        relation = Stackability.PART_OF.value
        if isinstance(each, str):
            if own_id(each) is not None:
                yield {"relation": relation, "target": {"name": {"en": each}, "url": each}}
            continue
        pages = taken.take(each, "homepage")
        url = own_id(each.id) or url_of(taken, pages)
        name = texts_of(taken.take(each, "title")) or {"en": "?"}
        texts = _read_remark(taken, each)
        yield told(relation=relation, target=told(name=name, url=url), note=texts)


def _read_entitlements(taken: Taken, found: Specification) -> Iterator[Json]:
    for each in taken.take(found, "entitles_to"):
        relation = word(Stackability, taken.take(each, "dc_type").id or "")
        taken.take(each, "entitlement_status")
        if relation is None:
            taken.bend(each, "dc_type", "is read as a prerequisite to what it entitles to")
        texts = _read_remark(taken, each)
        name = texts_of(taken.take(each, "title")) or {"en": "?"}
        yield told(
            relation=(relation or Stackability.PREREQUISITE_TO).value,
            target=told(name=name, url=url_of(taken, taken.take(each, "homepage"))),
            note=texts,
        )


def _read_remark(taken: Taken, found: Any) -> dict[str, str] | None:
    """Read the first note."""
    texts = None
    for each in taken.take(found, "additional_note"):
        if texts is None:
            texts = note_texts(taken, each)
        else:
            taken.leave(each)
    return texts


# The offer: what it costs, who helps to pay, the way in, and when it takes place.


def opportunity_of(
    description: MicroCredential, provider: Organisation
) -> LearningOpportunity | None:
    """Write the offer; None where nothing is said of it."""
    prior, cost = description.prior_learning, description.cost
    participation = description.participation
    schedule = participation.description if participation is not None else None
    if prior is None and cost is None and schedule is None:
        return None
    return LearningOpportunity(
        title=LanguageMap(description.title),
        provided_by=set_of([provider]),
        admission_procedure=_admission(prior) if prior is not None else None,
        schedule_information=note(schedule) if schedule else None,
        price_detail=set_of(_price(cost)),
        grant=set_of([Grant(title=LanguageMap(cost.funding))] if cost and cost.funding else []),
    )


def read_offer(taken: Taken, achievement: LearningAchievement) -> dict[str, Any]:
    """Read the offer.

    Returns:
        priorLearning, cost and schedule, as far as they are there.
    """
    found: LearningOpportunity | None = achievement.learning_opportunity
    if found is None:
        return {}
    taken.take(achievement, "learning_opportunity")
    if texts_of(found.title) == texts_of(achievement.title):
        taken.take(found, "title")
    provider = achievement.awarded_by.awarding_body
    if found.provided_by == provider:
        taken.take(found, "provided_by")
    cost: Json = {}
    for each in taken.take(found, "price_detail"):
        if cost:
            taken.leave(each, "a description has one price")
        else:
            cost = _read_price(taken, each)
    for each in taken.take(found, "grant"):
        if "funding" in cost:
            taken.leave(each, "a description tells of one grant")
        else:
            cost |= told(funding=texts_of(taken.take(each, "title")))
    return told(
        priorLearning=_read_admission(taken, found),
        cost=cost or None,
        schedule=note_texts(taken, taken.take(found, "schedule_information")),
    )


def _admission(prior: PriorLearning) -> Note:
    name = _RECOGNIZED[prior.recognized]
    said = {"en": _SAID[prior.recognized]}
    subject = own_concept("PriorLearning", said, OWN_VOCABULARY + name)
    return note(prior.note or said, subject)


def _read_admission(taken: Taken, found: LearningOpportunity) -> Json | None:
    admission = found.admission_procedure
    subject = subject_of(admission) if admission is not None else None
    if admission is None or subject not in _RECOGNIZED.values():
        return None
    taken.take(found, "admission_procedure")
    taken.take(admission, "subject")
    recognized = subject == _RECOGNIZED[True]
    texts = note_texts(taken, admission)
    more = texts if texts != {"en": _SAID[recognized]} else None
    found_json: dict[str, JsonValue] = {"recognized": recognized}
    return found_json | told(note=more)


def _price(cost: Cost | None) -> Iterator[PriceDetail]:
    if cost is None or (cost.text is None and cost.amount is None):
        return
    unit = controlled(Vocabulary.CURRENCY, cost.currency)
    amount = None
    if unit is not None and cost.amount is not None:
        amount = Amount(unit=unit, value=format(Decimal(str(cost.amount)), "f"))
    if amount is not None or cost.text:
        yield PriceDetail(
            pref_label=LanguageMap(cost.text) if cost.text else None,
            amount=amount,
        )


def _read_price(taken: Taken, found: PriceDetail) -> Json:
    amount: Amount | None = taken.take(found, "amount")
    number: float | None = None
    currency = None
    if amount is not None:
        currency = code_of(Vocabulary.CURRENCY, taken.take(amount, "unit"))
        value = Decimal(str(taken.take(amount, "value")))
        number = int(value) if value == value.to_integral_value() else float(value)
    return told(text=texts_of(taken.take(found, "pref_label")), amount=number, currency=currency)

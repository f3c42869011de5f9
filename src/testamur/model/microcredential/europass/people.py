"""Learners in the European Learning Model, both ways."""

from __future__ import annotations

from typing import Any

from testamur.model.elm import (
    Identifier,
    LanguageMap,
    LegalIdentifier,
    Person,
)
from testamur.model.microcredential import parts
from testamur.model.microcredential.europass.elements import (
    Json,
    day_of,
    own_id,
    set_of,
    texts_of,
    told,
)
from testamur.model.microcredential.europass.identifiers import (
    identifier_of,
    legal_identifier,
    mailbox,
    read_email,
    read_identifier,
)
from testamur.model.microcredential.europass.taken import Taken

__all__ = ["name_members", "read_learner"]

_NATIONAL_ID = "national identifier"


def name_members(learner: parts.Learner, *, language: str) -> dict[str, Any]:
    """Write a learner: the members of a Person beside the claim."""
    names = {
        name: LanguageMap({language: text})
        for name in ("full_name", "given_name", "family_name")
        if (text := getattr(learner, name)) and text.strip()
    }
    national: LegalIdentifier | None = None
    others: list[Identifier] = []
    for each in learner.identifiers:
        if each.scheme == _NATIONAL_ID and each.country is not None and national is None:
            national = legal_identifier(each.value, each.country)
            if national is not None:
                continue
        others.append(identifier_of(each))
    return {
        **names,
        "id": own_id(learner.id),
        "date_of_birth": learner.date_of_birth,
        "national_id": national,
        "identifier": set_of(others),
        "contact_point": mailbox(learner.email),
    }


def read_learner(taken: Taken, person: Person) -> Json:
    """Read a learner."""
    names = {}
    for name, alias in (
        ("full_name", "fullName"),
        ("given_name", "givenName"),
        ("family_name", "familyName"),
    ):
        texts = texts_of(taken.take(person, name))
        names[alias] = next(iter(texts.values())) if texts else None
    identifiers = []
    national: LegalIdentifier | None = taken.take(person, "national_id")
    if national is not None:
        identifiers.append(read_identifier(taken, national, _NATIONAL_ID))
    identifiers += [read_identifier(taken, each) for each in taken.take(person, "identifier")]
    return told(
        id=own_id(person.id),
        dateOfBirth=day_of(taken, person, "date_of_birth"),
        email=read_email(taken, person),
        identifiers=identifiers,
        **names,
    )

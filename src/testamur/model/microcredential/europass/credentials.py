"""A micro-credential as a European Digital Credential, and out of one again (ELM 3).

What the European Learning Model has a place for goes there. It is then read back, and every element
that the model did not keep is written as a note (see `notes`). So nothing is lost, and
nothing is said twice without need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from testamur.canon.strict_json import JsonObject
from testamur.errors import ModelError
from testamur.model.base import One
from testamur.model.elm import (
    Concept,
    EuropeanDigitalCredential,
    Note,
    Person,
    display_parameter,
)
from testamur.model.elm.ids import with_ids
from testamur.model.microcredential.collected import describe
from testamur.model.microcredential.description import MicroCredential
from testamur.model.microcredential.europass.achievement import (
    achievement_of,
    find_achievement,
    read_achievement,
    take_notes,
)
from testamur.model.microcredential.europass.elements import (
    code_of,
    moment_of,
    set_of,
    texts_of,
    told,
)
from testamur.model.microcredential.europass.ids import without_clashes
from testamur.model.microcredential.europass.notes import apply_notes, write_notes
from testamur.model.microcredential.europass.organisations import organisation_of, read_organisation
from testamur.model.microcredential.europass.people import name_members, read_learner
from testamur.model.microcredential.europass.quality import (
    accreditations_of_institution,
    read_accreditation,
)
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.microcredential.reading import Fate, Finding, Reading
from testamur.model.vocabularies import Vocabulary

__all__ = ["from_elm", "to_elm"]

_GENERIC = "e34929035b"
# Of what is written out more than once, so that the copies are one thing.
_ISSUER, _BODY = "urn:epass:org:1", "urn:epass:org:2"


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
    of_body = accreditations_of_institution(description.quality_assurance, language=language)
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
            has_claim=One((achievement_of(description, body, issued),)),
            **(name_members(learner, language=language) if learner is not None else {}),
        ),
    )


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
        achievement = find_achievement(taken, subject)
        members |= told(learner=read_learner(taken, subject))
        if achievement is not None:
            notes = take_notes(taken, achievement)
            members |= read_achievement(taken, achievement, issuer)
    else:
        taken.leave(subject, "only a person has achievements")
    assured: Any = members.pop("qualityAssurance", [])
    members |= told(
        qualityAssurance=[*assured, *_read_evidence(taken, credential)],
        issuer=read_organisation(taken, issuer),
        issued=_read_issued(taken, credential, members.pop("awardingDate", None)),
        validUntil=_read_end(taken, credential),
    )
    _read_display(taken, credential, members)
    return members, notes, taken


def _read_evidence(taken: Taken, credential: EuropeanDigitalCredential) -> Iterator[JsonObject]:
    """Read the accreditations among what led to the credential."""
    if all(each.accreditation is None for each in credential.evidence):
        return
    for each in taken.take(credential, "evidence"):
        if each.accreditation is None:
            taken.leave(each)
        else:
            taken.take(each, "dc_type")
            yield read_accreditation(taken, taken.take(each, "accreditation"))


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
        moment = moment_of(taken, credential, member)
        if moment is not None and found is not None and moment != found:
            taken.bend(credential, member, f"a description has one date of issuing, here {found}")
        found = found or moment
    return found


def _read_end(taken: Taken, credential: EuropeanDigitalCredential) -> str | None:
    until = moment_of(taken, credential, "valid_until")
    expires = moment_of(taken, credential, "expiration_date")
    if until is not None and expires is not None and until != expires:
        taken.bend(credential, "expiration_date", f"a description ends once, here {until}")
    return until or expires

"""From one format to another by way of a description, with a report of every member.

A credential that was converted is a new statement of whoever signs it: nothing here verifies the
source, and no signature survives. What the target needs and the source does not say is named, and
never invented.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import ModelError
from testamur.model.base import One
from testamur.model.elm import (
    EDC_GENERIC_FULL,
    Concept,
    EuropeanDigitalCredential,
    Evidence,
    LearningAchievement,
    MediaObject,
    Person,
    ShaclValidator2017,
)
from testamur.model.elm.ids import with_ids
from testamur.model.elm.profiles import Profile
from testamur.model.microcredential.description import MicroCredential
from testamur.model.microcredential.documents import Format, format_of, read_document
from testamur.model.microcredential.europass import to_elm
from testamur.model.microcredential.europass.notes import element_of
from testamur.model.microcredential.open_badges import to_open_badge
from testamur.model.microcredential.open_badges.alignments import (
    read_alignment,
)
from testamur.model.microcredential.parts import Organisation
from testamur.model.microcredential.reading import Fate, Finding, Reading
from testamur.model.ob3 import AchievementCredential
from testamur.model.vocabularies import Vocabulary, by_code, by_label

__all__ = [
    "Conversion",
    "Need",
    "elm_to_open_badge",
    "needs_of",
    "open_badge_to_elm",
    "report_on",
    "to_description",
]

_OF_THE_SOURCE: Mapping[str, str] = {
    "id": "a converted credential is a new one, with an id of its own",
    "proof": "a proof is of what was signed; whoever signs the new credential makes another",
    "credentialStatus": "the status is the source's; the new credential needs one of its own",
    "credentialSchema": "it is of the source's format",
    "credentialProfiles": "it is of the source's format",
    "refreshService": "it refreshes the source",
}
_OF_THE_FORMAT = frozenset({"@context", "type"})
_LOCAL = "urn:epass:"
_STATEMENT = (
    "The issuer of this credential has converted it from the embedded one and answers for what it"
    " says; the signature of the embedded one is not carried over."
)


@dataclass(frozen=True, slots=True)
class Need:
    """What the target needs and the source does not say.

    Attributes:
        path: where it belongs in the description. reason: why it is needed.
        remedy: what to do.
    """

    path: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """What came of converting a credential.

    Attributes:
        description: what was read of the source.
        credential: the target, unsigned; None where it needs what the source does not say.
        members: of the source, every one, and what became of it.
        needs: what the target needs and the source does not say.
        noted: the elements for which the target's model has no slot, by name; they are in its
            alignments or notes.
    """

    description: MicroCredential
    credential: AchievementCredential | EuropeanDigitalCredential | None
    members: tuple[Finding, ...]
    needs: tuple[Need, ...] = ()
    noted: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """Write the report, without the credential."""
        return {
            "members": [
                {"path": each.path, "fate": each.fate.value, "note": each.note}
                for each in self.members
            ],
            "needs": [
                {"path": each.path, "reason": each.reason, "remedy": each.remedy}
                for each in self.needs
            ],
            "noted": list(self.noted),
        }


def open_badge_to_elm(
    badge: JsonObject,
    *,
    id: str,  # noqa: A002
    pages: Mapping[str, bytes | Sequence[bytes]],
    source: bytes | None = None,
) -> Conversion:
    """Convert an Open Badge, or write a description, as a European Digital Credential.

    Args:
        badge: an Open Badge 3.0 as JSON; also a description.
        id: of the new credential.
        pages: language tag → a PNG of the new credential, or one for each page.
        source: the badge as it was received. It is embedded as evidence, and the credential is of
            the profile "converted"; without it, of the profile "generic".

    Raises:
        ModelError: it is no badge, or an image is no PNG.
    """
    reading = read_document(badge)
    members = tuple(report_on(badge, reading))
    needs = tuple(needs_of(reading.description, Format.ELM))
    if needs:
        return Conversion(reading.description, None, members, needs)
    credential = to_elm(reading.description, id=id, pages=pages)
    if source is not None:
        credential = _converted(credential, source)
    return Conversion(
        reading.description, credential, members, noted=tuple(_noted_in_elm(credential))
    )


def elm_to_open_badge(
    credential: JsonObject,
    *,
    id: str,  # noqa: A002
) -> Conversion:
    """Convert a European Digital Credential, or write a description, as an Open Badge.

    Args:
        credential: a European Digital Credential as JSON, of a sealed one its payload; also a
            description.
        id: of the new credential.

    Raises:
        ModelError: it is no European Digital Credential.
    """
    reading = read_document(credential)
    members = tuple(report_on(credential, reading))
    needs = tuple(needs_of(reading.description, Format.OPEN_BADGE))
    if needs:
        return Conversion(reading.description, None, members, needs)
    badge = to_open_badge(reading.description, id=id)
    achievement = badge.credential_subject.achievement
    found = (
        str(each.target_framework)
        for each in achievement.alignment
        if read_alignment(each) is not None
    )
    return Conversion(reading.description, badge, members, noted=tuple(dict.fromkeys(found)))


def to_description(document: JsonObject) -> Conversion:
    """Read a credential as a description, with a report. Raises what `read_document` raises."""
    reading = read_document(document)
    return Conversion(reading.description, None, tuple(report_on(document, reading)))


def report_on(document: JsonObject, reading: Reading) -> Iterator[Finding]:
    """Yield every member of a document that was read, and what became of it.

    Not told is what belongs to the format itself: `@context`, `type`, and the numbers that Europass
    gives to the objects of a document.
    """
    found = {each.path: each for each in reading.findings}
    if format_of(document) is not Format.DESCRIPTION:
        for name, note in _OF_THE_SOURCE.items():
            if name in document:
                found.setdefault(name, Finding(name, Fate.NO_PLACE, note))
    told: set[str] = set()
    for path in _members(document, ""):
        above = next((each for each in _beginnings(path) if each in found), None)
        if above is None:
            yield found.get(path) or Finding(path, Fate.CARRIED, "")
            told.add(path)
        elif above not in told:
            yield found[above]
            told.add(above)
    yield from (each for path, each in found.items() if path not in told)


def _members(value: JsonValue, path: str) -> Iterator[str]:
    """Yield the paths of what is no object with a type of its own: texts, numbers, concepts."""
    if isinstance(value, dict) and (not path or value.get("type", "Concept") != "Concept"):
        for name, each in value.items():
            is_number = name == "id" and isinstance(each, str) and each.startswith(_LOCAL)
            if name not in _OF_THE_FORMAT and not is_number:
                yield from _members(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for position, each in enumerate(value):
            yield from _members(each, f"{path}[{position}]")
    else:
        yield path


def needs_of(description: MicroCredential, target: Format) -> Iterator[Need]:
    """Yield what a format needs and a description does not say."""
    if target is Format.DESCRIPTION:
        return
    if description.issuer is None:
        yield Need("description.issuer", "it names its issuer", "say who will sign it")
    if description.issued is None:
        yield Need("description.issued", "it has a date of issuing", "say when it was awarded")
    if target is Format.ELM:
        yield from _needs_of_elm(description)
    else:
        yield from _needs_of_badge(description)


def _needs_of_elm(description: MicroCredential) -> Iterator[Need]:
    organisations: Iterable[tuple[str, Organisation | None]] = (
        ("issuer", description.issuer),
        ("awardingBody", description.awarding_body),
    )
    for name, organisation in organisations:
        if organisation is None:
            continue
        country = organisation.address.country if organisation.address is not None else None
        if country is None or not _is_country(country):
            yield Need(
                f"description.{name}.address.country",
                "the European Learning Model demands the country of every organisation",
                "add it as two letters, as IE",
            )


def _needs_of_badge(description: MicroCredential) -> Iterator[Need]:
    if description.id is None:
        yield Need(
            "description.id",
            "an achievement has a URL of its own, the same for all who earn it",
            "add the page of the micro-credential",
        )
    if description.issuer is not None and description.issuer.id is None:
        yield Need(
            "description.issuer.id",
            "whoever signs a badge is found by this id",
            "add the issuer's DID or URL, as did:web:uni.example",
        )
    learner = description.learner
    if learner is None or not learner.to_json():
        yield Need(
            "description.learner", "a badge is somebody's", "add who earned it: an id or an e-mail"
        )


def _is_country(code: str) -> bool:
    try:
        by_code(Vocabulary.COUNTRY, code)
    except ModelError:
        return False
    return True


def _noted_in_elm(credential: EuropeanDigitalCredential) -> Iterator[str]:
    person = credential.credential_subject
    claims = person.has_claim if isinstance(person, Person) else ()
    for claim in claims:
        notes = claim.additional_note if isinstance(claim, LearningAchievement) else ()
        for each in notes:
            if element_of(each) is not None and each.subject and each.subject.pref_label:
                yield each.subject.pref_label.text("en")


def _converted(credential: EuropeanDigitalCredential, source: bytes) -> EuropeanDigitalCredential:
    """Make a credential one of the profile "converted", with its source as evidence."""
    is_json = source.lstrip().startswith(b"{")  # else it is a compact JWS
    embedded = MediaObject(
        content=base64.b64encode(source).decode("ascii"),
        content_type=Concept.by_code(Vocabulary.FILE_TYPE, "JSON" if is_json else "TXT"),
        content_encoding=Concept.of(by_label(Vocabulary.ENCODING, "base64")),
    )
    evidence = Evidence(
        dc_type=Concept.of(by_label(Vocabulary.EVIDENCE_TYPE, "Conversion")),
        evidence_statement=_STATEMENT,
        embedded_evidence=One((embedded,)),
    )
    schemas = (ShaclValidator2017(id=EDC_GENERIC_FULL), ShaclValidator2017(id=Profile.CONVERTED))
    changed = credential.model_copy(
        update={
            "credential_schema": schemas,
            "credential_profiles": One((Concept.of(by_label(Vocabulary.CREDENTIAL, "Converted")),)),
            "evidence": One((evidence,)),
        }
    )
    return with_ids(changed)


def _beginnings(path: str) -> Iterator[str]:
    """Yield what leads to a path: "a", "a.b" and "a.b[0]" of "a.b[0].c"."""
    for position, character in enumerate(path):
        if character in ".[":
            yield path[:position]

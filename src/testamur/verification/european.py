"""What a European Digital Credential says, for people to read.

Reads the original document, since that is what was signed or sealed. A thing that stands in it by
its id alone is looked up where it is described. Members of an unexpected kind are left out here;
the schema check names them.

Source: European Learning Model 3.1, application profile EDC-generic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.verification.report import Aligned, Evidence, ResultShown

__all__ = ["EUROPEAN", "european_contents", "is_european", "subject_emails"]

EUROPEAN = "EuropeanDigitalCredential"

_DURATION = lazy_pattern(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:[\d.]+S)?)?"
)
_UNITS = ("year", "month", "week", "day", "hour", "minute")
_ESCO = "http://data.europa.eu/esco/"
_CLAIMS = {
    "LearningAchievement": "Learning achievement",
    "LearningActivity": "Learning activity",
    "LearningAssessment": "Assessment",
    "LearningEntitlement": "Entitlement",
}


def is_european(document: JsonObject) -> bool:
    """Whether a document calls itself a European Digital Credential."""
    types = document.get("type")
    return types == EUROPEAN or (isinstance(types, list) and EUROPEAN in types)


def subject_emails(subject: JsonObject) -> list[str]:
    """The e-mail addresses of a learner, each without `mailto:`."""
    boxes = [
        box
        for contact in _objects(subject.get("contactPoint"))
        for box in _items(contact.get("emailAddress"))
    ]
    ids = [box.get("id") if isinstance(box, dict) else box for box in boxes]
    return [each[7:] for each in ids if isinstance(each, str) and each.startswith("mailto:")]


def european_contents(document: JsonObject) -> dict[str, Any]:
    """Return the members of `Contents` that a European Digital Credential fills in its own way.

    Of several claims the first achievement is the one that is told about; the others are named.
    """
    read = _Reader(document)
    people = read.all(document.get("credentialSubject"))
    person = people[0] if len(people) == 1 else {}  # of several, none is "the" recipient
    claims = read.all(person.get("hasClaim"))
    main = next((each for each in claims if _is_a(each, "LearningAchievement")), None)
    main = main if main is not None else next(iter(claims), {})
    display = read.one(document.get("displayParameter"))
    issuer = read.one(document.get("issuer"))
    about = read.one(main.get("specifiedBy"))
    awarded = read.one(main.get("awardedBy"))
    bodies = read.all(awarded.get("awardingBody"))
    assessments = read.all(main.get("provenBy"))
    return {
        "name": _words(display.get("title")) or _words(main.get("title")),
        "description": _words(display.get("description")),
        "issuer_name": _name(issuer),
        "issuer_country": read.country(issuer),
        "recipient": _person(person),
        "achievement_id": _text(about.get("id")),
        "achievement_name": _words(main.get("title")) or _words(about.get("title")),
        "achievement_type": _joined(read.labels(about.get("dcType"))) or _kind(main),
        "achievement_description": _words(main.get("description"))
        or _words(about.get("description")),
        "criteria": read.note(about.get("learningOutcomeSummary")),
        "field_of_study": _joined(read.labels(about.get("thematicArea"))),
        "awarding_bodies": tuple(filter(None, map(read.organisation, bodies))),
        "awarded_on": _text(awarded.get("awardingDate")),
        "credits": _joined(read.credits(main, about)),
        "level": _joined(read.levels(about)),
        "workload": _workload(main, about, read),
        "participation": _joined(read.modes(main, about)),
        "assessment": _joined(read.assessment_kinds(assessments)),
        "supervision": _joined(
            label for each in assessments for label in read.labels(each.get("idVerification"))
        ),
        "requirements": read.note(about.get("entryRequirement")),
        "quality_assurance": tuple(read.accreditations(document, about, bodies)),
        "outcomes": tuple(read.outcomes(about)),
        "parts": tuple(_titles(read.all(main.get("hasPart")) or read.all(about.get("hasPart")))),
        "other_claims": tuple(
            f"{_words(each.get('title')) or 'without a title'} ({_kind(each)})"
            for each in claims
            if each is not main
        ),
        "language": _joined(read.labels(about.get("language")))
        or _joined(read.labels(display.get("primaryLanguage"))),
        "alignments": tuple(read.skills(about)),
        "results": tuple(read.results(assessments)),
        "evidence": tuple(read.evidence(document)),
    }


class _Reader:
    """Looks up things that a credential describes in one place and refers to in others."""

    def __init__(self, document: JsonObject) -> None:
        self._described: dict[str, JsonObject] = {}
        waiting: list[JsonValue] = [document]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                identifier = value.get("id")
                if isinstance(identifier, str) and len(value) > 1:
                    self._described.setdefault(identifier, value)
                waiting += value.values()

    def all(self, value: JsonValue) -> list[JsonObject]:
        """The objects of a member, those that stand there by their id alone included.

        One that stands there twice, as the id alone may be put beside it, is there once.
        """
        found: list[JsonObject] = []
        for item in _items(value):
            identifier = item.get("id") if isinstance(item, dict) and len(item) == 1 else item
            if isinstance(identifier, str):
                item = self._described.get(identifier, {"id": identifier})
            if isinstance(item, dict) and not ("id" in item and item in found):
                found.append(item)
        return found

    def one(self, value: JsonValue) -> JsonObject:
        """The first object of a member, or an empty one."""
        return next(iter(self.all(value)), {})

    def labels(self, value: JsonValue) -> list[str]:
        """What controlled values are called; one without a label by the end of its IRI."""
        found = []
        for each in self.all(value):
            label = _words(each.get("prefLabel")) or _text(each.get("id"))
            if label is not None:
                found.append(label if "prefLabel" in each else label.rpartition("/")[2] or label)
        return found

    def note(self, value: JsonValue) -> str | None:
        return _words(self.one(value).get("noteLiteral"))

    def country(self, agent: JsonObject) -> str | None:
        addresses = [
            address
            for location in self.all(agent.get("location"))
            for address in self.all(location.get("address"))
        ]
        codes = [label for each in addresses for label in self.labels(each.get("countryCode"))]
        return _joined(codes)

    def organisation(self, agent: JsonObject) -> str | None:
        """Its name, and the country it is in."""
        name, country = _name(agent) or _text(agent.get("id")), self.country(agent)
        return f"{name}, {country}" if name is not None and country is not None else name

    def credits(self, claim: JsonObject, about: JsonObject) -> Iterator[str]:
        """What was received; where nothing is said of that, what can be."""
        for each in self.all(claim.get("creditReceived")) or self.all(about.get("creditPoint")):
            point, framework = _text(each.get("point")), _joined(self.labels(each.get("framework")))
            if point is not None:
                yield f"{point} ({framework})" if framework is not None else point

    def levels(self, about: JsonObject) -> Iterator[str]:
        for label in self.labels(about.get("eqfLevel")):
            yield f"{label} of the European Qualifications Framework"
        yield from self.labels(about.get("nqfLevel"))
        yield from self.labels(about.get("educationLevel"))

    def modes(self, claim: JsonObject, about: JsonObject) -> list[str]:
        """How one takes part: of the whole, or else of its activities."""
        activities = [
            self.one(each.get("specifiedBy")) for each in self.all(claim.get("influencedBy"))
        ]
        inside = [label for each in activities for label in self.labels(each.get("mode"))]
        return self.labels(about.get("mode")) or inside

    def assessment_kinds(self, assessments: list[JsonObject]) -> Iterator[str]:
        for each in assessments:
            about = self.one(each.get("specifiedBy"))
            kinds = [*self.labels(about.get("dcType")), *self.labels(about.get("mode"))]
            said = _joined([*self.labels(each.get("dcType")), *kinds])
            if said is not None:
                yield said

    def results(self, assessments: list[JsonObject]) -> Iterator[ResultShown]:
        for each in assessments:
            yield ResultShown(
                name=_words(each.get("title")),
                value=self.note(each.get("grade")),
                status=_joined(self.labels(each.get("gradeStatus"))),
            )

    def accreditations(
        self, document: JsonObject, about: JsonObject, bodies: list[JsonObject]
    ) -> Iterator[str]:
        evidence = self.all(document.get("evidence"))
        for holder in (about, *bodies, *evidence):
            for each in self.all(holder.get("accreditation")):
                by = _name(self.one(each.get("accreditingAgent")))
                kind = _joined(self.labels(each.get("dcType")))
                said = [_words(each.get("title")), kind, f"by {by}" if by is not None else None]
                shown = _joined(text for text in said if text is not None)
                if shown is not None:
                    yield shown

    def outcomes(self, about: JsonObject) -> Iterator[str]:
        return _titles(self.all(about.get("learningOutcome")))

    def skills(self, about: JsonObject) -> Iterator[Aligned]:
        """The skills that the learning outcomes are linked with."""
        seen = set()
        for outcome in self.all(about.get("learningOutcome")):
            for member in ("relatedESCOSkill", "relatedSkill"):
                for each in self.all(outcome.get(member)):
                    url, name = _text(each.get("id")), _words(each.get("prefLabel"))
                    if url is not None and url not in seen:
                        seen.add(url)
                        framework = "ESCO" if url.startswith(_ESCO) else None
                        yield Aligned(name=name or url, url=url, framework=framework)

    def evidence(self, document: JsonObject) -> Iterator[Evidence]:
        for each in self.all(document.get("evidence")):
            yield Evidence(
                name=_joined(self.labels(each.get("dcType"))),
                url=None,
                narrative=_text(each.get("evidenceStatement")),
            )


def _workload(claim: JsonObject, about: JsonObject, read: _Reader) -> str | None:
    """How much learning it takes: of the whole, or else of its activities."""
    activities = read.all(claim.get("influencedBy"))
    said = [about.get("volumeOfLearning")]
    said += [each.get("workload") for each in activities]
    said += [read.one(each.get("specifiedBy")).get("volumeOfLearning") for each in activities]
    # In an array it is the same statement, and must not give way to the next.
    texts = (each for value in said for each in _items(value) if isinstance(each, str))
    return next(map(_in_words, texts), None)


def _in_words(duration: str) -> str:
    """Say an `xsd:duration` in words: "PT60H" is "60 hours"; what is none stays as it is."""
    match = _DURATION.fullmatch(duration)
    parts = zip(match.groups(), _UNITS, strict=True) if match is not None else ()
    said = [f"{count} {unit}{'' if count == '1' else 's'}" for count, unit in parts if count]
    return " ".join(said) or duration


def _person(person: JsonObject) -> str | None:
    full = _words(person.get("fullName")) or _words(person.get("legalName"))
    parts = (_words(person.get("givenName")), _words(person.get("familyName")))
    return full or " ".join(filter(None, parts)) or _text(person.get("id"))


def _name(agent: JsonObject) -> str | None:
    return (
        _words(agent.get("legalName"))
        or _words(agent.get("prefLabel"))
        or _words(agent.get("altLabel"))
        or _words(agent.get("fullName"))
    )


def _titles(things: Iterable[JsonObject]) -> Iterator[str]:
    return (title for each in things if (title := _words(each.get("title"))) is not None)


def _kind(claim: JsonObject) -> str:
    return next((words for name, words in _CLAIMS.items() if _is_a(claim, name)), "Claim")


def _is_a(thing: JsonObject, name: str) -> bool:
    return name in _items(thing.get("type"))


def _words(value: JsonValue) -> str | None:
    """The text of a language map: in English where there is one, else in its first language."""
    if not isinstance(value, dict):
        return _text(value)
    english = (text for tag, text in value.items() if tag.lower().split("-")[0] == "en")
    chosen = next((each for each in (*english, *value.values()) if _text(each) is not None), None)
    return _joined(each for each in _items(chosen) if isinstance(each, str))


def _joined(texts: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(texts)) or None


def _text(value: JsonValue) -> str | None:
    first = next(iter(_items(value)), None)
    if isinstance(first, (int, float)) and not isinstance(first, bool):
        return f"{float(first):.15g}"
    return first if isinstance(first, str) and first else None


def _items(value: JsonValue) -> list[JsonValue]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _objects(value: JsonValue) -> list[JsonObject]:
    return [item for item in _items(value) if isinstance(item, dict)]

"""European Digital Credentials (European Learning Model 3.1) against what is published of them.

The official sample, the minimal credential, and the shapes of the six profiles. Our check and the
shapes, run by pyshacl on a graph that pyld made, judge the same documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

import elm_documents as documents
from elm_documents import at, concept, minimal, note, paths, with_value, without
from shacl_oracle import FILES, conforms
from shared_data import folder, params, read_text
from testamur.canon.strict_json import parse, parse_object
from testamur.errors import CanonicalizationError
from testamur.model.elm import EuropeanDigitalCredential, Findings, Shapes, examine_document

Document = dict[str, Any]

AP = "http://data.europa.eu/snb/model/ap/edc-"
ADDRESS = ("issuer", "location", "address")
DISPLAY = ("displayParameter", "individualDisplay")
IMAGE = (*DISPLAY, "displayDetail", "image")
CLAIM = ("credentialSubject", "hasClaim")
NATIONS = ("countryCode", "spatial")


def sample(name: str) -> Any:
    text = read_text(f"elm/samples/Sample-MC-Annex1-{name}.jsonld")
    return parse(parse_object(text)["payload"] if name == "signed" else text)  # type: ignore[arg-type]


def accepts(found: Findings) -> bool:
    return not found.faults and not found.at_sealing


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.read(*folder("elm/shapes").glob("*.ttl"))


@pytest.mark.parametrize("name", ["unsigned", "signed"])
def test_official_sample_is_read_and_written_again_as_it_was(name: str) -> None:
    document = sample(name)
    credential = EuropeanDigitalCredential.from_json(document)
    assert json.dumps(credential.to_json(), sort_keys=True) == json.dumps(document, sort_keys=True)


def test_minimal_credential_is_read_and_written_again_as_it_was() -> None:
    assert EuropeanDigitalCredential.from_json(minimal()).to_json() == minimal()


def test_sealed_sample_has_no_fault_and_the_unsealed_lacks_what_sealing_adds() -> None:
    assert accepts(examine_document(sample("signed")))
    found = examine_document(sample("unsigned"))
    assert found.faults == ()
    assert [each.path for each in found.at_sealing] == [
        "credential.issued",
        "credential.issuer.eIDASIdentifier",
    ]


@pytest.mark.parametrize("profile", ["generic-no-cv", "generic-full"])
def test_minimal_credential_passes_both_generic_profiles(profile: str, shapes: Shapes) -> None:
    assert conforms(minimal(), profile)
    assert shapes.find_violations(minimal(), profiles=[AP + profile]) == ()
    assert examine_document(minimal()) == Findings()


def test_shapes_say_of_the_unsealed_sample_what_the_standard_says(shapes: Shapes) -> None:
    found = shapes.find_violations(sample("unsigned"))
    assert [(each.path, each.severity) for each in found] == [
        ("credential.issued", "Violation"),
        ("credential.issuer.eIDASIdentifier", "Violation"),
    ]
    assert shapes.find_violations(sample("signed")) == ()


# --- profiles: a credential that fulfils each, and each without one thing that it asks for


def of_profile(name: str) -> Document:
    ours = documents
    evidence = ours.evidence
    found: dict[str, Callable[[], Document]] = {
        "generic-full": lambda: minimal(),
        "accredited": lambda: ours.of_profile(
            "accredited",
            "c_ae121a00",
            evidence=evidence("c_991b06c6", accreditation=ours.accreditation(40)),
        ),
        "diploma-supplement": ours.diploma_supplement,
        "converted": lambda: ours.of_profile(
            "converted",
            "c_7e400154",
            evidence=evidence("c_c4f849d7", embeddedEvidence=ours.media_object(40)),
        ),
        "issued-by-mandate": lambda: ours.of_profile(
            "issued-by-mandate",
            "c_9a31f32a",
            evidence=evidence("c_18016257", evidenceStatement="Mandated."),
        ),
    }
    return found[name]()


QUALIFICATION = (*CLAIM, "specifiedBy")
ASKED_FOR: dict[str, list[tuple[str | int, ...]]] = {
    "accredited": [("evidence",), ("evidence", "accreditation")],
    "diploma-supplement": [
        ("evidence",),
        ("evidence", "accreditation"),
        ("credentialSubject", "fullName"),
        ("credentialSubject", "dateOfBirth"),
        (*CLAIM, "creditReceived"),
        (*CLAIM, "provenBy"),
        *[
            (*QUALIFICATION, member)
            for member in (
                *("language", "mode", "thematicArea", "maximumDuration", "learningOutcome"),
                *("awardingOpportunity", "hasPart", "nqfLevel"),
            )
        ],
    ],
    "converted": [("evidence",), ("evidence", "embeddedEvidence")],
    "issued-by-mandate": [("evidence",), ("evidence", "evidenceStatement")],
}


@pytest.mark.parametrize("profile", [each for each in FILES if each != "generic-no-cv"])
def test_credential_of_a_profile_passes_our_check_and_the_shapes(
    profile: str, shapes: Shapes
) -> None:
    document = of_profile(profile)
    assert examine_document(document) == Findings()
    assert conforms(document, profile)
    assert shapes.find_violations(document) == ()


@pytest.mark.parametrize(
    ("profile", "path"),
    [(profile, path) for profile, found in ASKED_FOR.items() for path in found],
    ids=lambda value: value if isinstance(value, str) else ".".join(map(str, value)),
)
def test_what_a_profile_asks_for_is_missed_by_our_check_and_by_the_shapes(
    profile: str, path: tuple[str | int, ...], shapes: Shapes
) -> None:
    document = without(of_profile(profile), path)
    faults = examine_document(document).faults
    assert [each.path for each in faults] == [".".join(("credential", *map(str, path)))]
    assert "(the profile" in faults[0].reason
    assert [each.path for each in shapes.find_violations(document)] == [faults[0].path]


def test_accredited_credential_claims_one_achievement_alone() -> None:
    document = of_profile("accredited")
    claims = [at(document, CLAIM), documents.achievement(50)]
    document = with_value(document, CLAIM, claims)
    (fault,) = examine_document(document).faults
    assert fault.path == "credential.credentialSubject.hasClaim"
    assert not conforms(document, "accredited")


def test_profile_may_be_asked_of_a_credential_that_does_not_name_it(shapes: Shapes) -> None:
    found = examine_document(minimal(), profiles=[documents.profile("converted")])
    assert [each.path for each in found.faults] == ["credential.evidence"]
    by_shapes = shapes.find_violations(minimal(), profiles=[f"{AP}converted"])
    assert [each.path for each in by_shapes] == ["credential.evidence"]


# --- the minimal credential with one thing left out


def removals() -> dict[str, tuple[str | int, ...]]:
    """Each member of the minimal credential; of concepts of one member's kind, the first."""
    document, seen, found = minimal(), set[tuple[Any, ...]](), {}
    for path in paths(document):
        parent = at(document, path[:-1])
        kind = parent.get("type") if isinstance(parent, dict) else None
        sort = (str(kind), path[-1], *(path[-3:] if kind in ("Concept", "ConceptScheme") else ()))
        if path[0] != "@context" and sort not in seen:
            seen.add(sort)
            found[".".join(map(str, path))] = path
    return found


STRICTER = {
    r"type(\.1)?": "the shapes are about credentials of that type alone",
    r"credentialSchema\.id": "the shapes do not ask which shapes",
    r".*\.prefLabel\.en": "an empty language map says nothing",
    r"(.*\.)?(countryCode|spatial|[lL]anguage)\.(type|inScheme|inScheme\.type|prefLabel)": (
        "the graph has what is missing from another copy of the concept"
    ),
    r"displayParameter\.primaryLanguage\..*": "the same",
    r"displayParameter\.individualDisplay\.language\.id": "the shapes do not bind this language",
    r".*\.(contentType|contentEncoding)\.inScheme\.id": "a scheme that has no IRI is none",
}
"""Where our check refuses what the shapes accept, and why."""


@pytest.mark.parametrize("path", params(removals))
def test_minimal_credential_without_a_member_is_judged_as_by_the_shapes(
    path: tuple[str | int, ...],
) -> None:
    document = without(minimal(), path)
    name = ".".join(map(str, path))
    stricter = any(re.fullmatch(pattern, name) for pattern in STRICTER)
    assert accepts(examine_document(document)) == (conforms(document) and not stricter)


# --- one thing wrong


def french(concept_of: Document) -> Document:
    return {**concept_of, "inScheme": {"id": "http://example.org/mine", "type": "ConceptScheme"}}


def changed(path: tuple[str | int, ...], value: Any) -> Callable[[], Document]:
    return lambda: with_value(minimal(), path, value)


IRELAND = concept("country", "IRL", "Ireland")

WRONG: dict[str, Callable[[], Document]] = {
    "profile of another scheme": lambda: with_value(
        minimal(), ("credentialProfiles",), french(at(minimal(), ("credentialProfiles",)))
    ),
    "bare IRI for a concept": changed((*ADDRESS, "countryCode"), "http://example.org/country/IRL"),
    "scheme without its type": changed(
        ("credentialProfiles", "inScheme"), {"id": f"{documents.SNB}/credential/25831c2"}
    ),
    "scheme as a bare IRI": changed(
        ("credentialProfiles", "inScheme"), f"{documents.SNB}/credential/25831c2"
    ),
    "two display parameters": lambda: with_value(
        minimal(),
        ("displayParameter",),
        [
            at(minimal(), ("displayParameter",)),
            {**at(minimal(), ("displayParameter",)), "id": "urn:epass:displayParameter:2"},
        ],
    ),
    "two issuers": lambda: with_value(
        minimal(), ("issuer",), [at(minimal(), ("issuer",)), documents.organisation(60)]
    ),
    "issuer without eIDAS identifier": lambda: without(minimal(), ("issuer", "eIDASIdentifier")),
    "legal name without a language": changed(("issuer", "legalName"), {"@none": "Seal Owner"}),
    "title as a string": changed(("displayParameter", "title"), "T"),
    "two full names": changed(
        ("credentialSubject", "fullName"), {"en": "Ana Andromeda", "pl": "Ana Andromeda"}
    ),
    "two titles in one language": changed(("displayParameter", "title"), {"en": ["T", "U"]}),
    "assessment without a grade": changed(
        (*CLAIM, "provenBy"),
        {
            "id": "urn:epass:learningAssessment:1",
            "type": "LearningAssessment",
            "title": {"en": "Exam"},
            "awardedBy": documents.awarded_by(61),
        },
    ),
    "awarding body that is a location": changed(
        (*CLAIM, "awardedBy", "awardingBody"), at(documents.organisation(62), ("location",))
    ),
    "page that is text": changed((*DISPLAY, "displayDetail", "page"), "one"),
    "credential status": changed(
        ("credentialStatus",), {"id": "https://example.org/1", "type": "StatusList2021Entry"}
    ),
    "terms of use": changed(("termsOfUse",), "https://example.org/terms"),
    "holder of the wrong class": changed(("holder",), note("me", 70)),
    "no claim": changed(CLAIM, []),
    "duration that is none": changed(
        (*CLAIM, "specifiedBy"),
        {
            "id": "urn:epass:qualification:1",
            "type": "Qualification",
            "title": {"en": "Q"},
            "volumeOfLearning": {"id": "urn:x:60"},
        },
    ),
    "qualification whose part is none": changed(
        (*CLAIM, "specifiedBy"),
        {
            "id": "urn:epass:qualification:1",
            "type": "Qualification",
            "title": {"en": "Q"},
            "hasPart": {
                "id": "urn:epass:learningAchievementSpec:1",
                "type": "LearningAchievementSpecification",
                "title": {"en": "S"},
            },
        },
    ),
    "link to what is not there": changed((*CLAIM, "isPartOf"), "urn:epass:learningAchievement:99"),
    "link to another class": changed((*CLAIM, "isPartOf"), "urn:epass:org:1"),
    "accreditation without a type": changed(
        ("issuer", "accreditation"), without(documents.accreditation(63), ("dcType",))
    ),
    "two copies of one id that differ in a single member": lambda: with_value(
        with_value(minimal(), (*CLAIM, "awardedBy", "awardingBody", "id"), "urn:epass:org:1"),
        (*CLAIM, "awardedBy", "awardingBody", "legalName"),
        {"en": "School"},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_by_our_check_and_by_the_shapes(name: str) -> None:
    document = WRONG[name]()
    assert not conforms(document)
    assert not accepts(examine_document(document))


OPEN: dict[str, Callable[[], Document]] = {
    "a member that is not known": changed(("issuer", "legalname"), {"en": "Seal Owner"}),
    "EQF level of what is no qualification": changed(
        (*CLAIM, "specifiedBy"),
        {
            "id": "urn:epass:learningAchievementSpec:1",
            "type": "LearningAchievementSpecification",
            "title": {"en": "S"},
            "eqfLevel": concept("eqf", "6"),
        },
    ),
    "member of no vocabulary": changed(
        ("credentialProfiles",), concept("credential", "0000000000", "Mine")
    ),
    "country by two letters": lambda: with_value(
        minimal(), ("issuer", "eIDASIdentifier", "spatial"), concept("country", "IE", "Ireland")
    ),
    "file that is not base64": changed((*IMAGE, "content"), "<png>"),
    "address of a page that is no URL": changed(
        ("issuer", "homepage"),
        {"id": "urn:epass:webResource:1", "type": "WebResource", "contentURL": "seal owner"},
    ),
    "level of completion that is text": changed(("issuer", "dateModified"), "2025-01-01T00:00:00Z"),
    "points as a number": changed(
        (*CLAIM, "creditReceived"),
        {
            "id": "urn:epass:creditPoint:1",
            "type": "CreditPoint",
            "framework": concept("education-credit", "6fcec5c5af"),
            "point": 2,
        },
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_the_open_shapes_cannot_see_is_refused_by_our_check(name: str) -> None:
    document = OPEN[name]()
    assert conforms(document)
    assert not accepts(examine_document(document))


@pytest.mark.parametrize("name", WRONG)
def test_our_way_to_the_shapes_finds_what_the_oracle_finds(name: str, shapes: Shapes) -> None:
    document = WRONG[name]()
    try:
        found = shapes.find_violations(document)
    except CanonicalizationError:
        return  # a member would be lost, which says as much
    assert found != ()

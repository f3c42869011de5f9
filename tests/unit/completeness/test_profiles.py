"""The profiles that ship: the published lists, what is complete, and what goes missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from complete import BADGE, COMPLETE, complete, without
from testamur.completeness import PROFILES, Standing, check, named_profile
from testamur.completeness.profile import Item, Looks, Need
from testamur.errors import ConfigurationError, ModelError

NOW = datetime(2026, 6, 1, tzinfo=UTC)

# Cedefop's glossary, "microcredential": "the European Union defined the mandatory elements".
EU_MANDATORY = (
    "identification of the learner",
    "title of the micro-credential",
    "country or region of the issuer",
    "awarding body",
    "date of issuing",
    "learning outcomes",
    "notional workload",
    "level",
    "type of assessment",
    "form of participation",
    "quality assurance",
)
# SWD(2021) 367, "optional elements, where relevant".
EU_OPTIONAL = (
    "prerequisites",
    "supervision and identity",
    "grade achieved",
    "integration or stackability",
    "further information",
)
# The eight transparency items of the interviews.
CEDEFOP = (
    "issuing body",
    "accreditation",
    "national or european qualifications framework",
    "learning outcomes or performance standards",
    "detailed content",
    "workload and duration",
    "mode of delivery",
    "type of assessment",
)
# National Microcredentials Framework, critical information requirements.
AUSTRALIA = (
    "title",
    "provider",
    "content",
    "learning outcomes",
    "language",
    "delivery mode",
    "date of delivery",
    "learner effort",
    "inherent requirements",
    "price and assistance",
    "assessment",
    "certification",
    "credit or other recognition",
    "quality assurance",
    "prerequisites",
)
# Qualification and Micro-credential Listing and Operational Rules 2022, rule 6.1 (a) to (g).
NEW_ZEALAND = (
    ("a", "title"),
    ("b", "credit value"),
    ("b", "level"),
    ("c", "nzsced"),
    ("d", "purpose"),
    ("d iii", "knowledge, skills and attributes"),
    ("d iv", "pathways"),
    ("e", "developer"),
    ("f", "standards"),
    ("g", "review"),
)
# SURF's schema of a microcredential, "required"; two members of it are one element here.
SURF = {
    "name": ["title"],
    "image": ["image"],
    "description": ["description"],
    "resultDescription": ["result"],
    "inLanguage": ["language"],
    "alignment": ["alignment"],
    "criteria": ["criteria"],
    "assessmentType": ["assessment-type"],
    "identityChecked": ["supervision"],
    "supervisionType": ["supervision"],
    "participationType": ["participation"],
    "ECTS": ["study-load"],
}

CONSEQUENCES = {
    ("nz", "outcomes"): {"standards"},  # standards are named at the outcomes they belong to
}
"""(profile, element) → others that cannot be there without it."""


def titles(profile: str, need: Need | None = None) -> list[str]:
    items = named_profile(profile).items
    return [each.title["en"].lower() for each in items if need in (None, each.need)]


def assert_listed(found: list[str], expected: tuple[str, ...]) -> None:
    assert len(found) == len(expected)
    for title, words in zip(found, expected, strict=True):
        assert words in title


def test_european_profile_has_the_published_elements_in_their_order() -> None:
    assert_listed(titles("eu", Need.REQUIRED), EU_MANDATORY)
    assert_listed(titles("eu", Need.RECOMMENDED), EU_OPTIONAL)
    numbers = [each.number for each in named_profile("eu").items]
    assert numbers == [str(number) for number in range(1, 17)]


def test_cedefop_profile_has_the_eight_items() -> None:
    assert_listed(titles("cedefop", Need.REQUIRED), CEDEFOP)


def test_australian_profile_has_the_fifteen_items() -> None:
    assert_listed(titles("au"), AUSTRALIA)


def test_new_zealand_profile_has_what_rule_6_lists() -> None:
    assert_listed(titles("nz"), tuple(words for _, words in NEW_ZEALAND))
    numbers = [each.number for each in named_profile("nz").items]
    assert numbers == [f"1 {letter}" for letter, _ in NEW_ZEALAND]


def test_surf_profile_requires_what_its_schema_requires() -> None:
    required = [each.id for each in named_profile("surf").items if each.need is Need.REQUIRED]
    assert set(required) == {each for ids in SURF.values() for each in ids}


def items() -> list[Any]:
    return [
        pytest.param(name, item, id=f"{name}-{item.id}")
        for name in PROFILES
        for item in named_profile(name).items
        if item.where != ("title",)  # a description without a title is none
    ]


def subject(profile: str) -> dict[str, Any]:
    looks_at_credential = named_profile(profile).looks_at is Looks.CREDENTIAL
    return BADGE if looks_at_credential else complete()


@pytest.mark.parametrize("name", PROFILES)
def test_complete_one_passes(name: str) -> None:
    report = check(subject(name), named_profile(name), now=NOW)
    lacking = {each.id: each for each in report.elements if each.standing is not Standing.THERE}
    assert lacking == {}


@pytest.mark.parametrize("name", [name for name in PROFILES if name not in ("1edtech", "lcw")])
def test_complete_one_passes_as_an_open_badge_too(name: str) -> None:
    from_badge = check(BADGE, named_profile(name), now=NOW)
    from_description = check(COMPLETE, named_profile(name), now=NOW)
    assert from_badge.elements == from_description.elements


@pytest.mark.parametrize(("name", "item"), items())
def test_what_is_taken_out_is_missing_and_nothing_else(name: str, item: Item) -> None:
    profile = named_profile(name)
    if item.where == ("awardingBody.name", "issuer.name"):
        # An organization has a name; where a badge gives none, its identifier takes the place.
        changed = complete()
        for organisation in ("awardingBody", "issuer"):
            changed[organisation]["name"] = {"en": "did:web:uni.example"}
    else:
        changed = without(subject(name), item.where)
    report = check(changed, profile, now=NOW)
    missing = {each.id for each in report.elements if each.standing is Standing.MISSING}
    assert missing == {item.id} | CONSEQUENCES.get((name, item.id), set())
    assert not [each for each in report.elements if each.standing is Standing.THIN]
    (remark, *_) = report.element(item.id).remarks
    assert remark.sentence.text


@pytest.mark.parametrize("name", PROFILES)
def test_words_are_for_people(name: str) -> None:
    for item in named_profile(name).items:
        for text in (item.why, item.write, *filter(None, (item.missing,))):
            assert text["en"].strip()
        assert item.why["en"][-1] in ".?"
        for rule in (*item.there_if, *item.useful_if):
            assert rule.say is None or rule.say["en"][-1] in ".?"


def test_unknown_name_is_an_error_that_names_the_closest() -> None:
    with pytest.raises(ConfigurationError, match="did you mean cedefop"):
        named_profile("cedefob")


@pytest.mark.parametrize("name", ["1edtech", "lcw"])
def test_profile_of_credentials_refuses_a_description(name: str) -> None:
    with pytest.raises(ModelError, match="looks at the credential itself"):
        check(COMPLETE, named_profile(name))


def standing(document: dict[str, Any], profile: str, element: str) -> Standing:
    return check(document, named_profile(profile), now=NOW).element(element).standing


WALLET_FAULTS = [
    # verifier-core: `id` must parse as a URL.
    ({"id": "badge-17"}, "id"),
    # LCW and VerifierPlus verify eddsa-rdfc-2022 and Ed25519Signature2020 alone.
    ({"proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}}, "suite"),
    # A status is checked only if it is a BitstringStatusListEntry and first.
    (
        {"credentialStatus": [{"type": "1EdTechRevocationList"}, BADGE["credentialStatus"]]},
        "status-order",
    ),
    ({"@context": ["https://uni.example/context.json"]}, "context"),
]


@pytest.mark.parametrize(("members", "element"), WALLET_FAULTS, ids=lambda value: str(value)[:30])
def test_wallet_does_not_take_it(members: dict[str, Any], element: str) -> None:
    report = check({**BADGE, **members}, named_profile("lcw"))
    missing = [each.id for each in report.elements if each.standing is Standing.MISSING]
    assert missing == [element]


def test_wallet_takes_the_older_suite() -> None:
    proof = {"type": "Ed25519Signature2020"}
    assert standing({**BADGE, "proof": proof}, "lcw", "suite") is Standing.THERE


def test_badge_with_a_suite_that_certified_readers_need_not_know() -> None:
    proof = {"type": "Ed25519Signature2020"}
    assert standing({**BADGE, "proof": proof}, "1edtech", "suite") is Standing.MISSING


def test_badge_with_an_issuer_that_is_only_an_address() -> None:
    badge = {**BADGE, "issuer": "https://uni.example"}
    assert standing(badge, "1edtech", "issuer") is Standing.MISSING


def test_credits_outside_of_surf_s_bounds_are_thin() -> None:
    document = complete()
    document["workload"]["credits"][0]["points"] = 31
    assert standing(document, "surf", "study-load") is Standing.THIN


def test_vocational_study_load_is_at_least_240_hours() -> None:
    document = complete()
    document["workload"] = {"effort": "PT239H"}
    assert standing(document, "surf", "study-load") is Standing.THIN
    document["workload"] = {"effort": "PT240H"}
    assert standing(document, "surf", "study-load") is Standing.THERE


def test_more_than_forty_credits_are_too_many_in_new_zealand() -> None:
    document = complete()
    document["workload"]["credits"] = [{"points": 41, "otherSystem": "NZQCF credits"}]
    assert standing(document, "nz", "credits") is Standing.THIN


def test_title_that_names_a_qualification_is_remarked_in_new_zealand() -> None:
    document = complete()
    document["title"] = {"en": "Diploma of sensors"}
    assert standing(document, "nz", "title") is Standing.THIN


THIN = [
    ("learningOutcomes", [{"title": {"en": "Sensors in the field."}}], "learning-outcomes"),
    ("learningOutcomes", [{"title": {"en": "TBC"}}], "learning-outcomes"),
    ("learningOutcomes", [{"title": {"en": "Sensors"}}], "learning-outcomes"),
    ("assessments", [{"title": {"en": "At the end"}}], "assessment"),
    ("qualityAssurance", [{"title": {"en": "ISO 9001"}}], "quality-assurance"),
    ("level", {"national": [{"framework": "n/a", "level": "6"}]}, "level"),
    ("level", {"national": [{"framework": "NFQ", "level": "6"}]}, "level"),
    ("workload", {"duration": "P42D"}, "workload"),
    ("participation", {"description": {"en": "In the evening."}}, "participation"),
    ("stackability", [{"relation": "part-of"}], "stackability"),
    ("prerequisites", {"en": "to be announced"}, "prerequisites"),
    ("learner", {"id": "did:example:17"}, "learner"),
    ("furtherInformation", {"en": "-"}, "further-information"),
]


@pytest.mark.parametrize(("member", "value", "element"), THIN)
def test_too_little_to_be_useful_is_thin(member: str, value: Any, element: str) -> None:
    document = {**complete(), member: value}
    report = check(document, named_profile("eu"), now=NOW)
    thin = [each.id for each in report.elements if each.standing is Standing.THIN]
    assert thin == [element]
    assert report.element(element).remarks


def test_accreditation_that_has_expired_is_thin_where_the_time_is_known() -> None:
    document = complete()
    document["qualityAssurance"][0]["validUntil"] = "2026-05-31"
    report = check(document, named_profile("eu"), now=NOW)
    assert report.element("quality-assurance").standing is Standing.THIN
    report = check(document, named_profile("eu"))
    assert report.element("quality-assurance").standing is Standing.THERE


def test_none_is_an_answer_to_what_is_needed_before() -> None:
    document = {**complete(), "prerequisites": {"en": "None"}}
    assert standing(document, "eu", "prerequisites") is Standing.THERE


def test_what_only_an_award_has_is_not_expected_of_a_description_alone() -> None:
    document = without(complete(), ("learner", "issued", "validUntil", "assessments.grade"))
    report = check(document, named_profile("eu"), now=NOW)
    na = [each.id for each in report.elements if each.standing is Standing.NOT_APPLICABLE]
    assert na == ["learner", "date", "grade"]
    assert (report.required.there, report.required.expected) == (9, 9)

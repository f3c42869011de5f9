"""European Digital Credentials: what is shown of one, and how its form is judged."""

from __future__ import annotations

from typing import Any

import pytest

import shared_data
from european_documents import concept, european_credential
from simulator import Simulator
from testamur.canon.contexts import CREDENTIALS_V1, CREDENTIALS_V2, EDC_AP
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code
from testamur.issuing import issue
from testamur.model.elm.shacl import Shapes
from testamur.secured import Secured, Securing
from testamur.verification import Policy
from testamur.verification.contents import read_contents
from testamur.verification.document_checks import check_kind, check_schema
from testamur.verification.form_checks import check_structure
from testamur.verification.recipient_check import check_recipient
from testamur.verification.report import Aligned, Answer, Contents, Evidence, ResultShown, Weight

OFFICIAL = "elm/samples/Sample-MC-Annex1-unsigned.jsonld"
ESCO = "http://data.europa.eu/esco/skill/"


def structure_of(document: JsonObject) -> Any:
    return check_structure(Secured(document=document, content=b"", securing=Securing.NONE))


def claim_of(document: JsonObject) -> Any:
    subject: Any = document["credentialSubject"]
    return subject["hasClaim"]


# What is shown.


def test_everything_of_the_official_sample_is_read() -> None:
    said = read_contents(shared_data.read_json(OFFICIAL))
    assert said == Contents(
        id="urn:credential:3ef0ac26-9a1f-41c6-871b-2b82e670907b",
        types=("VerifiableCredential", "EuropeanDigitalCredential"),
        name="Micro-Credential",
        description="has successfully completed a micro-module",
        issuer_id="urn:epass:org:1",
        issuer_name="University of Zed",
        issuer_country="Ireland",
        recipient="Ana Andromeda",
        valid_from="2022-12-31T23:00:00Z",
        achievement_id="urn:epass:qualification:1",
        achievement_name="Digital micro-credential creation",
        achievement_type="Short learning programme",
        field_of_study="Personal skills and development; Inter-disciplinary programmes and "
        "qualifications involving Information and Communication Technologies (ICTs)",
        credits="2 (European Credit Transfer System)",
        language="English",
        alignments=tuple(
            Aligned(name=name, url=url, framework="ESCO" if url.startswith(ESCO) else None)
            for name, url in (
                (
                    "stimulate creativity in the team",
                    f"{ESCO}ccdf3597-5c80-410f-896d-e1bdfa223de9",
                ),
                (
                    "communicate with target community",
                    f"{ESCO}80f308e6-0e09-404a-80cd-ec5f50f6f304",
                ),
                (
                    "establish collaborative relations",
                    f"{ESCO}326809fc-238d-40c2-881e-40042f7f2f0d",
                ),
                ("develop digital content", f"{ESCO}5fd5c985-eaaa-47aa-8314-62359c54505a"),
                ("Developing digital content", "http://data.europa.eu/snb/dcf/u69o196gu6"),
                ("Developing digital content Level 4", "http://data.europa.eu/snb/dcf/3ol5wi3605"),
            )
        ),
        results=(ResultShown(name="Digital artefact assessment", value="Pass", status=None),),
        awarding_bodies=("University of Zed, Ireland",),
        level="Level 6 of the European Qualifications Framework; RQF Level 6",
        workload="60 hours",
        participation="Blended",
        assessment="artefact assessment; Online",
        supervision="Unsupervised without ID Verification",
        requirements="The learner needs to have an EDC Online Credential Builder account, that "
        "requires an EU Login ID.",
        outcomes=("Communication, collaboration and creativity", "Developing digital content"),
    )


def test_awarding_body_is_told_apart_from_the_issuer() -> None:
    said = read_contents(european_credential("did:example:issuer"))
    assert (said.issuer_id, said.issuer_name) == ("did:example:issuer", "Example University")
    assert said.awarding_bodies == ("School of Data, Poland",)
    assert said.awarded_on == "2026-06-12T00:00:00Z"


def test_thing_that_stands_by_its_id_alone_is_looked_up() -> None:
    document = european_credential()
    claim = claim_of(document)
    body = claim["awardedBy"]["awardingBody"]
    claim["provenBy"]["assessedBy"] = body
    claim["awardedBy"]["awardingBody"] = {"id": body["id"]}
    claim["provenBy"]["awardedBy"] = {"id": claim["awardedBy"]["id"]}
    assert read_contents(document).awarding_bodies == ("School of Data, Poland",)
    claim["awardedBy"]["awardingBody"] = body["id"]
    assert read_contents(document).awarding_bodies == ("School of Data, Poland",)
    claim["awardedBy"]["awardingBody"] = {"id": "urn:epass:org:unknown"}
    assert read_contents(document).awarding_bodies == ("urn:epass:org:unknown",)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ({"en": "English", "pl": "Polish"}, "English"),
        ({"pl": "Polish", "EN-gb": "English"}, "English"),
        ({"pl": "Polish", "de": "German"}, "Polish"),
        ({"enm": "Middle English", "pl": "Polish"}, "Middle English"),
        ({"pl": "", "de": "German"}, "German"),
        ({"en": ["one", "other"]}, "one; other"),
        ("plain", "plain"),
    ],
)
def test_text_is_shown_in_english_or_else_in_its_first_language(title: Any, shown: str) -> None:
    document = european_credential()
    claim_of(document)["title"] = title
    assert read_contents(document).achievement_name == shown


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        ("PT60H", "60 hours"),
        ("PT1H", "1 hour"),
        ("P2Y6M", "2 years 6 months"),
        ("P60M", "60 months"),  # what a published sample says where it means hours
        ("PT90M", "90 minutes"),
        ("P3W", "3 weeks"),
        ("P1DT2H", "1 day 2 hours"),
        ("P", "P"),
        ("a while", "a while"),
        ("PT1.5H", "PT1.5H"),
    ],
)
def test_workload_is_told_in_words(duration: str, shown: str) -> None:
    document = european_credential()
    claim_of(document)["specifiedBy"]["volumeOfLearning"] = duration
    assert read_contents(document).workload == shown


def test_concept_without_a_label_is_shown_by_the_end_of_its_iri() -> None:
    document = european_credential()
    level = concept("http://data.europa.eu/snb/eqf/6", "http://data.europa.eu/snb/eqf/25831c2")
    claim_of(document)["specifiedBy"]["eqfLevel"] = level
    assert read_contents(document).level == "6 of the European Qualifications Framework"


def test_other_claims_are_named_and_the_first_achievement_is_told_about() -> None:
    document = european_credential()
    subject: Any = document["credentialSubject"]
    entitlement = {"type": "LearningEntitlement", "title": {"en": "Enter the second course"}}
    subject["hasClaim"] = [entitlement, subject["hasClaim"], {"type": "Claim"}]
    said = read_contents(document)
    assert said.achievement_name == "Data for Everyone"
    assert said.other_claims == (
        "Enter the second course (Entitlement)",
        "without a title (Claim)",
    )


def test_accreditation_and_parts_are_shown() -> None:
    document = european_credential()
    agency: JsonObject = {"type": "Organisation", "legalName": {"en": "Agency"}}
    accreditation: JsonObject = {
        "type": "Accreditation",
        "title": {"en": "Good programme"},
        "dcType": concept("urn:x:1", "urn:x:0", en="Program quality assurance"),
        "accreditingAgent": agency,
    }
    claim = claim_of(document)
    claim["specifiedBy"]["accreditation"] = accreditation
    claim["hasPart"] = [{"type": "LearningAchievement", "title": {"en": "Charts"}}]
    document["evidence"] = {
        "type": "Evidence",
        "dcType": concept("urn:x:2", "urn:x:0", en="Mandate"),
        "evidenceStatement": "On behalf of the school.",
    }
    said = read_contents(document)
    assert said.quality_assurance == ("Good programme; Program quality assurance; by Agency",)
    assert said.parts == ("Charts",)
    assert said.evidence == (
        Evidence(name="Mandate", url=None, narrative="On behalf of the school."),
    )


JUNK: list[Any] = [None, True, 7, 2.5, "", "x", [], [[]], [None, 7], {}, {"id": 7}, {"en": {}}]


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_member_of_an_unexpected_kind_is_left_out(junk: Any) -> None:
    document = european_credential()
    for holder in _holders(document):
        for name in list(holder):
            kept, holder[name] = holder[name], junk
            assert isinstance(read_contents(document), Contents)
            holder[name] = kept


def _holders(value: Any) -> list[Any]:
    """Every object in a document."""
    if isinstance(value, list):
        return [inner for each in value for inner in _holders(each)]
    if not isinstance(value, dict):
        return []
    return [value, *(inner for each in value.values() for inner in _holders(each))]


# How its form is judged.


def test_credential_of_a_newer_model_is_still_a_credential() -> None:
    # A verifier of Europass takes it; what this version of the model does not know is remarked.
    document = european_credential()
    claim_of(document)["ofTomorrow"] = {"en": "x"}
    assert structure_of(document).answer is Answer.PASSED
    check = check_schema(document)
    assert (check.answer, check.weight, check.code) == (
        Answer.FAILED,
        Weight.REMARK,
        Code.SCHEMA,
    )
    assert check.path == "credential.credentialSubject.hasClaim.ofTomorrow"
    assert "European Learning Model" in check.sentence


def test_credential_that_follows_the_model_is_told_so_without_a_verdict() -> None:
    check = check_schema(european_credential())
    assert (check.answer, check.weight) == (Answer.COULD_NOT_CHECK, Weight.INFORMATION)
    assert check.evidence["schema"] == "http://data.europa.eu/snb/model/ap/edc-generic-full"


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    pytest.importorskip("pyshacl", reason="the extra shacl is not installed")
    folder = shared_data.folder("elm/shapes")
    return Shapes.read(*sorted(folder.glob("*.ttl")))


def test_published_shapes_are_run_where_they_are_given(shapes: Shapes) -> None:
    policy = Policy(shapes=shapes)
    check = check_schema(european_credential(), policy)
    assert check.answer is Answer.PASSED
    unknown = {"id": "https://uni.example/shapes", "type": "ShaclValidator2017"}
    document = european_credential(credentialSchema=[unknown])
    assert check_schema(document, policy).weight is not Weight.REQUIRED


def test_what_the_published_shapes_say_is_a_remark(shapes: Shapes) -> None:
    # The members that a seal adds are not asked for here, and the shapes ask for them.
    document = european_credential()
    issuer: Any = document["issuer"]
    del issuer["eIDASIdentifier"]
    check = check_schema(document, Policy(shapes=shapes))
    assert (check.answer, check.weight, check.code) == (
        Answer.FAILED,
        Weight.REMARK,
        Code.SCHEMA,
    )
    assert "published shapes" in check.sentence


def test_what_is_probably_not_meant_is_among_the_facts() -> None:
    document = european_credential()
    claim_of(document)["specifiedBy"]["volumeOfLearning"] = "P60M"
    assert "P60M" in check_schema(document).evidence["probably not meant"]


@pytest.mark.parametrize(
    ("members", "code", "path"),
    [
        ({"issuer": None}, Code.ISSUER_INVALID, "credential.issuer"),
        ({"credentialSubject": None}, Code.NOT_CONFORMANT, "credential.credentialSubject"),
        ({"validFrom": "2026-06-15"}, Code.VALIDITY_MALFORMED, "credential.validFrom"),
        (
            {"validFrom": None, "issuanceDate": None},
            Code.NOT_CONFORMANT,
            "credential.validFrom",
        ),
        ({"id": "not a url"}, Code.NOT_CONFORMANT, "credential.id"),
        (
            {"@context": [EDC_AP]},
            Code.CONTEXT_REJECTED,
            "credential.@context[0]",
        ),
        (
            {"@context": [CREDENTIALS_V2, EDC_AP]},
            Code.CONTEXT_REJECTED,
            "credential.@context[0]",
        ),
    ],
)
def test_credential_that_lacks_what_every_credential_has_is_refused(
    members: dict[str, Any], code: Code, path: str
) -> None:
    check = structure_of(european_credential(**members))
    assert (check.answer, check.code, check.path) == (Answer.FAILED, code, path)
    assert check.weight is Weight.REQUIRED


def test_context_that_is_written_inside_departs_from_the_model() -> None:
    members: dict[str, Any] = {"@context": [CREDENTIALS_V1, EDC_AP, {"x": "urn:x"}]}
    check = check_schema(european_credential(**members))
    assert (check.answer, check.path) == (Answer.FAILED, "credential.@context[2]")


def test_context_of_version_2_beside_the_european_one_is_explained() -> None:
    members: dict[str, Any] = {"@context": [CREDENTIALS_V2, EDC_AP]}
    check = structure_of(european_credential(**members))
    assert "no processor takes that of the European Learning Model" in check.sentence


def test_status_in_a_place_of_its_own_is_remarked() -> None:
    # `status` is a text in the model; the members of such an entry mean nothing there.
    entry = {"id": "https://uni.example/status#3", "type": "StatusList2021Entry"}
    (check,) = check_kind(european_credential(status=[entry]))
    assert (check.answer, check.weight) == (Answer.COULD_NOT_CHECK, Weight.REMARK)
    assert check_kind(european_credential()) == []


@pytest.mark.parametrize(
    ("policy", "answer"),
    [
        (Policy(recipient_email="zofia@uni.example"), Answer.PASSED),
        (Policy(recipient_email="Zofia@uni.example"), Answer.FAILED),
        (Policy(recipient_id="urn:epass:person:1"), Answer.PASSED),
        (Policy(recipient_id="did:example:zofia"), Answer.FAILED),
    ],
)
def test_learner_is_known_by_the_address_of_a_contact_point(policy: Policy, answer: Answer) -> None:
    assert check_recipient(european_credential(), policy).answer is answer


def test_learner_without_an_address_cannot_be_compared_with_one() -> None:
    document = european_credential()
    subject: Any = document["credentialSubject"]
    del subject["contactPoint"]
    check = check_recipient(document, Policy(recipient_email="zofia@uni.example"))
    assert check.answer is Answer.COULD_NOT_CHECK


def test_no_template_is_made_of_one() -> None:
    # Templates know the members of Open Badges that differ between learners.
    university = Simulator()
    verifier = university.verifier()
    for number in range(20):
        document = european_credential(university.did, id=f"urn:credential:{number}")
        secured = issue(document, signer=university.signer, now=university.now)
        said = verifier.examine(secured.content).contents
        assert said is not None
        assert (said.id, said.recipient) == (f"urn:credential:{number}", "Zofia Żak")
    assert not verifier._templates._by_key

"""The classes as a whole: closed, by type, linked, made by programs."""

from __future__ import annotations

from typing import Any

import pytest

from elm_documents import achievement, minimal, organisation, person
from elm_documents import with_value as changed
from testamur.errors import Code, ModelError
from testamur.model.base import One
from testamur.model.elm import (
    Concept,
    EuropeanDigitalCredential,
    EuropeanDigitalPresentation,
    LearningAchievement,
    Mailbox,
    Organisation,
    Person,
    Qualification,
    concept,
    examine_document,
)
from testamur.model.vcdm import Credential
from testamur.model.vocabularies import Vocabulary, by_code


def first_fault(document: Any) -> tuple[str, str]:
    found = examine_document(document).faults[0]
    return found.path, found.reason


def test_misspelt_member_is_refused_with_the_nearest_right_one() -> None:
    issuer = {**organisation(1), "legalname": {"en": "A"}}
    path, reason = first_fault(minimal(issuer=issuer))
    assert path == "credential.issuer.legalname"
    assert reason == "is not a member of Organisation, which takes no others; write legalName"


def test_member_like_none_is_refused() -> None:
    _, reason = first_fault(minimal(zzzz=1))
    assert reason == (
        "is not a member of EuropeanDigitalCredential, which takes no others; remove it"
    )


def test_python_name_in_a_document_is_a_misspelt_member() -> None:
    _, reason = first_fault(minimal(valid_until="2026-01-01T00:00:00Z"))
    assert reason.endswith("write validUntil")


@pytest.mark.parametrize(
    ("types", "reason"),
    [
        ("Organization", "names none of Organisation, Person, Agent"),
        (["Organisation", "Group"], "names 'Group' beside Organisation"),
        (None, "is missing; add it"),
        ([], "names none of"),
    ],
)
def test_object_is_of_one_of_the_classes_that_the_member_takes(types: Any, reason: str) -> None:
    path, found = first_fault(changed(minimal(), ("issuer", "type"), types))
    assert path == "credential.issuer.type"
    assert reason in found


def test_superclass_may_stand_beside_the_class() -> None:
    document = changed(minimal(), ("issuer", "type"), ["Agent", "Organisation"])
    assert examine_document(document).faults == ()
    assert EuropeanDigitalCredential.from_json(document).to_json() == document


def test_all_faults_are_found_at_once_each_with_its_path() -> None:
    document = minimal(validFrom="yesterday", zzzz=1, credentialSubject=person())
    document["issuer"] = {"type": "Organisation"}
    assert [each.path for each in examine_document(document).faults] == [
        "credential.issuer.legalName",
        "credential.issuer.location",
        "credential.credentialSubject.hasClaim",
        "credential.validFrom",
        "credential.zzzz",
    ]


def test_more_faults_than_anyone_reads_are_counted() -> None:
    document = minimal(**{f"member{number}": 1 for number in range(1000)})
    faults = examine_document(document).faults
    assert len(faults) == 201
    assert faults[-1].reason == "has 800 more faults"


@pytest.mark.parametrize("value", ["urn:epass:org:1", 1, None, [], ["x"]])
def test_what_is_no_object_is_refused(value: Any) -> None:
    assert examine_document(changed(minimal(), ("issuer",), value)).faults != ()


@pytest.mark.parametrize("document", [None, [], "x", 1, {}])
def test_what_is_no_credential_is_refused(document: Any) -> None:
    assert examine_document(document).faults != ()


def test_nesting_without_end_is_refused() -> None:
    claim = achievement(1)
    for _ in range(2000):
        claim = achievement(1, hasPart=claim)
    document = minimal(credentialSubject=person(claim))
    assert examine_document(document).faults[0].code == Code.RESOURCE_LIMIT
    with pytest.raises(ModelError, match="nested too deep"):
        EuropeanDigitalCredential.from_json(document)


def test_validity_that_ends_before_it_begins_is_refused() -> None:
    path, reason = first_fault(minimal(validUntil="2020-01-01T00:00:00Z"))
    assert (path, reason) == (
        "credential.validUntil",
        "is before validFrom; write a later date",
    )


def test_context_of_another_kind_is_refused() -> None:
    contexts = [*minimal()["@context"], "https://example.org/mine"]
    path, reason = first_fault(minimal(**{"@context": contexts}))
    assert path == "credential.@context[2]"
    assert "takes its own two contexts and those of a proof" in reason


def test_context_of_a_proof_is_taken() -> None:
    contexts = [*minimal()["@context"], "https://w3id.org/security/data-integrity/v2"]
    assert examine_document(minimal(**{"@context": contexts})).faults == ()


def test_credential_is_a_credential_like_others() -> None:
    credential = EuropeanDigitalCredential.from_json(minimal())
    assert isinstance(credential, Credential)
    assert credential.issuer_id == "urn:epass:org:1"
    assert credential.subject_ids == ("urn:epass:person:9",)


# Links: a part names its whole by id


def test_part_may_name_its_whole_by_id() -> None:
    part = achievement(11, isPartOf="urn:epass:learningAchievement:10")
    document = minimal(credentialSubject=person(achievement(10, hasPart=part)))
    assert examine_document(document).faults == ()
    assert EuropeanDigitalCredential.from_json(document).to_json() == document


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("urn:epass:learningAchievement:99", "is described nowhere in the credential"),
        (
            "urn:epass:org:1",
            "is of type Organisation at credential.issuer; link to a Learning",
        ),
    ],
)
def test_link_leads_to_an_object_of_the_right_class(target: str, reason: str) -> None:
    document = minimal(credentialSubject=person(achievement(10, isPartOf=target)))
    path, found = first_fault(document)
    assert path == "credential.credentialSubject.hasClaim.isPartOf"
    assert reason in found


# Concepts


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("http://data.europa.eu/snb/credential/e34929035b", "write the whole concept"),
        ({"id": "http://data.europa.eu/snb/credential/e34929035b", "type": "Concept"}, "inScheme"),
        (1, "is a number; write a concept"),
    ],
)
def test_controlled_value_is_the_whole_concept(value: Any, reason: str) -> None:
    faults = examine_document(minimal(credentialProfiles=value)).faults
    assert reason in str(faults[0])


def test_member_of_another_vocabulary_is_refused() -> None:
    eqf = Concept.by_code(Vocabulary.EQF, "6").to_json()
    path, reason = first_fault(minimal(credentialProfiles=eqf))
    assert path == "credential.credentialProfiles.inScheme"
    assert "another vocabulary" in reason


def test_concept_is_made_of_a_term_without_writing_its_scheme() -> None:
    made = Concept.of(by_code(Vocabulary.COUNTRY, "IE"))
    assert made.to_json() == {
        "id": "http://publications.europa.eu/resource/authority/country/IRL",
        "type": "Concept",
        "inScheme": {
            "id": "http://publications.europa.eu/resource/authority/country",
            "type": "ConceptScheme",
        },
        "prefLabel": {"en": "Ireland"},
    }


def test_concept_has_its_labels_in_the_languages_that_are_asked_for() -> None:
    labels = Concept.by_code(Vocabulary.COUNTRY, "IE", languages=("en", "fr")).pref_label
    assert labels is not None
    assert labels["fr"] == "Irlande"


def test_concept_of_ones_own_has_an_id_or_gets_one() -> None:
    own = concept({"en": "artefact assessment"}, scheme="urn:epass:conceptScheme:1")
    assert own.id is None
    assert own.schemes == ("urn:epass:conceptScheme:1",)


# Made by a program


def test_credential_is_made_with_contexts_type_and_schema_filled_in() -> None:
    read = EuropeanDigitalCredential.from_json(minimal())
    made = EuropeanDigitalCredential(
        id=read.id,
        credential_profiles=read.credential_profiles,
        issuer=read.issuer,
        issued=read.issued,
        issuance_date=read.issuance_date,
        valid_from=read.valid_from,
        display_parameter=read.display_parameter,
        credential_subject=read.credential_subject,
    )
    assert made.to_json() == minimal()


def test_instance_of_another_class_is_refused() -> None:
    issuer = EuropeanDigitalCredential.from_json(minimal()).issuer
    with pytest.raises(ModelError, match="write an object"):
        LearningAchievement(title={"en": "T"}, awarded_by=issuer)  # type: ignore[arg-type]


def test_qualification_stands_where_a_specification_does() -> None:
    read = EuropeanDigitalCredential.from_json(
        minimal(
            credentialSubject=person(
                achievement(10, specifiedBy={"type": "Qualification", "title": {"en": "Q"}})
            )
        )
    )
    assert isinstance(read.credential_subject, Person)
    (claim,) = read.credential_subject.has_claim
    assert isinstance(claim, LearningAchievement)
    assert isinstance(claim.specified_by, Qualification)


def test_models_are_frozen() -> None:
    issuer = EuropeanDigitalCredential.from_json(minimal()).issuer
    assert isinstance(issuer, Organisation)
    with pytest.raises(ValueError, match="frozen"):
        issuer.legal_name = None  # type: ignore[assignment, misc]


def test_mailbox_is_a_mailto_address() -> None:
    with pytest.raises(ModelError, match="write the address as mailto:"):
        Mailbox.from_json({"id": "https://example.org/", "type": "Mailbox"})


# Presentations


def presentation(**members: Any) -> dict[str, Any]:
    return {
        "@context": minimal()["@context"],
        "type": ["VerifiablePresentation", "EuropeanDigitalPresentation"],
        "verifiableCredential": minimal(),
        **members,
    }


def test_presentation_is_read_and_written_again_as_it_was() -> None:
    read = EuropeanDigitalPresentation.from_json(presentation())
    assert read.to_json() == presentation()
    assert (
        EuropeanDigitalPresentation(verifiable_credential=One(read.verifiable_credential)).to_json()
        == presentation()
    )


def test_presentation_holds_what_a_check_has_found() -> None:
    check = {
        "id": "urn:epass:verificationCheck:1",
        "type": "VerificationCheck",
        "dcType": Concept.by_code(Vocabulary.VERIFICATION, "2f5b89b96f").to_json(),
        "verificationStatus": Concept.by_code(
            Vocabulary.VERIFICATION_STATUS, "9895008394"
        ).to_json(),
        "elmSubject": minimal()["id"],
    }
    document = presentation(verificationCheck=check)
    assert EuropeanDigitalPresentation.from_json(document).to_json() == document


def test_broken_credential_in_a_presentation_is_refused_with_its_path() -> None:
    with pytest.raises(ModelError) as raised:
        EuropeanDigitalPresentation.from_json(presentation(verifiableCredential=minimal(x=1)))
    assert raised.value.path == "presentation.verifiableCredential.x"
    assert "EuropeanDigitalCredential" in raised.value.message

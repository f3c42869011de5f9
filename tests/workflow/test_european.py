"""European Digital Credentials with a proof in the place of a seal, from issuer to employer."""

from __future__ import annotations

from typing import Any

import pytest

import unchecked
from european_documents import european_credential
from simulator import LEARNER, Simulator
from testamur.canon.contexts import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    DATA_INTEGRITY_V2,
    EDC_AP,
    STATUS_V1,
)
from testamur.canon.strict_json import JsonObject, dumps
from testamur.carry.presentation import build_presentation
from testamur.errors import CanonicalizationError, Code, ConfigurationError, ModelError
from testamur.issuing import SUITES, Mechanism, issue
from testamur.model.elm import EuropeanDigitalCredential
from testamur.model.european import ReceivedEuropeanCredential
from testamur.secured import Secured
from testamur.verification import Answer, CheckName, Verdict
from testamur.verification.report import Weight

EVERY_SUITE = pytest.mark.parametrize("mechanism", SUITES)


@pytest.fixture
def university() -> Simulator:
    return Simulator()


def issued(
    university: Simulator,
    mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022,
    **members: Any,
) -> Secured:
    document = european_credential(university.did, **members)
    return issue(document, signer=university.signer, now=university.now, mechanism=mechanism)


def of_others(university: Simulator, **members: Any) -> Secured:
    """Signed as other software would, which does not ask what we ask."""
    contexts = [CREDENTIALS_V1, EDC_AP, DATA_INTEGRITY_V2]
    document = european_credential(university.did, **{"@context": contexts, **members})
    return unchecked.sign(document, signer=university.signer, now=university.now)


# Out and in.


@EVERY_SUITE
def test_credential_is_issued_and_verified(university: Simulator, mechanism: Mechanism) -> None:
    secured = issued(university, mechanism)
    report = university.verifier().examine(secured.content)
    assert report.verdict is Verdict.GENUINE
    assert report.contents is not None
    assert report.contents.recipient == "Zofia Żak"
    assert report.contents.awarding_bodies == ("School of Data, Poland",)
    verified = university.verifier().verify(secured.content)
    assert isinstance(verified.credential, EuropeanDigitalCredential)


def test_model_is_issued_as_its_document_is(university: Simulator) -> None:
    document = european_credential(university.did)
    model = EuropeanDigitalCredential.from_json(document)
    secured = issue(model, signer=university.signer, now=university.now)
    assert secured.document == issued(university).document


@EVERY_SUITE
@pytest.mark.parametrize("member", ["expirationDate", "validUntil"])
def test_credential_expires_by_either_name(
    university: Simulator, member: str, mechanism: Mechanism
) -> None:
    dates: dict[str, Any] = {member: "2026-07-02T12:00:00Z"}
    secured = issued(university, mechanism, **dates)
    assert university.verifier().examine(secured).verdict is Verdict.GENUINE
    university.advance(days=1, seconds=1)
    assert university.verifier().examine(secured).verdict is Verdict.EXPIRED


def test_when_it_was_written_is_not_when_it_begins(university: Simulator) -> None:
    """`issued` is no member of the validity period: only the other dates are."""
    written = of_others(university, issued="2026-07-02T12:00:00Z")
    assert university.verifier().examine(written).verdict is Verdict.GENUINE
    for member in ("validFrom", "issuanceDate"):
        dates: dict[str, Any] = {member: "2026-07-02T12:00:00Z"}
        begins = issued(university, **dates)
        assert university.verifier().examine(begins).verdict is Verdict.NOT_YET_VALID


@EVERY_SUITE
def test_credential_is_withdrawn_by_a_status_list(
    university: Simulator, mechanism: Mechanism
) -> None:
    entry = university.status_entry(7).to_json()
    contexts = [CREDENTIALS_V1, EDC_AP, STATUS_V1]
    members: dict[str, Any] = {"@context": contexts, "credentialStatus": entry}
    secured = issued(university, mechanism, **members)
    assert university.verifier().examine(secured).verdict is Verdict.GENUINE
    university.revoke(7)
    university.publish()
    assert university.verifier().examine(secured).verdict is Verdict.REVOKED


def test_credential_in_a_presentation_is_examined(university: Simulator) -> None:
    badge = university.issue()
    presentation = build_presentation([issued(university), badge], holder=LEARNER)
    report = university.verifier().examine(dumps(presentation))
    assert [each.verdict for each in report.credentials] == [Verdict.GENUINE] * 2
    assert report.verdict is Verdict.GENUINE


def test_key_that_is_not_the_issuers_is_refused(university: Simulator) -> None:
    attacker = Simulator("attacker.example")
    with pytest.raises(ConfigurationError) as caught:
        issue(european_credential(university.did), signer=attacker.signer, now=university.now)
    assert caught.value.code is Code.ISSUER_MISMATCH
    contexts = [CREDENTIALS_V1, EDC_AP, DATA_INTEGRITY_V2]
    members: dict[str, Any] = {"@context": contexts}
    forged = unchecked.sign(
        european_credential(university.did, **members), signer=attacker.signer, now=university.now
    )
    university.documents |= attacker.documents
    report = university.verifier(attacker.did).examine(forged)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.ISSUER).code is Code.ISSUER_MISMATCH
    assert report.contents is None


# What is not issued.


def test_token_is_not_made_of_one(university: Simulator) -> None:
    with pytest.raises(ConfigurationError, match="not made as a JWT"):
        issued(university, Mechanism.VC_JWT)


@pytest.mark.parametrize("member", ["issued", "issuanceDate"])
def test_date_that_a_seal_would_add_is_asked_for(university: Simulator, member: str) -> None:
    without: dict[str, Any] = {member: None}
    with pytest.raises(ModelError) as caught:
        issued(university, **without)
    assert caught.value.path == f"credential.{member}"


def test_context_of_version_2_is_refused_with_what_to_do(university: Simulator) -> None:
    mixed: dict[str, Any] = {"@context": [CREDENTIALS_V2, EDC_AP]}
    with pytest.raises(ModelError) as caught:
        issued(university, **mixed)
    assert caught.value.code is Code.CONTEXT_REJECTED
    assert CREDENTIALS_V1 in caught.value.message


def test_contexts_that_cannot_stand_together_are_named(university: Simulator) -> None:
    """The context of the VC Data Model 2.0 protects `description`."""
    document: JsonObject = {
        "@context": [CREDENTIALS_V2, EDC_AP],
        "type": ["VerifiableCredential"],
        "issuer": university.did,
        "credentialSubject": {"id": LEARNER},
    }
    with pytest.raises(CanonicalizationError) as caught:
        issue(document, signer=university.signer, now=university.now)
    assert caught.value.code is Code.CONTEXT_REJECTED
    assert f"write {CREDENTIALS_V1} first" in caught.value.message


@EVERY_SUITE
@pytest.mark.parametrize("name", ["nationalId", "eIDAS\u0399dentifier", "fulName"])
def test_misspelt_member_is_refused(university: Simulator, name: str, mechanism: Mechanism) -> None:
    document = european_credential(university.did)
    subject: Any = document["credentialSubject"]
    subject[name] = {"pl": "x"}
    with pytest.raises(ModelError) as caught:
        issue(document, signer=university.signer, now=university.now, mechanism=mechanism)
    assert caught.value.path == f"credential.credentialSubject.{name}"


def test_two_copies_of_one_id_that_differ_are_refused(university: Simulator) -> None:
    document = european_credential(university.did)
    subject: Any = document["credentialSubject"]
    subject["hasClaim"]["provenBy"]["awardedBy"]["awardingDate"] = "2026-06-13T00:00:00Z"
    with pytest.raises(ModelError) as caught:
        issue(document, signer=university.signer, now=university.now)
    assert "urn:epass:awardingProcess:1" in caught.value.message


@EVERY_SUITE
def test_text_that_the_context_types_as_a_link_has_one_spelling(
    university: Simulator, mechanism: Mechanism
) -> None:
    """`dateModified` and `descriptionHtml`: the model has literals, and the context links."""
    document = european_credential(university.did)
    subject: Any = document["credentialSubject"]
    modified = {"@value": "2026-06-01T00:00:00Z", "@type": "xsd:dateTime"}
    subject["dateModified"] = modified
    secured = issue(document, signer=university.signer, now=university.now, mechanism=mechanism)
    assert university.verifier().examine(secured).verdict is Verdict.GENUINE
    for other in (
        {**modified, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
        {"@type": "xsd:dateTime", "@value": "2026-06-01T00:00:00Z", "@language": "en"},
        {"@value": "2026-06-01T00:00:00Z"},
        {"@value": 5, "@type": "xsd:dateTime"},
    ):
        respelt: Any = {**secured.document}
        respelt["credentialSubject"] = {**subject, "dateModified": other}
        report = university.verifier().examine(dumps(respelt))
        assert report.check(CheckName.COMPACTED).code is Code.NOT_CONFORMANT


# What others issued.


def test_what_departs_from_the_model_is_remarked_and_stays_readable(university: Simulator) -> None:
    """A level that is not of the list: signed by the issuer, and not as Europass has it."""
    document = european_credential(university.did)
    subject: Any = document["credentialSubject"]
    subject["hasClaim"]["specifiedBy"]["eqfLevel"]["id"] = "http://data.europa.eu/snb/eqf/9"
    secured = of_others(university, credentialSubject=subject)
    report = university.verifier().examine(secured)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    check = report.check(CheckName.SCHEMA)
    assert (check.answer, check.weight) == (Answer.FAILED, Weight.REMARK)
    assert check.path == "credential.credentialSubject.hasClaim.specifiedBy.eqfLevel.id"
    assert report.contents is not None
    verified = university.verifier().verify(secured)
    assert isinstance(verified.credential, ReceivedEuropeanCredential)
    assert verified.credential.to_json() == secured.document


def test_type_cannot_be_hidden_to_get_around_the_model(university: Simulator) -> None:
    iri = "http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential"
    secured = issued(university)
    hidden: Any = {**secured.document, "type": ["VerifiableCredential", iri]}
    report = university.verifier().examine(dumps(hidden))
    assert report.check(CheckName.COMPACTED).code is Code.NOT_CONFORMANT
    assert report.contents is None

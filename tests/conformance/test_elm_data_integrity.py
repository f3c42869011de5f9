"""European Digital Credentials secured by Data Integrity, on the published documents.

The minimal credential passes both published SHACL profiles; the other is the official sample of a
micro-credential after Annex I of the Council Recommendation. Both come without a proof, under the
contexts of the VC Data Model 1.1 and of the European Learning Model 3.1.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyoxigraph
import pytest

import shared_data
from quads import canonicalize_with_pyoxigraph
from simulator import NOW, key
from testamur.canon import compiled, general, rdfc10
from testamur.canon.contexts import (
    CREDENTIALS_V1,
    DATA_INTEGRITY_V2,
    ED25519_2020_V1,
    EDC_AP,
    Contexts,
)
from testamur.canon.strict_json import JsonObject, dumps
from testamur.errors import Code
from testamur.issuing import SUITES, Mechanism, issue
from testamur.keys.signer import Ed25519Signer
from testamur.model.elm import EuropeanDigitalCredential
from testamur.trust import AllowList
from testamur.verification import CheckName, Policy, Report, Verdict, Verifier

SIGNER = Ed25519Signer.for_did_key(key("a European university"))
ISSUER = SIGNER.verification_method.partition("#")[0]
PROOF_CONTEXT = {
    Mechanism.EDDSA_RDFC_2022: DATA_INTEGRITY_V2,
    Mechanism.EDDSA_JCS_2022: DATA_INTEGRITY_V2,
    Mechanism.ED25519_SIGNATURE_2020: ED25519_2020_V1,
}
EVERY_SUITE = pytest.mark.parametrize("mechanism", SUITES)
OVER_STATEMENTS = pytest.mark.parametrize(
    "mechanism", [Mechanism.EDDSA_RDFC_2022, Mechanism.ED25519_SIGNATURE_2020]
)


def published() -> dict[str, JsonObject]:
    """Both documents, as they are."""
    return {
        "minimal": shared_data.read_json("elm/minimal-edc.json"),
        "official": shared_data.read_json("elm/samples/Sample-MC-Annex1-unsigned.jsonld"),
    }


DOCUMENTS = shared_data.params(published)
EVERY_DOCUMENT = pytest.mark.parametrize("document", DOCUMENTS)


def to_issue(document: JsonObject) -> JsonObject:
    """The document with the issuer's key for its id, and the dates that a seal would add."""
    issuer: Any = document["issuer"]
    text = json.dumps(document).replace(json.dumps(issuer["id"]), json.dumps(ISSUER))
    dates = {"issued": "2026-06-15T00:00:00Z", "issuanceDate": "2026-06-15T00:00:00Z"}
    return {**json.loads(text), **dates}


def issued(document: JsonObject, mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022) -> JsonObject:
    return issue(to_issue(document), signer=SIGNER, now=NOW, mechanism=mechanism).document


def examined(document: JsonObject, policy: Policy | None = None) -> Report:
    trust = AllowList({ISSUER: "University of Zed"})
    return Verifier(now=NOW, trust=trust, policy=policy).examine(dumps(document))


@EVERY_SUITE
@EVERY_DOCUMENT
def test_document_is_issued_and_verified(document: JsonObject, mechanism: Mechanism) -> None:
    secured = issued(document, mechanism)
    assert secured["@context"] == [CREDENTIALS_V1, EDC_AP, PROOF_CONTEXT[mechanism]]
    report = examined(secured)
    assert report.verdict is Verdict.GENUINE
    assert report.contents is not None
    assert report.contents.recipient
    trust = AllowList({ISSUER: "University of Zed"})
    verified = Verifier(now=NOW, trust=trust).verify(dumps(secured))
    assert isinstance(verified.credential, EuropeanDigitalCredential)
    assert verified.credential.to_json() == secured


@EVERY_DOCUMENT
def test_canonical_form_is_that_of_pyoxigraph(document: JsonObject) -> None:
    ours = rdfc10.canonicalize(document)
    assert compiled.canonicalize(document, contexts=Contexts.bundled()) == ours
    assert canonicalize_with_pyoxigraph(general.to_dataset(document)) == ours


@EVERY_DOCUMENT
def test_statements_are_those_that_pyoxigraph_reads_in_the_document(document: JsonObject) -> None:
    # It expands the document itself, with the contexts put in the place of their addresses.
    urls: Any = document["@context"]
    bundled = Contexts.bundled()
    in_place: Any = [bundled.document(url)["@context"] for url in urls]
    text = json.dumps({**document, "@context": in_place})
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    theirs = "".join(sorted(f"{quad} .\n" for quad in dataset))
    assert rdfc10.canonicalize(document).decode() == theirs


def change(document: JsonObject, find: Callable[[Any], None]) -> JsonObject:
    changed: JsonObject = json.loads(dumps(document))
    find(changed)
    return changed


def claim(document: Any) -> Any:
    return document["credentialSubject"]["hasClaim"]


def retitle(document: Any) -> None:
    claim(document)["title"]["en"] += "!"


def retitle_in_another_language(document: Any) -> None:
    title = claim(document)["title"]
    title["de"] = title.pop("en")


def add_a_language(document: Any) -> None:
    claim(document)["title"]["de"] = "Titel"


def change_a_concept(document: Any) -> None:
    document["displayParameter"]["primaryLanguage"]["id"] = (
        "http://publications.europa.eu/resource/authority/language/FRA"
    )


def change_scheme(document: Any) -> None:
    document["credentialProfiles"]["inScheme"]["id"] += "x"


def change_picture(document: Any) -> None:
    image = document["displayParameter"]["individualDisplay"]["displayDetail"]["image"]
    image["content"] = "iVBORw0KGgp="


def change_a_number(document: Any) -> None:
    document["displayParameter"]["individualDisplay"]["displayDetail"]["page"] = 2


def change_the_date(document: Any) -> None:
    document["validFrom"] = "2020-01-01T00:00:00Z"


def remove_the_schema(document: Any) -> None:
    del document["credentialSchema"]


TAMPERINGS = [
    retitle,
    retitle_in_another_language,
    add_a_language,
    change_a_concept,
    change_scheme,
    change_picture,
    change_a_number,
    change_the_date,
    remove_the_schema,
]


@EVERY_SUITE
@pytest.mark.parametrize("tamper", TAMPERINGS)
@EVERY_DOCUMENT
def test_changed_document_is_not_genuine(
    document: JsonObject, tamper: Callable[[Any], None], mechanism: Mechanism
) -> None:
    report = examined(change(issued(document, mechanism), tamper))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.PROOF_INVALID
    assert report.contents is None


@EVERY_SUITE
@EVERY_DOCUMENT
def test_copy_of_a_thing_that_says_something_else_is_refused(
    document: JsonObject, mechanism: Mechanism
) -> None:
    # The label of a country stands in many places, under one id: one of them is changed.
    def relabel(changed: Any) -> None:
        body = claim(changed)["awardedBy"]["awardingBody"]
        body["location"]["address"]["countryCode"]["prefLabel"] = {"en": "Elsewhere"}

    report = examined(change(issued(document, mechanism), relabel))
    assert report.verdict is Verdict.NOT_VALID
    assert report.check(CheckName.COMPACTED).code is Code.NOT_CONFORMANT
    assert report.contents is None


@EVERY_SUITE
@EVERY_DOCUMENT
def test_member_that_the_context_has_no_term_for_is_refused(
    document: JsonObject, mechanism: Mechanism
) -> None:
    def add(changed: Any) -> None:
        changed["credentialSubject"]["nationalId"] = {"notation": "1"}

    report = examined(change(issued(document, mechanism), add))
    assert report.check(CheckName.COMPACTED).code is Code.DATA_LOSS
    assert report.contents is None


@OVER_STATEMENTS
@EVERY_DOCUMENT
def test_thing_that_was_said_twice_may_be_said_once(
    document: JsonObject, mechanism: Mechanism
) -> None:
    """The statements are the same, and so is what a reader finds."""
    secured = issued(document, mechanism)

    def refer(changed: Any) -> None:
        display = changed["displayParameter"]
        display["primaryLanguage"] = {"id": display["primaryLanguage"]["id"]}

    changed = examined(change(secured, refer))
    assert changed.verdict in (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)
    assert changed.contents == examined(secured).contents


def name_the_learner_twice(document: Any) -> None:
    learner = document["credentialSubject"]
    document["credentialSubject"] = [{"id": learner["id"]}, learner]


def name_an_assessment_twice(document: Any) -> None:
    assessment = claim(document)["provenBy"]
    claim(document)["provenBy"] = [assessment, assessment["id"]]


def put_the_workload_into_an_array(document: Any) -> None:
    # The activity says something else, which is told where the whole says nothing.
    about = claim(document)["specifiedBy"]
    about["volumeOfLearning"] = [about["volumeOfLearning"]]


@OVER_STATEMENTS
@pytest.mark.parametrize(
    "respell",
    [name_the_learner_twice, name_an_assessment_twice, put_the_workload_into_an_array],
)
def test_other_spelling_of_the_same_statements_shows_the_same(
    respell: Callable[[Any], None], mechanism: Mechanism
) -> None:
    secured = issued(published()["official"], mechanism)
    changed = examined(change(secured, respell))
    assert changed.verdict in (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)
    assert changed.contents == examined(secured).contents


@EVERY_DOCUMENT
def test_general_path_signs_the_same(document: JsonObject, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = issued(document)
    monkeypatch.setattr("testamur.canon.fast_path._general_only", 1)
    assert issued(document) == quick
    assert examined(quick).verdict is Verdict.GENUINE

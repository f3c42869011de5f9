"""The checks that need only the document: schema, evidence and related resources."""

from __future__ import annotations

import base64

import pytest

from testamur.canon.contexts import CREDENTIALS_V2, OB_3_0_3
from testamur.errors import Code
from testamur.verification import Answer
from testamur.verification.document_checks import (
    check_evidence,
    check_related_resources,
    check_schema,
    holder_id,
    issuer_id,
    subjects,
)
from testamur.verification.report import Weight
from unit.scenes import Document, credential
from unit.verification.test_form_checks import NOTHING, PASSED, answer

SHA256_OF_V2 = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
DIGEST = "sha256-" + base64.b64encode(bytes.fromhex(SHA256_OF_V2)).decode()


# 9. Schema


SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
VALIDATOR = "1EdTechJsonSchemaValidator2019"


@pytest.mark.parametrize(
    ("schemas", "expected"),
    [
        (None, NOTHING),
        ([], NOTHING),
        ({"id": SCHEMA, "type": VALIDATOR}, PASSED),
        ([{"id": SCHEMA, "type": VALIDATOR}] * 2, PASSED),
        (
            {"id": "https://x.example/s", "type": "JsonSchema"},
            (Answer.COULD_NOT_CHECK, Code.SCHEMA, Weight.INFORMATION),
        ),
        (
            [{"id": SCHEMA, "type": VALIDATOR}, {"type": "JsonSchema"}],
            (Answer.COULD_NOT_CHECK, Code.SCHEMA, Weight.REMARK),
        ),
        (
            {"id": "https://x.example/s", "type": [VALIDATOR]},
            (Answer.COULD_NOT_CHECK, Code.SCHEMA, Weight.REMARK),
        ),
        (
            {"id": f"https://evil.example/?{SCHEMA}", "type": VALIDATOR},
            (Answer.COULD_NOT_CHECK, Code.SCHEMA, Weight.REMARK),
        ),
    ],
)
def test_schema_counts_as_applied_only_where_it_is_built_in(
    schemas: object, expected: tuple[Answer, Code | None, Weight]
) -> None:
    document = credential()
    document["type"] = ["VerifiableCredential", "OpenBadgeCredential"]
    document["credentialSchema"] = schemas
    assert answer(check_schema(document)) == expected


# 9. Evidence and related resources


@pytest.mark.parametrize(
    ("evidence", "words"),
    [({"id": "urn:x:1"}, "one piece"), ([{}, {}], "2 pieces"), ([{}, "x"], "one piece")],
)
def test_evidence_is_counted_and_left_to_a_person(evidence: object, words: str) -> None:
    check = check_evidence(credential(evidence=evidence))
    assert answer(check) == (
        Answer.COULD_NOT_CHECK,
        Code.EVIDENCE_UNCHECKED,
        Weight.INFORMATION,
    )
    assert words in check.sentence


@pytest.mark.parametrize("evidence", [None, [], "https://uni.example/e"])
def test_no_evidence_is_nothing_to_check(evidence: object) -> None:
    document = {**credential(), "evidence": evidence}
    assert answer(check_evidence(document)) == NOTHING


V2 = {"id": CREDENTIALS_V2, "digestSRI": DIGEST}
OTHERS = DIGEST.replace("WZVc", "AAAA")
UNKNOWN = (Answer.COULD_NOT_CHECK, Code.RELATED_RESOURCE, Weight.INFORMATION)
DIFFERENT = (Answer.FAILED, Code.RELATED_RESOURCE, Weight.REQUIRED)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (None, NOTHING),
        (V2, PASSED),
        ([V2, {**V2, "digestMultibase": "z6Mk"}], PASSED),
        ({**V2, "digestSRI": OTHERS}, DIFFERENT),
        ([V2, {**V2, "digestSRI": OTHERS}], DIFFERENT),
        ({"id": "https://x.example/", "digestSRI": DIGEST}, UNKNOWN),
        ([V2, {"id": "https://x.example/", "digestSRI": DIGEST}], UNKNOWN),
        ({"id": OB_3_0_3, "digestSRI": DIGEST}, UNKNOWN),
        ({"id": CREDENTIALS_V2}, UNKNOWN),
        ({"id": CREDENTIALS_V2, "digestSRI": "sha384-AAAA"}, UNKNOWN),
        ({"id": CREDENTIALS_V2, "digestSRI": [DIGEST]}, UNKNOWN),
        ({"id": [CREDENTIALS_V2], "digestSRI": DIGEST}, UNKNOWN),
        ([{"id": "urn:x:1"}, {**V2, "digestSRI": OTHERS}], DIFFERENT),
    ],
)
def test_digest_is_compared_only_where_the_published_one_is_known(
    resources: object, expected: tuple[Answer, Code | None, Weight]
) -> None:
    document = {**credential(), "relatedResource": resources}
    assert answer(check_related_resources(document)) == expected


# Reading ids


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("did:x:y", "did:x:y"),
        ({"id": "did:x:y"}, "did:x:y"),
        ({}, None),
        ({"id": 5}, None),
        (None, None),
        (["did:x:y"], None),
        (5, None),
    ],
)
def test_issuer_and_holder_are_read_in_both_forms(value: object, expected: str | None) -> None:
    document: Document = {"issuer": value, "holder": value}
    assert issuer_id(document) == holder_id(document) == expected


def test_subjects_are_the_objects_among_them() -> None:
    assert subjects({}) == subjects({"credentialSubject": "x"}) == []
    assert subjects({"credentialSubject": [{"id": "a"}, "x", {}]}) == [{"id": "a"}, {}]

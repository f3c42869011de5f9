"""The official sealed sample of the European Commission (ELM 3.1, Annex I micro-credential).

Its certificate is a test seal of 2023 to 2025; its timestamps come from a test authority.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import shared_data
from testamur.errors import Code
from testamur.keys import Certificate
from testamur.loading import load
from testamur.secure import jades
from testamur.secure.seal_values import certificate_values
from testamur.secured import Securing
from testamur.trust import AllowList, SealTrust
from testamur.verification import Answer, CheckName, Policy, Report, Verdict, Verifier

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SAMPLE = "elm/samples/Sample-MC-Annex1-signed.jsonld"


def sample() -> bytes:
    return shared_data.read(SAMPLE)


def certificate_named(part: str) -> Certificate:
    """One of the certificates that the sample brings along."""
    values = certificate_values(jades.parse(sample()).signatures[0])
    return next(each for each in values if part in each.subject)


def examine(content: bytes, **trust: Any) -> Report:
    policy = Policy(seal_trust=SealTrust(**trust)) if trust else None
    known = AllowList({"eidas:VATES-A00000000": "Test organization"})
    return Verifier(now=NOW, policy=policy, trust=known).examine(content)


def anchors() -> dict[str, tuple[Certificate, ...]]:
    return {
        "anchors": (certificate_named("CN=ANF AC Qualified Certificates for eSeal,"),),
        "timestamp_anchors": (certificate_named("CN=root-ca"),),
    }


def answer(report: Report, name: CheckName) -> tuple[Answer, Code | None]:
    check = report.check(name)
    return check.answer, check.code


def test_sample_is_recognized_and_taken_apart() -> None:
    secured = load(sample())
    assert secured.securing is Securing.JADES
    assert secured.content == sample()
    assert secured.document["id"] == "urn:credential:1018d05f-21d5-4555-b7f0-8fabfd22ca75"
    signature = jades.parse(sample()).signatures[0]
    assert signature.level is jades.Level.LTA
    assert signature.signing_time == datetime(2023, 9, 27, 11, 54, 17, tzinfo=UTC)
    certificate = signature.certificates[0]
    assert certificate.organization_identifier == "VATES-A00000000"
    assert certificate.organization == "ORGANIZACION TEST"
    assert (certificate.common_name, certificate.country) == ("TEST SEAL", "ES")


def test_kid_of_sample_is_issuer_and_serial_number_of_its_certificate() -> None:
    signature = jades.parse(sample()).signatures[0]
    written = base64.b64encode(signature.certificates[0].issuer_serial).decode()
    assert written == signature.header["kid"]


def test_without_anchors_the_seal_is_unbroken_and_nobody_s() -> None:
    report = examine(sample())
    assert report.verdict is Verdict.UNFINISHED
    assert answer(report, CheckName.PROOF) == (Answer.PASSED, None)
    unknown = (Answer.COULD_NOT_CHECK, Code.CERTIFICATE_UNTRUSTED)
    assert answer(report, CheckName.CERTIFICATE) == unknown
    assert answer(report, CheckName.ISSUER) == unknown
    assert report.contents is None
    assert report.known_as is None


def test_with_an_anchor_alone_the_expired_certificate_s_time_is_not_proven() -> None:
    report = examine(sample(), anchors=anchors()["anchors"])
    assert report.verdict is Verdict.UNFINISHED
    not_proven = (Answer.COULD_NOT_CHECK, Code.SIGNING_TIME)
    assert answer(report, CheckName.CERTIFICATE) == not_proven
    assert report.contents is None


def test_with_a_time_authority_the_sample_is_genuine() -> None:
    report = examine(sample(), **anchors())
    assert report.verdict is Verdict.GENUINE, str(report)
    for name in (
        CheckName.PROOF,
        CheckName.TIMESTAMP,
        CheckName.CERTIFICATE,
        CheckName.REVOCATION,
        CheckName.ISSUER,
    ):
        assert answer(report, name)[0] is Answer.PASSED
    assert report.check(CheckName.TIMESTAMP).evidence["timestamp"] == "2023-09-27T11:54:20+00:00"
    assert report.known_as == "Test organization"


def test_report_names_the_parts_that_were_not_checked() -> None:
    level = examine(sample(), **anchors()).check(CheckName.LEVEL)
    assert level.answer is Answer.COULD_NOT_CHECK
    assert level.evidence["level"] == "B-LTA"
    assert level.evidence["not checked"] == "the archive timestamp, the timestamp of the content"


def test_anchor_of_another_authority_leads_nowhere() -> None:
    report = examine(sample(), anchors=anchors()["timestamp_anchors"])
    assert answer(report, CheckName.CERTIFICATE)[1] is Code.CERTIFICATE_UNTRUSTED
    assert report.verdict is Verdict.UNFINISHED


def test_authority_for_seals_is_none_for_time() -> None:
    own = anchors()["anchors"]
    report = examine(sample(), anchors=own, timestamp_anchors=own)
    assert answer(report, CheckName.TIMESTAMP) == (Answer.COULD_NOT_CHECK, Code.TIMESTAMP)
    assert answer(report, CheckName.CERTIFICATE)[1] is Code.SIGNING_TIME


def decoded(encoded: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    )
    return found


def encoded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def edit(change: Callable[[dict[str, Any]], None]) -> bytes:
    document = json.loads(sample())
    change(document)
    return json.dumps(document).encode()


def edit_header(change: Callable[[dict[str, Any]], None]) -> bytes:
    def apply(document: dict[str, Any]) -> None:
        signature = document["signatures"][0]
        header = decoded(signature["protected"])
        change(header)
        signature["protected"] = encoded(header)

    return edit(apply)


def payload_with(old: str, new: str) -> bytes:
    def apply(document: dict[str, Any]) -> None:
        assert document["payload"].count(old) >= 1
        document["payload"] = document["payload"].replace(old, new, 1)

    return edit(apply)


def flip(text: str, position: int) -> str:
    return text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :]


def test_outer_json_may_be_written_anew() -> None:
    # The payload is a text inside: what stands around it is not what was sealed.
    respelled = json.dumps(json.loads(sample()), indent=3, ensure_ascii=True).encode()
    assert respelled != sample()
    assert examine(respelled, **anchors()).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"TEST SEAL"', '"TEST SEAl"'),
        ('"issuanceDate":"2023', '"issuanceDate":"2022'),
        ('{"id"', '{ "id"'),
    ],
)
def test_one_changed_byte_of_the_payload_breaks_the_seal(old: str, new: str) -> None:
    report = examine(payload_with(old, new), **anchors())
    assert answer(report, CheckName.PROOF) == (Answer.FAILED, Code.PROOF_INVALID)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.contents is None


@pytest.mark.parametrize(
    "write",
    [
        lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True),
        lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=True),
        lambda value: json.dumps(value, ensure_ascii=False),
        lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n",
    ],
    ids=["key order", "unicode escapes", "spaces", "newline at the end"],
)
def test_payload_that_is_written_anew_is_not_what_was_sealed(write: Callable[[Any], str]) -> None:
    def apply(document: dict[str, Any]) -> None:
        written = write(json.loads(document["payload"]))
        assert json.loads(written) == json.loads(document["payload"])
        assert written != document["payload"]
        document["payload"] = written

    report = examine(edit(apply), **anchors())
    assert answer(report, CheckName.PROOF) == (Answer.FAILED, Code.PROOF_INVALID)


def test_payload_in_base64_is_another_payload() -> None:
    def apply(document: dict[str, Any]) -> None:
        raw = document["payload"].encode()
        document["payload"] = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    report = examine(edit(apply), **anchors())
    assert answer(report, CheckName.PARSE) == (Answer.FAILED, Code.SEAL_MALFORMED)


def test_one_changed_byte_of_the_signature_breaks_the_seal() -> None:
    def apply(document: dict[str, Any]) -> None:
        signature = document["signatures"][0]
        signature["signature"] = flip(signature["signature"], 20)

    report = examine(edit(apply), **anchors())
    assert answer(report, CheckName.PROOF) == (Answer.FAILED, Code.PROOF_INVALID)


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("sigT", "2023-09-27T11:54:18Z", Code.PROOF_INVALID),
        ("cty", "octet-strean", Code.PROOF_INVALID),
        ("alg", "PS256", Code.PROOF_INVALID),
        ("alg", "ES256", Code.SEAL_ALG),
        ("x5t#S256", "yFhiSlOALcqZZiW0-YfDctVcCXm96bUTtj5xN6pqvwR", Code.SEAL_HEADER),
    ],
)
def test_changed_protected_header_breaks_the_seal(member: str, value: str, code: Code) -> None:
    report = examine(edit_header(lambda header: header.update({member: value})), **anchors())
    assert code in report.codes
    assert report.contents is None
    assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID)


def test_one_changed_byte_of_the_certificate_breaks_the_seal() -> None:
    def apply(header: dict[str, Any], *, also_digest: bool) -> None:
        der = bytearray(base64.b64decode(header["x5c"][0]))
        der[-1] ^= 1  # in its authority's signature
        header["x5c"] = [base64.b64encode(der).decode()]
        if also_digest:
            digest = Certificate(bytes(der)).fingerprint
            header["x5t#S256"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    report = examine(edit_header(lambda header: apply(header, also_digest=False)), **anchors())
    assert Code.SEAL_HEADER in report.codes
    report = examine(edit_header(lambda header: apply(header, also_digest=True)), **anchors())
    assert answer(report, CheckName.PROOF) == (Answer.FAILED, Code.PROOF_INVALID)


def test_stripped_timestamp_leaves_the_time_unproven() -> None:
    def apply(document: dict[str, Any]) -> None:
        document["signatures"][0]["header"]["etsiU"].pop(0)

    report = examine(edit(apply), **anchors())
    assert answer(report, CheckName.TIMESTAMP)[0] is Answer.NOT_APPLICABLE
    assert answer(report, CheckName.CERTIFICATE)[1] is Code.SIGNING_TIME


def test_timestamp_of_something_else_proves_nothing() -> None:
    def apply(document: dict[str, Any]) -> None:
        parts = document["signatures"][0]["header"]["etsiU"]
        of_archive = decoded(parts[-1])["arcTst"]
        parts[0] = encoded({"sigTst": of_archive})

    report = examine(edit(apply), **anchors())
    assert answer(report, CheckName.TIMESTAMP) == (Answer.COULD_NOT_CHECK, Code.TIMESTAMP)
    assert answer(report, CheckName.CERTIFICATE)[1] is Code.SIGNING_TIME


def test_without_revocation_answers_revocation_is_not_known() -> None:
    def apply(document: dict[str, Any]) -> None:
        document["signatures"][0]["header"]["etsiU"].pop(2)

    report = examine(edit(apply), **anchors())
    expected = (Answer.COULD_NOT_CHECK, Code.REVOCATION_UNCHECKED)
    assert answer(report, CheckName.REVOCATION) == expected
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


def test_parts_may_stand_in_clear() -> None:
    # ETSI TS 119 182-1, 5.3.1: base64url-encoded, or as JSON objects.
    def apply(document: dict[str, Any]) -> None:
        header = document["signatures"][0]["header"]
        header["etsiU"] = [decoded(part) for part in header["etsiU"]]

    assert examine(edit(apply), **anchors()).verdict is Verdict.GENUINE


def test_flattened_form_is_read() -> None:
    document = json.loads(sample())
    flattened = {"payload": document["payload"], **document["signatures"][0]}
    assert examine(json.dumps(flattened).encode(), **anchors()).verdict is Verdict.GENUINE


def test_unsigned_upload_is_unwrapped() -> None:
    unsigned = shared_data.read_json("elm/samples/Sample-MC-Annex1-unsigned.jsonld")
    upload = {"credential": unsigned, "deliveryDetails": {"walletAddress": None}}
    secured = load(json.dumps(upload))
    assert secured.securing is Securing.NONE
    assert secured.document == unsigned
    assert examine(secured.content).codes >= {Code.PROOF_MISSING}

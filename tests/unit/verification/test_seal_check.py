"""Seals down the line in: certificates, time, revocation, and whose seal it is."""

from __future__ import annotations

import base64
import builtins
import json
from datetime import datetime
from typing import Any

import pytest
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto.core import ParsableOctetString
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from european_documents import european_credential
from seals import (
    DAY,
    KEYS,
    NOW,
    NUMBER,
    ORGANIZATION,
    Authority,
    credential_of,
    name,
    reseal,
    sealed,
    sealed_bytes,
    verifier,
)
from simulator import Simulator
from testamur import AllowList, Policy, VerificationError, Verifier
from testamur.canon.strict_json import dumps
from testamur.carry import bake_png
from testamur.carry.presentation import build_presentation
from testamur.errors import Code, ConfigurationError, InputError, SigningKeyError
from testamur.keys import Certificate, KeySealSigner
from testamur.loading import load, load_embedded
from testamur.secure import jades
from testamur.secure.certificate_path import CertificatePath, check_not_revoked
from testamur.secured import Secured, Securing
from testamur.trust import SealTrust, UnsafeAcceptAnyIssuer
from testamur.verification import Answer, CheckName, Report, Verdict

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
VICTIM = "did:web:victim.example"


def answer(report: Report, name: CheckName) -> tuple[Answer, Code | None]:
    check = report.check(name)
    return check.answer, check.code


def assert_certificate(report: Report, expected: Answer, code: Code | None) -> None:
    assert answer(report, CheckName.CERTIFICATE) == (expected, code), str(report)
    if expected is not Answer.PASSED:
        assert report.check(CheckName.ISSUER).answer is not Answer.PASSED
        assert report.contents is None
        assert report.known_as is None


def seal_document(document: dict[str, Any], signer: KeySealSigner) -> bytes:
    """Seal whatever stands there, as somebody with a certificate can."""
    return jades.create(dumps(document), signer=signer, now=NOW)


def with_issuer(signer: KeySealSigner, **members: Any) -> bytes:
    document: dict[str, Any] = credential_of(signer)
    issuer = {**document["issuer"], **members}
    return seal_document(
        {**document, "issuer": {key: each for key, each in issuer.items() if each is not None}},
        signer,
    )


# Good ones


@pytest.mark.parametrize("kind", KEYS)
def test_seal_below_an_intermediate_is_genuine(kind: str) -> None:
    root = Authority()
    middle = root.intermediate()
    content = sealed_bytes(middle.seal(KEYS[kind](), chain=[middle]))
    lists = [root.revocation_list(), middle.revocation_list()]
    report = verifier(root.der, revocation_lists=lists).examine(content)
    assert report.verdict is Verdict.GENUINE, str(report)
    assert report.securing == "jades"
    assert report.known_as == "Our partner"
    assert report.contents is not None
    assert report.contents.issuer_id == f"eidas:{NUMBER}"


def test_seal_is_verified_for_programs() -> None:
    root, content = sealed()
    verified = verifier(root.pem).verify(content)
    assert verified.issuer.issuer == f"eidas:{NUMBER}"
    assert verified.secured.content == content
    assert verified.credential.id == load(content).document["id"]


def test_anchor_may_be_the_seal_s_own_certificate() -> None:
    signer = Authority().seal()
    report = verifier(signer.certificates[0].der).examine(sealed_bytes(signer))
    assert_certificate(report, Answer.PASSED, None)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


def test_seal_of_somebody_unknown_is_an_unknown_issuer_s() -> None:
    root, content = sealed()
    report = verifier(root.der, trusted=None).examine(content)
    assert report.verdict is Verdict.UNKNOWN_ISSUER
    assert f"eidas:{NUMBER}" in report.check(CheckName.TRUST).sentence


def test_document_beside_the_sealed_text_is_nobody_s() -> None:
    root, content = sealed()
    copy = Secured(document={"id": "urn:forged"}, content=content, securing=Securing.JADES)
    verified = verifier(root.der).verify(copy)
    assert verified.secured.document == load(content).document


# Certificates


def test_without_anchors_nothing_is_believed() -> None:
    report = Verifier(now=NOW, trust=UnsafeAcceptAnyIssuer()).examine(sealed()[1])
    assert answer(report, CheckName.PROOF) == (Answer.PASSED, None)
    assert_certificate(report, Answer.COULD_NOT_CHECK, Code.CERTIFICATE_UNTRUSTED)
    assert report.verdict is Verdict.UNFINISHED


def test_self_signed_certificate_is_nobody_s() -> None:
    forger = Authority(name(country="PL", common="Test Root"))
    report = verifier(sealed()[0].der).examine(sealed_bytes(forger.seal(chain=[forger])))
    assert_certificate(report, Answer.COULD_NOT_CHECK, Code.CERTIFICATE_UNTRUSTED)
    assert report.verdict is Verdict.UNFINISHED


def test_certificate_without_its_intermediate_leads_nowhere() -> None:
    root = Authority()
    content = sealed_bytes(root.intermediate().seal())
    report = verifier(root.der).examine(content)
    assert_certificate(report, Answer.COULD_NOT_CHECK, Code.CERTIFICATE_UNTRUSTED)


def test_intermediate_may_come_beside_the_signature() -> None:
    root = Authority()
    middle = root.intermediate()
    signer = middle.seal()
    value = base64.b64encode(middle.der).decode()
    parts = {"etsiU": [{"xVals": [{"x509Cert": {"val": value}}]}]}
    content = reseal(sealed_bytes(signer), signer, unprotected=parts)
    assert_certificate(verifier(root.der).examine(content), Answer.PASSED, None)


def test_intermediate_that_is_no_authority_is_refused() -> None:
    root = Authority()
    school = root.intermediate(is_authority=False)
    report = verifier(root.der).examine(sealed_bytes(school.seal(chain=[school])))
    assert_certificate(report, Answer.FAILED, Code.CERTIFICATE_UNTRUSTED)
    assert report.verdict is Verdict.NOT_VALID


def test_anchor_that_is_no_authority_issues_nothing() -> None:
    school = Authority().intermediate(is_authority=False)
    report = verifier(school.der).examine(sealed_bytes(school.seal()))
    assert_certificate(report, Answer.COULD_NOT_CHECK, Code.CERTIFICATE_UNTRUSTED)


@pytest.mark.parametrize("excluded", [True, False])
def test_constraints_on_names_hold(excluded: bool) -> None:
    # RFC 5280, 4.2.1.10
    subtree = [x509.DirectoryName(name(country="PL" if excluded else "IE"))]
    constraints = x509.NameConstraints(*((None, subtree) if excluded else (subtree, None)))
    root = Authority()
    middle = root.intermediate((constraints, True))
    report = verifier(root.der).examine(sealed_bytes(middle.seal(chain=[middle])))
    assert_certificate(report, Answer.FAILED, Code.CERTIFICATE_UNTRUSTED)


def test_constraints_that_allow_the_name_allow_it() -> None:
    constraints = x509.NameConstraints([x509.DirectoryName(name(country="PL"))], None)
    root = Authority()
    middle = root.intermediate((constraints, True))
    report = verifier(root.der).examine(sealed_bytes(middle.seal(chain=[middle])))
    assert_certificate(report, Answer.PASSED, None)


def test_unknown_critical_extension_is_refused() -> None:
    foreign = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
    root = Authority()
    key = KEYS["Ed25519"]()
    subject = name(country="PL", organization="Uniwersytet Przykładowy", number=NUMBER)
    own = root.issue(subject, key, (foreign, True)).public_bytes(serialization.Encoding.DER)
    signer = KeySealSigner(key, (Certificate(own),))
    report = verifier(root.der).examine(sealed_bytes(signer))
    assert_certificate(report, Answer.FAILED, Code.CERTIFICATE_UNTRUSTED)


def test_certificate_for_encryption_does_not_seal() -> None:
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    root = Authority()
    signer = root.seal(usage=usage)
    report = verifier(root.der).examine(seal_document(dict(credential_of(signer)), signer))
    assert_certificate(report, Answer.FAILED, Code.CERTIFICATE_INVALID)


@pytest.mark.parametrize("purpose", ["SERVER_AUTH", "TIME_STAMPING", "OCSP_SIGNING"])
def test_certificate_for_another_trade_does_not_seal(purpose: str) -> None:
    # RFC 5280, 4.2.1.12: "the certificate MUST only be used for one of the purposes indicated"
    usage = x509.ExtendedKeyUsage([getattr(ExtendedKeyUsageOID, purpose)])
    root = Authority()
    signer = certified(root, (usage, True))
    report = verifier(root.der).examine(seal_document(dict(credential_of(signer)), signer))
    assert_certificate(report, Answer.FAILED, Code.CERTIFICATE_INVALID)
    with pytest.raises(SigningKeyError, match="not for seals"):
        sealed_bytes(signer)


def test_certificate_for_signed_mail_too_may_seal() -> None:
    # What the certificates of the published samples have.
    purposes = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    root = Authority()
    signer = certified(root, (x509.ExtendedKeyUsage(purposes), False))
    assert_certificate(verifier(root.der).examine(sealed_bytes(signer)), Answer.PASSED, None)


def certified(root: Authority, *extensions: tuple[x509.ExtensionType, bool]) -> KeySealSigner:
    """A seal whose certificate has further extensions."""
    key = KEYS["P-256"]()
    subject = name(country="PL", organization=ORGANIZATION, number=NUMBER, common="Uni Seal")
    own = root.issue(subject, key, *extensions).public_bytes(serialization.Encoding.DER)
    return KeySealSigner(key, (Certificate(own),))


# Time


def test_certificate_that_has_expired_since_proves_no_time() -> None:
    root = Authority()
    signer = root.seal(end=NOW + DAY)
    later = verifier(root.der, now=NOW + 2 * DAY).examine(sealed_bytes(signer))
    assert_certificate(later, Answer.COULD_NOT_CHECK, Code.SIGNING_TIME)
    assert later.verdict is Verdict.UNFINISHED
    in_time = verifier(root.der, now=NOW + DAY).examine(sealed_bytes(signer))
    assert_certificate(in_time, Answer.PASSED, None)


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("2020-01-01T00:00:00Z", Code.CERTIFICATE_EXPIRED),
        ("2026-07-01T12:00:01Z", Code.SIGNING_TIME),
    ],
    ids=["before the certificate", "in the time to come"],
)
def test_signing_time_that_cannot_be_is_refused(time: str, code: Code) -> None:
    root = Authority()
    signer = root.seal()
    report = verifier(root.der).examine(reseal(sealed_bytes(signer), signer, sigT=time))
    assert_certificate(report, Answer.FAILED, code)


def test_signing_time_after_the_certificate_is_refused() -> None:
    root = Authority()
    signer = root.seal(end=NOW + DAY)
    content = reseal(sealed_bytes(signer), signer, sigT="2026-07-03T12:00:00Z")
    report = verifier(root.der, now=NOW + 5 * DAY).examine(content)
    assert_certificate(report, Answer.FAILED, Code.CERTIFICATE_EXPIRED)


def test_expired_authority_behind_a_valid_seal_proves_nothing() -> None:
    root = Authority()
    report = verifier(root.der, now=NOW + 101 * DAY).examine(
        sealed_bytes(root.seal(end=NOW + 300 * DAY))
    )
    assert report.check(CheckName.CERTIFICATE).answer is Answer.COULD_NOT_CHECK


# Revocation


def serial(signer: KeySealSigner) -> int:
    return x509.load_der_x509_certificate(signer.certificates[0].der).serial_number


def test_revoked_certificate_is_refused() -> None:
    root = Authority()
    signer = root.seal()
    listed = root.revocation_list((serial(signer), NOW - 2 * DAY))
    report = verifier(root.der, revocation_lists=[listed]).examine(sealed_bytes(signer))
    revoked = (Answer.FAILED, Code.CERTIFICATE_REVOKED)
    assert answer(report, CheckName.REVOCATION) == revoked
    assert report.check(CheckName.ISSUER).answer is not Answer.PASSED
    assert report.contents is None
    assert report.verdict is Verdict.NOT_VALID


def test_list_that_names_others_clears_the_seal() -> None:
    root = Authority()
    listed = root.revocation_list((5, NOW - 2 * DAY))
    report = verifier(root.der, revocation_lists=[listed]).examine(sealed_bytes(root.seal()))
    assert answer(report, CheckName.REVOCATION) == (Answer.PASSED, None)
    assert report.verdict is Verdict.GENUINE


def assert_revoked(report: Report) -> None:
    revoked = (Answer.FAILED, Code.CERTIFICATE_REVOKED)
    assert answer(report, CheckName.REVOCATION) == revoked, str(report)
    assert report.verdict is Verdict.NOT_VALID
    assert report.contents is None


def bringing(signer: KeySealSigner, **values: list[bytes]) -> bytes:
    """A sealed credential with revocation data beside its signature, where anybody can put it."""
    parts = {
        key: [{"val": base64.b64encode(each).decode()} for each in values[key]] for key in values
    }
    return reseal(sealed_bytes(signer), signer, unprotected={"etsiU": [{"rVals": parts}]})


@pytest.mark.parametrize("junk", [b"junk", b"0\x03\x02\x01\x01", b"\x30\x80"])
def test_junk_beside_the_signature_hides_no_revocation(junk: bytes) -> None:
    root = Authority()
    signer = root.seal()
    listed = root.revocation_list((serial(signer), NOW - 2 * DAY))
    content = bringing(signer, crlVals=[junk], ocspVals=[junk])
    assert_revoked(verifier(root.der, revocation_lists=[listed]).examine(content))


def test_earlier_answer_beside_the_signature_hides_no_revocation() -> None:
    root = Authority(key=KEYS["P-256"]())
    where = x509.UniformResourceIdentifier("http://ocsp.example")
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
    signer = certified(root, (x509.AuthorityInformationAccess([access]), False))
    good = ocsp_answer(root, signer, start=NOW - 5 * DAY, end=NOW + 2 * DAY)
    content = bringing(signer, ocspVals=[good])
    alone = verifier(root.der).examine(content)
    assert answer(alone, CheckName.REVOCATION) == (Answer.PASSED, None)
    listed = root.revocation_list((serial(signer), NOW - 2 * DAY))
    assert_revoked(verifier(root.der, revocation_lists=[listed]).examine(content))


def ocsp_answer(root: Authority, signer: KeySealSigner, *, start: datetime, end: datetime) -> bytes:
    """An authority's word that a seal's certificate is good."""
    own = x509.load_der_x509_certificate(signer.certificates[0].der)
    builder = ocsp.OCSPResponseBuilder().responder_id(
        ocsp.OCSPResponderEncoding.HASH, root.certificate
    )
    answered = builder.add_response(
        cert=own,
        issuer=root.certificate,
        algorithm=hashes.SHA256(),
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=start,
        next_update=end,
        revocation_time=None,
        revocation_reason=None,
    )
    return answered.sign(root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_list_that_is_out_of_date_still_names_the_revoked() -> None:
    root = Authority()
    signer = root.seal()
    listed = root.revocation_list((serial(signer), NOW - 60 * DAY), now=NOW - 50 * DAY)
    report = verifier(root.der, revocation_lists=[listed]).examine(sealed_bytes(signer))
    assert_revoked(report)


def test_list_from_after_the_certificate_s_end_clears_nothing() -> None:
    # RFC 5280, 3.3: an entry goes once the certificate has expired.
    root = Authority()
    signer = root.seal(end=NOW + DAY)
    own = signer.certificates[0]
    path = CertificatePath(Certificate(root.der), (own,))
    later, in_time = root.revocation_list(now=NOW + 9 * DAY), root.revocation_list()
    with pytest.raises(SigningKeyError) as caught:
        check_not_revoked(path, moment=NOW, lists=[later], answers=[], responders=[])
    assert caught.value.code is Code.REVOCATION_UNCHECKED
    check_not_revoked(path, moment=NOW, lists=[later, in_time], answers=[], responders=[])


def test_answer_from_after_the_certificate_s_end_clears_nothing() -> None:
    root = Authority(key=KEYS["P-256"]())
    where = x509.UniformResourceIdentifier("http://ocsp.example")
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
    signer = certified(root, (x509.AuthorityInformationAccess([access]), False))
    path = CertificatePath(Certificate(root.der), signer.certificates)
    ends = root.end
    late = ocsp_answer(root, signer, start=ends + DAY, end=ends + 2 * DAY)
    in_time = ocsp_answer(root, signer, start=ends - DAY, end=ends + DAY)
    with pytest.raises(SigningKeyError) as caught:
        check_not_revoked(path, moment=NOW, lists=[], answers=[late], responders=[])
    assert caught.value.code is Code.REVOCATION_UNCHECKED
    check_not_revoked(path, moment=NOW, lists=[], answers=[in_time], responders=[])


def test_answer_about_a_thousand_certificates_is_not_judged() -> None:
    # Anybody can put one beside a seal, and its signature would be verified a thousand times.
    root = Authority(key=KEYS["P-256"]())
    where = x509.UniformResourceIdentifier("http://ocsp.example")
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
    signer = certified(root, (x509.AuthorityInformationAccess([access]), False))
    good = ocsp_answer(root, signer, start=NOW - DAY, end=NOW + DAY)
    report = verifier(root.der).examine(bringing(signer, ocspVals=[repeated(good, 1, root)]))
    assert answer(report, CheckName.REVOCATION) == (Answer.PASSED, None)
    report = verifier(root.der).examine(bringing(signer, ocspVals=[repeated(good, 1000, root)]))
    expected = (Answer.COULD_NOT_CHECK, Code.REVOCATION_UNCHECKED)
    assert answer(report, CheckName.REVOCATION) == expected


def repeated(content: bytes, times: int, root: Authority) -> bytes:
    """An OCSP response that says the same so many times, signed anew."""
    basic = asn1_ocsp.OCSPResponse.load(content).basic_ocsp_response
    said = basic["tbs_response_data"]
    data = asn1_ocsp.ResponseData(
        {
            "responder_id": said["responder_id"],
            "produced_at": said["produced_at"],
            "responses": [said["responses"][0].copy() for _ in range(times)],
        }
    )
    value = root.key.sign(data.dump(), ec.ECDSA(hashes.SHA256()))  # type: ignore[call-arg,arg-type]
    whole = asn1_ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": data,
            "signature_algorithm": basic["signature_algorithm"],
            "signature": value,
        }
    )
    response = {
        "response_type": "basic_ocsp_response",
        "response": ParsableOctetString(whole.dump()),
    }
    made = asn1_ocsp.OCSPResponse({"response_status": "successful", "response_bytes": response})
    return bytes(made.dump())


def test_certificate_on_hold_may_have_been_freed_since() -> None:
    root = Authority()
    signer = root.seal()
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(serial(signer))
        .revocation_date(NOW - 60 * DAY)
        .add_extension(x509.CRLReason(x509.ReasonFlags.certificate_hold), critical=False)
        .build()
    )
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.subject)
    builder = builder.last_update(NOW - 51 * DAY).next_update(NOW - 49 * DAY)
    made = builder.add_revoked_certificate(entry).sign(root.key, None)
    old = made.public_bytes(serialization.Encoding.DER)
    lists = [old, root.revocation_list()]
    report = verifier(root.der, revocation_lists=lists).examine(sealed_bytes(signer))
    assert answer(report, CheckName.REVOCATION) == (Answer.PASSED, None)


@pytest.mark.parametrize("how", ["old", "another's", "nonsense"])
def test_list_that_does_not_say_leaves_revocation_open(how: str) -> None:
    root = Authority()
    listed = {
        "old": root.revocation_list(now=NOW - 50 * DAY),
        "another's": Authority(root.subject).revocation_list(),
        "nonsense": b"0\x03\x02\x01\x01",
    }[how]
    trust = SealTrust((Certificate(root.der),), revocation_lists=(listed,))
    known = AllowList({f"eidas:{NUMBER}": "Our partner"})
    checker = Verifier(now=NOW, policy=Policy(seal_trust=trust), trust=known)
    report = checker.examine(sealed_bytes(root.seal()))
    expected = (Answer.COULD_NOT_CHECK, Code.REVOCATION_UNCHECKED)
    assert answer(report, CheckName.REVOCATION) == expected
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


# Whose seal it is


def test_seal_of_another_organization_is_no_seal_of_the_issuer() -> None:
    root = Authority()
    other = root.seal(number="VATPL-9999999999", organization="Another")
    document = credential_of(root.seal())
    report = verifier(root.der).examine(seal_document(dict(document), other))
    assert answer(report, CheckName.ISSUER) == (Answer.FAILED, Code.ISSUER_MISMATCH)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.contents is None


def test_name_of_another_organization_is_refused() -> None:
    root = Authority()
    content = with_issuer(root.seal(), legalName={"pl": "Inny Uniwersytet"})
    report = verifier(root.der).examine(content)
    assert answer(report, CheckName.ISSUER) == (Answer.FAILED, Code.ISSUER_MISMATCH)


def test_issuer_is_shown_by_the_name_in_the_certificate() -> None:
    # Which is among the names that the credential gives it, and need not be the first.
    root = Authority()
    names = {"en": "Trinity College Dublin", "pl": "Uniwersytet Przykładowy"}
    report = verifier(root.der).examine(with_issuer(root.seal(), legalName=names))
    assert report.contents is not None
    assert report.contents.issuer_name == ORGANIZATION


def test_number_with_a_letter_like_another_is_another_number() -> None:
    # The capital of the dotless ı is I, that of ſ is S.
    root = Authority()
    own = root.seal(number="VATIE-ſı")
    document = {**credential_of(own)}
    report = verifier(root.der, trusted="eidas:VATIE-SI").examine(seal_document(document, own))
    assert report.verdict is Verdict.UNKNOWN_ISSUER
    assert report.known_as is None


@pytest.mark.parametrize("number", ["vatpl-0000000000", " VATPL-0000000000 "])
def test_number_may_be_written_otherwise(number: str) -> None:
    root = Authority()
    content = with_issuer(root.seal(), eIDASIdentifier={"notation": number})
    report = verifier(root.der).examine(content)
    assert report.check(CheckName.ISSUER).answer is Answer.PASSED


@pytest.mark.parametrize("identifier", [None, [], {}, {"notation": 5}, {"notation": ""}])
def test_issuer_without_a_number_cannot_be_compared(identifier: object) -> None:
    root = Authority()
    content = with_issuer(root.seal(), eIDASIdentifier=identifier)
    report = verifier(root.der).examine(content)
    assert report.verdict not in (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)
    assert report.contents is None


def test_certificate_without_a_number_cannot_be_compared() -> None:
    root = Authority()
    own = root.seal(number=None)
    report = verifier(root.der).examine(seal_document(dict(european_credential()), own))
    expected = (Answer.COULD_NOT_CHECK, Code.ISSUER_MISMATCH)
    assert answer(report, CheckName.ISSUER) == expected
    assert report.contents is None


def test_trusted_did_inside_a_seal_gains_nothing() -> None:
    root = Authority()
    own = root.seal(number="VATPL-6666666666")
    document = {**credential_of(own)}
    document["issuer"] = {**document["issuer"], "id": VICTIM}  # type: ignore[dict-item]
    known = AllowList({VICTIM: "The victim"})
    checker = Verifier(
        now=NOW, policy=Policy(seal_trust=SealTrust((Certificate(root.der),))), trust=known
    )
    content = seal_document(dict(document), own)
    report = checker.examine(content)
    assert report.verdict is Verdict.UNKNOWN_ISSUER
    assert report.known_as is None
    assert VICTIM not in dumps(report.to_json())
    with pytest.raises(VerificationError):
        checker.verify(content)


def test_id_that_can_be_looked_up_is_remarked_upon() -> None:
    root = Authority()
    content = with_issuer(root.seal(), id=VICTIM)
    lists = [root.revocation_list()]
    report = verifier(root.der, revocation_lists=lists).examine(content)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert Code.ISSUER_MISMATCH in report.codes
    assert report.known_as == "Our partner"
    assert report.contents is not None
    assert report.contents.issuer_id == f"eidas:{NUMBER}"


def test_trusted_organization_as_the_issuer_of_another_proof_gains_nothing() -> None:
    simulator = Simulator()
    document = dict(load(simulator.issue().content).document)
    document["issuer"] = f"eidas:{NUMBER}"
    report = verifier(sealed()[0].der).examine(dumps(document))
    assert Code.ISSUER_MISMATCH in report.codes
    assert report.known_as is None
    assert report.verdict is Verdict.NOT_GENUINE


def test_every_signature_must_hold() -> None:
    root, content = sealed()
    other = root.seal(number="VATPL-9999999999", organization="Another")
    document = json.loads(content)
    second = json.loads(reseal(content, other, **header_of(other)))["signatures"][0]
    both = {**document, "signatures": [*document["signatures"], second]}
    report = verifier(root.der).examine(json.dumps(both))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS  # revocation alone is open
    assert report.check(CheckName.ISSUER).evidence["known as"] == f"eidas:{NUMBER}"
    broken = {**second, "signature": "A" * len(second["signature"])}
    both["signatures"] = [*document["signatures"], broken]
    report = verifier(root.der).examine(json.dumps(both))
    assert report.verdict is Verdict.NOT_GENUINE


def test_unknown_signer_beside_the_issuer_leaves_it_unfinished() -> None:
    root, content = sealed()
    stranger = Authority().seal()
    document = json.loads(content)
    second = json.loads(reseal(content, stranger, **header_of(stranger)))["signatures"][0]
    both = {**document, "signatures": [second, *document["signatures"]]}
    report = verifier(root.der).examine(json.dumps(both))
    assert report.check(CheckName.ISSUER).answer is Answer.PASSED
    assert report.verdict is Verdict.UNFINISHED


def header_of(signer: KeySealSigner) -> dict[str, Any]:
    own = signer.certificates[0]
    digest = base64.urlsafe_b64encode(own.fingerprint).rstrip(b"=").decode()
    return {
        "alg": signer.algorithm.value,
        "x5c": [base64.b64encode(own.der).decode()],
        "x5t_S256": digest,
    }


# Where seals do not belong


def test_seal_inside_a_document_is_no_proof() -> None:
    assert load_embedded(json.loads(sealed()[1])).securing is Securing.NONE


def test_sealed_status_list_speaks_for_nobody() -> None:
    # Its issuer's id is whatever its maker wrote; a list is compared by that id.
    root = Authority()
    own = root.seal()
    simulator = Simulator()
    simulator.publish()
    badge = simulator.issue(7)
    cleared: dict[str, Any] = dict(simulator.list_document())
    cleared["issuer"] = {
        "id": cleared["issuer"],
        "eIDASIdentifier": {"notation": NUMBER},
    }
    simulator.serve(simulator.list_url(), seal_document(cleared, own))
    known = AllowList({simulator.did: "University", f"eidas:{NUMBER}": "Our partner"})
    checker = Verifier(
        now=simulator.now,
        policy=Policy(seal_trust=SealTrust((Certificate(root.der),))),
        trust=known,
        fetcher=simulator,
    )
    report = checker.examine(badge)
    assert report.check(CheckName.STATUS).answer in (Answer.FAILED, Answer.COULD_NOT_CHECK)
    assert report.verdict not in (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)


def test_sealed_presentation_shows_nobody() -> None:
    root = Authority()
    signer = root.seal()
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiablePresentation"],
        "holder": "did:example:holder",
        "verifiableCredential": [],
    }
    report = verifier(root.der).examine(seal_document(document, signer))
    assert Code.PROOF_UNSUPPORTED in report.codes
    assert report.verdict is Verdict.NOT_GENUINE


def test_sealed_credential_goes_into_no_presentation_and_no_image() -> None:
    secured = load(sealed()[1])
    with pytest.raises(ConfigurationError, match="lose its seal"):
        build_presentation([secured])
    with pytest.raises(InputError, match="sealed"):
        bake_png(_PIXEL, secured)


# What is not installed


@pytest.mark.parametrize("package", ["pyhanko_certvalidator"])
def test_path_is_not_checked_without_what_checks_it(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name.partition(".")[0] == package:
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    root, content = sealed()
    report = verifier(root.der).examine(content)
    assert_certificate(report, Answer.COULD_NOT_CHECK, Code.CONFIGURATION)
    assert "testamur[seal]" in report.check(CheckName.CERTIFICATE).sentence
    assert report.verdict is Verdict.UNFINISHED


def test_anchors_that_are_none_are_refused() -> None:
    pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
    for content in (b"", b"nothing", pem):
        with pytest.raises(ConfigurationError, match="anchors cannot be read"):
            SealTrust.from_files([content])
    with pytest.raises(ConfigurationError, match="revocation list"):
        SealTrust.from_files([sealed()[0].der], revocation_lists=[b"nothing"])


def test_many_candidates_take_no_time() -> None:
    # Each certificate is looked at once: no search among all orders of those that came along.
    root = Authority()
    loop = Authority(name(common="Loop"))
    others = [
        base64.b64encode(
            loop.issue(
                loop.subject, loop.key, is_authority=True, start=NOW - each * DAY
            ).public_bytes(serialization.Encoding.DER)
        ).decode()
        for each in range(1, 30)
    ]
    signer = loop.seal()
    parts = {"etsiU": [{"xVals": [{"x509Cert": {"val": each}} for each in others]}]}
    content = reseal(sealed_bytes(signer), signer, unprotected=parts)
    report = verifier(root.der).examine(content)
    assert_certificate(report, Answer.COULD_NOT_CHECK, Code.CERTIFICATE_UNTRUSTED)

"""Seals of junk raise only our errors and always get a report; a changed byte is not accepted."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from property.arbitrary import BOUNDED, WIDE, json_values
from seals import NOW, Authority, members_of, reseal, sealed, sealed_bytes, verifier
from testamur.errors import TestamurError
from testamur.keys import Certificate, decode_certificates
from testamur.loading import load
from testamur.secure import jades
from testamur.secure.certificate_path import check_not_revoked, find_path
from testamur.secure.timestamp import verify_timestamp
from testamur.verification import Verdict

SIGNER = Authority().seal()
GOOD = sealed_bytes(SIGNER)
ROOT = Certificate(sealed()[0].der)
ACCEPTED = (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)
HEADERS = ("alg", "cty", "kid", "x5t#S256", "x5c", "typ", "b64", "sigT", "iat", "adoTst", "crit")


@BOUNDED
@given(st.binary(max_size=300))
def test_junk_is_no_certificate_no_timestamp_and_no_list(content: bytes) -> None:
    for read in (
        Certificate,
        decode_certificates,
        lambda data: verify_timestamp(data, data=b"", anchors=(ROOT,)),
    ):
        with contextlib.suppress(TestamurError):
            read(content)


@BOUNDED
@given(st.binary(max_size=300))
def test_junk_says_nothing_of_revocation(content: bytes) -> None:
    own = jades.parse(sealed()[1]).signatures[0].certificates[0]
    path = find_path(own, candidates=(), anchors=(ROOT,))
    assert path is not None
    for lists, answers in (([content], []), ([], [content])):
        with contextlib.suppress(TestamurError):
            check_not_revoked(path, moment=NOW, lists=lists, answers=answers, responders=())
            raise AssertionError("junk cleared a certificate")


@BOUNDED
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_of_a_certificate_is_no_other_one(position: int, flip: int) -> None:
    der = bytearray(SIGNER.certificates[0].der)
    der[position % len(der)] ^= flip
    with contextlib.suppress(TestamurError):
        changed = Certificate(bytes(der))
        assert not changed.is_issued_by(ROOT)
        assert changed.issuer_serial


def test_certificate_with_a_country_of_three_letters_raises_only_our_errors() -> None:
    # cryptography warns of it, and warnings may be errors.
    with pytest.warns(UserWarning, match="length"):
        country = x509.NameAttribute(NameOID.COUNTRY_NAME, "POL", _validate=False)
    made = Authority().issue(x509.Name([country]), Ed25519PrivateKey.generate())
    with contextlib.suppress(TestamurError):
        assert Certificate(made.public_bytes(Encoding.DER)).country == "POL"


@WIDE
@given(json_values)
def test_junk_beside_a_payload_gets_a_report(value: Any) -> None:
    for document in (
        {"payload": value, "signatures": value},
        {**json.loads(GOOD), "signatures": value},
        {"payload": value, "protected": value, "signature": value, "header": value},
    ):
        content = json.dumps(document, default=str)
        with contextlib.suppress(TestamurError):
            load(content)
        assert verifier(ROOT.der).examine(content).verdict not in ACCEPTED


@BOUNDED
@given(st.sampled_from(HEADERS), json_values)
def test_junk_in_the_header_gets_a_report(member: str, value: Any) -> None:
    content = reseal(GOOD, SIGNER, **{member.replace("#", "_"): _plain(value)})
    assert verifier(ROOT.der).examine(content).verdict not in ACCEPTED


@BOUNDED
@given(st.sampled_from(["sigTst", "xVals", "rVals", "arcTst", "x"]), json_values, st.binary())
def test_junk_beside_the_signature_changes_nothing(name: str, value: Any, data: bytes) -> None:
    encoded = base64.b64encode(data).decode()
    known = {
        "sigTst": {"tstTokens": [{"val": encoded}]},
        "xVals": [{"x509Cert": {"val": encoded}}],
        "rVals": {"crlVals": [{"val": encoded}], "ocspVals": [{"val": encoded}]},
    }
    root, content = sealed()
    document, _ = members_of(content)
    for part in (_plain(value), known.get(name, encoded)):
        document["signatures"][0]["header"] = {"etsiU": [{name: part}]}
        report = verifier(root.der, timestamp_anchors=[root.der]).examine(json.dumps(document))
        # What stands there is not signed: it can neither help nor make anything genuine.
        assert report.verdict is Verdict.GENUINE_WITH_REMARKS


@BOUNDED
@given(st.integers(0, 100_000), st.characters(codec="utf-8", exclude_categories=["Cs"]))
def test_changed_character_of_the_payload_is_not_accepted(position: int, character: str) -> None:
    root, content = sealed()
    document, _ = members_of(content)
    payload = document["payload"]
    place = position % len(payload)
    if payload[place] == character:
        return
    document["payload"] = payload[:place] + character + payload[place + 1 :]
    report = verifier(root.der).examine(json.dumps(document))
    assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID)
    assert report.contents is None


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))

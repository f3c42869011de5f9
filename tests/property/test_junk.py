"""Junk raises only our errors, and always gets a report."""

from __future__ import annotations

import contextlib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from property.arbitrary import BOUNDED, WIDE, json_values, junk_documents, mutations
from property.test_tampering import rich
from testamur.canon import rdfc10
from testamur.canon.strict_json import dumps
from testamur.errors import (
    CanonicalizationError,
    Code,
    FetchError,
    TestamurError,
    VerificationError,
)
from testamur.issuing import Mechanism, issue
from testamur.keys import Resolver, did_jwk, did_key, did_web, jwk, multikey, pem, retrieve
from testamur.loading import load, load_embedded
from testamur.protocols import Fetched
from testamur.secure import EddsaJcs2022, ProofOptions
from testamur.trust import UnsafeAcceptAnyIssuer, parse_allow_list
from testamur.verification import Report, Verdict, Verifier
from unit.scenes import (
    KEY,
    LEARNER_KEY,
    LEARNER_SIGNER,
    NOW,
    SIGNER,
    WEB_ISSUER,
    WEB_SIGNER,
    Document,
    Web,
    badge,
    did_document,
    issued,
    jws,
    signed,
    token,
)
from unit.test_loading import png, svg
from unit.verification.test_presentations import presentation

GOOD = issued(rich()).document
ACCEPTED = (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)


class JunkWeb:
    """Answers every URL with the same bytes, or with an error."""

    def __init__(self, content: bytes | None) -> None:
        self._content = content

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        if self._content is None or len(self._content) > max_bytes:
            raise FetchError(f"{url} is gone", code=Code.FETCH_FAILED, url=url)
        return Fetched(url=url, content=self._content)


def examined(source: bytes | str, content: bytes | None = None) -> Report:
    """The report; `verify` must agree with it."""
    run = Verifier(now=NOW, trust=UnsafeAcceptAnyIssuer(), fetcher=JunkWeb(content))
    report = run.examine(source)
    assert isinstance(report, Report)
    if report.verdict in ACCEPTED and report.contents is not None:
        assert run.verify(source).report == report
    else:
        with pytest.raises(VerificationError) as caught:
            run.verify(source)
        assert caught.value.report == report
    assert dumps(report.to_json())
    return report


STARTS = [
    b"",
    b"\x89PNG\r\n\x1a\n",
    b"<svg",
    b"<?xml version='1.0'?>",
    b"{",
    b'{"@context":',
    b"eyJ",
]


@WIDE
@given(start=st.sampled_from(STARTS), data=st.binary(max_size=200))
def test_bytes_are_loaded_or_raise_our_error(start: bytes, data: bytes) -> None:
    with contextlib.suppress(TestamurError):
        load(start + data)
    assert examined(start + data).verdict not in ACCEPTED


@WIDE
@given(text=st.text(max_size=100))
def test_text_is_loaded_or_raises_our_error(text: str) -> None:
    # Halves of surrogate pairs are among it.
    assert examined(text).verdict not in ACCEPTED


@WIDE
@given(value=json_values | junk_documents)
def test_any_json_gets_a_report(value: Any) -> None:
    assert examined(dumps(value)).verdict not in ACCEPTED
    try:
        load_embedded(value)
    except TestamurError:
        return


@WIDE
@given(document=mutations(GOOD), content=st.none() | st.binary(max_size=50))
def test_mutated_credential_gets_a_report_and_is_not_accepted(
    document: Document, content: bytes | None
) -> None:
    report = examined(dumps(document), content)
    if document != GOOD:
        assert report.verdict not in ACCEPTED


@WIDE
@given(document=mutations(rich()), answer=mutations(GOOD))
def test_mutated_credential_that_its_issuer_signed_gets_a_report(
    document: Document, answer: Document
) -> None:
    # Signed without a look at it, so that the checks behind the proof see it as well.
    content = dumps(answer).encode()
    examined(token(document), content)
    with contextlib.suppress(TestamurError):  # a proof beside junk, or a number that JCS has not
        examined(dumps(signed(document, suite=EddsaJcs2022())), content)


@WIDE
@given(document=mutations(GOOD))
def test_mutated_credential_in_a_presentation_gets_a_report(document: Document) -> None:
    unsigned = presentation(document)
    examined(dumps(unsigned))
    options = ProofOptions(created=NOW, purpose="authentication")
    with contextlib.suppress(CanonicalizationError):  # a number that JCS has not
        held = signed(unsigned, suite=EddsaJcs2022(), signer=LEARNER_SIGNER, options=options)
        examined(dumps(held))
    header = {"alg": "EdDSA", "kid": LEARNER_SIGNER.verification_method}
    examined(jws(header, unsigned, LEARNER_KEY))


@WIDE
@given(document=mutations(presentation()))
def test_mutated_presentation_gets_a_report(document: Document) -> None:
    examined(dumps(document))
    header = {"alg": "EdDSA", "kid": LEARNER_SIGNER.verification_method}
    examined(jws(header, document, LEARNER_KEY))


@WIDE
@given(header=junk_documents, payload=json_values | mutations(badge()))
def test_token_with_a_junk_header_or_payload_gets_a_report(header: Document, payload: Any) -> None:
    full = {"alg": "EdDSA", "kid": SIGNER.verification_method, **header}
    for each in (header, full, {"alg": "EdDSA", "jwk": header}):
        examined(jws(each, dumps(payload).encode()))


@pytest.mark.parametrize("picture", [png, svg])
@BOUNDED
@given(document=mutations(GOOD), flip=st.integers(0, 10**6))
def test_damaged_picture_with_a_mutated_credential_gets_a_report(
    picture: Any, document: Document, flip: int
) -> None:
    data = bytearray(picture(dumps(document)))
    assert examined(bytes(data)).verdict not in ACCEPTED or document == GOOD
    data[flip % len(data)] ^= 1 << flip % 8
    examined(bytes(data))


@WIDE
@given(document=mutations(did_document()))
def test_mutated_did_document_gives_a_key_or_our_error(document: Document) -> None:
    web = Web({"https://uni.example/.well-known/did.json": document})
    try:
        method = retrieve(
            WEB_SIGNER.verification_method, purpose="assertionMethod", resolver=Resolver(web)
        )
    except TestamurError:
        pass
    else:
        assert method.controller == WEB_ISSUER
    issuer = {"id": WEB_ISSUER, "type": ["Profile"], "name": "x"}
    content = dumps(document).encode()
    examined(dumps(signed(badge(issuer=issuer), signer=WEB_SIGNER)), content)
    examined(jws({"alg": "EdDSA", "jwk": KEY.public_key.to_jwk()}, badge(issuer=issuer)), content)


@WIDE
@given(document=mutations(KEY.public_key.to_jwk()) | junk_documents)
def test_junk_jwk_is_a_key_or_raises_our_error(document: Document) -> None:
    for decode in (jwk.decode_public_key, jwk.decode_private_key):
        try:
            decode(document)
        except TestamurError:
            continue


@WIDE
@given(
    text=st.text(max_size=80)
    | st.from_regex(r"did:(key|web|jwk):[a-zA-Z0-9%:._-]{0,60}", fullmatch=True)
)
def test_junk_identifiers_and_keys_raise_our_error(text: str) -> None:
    for decode in (
        multikey.decode_public_key,
        multikey.decode_secret_key,
        did_key.controller_document,
        did_jwk.controller_document,
        did_web.document_url,
        lambda junk: pem.decode_private_key(junk.encode("utf-8", "surrogatepass")),
        lambda junk: pem.decode_public_key(junk.encode("utf-8", "surrogatepass")),
        lambda junk: parse_allow_list(junk.encode("utf-8", "surrogatepass")),
    ):
        try:
            decode(text)
        except TestamurError:
            continue


@WIDE
@given(document=mutations(badge()) | junk_documents)
def test_junk_is_issued_or_raises_our_error(document: Document) -> None:
    before = deepcopy(document)
    for mechanism in Mechanism:
        try:
            secured = issue(document, signer=SIGNER, now=NOW, mechanism=mechanism)
        except TestamurError:
            continue
        # What we sign, we accept: an issuer must not learn from a verifier what is wrong.
        report = Verifier(now=NOW, trust=UnsafeAcceptAnyIssuer()).examine(secured.content)
        assert report.verdict not in (Verdict.NOT_GENUINE, Verdict.NOT_VALID), report.reason
    assert document == before


@WIDE
@given(document=mutations(GOOD) | junk_documents)
def test_junk_is_canonicalized_or_raises_our_error(document: Document) -> None:
    try:
        first = rdfc10.canonicalize(document)
    except TestamurError:
        return
    assert rdfc10.canonicalize(deepcopy(document)) == first

"""Whose key it is, and whether it may still be relied on (Controlled Identifiers 1.0)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from testamur.errors import Code, FetchError
from testamur.keys import Ed25519Signer
from testamur.secure import (
    EddsaJcs2022,
    ProofOptions,
)
from testamur.verification import Answer, CheckName, Verdict
from unit.scenes import (
    ISSUER,
    OTHER_ISSUER,
    OTHER_KEY,
    OTHER_SIGNER,
    WEB_ISSUER,
    WEB_SIGNER,
    Web,
    badge,
    changed,
    credential,
    did_document,
    examine,
    failed,
    found,
    multikey_method,
    signed,
)
from unit.verification.test_proof_check import DID_URL, by_web, web

# Whose key it is (Controlled Identifiers 1.0, Retrieve Verification Method)


@pytest.mark.parametrize(
    "method",
    [
        OTHER_SIGNER.verification_method,
        f"{WEB_ISSUER}#key-1",
        f"{OTHER_ISSUER}#{ISSUER}",
        f"https://evil.example/#{ISSUER}",
        f"{ISSUER}:more#key-1",
        f"{ISSUER}?x#key-1",
        f" {ISSUER}#key-1",
    ],
)
def test_key_that_is_not_the_issuer_s_is_not_even_looked_up(method: str) -> None:
    document = signed(badge(), signer=OTHER_SIGNER)
    document["proof"]["verificationMethod"] = method
    fetcher = Web()
    report = examine(document, fetcher=fetcher)
    assert failed(report) == {CheckName.ISSUER: Code.ISSUER_MISMATCH}
    assert report.verdict is Verdict.NOT_GENUINE
    assert fetcher.requested == []


def test_did_key_without_its_fragment_is_refused() -> None:
    document = signed(badge())
    document["proof"]["verificationMethod"] = ISSUER
    assert failed(examine(document)) == {CheckName.PROOF: Code.KEY_NOT_FOUND}


def test_key_spelled_in_the_fragment_of_the_issuer_s_url_is_refused() -> None:
    # The reference validator uses it, so anybody could sign as any issuer.
    value = OTHER_ISSUER.removeprefix("did:key:")
    signer = Ed25519Signer(OTHER_KEY, f"{WEB_ISSUER}#{value}")
    issuer = {"id": WEB_ISSUER, "type": ["Profile"], "name": "x"}
    document = signed(badge(issuer=issuer), signer=signer)
    report = examine(document, fetcher=web(did_document()))
    assert failed(report) == {CheckName.PROOF: Code.KEY_NOT_FOUND}


def test_self_declared_name_is_no_identity() -> None:
    issuer = {"id": OTHER_ISSUER, "type": ["Profile"], "name": "Example University"}
    document = signed(badge(issuer=issuer), signer=OTHER_SIGNER)
    report = examine(document)
    assert report.known_as == OTHER_ISSUER
    assert report.contents is not None
    assert report.contents.issuer_name == "Example University"


@pytest.mark.parametrize("issuer", [None, 5, {}, {"name": "x"}, [ISSUER]])
def test_badge_that_names_no_issuer_is_not_genuine(issuer: object) -> None:
    document = signed(credential(), suite=EddsaJcs2022())
    document["issuer"] = issuer
    report = examine(document)
    assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID)
    assert report.contents is None
    jcs = changed(credential(), issuer=None)
    unnamed = examine(signed(jcs, suite=EddsaJcs2022()))
    assert failed(unnamed)[CheckName.ISSUER] is Code.ISSUER_MISMATCH
    assert "Nobody is named" in unnamed.check(CheckName.ISSUER).sentence


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (did_document(assertionMethod=[]), Code.KEY_NOT_AUTHORIZED),
        (did_document(verificationMethod=[]), Code.KEY_NOT_FOUND),
        (did_document(id="did:web:other.example"), Code.DID_RESOLUTION),
        (b"<html>", Code.DID_RESOLUTION),
        (None, Code.DID_RESOLUTION),
        (FetchError("x", code=Code.URL_BLOCKED, url=DID_URL), Code.URL_BLOCKED),
        (
            did_document(verificationMethod=[multikey_method(key=OTHER_KEY)]),
            Code.PROOF_INVALID,
        ),
    ],
)
def test_key_that_the_issuer_s_document_does_not_give_is_refused(
    document: object, code: Code
) -> None:
    report = examine(by_web(), fetcher=web(document))
    assert failed(report) == {CheckName.PROOF: code}
    assert report.contents is None


def test_key_without_a_document_says_nothing_about_the_badge() -> None:
    assert examine(by_web(), fetcher=web(b"<html>")).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize("code", [Code.OFFLINE, Code.UNREACHABLE])
def test_key_that_could_not_be_fetched_leaves_it_unfinished(code: Code) -> None:
    report = examine(by_web(), fetcher=web(FetchError("x", code=code, url=DID_URL)))
    assert report.verdict is Verdict.UNFINISHED
    assert found(report, CheckName.PROOF) == (Answer.COULD_NOT_CHECK, code)
    assert report.contents is None
    assert report.check(CheckName.PROOF).evidence["url"] == DID_URL


def test_verifier_is_offline_unless_it_is_given_a_fetcher() -> None:
    report = examine(by_web())
    assert found(report, CheckName.PROOF) == (Answer.COULD_NOT_CHECK, Code.OFFLINE)


# Retired and revoked keys


def dated(created: datetime | None, **dates: str) -> dict[CheckName, Code | None]:
    issuer = {"id": WEB_ISSUER, "type": ["Profile"], "name": "x"}
    options = ProofOptions(created=created)
    document = signed(badge(issuer=issuer), signer=WEB_SIGNER, options=options)
    methods = [multikey_method(**dates)]  # type: ignore[arg-type]
    return failed(examine(document, fetcher=web(did_document(verificationMethod=methods))))


REFUSED = {CheckName.PROOF: Code.KEY_REVOKED}


def test_retired_key_verifies_what_it_signed_before() -> None:
    retired = "2026-03-01T00:00:00Z"
    assert dated(datetime(2026, 2, 28, tzinfo=UTC), expires=retired) == {}
    assert dated(datetime(2026, 3, 1, tzinfo=UTC), expires=retired) == REFUSED
    assert dated(datetime(2026, 4, 1, tzinfo=UTC), expires=retired) == REFUSED


def test_retired_key_verifies_nothing_without_a_date() -> None:
    assert dated(None, expires="2026-03-01T00:00:00Z") == REFUSED


def test_key_that_will_be_retired_verifies_until_then() -> None:
    assert dated(None, expires="2026-06-01T00:00:01Z") == {}
    assert dated(None, expires="2026-06-01T00:00:00Z") == REFUSED


def test_revoked_key_verifies_nothing_from_then_on() -> None:
    before = datetime(2020, 1, 1, tzinfo=UTC)
    assert dated(before, revoked="2026-06-01T00:00:00Z") == REFUSED
    assert dated(before, revoked="2026-06-01T00:00:01Z") == {}


@pytest.mark.parametrize("member", ["expires", "revoked"])
def test_proof_that_is_dated_after_the_end_of_its_key_is_refused_before_that_too(
    member: str,
) -> None:
    # Controlled Identifiers 1.0, 2.2: not "at or after the time", whatever the clock says now.
    end = "2026-06-10T00:00:00Z"
    assert dated(datetime(2026, 6, 10, tzinfo=UTC), **{member: end}) == REFUSED
    assert dated(datetime(2026, 6, 1, tzinfo=UTC), **{member: end}) == {}


def test_revoked_key_that_is_listed_for_no_purpose_is_said_to_be_revoked() -> None:
    issuer = {"id": WEB_ISSUER, "type": ["Profile"], "name": "x"}
    document = signed(badge(issuer=issuer), signer=WEB_SIGNER)
    revoked = did_document(
        verificationMethod=[multikey_method(revoked="2026-01-01T00:00:00Z")], assertionMethod=[]
    )
    assert failed(examine(document, fetcher=web(revoked))) == REFUSED

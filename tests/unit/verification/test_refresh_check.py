"""Refresh: asked once, after the proof; the credential at hand stands whatever comes back."""

from __future__ import annotations

import json

import pytest

from testamur.canon.contexts import CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS
from testamur.errors import Code, FetchError
from testamur.verification import Answer, CheckName, Report, Verdict
from unit.scenes import (
    OTHER_ISSUER,
    OTHER_SIGNER,
    Document,
    Web,
    badge,
    examine,
    found,
    signed,
    token,
    unreachable,
)

URL = "https://uni.example/refresh/1"
SERVICE = {"id": URL, "type": "1EdTechCredentialRefresh"}


def refreshable(**members: object) -> Document:
    contexts = [CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS]
    return badge(**{"@context": contexts, "refreshService": SERVICE, **members})


def refreshed(answer: object, **members: object) -> Report:
    return examine(signed(refreshable(**members)), fetcher=Web({URL: answer}))


def test_badge_without_a_service_has_nothing_to_refresh() -> None:
    assert found(examine(signed(badge())), CheckName.REFRESH) == (Answer.NOT_APPLICABLE, None)


@pytest.mark.parametrize(
    "service",
    [
        {"id": URL, "type": "https://uni.example/types#Other"},
        {"id": URL, "type": ["https://uni.example/types#Other", "1EdTechCredentialRefresh"]},
    ],
)
def test_service_of_another_kind_is_not_asked(service: Document) -> None:
    web = Web()
    report = examine(signed(refreshable(refreshService=service)), fetcher=web)
    assert found(report, CheckName.REFRESH) == (Answer.NOT_APPLICABLE, None)
    assert web.requested == []


@pytest.mark.parametrize("service", [SERVICE, {**SERVICE, "type": [SERVICE["type"]]}, [SERVICE]])
def test_newest_version_is_recognized(service: object) -> None:
    document = signed(refreshable(refreshService=service))
    web = Web({URL: document})
    report = examine(document, fetcher=web)
    assert found(report, CheckName.REFRESH) == (Answer.PASSED, None)
    assert report.verdict is Verdict.GENUINE
    assert web.requested == [URL]


@pytest.mark.parametrize("as_token", [False, True])
def test_newer_version_is_reported_and_not_put_in_place_of_the_old_one(as_token: bool) -> None:
    newer = refreshable(name="Teamwork, second edition")
    answer = token(newer).encode() if as_token else signed(newer)
    report = refreshed(answer)
    assert found(report, CheckName.REFRESH) == (Answer.PASSED, Code.REFRESH_AVAILABLE)
    assert URL in report.check(CheckName.REFRESH).sentence
    assert report.contents is not None
    assert report.contents.name == "Teamwork"
    assert report.verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, Code.FETCH_FAILED),
        (unreachable(URL), Code.UNREACHABLE),
        (FetchError("x", code=Code.URL_BLOCKED, url=URL), Code.URL_BLOCKED),
        (b"{", Code.MALFORMED_INPUT),
        (b"", Code.MALFORMED_INPUT),
        (
            signed(
                refreshable(issuer={"id": OTHER_ISSUER, "type": ["Profile"], "name": "x"}),
                signer=OTHER_SIGNER,
            ),
            Code.ISSUER_MISMATCH,
        ),
        ({**signed(refreshable()), "name": "Forged"}, Code.PROOF_INVALID),
        (refreshable(), Code.PROOF_INVALID),
    ],
    ids=[
        "404",
        "unreachable",
        "blocked",
        "no JSON",
        "empty",
        "other issuer",
        "forged",
        "unsigned",
    ],
)
def test_answer_that_is_no_newer_version_changes_nothing(answer: object, code: Code) -> None:
    report = refreshed(answer)
    assert found(report, CheckName.REFRESH) == (Answer.COULD_NOT_CHECK, code)
    assert report.verdict is Verdict.GENUINE


def test_other_credential_of_the_issuer_is_told_of_and_changes_nothing() -> None:
    report = refreshed(signed(refreshable(id="urn:x:other")))
    assert found(report, CheckName.REFRESH) == (Answer.PASSED, Code.REFRESH_AVAILABLE)
    assert report.check(CheckName.REFRESH).sentence == (
        f"The issuer offers another in its place at {URL}."
    )
    assert report.verdict is Verdict.GENUINE


def test_old_version_stays_expired_whatever_the_newer_one_says() -> None:
    newer = signed(refreshable(validUntil="2030-01-01T00:00:00Z"))
    report = refreshed(newer, validUntil="2026-01-02T00:00:00Z")
    assert report.verdict is Verdict.EXPIRED
    assert Code.REFRESH_AVAILABLE in report.codes


def test_newer_version_that_no_longer_stands_is_a_remark() -> None:
    newer = signed(refreshable(validUntil="2026-01-02T00:00:00Z"))
    report = refreshed(newer)
    assert found(report, CheckName.REFRESH) == (Answer.FAILED, Code.REFRESH_AVAILABLE)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert "expired" in report.reason


def test_newer_version_is_not_asked_for_a_newer_one_still() -> None:
    web = Web({URL: signed(refreshable(name="Second"))})
    examine(signed(refreshable()), fetcher=web)
    assert web.requested == [URL]


def test_first_of_several_services_is_asked() -> None:
    second = {**SERVICE, "id": "https://uni.example/refresh/2"}
    web = Web()
    examine(signed(refreshable(refreshService=[SERVICE, second])), fetcher=web)
    assert web.requested == [URL]


def test_nothing_is_fetched_for_a_badge_that_is_not_genuine() -> None:
    web = Web()
    document = {**signed(refreshable()), "name": "Forged"}
    assert examine(json.dumps(document), fetcher=web).verdict is Verdict.NOT_GENUINE
    assert web.requested == []

"""The whole line in: its order, its two entrances, and what it must never do."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V1, DATA_INTEGRITY_V2, OB_EXTENSIONS
from testamur.errors import Code, ConfigurationError, InputError, VerificationError
from testamur.issuing import Mechanism
from testamur.loading import Source, load
from testamur.model.ob3 import AchievementCredential
from testamur.protocols import Fetched, Recognition
from testamur.secured import Secured
from testamur.trust import AllowList, UnsafeAcceptAnyIssuer
from testamur.verification import (
    Answer,
    CheckName,
    Policy,
    Report,
    Verdict,
    VerifiedCredential,
    Verifier,
)
from testamur.verification.report import Weight
from testamur.verification.verdict import decide
from unit.scenes import (
    ACHIEVEMENT_ID,
    ISSUER,
    LEARNER,
    LIST_URL,
    NOW,
    OTHER_SIGNER,
    Document,
    Web,
    badge,
    changed,
    credential,
    did_document,
    endorsement,
    examine,
    failed,
    found,
    issued,
    signed,
    status_entry,
    token,
    unreachable,
    verifier,
)
from unit.test_loading import png, svg
from unit.verification.test_proof_check import DID_URL, by_web
from unit.verification.test_status_check import status_list

GOOD = signed(badge())


def refusal(source: object, **options: object) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        verifier(**options).verify(source)  # type: ignore[arg-type]
    assert isinstance(caught.value.report, Report)
    return caught.value


# The order of the checks


def test_checks_are_reported_in_their_order() -> None:
    report = examine(GOOD)
    names = list(CheckName)
    positions = [names.index(check.name) for check in report.checks]
    assert positions == sorted(positions)
    assert set(names) - {check.name for check in report.checks} == {
        CheckName.HOLDER,
        CheckName.EMBEDDED,
        # Of seals alone.
        CheckName.TIMESTAMP,
        CheckName.CERTIFICATE,
        CheckName.REVOCATION,
        CheckName.LEVEL,
    }


def test_every_check_says_in_one_sentence_what_it_found_and_who_asks_for_it() -> None:
    for report in (examine(GOOD), examine({**GOOD, "name": "Forged"}), examine("{")):
        for check in report.checks:
            assert check.sentence.endswith(".")
            assert check.spec


def test_structure_shape_and_proof_are_reported_apart() -> None:
    document = signed(credential(), signer=OTHER_SIGNER)
    document |= {"validUntil": "soon", "issuer": ISSUER}
    assert failed(examine(document)) == {
        CheckName.STRUCTURE: Code.VALIDITY_MALFORMED,
        CheckName.ISSUER: Code.ISSUER_MISMATCH,
    }


def everything(**members: object) -> Document:
    """A badge that names everything there is to fetch."""
    contexts = [*badge()["@context"], OB_EXTENSIONS]
    return badge(
        **{"@context": contexts},
        credentialStatus=status_entry(),
        refreshService={
            "id": "https://uni.example/refresh",
            "type": "1EdTechCredentialRefresh",
        },
        credentialSchema=[{"id": "https://uni.example/schema", "type": "JsonSchema"}],
        evidence=[{"id": "https://uni.example/evidence", "type": ["Evidence"]}],
        image={"id": "https://uni.example/image.png", "type": "Image"},
        **members,
    )


@pytest.mark.parametrize("change", [{"name": "Forged"}, {"undefined": "x"}, {"proof": {}}])
def test_nothing_that_an_unverified_badge_names_is_fetched(change: Document) -> None:
    # Open Badges 3.0, 8.3, step 3, note; DI, Network Requests.
    web = Web()
    report = examine({**signed(everything()), **change}, fetcher=web)
    assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID)
    assert web.requested == []


def test_schema_evidence_and_images_are_never_fetched() -> None:
    web = Web()
    examine(signed(everything()), fetcher=web)
    assert web.requested == [LIST_URL, "https://uni.example/refresh"]


def test_nothing_is_shown_of_a_badge_that_is_not_proven() -> None:
    for document in (
        {**GOOD, "name": "Forged"},
        {**GOOD, "undefined": "x"},
        badge(),
        signed(badge(), signer=OTHER_SIGNER),
        {**GOOD, "validFrom": "soon"},
    ):
        report = examine(document)
        assert report.contents is None
        assert report.known_as is None
        names = {check.name for check in report.checks}
        assert names <= {
            CheckName.PARSE,
            CheckName.STRUCTURE,
            CheckName.COMPACTED,
            CheckName.PROOF,
            CheckName.ISSUER,
        }


def test_expired_and_revoked_badges_are_still_shown() -> None:
    report = examine(signed(badge(validUntil="2026-01-02T00:00:00Z")))
    assert report.contents is not None
    assert report.contents.achievement_id == ACHIEVEMENT_ID


# Carriers


@pytest.mark.parametrize("text", [json.dumps(GOOD), token(badge())], ids=["json", "jwt"])
def test_every_carrier_gives_the_same_verdict(text: str, tmp_path: Path) -> None:
    file = tmp_path / "badge"
    file.write_text(text)
    sources: list[Source | Secured] = [
        text,
        text.encode(),
        file,
        png(text),
        svg(text),
        load(text),
    ]
    reports = [verifier().examine(source) for source in sources]
    assert {report.verdict for report in reports} == {Verdict.GENUINE}
    assert all(report.contents == reports[0].contents for report in reports)
    assert [report.carrier for report in reports[3:5]] == ["png", "svg"]


def test_second_credential_in_a_picture_is_a_remark() -> None:
    report = verifier().examine(png(json.dumps(GOOD), json.dumps(badge())))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert found(report, CheckName.PARSE) == (Answer.COULD_NOT_CHECK, Code.IMAGE_AMBIGUOUS)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", Code.MALFORMED_INPUT),
        (b"{", Code.MALFORMED_INPUT),
        (b"[]", Code.MALFORMED_INPUT),
        (b"%PDF-1.7", Code.MALFORMED_INPUT),
        (b"a.b.c", Code.JWT_MALFORMED),
        (png(), Code.IMAGE_NO_CREDENTIAL),
        (b"\x89PNG\r\n\x1a\n", Code.IMAGE_MALFORMED),
        (b"[" * 1000, Code.RESOURCE_LIMIT),
    ],
)
def test_input_that_cannot_be_read_gets_a_report_too(source: bytes, code: Code) -> None:
    report = verifier().examine(source)
    assert failed(report) == {CheckName.PARSE: code}
    assert report.verdict is Verdict.NOT_VALID
    assert (report.carrier, report.securing, report.contents) == ("unknown", "none", None)
    assert refusal(source).code is code


@pytest.mark.parametrize("document", [{}, {"type": "VerifiableCredential"}, {"proof": 5}])
def test_object_that_is_no_credential_gets_a_report_too(document: Document) -> None:
    report = examine(document)
    assert report.verdict in (Verdict.NOT_GENUINE, Verdict.NOT_VALID)
    assert report.contents is None


def test_file_that_cannot_be_opened_is_no_verdict(tmp_path: Path) -> None:
    for entrance in (verifier().examine, verifier().verify):
        with pytest.raises(InputError) as caught:
            entrance(tmp_path / "absent.json")
        assert type(caught.value) is InputError


# Trust


def test_issuer_that_nobody_vouches_for_is_unknown() -> None:
    report = Verifier(now=NOW).examine(json.dumps(GOOD))
    assert report.verdict is Verdict.UNKNOWN_ISSUER
    assert found(report, CheckName.TRUST) == (Answer.COULD_NOT_CHECK, Code.UNTRUSTED_ISSUER)
    assert report.known_as is None
    assert report.contents is not None


def test_issuer_is_shown_under_the_name_the_trust_source_gives() -> None:
    trust = AllowList({ISSUER: "Example University, Warsaw"}, source="the ministry")
    report = Verifier(now=NOW, trust=trust).examine(json.dumps(GOOD))
    assert report.known_as == "Example University, Warsaw"
    assert report.check(CheckName.TRUST).sentence == (
        "Issued by Example University, Warsaw, according to the ministry."
    )


def test_whoever_accepts_any_issuer_is_told_that_nobody_vouches() -> None:
    report = Verifier(now=NOW, trust=UnsafeAcceptAnyIssuer()).examine(json.dumps(GOOD))
    check = report.check(CheckName.TRUST)
    assert (check.answer, check.code, check.weight) == (
        Answer.COULD_NOT_CHECK,
        Code.UNTRUSTED_ISSUER,
        Weight.INFORMATION,
    )
    assert report.verdict is Verdict.GENUINE
    assert report.known_as is None
    assert "was not checked" in report.headline


def test_status_list_is_nobody_s_achievement() -> None:
    report = examine(signed(status_list()))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert "says nothing about a person" in report.reason


# For programs


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_credential_that_can_be_relied_on_is_returned(mechanism: Mechanism) -> None:
    secured = issued(badge(), mechanism=mechanism)
    verified = verifier().verify(secured.content)
    assert isinstance(verified, VerifiedCredential)
    assert isinstance(verified.credential, AchievementCredential)
    assert verified.credential.credential_subject.id == LEARNER
    assert verified.secured.content == secured.content
    assert verified.issuer == Recognition(ISSUER, ISSUER, "the tests")
    assert verified.report.verdict is Verdict.GENUINE
    assert verifier().verify(secured) == verified


def test_document_beside_a_token_counts_for_nothing() -> None:
    # What was signed is the token; `Secured` is public, and anybody may make one.
    secured = issued(badge(), mechanism=Mechanism.VC_JWT)
    forged = replace(secured, document=badge(name="Forged", issuer=LEARNER))
    report = verifier().examine(forged)
    assert report.contents is not None
    assert (report.contents.name, report.contents.issuer_id) == ("Teamwork", ISSUER)
    verified = verifier().verify(forged)
    assert verified.issuer.issuer == ISSUER
    assert verified.secured.document == secured.document


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({**GOOD, "name": "Forged"}, Code.PROOF_INVALID),
        (badge(), Code.PROOF_MISSING),
        ({**GOOD, "undefined": "x"}, Code.DATA_LOSS),
        (signed(badge(), signer=OTHER_SIGNER), Code.ISSUER_MISMATCH),
        (signed(badge(validUntil="2026-01-02T00:00:00Z")), Code.EXPIRED),
        (signed(badge(validFrom="2027-01-01T00:00:00Z")), Code.NOT_YET_VALID),
        (signed(badge(credentialStatus=status_entry())), Code.OFFLINE),
    ],
)
def test_credential_that_cannot_be_relied_on_raises_with_its_report(
    document: Document, code: Code
) -> None:
    error = refusal(json.dumps(document))
    assert error.code is code
    assert error.message.startswith(error.report.headline)  # type: ignore[attr-defined]


def test_code_is_the_one_that_decided_and_not_the_first() -> None:
    source = png(json.dumps(signed(badge(validUntil="2026-01-02T00:00:00Z"))), "{}")
    assert verifier().examine(source).codes == {Code.IMAGE_AMBIGUOUS, Code.EXPIRED}
    assert refusal(source).code is Code.EXPIRED


def test_unknown_issuer_is_refused() -> None:
    with pytest.raises(VerificationError) as caught:
        Verifier(now=NOW).verify(json.dumps(GOOD))
    assert caught.value.code is Code.UNTRUSTED_ISSUER


def test_wrong_recipient_is_refused() -> None:
    error = refusal(json.dumps(GOOD), policy=Policy(recipient_id="did:x:somebody-else"))
    assert error.code is Code.RECIPIENT_MISMATCH
    assert error.report.verdict is Verdict.WRONG_RECIPIENT  # type: ignore[attr-defined]


def test_remarks_do_not_keep_it_from_being_relied_on() -> None:
    document = badge()
    bad = signed(endorsement())
    document["credentialSubject"]["achievement"]["endorsement"] = [bad]
    verified = verifier().verify(json.dumps(signed(document)))
    assert verified.report.verdict is Verdict.GENUINE_WITH_REMARKS


def test_each_required_check_alone_keeps_it_from_being_relied_on() -> None:
    # ACA-Py, CVE-2024-21669: one result was left out of the conjunction.
    report = examine(GOOD)
    for position, check in enumerate(report.checks):
        for answer in (Answer.FAILED, Answer.COULD_NOT_CHECK):
            worse = replace(check, answer=answer, weight=Weight.REQUIRED)
            checks = [*report.checks[:position], worse, *report.checks[position + 1 :]]
            assert decide(checks)[0] not in (Verdict.GENUINE, Verdict.GENUINE_WITH_REMARKS)


# The clock and the inputs


@pytest.mark.parametrize("source", [None, 5, badge(), [b"x"]])
def test_input_of_another_kind_is_a_mistake_of_the_caller(source: object) -> None:
    for entrance in (verifier().examine, verifier().verify):
        with pytest.raises(TypeError):
            entrance(source)  # type: ignore[arg-type]


def test_trust_that_recognizes_nobody_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="AllowList"):
        Verifier(now=NOW, trust={ISSUER: "Example University"})  # type: ignore[arg-type]


def test_clock_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Verifier(now=datetime(2026, 6, 1))  # noqa: DTZ001
    assert caught.value.code is Code.CONFIGURATION


def test_clock_may_be_of_any_zone() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-8)))
    ends_now = signed(badge(validUntil="2026-06-01T00:00:00Z"))
    assert examine(ends_now, now=elsewhere).verdict is Verdict.GENUINE
    assert examine(ends_now, now=elsewhere).checked_at == NOW
    later = elsewhere + timedelta(seconds=1)
    assert examine(ends_now, now=later).verdict is Verdict.EXPIRED


def test_nothing_that_is_handed_in_is_changed() -> None:
    secured = load(json.dumps(signed(everything())))
    before = deepcopy(secured.document)
    verifier(fetcher=Web()).examine(secured)
    assert secured.document == before


def test_same_input_gives_the_same_report() -> None:
    document = signed(everything())
    assert examine(document, fetcher=Web()) == examine(document, fetcher=Web())


def test_credential_of_version_1_is_verified() -> None:
    document: Document = {
        "@context": [CREDENTIALS_V1, DATA_INTEGRITY_V2],
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": LEARNER},
    }
    assert examine(signed(document)).verdict is Verdict.GENUINE
    assert examine(signed({**document, "expirationDate": "2026-05-01T00:00:00Z"})).verdict is (
        Verdict.EXPIRED
    )


def test_one_credential_cannot_make_us_fetch_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FETCHES", 1)
    web = Web()
    run = verifier(fetcher=web)
    report = run.examine(json.dumps(signed(everything())))
    assert found(report, CheckName.REFRESH) == (Answer.COULD_NOT_CHECK, Code.RESOURCE_LIMIT)
    assert web.requested == [LIST_URL]
    run.examine(json.dumps(signed(everything())))  # the next credential may fetch again
    assert web.requested == [LIST_URL, "https://uni.example/refresh"]


def test_what_one_thread_fetches_is_not_taken_from_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "FETCHES", 2)
    everything_there = threading.Barrier(2, timeout=10)

    class MeetingWeb(Web):
        def fetch(self, url: str, *, max_bytes: int) -> Fetched:
            if url.endswith("refresh"):
                everything_there.wait()  # both have begun, and both have fetched a list
            return super().fetch(url, max_bytes=max_bytes)

    documents = [
        json.dumps(signed(changed(everything(), credentialStatus=status_entry(5, **where))))
        for where in ({}, {"statusListCredential": "https://uni.example/another"})
    ]
    run = verifier(fetcher=MeetingWeb())
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(run.examine, documents))
    assert Code.RESOURCE_LIMIT not in [found(each, CheckName.REFRESH)[1] for each in reports]


def test_controller_document_is_fetched_once_in_a_run() -> None:
    web = Web({DID_URL: did_document()})
    run = verifier(fetcher=web)
    for _ in range(3):
        assert run.examine(json.dumps(by_web())).verdict is Verdict.GENUINE
    assert web.requested == [DID_URL]


def test_controller_that_does_not_answer_is_not_asked_again_in_a_run() -> None:
    web = Web({DID_URL: unreachable()})
    run = verifier(fetcher=web)
    for _ in range(3):
        run.examine(json.dumps(by_web()))
    assert web.requested == [DID_URL]

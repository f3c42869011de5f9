"""Reports, policies and the words for people."""

from __future__ import annotations

import json
import pickle
from dataclasses import FrozenInstanceError, replace
from datetime import timedelta
from typing import Any

import pytest

from testamur.errors import Code, ConfigurationError, FetchError, ProofError
from testamur.secure import SUITES, ClaimsMode, EddsaJcs2022
from testamur.verification import (
    Answer,
    Check,
    CheckName,
    Contents,
    Policy,
    Report,
    Verdict,
    answers,
)
from testamur.verification.report import Weight
from testamur.verification.wording import words_for, words_for_collection
from unit.scenes import NOW, badge, examine, issued
from unit.verification.test_verdict import GOOD, check, report

# Reports


def test_report_is_neither_true_nor_false() -> None:
    # "Verified" hides what could not be checked.
    for verdict in Verdict:
        with pytest.raises(TypeError, match="verdict"):
            bool(report(verdict, GOOD))
    with pytest.raises(TypeError):
        assert not examine(issued(badge()))


def test_report_cannot_be_changed() -> None:
    found = report(Verdict.GENUINE, GOOD)
    with pytest.raises(FrozenInstanceError):
        found.verdict = Verdict.REVOKED  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        GOOD.answer = Answer.FAILED  # type: ignore[misc]
    facts: Any = Check(
        name=CheckName.PROOF, answer=Answer.PASSED, sentence="x", evidence={"a": "b"}
    ).evidence
    for change in (lambda: facts.update(a="c"), facts.clear, lambda: facts.pop("a")):
        with pytest.raises(TypeError, match="cannot be changed"):
            change()
    with pytest.raises(TypeError):
        facts["a"] = "c"
    assert pickle.loads(pickle.dumps(facts)) == facts == {"a": "b"}  # noqa: S301


def test_report_is_written_as_json_with_every_member() -> None:
    found = Report(
        verdict=Verdict.REVOKED,
        headline="Withdrawn.",
        checked_at=NOW,
        carrier="json",
        securing="none",
        checks=(
            Check(
                name=CheckName.STATUS,
                answer=Answer.FAILED,
                sentence="It is.",
                code=Code.REVOKED,
                weight=Weight.REMARK,
                evidence={"url": "https://uni.example/1"},
            ),
        ),
    )
    assert found.to_json() == {
        "version": "1",
        "verdict": "revoked",
        "headline": "Withdrawn.",
        "reason": "",
        "next_step": "",
        "checked_at": "2026-06-01T00:00:00Z",
        "carrier": "json",
        "securing": "none",
        "known_as": None,
        "checks": [
            {
                "name": "status",
                "answer": "failed",
                "sentence": "It is.",
                "code": "REVOKED",
                "weight": "remark",
                "spec": "",
                "path": None,
                "evidence": {"url": "https://uni.example/1"},
            }
        ],
        "contents": None,
        "endorsements": [],
        "credentials": [],
    }


def test_report_in_json_can_be_read_by_others() -> None:
    found = examine(issued(badge()))
    read: Any = json.loads(json.dumps(found.to_json()))
    assert read == found.to_json()
    assert read["contents"]["achievement_name"] == "Teamwork"
    assert read["contents"]["alignments"] == []
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


def test_worst_of_the_checks_with_a_name_is_returned() -> None:
    kinds = [Answer.NOT_APPLICABLE, Answer.PASSED, Answer.COULD_NOT_CHECK, Answer.FAILED]
    for count in range(1, 5):
        some = [check(CheckName.STATUS, answer) for answer in kinds[:count]]
        found = report(Verdict.GENUINE, *some, check(CheckName.PROOF))
        assert found.check(CheckName.STATUS).answer is kinds[count - 1]


def test_check_that_was_not_made_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="empty"):
        report(Verdict.GENUINE, GOOD).check(CheckName.STATUS)


def test_codes_are_those_of_the_embedded_credentials_too() -> None:
    inner = report(Verdict.REVOKED, check(code=Code.REVOKED))
    deeper = report(Verdict.EXPIRED, check(code=Code.EXPIRED), credentials=(inner,))
    outer = replace(report(Verdict.GENUINE, GOOD, check(code=Code.SCHEMA)), endorsements=(deeper,))
    assert outer.codes == {Code.SCHEMA, Code.EXPIRED, Code.REVOKED}


def test_report_is_read_aloud_in_one_line() -> None:
    found = report(Verdict.REVOKED, GOOD)
    assert str(found) == "x"
    full = replace(found, reason="Because.", next_step="Ask.")
    assert str(full) == "x Because. Ask."


# Answers


def test_error_without_an_answer_from_the_network_is_could_not_check() -> None:
    for code in (Code.OFFLINE, Code.UNREACHABLE):
        error = FetchError("no answer", code=code, url="https://uni.example/")
        made = answers.from_error(CheckName.PROOF, error, spec="S", evidence={"a": "b"})
        assert (made.answer, made.code, made.weight) == (
            Answer.COULD_NOT_CHECK,
            code,
            Weight.REQUIRED,
        )
        assert made.evidence == {"a": "b", "url": "https://uni.example/"}


@pytest.mark.parametrize(
    "error",
    [
        FetchError("blocked", code=Code.URL_BLOCKED),
        FetchError("404", code=Code.FETCH_FAILED),
        FetchError("large", code=Code.RESOURCE_LIMIT),
        ProofError("wrong", code=Code.PROOF_INVALID, path="proof"),
        ProofError("odd", code=Code.OFFLINE),
    ],
)
def test_any_other_error_is_a_failure(error: ProofError) -> None:
    made = answers.from_error(CheckName.PROOF, error, spec="S")
    assert (made.answer, made.code, made.path) == (Answer.FAILED, error.code, error.path)
    assert made.evidence == {}


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("the proof is missing", "The proof is missing."),
        ("The end.", "The end."),
        ("credential.name: is missing", "credential.name: is missing."),
        ("https://uni.example/ is gone", "https://uni.example/ is gone."),
        ("did:web:uni.example is gone", "did:web:uni.example is gone."),
        ("ärger", "Ärger."),
        ("", "."),
    ],
)
def test_message_becomes_a_sentence(message: str, sentence: str) -> None:
    assert answers.sentence(message) == sentence


# Words


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_words_for_people(verdict: Verdict) -> None:
    headline, reason, next_step = words_for(verdict, None, [GOOD])
    assert headline.endswith(".")
    assert next_step.endswith(".")
    assert reason == ""
    assert words_for(verdict, check(), [check()])[1] == check().sentence


def test_only_a_good_signature_is_called_genuine() -> None:
    for verdict in Verdict:
        headline = words_for(verdict, None, [GOOD])[0]
        if headline.startswith("Genuine"):
            assert verdict not in (Verdict.NOT_GENUINE, Verdict.NOT_VALID, Verdict.UNFINISHED)
    assert words_for(Verdict.NOT_GENUINE, None, [])[0].startswith("Not genuine")


def test_issuer_that_nobody_vouches_for_is_named_in_the_headline() -> None:
    let_through = check(
        CheckName.TRUST, Answer.COULD_NOT_CHECK, Code.UNTRUSTED_ISSUER, Weight.INFORMATION
    )
    headline, _, next_step = words_for(Verdict.GENUINE, None, [GOOD, let_through])
    assert headline != words_for(Verdict.GENUINE, None, [GOOD])[0]
    assert "Anybody" in next_step


@pytest.mark.parametrize(
    ("verdict", "headline"),
    [
        (Verdict.EXPIRED, "Genuine signature of an unknown issuer, but expired."),
        (Verdict.REVOKED, "Withdrawn by its issuer, who is not known here."),
        (Verdict.UNFINISHED, "We do not know this issuer, and could not finish checking."),
        (Verdict.UNKNOWN_ISSUER, "Genuine signature, but we do not know this issuer."),
    ],
)
def test_unknown_issuer_is_named_whatever_else_decided(verdict: Verdict, headline: str) -> None:
    unknown = check(CheckName.TRUST, Answer.COULD_NOT_CHECK, Code.UNTRUSTED_ISSUER)
    deciding = unknown if verdict is Verdict.UNKNOWN_ISSUER else check()
    assert words_for(verdict, deciding, [unknown, check()])[0] == headline


@pytest.mark.parametrize(
    ("deciding", "verdict", "words"),
    [
        (
            check(CheckName.PROOF, Answer.COULD_NOT_CHECK, Code.OFFLINE),
            Verdict.UNFINISHED,
            "Allow network access",
        ),
        (
            check(CheckName.STATUS, Answer.COULD_NOT_CHECK, Code.UNREACHABLE),
            Verdict.UNFINISHED,
            "later",
        ),
        (check(CheckName.PROOF, code=Code.DID_RESOLUTION), Verdict.NOT_VALID, "ask the issuer"),
        (check(CheckName.PARSE), Verdict.NOT_VALID, "original file"),
        (check(CheckName.STRUCTURE), Verdict.NOT_VALID, "correct one"),
    ],
)
def test_next_step_follows_from_what_decided(deciding: Check, verdict: Verdict, words: str) -> None:
    assert words in words_for(verdict, deciding, [deciding])[2]


def test_withdrawal_says_more_only_where_the_issuer_did() -> None:
    def withdrawn(sentence: str) -> Check:
        return Check(
            name=CheckName.STATUS, answer=Answer.FAILED, code=Code.REVOKED, sentence=sentence
        )

    for verdict, what in ((Verdict.REVOKED, "withdrawn"), (Verdict.SUSPENDED, "suspended")):
        assert words_for(verdict, withdrawn(f"The issuer has {what} it."), [])[1] == ""
        given = f"The issuer has {what} it: in error."
        assert words_for(verdict, withdrawn(given), [])[1] == given


def test_collection_whose_credentials_are_all_good_says_so() -> None:
    good = report(Verdict.GENUINE, GOOD)
    assert words_for_collection(Verdict.GENUINE, [good])[0].startswith("Its one credential")
    assert words_for_collection(Verdict.GENUINE, [good, good])[0].startswith("All 2 credentials")


def test_collection_names_the_worst_of_its_credentials() -> None:
    good, revoked = report(Verdict.GENUINE, GOOD), report(Verdict.REVOKED, GOOD)
    named = replace(revoked, contents=Contents(id=None, types=(), name="Teamwork"))
    headline, reason, _ = words_for_collection(Verdict.REVOKED, [good, revoked, good])
    assert headline == "Of the 3 credentials in it, 1 cannot simply be relied on."
    assert reason == "The worst: x"
    assert words_for_collection(Verdict.REVOKED, [named])[1] == "The worst (Teamwork): x"


# Policies


def test_defaults_suit_somebody_who_checks_one_badge() -> None:
    policy = Policy()
    assert policy.suites == SUITES
    assert policy.claims is ClaimsMode.LENIENT
    assert policy.clock_skew == timedelta(0)
    assert policy.accept_status_issuer("did:x:a", "did:x:a")
    assert not policy.accept_status_issuer("did:x:a", "did:x:b")


def test_policy_that_accepts_nothing_is_refused() -> None:
    # An empty list of accepted suites must not end as "nothing failed".
    with pytest.raises(ConfigurationError) as caught:
        Policy(suites=())
    assert caught.value.code is Code.CONFIGURATION
    assert Policy(suites=(EddsaJcs2022(),)).suites


@pytest.mark.parametrize("seconds", [-1, 301, 86_400])
def test_clock_that_is_off_by_more_than_five_minutes_is_refused(seconds: int) -> None:
    with pytest.raises(ConfigurationError):
        Policy(clock_skew=timedelta(seconds=seconds))
    assert Policy(clock_skew=timedelta(seconds=300)).clock_skew == timedelta(minutes=5)


def test_checked_at_is_the_clock_that_was_given() -> None:
    assert examine(issued(badge())).checked_at == NOW


def test_check_has_no_other_members() -> None:
    with pytest.raises(TypeError):
        Check(name=CheckName.PROOF, answer=Answer.PASSED, sentence="x", verified=True)  # type: ignore[call-arg]

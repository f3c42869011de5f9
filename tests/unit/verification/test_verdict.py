"""From checks to one verdict: the worst of those that matter, step by step."""

from __future__ import annotations

from itertools import product

import pytest

from testamur.errors import Code
from testamur.verification import Answer, Check, CheckName, Report, Verdict
from testamur.verification.report import Weight
from testamur.verification.verdict import decide
from unit.scenes import NOW

GOOD = Check(name=CheckName.PROOF, answer=Answer.PASSED, sentence="Good.")


def check(
    name: CheckName = CheckName.STRUCTURE,
    answer: Answer = Answer.FAILED,
    code: Code | None = None,
    weight: Weight = Weight.REQUIRED,
) -> Check:
    return Check(name=name, answer=answer, code=code, weight=weight, sentence=f"{name} {answer}.")


def report(verdict: Verdict, *checks: Check, credentials: tuple[Report, ...] = ()) -> Report:
    return Report(
        verdict=verdict,
        headline="x",
        checked_at=NOW,
        carrier="json",
        securing="none",
        checks=checks,
        credentials=credentials,
    )


def test_no_checks_at_all_are_unfinished_and_never_genuine() -> None:
    assert decide([]) == (Verdict.UNFINISHED, None)


@pytest.mark.parametrize("answer", [Answer.PASSED, Answer.NOT_APPLICABLE])
@pytest.mark.parametrize("name", list(CheckName))
def test_check_that_passed_or_does_not_apply_takes_nothing_away(
    name: CheckName, answer: Answer
) -> None:
    # Whatever code it notes: a check that passed with REVOKED beside it would be a mistake.
    for code in (None, Code.REFRESH_AVAILABLE, Code.REVOKED):
        assert decide([GOOD, check(name, answer, code)]) == (Verdict.GENUINE, None)


@pytest.mark.parametrize("name", list(CheckName))
def test_each_required_check_that_fails_alone_decides(name: CheckName) -> None:
    expected = {
        CheckName.PROOF: Verdict.NOT_GENUINE,
        CheckName.ISSUER: Verdict.NOT_GENUINE,
        CheckName.RECIPIENT: Verdict.WRONG_RECIPIENT,
    }
    bad = check(name)
    assert decide([GOOD, bad, GOOD]) == (expected.get(name, Verdict.NOT_VALID), bad)


@pytest.mark.parametrize("name", list(CheckName))
def test_each_required_check_that_could_not_be_made_leaves_it_unfinished(name: CheckName) -> None:
    for code in (None, Code.OFFLINE, Code.UNREACHABLE, Code.STATUS_RETRIEVAL):
        bad = check(name, Answer.COULD_NOT_CHECK, code)
        assert decide([GOOD, bad]) == (Verdict.UNFINISHED, bad)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (Code.EXPIRED, Verdict.EXPIRED),
        (Code.NOT_YET_VALID, Verdict.NOT_YET_VALID),
        (Code.REVOKED, Verdict.REVOKED),
        (Code.SUSPENDED, Verdict.SUSPENDED),
        (Code.UNTRUSTED_ISSUER, Verdict.UNKNOWN_ISSUER),
        (Code.DID_RESOLUTION, Verdict.NOT_VALID),
    ],
)
def test_code_that_says_more_decides_what_it_says(code: Code, verdict: Verdict) -> None:
    bad = check(CheckName.PROOF, Answer.FAILED, code)
    assert decide([GOOD, bad]) == (verdict, bad)


@pytest.mark.parametrize("answer", [Answer.FAILED, Answer.COULD_NOT_CHECK])
@pytest.mark.parametrize("code", [None, Code.REVOKED, Code.RESOURCE_LIMIT])
def test_weight_bounds_what_a_check_can_do(answer: Answer, code: Code | None) -> None:
    remark = check(answer=answer, code=code, weight=Weight.REMARK)
    assert decide([GOOD, remark]) == (Verdict.GENUINE_WITH_REMARKS, remark)
    information = check(answer=answer, code=code, weight=Weight.INFORMATION)
    assert decide([GOOD, information]) == (Verdict.GENUINE, None)


def test_worst_check_decides_wherever_it_stands() -> None:
    remark = check(weight=Weight.REMARK)
    unknown = check(CheckName.TRUST, Answer.COULD_NOT_CHECK, Code.UNTRUSTED_ISSUER)
    expired = check(CheckName.VALIDITY, code=Code.EXPIRED)
    revoked = check(CheckName.STATUS, code=Code.REVOKED)
    forged = check(CheckName.PROOF, code=Code.PROOF_INVALID)
    ranked = [GOOD, remark, unknown, expired, revoked, forged]
    for first, second in product(range(len(ranked)), repeat=2):
        worst = ranked[max(first, second)]
        deciding = decide([ranked[first], ranked[second]])[1]
        assert deciding == (None if worst is GOOD else worst)


def test_first_of_equally_bad_checks_decides() -> None:
    first, second = check(CheckName.STATUS), check(CheckName.STRUCTURE)
    assert decide([first, second])[1] is first


def test_verdicts_stand_from_best_to_worst() -> None:
    assert list(Verdict) == [
        Verdict.GENUINE,
        Verdict.GENUINE_WITH_REMARKS,
        Verdict.UNKNOWN_ISSUER,
        Verdict.UNFINISHED,
        Verdict.WRONG_RECIPIENT,
        Verdict.NOT_YET_VALID,
        Verdict.EXPIRED,
        Verdict.SUSPENDED,
        Verdict.REVOKED,
        Verdict.NOT_VALID,
        Verdict.NOT_GENUINE,
    ]


def test_credential_of_a_presentation_counts_as_required() -> None:
    expired = check(CheckName.VALIDITY, code=Code.EXPIRED)
    inside = [report(Verdict.GENUINE, GOOD), report(Verdict.EXPIRED, GOOD, expired)]
    assert decide([GOOD], inside) == (Verdict.EXPIRED, expired)
    remark = check(weight=Weight.REMARK)
    assert decide([GOOD, remark], inside)[0] is Verdict.EXPIRED


def test_credential_that_is_better_than_its_presentation_changes_nothing() -> None:
    forged = check(CheckName.PROOF)
    assert decide([forged], [report(Verdict.GENUINE, GOOD)]) == (Verdict.NOT_GENUINE, forged)


def test_credential_whose_deciding_check_cannot_be_found_is_named_by_its_first() -> None:
    odd = report(Verdict.REVOKED, GOOD)
    assert decide([GOOD], [odd]) == (Verdict.REVOKED, GOOD)


def test_collection_in_a_presentation_is_decided_by_its_own_checks() -> None:
    # The members of a collection (CLR) are a remark to it, so the reason is the remark.
    expired = check(CheckName.VALIDITY, code=Code.EXPIRED)
    remark = check(CheckName.EMBEDDED, code=Code.EXPIRED, weight=Weight.REMARK)
    member = report(Verdict.EXPIRED, expired)
    collection = report(Verdict.GENUINE_WITH_REMARKS, GOOD, remark, credentials=(member,))
    assert decide([GOOD], [collection]) == (Verdict.GENUINE_WITH_REMARKS, remark)

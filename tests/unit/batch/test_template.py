"""Credentials printed from a template: the bytes that issuing each in full gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur import build
from testamur.batch.award import Award
from testamur.batch.derived import row_secrets
from testamur.batch.learner import Learner, LearnerEvidence, LearnerResult
from testamur.batch.press import Press
from testamur.batch.status_lists import StatusLists
from testamur.batch.strings import own_paths, own_strings
from testamur.canon import fast_path
from testamur.canon.marks import find
from testamur.errors import ModelError, SigningKeyError, TestamurError
from testamur.issuing import Mechanism, issue
from testamur.keys import Ed25519PrivateKey, Ed25519Signer
from testamur.model.ob3 import ResultStatus

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SIGNER = Ed25519Signer.for_did_key(Ed25519PrivateKey(bytes(range(32))))
GRADE = build.result_description(
    "Grade", "Percent", id="https://uni.example/a#grade", value_min="0", value_max="100"
)
RUBRIC = build.result_description(
    "Rubric",
    "RubricCriterionLevel",
    id="https://uni.example/a#rubric",
    levels=[build.rubric_level("Good", id="https://uni.example/a#good")],
)
AWARD = Award.of(
    build.profile(id=SIGNER.controller, name="College"),
    build.achievement(
        id="https://uni.example/a",
        name="Welding",
        description="Welds.",
        criteria="A test.",
        results=[GRADE, RUBRIC],
        alignments=[build.eqf_level(5), build.eqf_level(6)],
    ),
    secret=bytes(32),
    valid_from=NOW,
    status=StatusLists("https://uni.example/status/", ("revocation", "suspension")),
)
PLAIN = Learner(email="ada@uni.example")

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6) | st.sampled_from(
    ['"', "\\", "\n", "\x7f", "%s", "\U0001f3c5"]
)
learners = st.builds(
    Learner,
    email=st.sampled_from(["ada@uni.example", "b@uni.example"]),
    name=st.none() | texts.filter(str.strip),
    id=st.none()
    | st.sampled_from(["did:key:z6Mk", "urn:uuid:1", SIGNER.controller, "name:x", "x"]),
    narrative=st.none() | texts,
    role=st.none() | texts,
    credits_earned=st.none() | st.sampled_from([1, 1.0, 2.5]),
    valid_until=st.none() | st.sampled_from([NOW + timedelta(days=1), NOW - timedelta(days=1)]),
    results=st.lists(
        st.builds(
            LearnerResult,
            description=st.just(GRADE.id),
            value=st.sampled_from(["1", "50", "100", "101", "x"]),
            status=st.none() | st.sampled_from(list(ResultStatus)),
        )
        | st.builds(
            LearnerResult,
            description=st.just(RUBRIC.id),
            achieved_level=st.sampled_from(["https://uni.example/a#good", "https://uni.example/b"]),
        ),
        max_size=2,
    ).map(tuple),
    evidence=st.lists(
        st.builds(
            LearnerEvidence,
            id=st.none() | st.sampled_from(["https://uni.example/e1", "https://uni.example/e2"]),
            name=texts,
        ),
        max_size=2,
    ).map(tuple),
)


def press(mechanism: Mechanism = Mechanism.EDDSA_RDFC_2022) -> Press:
    return Press(AWARD, SIGNER, now=NOW, mechanism=mechanism)


def outcome(made: Callable[[], bytes]) -> bytes | str:
    """What is issued, or the error."""
    try:
        return made()
    except TestamurError as error:
        return f"{error.code} {error.message}"


def printed_by(printer: Press, learner: Learner, position: int) -> bytes:
    return printer.issue(learner, position).content


def in_full(learner: Learner, position: int, mechanism: Mechanism) -> bytes:
    credential = AWARD.credential(learner, position)
    return issue(credential, signer=SIGNER, now=NOW, mechanism=mechanism).content


PRESSES = {mechanism: press(mechanism) for mechanism in Mechanism}


@pytest.mark.parametrize("mechanism", Mechanism)
@given(learner=learners, position=st.integers(0, 300_000))
@settings(deadline=None)
def test_what_is_printed_is_what_is_issued_in_full(
    mechanism: Mechanism, learner: Learner, position: int
) -> None:
    printer = PRESSES[mechanism]
    for number in (position, position + 1, position):
        printed = outcome(partial(printed_by, printer, learner, number))
        assert printed == outcome(partial(in_full, learner, number, mechanism))


def test_what_is_printed_is_what_the_general_path_gives() -> None:
    printer = press()
    learner = replace(PLAIN, name='"Ada"', narrative="a\nb", role="\x7f")
    printed = [printer.issue(learner, position).content for position in range(5)]
    with fast_path.general_path_only():
        assert printed == [
            in_full(learner, position, Mechanism.EDDSA_RDFC_2022) for position in range(5)
        ]


@pytest.mark.fast_path
@pytest.mark.parametrize("mechanism", Mechanism)
def test_second_learner_of_a_shape_is_printed(
    mechanism: Mechanism, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer = press(mechanism)
    printer.issue(PLAIN, 0)
    monkeypatch.setattr("testamur.batch.press.issue", None)
    assert printer.issue(replace(PLAIN, email="bob@uni.example"), 1).content
    with pytest.raises(TypeError):
        printer.issue(Learner(name="another shape"), 2)


@given(learner=learners)
@settings(deadline=None)
def test_strings_stand_where_the_paths_say(learner: Learner) -> None:
    row, places = row_secrets(AWARD.secret, 5), AWARD.places(5)
    document = AWARD.document(learner, 5)
    found = [find(document, path) for path in own_paths(learner, places)]
    assert found == own_strings(learner, row, places)[1]


def test_row_that_breaks_a_rule_is_refused_as_in_full() -> None:
    printer = press()
    good = replace(PLAIN, results=(LearnerResult(description=GRADE.id, value="50"),))
    bad = replace(PLAIN, results=(LearnerResult(description=GRADE.id, value="101"),))
    printer.issue(good, 0)
    with pytest.raises(ModelError, match="outside 0 to 100"):
        printer.issue(bad, 1)
    assert printer.issue(good, 2).content


class _BrokenSigner:
    verification_method = SIGNER.verification_method
    is_broken = False

    def sign(self, data: bytes) -> bytes:
        return b"short" if self.is_broken else SIGNER.sign(data)


def test_signer_that_gives_no_signature_is_refused() -> None:
    signer = _BrokenSigner()
    printer = Press(AWARD, signer, now=NOW, mechanism=Mechanism.EDDSA_RDFC_2022)
    printer.issue(PLAIN, 0)
    signer.is_broken = True
    with pytest.raises(SigningKeyError, match="5 bytes"):
        printer.issue(PLAIN, 1)

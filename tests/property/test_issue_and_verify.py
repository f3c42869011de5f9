"""What is issued verifies: whatever was said, by every mechanism, in every carrier."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from property.arbitrary import BOUNDED, unsigned_badges
from quads import canonicalize_with_pyoxigraph, from_dataset, parse_n_quads
from testamur.canon import general, rdfc10
from testamur.carry import bake_png, bake_svg, wallet_file
from testamur.issuing import Mechanism, issue
from testamur.loading import load
from testamur.model.ob3 import AchievementCredential
from testamur.secured import Secured
from testamur.verification import Answer, Policy, Verdict
from unit.scenes import LEARNER, NOW, SIGNER, changed, examine, verifier
from unit.test_loading import png, svg

MECHANISMS = st.sampled_from(list(Mechanism))
PICTURES = {"png": png(), "svg": svg()}


def issued(badge: AchievementCredential, mechanism: Mechanism) -> Secured:
    return issue(badge, signer=SIGNER, now=NOW, mechanism=mechanism)


@pytest.mark.parametrize("mechanism", list(Mechanism))
@BOUNDED
@given(badge=unsigned_badges())
def test_issued_badge_is_genuine_and_says_what_was_said(
    badge: AchievementCredential, mechanism: Mechanism
) -> None:
    secured = issued(badge, mechanism)
    verified = verifier().verify(secured.content)
    assert verified.report.verdict is Verdict.GENUINE
    assert {check.answer for check in verified.report.checks} <= {
        Answer.PASSED,
        Answer.NOT_APPLICABLE,
        Answer.COULD_NOT_CHECK,  # evidence, which a person looks at
    }
    said = changed(badge.to_json(), **{"@context": None})
    read = changed(verified.credential.to_json(), proof=None, **{"@context": None})
    assert read == said
    assert json.loads(json.dumps(secured.document)) == load(secured.content).document


@BOUNDED
@given(badge=unsigned_badges(), mechanism=MECHANISMS)
def test_every_carrier_gives_back_what_was_issued(
    badge: AchievementCredential, mechanism: Mechanism
) -> None:
    secured = issued(badge, mechanism)
    carried = {
        "png": bake_png(PICTURES["png"], secured),
        "svg": bake_svg(PICTURES["svg"], secured),
    }
    for name, content in carried.items():
        loaded = load(content)
        assert loaded.document == secured.document
        assert loaded.token == secured.token
        assert loaded.carrier.value == name
        assert verifier().examine(content).verdict is Verdict.GENUINE
    collection = verifier().examine(wallet_file([secured]))
    assert collection.verdict is Verdict.GENUINE
    assert collection.credentials[0].contents == verifier().examine(secured).contents


@BOUNDED
@given(badge=unsigned_badges(), mechanism=MECHANISMS)
def test_recipient_is_found_by_what_the_badge_says_of_them(
    badge: AchievementCredential, mechanism: Mechanism
) -> None:
    subject = badge.credential_subject
    by_email = any(each.identity_type == "emailAddress" for each in subject.identifier)
    content = issued(badge, mechanism).content
    # An address cannot be compared where the badge has none.
    other = Verdict.WRONG_RECIPIENT if by_email else Verdict.UNFINISHED
    for policy, expected in (
        (
            Policy(recipient_id=LEARNER),
            Verdict.GENUINE if subject.id == LEARNER else Verdict.WRONG_RECIPIENT,
        ),
        (Policy(recipient_email="ada@uni.example"), Verdict.GENUINE if by_email else other),
        (Policy(recipient_email="eve@uni.example"), other),
    ):
        assert examine(content, policy=policy).verdict is expected


@BOUNDED
@given(badge=unsigned_badges())
def test_canonical_form_is_the_one_of_a_second_implementation(badge: AchievementCredential) -> None:
    document = badge.to_json()
    quads = rdfc10.canonicalize(document).decode()
    other = canonicalize_with_pyoxigraph(general.to_dataset(document)).decode()
    # What the lines mean is compared: pyoxigraph leaves more characters of a literal unescaped.
    assert from_dataset(parse_n_quads(quads)) == from_dataset(parse_n_quads(other))
    lines = quads.split("\n")
    assert lines[:-1] == sorted(lines[:-1])
    assert len(set(lines)) == len(lines)

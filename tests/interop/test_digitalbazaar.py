"""Digital Bazaar's JavaScript packages, the reference of W3C Data Integrity, and ours.

Opt-in, because npm fetches them from its registry: TESTAMUR_INTEROP=1. They run in Node with our
contexts and with what the simulator serves; nothing else is fetched while they verify.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interop.digitalbazaar import run_tasks
from sample_documents import full_badge, samples
from simulator import LEARNER, Simulator, learner
from testamur.canon import rdfc10
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject, dumps
from testamur.carry.presentation import build_presentation, sign_presentation
from testamur.errors import CanonicalizationError
from testamur.issuing import issue
from testamur.keys import did_key, multikey
from testamur.secured import Secured
from testamur.verification import Verdict

INDEX = 94_567
CHALLENGE, DOMAIN = "3d7b1f4c", "employer.example"

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(
        os.environ.get("TESTAMUR_INTEROP") != "1",
        reason="runs other people's software; set TESTAMUR_INTEROP=1",
    ),
]

Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def university() -> Simulator:
    """Their check of a status list goes by the system's clock: ours lies before, the list's end far
    behind it."""
    return Simulator(now=datetime(2025, 1, 1, tzinfo=UTC))


@pytest.fixture
def run(node: Path, university: Simulator) -> Run:
    """Runs tasks in Node, with the contexts and with what the university has by then."""

    def run_them(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
        contexts = Contexts.bundled()
        documents: dict[str, Any] = {url: contexts.document(url) for url in contexts.urls}
        status_list = university.list_document(valid_until=datetime(2125, 1, 1, tzinfo=UTC))
        documents[university.list_url()] = json.loads(university.sign(status_list))
        documents[university.did] = university.did_document
        documents[LEARNER] = did_key.controller_document(LEARNER)
        return run_tasks(node, documents, list(tasks))

    return run_them


def verify(university: Simulator, credential: JsonObject) -> dict[str, Any]:
    """The task of verifying a credential, its status included."""
    return {"do": "verify", "credential": credential, "now": university.now.isoformat()}


def full(university: Simulator) -> Secured:
    return issue(full_badge(university), signer=university.signer, now=university.now)


def tampered(document: JsonObject) -> JsonObject:
    """Raise the grade of a badge."""
    changed = json.loads(dumps(document))
    changed["credentialSubject"]["result"][0]["value"] = "5"
    return dict(changed)


def test_badge_of_ours_is_verified_by_theirs(run: Run, university: Simulator) -> None:
    """With status, alignments, results, an endorsement, evidence, schema and refresh service."""
    (theirs,) = run(verify(university, full(university).document))
    assert theirs == {"ok": True, "statuses": [False]}


def test_badge_of_ours_that_was_changed_is_refused_by_both(run: Run, university: Simulator) -> None:
    changed = tampered(full(university).document)
    (theirs,) = run(verify(university, changed))
    assert not theirs["ok"]
    assert "Invalid signature" in theirs["error"]
    assert university.verifier().examine(dumps(changed)).verdict is Verdict.NOT_GENUINE


def test_revocation_of_ours_is_seen_by_theirs(run: Run, university: Simulator) -> None:
    badge = full(university)
    university.revoke(INDEX)
    university.publish()
    (theirs,) = run(verify(university, badge.document))
    assert theirs["statuses"] == [True]
    assert university.verifier().examine(badge).verdict is Verdict.REVOKED


def test_presentation_of_ours_is_verified_by_theirs(run: Run, university: Simulator) -> None:
    presentation = sign_presentation(
        build_presentation([university.issue(), university.endorse(LEARNER)], holder=LEARNER),
        signer=learner,
        now=university.now,
        challenge=CHALLENGE,
        domain=DOMAIN,
    ).document
    task = {
        "do": "verifyPresentation",
        "presentation": presentation,
        "challenge": CHALLENGE,
        "domain": DOMAIN,
        "now": university.now.isoformat(),
    }
    good, replayed = run(task, {**task, "challenge": "another"})
    assert good == {"ok": True}
    assert "challenge" in replayed["error"]


def issued_by_theirs(run: Run, university: Simulator) -> JsonObject:
    signer = university.signer
    task = {
        "do": "issue",
        "credential": full_badge(university).to_json(),
        "secretKeyMultibase": multikey.encode_secret_key(signer.key),
        "publicKeyMultibase": multikey.encode_public_key(signer.key.public_key),
        "verificationMethod": signer.verification_method,
        "created": university.now.isoformat(),
    }
    (issued,) = run(task)
    assert issued["ok"], issued
    return dict(issued["credential"])


def test_badge_of_theirs_is_verified_by_ours(run: Run, university: Simulator) -> None:
    report = university.verifier().examine(dumps(issued_by_theirs(run, university)))
    assert report.verdict is Verdict.GENUINE, report.reason


def test_badge_of_theirs_is_the_same_as_ours(run: Run, university: Simulator) -> None:
    """Ed25519 is deterministic: equal proof values mean that the same bytes were signed."""
    theirs = issued_by_theirs(run, university)["proof"]
    ours = full(Simulator(now=university.now)).document["proof"]
    assert isinstance(theirs, dict)
    assert isinstance(ours, dict)
    assert theirs["proofValue"] == ours["proofValue"]


def test_badge_of_theirs_that_was_changed_is_refused_by_both(
    run: Run, university: Simulator
) -> None:
    changed = tampered(issued_by_theirs(run, university))
    assert university.verifier().examine(dumps(changed)).verdict is Verdict.NOT_GENUINE
    (theirs,) = run(verify(university, changed))
    assert not theirs["ok"]


def test_canonical_forms_are_equal_byte_for_byte(run: Run) -> None:
    """JSON-LD expansion included: jsonld.js makes the dataset out of the document itself."""
    documents = samples()
    theirs = run(*({"do": "canonize", "document": each} for each in documents.values()))
    for name, result in zip(documents, theirs, strict=True):
        assert result["ok"], (name, result)
        ours = rdfc10.canonicalize(documents[name])
        assert result["canonical"].encode("utf-8") == ours, name


@pytest.mark.parametrize(
    "member", [{"ectsCredits": 5}, {"relatedResource": [{"id": "relative"}]}], ids=["term", "iri"]
)
def test_member_that_would_be_lost_is_refused_by_both(
    run: Run, university: Simulator, member: JsonObject
) -> None:
    document = {**university.badge().to_json(), **member}
    (theirs,) = run({"do": "canonize", "document": document})
    assert "Safe mode" in theirs["error"]
    with pytest.raises(CanonicalizationError):
        rdfc10.canonicalize(document)

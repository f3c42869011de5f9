"""Attacks that once got through, each in its shortest form; the fixes must hold."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS
from testamur.canon.strict_json import dumps
from testamur.errors import CanonicalizationError, Code, ModelError
from testamur.fetch import MemoryFetcher
from testamur.issuing import Mechanism, issue
from testamur.keys import Ed25519PrivateKey, Ed25519Signer
from testamur.secured import Secured
from testamur.trust import AllowList
from testamur.verification import CheckName, Report, Verdict, Verifier

NOW = datetime(2026, 6, 1, tzinfo=UTC)
UNIVERSITY, MALLORY = (
    Ed25519Signer.for_did_key(Ed25519PrivateKey(bytes([number]) * 32)) for number in (1, 2)
)
ACHIEVEMENT = "https://uni.example/achievements/intro"
CREDENTIAL = "https://uni.example/c/7"


def badge(signer: Ed25519Signer = UNIVERSITY, **members: Any) -> dict[str, Any]:
    return {
        "@context": [CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS],
        "id": CREDENTIAL,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": signer.controller, "type": ["Profile"], "name": "Example University"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Intro",
        "credentialSubject": {
            "id": "did:example:mallory",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": ACHIEVEMENT,
                "type": ["Achievement"],
                "name": "Intro",
                "description": "Two hours.",
                "criteria": {"narrative": "Attend."},
            },
        },
        **members,
    }


def sign(document: dict[str, Any], signer: Ed25519Signer = UNIVERSITY) -> Secured:
    return issue(document, signer=signer, now=NOW)


def examine(source: Secured | bytes, fetcher: MemoryFetcher | None = None) -> Report:
    trust = AllowList({UNIVERSITY.controller: "Example University"})
    return Verifier(now=NOW, trust=trust, fetcher=fetcher).examine(source)


def changed(document: dict[str, Any], **members: Any) -> bytes:
    return dumps({**deepcopy(document), **members}).encode()


def test_control_is_genuine() -> None:
    assert examine(sign(badge())).verdict is Verdict.GENUINE


def test_evidence_cannot_trade_names_with_the_achievement() -> None:
    evidence = [{"id": ACHIEVEMENT, "type": ["Evidence"], "name": "Doctor of Medicine"}]
    with pytest.raises(CanonicalizationError) as caught:
        sign(badge(evidence=evidence))
    assert caught.value.code is Code.NOT_CONFORMANT


def test_class_name_does_not_stand_in_for_a_member() -> None:
    document = deepcopy(sign(badge()).document)
    achievement: Any = document["credentialSubject"]
    achievement = achievement["achievement"]
    achievement["Criteria"] = achievement.pop("criteria")
    achievement["criteria"] = {"narrative": "Attend."}
    report = examine(changed(document))
    assert report.check(CheckName.COMPACTED).code is Code.NOT_CONFORMANT


def test_json_literal_holds_no_keywords() -> None:
    schema = {"id": "https://uni.example/s", "type": "JsonSchema", "jsonSchema": {"@set": []}}
    with pytest.raises(CanonicalizationError) as caught:
        sign(badge(credentialSchema=schema))
    assert caught.value.code is Code.CONTEXT_REJECTED


def test_member_that_is_a_claim_of_tokens_is_not_put_into_one() -> None:
    document = badge()
    document["@context"].append("https://www.w3.org/ns/credentials/undefined-terms/v2")
    with pytest.raises(ModelError, match="claim"):
        issue({**document, "exp": 1}, signer=UNIVERSITY, now=NOW, mechanism=Mechanism.VC_JWT)


def test_expired_diploma_of_an_unknown_issuer_is_not_called_genuine() -> None:
    report = examine(sign(badge(MALLORY, validUntil="2026-02-01T00:00:00Z"), MALLORY))
    assert report.verdict is Verdict.EXPIRED
    assert "unknown issuer" in report.headline


def test_badge_whose_newer_version_has_expired_gets_a_remark() -> None:
    service = {"id": CREDENTIAL, "type": "1EdTechCredentialRefresh"}
    refreshed = badge(refreshService={**service, "id": "https://uni.example/refresh/7"})
    newer = sign({**refreshed, "validUntil": "2026-05-01T00:00:00Z"})
    web = MemoryFetcher({"https://uni.example/refresh/7": newer.content})
    report = examine(sign(refreshed), web)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert report.check(CheckName.REFRESH).code is Code.REFRESH_AVAILABLE


def test_badge_about_the_issuer_is_no_endorsement_of_it() -> None:
    award = badge(id="urn:uuid:9")
    award["credentialSubject"]["id"] = MALLORY.controller
    token = issue(award, signer=UNIVERSITY, now=NOW, mechanism=Mechanism.VC_JWT).token
    mill = badge(MALLORY)
    mill["issuer"]["endorsementJwt"] = [token]
    check = examine(sign(mill, MALLORY)).check(CheckName.ENDORSEMENTS)
    assert check.code is Code.ENDORSEMENT_INVALID


def test_one_credential_makes_only_so_many_fetches() -> None:
    tokens = []
    for number in range(5):
        endorsement = badge(id=f"urn:uuid:{number}", credentialStatus=_entries(number))
        endorsement["type"][1] = "EndorsementCredential"
        endorsement["credentialSubject"] = {"id": ACHIEVEMENT, "type": ["EndorsementSubject"]}
        signed = issue(endorsement, signer=UNIVERSITY, now=NOW, mechanism=Mechanism.VC_JWT)
        tokens.append(signed.token)
    document = badge()
    document["credentialSubject"]["achievement"]["endorsementJwt"] = tokens
    web = MemoryFetcher({})
    examine(sign(document), web)
    assert len(web.requested) == limits.FETCHES


def _entries(number: int) -> list[dict[str, str]]:
    lists = [f"https://status.example/{number}/{each}" for each in range(limits.STATUS_ENTRIES)]
    return [
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "5",
            "statusListCredential": url,
        }
        for url in lists
    ]

"""Exports in the forms that Moodle and Badgr write them, and what they become."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest

from testamur import build
from testamur.carry import badge_png
from testamur.errors import Code, FetchError, ParseError, TestamurError
from testamur.fetch import MemoryFetcher
from testamur.model.microcredential.reading import Fate
from testamur.open_badges_2 import Converted, Library, Takeover

ISSUER = build.profile(id="did:web:uni.example", name="Example University")
MOODLE = "https://moodle.uni.example/badges"
BADGR = "https://api.badgr.example/public"
SALT = "badges66a1c2"
EMAIL = "ada@learner.example"


def moodle() -> dict[str, Any]:
    """As badges/assertion.php of Moodle answers with obversion=2."""
    return {
        "recipient": {
            "identity": "sha256$" + hashlib.sha256((EMAIL + SALT).encode()).hexdigest(),
            "type": "email",
            "hashed": True,
            "salt": SALT,
        },
        "badge": {
            "name": "Statistics for everyone",
            "description": "Reads and makes statistics with care.",
            "image": "data:image/png;base64,iVBORw0KGgo=",
            "criteria": {
                "id": f"{MOODLE}/badge.php?hash=1f",
                "narrative": "Complete the course *Statistics*.",
            },
            "issuer": {
                "name": "Example University",
                "url": "https://moodle.uni.example",
                "email": "badges@uni.example",
                "@context": "https://w3id.org/openbadges/v2",
                "id": f"{MOODLE}/badge_json.php?id=7&action=0&obversion=2",
                "type": "Issuer",
            },
            "@context": "https://w3id.org/openbadges/v2",
            "id": f"{MOODLE}/badge_json.php?id=7",
            "type": "BadgeClass",
            "version": "2.1",
            "@language": "en",
            "related": [{"id": f"{MOODLE}/badge_json.php?id=8", "version": "2", "@language": "pl"}],
            "endorsement": f"{MOODLE}/endorsement_json.php?id=7",
            "alignments": [
                {
                    "targetName": "analyse data",
                    "targetUrl": "http://data.europa.eu/esco/skill/2b92a5b2",
                    "targetFramework": "ESCO",
                    "targetCode": "S2.7",
                }
            ],
        },
        "verify": {"type": "hosted", "url": f"{MOODLE}/assertion.php?b=1f&obversion=2"},
        "issuedOn": "2023-05-02T10:00:00+02:00",
        "evidence": f"{MOODLE}/badge.php?hash=1f",
        "expires": "2030-05-02T10:00:00+02:00",
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"{MOODLE}/assertion.php?b=1f&obversion=2",
    }


def badgr() -> list[dict[str, Any]]:
    """As Badgr's API, version 2, answers for an issuer, its badge classes and assertions."""
    issuer = {
        "entityType": "Issuer",
        "entityId": "iss1",
        "openBadgeId": f"{BADGR}/issuers/iss1",
        "createdAt": "2020-01-01T00:00:00Z",
        "name": "Example University",
        "url": "https://uni.example",
        "email": "badges@uni.example",
    }
    badge: dict[str, Any] = {
        "entityType": "BadgeClass",
        "entityId": "bc1",
        "openBadgeId": f"{BADGR}/badges/bc1",
        "createdAt": "2020-01-01T00:00:00Z",
        "issuer": "iss1",
        "issuerOpenBadgeId": f"{BADGR}/issuers/iss1",
        "name": "Statistics for everyone",
        "image": "https://media.badgr.example/bc1.png",
        "description": "Reads and makes statistics with care.",
        "criteriaUrl": None,
        "criteriaNarrative": "A written test.",
        "alignments": [],
        "tags": ["statistics", "data"],
        "extensions": {},
    }
    assertion = {
        "entityType": "Assertion",
        "entityId": "as1",
        "openBadgeId": f"{BADGR}/assertions/as1",
        "createdAt": "2023-05-02T08:00:00Z",
        "badgeclass": "bc1",
        "badgeclassOpenBadgeId": f"{BADGR}/badges/bc1",
        "issuer": "iss1",
        "issuerOpenBadgeId": f"{BADGR}/issuers/iss1",
        "image": "https://media.badgr.example/as1.png",
        "recipient": {
            "identity": "sha256$" + "0" * 64,
            "hashed": True,
            "type": "email",
            "plaintextIdentity": EMAIL,
        },
        "issuedOn": "2023-05-02T08:00:00.123Z",
        "narrative": "Ada worked on housing prices.",
        "evidence": [{"url": "https://work.example/1", "narrative": "The report."}],
        "revoked": False,
        "revocationReason": None,
        "acceptance": "Accepted",
        "expires": None,
        "extensions": {"extensions:recipientProfile": {"name": "Ada Nowak"}},
    }
    return [issuer, badge, assertion]


def take_over(
    *contents: object, own: tuple[str, ...] = (f"{MOODLE}/", f"{BADGR}/issuers/iss1"), **more: Any
) -> list[Converted]:
    library = Library()
    for each in contents:
        library.add(each if isinstance(each, bytes) else json.dumps(each).encode())
    return list(Takeover(library, issuer=ISSUER, from_issuers=own, **more).convert())


def only(*contents: object, **more: Any) -> dict[str, Any]:
    """Return the one badge that comes of it, as JSON."""
    [converted] = take_over(*contents, **more)
    assert converted.refused is None
    assert converted.credential is not None
    return converted.credential.to_json()


def test_badge_of_moodle_keeps_what_it_says() -> None:
    badge = only(moodle())
    assert badge["issuer"]["id"] == "did:web:uni.example"
    assert badge["id"].startswith("urn:uuid:")
    assert badge["validUntil"].startswith("2030-05-02T")
    assert datetime.fromisoformat(badge["validFrom"]) == datetime(2023, 5, 2, 8, tzinfo=UTC)
    achievement = badge["credentialSubject"]["achievement"]
    assert achievement["id"] == f"{MOODLE}/badge_json.php?id=7"
    assert achievement["criteria"]["narrative"] == "Complete the course *Statistics*."
    assert achievement["version"] == "2.1"
    assert achievement["inLanguage"] == "en"
    assert achievement["alignment"][0]["targetCode"] == "S2.7"
    assert achievement["related"][0]["inLanguage"] == "pl"
    assert badge["evidence"][0]["id"] == f"{MOODLE}/badge.php?hash=1f"


def test_salted_hash_of_an_address_is_kept() -> None:
    [identity] = only(moodle())["credentialSubject"]["identifier"]
    assert identity["identityHash"] == moodle()["recipient"]["identity"]
    assert (identity["salt"], identity["identityType"]) == (SALT, "emailAddress")


def test_known_address_gets_a_salt_of_its_own() -> None:
    [converted] = take_over(moodle(), addresses=["jan@learner.example", EMAIL])
    assert converted.recipient == EMAIL
    assert converted.credential is not None
    badge: Any = converted.credential.to_json()
    [identity] = badge["credentialSubject"]["identifier"]
    assert identity["salt"] != SALT
    digest = hashlib.sha256((EMAIL + identity["salt"]).encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${digest}"


def test_answers_of_badgr_are_put_together() -> None:
    answers = [{"status": {"success": True}, "result": [each]} for each in badgr()]
    [converted] = take_over(*answers)
    assert converted.recipient == EMAIL
    assert converted.credential is not None
    badge: Any = converted.credential.to_json()
    subject = badge["credentialSubject"]
    assert subject["achievement"]["id"] == f"{BADGR}/badges/bc1"
    assert subject["achievement"]["tag"] == ["statistics", "data"]
    assert subject["achievement"]["criteria"]["narrative"] == "A written test."
    assert subject["narrative"] == "Ada worked on housing prices."
    assert badge["evidence"][0]["id"] == "https://work.example/1"
    assert EMAIL not in json.dumps(badge)


def test_page_that_moodle_gives_as_criteria_and_as_evidence_is_one_of_them() -> None:
    badge = only(moodle())
    assert badge["credentialSubject"]["achievement"]["criteria"] == {
        "narrative": "Complete the course *Statistics*."
    }
    page = f"{MOODLE}/badge.php?hash=1f"
    badge = only(_with("badge.criteria", page))
    assert badge["credentialSubject"]["achievement"]["criteria"] == {"id": page}
    assert "evidence" not in badge


def test_all_awards_of_a_class_share_one_achievement() -> None:
    other = moodle() | {"id": f"{MOODLE}/assertion.php?b=2e"}
    other["evidence"] = other["badge"]["criteria"]["id"] = f"{MOODLE}/badge.php?hash=2e"
    one, another = take_over(moodle(), other)
    assert one.credential is not None
    assert another.credential is not None
    assert (
        one.credential.credential_subject.achievement
        == another.credential.credential_subject.achievement
    )


def test_what_has_no_place_is_named() -> None:
    [converted] = take_over(moodle())
    said = {each.path: each.fate for each in converted.findings}
    assert said == {
        "id": Fate.NO_PLACE,
        "verify": Fate.NO_PLACE,
        "badge.endorsement": Fate.NO_PLACE,
        "badge.criteria.id": Fate.APPROXIMATED,
    }
    [converted] = take_over(*badgr())
    assert {"extensions", "image", "issuer"} <= {each.path for each in converted.findings}


def test_date_without_a_time_is_midnight_and_said() -> None:
    said = moodle() | {"issuedOn": "2023-05-02"}
    [converted] = take_over(said)
    assert converted.credential is not None
    assert converted.credential.to_json()["validFrom"] == "2023-05-02T00:00:00Z"
    assert ("issuedOn", Fate.APPROXIMATED) in [
        (each.path, each.fate) for each in converted.findings
    ]


def test_seconds_of_open_badges_1_are_read() -> None:
    badge = only(moodle() | {"issuedOn": 1_683_014_400})
    assert datetime.fromisoformat(badge["validFrom"]) == datetime(2023, 5, 2, 8, tzinfo=UTC)


def test_references_are_followed_among_the_files() -> None:
    said = moodle()
    badge = said["badge"]
    issuer = badge["issuer"]
    said["badge"], badge["issuer"] = badge["id"], issuer["id"]
    assert only([said, badge, issuer])["credentialSubject"]["achievement"]["id"] == badge["id"]


def test_nothing_is_fetched_unless_it_is_allowed() -> None:
    said = moodle()
    badge = said["badge"]
    said["badge"] = badge["id"]
    [converted] = take_over(said)
    assert converted.credential is None
    assert converted.refused is not None
    assert "no network access by default" in converted.refused
    fetcher = MemoryFetcher({badge["id"]: json.dumps(badge).encode()})
    library = Library(fetcher)
    library.add(json.dumps(said).encode())
    takeover = Takeover(library, issuer=ISSUER, from_issuers=[f"{MOODLE}/"])
    assert next(takeover.convert()).refused is None


def _baked(content: bytes, kind: bytes = b"iTXt") -> bytes:
    picture = badge_png("Statistics", issuer="Example University", size=128)
    flags = b"\0\0\0\0\0" if kind == b"iTXt" else b"\0"
    body = kind + b"openbadges" + flags + content
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return picture[:33] + chunk + picture[33:]


@pytest.mark.parametrize("kind", [b"iTXt", b"tEXt"])
def test_baked_picture_is_read(kind: bytes) -> None:
    badge = only(_baked(json.dumps(moodle()).encode(), kind))
    assert badge["name"] == "Statistics for everyone"


def test_signed_badge_is_read_and_not_verified() -> None:
    parts = [b'{"alg":"RS256"}', json.dumps(moodle()).encode(), b"no signature"]
    token = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    assert only(token)["name"] == "Statistics for everyone"
    assert only(_baked(token))["name"] == "Statistics for everyone"


def test_picture_that_holds_a_url_needs_the_network() -> None:
    with pytest.raises(FetchError) as refused:
        take_over(_baked(b"https://moodle.uni.example/badges/assertion.php?b=1f"))
    assert refused.value.code is Code.OFFLINE


def test_picture_without_a_badge_is_refused() -> None:
    with pytest.raises(ParseError) as refused:
        take_over(badge_png("Statistics", issuer="Example University", size=128))
    assert refused.value.code is Code.IMAGE_NO_CREDENTIAL


def test_same_assertion_twice_is_one() -> None:
    assert len(take_over(moodle(), _baked(json.dumps(moodle()).encode()))) == 1


def _with(path: str, value: object) -> dict[str, Any]:
    said: Any = moodle()
    *parents, last = path.split(".")
    at = said
    for each in parents:
        at = at[each]
    at[last] = value
    return said  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (_with("revoked", True) | {"revocationReason": "Plagiarism"}, "revoked: Plagiarism"),
        (_with("badge.issuer.id", "https://other.example/issuer"), "not said to be you"),
        (_with("badge.issuer", None), "not said to be you"),
        (_with("badge.issuer.id", "https://moodle.uni.example/badgesfake"), "not said to be you"),
        (_with("recipient.salt", ""), "without a salt"),
        (_with("recipient.identity", "md5$" + "0" * 32), "MD5"),
        (_with("recipient.type", "telephone"), "telephone"),
        (_with("recipient", None), "recipient is missing"),
        (_with("badge.name", ""), "name is missing"),
        (_with("badge.description", None), "description is missing"),
        (_with("issuedOn", "yesterday"), "issuedOn"),
        (_with("issuedOn", True), "issuedOn"),
        (_with("issuedOn", 10**18), "issuedOn"),
        (_with("badge.criteria", "no url"), "criteria"),
        (_with("badge", 7), "refers to nothing"),
    ],
)
def test_what_cannot_be_issued_anew_is_left_out_and_said(said: dict[str, Any], why: str) -> None:
    [converted] = take_over(said)
    assert converted.credential is None
    assert converted.refused is not None
    assert why in converted.refused
    assert EMAIL not in converted.refused


def test_unsalted_hash_is_told_by_the_address() -> None:
    said = _with("recipient.salt", None)
    said["recipient"]["identity"] = "md5$" + hashlib.md5(EMAIL.encode()).hexdigest()  # noqa: S324
    [converted] = take_over(said, addresses=[EMAIL])
    assert converted.recipient == EMAIL


def test_address_that_is_said_to_be_hashed_and_is_not_is_hashed() -> None:
    badge = only(_with("recipient.identity", EMAIL))
    assert EMAIL not in json.dumps(badge)


@pytest.mark.parametrize("content", [b"", b"{", b"[7]", b"{}", b'{"type":"Thing"}', b"a.b.c"])
def test_what_is_no_export_is_refused(content: bytes) -> None:
    with pytest.raises(TestamurError):
        Library().add(content)


def test_badge_of_version_3_is_not_taken_over() -> None:
    said = {"type": ["VerifiableCredential", "OpenBadgeCredential"]}
    with pytest.raises(ParseError, match=r"3\.0"):
        Library().add(json.dumps(said).encode())

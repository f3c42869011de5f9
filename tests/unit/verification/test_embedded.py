"""Endorsements and collections: each is examined for itself, and none spoils the rest."""

from __future__ import annotations

from copy import deepcopy

import pytest

from testamur import limits
from testamur.canon.contexts import (
    CREDENTIALS_V2,
    OB_3_0_3,
    OB_EXTENSIONS,
    Contexts,
)
from testamur.errors import CanonicalizationError, Code
from testamur.secure import EddsaJcs2022
from testamur.verification import Answer, CheckName, Report, Verdict
from unit.scenes import (
    ACHIEVEMENT_ID,
    BADGE_ID,
    ISSUER,
    LEARNER,
    OTHER_ISSUER,
    OTHER_KEY,
    OTHER_SIGNER,
    Document,
    Web,
    badge,
    credential,
    endorsement,
    examine,
    failed,
    found,
    issued,
    signed,
    status_entry,
    token,
)

SECOND_ID = "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0004"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
ENDORSED = signed(endorsement(), signer=OTHER_SIGNER)
IN_JWT = token(
    endorsement(),
    header={"kid": OTHER_SIGNER.verification_method},
    key=OTHER_KEY,
)


def with_achievement(**members: object) -> Document:
    document = badge()
    document["credentialSubject"]["achievement"] |= members
    return document


def endorsements(document: Document) -> Report:
    return examine(issued(document))


def about(identifier: str, **members: object) -> Document:
    subject = {"id": identifier, "type": ["EndorsementSubject"]}
    return signed(endorsement(credentialSubject=subject, **members), signer=OTHER_SIGNER)


@pytest.mark.parametrize(
    "document",
    [
        with_achievement(endorsement=[ENDORSED]),
        with_achievement(endorsementJwt=[IN_JWT]),
        with_achievement(endorsement=[ENDORSED], endorsementJwt=[IN_JWT]),
        badge(endorsement=[about(BADGE_ID)]),
        badge(
            issuer={
                "id": ISSUER,
                "type": ["Profile"],
                "name": "x",
                "endorsement": [about(ISSUER)],
            }
        ),
    ],
)
def test_endorsement_of_what_it_is_attached_to_is_genuine(document: Document) -> None:
    report = endorsements(document)
    assert report.verdict is Verdict.GENUINE
    assert found(report, CheckName.ENDORSEMENTS) == (Answer.PASSED, None)
    assert {each.verdict for each in report.endorsements} == {Verdict.GENUINE}


def test_badge_without_endorsements_has_none() -> None:
    report = endorsements(badge())
    assert found(report, CheckName.ENDORSEMENTS) == (Answer.NOT_APPLICABLE, None)
    assert report.endorsements == ()


def test_endorsement_of_something_else_does_not_count() -> None:
    for elsewhere in ("https://evil.example/a", BADGE_ID):
        # The issuer's own check would refuse it, and other software signs it all the same.
        report = examine(signed(with_achievement(endorsement=[about(elsewhere)])))
        assert report.verdict is Verdict.GENUINE_WITH_REMARKS
        assert failed(report) == {CheckName.ENDORSEMENTS: Code.ENDORSEMENT_INVALID}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({**about(ACHIEVEMENT_ID, id=SECOND_ID), "name": "Changed"}, Code.PROOF_INVALID),
        (endorsement(id=SECOND_ID), Code.PROOF_MISSING),
        (about(ACHIEVEMENT_ID, id=SECOND_ID, validUntil="2026-01-02T00:00:00Z"), Code.EXPIRED),
        (signed(endorsement(id=SECOND_ID)), Code.ISSUER_MISMATCH),
    ],
)
def test_endorsement_that_does_not_stand_is_a_remark(bad: Document, code: Code) -> None:
    report = examine(signed(with_achievement(endorsement=[ENDORSED, bad])))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert failed(report) == {CheckName.ENDORSEMENTS: Code.ENDORSEMENT_INVALID}
    assert code in report.codes
    assert report.endorsements[0].verdict is Verdict.GENUINE


def test_credential_of_another_kind_is_no_endorsement() -> None:
    # Open Badges 3.0, EndorsementCredential: its type has to say that it is one.
    subject = {"id": ACHIEVEMENT_ID}
    other = credential(id=SECOND_ID, issuer=OTHER_ISSUER, credentialSubject=subject)
    in_jwt = token(other, header={"kid": OTHER_SIGNER.verification_method}, key=OTHER_KEY)
    report = examine(signed(with_achievement(endorsementJwt=[in_jwt])))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert failed(report) == {CheckName.ENDORSEMENTS: Code.ENDORSEMENT_INVALID}
    assert [each.verdict for each in report.endorsements] == [Verdict.GENUINE]


def test_endorsement_that_stands_twice_is_counted_once() -> None:
    report = examine(signed(with_achievement(endorsementJwt=[IN_JWT, IN_JWT])))
    assert report.verdict is Verdict.GENUINE
    assert len(report.endorsements) == 1


def test_as_many_endorsements_as_are_looked_at_may_comment_on_one_achievement() -> None:
    subject = {"id": ACHIEVEMENT_ID, "type": ["EndorsementSubject"]}
    several = [
        endorsement(
            id=f"urn:x:{n}", credentialSubject={**subject, "endorsementComment": f"Comment {n}."}
        )
        for n in range(limits.ENDORSEMENTS)
    ]
    document = with_achievement(endorsement=[signed(each, signer=OTHER_SIGNER) for each in several])
    assert endorsements(document).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("value", "code"), [("a.b.c", Code.JWT_MALFORMED), ("e30.e30.AA", Code.JWT_ALG)]
)
def test_endorsement_that_cannot_be_read_is_a_remark(value: str, code: Code) -> None:
    report = examine(signed(with_achievement(endorsementJwt=[value])))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert failed(report) == {CheckName.ENDORSEMENTS: Code.ENDORSEMENT_INVALID}
    assert report.codes == {Code.ENDORSEMENT_INVALID, code}


def test_status_of_an_endorsement_is_checked_too() -> None:
    entry = status_entry(statusListCredential="https://qa.example/status")
    report = examine(
        issued(with_achievement(endorsement=[about(ACHIEVEMENT_ID, credentialStatus=entry)])),
        fetcher=Web(),
    )
    assert Code.STATUS_RETRIEVAL in report.codes
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


def test_endorsements_of_endorsements_are_not_followed() -> None:
    inner = {**about(OTHER_SIGNER.controller, id=SECOND_ID), "name": "Changed"}
    nested = endorsement(
        issuer={
            "id": OTHER_SIGNER.controller,
            "type": ["Profile"],
            "name": "Quality Agency",
            "endorsement": [inner],
        }
    )
    document = with_achievement(endorsement=[signed(nested, signer=OTHER_SIGNER)])
    report = examine(signed(document))
    assert report.verdict is Verdict.GENUINE
    assert report.endorsements[0].endorsements == ()


def test_more_endorsements_than_allowed_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ENDORSEMENTS", 1)
    document = with_achievement(endorsement=[ENDORSED], endorsementJwt=[IN_JWT])
    report = endorsements(document)
    assert failed(report) == {CheckName.ENDORSEMENTS: Code.RESOURCE_LIMIT}
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert report.endorsements == ()


# endorsementJwt and the two versions of context-3.0.3


OLD = Contexts.bundled_before_2026_06_29()


def signed_before() -> Document:
    """A badge that was signed under the older document, in which endorsementJwt is no term."""
    return signed(badge(), contexts=OLD)


@pytest.mark.parametrize("where", ["credential", "achievement", "both"])
def test_endorsement_that_was_pasted_in_is_refused_and_named(where: str) -> None:
    document = signed_before()
    if where != "achievement":
        document["endorsementJwt"] = [IN_JWT]
    if where != "credential":
        document["credentialSubject"]["achievement"]["endorsementJwt"] = [IN_JWT]
    report = examine(document)
    assert report.verdict is Verdict.NOT_GENUINE
    assert failed(report) == {CheckName.PROOF: Code.ENDORSEMENT_INVALID}
    assert report.endorsements == ()


def test_badge_of_either_version_verifies_without_the_new_member() -> None:
    assert examine(signed_before()).verdict is Verdict.GENUINE
    assert examine(signed(badge())).verdict is Verdict.GENUINE


def test_pasted_endorsement_does_not_save_a_changed_badge() -> None:
    document = {**signed_before(), "endorsementJwt": [IN_JWT], "name": "Changed"}
    assert failed(examine(document)) == {CheckName.PROOF: Code.PROOF_INVALID}


def test_jcs_badge_signs_the_new_member_as_it_stands() -> None:
    document = signed(with_achievement(endorsementJwt=[IN_JWT]), suite=EddsaJcs2022())
    assert examine(document).verdict is Verdict.GENUINE
    pasted = signed(badge(), suite=EddsaJcs2022())
    pasted["endorsementJwt"] = [IN_JWT]
    assert failed(examine(pasted)) == {CheckName.PROOF: Code.PROOF_INVALID}


# Relocation: members read must be members signed


def self_endorsed() -> Document:
    document = badge(
        endorsement=[about(BADGE_ID)],
        validUntil="2026-01-02T00:00:00Z",
        credentialStatus=status_entry(),
    )
    return signed(document)


def test_end_and_status_cannot_be_moved_into_the_subject_of_an_endorsement() -> None:
    document = self_endorsed()
    assert examine(document, fetcher=Web()).verdict is Verdict.EXPIRED
    subject = document["endorsement"][0]["credentialSubject"]
    subject["type"].append("VerifiableCredential")
    subject["validUntil"] = document.pop("validUntil")
    subject["credentialStatus"] = document.pop("credentialStatus")
    report = examine(document, fetcher=Web())
    assert report.verdict is Verdict.NOT_VALID
    assert Code.NOT_CONFORMANT in report.codes
    # The graph, and so the signature, would be what it was.


@pytest.mark.parametrize("member", ["refreshService", "evidence"])
def test_end_cannot_be_moved_into_anything_else_that_has_the_badge_s_id(member: str) -> None:
    kinds = {"refreshService": "1EdTechCredentialRefresh", "evidence": "Evidence"}
    document = badge(
        **{"@context": [CREDENTIALS_V2, OB_3_0_3, OB_EXTENSIONS]},
        validUntil="2026-01-02T00:00:00Z",
    )
    same = [{"id": BADGE_ID, "type": [kinds[member]]}]
    with pytest.raises(CanonicalizationError) as caught:
        signed({**document, member: same})
    assert caught.value.code is Code.NOT_CONFORMANT
    # Whoever signed it with other software, it is refused before anything is moved, and after.
    before = {**signed(document), member: same}
    moved = deepcopy(before)
    moved[member][0]["type"].append("VerifiableCredential")
    moved[member][0]["validUntil"] = moved.pop("validUntil")
    for each in (before, moved):
        report = examine(each)
        assert report.verdict is Verdict.NOT_VALID
        assert Code.NOT_CONFORMANT in report.codes
        assert "have the same id" in report.reason


def test_role_of_a_subject_cannot_be_moved_to_where_nobody_reads_it() -> None:
    # Whoever awards themselves: issuer and subject are one node, and `role` is its property.
    subject = {**badge()["credentialSubject"], "id": ISSUER, "role": "under supervision"}
    with pytest.raises(CanonicalizationError) as caught:
        signed(badge(credentialSubject=subject))  # the issuer is described beside the subject
    assert caught.value.code is Code.NOT_CONFORMANT
    document = signed(badge(issuer=ISSUER, credentialSubject=subject))
    assert examine(document).verdict is Verdict.GENUINE
    moved = deepcopy(document)
    role = moved["credentialSubject"].pop("role")
    moved["issuer"] = {"id": ISSUER, "type": ["AchievementSubject"], "role": role}
    report = examine(moved)
    assert report.verdict is Verdict.NOT_VALID
    assert Code.NOT_CONFORMANT in report.codes


# Collections (CLR 2.0)


def collection(*members: object) -> Document:
    return {
        "@context": [CREDENTIALS_V2, CLR, OB_3_0_3],
        "id": "urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0010",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Example University"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Transcript",
        "credentialSubject": {
            "id": LEARNER,
            "type": ["ClrSubject"],
            "verifiableCredential": list(members),
        },
    }


def test_collection_of_good_badges_is_genuine() -> None:
    members = [issued(badge(id=f"urn:x:{n}")).document for n in range(2)]
    report = examine(signed(collection(*members)))
    assert report.verdict is Verdict.GENUINE
    assert found(report, CheckName.EMBEDDED) == (Answer.PASSED, None)
    assert [each.verdict for each in report.credentials] == [Verdict.GENUINE] * 2


@pytest.mark.parametrize(
    ("member", "code"),
    [
        (issued(badge(validUntil="2026-01-02T00:00:00Z")).document, Code.EXPIRED),
        (badge(), Code.PROOF_MISSING),
        ({**issued(badge()).document, "name": "Changed"}, Code.PROOF_INVALID),
    ],
)
def test_bad_member_of_a_collection_is_a_remark(member: Document, code: Code) -> None:
    report = examine(signed(collection(issued(badge(id="urn:x:1")).document, member)))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert failed(report) == {CheckName.EMBEDDED: code}


def test_more_members_than_allowed_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EMBEDDED_CREDENTIALS", 1)
    members = [issued(badge(id=f"urn:x:{n}")).document for n in range(2)]
    report = examine(signed(collection(*members)))
    assert failed(report) == {CheckName.EMBEDDED: Code.RESOURCE_LIMIT}
    assert report.credentials == ()


def test_collection_s_own_signature_covers_its_members() -> None:
    document = signed(collection(issued(badge(id="urn:x:1")).document))
    document["credentialSubject"]["verifiableCredential"] = [issued(badge(id="urn:x:2")).document]
    assert failed(examine(document)) == {CheckName.PROOF: Code.PROOF_INVALID}


def test_collection_inside_a_collection_is_not_followed() -> None:
    inner = signed(collection({**issued(badge()).document, "name": "Changed"}))
    report = examine(signed(collection(inner)))
    assert report.credentials[0].credentials == ()
    assert report.verdict is Verdict.GENUINE

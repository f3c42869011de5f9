"""The folder holds what the register says: whole, for anybody to verify with, and no more."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator import key
from testamur import build
from testamur.batch.lock import locked
from testamur.canon.contexts import OB_3_0_3
from testamur.carry import badge_png, extract_png, extract_svg
from testamur.errors import Code, ConfigurationError, RegisterError, SigningKeyError
from testamur.fetch import FolderFetcher
from testamur.issuing import Mechanism
from testamur.keys import Ed25519Signer, Resolver, retrieve
from testamur.publish import Schedule
from testamur.publish.folder import Folder
from testamur.verification import Verdict
from unit.publish.scenes import BASE, DID, NOW, Badge, College

PNG = badge_png("x", issuer="y", size=64)
REVOKED, SUSPENDED = "mistaken", "under review"


def test_folder_holds_all_that_others_need_to_verify(college: College) -> None:
    badge = college.issue()
    published = college.publish()
    assert college.examine(badge.content).verdict is Verdict.GENUINE
    assert published.lists == 2
    assert published.pages == 0
    assert published.elsewhere == published.late == published.without_document == ()
    assert set(college.files()) == {
        ".well-known/did.json",
        ".well-known/jwks.json",
        "_headers",
        "issuer.json",
        "achievements/welding",
        *(each for each in college.files() if re.fullmatch("achievements/[0-9a-f]{20}.svg", each)),
        *(each for each in college.files() if each.startswith("achievements/versions/")),
        college.list_path("revocation"),
        college.list_path("suspension"),
        "c/index.html",
    }


def test_what_anybody_verifies_with_is_in_the_index_and_no_page_is(college: College) -> None:
    page = college.agree(college.issue())
    college.publish()
    index = json.loads((college.web / "index.json").read_bytes())
    assert {f"{BASE}.well-known/did.json", f"{BASE}.well-known/jwks.json"} <= set(index)
    assert index[f"{BASE}{college.list_path('revocation')}"]["contentType"] == "application/vc"
    assert page.encode() not in (college.web / "index.json").read_bytes()
    assert all((college.web / each["file"]).is_file() for each in index.values())


def test_profile_keys_and_achievements_are_those_of_the_register(college: College) -> None:
    college.issue()
    college.issue("Bo Li", achievement={"description": "Plans welding."})
    college.publish()
    assert college.read("issuer.json")["name"] == "Example College"
    (jwk,) = college.read(".well-known/jwks.json")["keys"]
    assert (jwk["kid"], jwk["x"]) == (f"{DID}#key-1", key("college key-1").public_key.to_jwk()["x"])
    assert college.read("achievements/welding")["description"] == "Plans welding."
    assert OB_3_0_3 in college.read("achievements/welding")["@context"]
    versions = [college.read(each) for each in college.files() if "/versions/" in each]
    assert [each["description"] for each in versions] == [
        "Plans and supervises welding.",
        "Plans welding.",
    ]


@pytest.mark.parametrize("mechanism", [Mechanism.EDDSA_RDFC_2022, Mechanism.VC_JWT])
def test_withdrawals_are_seen_by_verifiers_when_they_are_published(
    college: College, mechanism: Mechanism
) -> None:
    ada, bo = (college.issue(each, mechanism=mechanism) for each in ("Ada", "Bo"))
    college.publish()
    assert college.examine(ada.content).verdict is Verdict.GENUINE
    college.register.credentials.revoke(ada.id, reason=REVOKED)
    college.register.credentials.suspend(bo.id, reason=SUSPENDED)
    assert college.examine(ada.content).verdict is Verdict.GENUINE
    college.publish()
    assert college.examine(ada.content).verdict is Verdict.REVOKED
    assert college.examine(bo.content).verdict is Verdict.SUSPENDED
    college.register.credentials.reinstate(bo.id, reason="cleared")
    college.publish()
    assert college.examine(bo.content).verdict is Verdict.GENUINE
    assert college.examine(ada.content).verdict is Verdict.REVOKED


def test_second_run_writes_nothing(college: College) -> None:
    college.agree(college.issue())
    college.publish()
    before, times = college.everything(), modified(college.web)
    published = college.publish()
    assert published.written == published.removed == ()
    assert college.everything() == before
    assert modified(college.web) == times


def test_revocation_rewrites_one_list_and_nothing_else(college: College) -> None:
    badges = [college.issue(f"Learner {n}") for n in range(5)]
    college.agree(badges[0])
    college.publish()
    before = college.everything()
    college.register.credentials.revoke(badges[1].id, reason=REVOKED)
    published = college.publish()
    path = college.list_path("revocation")
    assert published.written == (path,)
    changed = {name for name, each in college.everything().items() if each != before[name]}
    assert changed == {f"public/{path}", "manifest/site.json"}


def test_revocation_of_a_credential_with_a_page_rewrites_its_list_and_then_the_page(
    college: College,
) -> None:
    badge = college.issue()
    page = college.agree(badge)
    college.publish()
    assert b"Withdrawn." not in college.files()[f"{page}/index.html"]
    college.register.credentials.revoke(badge.id, reason=REVOKED)
    assert college.publish().written == (college.list_path("revocation"), f"{page}/index.html")
    assert b"Withdrawn." in college.files()[f"{page}/index.html"]


def test_nothing_of_a_learner_is_public_without_agreement(college: College) -> None:
    college.issue("Ada Nowak")
    college.publish()
    assert all(b"Nowak" not in each for each in college.everything().values())
    assert [each for each in college.files() if each.startswith("c/")] == ["c/index.html"]


def test_agreed_page_comes_with_document_and_baked_picture(college: College) -> None:
    badge = college.issue()
    page = college.agree(badge)
    published = college.publish()
    files = college.files()
    assert files[f"{page}/credential.json"] == badge.content
    assert extract_svg(files[f"{page}/badge.svg"]).content == badge.content
    html = files[f"{page}/index.html"].decode()
    assert '<link rel="alternate" type="application/vc" href="credential.json">' in html
    assert "Ada Nowak" in html
    of_page = [each for each in published.written if each.startswith(page)]
    assert of_page[-1] == f"{page}/index.html"
    assert published.written.index(college.list_path("revocation")) < published.written.index(
        of_page[0]
    )


def test_token_has_a_page_of_its_own(college: College) -> None:
    badge = college.issue(mechanism=Mechanism.VC_JWT)
    page = college.agree(badge)
    college.publish()
    assert college.files()[f"{page}/credential.jwt"] == badge.content
    assert (
        b'type="application/vc+jwt" href="credential.jwt"'
        in (college.files()[f"{page}/index.html"])
    )


def test_picture_is_a_png_too_where_it_can_be_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(title: str, *, issuer: str) -> bytes:
        drawn.append(f"{title}, {issuer}")
        return PNG

    monkeypatch.setattr("testamur.publish.pictures.badge_png", draw)
    college = College(tmp_path)
    pages = [college.agree(college.issue(each)) for each in ("Ada", "Bo")]
    college.publish()
    for page in pages:
        assert (
            extract_png(college.files()[f"{page}/badge.png"]).content
            == (college.files()[f"{page}/credential.json"])
        )
    college.publish()
    assert drawn == ["Welding coordination, Example College"]


@pytest.mark.parametrize("how", ["taken back", "erased"])
def test_page_goes_when_the_learner_agrees_no_more(college: College, how: str) -> None:
    badge = college.issue()
    page = college.agree(badge)
    college.publish()
    if how == "erased":
        college.register.credentials.erase(badge.id, reason="asked for")
    else:
        assert college.register.publications.take_back(badge.id)
    published = college.publish()
    assert published.removed[0] == f"{page}/index.html"
    assert not (college.web / "public" / page).exists()
    assert all(
        page.removeprefix("c/").encode() not in each for each in college.everything().values()
    )
    if how == "taken back":
        assert college.agree(badge) != page


def test_address_of_a_page_is_random_and_nowhere_else(college: College) -> None:
    badges = [college.issue(f"Learner {n}") for n in range(20)]
    tokens = [college.agree(each).removeprefix("c/") for each in badges]
    # 32 characters of base32 are 160 bits.
    assert all(re.fullmatch("[a-z2-7]{32}", each) for each in tokens)
    assert len(set(tokens)) == 20
    college.publish()
    trail = repr(college.register.trail.read(limit=10_000))
    served = [each for name, each in college.files().items() if not name.startswith("c/")]
    for token in tokens:
        assert token not in trail
        assert all(token.encode() not in each for each in served)
    if os.name == "posix":
        assert stat.S_IMODE((college.web / "manifest").stat().st_mode) == 0o700


def test_lists_are_signed_anew_before_they_end(college: College) -> None:
    badge = college.issue()
    schedule = Schedule(
        ttl=timedelta(minutes=5), renew_after=timedelta(hours=8), valid_for=timedelta(days=2)
    )
    first = college.publish(schedule=schedule)
    assert first.due == NOW + timedelta(hours=8)
    path = college.list_path("revocation")
    document = college.read(path)
    assert document["validFrom"] == "2026-09-01T08:00:00Z"
    assert document["validUntil"] == "2026-09-03T08:00:00Z"
    assert document["credentialSubject"]["ttl"] == 300_000
    college.advance(hours=8, seconds=-1)
    assert college.publish(schedule=schedule).written == ()
    college.advance(seconds=1)
    assert path in college.publish(schedule=schedule).written
    assert college.read(path)["validUntil"] == "2026-09-03T16:00:00Z"
    assert college.examine(badge.content).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [(-1, Verdict.GENUINE), (0, Verdict.GENUINE), (1, Verdict.UNFINISHED)],
    ids=["a second before the end", "the last second", "a second behind it"],
)
def test_list_that_has_ended_says_nothing(college: College, seconds: int, verdict: Verdict) -> None:
    badge = college.issue()
    college.publish()
    later = NOW + timedelta(days=7, seconds=seconds)
    assert college.examine(badge.content, now=later).verdict is verdict


def test_clock_that_was_set_back_publishes_nothing(college: College) -> None:
    badge = college.issue()
    college.advance(days=2)
    college.publish()
    college.register.credentials.revoke(badge.id, reason=REVOKED)
    before = college.everything()
    college.advance(days=-1)
    with pytest.raises(RegisterError) as caught:
        college.publish()
    assert caught.value.code is Code.CLOCK
    assert college.everything() == before
    college.register.accept_clock(reason="the server ran a day ahead")
    college.publish()
    assert college.examine(badge.content).verdict is Verdict.REVOKED


@pytest.mark.parametrize("how", ["out of reach", "retired"])
def test_page_is_taken_down_also_where_the_key_cannot_sign(
    college: College, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    taken_back, kept = (college.issue(each) for each in ("Ada", "Bo"))
    page, other = college.agree(taken_back), college.agree(kept)
    college.publish()
    college.register.publications.take_back(taken_back.id)
    college.register.credentials.revoke(kept.id, reason=REVOKED)
    list_before = college.files()[college.list_path("revocation")]
    if how == "retired":
        college.advance(hours=1)
        college.register.keys.retire(college.signer.verification_method)

    def broken(*_: object) -> bytes:
        raise SigningKeyError("the module does not answer", code=Code.UNREACHABLE)

    with monkeypatch.context() as patch:
        patch.setattr(type(college.signer), "sign", broken)
        with pytest.raises((SigningKeyError, RegisterError)):
            college.publish()
    files = college.files()
    assert not [each for each in files if each.startswith(page)]
    assert f"{other}/index.html" in files
    assert files[college.list_path("revocation")] == list_before
    if how != "retired":
        college.publish()
        assert college.examine(kept.content).verdict is Verdict.REVOKED
        assert college.publisher().mend().written == ()


def test_list_of_a_wrong_later_clock_is_signed_anew_when_the_clock_is_right(
    college: College,
) -> None:
    badge = college.issue()
    college.advance(days=200)
    college.publish()
    college.advance(days=-200)
    college.register.accept_clock(reason="the server ran ahead")
    assert college.list_path("revocation") in college.publish().written
    assert college.examine(badge.content).verdict is Verdict.GENUINE


def test_publisher_that_was_away_too_long_says_so(college: College) -> None:
    college.publish()
    college.advance(days=3, hours=12)
    assert college.publish().late == ()
    college.advance(days=3, hours=12, seconds=1)
    assert len(college.publish().late) == 2


def test_expired_credential_has_a_page_that_says_so_as_soon_as_it_is(college: College) -> None:
    badge = college.issue(valid_until=NOW + timedelta(hours=1))
    page = college.agree(badge)
    assert college.publish().due == NOW + timedelta(hours=1, seconds=1)
    college.advance(hours=1)
    assert college.publish().written == ()
    college.advance(seconds=1)
    assert college.publish().written == (f"{page}/index.html",)
    assert b"<b>Expired.</b>" in college.files()[f"{page}/index.html"]


def test_page_of_a_replaced_credential_leads_to_the_newer_one(college: College) -> None:
    from testamur.issuer import Issuer

    old = college.issue()
    page = college.agree(old)
    credential = build.credential(
        build.profile(id=DID, name="Example College"),
        build.achievement(
            id=f"{BASE}achievements/welding", name="Welding", description="D.", criteria="C."
        ),
        recipient=build.recipient_by_name("Ada Nowak-Byrne"),
        valid_from=college.now,
    )
    new = Issuer(college.register, college.signer).replace(old.id, credential, reason="new name")
    college.publish()
    html = college.files()[f"{page}/index.html"].decode()
    assert "There is a newer one." in html
    assert "see the newer credential" not in html
    newer = college.agree(Badge(new.id, new.content or b""))
    college.publish()
    assert f'href="{BASE}{newer}/"' in college.files()[f"{page}/index.html"].decode()


@pytest.mark.parametrize("damage", ["changed", "removed"])
def test_file_that_was_damaged_is_put_right(college: College, damage: str) -> None:
    badge = college.issue()
    college.agree(badge)
    college.publish()
    for path in college.files():
        target = college.web / "public" / path
        if damage == "removed":
            target.unlink()
        elif not path.startswith("c/"):
            target.write_bytes(b"{")
    names = set(college.files()) if damage == "changed" else set()
    published = college.publish()
    assert set(published.written) >= {each for each in names if not each.startswith("c/")}
    assert college.examine(badge.content).verdict is Verdict.GENUINE
    assert college.publish().written == ()


def test_page_of_which_a_lost_manifest_knew_does_not_stay_public(college: College) -> None:
    badge = college.issue()
    page = college.agree(badge)
    college.publish()
    college.register.publications.take_back(badge.id)
    shutil.rmtree(college.web / "manifest")
    college.publish()
    assert not (college.web / "public" / page).exists()


def test_files_of_others_stay(college: College) -> None:
    college.publish()
    for name in ("robots.txt", "c/about/index.html", "achievements/logo.png"):
        path = college.web / "public" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"mine")
    college.issue()
    college.publish()
    assert list(college.files().values()).count(b"mine") == 3


def test_new_key_is_published_before_the_lists_that_it_signs(college: College) -> None:
    badge = college.issue()
    college.publish()
    college.add_key("key-2")
    college.register.keys.retire(f"{DID}#key-1", at=college.now + timedelta(seconds=1))
    college.advance(days=1)
    written = college.publish(signer=college.signer_of("key-2")).written
    assert written[0] == ".well-known/did.json"
    assert college.read(college.list_path("revocation"))["proof"]["verificationMethod"] == (
        f"{DID}#key-2"
    )
    assert college.examine(badge.content).verdict is Verdict.GENUINE


def test_compromised_key_is_revoked_and_no_list_is_unverifiable_meanwhile(
    college: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = college.issue("Old")
    college.advance(hours=1)
    college.publish()
    college.add_key("key-2")
    college.signer = college.signer_of("key-2")
    new = college.issue("New")
    college.register.keys.mark_compromised(
        f"{DID}#key-1", since=college.now - timedelta(minutes=1), reason="lost laptop"
    )
    after_each: list[Verdict] = []
    write = Folder.write

    def spy(folder: Folder, path: str, content: bytes) -> None:
        write(folder, path, content)
        after_each.append(college.examine(new.content).verdict)

    monkeypatch.setattr(Folder, "write", spy)
    published = college.publish()
    assert published.written.count(".well-known/did.json") == 2
    assert set(after_each) == {Verdict.GENUINE}
    assert college.examine(old.content).verdict is Verdict.NOT_GENUINE
    assert {each["kid"] for each in college.read(".well-known/jwks.json")["keys"]} == {
        f"{DID}#key-2"
    }
    methods = college.read(".well-known/did.json")["verificationMethod"]
    assert {each["id"]: "revoked" in each for each in methods} == {
        f"{DID}#key-1": True,
        f"{DID}#key-2": False,
    }


def test_published_key_is_found_by_did_web(college: College) -> None:
    college.publish()
    method = retrieve(
        f"{DID}#key-1", purpose="assertionMethod", resolver=Resolver(FolderFetcher(college.web))
    )
    assert method.key.to_jwk() == key("college key-1").public_key.to_jwk()


@pytest.mark.parametrize("how", ["unknown", "retired", "compromised"])
def test_key_that_must_not_sign_publishes_nothing(college: College, how: str) -> None:
    college.publish()
    before = college.everything()
    method = f"{DID}#key-1"
    if how == "unknown":
        college.signer = college.signer_of("key-9")
    elif how == "retired":
        college.advance(seconds=1)
        college.register.keys.retire(method)
    else:
        college.register.keys.mark_compromised(method, since=college.now, reason="lost")
    with pytest.raises(RegisterError) as caught:
        college.publish()
    expected = Code.REGISTER_UNKNOWN if how == "unknown" else Code.KEY_REVOKED
    assert caught.value.code is expected
    assert college.everything() == before


def test_signer_with_another_key_than_the_register_has_publishes_no_list(college: College) -> None:
    from testamur.errors import ProofError

    wrong = Ed25519Signer(key("somebody else"), f"{DID}#key-1")
    with pytest.raises(ProofError):
        college.publish(signer=wrong)
    assert college.files() == {}


@pytest.mark.parametrize(
    ("base_url", "elsewhere"),
    [
        ("https://badges.college.example/", 3),
        ("https://college.example/status/", 1),
    ],
)
def test_what_is_hosted_elsewhere_is_not_in_the_folder_and_is_named(
    college: College, base_url: str, elsewhere: int
) -> None:
    published = college.publish(base_url=base_url)
    assert len(published.elsewhere) == elsewhere
    assert f"{BASE}.well-known/did.json" in published.elsewhere
    assert ".well-known/did.json" not in college.files()
    lists = [each for each in college.files() if "revocation" in each or "suspension" in each]
    assert len(lists) == 3 - elsewhere


def test_folder_of_another_is_refused(college: College, tmp_path: Path) -> None:
    college.publish()
    before = college.everything()
    (tmp_path / "other").mkdir()
    other = College(tmp_path / "other")
    other.web = college.web
    with pytest.raises(ConfigurationError, match="another register"):
        other.publish()
    with pytest.raises(ConfigurationError, match="another baseUrl"):
        college.publish(base_url="https://www.college.example/")
    assert college.everything() == before


def test_second_publisher_in_a_folder_is_refused(college: College) -> None:
    college.publish()
    with locked(college.web / ".lock"), pytest.raises(ConfigurationError, match="another run"):
        college.publish()


def test_damaged_manifest_is_refused(college: College) -> None:
    college.publish()
    (college.web / "manifest/site.json").write_bytes(b"{")
    with pytest.raises(ConfigurationError, match="put it back"):
        college.publish()


HOSTILE_IDS = [
    "https://college.example/../../etc/passwd",
    "https://college.example/%2e%2e/x",
    "https://college.example/a/./b",
    "https://college.example/.well-known/did.json",
    "https://college.example/.well-known/jwks.json",
    "https://college.example/.htaccess",
    "https://college.example/c/index.html",
    "https://college.example/C",
    "https://college.example/_headers",
    "https://college.example/issuer.json",
    "https://college.example/achievements",
    "https://college.example/achievements/x/",
    "https://college.example/x?y=z",
    "https://college.example/",
    "https://elsewhere.example/achievements/x",
    "urn:uuid:5bd3f1f0-53ab-4b23-8f57-4d9f7a7e1f0a",
    f"https://college.example/{'x' * 300}",
]


@pytest.mark.parametrize("identifier", HOSTILE_IDS)
def test_achievement_whose_id_is_no_file_of_its_own_overwrites_nothing(
    college: College, identifier: str
) -> None:
    plain = college.issue()
    college.publish()
    before = college.files()
    college.register.achievements.add(
        DID, {"id": identifier, "type": ["Achievement"], "name": "X", "description": "evil"}
    )
    college.publish()
    after = college.files()
    assert {name: after[name] for name in before} == before
    (document,) = (
        name for name, each in after.items() if b'"evil"' in each and "/versions/" not in name
    )
    assert document.startswith("achievements/")
    assert college.examine(plain.content).verdict is Verdict.GENUINE
    assert {each.name for each in college.web.parent.iterdir()} == {
        "register.db",
        "register.db-wal",
        "register.db-shm",
        "web",
    }


def modified(folder: Path) -> dict[str, Any]:
    return {str(each): each.stat().st_mtime_ns for each in folder.rglob("*") if each.is_file()}


def test_run_behind_an_error_looks_at_every_file_again(
    college: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = college.publisher()
    publisher.publish()
    page = college.agree(college.issue())
    write = Folder.write

    def fail_at_the_page(folder: Folder, path: str, content: bytes) -> None:
        if path.endswith("/index.html"):
            raise ConfigurationError("no room")
        write(folder, path, content)

    with monkeypatch.context() as full:
        full.setattr(Folder, "write", fail_at_the_page)
        with pytest.raises(ConfigurationError, match="no room"):
            publisher.publish()
    assert publisher.is_due()
    assert publisher.publish().written == (f"{page}/index.html",)
    assert publisher.publish().written == ()

"""`testamur credential`, as people call it: the life of what was issued."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from cli.example_issuer import Run
from cli.registered import NOW, Desk
from registers import EMAIL
from simulator import key
from testamur import build
from testamur.keys import pem


def actions(desk: Desk) -> list[tuple[str, str]]:
    return [(each.action, each.actor) for each in desk.office.register.trail.read()]


def test_address_finds_who_is_known_as_mailto_too(desk: Desk) -> None:
    identifier = desk.issue("signed.json", "--as", "1", "--recipient", f"mailto:{EMAIL}")
    assert identifier in desk.at("credential", "show", EMAIL)[1]
    assert identifier in desk.at("credential", "show", f"mailto:{EMAIL}")[1]


def test_life_on_the_command_line(either_desk: Desk) -> None:
    desk, folder = either_desk, either_desk.folder
    identifier = desk.issue("signed.json", "--as", "1", "--recipient", EMAIL)

    reason = ["--reason", "under review", "--who", "dean"]
    code, said, _ = desk.at("credential", "suspend", identifier, "--dry-run", *reason)
    assert (code, "1 of 1 would be" in said) == (0, True)
    assert desk.at("credential", "suspend", identifier, *reason)[0] == 0
    code, said, _ = desk.at("credential", "show", EMAIL)
    assert code == 0
    assert "suspended" in said
    assert "suspend by dean: under review" in said

    listed = folder / "ids.txt"
    listed.write_text(f"{identifier}\nurn:uuid:0\n")
    code, said, err = desk.at("credential", "revoke", "--list", listed, *reason)
    assert code == 3
    assert "2: urn:uuid:0: it is not in the register" in said
    assert "nothing was changed" in err
    assert desk.at("credential", "reinstate", identifier, *reason)[0] == 0

    better = folder / "better.json"
    better.write_text(json.dumps(desk.office.credential(narrative="better").to_json()))
    new = folder / "new.json"
    replace = ["credential", "replace", identifier, better, "--out", new, "--recipient", EMAIL]
    code, _, err = desk.signing(*replace, *reason)
    assert code == 0, err
    newer = json.loads(new.read_text())["id"]
    code, said, _ = desk.at("credential", "show", identifier)
    assert f"superseded by {newer}" in said
    assert "revoked" in said

    renewed = folder / "renewed.json"
    begins = ["--from", "2027-07-01T00:00:00Z", "--until", "2028-07-01T00:00:00Z"]
    renew = ["credential", "renew", newer, "--out", renewed, *begins, "--who", "dean"]
    assert desk.signing(*renew)[0] == 0
    assert json.loads(renewed.read_text())["validUntil"] == "2028-07-01T00:00:00Z"

    erase = ["credential", "erase", newer, "--reason", "asked for", "--who", "dean"]
    assert desk.at(*erase)[0] == 0
    assert desk.at("credential", "show", "nobody@uni.example")[0] == 2
    done = actions(desk)
    for action in ("suspended", "reinstated", "revoked", "issued", "erased"):
        assert (f"credential.{action}", "dean") in done, action


def test_thing_of_others_is_endorsed_once(desk: Desk, tmp_path: Path) -> None:
    thing, out = "https://other.example/achievements/welding", tmp_path / "endorsement.json"
    endorse = ["credential", "endorse", thing, "We recognize it.", "--out", out, "--who", "dean"]
    code, said, err = desk.signing(*endorse)
    assert code == 0, err
    document = json.loads(out.read_text())
    assert "EndorsementCredential" in document["type"]
    assert document["credentialSubject"]["id"] == thing
    assert document["credentialSubject"]["endorsementComment"] == "We recognize it."
    assert ("credential.issued", "dean") in actions(desk)
    code, said, _ = desk.signing(*endorse, "--force")
    assert (code, "issued before" in said) == (0, True)
    assert json.loads(out.read_text())["id"] == document["id"]
    assert desk.at("credential", "revoke", document["id"], "--reason", "x")[0] == 0


def test_credentials_are_listed_by_what_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    for_good = desk.issue("a.json", "--as", "1")
    document = desk.office.credential().to_json() | {"validUntil": "2026-12-31T00:00:00Z"}
    desk.document.write_text(json.dumps(document))
    ending = desk.issue("b.json", "--as", "2")

    code, out, err = desk.at("credential", "list")
    assert (code, err) == (0, "2 credentials")
    assert for_good in out
    assert "current" in out
    before = ("credential", "list", "--ids", "--ending-before")
    assert desk.at(*before, "2027-01-01T00:00:00Z")[1] == ending
    assert desk.at(*before, "2026-12-01T00:00:00Z")[1] == ""
    own = "https://uni.example/achievements/rust"
    assert desk.at("credential", "list", "--ids", "--achievement", own)[1].split() == [
        for_good,
        ending,
    ]
    assert desk.at("credential", "list", "--ids", "--achievement", f"{own}2")[1] == ""
    assert desk.at("credential", "list", "--unfinished")[2] == "0 credentials"
    ids = tmp_path / "ids.txt"
    ids.write_text(desk.run("credential", "list", "--ids", *desk.register).stdout)
    code, out, _ = desk.at("credential", "revoke", "--list", ids, "--reason", "recalled")
    assert (code, "Done: 2 changed" in out) == (0, True)


def test_credentials_are_named_in_one_way(desk: Desk, tmp_path: Path) -> None:
    code, _, err = desk.at("credential", "revoke", "--reason", "x")
    assert (code, "--list" in err) == (3, True)
    (tmp_path / "none.txt").write_text("\n\n")
    code, _, err = desk.at("credential", "revoke", "--list", tmp_path / "none.txt", "--reason", "x")
    assert (code, "names no credential" in err) == (3, True)


def test_nothing_is_recorded_where_it_could_not_be_written(desk: Desk) -> None:
    identifier = desk.issue("a.json")
    before = len(actions(desk))
    out = desk.folder / "a.json"
    renew = ["credential", "renew", identifier, "--from", "2027-07-01T00:00:00Z", "--out", out]
    code, _, err = desk.signing(*renew)
    assert (code, "is there already" in err) == (3, True)
    code, _, err = desk.signing("issue", desk.document, "--as", "2", "--out", out)
    assert (code, "is there already" in err) == (3, True)
    assert len(actions(desk)) == before


def test_clock_is_that_of_the_command_line(desk: Desk) -> None:
    identifier = desk.issue("a.json")
    record = desk.office.register.credentials.find(identifier)
    assert record is not None
    assert record.issued_at is not None
    assert f"--now={record.issued_at:%Y-%m-%dT%H:%M:%SZ}" == NOW


def test_same_credential_is_signed_as_a_jwt_too(desk: Desk, run: Run, tmp_path: Path) -> None:
    identifier, out = desk.issue("a.json"), tmp_path / "a.jwt"
    secure = ["credential", "secure", identifier, "--suite", "vc-jwt", "--out", out]
    code, said, err = desk.signing(*secure, "--who", "dean")
    assert code == 0, err
    assert identifier in said
    assert identifier in run("inspect", out).stdout
    assert ("credential.secured", "dean") in actions(desk)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert f"as jwt: {digest}" in desk.at("credential", "show", identifier)[1]
    assert desk.at("credential", "revoke", identifier, "--reason", "x")[0] == 0
    code, _, err = desk.signing(*secure, "--force")
    assert (code, "is revoked" in err) == (3, True)


def test_documents_are_written_again_as_they_were_issued(either_desk: Desk) -> None:
    desk = either_desk
    one = desk.issue("one.json", "--as", "1", "--recipient", EMAIL)
    token = desk.folder / "two.jwt"
    suite = ["--suite", "vc-jwt", "--as", "2", "--recipient", "ben@learner.example"]
    second = desk.office.credential("ben@learner.example").to_json()
    desk.document.write_text(json.dumps(second))
    assert desk.signing("issue", desk.document, "--out", token, *suite)[0] == 0

    again, every = desk.folder / "again", desk.folder / "every-night"
    code, said, _ = desk.at("credential", "write", EMAIL, one, "--out", again)
    assert (code, "1 written into" in said, "1 were there" in said) == (0, True, True)
    [file] = again.iterdir()
    assert file.read_bytes() == (desk.folder / "one.json").read_bytes()
    assert again.stat().st_mode & 0o077 == 0

    assert desk.at("credential", "write", "--all", "--out", every)[0] == 0
    contents = {each.suffix: each.read_bytes() for each in every.iterdir()}
    assert contents == {".json": file.read_bytes(), ".jwt": token.read_bytes()}

    assert desk.at("credential", "erase", one, "--reason", "asked for")[0] == 0
    code, said, err = desk.at("credential", "write", "--all", "--out", every)
    assert (code, "0 written" in said, "1 are not issued, or" in err) == (2, True, True)


def test_documents_of_nobody_are_not_written(desk: Desk) -> None:
    out = desk.folder / "again"
    code, _, err = desk.at("credential", "write", "nobody@learner.example", "--out", out)
    assert (code, "nobody@learner.example" in err) == (3, True)
    assert desk.at("credential", "write", "--out", out)[0] == 3
    assert desk.at("credential", "write", "x", "--all", "--out", out)[0] == 3


def test_what_a_compromised_key_signed_is_issued_again(desk: Desk) -> None:
    keys = {}
    for name in ("lost", "new"):
        keys[name] = desk.folder / f"{name}.pem"
        keys[name].write_bytes(pem.encode_private_key(key(name), password=None))
        keys[name].chmod(0o600)
    did, profile = "did:web:uni.example", desk.folder / "college.json"
    college = build.profile(id=did, name="Example University")
    profile.write_text(json.dumps(college.to_json()))
    for command, name in (
        (("new", "--issuer", profile, "--status", "https://uni.example/s/"), "lost"),
        (("keys", "add"), "new"),
    ):
        method = ("--verification-method", f"{did}#{name}")
        assert desk.at("register", *command, "--key", keys[name], *method)[0] == 0
    badge = build.credential(
        college,
        desk.office.achievement,
        recipient=build.recipient_by_email(EMAIL),
        valid_from=desk.office.now,
    )
    desk.document.write_text(json.dumps(badge.to_json()))
    old = desk.folder / "old.json"
    issue = ["issue", desk.document, "--as", "1", "--out", old, "--key", keys["lost"]]
    assert desk.at(*issue)[0] == 0

    again = desk.folder / "again"
    reissue = ["credential", "reissue", f"{did}#lost", "--out", again, "--key", keys["new"]]
    code, said, _ = desk.at(*reissue)
    assert (code, "1 credentials say the same" in said) == (0, True)
    [file] = again.iterdir()
    document = json.loads(file.read_text())
    assert document["proof"]["verificationMethod"] == f"{did}#new"
    assert document["id"] != json.loads(old.read_text())["id"]
    assert desk.at(*reissue)[0] == 0
    assert [file] == list(again.iterdir())
    reissue[2] = f"{did}#nobodys"
    code, _, err = desk.at(*reissue)
    assert (code, "is no key of" in err) == (3, True)

"""`testamur register keys`: recorded, retired, compromised, and what becomes of credentials."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.registered import Desk
from simulator import key
from testamur.keys import multikey, pem

WHY = ("--reason", "yearly rotation", "--who", "dean")


DID = "did:web:uni.example"
OLD, NEW = f"{DID}#key-1", f"{DID}#key-2"


@pytest.fixture
def new_key(tmp_path: Path) -> Path:
    path = tmp_path / "new.pem"
    path.write_bytes(pem.encode_private_key(key("next"), password=None))
    path.chmod(0o600)
    return path


@pytest.fixture
def web(desk: Desk) -> Desk:
    """The office as did:web:uni.example, which can have many keys, its key as #key-1."""
    desk.profile.write_text(json.dumps({**desk.office.profile.to_json(), "id": DID}))
    new = ["register", "new", "--issuer", desk.profile, "--status", "https://uni.example/s/"]
    code, _, err = desk.signing(*new, "--verification-method", OLD)
    assert code == 0, err
    write(desk)
    desk.issue("a.json", "--verification-method", OLD)
    return desk


def write(desk: Desk) -> None:
    """Write another unsigned credential of the issuer."""
    document = desk.office.credential().to_json()
    document["issuer"] = {**desk.office.profile.to_json(), "id": DID}
    desk.document.write_text(json.dumps(document))


def later(desk: Desk, *args: object) -> tuple[int, str, str]:
    """Run a command at the register, a day later."""
    return desk(*args, *desk.register, "--now=2026-07-02T12:00:00Z")


def last(desk: Desk) -> tuple[str, str, str]:
    entry = desk.office.register.trail.read()[-1]
    return entry.action, entry.subject, entry.actor


def test_key_is_added_and_signs_when_the_old_one_is_retired(web: Desk, new_key: Path) -> None:
    add = ["register", "keys", "add", "--key", new_key, "--verification-method", NEW]
    code, out, err = later(web, *add, "--who", "dean")
    assert (code, "publish" in err) == (0, True)
    assert last(web) == ("key.added", NEW, "dean")
    assert "was in the register already" in later(web, *add)[1]

    code, out, err = later(web, "register", "keys", "retire", OLD, *WHY)
    assert code == 0, err
    assert "retired from 2026-07-02 12:00" in out
    assert "What it signed before, 1 credential, still verifies" in err
    assert f"Sign and publish with {NEW}" in err
    assert last(web) == ("key.retired", OLD, "dean")
    assert web.office.register.trail.read()[-1].facts["reason"] == "yearly rotation"
    code, _, err = later(web, "register", "keys", "retire", OLD, *WHY)
    assert (code, "already" in err) == (3, True)

    issue = ["issue", web.document, "--as", "2", "--out", web.folder / "b.json"]
    write(web)
    code, _, err = later(web, *issue, "--key", web.key, "--verification-method", OLD)
    assert (code, "is retired since" in err) == (3, True)
    code, _, err = later(web, *issue, "--key", new_key)
    assert code == 0, err
    assert json.loads((web.folder / "b.json").read_text())["proof"]["verificationMethod"] == NEW
    code, out, _ = later(web, "register", "keys", "list")
    assert code == 0
    assert out.count("signed 1") == 2
    assert multikey.encode_public_key(key("next").public_key) in out


def test_key_under_two_urls_has_to_be_named(web: Desk) -> None:
    code, _, err = web.signing("register", "resume")
    assert (code, "under 2 URLs" in err, "--verification-method" in err) == (3, True, True)
    assert OLD in err
    write(web)  # whose key is meant, the credential's issuer says
    assert web.signing("issue", web.document, "--as", "2")[0] == 0


def test_public_half_is_enough(web: Desk) -> None:
    public = multikey.encode_public_key(key("next").public_key)
    add = ["register", "keys", "add", "--public-key", public, "--verification-method", NEW]
    code, _, err = web.at(*add)
    assert code == 0, err
    record = web.office.register.keys.find(NEW)
    assert record is not None
    assert record.public_key == public


def test_compromised_key_is_said_to_undo_what_it_signed(web: Desk) -> None:
    code, out, err = web.at(
        "register", "keys", "compromise", OLD, "--since", "2026-06-30T00:00:00Z", *WHY
    )
    assert code == 0, err
    assert "compromised since 2026-06-30 00:00" in out
    assert "What it signed, 1 credential, verifies no more once you publish" in err
    assert "No key of the issuer is in use now" in err
    assert last(web) == ("key.compromised", OLD, "dean")
    write(web)
    code, _, err = web.signing("issue", web.document, "--as", "2", "--verification-method", OLD)
    assert (code, "is compromised since" in err) == (3, True)
    identifier = json.loads((web.folder / "a.json").read_text())["id"]
    assert web.at("credential", "list", "--signed-with", OLD, "--ids")[1] == identifier


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "say under which URL"),
        (["--verification-method", "did:web:other.example#key-1"], "add it first"),
        (["--verification-method", OLD], "another key is recorded"),
        (["--verification-method", "OURS"], "the key is not the one of did:key:"),
    ],
)
def test_key_without_a_name_of_its_own_is_refused(
    web: Desk, new_key: Path, more: list[str], said: str
) -> None:
    named = [web.office.signer.verification_method if each == "OURS" else each for each in more]
    code, _, err = web.at("register", "keys", "add", "--key", new_key, *named)
    assert (code, said in err) == (3, True), err


def test_unknown_key_is_refused(desk: Desk) -> None:
    code, _, err = desk.at("register", "keys", "retire", "did:web:x.example#1", "--reason", "x")
    assert (code, "no key" in err) == (3, True)


def test_key_is_not_retired_before_it_came_into_use(web: Desk) -> None:
    early = ("--at", "2026-06-01T00:00:00Z")
    code, _, err = web.at("register", "keys", "retire", OLD, *early, *WHY)
    assert (code, "came into use only at 2026-07-01T12:00:00Z" in err) == (3, True)
    record = web.office.register.keys.find(OLD)
    assert record is not None
    assert record.retired_at is None

"""`testamur status`: lists made, changed and shown; nothing moves that is not one's own."""

from __future__ import annotations

import base64
import gzip
import json
import os
from pathlib import Path

import pytest

from cli.example_issuer import DID, NOW, Issuer, Run, badge, sign, write_json
from testamur.model.ob3 import BitstringStatusListEntry

LIST = "https://uni.example/revocations"


def bits(path: Path) -> bytes:
    """Bitstring Status List 1.0, Bitstring Expansion Algorithm, by the standard library."""
    encoded = json.loads(path.read_bytes())["credentialSubject"]["encodedList"]
    assert encoded.startswith("u")
    return gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))


def make(
    run: Run, issuer: Issuer, path: Path, purpose: str = "revocation", url: str = LIST
) -> Path:
    result = run(
        "status", "new", "--id", url, "--issuer-key", issuer.key, "--purpose", purpose,
        "--out", path, "--now", NOW,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def revocations(run: Run, issuer: Issuer, tmp_path: Path) -> Path:
    return make(run, issuer, tmp_path / "revocations.json")


@pytest.fixture
def suspensions(run: Run, issuer: Issuer, tmp_path: Path) -> Path:
    return make(run, issuer, tmp_path / "suspensions.json", "suspension", f"{LIST}-2")


def listed(
    run: Run, issuer: Issuer, path: Path, *, index: str = "9", purpose: str = "revocation"
) -> Path:
    """A signed credential with a place in the list."""
    entry = BitstringStatusListEntry(
        status_purpose=purpose,
        status_list_index=index,
        status_list_credential=LIST if purpose == "revocation" else f"{LIST}-2",
    )
    unsigned = write_json(path.with_suffix(".unsigned"), badge(status=(entry,)).to_json())
    sign(run, issuer, unsigned, path)
    return path


def documents(tmp_path: Path, **files: Path) -> Path:
    """A folder of answers: the lists at their URLs."""
    folder = tmp_path / "documents"
    folder.mkdir(exist_ok=True)
    urls = {"revocations": LIST, "suspensions": f"{LIST}-2"}
    index = {}
    for name, path in files.items():
        (folder / name).write_bytes(path.read_bytes())
        index[urls[name]] = {"status": 200, "contentType": "application/vc", "file": name}
    write_json(folder / "index.json", index)
    return folder


def test_new_list_is_empty_signed_and_long_enough(revocations: Path) -> None:
    document = json.loads(revocations.read_bytes())
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["id"] == LIST
    assert document["issuer"] == DID
    assert document["credentialSubject"]["statusPurpose"] == "revocation"
    assert document["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert bits(revocations) == bytes(131_072 // 8)


@pytest.mark.parametrize(
    "options",
    [
        ["--length", "1000"],
        ["--length", "131073"],
        ["--length", "99999999999"],
        ["--purpose", "message"],
        ["--id", "not a url"],
        ["--verification-method", "nonsense"],
        ["--now", "today"],
    ],
)
def test_lists_that_cannot_be_are_refused(
    run: Run, issuer: Issuer, tmp_path: Path, options: list[str]
) -> None:
    out = tmp_path / "list.json"
    result = run(
        "status", "new", "--id", LIST, "--key", issuer.key, "--purpose", "revocation", "--out", out,
        *options,
    )  # fmt: skip
    assert result.exit_code == 3
    assert result.stderr.startswith("error: ")
    assert not out.exists()


def test_list_of_a_did_web_issuer_names_it(run: Run, issuer: Issuer, tmp_path: Path) -> None:
    out = tmp_path / "list.json"
    run(
        "status", "new", "--id", LIST, "--key", issuer.key, "--purpose", "revocation", "--out", out,
        "--verification-method", "did:web:uni.example#key-1",
    )  # fmt: skip
    assert json.loads(out.read_bytes())["issuer"] == "did:web:uni.example"
    result = run("status", "show", out)
    assert result.exit_code == 2
    assert "not checked" in result.stdout
    assert "--network" in result.stdout


def test_existing_list_is_overwritten_only_with_force(
    run: Run, issuer: Issuer, revocations: Path
) -> None:
    args = ("status", "new", "--id", LIST, "--key", issuer.key, "--purpose", "suspension")
    assert run(*args, "--out", revocations).exit_code == 3
    assert run(*args, "--out", revocations, "--force").exit_code == 0


# Bitstring Status List 1.0: index 0 is the left-most bit of the first byte.
@pytest.mark.parametrize(("index", "byte", "value"), [(0, 0, 0x80), (9, 1, 0x40), (131071, -1, 1)])
def test_revoking_sets_the_bit_of_the_index_and_no_other(
    run: Run, issuer: Issuer, revocations: Path, index: int, byte: int, value: int
) -> None:
    result = run("status", "revoke", revocations, "--index", str(index), "--key", issuer.key)
    assert result.exit_code == 0
    found = bytearray(bits(revocations))
    assert found[byte] == value
    found[byte] = 0
    assert not any(found)


def test_revoked_credential_is_withdrawn(
    run: Run, issuer: Issuer, revocations: Path, tmp_path: Path
) -> None:
    signed = listed(run, issuer, tmp_path / "badge.json")
    answers = documents(tmp_path, revocations=revocations)
    verify = ("verify", signed, "--trust", issuer.trust, "--now", NOW, "--documents", answers)
    assert run(*verify).exit_code == 0
    revoked = run(
        "status", "revoke", revocations, "--credential", signed, "--key", issuer.key, "--now", NOW
    )
    assert revoked.exit_code == 0
    assert "9 is revoked" in revoked.stdout
    documents(tmp_path, revocations=revocations)
    result = run(*verify)
    assert result.exit_code == 1
    assert "Withdrawn by the issuer." in result.stdout


def test_suspension_ends_when_reinstated(
    run: Run, issuer: Issuer, suspensions: Path, tmp_path: Path
) -> None:
    signed = listed(run, issuer, tmp_path / "badge.json", purpose="suspension")
    verify = ("verify", signed, "--trust", issuer.trust, "--now", NOW, "--documents")
    for command, code in (("suspend", 1), ("reinstate", 0)):
        done = run(
            "status", command, suspensions, "--credential", signed, "--key", issuer.key,
            "--now", NOW,
        )  # fmt: skip
        assert done.exit_code == 0
        assert run(*verify, documents(tmp_path, suspensions=suspensions)).exit_code == code


def test_revoking_twice_changes_nothing(run: Run, issuer: Issuer, revocations: Path) -> None:
    args = ("status", "revoke", revocations, "--index", "7", "--key", issuer.key)
    run(*args)
    content = revocations.read_bytes()
    again = run(*args)
    assert again.exit_code == 0
    assert "Nothing to do" in again.stdout
    assert revocations.read_bytes() == content


def refused(result: object, path: Path, before: bytes) -> str:
    assert getattr(result, "exit_code", None) == 3
    assert path.read_bytes() == before
    assert not path.with_name(f"{path.name}.lock").exists()
    return str(getattr(result, "stderr", ""))


def test_revocation_cannot_be_undone(run: Run, issuer: Issuer, revocations: Path) -> None:
    run("status", "revoke", revocations, "--index", "7", "--key", issuer.key)
    before = revocations.read_bytes()
    result = run("status", "reinstate", revocations, "--index", "7", "--key", issuer.key)
    assert "A revocation cannot be undone" in refused(result, revocations, before)


def test_lists_are_changed_for_their_own_purpose_only(
    run: Run, issuer: Issuer, revocations: Path, suspensions: Path
) -> None:
    for command, path in (("suspend", revocations), ("revoke", suspensions)):
        before = path.read_bytes()
        result = run("status", command, path, "--index", "7", "--key", issuer.key)
        assert "this needs a list for" in refused(result, path, before)


def test_index_beyond_the_list_is_refused(run: Run, issuer: Issuer, revocations: Path) -> None:
    before = revocations.read_bytes()
    result = run("status", "revoke", revocations, "--index", "131072", "--key", issuer.key)
    assert "beyond the status list" in refused(result, revocations, before)


def test_place_is_given_once(run: Run, issuer: Issuer, revocations: Path, signed: Path) -> None:
    before = revocations.read_bytes()
    args = ("status", "revoke", revocations, "--key", issuer.key)
    assert "--index" in refused(run(*args), revocations, before)
    both = run(*args, "--index", "1", "--credential", signed)
    assert "--credential" in refused(both, revocations, before)


def test_list_of_somebody_else_is_not_signed_again(
    run: Run, other_key: Path, revocations: Path
) -> None:
    before = revocations.read_bytes()
    result = run("status", "revoke", revocations, "--index", "1", "--key", other_key)
    assert "was not signed with this key" in refused(result, revocations, before)


def test_list_that_was_changed_is_not_signed_again(
    run: Run, issuer: Issuer, revocations: Path
) -> None:
    before = revocations.read_bytes().replace(LIST.encode(), b"https://evil.example/list")
    revocations.write_bytes(before)
    result = run("status", "revoke", revocations, "--index", "1", "--key", issuer.key)
    assert "was changed since" in refused(result, revocations, before)


def test_forged_credential_moves_no_bit(
    run: Run, issuer: Issuer, revocations: Path, tmp_path: Path
) -> None:
    genuine = listed(run, issuer, tmp_path / "badge.json", index="9")
    forged = tmp_path / "forged.json"
    forged.write_bytes(
        genuine.read_bytes().replace(b'"statusListIndex":"9"', b'"statusListIndex":"8"')
    )
    assert forged.read_bytes() != genuine.read_bytes()
    before = revocations.read_bytes()
    result = run("status", "revoke", revocations, "--credential", forged, "--key", issuer.key)
    assert "the credential was not signed with this key" in refused(result, revocations, before)


def test_credential_without_a_place_in_the_list_is_refused(
    run: Run, issuer: Issuer, revocations: Path, signed: Path, tmp_path: Path
) -> None:
    suspended = listed(run, issuer, tmp_path / "badge.json", purpose="suspension")
    before = revocations.read_bytes()
    for credential in (signed, suspended):
        result = run(
            "status", "revoke", revocations, "--credential", credential, "--key", issuer.key
        )
        assert "has no places in the status list" in refused(result, revocations, before)


def test_credential_of_another_issuer_moves_no_bit(
    run: Run, issuer: Issuer, revocations: Path, tmp_path: Path
) -> None:
    did = run("key", "did", issuer.key, "--method", "jwk").stdout.strip()
    unsigned = write_json(tmp_path / "other.json", badge(issuer=did).to_json())
    sign(run, issuer, unsigned, tmp_path / "signed.json")
    before = revocations.read_bytes()
    result = run(
        "status", "revoke", revocations, "--credential", tmp_path / "signed.json",
        "--key", issuer.key,
    )  # fmt: skip
    assert "have different issuers" in refused(result, revocations, before)


def test_list_with_several_proofs_is_left_alone(
    run: Run, issuer: Issuer, revocations: Path, tmp_path: Path
) -> None:
    twice = tmp_path / "twice.json"
    sign(run, issuer, revocations, twice, "--add-proof", "--suite", "eddsa-jcs-2022")
    before = twice.read_bytes()
    result = run("status", "revoke", twice, "--index", "1", "--key", issuer.key)
    assert "has 2 proofs" in refused(result, twice, before)


def test_list_as_jwt_is_left_alone(
    run: Run, issuer: Issuer, revocations: Path, tmp_path: Path
) -> None:
    unsigned = json.loads(revocations.read_bytes())
    del unsigned["proof"]
    token = tmp_path / "list.jwt"
    sign(run, issuer, write_json(tmp_path / "u.json", unsigned), token, "--suite", "vc-jwt")
    before = token.read_bytes()
    result = run("status", "revoke", token, "--index", "1", "--key", issuer.key)
    assert "has 0 proofs" in refused(result, token, before)
    assert run("status", "show", token, "--now", NOW).exit_code == 0


def test_list_keeps_its_cryptosuite_and_its_key_when_it_is_signed_again(
    run: Run, issuer: Issuer, revocations: Path, tmp_path: Path
) -> None:
    unsigned = json.loads(revocations.read_bytes())
    del unsigned["proof"]
    path = tmp_path / "jcs.json"
    sign(run, issuer, write_json(tmp_path / "u.json", unsigned), path, "--suite", "eddsa-jcs-2022")
    method = json.loads(path.read_bytes())["proof"]["verificationMethod"]
    assert run("status", "revoke", path, "--index", "1", "--key", issuer.key).exit_code == 0
    proof = json.loads(path.read_bytes())["proof"]
    assert (proof["cryptosuite"], proof["verificationMethod"]) == ("eddsa-jcs-2022", method)


def test_jwt_credential_finds_its_place(
    run: Run, issuer: Issuer, revocations: Path, tmp_path: Path
) -> None:
    listed(run, issuer, tmp_path / "badge.json")
    token = tmp_path / "badge.jwt"
    sign(run, issuer, tmp_path / "badge.unsigned", token, "--suite", "vc-jwt")
    result = run("status", "revoke", revocations, "--credential", token, "--key", issuer.key)
    assert result.exit_code == 0
    assert bits(revocations)[1] == 0x40


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff"])
def test_files_that_are_no_status_list_are_refused(
    run: Run, issuer: Issuer, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(content)
    result = run("status", "revoke", path, "--index", "1", "--key", issuer.key)
    refused(result, path, content)
    assert run("status", "show", path).exit_code == 3
    assert run("status", "show", tmp_path / "nowhere").exit_code == 3


def test_two_runs_do_not_change_a_list_at_once(run: Run, issuer: Issuer, revocations: Path) -> None:
    lock = revocations.with_name("revocations.json.lock")
    lock.touch()
    result = run("status", "revoke", revocations, "--index", "1", "--key", issuer.key)
    assert result.exit_code == 3
    assert str(lock) in result.stderr
    assert lock.exists()


def test_list_that_cannot_be_written_stays_as_it_was(
    run: Run, issuer: Issuer, revocations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, files = revocations.read_bytes(), sorted(revocations.parent.iterdir())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run("status", "revoke", revocations, "--index", "1", "--key", issuer.key)
    assert "No space left on device" in refused(result, revocations, before)
    assert sorted(revocations.parent.iterdir()) == files
    missing = run("status", "revoke", "no/list.json", "--index", "1", "--key", issuer.key)
    assert missing.exit_code == 3


def test_show_counts_what_is_set_and_checks_the_proof(
    run: Run, issuer: Issuer, revocations: Path
) -> None:
    for index in ("0", "77", "131071"):
        run("status", "revoke", revocations, "--index", index, "--key", issuer.key)
    result = run("status", "show", revocations, "--index", "77", "--now", NOW)
    assert result.exit_code == 0
    assert "The proof holds, and the list is in force." in result.stdout
    assert "Entries         131072, of which 3 are set" in result.stdout
    assert "Entry 77        set" in result.stdout
    assert "Purpose         revocation" in result.stdout
    assert f"Issuer          {DID}" in result.stdout
    assert "Entry 78        not set" in run("status", "show", revocations, "--index", "78").stdout
    assert run("status", "show", revocations, "--index", "131072").exit_code == 3


def test_show_says_when_the_proof_does_not_hold(run: Run, revocations: Path) -> None:
    revocations.write_bytes(revocations.read_bytes().replace(b'"revocation"', b'"suspension"'))
    result = run("status", "show", revocations)
    assert result.exit_code == 1
    assert "Not genuine" in result.stdout
    assert "What it says (not checked)" in result.stdout


def test_credential_that_is_no_status_list_is_named(run: Run, issuer: Issuer, signed: Path) -> None:
    before = signed.read_bytes()
    result = run("status", "revoke", signed, "--index", "1", "--key", issuer.key)
    assert f"{signed} is not a status list" in refused(result, signed, before)
    shown = run("status", "show", signed)
    assert shown.exit_code == 3
    assert f"{signed} is not a status list" in shown.stderr


def test_list_ends_when_it_was_said_to(run: Run, issuer: Issuer, tmp_path: Path) -> None:
    out = tmp_path / "list.json"
    args = (
        "status", "new", "--id", LIST, "--key", issuer.key, "--purpose", "revocation",
        "--out", out, "--now", NOW, "--valid-until",
    )  # fmt: skip
    for wrong in ("tomorrow", NOW, "2026-01-01T00:00:00Z"):
        refused_list = run(*args, wrong)
        assert refused_list.exit_code == 3
        assert "--valid-until" in refused_list.stderr
        assert not out.exists()
    assert run(*args, "2026-12-01T00:00:00Z").exit_code == 0
    assert json.loads(out.read_bytes())["validUntil"] == "2026-12-01T00:00:00Z"
    assert run("status", "show", out, "--now", "2026-12-01T00:00:00Z").exit_code == 0
    assert run("status", "show", out, "--now", "2026-12-01T00:00:01Z").exit_code == 1


def test_show_counts_one_entry_in_the_singular(run: Run, issuer: Issuer, revocations: Path) -> None:
    run("status", "revoke", revocations, "--index", "7", "--key", issuer.key)
    shown = run("status", "show", revocations).stdout
    assert "Entries         131072, of which 1 is set\n" in shown

"""`testamur seal`, and `testamur verify` of what it made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from cli.example_issuer import Run, write_json
from european_documents import european_credential
from seals import KEYS, NUMBER, ORGANIZATION, Authority, credential_of, pem_of_key
from testamur.loading import load

NOW = "2026-07-01T12:00:00Z"


class Office:
    """The files of somebody who seals: certificate, key, and an authority's own."""

    def __init__(self, folder: Path) -> None:
        root, key = Authority(), KEYS["P-256"]()
        self.signer = root.seal(key)
        self.certificate = folder / "chain.pem"
        leaf = x509.load_der_x509_certificate(self.signer.certificates[0].der)
        self.certificate.write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + root.pem)
        self.key = folder / "seal.pem"
        self.key.write_bytes(pem_of_key(key))
        self.locked = folder / "locked.pem"
        self.locked.write_bytes(pem_of_key(key, b"open sesame"))
        self.anchors = folder / "anchors.pem"
        self.anchors.write_bytes(root.pem)
        self.revocations = folder / "root.crl"
        self.revocations.write_bytes(root.revocation_list())
        self.trust = folder / "trust.yaml"
        self.trust.write_text(f"eidas:{NUMBER}: Our partner\n", encoding="utf-8")
        self.credential = write_json(folder / "edc.json", dict(credential_of(self.signer)))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_what_is_sealed_is_genuine(run: Run, office: Office, tmp_path: Path) -> None:
    out = tmp_path / "sealed.jsonld"
    made = run(
        *("seal", office.credential, "--certificate", office.certificate, "--key", office.key),
        *("--out", out, "--now", NOW),
    )
    assert made.exit_code == 0, made.output
    assert "ES256" in made.stdout
    given = ("--trust", office.trust, "--seal-anchors", office.anchors, "--now", NOW)
    found = run("verify", out, *given)
    assert found.exit_code == 2  # whether the certificate was revoked is not known
    assert "Our partner" in found.stdout
    found = run("verify", out, *given, "--revocation-list", office.revocations)
    assert found.exit_code == 0, found.stdout
    assert "It was sealed by" in found.stdout


def test_without_anchors_nothing_is_shown(run: Run, office: Office, tmp_path: Path) -> None:
    out = tmp_path / "sealed.jsonld"
    run(
        *("seal", office.credential, "--certificate", office.certificate, "--key", office.key),
        *("--out", out, "--now", NOW),
    )
    found = run("verify", out, "--trust", office.trust, "--now", NOW)
    assert found.exit_code == 2
    assert "What it says" not in found.stdout


def test_sealed_credential_goes_to_standard_output(run: Run, office: Office) -> None:
    made = run(
        *("seal", "-", "--certificate", office.certificate, "--key", office.key, "--now", NOW),
        input=office.credential.read_bytes(),
    )
    assert made.exit_code == 0
    assert load(made.stdout_bytes).document["issued"] == NOW


def test_issuer_is_written_from_the_certificate(run: Run, office: Office, tmp_path: Path) -> None:
    document = dict(european_credential("urn:epass:org:1"))
    issuer: Any = document["issuer"]
    document["issuer"] = {**issuer, "legalName": {"en": "Uni"}}
    other = write_json(tmp_path / "other.json", document)
    given = ("seal", other, "--certificate", office.certificate, "--key", office.key, "--now", NOW)
    refused = run(*given)
    assert refused.exit_code == 3
    assert "legalName" in refused.stderr
    made = run(*given, "--issuer-from-certificate")
    assert made.exit_code == 0
    written = json.loads(json.loads(made.stdout)["payload"])["issuer"]
    assert written["legalName"] == {"en": ORGANIZATION}
    assert written["eIDASIdentifier"]["notation"] == NUMBER


def test_upload_to_europass_is_unwrapped(run: Run, office: Office, tmp_path: Path) -> None:
    upload = {"credential": credential_of(office.signer), "deliveryDetails": {}}
    path = write_json(tmp_path / "upload.json", upload)
    made = run(
        *("seal", path, "--certificate", office.certificate, "--key", office.key, "--now", NOW)
    )
    assert made.exit_code == 0


def test_encrypted_key_needs_its_password(run: Run, office: Office, tmp_path: Path) -> None:
    given = ("seal", office.credential, "--certificate", office.certificate, "--now", NOW)
    assert run(*given, "--key", office.locked).exit_code == 3
    password = tmp_path / "password"
    password.write_text("open sesame\n")
    made = run(*given, "--key", office.locked, "--password-file", password)
    assert made.exit_code == 0


def test_sealed_credential_is_not_sealed_again(run: Run, office: Office, tmp_path: Path) -> None:
    out = tmp_path / "sealed.jsonld"
    given = ("--certificate", office.certificate, "--key", office.key, "--now", NOW)
    run("seal", office.credential, *given, "--out", out)
    again = run("seal", out, *given)
    assert again.exit_code == 3
    assert "signed already" in again.stderr
    assert run("issue", out, "--key", office.key).exit_code == 3


def test_key_of_another_certificate_is_refused(run: Run, office: Office, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(pem_of_key(KEYS["P-256"]()))
    refused = run("seal", office.credential, "--certificate", office.certificate, "--key", other)
    assert refused.exit_code == 3
    assert "none of the certificates" in refused.stderr


@pytest.mark.parametrize("option", ["--timestamp-anchors", "--revocation-list"])
def test_options_about_seals_need_anchors(run: Run, office: Office, option: str) -> None:
    refused = run("verify", office.credential, option, office.anchors)
    assert refused.exit_code == 3
    assert "--seal-anchors" in refused.stderr


def test_inspect_shows_the_seal_unchecked(run: Run, office: Office, tmp_path: Path) -> None:
    out = tmp_path / "sealed.jsonld"
    run(
        *("seal", office.credential, "--certificate", office.certificate, "--key", office.key),
        *("--out", out, "--now", NOW),
    )
    shown = run("inspect", out)
    assert shown.exit_code == 0
    assert "jades" in shown.stdout
    assert "B-B" in shown.stdout

"""The JavaScript package jose, which knows RFC 7797, before our seals.

Opt-in, because npm fetches it from its registry: TESTAMUR_INTEROP=1.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from seals import KEYS, Authority, members_of, sealed_bytes
from testamur.keys import SealAlgorithm

PACKAGES = {"jose": "6.2.18"}
PROGRAM = Path(__file__).with_name("jose.mjs")
INSTALL_SECONDS, RUN_SECONDS = 300, 60

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(
        os.environ.get("TESTAMUR_INTEROP") != "1",
        reason="runs other people's software; set TESTAMUR_INTEROP=1",
    ),
]


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package and the program."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js is not installed")
    folder = tmp_path_factory.mktemp("jose")
    package = {"private": True, "type": "module", "dependencies": PACKAGES}
    (folder / "package.json").write_text(json.dumps(package), "utf-8")
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    installed = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    if installed.returncode:
        pytest.skip(f"npm cannot install the package: {installed.stderr[-500:]}")
    shutil.copy(PROGRAM, folder)
    return folder


def ask(folder: Path, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", PROGRAM.name],
        cwd=folder,
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=True,
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [
        ("Ed25519", SealAlgorithm.EDDSA),
        ("P-256", SealAlgorithm.ES256),
        ("RSA", SealAlgorithm.PS256),
        ("RSA", SealAlgorithm.RS256),
    ],
)
def test_jose_verifies_our_seal_and_no_changed_one(
    node: Path, kind: str, algorithm: SealAlgorithm
) -> None:
    signer = Authority().seal(KEYS[kind](), algorithm=algorithm)
    document, _ = members_of(sealed_bytes(signer))
    certificate = x509.load_der_x509_certificate(signer.certificates[0].der)
    pem = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    common = {"pem": pem.decode(), "alg": algorithm.value}
    changed = {**document, "payload": document["payload"] + " "}
    good, bad = ask(node, [{"seal": document, **common}, {"seal": changed, **common}])
    assert good == {"payload": document["payload"]}
    assert bad == {"error": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"}

"""Digital Bazaar's JavaScript packages, the reference of W3C Data Integrity, run in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from testamur.canon.strict_json import dumps

PACKAGES = {
    "@digitalbazaar/data-integrity": "2.5.0",
    "@digitalbazaar/ed25519-multikey": "1.3.1",
    "@digitalbazaar/eddsa-rdfc-2022-cryptosuite": "1.3.0",
    "@digitalbazaar/vc": "7.3.0",
    "@digitalbazaar/vc-bitstring-status-list": "2.0.1",
    "jsonld": "9.0.0",
}
PROGRAM = Path(__file__).with_name("digitalbazaar.mjs")
INSTALL_SECONDS, RUN_SECONDS = 300, 300


def install(folder: Path) -> None:
    """Put the packages and the program into a folder; skip where that cannot be."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js is not installed")
    package = {"private": True, "type": "module", "dependencies": PACKAGES}
    (folder / "package.json").write_text(json.dumps(package), "utf-8")
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    installed = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    if installed.returncode:
        pytest.skip(f"npm cannot install the packages: {installed.stderr[-500:]}")
    shutil.copy(PROGRAM, folder)


def run_tasks(
    folder: Path, documents: dict[str, Any], tasks: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Run tasks; nothing exists for them but the documents."""
    finished = subprocess.run(
        ["node", PROGRAM.name],
        cwd=folder,
        input=dumps({"documents": documents, "tasks": list(tasks)}),
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    found: list[dict[str, Any]] = json.loads(finished.stdout)
    return found

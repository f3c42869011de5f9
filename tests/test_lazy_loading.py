"""What is loaded, and what is not, before it is needed: each in a process of its own."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import testamur
from simulator import NOW, Simulator, key
from testamur.keys import pem

PACKAGES = (
    "testamur",
    "testamur.carry",
    "testamur.completeness",
    "testamur.fetch",
    "testamur.keys",
    "testamur.model.elm",
    "testamur.model.ob3",
    "testamur.model.vocabularies",
    "testamur.publish",
    "testamur.register",
    "testamur.roster",
    "testamur.trust",
    "testamur.verification",
)
HEAVY = {
    "PIL",
    "boto3",
    "google",
    "hvac",
    "pkcs11",
    "asn1crypto",
    "cryptography",
    "defusedxml",
    "httpx2",
    "jinja2",
    "joserfc",
    "openpyxl",
    "png",
    "pydantic",
    "pyhanko_certvalidator",
    "pyld",
    "pyshacl",
    "qrcode",
    "rdflib",
    "rfc3161_client",
    "rfc8785",
    "alembic",
    "psycopg",
    "sqlalchemy",
    "rich",
    "typer",
    "yaml",
}
LOADED = """
import json, sys
try:
    {}
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded_by(code: str) -> set[str]:
    """Run code in a new interpreter and return the top-level packages that it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(code)], capture_output=True, check=False, text=True
    )
    modules: list[str] = json.loads(done.stderr.splitlines()[-1])
    return {name.partition(".")[0] for name in modules}


def loaded_by_command(*args: str | Path) -> set[str]:
    arguments = ["testamur", *map(str, args)]
    code = f"sys.argv = {arguments!r}; from testamur.cli import main; main()"
    return loaded_by(code)


@pytest.fixture
def badge(tmp_path: Path) -> Path:
    path = tmp_path / "badge.json"
    path.write_bytes(Simulator().issue().content)
    return path


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    path = tmp_path / "issuers.json"
    path.write_text(json.dumps({Simulator().did: "University"}))
    return path


@pytest.mark.parametrize("package", [name for name in PACKAGES if name != "testamur.model.ob3"])
def test_package_loads_nothing_heavy_by_itself(package: str) -> None:
    assert "testamur" in loaded_by(f"import {package}")
    assert not loaded_by(f"import {package}") & HEAVY


def test_version_needs_neither_models_nor_keys() -> None:
    found = loaded_by_command("--version")
    assert "typer" in found
    assert not found & (HEAVY - {"typer", "pydantic"})  # typer uses pydantic for its options


@pytest.mark.parametrize("output", [[], ["--json"], ["--quiet"]], ids=["text", "json", "quiet"])
def test_verifying_an_ordinary_badge_loads_only_what_it_needs(
    badge: Path, trust: Path, output: list[str]
) -> None:
    found = loaded_by_command(
        "verify", badge, "--trust", trust, "--now", f"{NOW:%Y-%m-%dT%H:%M:%SZ}", *output
    )
    assert "cryptography" in found
    assert not found & (HEAVY - {"cryptography"})
    assert not found & {"copy", "dataclasses", "inspect", "pathlib", "secrets", "urllib"}


def test_verifying_an_ordinary_badge_builds_no_model(badge: Path) -> None:
    code = (
        "from datetime import UTC, datetime; from testamur import Verifier; "
        "from pathlib import Path; "
        f"print(Verifier(now=datetime.now(UTC)).examine(Path({str(badge)!r})).verdict); "
        "assert 'testamur.model.base' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}"], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_yaml_list_is_read_with_yaml(badge: Path, tmp_path: Path) -> None:
    path = tmp_path / "issuers.yaml"
    path.write_text(f"{Simulator().did}: University\n")
    found = loaded_by_command("verify", badge, "--trust", path)
    assert "yaml" in found
    assert not found & {"typer", "rich", "pydantic"}


def test_checking_for_completeness_makes_no_page_unless_asked(badge: Path) -> None:
    found = loaded_by_command("check", badge)
    assert "yaml" in found
    assert not found & {"jinja2", "pyld"}


def test_what_is_not_plain_is_left_to_typer(badge: Path) -> None:
    assert "typer" in loaded_by_command("verify", badge, "--processes", "1")


def test_issuing_by_itself_loads_neither_a_register_nor_a_configuration(tmp_path: Path) -> None:
    issuer = Simulator()
    document = {k: v for k, v in issuer.issue().document.items() if k != "proof"}
    unsigned, key_file = tmp_path / "unsigned.json", tmp_path / "issuer.pem"
    unsigned.write_text(json.dumps(document))
    key_file.write_bytes(pem.encode_private_key(key("simulator"), password=None))
    key_file.chmod(0o600)
    found = loaded_by_command(
        *("issue", unsigned, "--key", key_file, "--verification-method", f"{issuer.did}#key-1"),
        *("--out", tmp_path / "signed.json"),
    )
    assert (tmp_path / "signed.json").exists()
    assert not found & {"sqlalchemy", "alembic", "pydantic_settings", "rich", "psycopg", "boto3"}


@pytest.mark.parametrize("package", PACKAGES)
def test_package_has_the_names_that_it_says_it_has(package: str) -> None:
    module = importlib.import_module(package)
    assert set(module.__all__) <= set(dir(module))
    for name in module.__all__:
        assert getattr(module, name) is getattr(module, name)
    with pytest.raises(AttributeError, match=f"'{package}' has no attribute 'nonsense'"):
        module.nonsense  # noqa: B018


def test_name_of_a_package_is_its_home_s_own() -> None:
    from testamur.verification.verifier import Verifier

    assert testamur.Verifier is Verifier
    assert testamur.build.__name__ == "testamur.build"

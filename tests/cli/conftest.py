"""A command runner, and an issuer with a key, a credential and a signed one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.example_issuer import DID, SECRET_KEY_MULTIBASE, Issuer, Run, badge, sign, write_json
from cli.registered import Desk
from registers import Office, registers
from testamur.cli.app import app
from testamur.keys import Ed25519PrivateKey, pem
from testamur.keys.multikey import decode_secret_key


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name, which is shown in lines of 80 columns."""
    return tmp_path_factory.mktemp("t")


@pytest.fixture
def run() -> Run:
    """Run a command in this process; a traceback is a failure of the test."""

    def invoke(
        *args: str | Path,
        input: bytes | str | None = None,  # noqa: A002
        env: Mapping[str, str | None] | None = None,
    ) -> Result:
        nothing = dict.fromkeys(name for name in os.environ if name.startswith("TESTAMUR_"))
        runner = CliRunner(env={"COLUMNS": "80", **nothing, **(env or {})})
        result = runner.invoke(app, [str(each) for each in args], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    key, trust = tmp_path / "issuer.pem", tmp_path / "trust.yaml"
    key.write_bytes(pem.encode_private_key(decode_secret_key(SECRET_KEY_MULTIBASE), password=None))
    key.chmod(0o600)
    trust.write_text(f'"{DID}": Example University\n', encoding="utf-8")
    return Issuer(key, trust)


@pytest.fixture
def other_key(tmp_path: Path) -> Path:
    path = tmp_path / "other.pem"
    path.write_bytes(pem.encode_private_key(Ed25519PrivateKey.generate(), password=None))
    path.chmod(0o600)
    return path


@pytest.fixture
def unsigned(tmp_path: Path) -> Path:
    """A credential about ada@uni.example, not signed yet."""
    return write_json(tmp_path / "unsigned.json", badge().to_json())


@pytest.fixture
def signed(run: Run, issuer: Issuer, unsigned: Path, tmp_path: Path) -> Path:
    """The same, signed."""
    path = tmp_path / "signed.json"
    sign(run, issuer, unsigned, path)
    return path


@pytest.fixture
def desk(run: Run, tmp_path: Path) -> Iterator[Desk]:
    """An office with its register in a file."""
    with registers("sqlite", tmp_path) as url:
        office = Office(url)
        yield Desk.furnish(run, tmp_path, office)
        office.register.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_desk(request: pytest.FixtureRequest, run: Run, tmp_path: Path) -> Iterator[Desk]:
    """An office with its register in a file, and one with it in PostgreSQL."""
    with registers(request.param, tmp_path) as url:
        office = Office(url)
        yield Desk.furnish(run, tmp_path, office)
        office.register.close()

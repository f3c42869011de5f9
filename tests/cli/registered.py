"""An office at the command line: its register, its key in a file, and what it awards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cli.example_issuer import Run
from registers import Office
from simulator import key
from testamur.keys import pem

__all__ = ["NOW", "Desk"]

NOW = "--now=2026-07-01T12:00:00Z"


@dataclass(frozen=True)
class Desk:
    """A folder with a key file, a profile and a credential, and a register.

    Attributes:
        run: runs a command.
        folder: where the files are.
        office: whose register it is, opened a second time.
    """

    run: Run
    folder: Path
    office: Office

    @staticmethod
    def furnish(run: Run, folder: Path, office: Office) -> Desk:
        desk = Desk(run, folder, office)
        desk.key.write_bytes(pem.encode_private_key(key("office"), password=None))
        desk.key.chmod(0o600)
        desk.profile.write_text(json.dumps(office.profile.to_json()))
        desk.document.write_text(json.dumps(office.credential().to_json()))
        return desk

    @property
    def key(self) -> Path:
        return self.folder / "issuer.pem"

    @property
    def profile(self) -> Path:
        return self.folder / "profile.json"

    @property
    def document(self) -> Path:
        return self.folder / "unsigned.json"

    @property
    def register(self) -> tuple[str, str]:
        return ("--register", self.office.url)

    def __call__(self, *args: object) -> tuple[int, str, str]:
        """Run a command; return its exit code and what it prints, on one line each."""
        result = self.run(*(str(each) for each in args))
        return (
            result.exit_code,
            " ".join(result.stdout.split()),
            " ".join(result.stderr.split()),
        )

    def at(self, *args: object) -> tuple[int, str, str]:
        """Run a command at the register, at our time."""
        return self(*args, *self.register, NOW)

    def signing(self, *args: object) -> tuple[int, str, str]:
        """Run a command that signs with our key."""
        return self.at(*args, "--key", self.key)

    def configure(self, *more: str) -> Path:
        """Write a configuration that names the register and the key."""
        path = self.folder / "testamur.toml"
        path.write_text(
            f'register_url = "{self.office.url}"\nactor = "registry"\n'
            + "\n".join(more)
            + f'\n[signer]\nkey_file = "{self.key}"\n'
        )
        return path

    def issue(self, out: str, *options: object) -> str:
        """Issue the credential through the register; return its id."""
        path = self.folder / out
        if "--as" not in options:
            options = (*options, "--as", "1")
        code, _, err = self.signing("issue", self.document, "--out", path, *options)
        assert code == 0, err
        return str(json.loads(path.read_text())["id"])

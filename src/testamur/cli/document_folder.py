"""A folder of credentials, each a file with the bytes that were issued."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from testamur.carry.file_names import safe_file_name, write_atomically
from testamur.errors import ConfigurationError

__all__ = ["DocumentFolder"]


@dataclass(frozen=True, slots=True)
class DocumentFolder:
    """A folder that holds credentials, under names that follow from their ids.

    Attributes:
        path: of the folder.
    """

    path: Path

    @classmethod
    def open(cls, path: Path) -> DocumentFolder:
        """Make a folder for its owner alone, where it is missing.

        Raises:
            ConfigurationError: it cannot be made.
        """
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"cannot make {path}: {error.strerror or error}; name another with --out",
                path=str(path),
            ) from error
        return cls(path)

    def put(self, identifier: str, content: bytes) -> bool:
        """Write a credential; False where it is there already.

        Raises:
            ConfigurationError: it cannot be written.
        """
        suffix = ".json" if content.startswith(b"{") else ".jwt"
        path = self.path / safe_file_name("credential", identifier, suffix)
        try:
            if path.read_bytes() == content:
                return False
        except OSError:  # not there, or not to be read: whether it can be written is seen now
            pass
        write_atomically(path, content)
        return True

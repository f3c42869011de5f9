"""The folder on the disk: what is meant to be in it is written down first, then written.

    public/            what the web server serves
    index.json         URL → file, for `testamur verify --documents` and other readers on this disk
    headers.json       the headers that belong to the files
    manifest/          what is meant to be in `public`, with hashes; readable by its owner

A run writes down what it is going to write, then writes, then removes, and then forgets what it
removed. So a run that was killed leaves nothing public of which the manifest does not know, and the
next run sees by the hashes what is missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from testamur.batch.lock import locked
from testamur.canon.strict_json import JsonObject, dumps, parse_object
from testamur.carry import write_atomically
from testamur.errors import ConfigurationError, ParseError

__all__ = ["Folder", "digest", "open_folder"]

PUBLIC = "public"
_MANIFEST = "manifest"
_MANIFEST_BYTES = 256 * 1024 * 1024
_LOCK = ".lock"


@dataclass(slots=True)
class Folder:
    """A folder that is published into, and what this run did in it.

    Attributes:
        path: where it is.
        written: files of `public` that were written, in their order.
        removed: files of `public` that were removed.
    """

    path: Path
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def part(self, name: str) -> JsonObject:
        """Return a part of the manifest; an empty one where it is not there.

        Raises:
            ConfigurationError: it cannot be read, or is damaged.
        """
        path = self.path / _MANIFEST / f"{name}.json"
        try:
            return parse_object(path.read_bytes(), max_bytes=_MANIFEST_BYTES)
        except FileNotFoundError:
            return {}
        except (OSError, ParseError) as error:
            raise ConfigurationError(
                f"{path} cannot be read, so it is not known what is published; put it back, or "
                f"publish into a new folder: {error}",
                path=str(path),
            ) from error

    def parts(self) -> list[str]:
        """Return the names of the parts of the manifest that are there."""
        names = (self.path / _MANIFEST).glob("[!.]*.json")
        return sorted(each.name.removesuffix(".json") for each in names)

    def write_part(self, name: str, content: JsonObject) -> None:
        """Write a part of the manifest; an empty one is removed."""
        path = self.path / _MANIFEST / f"{name}.json"
        if content:
            write_atomically(path, dumps(content).encode("utf-8") + b"\n")
        else:
            path.unlink(missing_ok=True)

    def write_beside(self, name: str, content: bytes) -> None:
        """Write a file that is not served, unless it is so already."""
        path = self.path / name
        if not path.is_file() or path.read_bytes() != content:
            write_atomically(path, content)

    def read(self, path: str) -> bytes | None:
        """Return a public file; None where it is not there.

        Raises:
            ConfigurationError: it cannot be read.
        """
        try:
            return (self.path / PUBLIC / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise ConfigurationError(f"cannot read {self.path / PUBLIC / path}: {error}") from error

    def size(self, path: str) -> int | None:
        """Return the size of a public file; None where it is not there."""
        try:
            return (self.path / PUBLIC / path).stat().st_size
        except OSError:
            return None

    def folders(self, path: str) -> set[str]:
        """Return the folders in a folder of `public`, as paths; a link is taken for one."""
        try:
            with os.scandir(self.path / PUBLIC / path) as found:
                return {f"{path}/{each.name}" for each in found if each.is_dir()}
        except OSError:
            return set()

    def files(self, path: str) -> set[str]:
        """Return the names of the files in a folder of `public`."""
        try:
            with os.scandir(self.path / PUBLIC / path) as found:
                return {each.name for each in found if each.is_file()}
        except OSError:
            return set()

    def changed(self, path: str) -> int:
        """Return when something was put into a folder of `public` or taken out, in nanoseconds.

        Returns 0 where it is not there.
        """
        try:
            return (self.path / PUBLIC / path).stat().st_mtime_ns
        except OSError:
            return 0

    def write(self, path: str, content: bytes) -> None:
        """Write a public file: it is seen as it was, or with all of the new content.

        Raises:
            ConfigurationError: it cannot be written.
        """
        target = self.path / PUBLIC / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"cannot make the folder {target.parent}: {error.strerror or error}",
                path=str(target.parent),
            ) from error
        write_atomically(target, content)
        self.written.append(path)

    def tidy(self, path: str) -> None:
        """Remove what a run that was killed left half written in a folder of `public`."""
        for each in (self.path / PUBLIC / path).glob(".*.tmp"):
            each.unlink(missing_ok=True)

    def remove(self, path: str) -> None:
        """Remove a public file, and its folder where nothing else is in it.

        Raises:
            ConfigurationError: it cannot be removed.
        """
        target = self.path / PUBLIC / path
        try:
            target.unlink()
            self.removed.append(path)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise ConfigurationError(
                f"cannot remove {target}: {error.strerror or error}", path=str(target)
            ) from error

    def remove_link(self, path: str) -> bool:
        """Remove a link that somebody put in the place of a folder; whether there was one.

        Raises:
            ConfigurationError: it cannot be removed.
        """
        is_link = (self.path / PUBLIC / path).is_symlink()
        if is_link:
            self.remove(path)
        return is_link

    def remove_all(self, path: str, *, first: str) -> None:
        """Remove a folder of `public` with the files in it, leftovers of killed runs included.

        Where somebody put a link in its place, the link goes, and nothing that it leads to.

        Args:
            path: of the folder.
            first: name of the file that goes first.

        Raises:
            ConfigurationError: a file cannot be removed.
        """
        target = self.path / PUBLIC / path
        if self.remove_link(path):
            return
        self.remove(f"{path}/{first}")
        try:
            names = sorted(each.name for each in target.iterdir() if not each.is_dir())
        except OSError:
            return
        for name in names:
            self.remove(f"{path}/{name}")
        try:
            target.rmdir()
        except OSError:
            return  # somebody put a folder of their own into it


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """Open a folder, which is made where it is not there, and keep other publishers out of it.

    Raises:
        ConfigurationError: it cannot be used, or another publisher is at work in it.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / PUBLIC).mkdir(exist_ok=True)
        (path / _MANIFEST).mkdir(exist_ok=True)
        (path / _MANIFEST).chmod(0o700)  # it holds the addresses of pages
    except OSError as error:
        raise ConfigurationError(
            f"cannot use {path} as a folder: {error.strerror or error}", path=str(path)
        ) from error
    with locked(path / _LOCK):
        folder = Folder(path)
        for each in ("", "..", f"../{_MANIFEST}"):
            folder.tidy(each)
        yield folder


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file as the manifest writes it, in hexadecimal."""
    return sha256(content).hexdigest()

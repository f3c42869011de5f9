"""The newest copies of credentials, at the URLs of their refresh services."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.publish.folder import Folder
from testamur.publish.progress import Progress
from testamur.publish.site import Site
from testamur.register import Register
from testamur.register.refreshes import Refreshed

__all__ = ["Copies"]

_PARTS = "copies-"
_CREDENTIALS = 1000  # in one part of the manifest
_AT_ONCE = 200  # documents in memory
_COPY = re.compile("[^/].*/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class _Wanted:
    number: int
    path: str
    newest: int
    digest: bytes


class Copies:
    """What is to stand at the URLs of refresh services, and what stands there now.

    Args:
        register: is read at once; documents are read when they are written.
        issuer: the issuer's id.
        site: what the folder stands for.
        folder: open.

    Attributes:
        folders: of `public`, in which copies stand.
        elsewhere: URLs of folders that are not on this site.
    """

    def __init__(self, register: Register, issuer: str, site: Site, folder: Folder) -> None:
        self._register = register
        self._issuer = issuer
        self._site = site
        self._folder = folder
        self._to_write: list[_Wanted] = []
        self._old: dict[str, int | None] = {}
        self._kept: set[str] = set()
        self.folders: set[str] = set()
        self.elsewhere: set[str] = set()

    @property
    def is_busy(self) -> bool:
        """Whether there is anything to write or to take down."""
        return bool(self._to_write or self._old)

    def look_at_everything(self, before: Progress | None) -> None:
        """Compare what is to stand there with what does."""
        names = {name for name in self._folder.parts() if name.startswith(_PARTS)}
        everything = self._register.refreshes.of(self._issuer)
        for name, group in groupby(everything, lambda each: _part_of(each.number)):
            names.discard(name)
            self._compare(self._folder.part(name), None, group)
        for name in sorted(names):
            self._compare(self._folder.part(name), None, ())
        # Also what a lost manifest does not know of: nothing stays public unnoticed.
        for folder in sorted(self.folders | set(() if before is None else before.copies)):
            self._folder.tidy(folder)
            for path in (f"{folder}/{name}" for name in self._folder.files(folder)):
                if path not in self._kept and _COPY.fullmatch(path):
                    self._old.setdefault(path, None)

    def look_at_changes(self, identifiers: Iterable[str], before: Progress) -> None:
        """Compare it for some credentials, and those that they supersede."""
        self.folders, self.elsewhere = set(before.copies), set(before.copies_elsewhere)
        looked_up = self._register.refreshes.look_up(self._issuer, identifiers)
        found = {each.number: each for each in looked_up}
        for name, group in groupby(sorted(found), _part_of):
            numbers = list(group)
            refreshed = [found[number] for number in numbers]
            self._compare(self._folder.part(name), frozenset(numbers), refreshed)

    def write(self) -> None:
        """Write what is to be written."""
        for name, group in groupby(self._to_write, lambda each: _part_of(each.number)):
            wanted = list(group)
            for at in range(0, len(wanted), _AT_ONCE):
                self._write(name, wanted[at : at + _AT_ONCE])

    def remove_old(self) -> None:
        """Take down what is not to be public any more."""
        known = {path: _part_of(n) for path, n in self._old.items() if n is not None}
        for path in sorted(self._old):
            self._folder.remove(path)
        for name in sorted(set(known.values())):
            left = {k: v for k, v in self._folder.part(name).items() if known.get(k) != name}
            self._folder.write_part(name, left)

    def _compare(
        self, part: JsonObject, numbers: Container[int] | None, refreshed: Iterable[Refreshed]
    ) -> None:
        """Compare a part of the manifest, or some credentials in it, with what is recorded."""
        for path, entry in part.items():
            owner = entry.get("credential") if isinstance(entry, dict) else None
            if isinstance(owner, int) and (numbers is None or owner in numbers):
                self._old[path] = owner
        for each in refreshed:
            if each.url is None or each.content_hash is None:
                continue
            place = self._site.path(each.url)
            if place is None or not _COPY.fullmatch(place):
                self.elsewhere.add(each.url.rpartition("/")[0] + "/")
            else:
                self._want(each, place, each.content_hash, part.get(place))

    def _want(self, each: Refreshed, path: str, digest: bytes, entry: JsonValue) -> None:
        self._old.pop(path, None)
        self._kept.add(path)
        self.folders.add(path.rpartition("/")[0])
        said = entry if isinstance(entry, dict) else {}
        size = self._folder.size(path)
        if said.get("sha256") != digest.hex() or size is None or said.get("bytes") != size:
            self._to_write.append(_Wanted(each.number, path, each.newest, digest))

    def _write(self, part: str, wanted: Sequence[_Wanted]) -> None:
        contents = self._register.credentials.contents([each.newest for each in wanted])
        made: dict[str, bytes] = {}
        entries: JsonObject = {}
        for each in wanted:
            content = contents.get(each.newest)
            if content is None:  # erased meanwhile
                self._old[each.path] = each.number
                continue
            made[each.path] = content
            entries[each.path] = {
                "credential": each.number,
                "sha256": each.digest.hex(),
                "bytes": len(content),
            }
        self._folder.write_part(part, {**self._folder.part(part), **entries})
        for path, content in made.items():
            if self._folder.read(path) != content:
                self._folder.write(path, content)


def _part_of(number: int) -> str:
    """Return the part of the manifest that knows of a credential's copy."""
    return f"{_PARTS}{number // _CREDENTIALS:06}"

"""The public pages of all learners who agreed to one: which to write, and which to take down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from itertools import groupby

from testamur.canon.strict_json import JsonObject
from testamur.errors import ParseError
from testamur.publish.folder import Folder
from testamur.publish.personal import Personal, folder_of, is_whole, shard, state_of
from testamur.publish.pictures import Pictures
from testamur.publish.site import PAGES, Site
from testamur.register import CredentialRecord, IssuerRecord, Register

__all__ = ["Look", "People"]

_PAGE_FOLDER = re.compile(rf"{PAGES}/[a-z2-7]{{32}}")


class Look(Enum):
    """Whether files are there as the manifest says: by looking, or by its word."""

    AT_FILES = "files"
    AT_MANIFEST = "manifest"


@dataclass(frozen=True, slots=True)
class _Wanted:
    record: CredentialRecord
    folder: str
    state: str
    is_expired: bool
    newer: str | None


class People:
    """What the pages of an issuer's credentials are to say at one moment, and what they say now.

    Args:
        register: is read at once; documents are read when they are written.
        issuer: whose credentials.
        site: what the folder stands for.
        folder: open.
        now: the clock, aware.
        look: whether the files are looked at.

    Attributes:
        count: credentials that have a page.
        without_document: ids of those that have none, because their documents are not kept.
        next_end: when the next of them ends to be valid, aware.
    """

    def __init__(
        self,
        register: Register,
        issuer: IssuerRecord,
        site: Site,
        folder: Folder,
        *,
        now: datetime,
        look: Look,
    ) -> None:
        self._register = register
        self._site = site
        self._folder = folder
        self._looked_at = folder if look is Look.AT_FILES else None
        self._name = str(issuer.profile.get("name") or issuer.id)
        self._parts = {
            name: folder.part(name) for name in folder.parts() if name.startswith("pages-")
        }
        self.count = 0
        self.without_document: list[str] = []
        self.next_end: datetime | None = None
        self._to_write: list[_Wanted] = []
        # Also what a lost manifest does not know of: nothing stays public unnoticed.
        self._old = {each for part in self._parts.values() for each in part} | set(
            filter(_PAGE_FOLDER.fullmatch, folder.folders(PAGES))
        )
        self._look(issuer, now)

    def write(self, pictures: Pictures) -> None:
        """Write what is to be written: documents and pictures before the page that shows them."""
        for name, group in groupby(self._to_write, lambda each: shard(each.folder)):
            made = [each for wanted in group if (each := self._make(wanted, pictures)) is not None]
            if not made:
                continue
            part: JsonObject = {**self._parts.get(name, {})}
            part |= {each.folder: each.entry() for each in made}
            self._parts[name] = part
            self._folder.write_part(name, part)
            for each in made:
                self._folder.tidy(each.folder)
                for file, content in each.files.items():
                    path = f"{each.folder}/{file}"
                    if self._folder.read(path) != content:
                        self._folder.write(path, content)

    def remove_old(self) -> None:
        """Take down what is not to be public any more: the page first, then the rest."""
        for name, part in self._parts.items():
            gone = sorted(self._old & set(part))
            for folder in gone:
                self._folder.remove_all(folder, first="index.html")
            if gone:
                self._old -= set(gone)
                left: JsonObject = {key: value for key, value in part.items() if key not in gone}
                self._folder.write_part(name, left)
        for folder in sorted(self._old):
            self._folder.remove_all(folder, first="index.html")

    def _look(self, issuer: IssuerRecord, now: datetime) -> None:
        """Compare what is to be public with what is."""
        tokens: dict[str, str] = {}
        found: list[tuple[str, CredentialRecord]] = []
        for publication, record in self._register.publications.of(issuer.id):
            tokens[record.id] = folder = folder_of(publication)
            found.append((folder, record))
        for folder, record in found:
            newer = tokens.get(record.superseded_by or "")
            self._compare(folder, record, newer=newer, now=now)
        self._to_write.sort(key=lambda each: (shard(each.folder), each.folder))

    def _compare(
        self, folder: str, record: CredentialRecord, *, newer: str | None, now: datetime
    ) -> None:
        is_expired = record.is_expired(now)
        if record.valid_until is not None and not is_expired:
            end = record.valid_until + timedelta(seconds=1)
            self.next_end = end if self.next_end is None else min(self.next_end, end)
        newer_url = None if newer is None else self._site.url(f"{newer}/index.html")
        state = state_of(
            record, is_expired=is_expired, newer=newer_url, issuer_name=self._name, site=self._site
        )
        self._old.discard(folder)
        self.count += 1
        entry = self._parts.get(shard(folder), {}).get(folder)
        if not is_whole(entry, state, self._looked_at):
            self._to_write.append(_Wanted(record, folder, state, is_expired, newer_url))

    def _make(self, wanted: _Wanted, pictures: Pictures) -> Personal | None:
        content = self._register.credentials.content(wanted.record)
        if content is None or sha256(content).digest() != wanted.record.content_hash:
            self._leave_out(wanted)
            return None
        try:
            return Personal.of(
                content,
                folder=wanted.folder,
                record=wanted.record,
                state=wanted.state,
                site=self._site,
                is_expired=wanted.is_expired,
                newer=wanted.newer,
                issuer_name=self._name,
                pictures=pictures,
            )
        except ParseError:
            self._leave_out(wanted)
            return None

    def _leave_out(self, wanted: _Wanted) -> None:
        """Publish nothing of a credential; what was, is taken down (erased meanwhile)."""
        self.count -= 1
        self.without_document.append(wanted.record.id)
        self._old.add(wanted.folder)

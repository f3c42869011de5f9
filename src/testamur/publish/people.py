"""The public pages of all learners who agreed to one: which to write, and which to take down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import groupby

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import ParseError
from testamur.publish.folder import Folder
from testamur.publish.personal import PageOf, Personal, folder_of, is_whole, state_of
from testamur.publish.pictures import Pictures
from testamur.publish.progress import Progress
from testamur.publish.site import PAGES, Site
from testamur.register import CredentialRecord, Disclosure, IssuerRecord, Register, Standing

__all__ = ["Look", "People", "PeopleChanges", "page_parts"]

_PAGE_FOLDER = re.compile(rf"{PAGES}/[a-z2-7]{{32}}")
_PARTS = "pages-"
_PART = re.compile(rf"{_PARTS}[0-9]{{6,}}")
_CREDENTIALS = 1000  # in one part of the manifest
_AT_ONCE = 200  # documents in memory
_SECOND = timedelta(seconds=1)


class Look(Enum):
    """What a run looks at."""

    AT_EVERYTHING = "everything"
    """All credentials, all of their files, and what else is in the folder."""

    AT_CHANGES = "changes"
    """Credentials of which something was recorded since the last run, or that ended since."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A page that is to be written; it holds little, for there may be a million of them."""

    number: int
    id: str
    folder: str
    state: str
    standing: Standing
    is_expired: bool
    is_superseded: bool
    newer: str | None


@dataclass(slots=True)
class PeopleChanges:
    """What a look found: what is to be written and taken down.

    Attributes:
        to_write: in the order of the credentials' numbers.
        old: folder → number of the credential whose page it was; None where nobody knows.
        pages: how many pages there will be.
        without_document: ids of credentials that have none, because their documents are not kept.
        next_end: when the next credential ends to be valid, aware.
    """

    to_write: list[_Wanted] = field(default_factory=list)
    old: dict[str, int | None] = field(default_factory=dict)
    pages: int = 0
    without_document: set[str] = field(default_factory=set)
    next_end: datetime | None = None

    def ends(self, record: CredentialRecord, now: datetime) -> None:
        """Take note of when a credential ends to be valid."""
        if record.valid_until is not None and not record.is_expired(now):
            end = record.valid_until + _SECOND
            self.next_end = end if self.next_end is None else min(self.next_end, end)


class People:
    """What the pages of an issuer's credentials are to say at one moment, and what they say now.

    Args:
        register: is read at once; documents are read when they are written.
        issuer: whose credentials.
        site: what the folder stands for.
        folder: open.
        now: the clock, aware.
    """

    def __init__(
        self,
        register: Register,
        issuer: IssuerRecord,
        site: Site,
        folder: Folder,
        *,
        now: datetime,
    ) -> None:
        self._register = register
        self._issuer = issuer
        self._site = site
        self._folder = folder
        self._now = now
        self._name = str(issuer.profile.get("name") or issuer.id)
        self._foreign: set[str] = set()
        self.found = PeopleChanges()

    def look_at_everything(self) -> None:
        """Compare what is to be public with what is."""
        found = self.found
        self._folder.tidy(PAGES)
        # Also what a lost manifest does not know of: nothing stays public unnoticed.
        found.old = dict.fromkeys(filter(_PAGE_FOLDER.fullmatch, self._folder.folders(PAGES)), None)
        names = page_parts(self._folder)
        self._foreign = {name for name in names if not _PART.fullmatch(name)}
        for name in sorted(self._foreign):  # of another layout of the manifest
            found.old.update(dict.fromkeys(self._folder.part(name), None))
        names -= self._foreign
        disclosures = self._register.publications.of(self._issuer.id)
        for name, group in groupby(disclosures, lambda each: _part_of(each.record.number)):
            names.discard(name)
            self._compare_part(self._folder.part(name), group)
        for name in sorted(names):
            self._compare_part(self._folder.part(name), ())

    def look_at_changes(self, identifiers: Iterable[str], before: Progress) -> None:
        """Compare it for some credentials, and those that they supersede.

        Args:
            identifiers: of which something was recorded.
            before: the last run.
        """
        found = self.found
        found.pages, found.without_document = before.pages, set(before.without_document)
        found.next_end = before.next_end
        wanted = set(identifiers)
        if before.next_end is not None and before.next_end <= self._now:
            book, first = self._register.publications, before.next_end - _SECOND
            wanted.update(book.ending(self._issuer.id, first, self._now))
            end = book.next_end(self._issuer.id, self._now)
            found.next_end = None if end is None else end + _SECOND
        disclosures = self._register.publications.look_up(self._issuer.id, wanted)
        by_number = sorted(disclosures, key=lambda each: each.record.number)
        last = 0
        for name, group in groupby(by_number, lambda each: _part_of(each.record.number)):
            part = self._folder.part(name)
            owners = _owners(part)
            for each in group:
                if each.record.number == last:  # also superseded by another that was looked up
                    continue
                last = each.record.number
                self._compare_one(each, part, owners.get(last, []))

    def write(self, pictures: Pictures) -> None:
        """Write what is to be written: documents and pictures before the page that shows them."""
        for name, group in groupby(self.found.to_write, lambda each: _part_of(each.number)):
            wanted = list(group)
            for at in range(0, len(wanted), _AT_ONCE):
                self._write(name, list(self._make(wanted[at : at + _AT_ONCE], pictures)))

    def remove_old(self) -> None:
        """Take down what is not to be public any more: the page first, then the rest."""
        known = {folder: _part_of(n) for folder, n in self.found.old.items() if n is not None}
        for folder in sorted(self.found.old):
            self._folder.remove_all(folder, first="index.html")
        for name in sorted(set(known.values())):
            left = {k: v for k, v in self._folder.part(name).items() if known.get(k) != name}
            self._folder.write_part(name, left)
        for name in sorted(self._foreign):
            self._folder.write_part(name, {})

    def _write(self, part: str, made: list[Personal]) -> None:
        entries: JsonObject = {each.folder: each.entry() for each in made}
        self._folder.write_part(part, {**self._folder.part(part), **entries})
        for each in made:
            self._folder.remove_link(each.folder)
            self._folder.tidy(each.folder)
            for file, content in each.files.items():
                path = f"{each.folder}/{file}"
                if self._folder.read(path) != content:
                    self._folder.write(path, content)

    def _compare_part(self, part: JsonObject, disclosures: Iterable[Disclosure]) -> None:
        """Compare all credentials of a part of the manifest with what it says."""
        found = self.found
        for folder, entry in part.items():
            found.old[folder] = _owner(entry)
        for each in disclosures:
            if each.publication is not None:
                self._want(each, folder_of(each.publication), part)

    def _compare_one(self, each: Disclosure, part: JsonObject, known: list[str]) -> None:
        """Compare a credential with the folders that the manifest knows as its."""
        found, record = self.found, each.record
        found.pages -= bool(known)
        found.without_document.discard(record.id)
        found.old.update(dict.fromkeys(known, record.number))
        if each.publication is not None:
            self._want(each, folder_of(each.publication), part)

    def _want(self, each: Disclosure, folder: str, part: JsonObject) -> None:
        found, record = self.found, each.record
        is_expired = record.is_expired(self._now)
        newer = None if each.newer is None else self._site.url(f"{PAGES}/{each.newer}/index.html")
        state = state_of(
            record,
            is_expired=is_expired,
            newer=newer,
            issuer_name=self._name,
            site=self._site,
        )
        found.old.pop(folder, None)
        found.pages += 1
        found.ends(record, self._now)
        if not is_whole(part.get(folder), folder, state, self._folder):
            found.to_write.append(
                _Wanted(
                    number=record.number,
                    id=record.id,
                    folder=folder,
                    state=state,
                    standing=record.standing,
                    is_expired=is_expired,
                    is_superseded=record.superseded_by is not None,
                    newer=newer,
                )
            )

    def _make(self, wanted: Sequence[_Wanted], pictures: Pictures) -> Iterator[Personal]:
        contents = self._register.credentials.contents([each.number for each in wanted])
        for each in wanted:
            made = self._made(each, contents.get(each.number), pictures)
            if made is not None:
                yield made
                continue
            # Nothing is published of it; what was, is taken down (erased meanwhile).
            self.found.pages -= 1
            self.found.without_document.add(each.id)
            self.found.old[each.folder] = each.number

    def _made(self, wanted: _Wanted, content: bytes | None, pictures: Pictures) -> Personal | None:
        if content is None:
            return None
        page = PageOf(
            folder=wanted.folder,
            number=wanted.number,
            state=wanted.state,
            standing=wanted.standing,
            is_expired=wanted.is_expired,
            is_superseded=wanted.is_superseded,
            newer=wanted.newer,
            issuer=self._issuer.id,
            issuer_name=self._name,
        )
        try:
            return Personal.of(content, page, site=self._site, pictures=pictures)
        except ParseError:
            return None


def page_parts(folder: Folder) -> set[str]:
    """Return the names of the parts of the manifest that know of pages."""
    return {name for name in folder.parts() if name.startswith(_PARTS)}


def _part_of(number: int) -> str:
    """Return the part of the manifest that knows of a credential's page.

    So a change of one rewrites the entries of some hundred others, and not of all.
    """
    return f"{_PARTS}{number // _CREDENTIALS:06}"


def _owner(entry: JsonValue) -> int | None:
    """Return the number of the credential of an entry; None where it does not say it."""
    number = entry.get("credential") if isinstance(entry, dict) else None
    return number if isinstance(number, int) else None


def _owners(part: JsonObject) -> dict[int, list[str]]:
    """Return number → folders of a part of the manifest."""
    found: dict[int, list[str]] = {}
    for folder, entry in part.items():
        number = _owner(entry)
        if number is not None:
            found.setdefault(number, []).append(folder)
    return found

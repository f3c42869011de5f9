"""The publisher: from the register to the folder, in an order in which no reader is misled.

1. What the pages are to say is read from the register, and the lists after that: so no page says
   that a credential is withdrawn before its list does.
2. What is going to be written is written into the manifest.
3. The DID document comes before the lists that its newest key signed. A key that was compromised is
   revoked only when no list needs it any more.
4. Status lists come before credentials, whose documents come before their pages.
5. Files are removed last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, ConfigurationError, RegisterError
from testamur.keys.controller import split_url
from testamur.keys.protocols import Signer
from testamur.publish import headers, lists, shared
from testamur.publish.folder import Folder, digest, open_folder
from testamur.publish.lists import Entry
from testamur.publish.people import People
from testamur.publish.pictures import Pictures
from testamur.publish.recovery import recover
from testamur.publish.schedule import Schedule
from testamur.publish.shared import File, Shared
from testamur.publish.site import Places, Site, default_base_url
from testamur.register import AchievementVersion, IssuerRecord, KeyRecord, ListRecord, Register

__all__ = ["Clock", "Published", "Publisher"]

Clock = Callable[[], datetime]
"""Gives the time, aware; asked once for each run."""

_SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a run did.

    Attributes:
        written: files that were written, in their order, relative to the folder `public`.
        removed: files that were removed.
        lists: how many status lists there are.
        pages: how many credentials have a public page.
        elsewhere: URLs of the issuer that are not on this site, and so are not in the folder.
        late: lists that had run through more than half of their time: the publisher was away.
        without_document: credentials that have no page although the learner agreed to one, because
            the register does not keep their documents.
        are_without_png: whether badges are SVG only, because Pillow is not installed.
        due: when there is something to publish again even if nothing happens, aware.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    lists: int
    pages: int
    elsewhere: tuple[str, ...]
    late: tuple[str, ...]
    without_document: tuple[str, ...]
    are_without_png: bool
    due: datetime | None


class Publisher:
    """Publishes everything that an issuer hosts.

    Args:
        register: the issuer's book.
        signer: holds a key that the register knows as one of the issuer's.
        folder: where it is published; its folder `public` is what a web server serves.
        now: the clock.
        base_url: the https URL at which `public` is served, with its last slash; the root of the
            site that the issuer's did:web names where it is None.
        schedule: how long status lists hold.

    Attributes:
        site: the site that the folder stands for.

    Raises:
        ConfigurationError: the base URL is none, or cannot be told from the issuer's id.
    """

    def __init__(
        self,
        register: Register,
        *,
        signer: Signer,
        folder: Path,
        now: Clock,
        base_url: str | None = None,
        schedule: Schedule | None = None,
    ) -> None:
        self._register = register
        self._signer = signer
        self._path = folder
        self._now = now
        self._issuer = split_url(signer.verification_method)[0]
        self.site = Site(base_url if base_url is not None else default_base_url(self._issuer))
        self._schedule = schedule if schedule is not None else Schedule()
        self._pictures = Pictures(folder / "manifest")
        self._seen: tuple[int, bytes] | None = None
        self._due: datetime | None = None

    def is_due(self) -> bool:
        """Whether anything was recorded since the last run, or the time has come to sign anew.

        Raises:
            RegisterError: the register cannot be read.
        """
        if self._seen is None or self._seen != self._register.trail.head():
            return True
        return self._due is not None and self._now() >= self._due

    def publish(self) -> Published:
        """Bring the folder up to date: what is as it should be is not written again.

        Raises:
            ConfigurationError: the folder cannot be written, is another issuer's, or another
                publisher is at work in it. Nothing is half done: do it again.
            RegisterError: the register cannot be read; the signer's key is not known, retired or
                compromised; the folder was published from a later state of the register, so that
                withdrawals would be undone.
            SigningKeyError, ProofError: the key cannot sign.
        """
        self._seen = None
        seen = self._register.trail.head()
        with open_folder(self._path) as folder:
            published = _Run(self, folder).publish()
        self._seen, self._due = seen, published.due
        return published

    def recover(self, *, reason: str, who: str | None = None) -> int:
        """After a backup of the register was restored: take over what the published lists say.

        Withdrawals and suspensions that are published and not in the register are recorded in it,
        and a new series of lists is opened, so that no place is given twice.

        Args:
            reason: why, for the audit trail.
            who: does it.

        Returns:
            How many places were taken over.

        Raises:
            ConfigurationError, RegisterError: as `publish`.
        """
        with open_folder(self._path) as folder:
            return recover(
                self._register,
                self._issuer,
                folder,
                self.site,
                folder.part(_SITE),
                reason=reason,
                who=who,
            )


class _Run:
    """One run of a publisher."""

    def __init__(self, publisher: Publisher, folder: Folder) -> None:
        self._register = publisher._register
        self._signer = publisher._signer
        self._schedule = publisher._schedule
        self._pictures = publisher._pictures
        self._site = publisher.site
        self._folder = folder
        self._now = publisher._now().replace(microsecond=0)
        self._issuer = self._require_issuer(publisher._issuer)
        self._keys = {
            each.verification_method: each for each in self._register.keys.of(self._issuer.id)
        }
        self._compromised = {
            name for name, each in self._keys.items() if each.compromised_at is not None
        }
        self._key = self._require_key()
        self._manifest = self._read_manifest()
        self._elsewhere: list[str] = []
        self._late: list[str] = []

    def publish(self) -> Published:
        # 1. What the pages are to say, then the lists.
        people = People(self._register, self._issuer, self._site, self._folder, now=self._now)
        records = self._lists_of_the_site()
        places = Places()
        for path in records:
            places.take(path)
        entries, signed = self._sign_lists(records)
        makes = Shared(self._site, self._issuer, tuple(self._keys.values()), places)
        first, last = self._did_documents(makes, signed)
        list_files = [
            File(path, signed.get(path, b""), record.url, headers.VC)
            for path, record in records.items()
        ]
        others = [makes.key_set(), *makes.others(self._versions(), self._pictures)]
        steps = [
            *first,
            *(each for each in list_files if each.path in signed),
            *last,
            *others,
            *self._headers(last or first, list_files, others),
        ]
        files = {each.path: each for each in [*steps, *list_files]}
        # 2. What is going to be there, beside what still is.
        before = _object(self._manifest, "files")
        known = {path: before[path] for path in files if path in before}
        known |= {each.path: digest(each.content) for each in steps}
        gone = sorted(set(before) - set(known))
        said = self._said(entries, {**{path: before[path] for path in gone}, **known})
        self._write_manifest(said)
        # 3. and 4.
        for each in steps:
            self._write(each)
        self._folder.write_beside("index.json", shared.index_of(files.values()))
        people.write(self._pictures)
        # 5.
        for path in gone:
            self._folder.remove(path)
        people.remove_old()
        self._write_manifest(self._said(entries, known))
        return Published(
            written=tuple(self._folder.written),
            removed=tuple(self._folder.removed),
            lists=len(records),
            pages=people.count,
            elsewhere=tuple(self._elsewhere),
            late=tuple(self._late),
            without_document=tuple(people.without_document),
            are_without_png=self._pictures.are_without_png,
            due=self._next(entries.values(), people.next_end),
        )

    def _require_issuer(self, identifier: str) -> IssuerRecord:
        found = self._register.issuers.find(identifier)
        if found is None:
            raise RegisterError(
                f"no issuer {identifier[:160]!r} is in the register; add it, or sign with a key of "
                "one that is there",
                code=Code.REGISTER_UNKNOWN,
            )
        return found

    def _require_key(self) -> KeyRecord:
        found = self._keys.get(self._signer.verification_method)
        if found is None:
            raise RegisterError(
                f"no key {self._signer.verification_method[:160]!r} is in the register; add it, so "
                "that it is published",
                code=Code.REGISTER_UNKNOWN,
            )
        found.require_usable(self._now)
        return found

    def _read_manifest(self) -> JsonObject:
        manifest = self._folder.part(_SITE)
        mine = self._owner()
        for name, value in mine.items():
            if manifest and manifest.get(name) != value:
                raise ConfigurationError(
                    f"{self._folder.path} was published for another {name}, "
                    f"{str(manifest.get(name))[:160]}; choose a folder for each",
                    path=str(self._folder.path),
                    expected=str(value),
                )
        return manifest

    def _owner(self) -> JsonObject:
        return {
            "register": self._register.id,
            "issuer": self._issuer.id,
            "baseUrl": self._site.base_url,
        }

    def _lists_of_the_site(self) -> dict[str, ListRecord]:
        """Return path → list; a list that is hosted elsewhere is noted."""
        found = {}
        for record in self._register.lists.of(self._issuer.id):
            path = self._site.path(record.url)
            if path is None:
                self._elsewhere.append(record.url)
            else:
                found[path] = record
        return found

    def _sign_lists(
        self, records: dict[str, ListRecord]
    ) -> tuple[dict[str, Entry], dict[str, bytes]]:
        """Sign the lists that are due; nothing is, where one of them would go back."""
        said, files = _object(self._manifest, "lists"), _object(self._manifest, "files")
        entries: dict[str, Entry] = {}
        due: list[tuple[str, ListRecord, Entry | None, bytes | None]] = []
        for path, record in records.items():
            entry, content = Entry.from_json(said.get(path)), self._folder.read(path)
            is_there = content is not None and digest(content) == files.get(path)
            if entry is not None and self._now > entry.signed + self._schedule.valid_for / 2:
                self._late.append(record.url)
            if entry is None or not is_there or self._is_due(record, entry):
                due.append((path, record, entry, content))
            else:
                entries[path] = entry
        bits = {path: self._register.lists.bits(record) for path, record, *_ in due}
        for path, record, entry, content in due:
            published = lists.published_bits(content, record, self._keys)
            lists.require_no_return(record, bits[path], entry=entry, published=published)
        signed: dict[str, bytes] = {}
        for path, record, *_ in due:
            signed[path], entries[path] = lists.sign_list(
                record,
                bits[path],
                signer=self._signer,
                public_key=lists.public_key_of(self._key),
                schedule=self._schedule,
                now=self._now,
            )
            self._register.lists.note_publication(record)
        return entries, signed

    def _is_due(self, record: ListRecord, entry: Entry) -> bool:
        return lists.is_due(
            record,
            entry,
            schedule=self._schedule,
            compromised=self._compromised,
            now=self._now,
        )

    def _did_documents(
        self, makes: Shared, signed: dict[str, bytes]
    ) -> tuple[list[File], list[File]]:
        """Return what the DID document says before the lists are written, and after."""
        final = makes.did_document()
        if final is None:
            if makes.did_url is not None:
                self._elsewhere.append(makes.did_url)
            return [], []
        makes.places.take(final.path)
        said = _object(self._manifest, "lists")
        needed = {
            entry.key
            for path in signed
            if (entry := Entry.from_json(said.get(path))) is not None
            and entry.key in self._compromised
        }
        meanwhile = makes.did_document(as_if_sound=frozenset(needed)) if needed else None
        return ([final], []) if meanwhile is None else ([meanwhile], [final])

    def _versions(self) -> dict[str, Iterable[AchievementVersion]]:
        book = self._register.achievements
        return {
            each.id: book.versions(self._issuer.id, each.id) for each in book.of(self._issuer.id)
        }

    def _headers(
        self, did: list[File], list_files: list[File], others: list[File]
    ) -> Iterable[File]:
        rules = headers.header_rules(
            self._schedule,
            did=did[0].path if did else None,
            keys=others[0].path,
            lists=[each.path for each in list_files],
            others=[each.path for each in others if each.content_type == headers.JSON_LD],
        )
        self._folder.write_beside("headers.json", headers.as_json(rules))
        return [File("_headers", headers.as_text(rules), None, "text/plain")]

    def _write(self, file: File) -> None:
        if self._folder.read(file.path) != file.content:
            self._folder.write(file.path, file.content)

    def _said(self, entries: dict[str, Entry], files: JsonObject) -> JsonObject:
        said: JsonObject = {path: each.to_json() for path, each in sorted(entries.items())}
        return {**self._owner(), "lists": said, "files": dict(sorted(files.items()))}

    def _write_manifest(self, said: JsonObject) -> None:
        if said != self._manifest:
            self._folder.write_part(_SITE, said)
            self._manifest = said

    def _next(self, entries: Iterable[Entry], next_end: datetime | None) -> datetime | None:
        """Return when something is due though nothing happens."""
        moments = [each.signed + self._schedule.renew_after for each in entries]
        if next_end is not None:
            moments.append(next_end)
        return min(moments, default=None)


def _object(holder: JsonObject, name: str) -> dict[str, JsonValue]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}

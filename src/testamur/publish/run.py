"""One run of a publisher, in an order in which no reader is misled.

1. What the pages are to say is read from the register, and the lists after that: so no page says
   that a credential is withdrawn before its list does. Pages and copies that are not to be public
   any more are taken down at once: that needs no key, which may be out of reach for days.
2. What is going to be written is written into the manifest.
3. The DID document comes before the lists that its newest key signed. A key that was compromised is
   revoked only when no list needs it any more.
4. Status lists come before credentials, whose documents come before their pages.
5. Other files are removed last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, RegisterError
from testamur.publish import headers, lists, shared
from testamur.publish.copies import Copies
from testamur.publish.folder import Folder, digest
from testamur.publish.following import Following
from testamur.publish.job import SITE, Job, owner_of, read_manifest
from testamur.publish.lists import Entry
from testamur.publish.people import Look, People
from testamur.publish.progress import Progress
from testamur.publish.shared import File, Shared
from testamur.publish.site import PAGES, Places
from testamur.register import AchievementVersion, IssuerRecord, KeyRecord, ListRecord
from testamur.status import BitString

__all__ = ["Published", "Run"]


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

    written: tuple[str, ...] = field(repr=False)
    removed: tuple[str, ...] = field(repr=False)
    lists: int
    pages: int
    elsewhere: tuple[str, ...]
    late: tuple[str, ...]
    without_document: tuple[str, ...]
    are_without_png: bool
    due: datetime | None


class Run:
    """One run.

    Args:
        job: what is to be done.
        folder: open.
        now: the clock, aware.
        look: what is looked at at least.

    Attributes:
        head: sequence number and hash of the entry of the trail up to which the folder has
            followed, when the run is at its end.
    """

    def __init__(self, job: Job, folder: Folder, *, now: datetime, look: Look) -> None:
        self._register = job.register
        self._signer = job.signer
        self._schedule = job.schedule
        self._pictures = job.pictures
        self._site = job.site
        self._folder = folder
        self._now = now.replace(microsecond=0)
        self._issuer = self._require_issuer(job.issuer)
        self._keys = {
            each.verification_method: each for each in self._register.keys.of(self._issuer.id)
        }
        self._compromised = {
            name for name, each in self._keys.items() if each.compromised_at is not None
        }
        self._owner = owner_of(job)
        self._manifest = read_manifest(job, folder)
        self._files = dict(_object(self._manifest, "files"))
        self._progress = Progress.from_json(self._manifest.get("pages"))
        self._following = Following(
            self._register,
            self._issuer,
            self._site,
            folder,
            before=self._progress,
            now=self._now,
            look=look,
        )
        self._elsewhere: list[str] = []
        self._late: list[str] = []
        self.head: tuple[int, bytes] | None = None

    def publish(self) -> Published:
        """Bring the folder up to date; see `Publisher.publish`."""
        # 1. What the pages are to say, then the lists.
        people = People(
            self._register,
            self._issuer,
            self._site,
            self._folder,
            now=self._now,
        )
        copies = Copies(self._register, self._issuer.id, self._site, self._folder)
        self._following.look(people, copies)
        self._elsewhere += sorted(copies.elsewhere)
        records = self._lists_of_the_site()
        places = Places()
        for path in records:
            places.take(path)
        entries, due = self._look_at_lists(records)
        people.remove_old()
        copies.remove_old()
        signed = self._sign_lists(due, entries)
        makes = Shared(self._site, self._issuer, tuple(self._keys.values()), places)
        first, last = self._did_documents(makes, signed)
        list_files = [
            File(path, signed.get(path, b""), record.url, headers.VC)
            for path, record in records.items()
        ]
        # 2. to 4., what others verify with first: drawing pictures may take a while.
        urgent = [
            *first,
            *(each for each in list_files if each.path in signed),
            *last,
            makes.key_set(),
        ]
        self._write(urgent, entries)
        others = list(makes.others(self._versions(), self._pictures))
        others += (empty for each in sorted(copies.folders) for empty in makes.nothing_in(each))
        others += self._headers(urgent, list_files, others, copies.folders)
        self._write(others, entries)
        files = {each.path: each for each in [*urgent, *list_files, *others]}
        self._folder.write_beside("index.json", shared.index_of(files.values()))
        if people.found.to_write or people.found.old or copies.is_busy:
            self._progress = None  # a run that is killed now is followed by one that looks at all
            self._write_manifest(entries)
        copies.write()
        people.write(self._pictures)
        # 5.
        for path in sorted(set(self._files) - set(files)):
            self._folder.remove(path)
            del self._files[path]
        people.remove_old()
        copies.remove_old()
        self._progress = self._following.progress(people, copies)
        self._write_manifest(entries)
        self.head = (self._progress.sequence, bytes.fromhex(self._progress.hash))
        return Published(
            written=tuple(self._folder.written),
            removed=tuple(self._folder.removed),
            lists=len(records),
            pages=people.found.pages,
            elsewhere=tuple(self._elsewhere),
            late=tuple(self._late),
            without_document=self._progress.without_document,
            are_without_png=self._pictures.are_without_png,
            due=self._next(entries.values(), people.found.next_end),
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

    def _look_at_lists(
        self, records: dict[str, ListRecord]
    ) -> tuple[dict[str, Entry], dict[str, tuple[ListRecord, BitString]]]:
        """Return what the manifest says of lists that stay, and those that are due with their bits.

        Raises:
            RegisterError: one of them would go back.
        """
        said, files = _object(self._manifest, "lists"), _object(self._manifest, "files")
        entries: dict[str, Entry] = {}
        due: dict[str, tuple[ListRecord, BitString]] = {}
        for path, record in records.items():
            entry, content = Entry.from_json(said.get(path)), self._folder.read(path)
            lists.require_known(record, entry)  # also where it is not due: changes may be as many
            is_there = content is not None and digest(content) == files.get(path)
            if entry is not None and self._now > entry.signed + self._schedule.valid_for / 2:
                self._late.append(record.url)
            if entry is None or not is_there or self._is_due(record, entry):
                bits = self._register.lists.bits(record)
                published = lists.published_bits(content, record, self._keys)
                lists.require_no_return(record, bits, published)
                due[path] = record, bits
            else:
                entries[path] = entry
        return entries, due

    def _sign_lists(
        self, due: dict[str, tuple[ListRecord, BitString]], entries: dict[str, Entry]
    ) -> dict[str, bytes]:
        """Sign the lists that are due, and write down what the manifest is to say of them."""
        key = self._require_key()
        signed: dict[str, bytes] = {}
        for path, (record, bits) in due.items():
            signed[path], entries[path] = lists.sign_list(
                record,
                bits,
                signer=self._signer,
                public_key=lists.public_key_of(key),
                schedule=self._schedule,
                now=self._now,
            )
            self._register.lists.note_publication(record)
        return signed

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
        self,
        urgent: list[File],
        list_files: list[File],
        others: list[File],
        copies: Iterable[str],
    ) -> list[File]:
        """Return the file of headers, and write the one for programs beside the public folder."""
        did = next((each.path for each in urgent if each.content_type == headers.DID), None)
        rules = headers.header_rules(
            self._schedule,
            did=did,
            keys=urgent[-1].path,
            lists=[each.path for each in list_files],
            others=[each.path for each in others if each.content_type == headers.JSON_LD],
            copies=copies,
        )
        self._folder.write_beside("headers.json", headers.as_json(rules))
        return [File("_headers", headers.as_text(rules), None, "text/plain")]

    def _write(self, files: list[File], entries: dict[str, Entry]) -> None:
        """Write files in their order, where they are not so already; the manifest comes first."""
        self._files |= {each.path: digest(each.content) for each in files}
        self._write_manifest(entries)
        for parent in sorted({each.path.rpartition("/")[0] for each in files} - {PAGES}):
            self._folder.tidy(parent)
        for each in files:
            if self._folder.read(each.path) != each.content:
                self._folder.write(each.path, each.content)

    def _write_manifest(self, entries: dict[str, Entry]) -> None:
        lists_said: JsonObject = {path: each.to_json() for path, each in sorted(entries.items())}
        files: JsonObject = dict(sorted(self._files.items()))
        said: JsonObject = {**self._owner, "lists": lists_said, "files": files}
        if self._progress is not None:
            said["pages"] = self._progress.to_json()
        if said != self._manifest:
            self._folder.write_part(SITE, said)
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

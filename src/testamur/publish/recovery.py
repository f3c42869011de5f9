"""After a restored backup: what the published lists say, and the register has forgotten."""

from __future__ import annotations

from sqlalchemy import select

from testamur.canon.strict_json import JsonObject
from testamur.errors import RegisterError
from testamur.publish import lists
from testamur.publish.folder import Folder
from testamur.publish.following import is_of_this_history
from testamur.publish.job import SITE, Job
from testamur.publish.lists import Entry
from testamur.publish.people import page_parts
from testamur.publish.personal import folder_of
from testamur.publish.progress import Progress
from testamur.register import Action, ListRecord
from testamur.register.schema import credentials, status_changes, status_entries, status_lists
from testamur.register.statuses import change_status
from testamur.register.writing import Writing

__all__ = ["recover"]

_ACTIONS = {"revocation": Action.REVOKE, "suspension": Action.SUSPEND}


def recover(job: Job, folder: Folder, manifest: JsonObject, *, reason: str, who: str | None) -> int:
    """Record what the published lists say; see `Publisher.recover`."""
    register, issuer, site = job.register, job.issuer, job.site
    if not reason.strip():
        raise RegisterError("say why the published lists are taken over", path="reason")
    keys = {each.verification_method: each for each in register.keys.of(issuer)}
    said = manifest.get("lists")
    entries = said if isinstance(said, dict) else {}
    taken = 0
    for record in register.lists.of(issuer):
        path = site.path(record.url)
        if path is None:
            continue
        published = lists.published_bits(folder.read(path), record, keys)
        entry = Entry.from_json(entries.get(path))
        missing = [] if published is None else published.missing_in(register.lists.bits(record))
        with register.writing() as writing:
            for place in missing:
                _take_over(writing, record, place, reason=reason, who=who)
            _catch_up(writing, record, entry, len(missing), who=who)
        taken += len(missing)
    _take_back(job, folder, manifest, who=who)
    if register.lists.series(issuer) is not None:
        register.lists.begin_anew(issuer, reason=reason, who=who)
    folder.write_part(SITE, {name: value for name, value in manifest.items() if name != "pages"})
    return taken


def _take_back(job: Job, folder: Folder, manifest: JsonObject, *, who: str | None) -> None:
    """Take back the agreements whose pages the last run, of a later day, had no more.

    Their learners agreed before the backup and took that back since, or were erased; the register
    forgot it, and their pages would come back at their old addresses.
    """
    before = Progress.from_json(manifest.get("pages"))
    if before is None or is_of_this_history(job.register, before):
        return
    published = {page for name in page_parts(folder) for page in folder.part(name)}
    gone = [
        each.record.id
        for each in job.register.publications.of(job.issuer)
        if each.publication is not None
        and folder_of(each.publication) not in published
        and each.record.id not in before.without_document
    ]
    for identifier in gone:
        job.register.publications.take_back(identifier, who=who)


def _take_over(
    writing: Writing, record: ListRecord, place: int, *, reason: str, who: str | None
) -> None:
    """Record a bit: as a withdrawal of the credential whose it is, or as one that nobody knows."""
    query = (
        select(credentials.c.uri)
        .join(status_entries, status_entries.c.credential_id == credentials.c.id)
        .where(status_entries.c.list_id == record.number, status_entries.c.place == place)
    )
    identifier = writing.connection.execute(query).scalar_one_or_none()
    if identifier is not None:
        try:
            change_status(writing, identifier, _ACTIONS[record.purpose], reason=reason, who=who)
        except RegisterError:
            # Not issued, by what the register knows, or revoked and suspended: the bit counts.
            identifier = None
        else:
            return
    writing.connection.execute(
        status_changes.insert().values(
            list_id=record.number,
            place=place,
            value=1,
            action="decoy",
            credential_id=None,
            at=writing.now,
            actor=who if who is not None else writing.actor,
            reason=None,
        )
    )


def _catch_up(
    writing: Writing, record: ListRecord, entry: Entry | None, places: int, *, who: str | None
) -> None:
    """Count publications on from where the folder is."""
    sequence = record.sequence if entry is None else max(record.sequence, entry.sequence)
    if places or sequence != record.sequence:
        writing.connection.execute(
            status_lists.update()
            .where(status_lists.c.id == record.number)
            .values(sequence=sequence)
        )
        facts: JsonObject = {"sequence": sequence, "places": places}
        writing.record("list.recovered", record.url, facts, who=who)

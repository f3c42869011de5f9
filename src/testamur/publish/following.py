"""What a run looks at: what happened since the last one, or everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from testamur.errors import Code, RegisterError
from testamur.publish.copies import Copies
from testamur.publish.folder import Folder
from testamur.publish.pages import TEMPLATE_VERSION
from testamur.publish.people import Look, People
from testamur.publish.progress import LOOK_OVER_AFTER, Progress
from testamur.publish.site import PAGES, Site
from testamur.register import IssuerRecord, Register

__all__ = ["Following", "is_of_this_history"]


class Following:
    """Follows the trail of a register, as far as it goes when this is made.

    A run goes on from where the last one ended. It looks at everything where there is no such
    place: in a new folder, behind a run that was killed, after a backup was taken over, where all
    pages are made of something else, where somebody put a page's folder there or took one away,
    where the clock went back; and else once a day.

    Args:
        register: the issuer's book.
        issuer: whose pages.
        site: what the folder stands for.
        folder: open.
        before: what the last run left in the manifest.
        now: the clock, aware.
        look: what is looked at at least.

    Raises:
        RegisterError: REGISTER_CONFLICT: the trail has another history than the folder.
    """

    def __init__(
        self,
        register: Register,
        issuer: IssuerRecord,
        site: Site,
        folder: Folder,
        *,
        before: Progress | None,
        now: datetime,
        look: Look,
    ) -> None:
        self._register = register
        self._folder = folder
        self._now = now
        self._head = register.trail.head()
        self._made_of = _made_of(issuer, site)
        self._last = before
        if before is not None and not is_of_this_history(register, before):
            raise RegisterError(
                f"the folder was published from a later day of the register, with "
                f"{before.sequence} entries in its trail: pages that were taken down since would "
                "come back. Put back a newer backup, or take over what is published, with "
                "`testamur publish --after-restore`",
                code=Code.REGISTER_CONFLICT,
            )
        goes_on = look is Look.AT_CHANGES and before is not None and self._goes_on_from(before)
        self._before = before if goes_on else None

    def look(self, people: People, copies: Copies) -> None:
        """Look at what has to be looked at."""
        before = self._before
        if before is None:
            people.look_at_everything()
            copies.look_at_everything(self._last)
            return
        of_pages, of_copies = self._changed(before.sequence)
        people.look_at_changes(of_pages, before)
        copies.look_at_changes(of_copies, before)

    def progress(self, people: People, copies: Copies) -> Progress:
        """Return how far the folder has followed, when the run is at its end."""
        found, before = people.found, self._before
        sequence, digest = self._register.trail.head()
        if any(self._changed(self._head[0])):  # while this run was at work
            sequence, digest = self._head
        made = Progress(
            sequence=sequence,
            hash=digest.hex(),
            made_of=self._made_of,
            changed=self._folder.changed(PAGES),
            at=self._now,
            looked_over=self._now if before is None else before.looked_over,
            next_end=found.next_end,
            pages=found.pages,
            without_document=tuple(sorted(found.without_document)),
            copies=tuple(sorted(copies.folders)),
            copies_elsewhere=tuple(sorted(copies.elsewhere)),
        )
        # Where nothing is new, nothing is written.
        return before if before is not None and replace(made, at=before.at) == before else made

    def _changed(self, after: int) -> tuple[list[str], list[str]]:
        """Return the ids of which something was recorded, for pages and for copies."""
        register = self._register
        if register.trail.head()[0] == after:
            return [], []
        return register.publications.changed(after), register.refreshes.changed(after)

    def _goes_on_from(self, before: Progress) -> bool:
        return (
            before.made_of == self._made_of
            and before.at <= self._now < before.looked_over + LOOK_OVER_AFTER
            and before.changed == self._folder.changed(PAGES)
        )


def is_of_this_history(register: Register, before: Progress) -> bool:
    """Whether the trail of a register holds the entry up to which a folder has followed it.

    It does not where a backup of an earlier day was restored: what became of pages and copies
    since is in the folder, and not in the register.
    """
    found = register.trail.read(after=before.sequence - 1, limit=1)
    said = [(each.sequence, each.hash.hex()) for each in found]
    return said == [(before.sequence, before.hash)] or before.sequence == 0


def _made_of(issuer: IssuerRecord, site: Site) -> str:
    """Return a fingerprint of what all pages have in common."""
    parts = (str(TEMPLATE_VERSION), str(issuer.profile.get("name") or issuer.id), site.base_url)
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""What `testamur check` and `testamur compare` look at: the micro-credentials in files and folders.

A folder often holds the same credential in several carriers, and files that are none. Each is taken
once, and what is no micro-credential is passed over there; a file that is named has to be one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from testamur._frozen import dataclass
from testamur.carry.presentation import credentials_in
from testamur.cli.files import STANDARD_INPUT
from testamur.cli.sources import Item, Sources
from testamur.cli.terminal import print_error, print_note
from testamur.completeness import Profile, named_profile, parse_profile
from testamur.completeness.profile import Looks
from testamur.completeness.profile_files import PROFILES
from testamur.completeness.reading import is_credential, is_description
from testamur.errors import ConfigurationError, InputError, SigningKeyError, TestamurError
from testamur.loading import load, load_embedded, read_file
from testamur.secured import Secured

__all__ = ["MicroCredentials", "Source", "choose_profile"]


@dataclass(frozen=True, slots=True)
class Source:
    """One micro-credential. `place`: where it is from."""

    place: str
    secured: Secured


def choose_profile(name: str) -> Profile:
    """Return the profile that ships under this name, or the one in a file.

    Raises:
        ConfigurationError: there is neither, or the file cannot be used.
    """
    if name in PROFILES or not (os.sep in name or "." in name or Path(name).is_file()):
        return named_profile(name)
    try:
        return parse_profile(read_file(name))
    except ConfigurationError as error:
        raise ConfigurationError(f"{name}: {error.message}", path=error.path) from error


class MicroCredentials:
    """The micro-credentials that sources name, each once; what cannot be used is said and counted.

    Args:
        sources: names of files or folders, `-`.
        profile: what is expected of them; one that looks at the credential itself counts each way
            of securing it on its own.

    Attributes:
        unusable: how many were named and cannot be used.
        passed_over: files in folders that hold no micro-credential.
    """

    def __init__(self, sources: Sequence[str], profile: Profile) -> None:
        self._sources = sources
        self._looks_at_credential = profile.looks_at is Looks.CREDENTIAL
        self._seen: set[tuple[str, str]] = set()
        self.unusable = 0
        self.passed_over = 0

    def __iter__(self) -> Iterator[Source]:
        for source in self._sources:
            if "://" in source:
                raise ConfigurationError(
                    f"{source[:200]} is a URL, and nothing is fetched here; save the file and name "
                    "it"
                )
            in_folder = source != STANDARD_INPUT and Path(source).is_dir()
            walk = Sources([source], lines=False)
            for item in walk:
                yield from self._new(item, in_folder=in_folder)
            self.passed_over += walk.passed_over

    def unusable_one(self, place: str, error: TestamurError) -> None:
        """Say that a micro-credential cannot be used, and count it."""
        self.unusable += 1
        message = error.message
        print_error(message if message.startswith(place) else f"{place}: {message}")

    def note_passed_over(self) -> None:
        """Say how many files were passed over, if any were."""
        if self.passed_over:
            files = "file was" if self.passed_over == 1 else "files were"
            print_note(f"{self.passed_over} {files} passed over: no micro-credential in it.")

    def _new(self, item: Item, *, in_folder: bool) -> Iterator[Source]:
        """Yield what an item holds and no earlier one held."""
        try:
            found = list(_members(item))
        except (InputError, SigningKeyError) as error:  # of a seal's certificates, the latter
            if in_folder:
                self.passed_over += 1
            else:
                self.unusable_one(item.place, error)
            return
        wanted = [each for each in found if not in_folder or _is_one(each)]
        self.passed_over += not wanted
        for each in wanted:
            key = _key(each, by_securing=self._looks_at_credential)
            if key is None or key not in self._seen:
                yield Source(item.place, each)
            if key is not None:
                self._seen.add(key)


def _members(item: Item) -> Iterator[Secured]:
    """Take what an item holds apart: one, or those in a presentation."""
    if item.fault is not None:
        raise InputError(item.fault)
    secured = load(Path(item.place) if item.content is None else item.content)
    if not secured.is_presentation:
        yield secured
        return
    for value in credentials_in(secured):
        yield load_embedded(value)


def _is_one(secured: Secured) -> bool:
    return is_credential(secured) or is_description(secured)


def _key(secured: Secured, *, by_securing: bool) -> tuple[str, str] | None:
    """Return what tells a credential from others; None where nothing does."""
    identifier = secured.document.get("id")
    if not isinstance(identifier, str):
        return None
    kind = "description" if is_description(secured) else "credential"
    return identifier, secured.securing.value if by_securing else kind

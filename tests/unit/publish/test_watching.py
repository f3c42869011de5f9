"""The watch publishes what happens, and outlives errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from testamur.errors import ConfigurationError, TestamurError
from testamur.publish import Published, Schedule, watch
from testamur.verification import Verdict
from unit.publish.scenes import DID, College


def looks(*happenings: Callable[[], object]) -> Callable[[], bool]:
    """Return a wait in which something happens each time, until nothing does."""
    rest: Iterator[Callable[[], object]] = iter(happenings)

    def wait() -> bool:
        happening = next(rest, None)
        if happening is not None:
            happening()
        return happening is not None

    return wait


def nothing() -> None:
    """Let time pass."""


def written(outcomes: list[Published | TestamurError]) -> list[int]:
    return [len(each.written) for each in outcomes if isinstance(each, Published)]


def test_change_is_published_at_the_next_look_and_nothing_is_said_of_the_others(
    college: College,
) -> None:
    badge = college.issue()

    def revoke() -> None:
        college.register.credentials.revoke(badge.id, reason="mistaken")

    outcomes = list(watch(college.publisher(), looks(nothing, nothing, revoke, nothing, nothing)))
    assert written(outcomes)[1:] == [1]
    assert college.examine(badge.content).verdict is Verdict.REVOKED


def test_lists_are_renewed_in_time_though_nothing_happens(college: College) -> None:
    college.issue()
    hours = [lambda: college.advance(hours=6)] * 8
    outcomes = list(watch(college.publisher(schedule=Schedule()), looks(*hours)))
    assert written(outcomes)[1:] == [2, 2]


def test_error_is_told_and_the_next_look_tries_again(college: College) -> None:
    badge = college.issue()
    college.publish()
    manifest = college.web / "manifest/site.json"
    kept = manifest.read_bytes()

    def damage() -> None:
        college.register.credentials.revoke(badge.id, reason="mistaken")
        manifest.write_bytes(b"{")

    outcomes = list(
        watch(college.publisher(), looks(damage, nothing, lambda: manifest.write_bytes(kept)))
    )
    assert [type(each) for each in outcomes] == [
        Published,
        ConfigurationError,
        ConfigurationError,
        Published,
    ]
    assert college.examine(badge.content).verdict is Verdict.REVOKED


def test_key_that_is_retired_ends_the_publishing_but_not_the_watch(college: College) -> None:
    method = f"{DID}#key-1"

    def retire() -> None:
        college.advance(days=2)
        college.register.keys.retire(method)

    outcomes = list(watch(college.publisher(), looks(retire, nothing)))
    assert isinstance(outcomes[0], Published)
    assert all("is retired since" in str(each) for each in outcomes[1:])
    assert len(outcomes) == 3

"""Watching the register: what is recorded is published, and lists are signed anew in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from testamur.errors import TestamurError
from testamur.publish.publisher import Publisher
from testamur.publish.run import Published

__all__ = ["Wait", "watch"]

Wait = Callable[[], bool]
"""Waits until it is time to look again; says whether to: False ends the watch.

`lambda: not stopped.wait(60)` with a `threading.Event` does, which a signal handler may set.
"""


def watch(publisher: Publisher, wait: Wait) -> Iterator[Published | TestamurError]:
    """Publish now, and again whenever there is something to publish, until `wait` says no.

    An error is no end: it is yielded, for the log, and the next look tries again. What was
    published stays as it was meanwhile, and status lists outlive an outage.

    Args:
        publisher: publishes.
        wait: called between two looks.

    Yields:
        What each run did, where it did anything, or the error in its way.
    """
    is_first = True
    while True:
        try:
            published = publisher.publish() if publisher.is_due() else None
        except TestamurError as error:
            yield error
        else:
            did = published is not None and (published.written or published.removed)
            if published is not None and (did or is_first):
                yield published
            is_first = False
        if not wait():
            return

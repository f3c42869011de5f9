"""Press: prints one learner's credential after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from testamur.batch.award import Award
from testamur.batch.derived import row_secrets
from testamur.batch.learner import Learner
from testamur.batch.status_lists import StatusPlace
from testamur.batch.strings import Shape, own_paths, own_strings
from testamur.batch.template import CredentialTemplate, Plan
from testamur.canon import fast_path
from testamur.canon.contexts import Contexts
from testamur.canon.marks import find
from testamur.errors import ModelError
from testamur.issuing import Mechanism, issue
from testamur.keys.protocols import Signer
from testamur.loading import load
from testamur.secured import Secured

__all__ = ["Issued", "Press"]

_TEMPLATES = 64


@dataclass(frozen=True, slots=True)
class Issued:
    """A credential that was issued, light enough to go from one process to another.

    Attributes:
        position: of the row in its roster, from 0.
        key: what the caller calls the row.
        id: the credential's id.
        places: where its status will be published.
        content: the exact bytes: UTF-8 JSON on one line, or the compact JWS in ASCII.
        mechanism: how it is secured.
    """

    position: int
    key: str | None
    id: str
    places: tuple[StatusPlace, ...]
    content: bytes
    mechanism: Mechanism

    def __reduce__(self) -> tuple[type[Issued], tuple[object, ...]]:
        # The default looks up the fields of every one that goes from a process to another.
        values = (self.position, self.key, self.id, self.places, self.content, self.mechanism)
        return Issued, values

    @property
    def secured(self) -> Secured:
        """The credential with what secures it."""
        return load(self.content)


class _Row(NamedTuple):
    """A learner's own strings, as far as a template needs them; `number` among the learners."""

    number: int
    id: str
    places: tuple[StatusPlace, ...]
    slots: tuple[str, ...]


class Press:
    """Issues an award to one learner after the other; the same row gives the same bytes.

    Args:
        award: what is the same for all.
        signer: holds a key of the award's issuer.
        now: the clock, aware; each proof's `created`.
        mechanism: how the credentials are secured.
    """

    def __init__(
        self, award: Award, signer: Signer, *, now: datetime, mechanism: Mechanism
    ) -> None:
        self._award = award
        self._signer = signer
        self._now = now
        self._mechanism = mechanism
        self._contexts = Contexts.bundled()
        self._lock = Lock()
        self._plans: dict[Shape, Plan] = {}
        self._templates: dict[tuple[Shape, tuple[str, ...]], CredentialTemplate | None] = {}

    def issue(self, learner: Learner, position: int) -> Issued:
        """Issue the award to a learner.

        Args:
            learner: the row.
            position: of the row in its roster, from 0.

        Raises:
            ModelError: what the learner has breaks the standard.
            CanonicalizationError, ConfigurationError, SigningKeyError: as `testamur.issue`.
        """
        (printed,) = self.print_all([learner], position)
        if printed is not None:
            return printed
        credential = self._award.credential(learner, position)
        secured = issue(credential, signer=self._signer, now=self._now, mechanism=self._mechanism)
        if fast_path.enabled():
            self._keep_template(learner, position, secured)
        places = self._award.places(position)
        identifier = row_secrets(self._award.secret, position).id
        return Issued(position, learner.key, identifier, places, secured.content, self._mechanism)

    def print_all(self, learners: Sequence[Learner], first: int) -> list[Issued | None]:
        """Issue to those who are like one who was issued to before; None for the others.

        Whoever is not printed is to be issued to by `issue`, which says what is wrong, if anything.
        Of learners who are alike all are printed, or none.

        Args:
            learners: rows that stand one behind the other.
            first: position of the first in its roster, from 0.

        Raises:
            SigningKeyError: the key cannot sign.
        """
        printed: list[Issued | None] = [None] * len(learners)
        if not self._templates or not fast_path.enabled():
            return printed
        for template, rows in self._alike(learners, first):
            columns = list(zip(*[row.slots for row in rows], strict=True))
            contents = template.print(columns, self._signer)
            for row, content in zip(rows, contents or (), strict=False):
                key, position = learners[row.number].key, first + row.number
                printed[row.number] = Issued(
                    position, key, row.id, row.places, content, self._mechanism
                )
        return printed

    def _alike(
        self, learners: Sequence[Learner], first: int
    ) -> Iterator[tuple[CredentialTemplate, list[_Row]]]:
        """Yield each template, and the rows that it is for."""
        groups: dict[tuple[Shape, tuple[str, ...]], list[_Row]] = {}
        secret = self._award.secret
        for number, learner in enumerate(learners):
            secrets, places = (
                row_secrets(secret, first + number),
                self._award.places(first + number),
            )
            try:
                shape, strings = own_strings(learner, secrets, places)
            except ModelError:  # `issue` will say it
                continue
            plan = self._plans.get(shape)
            if plan is not None:
                row = _Row(number, secrets.id, places, plan.pick_slots(strings))
                groups.setdefault((shape, plan.pick_others(strings)), []).append(row)
        for key, rows in groups.items():
            template = self._templates.get(key)
            if template is not None:
                yield template, rows

    def _keep_template(self, learner: Learner, position: int, secured: Secured) -> None:
        """Make a template of a credential that was issued, if there is none for its like."""
        places = self._award.places(position)
        row = row_secrets(self._award.secret, position)
        shape, strings = own_strings(learner, row, places)
        plan = self._plans.get(shape)
        if plan is None:
            paths = own_paths(learner, places)
            if [find(secured.document, path) for path in paths] != strings:
                raise AssertionError("own_strings and own_paths list different strings")
            plan = Plan(paths, secured.document, self._mechanism)
            with self._lock:
                self._plans[shape] = plan
        key = (shape, plan.pick_others(strings))
        if key in self._templates:
            return
        template = CredentialTemplate.of(
            secured, plan, mechanism=self._mechanism, contexts=self._contexts
        )
        if template is not None:
            again = template.print([[each] for each in plan.pick_slots(strings)], self._signer)
            template = template if again == [secured.content] else None
        with self._lock:
            self._templates[key] = template
            while len(self._templates) > _TEMPLATES:
                del self._templates[next(iter(self._templates))]
            while len(self._plans) > _TEMPLATES:
                del self._plans[next(iter(self._plans))]

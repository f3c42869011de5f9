"""Mutated documents by number: the same seed, number and sources give the same document."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random

from differential import vocabulary
from differential.corpus import LISTS, SourceDocument
from differential.mutations import GENTLE, ROUGH
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject, dumps, parse_object
from testamur.errors import ParseError

__all__ = ["Case", "CaseMaker"]

_NAMES = ("credential", "credential", "proof")


@dataclass(frozen=True, slots=True)
class Case:
    """A document to canonicalize.

    Attributes:
        number: its number under the seed. source: the name of the document it was made from.
        changes: the names of the mutations, in order.
        text: the JSON text, in ASCII where it holds halves of surrogate pairs.
        document: the text parsed: strictly, or with `json` where `strict` is false.
        strict: whether the numbers remember how they were written.
        list_name: the name of the allow-list. name: what the document is called in messages.
    """

    number: int
    source: str
    changes: tuple[str, ...]
    text: str
    document: JsonObject
    strict: bool
    list_name: str
    name: str

    def parse(self) -> JsonObject:
        """Parse the text again, as the document was."""
        if self.strict:
            return parse_object(self.text)
        plain: JsonObject = json.loads(self.text)
        return plain

    @property
    def contexts(self) -> Contexts:
        """The allow-list."""
        return LISTS[self.list_name]


class CaseMaker:
    """Makes the cases of a seed."""

    def __init__(self, seed: int, sources: Sequence[SourceDocument]) -> None:
        self._seed = seed
        self._families = _families(sources)

    def case(self, number: int) -> Case:
        """Return the case of a number, independent of all others."""
        random = Random(f"{self._seed}:{number}")
        (family,) = random.choices(
            list(self._families), [_WEIGHTS[name] for name in self._families]
        )
        source = random.choice(self._families[family])
        document: JsonObject = deepcopy(source.document)
        changes = _mutate(random, document)
        text = dumps(document, ascii_only=random.random() < 0.5)
        if _SURROGATE.search(text):
            text = dumps(document, ascii_only=True)
        strict, parsed = _parse(text, prefer_strict=random.random() < 0.85)
        list_name = random.choices(source.lists, [5, 1, 1, 1][: len(source.lists)])[0]
        return Case(
            number=number,
            source=source.name,
            changes=changes,
            text=text,
            document=parsed,
            strict=strict,
            list_name=list_name,
            name=random.choice(_NAMES),
        )


_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGE = 40_000  # characters: copies of copies would take most of the time
_WEIGHTS = {"own": 55, "published credentials": 33, "published JSON-LD": 12}


def _families(sources: Sequence[SourceDocument]) -> dict[str, list[SourceDocument]]:
    families: dict[str, list[SourceDocument]] = {}
    for source in sources:
        if "json-ld-toRdf" in source.name:
            family = "published JSON-LD"
        else:
            family = "published credentials" if "/" in source.name else "own"
        families.setdefault(family, []).append(source)
    return families


def _mutate(random: Random, document: JsonObject) -> tuple[str, ...]:
    """Change a document: most by little, so that what is refused is refused for one reason."""
    (count,) = random.choices((0, 1, 2, 3, 4, 6, 10), (4, 30, 24, 16, 12, 9, 5))
    rough_share = random.choice((0.0, 0.0, 0.0, 0.15, 0.5, 1.0))
    changes = []
    for _ in range(count):
        if len(repr(document)) > _LARGE:
            break
        change = random.choice(ROUGH if random.random() < rough_share else GENTLE)
        change(random, document)
        changes.append(change.__name__)
    if random.random() < 0.003:
        document["name"] = random.choice(vocabulary.LONE_SURROGATES)
        changes.append("lone surrogate")
    return tuple(changes)


def _parse(text: str, *, prefer_strict: bool) -> tuple[bool, JsonObject]:
    """Return how the text was parsed, and the document.

    What the strict parser refuses, as halves of surrogate pairs, comes out of `json`: such values
    can be handed in by a program.
    """
    if prefer_strict:
        try:
            return True, parse_object(text)
        except ParseError:
            pass
    plain: JsonObject = json.loads(text)
    return False, plain

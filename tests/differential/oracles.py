"""Other people's processors: a document in, its canonical N-Quads or a refusal out.

Both take the document itself and make their own dataset of it, so that an error in expansion which
ours shares with pyld shows as well.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import pyoxigraph

from differential.cases import Case
from differential.corpus import LISTS
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonValue, dumps

__all__ = ["PACKAGES", "Answer", "JsonLdJs", "Oracle", "Pyoxigraph", "install"]

PACKAGES = {"jsonld": "9.0.0", "rdf-canonize": "5.0.0"}
_PROGRAM = Path(__file__).with_name("jsonld_canonize.mjs")
_INSTALL_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What a processor says of a document.

    Attributes:
        canonical: the canonical N-Quads; None where it refuses or hands over.
        refusal: why it refuses, short enough to be counted; "" where it does not.
        details: all else of a refusal that two paths of ours must have in common.
    """

    canonical: bytes | None = None
    refusal: str = ""
    details: object = None


class Oracle(Protocol):
    """Another processor."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def is_safe(self) -> bool:
        """Whether it refuses to lose data, so that its refusals can be compared."""

    def ask(self, case: Case, *, taken: bool = True) -> Answer:
        """Return what it makes of a case; `taken` tells whether the general path takes it."""


class Pyoxigraph:
    """pyoxigraph: JSON-LD and RDFC-1.0 in Rust. It loads nothing, so contexts are put in place."""

    name = "pyoxigraph"
    is_safe = False

    def ask(self, case: Case, *, taken: bool = True) -> Answer:  # noqa: ARG002
        """Return what it makes of a case; its work has no bound."""
        try:
            text = dumps(_with_contexts_in_place(case.document, case.contexts), ascii_only=True)
            quads = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD)
            return Answer(_canonical_form(pyoxigraph.Dataset(quads)))
        except (SyntaxError, ValueError) as error:
            return Answer(refusal=_without_details(str(error)))


def _canonical_form(dataset: pyoxigraph.Dataset) -> bytes:
    """Canonicalize a dataset in place, and return its N-Quads in order."""
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode("utf-8")


def _with_contexts_in_place(value: JsonValue, contexts: Contexts) -> JsonValue:
    if isinstance(value, dict):
        return {
            name: _in_place(each, contexts)
            if name == "@context"
            else _with_contexts_in_place(each, contexts)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_with_contexts_in_place(each, contexts) for each in value]
    return value


def _in_place(context: JsonValue, contexts: Contexts) -> JsonValue:
    found: list[JsonValue] = []
    for each in context if isinstance(context, list) else [context]:
        inside = contexts.document(each)["@context"] if isinstance(each, str) else each
        found += inside if isinstance(inside, list) else [inside]
    return found


def _without_details(message: str) -> str:
    """The beginning of a message, which is the same for all of its kind."""
    for end in (" at line", "protected term ", ":", "'", '"', "`", "<"):
        message = message.partition(end)[0]
    return message.strip()[:60]


class JsonLdJs:
    """jsonld.js with rdf-canonize, in safe mode, in a Node process that is kept running."""

    name = "jsonld.js"
    is_safe = True

    def __init__(self, folder: Path) -> None:
        """Start it in a folder that `install` has filled."""
        self._process = subprocess.Popen(
            ["node", _PROGRAM.name], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._send(
            {
                name: {url: contexts.document(url) for url in sorted(contexts.urls)}
                for name, contexts in LISTS.items()
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def ask(self, case: Case, *, taken: bool = True) -> Answer:
        """Return what it makes of a case; with little work where it was not taken."""
        self._send(
            {
                "list": case.list_name,
                "document": case.document,
                "maxWorkFactor": 3 if taken else 1,
            }
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "Node has ended"
        found: dict[str, str] = json.loads(line)
        if "canonical" in found:
            return Answer(found["canonical"].encode("utf-8", "surrogatepass"))
        return Answer(refusal=re.sub(r"( in the list:| exceeded).*", r"\1", found["error"])[:100])

    def _send(self, value: Any) -> None:
        assert self._process.stdin is not None
        # In ASCII: Node ends a line at U+2028 too.
        self._process.stdin.write(dumps(value, ascii_only=True).encode("ascii") + b"\n")
        self._process.stdin.flush()


def install(folder: Path) -> str | None:
    """Fill an empty folder with the packages and the program for Node; npm fetches them.

    Returns:
        Why that cannot be done, or None.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "Node.js is not installed"
    package = {"private": True, "type": "module", "dependencies": PACKAGES}
    (folder / "package.json").write_text(json.dumps(package), "utf-8")
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False
    )
    if done.returncode:
        return f"npm cannot install the packages: {done.stderr[-500:]}"
    shutil.copy(_PROGRAM, folder)
    return None

"""Published SHACL shapes, asked of a credential: `pip install "testamur[shacl]"`.

The shapes are files that the caller has; none ship with the package and nothing is fetched. A file
names those it builds upon (`owl:imports`): they are looked for among the given files alone. Shapes
that hold queries or scripts of their own are refused, since those may reach for the network.

The credential becomes a graph in the same way as for a proof: by the contexts of the allow-list,
and refused where a member would be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testamur._frozen import dataclass
from testamur.canon.contexts import Contexts
from testamur.canon.rdfc10 import canonicalize
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import CanonicalizationError, Code, ConfigurationError, ParseError
from testamur.model.elm.credential import EDC_CONTEXT, EuropeanDigitalCredential

if TYPE_CHECKING:
    from rdflib import Graph, Node

__all__ = ["Shapes", "Violation"]

_SHACL = "http://www.w3.org/ns/shacl#"
_OWL = "http://www.w3.org/2002/07/owl#"
_BY_NODE = f"{_SHACL}NodeConstraintComponent"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XML_LITERAL = b"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>"

# SHACL-SPARQL and SHACL-JS: a query may name a service on the network, a script may do anything.
_ACTIVE = ("sparql", "select", "ask", "construct", "update", "js", "jsLibrary", "rule", "target")


@dataclass(frozen=True, slots=True)
class Violation:
    """What the shapes have against a credential, at one place.

    Attributes:
        path: where in the document, as "credential.issuer.eIDASIdentifier", as far as it is known:
            an object without an id has none.
        message: what the shape says.
        focus: the id of the object that was looked at.
        property: the IRI of the property that was looked at; None where it is the object itself.
        value: the value that is wrong, if it is one.
        severity: "Violation", "Warning" or "Info".
    """

    path: str
    message: str
    focus: str
    property: str | None = None
    value: str | None = None
    severity: str = "Violation"

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class Shapes:
    """SHACL shapes from files, by the profile that each file is."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Read shapes.

        Args:
            files: name, for messages → Turtle.

        Raises:
            ConfigurationError: the extra "shacl" is not installed, or a file holds queries.
            ParseError: a file is not Turtle, or does not say of which profile it is.
        """
        self._graphs: dict[str, Graph] = {}
        for name, turtle in files.items():
            graph = _parse_turtle(turtle, name)
            self._graphs[_profile_of(graph, name)] = graph
        self._closed = lru_cache(maxsize=16)(self._close)

    @classmethod
    def read(cls, *paths: str | PathLike[str]) -> Shapes:
        """Read the shapes in these files. Raises also what reading a file raises."""
        return cls({str(path): Path(path).read_bytes() for path in paths})

    @property
    def profiles(self) -> frozenset[str]:
        """The IRIs of the profiles that are here."""
        return frozenset(self._graphs)

    def find_violations(
        self,
        credential: EuropeanDigitalCredential | JsonObject,
        *,
        profiles: Iterable[str] | None = None,
        contexts: Contexts | None = None,
        path: str = "credential",
    ) -> tuple[Violation, ...]:
        """Ask the shapes; none where the credential conforms.

        Takes some tenths of a second: much longer than `find_faults`, which knows the same rules.

        Args:
            credential: the model, or the JSON document as it is.
            profiles: the IRIs of the profiles to ask; by default those that the credential names as
                its schema.
            contexts: the allow-list of contexts; the bundled ones by default.
            path: what paths begin with.

        Raises:
            ConfigurationError: a profile, or one that it builds upon, is not among the files.
            CanonicalizationError: a member would be lost, or it is too much work.
        """
        if isinstance(credential, EuropeanDigitalCredential):
            document = credential.to_json()
        else:
            document = credential
        contexts = contexts if contexts is not None else Contexts.bundled()
        asked = tuple(sorted(set(_schemas(document) if profiles is None else profiles)))
        if not asked:
            raise ConfigurationError(
                "the credential names no profile in credentialSchema; give `profiles`"
            )
        shapes = self._closed(asked)
        report = _validate(_data_graph(document, contexts, path), shapes)
        places = dict(_places(document, path))
        return tuple(sorted(_violations(report, places, _terms(contexts)), key=str))

    def _close(self, profiles: tuple[str, ...]) -> Graph:
        """Put a profile together with all that it builds upon."""
        from rdflib import Graph, URIRef

        pending, seen, whole = list(profiles), set[str](), Graph(store="SimpleMemory")
        while pending:
            profile = pending.pop()
            if profile in seen:
                continue
            seen.add(profile)
            graph = self._graphs.get(profile)
            if graph is None:
                raise ConfigurationError(
                    f"the shapes of {profile} are not among the given files"
                    f" ({', '.join(sorted(self._graphs)) or 'none'}); give its file, too",
                    expected=profile,
                )
            pending += [str(each) for each in graph.objects(None, URIRef(f"{_OWL}imports"))]
            whole += graph
        return whole


def _parse_turtle(turtle: bytes, name: str) -> Graph:
    try:
        from rdflib import Graph
        from rdflib.exceptions import ParserError
        from rdflib.plugins.parsers.notation3 import BadSyntax
    except ImportError as error:
        raise ConfigurationError(
            'SHACL shapes need rdflib and pyshacl; install "testamur[shacl]"'
        ) from error
    graph = Graph(store="SimpleMemory")
    try:
        graph.parse(data=turtle, format="turtle", publicID="urn:shapes:")
    except (BadSyntax, ParserError, UnicodeDecodeError, ValueError) as error:
        raise ParseError(f"{name} is not Turtle: {str(error)[:200]}") from error
    return graph


def _profile_of(graph: Graph, name: str) -> str:
    """Return the IRI of the profile that a file is; refuse one that holds queries."""
    from rdflib import URIRef

    for each in _ACTIVE:
        if (None, URIRef(_SHACL + each), None) in graph:
            raise ConfigurationError(
                f"{name} holds sh:{each}, which runs code of its own; give shapes without it"
            )
    found = sorted(str(e) for e in graph.subjects(URIRef(_RDF_TYPE), URIRef(f"{_OWL}Ontology")))
    if len(found) != 1:
        raise ParseError(
            f"{name} names {len(found)} profiles; a file of shapes says once of what it is, as"
            " <http://data.europa.eu/snb/model/ap/edc-generic-full> a owl:Ontology"
        )
    return found[0]


def _data_graph(document: JsonObject, contexts: Contexts, name: str) -> Graph:
    """Make the graph of a credential, without its proof, which is a graph of its own."""
    from rdflib import Graph

    unsecured = {member: value for member, value in document.items() if member != "proof"}
    quads = canonicalize(unsecured, contexts=contexts, name=name)
    if _XML_LITERAL in bytes(quads):
        raise CanonicalizationError(
            f"{name} holds XML, which is not read here; leave it out", code=Code.NOT_CONFORMANT
        )
    graph = Graph()
    graph.parse(data=quads.decode("utf-8"), format="nt")
    return graph


def _validate(data: Graph, shapes: Graph) -> Graph:
    from pyshacl import validate

    _, results, text = validate(
        data, shacl_graph=shapes, inplace=True, do_owl_imports=False, advanced=False, js=False
    )
    if isinstance(results, (bytes, Exception)):  # only where the shapes themselves are not sound
        raise ConfigurationError(f"the shapes cannot be used: {str(text)[:300]}")
    graph: Graph = results
    return graph


def _violations(
    report: Graph, places: Mapping[str, str], terms: Mapping[str, str]
) -> Iterator[Violation]:
    """Yield what a report says; where a shape asks another one of a value, what that one says."""
    from rdflib import URIRef

    top = report.objects(None, URIRef(f"{_SHACL}result"))
    pending: list[tuple[Node, str | None]] = [(each, None) for each in top]
    while pending:
        result, at = pending.pop()
        details = list(report.objects(result, URIRef(f"{_SHACL}detail")))
        members = sorted(report.predicate_objects(result), key=str)
        facts = {str(name).removeprefix(_SHACL): str(value) for name, value in members}
        violation = _violation(facts, at, places, terms)
        if details and facts.get("sourceConstraintComponent") == _BY_NODE:
            pending += [(each, violation.path) for each in details]
        else:
            yield violation


def _violation(
    facts: Mapping[str, str], at: str | None, places: Mapping[str, str], terms: Mapping[str, str]
) -> Violation:
    focus, member = facts["focusNode"], facts.get("resultPath")
    path = at if at is not None else places.get(focus, focus)
    value = facts.get("value")
    return Violation(
        path=path if member is None else f"{path}.{terms.get(member, member)}",
        message=facts.get("resultMessage", "does not conform"),
        focus=focus,
        property=member,
        value=None if value is None else value[:200],
        severity=facts.get("resultSeverity", "Violation").removeprefix(_SHACL),
    )


def _schemas(document: JsonObject) -> Iterator[str]:
    value = document.get("credentialSchema")
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) and isinstance(each.get("id"), str):
            yield str(each["id"])


def _places(value: JsonValue, path: str) -> Iterator[tuple[str, str]]:
    """Yield (id, path) of each object; the first of those with one id comes last, and so counts."""
    if isinstance(value, list):
        for position, each in reversed(list(enumerate(value))):
            yield from _places(each, f"{path}[{position}]")
    elif isinstance(value, dict):
        for name, each in reversed(value.items()):
            yield from _places(each, f"{path}.{name}")
        if isinstance(value.get("id"), str):
            yield str(value["id"]), path


def _terms(contexts: Contexts) -> Mapping[str, str]:
    """Return IRI → term, of the members that the context of the data model names."""
    context: Any = contexts.document(EDC_CONTEXT)["@context"]
    prefixes = {name: iri for name, iri in context.items() if isinstance(iri, str)}
    found = {f"https://www.w3.org/2018/credentials#{name}": name for name in _CREDENTIAL_TERMS}
    for name, definition in context.items():
        if isinstance(definition, dict):
            prefix, _, rest = definition["@id"].partition(":")
            found[prefixes.get(prefix, f"{prefix}:") + rest] = name
    return found


_CREDENTIAL_TERMS = (
    "credentialSchema",
    "credentialStatus",
    "credentialSubject",
    "evidence",
    "expirationDate",
    "holder",
    "issuanceDate",
    "issued",
    "issuer",
    "termsOfUse",
    "validFrom",
    "validUntil",
)

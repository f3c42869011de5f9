"""Members of the vocabularies by IRI, by code and by name, and what to say when there is none.

A list is read when one of its members is first asked for, and kept.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from testamur._frozen import dataclass, field
from testamur._lazy import lazy_pattern
from testamur.errors import ModelError
from testamur.model.vocabularies.vocabulary import FORMS, Form, Vocabulary

__all__ = ["Term", "by_code", "by_label", "check", "find", "is_complete", "terms"]

_NAMED = 10  # members, at most, that a message names
_OPAQUE = lazy_pattern("(?=.*[0-9])(?:c_)?[0-9a-z]{8,10}")  # an id that is like no other
_WIDTH = 80  # characters of a wrong value that a message shows, and that are compared


@dataclass(frozen=True, slots=True)
class Term:
    """A member of a vocabulary.

    Attributes:
        vocabulary: where it is a member.
        iri: its IRI, as `http://data.europa.eu/snb/eqf/6`.
        code: what people write: "6" (EQF), "IE" (country, ISO 3166-1 alpha-2), "en" (language,
            BCP 47), "0613" (ISCED-F), "EUR", "PNG"; where there is none, the end of the IRI.
        labels: language (BCP 47) → its name. English is there for every member that is held.
    """

    vocabulary: Vocabulary
    iri: str
    code: str
    labels: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class _List:
    members: tuple[Term, ...]
    by_iri: Mapping[str, Term]
    by_code: Mapping[str, Term]


def terms(vocabulary: Vocabulary) -> tuple[Term, ...]:
    """Return the members that are held here: all, some or none; see `is_complete`."""
    return _load(vocabulary).members


def is_complete(vocabulary: Vocabulary) -> bool:
    """Whether every member that has been published is held here.

    Then the IRI of another is an error; otherwise only the form of an IRI is checked. Lists grow:
    how far the held ones go is in the README beside the data files.
    """
    return FORMS[vocabulary].is_complete


def find(vocabulary: Vocabulary, iri: str) -> Term | None:
    """Return the member with an IRI, or None where it is not held here."""
    return _load(vocabulary).by_iri.get(iri)


def by_code(vocabulary: Vocabulary, code: str) -> Term:
    """Return the member with a code, spelled as in `Term.code`.

    Where no member of the vocabulary is held (ESCO, ATU), it is made of the code and has no labels.

    Raises:
        ModelError: no member that is held has the code; the message names those that are close.
    """
    term = _load(vocabulary).by_code.get(code)
    if term is not None:
        return term
    form = FORMS[vocabulary]
    if form.file is None and form.ids.fullmatch(code):
        return Term(vocabulary, form.namespace + code, code, MappingProxyType({}))
    raise _refusal(vocabulary, code, "code")


def by_label(vocabulary: Vocabulary, label: str, *, language: str = "en") -> Term:
    """Return the member with a name, in whatever case it is written.

    Where a narrower and a wider member have the same name, as in ISCED-F, the wider is returned.

    Raises:
        ModelError: no member that is held has the name; the message names those that are close.
    """
    term = _by_label(vocabulary, language).get(label.casefold())
    if term is None:
        raise _refusal(vocabulary, label, "name")
    return term


def check(vocabulary: Vocabulary, iri: str) -> str:
    """Return the IRI of a member as it is.

    Raises:
        ModelError: the list is complete and has no such member, or the IRI does not have the form
            of a member's; the message says what to write instead.
    """
    if iri in _load(vocabulary).by_iri:
        return iri
    form = FORMS[vocabulary]
    if not form.is_complete and _has_form(form, iri):
        return iri
    raise _refusal(vocabulary, iri, "IRI")


def _refusal(vocabulary: Vocabulary, value: str, what: str) -> ModelError:
    """Say what is wrong with a value, and what to write instead."""
    form = FORMS[vocabulary]
    shown = value if len(value) <= _WIDTH else f"{value[:_WIDTH]}…"
    name = _name(vocabulary)
    if what == "IRI":
        wrong = f"{shown!r} is not a member of the {name} vocabulary ({vocabulary})"
    else:
        wrong = f"{shown!r} is not the {what} of a member of the {name} vocabulary"
    return ModelError(
        f"{wrong}; {_remedy(vocabulary, value, what)}",
        expected=f"a member of {vocabulary}, as {form.namespace}{_example(vocabulary)}",
        found=shown,
    )


def _remedy(vocabulary: Vocabulary, value: str, what: str) -> str:
    form, held = FORMS[vocabulary], _load(vocabulary)
    if what == "IRI":
        if value.startswith("https:") and _is_member(vocabulary, f"http{value[5:]}"):
            return f"write it with http: http{value[5:]}"
        if value == vocabulary:
            return "that is the vocabulary itself; write one of its members"
        term = held.by_code.get(value)
        if term is not None:
            return f"that is a code; write its IRI: {term.iri}"
        other = next((each for each in Vocabulary if _is_member(each, value)), None)
        if other is not None:
            return f"it belongs to the {_name(other)} vocabulary ({other})"
    close = _close(vocabulary, value.removeprefix(form.namespace))
    if close:
        return f"did you mean {' or '.join(_describe(each, what) for each in close)}?"
    if held.members and len(held.members) <= _NAMED:
        return f"its members are {', '.join(_describe(each, what) for each in held.members)}"
    written = _example(vocabulary) if what == "code" else form.namespace + _example(vocabulary)
    return f"write one as {written}"


def _is_member(vocabulary: Vocabulary, iri: str) -> bool:
    form = FORMS[vocabulary]
    return iri in _load(vocabulary).by_iri if form.is_complete else _has_form(form, iri)


def _has_form(form: Form, iri: str) -> bool:
    start = len(form.namespace)
    return iri.startswith(form.namespace) and bool(form.ids.fullmatch(iri, start))


def _close(vocabulary: Vocabulary, value: str) -> list[Term]:
    """Return up to three members whose code, id or English name is like a value.

    Only those that begin like it are compared, since a document may hold many wrong values.
    """
    import difflib

    wanted = value[:_WIDTH].casefold()
    spellings = _spellings(vocabulary).get(wanted[:1], {})
    if wanted in spellings:
        return [spellings[wanted]]
    found = [spellings[each] for each in difflib.get_close_matches(wanted, spellings, n=3)]
    return list({term.iri: term for term in found}.values())


def _describe(term: Term, what: str) -> str:
    name = term.labels["en"]
    if what == "name":
        return repr(name)
    return f"{term.iri} ({name})" if what == "IRI" else f"{term.code!r} ({name})"


def _name(vocabulary: Vocabulary) -> str:
    return vocabulary.name.replace("_", " ")


def _example(vocabulary: Vocabulary) -> str:
    """Return the id of a member."""
    form = FORMS[vocabulary]
    return form.example or terms(vocabulary)[0].iri.removeprefix(form.namespace)


@functools.cache
def _load(vocabulary: Vocabulary) -> _List:
    file = FORMS[vocabulary].file
    members = () if file is None else tuple(_read(vocabulary, file))
    return _List(
        members=members,
        by_iri={term.iri: term for term in members},
        by_code={term.code: term for term in members},
    )


@functools.cache
def _spellings(vocabulary: Vocabulary) -> Mapping[str, Mapping[str, Term]]:
    """First letter → what a member may be written as → the member; all in lower case."""
    found: dict[str, dict[str, Term]] = {}
    for term in _load(vocabulary).members:
        for each in (term.code, term.iri.rpartition("/")[2], term.labels["en"]):
            if not _OPAQUE.fullmatch(each):
                spelling = each.casefold()
                found.setdefault(spelling[0], {}).setdefault(spelling, term)
    return found


@functools.cache
def _by_label(vocabulary: Vocabulary, language: str) -> Mapping[str, Term]:
    found: dict[str, Term] = {}
    for term in _load(vocabulary).members:
        if language in term.labels:
            found.setdefault(term.labels[language].casefold(), term)
    return found


def _read(vocabulary: Vocabulary, file: str) -> Iterable[Term]:
    """Read a table: tab-separated; first the columns, which are id, sometimes code, languages."""
    namespace = FORMS[vocabulary].namespace
    heads, *rows = _content(f"{file}.tsv").decode("utf-8").splitlines()
    has_code = heads.split("\t")[1] == "code"
    languages = heads.split("\t")[2 if has_code else 1 :]
    for row in rows:
        cells = row.split("\t")
        code = cells[1] if has_code else cells[0]
        names = zip(languages, cells[2 if has_code else 1 :], strict=True)
        labels = {language: name for language, name in names if name}
        yield Term(vocabulary, namespace + cells[0], code, MappingProxyType(labels))


# Without pathlib and, where it can be, without `importlib.resources`: both take long to import.
_DATA = os.path.join(os.path.dirname(os.path.realpath(__file__)), "data")  # noqa: PTH118, PTH120


def _content(name: str) -> bytes:
    """Read a file of an installed package, or of a package in an archive."""
    if os.path.isdir(_DATA):  # noqa: PTH112
        with open(os.path.join(_DATA, name), "rb") as file:  # noqa: PTH118, PTH123
            return file.read()
    import importlib.resources

    return (importlib.resources.files(__package__) / "data" / name).read_bytes()

"""Canonical templates: the bytes of the general path, or None."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sample_documents import full_badge
from simulator import Simulator
from testamur.canon import fast_path, general, rdfc10
from testamur.canon.contexts import Contexts, UnsafeInlineContexts
from testamur.canon.marks import Path, find, mark
from testamur.canon.strict_json import JsonObject
from testamur.canon.template import CanonicalTemplate
from testamur.errors import CanonicalizationError
from testamur.model.ob3.varying import VaryingMembers

Document = dict[str, Any]

CONTEXTS = Contexts.bundled()
BADGE: Document = Simulator().badge(7).to_json()
FULL: Document = full_badge(Simulator()).to_json()

texts = st.text(max_size=8) | st.sampled_from(
    ['"', "\\", "\n\r\t\b\f", "\x7f\x00", "%s", "ł\U0001f3c5"]
)
urls = st.builds("https://a.example/{}".format, st.integers(0, 9)) | st.sampled_from(
    ["urn:uuid:1", "did:key:z6Mk", "https://a.example/1#x", "schema:name", "a b", "", "x", "_:b0"]
)


def with_values(document: Document, paths: tuple[Path, ...], values: list[str]) -> Document:
    copied = deepcopy(document)
    for path, value in zip(paths, values, strict=True):
        find(copied, path[:-1])[path[-1]] = value  # type: ignore[index]
    return copied


def in_general(document: Document) -> bytes | None:
    """What the general path gives; None where it refuses."""
    with fast_path.general_path_only():
        try:
            return rdfc10.canonicalize(document, contexts=CONTEXTS)
        except CanonicalizationError:
            return None


def template_of(document: Document, *paths: Path) -> CanonicalTemplate:
    template = CanonicalTemplate.compile(document, paths, contexts=CONTEXTS)
    assert template is not None
    return template


def subject(**members: Any) -> Document:
    return {**BADGE, "credentialSubject": {**BADGE["credentialSubject"], **members}}


@pytest.mark.parametrize("document", [BADGE, FULL], ids=["badge", "badge with everything"])
def test_template_gives_back_what_it_was_made_of(document: Document) -> None:
    paths = VaryingMembers(document).paths
    template = template_of(document, *paths)
    values = [str(find(document, path)) for path in paths]
    assert template.fill(values) == in_general(document)
    assert template.accepts(values)


@given(data=st.data())
@settings(deadline=None)
def test_filled_template_is_what_the_general_path_gives_or_none(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([BADGE, FULL]))
    paths = VaryingMembers(document).paths
    values = [
        data.draw(urls if str(find(document, path)).startswith(("http", "urn:", "did:")) else texts)
        for path in paths
    ]
    filled = template_of(document, *paths).fill(values)
    if filled is not None:
        assert filled == in_general(with_values(document, paths, values))


@settings(deadline=None)
@given(values=st.lists(st.sampled_from(["a", "b", '"', "\n", "é"]), min_size=2, max_size=2))
def test_values_of_one_property_are_put_in_order(values: list[str]) -> None:
    # Plain values of one property of one node: their lines move, and equal ones are one.
    document = {
        **BADGE,
        "credentialSubject": {
            **BADGE["credentialSubject"],
            "achievement": {**BADGE["credentialSubject"]["achievement"], "tag": ["m", "x", "y"]},
        },
    }
    paths: tuple[Path, ...] = tuple(
        ("credentialSubject", "achievement", "tag", position) for position in (1, 2)
    )
    filled = template_of(document, *paths).fill(values)
    if filled is None:
        assert values[0] == values[1]
    else:
        assert filled == in_general(with_values(document, paths, values))


@settings(deadline=None)
@given(values=st.lists(st.integers(0, 40).map(str), min_size=12, max_size=12, unique=True))
def test_more_than_ten_blank_nodes_are_labelled_in_order(values: list[str]) -> None:
    document = subject(result=[{"type": ["Result"], "value": value} for value in "abcdefghijkl"])
    paths: tuple[Path, ...] = tuple(
        ("credentialSubject", "result", position, "value") for position in range(12)
    )
    filled = template_of(document, *paths).fill(values)
    assert filled is not None
    assert filled == in_general(with_values(document, paths, values))


def test_two_nodes_that_become_alike_are_left_to_the_general_path() -> None:
    document = subject(result=[{"type": ["Result"], "value": value} for value in "ab"])
    paths = [("credentialSubject", "result", position, "value") for position in (0, 1)]
    template = template_of(document, *paths)
    assert template.fill(["1", "2"]) is not None
    assert template.fill(["1", "1"]) is None
    assert template.accepts(["1", "1"])  # nothing would be lost


@pytest.mark.parametrize(
    "iri",
    [
        "relative",
        "_:b0",
        "https://a.example/with space",
        "https://a.example/\u2028",
        "https://a.example/\ud800",
        "schema:name",  # no prefix of these contexts, but `name` of one that is
        "id:1",
        "name:1",
        str(BADGE["issuer"]["id"]),
        str(BADGE["credentialSubject"]["achievement"]["id"]),
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement",
    ],
)
def test_iri_that_may_mean_something_else_is_left_to_the_general_path(iri: str) -> None:
    template = template_of(BADGE, ("id",))
    filled = template.fill([iri])
    expected = in_general({**BADGE, "id": iri}) if "\ud800" not in iri else None
    assert filled is None or (iri == "schema:name" and filled == expected)
    assert template.accepts([iri]) == (filled is not None)


def test_type_that_a_term_stands_for_is_left_to_the_general_path() -> None:
    of_no_term, of_a_term = (
        f"https://purl.imsglobal.org/spec/vc/ob/vocab.html#{name}" for name in ("X", "Evidence")
    )
    document = {**BADGE, "evidence": {"id": "urn:x:1", "type": [of_no_term]}}
    path: Path = ("evidence", "type", 0)
    template = template_of(document, path)
    assert template.fill([of_no_term]) == in_general(document)
    for iris in ([of_a_term], ["https://www.w3.org/2018/credentials#VerifiableCredential"]):
        assert in_general(with_values(document, (path,), iris)) is None
        assert template.fill(iris) is None
        assert template.fill_all([iris]) is None
        assert not template.accepts(iris)
        assert not template.accepts_all([iris])


@pytest.mark.parametrize("coercion", ["@id", "@vocab"])
def test_document_that_may_have_a_context_of_its_own_has_no_template(coercion: str) -> None:
    context: JsonObject = {
        "link": {"@id": "urn:x:link", "@type": coercion},
        "prefix": "urn:x:vocab#",
    }
    document: JsonObject = {"@context": context, "link": "urn:x:1"}
    contexts = UnsafeInlineContexts({})
    assert CanonicalTemplate.compile(document, [("link",)], contexts=contexts) is None
    with pytest.raises(CanonicalizationError):  # what would have been filled in
        general.canonicalize({**document, "link": "prefix:suffix"}, contexts=contexts)


@pytest.mark.parametrize("character", ["\ud800", "\ufffe", "\uffff"], ids=ascii)
def test_what_is_no_text_is_not_accepted(character: str) -> None:
    document = subject(narrative="x")
    template = template_of(document, ("credentialSubject", "narrative"))
    assert template.fill([character]) is None
    assert not template.accepts([character])
    assert in_general(subject(narrative=character)) is None


@pytest.mark.parametrize(
    "path",
    [("type", 0), ("credentialSubject", "type", 0), ("@context", 1)],
    ids=str,
)
def test_string_that_does_not_stand_in_the_statements_is_no_slot(path: Path) -> None:
    assert CanonicalTemplate.compile(BADGE, [path], contexts=CONTEXTS) is None


def test_document_that_holds_a_mark_is_refused() -> None:
    document = subject(narrative=f"x {mark(0)}")
    assert CanonicalTemplate.compile(document, [("id",)], contexts=CONTEXTS) is None


def test_document_that_loses_something_has_no_template() -> None:
    document = {**BADGE, "undefined": "x"}
    assert CanonicalTemplate.compile(document, [("id",)], contexts=CONTEXTS) is None

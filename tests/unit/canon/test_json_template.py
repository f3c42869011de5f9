"""JSON templates: the text that a parser would read, the document that it would make."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Simulator
from testamur.canon.json_template import DocumentTemplate, JsonTemplate
from testamur.canon.marks import Path, find, marked
from testamur.canon.strict_json import dumps, parse

DOCUMENT: dict[str, Any] = Simulator().badge(7).to_json()
PATHS: list[Path] = [
    ("credentialStatus", "statusListIndex"),
    ("id",),
    ("credentialSubject", "achievement", "criteria", "narrative"),
]
VALUES = [str(find(DOCUMENT, path)) for path in PATHS]
LAYOUTS = {
    "compact": dumps(DOCUMENT),
    "indented": dumps(DOCUMENT, indent=2),
    "ASCII": dumps(DOCUMENT, ascii_only=True),
    "wide": "\n " + json.dumps(DOCUMENT, separators=(" ,\t", " :\r\n")) + "\n",
}


def template_of(text: str) -> JsonTemplate:
    template = JsonTemplate.from_text(text, PATHS)
    assert template is not None
    return template


@pytest.mark.parametrize("layout", LAYOUTS)
def test_text_matches_its_own_template(layout: str) -> None:
    assert template_of(LAYOUTS[layout]).match(LAYOUTS[layout]) == VALUES


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(deadline=None)
@given(values=st.lists(st.text(), min_size=3, max_size=3))
def test_what_is_filled_in_is_what_a_parser_reads(layout: str, values: list[str]) -> None:
    text = template_of(LAYOUTS[layout]).fill(values)
    filled = DocumentTemplate(DOCUMENT, PATHS).fill(values)
    assert json.loads(text) == filled
    matched = template_of(LAYOUTS[layout]).match(text)
    assert matched in (values, None)
    if all(value.isprintable() and "\\" not in value and '"' not in value for value in values):
        assert matched == values


@settings(deadline=None)
@given(values=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=3, max_size=3))
def test_marked_text_is_filled_as_a_writer_would_write_it(values: list[str]) -> None:
    text = JsonTemplate.from_marked(dumps(marked(DOCUMENT, PATHS))).fill(values)
    assert text == dumps(DocumentTemplate(DOCUMENT, PATHS).fill(values))


@pytest.mark.parametrize(
    "value", ["\\u0041", "\\", "\\n", "line\nbreak", "\x00", "tab\t"], ids=ascii
)
def test_value_that_takes_a_parser_does_not_match(value: str) -> None:
    text = LAYOUTS["compact"].replace(VALUES[1], value)
    assert template_of(LAYOUTS["compact"]).match(text) is None


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_other_change_does_not_match(layout: str) -> None:
    text = LAYOUTS[layout]
    template = template_of(text)
    for position in range(0, len(text), 7):
        changed = text[:position] + "~" + text[position + 1 :]
        values = template.match(changed)
        # Within a value it is another value; anywhere else it is another text.
        assert values is None or template.fill(values) == changed
        assert values is None or json.loads(changed) == DocumentTemplate(DOCUMENT, PATHS).fill(
            values
        )
    for other in (text + " ", " " + text, text[:-1], text[1:], "", '"'):
        assert template.match(other) is None


def test_string_that_is_not_there_makes_no_template() -> None:
    assert JsonTemplate.from_text("{}", PATHS) is None
    assert JsonTemplate.from_text('{"id": 5}', [("id",)]) is None


def test_name_is_never_a_value() -> None:
    text = '{"a": {"id": "1"}, "id": ["id", "2"], "b": [[{"id": "3"}], {"c": "id"}]}'
    paths: list[Path] = [("a", "id"), ("id", 1), ("b", 0, 0, "id"), ("b", 1, "c")]
    template = JsonTemplate.from_text(text, paths)
    assert template is not None
    assert template.match(text) == ["1", "2", "3", "id"]
    assert parse(template.fill(["w", "x", "y", "z"])) == {
        "a": {"id": "w"},
        "id": ["id", "x"],
        "b": [[{"id": "y"}], {"c": "z"}],
    }


def test_documents_share_what_has_no_slots_and_nothing_else() -> None:
    template = DocumentTemplate(DOCUMENT, PATHS)
    one, other = template.fill(["1", "2", "3"]), template.fill(["4", "5", "6"])
    assert one["id"] == "2"
    assert other["id"] == "5"
    assert one["issuer"] is other["issuer"]
    assert one["credentialSubject"] is not other["credentialSubject"]
    assert DOCUMENT["id"] == VALUES[1]

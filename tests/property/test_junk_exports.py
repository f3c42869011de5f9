"""Exports that are not what they say: only our errors come of them."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from testamur import build
from testamur.canon.strict_json import JsonValue
from testamur.errors import TestamurError
from testamur.open_badges_2 import Library, Takeover
from testamur.register._exported import read_manifest
from unit.open_badges_2.test_conversion import BADGR, MOODLE, badgr, moodle

_ISSUER = build.profile(id="did:web:uni.example", name="Example University")
_VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def _paths(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [at] if at else []
    members = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, each in members:
        found += _paths(each, (*at, name))
    return found


_EXPORTS: list[Any] = [[moodle()], badgr()]
_PLACES = [(which, path) for which, each in enumerate(_EXPORTS) for path in _paths(each)]


@settings(max_examples=300)
@given(place=st.sampled_from(_PLACES), value=_VALUES)
def test_any_value_anywhere_in_an_export_is_taken_over_or_refused(
    place: tuple[int, tuple[str | int, ...]], value: JsonValue
) -> None:
    which, (*parents, last) = place
    export: Any = json.loads(json.dumps(_EXPORTS[which]))
    at = export
    for each in parents:
        at = at[each]
    at[last] = value
    library = Library()
    try:
        library.add(json.dumps(export).encode())
    except TestamurError:
        return
    own = (f"{MOODLE}/", f"{BADGR}/issuers/iss1")
    for converted in Takeover(library, issuer=_ISSUER, from_issuers=own).convert():
        assert (converted.credential is None) is (converted.refused is not None)


@given(content=st.binary(max_size=200))
def test_junk_is_no_export(content: bytes) -> None:
    with contextlib.suppress(TestamurError):
        Library().add(content)


@given(members=st.dictionaries(st.sampled_from(["format", "format_version", "tables"]), _VALUES))
def test_junk_is_no_manifest(members: dict[str, JsonValue]) -> None:
    with contextlib.suppress(TestamurError):
        read_manifest(json.dumps({"format": "testamur register", **members}).encode())

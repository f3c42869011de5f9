"""JSON Patch (RFC 6902): the operations of its appendix, and differences that come back."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.errors import ModelError
from testamur.model.microcredential.europass.json_patch import apply_patch, find_patch

# RFC 6902, Appendix A, as far as add, replace and remove go: (document, operation, result).
APPENDIX = {
    "A.1": (
        {"foo": "bar"},
        {"op": "add", "path": "/baz", "value": "qux"},
        {"baz": "qux", "foo": "bar"},
    ),
    "A.2": (
        {"foo": ["bar", "baz"]},
        {"op": "add", "path": "/foo/1", "value": "qux"},
        {"foo": ["bar", "qux", "baz"]},
    ),
    "A.3": ({"baz": "qux", "foo": "bar"}, {"op": "remove", "path": "/baz"}, {"foo": "bar"}),
    "A.4": (
        {"foo": ["bar", "qux", "baz"]},
        {"op": "remove", "path": "/foo/1"},
        {"foo": ["bar", "baz"]},
    ),
    "A.5": (
        {"baz": "qux", "foo": "bar"},
        {"op": "replace", "path": "/baz", "value": "boo"},
        {"baz": "boo", "foo": "bar"},
    ),
    "A.8": (
        {"baz": "qux", "foo": ["a", 2, "c"]},
        {"op": "test", "path": "/foo/1", "value": 2},
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    "A.10": (
        {"foo": "bar"},
        {"op": "add", "path": "/child", "value": {"grandchild": {}}},
        {"foo": "bar", "child": {"grandchild": {}}},
    ),
}
REFUSED = {
    "A.12 to a target that is not there": (
        {"foo": "bar"},
        {"op": "add", "path": "/baz/bat", "value": 1},
    ),
    "A.9 a test that fails": ({"baz": "qux"}, {"op": "test", "path": "/baz", "value": "bar"}),
    "A.15 a string for a number": ({"~1": 10}, {"op": "test", "path": "/~01", "value": "10"}),
    "another operation": ({"foo": "bar"}, {"op": "copy", "path": "/baz", "from": "/foo"}),
    "the whole document": ({"foo": "bar"}, {"op": "replace", "path": "", "value": 1}),
    "a path that is none": ({"foo": "bar"}, {"op": "remove", "path": "foo"}),
    "no value": ({"foo": "bar"}, {"op": "add", "path": "/baz"}),
    "a member that is not there": ({"foo": "bar"}, {"op": "remove", "path": "/baz"}),
    "an index with a leading zero": ({"foo": [1, 2]}, {"op": "remove", "path": "/foo/01"}),
    "an index past the end": ({"foo": [1]}, {"op": "replace", "path": "/foo/1", "value": 2}),
    "an index that is huge": ({"foo": [1]}, {"op": "remove", "path": f"/foo/{'9' * 5000}"}),
    "into a string": ({"foo": "bar"}, {"op": "add", "path": "/foo/0", "value": 1}),
    "no operation": ({"foo": "bar"}, ["remove", "/foo"]),
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "~1/", "ü"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "a/b", "~", "~1"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", APPENDIX)
def test_operation_of_the_appendix_gives_its_result(name: str) -> None:
    document, operation, result = APPENDIX[name]
    assert apply_patch(deepcopy(document), operation) == result  # type: ignore[arg-type]


@pytest.mark.parametrize("name", REFUSED)
def test_operation_that_leads_nowhere_is_refused(name: str) -> None:
    document, operation = REFUSED[name]
    with pytest.raises(ModelError):
        apply_patch(deepcopy(document), operation)  # type: ignore[arg-type]


@given(old=JSON, new=JSON)
def test_difference_makes_the_new_of_the_old(old: Any, new: Any) -> None:
    document: Any = {"member": deepcopy(old)}
    for each in find_patch({"member": old}, {"member": new}):
        document = apply_patch(document, each)
    assert document == {"member": new}


def test_one_more_item_is_one_operation() -> None:
    operations = list(find_patch({"a": [1, 2, 3]}, {"a": [1, 9, 2, 3]}))
    assert operations == [{"op": "add", "path": "/a/1", "value": 9}]


def test_item_that_is_meant_is_told_where_there_are_several() -> None:
    old = {"a": [{"n": 1, "t": "x"}, {"n": 1, "t": "y"}]}
    new = {"a": [{"n": 1, "t": "x"}, {"n": 1, "t": "y", "more": 2}]}
    operations = list(find_patch(old, new))  # type: ignore[arg-type]
    assert operations == [
        {"op": "test", "path": "/a/1/t", "value": "y"},
        {"op": "add", "path": "/a/1/more", "value": 2},
    ]
    turned: Any = {"a": list(reversed(old["a"]))}
    with pytest.raises(ModelError):
        apply_patch(turned, operations[0])

"""What makes one JSON value of another: JSON Patch (RFC 6902), found and applied.

Of its operations those that a difference needs: add, replace, remove; and test. Where an array has
several items, a test tells the item that is meant, since not every cryptosuite signs their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from difflib import SequenceMatcher
from typing import Any

from testamur import limits
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, kind
from testamur.errors import ModelError

__all__ = ["apply_patch", "find_patch"]

_INDEX = re.compile("0|[1-9][0-9]{0,5}")


def find_patch(old: JsonValue, new: JsonValue, path: str = "") -> Iterator[JsonObject]:
    """Yield the operations that make `new` of `old`, to be applied in this order.

    Args:
        old: what is there.
        new: what is wanted.
        path: JSON Pointer (RFC 6901) to both.
    """
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old:
            if name not in new:
                yield {"op": "remove", "path": f"{path}/{_escape(name)}"}
        for name, value in new.items():
            at = f"{path}/{_escape(name)}"
            if name in old:
                yield from find_patch(old[name], value, at)
            else:
                yield {"op": "add", "path": at, "value": value}
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_arrays(old, new, path)
    else:
        yield {"op": "replace", "path": path, "value": new}


def apply_patch(document: JsonValue, operation: JsonValue) -> JsonValue:
    """Apply one operation and return the document, which is changed.

    Raises:
        ModelError: it is none of these operations, its path leads nowhere or too deep, or the test
            fails.
    """
    if not isinstance(operation, dict) or not isinstance(operation.get("path"), str):
        raise _refused(operation)
    op, path = operation.get("op"), str(operation["path"])
    if op not in ("add", "replace", "remove", "test") or (op == "remove") is ("value" in operation):
        raise _refused(operation)
    steps = [each.replace("~1", "/").replace("~0", "~") for each in path.split("/")]
    if len(steps) < 2 or steps[0] or len(steps) > limits.JSON_DEPTH:
        raise _refused(operation)
    here: Any = document
    for step in steps[1:-1]:
        here = _child(here, step, operation)
    if op != "test":
        _change(here, steps[-1], str(op), deepcopy(operation.get("value")), operation)
    elif dumps(_child(here, steps[-1], operation)) != dumps(operation["value"]):
        raise ModelError(f"what stands at {path[:100]} is not what is meant")
    return document


def _of_arrays(old: list[Any], new: list[Any], path: str) -> Iterator[JsonObject]:
    before, after = [dumps(each) for each in old], [dumps(each) for each in new]
    shift = 0
    for tag, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            continue
        both = min(end - start, new_end - new_start)
        for offset in range(both):
            at = f"{path}/{start + shift + offset}"
            yield from _test(old, start + offset, at)
            yield from find_patch(old[start + offset], new[new_start + offset], at)
        at = f"{path}/{start + shift + both}"
        for position in range(start + both, end):
            yield from _test(old, position, at)
            yield {"op": "remove", "path": at}
        for offset in range(both, new_end - new_start):
            at = f"{path}/{start + shift + offset}"
            yield {"op": "add", "path": at, "value": new[new_start + offset]}
        shift += (new_end - new_start) - (end - start)


def _test(items: list[Any], position: int, path: str) -> Iterator[JsonObject]:
    """Yield a test that only this item of an array passes, by one of its members if one will do."""
    item = items[position]
    others = [each for each in items if each != item]
    if not others:
        return
    if isinstance(item, dict) and all(isinstance(each, dict) for each in others):
        names = [n for n in item if all(each.get(n) != item[n] for each in others)]
        if names:
            name = min(names, key=lambda each: len(dumps(item[each])))
            yield {"op": "test", "path": f"{path}/{_escape(name)}", "value": item[name]}
            return
    yield {"op": "test", "path": path, "value": item}


def _child(here: Any, step: str, operation: JsonObject) -> Any:
    if isinstance(here, dict) and step in here:
        return here[step]
    if isinstance(here, list) and _INDEX.fullmatch(step) and int(step) < len(here):
        return here[int(step)]
    raise _refused(operation)


def _change(here: Any, step: str, op: str, value: Any, operation: JsonObject) -> None:
    if isinstance(here, dict):
        if op != "add" and step not in here:
            raise _refused(operation)
        if op == "remove":
            del here[step]
        else:
            here[step] = value
        return
    if not isinstance(here, list) or not _INDEX.fullmatch(step):
        raise _refused(operation)
    index = int(step)
    if index > len(here) or (op != "add" and index == len(here)):
        raise _refused(operation)
    if op == "add":
        here.insert(index, value)
    elif op == "replace":
        here[index] = value
    else:
        del here[index]


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _refused(operation: object) -> ModelError:
    shown = f"an operation that is {kind(operation)}"
    if isinstance(operation, dict):  # without its value, which may be about a person
        named: JsonObject = {name: operation.get(name) for name in ("op", "path")}
        shown = dumps(named)[:100]
    return ModelError(
        f"{shown} cannot be applied; write add, replace, remove or test with a path that is there"
        " (RFC 6902)"
    )

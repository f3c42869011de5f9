"""The part of YAML that a profile needs: mappings, lists, texts, numbers, yes and no."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import yaml

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import ParseError

__all__ = ["parse_yaml"]

_DEPTH = 16  # levels; a profile needs seven
_SCALARS: Mapping[str, Callable[[str], JsonValue]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
}
_BOOLEANS = {"true": True, "false": False}


def parse_yaml(content: bytes) -> JsonValue:
    """Read plain YAML; work is linear in its size, since no part can be used twice.

    Raises:
        ParseError: not YAML, or more of it than mappings, lists, texts, numbers, true and false.
    """
    try:
        return _read(yaml.compose(content, yaml.SafeLoader), set(), 0)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        place = getattr(error, "problem_mark", None)
        where = f", line {place.line + 1}" if place is not None else ""
        raise ParseError(f"it is no YAML{where}: {_reason(error)}") from error


def _read(node: yaml.Node | None, seen: set[int], depth: int) -> JsonValue:
    if node is None:
        return None
    if id(node) in seen:
        raise ParseError(f"{_place(node)}: a part of it is used again (*…); write it out")
    if depth > _DEPTH:
        raise ParseError(f"{_place(node)}: it is nested deeper than any profile")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_read(each, seen, depth + 1) for each in node.value]
    found: JsonObject = {}
    for key_node, value_node in node.value:
        key = _read(key_node, seen, depth + 1)
        if not isinstance(key, str):
            raise ParseError(f"{_place(key_node)}: a name is no plain text; put it in quotes")
        if key in found:
            raise ParseError(f"{_place(key_node)}: {key[:80]!r} is there twice; leave one out")
        found[key] = _read(value_node, seen, depth + 1)
    return found


def _scalar(node: yaml.ScalarNode) -> JsonValue:
    text: str = node.value
    if node.tag == "tag:yaml.org,2002:bool" and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    make = _SCALARS.get(node.tag)
    if make is None or (make is not str and len(text) > 20):
        raise ParseError(
            f"{_place(node)}: {text[:80]!r} is no text, number, true or false; put it in quotes if "
            "it is meant as text"
        )
    return make(text)


def _place(node: yaml.Node) -> str:
    return f"line {node.start_mark.line + 1}"


def _reason(error: Exception) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or error
    return str(problem)[:200] or "it cannot be read"

"""The little of YAML that a list of trusted issuers needs: plain texts, and mappings of them."""

from __future__ import annotations

import yaml

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import ParseError

__all__ = ["parse_yaml"]


def parse_yaml(content: bytes) -> JsonValue:
    """Read texts and mappings; whatever else stands in place of a text becomes None.

    Raises:
        ParseError: not YAML, a name twice in one mapping, or a part that is used again.
    """
    try:
        return _read(yaml.compose(content, yaml.SafeLoader), set())
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ParseError("it is neither JSON nor YAML") from error


def _read(node: yaml.Node | None, seen: set[int]) -> JsonValue:
    """Take plain texts and mappings of them; nothing that YAML can multiply or overwrite."""
    if id(node) in seen:
        raise ParseError("it refers to a part of itself, which is not read")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
        return str(node.value)
    if not isinstance(node, yaml.MappingNode):
        return None
    found: JsonObject = {}
    for key_node, value_node in node.value:
        key = _read(key_node, seen)
        if not isinstance(key, str):
            raise ParseError("a name in it is no plain text (merge keys are not read)")
        if key in found:
            raise ParseError(f"{key[:80]!r} is in it twice")
        found[key] = _read(value_node, seen)
    return found

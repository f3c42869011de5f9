"""Options that belong together: several commands take them as one parameter, a dataclass."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar, get_type_hints

__all__ = ["given_names", "spread"]

_Answer = TypeVar("_Answer")


def spread(command: Callable[..., _Answer]) -> Callable[..., _Answer]:
    """Give a command each field of the dataclasses among its parameters as an option of its own.

    A dataclass may have fields that are such dataclasses. No two of the options may share a name.
    """
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        parameters += _options(parameter.name, parameter.annotation, parameter.default)

    def run(**given: Any) -> _Answer:
        own = inspect.signature(command, eval_str=True).parameters
        return command(**{name: _take(own[name].annotation, name, given) for name in own})

    run.__doc__ = command.__doc__
    run.__name__ = command.__name__
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def given_names(bundle: object) -> list[str]:
    """Return the options of a bundle that were given, as they are written."""
    own = fields(bundle)  # type: ignore[arg-type]
    given = [each.name for each in own if getattr(bundle, each.name) != each.default]
    return [_written(type(bundle), name) for name in given]


def _options(name: str, annotation: Any, default: Any) -> list[inspect.Parameter]:
    if not is_dataclass(annotation):
        kind = inspect.Parameter.KEYWORD_ONLY
        return [inspect.Parameter(name, kind, default=default, annotation=annotation)]
    hints = get_type_hints(annotation, include_extras=True)
    found: list[inspect.Parameter] = []
    for field in fields(annotation):
        own = inspect.Parameter.empty if field.default is MISSING else field.default
        found += _options(field.name, hints[field.name], own)
    return found


def _take(annotation: Any, name: str, given: Mapping[str, Any]) -> Any:
    if not isinstance(annotation, type) or not is_dataclass(annotation):
        return given[name]
    hints = get_type_hints(annotation, include_extras=True)
    return annotation(
        **{each.name: _take(hints[each.name], each.name, given) for each in fields(annotation)}
    )


def _written(bundle: type, name: str) -> str:
    """Return how an option is written: as its declaration says, or by its name."""
    annotation = get_type_hints(bundle, include_extras=True)[name]
    for said in getattr(annotation, "__metadata__", ()):
        declared = [said.default, *(getattr(said, "param_decls", None) or ())]
        for each in declared:
            if isinstance(each, str) and each.startswith("--"):
                return each
    return f"--{name.replace('_', '-')}"

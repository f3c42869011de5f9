"""Spans and counters for OpenTelemetry, where the application uses it; nothing where it does not.

Only the API is used, and only once the application itself has imported it: a library sets up no
exporter, and loads nothing that nobody asked for. Nothing that may name a person gets into an
attribute: no ids, no messages of errors, only their types and codes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

__all__ = ["annotate", "count", "traced"]

P = ParamSpec("P")
R = TypeVar("R")

_SCOPE = "testamur"
_counters: dict[str, Any] = {}


def traced(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let each call of a function be a span of this name."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            trace: Any = sys.modules.get("opentelemetry.trace")
            if trace is None:
                return function(*args, **kwargs)
            with _Span(trace, name):
                return function(*args, **kwargs)

        return call

    return decorate


def annotate(attribute: str, value: str | int) -> None:
    """Say something of the span of the function that is running; no personal data."""
    trace: Any = sys.modules.get("opentelemetry.trace")
    if trace is not None:
        trace.get_current_span().set_attribute(attribute, value)


def count(name: str, amount: int = 1, /, **attributes: str) -> None:
    """Add to a counter; no personal data."""
    metrics: Any = sys.modules.get("opentelemetry.metrics")
    if metrics is None:
        return
    if name not in _counters:
        _counters[name] = metrics.get_meter(_SCOPE).create_counter(name)
    _counters[name].add(amount, attributes)


class _Span:
    """A span that says of an error what it is, and not what it says."""

    __slots__ = ("_context", "_span", "_trace")

    def __init__(self, trace: Any, name: str) -> None:
        self._trace = trace
        self._context = trace.get_tracer(_SCOPE).start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        )

    def __enter__(self) -> None:
        self._span = self._context.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._span.set_attribute("error.type", kind.__qualname__)
            code = getattr(error, "code", None)
            if isinstance(code, str):
                self._span.set_attribute("testamur.code", str(code))
            self._span.set_status(self._trace.Status(self._trace.StatusCode.ERROR))
        self._context.__exit__(kind, error, traceback)

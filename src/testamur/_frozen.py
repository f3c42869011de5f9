"""Frozen classes with slots, as `dataclasses` makes them, for what is loaded at every start.

`dataclasses` imports `inspect`, and writes and compiles half a dozen functions for every class. For
the classes that one verification loads, that takes about as long as starting Python and loading an
Ed25519 library. Here the functions of a class are shared ones, and its `__init__` is compiled when
some instances have been made. Type checkers see the real `dataclasses`; so does whoever asks for
`__dataclass_fields__`, as `dataclasses.replace` does.

Only `frozen=True, slots=True` is made, without inheritance of fields.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass", "field", "fields", "replace"]


class _Missing:
    """Stands where no value was given."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<factory>"


_MISSING: Any = _Missing()
_OWN = "__frozen_fields__"
_PICKS: dict[tuple[type[Any], str], Callable[[Any], Any]] = {}
_PLAINLY = 2  # instances of a class that are made before its `__init__` is compiled


class _Field:
    """One field of a class, with the settings that `dataclasses.field` has for it."""

    __slots__ = ("default", "name", "settings")

    def __init__(self, default: Any = _MISSING, **settings: Any) -> None:
        self.name = ""
        self.default = default
        self.settings = settings

    def __getattr__(self, name: str) -> Any:
        """Give a setting; what is not set is what `dataclasses` takes it to be."""
        if name in ("init", "repr", "compare"):
            return self.settings.get(name, True)
        if name == "hash":
            return self.settings.get(name, self.compare)
        if name == "default_factory":
            return self.settings.get(name, _MISSING)
        raise AttributeError(name)


class _Later:
    """An attribute of a class that is made when it is asked for."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __get__(self, instance: object, owner: type) -> Any:
        return self._make(owner)


def _dataclass(*, frozen: bool, slots: bool, kw_only: bool = False) -> Callable[[Any], Any]:
    """Make a frozen class with slots of a class with annotations.

    Raises:
        TypeError: `frozen` or `slots` is not True.
    """
    if not frozen or not slots:
        raise TypeError("only frozen classes with slots are made here")
    return lambda template: _build(template, kw_only=kw_only)


def _build(template: Any, *, kw_only: bool) -> Any:
    """Make the class anew, since slots cannot be added to one that is there."""
    members = dict(vars(template))
    annotations: dict[str, Any] = dict(template.__annotations__)
    own: list[_Field] = []
    for name in annotations:
        given = members.pop(name, _MISSING)
        each = given if isinstance(given, _Field) else _Field(given)
        each.name = name
        own.append(each)
    members.pop("__dict__", None)
    members.pop("__weakref__", None)
    for name, function in _SHARED.items():
        if name not in members or (name == "__hash__" and members[name] is None):
            members[name] = function
    members |= {
        "__slots__": tuple(annotations),
        "__match_args__": () if kw_only else tuple(each.name for each in own if each.init),
        "__dataclass_fields__": _Later(lambda made: _genuine(made).__dataclass_fields__),
        "__signature__": _Later(_signature),
        _OWN: tuple(own),
        "__frozen_kw_only__": kw_only,
        "__qualname__": template.__qualname__,
    }

    left = _PLAINLY

    def init_first(self: Any, *args: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0 or not _set_plainly(self, args, named):
            made.__init__ = compiled = _compiled_init(made)
            compiled(self, *args, **named)

    members["__init__"] = init_first
    made: Any = type(template)(template.__name__, template.__bases__, members)
    return made


def _set_plainly(instance: Any, args: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Set the fields from arguments that fit them; otherwise set none of them."""
    fields_of_init = [each for each in getattr(instance, _OWN) if each.init]
    if args and (instance.__frozen_kw_only__ or len(args) > len(fields_of_init)):
        return False
    given = {each.name: value for each, value in zip(fields_of_init, args, strict=False)}
    if not given.keys().isdisjoint(named):
        return False
    given |= named
    values: dict[str, Any] = {}
    for each in getattr(instance, _OWN):
        if each.init and each.name in given:
            values[each.name] = given.pop(each.name)
        elif each.default is not _MISSING:
            values[each.name] = each.default
        elif each.default_factory is not _MISSING:
            values[each.name] = each.default_factory()
        elif each.init:
            return False
    if given:
        return False
    for name, value in values.items():
        object.__setattr__(instance, name, value)
    if hasattr(instance, "__post_init__"):
        instance.__post_init__()
    return True


def _compiled_init(made: Any) -> Callable[..., None]:
    """Write `__init__` as one would by hand. What it calls arrives as arguments of a function."""
    given: dict[str, Any] = {"_missing": _MISSING}
    parameters, lines = ["self"], []
    if made.__frozen_kw_only__:
        parameters.append("*")
    for each in getattr(made, _OWN):
        name, value = each.name, each.name
        given[f"_set_{name}"] = vars(made)[name].__set__
        if each.default is not _MISSING:
            given[f"_default_{name}"] = each.default
            parameter = f"{name}=_default_{name}"
        elif each.default_factory is not _MISSING:
            given[f"_make_{name}"] = each.default_factory
            parameter = f"{name}=_missing"
            value = f"_make_{name}() if {name} is _missing else {name}"
        else:
            parameter = name
        if each.init:
            parameters.append(parameter)
            lines.append(f"_set_{name}(self, {value})")
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n  ".join(lines) or "pass"
    source = f"def make({', '.join(given)}):\n def __init__({', '.join(parameters)}):\n  {body}\n"
    written: dict[str, Any] = {}
    # The names are those of annotations in our own classes.
    exec(f"{source} return __init__", vars(sys.modules[made.__module__]), written)  # noqa: S102
    compiled: Callable[..., None] = written["make"](**given)
    compiled.__qualname__ = f"{made.__qualname__}.__init__"
    compiled.__annotations__ = {**made.__annotations__, "return": None}
    return compiled


def _genuine(made: Any) -> Any:
    """Make what `dataclasses` makes of the same class."""
    import dataclasses

    members: dict[str, Any] = {
        "__annotations__": dict(made.__annotations__),
        "__module__": made.__module__,
    }
    for each in getattr(made, _OWN):
        default = {} if each.default is _MISSING else {"default": each.default}
        members[each.name] = dataclasses.field(**default, **each.settings)
    kw_only: bool = made.__frozen_kw_only__
    return dataclasses.dataclass(frozen=True, kw_only=kw_only)(type(made.__name__, (), members))


def _signature(made: Any) -> Any:
    import inspect

    return inspect.signature(_genuine(made))


def _values(instance: Any, setting: str) -> Any:
    made = instance.__class__
    pick = _PICKS.get((made, setting))
    if pick is None:
        names = [each.name for each in getattr(made, _OWN) if getattr(each, setting)]
        pick = attrgetter(*names) if len(names) > 1 else _pick_few(names)
        _PICKS[made, setting] = pick
    return pick(instance)


def _pick_few(names: list[str]) -> Callable[[Any], Any]:
    """Like `attrgetter`, which gives a tuple of two attributes or more only."""
    return lambda instance: tuple([getattr(instance, name) for name in names])


def _repr(self: Any) -> str:
    shown = [
        f"{each.name}={getattr(self, each.name)!r}" for each in getattr(self, _OWN) if each.repr
    ]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _equal(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _values(self, "compare") == _values(other, "compare")


def _hash(self: Any) -> int:
    return hash(_values(self, "hash"))


def _refuse_to_set(self: Any, name: str, value: object) -> NoReturn:  # noqa: ARG001
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> NoReturn:  # noqa: ARG001
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _get_state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in getattr(self, _OWN)]


def _set_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(getattr(self, _OWN), state, strict=True):
        object.__setattr__(self, each.name, value)


def _field(*, default: Any = _MISSING, **settings: Any) -> Any:
    """Say more about a field than its default, as `dataclasses.field` does."""
    return _Field(default, **settings)


def _fields(value: Any) -> tuple[Any, ...]:
    """Return the fields of a class or an instance, in order; each has a `name`."""
    found: tuple[Any, ...] = getattr(value, _OWN)
    return found


def _replace(value: Any, /, **changes: Any) -> Any:
    """Return a copy in which some fields are others."""
    for each in getattr(value, _OWN):
        if each.init and each.name not in changes:
            changes[each.name] = getattr(value, each.name)
    return type(value)(**changes)


_SHARED: dict[str, Any] = {
    "__repr__": _repr,
    "__eq__": _equal,
    "__hash__": _hash,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _get_state,
    "__setstate__": _set_state,
    "__replace__": _replace,
}

if TYPE_CHECKING:
    from dataclasses import dataclass, field, fields, replace
else:
    dataclass, field, fields, replace = _dataclass, _field, _fields, _replace

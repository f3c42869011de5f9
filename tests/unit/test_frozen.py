"""_frozen: what it makes behaves as what `dataclasses` makes of the same class."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from typing import Any

import pytest

from testamur import _frozen


def _classes(module: Any) -> tuple[type[Any], type[Any], type[Any]]:
    @module.dataclass(frozen=True, slots=True)
    class Plain:
        """A class."""

        a: int
        b: str = "b"
        c: dict[str, int] = module.field(default_factory=dict, hash=False)
        d: int = module.field(default=3, repr=False, compare=False)

    @module.dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        a: int = 1
        b: str

    @module.dataclass(frozen=True, slots=True)
    class Derived:
        a: int
        twice: int = module.field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "twice", 2 * self.a)

        def __repr__(self) -> str:
            return "own"

    return Plain, Named, Derived


OURS, THEIRS = _classes(_frozen), _classes(dataclasses)
CALLS: list[tuple[int, tuple[Any, ...], dict[str, Any]]] = [
    (0, (1,), {}),
    (0, (1, "x", {"y": 2}, 4), {}),
    (0, (), {"a": 1, "c": {"z": 1}}),
    (0, (1,), {"a": 2}),
    (0, (), {}),
    (0, (1,), {"e": 1}),
    (0, (1, 2, {}, 4, 5), {}),
    (1, (), {"b": "x"}),
    (1, (), {"a": 5, "b": "x"}),
    (1, (1,), {"b": "x"}),
    (1, (), {}),
    (2, (4,), {}),
    (2, (4, 8), {}),
]


def shown(make: Any) -> tuple[Any, ...]:
    try:
        value = make()
    except TypeError:
        return ("TypeError",)
    names = [each.name for each in dataclasses.fields(value)]
    return repr(value).replace(type(value).__qualname__, ""), [getattr(value, n) for n in names]


@pytest.mark.parametrize("times", [1, 5])  # before and after `__init__` is compiled
@pytest.mark.parametrize(("number", "args", "named"), CALLS)
def test_instances_are_what_dataclasses_makes(
    number: int, args: tuple[Any, ...], named: dict[str, Any], times: int
) -> None:
    ours, theirs = _classes(_frozen)[number], THEIRS[number]
    for _ in range(times):
        assert shown(lambda: ours(*args, **named)) == shown(lambda: theirs(*args, **named))


@pytest.mark.parametrize("made", [OURS, THEIRS], ids=["ours", "theirs"])
def test_values_are_equal_by_their_fields(made: tuple[Any, ...]) -> None:
    plain, named, _ = made
    assert plain(1) == plain(1, d=4)
    assert hash(plain(1)) == hash(plain(1, c={"x": 1}))
    assert plain(1) != plain(2)
    assert plain(1) != named(b="b")
    assert plain.__match_args__ == ("a", "b", "c", "d")
    assert named.__match_args__ == ()


@pytest.mark.parametrize("made", [OURS, THEIRS], ids=["ours", "theirs"])
def test_nothing_can_be_set_or_added(made: tuple[Any, ...]) -> None:
    value = made[0](1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.a = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del value.a
    assert not hasattr(value, "__dict__")


def test_dataclasses_takes_them_for_its_own() -> None:
    plain: Any = OURS[0]
    named: Any = OURS[1]
    assert dataclasses.replace(plain(1), b="x") == plain(1, "x")
    assert _frozen.replace(plain(1), b="x") == plain(1, "x")
    assert dataclasses.asdict(named(b="x")) == {"a": 1, "b": "x"}
    for ours, theirs in zip(OURS, THEIRS, strict=True):
        assert dataclasses.is_dataclass(ours)
        assert str(inspect.signature(ours)) == str(inspect.signature(theirs))


def test_they_can_be_copied_and_sent_to_other_processes() -> None:
    from testamur.protocols import Recognition

    value = Recognition("did:example:a", "A", "list")
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value  # noqa: S301


def test_only_frozen_classes_with_slots_are_made() -> None:
    with pytest.raises(TypeError, match="frozen"):
        _frozen.dataclass(frozen=False, slots=True)

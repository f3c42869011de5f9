"""The common base of all models: frozen, strict, JSON in and out, faults as one ModelError.

A model is a view of a document. It keeps members it does not know, the form in which a set was
written (one value, or an array), and how dates and numbers were written, so that `to_json` of what
`from_json` read gives an equal document. What is verified is nevertheless always the original.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType
from typing import Annotated, Any, ClassVar, Self, TypeAlias, TypeVar, Union, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, ModelError
from testamur.model.dates import (
    LexicalDateTime,
    format_date_time_stamp,
    parse_date_time_stamp,
)
from testamur.model.faults import TOO_DEEP, fault, model_error

__all__ = [
    "AtLeastOne",
    "Maybe",
    "Model",
    "One",
    "OneOrMany",
    "StringOr",
    "TypedModel",
    "Types",
    "Written",
    "format_date_time_stamp",
    "parse_date_time_stamp",
]

T = TypeVar("T")


class Written:
    """A value that is no model but knows how it is written in JSON."""

    __slots__ = ()

    def to_json(self) -> JsonValue:
        """Write it: a fresh copy."""
        raise NotImplementedError


class One(tuple[T, ...]):
    """A set of exactly one, which is written as that one value, without an array."""

    __slots__ = ()


def _one_or_many(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    if isinstance(value, (list, tuple)) and not isinstance(value, One):
        return validate(tuple(value))
    return One(validate(tuple(value) if isinstance(value, One) else (value,)))


def _not_empty(value: tuple[T, ...]) -> tuple[T, ...]:
    if not value:
        raise fault("is an empty array; write at least one value, or leave it out where it may be")
    return value


@dataclass(frozen=True, slots=True)
class _NotNull:
    """Lets a field be None in Python, where that means "not there", but not null in JSON."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        alternatives = tuple(each for each in get_args(source) if each is not NoneType)
        return handler.generate_schema(Union[alternatives])  # noqa: UP007


@dataclass(frozen=True, slots=True)
class StringOr:
    """Validates a string with `check`, and anything else as the model beside `str`.

    Unlike a union it reports only the faults of the form that was used.
    """

    check: Callable[[str], str]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        (model,) = (each for each in get_args(source) if each is not str)

        def validate(value: object, inner: ValidatorFunctionWrapHandler) -> object:
            return self.check(value) if isinstance(value, str) else inner(value)

        return core_schema.no_info_wrap_validator_function(validate, handler.generate_schema(model))


Maybe: TypeAlias = Annotated[T | None, _NotNull()]
"""A member that may be left out; null is refused (Open Badges 3.0, Serialization)."""

OneOrMany: TypeAlias = Annotated[tuple[T, ...], WrapValidator(_one_or_many)]
"""A set: an array, or its only value alone (JSON-LD 1.1, compaction). Always read as a tuple."""

AtLeastOne: TypeAlias = Annotated[
    tuple[T, ...], WrapValidator(_one_or_many), AfterValidator(_not_empty)
]
"""Like OneOrMany, and not empty."""

Types: TypeAlias = AtLeastOne[str]
"""The value of `type`."""


class Model(BaseModel):
    """A JSON object of a standard: snake_case in Python, the standard's names in JSON.

    Both names are taken by the constructor, only the standard's by `from_json`: in a document
    `valid_until` is an unknown member, not another spelling of `validUntil`.

    Attributes:
        path_name: what a path to a fault begins with, where the caller gives nothing else.
        member_order: the JSON names that are written first, in this order.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, alias_generator=to_camel)

    path_name: ClassVar[str] = ""
    member_order: ClassVar[tuple[str, ...]] = ("@context", "id", "type")

    def __init__(self, /, **members: Any) -> None:
        document = self._by_alias(members)
        try:
            self.__pydantic_validator__.validate_python(document, self_instance=self)
        except ValidationError as error:
            raise _model_error(error, type(self), _root(type(self)), document) from error

    # Tells pydantic that a nested model need not be built through __init__: a fault below it is
    # then reported once, with its whole path.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def from_json(cls, document: JsonValue, *, path: str | None = None) -> Self:
        """Read a JSON document.

        The document is not copied: do not change it afterwards. Unknown members are kept.

        Args:
            document: what `strict_json.parse` returned; work is linear in its size.
            path: what the path of a fault begins with; by default the name of the thing.

        Raises:
            ModelError: the document breaks rules of the standard; the message names them all.
        """
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            raise _model_error(error, cls, path or _root(cls), document) from error
        except RecursionError as error:
            raise ModelError(
                f"{path or _root(cls)}: {TOO_DEEP}",
                code=Code.RESOURCE_LIMIT,
                path=path or _root(cls),
            ) from error

    def to_json(self) -> JsonObject:
        """Write the JSON document: a fresh copy, in the customary order, `proof` last.

        None and empty sets are left out (Open Badges 3.0, Serialization: "MUST be omitted").
        """
        document: JsonObject = {}
        for name, alias in _members(type(self)):
            value = self.__dict__[name]
            if value is not None and value != ():
                document[alias] = _to_json(value)
        document.update(deepcopy(self.__pydantic_extra__ or {}))
        if "proof" in document:
            document["proof"] = document.pop("proof")
        return document

    @classmethod
    def _unknown_member(cls, parent: object, name: str) -> str:  # noqa: ARG003
        """Say what is wrong with a member that a closed object does not have, and the remedy.

        Args:
            parent: the object in which it stands, which may lie far inside of this one.
            name: of the member.
        """
        return "is not a member of this object, which takes no others; remove it"

    @classmethod
    def _by_alias(cls, members: dict[str, Any]) -> dict[str, Any]:
        """Return the constructor's arguments by their JSON names, without those that are None."""
        aliases = dict(_members(cls))
        document: dict[str, Any] = {}
        for name, value in members.items():
            alias = aliases.get(name, name)
            if alias in document:
                raise TypeError(f"{cls.__name__} got {alias} twice, also as {name}")
            if value is not None:
                document[alias] = value
        return document


class TypedModel(Model):
    """A model whose `type` names its class.

    Attributes:
        default_type: what `type` holds at least, and what the constructor fills in; a `One` where
            the standard wants a string, not an array. Empty: any type, which must be given.
        type_synonyms: other names for a type of `default_type`.
    """

    default_type: ClassVar[tuple[str, ...]] = ()
    type_synonyms: ClassVar[dict[str, str]] = {}

    type: Types

    def __init__(self, /, **members: Any) -> None:
        if self.default_type:
            members.setdefault("type", self.default_type)
        super().__init__(**members)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @field_validator("type")
    @classmethod
    def _check_type(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for wanted in cls.default_type:
            if wanted not in value and cls.type_synonyms.get(wanted) not in value:
                raise fault(
                    f"does not name {wanted}; add it",
                    expected=wanted,
                    found=", ".join(value),
                )
        if "" in value:
            raise fault("holds an empty string; name a type", found="")
        return value


@cache
def _members(model: type[Model]) -> tuple[tuple[str, str], ...]:
    """Return the (field name, JSON name) pairs of a model in the order of writing."""
    pairs = [(name, each.alias or to_camel(name)) for name, each in model.model_fields.items()]
    first = model.member_order
    pairs.sort(key=lambda pair: first.index(pair[1]) if pair[1] in first else len(first))
    return tuple(pairs)


def _root(model: type[Model]) -> str:
    name = model.__name__
    return model.path_name or name[0].lower() + name[1:]


def _model_error(
    error: ValidationError, model: type[Model], root: str, document: object
) -> ModelError:
    return model_error(error, root, document, unknown=model._unknown_member)


def _to_json(value: Any) -> JsonValue:
    if type(value) is str:
        return value
    if isinstance(value, (Model, Written)):
        return value.to_json()
    if isinstance(value, One):
        return _to_json(value[0])
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    if isinstance(value, LexicalDateTime):
        return value.lexical
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    # Left are the JSON values themselves: objects that are kept as they are, strings, numbers.
    return deepcopy(value)  # type: ignore[no-any-return]

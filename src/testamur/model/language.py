"""Texts with a language and a direction (VC Data Model 2.0, Language and Base Direction)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import (
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, core_schema

from testamur.model.base import Maybe, Model, OneOrMany
from testamur.model.faults import fault
from testamur.model.values import LanguageTag, closed

__all__ = ["Direction", "LanguageTag", "LanguageValue", "LocalizedText"]


class Direction(StrEnum):
    """The base direction of a text."""

    LTR = "ltr"
    RTL = "rtl"


class LanguageValue(Model):
    """A text in one language: a JSON-LD value object, with these three members and no other."""

    model_config = ConfigDict(extra="forbid")

    value: str = Field(alias="@value")
    language: Maybe[LanguageTag] = Field(default=None, alias="@language")
    direction: Maybe[Annotated[Direction, closed(Direction)]] = Field(
        default=None, alias="@direction"
    )


def _localized(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and "@value" not in value:
        raise fault(
            "is an object without @value. Language maps are not defined by the contexts, so their"
            ' texts would not be signed; write one string, or {"@value": …, "@language": …}',
            expected="string or language value objects",
        )
    return validate(value)


class _LocalizedText:
    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        objects = handler.generate_schema(OneOrMany[LanguageValue])
        return core_schema.no_info_wrap_validator_function(_localized, objects)


LocalizedText: TypeAlias = Annotated[str | tuple[LanguageValue, ...], _LocalizedText()]
"""A string, or language value objects; language maps are refused."""

"""Texts with a language and a direction (VC Data Model 2.0, Language and Base Direction)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, core_schema

from testamur.model.base import Maybe, Model, OneOrMany
from testamur.model.faults import fault, shorten
from testamur.model.values import closed

__all__ = ["Direction", "LanguageTag", "LanguageValue", "LocalizedText"]

# RFC 5646, 2.1, "langtag" and "privateuse"; the closed list of grandfathered tags is left out.
_LANGUAGE_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"  # language
    r"(?:-[a-z]{4})?"  # script
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?"  # region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*"  # extensions
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.ASCII | re.IGNORECASE,
)


def _check_language_tag(value: str) -> str:
    if not _LANGUAGE_TAG.fullmatch(value):
        raise fault(
            f"{shorten(value)} is not a language tag; write one as en, pl or pt-BR",
            expected="BCP 47 language tag",
            found=value,
        )
    return value


LanguageTag: TypeAlias = Annotated[str, AfterValidator(_check_language_tag)]
"""A well-formed BCP 47 language tag; whether its subtags are registered is not checked."""


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

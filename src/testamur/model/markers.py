"""How the type of a member is checked, said without pydantic: that is loaded with the first model.

Reading a date or a vocabulary does not need the models, and a program that does no more starts
faster for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

__all__ = ["After", "Plain"]


class After:
    """Checks, by a function, what pydantic has found to be of the type."""

    def __init__(self, check: Callable[[Any], Any]) -> None:
        self._check = check

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic import AfterValidator

        return AfterValidator(self._check).__get_pydantic_core_schema__(source, handler)


class Plain:
    """Checks by a function alone, whatever the type says."""

    def __init__(self, check: Callable[[Any], Any]) -> None:
        self._check = check

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic import PlainValidator

        return PlainValidator(self._check).__get_pydantic_core_schema__(source, handler)

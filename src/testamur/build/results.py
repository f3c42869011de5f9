"""Results: what can be achieved, described by the achievement, and what was, by the credential."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from testamur.build.identifiers import mint_id
from testamur.model.ob3 import (
    Alignment,
    Result,
    ResultDescription,
    ResultStatus,
    ResultType,
    RubricCriterionLevel,
)

__all__ = ["result", "result_description", "rubric_level"]


def result_description(
    name: str,
    result_type: ResultType | str,
    *,
    id: str | None = None,  # noqa: A002
    allowed_values: Sequence[str] = (),
    value_min: str | None = None,
    value_max: str | None = None,
    required_value: str | None = None,
    levels: Sequence[RubricCriterionLevel] = (),
    required_level: RubricCriterionLevel | str | None = None,
    alignments: Sequence[Alignment] = (),
    new_id: Callable[[], str] = mint_id,
) -> ResultDescription:
    """Describe a result that an achievement may have (Open Badges 3.0, ResultDescription).

    Args:
        result_type: a term of the vocabulary, or one of your own that begins with "ext:".
        id: an absolute URL; a new urn:uuid where it is None. Keep it: every award refers to it.
        allowed_values: from low to high.
        value_min: the smallest value, as text.
        value_max: the largest value, as text.
        required_value: what is needed to pass.
        levels: of a rubric, from low to high.
        required_level: the level needed to pass, or its id.
        new_id: where new ids come from.
    """
    return ResultDescription(
        id=id or new_id(),
        name=name,
        result_type=result_type,
        allowed_value=tuple(allowed_values),
        value_min=value_min,
        value_max=value_max,
        required_value=required_value,
        rubric_criterion_level=tuple(levels),
        required_level=_id(required_level),
        alignment=tuple(alignments),
    )


def rubric_level(
    name: str,
    *,
    id: str | None = None,  # noqa: A002
    description: str | None = None,
    level: str | None = None,
    points: str | None = None,
    alignments: Sequence[Alignment] = (),
    new_id: Callable[[], str] = mint_id,
) -> RubricCriterionLevel:
    """Build one level of a rubric (Open Badges 3.0, RubricCriterionLevel).

    Args:
        id: an absolute URL; a new urn:uuid where it is None. Keep it: every award refers to it.
        points: as text.
        new_id: where new ids come from.
    """
    return RubricCriterionLevel(
        id=id or new_id(),
        name=name,
        description=description,
        level=level,
        points=points,
        alignment=tuple(alignments),
    )


def result(
    description: ResultDescription | str,
    *,
    value: str | None = None,
    status: ResultStatus | None = None,
    achieved_level: RubricCriterionLevel | str | None = None,
    alignments: Sequence[Alignment] = (),
) -> Result:
    """State a result of one recipient (Open Badges 3.0, Result).

    Args:
        description: the achievement's result description, or its id.
        value: as text: a grade, a score, a percentage.
        achieved_level: a level of the description's rubric, or its id.
    """
    return Result(
        result_description=_id(description),
        value=value,
        status=status,
        achieved_level=_id(achieved_level),
        alignment=tuple(alignments),
    )


def _id(value: ResultDescription | RubricCriterionLevel | str | None) -> str | None:
    return value if value is None or isinstance(value, str) else value.id

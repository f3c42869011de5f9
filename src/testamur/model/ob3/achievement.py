"""What was achieved: achievements, criteria, alignments, results (Open Badges 3.0, Data Model)."""

from __future__ import annotations

from pydantic import ConfigDict

from testamur.model import credential_parts
from testamur.model.base import Maybe, Model, One, OneOrMany, TypedModel
from testamur.model.language import LanguageTag
from testamur.model.ob3.vocabulary import AnyAlignmentTargetType, AnyResultStatus, AnyResultType
from testamur.model.values import Markdown, Url

__all__ = [
    "Alignment",
    "Criteria",
    "Evidence",
    "Image",
    "Related",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
]


class Image(TypedModel):
    """An image by its URL or data: URL (Open Badges 3.0, Image); closed, and never a string."""

    model_config = ConfigDict(extra="forbid")
    default_type = One(("Image",))

    id: Url
    caption: Maybe[str] = None


class Criteria(Model):
    """What must be done to earn the achievement (Open Badges 3.0, Criteria).

    It should have an id or a narrative; `check_for_issue` demands one.
    """

    id: Maybe[Url] = None
    narrative: Maybe[Markdown] = None


class Alignment(TypedModel):
    """A relation to a node of an educational framework (Open Badges 3.0, Alignment)."""

    default_type = ("Alignment",)

    target_name: str
    target_url: Url
    target_code: Maybe[str] = None
    target_description: Maybe[str] = None
    target_framework: Maybe[str] = None
    target_type: Maybe[AnyAlignmentTargetType] = None


class RubricCriterionLevel(TypedModel):
    """One level of a rubric criterion (Open Badges 3.0, RubricCriterionLevel)."""

    default_type = ("RubricCriterionLevel",)

    id: Url
    name: str
    description: Maybe[str] = None
    level: Maybe[str] = None
    points: Maybe[str] = None
    alignment: OneOrMany[Alignment] = ()


class ResultDescription(TypedModel):
    """A result that may be achieved (Open Badges 3.0, ResultDescription).

    allowed_value and rubric_criterion_level are ordered from low to high.
    """

    default_type = ("ResultDescription",)

    id: Url
    name: str
    result_type: AnyResultType
    allowed_value: OneOrMany[str] = ()
    required_level: Maybe[Url] = None
    required_value: Maybe[str] = None
    value_min: Maybe[str] = None
    value_max: Maybe[str] = None
    rubric_criterion_level: OneOrMany[RubricCriterionLevel] = ()
    alignment: OneOrMany[Alignment] = ()


class Result(TypedModel):
    """A result that was achieved (Open Badges 3.0, Result).

    Whether it fits its ResultDescription is asked by `check_for_issue`: the standard's own complete
    example states a level of another description.
    """

    default_type = ("Result",)

    result_description: Maybe[Url] = None
    achieved_level: Maybe[Url] = None
    status: Maybe[AnyResultStatus] = None
    value: Maybe[str] = None
    alignment: OneOrMany[Alignment] = ()


class Related(TypedModel):
    """Another edition of the achievement: language or version (Open Badges 3.0, Related)."""

    default_type = ("Related",)

    id: Url
    in_language: Maybe[LanguageTag] = None
    version: Maybe[str] = None


class Evidence(credential_parts.Evidence):
    """What the recipient did (Open Badges 3.0, Evidence)."""

    default_type = ("Evidence",)

    name: Maybe[str] = None
    description: Maybe[str] = None
    narrative: Maybe[Markdown] = None
    genre: Maybe[str] = None
    audience: Maybe[str] = None

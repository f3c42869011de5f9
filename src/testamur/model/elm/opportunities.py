"""What is on offer: opportunities to learn, what they cost, and what helps to pay for them."""

from __future__ import annotations

from pydantic import Field

from testamur.model.base import AtLeastOne, Maybe, One, OneOrMany
from testamur.model.dates import DateTime
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import AnyConcept, Currency
from testamur.model.elm.language import Texts
from testamur.model.elm.node import Link, Node
from testamur.model.elm.parts import Described, Documented, Identified
from testamur.model.elm.values import DateModified, DecimalText, Duration, Html
from testamur.model.values import Url

__all__ = ["Amount", "Grant", "LearningOpportunity", "PriceDetail"]


class Amount(Node):
    """An amount of money."""

    default_type = One(("Amount",))

    unit: Currency
    value: DecimalText


class PriceDetail(Identified):
    """What it costs."""

    default_type = One(("PriceDetail",))

    pref_label: Maybe[Texts] = None
    description: Maybe[Texts] = None
    additional_note: OneOrMany[kinds.Note] = ()
    amount: Maybe[kinds.Amount] = None


class Grant(Described):
    """What helps to pay for it."""

    default_type = One(("Grant",))

    dc_type: Maybe[AnyConcept] = None
    content_url: Maybe[Url] = Field(default=None, alias="contentURL")


class LearningOpportunity(Documented):
    """An opportunity to learn, as a course in one semester.

    The data model also has a default language; the published context has no term for it, so it
    cannot be written.
    """

    default_type = One(("LearningOpportunity",))

    provided_by: AtLeastOne[kinds.Organisation]
    dc_type: OneOrMany[AnyConcept] = ()
    homepage: OneOrMany[kinds.WebResource] = ()
    temporal: Maybe[kinds.PeriodOfTime] = None
    duration: Maybe[Duration] = None
    mode: OneOrMany[AnyConcept] = ()
    learning_schedule: Maybe[AnyConcept] = None
    schedule_information: Maybe[kinds.Note] = None
    admission_procedure: Maybe[kinds.Note] = None
    application_deadline: OneOrMany[DateTime] = ()
    price_detail: OneOrMany[kinds.PriceDetail] = ()
    grant: OneOrMany[kinds.Grant] = ()
    location: OneOrMany[kinds.Location] = ()
    learning_achievement_specification: Maybe[Link[kinds.AnyAchievementSpecification]] = None
    learning_activity_specification: Maybe[Link[kinds.LearningActivitySpecification]] = None
    has_part: OneOrMany[Link[kinds.LearningOpportunity]] = ()
    is_part_of: OneOrMany[Link[kinds.LearningOpportunity]] = ()
    banner_image: Maybe[kinds.MediaObject] = None
    description_html: OneOrMany[Html] = ()
    status: Maybe[str] = None
    date_modified: Maybe[DateModified] = None

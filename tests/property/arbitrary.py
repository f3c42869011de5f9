"""Strategies: JSON of every kind, whatever an issuer may hand to the builders, and junk."""

from __future__ import annotations

import os
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from testamur import build
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonFloat, JsonValue
from testamur.model.ob3 import (
    Achievement,
    AchievementCredential,
    AchievementType,
    Alignment,
    ResultStatus,
    ResultType,
)
from unit.scenes import ACHIEVEMENT_ID, ISSUER, LEARNER, NOW, Document

__all__ = [
    "BOUNDED",
    "WIDE",
    "json_values",
    "junk_documents",
    "lexical_numbers",
    "mutations",
    "texts",
    "unsigned_badges",
]

BOUNDED = settings(
    max_examples=20,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
"""For tests that sign and verify; the same examples in every run of continuous integration."""

WIDE = settings(BOUNDED, max_examples=100)
"""For tests that cost little."""

texts = st.text(st.characters(codec="utf-8"), max_size=30)
"""Any Unicode text: UTF-8 cannot encode halves of surrogate pairs."""

_said = texts.filter(lambda text: bool(text.strip()))
_optional = st.none() | texts
_optional_said = st.none() | _said

lexical_numbers = st.from_regex(
    r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
)
"""Numbers as JSON writes them, finite as doubles."""


def _number(lexical: str) -> JsonValue:
    whole = lexical.lstrip("-").isdigit() and lexical != "-0"
    return int(lexical) if whole else JsonFloat(lexical)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | texts | lexical_numbers.map(_number),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


# What an issuer hands in

_ids = st.uuids().map(lambda uuid: f"urn:uuid:{uuid}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def _moments(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    microseconds = timedelta(microseconds=1)
    instants = st.integers((first - _EPOCH) // microseconds, (last - _EPOCH) // microseconds)
    return st.builds(
        lambda instant, zone: (_EPOCH + instant * microseconds).astimezone(zone),
        instants,
        st.just(UTC) | _zones,
    )


_past = _moments(datetime(1, 1, 3, tzinfo=UTC), NOW)
_future = _moments(NOW, datetime(9999, 12, 29, tzinfo=UTC))
_credits = st.integers(0, 10**6) | st.floats(0.001, 10**6)
_urls = st.sampled_from(
    [
        "https://uni.example/kryteria",
        "https://uni.example/a?b=c&d=%C5%BC#e",
        "http://data.europa.eu/esco/skill/x",
        "urn:isbn:0451450523",
        "https://köln.example/straße",
        "data:text/plain,hello",
    ]
)
_alignments = st.lists(
    st.builds(
        build.alignment,
        name=texts,
        url=_urls,
        code=_optional,
        description=_optional,
        framework=_optional,
        target_type=st.sampled_from([None, "ext:ESCO", "CFItem", "ceasn:Competency"]),
    ),
    max_size=2,
)
_kinds = st.sampled_from([None, *AchievementType, "ext:Diploma"])
_languages = st.sampled_from([None, "en", "pl", "pt-BR", "zh-Hant"])


@st.composite
def _achievements(draw: st.DrawFn) -> Achievement:
    grade = build.result_description(
        draw(texts), ResultType.LETTER_GRADE, id="urn:x:grade", allowed_values=["F", "C", "A"]
    )
    level = build.rubric_level(draw(texts), id="urn:x:level", points=draw(_optional))
    rubric = build.result_description(
        draw(texts), ResultType.RUBRIC_CRITERION_LEVEL, id="urn:x:rubric", levels=[level]
    )
    return build.achievement(
        id=ACHIEVEMENT_ID,
        name=draw(_said),
        description=draw(_said),
        criteria=draw(_said),
        criteria_url=draw(st.none() | _urls),
        achievement_type=draw(_kinds),
        alignments=_distinct(draw(_alignments)),
        results=[grade, rubric],
        credits_available=draw(st.none() | _credits),
        field_of_study=draw(_optional),
        human_code=draw(_optional),
        in_language=draw(_languages),
        version=draw(_optional),
        tags=draw(st.lists(texts, max_size=3)),
    )


def _distinct(alignments: list[Alignment]) -> list[Alignment]:
    return list({alignment.target_url: alignment for alignment in alignments}.values())


@st.composite
def unsigned_badges(draw: st.DrawFn) -> AchievementCredential:
    """A badge of ISSUER that is in force at NOW, with whatever else may be said in it."""
    issuer = build.profile(
        id=ISSUER,
        name=draw(_said),
        url=draw(st.none() | _urls),
        description=draw(_optional_said),
        phone=draw(_optional),
    )
    recipients = [build.recipient_by_id(LEARNER)] if draw(st.booleans()) else []
    if draw(st.booleans()) or not recipients:
        recipients.append(build.recipient_by_email("ada@uni.example", salt=draw(_said)))
    if draw(st.booleans()):
        recipients.append(build.recipient_by_name(draw(_said)))
    achievement = draw(_achievements())
    grade, rubric = achievement.result_description
    results = [
        build.result(grade, value=draw(st.sampled_from(["F", "C", "A"])), status=draw(_statuses)),
        build.result(rubric, achieved_level="urn:x:level"),
    ]
    return build.credential(
        issuer,
        achievement,
        recipient=recipients,
        id=draw(_ids),
        valid_from=draw(_past),
        valid_until=draw(st.none() | _future),
        name=draw(_optional_said),
        description=draw(_optional_said),
        awarded_date=draw(st.none() | _past),
        evidence=[
            build.evidence(name=draw(_optional), narrative=draw(_optional), genre=draw(_optional))
        ],
        results=results[: draw(st.integers(0, 2))],
        narrative=draw(_optional),
        activity_start_date=draw(st.none() | _past),
        activity_end_date=draw(st.none() | _future),
        credits_earned=draw(st.none() | _credits),
        license_number=draw(_optional),
        role=draw(_optional),
        term=draw(_optional),
    )


_statuses = st.sampled_from([None, *ResultStatus])


# Junk

_NAMES = [
    "@context",
    "id",
    "type",
    "issuer",
    "credentialSubject",
    "proof",
    "verifiableCredential",
    "endorsement",
    "endorsementJwt",
    "credentialStatus",
    "refreshService",
    "holder",
    "validUntil",
    "name",
    "vc",
    "jwk",
    "@value",
    "https://schema.org/name",
]
_NASTY: list[JsonValue] = [
    None,
    True,
    0,
    -1,
    JsonFloat("1e300"),
    2**63,
    "",
    "x",
    "a.b.c",
    "_:b0",
    "\ufeff",
    "did:key:z6Mk",
    "did:web:localhost",
    "https://[bad",
    "9999-99-99T99:99:99Z",
    "VerifiablePresentation",
    "EnvelopedVerifiableCredential",
    [],
    {},
    [[]],
    {"id": {}},
    {"@value": "x"},
    {"type": ["VerifiableCredential"]},
    *sorted(Contexts.bundled().urls)[:4],
]
_scalars = st.sampled_from(_NASTY)
_junk = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_NAMES) | texts, inner, max_size=5)
    ),
    max_leaves=12,
)
junk_documents: st.SearchStrategy[Any] = st.dictionaries(
    st.sampled_from(_NAMES), _junk, min_size=1, max_size=8
)
"""Objects with the names that a verifier looks at, and nothing that it looks for."""


def mutations(document: Document) -> st.SearchStrategy[Document]:
    """Copies of a document in which up to three parts are replaced, removed, renamed or added."""
    return st.lists(
        st.tuples(st.integers(0, 10**6), _junk, st.integers(0, 3)), min_size=1, max_size=3
    ).map(lambda changes: _mutate(document, changes))


def _mutate(document: Document, changes: list[tuple[int, Any, int]]) -> Document:
    result = deepcopy(document)
    for position, value, kind in changes:
        places = list(_places(result))
        container, key = places[position % len(places)]
        if kind == 0 and isinstance(container, dict):
            del container[key]
        elif kind == 1 and isinstance(container, dict):
            container[_NAMES[position % len(_NAMES)]] = container.pop(key)
        elif kind == 2 and isinstance(container, list):
            container.append(deepcopy(value))
        else:
            container[key] = deepcopy(value)
    return result


def _places(value: Any) -> Any:
    """Every (container, key) of a JSON value, at least one."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in list(items):
        yield value, key
        if isinstance(each, (dict, list)):
            yield from _places(each)

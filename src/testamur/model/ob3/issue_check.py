"""What we ask of a badge before we sign it, beyond what the standard refuses.

A credential of someone else's that lacks these things is still a credential; one of our own would
be misread, fail certification, or be unsafe. The rules come from prose of Open Badges 3.0 that its
schemas do not check, from the 1EdTech certification suite, and from wallets in use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar

from testamur.errors import Code, ModelError
from testamur.model.base import TypedModel
from testamur.model.faults import shorten
from testamur.model.language import LocalizedText
from testamur.model.ob3.achievement import Result, ResultDescription
from testamur.model.ob3.credential import (
    OPEN_BADGES_CONTEXT,
    OPEN_BADGES_EXTENSIONS,
    Achievement,
    AchievementCredential,
    AchievementSubject,
    EndorsementCredential,
    EndorsementCredentialV1P1,
    OpenBadgesCredential,
    OpenBadgesCredentialV1P1,
    Profile,
)
from testamur.model.ob3.identity import IdentityObject
from testamur.model.ob3.vocabulary import AchievementType, ResultStatus, ResultType
from testamur.model.vcdm import CREDENTIALS_V2, Credential

__all__ = ["VaryingAtIssue", "check_for_issue"]

T = TypeVar("T")

# Open Badges 3.0, LanguageCode: narrower than BCP 47, and what the published schemas test.
_LANGUAGE_CODE = re.compile("[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_COUNTRY_CODE = re.compile("[A-Z]{2}")


def check_for_issue(credential: Credential, *, path: str = "credential") -> None:
    """Check that a badge or an endorsement is fit to be signed and published.

    Does not check whether the contexts define every member; canonicalization does. Credentials
    that are not Open Badges have nothing to check here.

    Args:
        credential: before it is signed.
        path: what the path of a fault begins with.

    Raises:
        ModelError: the first thing that is wrong, its path and the remedy.
    """
    if isinstance(credential, OpenBadgesCredentialV1P1):
        raise _error(f"{path}.@context", f"VC 1.1 badges MUST NOT be issued; use {CREDENTIALS_V2}")
    if isinstance(credential, OpenBadgesCredential):
        _check_contexts(credential, path)
        _check_text(credential.name, f"{path}.name")
        if credential.description is not None:
            _check_text(credential.description, f"{path}.description")
        _check_issuer(credential.issuer, f"{path}.issuer")
    if isinstance(credential, AchievementCredential):
        _check_subject(credential.credential_subject, f"{path}.credentialSubject")
        _check_endorsements(credential, path)


class VaryingAtIssue:
    """What `check_for_issue` asks of the strings that differ between badges of one achievement.

    For a badge it accepted, of which `VaryingMembers` gave the paths; the activity's dates are not
    among them.

    Attributes:
        rules: (slot, rule): what is asked of single values, and of nothing else.
    """

    def __init__(self, badge: Credential, paths: Sequence[tuple[str | int, ...]]) -> None:
        """Prepare the rules. badge: one that was checked. paths: where its strings differ."""
        self.rules: list[tuple[int, Callable[[str], bool]]] = []
        if isinstance(badge, AchievementCredential):
            for slot, path in enumerate(paths):
                rule = _rule(badge.credential_subject, path)
                if rule is not None:
                    self.rules.append((slot, rule))


def _rule(subject: AchievementSubject, path: tuple[str | int, ...]) -> Callable[[str], bool] | None:
    if path[:1] != ("credentialSubject",):
        return None
    if path[1] == "identifier":
        # Plain identifiers may be any text; a salt beside one means nothing.
        identity = _one_of(subject.identifier, path)
        if not identity.hashed:
            return None
        return bool if path[-1] == "salt" else lambda value: not value.startswith("md5$")
    if path[1] != "result":
        return None
    result = _one_of(subject.result, path)
    descriptions = {each.id: each for each in subject.achievement.result_description}
    description = descriptions.get(result.result_description or "")
    check = _check_value if path[-1] == "value" else _check_level
    if description is None:
        return None if path[-1] == "value" else lambda _: False

    @lru_cache(maxsize=256)  # grades repeat
    def accepted(value: str) -> bool:
        try:
            check(value, description, "")
        except ModelError:
            return False
        return True

    return accepted


def _one_of(values: Sequence[T], path: tuple[str | int, ...]) -> T:
    return values[path[2] if isinstance(path[2], int) else 0]


def _check_contexts(credential: OpenBadgesCredential, path: str) -> None:
    contexts, path_of_contexts = credential.context, f"{path}.@context"
    _require(
        contexts[1] == OPEN_BADGES_CONTEXT,
        f"{path_of_contexts}[1]",
        f"is an older context, which leaves terms undefined; write {OPEN_BADGES_CONTEXT}",
        code=Code.CONTEXT_REJECTED,
    )
    _require(
        all(isinstance(each, str) for each in contexts),
        path_of_contexts,
        "holds an inline context, which verifiers refuse; publish it and write its URL",
        code=Code.CONTEXT_REJECTED,
    )
    types = set(_method_types(credential))
    _require(
        "1EdTechRevocationList" not in types,
        f"{path}.credentialStatus",
        "is a 1EdTechRevocationList, which is deprecated; use a BitstringStatusListEntry",
    )
    _require(
        OPEN_BADGES_EXTENSIONS in contexts or not any(each.startswith("1EdTech") for each in types),
        path_of_contexts,
        f"does not define the types that begin with 1EdTech; add {OPEN_BADGES_EXTENSIONS}",
        code=Code.CONTEXT_REJECTED,
    )


def _method_types(credential: OpenBadgesCredential) -> Iterator[str]:
    methods: Iterable[TypedModel]
    for methods in (
        credential.credential_status,
        credential.credential_schema,
        credential.refresh_service,
    ):
        for each in methods:
            yield from each.type


def _check_issuer(issuer: str | Profile, path: str) -> None:
    if isinstance(issuer, str):
        raise _error(path, "is a bare URL; write a Profile with id and name", Code.ISSUER_INVALID)
    _check_text(issuer.name, f"{path}.name")
    _check_profile(issuer, path)


def _check_profile(profile: Profile, path: str) -> None:
    country = profile.address.address_country_code if profile.address else None
    _require(
        country is None or bool(_COUNTRY_CODE.fullmatch(country)),
        f"{path}.address.addressCountryCode",
        "is not an ISO 3166-1 alpha-2 code; write two capital letters, as PL",
    )


def _check_subject(subject: AchievementSubject, path: str) -> None:
    for position, each in enumerate(subject.identifier):
        _check_identity(each, f"{path}.identifier[{position}]")
    _check_activity(subject, path)
    if subject.source is not None:
        _check_profile(subject.source, f"{path}.source")
    _check_achievement(subject.achievement, f"{path}.achievement")
    descriptions = {each.id: each for each in subject.achievement.result_description}
    for position, result in enumerate(subject.result):
        _check_result(result, descriptions, f"{path}.result[{position}]")


def _check_identity(identity: IdentityObject, path: str) -> None:
    if not identity.hashed:
        return
    _require(
        not identity.identity_hash.startswith("md5$"),
        f"{path}.identityHash",
        "is an MD5 hash, which is verified but must not be issued; use SHA-256",
    )
    _require(
        bool(identity.salt),
        f"{path}.salt",
        "is missing: an unsalted hash of an identifier can be guessed; add a random salt",
    )


def _check_activity(subject: AchievementSubject, path: str) -> None:
    start, end = subject.activity_start_date, subject.activity_end_date
    for name, moment in (("activityStartDate", start), ("activityEndDate", end)):
        _require(
            moment is None or moment.tzinfo is not None,
            f"{path}.{name}",
            "has no time zone; write it as 2026-12-01T00:00:00Z",
            code=Code.VALIDITY_MALFORMED,
        )
    _require(
        start is None or end is None or start <= end,
        f"{path}.activityEndDate",
        "is before activityStartDate; write a later date",
        code=Code.VALIDITY_MALFORMED,
    )


def _check_achievement(achievement: Achievement, path: str) -> None:
    _check_text(achievement.name, f"{path}.name")
    _check_text(achievement.description, f"{path}.description")
    _require(
        achievement.criteria.id is not None or bool(achievement.criteria.narrative),
        f"{path}.criteria",
        "says nothing; add an id (a web page) or a narrative",
    )
    kind = achievement.achievement_type or ""
    _require(
        kind == AchievementType.MICRO_CREDENTIAL
        or re.sub("^ext:|[^a-z]", "", kind.lower()) != "microcredential",
        f"{path}.achievementType",
        "is a micro-credential by another name; write 'MicroCredential'",
    )
    _require(
        achievement.in_language is None or bool(_LANGUAGE_CODE.fullmatch(achievement.in_language)),
        f"{path}.inLanguage",
        "is not a language code of Open Badges 3.0; write it as en, pl or pt-BR",
    )
    if achievement.creator is not None:
        _check_profile(achievement.creator, f"{path}.creator")
    seen: set[str] = set()
    for position, description in enumerate(achievement.result_description):
        path_of_description = f"{path}.resultDescription[{position}]"
        _require(
            description.id not in seen,
            f"{path_of_description}.id",
            "is used twice; give each result description its own id",
        )
        seen.add(description.id)
        _check_description(description, path_of_description)


def _check_description(description: ResultDescription, path: str) -> None:
    _check_level(description.required_level, description, f"{path}.requiredLevel")
    _check_value(description.required_value, description, f"{path}.requiredValue")


def _check_result(result: Result, descriptions: dict[str, ResultDescription], path: str) -> None:
    if result.result_description is None:
        _require(
            result.achieved_level is None,
            f"{path}.resultDescription",
            "is missing; name the result description that has the achievedLevel",
        )
        return
    description = descriptions.get(result.result_description)
    if description is None:
        raise _error(
            f"{path}.resultDescription",
            f"{shorten(result.result_description)} is no result description of the achievement;"
            " name one of achievement.resultDescription",
        )
    _require(
        description.result_type != ResultType.STATUS or result.status is not None,
        f"{path}.status",
        f"is missing though the result type is Status; add one of {', '.join(ResultStatus)}",
    )
    _check_level(result.achieved_level, description, f"{path}.achievedLevel")
    _check_value(result.value, description, f"{path}.value")


def _check_level(level: str | None, description: ResultDescription, path: str) -> None:
    levels = [each.id for each in description.rubric_criterion_level]
    _require(
        level is None or level in levels,
        path,
        f"is no rubricCriterionLevel of {shorten(description.id)}; name one of its levels",
    )


def _check_value(value: str | None, description: ResultDescription, path: str) -> None:
    if value is None:
        return
    allowed = description.allowed_value
    _require(
        not allowed or value in allowed,
        path,
        f"{shorten(value)} is not an allowed value; write one of {', '.join(allowed)}",
    )
    number = _decimal(value)
    least, most = _decimal(description.value_min), _decimal(description.value_max)
    _require(
        number is None or ((least is None or least <= number) and (most is None or number <= most)),
        path,
        f"{shorten(value)} is outside {description.value_min} to {description.value_max}",
    )


def _decimal(text: str | None) -> Decimal | None:
    """Return the number a text states; None where it states none."""
    try:
        number = Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _check_endorsements(credential: AchievementCredential, path: str) -> None:
    achievement = credential.credential_subject.achievement
    issuer, creator = credential.issuer_id, achievement.creator
    profiles = [(credential.issuer, f"{path}.issuer")]
    path_of_achievement = f"{path}.credentialSubject.achievement"
    if creator is not None:
        profiles.append((creator, f"{path_of_achievement}.creator"))
    named = {credential.id, achievement.id, issuer, *([creator.id] if creator else [])}
    _check_endorsed(credential.endorsement, named, path)
    _check_endorsed(achievement.endorsement, {achievement.id}, path_of_achievement)
    for profile, path_of_profile in profiles:
        if isinstance(profile, Profile):
            _check_endorsed(profile.endorsement, {profile.id}, path_of_profile)


def _check_endorsed(
    endorsements: Iterable[EndorsementCredential | EndorsementCredentialV1P1],
    named: set[str],
    path: str,
) -> None:
    for position, each in enumerate(endorsements):
        path_of_endorsement = f"{path}.endorsement[{position}]"
        _require(
            each.credential_subject.id in named,
            f"{path_of_endorsement}.credentialSubject.id",
            f"{shorten(each.credential_subject.id)} is not what the endorsement is attached to;"
            " attach it there, or leave it out",
            code=Code.ENDORSEMENT_INVALID,
        )
        _require(
            bool(each.proof),
            f"{path_of_endorsement}.proof",
            "is missing; embed an endorsement after its issuer signed it",
            code=Code.ENDORSEMENT_INVALID,
        )


def _check_text(text: LocalizedText | None, path: str) -> None:
    _require(text is not None and text != "", path, "is missing; add it")
    _require(
        isinstance(text, str),
        path,
        "is not a plain string, which Open Badges 3.0 demands; write one string, and give other"
        " languages as related achievements",
    )
    _require(bool(str(text).strip()), path, "is blank; write a text")


def _require(holds: bool, path: str, reason: str, *, code: Code = Code.NOT_CONFORMANT) -> None:
    if not holds:
        raise _error(path, reason, code)


def _error(path: str, reason: str, code: Code = Code.NOT_CONFORMANT) -> ModelError:
    return ModelError(f"{path}: {reason}", code=code, path=path)

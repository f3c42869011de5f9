"""The headers that belong to the files: as `_headers`, which many hosts read, and as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from testamur.canon.strict_json import JsonValue, dumps
from testamur.publish.schedule import Schedule
from testamur.publish.site import PAGES

__all__ = ["DID", "JSON_LD", "JSON_WEB_KEY_SET", "JWT", "VC", "VERSIONS", "Rule", "header_rules"]

VC = "application/vc"
JWT = "application/vc+jwt"
JSON_LD = "application/ld+json"
DID = "application/did+json"
JSON_WEB_KEY_SET = "application/jwk-set+json"
VERSIONS = "achievements/versions"
"""Folder of the versions of achievements, which never change."""

_ANYBODY = {"Access-Control-Allow-Origin": "*"}  # verifiers that run in a browser
_HOUR = {"Cache-Control": "public, max-age=3600"}
_FIVE_MINUTES = {"Cache-Control": "public, max-age=300"}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
_PAGE = {
    "Cache-Control": "no-cache",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}
_COPY = {**_PAGE, "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Rule:
    """The headers of the files that a pattern names.

    Attributes:
        pattern: a path in which `*` stands for anything.
        headers: name → value.
    """

    pattern: str
    headers: Mapping[str, str]


def header_rules(
    schedule: Schedule,
    *,
    did: str | None,
    keys: str,
    lists: Iterable[str],
    others: Iterable[str],
    copies: Iterable[str] = (),
) -> list[Rule]:
    """Return the headers of all files, the more special rules last.

    Args:
        schedule: says how long lists may be kept.
        did: path of the DID document.
        keys: path of the JWK set.
        lists: paths of the status lists.
        others: paths of other JSON-LD documents.
        copies: folders in which the newest copies of credentials stand.
    """
    ttl = {"Cache-Control": f"public, max-age={int(schedule.ttl.total_seconds())}"}
    rules = [
        Rule("/*", {"X-Content-Type-Options": "nosniff"}),
        Rule(f"/{PAGES}/*", _PAGE),
        Rule(f"/{PAGES}/*/credential.json", {"Content-Type": VC, **_ANYBODY}),
        Rule(f"/{PAGES}/*/credential.jwt", {"Content-Type": JWT, **_ANYBODY}),
        Rule(f"/{keys}", {"Content-Type": JSON_WEB_KEY_SET, **_FIVE_MINUTES, **_ANYBODY}),
    ]
    if did is not None:
        rules.append(Rule(f"/{did}", {"Content-Type": DID, **_FIVE_MINUTES, **_ANYBODY}))
    rules += [
        Rule(f"/{folder}*", {"Content-Type": VC, **ttl, **_ANYBODY}) for folder in _folders(lists)
    ]
    rules += [
        Rule(f"/{path}", {"Content-Type": JSON_LD, **_HOUR, **_ANYBODY})
        for path in sorted(others)
        if not path.endswith(".json")  # whose media type every server knows
    ]
    for folder in sorted(copies):
        rules += [
            Rule(f"/{folder}/*", {"Content-Type": VC, **_COPY, **_ANYBODY}),
            Rule(f"/{folder}/index.html", {"Content-Type": "text/html"}),
        ]
    return [*rules, Rule(f"/{VERSIONS}/*", {**_FOR_GOOD, **_ANYBODY})]


def as_text(rules: Iterable[Rule]) -> bytes:
    """Write rules as the file `_headers` that many hosts of static sites read."""
    blocks = (
        "\n".join([rule.pattern, *(f"  {name}: {value}" for name, value in rule.headers.items())])
        for rule in rules
    )
    return ("\n".join(blocks) + "\n").encode("utf-8")


def as_json(rules: Iterable[Rule]) -> bytes:
    """Write rules as data, for a program that sets up a server or uploads to an object store."""
    data: list[JsonValue] = [
        {"pattern": rule.pattern, "headers": dict(rule.headers)} for rule in rules
    ]
    return (dumps(data, indent=2) + "\n").encode("utf-8")


def _folders(paths: Iterable[str]) -> list[str]:
    return sorted({path[: path.rfind("/") + 1] for path in paths})

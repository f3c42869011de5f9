"""A list of trusted issuers: the verifier's own, by issuer id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import JsonValue, parse
from testamur.errors import ConfigurationError, ParseError
from testamur.protocols import Recognition

__all__ = ["AllowList", "NoTrust", "UnsafeAcceptAnyIssuer", "parse_allow_list"]

_MAX_BYTES = 16 * 1024 * 1024
_ID = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_SOURCE = "your list of trusted issuers"


class AllowList:
    """Knows the issuers it was given, by their exact id."""

    def __init__(self, issuers: Mapping[str, str], *, source: str = _SOURCE) -> None:
        """Hold issuer id → the name under which the issuer is known here.

        Raises:
            ConfigurationError: an id is no DID or URL, or a name is empty.
        """
        for issuer, name in issuers.items():
            if not _ID.match(issuer) or not name:
                raise ConfigurationError(
                    f"the entry {issuer[:80]!r}: {name[:80]!r} in the list of trusted issuers is "
                    "not an id and a name; write the issuer's id first, as in "
                    "`did:web:example.edu: Example University`"
                )
        self._issuers = MappingProxyType(dict(issuers))
        self._source = source

    def recognize(self, issuer: str) -> Recognition | None:
        """Return the issuer's entry, or None."""
        name = self._issuers.get(issuer)
        return None if name is None else Recognition(issuer, name, self._source)

    def __len__(self) -> int:
        return len(self._issuers)


class NoTrust:
    """Knows nobody: every genuine credential comes from an issuer that is not known here."""

    def recognize(self, issuer: str) -> Recognition | None:  # noqa: ARG002
        """Return None."""
        return None


class UnsafeAcceptAnyIssuer:
    """Knows everybody, by the issuer's own id. Anybody can make such a credential."""

    def recognize(self, issuer: str) -> Recognition | None:
        """Return the id as the name."""
        return Recognition(issuer, issuer, "nobody: any issuer is accepted", vouched=False)


def parse_allow_list(content: bytes) -> AllowList:
    """Read a list of trusted issuers, in JSON or YAML: a mapping of issuer id to name.

    The mapping may also stand under `trusted_issuers`, and that under `config`.

    Raises:
        ConfigurationError: anything else; the message says what to write.
    """
    found = _parse(content)
    for member in ("config", "trusted_issuers"):
        if isinstance(found, dict) and isinstance(found.get(member), dict):
            found = found[member]
    if not isinstance(found, dict) or not found:
        raise _wrong("it is not a mapping")
    issuers: dict[str, str] = {}
    for issuer, name in found.items():
        if not isinstance(issuer, str) or not isinstance(name, str):
            raise _wrong(f"the entry for {str(issuer)[:80]!r} is not a name")
        issuers[issuer] = name
    return AllowList(issuers)


def _parse(content: bytes) -> JsonValue:
    if len(content) > _MAX_BYTES:
        raise _wrong(f"it is longer than {_MAX_BYTES} bytes")
    try:
        if content.lstrip()[:1] == b"{":
            return parse(content, max_bytes=_MAX_BYTES)
        from testamur.trust._yaml import parse_yaml  # a list in JSON does without

        return parse_yaml(content)
    except ParseError as error:
        raise _wrong(error.message) from error


def _wrong(reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"the list of trusted issuers cannot be read: {reason}; write one line for each issuer, "
        "as in `did:web:example.edu: Example University`"
    )

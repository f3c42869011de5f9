"""Which URLs, and which addresses behind them, may be asked at all: decided before any connection.

A credential names URLs, and whoever made it chose them. Fetching one is a request made from inside
the verifier's network (CWE-918), so everything but a plain https URL of a public host name is
refused. The rules are about spelling first: a URL that two parsers could read differently is not
read at all.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NoReturn

from testamur import limits
from testamur._frozen import dataclass
from testamur.errors import Code, FetchError

__all__ = ["SplitUrl", "check_address", "check_addresses", "check_url"]

_DEFAULT_PORTS = {"https": 443, "http": 80}

# RFC 3986, 2: every character a URL may consist of, and whole percent-encodings only.
_CHARACTERS = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_ENCODED_CONTROL = re.compile(r"%(?:[01][0-9A-Fa-f]|7[Ff])")
# RFC 3986, appendix B, with the authority made compulsory.
_PARTS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://(?P<authority>[^/?#]*)(?P<target>[^#]*)(?:#.*)?"
)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>.*))?")
# RFC 1123, 2.1: letters, digits and inner hyphens.
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?")
# WHATWG URL, "ends in a number": what resolvers take for an IPv4 address, short forms included.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")

_PRIVATE_NAMES = (
    "localhost",  # RFC 6761
    "local",  # RFC 6762
    "internal",  # reserved by ICANN for private use; cloud metadata services
    "home.arpa",  # RFC 8375
    "onion",  # RFC 7686
    "localdomain",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
)
"""Names that never belong to a public web server."""

_FIRST_FREE_PORT = 1024
_LAST_PORT = 65_535
# Fetch Standard, "Port blocking": the blocked ports above 1023.
_OTHER_PROTOCOLS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670)}
    | {6679, 6697, 10080}
)

_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud provider's host services, on a public-looking address
        "169.254.0.0/16",  # link-local; cloud metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # protocol assignments, Teredo included
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
"""IANA special-purpose address registries, as far as they lie within what could be public.

Loopback, mapped IPv4, NAT64, unique local and link-local IPv6 lie outside 2000::/3 altogether.
"""


@dataclass(frozen=True, slots=True)
class SplitUrl:
    """A URL that passed `check_url`.

    Attributes:
        url: the URL as it was given, without its fragment.
        scheme: "https"; "http" only for an unsafe origin.
        host: the host name in lower case, ASCII.
        port: the port, the scheme's own where none was given.
        target: path and query, as they go on the wire; begins with "/".
    """

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """The origin as text, without the scheme's own port, as `https://issuer.example:8443`."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        return self.host if self.port == _DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"


def check_url(url: str, *, unsafe_origins: AbstractSet[str] = frozenset()) -> SplitUrl:
    """Refuse every URL that must not be fetched; opens no connection and looks nothing up.

    Allowed is https, a public host name in ASCII, and port 443 or one above 1023 that no other
    protocol owns. A fragment is dropped. Where the name leads is `check_addresses`' business.

    Args:
        url: the URL as it stands in the document.
        unsafe_origins: origins such as `http://localhost:8080` that may be asked although they
            are not public https, for tests only. The rules of spelling hold for them too.

    Raises:
        FetchError: URL_BLOCKED; the message says which rule.
    """
    if len(url) > limits.URL_CHARACTERS:
        _refuse(url, f"it has {len(url)} characters, more than {limits.URL_CHARACTERS}")
    parts = _split(url)
    if parts.origin in unsafe_origins:
        return parts
    if parts.scheme != "https":
        _refuse(url, f"its scheme is {parts.scheme}; only https is fetched")
    _check_host(url, parts.host)
    _check_port(url, parts.port)
    return parts


def check_addresses(addresses: Sequence[str], *, url: str) -> None:
    """Refuse a host if any of its addresses is not public: an attacker chooses which one is used.

    Args:
        addresses: every address the name look-up gave.
        url: the URL they belong to, for the message.

    Raises:
        FetchError: URL_BLOCKED; UNREACHABLE where there is no address.
    """
    if not addresses:
        raise FetchError(
            f"{url} was not fetched: its host name has no address", code=Code.UNREACHABLE, url=url
        )
    for address in addresses:
        check_address(address, url=url)


def check_address(address: str, *, url: str | None = None) -> None:
    """Refuse an address that is not global unicast, in any of its disguises.

    Args:
        address: an IPv4 or IPv6 address as text.
        url: the URL it belongs to, for the message.

    Raises:
        FetchError: URL_BLOCKED.
    """
    if not _is_public(address):
        named = f"{url} was not fetched: its host has the address" if url else "the address"
        raise FetchError(
            f"{named} {address[:80]!r}, which is not a public one",
            code=Code.URL_BLOCKED,
            url=url,
            expected="a global unicast address",
            found=address[:80],
        )


def _is_public(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and (
        parsed.scope_id is not None or parsed not in _GLOBAL_UNICAST_V6
    ):
        return False
    return not any(parsed in network for network in _NOT_PUBLIC)


def _split(url: str) -> SplitUrl:
    if not url.isascii():
        _refuse(url, "it has characters beyond ASCII; an international host name starts with xn--")
    if not _CHARACTERS.fullmatch(url):
        _refuse(url, "it has a character that no URL has, or half a percent-encoding")
    if _ENCODED_CONTROL.search(url):
        _refuse(url, "it has an encoded control character")
    match = _PARTS.fullmatch(url)
    if not match:
        _refuse(url, "it is not absolute; write https://host/path")
    # Before the first slash an "@" is user information, or a host hidden behind "#" or "?".
    if "@" in url.split("/", 3)[2]:
        _refuse(url, "there is an @ before its path")
    scheme = match["scheme"].lower()
    if scheme not in _DEFAULT_PORTS:
        _refuse(url, f"its scheme is {scheme[:20]}; only https is fetched")
    authority = _AUTHORITY.fullmatch(match["authority"])
    if not authority or not authority["host"]:
        _refuse(url, "it has no host")
    port = authority["port"]
    if port is not None and (not _PORT.fullmatch(port) or int(port) > _LAST_PORT):
        _refuse(url, "its port is not a number from 1 to 65535")
    target = match["target"]
    return SplitUrl(
        url=url.partition("#")[0],
        scheme=scheme,
        host=authority["host"].lower(),
        port=_DEFAULT_PORTS[scheme] if port is None else int(port),
        target=target if target.startswith("/") else f"/{target}",
    )


def _check_host(url: str, host: str) -> None:
    if host.startswith("["):
        _refuse(url, "its host is an IP address; only host names are fetched")
    if "%" in host:
        _refuse(url, "its host is percent-encoded")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        _refuse(url, "its host is not a host name")
    if _NUMBER.fullmatch(labels[-1]):
        _refuse(url, "its host is an IP address; only host names are fetched")
    if len(labels) == 1:
        _refuse(url, "its host is a name without a domain")
    if any(host == name or host.endswith(f".{name}") for name in _PRIVATE_NAMES):
        _refuse(url, "its host is a name for private networks")
    if not all(_is_stable(label) for label in labels):
        _refuse(url, "its host is a broken international name")


def _is_stable(label: str) -> bool:
    """Whether an A-label (RFC 5890) decodes to something that stays the same under NFKC.

    Others are read by some software as another name, `xn--` forms of circled digits for one.
    """
    if not label.startswith("xn--"):
        return True
    try:
        decoded = label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return False
    return (
        not decoded.isascii()
        and decoded.isprintable()
        and unicodedata.normalize("NFKC", decoded) == decoded
    )


def _check_port(url: str, port: int) -> None:
    if port != _DEFAULT_PORTS["https"] and (port < _FIRST_FREE_PORT or port in _OTHER_PROTOCOLS):
        _refuse(url, f"port {port} belongs to another protocol")


def _refuse(url: str, why: str) -> NoReturn:
    shown = ascii(url[:200])[1:-1]
    raise FetchError(
        f"{shown} is never fetched: {why}", code=Code.URL_BLOCKED, url=shown, found=shown
    )

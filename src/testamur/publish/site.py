"""The web site that a folder stands for: which URL is which file."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from testamur import limits
from testamur.errors import ConfigurationError, SigningKeyError
from testamur.keys import did_web

__all__ = ["PAGES", "Site", "default_base_url"]

PAGES = "c"
"""Folder of the credentials' pages: short, for QR codes."""

_BASE = re.compile(r"https://[a-z0-9.-]+(:[1-9][0-9]{0,4})?/([A-Za-z0-9._~-]+/)*")
_SEGMENT = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}")
_WELL_KNOWN = ".well-known"
_OURS = frozenset({PAGES, "_headers"})


class Site:
    """The part of the web that a folder stands for.

    Args:
        base_url: the https URL at which the folder is served, with its last slash.

    Attributes:
        base_url: that URL.

    Raises:
        ConfigurationError: it is no such URL.
    """

    def __init__(self, base_url: str) -> None:
        if not _BASE.fullmatch(base_url) or "/." in base_url:
            raise ConfigurationError(
                f"{base_url[:160]!r} is not the URL of a web site; write it as "
                "https://uni.example/ or https://uni.example/badges/"
            )
        self.base_url = base_url

    def url(self, path: str) -> str:
        """Return the URL of a file; a page's, without the file's name."""
        return self.base_url + path.removesuffix("index.html")

    def picture_url(self, achievement: str) -> str:
        """Return the URL at which the SVG picture of an achievement is published, for its `image`.

        Args:
            achievement: its id.
        """
        return self.url(f"{picture_path(achievement)}.svg")

    def path(self, url: str) -> str | None:
        """Return the file of a URL; None where it is elsewhere, or no name for a file of ours.

        Only names that mean the same on every web server and file system are taken: no
        percent-encoding, no dot in front, nothing behind a question mark.
        """
        if not url.startswith(self.base_url) or len(url) > limits.URL_CHARACTERS:
            return None
        path = url[len(self.base_url) :]
        segments = path.split("/")
        if segments[0].lower() in _OURS:  # some file systems ignore case
            return None
        if segments[0] == _WELL_KNOWN:
            segments = segments[1:]
        return path if segments and all(map(_SEGMENT.fullmatch, segments)) else None


class Places:
    """Which files are taken, so that none is written twice, or where a folder must be."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def take(self, path: str) -> bool:
        """Take a file; False where it is taken already, also on systems that ignore case."""
        folded = path.lower()
        parts = folded.split("/")
        above = {"/".join(parts[:end]) for end in range(1, len(parts))}
        if folded in self._files or folded in self._folders or above & self._files:
            return False
        self._files.add(folded)
        self._folders |= above
        return True


def short_name(identifier: str) -> str:
    """Return a name for something whose id is no URL of ours: 20 hexadecimal digits."""
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:20]


def picture_path(achievement: str) -> str:
    """Return the files of an achievement's pictures, without `.svg` and `.png`."""
    return f"achievements/{short_name(achievement)}"


def default_base_url(issuer: str) -> str:
    """Return the root of the web site that a did:web names.

    Raises:
        ConfigurationError: the issuer has another kind of id.
    """
    try:
        parts = urlsplit(did_web.document_url(issuer))
    except SigningKeyError as error:
        raise ConfigurationError(
            f"{issuer[:160]} does not say at which URL the folder will be served; give the base "
            "URL, as https://uni.example/"
        ) from error
    return f"https://{parts.netloc}/"

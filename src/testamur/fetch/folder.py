"""FolderFetcher: answers from a folder of recorded answers; for tests and offline work.

The folder holds `index.json`, an object of URL → answer, and the files that it names:

    {"https://issuer.example/.well-known/did.json":
        {"status": 200, "contentType": "application/did+json", "file": "did.json"}}

An answer may also be a redirect (`location`, or a status of 3xx), a host that never answers
(`"behaviour": "hang"`), an endless body (`"behaviour": "oversize"`), or a URL that must not be
asked for at all (`"tripwire": true`).
"""

from __future__ import annotations

from pathlib import Path

from testamur import limits
from testamur.canon import strict_json
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, ConfigurationError, FetchError
from testamur.fetch._answers import too_large, unusable_status
from testamur.fetch.url_policy import check_url
from testamur.protocols import Fetched

__all__ = ["FolderFetcher"]


class FolderFetcher:
    """Answers every fetch from a folder; opens no socket, but refuses what `HttpFetcher` refuses.

    Args:
        folder: holds `index.json`; the files are named relative to it, or to its parent, and lie
            inside it either way.

    Attributes:
        requested: the URLs that were asked for and not refused, in order, without fragments.

    Raises:
        ConfigurationError: no `index.json`.
        ParseError: `index.json` is not a JSON object.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder).resolve()
        index = self._folder / "index.json"
        try:
            data = index.read_bytes()
        except OSError as error:
            raise ConfigurationError(
                f"{index} cannot be read: {error.strerror}; a folder of documents has an index.json"
            ) from error
        self._answers = strict_json.parse_object(data, max_bytes=limits.FETCH_BYTES)
        self.requested: list[str] = []

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        """Return what the folder says that the URL answers.

        Raises:
            FetchError: URL_BLOCKED (also for a tripwire), RESOURCE_LIMIT, UNREACHABLE or
                FETCH_FAILED (also for a URL that the index does not list).
        """
        key = check_url(url).url
        self.requested.append(key)
        answer = self._answers.get(key)
        if answer is None:
            raise FetchError(f"{key} is not listed in {self._folder / 'index.json'}", url=key)
        if not isinstance(answer, dict):
            raise _malformed(key)
        _check_answer(key, answer)
        name, content_type = answer.get("file"), answer.get("contentType", "")
        if not isinstance(name, str) or not isinstance(content_type, str):
            raise _malformed(key)
        return Fetched(
            url=url,
            content=self._read(key, name, max_bytes),
            content_type=content_type.partition(";")[0].strip().lower(),
        )

    def _read(self, url: str, name: str, max_bytes: int) -> bytes:
        try:
            for base in (self._folder, self._folder.parent):
                path = (base / name).resolve()
                if path.is_relative_to(self._folder) and path.is_file():
                    with path.open("rb") as file:
                        content = file.read(max_bytes + 1)
                    break
            else:
                raise FetchError(
                    f"{url} has no file: {name[:200]!r} is not in {self._folder}", url=url
                )
        except (OSError, ValueError) as error:  # ValueError: NUL in the name
            raise FetchError(f"the file for {url} cannot be read: {error}", url=url) from error
        if len(content) > max_bytes:
            raise too_large(url, max_bytes)
        return content


def _check_answer(url: str, answer: JsonObject) -> None:
    if answer.get("tripwire") is True:
        raise FetchError(f"{url} must not be fetched", code=Code.URL_BLOCKED, url=url)
    behaviour = answer.get("behaviour")
    if behaviour in ("hang", "oversize"):
        raise FetchError(
            f"{url} answers too slowly or too long ({behaviour})",
            code=Code.RESOURCE_LIMIT,
            url=url,
        )
    status = answer.get("status", 200)
    if "location" in answer and status == 200:
        status = 302
    if behaviour is not None or not isinstance(status, int):
        raise _malformed(url)
    if status != 200:
        raise unusable_status(url, status)


def _malformed(url: str) -> FetchError:
    return FetchError(f"index.json does not say in a known form what {url} answers", url=url)

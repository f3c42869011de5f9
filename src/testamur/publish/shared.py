"""What is published for all: DID document, keys, profile, achievements, their pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.keys import did_web, rotation
from testamur.model.ob3 import OPEN_BADGES_CONTEXT
from testamur.model.vcdm import CREDENTIALS_V2
from testamur.publish import headers
from testamur.publish.lists import public_key_of
from testamur.publish.pictures import Pictures
from testamur.publish.site import PAGES, Places, Site, picture_path, short_name
from testamur.register import AchievementVersion, IssuerRecord, KeyRecord

__all__ = ["File", "Shared"]

_NOTHING_HERE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">
<title>Nothing is listed here</title></head>
<body><p>Nothing is listed here: what is here is known only to
whom its address was given.</p></body>
</html>
"""


@dataclass(frozen=True, slots=True)
class File:
    """A public file.

    Attributes:
        path: in `public`.
        content: the exact bytes.
        url: what it answers; None for what nobody verifies with.
        content_type: media type.
    """

    path: str
    content: bytes
    url: str | None = None
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Shared:
    """Makes the files that all credentials share.

    Attributes:
        site: what the folder stands for.
        issuer: whose.
        keys: all of the issuer's.
        places: which files are taken.
    """

    site: Site
    issuer: IssuerRecord
    keys: tuple[KeyRecord, ...]
    places: Places

    @property
    def did_url(self) -> str | None:
        """The URL of the DID document; None where the issuer's id is no did:web."""
        return did_web.document_url(self.issuer.id) if _is_did_web(self.issuer.id) else None

    def did_document(self, *, as_if_sound: frozenset[str] = frozenset()) -> File | None:
        """Make the DID document; None where it is not on this site.

        Args:
            as_if_sound: verification methods of compromised keys that are not revoked yet, because
                lists that they signed are still published.
        """
        url = self.did_url
        path = None if url is None else self.site.path(url)
        if url is None or path is None:
            return None
        keys = [
            replace(each, compromised_at=None) if each.verification_method in as_if_sound else each
            for each in self.keys
        ]
        document = rotation.did_document(self.issuer.id, map(_key, keys))
        return File(path, _json(document), url, headers.DID)

    def key_set(self) -> File:
        """Make the JWK set."""
        path = ".well-known/jwks.json"
        self.places.take(path)
        keys = rotation.key_set(map(_key, self.keys))
        return File(path, _json(keys), self.site.url(path), headers.JSON_WEB_KEY_SET)

    def others(
        self, versions: Mapping[str, Iterable[AchievementVersion]], pictures: Pictures
    ) -> Iterator[File]:
        """Yield profile, achievements with their versions and pictures, and the empty listing.

        Args:
            versions: achievement's id → all its versions, the first first.
            pictures: draws.
        """
        yield self._document(self.issuer.profile, self.issuer.id, "issuer.json")
        for identifier, all_versions in versions.items():
            known = list(all_versions)
            name = short_name(identifier)
            newest = known[-1].document
            yield self._document(newest, identifier, f"achievements/{name}.json")
            yield from self._picture(newest, picture_path(identifier), pictures)
            for each in known:
                path = f"{headers.VERSIONS}/{name}-{each.version}.json"
                self.places.take(path)
                content = _json(_in_context(each.document))
                yield File(path, content, self.site.url(path), headers.JSON_LD)
        yield from self.nothing_in(PAGES)

    def nothing_in(self, folder: str) -> Iterator[File]:
        """Yield the empty listing of a folder, so that a server shows none of its own."""
        path = f"{folder}/index.html"
        if self.places.take(path):
            yield File(path, _NOTHING_HERE, None, "text/html")

    def _document(self, document: Mapping[str, JsonValue], identifier: str, otherwise: str) -> File:
        """Put a document at its own URL, where that is on this site, and else at another."""
        path = self.site.path(identifier)
        if path is None or not self.places.take(path):
            path = otherwise
            self.places.take(path)
        content = _json(_in_context(document))
        return File(path, content, self.site.url(path), headers.JSON_LD)

    def _picture(
        self, achievement: Mapping[str, JsonValue], place: str, pictures: Pictures
    ) -> Iterator[File]:
        title = str(achievement.get("name") or "")
        issuer = str(self.issuer.profile.get("name") or self.issuer.id)
        for suffix, draw in ((".svg", pictures.svg), (".png", pictures.png)):
            content = draw(title, issuer)
            path = f"{place}{suffix}"
            if content is not None and self.places.take(path):
                yield File(path, content, self.site.url(path), _PICTURES[suffix])


_PICTURES = {".svg": "image/svg+xml", ".png": "image/png"}


def index_of(files: Iterable[File]) -> bytes:
    """Write the index by which readers on this disk find the files, as a `FolderFetcher` does."""
    index: JsonObject = {
        file.url: {"file": f"public/{file.path}", "contentType": file.content_type}
        for file in sorted(files, key=lambda each: each.path)
        if file.url is not None
    }
    return _json(index)


def _in_context(document: Mapping[str, JsonValue]) -> JsonObject:
    if "@context" in document:
        return dict(document)
    return {"@context": [CREDENTIALS_V2, OPEN_BADGES_CONTEXT], **document}


def _key(record: KeyRecord) -> rotation.Key:
    return rotation.Key(
        id=record.verification_method,
        public_key=public_key_of(record),
        valid_from=record.valid_from,
        retired_at=record.retired_at,
        compromised_at=record.compromised_at,
    )


def _is_did_web(identifier: str) -> bool:
    return identifier.startswith("did:web:")


def _json(document: JsonObject) -> bytes:
    return (dumps(document, indent=2) + "\n").encode("utf-8")

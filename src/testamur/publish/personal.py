"""The files of one credential: its page, its document, its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.carry import bake_png, bake_svg
from testamur.errors import TestamurError
from testamur.loading import load
from testamur.publish.folder import Folder, digest
from testamur.publish.pages import TEMPLATE_VERSION, Page, render
from testamur.publish.pictures import Pictures
from testamur.publish.site import PAGES, Site
from testamur.register import CredentialRecord, Publication, Standing
from testamur.secured import Secured

__all__ = ["PageOf", "Personal", "folder_of", "is_whole", "state_of"]


def folder_of(publication: Publication) -> str:
    """Return the folder of a credential's files."""
    return f"{PAGES}/{publication.token}"


def state_of(
    record: CredentialRecord, *, is_expired: bool, newer: str | None, issuer_name: str, site: Site
) -> str:
    """Return a fingerprint of all that a credential's files are made of."""
    parts = (
        str(TEMPLATE_VERSION),
        (record.content_hash or b"").hex(),
        str(record.standing),
        str(is_expired),
        str(record.superseded_by is not None),
        newer or "",
        issuer_name,
        site.base_url,
    )
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_whole(entry: JsonValue, where: str, state: str, folder: Folder) -> bool:
    """Whether a credential's files are there as the manifest says, made of what is now known.

    Args:
        entry: of the manifest.
        where: the folder of the files.
        state: what the files are to be made of.
        folder: is looked into.
    """
    if not isinstance(entry, dict) or entry.get("state") != state:
        return False
    files = entry.get("files")
    return isinstance(files, dict) and all(
        isinstance(said, dict) and folder.size(f"{where}/{name}") == said.get("bytes")
        for name, said in files.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOf:
    """What is known of a credential when its page is made.

    Attributes:
        folder: where its files belong.
        number: the register's own.
        state: fingerprint of all that the files are made of.
        standing: whether it holds.
        is_expired: whether it has ended.
        is_superseded: whether another one supersedes it.
        newer: URL of the page of that one.
        issuer: the issuer's id.
        issuer_name: as the issuer's profile has it.
    """

    folder: str
    number: int
    state: str
    standing: Standing
    is_expired: bool
    is_superseded: bool
    newer: str | None
    issuer: str
    issuer_name: str


@dataclass(frozen=True, slots=True)
class Personal:
    """The files of a credential, to be written in this order: the page comes last.

    Attributes:
        folder: theirs.
        files: name → the exact bytes.
        number: the register's own number of the credential.
        state: the fingerprint of what they are made of.
    """

    folder: str
    files: Mapping[str, bytes] = field(repr=False)
    number: int
    state: str

    @classmethod
    def of(cls, content: bytes, about: PageOf, *, site: Site, pictures: Pictures) -> Personal:
        """Make the files.

        Args:
            content: the exact bytes of the credential.
            about: what is known of it.
            site: what the folder stands for.
            pictures: draws.

        Raises:
            ParseError: it is no credential.
        """
        secured = load(content)
        images = dict(_baked(secured, about.issuer_name, pictures))
        page = Page(
            secured=secured,
            url=site.url(f"{about.folder}/index.html"),
            standing=about.standing,
            is_expired=about.is_expired,
            newer=about.newer,
            is_superseded=about.is_superseded,
            pictures=tuple(images),
            issuer_name=about.issuer_name,
            issuer=about.issuer,
        )
        files = {f"badge{suffix}": image for suffix, image in images.items()}
        files[page.document_name] = content
        files["index.html"] = render(page)
        return cls(about.folder, files, about.number, about.state)

    def entry(self) -> JsonObject:
        """Return what the manifest says of them."""
        return {
            "credential": self.number,
            "state": self.state,
            "files": {
                name: {"sha256": digest(content), "bytes": len(content)}
                for name, content in self.files.items()
            },
        }


def _baked(secured: Secured, issuer_name: str, pictures: Pictures) -> list[tuple[str, bytes]]:
    """Draw the badge with the credential in it, as far as it can be drawn."""
    title = _title(secured.document)
    found = []
    for suffix, draw, bake in (
        (".svg", pictures.svg, bake_svg),
        (".png", pictures.png, bake_png),
    ):
        image = draw(title, issuer_name)
        if image is None:
            continue
        try:
            found.append((suffix, bake(image, secured)))
        except TestamurError:  # too large for an image, for example
            continue
    return found


def _title(document: JsonObject) -> str:
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    name = achievement.get("name") if isinstance(achievement, dict) else document.get("name")
    return name if isinstance(name, str) else "Credential"

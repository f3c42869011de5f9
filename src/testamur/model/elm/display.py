"""What a wallet shows of the credential: an image for each page, in each language."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import TypeVar

from testamur.errors import ModelError
from testamur.model.base import AtLeastOne, Maybe, One
from testamur.model.elm import _kinds as kinds
from testamur.model.elm.concepts import Concept, Language
from testamur.model.elm.language import LanguageMap, Texts
from testamur.model.elm.node import Node
from testamur.model.elm.parts import MediaObject
from testamur.model.elm.values import Count
from testamur.model.vocabularies import Vocabulary, by_label

__all__ = [
    "DisplayDetail",
    "DisplayParameter",
    "IndividualDisplay",
    "display_parameter",
    "png_object",
]

T = TypeVar("T")

_PNG = b"\x89PNG\r\n\x1a\n"


class DisplayDetail(Node):
    """One page: its image and its number."""

    default_type = One(("DisplayDetail",))

    image: kinds.MediaObject
    page: Count


class IndividualDisplay(Node):
    """The pages in one language."""

    default_type = One(("IndividualDisplay",))

    language: Language
    display_detail: AtLeastOne[kinds.DisplayDetail]


class DisplayParameter(Node):
    """How the credential is shown. Its title is what wallets list the credential by."""

    default_type = One(("DisplayParameter",))

    title: Texts
    description: Maybe[Texts] = None
    language: AtLeastOne[Language]
    primary_language: Language
    individual_display: AtLeastOne[kinds.IndividualDisplay]
    summary_display: Maybe[str] = None


def display_parameter(
    title: Mapping[str, str],
    pages: Mapping[str, bytes | Sequence[bytes]],
    *,
    primary: str | None = None,
    description: Mapping[str, str] | None = None,
) -> DisplayParameter:
    """Make the display of a credential from rendered images.

    Args:
        title: language tag → what wallets list the credential by.
        pages: language tag → a PNG, or one for each page in order. Large images make large
            credentials, which QR codes and some wallets do not take.
        primary: the language that is shown first; the first of `pages` by default.
        description: language tag → a sentence below the title.

    Raises:
        ModelError: a language is not known or has no page, or an image is no PNG.
    """
    if not pages:
        raise ModelError("pages is empty; give a rendered image in at least one language")
    if primary is not None and primary not in pages:
        raise ModelError(f"primary {primary!r} is not one of the languages of pages; add its pages")
    languages = {tag: Concept.by_code(Vocabulary.LANGUAGE, tag) for tag in pages}
    displays = [_individual(languages[tag], tag, images) for tag, images in pages.items()]
    return DisplayParameter(
        title=LanguageMap(title),
        description=None if description is None else LanguageMap(description),
        language=_set(list(languages.values())),
        primary_language=languages[primary if primary is not None else next(iter(pages))],
        individual_display=_set(displays),
    )


def png_object(image: bytes, *, path: str = "image") -> MediaObject:
    """Make a media object of a PNG.

    Args:
        image: the file's bytes.
        path: what to call it in a message.

    Raises:
        ModelError: the bytes are not those of a PNG.
    """
    if not image.startswith(_PNG):
        raise ModelError(f"{path} is not a PNG; render the page as PNG", path=path, expected="PNG")
    return MediaObject(
        content=base64.b64encode(image).decode("ascii"),
        content_type=Concept.by_code(Vocabulary.FILE_TYPE, "PNG"),
        content_encoding=Concept.of(by_label(Vocabulary.ENCODING, "base64")),
    )


def _individual(language: Concept, tag: str, images: bytes | Sequence[bytes]) -> IndividualDisplay:
    in_order = [images] if isinstance(images, bytes) else list(images)
    if not in_order:
        raise ModelError(
            f"pages[{tag!r}] is empty; give at least one image", path=f"pages[{tag!r}]"
        )
    details = [
        DisplayDetail(image=png_object(each, path=f"pages[{tag!r}][{position}]"), page=position + 1)
        for position, each in enumerate(in_order)
    ]
    return IndividualDisplay(language=language, display_detail=_set(details))


def _set(values: Sequence[T]) -> tuple[T, ...]:
    return One(values) if len(values) == 1 else tuple(values)

"""A credential together with what secures it: where the line out and the line in meet."""

from __future__ import annotations

from enum import StrEnum

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject

__all__ = ["Carrier", "Secured", "Securing"]


class Securing(StrEnum):
    """How the credential is secured (VC Data Model 2.0, Securing Mechanisms)."""

    DATA_INTEGRITY = "data-integrity"
    """embedded: one or more Data Integrity proofs inside the document."""

    VC_JWT = "vc-jwt"
    """enveloping: a compact JWS around the document."""

    JADES = "jades"
    """enveloping: an electronic seal (JAdES) around the document's text, as Europass makes it."""

    NONE = "none"
    """nothing secures it: an unsigned presentation, or a document without a proof."""


class Carrier(StrEnum):
    """What the credential arrived in."""

    JSON = "json"
    JWT = "jwt"
    PNG = "png"
    SVG = "svg"


@dataclass(frozen=True, slots=True)
class Secured:
    """A credential or presentation as it was made or as it arrived; nothing in it is checked.

    Attributes:
        document: the parsed document, with its proofs; for a JWT or a seal the credential out of
            the payload. It is the original, never a re-dumped model; do not change it.
        content: the exact bytes of the credential: UTF-8 JSON, the compact JWS in ASCII, or the
            whole sealed file.
        securing: what secures it.
        carrier: what it arrived in.
        token: the compact JWS, for VC_JWT.
        remarks: what was odd about the carrier, as (code, sentence) pairs, for the report.
    """

    document: JsonObject
    content: bytes
    securing: Securing
    carrier: Carrier = Carrier.JSON
    token: str | None = None
    remarks: tuple[tuple[str, str], ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """The document's `type`, as strings; empty where it has none."""
        value = self.document.get("type")
        items = value if isinstance(value, list) else [value]
        return tuple(item for item in items if isinstance(item, str))

    @property
    def is_presentation(self) -> bool:
        """Whether the document calls itself a VerifiablePresentation."""
        return "VerifiablePresentation" in self.types

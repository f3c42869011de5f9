"""Credentials that are recognized: like one that was examined, but for a few strings.

An employer's backlog holds many credentials of one achievement. The first two are examined as any;
of the second a template is kept. A text that equals it, byte for byte, but for the strings that
differ between learners needs no parser, no models and no JSON-LD: its document is the template's
with other strings, the rules for these strings are applied, and its digest is made from the
template's canonical form. Everything after that, from the proof on, is done as for any.

Whatever does not fit is read in full: a template makes an answer faster, and never another one.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass

from testamur import limits
from testamur.canon import fast_path, jcs
from testamur.canon.contexts import Contexts
from testamur.canon.json_template import DocumentTemplate, JsonTemplate
from testamur.canon.marks import Path, find, has_mark, marked
from testamur.canon.rdfc10 import canonicalize
from testamur.canon.strict_json import JsonObject
from testamur.canon.template import CanonicalTemplate
from testamur.loading import Source
from testamur.model.ob3.varying import VaryingMembers
from testamur.secure import DocumentDigests, vc_jwt
from testamur.secured import Carrier, Secured, Securing
from testamur.verification.contents import AboutAchievement, read_achievement
from testamur.verification.document_checks import COMPACTED, PARSED, STRUCTURED
from testamur.verification.reading import Reading

__all__ = ["Templates"]

_PER_KEY = 64
_SEEN = 4096
_OF_PROOF: tuple[Path, ...] = (("proof", "created"), ("proof", "proofValue"))
_OF_TOKEN: tuple[Path, ...] = (("jti",), ("sub",))
_FORM = (PARSED, STRUCTURED, COMPACTED)


@dataclass(frozen=True, slots=True)
class _Template:
    """One credential with slots, in all the forms that are needed of it.

    The slots of the canonical forms come first; those of proofs and tokens follow.
    """

    text: JsonTemplate
    document: DocumentTemplate
    varying: VaryingMembers
    canonical: CanonicalTemplate
    jcs: JsonTemplate | None
    about: AboutAchievement

    def digests(self, values: list[str]) -> DocumentDigests | None:
        """Return the digest of the document with these values; None where it must be read."""
        own = values[: len(self.varying.paths)]
        if not self.varying.accepts(own):
            return None
        if self.jcs is not None:
            if not self.canonical.accepts(own):
                return None
            return DocumentDigests(jcs=_sha256(self.jcs.fill(own).encode("utf-8")))
        canonical = self.canonical.fill(own)
        return None if canonical is None else DocumentDigests(rdfc=_sha256(canonical))

    def accepts(self, values: list[str]) -> bool:
        """Whether the document with these values is one that may be signed."""
        own = values[: len(self.varying.paths)]
        return self.varying.accepts(own) and self.canonical.accepts(own)


class Templates:
    """The templates of one run: a bounded number, by the key that signed. Safe under threads."""

    def __init__(self, contexts: Contexts) -> None:
        """Remember nothing yet. contexts: the allow-list of the run."""
        self._contexts = contexts
        self._by_key: dict[str, list[_Template]] = {}
        self._seen: dict[int, None] = {}
        self._lock = threading.Lock()

    def recognize(self, source: Source) -> Reading | None:
        """Return what reading the source would give; None where it must be read."""
        if not self._by_key or not fast_path.enabled():
            return None
        text = _text(source)
        if text is None:
            return None
        if text.startswith("{"):
            return self._recognize_document(text)
        return self._recognize_token(text) if text.startswith("eyJ") else None

    def learn(self, reading: Reading) -> None:
        """Take note of a credential that was examined and whose proof is genuine."""
        if reading.checks != _FORM or not fast_path.enabled():
            return
        varying = VaryingMembers(reading.document)
        text = _signed_text(reading)
        if not varying.paths or len(text) > limits.TEMPLATE_CHARACTERS:
            return
        blank = DocumentTemplate(reading.document, varying.paths).fill([""] * len(varying.paths))
        blank.pop("proof", None)
        key = _key_of(reading)
        likeness = hash((key, repr(blank)))
        if likeness not in self._seen:
            self._remember(likeness)
            return
        template = _make(reading, text, varying, self._contexts)
        if template is not None:
            self._keep(key, template)

    def _recognize_document(self, text: str) -> Reading | None:
        for template in self._candidates(_verification_method(text)):
            values = template.text.match(text)
            if values is not None:
                digests = template.digests(values)
                if digests is None:
                    return None
                secured = Secured(
                    document=template.document.fill(values),
                    content=text.encode("utf-8"),
                    securing=Securing.DATA_INTEGRITY,
                )
                return Reading(secured=secured, checks=_FORM, digests=digests, about=template.about)
        return None

    def _recognize_token(self, text: str) -> Reading | None:
        header, _, rest = text.partition(".")
        templates = self._candidates(header)
        payload = vc_jwt.payload_text(rest.partition(".")[0]) if templates else None
        for template in templates:
            values = template.text.match(payload or "")
            if values is not None:
                if not template.accepts(values):
                    return None
                token = vc_jwt.from_payload(text, template.document.fill(values))
                secured = Secured(
                    document=token.document,
                    content=text.encode("ascii"),
                    securing=Securing.VC_JWT,
                    carrier=Carrier.JWT,
                    token=text,
                )
                return Reading(secured=secured, checks=_FORM, token=token, about=template.about)
        return None

    def _candidates(self, key: str) -> list[_Template]:
        return self._by_key.get(key, [])

    def _remember(self, likeness: int) -> None:
        with self._lock:
            self._seen[likeness] = None
            if len(self._seen) > _SEEN:
                del self._seen[next(iter(self._seen))]

    def _keep(self, key: str, template: _Template) -> None:
        with self._lock:
            # Lists are replaced, never changed: another thread may be reading one.
            kept = [template, *self._by_key.pop(key, [])][:_PER_KEY]
            self._by_key[key] = kept
            while sum(map(len, self._by_key.values())) > limits.TEMPLATES:
                del self._by_key[next(iter(self._by_key))]


def _make(
    reading: Reading, text: str, varying: VaryingMembers, contexts: Contexts
) -> _Template | None:
    """Make a template of a credential that was read; it must give back what it was made of."""
    whole = reading.document if reading.token is None else reading.token.payload
    others = _OF_PROOF if reading.token is None else _OF_TOKEN
    paths = [*varying.paths, *(path for path in others if _is_text_at(whole, path))]
    unsecured = {name: value for name, value in reading.document.items() if name != "proof"}
    by_text = JsonTemplate.from_text(text, paths)
    canonical = CanonicalTemplate.compile(unsecured, varying.paths, contexts=contexts)
    if by_text is None or canonical is None or has_mark(whole):
        return None
    by_jcs = None
    if reading.token is None and _signs_json(reading.document):
        by_jcs = JsonTemplate.from_marked(
            jcs.canonicalize(marked(unsecured, varying.paths)).decode("utf-8")
        )
    template = _Template(
        text=by_text,
        document=DocumentTemplate(whole, paths),
        varying=varying,
        canonical=canonical,
        jcs=by_jcs,
        about=read_achievement(reading.document),  # no slot is in there
    )
    if canonical.fill([str(find(unsecured, path)) for path in varying.paths]) != canonicalize(
        unsecured, contexts=contexts
    ):
        return None
    return template if _gives_back(template, reading, whole, text, paths) else None


def _gives_back(
    template: _Template, reading: Reading, whole: JsonObject, text: str, paths: list[Path]
) -> bool:
    values = [str(find(whole, path)) for path in paths]
    return (
        template.text.match(text) == values
        and template.document.fill(values) == whole
        and template.accepts(values)
        and (
            reading.token is None or vc_jwt.from_payload(reading.token.text, whole) == reading.token
        )
    )


def _signed_text(reading: Reading) -> str:
    if reading.token is None:
        return reading.secured.content.decode("utf-8")
    return vc_jwt.payload_text(reading.token.text.split(".")[1]) or ""


def _key_of(reading: Reading) -> str:
    if reading.token is None:
        return _verification_method(reading.secured.content.decode("utf-8"))
    return reading.token.text.partition(".")[0]


def _verification_method(text: str) -> str:
    """What stands as the last verificationMethod in a JSON text: a hint at its template, only."""
    start = text.find('"', text.rfind('"verificationMethod"') + 20)
    return text[start + 1 : text.find('"', start + 1)]


def _signs_json(document: JsonObject) -> bool:
    proof = document.get("proof")
    return isinstance(proof, dict) and proof.get("cryptosuite") == "eddsa-jcs-2022"


def _is_text_at(document: JsonObject, path: Path) -> bool:
    value: object = document
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return isinstance(value, str)


def _text(source: Source) -> str | None:
    if isinstance(source, str):
        return source
    try:
        return bytes(source).decode("utf-8") if not hasattr(source, "__fspath__") else None
    except UnicodeDecodeError:
        return None


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()

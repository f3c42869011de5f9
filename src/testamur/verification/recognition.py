"""Credentials that are recognized: like one that was examined, but for a few strings.

An employer's backlog holds many credentials of one achievement. The first few are examined as any,
and of the last of these a template is kept. A text that equals it, byte for byte, but for the
strings that differ between learners needs no parser, no models and no JSON-LD: its document is the
template's with other strings, the rules for these strings are applied, and its digest is made from
the template's canonical form. Everything after that, from the proof on, is done as for any.

Whatever does not fit is read in full: a template makes an answer faster, and never another one.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from testamur import limits
from testamur._frozen import dataclass
from testamur.canon import fast_path, jcs
from testamur.canon.contexts import Contexts
from testamur.canon.marks import Path, find, has_mark, marked
from testamur.canon.rdfc10 import canonicalize
from testamur.canon.strict_json import JsonObject
from testamur.errors import ParseError, ProofError, TestamurError
from testamur.loading import Source
from testamur.secure import SUITES, DocumentDigests, EddsaJcs2022, Proof, vc_jwt
from testamur.secure.data_integrity import parse_proof_like, parse_proofs
from testamur.secured import Carrier, Secured, Securing
from testamur.verification.contents import common_contents
from testamur.verification.form_checks import COMPACTED, PARSED, STRUCTURED
from testamur.verification.reading import Reading
from testamur.verification.report import Check

if TYPE_CHECKING:
    from testamur.canon.json_template import DocumentTemplate, JsonTemplate
    from testamur.canon.template import CanonicalTemplate
    from testamur.model.ob3.varying import VaryingMembers

__all__ = ["Templates"]

_PER_KEY = 64
_SEEN = 4096
_ALIKE = 8
_TIMES = 1024
_OF_PROOF: tuple[Path, ...] = (("proof", "created"), ("proof", "proofValue"))
_OF_TOKEN: tuple[Path, ...] = (("jti",), ("sub",))
_FORM = (PARSED, STRUCTURED, COMPACTED)


class _ProofTemplate:
    """The one proof of a credential, whose time and value differ.

    Args:
        document: a credential with such a proof; raises KeyError or TypeError where it has none.
        contexts: the allow-list of contexts.
    """

    def __init__(self, document: JsonObject, contexts: Contexts) -> None:
        proof: Any = document["proof"]
        kind = proof["type"], proof.get("cryptosuite")
        self._suite = next((suite for suite in SUITES if suite.identify(*kind)), None)
        self._parsed = parse_proofs(document, SUITES)[0]
        self._unsigned: JsonObject = {"@context": document["@context"]}
        self._configuration = {name: each for name, each in proof.items() if name != "proofValue"}
        self._contexts = contexts
        self._digests: dict[str, bytes] = {}
        self.signs_json = isinstance(self._suite, EddsaJcs2022)
        self.is_known = (
            self._suite is not None
            and "previousProof" not in proof
            and proof.get("@context", document["@context"]) == document["@context"]
        )

    def parse(self, document: JsonObject) -> Proof:
        """Read the proof of another document. Raises: ProofError."""
        proof: Any = document["proof"]
        return parse_proof_like(self._parsed, proof)

    def digest(self, created: str | None) -> bytes | None:
        """Return SHA-256 of its configuration; None where that must be found out in full."""
        known = self._digests.get(created or "")
        if known is not None or self._suite is None:
            return known
        configuration = dict(self._configuration)
        if created is not None:
            configuration["created"] = created
        try:
            made = self._suite.hash_data(self._unsigned, configuration, self._contexts)
        except TestamurError:
            return None
        if len(self._digests) < _TIMES:
            self._digests[created or ""] = made[:32]
        return made[:32]


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
    proof: _ProofTemplate | None
    common: Mapping[str, Any]
    rest: tuple[Check, ...] | None

    def read_document(self, values: list[str], text: str) -> Reading | None:
        """Return the reading of a JSON text with these values; None where it must be read."""
        digests = self._digests(values)
        if digests is None or self.proof is None:
            return None
        document = self.document.fill(values)
        try:
            proof = self.proof.parse(document)
        except ProofError:
            return None
        secured = Secured(
            document=document, content=text.encode("utf-8"), securing=Securing.DATA_INTEGRITY
        )
        return Reading(
            secured=secured,
            checks=_FORM,
            digests=digests,
            proofs=(proof,),
            common=self.common,
            rest=self.rest,
        )

    def read_token(self, values: list[str], text: str) -> Reading | None:
        """Return the reading of a token whose payload has these values; None as above."""
        if not self.accepts(values):
            return None
        try:
            token = vc_jwt.from_payload(text, self.document.fill(values))
        except ParseError:
            return None  # its signature cannot be read
        secured = Secured(
            document=token.document,
            content=text.encode("utf-8"),
            securing=Securing.VC_JWT,
            carrier=Carrier.JWT,
            token=text,
        )
        return Reading(
            secured=secured,
            checks=_FORM,
            token=token,
            common=self.common,
            rest=self.rest,
        )

    def _digests(self, values: list[str]) -> DocumentDigests | None:
        count = len(self.varying.paths)
        own, of_proof = values[:count], values[count:]
        if self.proof is None or not self.varying.accepts(own):
            return None
        configuration = self.proof.digest(of_proof[0] if len(of_proof) == 2 else None)
        transformed: bytes | None
        if self.jcs is None:
            transformed = self.canonical.fill(own)
        else:
            accepted = self.canonical.accepts(own)
            transformed = self.jcs.fill(own).encode("utf-8") if accepted else None
        if configuration is None or transformed is None:
            return None
        return DocumentDigests(hash_data=configuration + _sha256(transformed))

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
        self._seen: dict[int, int] = {}
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

    def learn(self, reading: Reading, rest: tuple[Check, ...] | None) -> None:
        """Take note of a credential that was examined and whose proof is genuine.

        Args:
            reading: of the credential.
            rest: the checks of step 9, where they are the same for all that differ in their
                learner's strings alone.
        """
        if reading.checks != _FORM or not fast_path.enabled():
            return
        if not self._is_worth_it(_likeness(reading.document, reading.secured.securing)):
            return
        from testamur.model.ob3.varying import VaryingMembers  # who reads one needs no template

        varying = VaryingMembers(reading.document)
        text, key = _signed_text(reading), _key_of(reading)
        if not varying.paths or len(text) > limits.TEMPLATE_CHARACTERS:
            return
        template = _make(reading, text, varying, rest, self._contexts)
        if template is not None:
            self._keep(key, template)

    def _recognize_document(self, text: str) -> Reading | None:
        for template in self._candidates(_verification_method(text)):
            values = template.text.match(text)
            if values is not None:
                return template.read_document(values, text)
        return None

    def _recognize_token(self, text: str) -> Reading | None:
        header, _, rest = text.partition(".")
        templates = self._candidates(header)
        payload = vc_jwt.payload_text(rest.partition(".")[0]) if templates else None
        for template in templates:
            values = template.text.match(payload or "")
            if values is not None:
                return template.read_token(values, text)
        return None

    def _candidates(self, key: str) -> list[_Template]:
        return self._by_key.get(key, [])

    def _is_worth_it(self, likeness: int) -> bool:
        """Whether so many were alike that more are to be expected: a template costs some time.

        Where it is of no use, as of texts that are laid out in many ways, the next is made after
        twice as many.
        """
        with self._lock:
            seen = self._seen.pop(likeness, 0) + 1
            self._seen[likeness] = seen
            if len(self._seen) > _SEEN:
                del self._seen[next(iter(self._seen))]
        return seen >= _ALIKE and seen & (seen - 1) == 0

    def _keep(self, key: str, template: _Template) -> None:
        with self._lock:
            # Lists are replaced, never changed: another thread may be reading one.
            kept = [template, *self._by_key.pop(key, [])][:_PER_KEY]
            self._by_key[key] = kept
            while sum(map(len, self._by_key.values())) > limits.TEMPLATES:
                del self._by_key[next(iter(self._by_key))]


def _make(
    reading: Reading,
    text: str,
    varying: VaryingMembers,
    rest: tuple[Check, ...] | None,
    contexts: Contexts,
) -> _Template | None:
    """Make a template of a credential that was read; it must give back what it was made of."""
    from testamur.canon.json_template import DocumentTemplate, JsonTemplate
    from testamur.canon.template import CanonicalTemplate

    whole = reading.document if reading.token is None else reading.token.payload
    others = _OF_PROOF if reading.token is None else _OF_TOKEN
    paths = [*varying.paths, *(path for path in others if _is_text_at(whole, path))]
    unsecured = {name: value for name, value in reading.document.items() if name != "proof"}
    by_text = JsonTemplate.from_text(text, paths)
    canonical = CanonicalTemplate.compile(unsecured, varying.paths, contexts=contexts)
    if by_text is None or canonical is None or has_mark(whole):
        return None
    by_jcs = proof = None
    if reading.token is None:
        try:
            proof = _ProofTemplate(reading.document, contexts)
        except (KeyError, TypeError, ProofError):
            return None  # a proof set or a chain
        if not proof.is_known:
            return None
    if proof is not None and proof.signs_json:
        by_jcs = JsonTemplate.from_marked(
            jcs.canonicalize(marked(unsecured, varying.paths)).decode("utf-8")
        )
    template = _Template(
        text=by_text,
        document=DocumentTemplate(whole, paths),
        varying=varying,
        canonical=canonical,
        jcs=by_jcs,
        proof=proof,
        rest=rest,
        common=common_contents(reading.document),
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


def _likeness(document: JsonObject, securing: Securing) -> int:
    """What credentials of one achievement have in common, roughly."""
    subject = document.get("credentialSubject")
    members = subject if isinstance(subject, dict) else {}
    achievement = members.get("achievement")
    identifier = achievement.get("id") if isinstance(achievement, dict) else None
    return hash((securing, str(identifier), tuple(document), tuple(members)))


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

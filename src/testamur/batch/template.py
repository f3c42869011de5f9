"""One shape of credential, printed again and again: only what is a learner's own is put in.

The first credential of a shape is issued by `testamur.issue`. A template is what remains of it when
the learner's strings are taken out: of its JSON, of what is hashed, of the rules it was held to. It
gives the bytes that `issue` gives for other strings, or None where `issue` must be asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Protocol

from testamur.canon import jcs, multibase
from testamur.canon.contexts import Contexts
from testamur.canon.json_template import JsonTemplate
from testamur.canon.marks import Path, mark, marked
from testamur.canon.strict_json import JsonObject, dumps
from testamur.canon.template import CanonicalTemplate
from testamur.errors import Code, SigningKeyError
from testamur.issuing import SUITES, Mechanism
from testamur.keys.protocols import Signer
from testamur.model.ob3.issue_check import VaryingAtIssue
from testamur.model.ob3.varying import VaryingMembers
from testamur.model.parse import parse_credential
from testamur.secure import vc_jwt
from testamur.secured import Secured

__all__ = ["CredentialTemplate", "Plan"]

_Pick = Callable[[Sequence[str]], tuple[str, ...]]

# A token repeats dates as numbers of seconds, which are no slots.
_DATES: frozenset[Path] = frozenset({("validFrom",), ("validUntil",)})
_ACTIVITY: frozenset[Path] = frozenset(
    ("credentialSubject", name) for name in ("activityStartDate", "activityEndDate")
)


class Plan:
    """Which strings of a shape may differ within one template: the others choose the template.

    Args:
        paths: where the strings of this shape stand.
        document: a credential of this shape, without proofs.
        mechanism: how it will be secured.

    Attributes:
        members: the strings that may differ.
        pick_slots: takes their values out of a learner's strings.
        pick_others: takes the other strings.
    """

    def __init__(self, paths: Sequence[Path], document: JsonObject, mechanism: Mechanism) -> None:
        fixed = _ACTIVITY | _DATES if mechanism is Mechanism.VC_JWT else _ACTIVITY
        self.members = VaryingMembers(document, frozenset(paths) - fixed)
        slots = [paths.index(path) for path in self.members.paths]
        self.pick_slots = _picker(slots)
        self.pick_others = _picker([each for each in range(len(paths)) if each not in slots])


class CredentialTemplate:
    """A credential with slots for its learner's strings. Immutable; safe under threads.

    It prints many at once, slot by slot: most of that is done by Python's own loops.
    """

    def __init__(
        self,
        rules: Sequence[tuple[int, Callable[[str], bool]]],
        members: VaryingMembers,
        mechanism: _Mechanism,
    ) -> None:
        """Hold a template; see `of`.

        Args:
            rules: (slot, rule): what the models and issuing ask of single strings.
            members: says whether dates are in order.
            mechanism: how the credentials are secured.
        """
        self._rules = rules
        self._members = members
        self._mechanism = mechanism

    @classmethod
    def of(
        cls, secured: Secured, plan: Plan, *, mechanism: Mechanism, contexts: Contexts
    ) -> CredentialTemplate | None:
        """Make a template of a credential that `issue` returned; None where it cannot be one."""
        document = {name: value for name, value in secured.document.items() if name != "proof"}
        members = VaryingMembers(document, plan.members.paths)
        canonical = CanonicalTemplate.compile(document, members.paths, contexts=contexts)
        if canonical is None or members.paths != plan.members.paths:
            return None
        at_issue = VaryingAtIssue(parse_credential(document), members.paths)
        rules = [*members.rules, *at_issue.rules]
        if mechanism is Mechanism.VC_JWT:
            token = secured.token or ""
            return cls(rules, members, _Token(token, members.paths, canonical))
        proof = secured.document["proof"]
        if not isinstance(proof, dict):
            return None
        config = {name: value for name, value in proof.items() if name != "proofValue"}
        suite = SUITES[mechanism]
        secures = _Proof(
            document, members.paths, config, suite.hash_data(document, config, contexts)
        )
        if mechanism is Mechanism.EDDSA_JCS_2022:
            secures.sign_json(document, members.paths, canonical)
        else:
            secures.sign_statements(canonical)
        return cls(rules, members, secures)

    def print(self, columns: Sequence[Sequence[str]], signer: Signer) -> list[bytes] | None:
        """Return credentials with these strings, signed.

        Args:
            columns: for each slot its values, one for each credential.
            signer: holds the key that signed the first one.

        Returns:
            None where `issue` must be asked about one of them.

        Raises:
            SigningKeyError: the key cannot sign, or gave no Ed25519 signature.
        """
        for slot, rule in self._rules:
            if not all(map(rule, columns[slot])):
                return None
        if not self._members.are_all_in_order(columns):
            return None
        signed = self._mechanism.signed(columns)
        if signed is None:
            return None
        signatures = [signer.sign(data) for data in signed]
        for signature in signatures:
            if len(signature) != 64:
                raise SigningKeyError(
                    f"the signer gave {len(signature)} bytes; an Ed25519 signature has 64",
                    code=Code.SIGNING_KEY,
                )
        return self._mechanism.written(columns, signed, signatures)


class _Mechanism(Protocol):
    def signed(self, columns: Sequence[Sequence[str]]) -> list[bytes] | None:
        """Return what is signed of each; None where that takes the general algorithm."""
        ...

    def written(
        self, columns: Sequence[Sequence[str]], signed: list[bytes], signatures: list[bytes]
    ) -> list[bytes]:
        """Return each credential with its signature."""
        ...


class _Proof:
    """A Data Integrity proof. Its configuration is the same for all, as `now` is."""

    def __init__(
        self, document: JsonObject, paths: Sequence[Path], config: JsonObject, hash_data: bytes
    ) -> None:
        self._configuration = hash_data[:32]
        proof: JsonObject = {**config, "proofValue": mark(len(paths))}
        self._text = JsonTemplate.from_marked(dumps({**marked(document, paths), "proof": proof}))
        self._transform: Callable[[Sequence[Sequence[str]]], Sequence[bytes] | None]

    def sign_statements(self, canonical: CanonicalTemplate) -> None:
        """VC-DI-EDDSA 3.2.3: the canonical N-Quads."""
        self._transform = canonical.fill_all

    def sign_json(
        self, document: JsonObject, paths: Sequence[Path], canonical: CanonicalTemplate
    ) -> None:
        """VC-DI-EDDSA 3.3.3: the JSON; that JSON-LD would lose nothing is asked apart."""
        text = JsonTemplate.from_marked(jcs.canonicalize(marked(document, paths)).decode("utf-8"))

        def transform(columns: Sequence[Sequence[str]]) -> Sequence[bytes] | None:
            if not canonical.accepts_all(columns):
                return None
            return [each.encode("utf-8") for each in text.fill_all(columns)]

        self._transform = transform

    def signed(self, columns: Sequence[Sequence[str]]) -> list[bytes] | None:
        transformed = self._transform(columns)
        if transformed is None:
            return None
        return [self._configuration + hashlib.sha256(each).digest() for each in transformed]

    def written(
        self, columns: Sequence[Sequence[str]], _signed: list[bytes], signatures: list[bytes]
    ) -> list[bytes]:
        values = [multibase.encode_base58(signature) for signature in signatures]
        return [text.encode("utf-8") for text in self._text.fill_all([*columns, values])]


class _Token:
    """A JWT. Its `jti` and `sub` repeat slots; its header is the same for all."""

    def __init__(self, token: str, paths: Sequence[Path], canonical: CanonicalTemplate) -> None:
        self._header = token.partition(".")[0]
        self._canonical = canonical
        payload = marked(vc_jwt.parse(token).payload, paths)
        repeated = {"jti": ("id",), "sub": ("credentialSubject", "id")}
        payload |= {
            claim: mark(paths.index(path)) for claim, path in repeated.items() if path in paths
        }
        self._payload = JsonTemplate.from_marked(dumps(payload))

    def signed(self, columns: Sequence[Sequence[str]]) -> list[bytes] | None:
        if not self._canonical.accepts_all(columns):
            return None
        encode, header = multibase.encode_base64url, self._header
        return [
            f"{header}.{encode(payload.encode('utf-8'))[1:]}".encode("ascii")
            for payload in self._payload.fill_all(columns)
        ]

    def written(
        self, _columns: Sequence[Sequence[str]], signed: list[bytes], signatures: list[bytes]
    ) -> list[bytes]:
        return [
            data + b"." + multibase.encode_base64url(signature)[1:].encode("ascii")
            for data, signature in zip(signed, signatures, strict=True)
        ]


def _picker(positions: list[int]) -> _Pick:
    if len(positions) > 1:
        return itemgetter(*positions)
    only: Any = positions
    return lambda strings: tuple(strings[position] for position in only)

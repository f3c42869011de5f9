"""One shape of credential, printed again and again: only what is a learner's own is put in.

The first credential of a shape is issued by `testamur.issue`. A template is what remains of it when
the learner's strings are taken out: of its JSON, of what is hashed, of the rules it was held to. It
gives the bytes that `issue` gives for other strings, or None where `issue` must be asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

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


@dataclass(frozen=True, slots=True)
class CredentialTemplate:
    """A credential with slots for its learner's strings. Immutable; safe under threads.

    Attributes:
        rules: of each slot that has one: the models', or those of issuing.
        members: says whether dates are in order.
        hashed: what is signed of them: hash data of 64 bytes, or a token up to its signature; None
            where that takes the general algorithm.
        written: the credential, of what was signed and of its signature.
    """

    rules: Sequence[tuple[int, Callable[[str], bool]]]
    members: VaryingMembers
    hashed: Callable[[Sequence[str]], bytes | None]
    written: Callable[[Sequence[str], bytes, bytes], bytes]

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
            return cls(rules, members, *_of_token(secured.token or "", members.paths, canonical))
        proof = secured.document["proof"]
        if not isinstance(proof, dict):
            return None
        config = {name: value for name, value in proof.items() if name != "proofValue"}
        prefix = SUITES[mechanism].hash_data(document, config, contexts)[:32]
        if mechanism is Mechanism.EDDSA_JCS_2022:
            hashed = _of_json(prefix, document, members.paths, canonical)
        else:
            hashed = _of_statements(prefix, canonical)
        text = JsonTemplate.from_marked(
            dumps(
                {
                    **marked(document, members.paths),
                    "proof": {**config, "proofValue": mark(len(members.paths))},
                }
            )
        )

        def written(values: Sequence[str], _hashed: bytes, signature: bytes) -> bytes:
            return text.fill([*values, multibase.encode_base58(signature)]).encode("utf-8")

        return cls(rules, members, hashed, written)

    def issue(self, values: Sequence[str], signer: Signer) -> bytes | None:
        """Return the credential with these strings, signed; None where `issue` must be asked.

        Raises:
            SigningKeyError: the key cannot sign, or gave no Ed25519 signature.
        """
        for slot, rule in self.rules:
            if not rule(values[slot]):
                return None
        hashed = self.hashed(values) if self.members.are_in_order(values) else None
        if hashed is None:
            return None
        signature = signer.sign(hashed)
        if len(signature) != 64:
            raise SigningKeyError(
                f"the signer gave {len(signature)} bytes; an Ed25519 signature has 64",
                code=Code.SIGNING_KEY,
            )
        return self.written(values, hashed, signature)


def _of_statements(
    prefix: bytes, canonical: CanonicalTemplate
) -> Callable[[Sequence[str]], bytes | None]:
    """VC-DI-EDDSA 3.2.4: the configuration's hash is the same for all; `now` is, too."""

    def hashed(values: Sequence[str]) -> bytes | None:
        filled = canonical.fill(values)
        return None if filled is None else prefix + hashlib.sha256(filled).digest()

    return hashed


def _of_json(
    prefix: bytes, document: JsonObject, paths: Sequence[Path], canonical: CanonicalTemplate
) -> Callable[[Sequence[str]], bytes | None]:
    """VC-DI-EDDSA 3.3.4; that JSON-LD would lose nothing is asked apart, as in `issue`."""
    text = JsonTemplate.from_marked(jcs.canonicalize(marked(document, paths)).decode("utf-8"))

    def hashed(values: Sequence[str]) -> bytes | None:
        if not canonical.accepts(values):
            return None
        return prefix + hashlib.sha256(text.fill(values).encode("utf-8")).digest()

    return hashed


def _of_token(
    token: str, paths: Sequence[Path], canonical: CanonicalTemplate
) -> tuple[Callable[[Sequence[str]], bytes | None], Callable[[Sequence[str], bytes, bytes], bytes]]:
    header = token.partition(".")[0]
    payload = marked(vc_jwt.parse(token).payload, paths)
    repeated = {"jti": ("id",), "sub": ("credentialSubject", "id")}
    payload |= {claim: mark(paths.index(path)) for claim, path in repeated.items() if path in paths}
    text = JsonTemplate.from_marked(dumps(payload))

    def hashed(values: Sequence[str]) -> bytes | None:
        if not canonical.accepts(values):
            return None
        encoded = multibase.encode_base64url(text.fill(values).encode("utf-8"))[1:]
        return f"{header}.{encoded}".encode("ascii")

    def written(_values: Sequence[str], hashed: bytes, signature: bytes) -> bytes:
        return hashed + b"." + multibase.encode_base64url(signature)[1:].encode("ascii")

    return hashed, written


def _picker(positions: list[int]) -> _Pick:
    if len(positions) > 1:
        return itemgetter(*positions)
    only: Any = positions
    return lambda strings: tuple(strings[position] for position in only)

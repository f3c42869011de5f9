"""The proof and whose it is: steps 4 and 5 of the line in.

A signature proves that a key signed. It proves the issuer only when the issuer's own controller
document lists that key for the purpose, so both are looked at together and reported apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from testamur.canon.contexts import OB_3_0_3, Contexts
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, FetchError, ProofError, SigningKeyError, TestamurError
from testamur.keys import jwk as jwks
from testamur.keys.controller import (
    Resolver,
    VerificationMethod,
    retrieve,
    split_url,
)
from testamur.keys.protocols import VerificationKey
from testamur.model.dates import parse_date_time_stamp
from testamur.secure import data_integrity, vc_jwt
from testamur.secured import Secured, Securing
from testamur.verification.policy import Policy
from testamur.verification.report import Answer, Check, CheckName, Weight

__all__ = ["ProofFinding", "check_proof"]

_PROOF_SPEC = "VC Data Integrity 1.0, Verify Proof"
_SETS_SPEC = "VC Data Integrity 1.0, Verify Proof Sets and Chains"
_JWT_SPEC = "Open Badges 3.0, 8.2 JSON Web Token Proof Format"
_BINDING_SPEC = "Controlled Identifiers 1.0, Retrieve Verification Method"
_TRANSIENT = (Code.OFFLINE, Code.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class ProofFinding:
    """What was found about the proof.

    Attributes:
        checks: for the report.
        genuine: whether a proof of the signer that was expected holds, and no other failed.
        uncovered: members that the signature does not cover, and that must be ignored.
    """

    checks: tuple[Check, ...]
    genuine: bool
    uncovered: frozenset[str] = frozenset()


def check_proof(
    secured: Secured,
    *,
    expected_signer: str | None,
    purpose: str,
    policy: Policy,
    resolver: Resolver,
    now: datetime,
) -> ProofFinding:
    """Check what secures a document, and that it is its issuer's (or holder's).

    Args:
        secured: the document.
        expected_signer: the id of the issuer, or of a presentation's holder; None where the
            document names nobody.
        purpose: "assertionMethod" for credentials, "authentication" for presentations.
        policy: which suites and claims are accepted, which challenge and domain expected.
        resolver: dereferences controller documents.
        now: the clock.
    """
    run = _Run(secured, expected_signer, purpose, policy, resolver, now)
    if secured.securing is Securing.VC_JWT:
        return run.token()
    return run.proofs()


@dataclass(frozen=True, slots=True)
class _Run:
    secured: Secured
    expected_signer: str | None
    purpose: str
    policy: Policy
    resolver: Resolver
    now: datetime

    # Embedded proofs

    def proofs(self) -> ProofFinding:
        document = self.secured.document
        try:
            proofs = data_integrity.parse_proofs(document, self.policy.suites)
        except ProofError as error:
            return _not_genuine(_failed(CheckName.PROOF, error, _PROOF_SPEC))
        mine = [proof for proof in proofs if self._is_expected(proof.verification_method)]
        if not mine:
            return self._foreign(proofs[0].verification_method)
        contexts, document, uncovered = self._contexts_that_fit(mine[0], proofs)
        checks = [self._proof(each, proofs, document, contexts) for each in proofs]
        return self._combined(proofs, checks, uncovered)

    def _combined(
        self,
        proofs: tuple[data_integrity.Proof, ...],
        checks: list[Check],
        uncovered: frozenset[str],
    ) -> ProofFinding:
        """Every proof must hold, and one of them must be the expected signer's."""
        genuine = any(
            check.answer is Answer.PASSED and self._is_expected(proof.verification_method)
            for proof, check in zip(proofs, checks, strict=True)
        )
        failed = any(check.answer is Answer.FAILED for check in checks)
        if genuine and not failed:
            weighed = [
                check
                if check.answer is Answer.PASSED
                else check.model_copy(update={"weight": Weight.REMARK})
                for check in checks
            ]
            return ProofFinding((*weighed, self._bound()), genuine=True, uncovered=uncovered)
        if not failed and all(check.code is Code.PROOF_UNSUPPORTED for check in checks):
            checks = [check.model_copy(update={"answer": Answer.FAILED}) for check in checks]
        return ProofFinding(tuple(checks), genuine=False)

    def _proof(
        self,
        proof: data_integrity.Proof,
        proofs: tuple[data_integrity.Proof, ...],
        document: JsonObject,
        contexts: Contexts,
    ) -> Check:
        evidence = {
            "cryptosuite": proof.suite_name[:100],
            "verificationMethod": proof.verification_method[:1000],
        }
        if proof.suite is None:
            return Check(
                name=CheckName.PROOF,
                answer=Answer.COULD_NOT_CHECK,
                code=Code.PROOF_UNSUPPORTED,
                sentence=f"A proof of the kind {proof.suite_name[:60]} cannot be checked here.",
                spec=_SETS_SPEC,
                evidence=evidence,
            )
        try:
            self._check_purpose(proof)
            method = retrieve(
                proof.verification_method, purpose=self.purpose, resolver=self.resolver
            )
            self._check_key_dates(method, proof.created)
            data_integrity.verify_proof(
                document, proof, proofs=proofs, key=method.key, contexts=contexts
            )
        except TestamurError as error:
            return _failed(CheckName.PROOF, error, _PROOF_SPEC, evidence)
        return Check(
            name=CheckName.PROOF,
            answer=Answer.PASSED,
            sentence="The signature is genuine: nothing was changed since it was signed.",
            spec=_PROOF_SPEC,
            evidence=evidence,
        )

    def _check_purpose(self, proof: data_integrity.Proof) -> None:
        """Verify Proof, steps 5 to 7: purpose, dates, domain and challenge."""
        if proof.purpose != self.purpose:
            raise ProofError(
                f"the proof was made for {proof.purpose[:60]!r}, not for {self.purpose!r}",
                code=Code.PROOF_PURPOSE,
                expected=self.purpose,
                found=proof.purpose[:60],
            )
        if proof.expires is not None and proof.expires <= self.now - self.policy.clock_skew:
            raise ProofError(
                "the proof itself has expired", code=Code.PROOF_EXPIRED, when=proof.expires
            )
        challenge, domain = self.policy.challenge, self.policy.domain
        if self.purpose != "authentication":
            return
        if challenge is not None and proof.challenge != challenge:
            raise _replayed(challenge, proof.challenge)
        if domain is not None and domain not in proof.domains:
            raise _for_others(domain, ", ".join(proof.domains))

    def _contexts_that_fit(
        self, proof: data_integrity.Proof, proofs: tuple[data_integrity.Proof, ...]
    ) -> tuple[Contexts, JsonObject, frozenset[str]]:
        """Choose between the two documents that context-3.0.3 has been.

        `endorsementJwt` is defined in the newer one only. Where the signature holds only without
        that member and under the older document, the member was never signed: it is ignored.
        """
        document, contexts = self.secured.document, self.policy.contexts
        unchanged = contexts, document, frozenset[str]()
        older = Contexts.bundled_before_2026_06_29()
        if contexts is not Contexts.bundled() or not _mentions_new_terms(document):
            return unchanged
        try:
            method = retrieve(
                proof.verification_method, purpose=self.purpose, resolver=self.resolver
            )
            data_integrity.verify_proof(
                document, proof, proofs=proofs, key=method.key, contexts=contexts
            )
        except (SigningKeyError, FetchError):
            return unchanged
        except TestamurError:
            stripped = _without(document, "endorsementJwt")
            try:
                data_integrity.verify_proof(
                    stripped, proof, proofs=proofs, key=method.key, contexts=older
                )
            except TestamurError:
                return unchanged
            return older, stripped, frozenset({"endorsementJwt"})
        return unchanged

    # Enveloping proofs

    def token(self) -> ProofFinding:
        token = vc_jwt.parse(self.secured.token or "")
        evidence = {"alg": token.algorithm, "kid": str(token.kid)[:1000]}
        try:
            key = self._token_key(token)
            vc_jwt.verify_signature(token, key=key)
            missing = vc_jwt.check_claims(token, mode=self.policy.claims, now=self.now)
            self._check_presented(token)
        except _ForeignKeyError as error:
            return self._foreign(error.found or "")
        except TestamurError as error:
            return _not_genuine(_failed(CheckName.PROOF, error, _JWT_SPEC, evidence))
        passed = Check(
            name=CheckName.PROOF,
            answer=Answer.PASSED,
            sentence="The signature is genuine: nothing was changed since it was signed.",
            spec=_JWT_SPEC,
            evidence={**evidence, "claims left out": ", ".join(missing)} if missing else evidence,
        )
        return ProofFinding((passed, self._bound()), genuine=True)

    def _token_key(self, token: vc_jwt.Token) -> VerificationKey:
        """Find the issuer's key for a token: `kid` and `jwk` count only if the issuer agrees."""
        issuer = self.expected_signer
        if issuer is None:
            raise ProofError("the token's credential names no issuer", code=Code.ISSUER_INVALID)
        moment = _token_date(token)
        if token.kid is None:
            return self._published_key(token.jwk or {}, issuer, moment)
        kid = issuer + token.kid if token.kid.startswith("#") else token.kid
        document_url, fragment = split_url(kid)
        if document_url == issuer and fragment:
            method = retrieve(kid, purpose=self.purpose, resolver=self.resolver)
            self._check_key_dates(method, moment)
            return method.key
        if document_url.startswith(f"{issuer}/") and issuer.startswith("https://"):
            return jwks.decode_public_key(self._key_at(document_url, token.kid))
        if urlsplit(document_url).scheme == "https" and _origin(document_url) == _origin(issuer):
            return self._published_key(self._key_at(document_url, token.kid), issuer, moment)
        raise _ForeignKeyError("another's key", found=kid[:1000])

    def _key_at(self, url: str, kid: str) -> JsonObject:
        """The JWK behind a kid (Open Badges 3.0, 8.2.3), bare or in a set."""
        found = self.resolver.fetch_json(url)
        return next((key for key in _keys_of(found) if key.get("kid") == kid), found)

    def _published_key(
        self, candidate: JsonObject, issuer: str, moment: datetime | None
    ) -> VerificationKey:
        """Return the key if the issuer publishes it: in its own document, or its site's JWKS.

        Open Badges 3.0 Recommended Practices, Key provenance.
        """
        public = {member: value for member, value in candidate.items() if member != "kid"}
        wanted = jwks.decode_public_key(public)
        for method in self._methods_for_purpose(issuer):
            if method.key.to_jwk() == wanted.to_jwk():
                self._check_key_dates(method, moment)
                return wanted
        if issuer.startswith("https://"):
            key_set = self.resolver.fetch_json(f"{_origin(issuer)}/.well-known/jwks.json")
            for key in _keys_of(key_set):
                if jwks.decode_public_key(key).to_jwk() == wanted.to_jwk():
                    return wanted
        raise SigningKeyError(
            f"the key in the token is not among those that {issuer[:120]} publishes",
            code=Code.KEY_NOT_AUTHORIZED,
            found=issuer[:120],
        )

    def _methods_for_purpose(self, issuer: str) -> Iterator[VerificationMethod]:
        """The issuer's keys for the purpose; none where its URL has no controller document."""
        try:
            document = self.resolver.resolve(issuer)
        except SigningKeyError:
            return
        listed = document.get(self.purpose)
        for reference in listed if isinstance(listed, list) else [listed]:
            identifier = reference.get("id") if isinstance(reference, dict) else reference
            try:
                yield retrieve(identifier, purpose=self.purpose, resolver=self.resolver)
            except SigningKeyError:
                continue  # of a kind that is not supported; another may fit

    def _check_presented(self, token: vc_jwt.Token) -> None:
        """A presentation's `nonce` and `aud` answer the challenge and name the verifier."""
        if self.purpose != "authentication":
            return
        audience = token.payload.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if self.policy.challenge not in (None, token.payload.get("nonce")):
            raise _replayed(self.policy.challenge, token.payload.get("nonce"))
        if self.policy.domain is not None and self.policy.domain not in audiences:
            raise _for_others(self.policy.domain, audience)

    # Both

    def _is_expected(self, verification_method: str) -> bool:
        return (
            self.expected_signer is not None
            and verification_method.partition("#")[0] == self.expected_signer
        )

    def _check_key_dates(self, method: VerificationMethod, signed_at: datetime | None) -> None:
        """A retired key verifies what it signed before; a revoked one verifies nothing."""
        if method.revoked is not None and method.revoked <= self.now:
            raise SigningKeyError(
                f"the issuer has revoked the key {method.id[:120]}",
                code=Code.KEY_REVOKED,
                when=method.revoked,
            )
        if method.expires is None or method.expires > self.now:
            return
        if signed_at is None or signed_at >= method.expires:
            raise SigningKeyError(
                f"the key {method.id[:120]} was retired before this was signed",
                code=Code.KEY_REVOKED,
                when=method.expires,
            )

    def _bound(self) -> Check:
        return Check(
            name=CheckName.ISSUER,
            answer=Answer.PASSED,
            sentence=f"The key that signed is published by {self.expected_signer}.",
            spec=_BINDING_SPEC,
            evidence={"controller": str(self.expected_signer)},
        )

    def _foreign(self, verification_method: str) -> ProofFinding:
        who = self.expected_signer
        sentence = (
            f"The key that signed is not one of {who[:120]}: anybody may have signed this."
            if who is not None
            else "Nobody is named as its issuer, so no signature can be the issuer's."
        )
        return _not_genuine(
            Check(
                name=CheckName.ISSUER,
                answer=Answer.FAILED,
                code=Code.ISSUER_MISMATCH,
                sentence=sentence,
                spec=_BINDING_SPEC,
                evidence={"verificationMethod": verification_method[:1000]},
            )
        )


class _ForeignKeyError(SigningKeyError):
    """The key named is under another's control; raised and caught in this module."""


def _replayed(expected: str | None, found: object) -> ProofError:
    return ProofError(
        "the presentation does not answer the challenge it was asked: it may be a copy of an "
        "earlier one",
        code=Code.VP_BINDING,
        expected=expected,
        found=str(found)[:100],
    )


def _for_others(expected: str, found: object) -> ProofError:
    return ProofError(
        "the presentation was made for somebody else",
        code=Code.VP_BINDING,
        expected=expected,
        found=str(found)[:100],
    )


def _not_genuine(check: Check) -> ProofFinding:
    return ProofFinding((check,), genuine=False)


def _failed(
    name: CheckName, error: TestamurError, spec: str, evidence: dict[str, str] | None = None
) -> Check:
    transient = isinstance(error, FetchError) and error.code in _TRANSIENT
    facts = dict(evidence or {})
    if error.url is not None:
        facts["url"] = error.url
    return Check(
        name=name,
        answer=Answer.COULD_NOT_CHECK if transient else Answer.FAILED,
        code=error.code,
        sentence=error.message[:1].upper() + error.message[1:] + ".",
        spec=spec,
        path=error.path,
        evidence=facts,
    )


def _token_date(token: vc_jwt.Token) -> datetime | None:
    for member in ("validFrom", "issuanceDate"):
        value = token.document.get(member)
        if isinstance(value, str):
            return parse_date_time_stamp(value)
    return None


def _keys_of(key_set: JsonObject) -> list[JsonObject]:
    keys = key_set.get("keys")
    return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _mentions_new_terms(document: JsonObject) -> bool:
    contexts = document.get("@context")
    return (
        isinstance(contexts, list)
        and OB_3_0_3 in contexts
        and _anywhere(document, lambda members: "endorsementJwt" in members)
    )


def _anywhere(value: JsonValue, test: Callable[[JsonObject], bool]) -> bool:
    if isinstance(value, dict):
        return test(value) or any(_anywhere(each, test) for each in value.values())
    return isinstance(value, list) and any(_anywhere(each, test) for each in value)


def _without(value: JsonObject, member: str) -> JsonObject:
    def stripped(item: JsonValue) -> JsonValue:
        if isinstance(item, dict):
            return {key: stripped(each) for key, each in item.items() if key != member}
        return [stripped(each) for each in item] if isinstance(item, list) else item

    result = stripped(value)
    return result if isinstance(result, dict) else {}

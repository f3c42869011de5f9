"""The one hierarchy of errors: every error testamur raises on purpose derives from TestamurError.

A message says what is wrong, where, and what to do about it. The same facts are attributes, so
that programs need not read the message, and `code` is stable across releases.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

__all__ = [
    "BatchError",
    "CanonicalizationError",
    "Code",
    "ConfigurationError",
    "FetchError",
    "InputError",
    "ModelError",
    "ParseError",
    "ProofError",
    "RegisterError",
    "SigningKeyError",
    "StatusError",
    "TestamurError",
    "VerificationError",
]


class Code(StrEnum):
    """Stable reason codes, shared by errors and by the checks of a report."""

    MALFORMED_INPUT = "MALFORMED_INPUT"
    NOT_CONFORMANT = "NOT_CONFORMANT"
    CONTEXT_REJECTED = "CONTEXT_REJECTED"
    DATA_LOSS = "DATA_LOSS"
    RESOURCE_LIMIT = "RESOURCE_LIMIT"
    PROOF_MISSING = "PROOF_MISSING"
    PROOF_MALFORMED = "PROOF_MALFORMED"
    PROOF_UNSUPPORTED = "PROOF_UNSUPPORTED"
    PROOF_INVALID = "PROOF_INVALID"
    PROOF_PURPOSE = "PROOF_PURPOSE"
    PROOF_EXPIRED = "PROOF_EXPIRED"
    PROOF_CHAIN = "PROOF_CHAIN"
    ISSUER_INVALID = "ISSUER_INVALID"
    ISSUER_MISMATCH = "ISSUER_MISMATCH"
    UNTRUSTED_ISSUER = "UNTRUSTED_ISSUER"
    KEY_NOT_FOUND = "KEY_NOT_FOUND"
    KEY_NOT_AUTHORIZED = "KEY_NOT_AUTHORIZED"
    KEY_INVALID = "KEY_INVALID"
    KEY_REVOKED = "KEY_REVOKED"
    DID_INVALID = "DID_INVALID"
    DID_RESOLUTION = "DID_RESOLUTION"
    NOT_YET_VALID = "NOT_YET_VALID"
    EXPIRED = "EXPIRED"
    VALIDITY_MALFORMED = "VALIDITY_MALFORMED"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    STATUS_MESSAGE = "STATUS_MESSAGE"
    STATUS_MALFORMED = "STATUS_MALFORMED"
    STATUS_RETRIEVAL = "STATUS_RETRIEVAL"
    STATUS_VERIFICATION = "STATUS_VERIFICATION"
    STATUS_LENGTH = "STATUS_LENGTH"
    STATUS_RANGE = "STATUS_RANGE"
    STATUS_UNKNOWN_TYPE = "STATUS_UNKNOWN_TYPE"
    REFRESH_AVAILABLE = "REFRESH_AVAILABLE"
    URL_BLOCKED = "URL_BLOCKED"
    FETCH_FAILED = "FETCH_FAILED"
    UNREACHABLE = "UNREACHABLE"
    OFFLINE = "OFFLINE"
    JWT_MALFORMED = "JWT_MALFORMED"
    JWT_ALG = "JWT_ALG"
    JWT_HEADER = "JWT_HEADER"
    JWT_CLAIMS = "JWT_CLAIMS"
    SEAL_MALFORMED = "SEAL_MALFORMED"
    SEAL_HEADER = "SEAL_HEADER"
    SEAL_ALG = "SEAL_ALG"
    SEAL_LEVEL = "SEAL_LEVEL"
    SIGNING_TIME = "SIGNING_TIME"
    TIMESTAMP = "TIMESTAMP"
    CERTIFICATE_INVALID = "CERTIFICATE_INVALID"
    CERTIFICATE_UNTRUSTED = "CERTIFICATE_UNTRUSTED"
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"
    REVOCATION_UNCHECKED = "REVOCATION_UNCHECKED"
    IMAGE_MALFORMED = "IMAGE_MALFORMED"
    IMAGE_NO_CREDENTIAL = "IMAGE_NO_CREDENTIAL"
    IMAGE_AMBIGUOUS = "IMAGE_AMBIGUOUS"
    SCHEMA = "SCHEMA"
    ENDORSEMENT_INVALID = "ENDORSEMENT_INVALID"
    EVIDENCE_UNCHECKED = "EVIDENCE_UNCHECKED"
    RELATED_RESOURCE = "RELATED_RESOURCE"
    RECIPIENT_MISMATCH = "RECIPIENT_MISMATCH"
    VP_BINDING = "VP_BINDING"
    SIGNING_KEY = "SIGNING_KEY"
    CONFIGURATION = "CONFIGURATION"
    REGISTER = "REGISTER"
    REGISTER_VERSION = "REGISTER_VERSION"
    REGISTER_BUSY = "REGISTER_BUSY"
    REGISTER_UNAVAILABLE = "REGISTER_UNAVAILABLE"
    REGISTER_CONFLICT = "REGISTER_CONFLICT"
    REGISTER_UNKNOWN = "REGISTER_UNKNOWN"
    REGISTER_DAMAGED = "REGISTER_DAMAGED"
    CLOCK = "CLOCK"


class TestamurError(Exception):
    """Root of every error raised on purpose.

    Attributes:
        code: stable reason code.
        path: where in the document, as `credential.validFrom` or `credentialSubject.result[2]`.
        expected: what was wanted, in words.
        found: what was there, shortened.
        url: the URL concerned.
        when: the instant concerned, aware.
    """

    __test__ = False  # the name begins with "Test"; pytest must not collect it
    default_code = Code.MALFORMED_INPUT

    def __init__(
        self,
        message: str,
        *,
        code: Code | None = None,
        path: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        url: str | None = None,
        when: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code if code is not None else self.default_code
        self.path = path
        self.expected = expected
        self.found = found
        self.url = url
        self.when = when


class InputError(TestamurError):
    """What was handed in cannot be used as it is."""


class ParseError(InputError):
    """Bytes or text are not in the format they should be in."""


class ModelError(InputError):
    """A document or a value breaks a rule of its standard."""

    default_code = Code.NOT_CONFORMANT


class CanonicalizationError(TestamurError):
    """The bytes to be hashed cannot be made exactly: data would be lost, or work is unbounded."""

    default_code = Code.DATA_LOSS


class SigningKeyError(TestamurError):
    """A private or public key cannot be read, is of the wrong kind, or must not be used."""

    default_code = Code.KEY_INVALID


class ConfigurationError(TestamurError):
    """The caller asked for a combination that cannot work."""

    default_code = Code.CONFIGURATION


class BatchError(TestamurError):
    """A batch cannot go on: a worker is lost for good, or what it made does not verify."""

    default_code = Code.CONFIGURATION


class RegisterError(TestamurError):
    """The register cannot be used, does not know what was asked for, or refuses it.

    `code` is REGISTER_VERSION (made by another version of testamur), REGISTER_BUSY (another writer
    was too long at work), REGISTER_UNAVAILABLE (no database, no connection, no space: nothing was
    written, and the same call may be made again), REGISTER_CONFLICT (it would contradict what is
    recorded), REGISTER_UNKNOWN (nothing of that name is recorded), REGISTER_DAMAGED (what is
    recorded does not hold together), CLOCK (the clock was set back) or REGISTER.
    """

    default_code = Code.REGISTER


class FetchError(TestamurError):
    """A URL could not, or must not, be fetched.

    `code` is OFFLINE (fetching is not allowed here), URL_BLOCKED (this URL never is),
    UNREACHABLE (no answer: another time it may work), RESOURCE_LIMIT (an answer that is too large
    or too slow) or FETCH_FAILED (an answer that cannot be used, as "404 not found").
    """

    default_code = Code.FETCH_FAILED


class ProofError(TestamurError):
    """A proof is missing, malformed, unsupported or does not hold."""

    default_code = Code.PROOF_INVALID


class StatusError(TestamurError):
    """A status list or a status entry cannot be read."""

    default_code = Code.STATUS_MALFORMED


class VerificationError(TestamurError):
    """A credential was examined and must not be relied on.

    Attributes:
        report: the whole `testamur.verification.Report`.
    """

    default_code = Code.PROOF_INVALID

    def __init__(self, message: str, *, report: object, code: Code) -> None:
        super().__init__(message, code=code)
        self.report = report

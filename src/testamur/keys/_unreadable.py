"""What `cryptography`, and what builds on it, raise where bytes are not what they should be."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

__all__ = ["UNREADABLE"]

UNREADABLE = (
    ArithmeticError,
    AttributeError,
    CryptographyDeprecationWarning,  # where warnings are errors
    InvalidSignature,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    UnsupportedAlgorithm,
    ValueError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)

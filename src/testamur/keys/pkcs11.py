"""Ed25519 keys in hardware modules, by PKCS #11 (key type CKK_EC_EDWARDS, mechanism CKM_EDDSA).

A module is a library of its maker, which is loaded into this process: name one that you trust.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote_to_bytes

from testamur._frozen import dataclass, field
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.keys.ed25519 import Ed25519PublicKey

__all__ = ["Pkcs11Key", "Pkcs11Token", "Pkcs11Uri"]

_SCHEME = "pkcs11:"
_POINT_BYTES = 32
_WRAPPINGS = (b"", b"\x04\x20", b"\x03\x21\x00")  # as it is, an OCTET STRING, a BIT STRING


@dataclass(frozen=True, slots=True)
class Pkcs11Uri:
    """Names a key and the module it is in (RFC 7512).

    Attributes:
        module: the path of the module's library, `module-path`.
        token: the token's label.
        label: the key's label, `object`; None where `id` alone names it.
        id: the key's id (CKA_ID); None where the label alone names it.
        pin_file: the file with the PIN, `pin-source`; None where it comes another way.
    """

    module: str
    token: str
    label: str | None = None
    id: bytes | None = field(default=None)
    pin_file: Path | None = None

    @staticmethod
    def parse(uri: str) -> Pkcs11Uri:
        """Read `pkcs11:token=issuer;object=key-1?module-path=/usr/lib/module.so`.

        Raises:
            ConfigurationError: it names no module, token or key; or it holds the PIN itself, which
                everybody could read who may list the processes.
        """
        path, _, query = uri.removeprefix(_SCHEME).partition("?")
        path_parts, query_parts = _attributes(path, ";"), _attributes(query, "&")
        if "pin-value" in query_parts or "pin-value" in path_parts:
            raise ConfigurationError(
                "a PIN in a pkcs11: URI can be read by others; write pin-source=file:/path/to/pin"
            )
        unknown = (set(path_parts) - {"token", "object", "id", "type"}) | (
            set(query_parts) - {"module-path", "pin-source"}
        )
        if unknown:
            raise ConfigurationError(
                f"{', '.join(sorted(unknown))[:120]} in a pkcs11: URI is not supported; name the "
                "key by token, object and id, and the module by module-path"
            )
        missing = [
            name
            for name, parts in (("token", path_parts), ("module-path", query_parts))
            if not parts.get(name)
        ]
        if missing or not (path_parts.get("object") or path_parts.get("id")):
            raise ConfigurationError(
                f"{uri[:200]!r} names no {(missing or ['key'])[0]}; write "
                "pkcs11:token=LABEL;object=KEY?module-path=/path/to/module.so"
            )
        source = query_parts.get("pin-source", b"").removeprefix(b"file:").removeprefix(b"//")
        label = path_parts.get("object")
        return Pkcs11Uri(
            module=_text(query_parts["module-path"]),
            token=_text(path_parts["token"]),
            label=_text(label) if label else None,
            id=path_parts.get("id"),
            pin_file=Path(_text(source)) if source else None,
        )


class Pkcs11Token:
    """A token that is open, and the keys in it; a process opens a token once.

    Its keys may be used by several threads, one after the other. Open it anew in each process.
    """

    def __init__(self, session: Any, name: str) -> None:
        """Take over a session of python-pkcs11, with the token's name for messages."""
        self._session = session
        self._name = name

    @staticmethod
    def open(module: str | Path, token: str, *, pin: str | None) -> Pkcs11Token:
        """Load a module, and log in to one of its tokens.

        Args:
            module: the path of the module's library.
            token: the token's label.
            pin: the user's PIN; None where the module asks for it itself, at its own keys.

        Raises:
            ConfigurationError: python-pkcs11 is not installed.
            SigningKeyError: no such module or token, a wrong PIN, or the token does not answer.
        """
        try:
            import pkcs11
        except ImportError as error:
            raise ConfigurationError(
                "keys in hardware modules need python-pkcs11: pip install 'testamur[pkcs11]'"
            ) from error
        name = f"PKCS #11 token {token[:80]!r}"
        with _refusals(f"PKCS #11 module {str(module)[:160]}"):
            library = pkcs11.lib(str(module))
        with _refusals(name):
            found = library.get_token(token_label=token)
            session = found.open(user_pin=pin if pin is not None else pkcs11.PROTECTED_AUTH)
        return Pkcs11Token(session, name)

    def key(
        self,
        label: str | None = None,
        *,
        id: bytes | None = None,  # noqa: A002 - the standard's word
        public_key: Ed25519PublicKey | None = None,
    ) -> Pkcs11Key:
        """Find a key.

        Args:
            label: its CKA_LABEL.
            id: its CKA_ID.
            public_key: the public half; needed where the token does not hold it.

        Raises:
            SigningKeyError: none or several are named so, it is no Ed25519 key, it may not sign,
                or its public half is not to be had.
        """
        from pkcs11 import Attribute, KeyType, ObjectClass

        short = label if label is not None else (id or b"").hex()
        name = f"{self._name}, key {short!r}"
        with _refusals(name):
            found = self._find(ObjectClass.PRIVATE_KEY, label, id)
            if len(found) != 1:
                raise SigningKeyError(
                    f"{self._name} has {len(found) or 'no'} keys named {short!r}; name one by its "
                    "label, or by its id where several have that",
                    code=Code.KEY_NOT_FOUND,
                )
            private = found[0]
            if private.key_type != KeyType.EC_EDWARDS or private[Attribute.SIGN] is not True:
                raise SigningKeyError(
                    f"{name} is of the type {str(private.key_type)[:40]}; it must be an Ed25519 "
                    "key (EC_EDWARDS) that may sign",
                    expected="EC_EDWARDS",
                    found=str(private.key_type)[:40],
                )
            if public_key is None:
                public_key = self._public_half(private, name)
        return Pkcs11Key(private, name, public_key)

    def close(self) -> None:
        """Log out; the keys cannot be used any more."""
        with _refusals(self._name):
            self._session.close()

    def __enter__(self) -> Pkcs11Token:
        """Return it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Log out."""
        self.close()

    def _find(self, kind: Any, label: str | None, identifier: bytes | None) -> list[Any]:
        """Find all objects of these names; a search that is left open would block the session."""
        from pkcs11 import Attribute

        wanted: dict[Any, Any] = {Attribute.CLASS: kind}
        if label is not None:
            wanted[Attribute.LABEL] = label
        if identifier is not None:
            wanted[Attribute.ID] = identifier
        return list(self._session.get_objects(wanted))

    def _public_half(self, private: Any, name: str) -> Ed25519PublicKey:
        """Read the point of the public key with the private one's name, in any of its encodings."""
        from pkcs11 import Attribute, ObjectClass

        found = self._find(ObjectClass.PUBLIC_KEY, private.label, private.id)
        if len(found) != 1:
            raise SigningKeyError(
                f"{name} has no public half in the token; give its public key beside it",
                code=Code.KEY_NOT_FOUND,
            )
        point = bytes(found[0][Attribute.EC_POINT])
        for wrapping in _WRAPPINGS:
            if len(point) == len(wrapping) + _POINT_BYTES and point.startswith(wrapping):
                return Ed25519PublicKey(point.removeprefix(wrapping))
        raise SigningKeyError(
            f"the public half of {name} is {len(point)} bytes long; an Ed25519 key has "
            f"{_POINT_BYTES}"
        )


class Pkcs11Key:
    """An Ed25519 key in a token; sign with `OutsideSigner(key, verification_method)`."""

    max_bytes: int | None = None

    def __init__(self, private: Any, service: str, public_key: Ed25519PublicKey) -> None:
        """Take a private key object of python-pkcs11; `Pkcs11Token.key` makes one."""
        self._private = private
        self.service = service
        self.public_key = public_key

    def request_signature(self, data: bytes) -> bytes:
        """Return what the token answers; `OutsideSigner` checks it.

        Raises:
            SigningKeyError: it gives no signature.
        """
        from pkcs11 import Mechanism

        with _refusals(self.service):
            return bytes(self._private.sign(data, mechanism=Mechanism.EDDSA))


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """Turn what python-pkcs11 raises into our error, which names its kind alone."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # its own errors are RuntimeErrors
        remedy, code = _remedy(error)
        raise SigningKeyError(
            f"{name} refuses ({type(error).__name__}): {remedy}",
            code=code,
            found=type(error).__name__,
        ) from error


def _remedy(error: Exception) -> tuple[str, Code]:
    from pkcs11 import exceptions as refused

    remedies: tuple[tuple[tuple[type[Exception], ...], str, Code], ...] = (
        (
            (refused.PinIncorrect, refused.PinInvalid, refused.PinLenRange),
            "the PIN is wrong; after some tries a token locks itself",
            Code.SIGNING_KEY,
        ),
        (
            (refused.PinLocked, refused.PinExpired),
            "the PIN is locked or expired; the token's security officer sets a new one",
            Code.SIGNING_KEY,
        ),
        ((refused.NoSuchToken,), "there is none of this name", Code.KEY_NOT_FOUND),
        ((refused.MultipleTokensReturned,), "several have this name", Code.KEY_NOT_FOUND),
        (
            (refused.UserAlreadyLoggedIn,),
            "this process has it open already; take all keys from there",
            Code.SIGNING_KEY,
        ),
        (
            (refused.MechanismInvalid, refused.KeyTypeInconsistent),
            "it cannot make Ed25519 signatures (CKM_EDDSA)",
            Code.SIGNING_KEY,
        ),
        (
            (refused.DataLenRange,),
            "the data is too long for it; a Data Integrity proof signs 64 bytes",
            Code.RESOURCE_LIMIT,
        ),
        (
            (
                refused.DeviceError,
                refused.DeviceRemoved,
                refused.ObjectHandleInvalid,
                refused.SessionClosed,
                refused.SessionHandleInvalid,
                refused.TokenNotPresent,
                refused.UserNotLoggedIn,
            ),
            "it is closed, or was taken out; open it again",
            Code.UNREACHABLE,
        ),
    )
    for kinds, remedy, code in remedies:
        if isinstance(error, kinds):
            return remedy, code
    return "see that the module is the right one, and that its token is ready", Code.SIGNING_KEY


def _attributes(text: str, separator: str) -> dict[str, bytes]:
    parts = [part.partition("=") for part in text.split(separator) if part]
    found = {name: unquote_to_bytes(value) for name, _, value in parts}
    if len(found) != len(parts):
        raise ConfigurationError("an attribute of the pkcs11: URI is given twice")
    return found


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError("the pkcs11: URI is not UTF-8") from error

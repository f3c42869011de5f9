"""Presentations: several credentials handed over together (VC Data Model 2.0, 4.13).

The portable wallet file is one too: a VerifiablePresentation in a JSON file, unsigned, which is the
form that Learner Credential Wallet and VerifierPlus open. Each credential in it keeps its own
signature; signing the presentation only says who hands it over, to whom, and when.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V2, Contexts
from testamur.canon.strict_json import JsonObject, JsonValue, dumps
from testamur.errors import Code, ConfigurationError, ParseError
from testamur.keys.controller import split_url
from testamur.keys.protocols import Signer
from testamur.model.parse import parse_presentation
from testamur.secure import EddsaRdfc2022, ProofOptions
from testamur.secure.data_integrity import add_proof
from testamur.secured import Secured, Securing

__all__ = ["build_presentation", "credentials_in", "sign_presentation", "wallet_file"]


def build_presentation(
    credentials: Iterable[Secured],
    *,
    holder: str | None = None,
    id: str | None = None,  # noqa: A002
) -> JsonObject:
    """Put credentials into an unsigned presentation, each as it stands.

    A JWT becomes an EnvelopedVerifiableCredential, behind the others: wallets that know none
    (Learner Credential Wallet among them) then still find the rest.

    Args:
        credentials: at least one; a second copy of the same bytes is left out.
        holder: the id of who presents them.
        id: a URL for the presentation.

    Raises:
        ConfigurationError: no credential, too many, or a presentation or a sealed one among them.
    """
    objects: dict[bytes, JsonValue] = {}
    enveloped: dict[bytes, JsonValue] = {}
    for secured in credentials:
        if secured.is_presentation:
            raise ConfigurationError(
                "a presentation cannot go into a presentation; take its credentials out with "
                "credentials_in()"
            )
        if secured.securing is Securing.JADES:
            raise ConfigurationError(
                "a sealed credential would lose its seal in a presentation; hand over its file as "
                "it is"
            )
        if secured.token is None:
            objects.setdefault(secured.content, secured.document)
        else:
            enveloped.setdefault(secured.content, _enveloped(secured.token))
    members: list[JsonValue] = [*objects.values(), *enveloped.values()]
    if not members:
        raise ConfigurationError("a presentation holds at least one credential")
    if len(members) > limits.EMBEDDED_CREDENTIALS:
        raise ConfigurationError(
            f"a presentation holds at most {limits.EMBEDDED_CREDENTIALS} credentials; write several"
        )
    presentation: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": members,
    }
    if id is not None:
        presentation["id"] = id
    if holder is not None:
        presentation["holder"] = holder
    return presentation


def sign_presentation(
    presentation: JsonObject,
    *,
    signer: Signer,
    now: datetime,
    challenge: str,
    domain: str,
    contexts: Contexts | None = None,
) -> Secured:
    """Sign a presentation with its holder's key, for one verifier.

    Args:
        presentation: what `build_presentation` made; its holder becomes the key's controller where
            it has none.
        signer: holds the holder's key.
        now: the clock, aware.
        challenge: what the verifier asked for; it makes a copy useless.
        domain: who the verifier is; it makes a copy useless elsewhere.
        contexts: the allow-list of contexts; the bundled ones by default.

    Raises:
        ConfigurationError: the key is not the holder's, or challenge or domain are empty.
        ModelError: it breaks a rule of the VC Data Model.
        CanonicalizationError: something in it would not be signed.
    """
    if not challenge or not domain:
        raise ConfigurationError(
            "challenge and domain are empty; ask the verifier for both, or present it unsigned"
        )
    controller = split_url(signer.verification_method)[0]
    holder = presentation.get("holder", controller)
    if (holder.get("id") if isinstance(holder, dict) else holder) != controller:
        raise ConfigurationError(
            f"the key {signer.verification_method[:160]} is not one of the holder "
            f"{str(holder)[:160]}",
            code=Code.VP_BINDING,
        )
    presented = {**presentation, "holder": holder}
    parse_presentation(presented)
    document = add_proof(
        presented,
        suite=EddsaRdfc2022(),
        signer=signer,
        options=ProofOptions(
            created=now, purpose="authentication", challenge=challenge, domain=domain
        ),
        contexts=contexts if contexts is not None else Contexts.bundled(),
    )
    return Secured(
        document=document,
        content=dumps(document).encode("utf-8"),
        securing=Securing.DATA_INTEGRITY,
    )


def wallet_file(credentials: Iterable[Secured]) -> bytes:
    """Return the portable wallet file: an unsigned presentation, in indented UTF-8 JSON.

    Name it `learner-wallet.json`, and serve it as `application/vp`. Errors are those of
    `build_presentation`.
    """
    return (dumps(build_presentation(credentials), indent=2) + "\n").encode("utf-8")


def credentials_in(presentation: Secured) -> list[JsonValue]:
    """Return the credentials of a presentation: objects, or compact JWS texts.

    `testamur.loading.load_embedded` takes each in.

    Raises:
        ParseError: it is no presentation.
    """
    if not presentation.is_presentation:
        raise ParseError(
            "this is no presentation: its type lacks VerifiablePresentation",
            code=Code.NOT_CONFORMANT,
        )
    value = presentation.document.get("verifiableCredential")
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _enveloped(token: str) -> JsonObject:
    """VC Data Model 2.0, Enveloped Verifiable Credentials."""
    return {
        "@context": CREDENTIALS_V2,
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }

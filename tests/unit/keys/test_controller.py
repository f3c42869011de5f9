"""Retrieve Verification Method, step by step (Controlled Identifiers 1.0).

Each test that fails a step leaves all the others in order.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from testamur.errors import Code, FetchError, SigningKeyError
from testamur.keys import Ed25519PrivateKey, Ed25519Signer, Resolver, VerificationMethod, retrieve
from testamur.keys.controller import _REMEMBERED_METHODS, parse_verification_method, split_url
from testamur.keys.rsa import RsaPublicKey
from testamur.protocols import Fetched
from unit.keys.test_rsa import N
from unit.scenes import (
    ISSUER,
    KEY,
    OTHER_KEY,
    SIGNER,
    WEB_ISSUER,
    Document,
    Web,
    changed,
    did_document,
    multikey_method,
)

DID_URL = "https://uni.example/.well-known/did.json"
METHOD = f"{WEB_ISSUER}#key-1"
PROFILE = "https://uni.example/issuer"


def at(document: object, url: str = DID_URL) -> Web:
    return Web({url: document})


def retrieved(
    document: object, url: object = METHOD, purpose: str = "assertionMethod"
) -> VerificationMethod:
    return retrieve(url, purpose=purpose, resolver=Resolver(at(document)))


def refusal(
    document: object, url: object = METHOD, purpose: str = "assertionMethod"
) -> SigningKeyError:
    with pytest.raises(SigningKeyError) as caught:
        retrieved(document, url, purpose)
    return caught.value


@pytest.mark.parametrize("purpose", ["assertionMethod", "authentication"])
def test_key_that_its_controller_lists_for_the_purpose_is_retrieved(purpose: str) -> None:
    method = retrieved(did_document(), purpose=purpose)
    assert method.id == METHOD
    assert method.controller == WEB_ISSUER
    assert method.key == KEY.public_key
    assert method.expires is None
    assert method.revoked is None


def test_key_of_a_did_key_and_a_did_jwk_is_retrieved_without_a_fetch() -> None:
    web = Web()
    for signer in (SIGNER, Ed25519Signer.for_did_jwk(KEY)):
        found = retrieve(
            signer.verification_method, purpose="assertionMethod", resolver=Resolver(web)
        )
        assert found.key == KEY.public_key
    assert web.requested == []


def test_key_of_an_https_controller_is_retrieved_from_its_url() -> None:
    web = at(did_document(PROFILE), PROFILE)
    found = retrieve(f"{PROFILE}#key-1", purpose="assertionMethod", resolver=Resolver(web))
    assert found.controller == PROFILE
    assert web.requested == [PROFILE]


def test_document_is_fetched_once_in_a_run() -> None:
    web = at(did_document())
    resolver = Resolver(web)
    for _ in range(3):
        retrieve(METHOD, purpose="assertionMethod", resolver=resolver)
    assert web.requested == [DID_URL]


def test_key_is_read_once_in_a_run_and_for_each_purpose_by_itself() -> None:
    document = did_document()
    del document["authentication"]
    resolver = Resolver(at(document))
    first = retrieve(METHOD, purpose="assertionMethod", resolver=resolver)
    assert retrieve(METHOD, purpose="assertionMethod", resolver=resolver) is first
    for _ in range(2):
        with pytest.raises(SigningKeyError) as caught:
            retrieve(METHOD, purpose="authentication", resolver=resolver)
        assert caught.value.code is Code.KEY_NOT_AUTHORIZED
    assert Resolver(at(document)).retrieve(METHOD, "assertionMethod") is not first


def test_long_run_over_many_issuers_remembers_a_bounded_number_of_keys() -> None:
    resolver = Resolver(Web())
    for number in range(_REMEMBERED_METHODS + 10):
        signer = Ed25519Signer.for_did_key(Ed25519PrivateKey(number.to_bytes(32)))
        found = retrieve(signer.verification_method, purpose="assertionMethod", resolver=resolver)
        assert found.id == signer.verification_method
    assert len(resolver._methods) <= _REMEMBERED_METHODS
    assert not resolver._documents._made


# Steps 1 to 3: the URL


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("did:web:uni.example#key-1", ("did:web:uni.example", "key-1")),
        ("did:web:uni.example", ("did:web:uni.example", "")),
        ("https://uni.example/i?a=b#c#d", ("https://uni.example/i?a=b", "c#d")),
        ("did:key:z#z", ("did:key:z", "z")),
    ],
)
def test_url_is_split_at_its_fragment(url: str, parts: tuple[str, str]) -> None:
    assert split_url(url) == parts


@pytest.mark.parametrize(
    "url",
    [
        None,
        5,
        ["did:web:uni.example#key-1"],
        {"id": "did:web:uni.example#key-1"},
        "",
        "key-1",
        "#key-1",
        "http://uni.example/issuer#key-1",
        "ftp://uni.example/#k",
        "DID:web:uni.example#k",
        "did:WEB:uni.example#k",
        "did:",
        "https://",
        "did:web:uni.example/path#k",
        "did:web:uni.example?service=x#k",
        "did:web:uni.example#k y",
        "did:web:uni.example#k\n",
        "did:web:uni.example#é",
        "did:web:uni.example#" + "a" * 8192,
    ],
)
def test_url_that_names_no_key_that_can_be_looked_up_is_refused(url: object) -> None:
    # DI: `verificationMethod` "MUST be a string" that is a URL.
    error = refusal(did_document(), url)
    assert error.code is Code.DID_INVALID


def test_url_without_a_fragment_names_no_key() -> None:
    assert refusal(did_document(), WEB_ISSUER).code is Code.KEY_NOT_FOUND
    assert refusal(did_document(), f"{WEB_ISSUER}#").code is Code.KEY_NOT_FOUND


@pytest.mark.parametrize("url", ["did:ion:abc#k", "did:evil:123#k", "did:plc:abc#k"])
def test_method_of_a_did_that_is_not_known_is_refused(url: str) -> None:
    assert refusal(did_document(), url).code is Code.DID_INVALID


# Step 4: dereferencing


@pytest.mark.parametrize("code", [Code.OFFLINE, Code.UNREACHABLE, Code.URL_BLOCKED])
def test_fetch_that_did_not_happen_is_no_verdict_on_the_key(code: Code) -> None:
    error = FetchError("no", code=code, url=DID_URL)
    with pytest.raises(FetchError) as caught:
        retrieved(error)
    assert caught.value.code is code


@pytest.mark.parametrize(
    "answer",
    [
        None,
        FetchError("404", code=Code.FETCH_FAILED, url=DID_URL),
        FetchError("large", code=Code.RESOURCE_LIMIT, url=DID_URL),
        b"<!DOCTYPE html>",
        b"",
        b"[]",
        b'{"id": 1, "id": 2}',
    ],
)
def test_answer_that_is_no_document_is_a_failed_resolution(answer: object) -> None:
    error = refusal(answer)
    assert error.code is Code.DID_RESOLUTION
    assert error.url == DID_URL


def test_document_is_bounded_before_it_is_read() -> None:
    asked: list[int] = []

    class Counting(Web):
        def fetch(self, url: str, *, max_bytes: int) -> Fetched:
            asked.append(max_bytes)
            return super().fetch(url, max_bytes=max_bytes)

    retrieve(
        METHOD, purpose="assertionMethod", resolver=Resolver(Counting({DID_URL: did_document()}))
    )
    assert asked == [4 * 1024 * 1024]


# Steps 5 and 6: the document's own id


@pytest.mark.parametrize(
    "identifier",
    [None, 5, "did:web:evil.example", "did:web:UNI.example", f"{WEB_ISSUER}/", f"{WEB_ISSUER}#"],
)
def test_document_that_calls_itself_otherwise_is_refused(identifier: object) -> None:
    error = refusal(did_document(id=identifier))
    assert error.code is Code.DID_RESOLUTION
    assert error.expected == WEB_ISSUER


# Steps 7 to 9: one verification method with this id


def test_key_that_is_not_in_the_document_is_not_found() -> None:
    assert refusal(did_document(), f"{WEB_ISSUER}#key-2").code is Code.KEY_NOT_FOUND
    methods: object
    for methods in (None, [], {}, METHOD, [METHOD]):
        assert refusal(did_document(verificationMethod=methods)).code is Code.KEY_NOT_FOUND


def test_key_that_is_spelled_in_the_fragment_proves_nothing() -> None:
    value = multikey_method(key=OTHER_KEY)["publicKeyMultibase"]
    error = refusal(did_document(), f"{WEB_ISSUER}#{value}")
    assert error.code is Code.KEY_NOT_FOUND


@pytest.mark.parametrize(
    "members",
    [
        {"verificationMethod": [multikey_method(), multikey_method()]},
        {"verificationMethod": [multikey_method(), multikey_method(key=OTHER_KEY)]},
        {"verificationMethod": [multikey_method(), multikey_method(id="#key-1")]},
        {"assertionMethod": [multikey_method(key=OTHER_KEY)]},
        {"authentication": [multikey_method(key=OTHER_KEY)]},
    ],
)
def test_two_keys_with_one_id_are_refused(members: Document) -> None:
    assert refusal(did_document(**members)).code is Code.KEY_NOT_FOUND


def test_single_method_need_not_stand_in_an_array() -> None:
    document = did_document(verificationMethod=multikey_method(), assertionMethod=METHOD)
    assert retrieved(document).id == METHOD


def test_method_may_be_embedded_in_the_relationship() -> None:
    document = did_document(verificationMethod=None, assertionMethod=[multikey_method()])
    assert retrieved(changed(document, authentication=None)).id == METHOD


def test_relative_ids_are_read_against_the_document() -> None:
    document = did_document(
        verificationMethod=[multikey_method(id="#key-1")], assertionMethod=["#key-1"]
    )
    assert retrieved(document).id == METHOD


def test_more_keys_than_any_issuer_has_are_refused() -> None:
    methods = [multikey_method(id=f"{WEB_ISSUER}#{n}") for n in range(201)]
    error = refusal(did_document(verificationMethod=methods))
    assert error.code is Code.RESOURCE_LIMIT


# Steps 10 to 12: its controller, and its purpose


@pytest.mark.parametrize("controller", ["did:web:evil.example", ISSUER, f"{WEB_ISSUER}#key-1"])
def test_key_of_another_controller_is_refused(controller: str) -> None:
    method = multikey_method(controller=WEB_ISSUER)
    method["controller"] = controller
    error = refusal(did_document(verificationMethod=[method]))
    assert error.code is Code.KEY_NOT_AUTHORIZED
    assert error.found == controller


@pytest.mark.parametrize("listed", [None, [], ["#other"], [f"{WEB_ISSUER}#key-10"], {}, [5], 5])
def test_key_that_is_not_listed_for_the_purpose_is_refused(listed: object) -> None:
    document = did_document(assertionMethod=listed)
    error = refusal(document)
    assert error.code is Code.KEY_NOT_AUTHORIZED
    assert retrieved(document, purpose="authentication").id == METHOD


@pytest.mark.parametrize("purpose", ["keyAgreement", "id", "controller", ""])
def test_key_that_is_listed_for_other_purposes_alone_is_refused(purpose: str) -> None:
    assert refusal(did_document(), purpose=purpose).code is Code.KEY_NOT_AUTHORIZED


# The verification method itself


def parsed(**members: object) -> VerificationMethod:
    return parse_verification_method(multikey_method(**members), WEB_ISSUER)  # type: ignore[arg-type]


@pytest.mark.parametrize("type_", ["Multikey", "Ed25519VerificationKey2020"])
def test_multibase_key_of_a_known_type_is_read(type_: str) -> None:
    assert parsed(type=type_).key == KEY.public_key


@pytest.mark.parametrize("type_", ["JsonWebKey", "JsonWebKey2020"])
def test_jwk_of_a_known_type_is_read(type_: str) -> None:
    rsa = {"kty": "RSA", "n": N, "e": "AQAB"}
    method = parsed(type=type_, publicKeyMultibase=None, publicKeyJwk=rsa)
    assert isinstance(method.key, RsaPublicKey)


def test_dates_of_a_key_are_read() -> None:
    method = parsed(expires="2026-01-01T00:00:00Z", revoked="2026-02-01T01:00:00+01:00")
    assert method.expires == datetime(2026, 1, 1, tzinfo=UTC)
    assert method.revoked == datetime(2026, 2, 1, tzinfo=UTC)


JWK = KEY.public_key.to_jwk()


@pytest.mark.parametrize(
    "members",
    [
        {"id": None},
        {"id": 5},
        {"controller": None},
        {"controller": [WEB_ISSUER]},
        {"publicKeyMultibase": None},
        {"publicKeyMultibase": 5},
        {"publicKeyMultibase": "z6Mk"},
        {"publicKeyMultibase": None, "publicKeyJwk": JWK},
        {"publicKeyJwk": JWK},
        {"publicKeyBase58": "x"},
        {"publicKeyPem": "x"},
        {"blockchainAccountId": "x"},
        {"type": None},
        {"type": "JsonWebKey"},
        {"type": ["Multikey"]},
        {"type": {"id": "Multikey"}},
        {"type": "Ed25519VerificationKey2018"},
        {"type": "Ed25519VerificationKey2018", "publicKeyMultibase": None, "publicKeyBase58": "x"},
        {"type": "Multikey", "publicKeyMultibase": None, "publicKeyHex": "x"},
        {"type": "JsonWebKey", "publicKeyMultibase": None, "publicKeyJwk": "x"},
        {"type": "JsonWebKey", "publicKeyMultibase": None, "publicKeyJwk": {**JWK, "d": "x"}},
        {"secretKeyMultibase": "z3u2"},
        {"privateKeyMultibase": "z3u2"},
        {"expires": "2026"},
        {"revoked": True},
        {"revoked": "yesterday"},
    ],
)
def test_method_without_one_good_public_key_is_refused(members: Document) -> None:
    with pytest.raises(SigningKeyError) as caught:
        parsed(**members)
    assert caught.value.code is Code.KEY_INVALID

"""did:web against the examples of the method, and against names that lead elsewhere."""

from __future__ import annotations

import pytest

from testamur.errors import Code, SigningKeyError
from testamur.keys import did_key, did_web
from unit.scenes import CREATED, KEY, NOW, OTHER_KEY, Document

# did:web Method, 2.1.1 and 2.5.2.
EXAMPLES = [
    (
        "did:web:w3c-ccg.github.io",
        "https://w3c-ccg.github.io/.well-known/did.json",
        ".well-known/did.json",
    ),
    (
        "did:web:w3c-ccg.github.io:user:alice",
        "https://w3c-ccg.github.io/user/alice/did.json",
        "user/alice/did.json",
    ),
    (
        "did:web:example.com%3A3000:user:alice",
        "https://example.com:3000/user/alice/did.json",
        "user/alice/did.json",
    ),
    (
        "did:web:example.com%3a3000",
        "https://example.com:3000/.well-known/did.json",
        ".well-known/did.json",
    ),
    ("did:web:a.b:C-1_~.x", "https://a.b/C-1_~.x/did.json", "C-1_~.x/did.json"),
    ("did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json", ""),
]


@pytest.mark.parametrize(("did", "url", "path"), EXAMPLES)
def test_document_is_where_the_method_says(did: str, url: str, path: str) -> None:
    assert did_web.document_url(did) == url
    assert did_web.document_path(did) == (path or ".well-known/did.json")


@pytest.mark.parametrize(
    ("did", "host", "port", "path"),
    [
        ("did:web:uni.example", "uni.example", None, ()),
        ("did:web:uni.example", "UNI.Example", None, ()),
        ("did:web:uni.example%3A8443", "uni.example", 8443, ()),
        ("did:web:uni.example%3A65535:a:b", "uni.example", 65535, ("a", "b")),
    ],
)
def test_did_is_made_of_its_parts(
    did: str, host: str, port: int | None, path: tuple[str, ...]
) -> None:
    assert did_web.did_web(host, port=port, path=path) == did


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:",
        "did:web",
        "DID:WEB:uni.example",
        "did:key:uni.example",
        # Hosts that are no public name, or do not look like the one they are.
        "did:web:localhost",
        "did:web:localhost%3A8080",
        "did:web:intranet",
        "did:web:127.0.0.1",
        "did:web:10.0.0.5",
        "did:web:169.254.169.254",
        "did:web:2130706433",
        "did:web:0x7f000001",
        "did:web:%5B%3A%3A1%5D",
        "did:web:[::1]",
        "did:web:Uni.example",
        "did:web:issu\u0435r.example",
        "did:web:uni.example.",
        "did:web:.uni.example",
        "did:web:uni..example",
        "did:web:-uni.example",
        "did:web:uni-.example",
        "did:web:uni_1.example",
        f"did:web:{'a' * 64}.example",
        # Ports, paths and queries.
        "did:web:uni.example%3A0",
        "did:web:uni.example%3A08",
        "did:web:uni.example%3A65536",
        "did:web:uni.example%3A123456",
        "did:web:uni.example%3A",
        "did:web:uni.example%2Fattacker",
        "did:web:uni.example%40attacker.example",
        "did:web:attacker.example%23.uni.example",
        "did:web:uni.example:..:attacker",
        "did:web:uni.example:.",
        "did:web:uni.example:%2e%2e:attacker",
        "did:web:uni.example::x",
        "did:web:uni.example:",
        "did:web:uni.example:a/b",
        "did:web:uni.example/path",
        "did:web:uni.example?x=1",
        "did:web:uni.example#key",
        "did:web:uni.example:a b",
        "did:web:uni.example\n",
        "did:web:uni.example:é",
        "did:web:uni.example:" + "a" * 1024,
    ],
)
def test_name_that_cannot_be_resolved_safely_is_refused(did: str) -> None:
    for function in (did_web.document_url, did_web.document_path):
        with pytest.raises(SigningKeyError) as caught:
            function(did)
        assert caught.value.code is Code.DID_INVALID


@pytest.mark.parametrize("host", ["127.0x1", "10.0.0.0x5", "127.0.0.0xa"])
def test_host_that_ends_in_a_hexadecimal_number_is_refused(host: str) -> None:
    # WHATWG URL, ends-in-a-number checker: inet_aton and browsers read these as addresses.
    with pytest.raises(SigningKeyError):
        did_web.document_url(f"did:web:{host}")


@pytest.mark.parametrize(
    ("host", "port", "path"),
    [
        ("127.0.0.1", None, ()),
        ("uni.example/x", None, ()),
        ("uni.example", 0, ()),
        ("uni.example", 70000, ()),
        ("uni.example", None, ("..",)),
        ("uni.example", None, ("",)),
        ("uni.example", None, ("a:b", "")),
    ],
)
def test_parts_that_make_no_did_are_refused(
    host: str, port: int | None, path: tuple[str, ...]
) -> None:
    with pytest.raises(SigningKeyError) as caught:
        did_web.did_web(host, port=port, path=path)
    assert caught.value.code is Code.DID_INVALID


def test_document_lists_each_key_for_both_purposes() -> None:
    did = "did:web:uni.example"
    document = did_web.build_document(did, {"a": KEY.public_key, "b": OTHER_KEY.public_key})
    ids = [f"{did}#a", f"{did}#b"]
    assert document["id"] == did
    assert document["assertionMethod"] == document["authentication"] == ids
    assert document["verificationMethod"] == [
        {
            "id": identifier,
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": did_key.did_key(key.public_key).removeprefix("did:key:"),
        }
        for identifier, key in zip(ids, (KEY, OTHER_KEY), strict=True)
    ]


def test_retired_and_revoked_keys_stay_in_the_document_with_their_dates() -> None:
    # Controlled Identifiers 1.0, 2.2: `expires` and `revoked` are XML Schema dateTimeStamps.
    document: Document = did_web.build_document(
        "did:web:uni.example",
        {
            "new": KEY.public_key,
            "old": did_web.PublishedKey(KEY.public_key, expires=NOW),
            "lost": did_web.PublishedKey(OTHER_KEY.public_key, revoked=NOW),
        },
    )
    dates = [(each.get("expires"), each.get("revoked")) for each in document["verificationMethod"]]
    assert dates == [(None, None), (CREATED, None), (None, CREATED)]
    # Who reads no dates must not accept the lost one either.
    listed = ["did:web:uni.example#new", "did:web:uni.example#old"]
    assert document["assertionMethod"] == document["authentication"] == listed


@pytest.mark.parametrize(("did", "count"), [("did:web:uni.example", 0), ("did:web:localhost", 1)])
def test_document_without_keys_or_without_a_name_is_not_built(did: str, count: int) -> None:
    keys = {"a": KEY.public_key} if count else {}
    with pytest.raises(SigningKeyError):
        did_web.build_document(did, keys)

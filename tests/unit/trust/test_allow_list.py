"""The list of trusted issuers, in JSON or YAML; and the two sources that know nobody and all."""

from __future__ import annotations

import pytest

from testamur.errors import Code, ConfigurationError
from testamur.protocols import Recognition, Trust
from testamur.trust import AllowList, NoTrust, UnsafeAcceptAnyIssuer, parse_allow_list

UNI = "did:web:uni.example"


def refusal(content: bytes) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        parse_allow_list(content)
    assert caught.value.code is Code.CONFIGURATION
    return caught.value


def test_issuer_is_known_by_its_exact_id_under_the_list_s_own_name() -> None:
    trust: Trust = AllowList({UNI: "Example University"}, source="the ministry")
    assert trust.recognize(UNI) == Recognition(UNI, "Example University", "the ministry")


@pytest.mark.parametrize(
    "issuer", ["", "did:web:UNI.example", f"{UNI}:physics", f"{UNI}#key-1", f" {UNI}", "Example"]
)
def test_any_other_id_is_not_known(issuer: str) -> None:
    assert AllowList({UNI: "Example University"}).recognize(issuer) is None


def test_list_counts_its_issuers_and_may_be_empty() -> None:
    assert len(AllowList({})) == 0
    assert len(AllowList({UNI: "A", "did:web:b.example": "B"})) == 2


@pytest.mark.parametrize(
    "issuers", [{"": "A"}, {UNI: ""}, {"Example University": UNI}, {"did:": "A"}, {"x y": "A"}]
)
def test_entry_without_an_id_or_a_name_is_refused(issuers: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AllowList(issuers)
    assert caught.value.code is Code.CONFIGURATION


def test_later_changes_to_the_mapping_do_not_reach_the_list() -> None:
    issuers = {UNI: "Example University"}
    trust = AllowList(issuers)
    issuers["did:web:evil.example"] = "Evil"
    assert trust.recognize("did:web:evil.example") is None


def test_nobody_is_known_by_default() -> None:
    trust: Trust = NoTrust()
    assert trust.recognize(UNI) is None


def test_whoever_accepts_any_issuer_says_that_nobody_vouches() -> None:
    trust: Trust = UnsafeAcceptAnyIssuer()
    found = trust.recognize(UNI)
    assert found is not None
    assert (found.issuer, found.name) == (UNI, UNI)
    assert "any issuer" in found.source
    assert found.vouched is False


@pytest.mark.parametrize(
    "content",
    [
        b'{"did:web:uni.example": "Example University"}',
        b' \n{"trusted_issuers": {"did:web:uni.example": "Example University"}}',
        b'{"config": {"trusted_issuers": {"did:web:uni.example": "Example University"}}}',
        b"did:web:uni.example: Example University\n",
        b"# ours\ntrusted_issuers:\n  did:web:uni.example: Example University\n",
        b"config:\n  trusted_issuers:\n    'did:web:uni.example': Example University\n",
    ],
)
def test_list_is_read_from_json_and_yaml(content: bytes) -> None:
    trust = parse_allow_list(content)
    assert len(trust) == 1
    assert trust.recognize(UNI) == Recognition(
        UNI, "Example University", "your list of trusted issuers"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# nothing\n",
        b"{}",
        b"[]",
        b"- did:web:uni.example\n",
        b"did:web:uni.example",
        b"5",
        b"null",
        b'{"did:web:uni.example": 5}',
        b'{"did:web:uni.example": {"name": "x"}}',
        b'{"did:web:uni.example": null}',
        b'{"did:web:uni.example": ""}',
        b'{"trusted_issuers": {}}',
        b'{"trusted_issuers": ["did:web:uni.example"]}',
        b"5: x\n",
        b"2026-01-01: x\n",
        b"did:web:uni.example: [a]\n",
        b"did:web:uni.example: yes\n",
        b'{"a": "b", "a": "c"}',
        b'{"a": "b"',
        b"{a: b",
        b"\xff\xfe",
        b"a: \x00",
        b"a: *unknown",
        b"!!python/object/apply:os.system ['true']",
        b"? [a, b]\n: c\n",
        b"1" * 5000 + b": x",
        b"[" * 100_000,
        b"&a [*a]: x",
        b"did:x:a: &name A\ndid:x:b: *name\n",
        b"--- \ndid:x:a: A\n--- \ndid:x:b: B\n",
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    refusal(content)


def test_refusal_says_what_to_write() -> None:
    assert "did:web:example.edu: Example University" in refusal(b"[]").message


def test_longer_list_than_allowed_is_refused_before_it_is_read() -> None:
    assert "longer" in refusal(b"{" * (16 * 1024 * 1024 + 1)).message


def test_issuer_that_is_listed_twice_in_yaml_is_refused_as_in_json() -> None:
    refusal(b"did:web:uni.example: Example University\ndid:web:uni.example: Diploma Mill\n")


def test_list_that_grows_while_it_is_read_is_refused() -> None:
    # 22 levels take 3 seconds and 170 MB, and each more doubles that; 12 show the growth.
    levels = b"".join(b"a%d: &a%d {<<: [*a%d, *a%d]}\n" % (n + 1, n + 1, n, n) for n in range(12))
    assert "merge keys" in refusal(b"a0: &a0 {k: v}\n" + levels).message

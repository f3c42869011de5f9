"""How long reading, writing and canonicalizing JSON and base58 take, beside the general ways.

Run it with `python benchmarks/json_and_encodings.py`. One process, one core, warm; ours and the
general way take turns, and the fastest of many rounds counts, so that the ratio holds on a busy
machine too. The JSON is data/achievement_credential.json, like those of `testamur bench`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import rfc8785

from testamur.canon import jcs, multibase, strict_json
from testamur.fetch import MemoryFetcher
from testamur.keys import Ed25519PrivateKey, Ed25519Signer, Resolver, retrieve
from testamur.status import BitString, bitstring_status_list

ROUNDS, CALLS = 60, 50
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LIST = "https://college.example/status/1"
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def seconds(*ways: Callable[[], object]) -> list[float]:
    """Return the shortest time of one call of each, in processor seconds."""
    best = [float("inf")] * len(ways)
    for _ in range(ROUNDS):
        for place, way in enumerate(ways):
            started = time.process_time()
            for _ in range(CALLS):
                way()
            best[place] = min(best[place], (time.process_time() - started) / CALLS)
    return best


def compare(name: str, ours: Callable[[], object], general_name: str, general: object) -> None:
    """Print one line of the table."""
    if callable(general):
        one, other = seconds(ours, general)
        beside = f"{general_name:34}{other * 1e6:8.1f} us{one / other:8.2f}"
        print(f"{name:36}{one * 1e6:8.1f} us   {beside}")
    else:
        print(f"{name:36}{seconds(ours)[0] * 1e6:8.1f} us")


def refuse_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Do what the least strict reader must do."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def encode_base58(data: bytes) -> str:
    """Encode by the definition, digit by digit."""
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "z" + text


def decode_base58(text: str) -> bytes:
    """Decode by the definition, digit by digit."""
    number = 0
    for character in text[1:]:
        number = number * 58 + ALPHABET.index(character)
    return number.to_bytes(64)


def main() -> None:
    """Measure and print a table."""
    key = Ed25519PrivateKey.generate()
    signer = Ed25519Signer.for_did_key(key)
    content = Path(__file__).with_name("data").joinpath("achievement_credential.json").read_bytes()
    document = strict_json.parse_object(content)
    signature, public = key.sign(content), key.public_key
    text = multibase.encode_base58(signature)
    compact = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    hooked = partial(json.loads, object_pairs_hook=refuse_twice)
    print(f"{len(content)} bytes of JSON, 64 bytes of base58; the last column is ours / theirs")
    parse, dumps, canonicalize = strict_json.parse, strict_json.dumps, jcs.canonicalize
    compare("strict_json.parse", lambda: parse(content), "json.loads", lambda: json.loads(content))
    compare("", lambda: parse(content), "json.loads, refusing duplicates", lambda: hooked(content))
    compare("strict_json.dumps", lambda: dumps(document), "json.dumps", lambda: compact(document))
    compare(
        "jcs.canonicalize",
        lambda: canonicalize(document),
        "rfc8785.dumps",
        lambda: rfc8785.dumps(document),
    )
    compare(
        "",
        lambda: canonicalize(document),
        "json.dumps, sorted",
        lambda: compact(document, sort_keys=True),
    )
    compare(
        "multibase.encode_base58",
        lambda: multibase.encode_base58(signature),
        "digit by digit",
        lambda: encode_base58(signature),
    )
    compare(
        "multibase.decode_base58",
        lambda: multibase.decode_base58(text),
        "digit by digit",
        lambda: decode_base58(text),
    )
    compare(
        "Ed25519PublicKey.verify",
        lambda: public.verify(signature, content),
        "cryptography, unchecked",
        lambda: public._key.verify(signature, content),
    )
    method, purpose = signer.verification_method, "assertionMethod"
    resolver = Resolver(MemoryFetcher({}))
    compare(
        "retrieve, key met before",
        lambda: retrieve(method, purpose=purpose, resolver=resolver),
        "new key",
        lambda: retrieve(method, purpose=purpose, resolver=Resolver(MemoryFetcher({}))),
    )
    bits = BitString(131_072)
    entry = bitstring_status_list.build_entry(list_url=LIST, index=94_567, purpose="revocation")
    parsed = bitstring_status_list.parse_entry(entry)
    view = bitstring_status_list.parse_list(
        bitstring_status_list.build_list_credential(
            list_url=LIST, issuer=method, purposes=("revocation",), bits=bits, valid_from=NOW
        )
    )
    compare("status parse_entry", lambda: bitstring_status_list.parse_entry(entry), "", None)
    compare(
        "status lookup", lambda: bitstring_status_list.lookup(parsed, view, bits=bits), "", None
    )


if __name__ == "__main__":
    main()

from __future__ import annotations

import pickle

import pytest

from testamur.batch import InProcess, KeyElsewhere, ProcessPool, issue_many
from testamur.errors import SigningKeyError
from testamur.keys import Ed25519PrivateKey
from unit.batch.batches import NOW, SIGNER, award, connect, learners

SCRIPT = f"""
import sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex("{SIGNER.key.seed.hex()}"))
print(key.sign(sys.stdin.buffer.read()).hex())
"""


def recipe(script: str = SCRIPT) -> KeyElsewhere:
    return KeyElsewhere.of(connect, script, verification_method=SIGNER.verification_method)


def test_recipe_is_the_same_after_it_was_sent() -> None:
    sent = pickle.loads(pickle.dumps(recipe()))  # noqa: S301
    assert sent == recipe()
    assert hash(sent) == hash(recipe())
    assert sent.public_key == SIGNER.public_key
    assert sent().sign(b"data") == SIGNER.sign(b"data")


@pytest.mark.parametrize("engine", [InProcess(), ProcessPool(2)], ids=["here", "processes"])
def test_batch_is_the_same_as_with_the_key_in_memory(engine: InProcess | ProcessPool) -> None:
    def contents(signer: object) -> list[bytes]:
        found = issue_many(award(), learners(3), signer=signer, now=NOW, engine=engine)  # type: ignore[arg-type]
        return [each.content for each in found]

    assert contents(recipe()) == contents(SIGNER)


def test_key_that_is_another_one_elsewhere_is_refused() -> None:
    other = Ed25519PrivateKey.generate().public_key
    wrong = KeyElsewhere(connect, (SCRIPT,), SIGNER.verification_method, other.public_bytes)
    with pytest.raises(SigningKeyError, match="another key"):
        wrong()


def test_wrong_signature_ends_the_batch() -> None:
    script = SCRIPT.replace("sys.stdin.buffer.read()", "b'other data'")
    with pytest.raises(SigningKeyError, match="answered"):
        list(issue_many(award(), learners(3), signer=recipe(script), now=NOW, engine=InProcess()))

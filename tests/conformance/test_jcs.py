"""RFC 8785 (JCS): the published inputs, their canonical text and their bytes in hexadecimal."""

from __future__ import annotations

from pathlib import Path

import pytest

import shared_data
from testamur.canon import jcs, strict_json
from testamur.errors import CanonicalizationError, Code

FOLDER = "vectors/jcs"
NAMES = shared_data.params(
    lambda: {
        file.stem: file.stem for file in sorted(shared_data.folder(FOLDER).glob("input/*.json"))
    }
)

# RFC 8785, 3.2.2 to 3.2.4: the sample object, and its canonical form.
SAMPLE = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
CANONICAL_SAMPLE = (
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
    r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
)


def test_sample_of_the_rfc_has_the_published_canonical_form() -> None:
    canonical = jcs.canonicalize(strict_json.parse(SAMPLE))
    assert canonical.decode("utf-8") == CANONICAL_SAMPLE


@pytest.mark.parametrize("name", NAMES)
def test_input_has_the_published_canonical_form(name: str) -> None:
    canonical = jcs.canonicalize(strict_json.parse(shared_data.read(f"{FOLDER}/input/{name}.json")))
    assert canonical == shared_data.read(f"{FOLDER}/output/{name}.json")


@pytest.mark.parametrize("name", NAMES)
def test_input_has_the_published_bytes(name: str) -> None:
    canonical = jcs.canonicalize(strict_json.parse(shared_data.read(f"{FOLDER}/input/{name}.json")))
    assert canonical == bytes.fromhex(shared_data.read_text(f"{FOLDER}/outhex/{name}.txt"))


@pytest.mark.parametrize("value", [2**53, -(2**53), 10**30])
def test_integer_that_a_double_does_not_hold_exactly_is_refused(value: int) -> None:
    """RFC 8785, 3.1: the data must be I-JSON (RFC 7493, 2.2)."""
    with pytest.raises(CanonicalizationError) as caught:
        jcs.canonicalize({"value": value})
    assert caught.value.code is Code.NOT_CONFORMANT


def test_canonical_form_of_the_canonical_form_is_itself() -> None:
    files: list[Path] = sorted(shared_data.folder(f"{FOLDER}/output").glob("*.json"))
    assert len(files) == 6
    for file in files:
        assert jcs.canonicalize(strict_json.parse(file.read_bytes())) == file.read_bytes()

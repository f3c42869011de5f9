"""The fast paths against the general one, and both against other people's processors.

A small share of what `make differential` compares, and proof that the comparison finds mistakes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from copy import deepcopy
from itertools import chain
from pathlib import Path

import pytest

from differential.cases import Case, CaseMaker
from differential.comparison import Kind, Tally, compare
from differential.corpus import corpus, digest
from differential.known_differences import explain
from differential.oracles import Answer, JsonLdJs, Pyoxigraph, install
from differential.paths import FastPath, ask_general_path, compiled_path
from differential.templates import template_path
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject
from testamur.errors import CanonicalizationError

SEED = 2026
ALONE, WITH_PYOXIGRAPH, WITH_NODE = slice(1_300), slice(1_300, 1_500), slice(1_000)
FEW, SOME = slice(100), slice(400)  # enough to find a mistake

Mistake = Callable[[bytes], bytes]
Answers = Callable[[Case], Answer]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    maker = CaseMaker(SEED, corpus())
    return [maker.case(number) for number in range(1_500)]


@pytest.fixture(scope="module")
def answers() -> Answers:
    """The general path, asked once for each case."""
    found: dict[int, Answer] = {}

    def answer(case: Case) -> Answer:
        if case.number not in found:
            found[case.number] = ask_general_path(case)
        return found[case.number]

    return answer


def of_kind(tally: Tally, who: str, kind: Kind) -> int:
    return sum(n for (name, k, _), n in tally.counts.items() if name == who and k is kind)


def test_compiled_path_gives_what_the_general_path_gives_or_hands_over(
    cases: list[Case], answers: Answers
) -> None:
    tally = compare(cases[ALONE], fast_path=compiled_path, general_path=answers)
    assert tally.mismatches == []
    assert of_kind(tally, "fast path", Kind.AGREED) > tally.cases / 4
    # The documents are of every kind: some are refused for each of many reasons.
    assert len(tally.refusals) > 20


def test_template_gives_what_the_general_path_gives_or_hands_over(
    cases: list[Case], answers: Answers
) -> None:
    tally = compare(cases[ALONE], fast_path=template_path, general_path=answers)
    assert tally.mismatches == []
    assert of_kind(tally, "fast path", Kind.AGREED) > tally.cases / 20


def test_pyoxigraph_gives_the_same_but_for_known_differences(
    cases: list[Case], answers: Answers
) -> None:
    tally = compare(
        cases[WITH_PYOXIGRAPH],
        fast_path=template_path,  # the front door takes the compiled one
        oracles=[Pyoxigraph()],
        general_path=answers,
    )
    assert tally.mismatches == []
    assert of_kind(tally, "pyoxigraph", Kind.AGREED) > tally.cases / 4


@pytest.mark.interop
@pytest.mark.skipif(
    os.environ.get("TESTAMUR_INTEROP") != "1",
    reason="runs other people's software; set TESTAMUR_INTEROP=1",
)
def test_jsonld_js_gives_the_same_but_for_known_differences(
    cases: list[Case], answers: Answers, tmp_path: Path
) -> None:
    fault = install(tmp_path)
    if fault is not None:
        pytest.skip(fault)
    with JsonLdJs(tmp_path) as node:
        tally = compare(
            cases[WITH_NODE], fast_path=compiled_path, oracles=[node], general_path=answers
        )
    assert tally.mismatches == []
    assert of_kind(tally, "jsonld.js", Kind.AGREED) > tally.cases / 4


# The comparison itself.


def swap_labels(canonical: bytes) -> bytes:
    swapped = canonical.replace(b"_:c14n0 ", b"_:swap ").replace(b"_:c14n1 ", b"_:c14n0 ")
    return swapped.replace(b"_:swap ", b"_:c14n1 ")


def _in_utf_16(line: bytes) -> bytes:
    return line.decode("utf-8").encode("utf-16-be")


MISTAKES: dict[str, Mistake] = {
    "an escape is forgotten": lambda text: text.replace(b"\\u007F", b"\x7f"),
    "an escape is in small letters": lambda text: text.replace(b"\\u001F", b"\\u001f"),
    "labels are swapped": swap_labels,
    "a statement is lost": lambda text: text[text.find(b"\n") + 1 :],
    "a language keeps its case": lambda text: text.replace(b'"@pl-pl .', b'"@pl-PL .'),
    "an integer is a double": lambda text: text.replace(
        b"<http://www.w3.org/2001/XMLSchema#integer>", b"<http://www.w3.org/2001/XMLSchema#double>"
    ),
    "lines are in the order of UTF-16": lambda text: b"".join(
        sorted(
            text.splitlines(keepends=True), key=lambda line: str(line, "utf-8").encode("utf-16-be")
        )
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_mistake_of_a_fast_path_is_found(
    mistake: Mistake, cases: list[Case], answers: Answers
) -> None:
    def wrong(document: JsonObject, contexts: Contexts) -> bytes | None:
        canonical = compiled_path(document, contexts)
        return None if canonical is None else mistake(canonical)

    assert reasons(wrong, cases, answers) == {"other bytes"}


def reasons(fast_path: FastPath, cases: list[Case], answers: Answers) -> set[str]:
    """Return the reasons of the mismatches that are found for a fast path."""
    tally = compare(cases, fast_path=fast_path, general_path=answers)
    return {each.reason for each in tally.mismatches if each.who == "fast path"}


def test_fast_path_that_leaves_out_what_it_does_not_know_is_found(
    cases: list[Case], answers: Answers
) -> None:
    def lax(document: JsonObject, contexts: Contexts) -> bytes | None:
        known: JsonObject = {
            name: value
            for name, value in document.items()
            if name in contexts.term_names or name == "@context"
        }
        return compiled_path(known, contexts)

    found = reasons(lax, cases[ALONE], answers)
    assert {
        "takes what is refused with DATA_LOSS",
        "takes what is refused with NOT_CONFORMANT",
    } <= (found)


def test_fast_path_that_refuses_with_an_error_of_its_own_is_found(
    cases: list[Case], answers: Answers
) -> None:
    def eager(document: JsonObject, contexts: Contexts) -> bytes | None:
        if "proof" in document:
            raise CanonicalizationError("no proofs here")
        return compiled_path(document, contexts)

    assert reasons(eager, cases[SOME], answers) == {
        "refuses what is taken",
        "refuses with another error",
    }


def test_fast_path_that_changes_the_document_is_found(cases: list[Case], answers: Answers) -> None:
    def careless(document: JsonObject, contexts: Contexts) -> bytes | None:
        canonical = compiled_path(document, contexts)
        document.pop("proof", None)
        return canonical

    tally = compare(deepcopy(cases[FEW]), fast_path=careless, general_path=answers)
    assert "changed document" in {each.reason for each in tally.mismatches}


class Forgetful:
    """A processor that forgets the last statement."""

    name = "pyoxigraph"
    is_safe = False

    def ask(self, case: Case, *, taken: bool = True) -> Answer:
        answer = Pyoxigraph().ask(case, taken=taken)
        lines = (answer.canonical or b"").splitlines(keepends=True)
        return Answer(b"".join(lines[:-1]))


def test_difference_that_nothing_explains_is_a_mismatch(
    cases: list[Case], answers: Answers
) -> None:
    taken = [case for case in cases[FEW] if answers(case).canonical]
    tally = compare(taken, fast_path=compiled_path, oracles=[Forgetful()], general_path=answers)
    assert of_kind(tally, "pyoxigraph", Kind.MISMATCH) == len(taken)


def test_refusal_that_nothing_explains_is_a_mismatch(cases: list[Case]) -> None:
    taken = Answer(canonical=b"<urn:x> <urn:y> <urn:z> .\n")
    other = Forgetful()
    assert explain(other, cases[0], taken, Answer(refusal="invalid property")) is None


def test_case_is_the_same_whenever_it_is_made(cases: list[Case]) -> None:
    again = CaseMaker(SEED, corpus())
    backwards = [again.case(number).text for number in reversed(range(300))]
    assert backwards == [case.text for case in reversed(cases[:300])]
    assert digest(corpus()) == digest(corpus())
    assert len({case.text for case in cases}) > len(cases) * 0.9


def test_cases_name_every_bundled_context_and_every_kind_of_change(cases: list[Case]) -> None:
    text = "".join(case.text for case in cases)
    assert all(f'"{url}"' in text for url in Contexts.bundled().urls)
    assert len(set(chain.from_iterable(case.changes for case in cases))) > 40
    assert {case.list_name for case in cases} >= {"bundled", "older", "examples"}

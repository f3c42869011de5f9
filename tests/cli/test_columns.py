"""cli.columns: words are wrapped, and what one wants to copy stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from testamur.cli.columns import _NARROW, Columns, Styled, lines

URL = "https://credentials.college.example/status/revocation.json#74298"


def shown(long: str, *, width: int = 40, short: str = "Id") -> list[str]:
    columns = Columns([((Styled(short),), Styled(long))], min_width=6)
    return ["".join(part.text for part in line) for line in lines(columns, width)]


def test_text_is_wrapped_at_spaces_beside_its_label() -> None:
    assert shown("Works well in a team, and alone as well.") == [
        "  Id      Works well in a team, and",
        "          alone as well.",
    ]


@pytest.mark.parametrize("address", [URL, f"({URL})", "did:key:" + "z" * 60, "a/" + "b" * 60])
def test_a_url_or_an_id_that_does_not_fit_stays_whole(address: str) -> None:
    assert shown(f"published by {address} today") == [
        "  Id      published by",
        f"          {address}",
        "          today",
    ]


@pytest.mark.parametrize("word", ["x" * 70, "x:" + "\u00a0y" * 40, "https://" + "ą" * 70])
def test_other_long_words_are_folded(word: str) -> None:
    lines = shown(word)
    assert max(map(len, lines)) <= 40
    assert "".join(line[10:] for line in lines) == word


def test_an_address_of_endless_length_is_folded() -> None:
    assert max(map(len, shown("https://uni.example/" + "x" * 2000))) <= 40


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], include_characters="\n ")))
def test_nothing_reaches_the_left_edge_or_ends_with_spaces(text: str) -> None:
    first, *others = shown(text)
    assert first.startswith("  Id")
    assert all(line.startswith(" " * 10) or not line for line in others)
    assert not any(line.endswith(" ") for line in [first, *others])


def test_wide_characters_count_twice() -> None:
    assert max(map(cell_len, shown("東京大学" * 20))) <= 40


def test_characters_that_are_counted_without_tables_take_one_column() -> None:
    assert all(cell_len(each) == 1 for each in _NARROW)


@given(
    st.lists(
        st.text(st.sampled_from("ab ,\u00a0—ż"), max_size=30)
        | st.integers(1, 60).map(lambda length: "x" * length)
    ).map(" ".join),
    st.integers(3, 50),
)
def test_text_is_wrapped_as_rich_wraps_it(text: str, width: int) -> None:
    expected = [line.plain for line in Text(text).wrap(Console(width=width), width)]
    assert ["".join(part.text for part in line) for line in lines(text, width)] == expected

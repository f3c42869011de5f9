"""carry.badge_image: drawings that are well-formed, legible and the same for the same title."""

from __future__ import annotations

import io
import sys
import unicodedata
from pathlib import Path

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from testamur.carry import (
    badge_png,
    badge_svg,
    bake_png,
    bake_svg,
    extract_png,
    extract_svg,
)
from testamur.carry._badge_layout import Polygon, Text, estimate, lay_out
from testamur.carry._lettering import Lettering
from testamur.errors import ConfigurationError, InputError

JWS = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"
SVG = "{http://www.w3.org/2000/svg}"
EUROPE = (
    "ĄĆĘŁŃÓŚŹŻąćęłńóśźż ČĎĚŇŘŠŤŮŽčďěňřšťůž ĹĽŔľĺŕ ÁÉÍÓÖŐÚÜŰáéíóöőúüű ĂÂÎȘȚăâîșț ĐŠđš ĢĶĻŅģķļņ "
    "ĀĒĪŪāēīū ĖĮŲėįų ÅÄÖØÆåäöøæ ÐÞðþ ĊĠĦŻċġħż ÀÇÈÊËÎÏÔÙÛŒàçèêëîïôùûœÿ ÑñÕõÃã ĞİŞğış ßẞ „”“’–…·"
)


def texts(svg: bytes) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_svg_shows_title_issuer_and_subtitle() -> None:
    shown = texts(badge_svg("Teamwork", issuer="Example University", subtitle="2 ECTS"))
    assert shown == ["Teamwork", "2 ECTS", "Example University"]


def test_markup_in_a_title_stays_text() -> None:
    title = "<script>&\"'</script>"
    drawing = badge_svg(title, issuer="]]><g/>")
    root = ElementTree.fromstring(drawing)
    assert root.attrib["aria-label"] == f"{title} · ]]><g/>"
    assert "".join(texts(drawing)) == f"{title}]]><g/>"


@given(st.text(st.characters(), max_size=400), st.text(st.characters(), max_size=400))
def test_any_text_gives_well_formed_svg_or_says_what_is_missing(title: str, issuer: str) -> None:
    try:
        drawing = badge_svg(title, issuer=issuer, subtitle=issuer)
    except InputError as error:
        missing = title if error.path == "title" else issuer
        assert all(unicodedata.category(each)[0] in "CZ" for each in missing[:300])
    else:
        ElementTree.fromstring(drawing)
        assert extract_svg(bake_svg(drawing, JWS)).content == JWS.encode()


@pytest.mark.parametrize(
    "title", ["x" * 1000, "word " * 200, "Donaudampfschifffahrtsgesellschaft " * 9, "漢字" * 100]
)
def test_long_title_is_cut_and_stays_inside(title: str) -> None:
    lines = [
        shape
        for shape in lay_out(title, "University", "", estimate)
        if isinstance(shape, Text) and shape.is_bold
    ]
    assert lines[-1].text.endswith("…")
    assert all(estimate(line.text, line.size) <= 370 for line in lines)
    assert lines[0].baseline - lines[0].size > 180
    assert lines[-1].baseline < 396


def test_words_are_not_broken_where_a_smaller_size_helps() -> None:
    shown = texts(badge_svg("Introduction to Sustainable Supply Chains", issuer="University"))
    assert " ".join(shown[:-1]) == "Introduction to Sustainable Supply Chains"


@given(st.text("abcdefgh", min_size=1))
def test_text_contrasts_with_its_ground(title: str) -> None:
    """WCAG 2.2, 1.4.6 Contrast (Enhanced), 7 to 1, for the title; 1.4.3, 4.5 to 1, for the rest."""
    shapes = lay_out(title, "University", "Subtitle", estimate)
    field = [luminance(each.colour) for each in shapes[:3] if isinstance(each, Polygon)]
    for text in (shape for shape in shapes if isinstance(shape, Text)):
        for ground in field:
            assert (luminance(text.colour) + 0.05) / (ground + 0.05) >= (7 if text.is_bold else 4.5)


def test_same_title_gives_the_same_bytes_and_colours_differ_between_titles() -> None:
    assert badge_svg("A", issuer="U") == badge_svg("A", issuer="U")
    assert badge_png("A", issuer="U", size=64) == badge_png("A", issuer="U", size=64)
    grounds = {lay_out(title, "U", "", estimate)[0] for title in "ABCDEFGHIJ"}
    assert len(grounds) > 3


@pytest.mark.parametrize(("title", "issuer"), [("", "U"), ("\u202e \x00", "U"), ("A", "\ufeff")])
def test_empty_text_is_refused(title: str, issuer: str) -> None:
    with pytest.raises(InputError, match="can be shown"):
        badge_svg(title, issuer=issuer)
    with pytest.raises(InputError, match="can be shown"):
        badge_png(title, issuer=issuer)


@pytest.mark.parametrize("size", [64, 600])
def test_png_is_a_square_that_can_be_baked(size: int) -> None:
    baked = bake_png(badge_png("Zażółć gęślą jaźń", issuer="Łódź", size=size), JWS)
    assert extract_png(baked).content == JWS.encode()
    with Image.open(io.BytesIO(baked)) as picture:
        assert picture.size == (size, size)
        alpha = picture.convert("RGBA").getchannel("A")
        assert alpha.getpixel((0, 0)) == 0
        assert alpha.getpixel((size // 2, size // 2)) == 255


@pytest.mark.parametrize("size", [0, 63, 1201])
def test_size_out_of_range_is_a_programming_mistake(size: int) -> None:
    with pytest.raises(ValueError, match="size"):
        badge_png("A", issuer="U", size=size)


def test_missing_pillow_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "testamur.carry._lettering")
    monkeypatch.delitem(sys.modules, "testamur.carry._badge_raster", raising=False)
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ConfigurationError, match=r"pip install testamur\[image\]"):
        badge_png("A", issuer="U")


def ink(text: str) -> Image.Image:
    canvas = Image.new("L", (400, 300))
    Lettering(None).draw(text, canvas=canvas, at=(200, 200), size=100, weight=0)
    return canvas


def test_built_in_font_writes_the_latin_alphabets_of_europe() -> None:
    assert Lettering(None).measure(EUROPE, 20) > 0
    for letter in EUROPE.replace(" ", ""):
        assert ink(letter).getbbox() is not None


def extent(text: str) -> tuple[int, int, int, int]:
    box = ink(text).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize(
    ("letters", "bare"), [("ćčċ", "c"), ("ńňñ", "n"), ("őöôõō", "o"), ("ĂÅÄ", "A")]
)
def test_mark_above_stands_on_the_letter(letters: str, bare: str) -> None:
    for letter in letters:
        assert extent(letter)[1] < extent(bare)[1]
        assert extent(letter)[3] == extent(bare)[3]


@pytest.mark.parametrize(("letters", "bare"), [("ą", "a"), ("ęȩ", "e"), ("șş", "s"), ("ņ", "n")])
def test_mark_below_hangs_from_the_letter(letters: str, bare: str) -> None:
    for letter in letters:
        assert extent(letter)[1] == extent(bare)[1]
        assert extent(letter)[3] > extent(bare)[3]


@pytest.mark.parametrize(
    ("letter", "bare"), [("ł", "l"), ("Ł", "L"), ("đ", "d"), ("ď", "d"), ("ť", "t")]
)
def test_bar_or_apostrophe_makes_the_letter_wider(letter: str, bare: str) -> None:
    left, _, right, _ = extent(letter)
    assert right - left > extent(bare)[2] - extent(bare)[0]


def test_i_with_an_accent_has_no_dot_beneath_it() -> None:
    """Between stem and accent there is a gap, and nothing at all above a dotless i."""
    assert ink("ı").crop((0, 0, 400, 143)).getbbox() is None
    column = ink("ī").crop((199, 100, 201, 200)).resize((1, 100)).tobytes()
    blocks = "".join("#" if value > 128 else " " for value in column).split()
    assert len(blocks) == 2


@pytest.mark.parametrize("text", ["Наука", "Μικρό", "学", "\U0001f3c5", "Tiếng", "Ọ"])
def test_letter_that_the_font_lacks_is_named(text: str) -> None:
    with pytest.raises(InputError, match=r"U\+[0-9A-F]{4,5}.*font file") as caught:
        badge_png(text, issuer="U")
    assert str(caught.value.found) in text


def test_given_font_is_used(tmp_path: Path) -> None:
    built_in = ImageFont.load_default(20)
    assert isinstance(built_in, ImageFont.FreeTypeFont)
    font = tmp_path / "font.ttf"
    font.write_bytes(built_in.font_bytes)
    assert badge_png("A", issuer="U", size=64, font=font) == badge_png("A", issuer="U", size=64)


@pytest.mark.parametrize("content", [None, b"", b"no font"])
def test_unusable_font_is_named(tmp_path: Path, content: bytes | None) -> None:
    font = tmp_path / "font.ttf"
    if content is not None:
        font.write_bytes(content)
    with pytest.raises(ConfigurationError, match="TrueType") as caught:
        badge_png("A", issuer="U", font=font)
    assert str(font) in str(caught.value)

"""carry.svg against Open Badges 3.0 (5.3.2) and an XML parser of its own."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from testamur import limits
from testamur.carry import bake_svg, extract_svg
from testamur.errors import Code, InputError, ParseError, TestamurError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

HOSTILE = Path(__file__).parents[3] / "../shared/data/hostile/inputs/svg"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
CREDENTIAL = '{"type":["VerifiableCredential"],"name":"Żółw ]]>","proof":{"proofValue":"z1"}}'
JWS = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"
DRAWING = b'<circle cx="50" cy="50" r="40"/>\r\n<!-- \xc5\xbb <svg> --><desc>a &gt; b</desc>'
PLAIN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">' + DRAWING + b"</svg>"


def svg(inside: str, *, attributes: str = f'xmlns:openbadges="{NAMESPACE}"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}<g/></svg>'.encode()


def element(text: str) -> str:
    return f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>"


json_objects = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.text(max_size=12)
        | st.just("]]>&<!--"),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    ),
    max_size=5,
)


@given(json_objects)
def test_json_comes_back_with_the_same_value(document: dict[str, object]) -> None:
    baked = bake_svg(PLAIN, json.dumps(document, ensure_ascii=False))
    extracted = extract_svg(baked)
    assert json.loads(extracted.content) == document
    assert not extracted.ambiguous
    found = ElementTree.fromstring(baked).findall(f"{{{NAMESPACE}}}credential")
    assert [json.loads(each.text or "") for each in found] == [document]


def test_json_goes_into_one_cdata_section_directly_behind_the_root_tag() -> None:
    """5.3.2: xmlns:openbadges on <svg>, the element "directly after", JSON in CDATA."""
    baked = bake_svg(PLAIN, '{"a":1}')
    assert baked == (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"'
        b' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
        b'<openbadges:credential><![CDATA[{"a":1}]]></openbadges:credential>' + DRAWING + b"</svg>"
    )


def test_jws_goes_into_the_verify_attribute() -> None:
    """5.3.2: "The value of `verify` attribute MUST be the Compact JWS string"."""
    baked = bake_svg(PLAIN, JWS)
    found = ElementTree.fromstring(baked)[0]
    assert found.tag == f"{{{NAMESPACE}}}credential"
    assert found.attrib == {"verify": JWS}
    assert extract_svg(baked).content == JWS.encode()


@pytest.mark.parametrize(
    "image",
    [
        PLAIN,
        b'\xef\xbb\xbf<?xml version="1.0"?>\n' + PLAIN,
        b'<?xml version="1.0" encoding="utf-8" standalone="yes"?><!-- <svg> -->' + PLAIN,
        b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg' a='>' b=\"/>'\" ><svg:g/></svg:svg >",
        svg("", attributes=""),
        svg("", attributes=f'\n xmlns:openbadges="{NAMESPACE}"\n'),
        svg("", attributes=f'xmlns:x="{NAMESPACE}"'),
        svg("", attributes='xmlns:openbadges="http://openbadges.org"'),
        svg(element("{}") + "<g/>"),
        svg(f'<x:credential xmlns:x="{NAMESPACE}"/> <g/>' + element("{}")),
        svg(f"<g>{element('{}')}</g>"),
        svg(element(f"{{}}]]>{element('{}')}<![CDATA[")),
    ],
)
def test_baked_drawing_has_one_credential_and_nothing_else_changed(image: bytes) -> None:
    baked = bake_svg(image, CREDENTIAL)
    extracted = extract_svg(baked)
    assert json.loads(extracted.content) == json.loads(CREDENTIAL)
    assert not extracted.ambiguous
    root = ElementTree.fromstring(baked)
    assert root[0].tag == f"{{{NAMESPACE}}}credential"
    assert bake_svg(baked, CREDENTIAL) == baked
    root.remove(root[0])
    assert shape(root) == shape(ElementTree.fromstring(image))


def shape(root: Element) -> list[tuple[object, ...]]:
    """All elements but credentials, with their attributes and text."""
    return [
        (each.tag, dict(each.attrib), (each.text or "").strip())
        for each in root.iter()
        if "openbadges" not in each.tag and not each.tag.endswith("}credential")
    ]


def test_baking_again_replaces_the_credential() -> None:
    assert bake_svg(bake_svg(PLAIN, CREDENTIAL), JWS) == bake_svg(PLAIN, JWS)


@pytest.mark.parametrize(
    "image",
    [
        svg(element(CREDENTIAL.replace("]]>", ""))),
        svg(f'<ns0:credential xmlns:ns0="{NAMESPACE}">{{"name":"Żółw "}}</ns0:credential>'),
        svg(f'<credential xmlns="{NAMESPACE}">\n <![CDATA[{{"name":]]>"Żółw "}}\n</credential>'),
        svg("<openbadges:credential>{&quot;name&quot;:&#34;Żółw &#x22;}</openbadges:credential>"),
        svg(
            '<c:credential xmlns:c="https://purl.imsglobal.org/clr/v2p0">{"name":"Żółw "}'
            "</c:credential>"
        ),
    ],
    ids=["cdata", "other prefix", "default namespace", "escaped text", "clr"],
)
def test_credential_is_found_however_it_is_written(image: bytes) -> None:
    extracted = extract_svg(image)
    assert json.loads(extracted.content)["name"] == "Żółw "
    assert not extracted.ambiguous


@pytest.mark.parametrize(
    "second",
    [
        element("{}"),
        element('{"name":"first"}'),
        f"<g>{element('{}')}</g>",
        '<c:credential xmlns:c="https://purl.imsglobal.org/clr/v2p0"/>',
    ],
    ids=["another", "the same", "deeper", "clr"],
)
def test_svg_with_two_credentials_is_reported_as_ambiguous(second: str) -> None:
    """5.3.2: "There MUST be only one <openbadges:credential> tag in an SVG"."""
    extracted = extract_svg(svg(element('{"name":"first"}') + second))
    assert extracted.content == b'{"name":"first"}'
    assert extracted.ambiguous


def test_attribute_and_body_together_are_ambiguous() -> None:
    image = svg(f'<openbadges:credential verify="{JWS}">{{}}</openbadges:credential>')
    extracted = extract_svg(image)
    assert extracted.content == JWS.encode()
    assert extracted.ambiguous


DOCTYPE = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://www.w3.org/x.dtd">'
ENTITIES = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
EXTERNAL = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "well-formed"),
        (b"\x89PNG\r\n\x1a\n", "UTF-8"),
        (b"{}", "well-formed"),
        (PLAIN[:-3], "well-formed"),
        (PLAIN + b"<svg/>", "well-formed"),
        (svg("&nbsp;"), "well-formed"),
        (svg("<unknown:credential/>"), "well-formed"),
        (b"<html/>", "not an SVG"),
        (b"<svg><g/></svg>", "not an SVG"),
        (DOCTYPE + PLAIN, "document type"),
        (ENTITIES + svg("&b;"), "document type"),
        (EXTERNAL + svg("&x;"), "document type"),
        (PLAIN.decode().encode("utf-16"), "UTF-8"),
        (PLAIN.replace(b"\xc5\xbb", b"\xa3"), "UTF-8"),
        (b'<?xml version="1.0" encoding="ISO-8859-2"?>' + PLAIN, "ISO-8859-2"),
        (svg("<a b=''/>" * (limits.SVG_MARKUP // 2 + 1)), "simpler drawing"),
        (PLAIN + b" " * limits.IMAGE_BYTES, "at most"),
    ],
)
def test_file_that_is_no_safe_svg_is_refused(data: bytes, words: str) -> None:
    for use in (extract_svg, lambda image: bake_svg(image, JWS)):
        with pytest.raises(ParseError, match=words) as caught:
            use(data)
        assert caught.value.code is Code.IMAGE_MALFORMED


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("", "no credential"),
        (f"<desc><![CDATA[{element('{}').replace(']]>', '')}]]></desc>", "no credential"),
        (f"<!-- {element('{}')} -->", "no credential"),
        ("<openbadges:credentials>{}</openbadges:credentials>", "no credential"),
        ("<credential>{}</credential>", "no credential"),
        ("<openbadges:credential/>", "empty"),
        ('<openbadges:credential verify="  ">{}</openbadges:credential>', "empty"),
        (f"<g>{element('{}')}</g>", "not directly inside"),
        ('<o:assertion xmlns:o="http://openbadges.org" verify="x"/>', "Open Badges 2.0"),
    ],
)
def test_svg_without_a_credential_is_reported_as_such(inside: str, words: str) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        extract_svg(svg(inside))
    assert caught.value.code is Code.IMAGE_NO_CREDENTIAL


def test_markup_inside_the_credential_is_refused() -> None:
    image = svg("<openbadges:credential>{<g/>}</openbadges:credential>")
    with pytest.raises(ParseError, match="CDATA") as caught:
        extract_svg(image)
    assert caught.value.code is Code.IMAGE_MALFORMED


def test_credential_above_the_limit_is_refused() -> None:
    with pytest.raises(ParseError, match="may have") as caught:
        extract_svg(svg(element("{" + "1" * limits.CREDENTIAL_BYTES + "}")))
    assert caught.value.code is Code.IMAGE_MALFORMED


def test_empty_drawing_is_not_baked() -> None:
    with pytest.raises(ParseError, match="draws nothing") as caught:
        bake_svg(b'<svg xmlns="http://www.w3.org/2000/svg" />', JWS)
    assert caught.value.code is Code.IMAGE_MALFORMED


def test_baking_beyond_what_is_read_is_refused() -> None:
    full = PLAIN + b" " * (limits.IMAGE_BYTES - len(PLAIN))
    for image, content in ((full, JWS), (PLAIN, json.dumps({"a": "=" * limits.SVG_MARKUP}))):
        with pytest.raises(InputError, match="smaller image") as caught:
            bake_svg(image, content)
        assert caught.value.code is Code.RESOURCE_LIMIT


def test_svg_cut_off_anywhere_is_refused() -> None:
    baked = bake_svg(PLAIN, CREDENTIAL)
    for length in range(len(baked)):
        with pytest.raises(ParseError) as caught:
            extract_svg(baked[:length])
        assert caught.value.code is Code.IMAGE_MALFORMED


@given(st.data())
def test_changed_bytes_give_our_errors_or_a_result(data: st.DataObject) -> None:
    damaged = bytearray(bake_svg(PLAIN, CREDENTIAL))
    for position in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=4)):
        damaged[position] = data.draw(st.integers(0, 255))
    for attempt in (extract_svg, lambda image: extract_svg(bake_svg(image, JWS))):
        with contextlib.suppress(ParseError):
            attempt(bytes(damaged))


@given(st.binary(max_size=200) | st.text("<>/&;![]'\" =axmlns:svg?-", max_size=80).map(str.encode))
def test_junk_raises_only_our_errors(junk: bytes) -> None:
    for data in (junk, PLAIN[:-6] + junk + b"</svg>", b"<svg " + junk + PLAIN[4:]):
        for attempt in (extract_svg, lambda image: bake_svg(image, JWS)):
            with contextlib.suppress(TestamurError):
                attempt(data)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("i-svg-external-dtd", Code.IMAGE_MALFORMED),
        ("i-svg-in-cdata-text", Code.IMAGE_NO_CREDENTIAL),
        ("i-svg-two", None),
    ],
)
def test_recorded_hostile_svg_gets_its_answer(name: str, code: Code | None) -> None:
    path = HOSTILE / f"{name}.svg"
    if not path.is_file():
        pytest.skip("the shared data folder is not here")
    if code is None:
        extracted = extract_svg(path.read_bytes())
        assert extracted.ambiguous
        assert (
            json.loads(extracted.content)["id"] == "urn:uuid:5eaa4113-9a47-5d6e-9640-1fe54ee89568"
        )
        return
    with pytest.raises(ParseError) as caught:
        extract_svg(path.read_bytes())
    assert caught.value.code is code

"""The rules for URLs and addresses: each class of attack is refused, honest URLs are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur import limits
from testamur.errors import Code, FetchError
from testamur.fetch import check_address, check_addresses, check_url

HOSTILE = Path(__file__).parents[4] / "shared" / "data" / "hostile"


def refusal(url: str) -> str:
    with pytest.raises(FetchError) as caught:
        check_url(url)
    assert caught.value.code == Code.URL_BLOCKED
    assert caught.value.url is not None
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://issuer.example/", "issuer.example", 443, "/"),
        ("https://issuer.example", "issuer.example", 443, "/"),
        ("https://issuer.example?x=1", "issuer.example", 443, "/?x=1"),
        ("https://issuer.example:443/a", "issuer.example", 443, "/a"),
        ("https://issuer.example:8443/a?b=c#d", "issuer.example", 8443, "/a?b=c"),
        ("HTTPS://Issuer.Example/A", "issuer.example", 443, "/A"),
        ("https://issuer.example/@user/x%20y", "issuer.example", 443, "/@user/x%20y"),
        ("https://issuer.example/keys#key-1", "issuer.example", 443, "/keys"),
        ("https://issuer.example#key-1", "issuer.example", 443, "/"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "/"),
        ("https://a-b.3.issuer.example/", "a-b.3.issuer.example", 443, "/"),
    ],
)
def test_honest_url_is_allowed(url: str, host: str, port: int, target: str) -> None:
    parts = check_url(url)
    assert (parts.host, parts.port, parts.target) == (host, port, target)
    assert parts.url == url.partition("#")[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example/",
        "file:///etc/passwd",
        "file://issuer.example/etc/passwd",
        "gopher://issuer.example/",
        "ftp://issuer.example/",
        "jar:https://issuer.example/a!/b",
        "data:text/plain,a",
        "javascript:alert(1)",
        "did:web:issuer.example",
        "ws://issuer.example/",
    ],
)
def test_scheme_other_than_https_is_refused(url: str) -> None:
    refusal(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/path",
        "//issuer.example/",
        "issuer.example",
        "https:issuer.example",
        "https:/issuer.example",
        "https:///issuer.example",
        "https://",
        "https://?a",
        "https://#a",
        "https://:443/",
        "https:\\\\issuer.example/",
        "https://issuer.example\\@other.example/",
        "https://issuer.example/a\\b",
        " https://issuer.example/",
        "https://issuer.example/ ",
        "https://iss\tuer.example/",
        "https://issuer.example/a\nb",
        "https://issuer.example/a\r\nHost: b",
        "https://issuer.example/%0d%0aHost:b",
        "https://issuer.example/%00",
        "https://issuer.example/\x00",
        "https://issuer.example/%zz",
        "https://issuer.example/%",
        "https://issuer.example/<a>",
        'https://issuer.example/"',
    ],
)
def test_url_that_two_parsers_could_read_differently_is_refused(url: str) -> None:
    refusal(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://user@issuer.example/",
        "https://user:password@issuer.example/",
        "https://@issuer.example/",
        "https://issuer.example@127.0.0.1/",
        "https://issuer.example%2f@127.0.0.1/",
        "https://issuer.example#@other.example/",
        "https://issuer.example?@other.example/",
    ],
)
def test_user_information_and_its_look_alikes_are_refused(url: str) -> None:
    assert "@" in refusal(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0",
        "0.0.0.0",  # noqa: S104
        "2130706433",
        "0x7f000001",
        "0X7F.1",
        "0x7f.0x0.0x0.0x1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.0x1",
        "0x",
        "1.1.1.1",
        "10.0.0.5",
        "169.254.169.254",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00::1]",
        "[fe80::1%25eth0]",
        "[2606:2800:220:1::1]",
        "[v1.a]",
    ],
)
def test_ip_address_in_any_spelling_is_refused(host: str) -> None:
    assert "IP address" in refusal(f"https://{host}/")


@pytest.mark.parametrize(
    "host",
    [
        "①②⑦.⓪.⓪.①",
        "１２７.0.0.1",
        "issuer。example",
        "issuer．example",
        "ｉssuer.example",
        "iss\u00aduer.example",
        "iss\u200buer.example",
        "issu\u0435r.example",
        "bücher.example",
        "localho\u017ft",
        "xn--orhcp.example",
        "xn--a-.example",
        "xn--.example",
        "xn--99999999.example",
    ],
)
def test_host_that_is_not_plain_ascii_or_hides_something_else_is_refused(host: str) -> None:
    refusal(f"https://{host}/")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "a.localhost",
        "printer.local",
        "metadata",
        "metadata.google.internal",
        "router.home.arpa",
        "db.corp",
        "abc.onion",
    ],
)
def test_name_of_a_private_network_is_refused(host: str) -> None:
    refusal(f"https://{host}/")


@pytest.mark.parametrize(
    "host",
    [
        "issuer.example.",
        "localhost.",
        "127.0.0.1.",
        ".issuer.example",
        "issuer..example",
        "-issuer.example",
        "issuer-.example",
        "issuer_1.example",
        "issuer!.example",
        "issuer%2eexample",
        "issuer.example%2f",
        "issuer.example%40other.example",
        "%31%32%37.0.0.1",
        "[issuer.example]",
        "[::1",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5),
    ],
)
def test_host_that_is_not_a_host_name_is_refused(host: str) -> None:
    refusal(f"https://{host}/")


@pytest.mark.parametrize(
    "port",
    ["0", "22", "25", "80", "444", "1023", "65536", "99999", "", "0443", "+443", "44a", "6667"],
)
def test_port_of_another_protocol_or_of_none_is_refused(port: str) -> None:
    assert "port" in refusal(f"https://issuer.example:{port}/")


def test_second_port_is_refused() -> None:
    refusal("https://issuer.example:443:443/")


def test_url_of_the_longest_length_is_allowed_and_one_more_is_refused() -> None:
    url = "https://issuer.example/".ljust(limits.URL_CHARACTERS, "a")
    check_url(url)
    assert str(limits.URL_CHARACTERS) in refusal(url + "a")


def test_message_shows_control_characters_escaped() -> None:
    assert "\x1b" not in refusal("https://issuer.example/\x1b[31m")


@pytest.mark.parametrize(
    ("origin", "url"),
    [
        ("http://localhost:8080", "http://localhost:8080/status/1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("http://localhost", "http://localhost:80/"),
        ("https://issuer.test:22", "https://issuer.test:22/"),
    ],
)
def test_unsafe_origin_is_allowed(origin: str, url: str) -> None:
    assert check_url(url, unsafe_origins={origin}).origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8081/",
        "https://localhost:8080/",
        "http://localhost:8080.other.example/",
        "http://localhost:8080@other.example/",
        "http://other.example/#http://localhost:8080",
        "http://localhost:8080\\@other.example/",
    ],
)
def test_unsafe_origin_allows_no_other(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        check_url(url, unsafe_origins={"http://localhost:8080"})
    assert caught.value.code == Code.URL_BLOCKED


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1"])
def test_public_address_is_allowed(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "10.0.0.5",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:2800:220:1::1%eth0",
        "fec0::1",
        "ff02::1",
        "",
        "issuer.example",
        "0177.0.0.1",
        "127.1",
    ],
)
def test_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(FetchError) as caught:
        check_address(address)
    assert caught.value.code == Code.URL_BLOCKED


@pytest.mark.parametrize(
    "addresses",
    [["93.184.216.34", "10.0.0.5"], ["127.0.0.1", "93.184.216.34"], ["169.254.169.254"]],
)
def test_host_with_any_private_address_is_refused(addresses: list[str]) -> None:
    with pytest.raises(FetchError) as caught:
        check_addresses(addresses, url="https://mixed.example/")
    assert caught.value.code == Code.URL_BLOCKED
    assert caught.value.url == "https://mixed.example/"


def test_host_without_address_is_unreachable() -> None:
    with pytest.raises(FetchError) as caught:
        check_addresses([], url="https://gone.example/")
    assert caught.value.code == Code.UNREACHABLE


def test_hostile_urls_of_the_shared_data_are_refused_before_connecting() -> None:
    if not HOSTILE.is_dir():
        pytest.skip("the shared data folder is not here")
    cases = json.loads((HOSTILE / "manifest.json").read_text("utf-8"))["cases"]
    urls = [case for case in cases if case["kind"] == "url"]
    assert urls
    for case in urls:
        url = (HOSTILE / case["file"]).read_text("utf-8")
        with pytest.raises(FetchError) as caught:
            check_addresses(case["dns"].get(check_url(url).host, []), url=url)
        assert caught.value.code in case["expect"]["errors_any"], case["id"]


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("issuer.example", None),
        ("169.254.169.254.nip.io", Code.URL_BLOCKED),
        ("rebind.example", Code.URL_BLOCKED),
        ("mixed.example", Code.URL_BLOCKED),
    ],
)
def test_name_is_judged_by_where_it_leads(host: str, code: Code | None) -> None:
    # The table is the one of the shared hostile data.
    dns = {
        "issuer.example": ["93.184.216.34"],
        "169.254.169.254.nip.io": ["169.254.169.254"],
        "rebind.example": ["93.184.216.34", "127.0.0.1"],
        "mixed.example": ["93.184.216.34", "10.0.0.5"],
    }
    url = check_url(f"https://{host}/")
    if code is None:
        check_addresses(dns[url.host], url=url.url)
        return
    with pytest.raises(FetchError) as caught:
        check_addresses(dns[url.host], url=url.url)
    assert caught.value.code == code


@given(st.text() | st.text().map(lambda text: f"https://{text}/"))
def test_any_text_is_allowed_or_refused_and_nothing_else(text: str) -> None:
    try:
        parts = check_url(text)
    except FetchError as error:
        assert error.code == Code.URL_BLOCKED  # noqa: PT017
    else:
        assert parts.host.isascii()


@given(st.text(max_size=60) | st.ip_addresses().map(str))
def test_any_address_is_allowed_or_refused_and_nothing_else(text: str) -> None:
    try:
        check_address(text)
    except FetchError as error:
        assert error.code == Code.URL_BLOCKED  # noqa: PT017

from __future__ import annotations

import json
from pathlib import Path

import pytest

from testamur.errors import Code, ConfigurationError, FetchError, ParseError
from testamur.fetch import FolderFetcher
from testamur.protocols import Fetcher

SHARED = Path(__file__).parents[4] / "shared" / "data" / "hostile" / "documents"
URL = "https://issuer.example/did.json"


def folder(tmp_path: Path, answer: object) -> Path:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "did.json").write_bytes(b"{}")
    (tmp_path / "secret").write_bytes(b"secret")
    (documents / "index.json").write_text(json.dumps({URL: answer}), "utf-8")
    return documents


def refusal(fetching: Fetcher, url: str = URL, *, max_bytes: int = 100) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetching.fetch(url, max_bytes=max_bytes)
    assert caught.value.url is not None
    return caught.value


@pytest.mark.parametrize("file", ["did.json", "documents/did.json"])
def test_file_is_found_relative_to_the_folder_or_its_parent(tmp_path: Path, file: str) -> None:
    answer = {"status": 200, "contentType": "Application/DID+json; a=b", "file": file}
    fetched = FolderFetcher(folder(tmp_path, answer)).fetch(URL, max_bytes=2)
    assert fetched.content == b"{}"
    assert fetched.content_type == "application/did+json"
    assert fetched.url == URL


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"behaviour": "hang"}, Code.RESOURCE_LIMIT),
        ({"behaviour": "oversize", "size": 2**30}, Code.RESOURCE_LIMIT),
        ({"behaviour": "unheard of", "file": "did.json"}, Code.FETCH_FAILED),
        ({"status": 302, "location": "https://issuer.example/x"}, Code.FETCH_FAILED),
        ({"location": "https://issuer.example/x", "file": "did.json"}, Code.FETCH_FAILED),
        ({"status": 404, "file": "did.json"}, Code.FETCH_FAILED),
        ({"status": 503}, Code.UNREACHABLE),
        ({"tripwire": True, "file": "did.json"}, Code.URL_BLOCKED),
        ({"status": 200}, Code.FETCH_FAILED),
        ({"status": "200", "file": "did.json"}, Code.FETCH_FAILED),
        ({"file": "did.json", "contentType": 1}, Code.FETCH_FAILED),
        ({"file": "missing.json"}, Code.FETCH_FAILED),
        ("did.json", Code.FETCH_FAILED),
    ],
)
def test_answer_that_is_no_document_is_an_error(tmp_path: Path, answer: object, code: Code) -> None:
    fetching = FolderFetcher(folder(tmp_path, answer))
    assert refusal(fetching).code == code
    assert fetching.requested == [URL]


@pytest.mark.parametrize(
    "file", ["../secret", "secret", "documents/../secret", "{}/secret", "link", "a\x00b", ".", ""]
)
def test_file_outside_the_folder_is_never_read(tmp_path: Path, file: str) -> None:
    documents = folder(tmp_path, {"file": file.format(tmp_path)})
    (documents / "link").symlink_to(tmp_path / "secret")
    assert refusal(FolderFetcher(documents)).code == Code.FETCH_FAILED


def test_longer_file_than_asked_for_is_refused(tmp_path: Path) -> None:
    fetching = FolderFetcher(folder(tmp_path, {"file": "did.json"}))
    assert refusal(fetching, max_bytes=1).code == Code.RESOURCE_LIMIT


def test_url_that_is_not_listed_does_not_exist(tmp_path: Path) -> None:
    fetching = FolderFetcher(folder(tmp_path, {"file": "did.json"}))
    assert refusal(fetching, "https://issuer.example/other").code == Code.FETCH_FAILED


def test_blocked_url_is_refused_even_if_listed_and_not_recorded(tmp_path: Path) -> None:
    documents = folder(tmp_path, {})
    url = "http://127.0.0.1/"
    (documents / "index.json").write_text(json.dumps({url: {"file": "did.json"}}), "utf-8")
    fetching = FolderFetcher(documents)
    assert refusal(fetching, url).code == Code.URL_BLOCKED
    assert fetching.requested == []


def test_fragment_plays_no_part(tmp_path: Path) -> None:
    fetching = FolderFetcher(folder(tmp_path, {"file": "did.json"}))
    assert fetching.fetch(f"{URL}#key-1", max_bytes=2).content == b"{}"
    assert fetching.requested == [URL]


def test_folder_without_an_index_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"index\.json"):
        FolderFetcher(tmp_path)


def test_index_that_is_not_json_is_a_parse_error(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("[]", "utf-8")
    with pytest.raises(ParseError):
        FolderFetcher(tmp_path)


def test_shared_hostile_documents_are_served() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared data folder is not here")
    fetching = FolderFetcher(SHARED)
    document = fetching.fetch("https://issuer.example/.well-known/did.json", max_bytes=10_000)
    assert json.loads(document.content)["id"] == "did:web:issuer.example"
    assert document.content_type == "application/did+json"
    assert refusal(fetching, "https://status.example/huge").code == Code.RESOURCE_LIMIT

"""The allow-list of contexts: pinned by hash, never fetched, never changed."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.resources
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import shared_data
from testamur.canon import contexts as module
from testamur.canon import jcs, multibase
from testamur.canon.contexts import (
    CREDENTIALS_V2,
    DATA_INTEGRITY_V2,
    EDC_AP,
    OB_3_0_3,
    Contexts,
    UnsafeInlineContexts,
    matches_published,
)
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import CanonicalizationError, Code, ConfigurationError

FOLDER = Path(__file__).parents[3] / "contexts"
OWN = "https://uni.example/context/v1"

# The hashes that the Recommendations print for the bytes at these URLs; of the first, its packages
# carry another layout.
PRINTED = {
    "https://www.w3.org/2018/credentials/v1": (
        "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc"
    ),
    "https://www.w3.org/ns/credentials/v2": (
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
    ),
    "https://w3id.org/security/data-integrity/v2": (
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4"
    ),
    "https://w3id.org/security/multikey/v1": (
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"
    ),
    "https://www.w3.org/ns/credentials/status/v1": (
        "fda5add353231e6a6884a46b12e6c75464281900cb348284d9c360f62381d9f7"
    ),
}


def entries() -> list[dict[str, str]]:
    manifest = json.loads((FOLDER / "manifest.json").read_bytes())
    return list(manifest["contexts"])


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where an installed package has its documents; empty, and read anew."""
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "src/testamur")
    cached = (module._manifest, module._bundled, module._bundled_before_2026_06_29)
    for function in cached:
        function.cache_clear()
    yield tmp_path / "src/testamur/contexts"
    for function in cached:
        function.cache_clear()


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["file"])
def test_bundled_document_has_the_hash_of_the_manifest(entry: dict[str, str]) -> None:
    content = (FOLDER / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    older = "supersededOn" in entry
    bundled = Contexts.bundled_before_2026_06_29() if older else Contexts.bundled()
    assert bundled.document(entry["url"]) == json.loads(content)


@pytest.mark.parametrize("url", sorted(PRINTED))
def test_bundled_document_has_the_hash_that_the_recommendation_prints(url: str) -> None:
    (entry,) = (each for each in entries() if each["url"] == url)
    assert entry["publishedSha256"] == PRINTED[url]
    if url in (CREDENTIALS_V2, DATA_INTEGRITY_V2):
        assert entry["sha256"] == PRINTED[url]


def test_open_badges_3_0_3_is_kept_in_both_its_versions() -> None:
    # The document of 2026-06-29 defines endorsementJwt; the one before it does not.
    new, old = Contexts.bundled(), Contexts.bundled_before_2026_06_29()
    assert "endorsementJwt" in json.dumps(new.document(OB_3_0_3))
    assert "endorsementJwt" not in json.dumps(old.document(OB_3_0_3))
    assert new.urls == old.urls
    for url in new.urls - {OB_3_0_3}:
        assert new.document(url) == old.document(url)


def test_examples_context_that_defines_every_term_is_not_bundled() -> None:
    assert "https://www.w3.org/ns/credentials/examples/v2" not in Contexts.bundled()


@pytest.mark.parametrize(
    "url",
    [
        "https://www.w3.org/ns/credentials/v2/",
        "http://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/V2",
        "https://WWW.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2#",
        "https://www.w3.org/ns/credentials/v2 ",
        "https://evil.example/v2",
        "",
    ],
)
def test_url_that_is_not_exactly_in_the_list_is_rejected(url: str) -> None:
    bundled = Contexts.bundled()
    assert url not in bundled
    with pytest.raises(CanonicalizationError) as caught:
        bundled.document(url)
    assert caught.value.code is Code.CONTEXT_REJECTED
    assert caught.value.url == url


def test_url_in_the_list_is_found() -> None:
    assert CREDENTIALS_V2 in Contexts.bundled()
    assert 5 not in Contexts.bundled()


def test_list_can_be_extended_and_the_first_one_stays_as_it_was() -> None:
    document: JsonObject = {"@context": {"ects": "https://uni.example/terms#ects"}}
    extended = Contexts.bundled().with_documents({OWN: document})
    assert extended.document(OWN) == document
    assert extended.urls == Contexts.bundled().urls | {OWN}
    assert OWN not in Contexts.bundled()


def test_bundled_url_cannot_be_given_another_document() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Contexts.bundled().with_documents({CREDENTIALS_V2: {"@context": {}}})
    assert caught.value.code is Code.CONFIGURATION
    assert caught.value.url == CREDENTIALS_V2


def test_bundled_url_can_be_given_the_same_document_again() -> None:
    bundled = Contexts.bundled()
    again = bundled.with_documents({CREDENTIALS_V2: bundled.document(CREDENTIALS_V2)})
    assert again.urls == bundled.urls


def test_document_without_a_context_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Contexts({OWN: {"ects": "https://uni.example/terms#ects"}})
    assert caught.value.url == OWN


@pytest.mark.parametrize(
    "definition",
    [
        {"@reverse": "https://x.example/has"},
        {"@id": "https://x.example/p", "@nest": "details"},
        {"@id": "https://x.example/p", "@index": "https://x.example/i", "@container": "@index"},
        {"@id": "https://x.example/p", "@container": "@index"},
        {"@id": "https://x.example/p", "@container": "@id"},
        {"@id": "https://x.example/p", "@container": ["@language", "@index"]},
        {"@id": "https://x.example/p", "@container": "@type"},
        {"@id": "https://x.example/p", "@container": ["@graph", "@id"]},
        {"@id": "https://x.example/p", "@container": 5},
        {"@id": "@value"},
        {"@id": "@included"},
        "@value",
        "@included",
        "@nest",
        "@index",
        "@graph",
        "@list",
        "@set",
        "@reverse",
        "@language",
        "@none",
        "@context",
        "@json",
        "@notYetAKeyword",  # jsonld.js in safe mode: "reserved @id value"
    ],
)
@pytest.mark.parametrize("scope", ["", "property", "type in a list"])
def test_context_that_could_hide_members_from_a_reader_is_refused(
    definition: JsonValue, scope: str
) -> None:
    context: JsonValue = {"term": definition}
    if scope == "property":
        context = {"outer": {"@id": "https://x.example/o", "@context": context}}
    elif scope:
        context = [{"@version": 1.1}, {"Outer": {"@id": "urn:o", "@context": [context]}}]
    with pytest.raises(ConfigurationError) as caught:
        Contexts.bundled().with_documents({OWN: {"@context": context}})
    assert caught.value.url == OWN
    assert "term" in caught.value.message


@pytest.mark.parametrize(
    "definition",
    [
        {"@id": "https://x.example/p", "@container": "@set"},
        {"@id": "https://x.example/p", "@container": ["@list"]},
        {"@id": "https://x.example/p", "@container": "@language"},
        {"@id": "https://x.example/p", "@type": "@json"},
        {"@id": "@id"},
        {"@id": "@type"},
        "@id",
        None,
    ],
)
def test_context_with_sets_lists_languages_and_other_names_for_id_and_type_is_accepted(
    definition: JsonValue,
) -> None:
    context: JsonObject = {"term": definition, "@vocab": "https://x.example/"}
    assert OWN in Contexts({OWN: {"@context": context}})


def test_terms_whose_value_is_a_graph_of_its_own_are_known() -> None:
    # VC Data Model 2.0, appendix B.1: proof and verifiableCredential are graph containers.
    assert Contexts.bundled().graph_terms >= {"proof", "verifiableCredential"}
    assert "credentialSubject" not in Contexts.bundled().graph_terms


def test_terms_of_a_list_are_known_at_any_depth() -> None:
    context: JsonValue = [
        {"a": "urn:a"},
        {"b": {"@id": "urn:b", "@context": {"c": {"@type": "@id"}}}},
    ]
    held = Contexts({OWN: {"@context": context}})
    assert held.term_names == {"a", "b", "c"}
    assert held.term_iris == {"urn:a", "urn:b", "c"}


def test_types_are_known_in_full_where_a_context_writes_them_with_a_prefix() -> None:
    context: JsonValue = [
        {"p": "https://p.example/#", "q": "urn:q", "Kind": "p:Kind"},
        {"b": {"@id": "p:b", "@context": {"Inner": "p:Inner", "Other": "q:Other"}}},
    ]
    held = Contexts({OWN: {"@context": context}})
    assert held.type_iris == held.term_iris | {
        f"https://p.example/#{each}" for each in ("Kind", "b", "Inner")
    }


def test_terms_that_are_language_maps_are_known_at_any_depth() -> None:
    texts: JsonObject = {"@id": "urn:a", "@container": "@language"}
    context: JsonValue = [{"a": texts, "b": {"@id": "urn:b", "@context": {"c": texts}}}, {"d": "e"}]
    held = Contexts({OWN: {"@context": context}})
    assert held.language_maps(OWN) == {"a", "c"}
    assert held.language_maps(OWN) == {"a", "c"}
    with pytest.raises(CanonicalizationError):
        held.language_maps("https://unknown.example/")


def test_context_of_the_european_learning_model_is_written_from_its_table_of_terms() -> None:
    table = shared_data.read_text("elm/edc-ap-terms.csv").splitlines()
    context: JsonObject = {}
    for row in csv.DictReader(table):
        members = {"@id": row["iri"], "@type": row["type"], "@container": row["container"]}
        definition: JsonObject = {name: value for name, value in members.items() if value}
        is_plain = len(definition) == 1 and row["term"] != "notation"
        context[row["term"]] = row["iri"] if is_plain else definition
    assert len(context) == 250
    bundled = Contexts.bundled().document(EDC_AP)
    assert bundled == {"@context": context}
    assert bundled == shared_data.read_json("elm/edc-ap-context.jsonld")
    assert hashlib.sha256(jcs.canonicalize(bundled)).hexdigest().startswith("8b2aec7cb1ab330c")


def test_inline_contexts_are_allowed_by_a_class_that_says_unsafe_and_by_its_extensions() -> None:
    assert not Contexts.bundled().allows_inline
    assert UnsafeInlineContexts({}).allows_inline
    assert UnsafeInlineContexts({}).with_documents({OWN: {"@context": {}}}).allows_inline


def test_later_changes_to_the_mapping_do_not_reach_the_list() -> None:
    documents: dict[str, JsonObject] = {OWN: {"@context": {}}}
    held = Contexts(documents)
    documents.clear()
    assert OWN in held


def test_each_thread_has_a_cache_of_its_own() -> None:
    held = Contexts({})
    held.thread_cache()["mark"] = 1
    assert held.thread_cache() == {"mark": 1}
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(held.thread_cache).result() == {}


@pytest.mark.parametrize("url", sorted(PRINTED))
def test_digest_of_a_related_resource_is_compared_with_the_printed_one(url: str) -> None:
    # VC Data Model 2.0, Integrity of Related Resources: digestSRI and digestMultibase.
    sha256 = bytes.fromhex(PRINTED[url])
    multihash = b"\x12\x20" + sha256
    for digest in (
        f"sha256-{base64.b64encode(sha256).decode()}",
        "u" + base64.urlsafe_b64encode(multihash).rstrip(b"=").decode(),
        multibase.encode_base58(multihash),
    ):
        assert matches_published(url, digest) is True
        last = "B" if digest[-1] != "B" else "C"
        assert matches_published(url, digest[:-1] + last) is False


@pytest.mark.parametrize(
    ("url", "digest"),
    [
        ("https://evil.example/v2", "sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ="),
        (OB_3_0_3, "sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ="),
        (CREDENTIALS_V2, "sha384-AAAA"),
        (CREDENTIALS_V2, "sha512-AAAA"),
        (CREDENTIALS_V2, "md5-AAAA"),
        (CREDENTIALS_V2, ""),
    ],
)
def test_digest_that_nothing_is_known_about_is_not_compared(url: str, digest: str) -> None:
    assert matches_published(url, digest) is None


def test_installed_package_reads_the_documents_inside_it(installed: Path) -> None:
    shutil.copytree(FOLDER, installed)
    manifest = {"contexts": [each for each in entries() if each["url"] == CREDENTIALS_V2]}
    (installed / "manifest.json").write_text(json.dumps(manifest))
    assert Contexts.bundled().urls == {CREDENTIALS_V2}


def test_document_that_does_not_match_its_hash_is_refused(installed: Path) -> None:
    shutil.copytree(FOLDER, installed)
    file = installed / "credentials-v2.json"
    file.write_bytes(file.read_bytes().replace(b"validUntil", b"validUntie"))
    with pytest.raises(ConfigurationError) as caught:
        Contexts.bundled().document(CREDENTIALS_V2)
    assert caught.value.url == CREDENTIALS_V2


def test_source_checkout_reads_the_documents_beside_the_package(installed: Path) -> None:
    shutil.copytree(FOLDER, installed.parents[2] / "contexts")
    assert Contexts.bundled().document(CREDENTIALS_V2)


def test_package_inside_an_archive_reads_its_documents(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not installed.exists()
    monkeypatch.setattr(importlib.resources, "files", lambda _: FOLDER.parent)
    assert Contexts.bundled().document(CREDENTIALS_V2)


def test_packaged_documents_are_fit_for_the_list() -> None:
    # They are not looked at when they are read, as the documents of others are.
    for contexts in (Contexts.bundled(), Contexts.bundled_before_2026_06_29()):
        documents = {url: contexts.document(url) for url in contexts.urls}
        assert Contexts(documents).graph_terms == contexts.graph_terms
        for url in contexts.urls:
            terms = contexts._packaged[url].get("graphTerms", [])
            assert Contexts({url: documents[url]}).graph_terms == frozenset(terms)


def test_extended_list_reads_the_documents_of_the_package() -> None:
    extended = Contexts.bundled().with_documents({OWN: {"@context": {}}})
    assert extended.urls == Contexts.bundled().urls | {OWN}
    assert all(
        extended.document(url) == Contexts.bundled().document(url)
        for url in Contexts.bundled().urls
    )
    assert extended.term_iris == Contexts.bundled().term_iris

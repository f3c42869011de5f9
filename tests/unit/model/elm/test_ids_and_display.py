"""Ids for what has none, and the display made of rendered images."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from elm_documents import minimal
from shared_data import read_json
from testamur.errors import ModelError
from testamur.model.elm import (
    EuropeanDigitalCredential,
    LanguageMap,
    Note,
    display_parameter,
    examine_document,
    png_object,
    with_ids,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"page"


def without_ids(value: Any) -> Any:
    """A document in which only the credential and what a vocabulary names have ids."""
    if isinstance(value, list):
        return [without_ids(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: without_ids(each)
        for name, each in value.items()
        if name != "id" or not str(each).startswith("urn:epass:") or "Scheme" in str(each)
    }


def ids(value: Any) -> list[str]:
    found = []
    if isinstance(value, dict):
        is_node = value.get("type") != "ConceptScheme" and "urn:epass:" in str(value.get("id"))
        found = [value["id"]] if is_node else []
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            found += ids(each)
    return found


def bare(document: dict[str, Any]) -> EuropeanDigitalCredential:
    return EuropeanDigitalCredential.from_json(without_ids(document))


def test_every_object_gets_an_id_of_its_own_named_by_its_class() -> None:
    minted = with_ids(bare(minimal())).to_json()
    found = ids(minted)
    assert len(found) == len(ids(minimal())) == len(set(found))
    assert minted["issuer"]["id"] == "urn:epass:org:1"  # type: ignore[call-overload, index]
    assert found[0] == "urn:epass:org:1"
    assert "urn:epass:org:2" in found
    assert "urn:epass:legalIdentifier:1" in found
    assert examine_document(minted).faults == ()


def test_the_same_credential_gets_the_same_ids() -> None:
    assert with_ids(bare(minimal())) == with_ids(bare(minimal()))


def test_ids_that_are_there_stay_and_none_is_used_twice() -> None:
    document = without_ids(minimal())
    claim = document["credentialSubject"]["hasClaim"]
    claim["awardedBy"]["awardingBody"]["id"] = "urn:epass:org:1"
    minted = with_ids(EuropeanDigitalCredential.from_json(document)).to_json()
    assert minted["issuer"]["id"] == "urn:epass:org:2"  # type: ignore[call-overload, index]
    assert ids(minted).count("urn:epass:org:1") == 1
    assert examine_document(minted).faults == ()


def test_nothing_changes_where_everything_has_an_id() -> None:
    credential = EuropeanDigitalCredential.from_json(minimal())
    assert with_ids(credential).to_json() == minimal()


def test_concepts_of_ones_own_and_parts_of_the_official_sample_get_ids() -> None:
    sample = read_json("elm/samples/Sample-MC-Annex1-unsigned.jsonld")
    minted = with_ids(bare(sample)).to_json()
    found = ids(minted)
    assert len(found) == len(set(found))
    assert {"urn:epass:concept:1", "urn:epass:activity:1", "urn:epass:period:1"} <= set(found)


def test_credential_itself_and_its_proof_get_none() -> None:
    document = {n: v for n, v in minimal().items() if n != "id"}
    document["proof"] = {"type": "DataIntegrityProof"}
    minted = with_ids(EuropeanDigitalCredential.from_json(document)).to_json()
    assert "id" not in minted
    assert minted["proof"] == {"type": "DataIntegrityProof"}


def test_any_class_may_be_given_ids() -> None:
    note = with_ids(Note(note_literal=LanguageMap({"en": "Pass"})))
    assert note.id == "urn:epass:note:1"


# The display


def test_display_has_the_pages_of_each_language_in_order() -> None:
    made = display_parameter(
        {"en": "Title", "fr": "Titre"},
        {"en": [PNG + b"1", PNG + b"2"], "fr": PNG},
        primary="fr",
        description={"en": "Text"},
    )
    document = minimal(displayParameter=made.to_json())
    assert examine_document(document).faults == ()
    shown = made.to_json()["individualDisplay"]
    assert isinstance(shown, list)
    english, french = shown
    assert [each["page"] for each in english["displayDetail"]] == [1, 2]  # type: ignore[call-overload, index, union-attr]
    image = french["displayDetail"]["image"]  # type: ignore[call-overload, index]
    assert base64.b64decode(image["content"]) == PNG  # type: ignore[arg-type, call-overload, index]
    assert made.primary_language.id == (
        "http://publications.europa.eu/resource/authority/language/FRA"
    )


def test_display_in_one_language_is_written_as_the_published_one() -> None:
    image = base64.b64decode("iVBORw0KGgo=")
    published = without_ids(minimal()["displayParameter"])
    assert display_parameter({"en": "T"}, {"en": image}).to_json() == published


@pytest.mark.parametrize(
    ("pages", "primary", "reason"),
    [
        ({}, None, "pages is empty"),
        ({"en": []}, None, r"pages\['en'\] is empty"),
        ({"en": b"JFIF"}, None, r"pages\['en'\]\[0\] is not a PNG"),
        ({"en": PNG}, "fr", "primary 'fr' is not one of the languages"),
        ({"xx": PNG}, None, "'xx' is not the code of a member of the LANGUAGE vocabulary"),
    ],
)
def test_display_without_proper_pages_is_refused(pages: Any, primary: Any, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        display_parameter({"en": "T"}, pages, primary=primary)


def test_png_is_put_into_a_media_object_with_its_type_and_encoding() -> None:
    published = minimal()["displayParameter"]["individualDisplay"]["displayDetail"]["image"]
    assert png_object(base64.b64decode("iVBORw0KGgo=")).to_json() == without_ids(published)

"""What is wrong with the whole of a credential, and what is remarked on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elm_documents import concept, diploma_supplement, media_object, minimal, of_profile, paths
from elm_documents import with_value as changed
from property.arbitrary import WIDE
from testamur.errors import Code, ModelError
from testamur.model.elm import (
    EuropeanDigitalCredential,
    Findings,
    Profile,
    check_for_issue,
    examine_document,
    find_faults,
    profiles_of,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "title", "en", "hasPart", "inScheme", "x"]), inner
        )
    ),
    max_leaves=8,
)


def read(document: Any) -> EuropeanDigitalCredential:
    return EuropeanDigitalCredential.from_json(document)


def test_draft_lacks_what_sealing_adds_and_that_is_no_fault() -> None:
    issuer = {n: v for n, v in minimal()["issuer"].items() if n != "eIDASIdentifier"}
    draft = read(minimal(issued=None, issuer=issuer))
    found = find_faults(draft)
    assert found.faults == ()
    issued, identifier = found.at_sealing
    assert issued.path == "credential.issued"
    assert "added when the credential is sealed" in issued.reason
    assert identifier.path == "credential.issuer.eIDASIdentifier"
    assert "the organizationIdentifier of the seal's certificate, added when" in identifier.reason
    check_for_issue(draft)


def test_person_cannot_seal() -> None:
    found = examine_document(minimal(issuer=minimal()["credentialSubject"]))
    (fault,) = found.at_sealing
    assert (fault.path, fault.code) == ("credential.issuer", Code.ISSUER_INVALID)
    assert "write an Organisation" in fault.reason


def test_check_for_issue_names_all_faults() -> None:
    document = diploma_supplement()
    del document["credentialSubject"]["fullName"]
    del document["evidence"]
    with pytest.raises(ModelError) as raised:
        check_for_issue(read(document))
    assert raised.value.path == "credential.evidence"
    assert "credential.evidence: is missing" in raised.value.message
    assert "credential.credentialSubject.fullName: is missing" in raised.value.message


@pytest.mark.parametrize("profile", [each for each in Profile if each is not Profile.GENERIC])
def test_profile_named_by_the_schema_or_the_concept_alone_is_asked_and_remarked_on(
    profile: Profile,
) -> None:
    local = profile.concept.rpartition("/")[2]
    by_concept = minimal(credentialProfiles=concept("credential", local))
    by_schema = minimal(credentialSchema={"id": str(profile), "type": "ShaclValidator2017"})
    for document, path in (
        (by_concept, "credential.credentialSchema"),
        (by_schema, "credential.credentialProfiles"),
    ):
        assert profile in profiles_of(read(document))
        found = examine_document(document)
        assert "credential.evidence" in [each.path for each in found.faults]
        assert [each.path for each in found.remarks] == [path]


def test_schema_that_is_none_of_the_published_is_refused() -> None:
    schema = {"id": "https://example.org/shapes", "type": "ShaclValidator2017"}
    (fault,) = examine_document(minimal(credentialSchema=schema)).faults
    assert fault.path == "credential.credentialSchema.id"
    assert "none of the published profiles" in fault.reason


# The display


def display(**members: Any) -> dict[str, Any]:
    return minimal(displayParameter={**minimal()["displayParameter"], **members})


FRENCH = concept("language", "FRA", "French")


def test_primary_language_is_one_of_the_languages() -> None:
    (fault,) = examine_document(display(primaryLanguage=FRENCH)).faults
    assert fault.path == "credential.displayParameter.primaryLanguage"


def test_each_language_of_the_display_has_its_pages() -> None:
    english = minimal()["displayParameter"]["language"]
    (fault,) = examine_document(display(language=[english, FRENCH])).faults
    assert fault.path == "credential.displayParameter.individualDisplay"
    assert "authority/language/FRA" in fault.reason


def test_page_in_a_language_that_the_display_does_not_name_is_refused() -> None:
    shown = minimal()["displayParameter"]["individualDisplay"]
    french = {**shown, "id": "urn:x:1", "language": FRENCH}
    (fault,) = examine_document(display(individualDisplay=[shown, french])).faults
    assert fault.path == "credential.displayParameter.language"


def test_language_shown_twice_is_refused() -> None:
    shown = minimal()["displayParameter"]["individualDisplay"]
    again = {**shown, "id": "urn:x:1"}
    (fault,) = examine_document(display(individualDisplay=[shown, again])).faults
    assert "twice" in fault.reason


def test_two_images_of_one_page_are_refused() -> None:
    shown = minimal()["displayParameter"]["individualDisplay"]
    detail = shown["displayDetail"]
    two = {**shown, "displayDetail": [detail, {**detail, "id": "urn:x:1"}]}
    (fault,) = examine_document(display(individualDisplay=two)).faults
    assert fault.path == "credential.displayParameter.individualDisplay.displayDetail"


# Files, and what the context would lose


@pytest.mark.parametrize("content", ["<png>", "", "iVBORw0KGgo", "iVBO Rw0KGgo=", "é"])
def test_file_that_is_not_base64_is_refused(content: str) -> None:
    document = minimal(attachment={**media_object(90), "content": content})
    (fault,) = examine_document(document).faults
    assert fault.path == "credential.attachment.content"


@pytest.mark.parametrize("member", ["dateModified"])
def test_plain_moment_of_change_is_lost_on_expansion_and_refused(member: str) -> None:
    document = changed(minimal(), ("issuer", member), "2026-01-01T00:00:00Z")
    (fault,) = examine_document(document).faults
    assert (fault.path, fault.code) == (f"credential.issuer.{member}", Code.DATA_LOSS)
    assert '"@type": "xsd:dateTime"' in fault.reason


def test_typed_moment_of_change_is_not_lost() -> None:
    typed = {"@value": "2026-01-01T00:00:00Z", "@type": "xsd:dateTime"}
    assert examine_document(changed(minimal(), ("issuer", "dateModified"), typed)) == Findings()


# Remarks


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("validFrom",), "2025-01-01T00:00:00", "without a time zone"),
        (("validFrom",), "2025-01-01", "a day, where the data model has a dateTime"),
        (("issuer", "legalName"), {"en": " "}, "has a blank text"),
        (
            ("type",),
            ["VerifiableCredential", "VerifiableAttestation", "EuropeanDigitalCredential"],
            "'VerifiableAttestation', which neither context defines",
        ),
    ],
)
def test_what_is_allowed_but_hardly_meant_is_remarked_on(
    path: tuple[str, ...], value: Any, reason: str
) -> None:
    found = examine_document(changed(minimal(), path, value))
    assert found.faults == ()
    assert len(found.remarks) == 1
    assert found.remarks[0].path == ".".join(("credential", *path))
    assert reason in found.remarks[0].reason


def test_credential_without_issuance_date_is_remarked_on_once_it_is_sealed() -> None:
    (remark,) = examine_document(minimal(issuanceDate=None)).remarks
    assert remark.path == "credential.issuanceDate"
    assert examine_document(minimal(issuanceDate=None, issued=None)).remarks == ()


# Whatever comes in


@WIDE
@given(data=st.data())
def test_any_value_anywhere_gives_findings_and_what_has_none_is_written_as_it_was(
    data: st.DataObject,
) -> None:
    document = of_profile("accredited", "c_ae121a00")
    path = data.draw(st.sampled_from(list(paths(document))))
    document = changed(document, path, data.draw(json_values))
    found = examine_document(document)
    if not found.faults:
        assert read(document).to_json() == document

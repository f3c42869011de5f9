"""model.acceptance: it accepts nothing that the models refuse, and most of what they accept."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from random import Random
from typing import Any

import pytest

from european_documents import european_credential
from sample_documents import samples
from testamur.canon.strict_json import JsonFloat
from testamur.errors import ModelError
from testamur.model import acceptance, credential_parts, european, ob3, parse, vcdm
from testamur.model._tables import CLASSES
from testamur.model.acceptance import conforms
from testamur.model.base import Model, TypedModel
from testamur.model.parse import check_received
from unit.model.documents import badge, complete_badge, endorsement, vc, vc_v1

Document = dict[str, Any]

MODELS: dict[str, type[Model]] = {
    name: next(
        getattr(module, name.removeprefix("ob3."))
        for module in (
            [ob3] if name.startswith("ob3.") else [credential_parts, vcdm, european, ob3]
        )
        if hasattr(module, name.removeprefix("ob3."))
    )
    for name in CLASSES
}
DOCUMENTS = {
    **{
        name: document
        for name, document in samples().items()
        if "issuer" in document and "verifiableCredential" not in document
        if name != "European Digital Credential"  # most of it is not looked at
    },
    "small European credential": european_credential(
        issuer={"id": "did:example:issuer", "type": "Organisation", "legalName": {"en": "Uni"}},
        credentialSubject={"id": "urn:epass:person:1", "type": "Person", "hasClaim": {}},
        displayParameter=None,
        credentialProfiles=None,
        credentialSchema=None,
        expirationDate="2027-06-15T00:00:00Z",
    ),
    "small credential": vc(),
    "small 1.1 credential": vc_v1(),
    "small badge": badge(),
    "complete badge": complete_badge(),
    "small endorsement": endorsement(),
    "credential with proof and status": vc(
        proof={"type": "DataIntegrityProof", "proofPurpose": "assertionMethod"},
        credentialStatus=[
            {"type": "StatusList2021Entry", "id": "https://uni.example/status#3"},
            {
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "3",
                "statusListCredential": "https://uni.example/status",
            },
        ],
        credentialSchema={"id": "https://uni.example/schema", "type": "JsonSchema"},
        termsOfUse={"type": "Terms"},
        evidence={"type": ["Evidence"], "id": "https://uni.example/evidence"},
        name={"@value": "Dog", "@language": "en-GB", "@direction": "ltr"},
        validFrom="2026-01-01T00:00:00Z",
        validUntil="2026-01-02T00:00:00Z",
    ),
}
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**53 + 1,
    JsonFloat("1.50"),
    "",
    "x",
    "ext:x",
    "Zażółć",
    "\ud800",
    "https://uni.example/a",
    "https:",
    "did:example:%zz",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00",
    "0001-01-01T00:00:00+14:00",
    "VerifiableCredential",
    "Profile",
    [],
    [[]],
    ["x"],
    ["https://uni.example/a", "https://uni.example/a"],
    [None],
    {},
    {"id": "https://uni.example/a"},
    {"type": "Profile"},
    {"id": "https://uni.example/a", "type": ["Profile", "Image"]},
    {"@value": "x"},
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path of every value inside a document."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in steps:
        yield (*path, step)
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*path, step))


def changes(document: Document) -> Iterator[Document]:
    """Give the document with a value removed, replaced, made an array, or given a sibling.

    Of all such changes a thousand, always the same ones.
    """
    every = list(product(places(document), ("remove", "wrap", "foreign", *VALUES)))
    for path, change in Random(1).sample(every, min(len(every), 1000)):
        changed = deepcopy(document)
        at: Any = changed
        for step in path[:-1]:
            at = at[step]
        if change == "remove":
            del at[path[-1]]
        elif change == "wrap":
            at[path[-1]] = [at[path[-1]]]
        elif change == "foreign" and isinstance(at, dict):
            at[f"{path[-1]}\ud800"] = at[path[-1]]
        else:
            at[path[-1]] = deepcopy(change)
        yield changed


def accepted(document: Document) -> bool:
    try:
        check_received(document)
    except ModelError:
        return False
    return True


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_well_formed_credential_conforms(document: Document) -> None:
    assert conforms(document)
    assert accepted(document)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_nothing_conforms_that_a_model_refuses(document: Document) -> None:
    refused = unsure = 0
    for changed in changes(document):
        is_accepted, is_certain = accepted(changed), conforms(changed)
        refused += not is_accepted
        unsure += is_accepted and not is_certain
        assert is_accepted or not is_certain, changed
    assert refused > 100
    assert unsure < 30  # surrogates in members that the models do not look at


@pytest.mark.parametrize("name", CLASSES)
def test_table_names_the_members_of_its_model(name: str) -> None:
    model, table = MODELS[name], CLASSES[name]
    fields = {each.alias or key: each for key, each in model.model_fields.items()}
    assert set(table.members) == set(fields)
    assert table.required == {alias for alias, each in fields.items() if each.is_required()}
    assert table.closed == (model.model_config["extra"] == "forbid")
    if issubclass(model, TypedModel):
        synonyms = {each: model.type_synonyms.get(each) for each in model.default_type}
        expected = tuple(tuple(filter(None, alternatives)) for alternatives in synonyms.items())
        assert table.types == expected


@pytest.mark.parametrize("base", [vcdm.CREDENTIALS_V2, vcdm.CREDENTIALS_V1])
@pytest.mark.parametrize("types", [*parse._BY_TYPE, "StatusList2021Credential"])
def test_document_is_looked_at_as_the_class_that_it_would_be_read_by(base: str, types: str) -> None:
    by_type = parse._BY_TYPE if base == vcdm.CREDENTIALS_V2 else parse._BY_TYPE_V1
    general = (
        vcdm.VerifiableCredential if base == vcdm.CREDENTIALS_V2 else vcdm.VerifiableCredentialV1
    )
    model = by_type.get(types, general)
    table = acceptance._kind_of({"@context": [base], "type": ["VerifiableCredential", types]})
    assert table is CLASSES[model.__name__]


@pytest.mark.parametrize("document", [None, True, 1, "x", [], [{}], {}, {"type": {}}])
def test_what_is_no_credential_does_not_conform(document: Any) -> None:
    assert not conforms(document)


def test_document_that_holds_itself_does_not_conform() -> None:
    document = badge()
    organization: Document = {"id": "https://uni.example", "type": ["Profile"]}
    organization["parentOrg"] = organization
    document["issuer"] = organization
    assert not conforms(document)

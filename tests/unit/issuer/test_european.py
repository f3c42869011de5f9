"""European Digital Credentials through the register, by Data Integrity."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from registers import Office
from testamur import build
from testamur.canon.strict_json import JsonObject
from testamur.carry import badge_png
from testamur.demo.microcredentials import describe, read_table
from testamur.errors import ConfigurationError, ModelError
from testamur.issuing import Mechanism
from testamur.model.microcredential import Address, Learner, Organisation
from testamur.register import Kind, Standing


def european(office: Office) -> JsonObject:
    description = describe(
        read_table()[3],
        id="https://uni.example/achievements/4",
        provider_id="https://uni.example/providers/4",
        issuer=Organisation(
            id=office.id, name={"en": "Example University"}, address=Address(country="IE")
        ),
        learner=Learner(full_name="Ada Nowak"),
        issued=office.now,
    )
    page = badge_png("Page", issuer="Example University", size=64)
    return build.europass(description, pages={"en": page}).to_json()


def test_it_is_recorded_verified_and_withdrawn_as_a_badge_is(office: Office) -> None:
    unsigned = european(office)
    issued = office.issuer.issue(unsigned, key="4", recipient="ada@learner.example")
    assert office.issuer.issue(unsigned, key="4", recipient="ada@learner.example").id == issued.id
    [record] = office.register.credentials.of_recipient("ada@learner.example")
    assert (record.id, record.kind, record.achievement) == (issued.id, Kind.OTHER, None)
    document: Any = issued.secured.document
    status = document["credentialStatus"]
    assert [(each["statusPurpose"], each["statusListCredential"]) for each in status] == [
        (place.purpose, place.list_url) for place in record.places
    ]
    office.issuer.revoke(issued.id, reason="by mistake")
    [record] = office.register.credentials.of_recipient("ada@learner.example")
    assert record.standing is Standing.REVOKED


def test_it_is_renewed_with_its_dates(light: Office) -> None:
    old = light.issuer.issue(european(light), key="4")
    light.advance(days=365)
    new = light.issuer.renew(
        old.id, valid_from=light.now, valid_until=light.now + timedelta(days=365)
    )
    document = new.secured.document
    dates = ("issued", "issuanceDate", "validFrom", "validUntil")
    assert [document[name] for name in dates] == [
        "2027-07-01T12:00:00Z",
        "2027-07-01T12:00:00Z",
        "2027-07-01T12:00:00Z",
        "2028-06-30T12:00:00Z",
    ]


def test_local_id_of_the_learner_is_nobody(light: Office) -> None:
    """`urn:epass:person:1` is in every such credential."""
    unsigned = european(light)
    with pytest.raises(ConfigurationError, match="--recipient"):
        light.issuer.issue(unsigned)
    light.issuer.issue(unsigned, key="4")
    assert light.register.credentials.of_recipient("urn:epass:person:1") == []


def test_one_that_breaks_a_rule_is_refused_before_anything_is_recorded(light: Office) -> None:
    unsigned = european(light)
    del unsigned["issued"]
    with pytest.raises(ModelError, match="issued"):
        light.issuer.issue(unsigned, key="4")
    with pytest.raises(ConfigurationError, match="JWT"):
        light.issuer.issue(european(light), key="5", mechanism=Mechanism.VC_JWT)
    assert light.register.credentials.unfinished() == []

"""The one spelling of a document that is read: what is seen is what was signed.

VC Data Integrity 1.0, Context Validation and Securing Data Losslessly.
"""

from __future__ import annotations

from copy import deepcopy

import pytest

from testamur import limits
from testamur.canon.compacted import compacted_copy
from testamur.canon.contexts import CREDENTIALS_V2, Contexts, UnsafeInlineContexts
from testamur.canon.strict_json import JsonFloat, JsonObject, JsonValue
from testamur.errors import CanonicalizationError, Code
from testamur.secure import EddsaJcs2022
from unit.scenes import OTHER_SIGNER, Document, badge, credential, endorsement, signed

OWN = "https://uni.example/context/v1"


def copied(document: JsonObject, contexts: Contexts | None = None) -> JsonObject:
    chosen = contexts if contexts is not None else Contexts.bundled()
    return compacted_copy(document, contexts=chosen, name="credential")


def refusal(document: JsonObject) -> CanonicalizationError:
    with pytest.raises(CanonicalizationError) as caught:
        copied(document)
    return caught.value


def subject(**members: object) -> JsonObject:
    return credential(credentialSubject={"id": "did:example:learner", **members})


def test_compacted_document_is_copied_as_it_is() -> None:
    document = badge(endorsement=[endorsement()])
    before = deepcopy(document)
    result = copied(document)
    assert result == before
    result["credentialSubject"] = {}
    assert document == before


def test_document_without_context_is_refused() -> None:
    error = refusal(credential(**{"@context": None}))
    assert error.code is Code.CONTEXT_REJECTED
    assert error.path == "credential.@context"


def test_single_context_need_not_stand_in_an_array() -> None:
    assert copied(credential(**{"@context": CREDENTIALS_V2}))["@context"] == [CREDENTIALS_V2]


@pytest.mark.parametrize(
    ("context", "path"),
    [
        ([], "credential.@context"),
        ([CREDENTIALS_V2, {"validUntil": "https://evil.example/x"}], "credential.@context[1]"),
        ([CREDENTIALS_V2, {"@vocab": "https://evil.example/"}], "credential.@context[1]"),
        ({"@base": "https://evil.example/"}, "credential.@context[0]"),
        ([None, CREDENTIALS_V2], "credential.@context[0]"),
        ([CREDENTIALS_V2, 5], "credential.@context[1]"),
        ([CREDENTIALS_V2, [CREDENTIALS_V2]], "credential.@context[1]"),
        (True, "credential.@context[0]"),
    ],
)
def test_context_that_is_not_a_known_url_is_refused(context: JsonValue, path: str) -> None:
    error = refusal(credential(**{"@context": context}))
    assert error.code is Code.CONTEXT_REJECTED
    assert error.path == path


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/context",
        "http://127.0.0.1:8080/admin",
        f"{CREDENTIALS_V2}/",
        CREDENTIALS_V2.replace("https", "http"),
    ],
)
def test_unknown_context_is_refused_and_named(url: str) -> None:
    error = refusal(credential(**{"@context": [CREDENTIALS_V2, url]}))
    assert error.code is Code.CONTEXT_REJECTED
    assert error.url == url


def test_inline_context_is_accepted_only_where_the_caller_said_unsafe() -> None:
    inline: JsonObject = {"level": {"@id": "https://uni.example/terms#level", "@version": 1.1}}
    unsafe = UnsafeInlineContexts({CREDENTIALS_V2: Contexts.bundled().document(CREDENTIALS_V2)})
    document = credential(**{"@context": [CREDENTIALS_V2, inline]})
    assert copied(document, unsafe)["@context"] == [CREDENTIALS_V2, inline]
    assert refusal(document).code is Code.CONTEXT_REJECTED


@pytest.mark.parametrize(
    "inline",
    [
        {"partOf": {"@reverse": "https://uni.example/terms#has"}},
        {"level": {"@id": "https://uni.example/terms#level", "@container": "@index"}},
        {"level": "@included"},
    ],
)
def test_inline_context_that_could_hide_members_is_refused_even_then(inline: JsonObject) -> None:
    unsafe = UnsafeInlineContexts({CREDENTIALS_V2: Contexts.bundled().document(CREDENTIALS_V2)})
    with pytest.raises(CanonicalizationError) as caught:
        copied(credential(**{"@context": [CREDENTIALS_V2, inline]}), unsafe)
    assert caught.value.code is Code.CONTEXT_REJECTED
    assert caught.value.path == "credential.@context[1]"


@pytest.mark.parametrize(
    ("before", "inline", "expected"),
    [
        ([CREDENTIALS_V2], {"@vocab": None}, {}),
        ([CREDENTIALS_V2, OWN], {"@vocab": None}, {"@vocab": None}),
        ([CREDENTIALS_V2], {"@vocab": "https://x.example/"}, {"@vocab": "https://x.example/"}),
        ([CREDENTIALS_V2], {"a": {"@id": "urn:a"}}, {"a": {"@id": "urn:a"}}),
        (
            [CREDENTIALS_V2],
            {"a": {"@id": "urn:a", "@container": ["@set"]}, "@version": JsonFloat("1.1")},
            {"a": {"@id": "urn:a", "@container": ["@set"]}, "@version": 1.1},
        ),
    ],
)
def test_inline_context_may_take_away_a_vocabulary_whether_there_is_one_or_not(
    before: list[JsonValue], inline: JsonObject, expected: JsonObject
) -> None:
    # pyld fails where none is in force.
    unsafe = UnsafeInlineContexts(
        {
            CREDENTIALS_V2: Contexts.bundled().document(CREDENTIALS_V2),
            OWN: {"@context": {"@vocab": "https://uni.example/terms#"}},
        }
    )
    document = credential(**{"@context": [*before, inline]})
    assert copied(document, unsafe)["@context"] == [*before, expected]


def test_more_contexts_than_any_credential_needs_are_refused() -> None:
    # Each takes a processor a millisecond and the sender forty bytes.
    copied(credential(**{"@context": [CREDENTIALS_V2] * limits.CONTEXTS}))
    error = refusal(credential(**{"@context": [CREDENTIALS_V2] * (limits.CONTEXTS + 1)}))
    assert error.code is Code.RESOURCE_LIMIT


def test_embedded_proof_may_repeat_its_contexts() -> None:
    # VC-DI-EDDSA 3.3.1: a proof of eddsa-jcs-2022 has the @context of its document.
    embedded = signed(endorsement(), suite=EddsaJcs2022(), signer=OTHER_SIGNER)
    assert "@context" in embedded["proof"]
    assert copied(badge(endorsement=[embedded]))["endorsement"] == [embedded]
    embedded["proof"]["@context"] = ["https://evil.example/"]
    assert refusal(badge(endorsement=[embedded])).code is Code.CONTEXT_REJECTED


@pytest.mark.parametrize("value", [5, "urn:x:1", True, {"id": "urn:x:1"}, {}, [{"id": "urn:x:2"}]])
@pytest.mark.parametrize("member", ["proof", "verifiableCredential"])
def test_value_in_the_place_of_a_graph_that_states_nothing_is_refused(
    member: str, value: JsonValue
) -> None:
    # JSON-LD drops each of them, so one could be put in the place of the other.
    assert refusal(subject(**{member: value})).code is Code.DATA_LOSS


@pytest.mark.parametrize(
    "member",
    [
        "https://www.w3.org/2018/credentials#validUntil",
        "cred:validUntil",
        "@id",
        "@type",
        "@graph",
        "@set",
        "@list",
        "@reverse",
        "@included",
        "@nest",
        "@index",
        ":",
    ],
)
def test_member_that_is_an_iri_or_a_keyword_is_refused_at_any_depth(member: str) -> None:
    # DI, Context Validation: another spelling hides a member from whoever reads the JSON.
    achievement = badge()["credentialSubject"]["achievement"]
    for document in (
        credential(**{member: "2020-01-01T00:00:00Z"}),
        subject(**{member: "x"}),
        subject(achievement={**achievement, "tag": [{member: "x"}]}),
        badge(endorsement=[endorsement(**{member: "x"})]),
    ):
        assert refusal(document).code is Code.NOT_CONFORMANT


@pytest.mark.parametrize("name", ["Achievement", "Address", "Criteria", "Image", "Profile"])
def test_name_of_a_class_is_no_other_spelling_of_a_member(name: str) -> None:
    # In the contexts of Open Badges, Criteria and criteria are one IRI, and so one member.
    achievement = badge()["credentialSubject"]["achievement"]
    error = refusal(subject(achievement={**achievement, name: {"narrative": "Other."}}))
    assert error.code is Code.NOT_CONFORMANT
    assert error.path == f"credential.credentialSubject.achievement.{name}"


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"@context": CREDENTIALS_V2}, "credential.credentialSubject.@context"),
        ({"name": {"@context": {}}}, "credential.credentialSubject.name.@context"),
        (
            {"endorsement": {"@context": [CREDENTIALS_V2], "type": ["Profile"]}},
            "credential.credentialSubject.endorsement.@context",
        ),
        (
            {"endorsement": [{"@context": [CREDENTIALS_V2]}]},
            "credential.credentialSubject.endorsement[0].@context",
        ),
        (
            {"creator": {"@context": [CREDENTIALS_V2], "type": "VerifiableCredential"}},
            "credential.credentialSubject.creator.@context",
        ),
    ],
)
def test_context_below_the_top_is_refused_unless_an_embedded_credential_has_it(
    members: JsonObject, path: str
) -> None:
    error = refusal(subject(**members))
    assert error.code is Code.CONTEXT_REJECTED
    assert error.path == path


@pytest.mark.parametrize("member", ["endorsement", "verifiableCredential"])
@pytest.mark.parametrize(
    "type_",
    ["VerifiableCredential", ["X", "VerifiableCredential"], "EnvelopedVerifiableCredential"],
)
def test_embedded_credential_has_contexts_of_its_own_from_the_same_list(
    member: str, type_: JsonValue
) -> None:
    inner: JsonObject = {"@context": [CREDENTIALS_V2], "type": type_, "id": "urn:x:1"}
    document = subject(**{member: [inner]})
    assert copied(document)["credentialSubject"] == document["credentialSubject"]
    inner["@context"] = ["https://evil.example/"]
    assert refusal(subject(**{member: inner})).code is Code.CONTEXT_REJECTED


@pytest.mark.parametrize("type_", ["VerifiableCredential", "VerifiablePresentation"])
@pytest.mark.parametrize("member", ["endorsement", "verifiableCredential", "refreshService"])
def test_only_an_embedded_credential_with_its_contexts_may_take_a_credential_s_type(
    type_: str, member: str
) -> None:
    # A second object with the credential's own id and type could take validUntil from the top and
    # leave the graph, and so the signature, as it was.
    error = refusal(subject(**{member: [{"id": "urn:x:1", "type": ["X", type_]}]}))
    assert error.code is Code.NOT_CONFORMANT
    assert error.path == f"credential.credentialSubject.{member}[0]"


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"name": None}, "credential.credentialSubject.name"),
        ({"tag": []}, "credential.credentialSubject.tag"),
        ({"tag": ["a", None]}, "credential.credentialSubject.tag[1]"),
        ({"tag": [["a"]]}, "credential.credentialSubject.tag[0]"),
        ({"achievement": {"tag": [[]]}}, "credential.credentialSubject.achievement.tag[0]"),
    ],
)
def test_what_json_ld_drops_is_refused_where_it_stands(members: JsonObject, path: str) -> None:
    document = credential()
    document["credentialSubject"] = {"id": "did:example:learner", **members}
    error = refusal(document)
    assert error.code is Code.DATA_LOSS
    assert error.path == path


@pytest.mark.parametrize("member", ["name", "description"])
@pytest.mark.parametrize(
    "value",
    [
        {"@value": "Zespół"},
        {"@value": "Zespół", "@language": "pl"},
        {"@value": "x", "@language": "zh-Hant-TW", "@direction": "ltr"},
        {"@value": "x", "@direction": "rtl"},
    ],
)
def test_language_object_is_accepted_where_the_data_model_has_one(
    member: str, value: JsonObject
) -> None:
    assert copied(credential(**{member: [value]}))[member] == [value]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("validUntil", {"@value": "2020-01-01T00:00:00Z"}),
        ("narrative", {"@value": "x"}),
        ("name", {"@value": 5}),
        ("name", {"@value": None}),
        ("name", {"@value": "x", "@type": "https://x.example/t"}),
        ("name", {"@value": "x", "id": "https://x.example/t"}),
        ("name", {"@value": "x", "@index": "y"}),
        ("name", {"@value": "x", "@direction": "up"}),
        ("name", {"@value": "x", "@direction": None}),
        ("name", {"@value": "x", "@language": ""}),
        ("name", {"@value": "x", "@language": "not a tag"}),
        ("name", {"@value": "x", "@language": "en\n"}),
        ("name", {"@value": "x", "@language": None}),
        ("name", {"@value": "x", "@language": ["en"]}),
    ],
)
def test_any_other_value_object_is_refused(member: str, value: JsonObject) -> None:
    assert refusal(credential(**{member: value})).code is Code.NOT_CONFORMANT


@pytest.mark.parametrize(
    ("number", "plain"),
    [
        (5, 5),
        (-(2**53) + 1, -(2**53) + 1),
        (JsonFloat("5.0"), 5),
        (JsonFloat("-0"), 0),
        (JsonFloat("1E3"), 1000),
        (JsonFloat("9007199254740991.0"), 2**53 - 1),
        (JsonFloat("6.50"), 6.5),
        (JsonFloat("0.000001"), 0.000001),
    ],
)
def test_number_is_handed_on_as_a_plain_one(number: float, plain: float) -> None:
    document: Document = copied(subject(x=[number]))
    (result,) = document["credentialSubject"]["x"]
    assert result == plain
    assert type(result) is type(plain)


@pytest.mark.parametrize(
    "number",
    [2**53, -(2**53), 1e16, 1.5e300, 9e-7, -1e-9, 5e-324, float("inf"), JsonFloat("0.0000001")],
)
def test_number_that_processors_write_differently_is_refused(number: float) -> None:
    error = refusal(subject(x=number))
    assert error.code is Code.NOT_CONFORMANT
    assert error.path == "credential.credentialSubject.x"


def test_booleans_are_no_numbers() -> None:
    assert copied(subject(x=[True, False]))["credentialSubject"] == {
        "id": "did:example:learner",
        "x": [True, False],
    }


def test_json_literal_may_hold_any_json() -> None:
    # VC Data Model 2.0: jsonSchema is of the type @json, and is canonicalized as JSON.
    literal: JsonObject = {"$id": None, "a:b": [[], {"id": 1e300}], "n": [JsonFloat("1.0"), 0.5]}
    schema: JsonObject = {"id": "https://x.example/", "type": "JsonSchema", "jsonSchema": literal}
    assert copied(credential(credentialSchema=schema))["credentialSchema"] == schema


@pytest.mark.parametrize("keyword", ["@context", "@value", "@id", "@anything"])
@pytest.mark.parametrize("deep", [False, True])
def test_json_literal_with_a_keyword_is_refused(keyword: str, deep: bool) -> None:
    literal: JsonObject = {keyword: "x"}
    schema: JsonObject = {
        "id": "https://x.example/",
        "type": "JsonSchema",
        "jsonSchema": {"allOf": [literal]} if deep else literal,
    }
    error = refusal(credential(credentialSchema=schema))
    assert error.code is Code.CONTEXT_REJECTED
    assert error.path is not None
    assert error.path.startswith("credential.credentialSchema.jsonSchema")


def test_json_literal_counts_as_many_values_as_it_holds() -> None:
    rows: list[JsonValue] = [[0] * 99] * (limits.DOCUMENT_VALUES // 100)
    schema: JsonObject = {"id": "https://x.example/", "type": "JsonSchema", "jsonSchema": rows}
    assert refusal(credential(credentialSchema=schema)).code is Code.RESOURCE_LIMIT
    copied(credential(credentialSchema={**schema, "jsonSchema": rows[:-1]}))


def test_more_values_than_allowed_are_refused() -> None:
    rows: list[JsonValue] = [{"a": ["x"] * 99} for _ in range(limits.DOCUMENT_VALUES // 100)]
    groups: JsonObject = {f"g{n}": rows[n : n + 100] for n in range(0, len(rows), 100)}
    # The rows alone have as many values as are allowed; the rest of the credential is too much.
    assert refusal(subject(**groups)).code is Code.RESOURCE_LIMIT
    groups["g0"] = rows[:99]
    copied(subject(**groups))


def test_longer_array_than_allowed_is_refused() -> None:
    copied(subject(tag=["x"] * limits.ARRAY_ITEMS))
    error = refusal(subject(tag=["x"] * (limits.ARRAY_ITEMS + 1)))
    assert error.code is Code.RESOURCE_LIMIT


@pytest.mark.parametrize("first", [True, False])
def test_endorsement_does_not_hide_that_a_thing_is_described_in_two_ways(first: bool) -> None:
    # Whether two descriptions are held against each other must not depend on the order of members.
    thing = "https://x.example/thing"
    endorsed: JsonObject = {"id": thing, "type": ["EndorsementSubject"]}
    one: JsonObject = {"id": thing, "type": ["Profile"], "name": "One"}
    other: JsonObject = {"id": thing, "type": ["Profile"], "name": "Other"}
    order = [endorsed, one, other] if first else [one, other, endorsed]
    assert refusal(subject(related=list(order))).code is Code.NOT_CONFORMANT
    copied(subject(related=[endorsed, one, dict(one)]))


THING = "https://x.example/thing"


@pytest.mark.parametrize(
    "descriptions",
    [
        [{"id": THING}, {"id": THING, "type": ["Achievement"], "name": "One"}],
        [{"id": THING, "type": ["Achievement"], "name": "One"}] * 2,
        # An issuer and a creator: they may differ in how much they say, and in nothing else.
        [
            {"id": THING, "type": ["Profile"], "name": "One"},
            {"id": THING, "type": ["Profile"], "name": "One", "url": "https://x.example/"},
        ],
        [{"id": f"{THING}/{n}", "name": f"{n}"} for n in range(50)],
        [{"type": ["Achievement"], "name": f"{n}"} for n in range(50)],
    ],
)
def test_things_that_are_described_once_are_accepted(descriptions: list[JsonValue]) -> None:
    copied(subject(related=descriptions))


@pytest.mark.parametrize(
    "other",
    [
        {"id": THING, "type": ["Profile"], "name": "Two"},
        {"id": THING, "type": ["Profile", "Other"], "name": "One"},
        {"id": THING, "name": "One"},
        {"id": THING, "type": ["AchievementSubject"]},
        {"id": THING, "type": ["EndorsementSubject"], "name": "One"},
        {"id": THING, "type": ["EndorsementSubject", "Profile"]},
    ],
)
@pytest.mark.parametrize("deeper", [False, True])
def test_thing_that_is_described_in_two_ways_is_refused_wherever_it_stands(
    other: JsonObject, deeper: bool
) -> None:
    one: JsonObject = {"id": THING, "type": ["Profile"], "name": "One"}
    place: JsonValue = {"creator": other} if deeper else other
    for related in ([one, place], [place, one]):
        error = refusal(subject(related=list(related)))
        assert error.code is Code.NOT_CONFORMANT
        assert "have the same id" in error.message


@pytest.mark.parametrize("types", [["Achievement"], ["Profile", "Other"], None])
def test_only_profiles_may_differ_in_how_much_they_say(types: JsonValue) -> None:
    one: JsonObject = {"id": THING, "name": "One"}
    if types is not None:
        one["type"] = types
    more: JsonObject = {**one, "description": "More."}
    assert refusal(subject(related=[one, more])).code is Code.NOT_CONFORMANT


def test_true_is_not_the_number_1_in_two_descriptions() -> None:
    one: JsonObject = {"id": THING, "type": ["Other"], "narrative": [{"hashed": True}]}
    other: JsonObject = {"id": THING, "type": ["Other"], "narrative": [{"hashed": 1}]}
    assert refusal(subject(related=[one, other])).code is Code.NOT_CONFORMANT
    copied(subject(related=[one, {**one}]))


def test_graph_inside_does_not_make_us_forget_what_was_described_before_it() -> None:
    one: JsonObject = {"id": THING, "name": "One"}
    inner: JsonObject = {"@context": [CREDENTIALS_V2], "type": ["VerifiableCredential"]}
    document = subject(related=one, verifiableCredential=[inner], creator={**one, "name": "Two"})
    assert refusal(document).code is Code.NOT_CONFORMANT


def test_more_descriptions_of_one_profile_than_are_compared_are_refused() -> None:
    # Each is held against all before it, so their number is bounded.
    profiles: list[JsonValue] = [
        {"id": THING, "type": ["Profile"], f"member{n}": "x"} for n in range(21)
    ]
    copied(subject(related=profiles[:20]))
    assert refusal(subject(related=profiles)).code is Code.NOT_CONFORMANT


def test_embedded_credential_of_a_collection_describes_things_for_itself() -> None:
    # verifiableCredential is a container of graphs: its nodes are no nodes of the outer graph.
    contexts: list[JsonValue] = [CREDENTIALS_V2]
    members: list[JsonValue] = [
        {
            "@context": contexts,
            "type": ["VerifiableCredential"],
            "credentialSubject": {"id": THING, "name": f"{n}"},
        }
        for n in range(2)
    ]
    copied(subject(verifiableCredential=members))

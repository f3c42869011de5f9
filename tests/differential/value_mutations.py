"""Changes to values, identifiers, shapes and graphs, made in place."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from differential import vocabulary
from differential.places import (
    any_node,
    any_place,
    contexts_of,
    links_of,
    literals_of,
    nodes_of,
    places_of,
    put,
    types_of,
)
from differential.vocabulary import (
    CONTEXT_URLS,
    IDENTIFIERS,
    NUMBERS,
    TEXTS,
    TEXTS_IN_ORDER,
)
from testamur.canon.contexts import CREDENTIALS_V2, OB_3_0_3
from testamur.canon.strict_json import JsonObject

__all__ = [
    "add_blank_nodes",
    "add_proof",
    "change_array",
    "change_identifier",
    "change_identifier_badly",
    "change_kind",
    "change_number",
    "change_text",
    "drop_all_identifiers",
    "embed",
    "make_large",
    "make_symmetric",
    "make_ties",
    "nest",
    "refer_to_another",
    "share_identifier",
    "wrap_in_array",
    "write_in_languages",
    "write_language_map",
    "write_many_texts",
]

_CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"

# Values.


def change_text(random: Random, document: JsonObject) -> None:
    places = [place for place in literals_of(document) if type(place[0][place[1]]) is str]
    if places:
        container, key = random.choice(places)
        kept = container[key] if random.random() < 0.3 else ""
        container[key] = kept + random.choice(TEXTS)


def change_number(random: Random, document: JsonObject) -> None:
    places = list(literals_of(document))
    if places:
        container, key = random.choice(places)
        container[key] = vocabulary.number(random)


def change_kind(random: Random, document: JsonObject) -> None:
    place = any_place(random, document)
    if place is None:
        return
    container, key = place
    old = container[key]
    new: list[Any] = [
        vocabulary.scalar(random), random.choice(NUMBERS), True, None, [], {}, [old], [[old]],
        [old, None], {"id": "urn:x"}, {"id": random.choice(IDENTIFIERS)}, {"type": ["Profile"]},
        {"@value": old}, {"@set": [old]}, {"@list": [old]}, {"@id": "urn:x"}, {"@graph": old},
        {"@type": "@json", "@value": old}, vocabulary.language_object(random), {"name": old},
    ]  # fmt: skip
    container[key] = random.choice(new)


def write_many_texts(random: Random, document: JsonObject) -> None:
    """Several values of one member: their order is that of code points."""
    places = [place for place in literals_of(document) if isinstance(place[0], dict)]
    if places:
        container, key = random.choice(places)
        container[key] = random.sample(random.choice([TEXTS, TEXTS_IN_ORDER]), random.randint(2, 6))


def write_in_languages(random: Random, document: JsonObject) -> None:
    names = [place for place in places_of(document) if place[1] in ("name", "description")]
    if not names:
        put(random, document, "name", vocabulary.language_object(random))
        return
    container, key = random.choice(names)
    texts = [vocabulary.language_object(random) for _ in range(random.randint(1, 3))]
    for each in texts[1:]:
        if random.random() < 0.3:
            each["@value"] = texts[0]["@value"]
    container[key] = texts[0] if len(texts) == 1 else texts


def write_language_map(random: Random, document: JsonObject) -> None:
    """A language map, mostly where the contexts have one."""
    urls = contexts_of(document)
    maps = sorted({term.name for term in vocabulary.terms() if term.coercion == "@language"})
    fitting = [t.name for t in vocabulary.scoped_terms("", urls) if t.name in maps]
    if not fitting and random.random() < 0.9:
        return
    name = random.choice(fitting or maps)
    put(random, any_node(random, document), name, vocabulary.language_map(random))


def wrap_in_array(random: Random, document: JsonObject) -> None:
    place = any_place(random, document)
    if place is not None and isinstance(place[0], dict):
        container, key = place
        value = container[key]
        container[key] = value if isinstance(value, list) else [value]


def change_array(random: Random, document: JsonObject) -> None:
    place = any_place(random, document, list)
    if place is None:
        return
    items: list[Any] = place[0][place[1]]
    kind = random.randrange(4)
    if kind == 0:
        random.shuffle(items)
    elif kind == 1 and items:
        items.append(deepcopy(random.choice(items)))
    elif kind == 2 and len(items) > 1:
        del items[random.randrange(len(items))]
    elif len(items) == 1:
        place[0][place[1]] = items[0]


def make_large(random: Random, document: JsonObject) -> None:
    """Go to a limit, or past it."""
    kind = random.randrange(4)
    if kind == 0:
        document["name"] = [f"name {n}" for n in range(random.choice([1000, 1001]))]
    elif kind == 1:
        inner: Any = {"id": "urn:x:deep"}
        for _ in range(random.choice([10, 30, 50])):
            inner = {"type": ["Profile"], "parentOrg": inner}
        document["issuer"] = inner
    elif kind == 2:
        document["evidence"] = [
            {"type": ["Evidence"], "name": f"evidence {n}"}
            for n in range(random.choice([100, 300]))
        ]
    else:
        document["description"] = "długi \n" * 20_000


# Identifiers.


def change_identifier(random: Random, document: JsonObject) -> None:
    node = any_node(random, document)
    node["id"] = random.choice(vocabulary.GOOD_IDENTIFIERS)


def change_identifier_badly(random: Random, document: JsonObject) -> None:
    place = any_place(random, document, str)
    kind = random.random()
    if kind < 0.6 or place is None:
        any_node(random, document)["id"] = random.choice(IDENTIFIERS)
    elif kind < 0.9:
        place[0][place[1]] = random.choice(IDENTIFIERS)
    else:
        value: Any = random.choice(
            [5, None, True, [], {}, ["urn:x"], ["urn:x", "urn:y"], {"id": "x"}]
        )
        any_node(random, document)["id"] = value


def share_identifier(random: Random, document: JsonObject) -> None:
    """Let two objects have one id, with the same content or another."""
    found = [node["id"] for node in nodes_of(document) if isinstance(node.get("id"), str)]
    if found:
        any_node(random, document)["id"] = random.choice(found)


def refer_to_another(random: Random, document: JsonObject) -> None:
    """Write the id of another object in the place of a string or an object."""
    found = [node["id"] for node in nodes_of(document) if isinstance(node.get("id"), str)]
    place = any_place(random, document, str, dict)
    if found and place is not None:
        identifier = random.choice(found)
        place[0][place[1]] = random.choice([identifier, {"id": identifier}])


# Shapes.


def nest(random: Random, document: JsonObject) -> None:
    """Put a copy of an object inside another, or inside itself."""
    inner = deepcopy(any_node(random, document))
    outer = any_node(random, document)
    names = [name for name, value in outer.items() if isinstance(value, dict)]
    names = names or links_of(outer, contexts_of(document))
    if names:
        put(random, outer, random.choice(names), inner)


def make_ties(random: Random, document: JsonObject) -> None:
    """Write one object several times without an id: blank nodes that are hard to tell apart."""
    found = [
        (container, key)
        for container, key in places_of(document)
        if isinstance(container, dict)
        and isinstance(container[key], (dict, list))
        and container[key]
        and key not in ("type", "verifiableCredential")
    ]
    if not found:
        return
    container, key = random.choice(found)
    value = container[key]
    items = value if isinstance(value, list) else [value]
    copies = [deepcopy(random.choice(items)) for _ in range(random.choice((2, 2, 3, 4)))]
    for each in copies:
        if isinstance(each, dict):
            each.pop("id", None)
            if random.random() < 0.2:
                put(random, each, "name", random.choice(TEXTS[:6]))
    container[key] = copies


def make_symmetric(random: Random, document: JsonObject) -> None:
    """Give several objects parts that are equal, or nearly: ties below ties."""
    leaves: list[Any] = [{"type": ["Profile"], "name": "leaf"} for _ in range(2)]
    if random.random() < 0.4:
        leaves[0]["name"] = "another leaf"
    subjects: list[Any] = [
        {
            "type": ["AchievementSubject"],
            "achievement": {"type": ["Achievement"], "creator": deepcopy(random.choice(leaves))},
        }
        for _ in range(random.randint(2, 4))
    ]
    if random.random() < 0.3:
        subjects[0]["achievement"]["creator"]["parentOrg"] = {"type": ["Profile"]}
    document["credentialSubject"] = subjects


def add_blank_nodes(random: Random, document: JsonObject) -> None:
    node, urls = any_node(random, document), contexts_of(document)
    terms = links_of(node, urls)
    if terms:
        class_ = random.choice(vocabulary.classes(urls))
        node[random.choice(terms)] = [
            {"type": [class_], "name": f"blank {n}"} for n in range(random.choice([3, 5, 10, 40]))
        ]


def drop_all_identifiers(random: Random, document: JsonObject) -> None:
    for node in nodes_of(document):
        if random.random() < 0.7:
            node.pop("id", None)


# Graphs.


def embed(random: Random, document: JsonObject) -> None:
    """Wrap the document: in a presentation, in a collection, or as an endorsement of itself."""
    inner: Any = deepcopy(document)
    endorsed = [
        each for each in nodes_of(document) if {"Achievement", "Profile"} & {*types_of(each)}
    ]
    kind = random.randrange(4)
    if kind == 3 and endorsed:
        put(random, random.choice(endorsed), "endorsement", [inner])
        return
    wrapped: JsonObject
    if kind == 2 and CREDENTIALS_V2 in contexts_of(document):
        wrapped = {
            "@context": [CREDENTIALS_V2, _CLR, OB_3_0_3],
            "id": "urn:x:collection",
            "type": ["VerifiableCredential", "ClrCredential"],
            "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": [inner]},
        }
    else:
        wrapped = {
            "@context": [CREDENTIALS_V2],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [inner] if kind else inner,
        }
    document.clear()
    document.update(wrapped)


def add_proof(random: Random, document: JsonObject) -> None:
    proof: JsonObject = {
        "type": random.choice(["DataIntegrityProof", "Ed25519Signature2020"]),
        "cryptosuite": random.choice(["eddsa-rdfc-2022", "eddsa-jcs-2022"]),
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": "did:web:qa.example#key-1",
        "proofPurpose": "assertionMethod",
        "proofValue": "z3FXQjecWufY46yg5abdVZsXqLhxhueuSoZgNSARiKBk9czhSePTFehP8c3PGfb6a22gk",
    }
    for _ in range(random.choice((0, 0, 1, 2))):
        proof.pop(random.choice(list(proof)), None)
    if random.random() < 0.2:
        proof["@context"] = deepcopy(document.get("@context", CONTEXT_URLS[0]))
    proofs: list[Any] = [proof, deepcopy(proof)] if random.random() < 0.2 else [proof]
    node = any_node(random, document) if random.random() < 0.1 else document
    put(random, node, "proof", proofs if len(proofs) > 1 else proofs[0])

"""Changes to a document, made in place; each takes a source of randomness and the document.

Gentle ones mostly leave a document that can be canonicalized; rough ones mostly break it in one way
that a processor could fail to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from differential import vocabulary
from differential.vocabulary import CONTEXT_URLS, IDENTIFIERS, KEYWORDS, NUMBERS, TEXTS, Term
from testamur.canon.contexts import CREDENTIALS_V2, OB_3_0_3
from testamur.canon.strict_json import JsonObject

__all__ = ["GENTLE", "ROUGH", "Mutation"]

Mutation = Callable[[Random, JsonObject], None]

Place = tuple[Any, Any]
"""A container, an object or an array, and a key or position in it."""

_CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


def _places(value: Any) -> Iterator[Place]:
    """Yield every place below a value, but for those in an `@context`."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in items:
        if key == "@context":
            continue
        yield value, key
        if isinstance(each, (dict, list)):
            yield from _places(each)


def _nodes(document: JsonObject) -> list[Any]:
    """The document and every object in it."""
    inside = [container[key] for container, key in _places(document)]
    return [document, *(each for each in inside if isinstance(each, dict))]


def _place(random: Random, document: JsonObject, *kinds: type) -> Place | None:
    """A place whose value is of one of these kinds; of any kind where none is named."""
    found = [
        (container, key)
        for container, key in _places(document)
        if not kinds or type(container[key]) in kinds
    ]
    return random.choice(found) if found else None


def _member(random: Random, document: JsonObject) -> Place | None:
    found = [place for place in _places(document) if isinstance(place[0], dict)]
    return random.choice(found) if found else None


def _node(random: Random, document: JsonObject) -> Any:
    return random.choice(_nodes(document))


def _types(node: Any) -> list[str]:
    types = node.get("type")
    return [each for each in (types if isinstance(types, list) else [types]) if type(each) is str]


def _defined(node: Any, urls: frozenset[str]) -> list[Term]:
    """The terms that the classes of a node define; what stands at the top of the contexts else."""
    scoped = [term for each in _types(node) for term in vocabulary.scoped_terms(each, urls)]
    return scoped or [t for t in vocabulary.scoped_terms("", urls) if not t.name[:1].isupper()]


def _links(node: Any, urls: frozenset[str]) -> list[str]:
    """The terms of a node that may hold objects."""
    return [term.name for term in _defined(node, urls) if term.coercion in ("@id", "")]


def _urls(document: JsonObject) -> frozenset[str]:
    """The contexts that are named at the top of a document."""
    context = document.get("@context", [])
    urls = context if isinstance(context, list) else [context]
    return frozenset(each for each in urls if isinstance(each, str))


def _literals(value: Any, name: str = "") -> Iterator[Place]:
    """Yield every place of a scalar that is no identifier, going by its term."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        term = key if isinstance(key, str) else name
        if isinstance(each, (dict, list)) and key != "@context":
            yield from _literals(each, term)
        elif term not in vocabulary.links() and not term.startswith("@"):
            yield value, key


def _put(random: Random, node: Any, name: str, value: Any) -> None:
    """Add a member at any place among the others."""
    members = [*node.items(), (name, value)]
    members.insert(random.randrange(len(members)), members.pop())
    node.clear()
    node.update(members)


# Members.


def add_defined_member(random: Random, document: JsonObject) -> None:
    node, urls = _node(random, document), _urls(document)
    terms = _defined(node, urls)
    if terms:
        term = random.choice(terms)
        _put(random, node, term.name, vocabulary.fitting_value(random, term, urls))


def add_member_of_any_context(random: Random, document: JsonObject) -> None:
    term = random.choice(vocabulary.terms())
    value = vocabulary.fitting_value(random, term, _urls(document))
    _put(random, _node(random, document), term.name, value)


def add_member_spelled_as_iri(random: Random, document: JsonObject) -> None:
    _put(random, _node(random, document), _iri_name(random), vocabulary.scalar(random))


def respell_member_as_iri(random: Random, document: JsonObject) -> None:
    place = _member(random, document)
    if place is None:
        return
    container, key = place
    spelled = [term.iri for term in vocabulary.terms() if term.name == key]
    container[random.choice(spelled) if spelled else _iri_name(random)] = container.pop(key)


def _iri_name(random: Random) -> str:
    known = random.random() < 0.7
    return random.choice(vocabulary.iris() if known else [i for i in IDENTIFIERS if ":" in i])


def add_keyword(random: Random, document: JsonObject) -> None:
    keyword = random.choice(KEYWORDS)
    place = _place(random, document)
    value = random.choice([vocabulary.scalar(random), [], {}, {"x": "y"}, ["x"]])
    if place is not None and random.random() < 0.3:
        value = deepcopy(place[0][place[1]])
    _put(random, _node(random, document), keyword, value)


def add_class_as_member(random: Random, document: JsonObject) -> None:
    value = vocabulary.scalar(random)
    _put(random, _node(random, document), random.choice(vocabulary.classes()), value)


def add_strange_member(random: Random, document: JsonObject) -> None:
    name = random.choice(vocabulary.STRANGE_MEMBERS)
    _put(random, _node(random, document), name, vocabulary.scalar(random))


def rename_member(random: Random, document: JsonObject) -> None:
    place = _member(random, document)
    if place is not None:
        container, key = place
        container[_new_name(random, container, _urls(document))] = container.pop(key)


def rename_member_to_defined(random: Random, document: JsonObject) -> None:
    place = _member(random, document)
    if place is not None:
        container, key = place
        terms = _defined(container, _urls(document))
        if terms and key not in ("id", "type"):
            container[random.choice(terms).name] = container.pop(key)


def _new_name(random: Random, container: Any, urls: frozenset[str]) -> str:
    kind = random.random()
    if kind < 0.4:
        terms = _defined(container, urls)
        return random.choice(terms).name if terms else "name"
    if kind < 0.7:
        return random.choice(vocabulary.terms()).name
    if kind < 0.8:
        return random.choice(["id", "type", "@id", "@type", "proof", "issuer"])
    return random.choice([*vocabulary.STRANGE_MEMBERS, *KEYWORDS])


def delete_member(random: Random, document: JsonObject) -> None:
    place = _place(random, document)
    if place is not None:
        del place[0][place[1]]


def delete_identifier(random: Random, document: JsonObject) -> None:
    found = [node for node in _nodes(document) if "id" in node]
    if found:
        del random.choice(found)["id"]


def move_member(random: Random, document: JsonObject) -> None:
    place = _member(random, document)
    if place is not None:
        container, key = place
        value = container.pop(key)
        _put(random, _node(random, document), key, value)


def copy_value(random: Random, document: JsonObject) -> None:
    """Put a copy of one value in the place of another, or beside it."""
    source, target = _place(random, document), _place(random, document)
    if source is None or target is None:
        return
    value = deepcopy(source[0][source[1]])
    container, key = target
    if random.random() < 0.5:
        container[key] = value
    elif isinstance(container, list):
        container.append(value)
    else:
        container[source[1] if isinstance(source[1], str) else key] = value


def swap_values(random: Random, document: JsonObject) -> None:
    places = list(_literals(document))
    if len(places) > 1:
        (one, a), (two, b) = random.sample(places, 2)
        one[a], two[b] = two[b], one[a]


def shuffle_members(random: Random, document: JsonObject) -> None:
    node = _node(random, document)
    members = list(node.items())
    random.shuffle(members)
    node.clear()
    node.update(members)


# Types.


def change_types(random: Random, document: JsonObject) -> None:
    found = [node for node in _nodes(document) if "type" in node]
    node = random.choice(found or _nodes(document))
    types: list[Any] = list(_types(node))
    kind = random.randrange(6)
    if kind == 0:
        types.reverse()
    elif kind == 1:
        types += types[:1]
    else:
        known = vocabulary.classes(_urls(document))
        types.insert(random.randint(0, len(types)), random.choice(known))
        types = types[-1:] if kind == 5 else types
    node["type"] = types[0] if len(types) == 1 and random.random() < 0.5 else types


def change_types_badly(random: Random, document: JsonObject) -> None:
    node = _node(random, document)
    types: list[Any] = list(_types(node))
    strange: list[Any] = [*IDENTIFIERS, *vocabulary.iris(), "unknownType", "name", "id", 5, None]
    strange += [True, [], {}, ["Profile"], {"id": "urn:x"}, {"@value": "Profile"}, 1.5]
    types.insert(random.randint(0, len(types)), random.choice(strange))
    kind = random.randrange(4)
    node["type"] = [types, types[-1], [types[-1]], {"@set": types}][kind]


def remove_types(random: Random, document: JsonObject) -> None:
    _node(random, document).pop("type", None)


# Contexts.


def change_context(random: Random, document: JsonObject) -> None:
    """Add, drop or reorder contexts that are known."""
    node = random.choice([each for each in _nodes(document) if "@context" in each] or [document])
    context = node.get("@context", [])
    urls: list[Any] = list(context) if isinstance(context, list) else [context]
    kind = random.randrange(6)
    if kind == 0:
        random.shuffle(urls)
    elif kind == 1 and len(urls) > 1:
        del urls[random.randrange(len(urls))]
    elif kind == 2 and urls:
        urls[random.randrange(len(urls))] = random.choice(CONTEXT_URLS)
    elif kind == 3:
        urls = random.sample(CONTEXT_URLS, random.randint(1, 4))
    elif kind == 4 and urls:
        urls.append(random.choice(urls))
    else:
        urls.insert(random.randint(0, len(urls)), random.choice(CONTEXT_URLS))
    node["@context"] = urls[0] if len(urls) == 1 and random.random() < 0.5 else urls


def add_context(random: Random, document: JsonObject) -> None:
    """Add a context behind the others, which breaks nothing in many cases."""
    context = document.get("@context", [])
    urls = list(context) if isinstance(context, list) else [context]
    document["@context"] = [*urls, random.choice(CONTEXT_URLS)]


def change_context_badly(random: Random, document: JsonObject) -> None:
    with_context = [each for each in _nodes(document) if "@context" in each]
    node = random.choice([*with_context, *with_context, _node(random, document)])
    context = node.get("@context", [])
    urls: list[Any] = list(context) if isinstance(context, list) else [context]
    strange: Any = deepcopy(random.choice(vocabulary.UNKNOWN_CONTEXTS))
    kind = random.randrange(5)
    if kind == 0:
        node["@context"] = strange
    elif kind == 1:
        node.pop("@context", None)
    elif kind == 2:
        node["@context"] = random.choices(CONTEXT_URLS, k=random.randint(10, 20))
    else:
        urls.insert(random.randint(0, len(urls)), strange)
        node["@context"] = urls


def give_context_inside(random: Random, document: JsonObject) -> None:
    """Repeat the document's context inside, or take it away there."""
    node = _node(random, document)
    if "@context" in node and node is not document:
        del node["@context"]
    else:
        inside = random.choice([document.get("@context"), random.choice(CONTEXT_URLS)])
        _put(random, node, "@context", deepcopy(inside))


# Values.


def change_text(random: Random, document: JsonObject) -> None:
    places = [place for place in _literals(document) if type(place[0][place[1]]) is str]
    if places:
        container, key = random.choice(places)
        kept = container[key] if random.random() < 0.3 else ""
        container[key] = kept + random.choice(TEXTS)


def change_number(random: Random, document: JsonObject) -> None:
    places = list(_literals(document))
    if places:
        container, key = random.choice(places)
        container[key] = vocabulary.number(random)


def change_kind(random: Random, document: JsonObject) -> None:
    place = _place(random, document)
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


def write_in_languages(random: Random, document: JsonObject) -> None:
    names = [place for place in _places(document) if place[1] in ("name", "description")]
    if not names:
        _put(random, document, "name", vocabulary.language_object(random))
        return
    container, key = random.choice(names)
    texts = [vocabulary.language_object(random) for _ in range(random.randint(1, 3))]
    container[key] = texts[0] if len(texts) == 1 else texts


def wrap_in_array(random: Random, document: JsonObject) -> None:
    place = _place(random, document)
    if place is not None and isinstance(place[0], dict):
        container, key = place
        value = container[key]
        container[key] = value if isinstance(value, list) else [value]


def change_array(random: Random, document: JsonObject) -> None:
    place = _place(random, document, list)
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
    node = _node(random, document)
    node["id"] = random.choice(vocabulary.GOOD_IDENTIFIERS)


def change_identifier_badly(random: Random, document: JsonObject) -> None:
    place = _place(random, document, str)
    kind = random.random()
    if kind < 0.6 or place is None:
        _node(random, document)["id"] = random.choice(IDENTIFIERS)
    elif kind < 0.9:
        place[0][place[1]] = random.choice(IDENTIFIERS)
    else:
        value: Any = random.choice(
            [5, None, True, [], {}, ["urn:x"], ["urn:x", "urn:y"], {"id": "x"}]
        )
        _node(random, document)["id"] = value


def share_identifier(random: Random, document: JsonObject) -> None:
    """Let two objects have one id, with the same content or another."""
    found = [node["id"] for node in _nodes(document) if isinstance(node.get("id"), str)]
    if found:
        _node(random, document)["id"] = random.choice(found)


def refer_to_another(random: Random, document: JsonObject) -> None:
    """Write the id of another object in the place of a string or an object."""
    found = [node["id"] for node in _nodes(document) if isinstance(node.get("id"), str)]
    place = _place(random, document, str, dict)
    if found and place is not None:
        identifier = random.choice(found)
        place[0][place[1]] = random.choice([identifier, {"id": identifier}])


# Shapes.


def nest(random: Random, document: JsonObject) -> None:
    """Put a copy of an object inside another, or inside itself."""
    inner = deepcopy(_node(random, document))
    outer = _node(random, document)
    names = [name for name, value in outer.items() if isinstance(value, dict)]
    names = names or _links(outer, _urls(document))
    if names:
        _put(random, outer, random.choice(names), inner)


def make_ties(random: Random, document: JsonObject) -> None:
    """Write one object several times without an id: blank nodes that are hard to tell apart."""
    found = [
        (container, key)
        for container, key in _places(document)
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
                _put(random, each, "name", random.choice(TEXTS[:6]))
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
    node, urls = _node(random, document), _urls(document)
    terms = _links(node, urls)
    if terms:
        class_ = random.choice(vocabulary.classes(urls))
        node[random.choice(terms)] = [
            {"type": [class_], "name": f"blank {n}"} for n in range(random.choice([3, 5, 10, 40]))
        ]


def drop_all_identifiers(random: Random, document: JsonObject) -> None:
    for node in _nodes(document):
        if random.random() < 0.7:
            node.pop("id", None)


# Graphs.


def embed(random: Random, document: JsonObject) -> None:
    """Wrap the document: in a presentation, in a collection, or as an endorsement of itself."""
    inner: Any = deepcopy(document)
    endorsed = [each for each in _nodes(document) if {"Achievement", "Profile"} & {*_types(each)}]
    kind = random.randrange(4)
    if kind == 3 and endorsed:
        _put(random, random.choice(endorsed), "endorsement", [inner])
        return
    wrapped: JsonObject
    if kind == 2 and CREDENTIALS_V2 in _urls(document):
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
    node = _node(random, document) if random.random() < 0.1 else document
    _put(random, node, "proof", proofs if len(proofs) > 1 else proofs[0])


GENTLE: tuple[Mutation, ...] = (
    add_defined_member, add_defined_member, add_defined_member, rename_member_to_defined,
    delete_member, delete_identifier, shuffle_members, change_types, add_context,
    change_text, change_text, change_text, change_number, change_number, write_in_languages,
    wrap_in_array, change_array, change_identifier, make_ties, make_ties, add_blank_nodes,
    drop_all_identifiers, make_symmetric, nest, embed, add_proof, swap_values,
)  # fmt: skip

ROUGH: tuple[Mutation, ...] = (
    add_member_of_any_context, add_member_spelled_as_iri, respell_member_as_iri, add_keyword,
    add_class_as_member, add_strange_member, rename_member, move_member, copy_value,
    change_types_badly, remove_types, change_context, change_context_badly, give_context_inside,
    change_kind, change_kind, change_identifier_badly, change_identifier_badly, share_identifier,
    refer_to_another, make_large,
)  # fmt: skip
